"""Percent: to be built."""

from collections.abc import Iterable, Mapping, Sequence

from extract.model import Fact, Reading

RULES: frozenset[str] = frozenset()
FLAGS: Mapping[str, str] = {}


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """Nothing yet."""
    return []
