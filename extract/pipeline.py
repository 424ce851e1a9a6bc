"""The whole flow, short enough to read in one sitting: read → recognise → heed reviewers → check → tabulate."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

import pandas as pd

from extract import cache, checks, language, sources, table
from extract.errors import SourceError
from extract.flags import FLAGS as FLAGS
from extract.kinds import KINDS
from extract.kinds.date import published
from extract.kinds.organisation import register
from extract.kinds.organisation.recognise import GUESSED
from extract.model import Aliases, Amount, Document, Fact, KindName, Organisation, Quantity, Reading, Span
from extract.review import verdicts
from extract.review.decisions import Decision
from extract.sources import Entry

# A reviewer qualifies an amount by this many words at most: "not more than".
_QUALIFIED = 3

# A file, and where what is extracted from it is kept.
Work = tuple[Entry, Path | None]

# To start a process takes as long as so many documents; so many are given to each ahead of their turn.
WORTH_A_PROCESS = 8
AHEAD = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told: what people have decided about names, and whose names to go by (see ``language``).

    ``decisions`` are what they have decided about facts, oldest first.
    """

    aliases: Aliases = field(default_factory=Aliases)
    ner: str = language.OURS
    decisions: tuple[Decision, ...] = ()

    def told(self) -> str:
        """The settings but for the decisions as one text, the same for the same settings."""
        different = sorted(sorted(pair) for pair in self.aliases.different)
        return json.dumps([self.ner, sorted(self.aliases.same.items()), different])

    def decided(self, document: Document) -> str:
        """What was decided about a document as one text."""
        sha256 = document.sha256 if self.decisions else ""
        about = [each for each in self.decisions if each.document == document.path or each.sha256 == sha256]
        return json.dumps([asdict(decision) for decision in about])


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document, dated, and its rows of the fact table after review.

    ``seen`` are the codes that reviewers have settled, by fact; ``reports`` tell what decision is not carried out.
    """

    document: Document
    rows: list[dict[str, table.Cell]]
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reports: Sequence[str] = ()

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


def recognise(document: Document, settings: Settings = Settings()) -> tuple[Reading, list[Fact]]:
    """The facts of one document, ordered by start, end, kind (and ordinal among the claims of a sentence)."""
    reading = replace(language.read(published(document), settings.ner), aliases=settings.aliases)
    found: list[Fact] = []
    for kind in KINDS.values():
        found = sorted([*found, *kind.recognise(reading, found)], key=_place)
    return reading, found


def extract(document: Document, settings: Settings = Settings()) -> Extracted:
    """One document from text to rows. What it gives depends on nothing but the document and the settings."""
    reading, facts = recognise(document, settings)
    after = verdicts.reviewed(reading, facts, settings.decisions, partial(normalise, settings=settings))
    return Extracted(reading.document, after.rows, after.seen, after.reports)


def normalise(kind: KindName, words: str, document: Document, settings: Settings = Settings()) -> Fact | None:
    """The fact of ``kind`` that ``words`` say, read as a text of the document's day; its span lies in ``words``.

    None unless they say one such fact and nothing beside it but what it is called or how it is qualified. A name may
    also be one that the document holds.
    """
    words = " ".join(words.split())
    if kind == "organisation" and not words.islower() and words in document.text:
        return Fact(span=Span(0, len(words)), value=Organisation(words), rule="review", confidence=1)
    _, facts = recognise(replace(document, text=words), settings)
    said = [fact for fact in facts if fact.kind == kind]
    if len(said) != 1:
        return None
    fact, value = said[0], said[0].value
    beside = re.findall(r"\w+", f"{words[: fact.span.start]} {words[fact.span.end :]}")
    called = len(value.unit.split()) if isinstance(value, Quantity) else 0
    qualified = _QUALIFIED if isinstance(value, Amount) and value.modifier else 0
    return fact if len(beside) <= called + qualified else None


def run(
    entries: Sequence[Entry], jobs: int = 1, settings: Settings = Settings(), kept: Path | None = None
) -> Iterator[Extracted | Unreadable]:
    """Each entry read and extracted, in the order given, in up to ``jobs`` processes.

    ``kept`` is a folder in which what is extracted is kept, and taken from where nothing it rests on has changed (see
    ``cache``). A document at which a process dies, as it does when memory runs out, is unreadable; the rest goes on.
    """
    store = cache.Cache(kept, settings.told(), settings.decided) if kept and settings.ner == language.OURS else None
    places = [store.place(entry) if store else None for entry in entries]
    known = [store.load(place) if store and place else None for place in places]
    missing = [(entry, place) for entry, place, found in zip(entries, places, known, strict=True) if not found]
    fresh = _fresh(missing, min(jobs, 1 + len(missing) // WORTH_A_PROCESS), partial(_extract, settings, store))
    for found in known:
        yield Extracted(*found) if found else next(fresh)
    if store:
        store.keep_only([place for place in places if place])


def _fresh(
    waiting: Iterable[Work], jobs: int, step: Callable[[Work], Extracted | Unreadable]
) -> Iterator[Extracted | Unreadable]:
    """What ``step`` makes of each, in order. Where a process dies, the first unfinished one is tried alone."""
    if jobs == 1:
        yield from map(step, waiting)
        return
    left = deque(waiting)
    while left:
        try:
            with _processes(jobs) as processes:
                ahead = deque[Future[Extracted | Unreadable]]()
                for work in tuple(left):
                    ahead.append(processes.submit(step, work))
                    if len(ahead) == AHEAD * jobs:
                        yield ahead.popleft().result()
                        left.popleft()
                while ahead:
                    yield ahead.popleft().result()
                    left.popleft()
        except BrokenProcessPool:
            work = left.popleft()
            try:
                with _processes(1) as process:
                    yield process.submit(step, work).result()
            except BrokenProcessPool:
                yield Unreadable(work[0].path, "its extraction was killed, perhaps for want of memory")


@contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that leave an interruption from the keyboard to this one, and what is not begun when it comes."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=signal, initargs=(SIGINT, SIG_IGN))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def tables(results: Sequence[Extracted | Unreadable], settings: Settings = Settings()) -> dict[str, pd.DataFrame]:
    """The tables of a run, as ``table.TABLES`` names them."""
    read = [result for result in results if isinstance(result, Extracted)]
    named = organised(read, settings)
    told = stories(read, named)
    checked = {row["fact_id"]: row for row in checks.checked(told)}
    facts = [verdicts.settled(checked.get(row["fact_id"], row), result.seen) for result in read for row in result.rows]
    return {
        "facts": table.frame(table.FACTS, facts),
        "documents": table.frame(table.DOCUMENTS, (result.document_row for result in results)),
        "organisations": table.frame(table.ORGANISATIONS, map(_organisation_row, named)),
        "events": table.frame(table.EVENTS, checks.events.rows(told)),
    }


def not_concerned(decisions: Iterable[Decision], read: Iterable[Extracted]) -> int:
    """How many decisions are about none of the documents read."""
    here = {name for result in read for name in (result.path, result.document.sha256)}
    return sum(decision.document not in here and decision.sha256 not in here for decision in decisions)


def stories(read: Sequence[Extracted], named: Iterable[register.Organised]) -> list[checks.Story]:
    """The documents of a run as the checks read them, given its organisations."""
    names: dict[str, dict[str, str]] = {result.path: {} for result in read}
    for each in named:
        for mention in each.mentions:
            names[mention.document][mention.name] = each.name
    return [checks.Story(result.document, _facts(result), names[result.path]) for result in read]


def organised(read: Sequence[Extracted], settings: Settings = Settings()) -> list[register.Organised]:
    """The organisations of a run."""
    mentions = [
        register.Mention(
            document=result.path,
            quote=str(row["quote"]),
            name=str(row["value"]),
            guessed=GUESSED in str(row["flags"] or "").split(),
            sentence=str(row["sentence"] or ""),
        )
        for result in read
        for row in _facts(result)
        if row["kind"] == "organisation"
    ]
    return register.register(mentions, settings.aliases)


def _facts(result: Extracted) -> list[dict[str, table.Cell]]:
    """The rows that are facts: those that no reviewer has refused."""
    return [row for row in result.rows if row["status"] != "rejected"]


def _organisation_row(organised: register.Organised) -> dict[str, table.Cell]:
    return {
        "organisation": organised.name,
        "kind": organised.sort or None,
        "aliases": "; ".join(organised.aliases) or None,
        "mentions": len(organised.mentions),
        "documents": len({mention.document for mention in organised.mentions}),
        "first_seen": organised.mentions[0].document,
        "flags": " ".join(sorted(organised.flags)) or None,
        "evidence": "; ".join(organised.flags[code] for code in sorted(organised.flags)) or None,
    }


def _extract(settings: Settings, store: cache.Cache | None, work: Work) -> Extracted | Unreadable:
    entry, place = work
    try:
        result = extract(sources.read(entry), settings)
    except SourceError as error:
        return Unreadable(entry.path, str(error))
    if store and place:
        store.store(place, result.document, result.rows, result.seen, result.reports)
    return result


def _place(fact: Fact) -> tuple[int, int, str, int]:
    return (fact.span.start, fact.span.end, fact.kind, fact.key.ordinal)
