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
from extract.parts import Findings, Finished, Part, parted
from extract.pipeline import Digest, Settings, Unreadable
from extract.sources import Entry

# To start a process takes as long as so many documents.
WORTH_A_PROCESS = 8
# So many documents at most are validated together, and so many batches given to each process ahead of their turn.
BATCH = 8
AHEAD = 2

# A file, and where its part is kept; None for a file that cannot be read.
Work = tuple[Entry, Path | None]
Step = Callable[[Sequence[Work]], Sequence[Digest | Unreadable]]


class Processes:
    """A run of ``entries`` in up to ``jobs`` processes, whose parts are kept in ``folder``.

    What ``folder`` holds of an earlier run is taken from there where nothing it rests on has changed (see ``cache``).
    """

    def __init__(self, entries: Sequence[Entry], folder: Path, jobs: int, settings: Settings) -> None:
        self._cache = Cache(folder, settings.told(), settings.decided)
        self._settings = settings
        self._jobs = jobs
        self._work = [(entry, self._cache.place(entry)) for entry in entries]
        self._places = {entry.path: place for entry, place in self._work if place}

    def digests(self) -> Iterator[Digest | Unreadable]:
        """The digest of each entry, in the order given, its part kept.

        A document at which a process dies, as it does when memory runs out, is unreadable; the rest goes on.
        """
        known = [self._cache.digest(place) if place else None for _, place in self._work]
        missing = [work for work, found in zip(self._work, known, strict=True) if not found]
        jobs = min(self._jobs, 1 + len(missing) // WORTH_A_PROCESS)
        fresh = extracted(missing, jobs, partial(_extract, self._settings, self._cache))
        for found in known:
            yield found or next(fresh)

    def finished(self, digests: Iterable[Digest], findings: Findings) -> Iterator[Finished]:
        """The parts of these documents, in order; then what is kept of others is deleted."""
        for digest in digests:
            yield self._cache.load(digest, self._places[digest.path]).finished(findings)
        self._cache.keep_only(self._places.values())


def extracted(waiting: Sequence[Work], jobs: int, step: Step) -> Iterator[Digest | Unreadable]:
    """What ``step`` makes of each, in order. Where a process dies, the first unfinished batch is tried one by one."""
    size = min(BATCH, 1 + len(waiting) // (2 * jobs * AHEAD))
    left = deque(waiting[start : start + size] for start in range(0, len(waiting), size))
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


def _one_by_one(batch: Iterable[Work], step: Step) -> Iterator[Digest | Unreadable]:
    left = deque(batch)
    while left:
        try:
            with _processes(1) as process:
                while left:
                    yield from process.submit(step, [left[0]]).result()
                    left.popleft()
        except BrokenProcessPool:
            entry, _ = left.popleft()
            yield Unreadable(entry.path, "its extraction was killed, perhaps for want of memory")


@contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that leave an interruption from the keyboard to this one, and what is not begun when it comes."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _extract(settings: Settings, cache: Cache, batch: Sequence[Work]) -> list[Digest | Unreadable]:
    """The digests of some documents, their parts kept."""
    found = parted([entry for entry, _ in batch], settings)
    for (_, place), part in zip(batch, found, strict=True):
        if isinstance(part, Part):
            assert place, "what can be read now could be read before"
            cache.store(place, part)
    return [part.digest if isinstance(part, Part) else part for part in found]
