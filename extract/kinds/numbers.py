"""The one number grammar: what money, percent and quantity read before they ask for a unit.

A number is written in digits (``1,234,567``; ``1 234 567``; ``1.234.567,89``; ``5-1/2``), in words
(``a hundred and ten``, ``one and a half million``) or both (``2.5 thousand``, ``7bn``), with scales of
English, British, Indian and East Asian usage. Values are ``Decimal``. Every pattern is bounded or
possessive, so that a megabyte of digits costs what a megabyte of prose does.

All offsets are code points into the text; patterns run over ``lowered(text)``, which has the same length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from extract.kinds.data import data
from extract.model import Flag

# Longer than any amount ever printed (a quadrillion with separators and decimals): beyond it, no number.
LONGEST_DIGITS = 28

_HUNDRED = Decimal(100)

_DATA = data(__package__, "numbers.toml")
_SMALL, _TENS, _PARTS, _VULGAR, _OPEN = (
    {word: Decimal(value) for word, value in _DATA[name].items()}
    for name in ("small", "tens", "parts", "signs", "open")
)
_SCALES, _SHORT_SCALES, _LETTER_SCALES = (
    {word: Decimal(10**power) for word, power in _DATA[name].items()} for name in ("scales", "short-scales", "letters")
)
_OPEN |= {f"{word}s": value for word, value in _SCALES.items()}
_MULTI = {f"multi{dash}{word}": _SCALES[word] for dash in ("", "-") for word in ("million", "billion", "trillion")}
_THIRDS = frozenset("⅓⅔")
_FOUR_PLACES = Decimal("0.0001")

GAP = r"(?:[ \t\u00a0\u202f\u2009]{1,2}(?:\r?\n[ \t]{0,4})?|\r?\n[ \t]{0,4})"
"""White space inside one expression: spaces, or the end of a line, never an empty line."""
_JOIN = rf"(?:{GAP}?-|{GAP})"
_WORDS = "|".join(
    sorted(
        {*_SMALL, *_TENS, "hundred", "dozen", *_SCALES, *_PARTS, "quarters", *_OPEN, *_MULTI},
        key=lambda word: (-len(word), word),
    )
)
_START = re.compile(rf"[0-9][0-9.,]*+|[{''.join(_VULGAR)}]|(?<![a-z])(?:{_WORDS})(?![a-z])")
_NEXT = re.compile(
    rf"(?:{_JOIN})(?P<joint>and{_JOIN}|of{GAP}|an?{GAP}|and{_JOIN}an?{_JOIN}|of{GAP}an?{GAP})?(?P<word>{_WORDS})(?![a-z])"
)
_SCALE = re.compile(
    rf"(?:{_JOIN}?(?P<word>{'|'.join(_SCALES)}|hundred)s?|{GAP}?(?P<short>{'|'.join(_SHORT_SCALES)}))(?![a-z])"
    r"|(?P<letter>mm|[kmbt])(?![a-z0-9])"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})++(?:\.\d++)?|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d++)?")  # also Indian
_EUROPEAN = re.compile(r"\d{1,3}(?:\.\d{3}){2,}+(?:,\d{1,4})?|\d{1,3}(?:\.\d{3})++,\d{1,4}")
_COMMA_DECIMAL = re.compile(r"\d++,\d{1,2}")
_POINT = re.compile(r"\d++\.\d++")
_ZEROS = re.compile(r"\d{1,3}\.\d00")
_APOSTROPHES = re.compile(r"((?:['’]\d{3}(?!\d)){1,5})(?:\.(\d{1,2}))?(?![\d'’])")  # Swiss: 1'234'567.50
_SPACED = re.compile(
    r"((?:[ \u00a0\u202f\u2009]\d{3}(?!\d)){1,5})(?:([.,])(\d{1,2})(?![\d,.]))?(?![\d/:])(?![,.]\d)(?!s\b)"
)
_TOKENISED = re.compile(r"(?P<groups>(?: , ?\d{3}(?!\d)){1,5})?(?P<point> \. \d{1,4}(?!\d))?")
_FRACTION = re.compile(r"(?:[ -](?P<above>\d{1,2}))?/(?P<below>2|3|4|8|16|32|64)(?![\d/,.]*\d)")
_ORDINAL = re.compile(r"st|nd|rd|th|s\b|'s\b|’s\b")
_PART_OF = re.compile(
    rf"-(?:off|third|fifth|sixth|eighth|tenth)s?\b|{_JOIN}(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?\b"
)
_COMMA_STYLE = re.compile(r"(?<![\d,.])\d{1,3},\d{3}(?![\d])")


class Doubt(StrEnum):
    """How the digits of a number could be read otherwise, or why its value is not exact; in words for the evidence."""

    NONE = ""
    SPACE = "digits grouped by a space"
    COMMA = "decimal comma"
    POINT = "a point that may group thousands"
    FRACTION = "fraction"
    INEXACT = "a fraction without an exact decimal"


DOUBTFUL_NUMBER = (
    "The digits could be read otherwise (a decimal comma, a space between groups), or are not exact (a third)."
)
"""The meaning of the flag doubtful-number, which every kind of amount shows."""

ELLIPTICAL_UNIT = (
    "The number has no unit of its own; it was taken from one nearby (6 and 13 percent; 12 stores, up from 9)."
)
"""The meaning of the flag elliptical-unit, which several kinds show."""


class Number(NamedTuple):
    """A number at ``[start, end)``; its value is ``mantissa * scale``.

    ``words``: written in words, at least in part. ``open_ended``: "billions", "several million": the value
    is the least it can be. ``scaled``: a scale was written. ``glued``: a letter, or a letter and a hyphen,
    stands right before it (G20, A-380). ``bare_scale``: a scale or part with no number to it ("million",
    "half the staff").
    """

    start: int
    end: int
    mantissa: Decimal
    scale: Decimal = Decimal(1)
    words: bool = False
    open_ended: bool = False
    glued: bool = False
    doubt: Doubt = Doubt.NONE
    bare_scale: bool = False

    @property
    def value(self) -> Decimal:
        """The number in full."""
        return self.mantissa * self.scale

    @property
    def scaled(self) -> bool:
        """Whether a scale word or letter belongs to it."""
        return self.scale != 1


def doubts(low: str, number: Number, *usual: Doubt) -> tuple[Flag, ...]:
    """The flag of a number whose reading is doubtful; those doubts that are ``usual`` where it stands are none.

    A decimal comma is plain in a text that does not group thousands with commas.
    """
    plain = number.doubt is Doubt.COMMA and not groups_with_commas(low)
    if plain or number.doubt in {Doubt.NONE, *usual}:
        return ()
    return (Flag("doubtful-number", number.doubt),)


@lru_cache(maxsize=1)
def lowered(text: str) -> str:
    """The text in lower case, code point for code point (the one letter that would grow is exempt).

    Remembered for the last text, as three kinds ask for it in turn.
    """
    return text.replace("İ", "i").lower()


@lru_cache(maxsize=1)
def scan(text: str) -> tuple[Number, ...]:
    """Every number of the text, in order, not overlapping; remembered for the last text.

    Times, dates with slashes, ordinals, decades and digit runs that are no numeral are left out.
    """
    return tuple(_numbers(lowered(text)))


@lru_cache(maxsize=1)
def groups_with_commas(text: str) -> bool:
    """Whether the text writes thousands with commas, as English does."""
    return _COMMA_STYLE.search(text) is not None


def _numbers(low: str) -> Iterator[Number]:
    done = 0
    for match in _START.finditer(low):
        if match.start() < done:
            continue
        first = low[match.start()]
        if first.isdecimal():
            number = _digits(low, match.start(), match.end())
        elif first in _VULGAR:
            scale, end = scale_after(low, match.end())
            doubt = Doubt.INEXACT if first in _THIRDS else Doubt.NONE
            number = Number(match.start(), end, _VULGAR[first], scale, doubt=doubt)
        else:
            number = _worded(low, match)
        if number is None:
            continue
        if number.glued and number.start == done + 1 and low[done] == "-":  # $6.9 billion-7.4 billion
            number = number._replace(glued=False)
        done = number.end
        yield number


def _digits(low: str, start: int, end: int) -> Number | None:
    """A number that begins with digits; ``[start, end)`` is the run of digits, points and commas."""
    while low[end - 1] in ".,":
        end -= 1
    if end - start > LONGEST_DIGITS:
        return None
    left = _left(low, start)
    if left is None:
        return None
    start, glued = left
    raw = low[start:end]
    value, doubt = _numeral(raw)
    if value is None:
        return None
    after = low[end : end + 1]
    if after and after in "'’" and low[end + 1 : end + 2].isdecimal():
        groups = _APOSTROPHES.match(low, end)
        if groups is None or not raw.isdecimal() or len(raw) > 3:
            return None
        value, end = Decimal(re.sub("['’]", "", raw + groups[1]) + f".{groups[2] or 0}"), groups.end()
        after = low[end : end + 1]
    elif raw.isdecimal() and after and after in _CONTINUES:
        value, end, doubt = _continued(low, start, end, value)
        after = low[end : end + 1]
    if after and after in ":/" and low[end + 1 : end + 2].isdecimal():
        return None
    if after == "s" and value >= 10 and raw.strip("0,") == "1" and low.startswith("s of ", end):  # 100s of stores
        return Number(start, end + 1, value, open_ended=True, glued=glued)
    if after and after in "nrst'’" and _ORDINAL.match(low, end):
        return None
    scale, end = scale_after(low, end)
    if scale != 1 and doubt is Doubt.POINT:
        doubt = Doubt.NONE
    return Number(start, end, value, scale, glued=glued, doubt=doubt)


def _left(low: str, start: int) -> tuple[int, bool] | None:
    """Where digits at ``start`` begin, a decimal point included, and whether letters are glued to them.

    None where they go on from a time, a slash, an apostrophe or an address.
    """
    if not start:
        return start, False
    before, wider = low[start - 1], low[start - 2] if start > 1 else " "
    if before in ":/’'_@\\" and (wider.isalnum() or before not in ":/"):
        return None
    if before == "." and not wider.isalnum():
        return start - 1, wider == "."
    return start, before.isalpha() or (before in "-." and wider.isalpha())


def _numeral(raw: str) -> tuple[Decimal | None, Doubt]:
    """The value of a run of digits, commas and points; None where it is no numeral."""
    if raw[0] == "0" and raw[1:2].isdecimal():  # 007, or the rest of a group: no amount
        return None, Doubt.NONE
    if raw.isdecimal() or _POINT.fullmatch(raw):
        return Decimal(raw), Doubt.POINT if _ZEROS.fullmatch(raw) else Doubt.NONE
    if raw[0] == "." and raw[1:].isdecimal():
        return Decimal("0" + raw), Doubt.NONE
    if _GROUPED.fullmatch(raw):
        return Decimal(raw.replace(",", "")), Doubt.NONE
    if _EUROPEAN.fullmatch(raw):
        return Decimal(raw.replace(".", "").replace(",", ".")), Doubt.NONE
    if _COMMA_DECIMAL.fullmatch(raw):
        return Decimal(raw.replace(",", ".")), Doubt.COMMA
    return None, Doubt.NONE


_CONTINUES = frozenset([" ", "-", "/", "\u00a0", "\u202f", "\u2009", *_VULGAR])


def _continued(low: str, start: int, end: int, value: Decimal) -> tuple[Decimal, int, Doubt]:
    """Digits that go on after a space, a hyphen or a slash: 1 234 567; 80 , 000; 5-1/2; 3/4; 5½."""
    place = end + 1 if low[end] == " " else end
    if part := _VULGAR.get(low[place : place + 1]):
        return value + part, place + 1, Doubt.INEXACT if low[place] in _THIRDS else Doubt.NONE
    if fraction := _FRACTION.match(low, end):
        above = fraction["above"]
        part_of_one = Decimal(above or value) / Decimal(fraction["below"])
        doubt = Doubt.FRACTION
        if fraction["below"] == "3":
            part_of_one, doubt = part_of_one.quantize(_FOUR_PLACES), Doubt.INEXACT
        if part_of_one < 1:
            return (value if above else Decimal(0)) + part_of_one, fraction.end(), doubt
    if end - start <= 3 and (spaced := _SPACED.match(low, end)):
        groups = spaced[1]
        plain_space = " " in groups
        if not plain_space or groups.endswith(" 000") or not groups_with_commas(low):
            digits = low[start:end] + re.sub(r"\s", "", groups)
            doubt = Doubt.SPACE if plain_space and len(groups) == 4 else Doubt.NONE
            return Decimal(f"{digits}.{spaced[3] or 0}"), spaced.end(), doubt
    if low[end] == " " and low[end + 1 : end + 2] in {".", ","}:
        spread = _TOKENISED.match(low, end)
        if spread and (spread["point"] or (spread["groups"] and end - start <= 3)):
            groups = (spread["groups"] or "").replace(",", "").replace(" ", "")
            point = (spread["point"] or " . 0").replace(" . ", ".")
            return Decimal(low[start:end] + groups + point), spread.end(), Doubt.NONE
    return value, end, Doubt.NONE


def scale_after(low: str, end: int) -> tuple[Decimal, int]:
    """The product of up to two scales from ``end`` on ("thousand million", "lakh crore"), and where they end."""
    scale = Decimal(1)
    for _ in range(2):
        match = _SCALE.match(low, end) if low[end : end + 1] in _SCALE_STARTS else None
        if match is None or (match["letter"] and scale != 1):
            break
        word = match["word"]
        if word:
            scale *= _SCALES.get(word, _HUNDRED)
        else:
            scale *= _SHORT_SCALES[match["short"]] if match["short"] else _LETTER_SCALES[match["letter"]]
        end = match.end()
    return scale, end


def simple(word: str) -> Decimal | None:
    """The value of one word or run of digits ("ten", "2.5"); None where it is no number."""
    return (
        Decimal(word)
        if _POINT.fullmatch(word) or word.isdecimal()
        else _SMALL.get(word, _TENS.get(word, _HUNDRED if word == "hundred" else _SCALES.get(word)))
    )


SCALE_WORDS = frozenset({*_SCALES, *_SHORT_SCALES, "hundred"})
_SCALE_STARTS = frozenset(" \t\r\n\u00a0\u202f\u2009-").union(word[0] for word in {*SCALE_WORDS, *_LETTER_SCALES})


def _worded(low: str, match: re.Match[str]) -> Number | None:
    """A number that begins with a word; None where the word is none here ("half the staff", "few")."""
    start, end = match.span()
    words = [match.group()]
    joints = [""]
    ends = [end]
    for _ in range(11):
        following = _NEXT.match(low, ends[-1])
        if following is None:
            break
        words.append(following["word"])
        joints.append(re.sub(r"[^a-z]+", " ", following["joint"] or "").strip())
        ends.append(following.end())
    used, mantissa, scale, open_ended = _value(words, joints)
    if not used or _PART_OF.match(low, ends[used - 1]):
        return None
    first = words[0]
    digitless = first not in _SMALL and first not in _TENS and first not in _OPEN and first not in _MULTI
    bare = digitless and used == 1
    if digitless or first in {"few", "couple"}:
        for article in ("a ", "an "):
            at = start - len(article)
            if low.startswith(article, max(at, 0)) and at >= 0 and (at == 0 or not low[at - 1].isalnum()):
                start, bare = at, False
    glued = start > 1 and low[start - 1] == "-" and low[start - 2].isalnum()
    return Number(start, ends[used - 1], mantissa, scale, True, open_ended, glued, bare_scale=bare)


def _value(words: list[str], joints: list[str]) -> tuple[int, Decimal, Decimal, bool]:
    """How many of the words make one number, its mantissa and scale, and whether it is open above."""
    if words[0] in _MULTI:
        return 1, Decimal(1), _MULTI[words[0]], True
    if words[0] in _OPEN:
        return _open_value(words, joints)
    reader = _Reader()
    while reader.used < len(words) and reader.take(words[reader.used], joints[reader.used]):
        reader.used += 1
    return reader.used, (reader.total + (reader.current or 0)) / reader.scale, reader.scale, False


@dataclass(slots=True)
class _Reader:
    """A number in words as far as it was read.

    ``total`` is what lies before the last scale word, that included; ``current`` what was read since, or None.
    ``scale`` is the first scale word's, ``last_scale`` the last one's: they must fall. ``used`` counts the words.
    """

    total: Decimal = Decimal(0)
    current: Decimal | None = None
    scale: Decimal = Decimal(1)
    last_scale: Decimal = Decimal(10**18)
    used: int = 0
    previous: str = ""

    def take(self, word: str, joint: str) -> bool:
        """Whether the word goes on with the number; it is added if so. ``joint`` stands before it ("and", "of a")."""
        if self.used and word in _OPEN and word[:-1] in _SCALES:  # five lakhs
            word = word[:-1]
        if word in _SMALL or word in _TENS:
            taken = self._unit(word, joint)
        elif word == "hundred":
            taken = not joint and (self.current is None or 0 < self.current < 100)
            self.current = (self.current or Decimal(1)) * 100 if taken else self.current
        elif word == "dozen":
            taken = joint in {"", "a"} and self.used <= 1
            self.current = (Decimal(1) if self.current is None else self.current) * 12 if taken else self.current
        elif word in _SCALES:
            taken = self._scale(_SCALES[word], joint)
        else:
            taken = self._part(word, joint)
        self.previous = word
        return taken

    def _unit(self, word: str, joint: str) -> bool:
        """One to ninety: first, after a round ten, or after hundreds: "twenty-five", "a hundred and ten"."""
        value = _SMALL[word] if word in _SMALL else _TENS[word]
        if joint not in {"", "and"} or (
            joint == "and" and not (self.previous == "hundred" or self.previous in _SCALES)
        ):
            return False
        if self.current is None:
            self.current = value
            return True
        after_ten = word in _SMALL and 0 < value < 10 and self.current % 100 in _TENS.values() and not joint
        if after_ten or (self.current >= 100 and self.current % 100 == 0):
            self.current += value
            return True
        return False

    def _scale(self, factor: Decimal, joint: str) -> bool:
        """A scale word: "half a million", "three thousand million", "two million five hundred thousand"."""
        of_part = self.previous in _PARTS or self.previous == "quarters"
        if joint not in {"", "a", "of a"} or (joint and not of_part):
            return False
        if self.current is None and self.previous in _SCALES:
            self.total, self.scale = self.total * factor, self.scale * factor
        elif factor < self.last_scale:
            self.total += (Decimal(1) if self.current is None else self.current) * factor
            self.scale = factor if self.scale == 1 else self.scale
        else:
            return False
        self.current, self.last_scale = None, factor
        return True

    def _part(self, word: str, joint: str) -> bool:
        """A part: "half", "one half", "three quarters", "one and a half", "a million and a half"."""
        if word == "quarters":
            taken = self.used == 1 and self.previous == "three" and not joint
            self.current = Decimal("0.75") if taken else self.current
            return taken
        if word not in _PARTS:
            return False
        if self.used == 0 or (self.used == 1 and self.previous == "one" and not joint):
            self.current = _PARTS[word]
        elif word != "half" or joint not in {"and a", "and"}:
            return False
        elif self.current is None:
            self.total += _PARTS[word] * self.last_scale
        else:
            self.current += _PARTS[word]
        return True


def _open_value(words: list[str], joints: list[str]) -> tuple[int, Decimal, Decimal, bool]:
    """The least that words of magnitude mean: "tens of millions", "several hundred million", "a couple of billion"."""
    vague_count = words[0] in {"several", "few", "couple"}
    mantissa, scale, used = _OPEN[words[0]], Decimal(1), 1
    for word, joint in zip(words[1:], joints[1:], strict=True):
        factor = _SCALES.get(word, _OPEN.get(word, _HUNDRED if word == "hundred" else None))
        if factor is None or factor < 100 or joint not in {"", "of"}:
            break
        scale *= factor
        used += 1
    if vague_count and used == 1:
        return 0, mantissa, scale, True
    return used, mantissa, scale, True
