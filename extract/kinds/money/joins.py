"""What neighbouring amounts make together: ranges, moves, sums with coins, ellipses, conversions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from extract.kinds import context
from extract.kinds.money.currencies import CENT, NAMES, VOCABULARY, Unit, phrases
from extract.kinds.money.evidence import Evidence
from extract.kinds.money.marks import FREE_AFTER, Mark
from extract.kinds.numbers import Number
from extract.model import Flag


class _Side(NamedTuple):
    """One of two neighbours: a number, and the mark it makes with a currency, if it has one."""

    number: Number
    mark: Mark | None

    @property
    def start(self) -> int:
        return self.mark.start if self.mark else self.number.start

    @property
    def end(self) -> int:
        return self.mark.end if self.mark else self.number.end

    @property
    def value(self) -> Decimal:
        return self.mark.low if self.mark else self.number.value

    @property
    def scaled(self) -> bool:
        return self.number.scaled or abs(self.value) != self.number.value

    def as_mark(self, value: Decimal, unit: Unit) -> Mark:
        """Its own mark, or an elliptical one in the currency of its neighbour."""
        return self.mark or Mark(self.start, self.end, value, value, unit, self.number, "elliptical")


def joined(text: str, low: str, found: Sequence[Number], marks: Sequence[Mark | None]) -> Iterator[Mark]:
    """The marks with ranges joined, coins summed up and elliptical amounts filled in, in order."""
    sides = [_Side(number, mark) for number, mark in zip(found, marks, strict=True)]
    previous: Mark | None = None
    index = 0
    while index < len(sides):
        here = sides[index]
        made = _together(low, here, sides[index + 1]) if index + 1 < len(sides) else []
        if made:
            index += 2
        else:
            mark = here.mark or (previous and _elliptical(text, low, here.number, previous))
            made = [mark] if mark else []
            index += 1
        yield from made
        previous = made[-1] if made else previous


def _together(low: str, first: _Side, second: _Side) -> list[Mark]:
    """What two neighbours make: one range, one sum, two amounts of a move or a list; [] for nothing."""
    if not (first.mark or second.mark) or not 0 <= second.start - first.end <= 12:
        return []
    if first.mark and (total := _sum(low, first.mark, second)):
        return [total]
    word = context.connector(low, first.end, second.start)
    if not word or word == "or" or (first.number.glued and not first.mark) or (second.number.glued and not second.mark):
        return []
    if first.number.open_ended or second.number.open_ended:
        return []
    if first.mark is None:
        return _before_a_mark(low, first, word, second)
    if second.mark is None and not _bare_end(low, word, first, second):
        return []
    if second.mark and not _same_unit(first.mark.unit, second.mark.unit):
        return []
    if word == "and" and not context.says_between(low, first.start):
        return []
    suffixed = second.mark if second.mark and not second.mark.prefixed else first.mark
    lowest, highest, doubt = _ends(first, second)
    if word == "to" and not context.says_between(low, first.start):
        told = context.is_change(low, first.start) or (second.mark and context.is_move(low, first.start))
        if told or (second.mark and context.says_from(low, first.start)):
            doubts = () if told else (Flag("doubtful-range", "from one to the other: a change, or a range?"),)
            moved = first.as_mark(lowest, suffixed.unit), second.as_mark(highest, suffixed.unit)
            return [replace(mark, doubts=mark.doubts + doubts) for mark in moved]
    return _range(first, second, suffixed.unit, lowest, highest, doubt)


def _before_a_mark(low: str, first: _Side, word: str, second: _Side) -> list[Mark]:
    """A bare number before an amount: "25 to 30 euros", "rose from 5 to 7 million euros", "5m and 7m euros"."""
    if second.mark is None or second.mark.prefixed or context.is_year(low, first.number):
        return []
    between = context.says_between(low, first.start)
    if word == "and" and not between:
        if not first.scaled:
            return []
        listed = first.as_mark(first.value, second.mark.unit)
        doubts = () if second.scaled else (Flag("elliptical-currency", "its currency follows the next amount"),)
        return [replace(listed, doubts=doubts), second.mark]
    if first.number.words and not first.scaled and word == "-":
        return []
    lowest, highest, doubt = _ends(first, second)
    if word == "to" and not between:
        if context.is_move(low, first.start) and second.value > 3 * first.value:  # "fell 12 to 345 pence"
            return [second.mark]
        if context.is_change(low, first.start):
            return [first.as_mark(lowest, second.mark.unit), second.mark]
    return _range(first, second, second.mark.unit, lowest, highest, doubt)


def _range(first: _Side, second: _Side, unit: Unit, lowest: Decimal, highest: Decimal, doubt: str) -> list[Mark]:
    if lowest >= highest:
        return []
    doubts = (first.mark.doubts if first.mark else ()) + (second.mark.doubts if second.mark else ())
    doubts += (Flag("doubtful-range", doubt),) if doubt else ()
    prefixed = bool(first.mark and first.mark.prefixed)
    number = second.number._replace(doubt=second.number.doubt or first.number.doubt)
    return [Mark(first.start, second.end, lowest, highest, unit, number, "range", prefixed, doubts)]


def _same_unit(left: Unit, right: Unit) -> bool:
    """Whether both name one currency: the same, or one bare dollar beside a named one."""
    same = (left.code or left.family) == (right.code or right.family)
    bare = "dollar" in {left.family, right.family} and not (left.code and right.code)
    return left.share == right.share and (same or bare)


def _bare_end(low: str, word: str, first: _Side, second: _Side) -> bool:
    """Whether a bare second number can end a range that began with a currency: "$5-7 million", not "$5 to 7 people"."""
    number = second.number
    if number.scaled:
        return first.scaled or first.value < number.value
    if first.scaled or number.words:
        return False
    if word == "-":
        return not context.is_year(low, number) and not low[number.end : number.end + 2].strip("-").isalpha()
    return FREE_AFTER.match(low, number.end) is not None


def _ends(first: _Side, second: _Side) -> tuple[Decimal, Decimal, str]:
    """Both ends in full, and a doubt: the first takes the second's scale where it has none and fits below it."""
    if second.scaled and not first.scaled:
        both = first.mark and second.mark
        if first.value < second.number.mantissa and not (both and first.value >= 1000):
            return first.value * second.number.scale, second.value, ""
        return first.value, second.value, "the first figure has no scale" if second.value > 100 * first.value else ""
    return first.value, second.value, "" if first.value * 1000 > second.value else "the ends are far apart"


_COIN = re.compile(r"[ -]?(?P<name>c|¢|p|[a-zø]{3,9})(?![a-z0-9])")


def _sum(low: str, major: Mark, second: _Side) -> Mark | None:
    """Main and minor units said together: "3 dollars 50 cents", "one dollar and forty-two cents", "$20 and 43c"."""
    number = second.number
    whole = major.unit.share == 1 and not major.number.scaled and major.low == major.low.to_integral_value()
    if (
        not whole
        or number.scaled
        or not 0 < number.value < 100
        or low[major.end : number.start].strip() not in {"", "and", ","}
    ):
        return None
    if second.mark is None:
        coin = _COIN.match(low, number.end)
        unit = coin and (CENT if coin["name"] in {"c", "¢", "p"} else NAMES.get(coin["name"]))
        end = coin.end() if coin else 0
    else:
        unit, end = second.mark.unit, second.mark.end
    if unit is None or unit.share >= 1 or (unit.code and unit.code != major.unit.code):
        return None
    value = major.low + number.value * unit.share
    return replace(major, end=end, low=value, high=value, rule="compound")


_LEADS, _ABOUT_WORDS, _CONVERTING = (
    "|".join(map(re.escape, phrases(VOCABULARY[name]))) for name in ("continuing", "continuing-about", "converting")
)
_LEAD = re.compile(rf"\b(?:{_LEADS})(?: (?:{_ABOUT_WORDS}))*$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+[A-Z“\"]")


def _elliptical(text: str, low: str, number: Number, previous: Mark) -> Mark | None:
    """A scaled number that goes on from an amount in the same sentence: "by 60 billion pounds to 402 billion"."""
    gap = number.start - previous.end
    if not number.scaled or number.open_ended or number.glued or not 0 < gap <= 110 or previous.unit.share != 1:
        return None
    between = low[previous.end : number.start]
    if "\n\n" in between or _SENTENCE_END.search(text, previous.end, number.start):
        return None
    lead = _LEAD.search(" ".join(between.split()))
    if lead is None or FREE_AFTER.match(low, number.end) is None:
        return None
    rest = between[: lead.start()].strip(" ,")
    flags = (
        ()
        if len(rest.split()) <= 3
        else (Flag("elliptical-currency", f"as in {text[previous.start : previous.end]!r}"),)
    )
    return Mark(number.start, number.end, number.value, number.value, previous.unit, number, "elliptical", False, flags)


_ABOUT = rf"(?:(?:{_CONVERTING}) ?){{0,2}}"
_OPEN_BRACKET = re.compile(rf"(?: (?:an?|per) [a-z]{{3,8}})?\.?\s{{0,2}}[(\[]\s{{0,2}}{_ABOUT}")
_NEXT_IN_BRACKET = re.compile(rf"\s?[;,/]\s?(?:and )?{_ABOUT}")


def pair(text: str, marks: list[Mark], evidence: Evidence) -> None:
    """Link amounts that state one sum in several currencies: "£5.7bn ($10.7bn; 8.2bn euros)".

    Each carries a note ``pairs with QUOTE``; the rule of the one in brackets is ``paired-conversion``.
    """
    head: Mark | None = None
    for left, right in pairwise(marks):
        between = text[left.end : right.start].lower() if 0 < right.start - left.end <= 30 else ""
        if _OPEN_BRACKET.fullmatch(between):
            head = left
        elif head is None or not _NEXT_IN_BRACKET.fullmatch(between):
            head = None
            continue
        if _code(head.unit, evidence) == _code(right.unit, evidence):
            continue
        right.rule = (
            "paired-conversion" if right.rule in {"symbol-amount", "named-amount", "minor-unit"} else right.rule
        )
        head.notes += (f"pairs with {text[right.start : right.end]}",)
        right.notes += (f"pairs with {text[head.start : head.end]}",)


def _code(unit: Unit, evidence: Evidence) -> str:
    return unit.code or evidence.resolve(unit.family)[0]
