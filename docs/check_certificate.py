#!/usr/bin/env python3
"""Checks a certificate of feriematch without any code of feriematch.

    python3 check_certificate.py certificate.json

docs/certificate.md says what a certificate proves, docs/mechanisms.md what is checked here; "§" refers to its sections. Only Python's
standard library is needed. Exit code 0: everything follows. 1: it does not, and every reason is printed with its code. 2: the file is
no certificate. All amounts are integers and all orders are total: the result is the same everywhere.
"""

import json
import struct
import sys
from collections import Counter, defaultdict

INFINITE = 1 << 62

# ---- BLAKE3 (the specification of O'Connor, Aumasson, Neves and Wilcox-O'Hearn) ----

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
CHUNK_START, CHUNK_END, PARENT, ROOT, KEYED_HASH, DERIVE_KEY_CONTEXT, DERIVE_KEY_MATERIAL = (1 << i for i in range(7))
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
MIXED = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
MASK = 0xFFFFFFFF


def compress(value, block, counter, length, flags):
    """The eight words that follow a chaining value."""
    words = struct.unpack("<16I", block.ljust(64, b"\0"))
    v = [*value, *IV[:4], counter & MASK, counter >> 32, length, flags]
    for _ in range(7):
        for at, (a, b, c, d) in enumerate(MIXED):
            va, vb, vc, vd = v[a], v[b], v[c], v[d]
            for word, left, right in ((words[2 * at], 16, 12), (words[2 * at + 1], 8, 7)):
                va = (va + vb + word) & MASK
                vd ^= va
                vd = (vd >> left | vd << (32 - left)) & MASK
                vc = (vc + vd) & MASK
                vb ^= vc
                vb = (vb >> right | vb << (32 - right)) & MASK
            v[a], v[b], v[c], v[d] = va, vb, vc, vd
        words = [words[i] for i in PERMUTATION]
    return tuple(v[i] ^ v[i + 8] for i in range(8))


def blake3(data, key=IV, flags=0):
    """The first 32 bytes of the hash."""
    def node(start, end):
        if end - start <= 1024:
            value, blocks = key, [data[at : min(at + 64, end)] for at in range(start, end, 64)] or [b""]
            for at, block in enumerate(blocks[:-1]):
                value = compress(value, block, start // 1024, 64, flags | (CHUNK_START if at == 0 else 0))
            last = flags | CHUNK_END | (CHUNK_START if len(blocks) == 1 else 0)
            return lambda extra: compress(value, blocks[-1], start // 1024, len(blocks[-1]), last | extra)
        half = 1024
        while half * 2 < end - start:
            half *= 2
        pair = b"".join(struct.pack("<8I", *node(*part)(0)) for part in ((start, start + half), (start + half, end)))
        return lambda extra: compress(key, pair, 0, 64, flags | PARENT | extra)
    return struct.pack("<8I", *node(0, len(data))(ROOT))


def lottery_numbers(seed, ids):
    """§3."""
    context = struct.unpack("<8I", blake3(b"feriematch 1 lottery", flags=DERIVE_KEY_CONTEXT))
    key = struct.unpack("<8I", blake3(seed.encode(), context, DERIVE_KEY_MATERIAL))
    return [int.from_bytes(blake3(i.encode(), key, KEYED_HASH)[:8], "big") for i in ids]


# ---- The certificate, with rows instead of ids ----

class Malformed(Exception):
    """The file is no certificate."""


class Refuted(Exception):
    """A layer of checks found something, and those that follow presuppose it."""


class Rows(dict):
    """The row of each id."""

    def __init__(self, what, ids, ascending=False):
        super().__init__((i, row) for row, i in enumerate(ids))
        self.what, self.ids = what, ids
        if len(self) < len(ids) or (ascending and sorted(ids, key=str.encode) != ids):
            raise Malformed(f"the {what}s are not unique, or not sorted by id")

    def __missing__(self, i):
        raise Malformed(f"the {self.what} `{i}` is not listed")


class Certificate:
    def __init__(self, c):
        if c["certificate"] != 1:
            raise Malformed(f"format {c['certificate']} is not known here")
        self.raw, self.mechanism, self.placement = c, c["mechanism"], c.get("placement", "least-total-rank")
        self.balance, self.rematch, self.costs = c.get("balance", {}), c.get("rematch"), c["rank_costs"]
        ids = lambda key: [item["id"] for item in c[key]]
        self.jobs, self.applicants = Rows("job", ids("jobs"), True), Rows("applicant", ids("applicants"), True)
        self.districts, self.departments = Rows("district", ids("districts")), Rows("department", ids("departments"))
        self.streams, self.classes, self.id = Rows("stream", ids("streams")), Rows("class", c["classes"]), self.applicants.ids
        caps = lambda kind, key: {(kind, row): item.get("cap", INFINITE) for row, item in enumerate(c[key])}
        self.caps = {("job", row): job["capacity"] for row, job in enumerate(c["jobs"])}
        self.caps |= caps("department", "departments") | caps("stream", "streams") | caps("home", "districts")
        self.caps["department", None] = INFINITE
        self.home_pays = [stream["payer"] == "home-district" for stream in c["streams"]]
        self.department, self.employing_district, self.paid_by = [], [], []
        for job in c["jobs"]:
            employer = job["employer"]
            self.department.append(self.departments[employer["department"]] if "department" in employer else None)
            self.employing_district.append(self.districts[employer["district"]] if "district" in employer else None)
            self.paid_by.append(sorted(self.streams[s] for s in job["streams"]))
            if not job["streams"]:
                raise Malformed(f"nobody pays for the job `{job['id']}`")
        self.group, self.home, self.gender, self.admits, self.accepts = [], [], [], [], []
        for a in c["applicants"]:
            # Those whose place an employer took back come before all classes (§8).
            self.group.append(-1 if a.get("displaced") else self.classes[a["class"]])
            self.home.append(self.districts[a["home"]])
            self.gender.append(a.get("gender"))
            not_paid_by = {self.streams[s] for s in a.get("not_paid_by", [])}
            pays = lambda s: a["class"] in (s.get("classes") or self.classes) and a["home"] in (s.get("home_districts") or self.districts)
            self.admits.append([row not in not_paid_by and pays(s) for row, s in enumerate(c["streams"])])
            self.accepts.append(self.acceptable(a))
        self.kept = {}
        for place in c.get("kept", []):
            a, stream = self.applicants[place["applicant"]], place.get("stream")
            if a in self.kept:
                raise Malformed(f"`{place['applicant']}` keeps two places")
            self.kept[a] = self.jobs[place["job"]], place["by"], None if stream is None else self.streams[stream]

    def acceptable(self, a):
        """§2: the acceptable jobs, each at its best rank, by rank and then id."""
        ranks, last, sets = {}, 0, self.raw.get("sets", {})
        for wish in a["wishes"]:
            if wish["rank"] <= last:
                raise Malformed(f"the ranks of the wishes of `{a['id']}` do not rise from 1")
            last = wish["rank"]
            for jobs in [wish.get("jobs", []), *(sets[name] for name in wish.get("sets", []))]:
                for job in jobs:
                    ranks.setdefault(self.jobs[job], last)
        return dict(sorted(ranks.items(), key=lambda pair: (pair[1], pair[0])))

    def limits(self, job):
        """What limits the places of a job, but for the home district's cap: the job, its department's cap, the stream's."""
        return ("job", job), ("department", self.department[job]), ("all", 0)

    def rank_cost(self, rank):
        if isinstance(self.costs, str):
            return rank if self.costs == "linear" else rank * rank
        return self.costs["table"][min(rank, len(self.costs["table"])) - 1]

    def count(self, places):
        """Counts places by all that is limited over the whole season."""
        used = Counter()
        for a, job, stream in places:
            home = [("home", self.home[a])] if self.home_pays[stream] else []
            used.update([("job", job), ("department", self.department[job]), ("stream", stream), *home])
        return used


class Stage:
    """What is left for a stream to give, and to whom (§5)."""

    def __init__(self, check, taken, stream):
        c = self.c = check.c
        self.check, self.stream = check, stream
        used = c.count(taken)
        left = {limit: cap - used[limit] for limit, cap in c.caps.items()}
        self.room = {limit: room for limit, room in left.items() if limit[0] in ("job", "department")}
        self.room["all", 0] = left["stream", stream]
        self.homes = [left["home", row] if c.home_pays[stream] else INFINITE for row in range(len(c.districts))]
        self.claim = {a: job for a, (job, s) in check.claims.items() if s == stream}
        for a in self.claim:
            self.homes[c.home[a]] = max(0, self.homes[c.home[a]] - 1)
        waits = [a for a in check.turns if not self.is_served(a)]
        pays = lambda a: c.accepts[a].items() if c.admits[a][stream] else ()
        self.options = {a: {j: rank for j, rank in pays(a) if stream in c.paid_by[j]} for a in waits}
        self.job = {a: check.seats[a][0] for a in waits if a in check.seats and check.seats[a][1] == stream}
        self.serve(waits if check.upgrade else sorted(waits, key=lambda a: a not in self.claim))

    def is_served(self, a):
        """Whether somebody has a place before this stage, or a claim on one of another."""
        seat, claim = self.check.seats.get(a), self.check.claims.get(a)
        return (seat is not None and (seat[2] or seat[1] < self.stream)) or (claim is not None and claim[1] != self.stream)

    def serve(self, order):
        """Numbers the turns; those with a claim come before all, where they are moved for those who wait."""
        self.entrants = order
        self.turn_of = {a: 0 if a in self.claim and not self.check.upgrade else turn for turn, a in enumerate(order, 1)}

    def rank(self, a):
        return self.options[a].get(self.job.get(a))

    def refute(self, code, text):
        self.check.refute(code, f"stage `{self.c.streams.ids[self.stream]}`: {text}")

    def refusals(self, by_turn, move_limited):
        """§5.1, §5.6: the first reason that applies to each who gets nothing."""
        homes, reasons = list(self.homes), {}
        for a in self.job if not by_turn else ():
            homes[self.c.home[a]] -= 1
        for a in self.entrants:
            home = self.c.home[a]
            if a in self.job:
                homes[home] -= by_turn and a not in self.claim
            elif not self.options[a]:
                reasons[a] = "no-eligible-job"
            elif homes[home] <= 0:
                reasons[a] = "home-cap"
            else:
                reasons[a] = "move-limit" if a in move_limited else "full"
        return reasons


class Packing:
    """A growing set of applicants who can be placed at once, by augmenting paths through jobs and departments' caps."""

    def __init__(self, stage):
        self.stage, self.held, self.bound, self.used, self.dead = stage, {}, {}, Counter(), set()
        self.holders = defaultdict(list)
        self.jobs_of = defaultdict(list)
        for job, department in enumerate(stage.c.department):
            self.jobs_of[department].append(job)

    def has_room(self, limit):
        return self.used[limit] < self.stage.room[limit]

    def put(self, a, job):
        self.held[a] = job
        self.holders[job].append(a)
        self.used.update(self.stage.c.limits(job))

    def leave(self, a):
        job = self.held.pop(a)
        self.holders[job].remove(a)
        self.used.subtract(self.stage.c.limits(job))
        return job

    def seat(self, a, job, rank=None):
        """Puts somebody where there is room."""
        fits = all(map(self.has_room, self.stage.c.limits(job)))
        if fits:
            self.put(a, job)
            self.bound[a] = rank
        return fits

    def search(self, a, allows):
        """Looks for room: how each job was reached, by which job each department, and the department with room, if there is one."""
        via, by_job, queue, department = {}, {}, [(a, allows)], self.stage.c.department
        while queue:
            b, allows = queue.pop(0)
            if b is None:  # Whoever holds another job under a department's cap could make room in it.
                jobs = [j for j in self.jobs_of[allows] if self.holders[j]]
            else:
                jobs = [j for j, rank in self.stage.options[b].items() if allows(rank)]
            for job in jobs:
                if job in via or job in self.dead:
                    continue
                via[job] = b
                if self.has_room(("job", job)) and department[job] not in by_job:
                    by_job[department[job]] = job
                    if self.has_room(("department", department[job])):
                        return via, by_job, job
                    queue.append((None, department[job]))
                queue.extend((b, self.allowed(b)) for b in self.holders[job])
        return via, by_job, None

    def allowed(self, a):
        bound = self.bound[a]
        return lambda rank: bound is None or bound == rank

    def add(self, a, rank=None):
        """Adds somebody, at one rank if one is given; everybody before stays in, at their rank if they are bound to it."""
        if not self.has_room(("all", 0)):
            return False
        self.bound[a] = rank
        via, by_job, job = self.search(a, self.allowed(a))
        if job is None:
            self.dead |= via.keys()  # What cannot lead to room now never will.
            return False
        mover = None
        while mover != a:
            mover = via[job]
            if mover is None:  # Its holder, who moves on, makes room for the job from which it was reached.
                job = by_job[self.stage.c.department[job]]
                continue
            left = self.leave(mover) if mover != a else None
            self.put(mover, job)
            job = left
        return True


# ---- Prices (§6) ----

class Prices:
    """Prices of a stage's limits; what is not listed costs nothing."""

    def __init__(self, stage, stated, with_homes=False):
        c = self.c = stage.c
        self.stage, self.priced = stage, {}
        for kind, table in (("job", c.jobs), ("department", c.departments), ("home", c.districts)):
            for i, price in stated.get(kind + "s", {}).items():
                if i not in table or (kind == "job" and stage.stream not in c.paid_by[table[i]]) or (kind == "home" and not with_homes):
                    stage.refute("price-unknown", f"`{i}` has a price and is not in it")
                elif price:
                    self.priced[kind, table[i]] = price
        if stated.get("stream"):
            self.priced["all", 0] = stated["stream"]

    def of(self, a, job):
        return sum(self.priced.get(limit, 0) for limit in (*self.c.limits(job), ("home", self.c.home[a])))

    def check(self, stays_full=frozenset()):
        """Only what is full has a price, and none is negative but of what has to stay full. Returns what the limits are worth."""
        stage, used, worth = self.stage, Counter(), 0
        for a, job in stage.job.items():
            used.update([*self.c.limits(job), ("home", self.c.home[a])])
        for limit, price in self.priced.items():
            room = stage.homes[limit[1]] if limit[0] == "home" else stage.room[limit]
            worth += price * room
            if price < 0 and limit not in stays_full:
                stage.refute("negative-price", f"the price {price} of {limit} is negative")
            if price > 0 and used[limit] < room:
                stage.refute("price-with-room", f"{limit} has the price {price} and room for more")
        return worth


def check_prices(stage, stated, cost):
    """Σ u - Σ price · limit = Σ cost: no placement of the same people costs less."""
    prices, primal, dual = Prices(stage, stated), 0, 0
    for a, job in stage.job.items():
        pays = cost(a, job) + prices.of(a, job)
        least = min((cost(a, j) + prices.of(a, j) for j in stage.options[a]), default=pays)
        primal, dual = primal + cost(a, job), dual + least
        if pays != least:
            stage.refute("dear-place", f"the place of `{stage.c.id[a]}` costs {pays} with its price; the least is {least}")
    dual -= prices.check()
    if primal != dual:
        stage.refute("dual-gap", f"the placement costs {primal}, the prices prove {dual}")
    if primal != stated["cost"]:
        stage.refute("cost", f"the placement costs {primal}, not {stated['cost']}")


def check_profile(stage, levels, generous, everyone):
    """§6, profiles: each level's prices prove that no placement that is left does better at one rank, and strike the worse choices."""
    out = INFINITE  # Stands for the rank of no place, which comes after all ranks.
    players = [a for a in stage.entrants if stage.options[a] and (everyone or a in stage.job)]
    left = {a: {**stage.options[a], **({None: out} if everyone else {})} for a in players}
    key = (lambda rank: -rank) if generous else (lambda rank: rank)
    name = lambda rank: "who is placed by the ranking" if rank == out else f"how many are at rank {rank}"
    stays_full, last = set(), -INFINITE - 1

    def is_decided(until):
        """Whether nobody has a choice left between ranks before the next level, or no other rank after them."""
        ranks = [set(choices.values()) for choices in left.values()]
        open_ranks = sorted(set().union(*(of for of in ranks if len(of) > 1)), key=key)
        between = [rank for rank in open_ranks if last < key(rank) < until and (rank == out or rank != open_ranks[-1])]
        for rank in between[:1]:
            stage.refute("level-missing", f"it does not show {name(rank)}")
        return not between

    for level in levels:
        rank = out if level["decides"] == "ranking" else level["decides"]["rank"]
        if key(rank) <= last or (rank == out and not everyone):
            return stage.refute("level-order", f"it shows {name(rank)} where that has no place")
        if not is_decided(key(rank)):
            return None
        last, before = key(rank), len(stage.check.found)
        prices = Prices(stage, level, everyone)
        prices.check(stays_full)
        stays_full |= prices.priced.keys()

        def total(a, job):
            if job is None:
                return int(rank != out)
            return (stage.turn_of[a] if rank == out else int((stage.options[a][job] == rank) == generous)) + prices.of(a, job)
        for a in players:
            sums, own = {job: total(a, job) for job in left[a]}, stage.job.get(a)
            least = min(sums.values())
            if sums.get(own, least) != least:
                stage.refute("dear-stay" if own is None else "dear-place",
                             f"what `{stage.c.id[a]}` has costs {sums[own]} with its price, the least {least}: it does not show {name(rank)}")
            left[a] = {job: left[a][job] for job in sums if sums[job] == least}
        if len(stage.check.found) > before:
            return None
    return is_decided(INFINITE + 1)


# ---- Who is selected (§5.1, §6, §9.1) ----

class Greedy:
    """Selects one after the other whoever can be placed beside all selected before, within home districts' caps."""

    def __init__(self, stage):
        self.stage, self.packing, self.homes = stage, Packing(stage), list(stage.homes)

    def select(self, a):
        stage, home = self.stage, self.stage.c.home[a]
        if self.homes[home] <= 0 and a not in stage.claim:
            return False
        selected = (a in stage.job and self.packing.seat(a, stage.job[a])) or self.packing.add(a)
        self.homes[home] -= selected and a not in stage.claim
        return selected


def reserved_turns(stage, balance):
    """§9.1: the order of turns that the reserves make."""
    without = Greedy(stage)
    selected = [a for a in stage.entrants if without.select(a)]
    places = [len(selected) * reserve["percent"] // 100 for reserve in balance["reserves"]]
    order, greedy = [], Greedy(stage)
    if balance.get("precedence") == "open-first":
        order = [a for a in selected[: len(selected) - sum(places)] if greedy.select(a)]
    had_turn = set(order)
    for reserve, count in zip(balance["reserves"], places):
        for a in stage.entrants:
            if count > 0 and stage.c.gender[a] == reserve["gender"] and a not in had_turn:
                order.append(a)
                had_turn.add(a)
                count -= greedy.select(a)
    return order + [a for a in stage.entrants if a not in had_turn]


def check_selection(stage, evidence, reasons):
    """§6: whoever is refused finds all jobs closed that those ahead fill who can take nothing else."""
    c, before, closed_at, needy = stage.c, len(stage.check.found), {}, []
    for job, closer in evidence["closed"].items():
        if job not in c.jobs or stage.stream not in c.paid_by[c.jobs[job]]:
            stage.refute("closed-job-unknown", f"`{job}` is called closed")
        elif closer not in c.applicants or reasons.get(c.applicants[closer]) != "full":
            stage.refute("closed-by", f"`{job}` is said to be closed by `{closer}`, who was not refused for want of places")
        else:
            closed_at[c.jobs[job]] = stage.turn_of[c.applicants[closer]]
    for a in stage.entrants:
        all_closed = max((closed_at.get(j, INFINITE) for j in stage.options[a]), default=INFINITE)
        if a in reasons:
            if reasons[a] == "full" and all_closed > stage.turn_of[a]:
                stage.refute("not-shown", f"it does not show why `{c.id[a]}` is not selected")
        elif all_closed <= stage.turn_of[a]:
            stage.refute("selected-behind-closed", f"`{c.id[a]}` is selected although all jobs were closed")
        else:
            needy.append(all_closed)
    for turn in sorted(set(closed_at.values())):
        into = Counter()
        for job in (job for job, at in closed_at.items() if at <= turn):
            into["department", c.department[job]] += stage.room["job", job]
        admits = min(stage.room["all", 0], sum(min(count, stage.room[limit]) for limit, count in into.items()))
        if sum(at <= turn for at in needy) != admits:
            stage.refute("closed-not-full", f"turn {turn}: those who need the closed jobs are not as many as these admit, {admits}")
    if len(stage.check.found) > before:
        name_whom_it_wrongs(stage)


def name_whom_it_wrongs(stage):
    """Who should have been selected, and who, if anybody, is in their stead."""
    greedy, left_out = Greedy(stage), None
    for a in stage.entrants:
        if left_out is None:
            left_out = a if greedy.select(a) and a not in stage.job else None
        elif a in stage.job and not greedy.select(a):
            return stage.refute("wrong-order", f"`{stage.c.id[left_out]}` could be placed in the stead of `{stage.c.id[a]}`")
    if left_out is not None:
        stage.refute("not-maximal", f"`{stage.c.id[left_out]}` could be placed beside all others")
    return None


# ---- Replays (§5.1 to §5.5) ----

def check_serial_dictatorship(stage, reasons):
    packing = Packing(stage)
    for a in stage.entrants:
        found, fits = stage.rank(a), lambda rank: (rank == found and packing.seat(a, stage.job[a], rank)) or packing.add(a, rank)
        ranks = sorted(set(stage.options[a].values())) if reasons.get(a, "full") == "full" else ()
        expected = next((rank for rank in ranks if fits(rank)), None)
        if expected != found:
            return stage.refute("replayed-rank", f"`{stage.c.id[a]}` gets rank {found}; a replay gives {expected}")
    return None


def check_ranking_order(stage):
    """Nobody, in order of turns, could have a better rank, those before keeping theirs and all others a place."""
    packing = Packing(stage)
    for a, job in stage.job.items():
        packing.seat(a, job)
    for a in stage.entrants:
        found = stage.rank(a)
        if found is None:
            continue
        packing.leave(a)
        better = packing.search(a, lambda rank: rank < found)[2]
        packing.seat(a, stage.job[a], found)
        if better is not None:
            return stage.refute("better-rank", f"`{stage.c.id[a]}` gets rank {found} and could have a better one")
    return None


def standing(stage, a, district):
    """§5.3: where somebody comes at the jobs of a district, or of none; the least comes first."""
    return stage.c.group[a], stage.c.home[a] != district, stage.turn_of[a]


def enter_by_home(stage):
    """Those who take part at first, and those of each home district who may follow."""
    inside, outside, room = [], defaultdict(list), list(stage.homes)
    for a in stage.entrants:
        if stage.options[a]:
            (inside if room[stage.c.home[a]] > 0 else outside[stage.c.home[a]]).append(a)
            room[stage.c.home[a]] -= 1
    return inside, outside


def deferred_acceptance(stage):
    """§5.4. Of those held under a limit that is full, the last goes."""
    c, (proposers, outside) = stage.c, enter_by_home(stage)
    wishes, held, below = {a: iter(stage.options[a]) for a in stage.entrants}, {}, defaultdict(dict)
    while proposers:
        a = proposers.pop()
        for job in wishes[a]:
            full = next((limit for limit in c.limits(job) if len(below[limit]) >= stage.room[limit]), None)
            comes = standing(stage, a, c.employing_district[job])
            last = max(below[full], default=None) if full else None
            if full and (last is None or last < comes):
                continue
            if full:
                gone = below[full][last]
                for limit in c.limits(held.pop(gone)):
                    del below[limit][last]
                proposers.append(gone)
            for limit in c.limits(job):
                below[limit][comes] = a
            held[a] = job
            break
        else:
            proposers += [outside[c.home[a]].pop(0)] if outside[c.home[a]] else []
    return held


def top_trading_cycles(stage):
    """§5.5. Owners with the same order point alike, so an order stands for all of them: None is the ranking, others are districts'."""
    c, places, room, points = stage.c, {}, dict(stage.room), {}
    is_capped = lambda job: any(stage.room[limit] < INFINITE // 2 for limit in c.limits(job)[1:])
    order_of = [None if is_capped(job) else c.employing_district[job] for job in range(len(c.jobs))]
    wishes, (first, outside) = {a: list(stage.options[a])[::-1] for a in stage.entrants}, enter_by_home(stage)
    inside = set(first)

    def best(a):
        while wishes[a] and not all(room[limit] > 0 for limit in c.limits(wishes[a][-1])):
            wishes[a].pop()
        return wishes[a][-1] if wishes[a] else None
    while True:
        leaving = [a for a in inside if best(a) is None]
        while leaving:
            inside.difference_update(leaving)
            following = [outside[c.home[a]].pop(0) for a in leaving if outside[c.home[a]]]
            inside.update(following)
            leaving = [a for a in following if best(a) is None]
        if not inside:
            return places
        for order in set(order_of):
            if points.get(order) not in inside:
                points[order] = min(inside, key=lambda a: standing(stage, a, order) if order is not None else stage.turn_of[a])
        trading = {}
        for order in points:
            path = [order]
            while (after := order_of[best(points[path[-1]])]) not in path:
                path.append(after)
            trading.update((points[order], best(points[order])) for order in path[path.index(after) :])
        for a, job in trading.items():
            for limit in c.limits(job):
                room[limit] -= 1
        places.update(trading)
        inside -= trading.keys()


def check_stable(stage, reasons, comes):
    """Nobody would rather have a place that is free, or that somebody who comes later holds (§5.4, §8.2)."""
    c, held = stage.c, defaultdict(list)
    for a, job in stage.job.items():
        for limit in c.limits(job):
            held[limit].append(comes(a, job))
    last = {limit: max(all_held) for limit, all_held in held.items()}
    lets_in = lambda a, job, limit: len(held[limit]) < stage.room[limit] or (limit in last and comes(a, job) <= last[limit])
    for a in stage.entrants:
        now = stage.rank(a) or INFINITE
        better = [j for j, rank in stage.options[a].items() if rank < now and all(lets_in(a, j, limit) for limit in c.limits(j))]
        if better and reasons.get(a) != "home-cap":
            text = f"`{c.id[a]}` would rather have `{c.jobs.ids[better[0]]}`, where there is room or somebody who comes later"
            stage.refute("blocking", text)


def compare_places(stage, replayed):
    for a in stage.entrants:
        if stage.job.get(a) != replayed.get(a):
            return stage.refute("replayed-place", f"`{stage.c.id[a]}` gets another place than a replay gives")
    return None


# ---- The checks, in layers (each presupposes those before) ----

class Check:
    def __init__(self, c):
        self.c, self.found, self.decisions, self.stages = c, [], c.raw["decisions"], c.raw["stages"]
        rematch = c.rematch or {}
        self.upgrade, self.fewest_moves = rematch.get("rule") == "upgrade", rematch.get("rule") == "fewest-moves"
        self.max_moves, self.seats, self.claims = rematch.get("max_moves"), {}, {}

    def refute(self, code, text):
        self.found.append((code, text))

    def settle(self):
        if self.found:
            raise Refuted

    def run(self):
        self.check_method()
        self.settle()
        self.read_decisions()
        self.settle()
        self.check_lottery()
        self.check_verdicts()
        statements = len(self.found)
        self.check_places()
        self.check_limits((a, *seat[:2]) for a, seat in self.seats.items())
        self.read_claims()
        if len(self.found) > statements:
            self.settle()
        self.check_stages()
        self.settle()

    def check_method(self):
        c, rises = self.c, lambda costs: costs and costs == sorted(costs)
        if not isinstance(c.costs, str) and not rises(c.costs["table"]):
            self.refute("rank-costs", "the rank costs are empty or fall")
        is_default = c.placement == "least-total-rank"
        if not is_default and (c.mechanism != "priority" or self.fewest_moves):
            self.refute("placement-rule", f"there is no rule of placement, and `{c.placement}` is stated")
        reserves, workplaces = c.balance.get("reserves", []), c.balance.get("workplaces")
        genders, percents = [r["gender"] for r in reserves], [r["percent"] for r in reserves]
        fits = c.mechanism == "priority" and c.rematch is None and sum(percents) <= 100 and 0 not in percents
        fits = fits and genders in ([], ["female"], ["male"], ["female", "male"], ["male", "female"])
        if workplaces:
            fits = fits and is_default and c.costs == "linear" and workplaces["ranks"] > 0 and 51 <= workplaces["majority_percent"] <= 100
        if (reserves or workplaces) and not fits:
            self.refute("balance", "the soft balance targets cannot be served")

    def read_decisions(self):
        """One stage a stream and one decision an applicant, in order, about what is listed."""
        c, decided, before = self.c, set(), ""
        if [stage["stream"] for stage in self.stages] != c.streams.ids:
            self.refute("stage-order", "the stages are not the streams in their order")
        for decision in self.decisions:
            i = decision["applicant"]
            if i.encode() < before.encode():
                self.refute("unsorted-decisions", f"the decision on `{i}` comes after that on `{before}`")
            before = i
            if i not in c.applicants:
                self.refute("unknown-applicant", f"there is a decision on `{i}`, who has not applied")
                continue
            if i in decided:
                self.refute("repeated-applicant", f"there are several decisions on `{i}`")
            decided.add(i)
            if decision["verdict"] == "placed":
                for what, table in (("job", c.jobs), ("stream", c.streams)):
                    if decision[what] not in table:
                        self.refute("unknown-" + what, f"the place of `{i}` is of the unknown {what} `{decision[what]}`")
                place = c.jobs.get(decision["job"]), c.streams.get(decision["stream"])
                self.seats[c.applicants[i]] = *place, decision["by"] != "ranking"
            elif decision["verdict"] not in ("waiting", "ineligible"):
                raise Malformed(f"`{decision['verdict']}` is no verdict")
        for i in c.applicants.keys() - decided:
            self.refute("missing-applicant", f"there is no decision on `{i}`")

    def check_lottery(self):
        """§3."""
        c, numbers = self.c, lottery_numbers(self.c.raw["seed"], self.c.id)
        self.order = sorted(range(len(c.id)), key=lambda a: (c.group[a], numbers[a], a))
        self.position = {a: position for position, a in enumerate(self.order, 1)}
        backwards = self.upgrade and c.rematch["lottery"] == "reversed"
        self.turns = sorted(self.order, key=lambda a: (c.group[a], -numbers[a], a)) if backwards else self.order
        for a, decision in enumerate(self.decisions):
            if decision["lottery"] != f"{numbers[a]:016x}":
                self.refute("lottery-number", f"`{c.id[a]}` has another number than the seed gives")
            if decision["position"] != self.position[a]:
                self.refute("position", f"`{c.id[a]}` is number {self.position[a]} in the ranking")

    def check_verdicts(self):
        for a, decision in enumerate(self.decisions):
            i, verdict, accepts = self.c.id[a], decision["verdict"], self.c.accepts[a]
            if verdict == "waiting" and not accepts:
                self.refute("nothing-acceptable", f"`{i}` is ineligible, not waiting")
            elif verdict == "waiting" and len(decision["reasons"]) != len(self.c.streams):
                self.refute("reason-count", f"`{i}` is not given one reason a stage")
            elif verdict == "ineligible" and accepts:
                self.refute("not-ineligible", f"`{i}` is not ineligible")
            elif verdict == "ineligible" and decision["rules"]:
                self.refute("ineligible-rules", f"a certificate does not tell what keeps `{i}` from jobs")

    def check_places(self):
        """Each place by itself: the pair, who pays, the rank, locks (§4)."""
        c = self.c
        for a, decision in enumerate(self.decisions):
            i, kept = c.id[a], c.kept.get(a)
            job, stream, is_kept = self.seats.get(a, (None, None, False))
            if kept and (job, decision.get("by")) != kept[:2]:
                self.refute("lock-ignored", f"`{i}` is locked to `{c.jobs.ids[kept[0]]}` and does not get it by that")
            if job is None:
                continue
            payers, rank = [s for s in c.paid_by[job] if c.admits[a][s]], c.accepts[a].get(job)
            if is_kept and not kept:
                self.refute("no-lock", f"no lock gives `{i}` a place")
            if not payers:
                self.refute("ineligible", f"`{i}` may not take `{c.jobs.ids[job]}`: nobody pays")
            elif rank is None and not is_kept:
                self.refute("not-wished", f"`{i}` has not wished for `{c.jobs.ids[job]}`, or may not take it")
            elif rank != decision.get("rank"):
                self.refute("rank", f"`{i}` wished for `{c.jobs.ids[job]}` at another rank")
            if stream not in c.paid_by[job]:
                self.refute("stream-not-of-job", f"`{c.streams.ids[stream]}` does not pay for the job that `{i}` gets")
            if not c.admits[a][stream]:
                self.refute("stream-not-for-applicant", f"`{c.streams.ids[stream]}` does not pay for `{i}`")
            if is_kept and kept and stream not in (payers[:1] or [stream] if kept[2] is None else [kept[2]]):
                self.refute("lock-stream", f"the kept place of `{i}` is paid by another stream")

    def check_limits(self, places):
        codes = {"job": "over-capacity", "department": "over-department-cap", "stream": "over-stream-cap", "home": "over-home-cap"}
        for limit, count in self.c.count(places).items():
            if count > self.c.caps[limit]:
                self.refute(codes[limit[0]], f"{count} places of {limit} are given where {self.c.caps[limit]} may be")

    def read_claims(self):
        """§8: places that people had, may be moved from, and keep one instead of."""
        c = self.c
        if c.rematch is None:
            return
        if self.fewest_moves and c.mechanism != "priority":
            self.refute("moves-by-other", f"people are moved to make room, which `{c.mechanism}` does not do")
        before = {a: seat for a, seat in self.seats.items() if seat[2]}
        for claim in c.rematch["claims"]:
            a, job, stream = c.applicants.get(claim["applicant"]), c.jobs.get(claim["job"]), c.streams.get(claim["stream"])
            is_listed = None not in (a, job, stream) and job in c.accepts[a] and stream in c.paid_by[job] and c.admits[a][stream]
            if not is_listed or a in before:
                self.refute("claim", f"`{claim['applicant']}` could not have had a place of `{claim['job']}`")
                continue
            before[a] = self.claims[a] = job, stream
            kept = self.seats.get(a)
            if kept is None or kept[1:] != (stream, False):
                self.refute("claim-lost", f"`{claim['applicant']}` had a place, and keeps none of the stream that paid for it")
            elif self.upgrade and kept[0] != job and c.accepts[a].get(kept[0], INFINITE) >= c.accepts[a][job]:
                self.refute("moved-down", f"`{claim['applicant']}` is moved to what they did not rank higher")
        self.check_limits((a, *seat[:2]) for a, seat in before.items())
        moved = sum(a in self.seats and self.seats[a][0] != job for a, (job, _) in self.claims.items())
        if self.max_moves is not None and moved > self.max_moves:
            self.refute("too-many-moves", f"{moved} people are moved; the run allows {self.max_moves}")

    def check_stages(self):
        c = self.c
        if c.mechanism == "paper-lottery" and c.rematch is None:
            if any(stage["evidence"] != "replay" for stage in self.stages):
                self.refute("evidence-kind", "a stage has evidence that the paper lottery does not leave")
            return self.check_paper()
        off_balance = self.workplaces() if c.balance.get("workplaces") else lambda a, job: 0
        for row, evidence in enumerate(self.stages):
            taken = [(a, job, stream) for a, (job, stream, is_kept) in self.seats.items() if is_kept or stream < row]
            taken += [(a, job, stream) for a, (job, stream) in self.claims.items() if stream > row]
            self.check_stage(Stage(self, taken, row), evidence, off_balance)
        return None

    def check_stage(self, stage, evidence, off_balance):
        c, kind, mechanism, reasons = self.c, evidence["evidence"], self.c.mechanism, {}
        if c.balance.get("reserves"):
            stage.serve(reserved_turns(stage, c.balance))
        # Whom the outcome refuses for the limit on moves, where there is one: its word, which nothing proves.
        word = lambda d: d["verdict"] == "waiting" and d["reasons"][stage.stream : stage.stream + 1] == ["move-limit"]
        is_limited = self.fewest_moves and self.max_moves is not None and stage.claim
        move_limited = {a for a in stage.entrants if word(self.decisions[a])} if is_limited else ()
        reasons = stage.refusals(mechanism != "rank-maximal" or c.rematch is not None, move_limited)
        selects = mechanism == "priority" and not self.upgrade
        by_rule = {"least-total-rank": "certificate", "ranking-order": "order"}.get(c.placement, "profile")
        by_mechanism = "profile" if mechanism == "rank-maximal" and not self.upgrade else "replay"
        if kind != (by_rule if selects else by_mechanism) or (kind == "profile" and ("selection" in evidence) != selects):
            return stage.refute("evidence-kind", f"its evidence is not of the kind that {mechanism} leaves")
        if selects and "move-limit" not in reasons.values():
            before = len(self.found)
            check_selection(stage, evidence["selection"], reasons)
            # Of somebody who got a place of a later stream the outcome does not say whether the limit stood in the way here.
            if is_limited and any(a in self.seats and self.seats[a][1] > stage.stream for a in reasons):
                del self.found[before:]
        if self.upgrade:
            check_stable(stage, reasons, lambda a, job: (stage.claim.get(a) != job, stage.turn_of[a]))
        elif kind == "certificate":
            self.check_least_cost(stage, evidence, off_balance)
        elif kind == "profile":
            check_profile(stage, evidence["levels"], selects and c.placement == "generous", not selects)
        elif kind == "order":
            check_ranking_order(stage)
        elif mechanism == "serial-dictatorship":
            check_serial_dictatorship(stage, reasons)
        elif mechanism == "deferred-acceptance":
            check_stable(stage, reasons, lambda a, job: standing(stage, a, c.employing_district[job]))
            compare_places(stage, deferred_acceptance(stage))
        else:
            compare_places(stage, top_trading_cycles(stage))
        for a, reason in reasons.items():
            self.check_reason(a, stage.stream, reason)
        return None

    def check_least_cost(self, stage, evidence, off_balance):
        moves, is_move = evidence.get("moves"), lambda a, job: a in stage.claim and stage.claim[a] != job
        moved = sum(is_move(a, stage.job.get(a)) for a in stage.entrants)
        if moves is not None and moves["moves"] == moved:
            check_prices(stage, moves["fewest"], is_move)
        elif moves is not None or stage.claim:
            stage.refute("moves", f"it moves {moved} people, and its evidence does not show that")
        move_cost, accepts = (moves or {}).get("move_cost", 0), self.c.accepts
        cost = lambda a, job: self.c.rank_cost(accepts[a][job]) + move_cost * is_move(a, job) + off_balance(a, job)
        check_prices(stage, evidence["placement"], cost)

    def workplaces(self):
        """§9.2: what a place costs more where the other sex does not dominate."""
        c, rule, wish = self.c, self.c.balance["workplaces"], Counter()
        for a, jobs in enumerate(c.accepts):
            wish.update((c.gender[a], job) for job in jobs)

        def off_balance(a, job):
            both = wish["female", job] + wish["male", job]
            others = both - wish[c.gender[a], job]
            dominate = others > 0 and 100 * others >= rule["majority_percent"] * both
            return 0 if dominate or c.gender[a] is None else rule["ranks"]
        return off_balance

    def check_paper(self):
        """§5.7, over all streams at once."""
        c, reasons = self.c, {}
        given = c.count((a, *seat[:2]) for a, seat in self.seats.items() if seat[2])
        at_home = lambda a, s: c.home_pays[s] and given["home", c.home[a]] >= c.caps["home", c.home[a]]

        def pays(a, job, s):
            limits = ("job", job), ("department", c.department[job]), ("stream", s)
            return c.admits[a][s] and not at_home(a, s) and all(given[limit] < c.caps[limit] for limit in limits)
        for a in self.order:
            if a in self.seats and self.seats[a][2]:
                continue
            seat = next(((j, s, False) for j in c.accepts[a] for s in c.paid_by[j] if pays(a, j, s)), None)
            if seat != self.seats.get(a):
                return self.refute("replayed-place", f"`{c.id[a]}` gets another place than a replay gives")
            if seat:
                given += c.count([(a, *seat[:2])])
                continue
            for s in range(len(c.streams)):
                could = c.admits[a][s] and any(s in c.paid_by[j] for j in c.accepts[a])
                reasons[a, s] = ("home-cap" if at_home(a, s) else "full") if could else "no-eligible-job"
        for (a, s), reason in reasons.items():
            self.check_reason(a, s, reason)
        return None

    def check_reason(self, a, stream, expected):
        decision = self.decisions[a]
        if decision["verdict"] == "waiting" and decision["reasons"][stream : stream + 1] not in ([], [expected]):
            self.refute("reason", f"`{self.c.id[a]}` got no place from `{self.c.streams.ids[stream]}` because of {expected}")


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            check = Check(Certificate(json.load(file)))
        check.run()
    except Refuted:
        pass
    except (OSError, ValueError, Malformed) as error:
        print(f"error: {arguments[0]} cannot be checked: {error}", file=sys.stderr)
        return 2
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"error: {arguments[0]} is no certificate: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for code, text in check.found:
        print(f"refuted[{code}]: {text}")
    if check.found:
        return 1
    c, verdicts, kept = check.c, [decision["verdict"] for decision in check.decisions], sum(seat[2] for seat in check.seats.values())
    print(f"Verified: {c.raw['season']} by {c.mechanism}, seed \"{c.raw['seed']}\".")
    print(f"  {len(verdicts)} lottery numbers and positions; {verdicts.count('placed') - kept} places by the mechanism and {kept} kept ones,")
    print("  each listed as acceptable, paid for, and within every capacity and cap;")
    print(f"  {verdicts.count('waiting')} wait, each for the reason stated; {verdicts.count('ineligible')} have no acceptable job.")
    print("What no certificate shows: who may take which job, the classes, the caps, and that this is the seed that was published.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()  # Whoever reads has had enough.
