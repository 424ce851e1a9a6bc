"""Percent: shares and rates ("46.2%", "5-8 percent", "54.3 percentage points", "25 basis points")."""

from collections.abc import Iterable, Sequence

from extract.kinds.percent.rules import FLAGS, RULES, shares
from extract.model import Fact, Reading

__all__ = ["FLAGS", "RULES", "recognise"]


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:  # noqa: ARG001
    """The shares and rates in the text; works on the text alone."""
    return shares(reading.text)
