"""Money: an amount and its currency ("$78 million", "500 million yuan", "50 pence", "billions of dollars")."""

from collections.abc import Iterable, Sequence

from extract.kinds.money.rules import FLAGS, RULES, amounts
from extract.model import Fact, Reading

__all__ = ["FLAGS", "RULES", "recognise"]


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:  # noqa: ARG001
    """The amounts of money in the text; works on the text alone."""
    return amounts(reading.text)
