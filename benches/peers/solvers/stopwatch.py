"""What a run took: CPU and wall seconds of each stage, and memory; the same report as that of ours/src/stopwatch.rs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from instance import Instance

# No further solve is begun after so many seconds.
ENOUGH_SECONDS = 1.0


class Stopwatch:
    """What the stages of one solve took."""

    def __init__(self) -> None:
        self.stages: dict[str, dict[str, float]] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Note what the stage within took."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.stages[name] = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


Solve = Callable[[Instance, Stopwatch], dict[str, int | str]]


def main(formulations: Mapping[str, Solve]) -> None:
    """Run `FORMULATION FILE TIMES` and print the report of the process."""
    formulation, path, times = sys.argv[1:]
    solve = formulations[formulation]
    base_kb = peak_kb()
    instance = Instance.read(Path(path))
    start = time.perf_counter()
    attempts = []
    while not attempts or (len(attempts) < int(times) and time.perf_counter() - start < ENOUGH_SECONDS):
        stopwatch = Stopwatch()
        answer = solve(instance, stopwatch)
        attempts.append(stopwatch.stages)
    print(json.dumps({"attempts": attempts, "answer": answer, "base_kb": base_kb, "peak_kb": peak_kb()}))


def peak_kb() -> int:
    """Return the most memory that the process has held so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
