"""The results as Markdown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from comparison.catalogue import OURS, PLACEMENT, STABILITY, Solver
from comparison.measuring import FAILED, NOT_TRIED, OVER_LIMIT
from comparison.results import Results

Cell = Callable[[str, str], str]
Row = tuple[str, list[str]]


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
        yield table(results, [stage_row(results, stage) for stage in ("select", "place")])
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
        [
            (title, [f"{results.instances[size][name]:,}".replace(",", " ") for size in results.sizes])
            for name, title in names.items()
        ],
    )


def comparison(results: Results, solvers: list[Solver], ours: str) -> Iterator[str]:
    """Yield the tables of time, ratio, memory and building of the model."""

    def ratio(key: str, size: str) -> str:
        theirs, own = results.solve_seconds(key, size), results.solve_seconds(ours, size)
        return f"{significant(theirs / own)} ×" if theirs and own else missing(results, key, size)

    def time(key: str, size: str) -> str:
        return figure(results, key, size, results.solve_seconds(key, size), duration)

    def memory(key: str, size: str) -> str:
        return figure(results, key, size, results.peak_megabytes(key, size), significant)

    def building(key: str, size: str) -> str:
        return figure(results, key, size, results.stage_seconds(key, size, "build"), duration)

    yield "CPU time of the solve alone:"
    yield by_solver(results, solvers, time)
    yield "As a multiple of feriematch's:"
    yield by_solver(results, [solver for solver in solvers if solver.key != ours], ratio)
    yield "Peak memory of the process, MB:"
    yield by_solver(results, solvers, memory)
    yield "CPU time of building the solver's own model, not counted above:"
    yield by_solver(results, solvers, building)


def formulations(results: Results) -> str:
    """Return the table of the time of every formulation, those of one solver beside each other."""
    families: dict[str, list[Solver]] = {}
    for solver in results.solvers:
        if solver.question == PLACEMENT and solver.key != OURS[PLACEMENT]:
            families.setdefault(solver.family, []).append(solver)
    ordered = [solver for family in families.values() for solver in family if len(family) > 1 or solver.tried]
    return by_solver(
        results, ordered, lambda key, size: figure(results, key, size, results.solve_seconds(key, size), duration)
    )


def stage_row(results: Results, stage: str) -> Row:
    """Return the times of one of our stages."""
    ours = OURS[PLACEMENT]
    cells = [figure(results, ours, size, results.stage_seconds(ours, size, stage), duration) for size in results.sizes]
    return stage, cells


def by_solver(results: Results, solvers: list[Solver], cell: Cell) -> str:
    """Return a table with a row for each solver."""
    return table(results, [(solver.title, [cell(solver.key, size) for size in results.sizes]) for solver in solvers])


def table(results: Results, rows: list[Row]) -> str:
    """Return a table with a column for each size."""
    lines = [["", *results.sizes], ["---", *("---:" for _ in results.sizes)]]
    lines += [[title, *cells] for title, cells in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figure(results: Results, key: str, size: str, value: float | None, show: Callable[[float], str]) -> str:
    """Return a figure, or why there is none."""
    return missing(results, key, size) if value is None else show(value)


def missing(results: Results, key: str, size: str) -> str:
    """Return why there is no figure."""
    statuses = {run.status for run in results.runs_of(key, size)}
    if statuses & {OVER_LIMIT, NOT_TRIED}:
        return f"> {results.limit:g} s" if OVER_LIMIT in statuses else "not tried"
    return FAILED if FAILED in statuses else "–"


def duration(seconds: float) -> str:
    """Return seconds with two significant digits, in milliseconds below one."""
    return f"{significant(seconds)} s" if seconds >= 0.995 else f"{significant(seconds * 1000)} ms"


def significant(value: float) -> str:
    """Return a number with two significant digits, and all digits before the point."""
    if value <= 0:
        return "0"
    decimals = max(0, 1 - math.floor(math.log10(float(f"{value:.1e}"))))
    return f"{value:.{decimals}f}"
