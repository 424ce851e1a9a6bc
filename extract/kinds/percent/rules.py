"""Shares and rates: a number of the shared grammar and "percent", "percentage points" or "basis points"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.kinds import numbers
from extract.kinds.numbers import Number
from extract.model import Fact, Flag, Percent, Span

RULES = frozenset({"percent", "percentage-points", "basis-points", "range", "elliptical"})
FLAGS = {
    "doubtful-number": "The digits could be read otherwise (a decimal comma, a space between groups, a fraction).",
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
_STARTS = frozenset(" \t\r\n\u00a0\u202f\u2009-%％﹪pbo)")
_RULE = {"percent": "percent", "pp": "percentage-points", "bp": "basis-points"}


# Before a number these show that it is no share: "Article 5 and 10 percent", "in 9 and 10 percent of cases".
_NOT_SHARES = (["in"], ["on"], ["at"], ["since"], ["until"], ["article"], ["chapter"], ["section"], ["page"], ["no."])


@dataclass(slots=True)
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
    marks = [_mark(low, number) for number in found]
    return list(_facts(low, found, marks))


def _mark(low: str, number: Number) -> Mark | None:
    at = number.end
    if number.glued or low[at : at + 1] not in _STARTS or number.open_ended:
        return None
    start, value = number.start, number.value
    if low[at : at + 2] == ")%" and low[start - 1 : start] == "(":  # accounts style: (5.3)%
        return Mark(start - 1, at + 2, -value, "percent", number)
    match = _UNIT.match(low, at)
    if match is None or (number.bare_scale and not _is_part(number)):
        return None
    if match["share"] and not _is_part(number) and match["share"].strip(" \t\r\n-\u00a0"):
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
            yield _fact(low, mark.start, mark.end, mark.value, mark.value, mark.unit, mark.number, _RULE[mark.unit])
        index += 1


def _join(low: str, first: Number, mark: Mark | None, following: Mark) -> list[Fact]:
    """A number before a share: the low end of a range ("5-8 percent"), or one of a list ("6 and 13 percent")."""
    left = mark.end if mark else first.end
    word = numbers.connector(low, left, following.number.start)
    if not word or first.glued or first.open_ended or (mark and mark.unit != following.unit):
        return []
    if not mark and (first.scaled or first.bare_scale or numbers.is_year(low, first)):
        return []
    start = mark.start if mark else first.start
    value = mark.value if mark else first.value
    top = following.number.value if word == "-" else following.value
    unit = following.unit
    between = numbers.says_between(low, start)
    if (word == "and" and not between) or word == "or":
        if mark or word == "or" or low[max(0, first.start - 12) : first.start].split()[-1:] in _NOT_SHARES:
            return []
        return [
            _fact(
                low, first.start, first.end, value, value, unit, first, "elliptical", "its unit follows the next number"
            ),
            _fact(
                low,
                following.start,
                following.end,
                following.value,
                following.value,
                unit,
                following.number,
                _RULE[unit],
            ),
        ]
    if word == "to" and not between and (numbers.is_change(low, start) or (mark and numbers.is_move(low, start))):
        rule = _RULE[unit] if mark else "elliptical"
        return [
            _fact(low, start, left, value, value, unit, first, rule),
            _fact(
                low,
                following.start,
                following.end,
                following.value,
                following.value,
                unit,
                following.number,
                _RULE[unit],
            ),
        ]
    if value >= top:
        return []
    return [_fact(low, start, following.end, value, top, unit, following.number, "range")]


def _fact(
    low: str,
    start: int,
    end: int,
    lowest: Decimal,
    highest: Decimal,
    unit: str,
    number: Number,
    rule: str,
    borrowed: str = "",
) -> Fact:
    doubtful = number.doubt == "digits grouped by a space" or (
        number.doubt == "decimal comma" and numbers.groups_with_commas(low)
    )
    flags = [Flag("doubtful-number", number.doubt)] if doubtful else []
    flags += [Flag("elliptical-unit", borrowed)] if borrowed else []
    return Fact(
        span=Span(start, end),
        value=Percent(lowest, highest, unit, numbers.modifier(low, start, end)),
        rule=rule,
        confidence=0.6 if flags else 0.98,
        flags=tuple(flags),
    )
