"""Amounts of money: a number of the shared grammar, the currency beside it, and what joins two of them.

The order of work: every number that has a currency beside it becomes a mark (marks.py); neighbouring marks
and bare numbers join to ranges ("$5-7 million"), move apart ("rose from 5 to 7 million euros") or take the
currency of the amount they continue ("3bn euros and another 640m"), and one amount may translate another
(joins.py); what comes out is qualified here: currency resolved, modifier, flags.
"""

import re

from extract.kinds import context, numbers
from extract.kinds.money.evidence import Evidence
from extract.kinds.money.joins import joined, pair
from extract.kinds.money.marks import Mark, marks, single_units
from extract.model import Fact, Flag, Money, Span

RULES = frozenset(
    {
        "symbol-amount",
        "named-amount",
        "minor-unit",
        "one-unit",
        "compound",
        "range",
        "elliptical",
        "vague-amount",
        "paired-conversion",
    }
)
FLAGS = {
    "ambiguous-currency": "Several currencies share the name or sign, and the text does not settle which is meant.",
    "elliptical-currency": "The amount names no currency; it was taken from an amount nearby, not right beside it.",
    "vague-amount": "An order of magnitude only (billions of dollars); the value is the least it can mean.",
    "doubtful-number": numbers.DOUBTFUL_NUMBER,
    "doubtful-range": "The two ends of the range lie oddly: a scale may have been left out.",
    "maybe-weight": "Pounds may be a weight here, not money.",
    "maybe-scaled": "The text says that its figures are in thousands or millions, and this one names no scale.",
}


def amounts(text: str) -> list[Fact]:
    """The amounts of money in a text, ordered, not overlapping."""
    low = numbers.lowered(text)
    found = numbers.scan(text)
    evidence = Evidence(text)
    made = list(joined(text, low, found, marks(text, low, found, evidence)))
    made = sorted([*made, *single_units(low, made)], key=lambda mark: mark.start)
    pair(text, made, evidence)
    return [_fact(low, mark, evidence) for mark in made]


def _fact(low: str, mark: Mark, evidence: Evidence) -> Fact:
    code, split = (mark.unit.code, "") if mark.unit.code else evidence.resolve(mark.unit.family)
    flags = list(mark.doubts)
    if mark.unit.family == "dollar" and mark.unit.share < 1:
        code, split = evidence.cents()
    elif mark.unit.family == "penny":
        code, split = evidence.pennies()
    if split or not code:
        flags.append(Flag("ambiguous-currency", split or "no currency can be told"))
    if mark.unit.family == "pound" and _may_be_weight(low, mark, evidence):
        flags.append(Flag("maybe-weight", "pounds of what?"))
    number = mark.number
    if not number.scaled and (said := evidence.figures_in()):
        flags.append(Flag("maybe-scaled", said))
    flags += numbers.doubts(low, number)
    lowest, highest = mark.low * mark.unit.share, None if mark.high is None else mark.high * mark.unit.share
    if mark.unit.whole and not number.scaled and re.fullmatch(r"\d{1,3}\.\d{3}", low[number.start : number.end]):
        lowest, highest = lowest * 1000, lowest * 1000
        flags.append(Flag("doubtful-number", "a point read as thousands separator"))
    modifier = "vague" if mark.high is None else context.modifier(low, mark.start, mark.end)
    confidence = 0.6 if flags else 0.9 if mark.rule == "elliptical" else 0.97
    return Fact(
        span=Span(mark.start, mark.end),
        value=Money(lowest, highest, code, modifier),
        rule=mark.rule,
        confidence=confidence,
        flags=tuple(flags),
        notes=mark.notes,
    )


def _may_be_weight(low: str, mark: Mark, evidence: Evidence) -> bool:
    """Whether these pounds could be a weight: nothing but the word says that they are money."""
    if mark.unit.share != 1 or mark.notes:
        return False
    if not mark.number.scaled:
        return "." not in low[mark.start : mark.end] and not any(map(evidence.says, ("£", "pence", "sterling")))
    return low.startswith(" of ", mark.end) and not evidence.supports("GBP")
