"""Quantity: a number and what it counts ("41,348,000 active users", "400 cities", "10 times")."""

from collections.abc import Iterable, Sequence

from extract.kinds.quantity.rules import FLAGS, RULES, counts
from extract.model import Fact, Reading

__all__ = ["FLAGS", "RULES", "recognise"]


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """The counted things in the text that no kind in ``found`` has taken; a parsed text is read more surely."""
    return counts(reading, found)
