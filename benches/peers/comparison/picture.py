"""The picture of time against size, as SVG: both axes logarithmic, a line each solver, ours emphasised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from comparison.catalogue import GROWING_SIZES, OURS, PLACEMENT
from comparison.figures import grouped
from comparison.results import Results

WIDTH, HEIGHT = 740, 480
LEFT, RIGHT, TOP, BOTTOM = 64, 620, 48, 424
LABEL_GAP = 16
TITLE = "CPU time by applicants: feriematch selects and places, the others only place"

# The scheme is the reader's; the ground is drawn too, so that the picture can stand on any page.
STYLE = """
  svg { --ground: #ffffff; --ink: #1f2328; --dim: #59636e; --grid: #d8dee4; --ours: #b3420a; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #f0f6fc; --dim: #9198a1; --grid: #2f353d; --ours: #ff9d5c; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--dim); }
  .label { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
  .title { font-weight: 600; fill: var(--ink); }
  .grid { stroke: var(--grid); }
  .line { fill: none; stroke: var(--dim); stroke-width: 1.5; stroke-linejoin: round; }
  .point { fill: var(--dim); }
  .ours.line { stroke: var(--ours); stroke-width: 3.5; }
  .ours.point { fill: var(--ours); }
  .ours.label { fill: var(--ours); font-weight: 600; }
"""


@dataclass(frozen=True)
class Series:
    """A solver's points (applicants, seconds)."""

    label: str
    ours: bool
    points: list[tuple[float, float]]


@dataclass(frozen=True)
class Axes:
    """The exponents of ten that the picture spans."""

    least_x: float
    most_x: float
    least_y: int
    most_y: int

    @staticmethod
    def of(series: list[Series]) -> Axes:
        """Return axes that hold all points."""
        applicants = [x for one in series for x, _ in one.points]
        seconds = [y for one in series for _, y in one.points]
        return Axes(
            least_x=math.log10(min(applicants)) - 0.1,
            most_x=math.log10(max(applicants)) + 0.1,
            least_y=math.floor(math.log10(min(seconds))),
            most_y=math.ceil(math.log10(max(seconds))),
        )

    def x(self, applicants: float) -> float:
        """Return where a number of applicants is."""
        share = (math.log10(applicants) - self.least_x) / (self.most_x - self.least_x)
        return LEFT + share * (RIGHT - LEFT)

    def y(self, seconds: float) -> float:
        """Return where a time is."""
        share = (math.log10(seconds) - self.least_y) / (self.most_y - self.least_y)
        return BOTTOM - share * (BOTTOM - TOP)


def svg(results: Results) -> str:
    """Return the picture."""
    series = all_series(results)
    axes = Axes.of(series)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<title>{TITLE}</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--ground)"/>',
        f'<text class="title" x="16" y="24">{TITLE}</text>',
        *grid(results, axes),
        *(line for one in sorted(series, key=lambda one: one.ours) for line in drawn(one, axes)),
        *labels(series, axes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def all_series(results: Results) -> list[Series]:
    """Return the series of the solvers that answer where everybody goes."""
    series: list[Series] = []
    for solver in results.solvers:
        if solver.question == PLACEMENT and solver.label:
            times = [
                (results.instances[size]["applicants"], results.solve_seconds(solver.key, size))
                for size in GROWING_SIZES
                if size in results.instances
            ]
            points = [(applicants, seconds) for applicants, seconds in times if seconds]
            if points:
                series.append(Series(solver.label, solver.key == OURS[PLACEMENT], points))
    return series


def grid(results: Results, axes: Axes) -> Iterator[str]:
    """Yield a line for each power of ten of seconds, and one for each size."""
    for exponent in range(axes.least_y, axes.most_y + 1):
        y = axes.y(10.0**exponent)
        yield f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{power_of_ten(exponent)}</text>'
    for size in (size for size in GROWING_SIZES if size in results.instances):
        applicants = results.instances[size]["applicants"]
        x = axes.x(applicants)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{BOTTOM}"/>'
        yield f'<text x="{x:.1f}" y="{BOTTOM + 20}" text-anchor="middle">{size}</text>'
        yield f'<text x="{x:.1f}" y="{BOTTOM + 38}" text-anchor="middle">{grouped(applicants)}</text>'


def power_of_ten(exponent: int) -> str:
    """Return a time as 10 µs, 1 ms, 100 s."""
    for unit, shift in (("s", 0), ("ms", 3), ("µs", 6)):
        if exponent + shift >= 0:
            return f"{10 ** (exponent + shift)} {unit}"
    return f"{10 ** (exponent + 9)} ns"


def drawn(series: Series, axes: Axes) -> Iterator[str]:
    """Yield the line and the points of a series."""
    kind = "ours " if series.ours else ""
    places = [(axes.x(x), axes.y(y)) for x, y in series.points]
    yield f'<polyline class="{kind}line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
    for x, y in places:
        yield f'<circle class="{kind}point" cx="{x:.1f}" cy="{y:.1f}" r="{4 if series.ours else 3}"/>'


def labels(series: list[Series], axes: Axes) -> Iterator[str]:
    """Yield a label at the end of each line; those that end at the same size keep their distance."""
    below: dict[float, float] = {}
    for one in sorted(series, key=lambda one: one.points[-1][1], reverse=True):
        applicants, seconds = one.points[-1]
        y = max(axes.y(seconds) + 4, below.get(applicants, -math.inf) + LABEL_GAP)
        below[applicants] = y
        kind = "ours " if one.ours else ""
        yield f'<text class="{kind}label" x="{axes.x(applicants) + 10:.1f}" y="{y:.1f}">{escape(one.label)}</text>'
