"""The whole flow, short enough to read in one sitting: read → recognise → heed reviewers → check → tabulate.

A document is taken from text to rows by itself (``extract``). What a run must know of it besides is its ``digest``, a
few kilobytes: from these the organisations and events of the run are told, and what documents say for and against each
other (``conclude``). How documents come to processes or machines is none of this file's business (``processes``,
``cluster``).
"""

import json
import pickle
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeVar, cast

from extract import checks, table
from extract.checks import events
from extract.flags import FLAGS as FLAGS
from extract.kinds import KINDS
from extract.kinds.date import published
from extract.kinds.organisation import register
from extract.kinds.organisation.recognise import GUESSED
from extract.model import OURS, Aliases, Amount, Document, Fact, KindName, Organisation, Quantity, Reading, Span
from extract.review import verdicts
from extract.review.decisions import Decision

if TYPE_CHECKING:
    import pandas as pd

# So many digests are held as they are, some 20 kilobytes each; of more, memory counts for more than time.
UNPACKED = 2_000

One = TypeVar("One")

# Start, end, kind, and ordinal among the claims of a sentence.
_Place = tuple[int, int, str, int]

# A reviewer qualifies an amount by this many words at most: "not more than".
_QUALIFIED = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may be told: what people have decided about names, and whose names to go by (see ``language``).

    ``decisions`` are what they have decided about facts, oldest first.
    """

    aliases: Aliases = field(default_factory=Aliases)
    ner: str = OURS
    decisions: tuple[Decision, ...] = ()

    def told(self) -> str:
        """The settings but for the decisions as one text, the same for the same settings."""
        different = sorted(sorted(pair) for pair in self.aliases.different)
        return json.dumps([self.ner, sorted(self.aliases.same.items()), different])

    def decided(self, path: str, sha256: str) -> str:
        """What was decided about a document as one text."""
        about = [each for each in self.decisions if each.document == path or each.sha256 == sha256]
        return json.dumps([asdict(decision) for decision in about])


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document, dated, and its rows of the fact table after review and the checks of the document.

    ``seen`` are the codes that reviewers have settled, by fact; ``reports`` tell what decision is not carried out.
    """

    document: Document
    rows: Sequence[checks.Row]
    seen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why, in words a user can act on."""

    path: str
    reason: str

    @property
    def row(self) -> Mapping[str, table.Cell]:
        """Its row of documents.csv."""
        return {"document": self.path, "status": f"unreadable: {self.reason}"}


class Tally(NamedTuple):
    """How many facts there are of each kind; how many rows of each table carry a flag, and which.

    What a reviewer refused counts as a fact, but its flag is nothing to look at.
    """

    kinds: Mapping[str, int]
    flagged: Mapping[str, int]
    codes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Digest:
    """What the rest of a run must know of a document.

    Its row of documents.csv, the names of its organisations, the claims that may tell of an event, its ``Tally``, how
    many words it has, and what decision is not carried out.
    """

    row: Mapping[str, table.Cell]
    names: register.Names
    told: Sequence[events.Told]
    tally: Tally
    words: int
    reports: Sequence[str]

    @property
    def path(self) -> str:
        """The document's name."""
        return str(self.row["document"])

    def packed(self) -> bytes:
        """The same in a tenth of the memory, for this process only."""
        return zlib.compress(pickle.dumps(self), 1)

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """What ``packed`` gave."""
        digest = pickle.loads(zlib.decompress(packed))  # noqa: S301 - of our own making, never from a file
        assert isinstance(digest, cls)
        return digest


class Conclusion(NamedTuple):
    """What the documents of a run say together.

    The rows of organisations.csv and events.csv, and what the checks across documents find of facts, by document.
    """

    organisations: Sequence[Mapping[str, table.Cell]]
    events: Sequence[Mapping[str, table.Cell]]
    findings: Mapping[str, Sequence[checks.Finding]]


def recognise(document: Document, settings: Settings = Settings()) -> tuple[Reading, list[Fact]]:
    """The facts of one document, ordered by start, end, kind (and ordinal among the claims of a sentence)."""
    from extract import language  # loads spaCy: a run that finds all documents kept can do without

    reading = replace(language.read(published(document), settings.ner), aliases=settings.aliases)
    placed: list[tuple[_Place, Fact]] = []
    for kind in KINDS.values():
        facts = kind.recognise(reading, [fact for _, fact in placed])
        placed += [(_place(fact), fact) for fact in facts]
        placed.sort(key=itemgetter(0))
    return reading, [fact for _, fact in placed]


def extract(document: Document, settings: Settings = Settings()) -> Extracted:
    """One document from text to rows. What it gives depends on nothing but the document and the settings."""
    reading, facts = recognise(document, settings)
    after = verdicts.reviewed(reading, facts, settings.decisions, partial(normalise, settings=settings))
    checked = {row["fact_id"]: row for row in checks.checked(checks.Story(reading.document, _held(after.rows)))}
    rows = [verdicts.settled(checked.get(row["fact_id"], row), after.seen) for row in after.rows]
    return Extracted(reading.document, rows, after.seen, after.reports)


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


def digest(result: Extracted) -> Digest:
    """What a run must know of a document."""
    document, held = result.document, _held(result.rows)
    mentions = [
        register.Mention(
            quote=str(row["quote"]),
            name=str(row["value"]),
            guessed=GUESSED in str(row["flags"] or "").split(),
            sentence=str(row["sentence"] or ""),
        )
        for row in held
        if row["kind"] == "organisation"
    ]
    return Digest(
        row=table.document_row(document),
        names=register.names_of(document.path, mentions),
        told=events.told(checks.Story(document, held)),
        tally=tally(result.rows),
        words=len(document.text.split()),
        reports=result.reports,
    )


def tally(rows: Iterable[checks.Row]) -> Tally:
    """The counts of some rows of the fact table."""
    rows = list(rows)
    flags = [str(row["flags"]).split() for row in _held(rows) if row["flags"]]
    codes = Counter(code for row in flags for code in row)
    return Tally(dict(Counter(str(row["kind"]) for row in rows)), {"facts": len(flags)}, dict(codes))


class Held(Generic[One]):
    """What a run holds of its documents, in order; digests after the first ``UNPACKED`` in a kilobyte or two each."""

    def __init__(self, ones: Iterable[One]) -> None:
        self._held: list[One | bytes] = []
        for one in ones:
            self._held.append(one.packed() if isinstance(one, Digest) and len(self._held) >= UNPACKED else one)

    def __iter__(self) -> Iterator[One]:
        for one in self._held:
            yield cast(One, Digest.unpacked(one)) if isinstance(one, bytes) else one


class Corpus:
    """The documents of a run in their order.

    Of those that have one text all but the first are left out as copies, and are ``unreadable`` like what could not be
    read. ``words`` is how many there are in all, ``reports`` tell what decisions are not carried out.
    """

    def __init__(self, documents: Iterable[Digest | Unreadable]) -> None:
        self.words = 0
        self.reports: list[str] = []
        self.unreadable: list[Unreadable] = []
        self._paths: dict[table.Cell, str] = {}  # by the hash of the text
        self._documents = Held(map(self._counted, documents))

    def _counted(self, document: Digest | Unreadable) -> Digest | Unreadable:
        if isinstance(document, Digest):
            original = self._paths.setdefault(document.row["sha256"], document.path)
            if original == document.path:
                self.words += document.words
                self.reports += document.reports
                return document
            document = Unreadable(document.path, f"has the same text as {original}, whose facts stand for both")
        self.unreadable.append(document)
        return document

    def __iter__(self) -> Iterator[Digest | Unreadable]:
        return iter(self._documents)

    @property
    def read(self) -> Iterator[Digest]:
        """Those that could be read."""
        return (document for document in self if isinstance(document, Digest))

    @property
    def paths(self) -> set[str]:
        """The names of those that could be read."""
        return set(self._paths.values())

    def not_concerned(self, decisions: Iterable[Decision]) -> int:
        """How many decisions are about none of the documents read."""
        here = {*self._paths.values(), *self._paths}
        return sum(here.isdisjoint((decision.document, decision.sha256)) for decision in decisions)


def conclude(corpus: Corpus, aliases: Aliases) -> Conclusion:
    """What the documents of a run say together."""
    organised = register.register((digest.names for digest in corpus.read), aliases)
    names = {name: each.name for each in organised for name in each.names}
    found, told = events.compared(lambda: (claim for digest in corpus.read for claim in digest.told), names)
    return Conclusion([_organisation_row(each) for each in organised], told, found)


def concluded(
    rows: Iterable[checks.Row], findings: Iterable[checks.Finding], seen: Mapping[str, frozenset[str]]
) -> list[checks.Row]:
    """The rows of a document with what was found of them across documents, but for flags that a reviewer settled."""
    of: dict[str, list[checks.Finding]] = {}
    for finding in findings:
        of.setdefault(finding.fact_id, []).append(finding)
    return [
        verdicts.settled(checks.noted(row, of[str(row["fact_id"])]), seen) if row["fact_id"] in of else row
        for row in rows
    ]


def tables(results: Sequence[Extracted | Unreadable], settings: Settings = Settings()) -> "dict[str, pd.DataFrame]":
    """The tables of a run that fits into memory, as ``table.TABLES`` names them."""
    corpus = Corpus(digest(result) if isinstance(result, Extracted) else result for result in results)
    read = corpus.paths
    conclusion = conclude(corpus, settings.aliases)
    facts = (
        concluded(result.rows, conclusion.findings.get(result.document.path, ()), result.seen)
        for result in results
        if isinstance(result, Extracted) and result.document.path in read
    )
    return {
        "facts": table.frame(table.FACTS, (row for rows in facts for row in rows)),
        "documents": table.frame(table.DOCUMENTS, (document.row for document in corpus)),
        "organisations": table.frame(table.ORGANISATIONS, conclusion.organisations),
        "events": table.frame(table.EVENTS, conclusion.events),
    }


def _held(rows: Iterable[checks.Row]) -> list[checks.Row]:
    """The rows that are facts: those that no reviewer has refused."""
    return [row for row in rows if row["status"] != "rejected"]


def _organisation_row(organised: register.Organised) -> dict[str, table.Cell]:
    return {
        "organisation": organised.name,
        "kind": organised.sort or None,
        "aliases": "; ".join(organised.aliases) or None,
        "mentions": organised.mentions,
        "documents": organised.documents,
        "first_seen": organised.first_seen,
        "flags": " ".join(sorted(organised.flags)) or None,
        "evidence": "; ".join(organised.flags[code] for code in sorted(organised.flags)) or None,
    }


def _place(fact: Fact) -> _Place:
    kind, start, end, ordinal = fact.key
    return start, end, kind, ordinal
