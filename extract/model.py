"""The frozen types that travel along the corridor: read → recognise → link → check → tabulate.

Offsets are everywhere code points into ``Document.text``, half-open: ``text[start:end]``.
Amounts are ``Decimal``. This module imports nothing of ours.
"""

import datetime as dt
import hashlib
import sys
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Literal, NamedTuple

KindName = Literal["money", "percent", "quantity", "date", "organisation", "claim"]
Modifier = Literal["", "about", "over", "under", "at_least", "at_most", "vague"]
Timex = Literal["DATE", "TIME", "DURATION", "SET"]
DateBasis = Literal["explicit", "document", "narrative", "none"]
ClaimType = Literal[
    "acquisition", "investment", "listing", "founding", "launch", "closure", "partnership", "personnel",
    "financial", "metric", "forecast", "plan", "legal", "ownership", "other",
]  # fmt: skip
Modality = Literal["asserted", "reported", "planned", "forecast", "possible", "negated"]
PublishedBasis = Literal["", "documents.csv", "text", "file"]


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One text as decoded, with what is known about it from outside the text.

    ``path`` is relative to the input folder, with ``/``. ``published`` is the day of publication where
    known, ``published_basis`` where that was learnt.
    """

    path: str
    text: str
    published: dt.date | None = None
    published_basis: PublishedBasis = ""
    title: str = ""
    author: str = ""
    source: str = ""

    @property
    def sha256(self) -> str:
        """Hex digest of the text as UTF-8: what offsets and fact ids rest on."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Token(NamedTuple):
    """A word or sign. ``head`` is the index of its governor in the sentence (its own index for the root).

    ``tag`` is a Penn Treebank tag, ``pos`` a Universal POS tag, ``dep`` a CLEAR-style dependency label.
    """

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int


class Sentence(NamedTuple):
    """A sentence, headline or bullet: its span without surrounding white space, and its tokens in order."""

    span: Span
    tokens: tuple[Token, ...]


# Whose names to go by: our own tagger's (for others see ``extract.language``).
OURS = ""


class Entity(NamedTuple):
    """A name as tagged (OntoNotes labels: ORG, PERSON, GPE, PRODUCT, …), and how likely that is right, 0 to 1."""

    span: Span
    label: str
    confidence: float = 1.0


@dataclass(frozen=True)
class Aliases:
    """What people have decided about names of organisations.

    ``same`` gives the canonical name that an alias stands for, ``different`` the pairs that are not to be taken for
    one. Names stand here as letters and digits without case, in ``different`` without legal form too.
    """

    same: Mapping[str, str] = field(default_factory=dict)
    different: frozenset[frozenset[str]] = frozenset()

    def differ(self, one: str, other: str) -> bool:
        """Whether the two are known to be different."""
        return frozenset({one, other}) in self.different

    def refuses(self, name: str) -> bool:
        """Whether there is a name that this one is not to be taken for."""
        return any(name in pair for pair in self.different)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with its sentences (in order, not overlapping) and tagged names: what every kind reads.

    ``aliases`` is what people have decided about names before.
    """

    document: Document
    sentences: tuple[Sentence, ...] = ()
    entities: tuple[Entity, ...] = ()
    aliases: Aliases = Aliases()

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds ``offset``, or the nearest one before it; None before the first."""
        index = bisect_right(self.sentences, (Span(offset, sys.maxsize),))
        return self.sentences[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range in full main units. A plain amount has equal ends; an open end is None."""

    minimum: Decimal | None
    maximum: Decimal | None
    unit: str
    modifier: Modifier = ""

    def figure(self) -> str:
        """``78000000``, ``5000000..7000000``, ``1000000000..`` (open above)."""
        if self.minimum == self.maximum:
            return plain(self.minimum)
        return f"{plain(self.minimum)}..{plain(self.maximum)}"

    def canonical(self) -> str:
        """The ``value`` cell of the fact table."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Money(Amount):
    """An amount of money; ``unit`` is an ISO 4217 code, or empty where the currency cannot be told."""

    kind: ClassVar[KindName] = "money"

    def canonical(self) -> str:
        """``CNY 500000000``."""
        return f"{self.unit} {self.figure()}".strip()


@dataclass(frozen=True, slots=True)
class Percent(Amount):
    """A share or rate; ``unit`` is ``percent``, ``pp`` (percentage points) or ``bp`` (basis points)."""

    kind: ClassVar[KindName] = "percent"

    def canonical(self) -> str:
        """``46.2%``, ``5..8%``, ``54.3 pp``."""
        return f"{self.figure()}%" if self.unit == "percent" else f"{self.figure()} {self.unit}"


@dataclass(frozen=True, slots=True)
class Quantity(Amount):
    """A count of things; ``unit`` is the head noun phrase, lower case, plural (``active users``, ``times``)."""

    kind: ClassVar[KindName] = "quantity"

    def canonical(self) -> str:
        """``41348000 active users``."""
        return f"{self.figure()} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class DateValue:
    """A TIMEX3 expression. ``value`` is empty where the text does not say; ``first`` and ``last`` are the days covered.

    For a range in one span (``June 2-5``) ``value`` is the start's and ``last`` the day it ends.
    """

    kind: ClassVar[KindName] = "date"
    timex: Timex
    value: str
    first: dt.date | None
    last: dt.date | None
    basis: DateBasis

    def canonical(self) -> str:
        """The TIMEX3 value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Organisation:
    """A mention of an organisation; ``name`` is its most complete form in the document."""

    kind: ClassVar[KindName] = "organisation"
    name: str

    def canonical(self) -> str:
        """The canonical name."""
        return self.name


class Key(NamedTuple):
    """What identifies a fact within its document. ``ordinal`` counts the claims of one sentence, else 0."""

    kind: KindName
    start: int
    end: int
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A check-worthy proposition: who, what, to whom, how much, when, how surely, says who.

    ``subject`` and ``object`` are canonical names or words of the text. ``figure`` is the main figure,
    ``date`` when it holds. ``source`` is the speaker, empty for the article itself. ``parts`` are the
    keys of the facts that belong to it. ``ordinal`` numbers the claims that share one span, from 0.
    """

    kind: ClassVar[KindName] = "claim"
    type: ClaimType
    subject: str
    object: str
    modality: Modality
    source: str = ""
    figure: Amount | None = None
    date: DateValue | None = None
    parts: tuple[Key, ...] = ()
    ordinal: int = 0

    def canonical(self) -> str:
        """``Acme: acquisition: Bolt, CNY 500000000, 2020-08-12 (asserted)``."""
        details = (
            self.object,
            self.figure.canonical() if self.figure else "",
            self.date.value if self.date else "",
        )
        said = f"{self.modality}, {self.source}" if self.source else self.modality
        return f"{self.subject}: {self.type}: {', '.join(filter(None, details))} ({said})"


Value = Money | Percent | Quantity | DateValue | Organisation | Claim


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason for a person to look: a documented ``code`` and, in a few words, what was seen or expected."""

    code: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact read at ``span``. ``rule`` names what made it; ``confidence`` lies in 0 … 1.

    ``notes`` is evidence that needs nobody's look (``arithmetic-confirmed``); ``flags`` is what does.
    """

    span: Span
    value: Value
    rule: str
    confidence: float
    flags: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> KindName:
        """The kind of the value."""
        return self.value.kind

    @property
    def key(self) -> Key:
        """What identifies the fact within its document."""
        value, (start, end) = self.value, self.span
        return Key(value.kind, start, end, value.ordinal if isinstance(value, Claim) else 0)


def plain(number: Decimal | None) -> str:
    """Decimal text without exponent, separators or trailing zeros; empty for None.

    >>> plain(Decimal("5.0E+8"))
    '500000000'
    """
    if number is None:
        return ""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def fact_id(sha256: str, key: Key) -> str:
    """``f`` and 12 hex digits: the same as long as the document's hash and the fact's place are."""
    told = f"{sha256}\x1f{key.kind}\x1f{key.start}\x1f{key.end}\x1f{key.ordinal}"
    return "f" + hashlib.sha256(told.encode()).hexdigest()[:12]
