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


@pytest.fixture(scope="session")
def feriematch_cli() -> CommandLine:
    """The command line that the bindings are compared with: FERIEMATCH names the program."""
    program = os.environ.get("FERIEMATCH")
    if program is None:
        pytest.skip("FERIEMATCH does not name the command line's program")

    def run(*arguments: str | os.PathLike[str]) -> str:
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout

    return run
