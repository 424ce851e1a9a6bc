"""Counted things: a number of the shared grammar and the noun phrase it counts (phrases.py).

What money, percent and date have taken is left alone, and so are years, ages, ordinals, names (Boeing 747,
Chapter 11, Fortune 500) and codes. A number that leaves its thing to the one before it borrows it, flagged; a
large one that is plainly an amount of something unsaid stands without a unit, flagged; any other whose thing
cannot be told gives no fact.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from extract.kinds import context, numbers
from extract.kinds.numbers import Doubt, Number
from extract.kinds.quantity.phrases import WORDS, Phrase, phrase
from extract.model import Fact, Flag, Quantity, Reading, Span

RULES = frozenset(
    {"counted", "times", "fold", "range", "vague-count", "hyphenated", "single", "part-of", "elliptical", "unnamed"}
)
FLAGS = {
    "doubtful-number": numbers.DOUBTFUL_NUMBER,
    "doubtful-unit": "What is counted could not be told for sure.",
    "elliptical-unit": numbers.ELLIPTICAL_UNIT,
    "maybe-name": "Elsewhere in the text the same number belongs to a name (Boeing 787).",
    "vague-amount": "An order of magnitude only (thousands of workers); the value is the least it can mean.",
}

Candidate = tuple[Number, Phrase | None]
"""A number that may count, and what it counts by its own words."""


def counts(reading: Reading, found: Sequence[Fact]) -> list[Fact]:
    """The counted quantities of a text, ordered, not overlapping each other or the facts ``found`` before."""
    low = numbers.lowered(reading.text)
    candidates = list(_candidates(reading, low, _Taken(found)))
    return sorted([*_counted(reading.text, low, candidates), *_folds(low)], key=lambda fact: fact.span)


class _Taken:
    """The spans that other kinds have taken; asked in order of place."""

    def __init__(self, found: Sequence[Fact]) -> None:
        self._spans = sorted(fact.span for fact in found if fact.kind in {"money", "percent", "date"})
        self._next = 0

    def holds(self, start: int, end: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next].end <= start:
            self._next += 1
        return self._next < len(self._spans) and self._spans[self._next].start < end


# ------------------------------------------------------------------------------- which numbers may count


def _candidates(reading: Reading, low: str, taken: _Taken) -> Iterator[Candidate]:
    done = 0
    for number in numbers.scan(reading.text):
        if number.start < done or taken.holds(number.start, number.end):
            continue
        if _is_part_of_more(reading.text, number) or _is_named(reading.text, low, number):
            continue
        said = phrase(reading, low, number)
        done = said.end if said else number.end
        yield number, said


def _is_part_of_more(text: str, number: Number) -> bool:
    """Whether the number is a fraction, a code, or a piece of a longer figure: no amount by itself."""
    start, end = number.start, number.end
    if number.glued or number.bare_scale or number.doubt is Doubt.FRACTION or text[end - 1] in "KMBT":
        return True
    if number.words and number.value < 1:
        return True  # a quarter point, half the staff
    before = text[start - 1 : start]
    after_number = text[start - 2 : start - 1].isdecimal()
    if before and before in "-–/#$€£¥:&+" and not (before in "-–" and after_number):
        return True
    if number.words or number.scaled:
        return False
    written = text[start:end]
    if written[0] == "0" and "." not in written:
        return True
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isdecimal():
        return len(written) > 3
    return before == "-" and len(written) > 3 and "," not in written


_BEFORE = re.compile(r"(?P<word>[^\s\d(\[\"“‘]{1,30})[ \t\u00a0\n]{1,2}$")


def _is_named(text: str, low: str, number: Number) -> bool:
    """Whether the number is a year, or the word before makes it a name or label: Chapter 11, iPad 2, Group of 20."""
    start, end = number.start, number.end
    plain = not number.words and not number.scaled and "," not in text[start:end]
    if plain and end - start == 4 and text[start:end].isdecimal() and 1500 <= number.mantissa < 2100:
        return not context.modifier(low, start, end)  # 1884 elections, but: more than 2000 people
    match = _BEFORE.search(text, max(0, start - 32), start) if text[start - 1 : start].isspace() else None
    if match is None:
        return False
    word = match["word"]
    lower = word.lower()
    if lower in WORDS["naming"] or lower.rstrip(".") in WORDS["naming"] or text.endswith("Group of ", 0, start):
        return True
    if number.words and text[start].isupper():
        return word[-1] not in '.!?:;)"”-'
    if plain and any(map(str.isupper, word)):
        opens = lower in WORDS["function"] or lower in WORDS["leading"]
        return not (opens or word[-1] in ",:;.!?)" or word.endswith(("'s", "’s")))
    return False


# ------------------------------------------------------------------------------------- what they make


def _counted(text: str, low: str, candidates: Sequence[Candidate]) -> Iterator[Fact]:
    last: Fact | None = None
    index = 0
    while index < len(candidates):
        number, said = candidates[index]
        start, least = number.start, number.value
        index += 1
        if said is None and index < len(candidates):
            second, unit = candidates[index]
            if (low_end := _range(low, number, second)) is not None:
                number = second._replace(doubt=second.doubt or number.doubt)
                least, index = low_end, index + 1
                said = unit and unit._replace(rule="range")
            elif unit and _is_part(low, number, second):
                said = unit._replace(rule="part-of")
        said = said or _borrowed(text, low, start, number, last) or _unnamed(low, start, number)
        if said:
            last = _fact(low, start, number, least, said, named=_is_model(text, number))
            yield last


def _fact(low: str, start: int, number: Number, least: Decimal, said: Phrase, *, named: bool) -> Fact:
    """The fact of a number and its phrase; ``start`` and ``least`` are the low end's where it closes a range."""
    span = Span(start, number.end)
    flags: list[Flag] = []
    if number.open_ended:
        value = Quantity(least, None, said.unit, "vague")
        flags.append(Flag("vague-amount", "an order of magnitude, no figure"))
    else:
        value = Quantity(least, number.value, said.unit, context.modifier(low, *span))
    if said.doubt:
        flags.append(Flag("elliptical-unit" if said.rule == "elliptical" else "doubtful-unit", said.doubt))
    flags += numbers.doubts(low, number)
    if named:
        flags.append(Flag("maybe-name", "part of a name elsewhere"))
    return Fact(span=span, value=value, rule=said.rule, confidence=0.5 if flags else 0.85, flags=tuple(flags))


# Three digits that end a name, or are one: Boeing 787 will; the 787s; 787-800; 787 Dreamliner.
_MODEL_NUMBER = re.compile(
    r"(?<![\w.])(?P<name>[A-Z]\w*+) (?P<after>\d{3})(?![\w%]|[.,]\d| ?%| [A-Z]\w{0,20}s\b)"
    r"|(?<![\w.,$€£-])(?P<own>\d{3})(?:s\b|-\d| [A-Z][a-z]{2,20}(?<!s)[.,;)])"
)


def _is_model(text: str, number: Number) -> bool:
    """Whether the text uses the number, of three digits, as a name somewhere."""
    written = text[number.start : number.end]
    return len(written) == 3 and written.isdecimal() and written in _model_numbers(text)


@lru_cache(maxsize=1)
def _model_numbers(text: str) -> set[str]:
    return {
        match["own"] or match["after"]
        for match in _MODEL_NUMBER.finditer(text)
        if match["own"] or match["name"].lower() not in WORDS["function"] | WORDS["leading"]
    }


def _range(low: str, first: Number, second: Number) -> Decimal | None:
    """The low end in full where both make one range: "10 to 15 stores", "between 4 and 5 million users"."""
    word = context.connector(low, first.end, second.start)
    if word not in {"-", "to", "and"} or first.open_ended or second.open_ended:
        return None
    if word == "and" and not context.says_between(low, first.start):
        return None
    if word == "to" and context.is_change(low, first.start):
        return None
    value = first.value
    if second.scaled and not first.scaled and first.mantissa < second.mantissa:
        value = first.mantissa * second.scale
    return value if value < second.value else None


def _is_part(low: str, first: Number, second: Number) -> bool:
    """Whether the first number is some of the second: "50 of 55 analysts", "five of the seven big studios"."""
    words = low[first.end : second.start].split() if 0 < second.start - first.end <= 50 else []
    if words[:1] == ["out"]:
        words.pop(0)
    if words[:1] != ["of"] or not 1 < first.value < second.value or low[second.start - 1] != " ":
        return False
    return all(
        word[-1] not in ".,;:)" and (word not in WORDS["function"] or word in WORDS["determiners"])
        for word in words[1:]
    )


# --------------------------------------------------------------------------- numbers without their noun

_STOP = re.compile(r"[.!?][\"”’)]?\s|\n[ \t]{0,4}\r?\n")
_FREE_AFTER = re.compile(r"[\"”’]?(?:$|[.,;:)\]!?–—]|\s{1,3}(?:[-–—(]|(?P<word>[a-z]{1,12})(?![\w'’])))")
_LEAD = {
    name: re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(WORDS[name]))})(?:\s{{1,2}}[a-z]{{1,12}}){{0,2}}\s{{1,2}}$")
    for name in ("borrowing", "amounting")
}
_FREE_WORDS = WORDS["function"] | WORDS["time"] | WORDS["leading"]
_LONGEST_ELLIPSIS = 100


def _stands_alone(low: str, start: int, number: Number, lead: str) -> bool:
    """Whether words of the list ``lead`` stand before ``start``, and nothing that the number could count after it."""
    if number.open_ended or number.value <= 1 or not _LEAD[lead].search(low, max(0, start - 30), start):
        return False
    after = _FREE_AFTER.match(low, number.end)
    return after is not None and (not after["word"] or after["word"] in _FREE_WORDS)


def _borrowed(text: str, low: str, start: int, number: Number, last: Fact | None) -> Phrase | None:
    """The noun of the quantity before, where the number leaves it out: "12 stores this year, up from nine"."""
    if last is None or not isinstance(last.value, Quantity) or last.value.maximum is None:
        return None
    unit, before = last.value.unit, last.value.maximum
    near = start - last.span.end <= _LONGEST_ELLIPSIS and not _STOP.search(text, last.span.end, start)
    alike = before <= 100 * number.value and number.value <= 100 * before
    if not (unit and near and alike) or unit in WORDS["steps"] or not _stands_alone(low, start, number, "borrowing"):
        return None
    return Phrase("elliptical", unit, f"as in {text[slice(*last.span)]!r}", number.end)


def _unnamed(low: str, start: int, number: Number) -> Phrase | None:
    """No noun for a large number that is plainly an amount of something: "claims fell by 10,000 to 570,000"."""
    written = low[number.start : number.end]
    large = number.scaled or ("," in written and "." not in written)
    if not large or not _stands_alone(low, start, number, "amounting"):
        return None
    return Phrase("unnamed", "", "what is counted is not said beside it", number.end)


_FOLD = re.compile(r"(?<![\w.,-])(?P<number>\d{1,6}(?:\.\d{1,3})?|[a-z]{3,9})[- ]?fold\b")


def _folds(low: str) -> Iterator[Fact]:
    """Multiples in one word: "tenfold", "10-fold"."""
    if "fold" not in low:
        return
    for match in _FOLD.finditer(low):
        value = numbers.simple(match["number"])
        if value is not None:
            span = Span(match.start("number"), match.end())
            yield Fact(
                span=span,
                value=Quantity(value, value, "times", context.modifier(low, *span)),
                rule="fold",
                confidence=0.9,
            )
