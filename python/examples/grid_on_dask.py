"""Plays a grid of scenarios on a Dask cluster of this machine, and shows what is best.

    python examples/grid_on_dask.py --seasons 200

A thousand scenarios: ten numbers of places in each of two work areas, five numbers of applicants, two budgets. On another cluster,
give `Client` the scheduler's address instead: nothing else changes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from distributed import Client, LocalCluster

from feriematch.dask import run

SEASON = Path(__file__).resolve().parents[2] / "data" / "stockholm-2015"


def axis(name: str, levels: list[tuple[str, str]]) -> str:
    """Writes an axis of a grid."""
    rows = "".join(f'    {{ name = "{level}"{", " if change else ""}{change} }},\n' for level, change in levels)
    return f'\n[[grids.axes]]\nname = "{name}"\nlevels = [\n{rows}]\n'


def places(area: str) -> list[tuple[str, str]]:
    """Returns levels at which a work area has more or fewer places."""
    percents = [100, 50, 60, 70, 80, 90, 110, 120, 130, 140]
    return [(str(p), "" if p == 100 else f'places = [{{ area = "{area}", percent = {p} }}]') for p in percents]


def grid(scenarios: int) -> str:
    """Writes a grid of at most so many scenarios, a thousand if that many are asked for."""
    axes = [
        ("parks", places("park")),
        ("preschools", places("preschool")),
        ("applicants", [(str(p), f"applicants = {{ percent = {p} }}") for p in (80, 90, 100, 110, 120)]),
        ("budgets", [("90", "budgets = [{ percent = 90 }]"), ("100", "")]),
    ]
    text, size = 'format = 1\n\n[[grids]]\nname = "grid"\n', 1
    for name, levels in axes:
        levels = levels[: max(1, scenarios // size)]
        size *= len(levels)
        text += axis(name, levels)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seasons", type=int, default=100, help="how many seasons to play of each scenario")
    parser.add_argument("--scenarios", type=int, default=1000, help="how many scenarios")
    parser.add_argument("--workers", type=int, default=2, help="how many worker processes")
    parser.add_argument("--shards", type=int, help="into how many parts to split the seasons")
    parser.add_argument("--memory", default="2GiB", help="how much memory a worker may use before it is restarted")
    parser.add_argument("--out", type=Path, help="where to leave the result")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        scenarios = Path(folder) / "scenarios.toml"
        scenarios.write_text(grid(arguments.scenarios), "utf-8")
        with (
            LocalCluster(
                n_workers=arguments.workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=arguments.memory,
                dashboard_address=":0",
            ) as cluster,
            Client(cluster) as client,
        ):
            began = time.perf_counter()
            part = run(
                client,
                SEASON,
                scenarios=scenarios,
                seasons=arguments.seasons,
                seed="grid",
                shards=arguments.shards,
                progress=lambda done, of: print(f"\r{done} of {of} tasks", end="", flush=True),
            )
            seconds = time.perf_counter() - began

    print(f"\n{len(part.scenarios) - 1} scenarios, {part.played} seasons each: {seconds:.1f} s on {arguments.workers} workers")
    if arguments.out:
        arguments.out.write_text(part.to_json(), "utf-8")
    more = part.differences.to_pandas()
    more = more[(more["figure"] == "hired") & (more["by"] == "season")]
    print(more.sort_values("mean", ascending=False)[["scenario", "mean", "half_width", "p5", "p95"]].head(5).to_string(index=False))


if __name__ == "__main__":
    main()
