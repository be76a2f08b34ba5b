"""The results: what results.json holds, and the medians that tables and picture show."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from comparison.catalogue import SIZES, SOLVERS, Solver
from comparison.measuring import DONE, Run


@dataclass(frozen=True)
class Results:
    """Everything measured in one go.

    Attributes:
        date: the day.
        repeats: how many processes each solver had on each size.
        limit: the seconds that a process had.
        machine: what it ran on.
        versions: of everything.
        missing: why a program was not there.
        instances: the figures of each instance.
        runs: what became of each process.

    """

    date: str
    repeats: int
    limit: float
    machine: dict[str, str | int | float]
    versions: dict[str, str]
    missing: dict[str, str]
    instances: dict[str, dict[str, int]]
    runs: list[Run]

    @staticmethod
    def read(path: Path) -> Results:
        """Read results.json."""
        fields = json.loads(path.read_text())
        return Results(**fields | {"runs": [Run(**run) for run in fields["runs"]]})

    def write(self, path: Path) -> None:
        """Write results.json, a line each run."""
        head = {name: value for name, value in vars(self).items() if name != "runs"}
        runs = ",\n    ".join(json.dumps(run.to_json()) for run in self.runs)
        path.write_text(f'{json.dumps(head, indent=2, ensure_ascii=False)[:-2]},\n  "runs": [\n    {runs}\n  ]\n}}\n')

    @property
    def sizes(self) -> list[str]:
        """The sizes measured, in their order."""
        return [size for size in SIZES if size in self.instances]

    @property
    def solvers(self) -> list[Solver]:
        """The solvers measured, in their order."""
        keys = {run.solver for run in self.runs}
        return [solver for solver in SOLVERS if solver.key in keys]

    def runs_of(self, key: str, size: str) -> list[Run]:
        """Return the runs of a solver on a size."""
        return [run for run in self.runs if (run.solver, run.size) == (key, size)]

    def median(self, key: str, size: str, figure: Callable[[Run], float]) -> float | None:
        """Return the median of a figure of a solver's runs; None if not every one was done."""
        runs = self.runs_of(key, size)
        if not runs or any(run.status != DONE for run in runs):
            return None
        return statistics.median(map(figure, runs))

    def solve_seconds(self, key: str, size: str) -> float | None:
        """Return the median CPU seconds of all stages but the building of the model."""
        return self.median(key, size, lambda run: run.solve_seconds("cpu"))

    def stage_seconds(self, key: str, size: str, stage: str) -> float | None:
        """Return the median CPU seconds of a stage."""
        return self.median(key, size, lambda run: run.seconds[stage]["cpu"])

    def peak_megabytes(self, key: str, size: str) -> float | None:
        """Return the median of the peak memory."""
        return self.median(key, size, lambda run: run.peak_kb / 1024)
