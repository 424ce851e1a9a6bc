"""The one number grammar: what money, percent and quantity read before they ask for a unit.

A number is written in digits (``1,234,567``; ``1 234 567``; ``1.234.567,89``; ``5-1/2``), in words
(``a hundred and ten``, ``one and a half million``) or both (``2.5 thousand``, ``7bn``), with scales of
English, British, Indian and East Asian usage. Values are ``Decimal``. Every pattern is bounded or
possessive, so that a megabyte of digits costs what a megabyte of prose does.

All offsets are code points into the text; patterns run over ``lowered(text)``, which has the same length.
"""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from extract.errors import RuleError
from extract.model import Flag, Modifier

# Longer than any amount ever printed (a quadrillion with separators and decimals): beyond it, no number.
LONGEST_DIGITS = 28

_SMALL_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: Decimal(value) for value, word in enumerate(_SMALL_WORDS.split())}
_TENS = {word: Decimal(10 * value) for value, word in enumerate(_TENS_WORDS.split(), start=2)}
_HUNDRED = Decimal(100)
_SCALES = {
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
    "quadrillion": Decimal(10**15),
    "lakh": Decimal(10**5),
    "crore": Decimal(10**7),
}
_SHORT_SCALES = {
    "mn": _SCALES["million"], "mln": _SCALES["million"], "mio": _SCALES["million"],
    "bn": _SCALES["billion"], "bln": _SCALES["billion"], "bil": _SCALES["billion"],
    "tn": _SCALES["trillion"], "trn": _SCALES["trillion"], "tln": _SCALES["trillion"],
    "lac": _SCALES["lakh"], "lacs": _SCALES["lakh"],
    "万": Decimal(10**4), "萬": Decimal(10**4), "亿": Decimal(10**8), "億": Decimal(10**8), "兆": Decimal(10**12),
}  # fmt: skip
_LETTER_SCALES = {
    "k": _SCALES["thousand"], "m": _SCALES["million"], "mm": _SCALES["million"],
    "b": _SCALES["billion"], "t": _SCALES["trillion"],
}  # fmt: skip
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_VULGAR = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅛": "0.125", "⅜": "0.375",
           "⅝": "0.625", "⅞": "0.875", "⅓": "0.3333", "⅔": "0.6667"}  # fmt: skip
_THIRDS = frozenset("⅓⅔")
_FOUR_PLACES = Decimal("0.0001")
# Plurals and the like say an order of magnitude and no more: "tens of millions", "several billion".
_OPEN = {
    "tens": Decimal(10), "dozens": Decimal(12), "hundreds": _HUNDRED,
    **{f"{word}s": value for word, value in _SCALES.items()},
    "several": Decimal(1), "few": Decimal(1), "couple": Decimal(2),
}  # fmt: skip
_MULTI = {f"multi{dash}{word}": _SCALES[word] for dash in ("", "-") for word in ("million", "billion", "trillion")}

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


def data(package: str, name: str) -> dict[str, Any]:
    """The tables of the .toml file ``name`` beside the modules of ``package``; RuleError where it is malformed."""
    try:
        return tomllib.loads((files(package) / name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"{package}/{name}: {error}") from error


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
            number = Number(match.start(), end, Decimal(_VULGAR[first]), scale, doubt=doubt)
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
    glued = False
    if start:
        before, wider = low[start - 1], low[start - 2] if start > 1 else " "
        if before in ":/’'_@\\" and (wider.isalnum() or before not in ":/"):
            return None
        if before == "." and not wider.isalnum():
            start -= 1
            glued = wider == "."
        else:
            glued = before.isalpha() or (before in "-." and wider.isalpha())
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
        return value + Decimal(part), place + 1, Doubt.INEXACT if low[place] in _THIRDS else Doubt.NONE
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
_SCALE_STARTS = frozenset(" \t\r\n\u00a0\u202f\u2009-htmbkqlc万萬亿億兆")


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
    first = words[0]
    if first in _MULTI:
        return 1, Decimal(1), _MULTI[first], True
    if first in _OPEN:
        return _open_value(words, joints)
    total, current, last_scale = Decimal(0), None, Decimal(10**18)
    scale = Decimal(1)
    used = 0
    for word, joint in zip(words, joints, strict=True):
        if used and word in _OPEN and word[:-1] in _SCALES:  # five lakhs
            word = word[:-1]
        value = _SMALL.get(word, _TENS.get(word))
        if value is not None:
            if joint not in {"", "and"} or (joint == "and" and not (used and words[used - 1] in _AND_AFTER)):
                break
            if current is None:
                current = value
            elif (word in _SMALL and 0 < value < 10 and current % 100 in _TENS.values() and not joint) or (
                current >= 100 and current % 100 == 0
            ):
                current += value
            else:
                break
        elif word == "hundred":
            if joint or (current is not None and not 0 < current < 100):
                break
            current = (current or Decimal(1)) * 100
        elif word == "dozen":
            if joint not in {"", "a"} or used > 1:
                break
            current = (Decimal(1) if current is None else current) * 12
        elif word in _SCALES:
            if joint not in {"", "a", "of a"} or (joint and not (used and words[used - 1] in {*_PARTS, "quarters"})):
                break
            factor = _SCALES[word]
            if current is None and used and words[used - 1] in _SCALES:  # thousand million
                total, scale = total * factor, scale * factor
            elif factor < last_scale:
                total += (Decimal(1) if current is None else current) * factor
                scale = factor if scale == 1 else scale
            else:
                break
            current, last_scale = None, factor
        elif word in _PARTS:
            part = _PARTS[word]
            if used == 0 or (used == 1 and words[0] == "one" and not joint):  # one half
                current = part
            elif joint in {"and a", "and"} and word == "half":
                if current is None:  # a million and a half
                    total += part * last_scale
                else:
                    current += part
            else:
                break
        elif word == "quarters" and used == 1 and words[0] == "three" and not joint:
            current = Decimal("0.75")
        else:
            break
        used += 1
    total += current or Decimal(0)
    return used, total / scale, scale, False


_AND_AFTER = frozenset({"hundred", *_SCALES})


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


# ------------------------------------------------------------------------------------------- ranges


_DATA = data(__package__, "numbers.toml")
_CHANGE, _MOVED, _RANGE = (frozenset(_DATA[name]["words"].split()) for name in ("change", "moved", "range"))
_CONNECTOR = re.compile(r"\s{0,2}(?P<dash>[-–—~]|--)\s{0,2}|\s{1,2}(?P<word>to|and|or|through)\s{1,2}")


def connector(low: str, left_end: int, right_start: int) -> str:
    """What joins two numbers: ``-`` for any dash, ``to``, ``and``, ``or``; empty when it is anything else."""
    if not 0 < right_start - left_end <= 11:
        return ""
    match = _CONNECTOR.fullmatch(low, left_end, right_start)
    if match is None:
        return ""
    return "-" if match["dash"] else "to" if match["word"] == "through" else match["word"]


def is_year(low: str, number: Number) -> bool:
    """Whether the number is written as years are: four bare digits from 1900 to 2099."""
    written = low[number.start : number.end]
    return len(written) == 4 and written.isdecimal() and "1900" <= written < "2100"


def says_between(low: str, start: int) -> bool:
    """Whether "between" stands right before ``start``, a modifier aside."""
    return "between" in low[max(0, start - 22) : start].split()[-3:]


def is_change(low: str, start: int) -> bool:
    """Whether "X to Y" with X at ``start`` tells a move from one value to another, not a range.

    It does after "by" ("by 50 billion pounds to 375 billion"), and after "from" where the clause speaks of
    rising, falling, cutting and not of a range.
    """
    words = _clause(low, start)
    if words and words[-1] == "by":
        return True
    if "from" not in words[-3:] or not _RANGE.isdisjoint(words):
        return False
    changes = [place for place, word in enumerate(words) if word in _CHANGE]
    if not changes:
        return False
    # "raised its forecast to $5-$6 from $4 to $5": what follows the "to" was the move; this is a range.
    since = words[changes[-1] :]
    return not any(word == "to" and any(map(str.isdecimal, after)) for word, after in pairwise(since))


def is_move(low: str, start: int) -> bool:
    """Whether the amount at ``start`` says how far something rose or fell: "fell 12 pence to 345 pence"."""
    words = low[max(0, start - 24) : start].split()
    while words and words[-1] in _LAST_WORDS and words[-1] not in _MOVED:
        words.pop()
    return bool(words) and words[-1] in _MOVED


def says_from(low: str, start: int) -> bool:
    """Whether "from" stands before ``start``, and nothing in the clause says that a range follows."""
    words = _clause(low, start)
    return "from" in words[-3:] and _RANGE.isdisjoint(words)


def _clause(low: str, start: int) -> list[str]:
    before = low[max(0, start - 90) : start]
    for stop in (". ", "\n\n", "; "):
        before = before[before.rfind(stop) + 1 :]
    return before.split()


# ---------------------------------------------------------------------------------------- modifiers

_MODIFIERS: dict[str, Modifier] = {
    phrase.strip(): name
    for name, phrases in _DATA["modifiers"].items()
    for phrase in phrases.replace("\n", "/").split("/")
}
_LONGEST_MODIFIER = max(len(phrase.split()) for phrase in _MODIFIERS)
_LAST_WORDS = frozenset(phrase.split()[-1] for phrase in _MODIFIERS) | {"a", "an", "just"}
_NO_MEASURE = frozenset(_DATA["no-measure"]["words"].split())
_CLAUSE_END = r"(?=[.,;:)\]]|$)"
_AFTER = re.compile(
    rf"(?P<at_least>[ -]or (?:more|higher|above|better)\b(?! than)|-plus\b|\+| plus{_CLAUSE_END}| and (?:up|above)\b"
    rf"| at (?:the )?(?:very )?least{_CLAUSE_END}| minimum\b)"
    rf"|(?P<at_most>[ -]or (?:less|fewer|lower|below|under)\b(?! than)| at (?:the )?most{_CLAUSE_END}| maximum\b)"
    r"|(?P<about> or so\b| or thereabouts\b)"
)


def modifier(low: str, start: int, end: int) -> Modifier:
    """How the words around the amount at ``[start, end)`` qualify it, in the vocabulary of the guidelines.

    "nearly", "almost" and "close to" are ``about``; "exceeded" and "more than" ``over``; "or more" ``at_least``.
    """
    words = [word.lstrip("([\"'“‘") for word in low[max(0, start - 40) : start].split()[-_LONGEST_MODIFIER - 2 :]]
    if words and words[-1] in _LAST_WORDS and low[start - 1].isspace():
        if words[-1] in {"a", "an", "just"} and len(words) > 1:
            words.pop()
        for length in range(min(_LONGEST_MODIFIER, len(words)), 0, -1):
            found = _MODIFIERS.get(" ".join(words[-length:]))
            if found and not (length <= 2 and words[-length - 1 : -length] and words[-length - 1] in _NO_MEASURE):
                return found
            if found:
                break
    if low[end : end + 1] in {" ", "-", "+"} and (match := _AFTER.match(low, end)):
        return match.lastgroup  # type: ignore[return-value]
    return ""
