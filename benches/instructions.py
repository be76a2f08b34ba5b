#!/usr/bin/env python3
"""Counts the instructions of the solver's kernels: `python3 benches/instructions.py [--check]`.

Counts hardly differ from run to run or machine to machine, so they show what a change of the code costs where times
are lost in noise. Without an option they replace the record, `instructions.csv`; with `--check` they are compared with
it, and the exit code is 1 if one has grown by more than 2 %. It needs valgrind, and a few minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "benches" / "instructions.csv"
FIELDS = ["kernel", "size", "instructions", "commit", "compiler"]
KERNELS = [
    *((kernel, size) for kernel in ("select", "place") for size in ("S", "M", "L")),
    ("deferred-acceptance", "M"),
    ("rematch", "M"),
]
# How much a count may grow.
TOLERANCE = 0.02
# What decides the counts.
SOURCES = ["Cargo.lock", "Cargo.toml", "crates/solver"]


def main() -> int:
    """Count, and write the record or compare with it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the record, and leave it as it is")
    check = parser.parse_args().check
    if shutil.which("valgrind") is None:
        print("error: valgrind is not installed", file=sys.stderr)
        return 2
    if not check and output("git", "status", "--porcelain", "--", *SOURCES):
        print("error: a record names the commit it is of: commit the solver first", file=sys.stderr)
        return 2
    commit, compiler = output("git", "rev-parse", "--short=12", "HEAD"), output("rustc", "--version")
    recorded = read_record()
    if check and compiler not in {row["compiler"] for row in recorded.values()}:
        print(f"warning: the record is of another compiler than {compiler}", file=sys.stderr)
    program = build()
    rows, grown = [], False
    for kernel, size in KERNELS:
        instructions = count(program, kernel, size)
        change = growth(recorded.get((kernel, size)), instructions)
        note = "" if change is None else f"{change:+8.2%}"
        if change is not None and change > TOLERANCE:
            grown, note = True, f"{note}  grown"
        print(f"{kernel:20} {size:2} {instructions:14,} {note}", flush=True)
        rows.append([kernel, size, instructions, commit, compiler])
    if check:
        return int(grown)
    with RECORD.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([FIELDS, *rows])
    return 0


def output(*command: str) -> str:
    """Return what a command prints."""
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def read_record() -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of the record by kernel and size."""
    if not RECORD.exists():
        return {}
    with RECORD.open(encoding="utf-8", newline="") as file:
        return {(row["kernel"], row["size"]): row for row in csv.DictReader(file)}


def build() -> str:
    """Build the example that runs one kernel, and return its path."""
    options = ["--release", "--locked", "-p", "feriematch-solver", "--example", "kernel"]
    messages = output("cargo", "build", *options, "--message-format", "json-render-diagnostics").splitlines()
    programs = [json.loads(message).get("executable") for message in messages]
    return next(program for program in programs if program)


def count(program: str, kernel: str, size: str) -> int:
    """Return the instructions of one run of a kernel, without what prepares it."""
    callgrind = ["--tool=callgrind", "--toggle-collect=*measured*", "--callgrind-out-file=/dev/null"]
    command = ["valgrind", *callgrind, program, kernel, size]
    report = subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True).stderr
    collected = re.search(r"Collected : (\d+)", report)
    if collected is None or collected[1] == "0":
        message = f"callgrind counted nothing:\n{report}"
        raise RuntimeError(message)
    return int(collected[1])


def growth(recorded: dict[str, str] | None, instructions: int) -> float | None:
    """Return by what share a count has grown, if there is a record of it."""
    return instructions / int(recorded["instructions"]) - 1 if recorded else None


if __name__ == "__main__":
    sys.exit(main())
