"""The whole flow, short enough to read in one sitting."""

from collections.abc import Mapping

from extract import language
from extract.kinds import KINDS
from extract.kinds.date import published
from extract.model import Document, Fact, Reading

# Every code a fact may carry, with its meaning.
FLAGS: Mapping[str, str] = {code: text for kind in KINDS.values() for code, text in kind.FLAGS.items()}


def facts(reading: Reading) -> list[Fact]:
    """The facts of one document, ordered by start, end, kind (and ordinal within a sentence)."""
    found: list[Fact] = []
    for kind in KINDS.values():
        found = sorted([*found, *kind.recognise(reading, found)], key=_place)
    return found


def read(document: Document) -> tuple[Reading, list[Fact]]:
    """One document read through: dated from its own header where nothing else dates it, analysed, recognised."""
    reading = language.read(published(document))
    return reading, facts(reading)


def _place(fact: Fact) -> tuple[int, int, str, int]:
    return (fact.span.start, fact.span.end, fact.kind, fact.key.ordinal)
