#!/usr/bin/env python3
"""Checks a certificate of feriematch without any code of feriematch.

    python3 check_certificate.py certificate.json

docs/certificate.md says what a certificate proves, docs/mechanisms.md what is checked here; "§" refers to its sections. Only Python's
standard library is needed. Exit code 0: everything follows. 1: it does not, and every reason is printed with its code. 2: the file is
no certificate. Amounts are integers, and orders are total: there is nothing to round, and the result is the same everywhere.
"""

import json
import struct
import sys
from collections import defaultdict

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
            va = (va + vb + words[2 * at]) & MASK
            vd ^= va
            vd = (vd >> 16 | vd << 16) & MASK
            vc = (vc + vd) & MASK
            vb ^= vc
            vb = (vb >> 12 | vb << 20) & MASK
            va = (va + vb + words[2 * at + 1]) & MASK
            vd ^= va
            vd = (vd >> 8 | vd << 24) & MASK
            vc = (vc + vd) & MASK
            vb ^= vc
            v[a], v[b], v[c], v[d] = va, (vb >> 7 | vb << 25) & MASK, vc, vd
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


# ---- The certificate ----

class Malformed(Exception):
    """The file is no certificate."""


class Refuted(Exception):
    """A layer of checks found something, and those that follow presuppose it."""


def rows(what, items, ascending=False):
    ids = [item["id"] for item in items]
    if len(set(ids)) < len(ids) or (ascending and sorted(ids, key=str.encode) != ids):
        raise Malformed(f"the {what} are not unique, or not sorted by id")
    return {i: row for row, i in enumerate(ids)}


def row_of(table, i, what):
    if i not in table:
        raise Malformed(f"the {what} `{i}` is not listed")
    return table[i]


class Certificate:
    """What a certificate says, with rows instead of ids."""

    def __init__(self, c):
        if c["certificate"] != 1:
            raise Malformed(f"format {c['certificate']} is not known here")
        self.raw, self.mechanism, self.placement = c, c["mechanism"], c.get("placement", "least-total-rank")
        self.balance, self.rematch = c.get("balance", {}), c.get("rematch")
        self.job_row, self.applicant_row = rows("jobs", c["jobs"], True), rows("applicants", c["applicants"], True)
        self.district_row, self.department_row = rows("districts", c["districts"]), rows("departments", c["departments"])
        self.stream_row = rows("streams", c["streams"])
        self.job_id, self.id = list(self.job_row), list(self.applicant_row)
        self.stream_id = list(self.stream_row)
        self.capacity = [job["capacity"] for job in c["jobs"]]
        # The row after the last stands for districts, which have no cap as employers.
        self.department_cap = [d.get("cap", INFINITE) for d in c["departments"]] + [INFINITE]
        self.home_cap = [d.get("cap", INFINITE) for d in c["districts"]]
        self.department, self.employing_district, self.paid_by = [], [], []
        for job in c["jobs"]:
            district, department = job["employer"].get("district"), job["employer"].get("department")
            at_home = department is None
            self.department.append(len(c["departments"]) if at_home else row_of(self.department_row, department, "department"))
            self.employing_district.append(row_of(self.district_row, district, "district") if at_home else None)
            self.paid_by.append(sorted(row_of(self.stream_row, s, "stream") for s in job["streams"]))
            if not job["streams"]:
                raise Malformed(f"nobody pays for the job `{job['id']}`")
        class_row = rows("classes", [{"id": code} for code in c["classes"]])
        self.group, self.home, self.gender, self.admits, self.accepts = [], [], [], [], []
        for a in c["applicants"]:
            row = row_of(class_row, a["class"], "class")
            # Those whose place an employer took back come before all classes (§8).
            self.group.append(-1 if a.get("displaced") else row)
            self.home.append(row_of(self.district_row, a["home"], "district"))
            self.gender.append(a.get("gender"))
            not_paid_by = {row_of(self.stream_row, s, "stream") for s in a.get("not_paid_by", [])}
            self.admits.append([
                row not in not_paid_by
                and a["class"] in (s.get("classes") or c["classes"])
                and a["home"] in (s.get("home_districts") or self.district_row)
                for row, s in enumerate(c["streams"])
            ])
            self.accepts.append(self.acceptable(a))
        self.kept = {}
        for place in c.get("kept", []):
            a = row_of(self.applicant_row, place["applicant"], "applicant")
            stream = place.get("stream")
            stated = None if stream is None else row_of(self.stream_row, stream, "stream")
            if a in self.kept:
                raise Malformed(f"`{place['applicant']}` keeps two places")
            self.kept[a] = (row_of(self.job_row, place["job"], "job"), place["by"], stated)

    def acceptable(self, a):
        """§2: the acceptable jobs, each at its best rank, by rank and then id."""
        ranks, last = {}, 0
        for wish in a["wishes"]:
            if wish["rank"] <= last:
                raise Malformed(f"the ranks of the wishes of `{a['id']}` do not rise from 1")
            last = wish["rank"]
            for name in wish.get("sets", []):
                if name not in self.raw["sets"]:
                    raise Malformed(f"the set `{name}` is not listed")
            for jobs in [wish.get("jobs", []), *(self.raw["sets"][name] for name in wish.get("sets", []))]:
                for job in jobs:
                    ranks.setdefault(row_of(self.job_row, job, "job"), last)
        return dict(sorted(ranks.items(), key=lambda pair: (pair[1], pair[0])))

    def home_pays(self, stream):
        return self.raw["streams"][stream]["payer"] == "home-district"

    def stream_cap(self, stream):
        return self.raw["streams"][stream].get("cap", INFINITE)

    def rank_cost(self, rank):
        costs = self.raw["rank_costs"]
        if costs == "linear":
            return rank
        return rank * rank if costs == "convex" else costs["table"][min(rank, len(costs["table"])) - 1]


class Tally:
    """Places given, by everything that is limited."""

    def __init__(self, c):
        self.c, self.jobs, self.departments = c, [0] * len(c.capacity), [0] * len(c.department_cap)
        self.streams, self.homes = [0] * len(c.stream_id), [0] * len(c.home_cap)

    def add(self, a, job, stream):
        self.jobs[job] += 1
        self.departments[self.c.department[job]] += 1
        self.streams[stream] += 1
        self.homes[self.c.home[a]] += self.c.home_pays(stream)

    def copy(self):
        other = Tally(self.c)
        for name in ("jobs", "departments", "streams", "homes"):
            setattr(other, name, list(getattr(self, name)))
        return other


# ---- One stage: what is left to give, and to whom (§5) ----

class Stage:
    def __init__(self, check, given, stream):
        c = self.c = check.c
        self.check, self.stream, self.turn_of = check, stream, {}
        self.jobs = [cap - n for cap, n in zip(c.capacity, given.jobs)]
        self.departments = [cap - n for cap, n in zip(c.department_cap, given.departments)]
        self.all = c.stream_cap(stream) - given.streams[stream]
        self.homes = [cap - n if c.home_pays(stream) else INFINITE for cap, n in zip(c.home_cap, given.homes)]
        self.claim = {a: job for a, (job, s) in check.claims.items() if s == stream}
        waits = [a for a in check.turns if not self.is_served(a)]
        if not check.upgrade:
            waits.sort(key=lambda a: a not in self.claim)
        for a in self.claim:
            self.homes[c.home[a]] = max(0, self.homes[c.home[a]] - 1)
        self.options = {
            a: {j: r for j, r in c.accepts[a].items() if stream in c.paid_by[j]} if c.admits[a][stream] else {} for a in waits
        }
        self.job = {a: check.seats[a][0] for a in waits if a in check.seats and check.seats[a][1] == stream}
        self.serve(waits)

    def is_served(self, a):
        """Whether somebody has a place before this stage, or a claim on one of a later one."""
        seat, claim = self.check.seats.get(a), self.check.claims.get(a)
        return (seat is not None and (seat[2] or seat[1] < self.stream)) or (claim is not None and claim[1] != self.stream)

    def serve(self, order):
        """Numbers the turns; those with a claim come before all, where others are to be moved for those who wait."""
        self.entrants = order
        self.turn_of = {a: 0 if a in self.claim and not self.check.upgrade else turn for turn, a in enumerate(order, 1)}

    def refute(self, code, text):
        self.check.refute(code, f"stage `{self.c.stream_id[self.stream]}`: {text}")

    def refusals(self, by_turn=True):
        """§5.1: the first reason that applies to each who gets nothing."""
        homes, reasons = list(self.homes), {}
        if not by_turn:
            for a in self.job:
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
                reasons[a] = "move-limit" if a in self.check.move_limited(self) else "full"
        return reasons


class Packing:
    """A growing set of applicants who can be placed at once, by augmenting paths through jobs and departments' caps."""

    def __init__(self, stage):
        self.stage, self.held, self.bound = stage, {}, {}
        self.holders = [[] for _ in stage.jobs]
        self.in_department, self.dead = [0] * len(stage.departments), set()

    def seat(self, a, job, rank=None):
        """Puts somebody where there is room."""
        department = self.stage.c.department[job]
        if len(self.holders[job]) >= self.stage.jobs[job] or len(self.held) >= self.stage.all:
            return False
        if self.in_department[department] >= self.stage.departments[department]:
            return False
        self.holders[job].append(a)
        self.held[a], self.bound[a] = job, rank
        self.in_department[department] += 1
        return True

    def leave(self, a):
        job = self.held.pop(a)
        self.holders[job].remove(a)
        self.in_department[self.stage.c.department[job]] -= 1
        return job

    def search(self, a, allows):
        """Finds room for somebody: how each job was reached, and by which job the department with room, if there is one."""
        via, by_department, queue, department_of = {}, {}, [], self.stage.c.department
        def reach(job, how):
            if job in via or job in self.dead:
                return None
            via[job] = how
            queue.append(job)
            department = department_of[job]
            if len(self.holders[job]) >= self.stage.jobs[job] or department in by_department:
                return None
            by_department[department] = job
            if self.in_department[department] < self.stage.departments[department]:
                return job
            # Whoever holds another job under the cap could make room by leaving it.
            queue.extend(~j for j in range(len(via_of)) if department_of[j] == department and self.holders[j])
            return None
        def expand(b, allows):
            return next((end for job, rank in self.stage.options[b].items() if allows(rank)
                         if (end := reach(job, b)) is not None), None)
        via_of = self.stage.jobs
        end = expand(a, allows)
        while end is None and queue:
            job = queue.pop(0)
            if job < 0:
                end = reach(~job, None)
                continue
            for b in self.holders[job]:
                bound = self.bound[b]
                end = expand(b, lambda rank: bound is None or bound == rank)
                if end is not None:
                    break
        return end, via, by_department

    def add(self, a, rank=None):
        """Adds somebody, at one rank if one is given; everybody before stays in, at their rank if they are bound to it."""
        if len(self.held) >= self.stage.all:
            return False
        end, via, by_department = self.search(a, lambda other: rank is None or other == rank)
        if end is None:
            # What cannot lead to room now never will.
            self.dead |= via.keys()
            return False
        job = end
        while True:
            mover = via[job]
            if mover is None:
                # Its holder, who moves on, makes room in the department for the job from which it was reached.
                job = by_department[self.stage.c.department[job]]
                continue
            left = self.leave(mover) if mover != a else None
            self.holders[job].append(mover)
            self.held[mover] = job
            self.in_department[self.stage.c.department[job]] += 1
            if mover == a:
                self.bound[a] = rank
                return True
            job = left


# ---- Prices (§6) ----

class Prices:
    """Prices of a stage's limits; what is not listed costs nothing."""

    def __init__(self, stage, stated, with_homes=False):
        c = self.c = stage.c
        self.stage, self.priced = stage, {}
        for kind, table in (("jobs", c.job_row), ("departments", c.department_row), ("homes", c.district_row)):
            for i, price in stated.get(kind, {}).items():
                known = i in table and (kind != "jobs" or stage.stream in c.paid_by[table[i]])
                if not known or (kind == "homes" and not with_homes):
                    stage.refute("price-unknown", f"`{i}` has a price and is not in it")
                elif price:
                    self.priced[kind, table[i]] = price
        if stated["stream"]:
            self.priced["stream", 0] = stated["stream"]
        self.of_job = [
            self.priced.get(("jobs", j), 0) + self.priced.get(("departments", c.department[j]), 0) + stated["stream"]
            for j in range(len(c.capacity))
        ]

    def of(self, a, job):
        return self.of_job[job] + self.priced.get(("homes", self.c.home[a]), 0)

    def check(self, stays_full=frozenset()):
        """Only what is full has a price, and none is negative but of what has to stay full. Returns what the limits are worth."""
        stage, c, worth = self.stage, self.c, 0
        used = defaultdict(int)
        for a, job in stage.job.items():
            for limit in (("jobs", job), ("departments", c.department[job]), ("homes", c.home[a]), ("stream", 0)):
                used[limit] += 1
        limits = {"jobs": stage.jobs, "departments": stage.departments, "homes": stage.homes, "stream": [stage.all]}
        for (kind, row), price in self.priced.items():
            room = limits[kind][row]
            worth += price * room
            if price < 0 and (kind, row) not in stays_full:
                stage.refute("negative-price", f"a price of {kind} is {price}")
            if price > 0 and used[kind, row] < room:
                stage.refute("price-with-room", f"{kind} have the price {price} and room for more")
        return worth


def check_prices(stage, stated, cost):
    """Σ u - Σ price · limit = Σ cost: no placement of the same people costs less. Returns the cost."""
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


def check_profile(stage, levels, generous, everyone, position):
    """§6, profiles: each level's prices prove that no placement that is left does better at one rank, and strike the worse choices."""
    out = INFINITE  # Stands for the rank of no place, which comes after all ranks.
    players = [a for a in stage.entrants if stage.options[a] and (everyone or a in stage.job)]
    left = {a: {**{j: stage.options[a][j] for j in stage.options[a]}, **({None: out} if everyone else {})} for a in players}
    key = (lambda rank: -rank) if generous else (lambda rank: rank)
    name = lambda rank: "the ranking" if rank == out else f"rank {rank}"
    stays_full, last = set(), -INFINITE - 1

    def undecided(until):
        """The first rank before the next level at which people still have a choice, and other ranks after it."""
        ranks = [set(choices.values()) for choices in left.values()]
        open_ranks = sorted(set().union(*(of for of in ranks if len(of) > 1)), key=key)
        between = [rank for rank in open_ranks if last < key(rank) < until]
        return next((rank for rank in between if rank == out or rank != open_ranks[-1]), None)

    for level in levels:
        rank = out if level["decides"] == "ranking" else level["decides"]["rank"]
        if key(rank) <= last or (rank == out and not everyone):
            return stage.refute("level-order", f"it shows {name(rank)} where that has no place")
        missing = undecided(key(rank))
        if missing is not None:
            return stage.refute("level-missing", f"it does not show {name(missing)}")
        last, before = key(rank), len(stage.check.found)
        prices = Prices(stage, {"stream": 0, **level}, everyone)
        prices.check(stays_full)
        stays_full |= prices.priced.keys()

        def total(a, job):
            if job is None:
                return int(rank != out)
            of_rank = position[a] if rank == out else int((stage.options[a][job] == rank) == generous)
            return of_rank + prices.of(a, job)
        for a in players:
            sums = {job: total(a, job) for job in left[a]}
            least, own = min(sums.values()), stage.job.get(a)
            if own in sums and sums[own] != least:
                code = "dear-stay" if own is None else "dear-place"
                stage.refute(code, f"{name(rank)}: what `{stage.c.id[a]}` has costs {sums[own]} with its price; the least is {least}")
            left[a] = {job: left[a][job] for job in sums if sums[job] == least}
        if len(stage.check.found) > before:
            return None
    missing = undecided(INFINITE + 1)
    if missing is not None:
        stage.refute("level-missing", f"it does not show {name(missing)}")
    return None


# ---- Who is selected (§5.1, §6, §9.1) ----

def greedy(stage, order, packing=None, homes=None):
    """Tells of each of some people, in their turn, whether they are selected beside all who are."""
    packing, homes = packing or Packing(stage), stage.homes if homes is None else homes
    for a in order:
        home = stage.c.home[a]
        selected = (homes[home] > 0 or a in stage.claim) and (a in stage.job and packing.seat(a, stage.job[a]) or packing.add(a))
        homes[home] -= selected and a not in stage.claim
        yield a, selected


def reserved_turns(stage, balance):
    """§9.1: the order of turns that the reserves make."""
    selected = [a for a, is_in in greedy(stage, stage.entrants, homes=list(stage.homes)) if is_in]
    places = [len(selected) * reserve["percent"] // 100 for reserve in balance["reserves"]]
    packing, homes, order = Packing(stage), list(stage.homes), []
    if balance.get("precedence") == "open-first":
        order = selected[: len(selected) - sum(places)]
        for _ in greedy(stage, order, packing, homes):
            pass
    had_turn = set(order)
    for reserve, count in zip(balance["reserves"], places):
        of_sex = (a for a in stage.entrants if stage.c.gender[a] == reserve["gender"] and a not in had_turn)
        filled = 0
        while filled < count and (a := next(of_sex, None)) is not None:
            order.append(a)
            filled += next(greedy(stage, [a], packing, homes))[1]
        had_turn = set(order)
    return order + [a for a in stage.entrants if a not in had_turn]


def check_selection(stage, evidence, reasons):
    """§6: whoever is refused finds all jobs closed that those ahead fill who can take nothing else."""
    c, before, closed_at = stage.c, len(stage.check.found), {}
    for job_id, closer in evidence["closed"].items():
        job, by = c.job_row.get(job_id), c.applicant_row.get(closer)
        if job is None or stage.stream not in c.paid_by[job]:
            stage.refute("closed-job-unknown", f"`{job_id}` is called closed")
        elif reasons.get(by) != "full":
            stage.refute("closed-by", f"`{job_id}` is said to be closed by `{closer}`, who was not refused for want of places")
        else:
            closed_at[job] = stage.turn_of[by]
    needy = []
    for a in stage.entrants:
        all_closed = max((closed_at.get(j, INFINITE) for j in stage.options[a]), default=INFINITE)
        if a not in reasons and all_closed <= stage.turn_of[a]:
            stage.refute("selected-behind-closed", f"`{c.id[a]}` is selected although all jobs were closed")
        elif a not in reasons and all_closed < INFINITE:
            needy.append(all_closed)
        elif reasons.get(a) == "full" and all_closed > stage.turn_of[a]:
            stage.refute("not-shown", f"it does not show why `{c.id[a]}` is not selected")
    for turn in sorted(set(closed_at.values())):
        into = [0] * len(stage.departments)
        for job, at in closed_at.items():
            into[c.department[job]] += stage.jobs[job] if at <= turn else 0
        admits = min(stage.all, sum(map(min, into, stage.departments)))
        if sum(at <= turn for at in needy) != admits:
            stage.refute("closed-not-full", f"turn {turn}: those who need the closed jobs are not as many as these admit, {admits}")
    if len(stage.check.found) > before:
        diagnose(stage)


def diagnose(stage):
    """Who should have been selected, and who, if anybody, is in their stead."""
    packing, homes, left_out = Packing(stage), list(stage.homes), None
    for a in stage.entrants:
        if left_out is not None and a not in stage.job:
            continue
        added = next(greedy(stage, [a], packing, homes))[1]
        if left_out is not None and not added:
            return stage.refute("wrong-order", f"`{stage.c.id[left_out]}` could be placed in the stead of `{stage.c.id[a]}`")
        if left_out is None and added and a not in stage.job:
            left_out = a
    if left_out is not None:
        stage.refute("not-maximal", f"`{stage.c.id[left_out]}` could be placed beside all others")
    return None


# ---- Replays (§5.1 to §5.5) ----

def check_serial_dictatorship(stage, reasons):
    packing = Packing(stage)
    for a in stage.entrants:
        found = stage.options[a].get(stage.job.get(a))
        expected = None
        if reasons.get(a, "full") == "full":
            for rank in sorted(set(stage.options[a].values())):
                if (rank == found and packing.seat(a, stage.job[a], rank)) or packing.add(a, rank):
                    expected = rank
                    break
        if expected != found:
            return stage.refute("replayed-rank", f"`{stage.c.id[a]}` gets rank {found}; a replay gives {expected}")
    return None


def check_ranking_order(stage):
    """Nobody, in order of turns, could have a better rank, those before keeping theirs and all others a place."""
    packing = Packing(stage)
    for a, job in stage.job.items():
        packing.seat(a, job)
    for a in stage.entrants:
        found = stage.options[a].get(stage.job.get(a))
        if found is None:
            continue
        packing.leave(a)
        end, _, _ = packing.search(a, lambda rank: rank < found)
        packing.seat(a, stage.job[a], found)
        if end is not None:
            return stage.refute("better-rank", f"`{stage.c.id[a]}` gets rank {found} and could have a better one")
    return None


def standing(stage, a, job):
    """§5.3: where somebody comes at a job; the least comes first."""
    return stage.c.group[a], stage.c.employing_district[job] != stage.c.home[a], stage.turn_of[a]


def enter_by_home(stage):
    """Those who take part at first, and those of each home district who may follow."""
    inside, outside, room = [], defaultdict(list), list(stage.homes)
    for a in stage.entrants:
        if stage.options[a]:
            home = stage.c.home[a]
            (inside if room[home] > 0 else outside[home]).append(a)
            room[home] -= 1
    return inside, outside


def deferred_acceptance(stage):
    """§5.4. Of those held under a limit that is full, the last goes."""
    proposers, outside = enter_by_home(stage)
    todo = {a: iter(stage.options[a]) for a in stage.entrants}
    held, below = {}, defaultdict(dict)
    while proposers:
        a = proposers.pop()
        for job in todo[a]:
            up = (("job", job), ("department", stage.c.department[job]), ("all", 0))
            rooms = (stage.jobs[job], stage.departments[stage.c.department[job]], stage.all)
            full = next((limit for limit, room in zip(up, rooms) if len(below[limit]) >= room), None)
            comes = standing(stage, a, job)
            last = max(below[full]) if full and below[full] else None
            if full and (last is None or last < comes):
                continue
            if last:
                gone = below[full][last]
                for limit in (("job", held[gone]), ("department", stage.c.department[held.pop(gone)]), ("all", 0)):
                    del below[limit][last]
                proposers.append(gone)
            for limit in up:
                below[limit][comes] = a
            held[a] = job
            break
        else:
            if outside[stage.c.home[a]]:
                proposers.append(outside[stage.c.home[a]].pop(0))
    return held


def top_trading_cycles(stage):
    """§5.5. Owners with the same order point alike, so an order stands for all of them: None is the ranking, others are districts'."""
    c, places = stage.c, {}
    jobs, departments, total = list(stage.jobs), list(stage.departments), stage.all
    is_capped = [stage.all < INFINITE // 2 or cap < INFINITE // 2 for cap in stage.departments]
    order_of = [None if is_capped[c.department[j]] else c.employing_district[j] for j in range(len(jobs))]
    inside, outside = enter_by_home(stage)
    inside, points, wishes = set(inside), {}, {a: list(stage.options[a]) for a in stage.entrants}
    comes = lambda a, order: (c.group[a], order is not None and order != c.home[a], stage.turn_of[a])

    def best(a):
        while wishes[a]:
            job = wishes[a][0]
            if jobs[job] > 0 and departments[c.department[job]] > 0 and total > 0:
                return job
            wishes[a].pop(0)
        return None
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
                points[order] = min(inside, key=lambda a: comes(a, order))
        trading = set()
        for start in points:
            path = [start]
            while (after := order_of[best(points[path[-1]])]) not in path:
                path.append(after)
            trading.update(points[order] for order in path[path.index(after):])
        for a in trading:
            job = best(a)
            places[a] = job
        for a in trading:
            jobs[places[a]] -= 1
            departments[c.department[places[a]]] -= 1
            total -= 1
        inside -= trading


def check_stable(stage, reasons, comes):
    """Nobody would rather have a place that is free, or that somebody who comes later holds (§5.4, §8.2)."""
    c, lasts, counts = stage.c, {}, defaultdict(int)
    for a, job in stage.job.items():
        for limit in (("job", job), ("department", c.department[job]), ("all", 0)):
            lasts[limit] = max(lasts.get(limit, comes(a, job)), comes(a, job))
            counts[limit] += 1
    def admits(a, job):
        limits = ((("job", job), stage.jobs[job]), (("department", c.department[job]), stage.departments[c.department[job]]),
                  (("all", 0), stage.all))
        return all(counts[limit] < room or (limit in lasts and comes(a, job) <= lasts[limit]) for limit, room in limits)
    for a in stage.entrants:
        if reasons.get(a) in ("home-cap", "no-eligible-job"):
            continue
        now = stage.options[a].get(stage.job.get(a), INFINITE)
        better = next((job for job, rank in stage.options[a].items() if rank < now and admits(a, job)), None)
        if better is not None:
            stage.refute("blocking", f"`{c.id[a]}` would rather have `{c.job_id[better]}`, where there is room or somebody who comes later")


def compare_places(stage, replayed):
    for a in stage.entrants:
        found, expected = stage.job.get(a), replayed.get(a)
        if found != expected:
            return stage.refute("replayed-place", f"`{stage.c.id[a]}` gets another place than a replay gives")
    return None


# ---- The checks, in layers (each presupposes those before) ----

class Check:
    def __init__(self, c):
        self.c, self.found = c, []
        self.decisions, self.stages = c.raw["decisions"], c.raw["stages"]
        rule = (c.rematch or {}).get("rule")
        self.upgrade, self.fewest_moves = rule == "upgrade", rule == "fewest-moves"
        self.max_moves = (c.rematch or {}).get("max_moves")

    def refute(self, code, text):
        self.found.append((code, text))

    def settle(self):
        if self.found:
            raise Refuted

    def run(self):
        self.method()
        self.settle()
        self.read()
        self.settle()
        self.lottery()
        self.verdicts()
        statements = len(self.found)
        self.places()
        self.limits((a, *seat[:2]) for a, seat in self.seats.items())
        self.read_claims()
        if len(self.found) > statements:
            self.settle()
        self.check_stages()
        self.settle()

    def method(self):
        c, costs = self.c, self.c.raw["rank_costs"]
        if isinstance(costs, dict) and (not costs["table"] or costs["table"] != sorted(costs["table"])):
            self.refute("rank-costs", "the rank costs are empty or fall")
        is_default = c.placement == "least-total-rank"
        if not is_default and (c.mechanism != "priority" or self.fewest_moves):
            self.refute("placement-rule", f"there is no rule of placement, and `{c.placement}` is stated")
        reserves, workplaces = c.balance.get("reserves", []), c.balance.get("workplaces")
        if not reserves and not workplaces:
            return
        genders, percents = [r["gender"] for r in reserves], [r["percent"] for r in reserves]
        fits = c.mechanism == "priority" and c.rematch is None
        fits = fits and len(set(genders)) == len(genders) and set(genders) <= {"female", "male"}
        fits = fits and sum(percents) <= 100 and 0 not in percents
        if workplaces:
            fits = fits and is_default and costs == "linear" and workplaces["ranks"] > 0
            fits = fits and 51 <= workplaces["majority_percent"] <= 100
        if not fits:
            self.refute("balance", "the soft balance targets cannot be served")

    def read(self):
        """One stage a stream and one decision an applicant, in order, about what is listed."""
        c, self.seats, decided, before = self.c, {}, set(), ""
        for row in range(max(len(c.stream_id), len(self.stages))):
            if [s["stream"] for s in self.stages[row : row + 1]] != c.stream_id[row : row + 1]:
                self.refute("stage-order", f"stage {row + 1} is not that of the stream there")
        for decision in self.decisions:
            i = decision["applicant"]
            if i.encode() < before.encode():
                self.refute("unsorted-decisions", f"the decision on `{i}` comes after that on `{before}`")
            before, a = i, c.applicant_row.get(i)
            if a is None:
                self.refute("unknown-applicant", f"there is a decision on `{i}`, who has not applied")
                continue
            if a in decided:
                self.refute("repeated-applicant", f"there are several decisions on `{i}`")
            decided.add(a)
            if decision["verdict"] == "placed":
                job, stream = c.job_row.get(decision["job"]), c.stream_row.get(decision["stream"])
                if job is None:
                    self.refute("unknown-job", f"`{i}` gets a place of the unknown job `{decision['job']}`")
                if stream is None:
                    self.refute("unknown-stream", f"the place of `{i}` is paid by the unknown stream `{decision['stream']}`")
                self.seats[a] = job, stream, decision["by"] != "ranking"
            elif decision["verdict"] not in ("waiting", "ineligible"):
                raise Malformed(f"`{decision['verdict']}` is no verdict")
        for a in set(range(len(c.id))) - decided:
            self.refute("missing-applicant", f"there is no decision on `{c.id[a]}`")

    def lottery(self):
        """§3."""
        c = self.c
        numbers = lottery_numbers(c.raw["seed"], c.id)
        self.order = sorted(range(len(c.id)), key=lambda a: (c.group[a], numbers[a], a))
        self.position = {a: position for position, a in enumerate(self.order, 1)}
        backwards = self.upgrade and c.rematch["lottery"] == "reversed"
        self.turns = sorted(self.order, key=lambda a: (c.group[a], -numbers[a], a)) if backwards else self.order
        for a, decision in enumerate(self.decisions):
            if decision["lottery"] != f"{numbers[a]:016x}":
                self.refute("lottery-number", f"`{c.id[a]}` has another number than the seed gives")
            if decision["position"] != self.position[a]:
                self.refute("position", f"`{c.id[a]}` is number {self.position[a]} in the ranking")

    def verdicts(self):
        for a, decision in enumerate(self.decisions):
            i, verdict, accepts = self.c.id[a], decision["verdict"], self.c.accepts[a]
            if verdict == "waiting" and not accepts:
                self.refute("nothing-acceptable", f"`{i}` is ineligible, not waiting")
            elif verdict == "waiting" and len(decision["reasons"]) != len(self.c.stream_id):
                self.refute("reason-count", f"`{i}` is not given one reason a stage")
            elif verdict == "ineligible" and accepts:
                self.refute("not-ineligible", f"`{i}` is not ineligible")
            elif verdict == "ineligible" and decision["rules"]:
                self.refute("ineligible-rules", f"a certificate does not tell what keeps `{i}` from jobs")

    def places(self):
        """Each place by itself: the pair, who pays, the rank, locks (§4)."""
        c = self.c
        for a, decision in enumerate(self.decisions):
            i, seat, kept = c.id[a], self.seats.get(a), c.kept.get(a)
            if kept and (seat is None or (seat[0], decision["by"]) != kept[:2]):
                self.refute("lock-ignored", f"`{i}` is locked to `{c.job_id[kept[0]]}` and does not get it by that")
            if seat is None:
                continue
            job, stream, is_kept = seat
            payers = [s for s in c.paid_by[job] if c.admits[a][s]]
            rank = c.accepts[a].get(job)
            if is_kept and not kept:
                self.refute("no-lock", f"no lock gives `{i}` a place")
            if not payers:
                self.refute("ineligible", f"`{i}` may not take `{c.job_id[job]}`: nobody pays")
            elif rank is None and not is_kept:
                self.refute("not-wished", f"`{i}` has not wished for `{c.job_id[job]}`, or may not take it")
            elif rank != decision.get("rank"):
                self.refute("rank", f"`{i}` wished for `{c.job_id[job]}` at another rank")
            if stream not in c.paid_by[job]:
                self.refute("stream-not-of-job", f"`{c.stream_id[stream]}` does not pay for the job that `{i}` gets")
            if not c.admits[a][stream]:
                self.refute("stream-not-for-applicant", f"`{c.stream_id[stream]}` does not pay for `{i}`")
            if is_kept and kept:
                expected = next(iter(payers), None) if kept[2] is None else kept[2]
                if expected is not None and expected != stream:
                    self.refute("lock-stream", f"the kept place of `{i}` is paid by another stream")

    def limits(self, places):
        c, given = self.c, Tally(self.c)
        for place in places:
            given.add(*place)
        caps = (
            ("over-capacity", given.jobs, c.capacity),
            ("over-department-cap", given.departments, c.department_cap),
            ("over-stream-cap", given.streams, [c.stream_cap(s) for s in range(len(c.stream_id))]),
            ("over-home-cap", given.homes, c.home_cap),
        )
        for code, counts, most in caps:
            for count, cap in zip(counts, most):
                if count > cap:
                    self.refute(code, f"{count} places are given where {cap} may be")

    def read_claims(self):
        """§8: places that people had, may be moved from, and keep one instead of."""
        c, self.claims = self.c, {}
        if c.rematch is None:
            return
        if self.fewest_moves and c.mechanism != "priority":
            self.refute("moves-by-other", f"people are moved to make room, which `{c.mechanism}` does not do")
        before = {a: seat for a, seat in self.seats.items() if seat[2]}
        for claim in c.rematch["claims"]:
            a, job, stream = (t.get(claim[k]) for t, k in ((c.applicant_row, "applicant"), (c.job_row, "job"), (c.stream_row, "stream")))
            if None in (a, job, stream) or a in before or job not in c.accepts[a] or stream not in c.paid_by[job] or not c.admits[a][stream]:
                self.refute("claim", f"`{claim['applicant']}` could not have had a place of `{claim['job']}`")
                continue
            before[a], self.claims[a] = (job, stream), (job, stream)
            kept = self.seats.get(a)
            if kept is None or kept[2] or kept[1] != stream:
                self.refute("claim-lost", f"`{claim['applicant']}` had a place, and keeps none of the stream that paid for it")
            elif self.upgrade and kept[0] != job and c.accepts[a].get(kept[0], INFINITE) >= c.accepts[a][job]:
                self.refute("moved-down", f"`{claim['applicant']}` is moved to what they did not rank higher")
        self.limits((a, *seat[:2]) for a, seat in before.items())
        self.moved = sum(a in self.seats and self.seats[a][0] != job for a, (job, _) in self.claims.items())
        if self.max_moves is not None and self.moved > self.max_moves:
            self.refute("too-many-moves", f"{self.moved} people are moved; the run allows {self.max_moves}")

    def move_limited(self, stage):
        """Whom the outcome refuses for the limit on moves, where there is one: its word, which nothing proves."""
        if not (self.fewest_moves and self.max_moves is not None and stage.claim):
            return ()
        waits = ((a, self.decisions[a]) for a in stage.entrants)
        return {a for a, d in waits if d["verdict"] == "waiting" and d["reasons"][stage.stream : stage.stream + 1] == ["move-limit"]}

    def check_stages(self):
        c, given = self.c, Tally(self.c)
        for a, (job, stream, is_kept) in self.seats.items():
            if is_kept:
                given.add(a, job, stream)
        if c.mechanism == "paper-lottery" and c.rematch is None:
            if any(stage["evidence"] != "replay" for stage in self.stages):
                self.refute("evidence-kind", "a stage has evidence that the paper lottery does not leave")
            return self.check_paper(given)
        off_balance = self.workplaces() if c.balance.get("workplaces") else None
        for row, evidence in enumerate(self.stages):
            taken = given.copy()
            for a, (job, stream) in self.claims.items():
                if stream > row:
                    taken.add(a, job, stream)
            self.check_stage(Stage(self, taken, row), evidence, off_balance)
            for a, (job, stream, is_kept) in self.seats.items():
                if stream == row and not is_kept:
                    given.add(a, job, stream)
        return None

    def check_stage(self, stage, evidence, off_balance):
        c, kind, mechanism = self.c, evidence["evidence"], self.c.mechanism
        if c.balance.get("reserves"):
            stage.serve(reserved_turns(stage, c.balance))
        reasons = stage.refusals(by_turn=mechanism != "rank-maximal" or c.rematch is not None)
        selects = mechanism == "priority" and not self.upgrade
        if self.upgrade:
            expected = "replay"
        elif selects:
            expected = {"least-total-rank": "certificate", "ranking-order": "order"}.get(c.placement, "profile")
        else:
            expected = "profile" if mechanism == "rank-maximal" else "replay"
        if kind != expected or (kind == "profile" and (evidence.get("selection") is not None) != selects):
            return stage.refute("evidence-kind", f"its evidence is not of the kind that {mechanism} leaves")
        if self.upgrade:
            check_stable(stage, reasons, lambda a, job: (stage.claim.get(a) != job, stage.turn_of[a]))
        elif selects:
            if "move-limit" not in reasons.values():
                check_selection(stage, evidence["selection"], reasons)
            if kind == "certificate":
                self.check_least_cost(stage, evidence, off_balance)
            elif kind == "profile":
                check_profile(stage, evidence["levels"], c.placement == "generous", False, self.position)
            else:
                check_ranking_order(stage)
        elif mechanism == "rank-maximal":
            check_profile(stage, evidence["levels"], False, True, self.position)
        elif mechanism == "serial-dictatorship":
            check_serial_dictatorship(stage, reasons)
        elif mechanism == "deferred-acceptance":
            check_stable(stage, reasons, lambda a, job: standing(stage, a, job))
            compare_places(stage, deferred_acceptance(stage))
        else:
            compare_places(stage, top_trading_cycles(stage))
        for a, reason in reasons.items():
            self.check_reason(a, stage.stream, reason)
        return None

    def check_least_cost(self, stage, evidence, off_balance):
        c, moves = self.c, evidence.get("moves")
        is_move = lambda a, job: a in stage.claim and stage.claim[a] != job
        moved = sum(a in stage.claim and stage.job.get(a) != stage.claim[a] for a in stage.entrants)
        if moves is not None and moves["moves"] == moved:
            check_prices(stage, moves["fewest"], is_move)
        elif moves is not None or stage.claim:
            stage.refute("moves", f"it moves {moved} people, and its evidence does not show that")
        move_cost = moves["move_cost"] if moves is not None else 0

        def cost(a, job):
            of_workplace = off_balance(a, job) if off_balance else 0
            return c.rank_cost(c.accepts[a][job]) + move_cost * is_move(a, job) + of_workplace
        check_prices(stage, evidence["placement"], cost)

    def workplaces(self):
        """§9.2: what a place costs more where the other sex does not dominate."""
        c, rule, wish = self.c, self.c.balance["workplaces"], defaultdict(int)
        for a, jobs in enumerate(c.accepts):
            for job in jobs:
                wish[c.gender[a], job] += 1

        def off_balance(a, job):
            if c.gender[a] is None:
                return 0
            both = wish["female", job] + wish["male", job]
            others = both - wish[c.gender[a], job]
            return 0 if others and 100 * others >= rule["majority_percent"] * both else rule["ranks"]
        return off_balance

    def check_paper(self, given):
        """§5.7, over all streams at once."""
        c, replayed = self.c, {}
        def pays(a, job, stream):
            return (given.jobs[job] < c.capacity[job] and given.streams[stream] < c.stream_cap(stream) and c.admits[a][stream]
                    and given.departments[c.department[job]] < c.department_cap[c.department[job]] and not at_home(a, stream))
        def at_home(a, stream):
            return c.home_pays(stream) and given.homes[c.home[a]] >= c.home_cap[c.home[a]]
        for a in self.order:
            if a in self.seats and self.seats[a][2]:
                continue
            seat = next(((j, s, False) for j in c.accepts[a] for s in c.paid_by[j] if pays(a, j, s)), None)
            if seat != self.seats.get(a):
                return self.refute("replayed-place", f"`{c.id[a]}` gets another place than a replay gives")
            if seat:
                given.add(a, *seat[:2])
                continue
            replayed[a] = [
                "no-eligible-job" if not c.admits[a][s] or not any(s in c.paid_by[j] for j in c.accepts[a])
                else "home-cap" if at_home(a, s) else "full"
                for s in range(len(c.stream_id))
            ]
        for a, reasons in replayed.items():
            for stream, reason in enumerate(reasons):
                self.check_reason(a, stream, reason)
        return None

    def check_reason(self, a, stream, expected):
        decision = self.decisions[a]
        if decision["verdict"] == "waiting" and decision["reasons"][stream : stream + 1] not in ([], [expected]):
            self.refute("reason", f"`{self.c.id[a]}` got no place from `{self.c.stream_id[stream]}` because of {expected}")


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
    c, by = check.c, [d["verdict"] for d in check.decisions]
    kept = sum(seat[2] for seat in check.seats.values())
    print(f"Verified: {c.raw['season']} by {c.mechanism}, seed \"{c.raw['seed']}\".")
    print(f"  {len(by)} lottery numbers and positions; {by.count('placed') - kept} places by the mechanism and {kept} kept ones,")
    print("  each wished for, paid for, and within every capacity and cap;")
    print(f"  {by.count('waiting')} wait, each for the reason stated; {by.count('ineligible')} have no acceptable job.")
    print("What no certificate shows: who may take which job, the classes, the caps, and that this is the seed that was published.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
