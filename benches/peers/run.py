#!/usr/bin/env python3
"""Compares feriematch with other solvers: `python3 benches/peers/run.py`. README.md says what is measured and how."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from comparison.catalogue import SIZES, SOLVERS, Solver
from comparison.measuring import Run, disagreements, measure, without_hopeless
from comparison.picture import all_series, svg
from comparison.results import Results
from comparison.tables import markdown
from comparison.workshop import HERE, NotAvailableError, Workshop, machine

ROOT = HERE.parent.parent
BEGIN, END = "<!-- peers:begin -->", "<!-- peers:end -->"


def main() -> int:
    """Measure, check that everybody agrees, and write results.json, tables and picture."""
    options = parse_arguments()
    results_file, page = options.out / "results.json", options.page
    if options.show:
        results = Results.read(results_file)
    else:
        try:
            results = measure_all(options)
        except NotAvailableError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        results.write(results_file)
    show(results, page)
    found = disagreements(results.runs)
    for disagreement in found:
        print(f"error: {disagreement}", file=sys.stderr)
    return 1 if found else 0


def parse_arguments() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=sizes_named, default=SIZES, help=f"some of {','.join(SIZES)}")
    parser.add_argument("--tools", type=solvers_named, help=f"some of {','.join(solver.key for solver in SOLVERS)}")
    parser.add_argument("--formulations", action="store_true", help="also the formulations that were tried and lost")
    parser.add_argument("--repeats", type=int, default=3, help="processes for each tool and size (3)")
    parser.add_argument("--limit", type=float, default=600, help="seconds that a process may take (600)")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "peers", help="where everything is made")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder of results.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md", help="the page with the markers")
    parser.add_argument("--show", action="store_true", help="measure nothing, show results.json again")
    return parser.parse_args()


def sizes_named(text: str) -> list[str]:
    """Return the sizes with these names, in their order."""
    wanted = text.split(",")
    if unknown := set(wanted) - set(SIZES):
        raise argparse.ArgumentTypeError(f"unknown size {', '.join(sorted(unknown))}")
    return [size for size in SIZES if size in wanted]


def solvers_named(text: str) -> list[Solver]:
    """Return the solvers with these keys, in their order."""
    wanted = text.split(",")
    if unknown := set(wanted) - {solver.key for solver in SOLVERS}:
        raise argparse.ArgumentTypeError(f"unknown tool {', '.join(sorted(unknown))}")
    return [solver for solver in SOLVERS if solver.key in wanted]


def measure_all(options: argparse.Namespace) -> Results:
    """Make everything and run it."""
    solvers = options.tools or [solver for solver in SOLVERS if options.formulations or not solver.tried]
    workshop = Workshop(options.work)
    workshop.make(solvers)
    for program, reason in workshop.missing.items():
        print(f"warning: {program} is not there: {reason}", file=sys.stderr)
    solvers = [solver for solver in solvers if solver.program in workshop.commands]
    instances: dict[str, dict[str, int]] = {}
    runs: list[Run] = []
    for size in options.sizes:
        instances[size] = workshop.write_instance(size)
        hopeful, skipped = without_hopeless(solvers, size, runs)
        runs += [*skipped, *measure(workshop, hopeful, size, options.repeats, options.limit)]
    return Results(
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        repeats=options.repeats,
        limit=options.limit,
        machine=machine(),
        versions=workshop.versions(),
        missing=workshop.missing,
        instances=instances,
        runs=runs,
    )


def show(results: Results, page: Path) -> None:
    """Write the tables between the markers of the page, and the picture beside it."""
    before, rest = page.read_text().split(BEGIN)
    _, after = rest.split(END)
    picture = page.with_suffix(".svg")
    if all_series(results):
        picture.write_text(svg(results))
    page.write_text(f"{before}{BEGIN}\n\n{markdown(results, picture.name)}\n\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
