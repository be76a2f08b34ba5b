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
        program: who runs it: `rust`, `lemon`, or the Python program's file name.
        formulation: the program's first argument.
        label: how the picture calls it; it is not drawn without one.
        question: what it answers. Solvers of one question have to agree.
        rows: the rows it is given: `all`, or those `selected` by our stage 1.
        sizes: the sizes it is run on.
        tried: whether this is a formulation that was tried and lost, run with `--formulations` only.

    """

    key: str
    title: str
    program: str
    formulation: str
    label: str = ""
    question: str = PLACEMENT
    rows: str = "selected"
    sizes: tuple[str, ...] = SIZES
    tried: bool = False

    @property
    def family(self) -> str:
        """What is before the colon of the key."""
        return self.key.partition(":")[0]


def tried(key: str, title: str, program: str, formulation: str, sizes: tuple[str, ...] = ("S", "M", "L")) -> Solver:
    """Return a formulation of the placement that was tried and lost."""
    return Solver(key, title, program, formulation, sizes=sizes, tried=True)


OURS = {PLACEMENT: "feriematch", STABILITY: "feriematch-stable"}

# A dense matrix of L would take 40 GB in 32-bit integers; simplex takes half a minute on M, ten times as many
# applicants would take hours; `matching` builds its game in more than half a minute on M, and more than linearly.
SMALL = ("S", "M")

SOLVERS = (
    Solver("feriematch", "feriematch, both stages", "rust", "feriematch", "feriematch", rows="all"),
    Solver("ortools", "OR-Tools SimpleMinCostFlow", "ortools_solver.py", "unbalanced", "OR-Tools"),
    Solver("ortools:sink", "OR-Tools SimpleMinCostFlow, sink node", "ortools_solver.py", "sink"),
    Solver("lemon-simplex", "LEMON NetworkSimplex", "lemon", "network-simplex", "LEMON simplex"),
    Solver("lemon-scaling", "LEMON CostScaling", "lemon", "cost-scaling", "LEMON scaling"),
    Solver("scipy", "SciPy min_weight_full_bipartite_matching", "scipy_solver.py", "sparse", "SciPy"),
    Solver("highs", "HiGHS interior point with crossover", "highs_solver.py", "ipm", "HiGHS"),
    Solver("pathfinding", "pathfinding kuhn_munkres", "rust", "kuhn-munkres", "pathfinding", sizes=SMALL),
    Solver("feriematch-stable", "feriematch", "rust", "deferred-acceptance", question=STABILITY, rows="all"),
    Solver(
        "matching",
        "matching HospitalResident",
        "matching_solver.py",
        "resident",
        question=STABILITY,
        rows="all",
        sizes=SMALL,
    ),
    tried("ortools:slack", "SimpleMinCostFlow, slack node", "ortools_solver.py", "slack"),
    tried("ortools:assignment", "SimpleLinearSumAssignment, places expanded", "ortools_solver.py", "assignment"),
    tried("lemon-simplex:block", "NetworkSimplex, block search", "lemon", "network-simplex-block"),
    tried("lemon-simplex:geq", "NetworkSimplex, GEQ", "lemon", "network-simplex-geq"),
    tried("lemon-simplex:geq-block", "NetworkSimplex, GEQ, block search", "lemon", "network-simplex-geq-block"),
    tried("lemon-simplex:candidates", "NetworkSimplex, GEQ, candidate list", "lemon", "network-simplex-geq-candidates"),
    tried("lemon-simplex:bounded", "NetworkSimplex, GEQ, block search, bounds", "lemon", "network-simplex-bounded"),
    tried("lemon-simplex:sink", "NetworkSimplex, block search, sink node", "lemon", "network-simplex-sink"),
    tried("lemon-scaling:sink", "CostScaling, sink node", "lemon", "cost-scaling-sink"),
    tried("lemon-scaling:augment", "CostScaling, augment", "lemon", "cost-scaling-augment"),
    tried("lemon-scaling:push", "CostScaling, push", "lemon", "cost-scaling-push"),
    tried("lemon-scaling:capacity", "CapacityScaling", "lemon", "capacity-scaling"),
    tried("scipy:dense", "linear_sum_assignment, dense matrix", "scipy_solver.py", "dense", SMALL),
    tried("highs:simplex", "HiGHS dual simplex", "highs_solver.py", "simplex", SMALL),
    tried("highs:raw", "HiGHS dual simplex without presolve", "highs_solver.py", "simplex-without-presolve", SMALL),
)
