"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comparison.catalogue import OURS, PLACEMENT, STABILITY, Solver
from comparison.figures import duration, grouped, significant
from comparison.measuring import FAILED, NOT_TRIED, OVER_LIMIT
from comparison.results import Results

Cell = Callable[[str, str], str]
Row = tuple[str, list[str]]

NOTHING = "–"


def markdown(results: Results, picture: str) -> str:
    """Return everything between the markers of the page; `picture` is the path of the picture, seen from there."""
    return "\n\n".join(sections(results, picture))


def sections(results: Results, picture: str) -> Iterator[str]:
    """Yield the paragraphs and tables."""
    placement = [solver for solver in results.solvers if solver.question == PLACEMENT and not solver.tried]
    stability = [solver for solver in results.solvers if solver.question == STABILITY]
    yield origin(results)
    yield instances(results)
    if placement:
        yield "### Least-cost placement"
        yield f"![CPU time against the number of applicants, both axes logarithmic]({picture})"
        yield from comparison(results, placement, OURS[PLACEMENT])
        yield "The stages of feriematch:"
        yield table(
            results,
            [(stage, row(results, OURS[PLACEMENT], stage_cell(results, stage))) for stage in ("select", "place")],
        )
    if stability:
        yield "### Deferred acceptance"
        yield from comparison(results, stability, OURS[STABILITY])
    if any(solver.tried for solver in results.solvers):
        yield "### Formulations tried"
        yield formulations(results)


def origin(results: Results) -> str:
    """Say when, on what, and with which versions."""
    machine, versions = results.machine, results.versions
    lines = [
        f"Measured on {results.date}: {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"{machine['system']}. {'; '.join(f'{name} {version}' for name, version in versions.items())}.",
        f"Median of {results.repeats} processes, run in turn; limit {results.limit:g} s a process."
        if results.repeats > 1
        else f"One process each; limit {results.limit:g} s.",
        *(f"Not there: {program} ({reason})." for program, reason in results.missing.items()),
    ]
    return "\n".join(lines)


def instances(results: Results) -> str:
    """Return the table of the instances."""
    names = {
        "applicants": "applicants",
        "jobs": "jobs",
        "places": "places",
        "choices": "choices",
        "selected": "selected by stage 1",
        "selected_choices": "their choices",
    }
    return table(
        results,
        [(title, [grouped(results.instances[size][name]) for size in results.sizes]) for name, title in names.items()],
    )


def comparison(results: Results, solvers: list[Solver], ours: str) -> Iterator[str]:
    """Yield the tables of time, ratio, memory and building of the model."""

    def ratio(key: str, size: str) -> str:
        theirs, own = results.solve_seconds(key, size), results.solve_seconds(ours, size)
        return f"{significant(theirs / own)} ×" if theirs and own else NOTHING

    def memory(key: str, size: str) -> str:
        megabytes = results.peak_megabytes(key, size)
        return significant(megabytes) if megabytes else NOTHING

    yield "CPU time of the solve alone:"
    yield by_solver(results, solvers, solve_cell(results))
    yield "As a multiple of feriematch's:"
    yield by_solver(results, [solver for solver in solvers if solver.key != ours], ratio)
    yield "Peak memory of the process, MB:"
    yield by_solver(results, solvers, memory)
    yield "CPU time of building the solver's own model, not counted above:"
    yield by_solver(results, solvers, stage_cell(results, "build"))


def own_stages(results: Results) -> str:
    """Return the table of our stages."""
    return table(
        results,
        [(stage, row(results, OURS[PLACEMENT], stage_cell(results, stage))) for stage in ("select", "place")],
    )


def formulations(results: Results) -> str:
    """Return the table of the time of every formulation, those of one solver beside each other."""
    families: dict[str, list[Solver]] = {}
    for solver in results.solvers:
        if solver.question == PLACEMENT and solver.key != OURS[PLACEMENT]:
            families.setdefault(solver.family, []).append(solver)
    shown = [solver for family in families.values() for solver in family if any(other.tried for other in family)]
    return by_solver(results, shown, solve_cell(results))


def solve_cell(results: Results) -> Cell:
    """Return what shows the time of a solve, or why there is none."""

    def cell(key: str, size: str) -> str:
        seconds = results.solve_seconds(key, size)
        if seconds is not None:
            return duration(seconds)
        statuses = {run.status for run in results.runs_of(key, size)}
        return next((text for status, text in no_time(results) if status in statuses), NOTHING)

    return cell


def no_time(results: Results) -> list[tuple[str, str]]:
    """Return what stands for each way not to end."""
    return [(FAILED, "failed"), (OVER_LIMIT, f"> {results.limit:g} s"), (NOT_TRIED, "not tried")]


def stage_cell(results: Results, stage: str) -> Cell:
    """Return what shows the time of a stage."""

    def cell(key: str, size: str) -> str:
        seconds = results.stage_seconds(key, size, stage)
        return NOTHING if seconds is None else duration(seconds)

    return cell


def by_solver(results: Results, solvers: list[Solver], cell: Cell) -> str:
    """Return a table with a row for each solver."""
    return table(results, [(solver.title, row(results, solver.key, cell)) for solver in solvers])


def row(results: Results, key: str, cell: Cell) -> list[str]:
    """Return the cells of a solver."""
    return [cell(key, size) for size in results.sizes]


def table(results: Results, rows: list[Row]) -> str:
    """Return a table with a column for each size."""
    lines = [["", *results.sizes], ["---", *("---:" for _ in results.sizes)]]
    lines += [[title, *cells] for title, cells in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
