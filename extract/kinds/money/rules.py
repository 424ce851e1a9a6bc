"""Amounts of money: a number of the shared grammar, the currency beside it, and what joins two of them.

The order of work: every number that has a currency beside it becomes a mark; neighbouring marks and
bare numbers join to ranges ("$5-7 million") or move apart ("from 5 to 7 million euros" after "rose");
scaled numbers left over take the currency of the amount they continue ("1bn euros and another 550m");
what remains is qualified (modifier, flags) and linked where one amount translates the other.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from extract.kinds import numbers
from extract.kinds.money.currencies import (
    CENT,
    FIRST_OF_SYMBOL,
    LAST_OF_SYMBOL,
    NAMES,
    SINGULARS,
    SYMBOLS,
    Evidence,
    Unit,
    dollar_of,
    named,
    symbol_after,
    symbol_before,
)
from extract.kinds.numbers import Number
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
    "doubtful-number": "The digits could be read otherwise (a decimal comma, a space between groups, a fraction).",
    "doubtful-range": "The two ends of the range lie oddly: a scale may have been left out.",
    "maybe-weight": "Pounds may be a weight here, not money.",
    "maybe-scaled": "The text says that its figures are in thousands or millions, and this one names no scale.",
}

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
    prefixed: bool
    rule: str
    doubts: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()


def amounts(text: str) -> list[Fact]:
    """The amounts of money in a text, ordered, not overlapping."""
    low = numbers.lowered(text)
    found = numbers.scan(text)
    evidence = Evidence(text)
    marks = _marks(text, low, found, evidence)
    joined = list(_joined(text, low, found, marks))
    joined = sorted([*joined, *_single_units(low, joined)], key=lambda mark: mark.start)
    _pair(text, joined, evidence)
    return [_fact(low, mark, evidence) for mark in joined]


# ------------------------------------------------------------------------------ a number and its currency


def _marks(text: str, low: str, found: Sequence[Number], evidence: Evidence) -> list[Mark | None]:
    marks: list[Mark | None] = []
    taken = 0
    for number in found:
        mark = _before(text, low, number, evidence, taken) or _after(text, low, number, evidence, taken)
        marks.append(mark)
        taken = mark.end if mark else taken
    return marks


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
    if unit.share != 1 and unit.share < 1:
        return None
    end, low_end = number.end, number.value
    if not number.scaled and (letter := _SPACED_LETTER.match(text, end)):  # EUR100 m
        scale, end = numbers.scale_after(low, letter.start("letter"))
        low_end *= scale
    negative = sign in {"-", "−"}
    if sign == "(":
        if text[end : end + 1] != ")":
            return None
        end, negative = end + 1, True
    elif _minus(text, start, taken):
        start, negative = start - 1, True
    elif low.endswith("minus ", 0, start) and not low.endswith("or minus ", 0, start):
        start, negative = start - len("minus "), True
    if negative:
        low_end = -low_end
    if spelled == "$" and text[end : end + 1] == " ":
        after = symbol_after(text, end + 1) or dollar_of(low, end + 1)  # "$5 million CAD", "$5 million Canadian"
        if (
            after
            and after[0].code
            and after[0].share == 1
            and text[end + 1].isupper()
            and _FREE_AFTER.match(low, after[1])
        ):
            unit, end = after
    mark = _mark(start, end, low_end, unit, number, "symbol-amount", prefixed=True)
    mark.doubts += unsure
    return mark


_SPACED_LETTER = re.compile(r"[ \u00a0](?P<letter>[mMbk])(?![\w'’.-]\w)(?!\w)")


def _minus(text: str, start: int, taken: int) -> bool:
    """Whether a minus sign, not a hyphen or a dash of a range, stands glued before ``start``."""
    if not start or text[start - 1] not in "-−" or (taken and start - taken <= 3):
        return False
    return start == 1 or text[start - 2] in " \n\t("


_AFTER_COMMA = re.compile(r"\d, $")
_UNIT_GAP = re.compile(
    r"-|[ \t\u00a0\u202f\u2009]{1,2}(?:\r?\n[ \t]{0,4})?|\r?\n[ \t]{0,4}"
)  # never over an empty line


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
        if unit_end and not _symbol_holds(text, number, place, unit_end, spaced=gap is not None):
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
    if number.doubt in {"digits grouped by a space", "fraction"}:
        doubts += (Flag("doubtful-number", number.doubt),)
    return Mark(start, end, value, high, unit, number, prefixed, rule, doubts)


def _symbol_holds(text: str, number: Number, at: int, found: tuple[Unit, int], *, spaced: bool) -> bool:
    """Whether a sign after the number belongs to it, and not to a number that follows."""
    end = found[1]
    sign = text[at:end]
    if sign[-1].isalpha() or sign[-1] == ".":
        if sign in {"p", "c"}:
            return not spaced and not number.scaled and number.value < 1000 and ("£" in text or "pence" in text)
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


# What makes of a bare number and "euro" another thing: "in 2012 euro zone", "Euro 2004".
_EURO_THINGS = re.compile(
    r"[ -](?:zone|area|bloc|crisis|champion|final|qualif|bond|currency|member|countr|nation|note|coin|summit|leader|20)"
)
_WEIGHED = re.compile(
    r" (?:of (?:[a-z]+ )?(?:beef|pork|chicken|meat|fish|salmon|copper|gold|silver|cocaine|heroin|marijuana|sugar|coffee"
    r"|uranium|cotton|rice|flour|butter|cheese|explosives|thrust|force|pressure)|per square)\b"
)


def _name_holds(text: str, low: str, number: Number, at: int, found: tuple[Unit, int]) -> bool:
    """Whether a currency's name after the number is one: not a year before "euro zone", not "50 Cent"."""
    unit, end = found
    name = low[at:end]
    after = low[end : end + 1]
    if name.startswith("euro") and not number.scaled and _EURO_THINGS.match(low, end):
        return False
    if (after == "-" and unit.weak) or (name == "grand" and _FREE_AFTER.match(low, end) is None):
        return False
    if name.startswith("pound"):
        sized = low[at - 1] == "-" or "weigh" in low[max(0, number.start - 40) : number.start]
        if (sized and not number.scaled) or _WEIGHED.match(low, end):
            return False  # a half-pound bag, weighs 150 to 175 pounds, 12 pounds of beef
    if numbers.is_year(low, number):
        before = low[max(0, number.start - 12) : number.start].split()
        singular = not name.endswith("s")
        if singular and before and before[-1] in _YEAR_LEADS:
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


_YEAR_LEADS = frozenset(
    [
        "in",
        "since",
        "by",
        "of",
        "until",
        "from",
        "during",
        "late",
        "early",
        "mid",
        "end",
        "the",
        "before",
        "after",
        "through",
    ]
)


def _weak_holds(text: str, number: Number, unit: Unit, evidence: Evidence, *, glued: bool) -> bool:
    """Whether a name that is also an everyday word or letter is the currency here."""
    if number.scaled and not glued:
        return True
    exact = any(sign in text[number.start : number.end] for sign in ",.")
    return (number.scaled or exact or (not glued and number.value >= 100)) and evidence.supports_unit(unit)


# ---------------------------------------------------------------------------------- ranges and ellipsis


def _joined(text: str, low: str, found: Sequence[Number], marks: list[Mark | None]) -> Iterator[Mark]:
    """Marks with ranges joined, compounds summed and elliptical amounts filled in."""
    previous: Mark | None = None
    index = 0
    while index < len(found):
        mark = marks[index]
        following = marks[index + 1] if index + 1 < len(found) else None
        if index + 1 < len(found) and (mark or following):
            pair = _pair_up(text, low, found[index], mark, found[index + 1], following)
            if pair:
                yield from pair
                previous = pair[-1]
                index += 2
                continue
        if mark is None and previous is not None:
            mark = _elliptical(text, low, found[index], previous)
        if mark is not None:
            yield mark
            previous = mark
        index += 1


def _pair_up(
    text: str, low: str, first: Number, mark: Mark | None, second: Number, following: Mark | None
) -> list[Mark]:
    """What two neighbouring numbers make together: one range, one sum, two amounts of one list; [] for nothing."""
    start = mark.start if mark else first.start
    left = mark.end if mark else first.end
    right = following.start if following else second.start
    end = following.end if following else second.end
    if right - left > 12 or right < left:
        return []
    if mark and (total := _sum(low, mark, second, following)):
        return [total]
    word = numbers.connector(low, left, right)
    if not word or (not mark and numbers.is_year(low, first)) or first.glued or (second.glued and not following):
        return []
    if mark and following and not _same_unit(mark.unit, following.unit):
        return []
    mark_or_following = mark or following
    assert mark_or_following is not None
    unit = following.unit if following and (mark is None or not following.prefixed) else mark_or_following.unit
    if not mark and following and following.prefixed:
        return []
    between = numbers.says_between(low, start)
    if word == "and" and not between:
        return _list(first, mark, second, following)
    if word == "or":
        return []
    if mark and not following and not _bare_end(text, low, word, first, second):
        return []
    if not mark and first.words and not first.scaled and word == "-":
        return []
    lowest, highest, doubt = _ends(first, second, both=bool(mark and following))
    if word == "to" and not between:
        if not mark and numbers.is_move(low, start) and second.value > 3 * first.value:  # "fell 12 to 345 pence"
            return [following] if following else []
        told = numbers.is_change(low, start) or (
            mark is not None and following is not None and numbers.is_move(low, start)
        )
        if told or (mark and following and numbers.says_from(low, start)):
            return _moved(first, mark, second, following, unit, lowest, highest, told=told)
    if (
        lowest is None
        or highest is None
        or first.open_ended
        or second.open_ended
        or (lowest > highest and mark and following)
    ):
        return []
    if lowest >= highest:
        return []
    doubts = tuple(Flag("doubtful-range", doubt) for _ in [0] if doubt)
    return [Mark(start, end, lowest, highest, unit, second, bool(mark and mark.prefixed), "range", doubts)]


def _same_unit(left: Unit, right: Unit) -> bool:
    return (
        left == right
        or (left.share == right.share and (left.code or left.family) == (right.code or right.family))
        or (left.share == right.share and (not left.code or not right.code) and "dollar" in {left.family, right.family})
    )


_COIN = re.compile(r"[ -]?(?P<name>c|¢|p|[a-zø]{3,9})(?![a-z0-9])")


def _sum(low: str, major: Mark, number: Number, minor: Mark | None) -> Mark | None:
    """Main and minor units said together: "3 dollars 50 cents", "one dollar and forty-two cents", "$20 and 43c"."""
    whole = major.unit.share == 1 and not major.number.scaled and major.low == major.low.to_integral_value()
    if (
        not whole
        or number.scaled
        or not 0 < number.value < 100
        or low[major.end : number.start].strip() not in {"", "and", ","}
    ):
        return None
    if minor is None:
        coin = _COIN.match(low, number.end)
        unit = coin and (CENT if coin["name"] in {"c", "¢", "p"} else NAMES.get(coin["name"]))
        end = coin.end() if coin else 0
    else:
        unit, end = minor.unit, minor.end
    if unit is None or unit.share >= 1 or (unit.code and unit.code != major.unit.code):
        return None
    value = major.low + number.value * unit.share
    return replace(major, end=end, low=value, high=value, rule="compound")


def _bare_end(text: str, low: str, word: str, first: Number, second: Number) -> bool:
    """Whether a bare second number can end a range that began with a currency: "$5-7 million", not "$5 to 7 people"."""
    if second.scaled:
        return first.scaled or first.mantissa < second.mantissa or first.value < second.value
    if first.scaled or not second.mantissa or second.words:
        return False
    if word == "-":
        after = text[second.end : second.end + 2].strip("-")
        return not numbers.is_year(low, second) and not after.isalpha()
    return _FREE_AFTER.match(low, second.end) is not None


def _ends(first: Number, second: Number, *, both: bool) -> tuple[Decimal | None, Decimal | None, str]:
    """The two ends in full: the first takes the second's scale where it has none of its own and fits below it."""
    if second.scaled and not first.scaled:
        shared = first.mantissa * second.scale
        if first.mantissa < second.mantissa and not (both and first.mantissa >= 1000):
            return shared, second.value, ""
        doubt = "the first figure has no scale" if second.value > 100 * first.value else ""
        return first.value, second.value, doubt
    doubt = "" if first.value * 1000 > second.value else "the ends are far apart"
    return first.value, second.value, doubt


def _moved(
    first: Number,
    mark: Mark | None,
    second: Number,
    following: Mark | None,
    unit: Unit,
    lowest: Decimal | None,
    highest: Decimal | None,
    *,
    told: bool,
) -> list[Mark]:
    """Two amounts: "rose from 279.4 billion to 375 billion pounds"."""
    prefixed = bool(mark and mark.prefixed)
    start = mark or Mark(
        first.start, first.end, lowest or first.value, lowest or first.value, unit, first, False, "elliptical"
    )
    finish = following or Mark(
        second.start, second.end, highest or second.value, highest or second.value, unit, second, prefixed, "elliptical"
    )
    if not told:
        doubt = Flag("doubtful-range", "from one to the other: a change, or a range?")
        start, finish = replace(start, doubts=(*start.doubts, doubt)), replace(finish, doubts=(*finish.doubts, doubt))
    return [start, finish]


def _list(first: Number, mark: Mark | None, second: Number, following: Mark | None) -> list[Mark]:
    """Two amounts that share one currency: "5 million and 7 million euros"; [] where the first is none."""
    if mark or following is None or following.prefixed or not first.scaled or first.open_ended:
        return []
    flag = () if second.scaled else (Flag("elliptical-currency", "its currency follows the next amount"),)
    return [
        Mark(first.start, first.end, first.value, first.value, following.unit, first, False, "elliptical", flag),
        following,
    ]


# What may come after a number that counts nothing of its own: punctuation, or a word that opens something new.
_OPENING_WORDS = (
    "a an the in to from by on at as and or but for this last next per over under while with when after before during"
    " since until compared versus against it he she that which who was were is are had has have would will could may"
    " each apiece within than if due because"
)
_FREE_AFTER = re.compile(rf"[ \t]{{0,2}}(?:$|[.,;:)\]!?\"'”’–—]|\r?\n|(?:{_OPENING_WORDS.replace(' ', '|')})\b)")
_LEAD = re.compile(
    r"\b(?:to|from|and|or|versus|vs\.?|against|compared with|compared to|another|plus|further)"
    r"(?: (?:about|around|nearly|over|more than|almost|up to|some|just|only|roughly|at least|as much as"
    r"|(?:a|an) (?:additional|further|estimated)|another))*$"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)]?\s+[A-Z“\"]")


def _elliptical(text: str, low: str, number: Number, previous: Mark) -> Mark | None:
    """A scaled number that goes on from an amount in the same sentence: "by 50 billion pounds to 375 billion"."""
    gap = number.start - previous.end
    if not number.scaled or number.open_ended or number.glued or not 0 < gap <= 110 or previous.unit.share != 1:
        return None
    between = low[previous.end : number.start]
    if "\n\n" in between or _SENTENCE_END.search(text, previous.end, number.start):
        return None
    lead = _LEAD.search(" ".join(between.split()))
    if lead is None or _FREE_AFTER.match(low, number.end) is None:
        return None
    rest = between[: lead.start()].strip(" ,")
    flags = (
        ()
        if len(rest.split()) <= 3
        else (Flag("elliptical-currency", f"as in {text[previous.start : previous.end]!r}"),)
    )
    return Mark(number.start, number.end, number.value, number.value, previous.unit, number, False, "elliptical", flags)


# ------------------------------------------------------------------------------------------- a dollar

_SINGLE = re.compile(rf" an? (?P<unit>{'|'.join(sorted(SINGULARS, key=lambda name: (-len(name), name)))})\b(?!-)")
_RATE_LEADS = frozenset(["to", "against", "per", "half", "of", "percent"])


def _single_units(low: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Where "a dollar" is one dollar: no rate ("$3 a pound", "7 yuan a dollar"), nothing made of it ("a euro zone")."""
    for match in _SINGLE.finditer(f" {low}"):
        start, at, end = match.start(), match.start("unit") - 1, match.end() - 1
        unit = named(low, at)
        if unit is None or _FREE_AFTER.match(low, end) is None:
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


# ------------------------------------------------------------------------------------------ conversions

_ABOUT = (
    r"(?:(?:about|around|or|nearly|just over|more than|some|roughly|approximately|equivalent to|equal to|worth|=)"
    r" ?){0,2}"
)
_OPEN_BRACKET = re.compile(rf"(?: (?:an?|per) [a-z]{{3,8}})?\s{{0,2}}[(\[]\s{{0,2}}{_ABOUT}")
_NEXT_IN_BRACKET = re.compile(rf"\s?[;,/]\s?(?:and )?{_ABOUT}")


def _pair(text: str, marks: list[Mark], evidence: Evidence) -> None:
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


# ------------------------------------------------------------------------------------------------ facts


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
    if number.doubt == "decimal comma" and numbers.groups_with_commas(low):
        flags.append(Flag("doubtful-number", number.doubt))
    lowest, highest = mark.low * mark.unit.share, None if mark.high is None else mark.high * mark.unit.share
    if mark.unit.whole and not number.scaled and re.fullmatch(r"\d{1,3}\.\d{3}", low[number.start : number.end]):
        lowest, highest = lowest * 1000, lowest * 1000
        flags.append(Flag("doubtful-number", "a point read as thousands separator"))
    modifier = "vague" if mark.high is None else numbers.modifier(low, mark.start, mark.end)
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
        return (
            "£" not in evidence.text
            and "pence" not in low
            and "sterling" not in low
            and "." not in low[mark.start : mark.end]
        )
    return low.startswith(" of ", mark.end) and not evidence.supports("GBP")
