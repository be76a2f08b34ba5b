"""What is compared: the sizes, and the solvers with their formulations."""

from __future__ import annotations

from dataclasses import dataclass

SIZES = ("S", "M", "L", "L-tight", "L-cost", "L-3", "XL")

# The sizes that differ in nothing but size: the points of the picture.
GROWING_SIZES = ("S", "M", "L", "XL")

# How often a process solves a small instance, so that its median is no accident; larger ones are solved once.
SOLVES = {"S": 21, "M": 5}

# Whoever is over the limit on one is not tried on the other, which is the same but five times as large.
SMALLER_SIZE = {"XL": "L"}

PLACEMENT = "placement"
STABILITY = "stability"


@dataclass(frozen=True)
class Solver:
    """A solver in one formulation of the problem.

    Attributes:
        key: how `--tools` and results.json call it; formulations of one solver share what is before the colon.
        title: how tables call it.
        question: what it answers. Solvers of one question have to agree.
        program: who runs it: `rust`, `lemon`, or the Python program's file name.
        formulation: the program's first argument.
        rows: the rows it is given: `all`, or those `selected` by our stage 1.
        sizes: the sizes it is run on.
        tried: whether this is a formulation that was tried and lost, run with `--formulations` only.

    """

    key: str
    title: str
    question: str
    program: str
    formulation: str
    rows: str = "selected"
    sizes: tuple[str, ...] = SIZES
    tried: bool = False

    @property
    def family(self) -> str:
        """What is before the colon of the key."""
        return self.key.partition(":")[0]


OURS = {PLACEMENT: "feriematch", STABILITY: "feriematch-stable"}


def placement(key: str, title: str, program: str, formulation: str, sizes: tuple[str, ...] = SIZES) -> Solver:
    """Return a peer's best formulation of the placement."""
    return Solver(key, title, PLACEMENT, program, formulation, sizes=sizes)


def tried(key: str, title: str, program: str, formulation: str, sizes: tuple[str, ...] = SIZES) -> Solver:
    """Return another formulation of the placement."""
    return Solver(key, title, PLACEMENT, program, formulation, sizes=sizes, tried=True)


# A dense matrix of L would take 80 GB.
DENSE_SIZES = ("S", "M")

SOLVERS = (
    Solver("feriematch", "feriematch, both stages", PLACEMENT, "rust", "feriematch", rows="all"),
    placement("ortools", "OR-Tools SimpleMinCostFlow", "ortools_solver.py", "sink"),
    placement("lemon-simplex", "LEMON NetworkSimplex", "lemon", "network-simplex"),
    placement("lemon-scaling", "LEMON CostScaling", "lemon", "cost-scaling"),
    placement("scipy", "SciPy full bipartite matching", "scipy_solver.py", "sparse"),
    placement("highs", "HiGHS interior point", "highs_solver.py", "ipm"),
    placement("kuhn-munkres", "pathfinding kuhn_munkres", "rust", "kuhn-munkres", DENSE_SIZES),
    Solver("feriematch-stable", "feriematch", STABILITY, "rust", "deferred-acceptance", rows="all"),
    Solver("matching", "matching HospitalResident", STABILITY, "matching_solver.py", "resident", "all", ("S", "M")),
    tried("ortools:slack", "SimpleMinCostFlow, slack node in place of a sink", "ortools_solver.py", "slack"),
    tried("ortools:unbalanced", "SimpleMinCostFlow, max flow of least cost", "ortools_solver.py", "unbalanced"),
    tried("ortools:assignment", "SimpleLinearSumAssignment, places expanded", "ortools_solver.py", "assignment"),
    tried("lemon-simplex:turned", "NetworkSimplex, arcs turned, LEQ", "lemon", "network-simplex-turned"),
    tried("lemon-simplex:bounded", "NetworkSimplex, arcs bounded by 1", "lemon", "network-simplex-bounded"),
    tried("lemon-simplex:sink", "NetworkSimplex, sink node", "lemon", "network-simplex-sink"),
    tried("lemon-simplex:candidates", "NetworkSimplex, candidate list", "lemon", "network-simplex-candidate-list"),
    tried("lemon-simplex:altering", "NetworkSimplex, altering list", "lemon", "network-simplex-altering-list"),
    tried("lemon-scaling:sink", "CostScaling, sink node", "lemon", "cost-scaling-sink"),
    tried("lemon-scaling:augment", "CostScaling, augment", "lemon", "cost-scaling-augment"),
    tried("lemon-scaling:push", "CostScaling, push", "lemon", "cost-scaling-push"),
    tried("lemon-capacity", "CapacityScaling", "lemon", "capacity-scaling"),
    tried("scipy:dense", "linear_sum_assignment, dense matrix", "scipy_solver.py", "dense", DENSE_SIZES),
    tried("highs:simplex", "dual simplex", "highs_solver.py", "simplex"),
    tried("highs:raw", "dual simplex without presolve", "highs_solver.py", "simplex-without-presolve"),
)
