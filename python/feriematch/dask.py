"""Scenarios on a Dask cluster: seasons of a study are played in shards on its workers, and merged to the bytes of a study played in one piece.

    >>> from distributed import Client
    >>> from feriematch.dask import run
    >>> part = run(Client(), "data/stockholm-2015", scenarios="scenarios.toml", seasons=1000, seed="1")

Workers need this package and nothing else: the season's files are sent to them, and are on a worker's disk only while they are read. A shard whose
worker dies is played again by another, with the same result, since a season follows from the seed and its number alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
import threading
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from feriematch import plan
from feriematch._feriematch import Assumptions, Part, Scenarios, Season, __version__
from feriematch.errors import Mismatch, UsageError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["run"]

Files = Mapping[str, bytes]
"""The content of files, by their path within a season's folder."""

_SCENARIOS, _ASSUMPTIONS = "scenarios", "assumptions"
_TASKS_PER_THREAD = 4


def run(
    client: Client,
    season: str | os.PathLike[str],
    *,
    seasons: int,
    seed: str,
    scenarios: str | os.PathLike[str] | None = None,
    assumptions: str | os.PathLike[str] | None = None,
    shards: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    retries: int = 2,
) -> Part:
    """Plays a season, or scenarios beside it, on the workers of a cluster.

    ``season`` is the folder of a season, ``scenarios`` a file of scenarios and ``assumptions`` one of assumptions (planning.toml in the folder, if left
    out), all of them here: workers need no disk in common. ``shards`` is into how many parts the seasons are split, four for each of the cluster's
    threads if left out. ``progress`` is called with the number of shards that are merged and of all. A shard that fails is tried ``retries`` times again;
    one whose worker dies is played again as often as the scheduler's ``distributed.scheduler.allowed-failures`` says.

    Everything is read here first, so that problems of the files are raised before anything is sent: as by ``Season.read`` and ``plan.Scenarios.read``.
    """
    from distributed import as_completed

    threads = _check_workers(client)
    files = _files(Path(season), scenarios, assumptions)
    study = _read(files)
    batches = study.batches
    if shards is None:
        shards = -(-threads * _TASKS_PER_THREAD // batches)
    shards = min(shards, seasons)
    if shards < 1:
        raise UsageError("there is nothing to play", "ask for one season at least, in one shard at least")

    # The files are the argument of a task and not scattered, so that they are there again after every worker that had them has died.
    packed = _packed(files)
    digest = hashlib.blake2b(packed, digest_size=16).hexdigest()
    sent = client.submit(_unpacked, packed, key=f"feriematch-files-{digest}")
    of_study = f"{digest}-{hashlib.blake2b(repr((seed, seasons, shards)).encode(), digest_size=8).hexdigest()}"
    tasks = [(batch, f"{number}/{shards}") for batch in range(1, batches + 1) for number in range(1, shards + 1)]
    batch_of = {
        client.submit(
            _play, sent, digest, seasons, seed, batch, shard, key=f"feriematch-{of_study}-{batch}-{shard}", retries=retries
        ): batch
        for batch, shard in tasks
    }
    merged: dict[int, Part] = {}
    try:
        # Parts are merged as they come, so that none stays with a worker.
        for done, future in enumerate(as_completed(batch_of), 1):
            part = Part.from_json(zlib.decompress(future.result()).decode())
            batch = batch_of[future]
            merged[batch] = plan.merge([merged[batch], part]) if batch in merged else part
            future.release()
            if progress is not None:
                progress(done, len(tasks))
    finally:
        client.cancel(list(batch_of))
    return study.whole([merged[batch] for batch in range(1, batches + 1)])


def _check_workers(client: Client) -> int:
    """Returns how many threads the cluster has; refuses one whose workers cannot do what this process does."""
    found: dict[str, str | None] = client.run(_version_here)
    if not found:
        raise UsageError("the cluster has no workers", "start some, or wait with Client.wait_for_workers")
    others = {worker: version for worker, version in found.items() if version != __version__}
    if others:
        said = ", ".join(f"{worker} has {version or 'none'}" for worker, version in sorted(others.items()))
        raise Mismatch(f"workers need feriematch {__version__}: {said}", "install the same wheel everywhere")
    return sum(client.nthreads().values())


def _version_here() -> str | None:
    """Returns this process's version of the package."""
    try:
        import feriematch
    except ImportError:
        return None
    return feriematch.__version__


def _files(folder: Path, scenarios: str | os.PathLike[str] | None, assumptions: str | os.PathLike[str] | None) -> dict[str, bytes]:
    """Reads the files that a study follows from, and no others of the folder."""
    names = ["season.toml"] + [f"{table}{ending}" for table in ("applicants", "jobs", "overrides") for ending in (".csv", ".xlsx")]
    paths = {name: folder / name for name in names}
    paths.update({f"rules/{path.name}": path for path in folder.glob("rules/*.toml")})
    files = {name: path.read_bytes() for name, path in sorted(paths.items()) if path.is_file()}
    # The names are kept, since messages tell them.
    assumed = folder / "planning.toml" if assumptions is None else Path(assumptions)
    files[f"{_ASSUMPTIONS}/{assumed.name}"] = assumed.read_bytes()
    if scenarios is not None:
        files[f"{_SCENARIOS}/{Path(scenarios).name}"] = Path(scenarios).read_bytes()
    return files


class _Study:
    """A season, or scenarios of it, as a cluster plays them: in batches."""

    def __init__(self, season: Season, assumptions: Assumptions, scenarios: Scenarios | None) -> None:
        self._season, self._assumptions, self._scenarios = season, assumptions, scenarios
        self.batches = scenarios.batches if scenarios else 1

    def play(self, seasons: int, seed: str, batch: int, shard: str) -> Part:
        # A worker has as many tasks at once as it has threads.
        if self._scenarios is None:
            return plan.capacity(self._season, self._assumptions, seasons=seasons, seed=seed, shard=shard, threads=1)
        return plan.whatif(self._scenarios, seasons=seasons, seed=seed, batch=batch, shard=shard, threads=1)

    def whole(self, parts: list[Part]) -> Part:
        """Returns what all batches make, in order."""
        return parts[0] if self._scenarios is None else plan.side_by_side(parts)


def _read(files: Files) -> _Study:
    """Reads files, from a folder that nobody else may look into and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="feriematch-") as name:
        folder = Path(name)
        for path, content in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
        stated = {Path(path).parent.name: folder / path for path in files}
        season = Season.read(folder)
        assumptions = plan.Assumptions.read(stated[_ASSUMPTIONS], season)
        scenarios = plan.Scenarios.read(stated[_SCENARIOS], season, assumptions) if _SCENARIOS in stated else None
        return _Study(season, assumptions, scenarios)


def _packed(files: Files) -> bytes:
    """Returns files as few bytes that are the same for the same files."""
    return zlib.compress(json.dumps({path: base64.b85encode(content).decode() for path, content in sorted(files.items())}).encode())


def _unpacked(packed: bytes) -> dict[str, bytes]:
    found: dict[str, str] = json.loads(zlib.decompress(packed))
    return {path: base64.b85decode(content) for path, content in found.items()}


_reading = threading.Lock()
_last_read: tuple[str, _Study] | None = None


def _play(files: Files, digest: str, seasons: int, seed: str, batch: int, shard: str) -> bytes:
    """Plays a task on a worker. Of what it has read a worker keeps the last, for the tasks to come."""
    global _last_read
    with _reading:
        if _last_read is None or _last_read[0] != digest:
            _last_read = None
            _last_read = (digest, _read(files))
        study = _last_read[1]
    return zlib.compress(study.play(seasons, seed, batch, shard).to_json().encode())
