"""HiGHS: the linear program of the placement, whose vertices are whole numbers."""

from __future__ import annotations

from functools import partial

import highspy
import numpy as np

from instance import Instance
from stopwatch import Stopwatch, main


def program(instance: Instance) -> highspy.HighsLp:
    """Return the program: a variable for each arc, each row placed once, no column over its capacity."""
    arcs = len(instance.arc_column)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = arcs, instance.rows + instance.columns
    lp.col_cost_ = instance.arc_cost.astype(np.float64)
    lp.col_lower_ = np.zeros(arcs)
    lp.col_upper_ = np.full(arcs, highspy.kHighsInf)
    lp.row_lower_ = np.concatenate((np.ones(instance.rows), np.full(instance.columns, -highspy.kHighsInf)))
    lp.row_upper_ = np.concatenate((np.ones(instance.rows), instance.capacity)).astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = 2 * np.arange(arcs + 1)
    lp.a_matrix_.index_ = np.column_stack((instance.arc_row, instance.rows + instance.arc_column)).ravel()
    lp.a_matrix_.value_ = np.ones(2 * arcs)
    return lp


def solve(options: dict[str, str], instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Solve the program on one thread with these options."""
    with stopwatch.stage("build"):
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        for option, value in options.items():
            highs.setOptionValue(option, value)
        highs.passModel(program(instance))
    with stopwatch.stage("solve"):
        highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS ended with {highs.getModelStatus()}")
    return {"placed": instance.rows, "cost": round(highs.getObjectiveValue())}


if __name__ == "__main__":
    main(
        {
            "simplex": partial(solve, {"solver": "simplex"}),
            "simplex-without-presolve": partial(solve, {"solver": "simplex", "presolve": "off"}),
            "ipm": partial(solve, {"solver": "ipm"}),
            "choose": partial(solve, {}),
        }
    )
