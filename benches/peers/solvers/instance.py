"""The instance as NumPy arrays, read from the file that every solver reads (see ours/src/instance.rs)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Instance:
    """Rows (applicants) in ranking order with their arcs, and columns (jobs) with their capacities."""

    capacity: np.ndarray
    column_district: np.ndarray
    row_district: np.ndarray
    row_start: np.ndarray
    arc_column: np.ndarray
    arc_cost: np.ndarray

    @staticmethod
    def read(path: Path) -> Instance:
        """Read the file."""
        numbers = np.fromfile(path, dtype="<u4").astype(np.int32)
        rows, columns, arcs = (int(count) for count in numbers[:3])
        lengths = [columns, columns, rows, rows + 1, arcs, arcs]
        ends = 3 + np.cumsum(lengths)
        return Instance(*(numbers[end - length : end] for end, length in zip(ends, lengths, strict=True)))

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.row_district)

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self.capacity)

    @property
    def arc_row(self) -> np.ndarray:
        """The row of each arc."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.row_start))


@dataclass(frozen=True)
class Seats:
    """The instance with every place a column of its own, for solvers that know no capacities.

    Attributes:
        row_start: where each row's arcs start, and at the end where the last row's end.
        seat: the seat of each arc, ascending within a row.
        cost: the cost of each arc.
        count: the number of seats.

    """

    row_start: np.ndarray
    seat: np.ndarray
    cost: np.ndarray
    count: int

    @staticmethod
    def of(instance: Instance) -> Seats:
        """Expand the capacities."""
        seat_start = np.concatenate(([0], np.cumsum(instance.capacity)))
        copies = instance.capacity[instance.arc_column]
        copy_end = np.cumsum(copies)
        within = np.arange(copy_end[-1]) - np.repeat(copy_end - copies, copies)
        return Seats(
            row_start=np.concatenate(([0], copy_end))[instance.row_start],
            seat=np.repeat(seat_start[instance.arc_column], copies) + within,
            cost=np.repeat(instance.arc_cost, copies),
            count=int(seat_start[-1]),
        )
