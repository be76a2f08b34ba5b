"""SciPy: sparse (LAPJVsp) and dense (shortest augmenting paths) linear assignment on expanded places."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from instance import Instance, Seats
from stopwatch import Stopwatch, main


def sparse(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Match rows with places in a sparse matrix; a missing arc is a missing entry."""
    with stopwatch.stage("build"):
        seats = Seats.of(instance)
        matrix = csr_array(
            (seats.cost.astype(np.float64), seats.seat, seats.row_start), shape=(instance.rows, seats.count)
        )
    with stopwatch.stage("solve"):
        matched = min_weight_full_bipartite_matching(matrix)
    return answer(matrix, matched)


def dense(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Match rows with places in a dense matrix; a missing arc is infinite."""
    with stopwatch.stage("build"):
        seats = Seats.of(instance)
        matrix = np.full((instance.rows, seats.count), np.inf)
        matrix[np.repeat(np.arange(instance.rows), np.diff(seats.row_start)), seats.seat] = seats.cost
    with stopwatch.stage("solve"):
        matched = linear_sum_assignment(matrix)
    return answer(matrix, matched)


def answer(matrix: csr_array | np.ndarray, matched: tuple[np.ndarray, np.ndarray]) -> dict[str, int]:
    """Return the placed rows and their cost."""
    rows, places = matched
    return {"placed": len(rows), "cost": round(float(matrix[rows, places].sum()))}


if __name__ == "__main__":
    main({"sparse": sparse, "dense": dense})
