"""Runs: one process a solver, size and repeat, in turn, with a time limit."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from comparison.catalogue import SMALLER_SIZE, SOLVERS, Solver
from comparison.workshop import Workshop

DONE = "done"
OVER_LIMIT = "over the limit"
NOT_TRIED = "not tried, since over the limit on the smaller size"
FAILED = "failed"

# Everybody has one thread.
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Run:
    """What became of one process.

    Attributes:
        solver: the key of the solver.
        size: the name of the instance.
        status: how it ended.
        seconds: CPU and wall seconds of each stage, `build` being the making of the solver's own model; of several
            solves in the process, the median.
        answer: what solvers of one question have to agree on.
        base_kb: the memory before the instance was read.
        peak_kb: the most memory held.

    """

    solver: str
    size: str
    status: str
    seconds: dict[str, dict[str, float]] | None = None
    answer: dict[str, int | str] | None = None
    base_kb: int | None = None
    peak_kb: int | None = None

    def solve_seconds(self, clock: str) -> float:
        """Return the seconds of all stages but the building of the model."""
        return sum(took[clock] for stage, took in self.seconds.items() if stage != "build")

    def to_json(self) -> dict[str, object]:
        """Return the fields that are known."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def measure(workshop: Workshop, solvers: list[Solver], size: str, repeats: int, limit: float) -> Iterator[Run]:
    """Run the solvers of an instance in turn, as often as asked; who did not end once is not run again."""
    turns = [solver for solver in solvers if size in solver.sizes]
    for repeat in range(repeats):
        for solver in list(turns):
            print(f"{size:8} {repeat + 1}/{repeats} {solver.key:28}", end="", file=sys.stderr, flush=True)
            run = run_once(workshop.command(solver, size), solver.key, size, limit)
            print(outcome(run), file=sys.stderr)
            if run.status != DONE:
                turns.remove(solver)
            yield run


def without_hopeless(solvers: list[Solver], size: str, runs: list[Run]) -> tuple[list[Solver], list[Run]]:
    """Split off the solvers that were over the limit on the smaller size; a run for each of these says so."""
    over = {run.solver for run in runs if run.size == SMALLER_SIZE.get(size) and run.status == OVER_LIMIT}
    skipped = [Run(solver.key, size, NOT_TRIED) for solver in solvers if solver.key in over and size in solver.sizes]
    return [solver for solver in solvers if solver.key not in over], skipped


def run_once(command: list[str], key: str, size: str, limit: float) -> Run:
    """Run a process."""
    try:
        process = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True, env=ENVIRONMENT)
    except subprocess.TimeoutExpired:
        return Run(key, size, OVER_LIMIT)
    except subprocess.CalledProcessError as error:
        print((error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1], file=sys.stderr)
        return Run(key, size, FAILED)
    report = json.loads(process.stdout)
    return Run(key, size, DONE, medians(report["attempts"]), report["answer"], report["base_kb"], report["peak_kb"])


def medians(attempts: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the median seconds of each stage over the solves of one process."""
    return {
        stage: {
            clock: round(statistics.median(took[stage][clock] for took in attempts), 9) for clock in ("cpu", "wall")
        }
        for stage in attempts[0]
    }


def outcome(run: Run) -> str:
    """Return a line on how a run ended."""
    if run.status != DONE:
        return run.status
    return f"{run.solve_seconds('cpu'):10.4f} s {run.peak_kb / 1024:8.1f} MB  {run.answer}"


def disagreements(runs: list[Run]) -> list[str]:
    """Return what solvers of one question do not agree on, and who failed."""
    question = {solver.key: solver.question for solver in SOLVERS}
    found = [f"{run.size}: {run.solver} failed" for run in runs if run.status == FAILED]
    first: dict[tuple[str, str], Run] = {}
    for run in runs:
        if run.status == DONE:
            other = first.setdefault((question[run.solver], run.size), run)
            if run.answer != other.answer:
                found.append(f"{run.size}: {run.solver} says {run.answer}, {other.solver} says {other.answer}")
    return found
