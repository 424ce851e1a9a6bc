"""Date: to be built."""

from collections.abc import Iterable, Mapping, Sequence

from extract.model import Document, Fact, Reading

RULES: frozenset[str] = frozenset()
FLAGS: Mapping[str, str] = {}


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """Nothing yet."""
    return []


def published(document: Document) -> Document:
    """The document, dated from its own header or dateline where nothing else dates it."""
    return document
