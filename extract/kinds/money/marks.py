"""A number and the currency beside it: before ("$78 million"), after ("500 million yuan"), or "a dollar"."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.kinds import context, numbers
from extract.kinds.money.currencies import (
    FIRST_OF_SYMBOL,
    LAST_OF_SYMBOL,
    SINGULARS,
    SYMBOLS,
    VOCABULARY,
    Unit,
    dollar_of,
    named,
    symbol_after,
    symbol_before,
)
from extract.kinds.money.evidence import Evidence
from extract.kinds.numbers import Number
from extract.model import Flag

_SPACES = frozenset(" \u00a0\u202f\u2009")
_OPENERS = frozenset("-−–(:")


@dataclass(slots=True)
class Mark:
    """An amount in the making: its span, its ends in main units as far as the unit goes, and what is doubtful."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    unit: Unit
    number: Number
    rule: str
    prefixed: bool = False
    doubts: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()


def marks(text: str, low: str, found: Sequence[Number], evidence: Evidence) -> list[Mark | None]:
    """For every number of the text in turn the amount it makes with a currency beside it; None for the others."""
    made: list[Mark | None] = []
    taken = 0
    for number in found:
        mark = _before(text, low, number, evidence, taken) or _after(text, low, number, evidence, taken)
        made.append(mark)
        taken = mark.end if mark else taken
    return made


def _before(text: str, low: str, number: Number, evidence: Evidence, taken: int) -> Mark | None:
    """The currency before the number: "$78 million", "RMB 50.88 billion", "US$ 3.14", "-$5", "$(5.3)"."""
    at = number.start
    if at == taken:
        return None
    sign = ""
    if text[at - 1] in _OPENERS:
        sign, at = text[at - 1], at - 1
    if at and (text[at - 1] in _SPACES or (text[at - 1] == "\n" and text[at - 2 : at - 1].isalpha())):
        at -= 1
    if not at or text[at - 1] not in LAST_OF_SYMBOL:
        return None
    found = symbol_before(text, at)
    if found is None or found[1] < taken:
        return None
    unit, start = found
    spelled = text[start:at]
    if spelled == "c $" and at == number.start:
        unit, start, spelled = SYMBOLS["$"], at - 1, "$"
    if sign in {"–", ":"} and not (sign == ":" and spelled.endswith("$")):
        return None
    if sign and spelled[-1].isalpha():
        return None
    if spelled.islower() and spelled.isalpha() and len(spelled) == 3 and at == number.start:
        return None
    unsure: tuple[Flag, ...] = ()
    if unit.weak and not _weak_holds(text, number, unit, evidence, glued=at == number.start and spelled.isalpha()):
        if not (spelled.isalpha() and len(spelled) == 1 and (number.scaled or "," in text[number.start : number.end])):
            return None
        unsure = (Flag("ambiguous-currency", f"{spelled} may be {unit.code}"),)  # R8,499
    if unit.share < 1:
        return None
    if spelled == "$" and text[start - 1 : start].isalpha():
        unsure = (Flag("ambiguous-currency", f"{text[max(0, start - 4) : at].split()[-1]} is no known sign"),)
    end, value = number.end, number.value
    if not number.scaled and (letter := _SPACED_LETTER.match(text, end)):  # EUR100 m
        scale, end = numbers.scale_after(low, letter.start("letter"))
        value *= scale
    signed = _signed(text, low, start, end, sign, taken)
    if signed is None:
        return None
    start, end, negative = signed
    value = -value if negative else value
    if spelled == "$" and text[end : end + 1] == " ":
        after = symbol_after(text, end + 1) or dollar_of(low, end + 1)  # "$5 million CAD", "$5 million Canadian"
        if after and after[0].code and text[end + 1].isupper() and FREE_AFTER.match(low, after[1]):
            unit, end = after
    mark = _mark(start, end, value, unit, number, "symbol-amount", prefixed=True)
    mark.doubts += unsure
    return mark


def _signed(text: str, low: str, start: int, end: int, sign: str, taken: int) -> tuple[int, int, bool] | None:
    """The span with its sign, and whether that is a minus; None where a bracket opens that does not close.

    ``sign`` stands between currency and number ("$-5", "$(5.3)"); one before both is looked for here ("-$5").
    """
    if sign == "(":
        return (start, end + 1, True) if text[end : end + 1] == ")" else None
    if _minus(text, start, taken):
        return start - 1, end, True
    if low.endswith("minus ", 0, start) and not low.endswith("or minus ", 0, start):
        return start - len("minus "), end, True
    return start, end, sign in {"-", "−"}


_SPACED_LETTER = re.compile(r"[ \u00a0](?P<letter>[mMbk])(?![\w'’.-]\w)(?!\w)")


def _minus(text: str, start: int, taken: int) -> bool:
    """Whether a minus sign, not a hyphen or a dash of a range, stands glued before ``start``."""
    if not start or text[start - 1] not in "-−" or (taken and start - taken <= 3):
        return False
    return start == 1 or text[start - 2] in " \n\t("


_AFTER_COMMA = re.compile(r"\d, $")
_UNIT_GAP = re.compile(rf"-|{numbers.GAP}")


def _after(text: str, low: str, number: Number, evidence: Evidence, taken: int) -> Mark | None:
    """The currency after the number: "500 million yuan", "7.5bn euros", "50 pence", "20€", "trillion-dollar"."""
    if number.glued:
        return None
    at = number.end
    gap = _UNIT_GAP.match(text, at)
    place = gap.end() if gap else at
    if number.open_ended and low.startswith("of ", place):
        place += 3
    first = text[place : place + 1]
    if not first:
        return None
    unit_end: tuple[Unit, int] | None = None
    if first in FIRST_OF_SYMBOL:
        unit_end = symbol_after(text, place)
        if unit_end and not _symbol_holds(text, number, place, unit_end, evidence, spaced=gap is not None):
            unit_end = None
    if unit_end is None and first.isalpha():
        unit_end = named(low, place) if gap or not number.words else None
        if unit_end and not _name_holds(text, low, number, place, unit_end):
            unit_end = None
    if unit_end is None:
        return None
    unit, end = unit_end
    if unit.weak and not _weak_holds(text, number, unit, evidence, glued=not gap and len(text[place:end]) == 1):
        return None
    value = number.value
    if not number.scaled and text[place:end].isupper():
        scale, scaled_end = numbers.scale_after(low, end)
        if scale != 1:  # "75 USD million"
            value, end = value * scale, scaled_end
    start = number.start
    if not number.words and _minus(text, start, taken):
        start, value = start - 1, -value
    mark = _mark(start, end, value, unit, number, "minor-unit" if unit.share < 1 else "named-amount")
    if _AFTER_COMMA.search(low, max(0, start - 8), start) and number.end - number.start == 2:
        mark.doubts += (Flag("doubtful-number", "after a bare number and a comma"),)  # 118, 99 TL
    return mark


def _mark(
    start: int, end: int, value: Decimal, unit: Unit, number: Number, rule: str, *, prefixed: bool = False
) -> Mark:
    doubts: tuple[Flag, ...] = ()
    high: Decimal | None = value
    if number.open_ended:
        high, rule = None, "vague-amount"
        doubts = (Flag("vague-amount", "an order of magnitude, no figure"),)
    return Mark(start, end, value, high, unit, number, rule, prefixed, doubts)


def _symbol_holds(
    text: str, number: Number, at: int, found: tuple[Unit, int], evidence: Evidence, *, spaced: bool
) -> bool:
    """Whether a sign after the number belongs to it, and not to a number that follows."""
    end = found[1]
    sign = text[at:end]
    if sign[-1].isalpha() or sign[-1] == ".":
        if sign in {"p", "c"}:
            return (
                not spaced
                and not number.scaled
                and number.value < 1000
                and (evidence.says("£") or evidence.says("pence"))
            )
        return not (text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()) and not (
            sign.islower() and sign not in {"kr", "usd", "eur", "gbp", "rmb"} and number.glued
        )
    follows_digit = text[end : end + 1].isdecimal() or (
        text[end : end + 1] == " " and text[end + 1 : end + 2].isdecimal()
    )
    if not follows_digit:
        return True
    if not spaced:
        return text[end : end + 1] == " "
    return bool(re.match(rf" \d[\d.,]{{0,20}} ?{re.escape(sign)}", text[end : end + 26]))


_EURO_THINGS = re.compile(rf"[ -](?:{'|'.join(VOCABULARY['euro-things'].split())})")
_WEIGHED = re.compile(rf" (?:of (?:[a-z]+ )?(?:{'|'.join(VOCABULARY['weighed'].split())})|per square)\b")


def _name_holds(text: str, low: str, number: Number, at: int, found: tuple[Unit, int]) -> bool:
    """Whether a currency's name after the number is one: not a year before "euro zone", not "50 Cent"."""
    unit, end = found
    name = low[at:end]
    after = low[end : end + 1]
    if name.startswith("euro") and not number.scaled and _EURO_THINGS.match(low, end):
        return False
    if (after == "-" and unit.weak) or (name == "grand" and FREE_AFTER.match(low, end) is None):
        return False
    if name.startswith("pound"):
        sized = low[at - 1] == "-" or "weigh" in low[max(0, number.start - 40) : number.start]
        if (sized and not number.scaled) or _WEIGHED.match(low, end):
            return False  # a half-pound bag, weighs 150 to 175 pounds, 12 pounds of beef
    if context.is_year(low, number):
        if not name.endswith("s") and _YEAR_LEADS.search(low, max(0, number.start - 12), number.start):
            return False
        if name in SINGULARS and not name.endswith(("yen", "yuan", "baht", "won", "rand", "ringgit", "rupiah")):
            return False
    if text[at].isupper() and not text[at:end].isupper() and name in SINGULARS:
        word_after = text[end : end + 2]
        if len(word_after) == 2 and word_after[0] == " " and word_after[1].isupper():
            return False  # "5 Dollar Tree stores"
        if name == "cent" and number.value == 50:
            return False
    return True


_YEAR_LEADS = re.compile(rf"\b(?:{'|'.join(VOCABULARY['year-leads'].split())})[\s-]{{1,2}}$")


def _weak_holds(text: str, number: Number, unit: Unit, evidence: Evidence, *, glued: bool) -> bool:
    """Whether a name that is also an everyday word or letter is the currency here."""
    if number.scaled and not glued:
        return True
    exact = any(sign in text[number.start : number.end] for sign in ",.")
    return (number.scaled or exact or (not glued and number.value >= 100)) and evidence.supports_unit(unit)


_OPENING = "|".join(VOCABULARY["opening"].split())
FREE_AFTER = re.compile(rf"[ \t]{{0,2}}(?:$|[.,;:)\]!?\"'”’–—]|\r?\n|(?:{_OPENING})\b)")
"""What may come after a number that counts nothing of its own: punctuation, or a word that opens something new."""

_SINGLE = re.compile(rf" an? (?P<unit>{'|'.join(sorted(SINGULARS, key=lambda name: (-len(name), name)))})\b(?!-)")
_RATE_LEADS = frozenset(VOCABULARY["rate-leads"].split())


def single_units(low: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Where "a dollar" is one dollar: no rate ("$3 a pound", "7 yuan a dollar"), nothing made of it ("a euro zone")."""
    for match in _SINGLE.finditer(f" {low}"):
        start, at, end = match.start(), match.start("unit") - 1, match.end() - 1
        unit = named(low, at)
        if unit is None or FREE_AFTER.match(low, end) is None:
            continue
        before = low[max(0, start - 24) : start].split()
        if before and (before[-1] in _RATE_LEADS or before[-1][-1:].isdigit() or before[-1] in numbers.SCALE_WORDS):
            continue
        following = bisect_right(marks, start, key=lambda mark: mark.start)
        if following and start - marks[following - 1].end <= 6:
            continue
        if before and named(before[-1], 0):  # seven yuan a dollar
            continue
        yield _mark(start, end, Decimal(1), unit[0], Number(start, start + 1, Decimal(1)), "one-unit")
