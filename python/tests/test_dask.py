"""Studies on a cluster of this machine: the bytes of one process, also where a worker is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest
from conftest import STOCKHOLM

import feriematch
from feriematch import plan
from feriematch.dask import run
from feriematch.errors import InvalidInput

pytestmark = pytest.mark.filterwarnings("default")

SCENARIOS = """\
format = 1

[[scenarios]]
name = "preschools close"
close = [{ area = "preschool" }]

[[scenarios]]
name = "more places"
places = [{ percent = 110 }]
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[distributed.Client]:
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            memory_limit="1GiB",
            dashboard_address=":0",
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenarios") / "few.toml"
    file.write_text(SCENARIOS, "utf-8")
    return file


def in_one_process(scenarios: Path, seasons: int) -> plan.Part:
    return plan.whatif(plan.Scenarios.read(scenarios, feriematch.Season.read(STOCKHOLM)), seasons=seasons, seed="dask")


def test_the_bytes_of_one_process(client: distributed.Client, scenarios: Path) -> None:
    calls: list[tuple[int, int]] = []
    part = run(
        client, STOCKHOLM, scenarios=scenarios, seasons=7, seed="dask", shards=3, progress=lambda done, of: calls.append((done, of))
    )
    assert part.to_json() == in_one_process(scenarios, 7).to_json()
    assert calls == [(1, 3), (2, 3), (3, 3)]
    alone = run(client, STOCKHOLM, seasons=3, seed="dask")
    assert alone.to_json() == plan.capacity(feriematch.Season.read(STOCKHOLM), seasons=3, seed="dask").to_json()


def pids(client: distributed.Client) -> set[int]:
    found: dict[str, int] = client.run(os.getpid)
    return set(found.values())


def wait_for_others(client: distributed.Client, killed: set[int]) -> None:
    """Waits until there are two workers, none of them one that was killed."""
    for _ in range(300):
        try:
            now = pids(client)
        except OSError:
            now = killed
        if len(now) == 2 and not now & killed:
            return
        time.sleep(0.2)
    pytest.fail("the workers were not started again")


@pytest.mark.parametrize("how_many", [1, 2], ids=["one", "all"])
def test_killed_workers_change_nothing(client: distributed.Client, scenarios: Path, how_many: int) -> None:
    """Where all are killed, nobody has the files any more: they are sent again."""
    victims = set(sorted(pids(client))[:how_many])

    def kill(done: int, of: int) -> None:
        # In the middle: one task is done, others are being played.
        if done == 1:
            for pid in victims:
                os.kill(pid, signal.SIGKILL)

    part = run(client, STOCKHOLM, scenarios=scenarios, seasons=40, seed=f"dask {how_many}", shards=10, progress=kill)
    wait_for_others(client, victims)
    season = feriematch.Season.read(STOCKHOLM)
    alone = plan.whatif(plan.Scenarios.read(scenarios, season), seasons=40, seed=f"dask {how_many}")
    assert part.to_json() == alone.to_json()


def test_problems_of_the_files_are_raised_here(client: distributed.Client, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SCENARIOS.replace("preschool\"", "preschol\""), "utf-8")
    with pytest.raises(InvalidInput) as caught:
        run(client, STOCKHOLM, scenarios=file, seasons=2, seed="dask")
    assert [(problem.file, problem.line) for problem in caught.value.diagnostics] == [("mine.toml", 5)]
    with pytest.raises(FileNotFoundError):
        run(client, folder, seasons=2, seed="dask", assumptions=tmp_path / "nothing.toml")


def test_nothing_of_a_season_stays_on_disk(client: distributed.Client) -> None:
    run(client, STOCKHOLM, seasons=2, seed="dask")
    time.sleep(0.1)
    here = Path(os.environ.get("TMPDIR", "/tmp"))
    assert [path for path in here.glob("feriematch-*") if (path / "season.toml").exists()] == []
