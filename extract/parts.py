"""A run in parts, one a document: its lines of facts.csv, its text and its digest; and how parts become the output.

A part is valid when it is made, so that the tables of a run need not be held in memory to be validated. What validates
them is imported where it is needed, as it takes half a second.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Protocol

from extract import sources, table
from extract.checks import Finding
from extract.errors import SourceError, TableError
from extract.flags import FLAGS
from extract.model import Aliases
from extract.package import Draft, frame_of, lines
from extract.pipeline import (
    Corpus,
    Digest,
    Extracted,
    Settings,
    Tally,
    Unreadable,
    conclude,
    concluded,
    digest,
    extract,
    tally,
)
from extract.sources import Entry

if TYPE_CHECKING:
    import pandas as pd

Findings = Mapping[str, Sequence[Finding]]

# Bytes of documents whose facts are validated together: to begin it takes as long as a quarter of so many.
BATCH = 200_000

COLUMNS = [column.name for column in table.FACTS]


@dataclass(frozen=True, slots=True)
class Part:
    """What a document comes to: ``facts`` are its lines of facts.csv, ``seen`` is as in ``Extracted``."""

    digest: Digest
    text: str
    facts: str
    seen: Mapping[str, frozenset[str]]

    def finished(self, findings: Findings) -> "Finished":
        """The part with what the run found of its facts, by document."""
        found = findings.get(self.digest.path)
        if not found:
            return Finished(self.digest.path, self.text, self.facts, self.digest.tally)
        cells = frame_of(table.FACTS, self.facts).itertuples(index=False)
        rows = concluded((dict(zip(COLUMNS, row, strict=True)) for row in cells), found, self.seen)
        facts = lines(table.FACTS, ([str(row[name] or "") for name in COLUMNS] for row in rows))
        return Finished(self.digest.path, self.text, facts, tally(rows))


class Finished(NamedTuple):
    """What a document adds to the output: its text, its lines of facts.csv, and their tally."""

    path: str
    text: str
    facts: str
    tally: Tally


class Engine(Protocol):
    """Where a run takes place."""

    def digests(self) -> Iterator[Digest | Unreadable]:
        """The digest of each document, in order, its part kept somewhere."""

    def finished(self, digests: Iterable[Digest], findings: Findings) -> Iterator[Finished]:
        """The parts of these documents, in order, with what the run found of their facts."""


def batched(entries: Sequence[Entry], tasks: int = 1) -> list[list[Entry]]:
    """The entries in their order, in about ``tasks`` batches, or more: in each is what is worth validating at once."""
    sizes = [sources.size(entry) for entry in entries]
    most = min(BATCH, sum(sizes) // tasks)
    batches: list[list[Entry]] = []
    room = 0
    for entry, size in zip(entries, sizes, strict=True):
        if not batches or size > room:
            batches.append([])
            room = most
        batches[-1].append(entry)
        room -= size
    return batches


def parted(entries: Sequence[Entry], settings: Settings) -> list[Part | Unreadable]:
    """The parts of some files, in order. Raises TableError where a row breaks the schema: a fault of some rule."""
    from extract.validation import problems_of_documents

    results = [_extracted(entry, settings) for entry in entries]
    read = [result for result in results if isinstance(result, Extracted)]
    facts = table.texts(table.FACTS, (row for result in read for row in result.rows))
    documents = table.texts(table.DOCUMENTS, (table.document_row(result.document) for result in read))
    texts = {result.document.path: result.document.text for result in read}
    if found := problems_of_documents(_tables(facts=facts, documents=documents), texts, FLAGS):
        raise TableError("\n".join([f"the facts of {', '.join(texts)} break their schema:", *found]))
    rows = iter(facts)
    return [
        Part(digest(result), result.document.text, lines(table.FACTS, islice(rows, len(result.rows))), result.seen)
        if isinstance(result, Extracted)
        else result
        for result in results
    ]


def _extracted(entry: Entry, settings: Settings) -> Extracted | Unreadable:
    try:
        return extract(sources.read(entry), settings)
    except SourceError as error:
        return Unreadable(entry.path, str(error))


def write(draft: Draft, corpus: Corpus, engine: Engine, aliases: Aliases) -> Tally:
    """Fill an output folder in the making with what ``engine`` extracted; the tally of all facts and organisations.

    Raises TableError when what is said of the run breaks its schema, and when it cannot be written.
    """
    from extract.validation import problems_of_run

    conclusion = conclude(corpus, aliases)
    texts = {
        "organisations": table.texts(table.ORGANISATIONS, conclusion.organisations),
        "events": table.texts(table.EVENTS, conclusion.events),
    }
    named = {claim for event in conclusion.events for claim in str(event["members"]).split()}
    documents, claims = [], set[str]()
    for document in corpus:
        documents.append(document.row)
        if isinstance(document, Digest):
            claims |= named.intersection(claim.fact_id for claim in document.told)
    if found := problems_of_run(_tables(**texts), corpus.paths, claims, FLAGS):
        raise TableError("\n".join(["the tables of the run break their schema:", *found]))
    texts["documents"] = table.texts(table.DOCUMENTS, documents)
    for name, rows in texts.items():
        draft.add(name, lines(table.TABLES[name], rows))
    flags = [str(row["flags"]).split() for row in conclusion.organisations if row["flags"]]
    flagged = Counter(organisations=len(flags))
    kinds, codes = Counter[str](), Counter(code for row in flags for code in row)
    for finished in engine.finished(corpus.read, conclusion.findings):
        draft.add_text(finished.path, finished.text)
        draft.add("facts", finished.facts)
        kinds.update(finished.tally.kinds)
        codes.update(finished.tally.codes)
        flagged.update(finished.tally.flagged)
    return Tally(kinds, {name: flagged[name] for name in ("facts", "organisations")}, codes)


def _tables(**texts: Sequence[Sequence[str]]) -> "dict[str, pd.DataFrame]":
    return {name: table.of_texts(table.TABLES[name], rows) for name, rows in texts.items()}
