"""Google OR-Tools: minimum-cost flow (cost-scaling push-relabel), and linear assignment on expanded places."""

from __future__ import annotations

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from instance import Instance, Seats
from stopwatch import Stopwatch, main


def flow_with_sink(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Send one unit from each row through the columns into a sink; an arc to the sink has the column's capacity."""
    with stopwatch.stage("build"):
        sink = instance.rows + instance.columns
        flow = new_flow(instance)
        columns = np.arange(instance.rows, sink)
        flow.add_arcs_with_capacity_and_unit_cost(
            columns, np.full(instance.columns, sink), instance.capacity, np.zeros(instance.columns, dtype=np.int64)
        )
        flow.set_node_supply(sink, -instance.rows)
    with stopwatch.stage("solve"):
        status = flow.solve()
    return flow_answer(instance, flow, status)


def flow_with_slack(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Let each column demand its capacity; a slack node supplies what the rows leave free, at no cost."""
    with stopwatch.stage("build"):
        slack = instance.rows + instance.columns
        flow = new_flow(instance)
        columns = np.arange(instance.rows, slack)
        flow.set_nodes_supplies(columns, -instance.capacity)
        flow.add_arcs_with_capacity_and_unit_cost(
            np.full(instance.columns, slack), columns, instance.capacity, np.zeros(instance.columns, dtype=np.int64)
        )
        flow.set_node_supply(slack, int(instance.capacity.sum()) - instance.rows)
    with stopwatch.stage("solve"):
        status = flow.solve()
    return flow_answer(instance, flow, status)


def flow_unbalanced(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Let each column demand its capacity, and ask for a maximum flow of least cost."""
    with stopwatch.stage("build"):
        flow = new_flow(instance)
        flow.set_nodes_supplies(np.arange(instance.rows, instance.rows + instance.columns), -instance.capacity)
    with stopwatch.stage("solve"):
        status = flow.solve_max_flow_with_min_cost()
    if flow.maximum_flow() != instance.rows:
        raise RuntimeError("OR-Tools did not place every row")
    return flow_answer(instance, flow, status)


def new_flow(instance: Instance) -> SimpleMinCostFlow:
    """Return a network of rows, columns and the arcs between them, with a supply of one at each row."""
    flow = SimpleMinCostFlow()
    arcs = len(instance.arc_column)
    flow.add_arcs_with_capacity_and_unit_cost(
        instance.arc_row, instance.rows + instance.arc_column, np.ones(arcs, dtype=np.int64), instance.arc_cost
    )
    flow.set_nodes_supplies(np.arange(instance.rows), np.ones(instance.rows, dtype=np.int64))
    return flow


def flow_answer(instance: Instance, flow: SimpleMinCostFlow, status: object) -> dict[str, int]:
    """Return the placed rows, which are all if there is an optimum, and the cost of a solved flow."""
    if status != SimpleMinCostFlow.OPTIMAL:
        raise RuntimeError(f"OR-Tools ended with {status}")
    return {"placed": instance.rows, "cost": flow.optimal_cost()}


def assignment(instance: Instance, stopwatch: Stopwatch) -> dict[str, int]:
    """Assign rows, and one free dummy row for each place left over, to places."""
    with stopwatch.stage("build"):
        seats = Seats.of(instance)
        solver = SimpleLinearSumAssignment()
        rows = np.repeat(np.arange(instance.rows), np.diff(seats.row_start))
        solver.add_arcs_with_cost(rows, seats.seat, seats.cost)
        dummies = np.arange(instance.rows, seats.count)
        solver.add_arcs_with_cost(
            np.repeat(dummies, seats.count),
            np.tile(np.arange(seats.count), len(dummies)),
            np.zeros(len(dummies) * seats.count, dtype=np.int64),
        )
    with stopwatch.stage("solve"):
        status = solver.solve()
    if status != SimpleLinearSumAssignment.OPTIMAL:
        raise RuntimeError(f"OR-Tools ended with {status}")
    return {"placed": solver.num_nodes() - len(dummies), "cost": solver.optimal_cost()}


if __name__ == "__main__":
    main({"sink": flow_with_sink, "slack": flow_with_slack, "unbalanced": flow_unbalanced, "assignment": assignment})
