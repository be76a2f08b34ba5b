"""What every test starts from: the season of 2015, whose people are invented, and the command line to compare with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import feriematch

CHECKOUT = Path(__file__).resolve().parents[2]
STOCKHOLM = CHECKOUT / "data" / "stockholm-2015"

SeasonFolder = Callable[[], Path]
CommandLine = Callable[..., str]


@pytest.fixture(scope="session")
def season() -> feriematch.Season:
    return feriematch.Season.read(STOCKHOLM)


@pytest.fixture(scope="session")
def outcome(season: feriematch.Season) -> feriematch.Outcome:
    return season.match()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the season, to change."""
    copy = tmp_path / "season"
    copy.mkdir()
    for name in ("season.toml", "applicants.csv", "jobs.csv"):
        shutil.copy(STOCKHOLM / name, copy / name)
    return copy


@pytest.fixture
def protected(folder: Path) -> Path:
    """A copy in which every fifth applicant has a name and a protected identity, and everybody is named."""
    lines = (folder / "applicants.csv").read_text("utf-8-sig").splitlines()
    header = lines[0].split(";")
    at = header.index("protected")
    rows = [";".join([*header, "name"])]
    for number, line in enumerate(lines[1:]):
        cells = line.split(";")
        if number % 5 == 0:
            cells[at] = "yes"
        rows.append(";".join([*cells, f"Namn{number}"]))
    (folder / "applicants.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def feriematch_cli() -> CommandLine:
    """The command line that the bindings are compared with: FERIEMATCH names the program."""
    program = os.environ.get("FERIEMATCH")
    if program is None:
        pytest.skip("FERIEMATCH does not name the command line's program")

    def run(*arguments: str | os.PathLike[str]) -> str:
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout

    return run
