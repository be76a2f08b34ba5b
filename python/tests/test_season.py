"""Reading and checking seasons."""

from __future__ import annotations

from pathlib import Path

import pytest

import feriematch
from feriematch.errors import FeriematchError, InvalidInput, UsageError


def test_a_season_tells_what_it_is(season: feriematch.Season) -> None:
    assert (season.applicants, season.jobs, season.places, season.year) == (1511, 218, 625, 2015)
    assert season.cohorts == [1995, 1996, 1997, 1998, 1999]
    assert (season.mechanism, season.placement) == ("priority", "least-total-rank")
    assert season.path.name == "stockholm-2015"
    assert "1511 applicants" in repr(season)


def test_check_gives_every_problem_with_its_place(folder: Path) -> None:
    jobs = folder / "jobs.csv"
    lines = jobs.read_text("utf-8").splitlines()
    lines[1] = lines[1].replace(";park;", ";parc;").replace(";culture;", ";culturr;").replace(";office;", ";offise;")
    text = "\n".join(lines) + "\n"
    jobs.write_text(text.replace(lines[2].split(";")[0] + ";", "=J 1;", 1), "utf-8")
    (folder / "season.toml").write_text((folder / "season.toml").read_text("utf-8").replace("year = 2015", "year = 1915"), "utf-8")

    with pytest.raises(InvalidInput) as caught:
        feriematch.Season.read(folder)
    problems = caught.value.diagnostics
    assert {problem.file for problem in problems} >= {"season.toml"}
    assert problems == tuple(feriematch.check(folder))
    for problem in problems:
        assert problem.code.startswith("F")
        assert problem.severity in ("error", "warning")
        assert str(problem).startswith(f"{problem.severity}[{problem.code}]: {problem.message}")
        if problem.line is not None:
            assert f"{problem.file}:{problem.line}:{problem.column}" in str(problem)
    assert isinstance(caught.value, (FeriematchError, ValueError))
    assert str(problems[0]) in str(caught.value)


def test_a_misspelt_area_is_found_with_what_was_meant(folder: Path) -> None:
    jobs = folder / "jobs.csv"
    lines = jobs.read_text("utf-8").splitlines()
    column = lines[0].lstrip("\ufeff").split(";").index("area")
    cells = lines[4].split(";")
    right = cells[column]
    cells[column] = right + "x"
    lines[4] = ";".join(cells)
    jobs.write_text("\n".join(lines) + "\n", "utf-8")

    errors = [problem for problem in feriematch.check(folder) if problem.severity == "error"]
    assert [(problem.file, problem.line) for problem in errors] == [("jobs.csv", 5)]
    assert errors[0].column == sum(len(cell) + 1 for cell in cells[:column]) + 1
    assert right in (errors[0].help or "")


def test_warnings_do_not_stop_a_season(season: feriematch.Season) -> None:
    assert all(problem.severity == "warning" for problem in season.check())


def test_a_lock_that_cannot_be_stops_the_match_and_not_the_reading(folder: Path) -> None:
    applicant = "A-0001"
    header = "kind;applicant_id;job_id;reason;by\n"
    jobs = [line.split(";")[0] for line in (folder / "jobs.csv").read_text("utf-8").splitlines()[1:]]
    for job in jobs:
        (folder / "overrides.csv").write_text(f"{header}lock;{applicant};{job};test;anna\n", "utf-8")
        season = feriematch.Season.read(folder)
        errors = [problem for problem in season.check() if problem.severity == "error"]
        if errors:
            break
    else:
        pytest.fail("the applicant may take every job")
    with pytest.raises(InvalidInput) as caught:
        season.match()
    assert errors[0] in caught.value.diagnostics
    assert (errors[0].file, errors[0].line) == ("overrides.csv", 2)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        feriematch.Season.read(tmp_path / "nowhere")
    assert [problem.severity for problem in feriematch.check(tmp_path / "nowhere")] == ["error"]


def test_unknown_names_say_what_was_meant(season: feriematch.Season) -> None:
    with pytest.raises(UsageError, match="did you mean `deferred-acceptance`") as caught:
        season.match(mechanism="deferred-aceptance")  # type: ignore[arg-type]
    assert caught.value.message == "there is no mechanism `deferred-aceptance`"
    with pytest.raises(UsageError, match="there is least-total-rank, rank-maximal"):
        season.match(placement="xyz")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="has no rule of placement"):
        season.match(mechanism="serial-dictatorship", placement="generous")
    with pytest.raises(UsageError, match="did you mean `utf-8`"):
        feriematch.Season.read(season.path, encoding="utf8")  # type: ignore[arg-type]


def test_a_season_without_a_seed_asks_for_one(folder: Path) -> None:
    settings = (folder / "season.toml").read_text("utf-8").splitlines()
    (folder / "season.toml").write_text("\n".join(line for line in settings if not line.startswith("seed")) + "\n", "utf-8")
    season = feriematch.Season.read(folder)
    assert season.seed is None
    with pytest.raises(UsageError, match="there is no seed"):
        season.match()
    assert season.match("a seed").seed == "a seed"
