"""The package `matching`: hospitals and residents, by resident-optimal deferred acceptance."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
from matching.games import HospitalResident

from instance import Instance
from stopwatch import Stopwatch, main

# The modulus and the factor of the checksum, as in ours/src/solve.rs.
MODULUS = (1 << 61) - 1
FACTOR = 1_000_003


def resident_optimal(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Let rows propose to columns, which rank rows from the same district first, then by the ranking."""
    residents, hospitals, capacities = preferences(instance)
    with stopwatch.stage("build"):
        game = HospitalResident.create_from_dictionaries(residents, hospitals, capacities)
    with stopwatch.stage("solve"):
        matched = game.solve(optimal="resident")
    return answer(instance, {resident.name: hospital.name for hospital, held in matched.items() for resident in held})


def preferences(instance: Instance) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    """Return the preference lists of rows and columns, and the capacities, by names."""
    columns, costs = instance.arc_column.tolist(), instance.arc_cost.tolist()
    starts = instance.row_start.tolist()
    residents = {
        row: [column for _, column in sorted(zip(costs[start:end], columns[start:end], strict=True))]
        for row, (start, end) in enumerate(pairwise(starts))
    }
    rows = instance.arc_row
    far = instance.row_district[rows] != instance.column_district[instance.arc_column]
    order = np.lexsort((rows, far, instance.arc_column))
    hospitals: dict[int, list[int]] = {}
    for arc in order.tolist():
        hospitals.setdefault(columns[arc], []).append(int(rows[arc]))
    return residents, hospitals, {column: int(instance.capacity[column]) for column in hospitals}


def answer(instance: Instance, column_of: dict[int, int]) -> dict[str, int]:
    """Return the placed rows, their cost, and a checksum of who is where."""
    cost = checksum = 0
    for row in range(instance.rows):
        column = column_of.get(row)
        checksum = (checksum * FACTOR + (0 if column is None else column + 1)) % MODULUS
        if column is not None:
            arcs = slice(instance.row_start[row], instance.row_start[row + 1])
            cost += int(instance.arc_cost[arcs][instance.arc_column[arcs] == column][0])
    return {"placed": len(column_of), "cost": cost, "checksum": checksum}


if __name__ == "__main__":
    # The package copies the game recursively, from player to player.
    sys.setrecursionlimit(10**9)
    main({"resident": resident_optimal})
