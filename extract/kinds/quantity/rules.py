"""Counted things: a number of the shared grammar and the plural noun phrase it counts.

The phrase is found by lexical means alone (vocabulary.toml): up to four words after the number, none of
them a function word, the last one a plural. What money, percent and date have taken is left alone, and so
are years, ages, ordinals, names (Boeing 747, Chapter 11, Fortune 500) and codes. Precision comes first: a
number whose thing cannot be told gives no fact.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.kinds import numbers
from extract.kinds.numbers import Number
from extract.model import Fact, Flag, Modifier, Quantity, Span

RULES = frozenset({"counted", "times", "fold", "range", "vague-count"})
FLAGS = {
    "doubtful-number": "The digits could be read otherwise (a decimal comma, a space between groups, a fraction).",
    "doubtful-unit": "What is counted could not be told for sure.",
    "vague-amount": "An order of magnitude only (thousands of workers); the value is the least it can mean.",
}

_DATA = numbers.data(__package__, "vocabulary.toml")
_WORDS = {name: frozenset(words.split()) for name, words in _DATA["words"].items()}
_PLURALS = frozenset(_DATA["plurals"].split())
_ABBREVIATIONS: dict[str, str] = _DATA["abbreviations"]

_WORD = re.compile(
    r"(?:[ \t\u00a0]{1,2}(?:\r?\n[ \t]{0,4})?|\r?\n[ \t]{0,4})"
    r"(?P<word>(?:[A-Z]\.){2,3}|[^\W\d_]++(?:[-'’][^\W\d_]++){0,3})(?![\w@])"
)
_OF = re.compile(r"(?:[ \t\u00a0]{1,2}|\r?\n)of(?:[ \t\u00a0]{1,2}|\r?\n)", re.ASCII)
_FOLD = re.compile(r"(?<![\w.,-])(?P<number>\d{1,6}(?:\.\d{1,3})?|[a-z]{3,9})[- ]?fold\b")
_BEFORE = re.compile(r"(?P<word>[^\s\d(\[\"“‘]{1,30})[ \t\u00a0\n]{1,2}$")
_LONGEST_PHRASE = 4


def counts(text: str, found: Sequence[Fact]) -> list[Fact]:
    """The counted quantities of a text, ordered, not overlapping each other or the facts ``found`` before."""
    low = numbers.lowered(text)
    taken = _Taken(found)
    facts = list(_counted(text, low, numbers.scan(text), taken))
    return sorted([*facts, *_folds(low)], key=lambda fact: fact.span)


class _Taken:
    """The spans that other kinds have taken; asked in order of place."""

    def __init__(self, found: Sequence[Fact]) -> None:
        self._spans = sorted(fact.span for fact in found if fact.kind in {"money", "percent", "date"})
        self._next = 0

    def holds(self, start: int, end: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next].end <= start:
            self._next += 1
        return self._next < len(self._spans) and self._spans[self._next].start < end


def _counted(text: str, low: str, found: Sequence[Number], taken: _Taken) -> Iterator[Fact]:
    pending: Number | None = None  # the number before, if it may be the low end of a range
    for number in found:
        if taken.holds(number.start, number.end) or not _may_count(text, low, number):
            pending = None
            continue
        phrase = _phrase(text, low, number)
        if phrase is None:
            pending = number
            continue
        yield _fact(low, number, pending, *phrase)
        pending = None


def _may_count(text: str, low: str, number: Number) -> bool:
    """Whether the number can count at all: no year, code, name, age, ordinal, part of a longer figure."""
    start, end = number.start, number.end
    if number.glued or number.bare_scale or number.doubt == "fraction" or text[end - 1] in "KMBT":
        return False
    if number.words and not number.scaled and number.mantissa <= 1:
        return False
    before = text[start - 1 : start]
    if before and (before in "-–/#$€£¥:&+" and not (before in "-–" and text[start - 2 : start - 1].isdecimal())):
        return False
    if not number.words and not number.scaled:
        written = text[start:end]
        if len(written) == 4 and written.isdecimal() and 1500 <= number.mantissa < 2100:
            return bool(numbers.modifier(low, start, end))  # 1884 elections, but: more than 2000 people
        if written[0] == "0" and "." not in written:
            return False
        if "-" in text[end : end + 1] and text[end + 1 : end + 2].isdecimal():
            return len(written) < 4
        if "-" in before and len(written) > 3:
            return "," in written
    match = _BEFORE.search(text, max(0, start - 32), start) if before.isspace() else None
    if match is None:
        return True
    word = match["word"]
    if word.lower().rstrip(".") in _WORDS["naming"] or word.lower() in _WORDS["naming"]:
        return False
    plain_digits = not number.words and not number.scaled and "," not in text[start:end]
    if (plain_digits or (number.words and text[start].isupper())) and word[:1].isupper():
        return (
            word.lower() in _WORDS["function"]
            or word[-1] in ",:;.!?)"
            or word.lower() in _WORDS["leading"]
            or word[-2:] in {"'s", "’s"}
        )
    if number.words and text[start].isupper():
        return word[-1] in '.!?:;)"”-'
    return True


_NO_HEADS = ("function", "not_counted", "time")


def _phrase(text: str, low: str, number: Number) -> tuple[str, str, bool] | None:
    """What is counted: the rule, the unit, and whether it is in doubt; None where it cannot be told."""
    at = number.end
    if number.open_ended and (of := _OF.match(text, at)):
        at = of.end() - 1
    elif number.open_ended and not low.startswith(("several ", "a few ", "few ", "a couple "), number.start):
        return None
    if not number.open_ended and low.startswith(" times", at) and not low[at + 6 : at + 7].isalnum():
        return ("times", "times", False) if text[at + 1] == "t" else None
    words: list[str] = []
    for _ in range(_LONGEST_PHRASE):
        match = _WORD.match(text, at)
        if match is None:
            return None
        word = match["word"]
        lower = word.lower()
        if lower in _WORDS["function"] or lower in _WORDS["time"]:
            return None
        at = match.end()
        if not words and lower in _WORDS["light"]:
            continue
        words.append(lower)
        if _is_plural(word, lower):
            return _headed(text, at, number, word, words)
        if lower in _ABBREVIATIONS and len(words) == 1 and (full := _ABBREVIATIONS[lower]):
            return "counted", full, False
    return None


def _headed(text: str, at: int, number: Number, word: str, words: list[str]) -> tuple[str, str, bool] | None:
    """The phrase whose first plural ends at ``at``; one more noun belongs to it after an attributive plural."""
    lower = words[-1]
    if lower in _WORDS["not_counted"] or lower in _WORDS["time"]:
        return None
    if word[0].isupper() and (number.words or len(words) > 1) and not word.isupper():
        return None  # Three Gorges, 1,000 United States
    following = _WORD.match(text, at)
    after = following["word"].lower() if following else ""
    doubt = False
    if following and _is_plural(following["word"], after) and not any(after in _WORDS[name] for name in _NO_HEADS):
        doubt = lower not in _WORDS["attributive"]
        words = [*words, after]
    rule = "vague-count" if number.open_ended else "counted"
    return rule, " ".join(words), doubt


def _is_plural(word: str, lower: str) -> bool:
    if lower in _PLURALS:
        return True
    return (
        len(lower) > 2
        and lower[-1] == "s"
        and not lower.endswith(("ss", "us", "is", "'s", "’s"))
        and not word.isupper()
    )


def _fact(low: str, number: Number, pending: Number | None, rule: str, unit: str, doubt: bool) -> Fact:
    start, lowest, highest = number.start, number.value, number.value
    top: Decimal | None = highest
    if pending is not None and not number.open_ended and (joined := _range(low, pending, number)) is not None:
        start, lowest, rule = pending.start, joined, "range"
    flags: list[Flag] = []
    modifier: Modifier
    if number.open_ended:
        top, modifier = None, "vague"
        flags.append(Flag("vague-amount", "an order of magnitude, no figure"))
    else:
        modifier = numbers.modifier(low, start, number.end)
    if doubt:
        flags.append(Flag("doubtful-unit", unit))
    if number.doubt in {"digits grouped by a space", "decimal comma"}:
        flags.append(Flag("doubtful-number", number.doubt))
    return Fact(
        span=Span(start, number.end),
        value=Quantity(lowest, top, unit, modifier),
        rule=rule,
        confidence=0.5 if flags else 0.85,
        flags=tuple(flags),
    )


def _range(low: str, first: Number, second: Number) -> Decimal | None:
    """The low end in full where both make one range: "10 to 15 stores", "between 4 and 5 million users"."""
    word = numbers.connector(low, first.end, second.start)
    if (
        word not in {"-", "to", "and"}
        or first.open_ended
        or (word == "and" and not numbers.says_between(low, first.start))
    ):
        return None
    if word == "to" and numbers.is_change(low, first.start):
        return None
    value = first.value
    if second.scaled and not first.scaled and first.mantissa < second.mantissa:
        value = first.mantissa * second.scale
    return value if value < second.value else None


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
                value=Quantity(value, value, "times", numbers.modifier(low, *span)),
                rule="fold",
                confidence=0.9,
            )
