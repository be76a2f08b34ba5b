"""Studies on a cluster of this machine: the bytes of one process, also where a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
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
            dashboard_address=None,
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


def test_a_killed_worker_changes_nothing(client: distributed.Client, scenarios: Path) -> None:
    workers = client.run(os.getpid)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        # In the middle: some shards are merged, others are being played.
        if not killed:
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    part = run(client, STOCKHOLM, scenarios=scenarios, seasons=40, seed="dask", shards=10, progress=kill)
    assert killed
    client.wait_for_workers(2, timeout=60)
    assert killed[0] not in client.run(os.getpid).values()
    assert part.to_json() == in_one_process(scenarios, 40).to_json()


def test_every_worker_killed_changes_nothing(client: distributed.Client, scenarios: Path) -> None:
    """The files are sent again."""
    pids = list(client.run(os.getpid).values())

    def kill() -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    killer = threading.Timer(1.0, kill)
    killer.start()
    part = run(client, STOCKHOLM, scenarios=scenarios, seasons=48, seed="dask", shards=6)
    killer.join()
    assert part.to_json() == in_one_process(scenarios, 48).to_json()


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
