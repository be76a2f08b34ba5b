"""Studies: the bytes of the command line, in shards, merged in any order."""

from __future__ import annotations

import csv
import io
import pickle
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import STOCKHOLM, CommandLine

import feriematch
from feriematch import plan
from feriematch.errors import InvalidInput, Mismatch, UsageError

SEASONS = 12
SCENARIOS = STOCKHOLM / "scenarios.toml"
FEW = """\
format = 1

[[scenarios]]
name = "preschools close"
close = [{ area = "preschool" }]

[[grids]]
name = "places"

[[grids.axes]]
name = "%"
levels = [{ name = "90", places = [{ percent = 90 }] }, { name = "110", places = [{ percent = 110 }] }]
"""


@pytest.fixture(scope="module")
def whole(season: feriematch.Season) -> plan.Part:
    return plan.capacity(season, seasons=SEASONS, seed="x")


@pytest.fixture(scope="module")
def scenarios(season: feriematch.Season, tmp_path_factory: pytest.TempPathFactory) -> plan.Scenarios:
    file = tmp_path_factory.mktemp("scenarios") / "few.toml"
    file.write_text(FEW, "utf-8")
    return plan.Scenarios.read(file, season)


def test_capacity_is_that_of_the_command_line(whole: plan.Part, tmp_path: Path, feriematch_cli: CommandLine) -> None:
    file = tmp_path / "part.json"
    printed = feriematch_cli(
        "plan", "capacity", STOCKHOLM, "--seasons", str(SEASONS), "--seed", "x", "--out", file, "--format", "csv"
    )
    assert whole.to_json() == file.read_text("utf-8")
    assert plan.Part.read(file) == whole
    rows = whole.figures.to_arrow().to_pylist()
    lines = list(csv.DictReader(io.StringIO(printed)))
    assert len(lines) == len(rows) > 50
    for line, row in zip(lines, rows, strict=True):
        assert (line["figure"], line["by"], line["key"]) == (row["figure"], row["by"], row["key"] or "")
        for column in ("mean", "half_width", "sd", "p5", "p50", "p95", "min", "max"):
            assert (Decimal(line[column]) if line[column] else None) == row[column], (line, column)


def test_shards_merge_to_the_whole_in_any_order(season: feriematch.Season, whole: plan.Part, feriematch_cli: CommandLine, tmp_path: Path) -> None:
    parts = [plan.capacity(season, seasons=SEASONS, seed="x", shard=f"{number}/3", threads=1) for number in (3, 1, 2)]
    assert parts[0].shards == ["3/3"] and parts[0].missing == ["1/3", "2/3"]
    assert (parts[0].played, parts[0].seasons, parts[0].seed) == (SEASONS // 3, SEASONS, "x")
    assert plan.merge(parts) == whole
    assert plan.merge([plan.merge(parts[:2]), parts[2]]).to_json() == whole.to_json()
    assert pickle.loads(pickle.dumps(parts[1])) == parts[1]
    file = tmp_path / "theirs.json"
    feriematch_cli("plan", "capacity", STOCKHOLM, "--seasons", str(SEASONS), "--seed", "x", "--shard", "2/3", "--out", file)
    assert file.read_text("utf-8") == parts[2].to_json()


def test_what_does_not_belong_together_is_not_merged(season: feriematch.Season, whole: plan.Part) -> None:
    first = plan.capacity(season, seasons=2, seed="x", shard="1/2")
    with pytest.raises(Mismatch, match="seasons of 1/2, which an earlier one has"):
        plan.merge([first, first])
    with pytest.raises(Mismatch, match="its seed is another"):
        plan.merge([first, plan.capacity(season, seasons=2, seed="y", shard="2/2")])
    with pytest.raises(Mismatch, match="another study"):
        plan.merge([first, whole])
    with pytest.raises(Mismatch, match="no part"):
        plan.merge([])
    with pytest.raises(UsageError, match="is not a part of a study"):
        plan.Part.from_json("{}")
    for shard in ("3/2", "0/2", "half"):
        with pytest.raises(UsageError, match="is not a part such as 2/8"):
            plan.capacity(season, seasons=2, seed="x", shard=shard)


def test_assumptions_have_their_problems_told(season: feriematch.Season, tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_text('[[answers]]\ndistrict = "norrmalmm"\ndeclined = "22 of 19"\n', "utf-8")
    with pytest.raises(InvalidInput) as caught:
        plan.Assumptions.read(file, season)
    found = {(problem.file, problem.line) for problem in caught.value.diagnostics}
    assert found == {("odd.toml", 2), ("odd.toml", 3)}
    assert "did you mean `norrmalm`?" in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == caught.value.diagnostics
    file.write_text('[[answers]]\ndeclined = "1 of 10"\n', "utf-8")
    assumptions = plan.Assumptions.read(file, season)
    assert plan.capacity(season, assumptions, seasons=2, seed="x") != plan.capacity(season, seasons=2, seed="x")


def test_without_assumptions_it_says_what_to_write(folder: Path) -> None:
    season = feriematch.Season.read(folder)
    with pytest.raises(UsageError, match="nothing says how many offers are declined"):
        plan.capacity(season, seasons=2, seed="x")


def test_scenarios_are_played_beside_the_season(scenarios: plan.Scenarios) -> None:
    assert scenarios.names == ["preschools close", "places: % 90", "places: % 110"]
    assert len(scenarios) == 3
    calls: list[tuple[int, int]] = []
    whole = plan.whatif(scenarios, seasons=4, seed="x", progress=lambda done, of: calls.append((done, of)))
    assert sorted(calls) == [(number, calls[0][1]) for number in range(1, calls[0][1] + 1)]
    parts = [plan.whatif(scenarios, seasons=4, seed="x", shard=f"{number}/2", threads=number) for number in (1, 2)]
    assert plan.merge(parts).to_json() == whole.to_json()
    assert whole.scenarios[1:] == scenarios.names
    assert scenarios.batches == 1
    with pytest.raises(UsageError, match="there is no batch 2"):
        plan.whatif(scenarios, seasons=1, seed="x", batch=2)
    rows = whole.differences.to_arrow().to_pylist()
    hired = {row["scenario"]: row["mean"] for row in rows if row["figure"] == "hired" and row["by"] == "season"}
    assert hired["preschools close"] < 0 < hired["places: % 110"]
    assert set(hired) == set(scenarios.names)


@pytest.mark.skipif(sys.platform == "win32", reason="there SIGINT cannot be sent to one process")
def test_ctrl_c_ends_a_study() -> None:
    program = (
        "import feriematch, sys\n"
        f"season = feriematch.Season.read({str(STOCKHOLM)!r})\n"
        "told = lambda done, of: print(done, flush=True) if done == 1 else None\n"
        "try:\n"
        "    feriematch.plan.capacity(season, seasons=10_000_000, seed='x', progress=told)\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(7)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None and running.stdout.readline() == "1\n"
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 7


def test_batches_stand_side_by_side(season: feriematch.Season, tmp_path: Path, feriematch_cli: CommandLine) -> None:
    levels = ", ".join(f'{{ name = "{percent}", places = [{{ percent = {percent} }}] }}' for percent in range(1, 70))
    file = tmp_path / "many.toml"
    file.write_text(f'format = 1\n[[grids]]\nname = "places"\n[[grids.axes]]\nname = "%"\nlevels = [{levels}]\n', "utf-8")
    scenarios = plan.Scenarios.read(file, season)
    assert (len(scenarios), scenarios.batches) == (69, 2)
    batches = [plan.whatif(scenarios, seasons=2, seed="x", batch=batch) for batch in (1, 2)]
    whole = plan.side_by_side(batches)
    assert whole.scenarios == ["as it is", *scenarios.names]
    part = tmp_path / "part.json"
    feriematch_cli("plan", "whatif", STOCKHOLM, file, "--seasons", "2", "--seed", "x", "--out", part)
    assert whole.to_json() == part.read_text("utf-8")
    with pytest.raises(Mismatch, match="seed is another"):
        plan.side_by_side([batches[0], plan.whatif(scenarios, seasons=2, seed="y", batch=2)])


def test_what_progress_raises_loses_nothing(scenarios: plan.Scenarios, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(str(unraisable.exc_value)))

    def fail(done: int, of: int) -> None:
        raise RuntimeError("no terminal")

    assert plan.whatif(scenarios, seasons=2, seed="x", progress=fail).played == 2
    assert told == ["no terminal", "no terminal"]


def test_small_groups_with_a_protected_identity_are_masked(folder: Path) -> None:
    lines = (folder / "applicants.csv").read_text("utf-8-sig").splitlines()
    header = lines[0].split(";")
    born, protected = header.index("birth_date"), header.index("protected")
    rows = [line.split(";") for line in lines[1:]]
    old = [row for row in rows if "1995" in row[born]]
    for row in old[2:]:
        rows.remove(row)
    old[0][protected] = "yes"
    (folder / "applicants.csv").write_text("\n".join([";".join(header), *map(";".join, rows)]) + "\n", "utf-8")
    (folder / "planning.toml").write_text((STOCKHOLM / "planning.toml").read_text("utf-8"), "utf-8")
    part = plan.capacity(feriematch.Season.read(folder), seasons=2, seed="x")
    masked = [row for row in part.figures.to_arrow().to_pylist() if row["masked"]]
    assert {row["key"] for row in masked if row["by"] == "cohort"} >= {"1995"}
    assert all(row["mean"] is row["min"] is row["p50"] is None for row in masked)
