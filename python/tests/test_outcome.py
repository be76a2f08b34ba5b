"""Matching, writing, reading and verifying."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from conftest import STOCKHOLM, CommandLine

import feriematch
from feriematch.errors import Mismatch, UsageError

MECHANISMS = [
    "priority",
    "deferred-acceptance",
    "serial-dictatorship",
    "rank-maximal",
    "top-trading-cycles",
    "paper-lottery",
]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_outcome_is_that_of_the_command_line(
    season: feriematch.Season, mechanism: str, tmp_path: Path, feriematch_cli: CommandLine
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    outcome = season.match("a seed", mechanism=mechanism)  # type: ignore[arg-type]
    outcome.write(ours)
    printed = feriematch_cli("match", STOCKHOLM, "--seed", "a seed", "--mechanism", mechanism, "--out", theirs)
    assert files(ours) == files(theirs)
    assert sorted(files(ours)) == ["jobs.csv", "not-eligible.csv", "offers.csv", "outcome.json", "waiting-list.csv"]
    assert printed.startswith(outcome.summary())


def test_the_same_for_any_number_of_threads(season: feriematch.Season, outcome: feriematch.Outcome) -> None:
    for threads in (1, 2, 5):
        assert season.match(threads=threads).to_json() == outcome.to_json()
    assert season.match("another seed") != outcome
    with pytest.raises(ValueError):
        season.match(threads=0)


def test_what_is_written_is_read_again(outcome: feriematch.Outcome, season: feriematch.Season, tmp_path: Path) -> None:
    outcome.write(tmp_path / "outcome")
    for path in (tmp_path / "outcome", tmp_path / "outcome" / "outcome.json"):
        again = feriematch.Outcome.read(path, season)
        assert again == outcome
        assert again.offers.to_arrow() == outcome.offers.to_arrow()
    assert feriematch.Outcome.from_json(outcome.to_json(), season) == outcome
    assert (tmp_path / "outcome" / "outcome.json").read_text("utf-8") == outcome.to_json()


def test_nothing_else_is_overwritten(outcome: feriematch.Outcome, tmp_path: Path) -> None:
    outcome.write(tmp_path / "outcome")
    (tmp_path / "outcome" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match=r"holds `notes.txt`, which is not of an outcome"):
        outcome.write(tmp_path / "outcome")
    assert (tmp_path / "outcome" / "notes.txt").read_text("utf-8") == "mine"


def test_a_system_that_says_no(outcome: feriematch.Outcome, season: feriematch.Season, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        feriematch.Outcome.read(tmp_path / "nothing.json", season)
    assert caught.value.filename == str(tmp_path / "nothing.json")
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OSError):
        outcome.write(tmp_path / "file" / "outcome")


def test_a_right_outcome_is_verified(outcome: feriematch.Outcome, feriematch_cli: CommandLine, folder: Path) -> None:
    found = outcome.verify()
    assert found and found.ok and not found.refutations
    outcome.write(folder / "outcome")
    assert found.certificate == json.loads(feriematch_cli("verify", folder, "--format", "json"))


def test_a_forged_outcome_is_refuted(outcome: feriematch.Outcome, season: feriematch.Season) -> None:
    forged = json.loads(outcome.to_json())
    placed = next(decision for decision in forged["decisions"] if decision["verdict"] == "placed")
    waiting = next(decision for decision in forged["decisions"] if decision["verdict"] == "waiting")
    for key in ("job", "stream", "rank", "by"):
        waiting[key] = placed.pop(key)
    placed["verdict"], waiting["verdict"] = "waiting", "placed"
    placed["reasons"] = waiting.pop("reasons")
    found = feriematch.Outcome.from_json(json.dumps(forged), season).verify(threads=1)
    assert not found and not found.ok and found.certificate is None
    assert all(refutation.code and refutation.message for refutation in found.refutations)
    assert any(placed["applicant"] in refutation.message or waiting["applicant"] in refutation.message for refutation in found.refutations)


def test_an_outcome_of_another_season(outcome: feriematch.Outcome, folder: Path) -> None:
    jobs = folder / "jobs.csv"
    lines = jobs.read_text("utf-8").splitlines()
    at = lines[0].split(";").index("title")
    cells = lines[1].split(";")
    cells[at] = "Another title"
    jobs.write_text("\n".join([lines[0], ";".join(cells), *lines[2:]]) + "\n", "utf-8")
    other = feriematch.Season.read(folder)
    assert "season-changed" in {refutation.code for refutation in outcome.verify(other).refutations}
    moved = feriematch.Outcome.from_json(outcome.to_json(), other)
    with pytest.raises(Mismatch, match="made from other jobs"):
        _ = moved.offers
    with pytest.raises(Mismatch):
        moved.write(folder / "outcome")
    with pytest.raises(UsageError, match="this is not an outcome"):
        feriematch.Outcome.from_json("{}", other)


def test_other_threads_run_meanwhile(season: feriematch.Season) -> None:
    """With the lock held, this thread would count next to nothing while the other matches."""
    ticks = 0
    matching = threading.Thread(target=lambda: [season.match(str(seed), mechanism="rank-maximal") for seed in range(3)])
    matching.start()
    while matching.is_alive():
        ticks += 1
        time.sleep(0.001)
    assert ticks > 3
