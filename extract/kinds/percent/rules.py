"""Shares and rates: a number of the shared grammar and "percent", "percentage points" or "basis points"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.kinds import context, numbers
from extract.kinds.data import data
from extract.kinds.numbers import Doubt, Number
from extract.model import Fact, Flag, Percent, Span

RULES = frozenset({"percent", "percentage-points", "basis-points", "range", "elliptical"})
FLAGS = {
    "doubtful-number": numbers.DOUBTFUL_NUMBER,
    "elliptical-unit": numbers.ELLIPTICAL_UNIT,
}

_GAP = rf"(?:{numbers.GAP}|-)"
_PERCENT = rf"(?:per{_GAP}?cents?|pct\.?)"
_UNIT = re.compile(
    rf"(?P<share>{_GAP}(?:of{_GAP})?(?:an?{_GAP}|one{_GAP})?)?"
    rf"(?:{_GAP}?(?P<pp>%{_GAP}?points?|(?:percentage|{_PERCENT}){_GAP}?(?:points?|pts?)|pp|ppts?|pps)"
    rf"|{_GAP}?(?P<bp>basis{_GAP}points?|bps?|bpts?)"
    rf"|{_GAP}?(?P<percent>{_PERCENT}|[%％﹪]))(?![a-z0-9])"
)
# As editors put into a quotation what the speaker left out: "up to 3 (percent)".
_INSERTED = re.compile(rf"{numbers.GAP}?[(\[](?:(?P<pp>percentage{numbers.GAP}points?)|(?P<percent>{_PERCENT}))[)\]]")
_STARTS = frozenset(" \t\r\n\u00a0\u202f\u2009-%％﹪pbo)")
_NOT_SHARES = frozenset(data(__package__, "vocabulary.toml")["not-shares"].split())
_RULE = {"percent": "percent", "pp": "percentage-points", "bp": "basis-points"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A number with its unit beside it: the span, the number's value, the unit."""

    start: int
    end: int
    value: Decimal
    unit: str
    number: Number


def shares(text: str) -> list[Fact]:
    """The percentages, percentage points and basis points of a text, ordered, not overlapping."""
    low = numbers.lowered(text)
    found = numbers.scan(text)
    marks: list[Mark | None] = []
    done = 0
    for number in found:
        mark = _mark(low, number) if number.start >= done else None  # a quarter of one percent is one
        done = mark.end if mark else done
        marks.append(mark)
    return list(_facts(low, found, marks))


def _mark(low: str, number: Number) -> Mark | None:
    """The number with the unit that follows it, and the sign before it; None where it is no share."""
    at = number.end
    if number.glued or low[at : at + 1] not in _STARTS or number.open_ended:
        return None
    start, value = number.start, number.value
    if low[at : at + 2] == ")%" and low[start - 1 : start] == "(":  # accounts style: (5.3)%
        return Mark(start - 1, at + 2, -value, "percent", number)
    match = _UNIT.match(low, at) or _INSERTED.match(low, at)
    if match is None or (number.bare_scale and not _is_part(number)):
        return None
    share = match.groupdict().get("share") or ""
    if share.strip(" \t\r\n-\u00a0") and not _is_part(number):
        return None
    unit = str(match.lastgroup)
    before = low[start - 1 : start]
    if before and before in "-−+" and not number.words and (start == 1 or low[start - 2] in " \n\t("):
        start, value = start - 1, value if before == "+" else -value
    elif low.endswith("minus ", 0, start) and not low.endswith("or minus ", 0, start):
        start, value = start - len("minus "), -value
    return Mark(start, match.end(), value, unit, number)


def _is_part(number: Number) -> bool:
    """Whether the number is a part of one: "half a percent", "three-quarters of a percentage point"."""
    return 0 < number.value < 1


def _facts(low: str, found: Sequence[Number], marks: Sequence[Mark | None]) -> Iterator[Fact]:
    index = 0
    while index < len(found):
        mark = marks[index]
        following = marks[index + 1] if index + 1 < len(found) else None
        if following and (joined := _join(low, found[index], mark, following)):
            yield from joined
            index += 2
            continue
        if mark:
            yield _fact(low, mark)
        index += 1


def _join(low: str, first: Number, mark: Mark | None, following: Mark) -> list[Fact]:
    """A number before a share: the low end of a range ("5-8 percent"), or one of a list ("6 and 13 percent")."""
    left = mark or Mark(first.start, first.end, first.value, following.unit, first)
    word = context.connector(low, left.end, following.number.start)
    if not word or word == "or" or first.glued or first.open_ended or left.unit != following.unit:
        return []
    if not mark and (first.scaled or first.bare_scale or context.is_year(low, first)):
        return []
    rule = _RULE[left.unit] if mark else "elliptical"
    between = context.says_between(low, left.start)
    if word == "and" and not between:
        if mark or not _NOT_SHARES.isdisjoint(low[max(0, first.start - 12) : first.start].split()[-1:]):
            return []
        return [_fact(low, left, rule, "its unit follows the next number"), _fact(low, following)]
    if (
        word == "to"
        and not between
        and (context.is_change(low, left.start) or (mark and context.is_move(low, left.start)))
    ):
        return [_fact(low, left, rule), _fact(low, following)]
    top = following.number.value if word == "-" else following.value
    if left.value >= top:
        return []
    number = following.number._replace(doubt=following.number.doubt or first.doubt)
    whole = replace(following, start=left.start, value=top, number=number)
    return [_fact(low, whole, "range", lowest=left.value)]


def _fact(low: str, mark: Mark, rule: str = "", borrowed: str = "", *, lowest: Decimal | None = None) -> Fact:
    """The fact of a mark, by the rule of its unit unless another is named; ``lowest`` is the low end of a range."""
    flags = numbers.doubts(low, mark.number, Doubt.FRACTION, Doubt.POINT)
    if borrowed:
        flags += (Flag("elliptical-unit", borrowed),)
    modifier = context.modifier(low, mark.start, mark.end)
    return Fact(
        span=Span(mark.start, mark.end),
        value=Percent(mark.value if lowest is None else lowest, mark.value, mark.unit, modifier),
        rule=rule or _RULE[mark.unit],
        confidence=0.6 if flags else 0.98,
        flags=flags,
    )
