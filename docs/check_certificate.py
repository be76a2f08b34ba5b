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
