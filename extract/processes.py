"""A run on this machine: documents to processes, their parts to disk, and from there to the output.

What a process holds is bounded by the batch that it works on; only the digests of all documents are held together.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

from extract.cache import Cache
from extract.parts import Findings, Finished, Part, batched, parted
from extract.pipeline import Digest, Held, Settings, Unreadable
from extract.sources import Entry

# To start a process takes as long as so many documents; so many batches are given to each ahead of their turn.
WORTH_A_PROCESS = 8
AHEAD = 2

Step = Callable[[Sequence[Entry]], Sequence[Digest | Unreadable]]


class Processes:
    """A run of ``entries`` in up to ``jobs`` processes, whose parts are kept in ``folder``.

    What ``folder`` holds of an earlier run is taken from there where nothing it rests on has changed (see ``cache``).
    """

    def __init__(self, entries: Sequence[Entry], folder: Path, jobs: int, settings: Settings) -> None:
        self._cache = Cache(folder, settings.told(), settings.decided)
        self._settings = settings
        self._jobs = jobs
        self._entries = entries
        self._places = {entry.path: self._cache.place(entry) for entry in entries}

    def digests(self) -> Iterator[Digest | Unreadable]:
        """The digest of each entry, in the order given, its part kept.

        A document at which a process dies, as it does when memory runs out, is unreadable; the rest goes on.
        """
        missing: list[Entry] = []
        known = Held(self._known(missing))
        jobs = min(self._jobs, 1 + len(missing) // WORTH_A_PROCESS)
        batches = batched(missing, 2 * AHEAD * jobs)
        fresh = extracted(batches, jobs, partial(_extract, self._settings, self._cache))
        for found in known:
            yield found or next(fresh)

    def _known(self, missing: list[Entry]) -> Iterator[Digest | None]:
        """The digest of each entry where one is kept; the other entries are added to ``missing``."""
        for entry in self._entries:
            place = self._places[entry.path]
            found = self._cache.digest(place) if place else None
            if not found:
                missing.append(entry)
            yield found

    def finished(self, digests: Iterable[Digest], findings: Findings) -> Iterator[Finished]:
        """The parts of these documents, in order; then what is kept of others is deleted."""
        for digest in digests:
            yield self._cache.load(digest, self._places[digest.path]).finished(findings)
        self._cache.keep_only(filter(None, self._places.values()))


def extracted(batches: Iterable[Sequence[Entry]], jobs: int, step: Step) -> Iterator[Digest | Unreadable]:
    """What ``step`` makes of each, in order. Where a process dies, the first unfinished batch is tried one by one."""
    left = deque(batches)
    if jobs == 1:
        yield from (found for batch in left for found in step(batch))
        return
    while left:
        try:
            with _processes(jobs) as processes:
                ahead = deque[Future[Sequence[Digest | Unreadable]]]()
                for batch in tuple(left):
                    ahead.append(processes.submit(step, batch))
                    if len(ahead) == AHEAD * jobs:
                        yield from ahead.popleft().result()
                        left.popleft()
                while ahead:
                    yield from ahead.popleft().result()
                    left.popleft()
        except BrokenProcessPool:
            yield from _one_by_one(left.popleft(), step)


def _one_by_one(batch: Iterable[Entry], step: Step) -> Iterator[Digest | Unreadable]:
    left = deque(batch)
    while left:
        try:
            with _processes(1) as process:
                while left:
                    yield from process.submit(step, [left[0]]).result()
                    left.popleft()
        except BrokenProcessPool:
            yield Unreadable(left.popleft().path, "its extraction was killed, perhaps for want of memory")


@contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that leave an interruption from the keyboard to this one, and what is not begun when it comes."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _extract(settings: Settings, cache: Cache, entries: Sequence[Entry]) -> list[Digest | Unreadable]:
    """The digests of some documents, their parts kept."""
    found = parted(entries, settings)
    for entry, part in zip(entries, found, strict=True):
        if isinstance(part, Part):
            cache.store(entry, part)
    return [part.digest if isinstance(part, Part) else part for part in found]
