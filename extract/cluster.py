"""A run on a Dask cluster: the same parts of documents as on one machine, made by its workers.

The workers read the files where they lie and hold the parts; Dask makes anew what is lost with a worker. The digests
come to the machine that asked, where what the documents say together is told; then each worker writes the facts of its
documents as Parquet to ``parts/`` in the output folder, and their lines go into the one table.
"""

import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import Self, cast

from extract import cache, table
from extract.errors import ClusterError, InputError, TableError, needs
from extract.exports import writers
from extract.flags import FLAGS
from extract.package import frame_of
from extract.parts import Findings, Finished, Part, batched, parted
from extract.pipeline import Digest, Settings, Unreadable
from extract.sources import Entry

with needs("cluster"):
    from distributed import Client, Future, KilledWorker
    from upath import UPath

# So many tasks at least for each worker, so that none waits long for another.
TASKS = 4
# Seconds within which the scheduler must answer and a worker be there.
PATIENCE = 30

PARTS = "parts"

# The language model works for one thread at a time, however many a worker has.
_MODEL = Lock()

Found = list[Part | Unreadable]


class Cluster:
    """A run of ``entries`` on the cluster whose scheduler is at ``address``; the parts are written below ``out``.

    The entries' files and ``out`` must be what every worker reaches under the same name. Raises ClusterError where the
    cluster cannot be reached, or a worker has another version of what extraction stands on.
    """

    def __init__(self, entries: Sequence[Entry], out: Path, address: str, settings: Settings) -> None:
        self._client = _client(address)
        self._batches = batched(entries, TASKS * len(self._client.nthreads()))
        self._parts = out / PARTS
        self._settings = settings
        self._found: list[tuple[Future[Found], list[str]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def digests(self) -> Iterator[Digest | Unreadable]:
        """The digest of each entry, in the order given; its part stays with a worker.

        A document at which workers die again and again is unreadable; the rest goes on.
        """
        begun = deque(map(self._begin, self._batches))
        for batch in self._batches:
            try:
                yield from self._done(*begun.popleft())
            except KilledWorker:
                for entry in batch:
                    try:
                        yield from self._done(*self._begin([entry]))
                    except KilledWorker:
                        yield Unreadable(entry.path, "its extraction was killed, perhaps for want of memory")

    def finished(self, digests: Iterable[Digest], findings: Findings) -> Iterator[Finished]:
        """The parts of these documents, in order, with what the run found of their facts; as Parquet, too.

        Raises ClusterError where the workers die of it, TableError where they cannot write.
        """
        wanted = {digest.path for digest in digests}
        begun = deque[Future[list[Finished]]]()
        for number, (found, paths) in enumerate(self._found):
            about = {path: findings.get(path, ()) for path in paths if path in wanted}
            file = self._parts / f"part-{number:05}.parquet"
            begun.append(self._client.submit(_finished, found, about, file, pure=False))
        while begun:
            try:
                yield from begun.popleft().result()
            except KilledWorker as error:
                raise ClusterError(f"workers die at writing their facts to {self._parts}: {error}") from error
        _forget(self._parts, len(self._found))

    def _begin(self, batch: Sequence[Entry]) -> tuple["Future[Found]", "Future[list[Digest | Unreadable]]"]:
        found = self._client.submit(_parted, batch, self._settings, pure=False)
        return found, self._client.submit(_digests, found, pure=False)

    def _done(
        self, found: "Future[Found]", digests: "Future[list[Digest | Unreadable]]"
    ) -> Sequence[Digest | Unreadable]:
        told = digests.result()
        self._found.append((found, [digest.path for digest in told]))
        return told


def place(address: str) -> Path:
    """The file or folder at an address that fsspec knows (``s3://bucket/folder``); it has the methods of a Path.

    Raises InputError where there is no such store, or it cannot be asked.
    """
    try:
        found = UPath(address)
        found.exists()
    except Exception as error:  # whatever the library of a store raises
        raise InputError(f"{address}: cannot be reached: {str(error).splitlines()[0]}") from error
    return Path(found.path) if found.protocol in ("", "file", "local") else cast(Path, found)


@contextmanager
def uploaded(out: Path) -> Iterator[Path]:
    """A folder here, whose files go to ``out`` at the end of the block, the descriptor with the hashes last.

    Nothing goes there where the block is left by an exception. Raises TableError where ``out`` cannot be written to.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        try:
            for file in sorted(files, key=lambda file: file.name == "datapackage.json"):
                target = cast(UPath, out / file.relative_to(folder).as_posix())
                target.parent.mkdir(parents=True, exist_ok=True)
                target.fs.put_file(str(file), target.path)
        except Exception as error:  # whatever the library of a store raises
            raise TableError(f"{out}: cannot be written: {error}") from error


def _client(address: str) -> "Client":
    with ExitStack() as left:
        try:
            client: Client = left.enter_context(Client(address, timeout=PATIENCE))
            client.wait_for_workers(1, timeout=PATIENCE)
            versions = client.run(cache.version)
        except (OSError, ValueError) as error:
            raise ClusterError(f"{address}: no Dask cluster with a worker is there: {error}") from error
        except ImportError as error:
            raise ClusterError(f"{address}: its workers cannot run this project: {error}; install it there") from error
        if other := [worker for worker, version in versions.items() if version != cache.version()]:
            raise ClusterError(f"{other[0]}: has another version of Python or of this project than here; install ours")
        left.pop_all()
    return client


def _parted(entries: Sequence[Entry], settings: Settings) -> Found:
    with _MODEL:
        return parted(entries, settings)


def _digests(found: Found) -> list[Digest | Unreadable]:
    return [part.digest if isinstance(part, Part) else part for part in found]


def _finished(found: Found, findings: Findings, file: Path) -> list[Finished]:
    """The parts that ``findings`` names, with what it says of their facts, and these as Parquet in ``file``."""
    parts = [part for part in found if isinstance(part, Part) and part.digest.path in findings]
    finished = [part.finished(findings) for part in parts]
    facts = table.typed(table.FACTS, frame_of(table.FACTS, "".join(part.facts for part in finished)))
    (write,) = writers(["parquet"]).values()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(write({"facts": facts}, FLAGS))
    except OSError as error:
        raise TableError(f"{file}: cannot be written: {error}") from error
    return finished


def _forget(parts: Path, number: int) -> None:
    """Delete the parts that an earlier run has left from ``number`` on."""
    for file in parts.glob("part-*.parquet") if parts.is_dir() else ():
        if int(file.stem.removeprefix("part-")) >= number:
            file.unlink()
