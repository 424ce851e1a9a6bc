"""The whole flow, short enough to read in one sitting: read → recognise → tabulate."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from extract import language, sources, table
from extract.errors import ExtractError, SourceError
from extract.kinds import KINDS
from extract.kinds.date import published
from extract.model import Document, Fact, Reading
from extract.sources import Entry

# Every code a fact may carry, with its meaning.
FLAGS: Mapping[str, str] = {code: text for kind in KINDS.values() for code, text in kind.FLAGS.items()}


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document, dated, and its rows of the fact table."""

    document: Document
    rows: list[dict[str, table.Cell]]

    @property
    def path(self) -> str:
        """The document's name."""
        return self.document.path

    @property
    def document_row(self) -> dict[str, table.Cell]:
        """Its row of documents.csv."""
        return table.document_row(self.document)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why, in words a user can act on."""

    path: str
    reason: str

    @property
    def document_row(self) -> dict[str, table.Cell]:
        """Its row of documents.csv."""
        return {"document": self.path, "status": f"unreadable: {self.reason}"}


def recognise(document: Document) -> tuple[Reading, list[Fact]]:
    """The facts of one document, ordered by start, end, kind (and ordinal among the claims of a sentence)."""
    reading = language.read(published(document))
    found: list[Fact] = []
    for kind in KINDS.values():
        found = sorted([*found, *kind.recognise(reading, found)], key=_place)
    return reading, found


def extract(document: Document) -> Extracted:
    """One document from text to rows. What it gives depends on nothing but the document."""
    reading, facts = recognise(document)
    return Extracted(reading.document, table.rows(reading, facts))


def run(entries: Iterable[Entry], jobs: int = 1) -> Iterator[Extracted | Unreadable]:
    """Each entry read and extracted, in the order given, in ``jobs`` processes.

    Raises ExtractError when a worker process dies, as it does when memory runs out.
    """
    if jobs == 1:
        yield from map(_extract, entries)
        return
    try:
        with ProcessPoolExecutor(jobs, get_context("spawn")) as workers:
            yield from workers.map(_extract, entries)
    except BrokenProcessPool as error:
        raise ExtractError("a worker process died, perhaps for want of memory; try a smaller --jobs") from error


def _extract(entry: Entry) -> Extracted | Unreadable:
    try:
        return extract(sources.read(entry))
    except SourceError as error:
        return Unreadable(entry.path, str(error))


def _place(fact: Fact) -> tuple[int, int, str, int]:
    return (fact.span.start, fact.span.end, fact.kind, fact.key.ordinal)
