"""A text as a string of categories, one character a token: what the grammar of rules.py is matched against.

Words get their category from vocabulary.toml, numbers from their shape and size, signs from themselves; every
other word is WORD. So one pass over the text turns its words into letters of a small alphabet, on which the
rules are ordinary regular expressions that run at the speed of the regular expression engine.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from extract.kinds.data import data

VOCABULARY: dict[str, Any] = data(__package__, "vocabulary.toml")

# Categories that stand for shapes and signs; those of words are the tables of the vocabulary.
_SHAPES = """
    WORD NAME BREAK COMMA STOP HYPHEN SLASH COLON APOSTROPHE OPEN CLOSE CURRENCY PERCENTSIGN SIGN TWELVE DAYNUM
    THIRTYONE SIXTY YEAR INTEGER DECIMAL DOTTED NTH CLOCK AMPM QUARTERCODE HALFCODE FISCALCODE DECADE SHORTDECADE
    SMALLMONTH HOLIDAY ISO ESS
"""
_TABLES = [name.upper() for name in VOCABULARY if name not in ("word", "holiday", "chinese-new-year", "context")]
_SMALL = sorted(set(VOCABULARY["word"].values()))
CATEGORIES = {
    name: chr(0x21 + i) if 0x21 + i < 0x7F else chr(0xA1 + i - 0x5E)
    for i, name in enumerate([*_SHAPES.split(), *_TABLES, *_SMALL])
}

NAMES = {character: name for name, character in CATEGORIES.items()}

_SIGNS = {
    ",": "COMMA", ".": "STOP", "-": "HYPHEN", "‐": "HYPHEN", "‑": "HYPHEN", "–": "HYPHEN", "—": "HYPHEN",
    "/": "SLASH", ":": "COLON", "'": "APOSTROPHE", "’": "APOSTROPHE", "‘": "APOSTROPHE", "(": "OPEN",
    ")": "CLOSE", "%": "PERCENTSIGN", "$": "CURRENCY", "€": "CURRENCY", "£": "CURRENCY", "¥": "CURRENCY",
}  # fmt: skip

# Months that are also words or names when written small.
_SMALL_MONTHS = {"may": 5, "march": 3, "mar": 3, "dec": 12, "jan": 1, "sep": 9, "august": 8}

# Words around an expression that decide how it is read, by what they decide.
CONTEXT: dict[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in VOCABULARY["context"].items()}

HOLIDAYS: dict[str, dict[str, Any]] = {name: rule for rule in VOCABULARY["holiday"] for name in rule["names"]}

_HOLIDAY = "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(HOLIDAYS, key=len, reverse=True))
_UNITS = "|".join(sorted({*VOCABULARY["unit"], *VOCABULARY["units"]}, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""\n[^\S\n]*\n                               # an empty line
    |(?:{_HOLIDAY})(?![^\W_])
    |[ap]\.\ ?m\b\.?|[AP]\.M\b\.?
    |[^\W\d_]\w*+
    |\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])
    |\d{{1,3}}(?:,\d{{3}})++(?!\d)
    |\d++(?:\.\d++)*+(?:(?!(?:{_UNITS})\b)[^\W_]++)?   # but a unit glued to it is a word of its own: 3.5years
    |\S""",
    re.VERBOSE,
)
# Longer numbers count no days or years: they have no value here. An ISO date and time with its zone is shorter.
LONGEST_NUMBER = 36

_SUFFIXED = re.compile(r"(\d+)(st|nd|rd|th|s|[ap]m|Q|H|q|h)", re.IGNORECASE)
_CODE = re.compile(r"(Q|H|FY)(\d{1,4})", re.IGNORECASE)


class Entry(NamedTuple):
    """A word's category (one character) and what it means there."""

    category: str
    value: Any


def _words() -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for table in _TABLES:
        for word, value in VOCABULARY[table.lower()].items():
            entry = Entry(CATEGORIES[table], value)
            for form in {word, word.capitalize(), word.upper()}:
                entries[form] = entry
            if table == "MONTH":
                small = word in _SMALL_MONTHS
                entries[word] = Entry(CATEGORIES["SMALLMONTH" if small else "MONTH"], value)
            if table == "DAYABBR":
                del entries[word]
    for word, category in VOCABULARY["word"].items():
        for form in {word, word.capitalize(), word.upper()}:
            entries[form] = Entry(CATEGORIES[category], word)
    for sign, category in _SIGNS.items():
        entries[sign] = Entry(CATEGORIES[category], sign)
    for word in ("am", "pm", "AM", "PM", "a.m.", "p.m.", "a.m", "p.m", "A.M.", "P.M.", "a. m.", "p. m."):
        entries[word] = Entry(CATEGORIES["AMPM"], word[0].lower())
    for name in HOLIDAYS:
        entries[name] = Entry(CATEGORIES["HOLIDAY"], name)
    entries["s"] = Entry(CATEGORIES["ESS"], "s")
    return entries


_ENTRIES = _words()
_OTHER = {name: Entry(CATEGORIES[name], None) for name in ("WORD", "NAME", "SIGN", "BREAK", "INTEGER", "DECIMAL")}


class _Lexicon(dict[str, str]):
    """Words to categories; what is in no table is classed by its shape, and remembered while there is room."""

    def __missing__(self, word: str) -> str:
        category = _shaped(word).category
        if len(self) < 50_000 and len(word) < 30:
            self[word] = category
        return category


_LEXICON = _Lexicon({word: entry.category for word, entry in _ENTRIES.items()})


def entry(word: str) -> Entry:
    """What a token is and means."""
    return _ENTRIES.get(word) or _shaped(word)


def _shaped(word: str) -> Entry:
    first = word[0]
    if first.isdigit():
        return _number(word)
    if first == "\n":
        return _OTHER["BREAK"]
    if first.isalpha():
        if code := _CODE.fullmatch(word):
            return _coded(code[1].upper(), code[2])
        if first.isupper():
            folded = " ".join(word.split())
            return _ENTRIES.get(folded) or _OTHER["NAME"]
        return _OTHER["WORD"]
    return _OTHER["SIGN"]


def _number(word: str) -> Entry:
    if not word.isascii():
        return _OTHER["SIGN"]
    if len(word) > LONGEST_NUMBER:
        return _OTHER["INTEGER"]
    if word.isdigit():
        number = int(word)
        if len(word) == 4 and 1000 <= number <= 2199:
            return Entry(CATEGORIES["YEAR"], number)
        if len(word) <= 2:
            shape = "TWELVE" if 1 <= number <= 12 else "DAYNUM" if 13 <= number <= 24 else ""
            shape = shape or ("THIRTYONE" if 25 <= number <= 31 else "SIXTY" if number < 60 else "INTEGER")
            return Entry(CATEGORIES[shape], number)
        return Entry(CATEGORIES["INTEGER"], number)
    if len(word) >= 10 and word[4] == word[7] == "-":
        return Entry(CATEGORIES["ISO"], word)
    if word.replace(",", "").replace(".", "").isdigit():
        if "," in word:
            return Entry(CATEGORIES["INTEGER"], word.replace(",", ""))
        return Entry(CATEGORIES["DECIMAL" if word.count(".") == 1 else "DOTTED"], word)
    if match := _SUFFIXED.fullmatch(word):
        return _suffixed(match[1], match[2].lower())
    return _OTHER["WORD"]


def _suffixed(digits: str, suffix: str) -> Entry:
    number = int(digits)
    if suffix in ("st", "nd", "rd", "th"):
        return Entry(CATEGORIES["NTH"], number) if 1 <= number <= 31 else _OTHER["WORD"]
    if suffix in ("am", "pm"):
        return Entry(CATEGORIES["CLOCK"], word_clock(number, suffix[0])) if 1 <= number <= 12 else _OTHER["WORD"]
    if suffix == "s":
        if len(digits) == 4 and number % 10 == 0 and 1000 <= number <= 2190:
            return Entry(CATEGORIES["DECADE"], number)
        if len(digits) == 2 and number % 10 == 0:
            return Entry(CATEGORIES["SHORTDECADE"], number)
        return _OTHER["WORD"]
    return _coded(suffix.upper(), digits)


def _coded(letter: str, digits: str) -> Entry:
    number = int(digits)
    if letter == "Q" and len(digits) == 1 and 1 <= number <= 4:
        return Entry(CATEGORIES["QUARTERCODE"], number)
    if letter == "H" and len(digits) == 1 and 1 <= number <= 2:
        return Entry(CATEGORIES["HALFCODE"], number)
    if letter == "FY" and (len(digits) == 2 or 1000 <= number <= 2199):
        return Entry(CATEGORIES["FISCALCODE"], number if len(digits) == 4 else century(number))
    return _OTHER["NAME"]


def century(number: int) -> int:
    """The year two digits stand for: 69 is 1969, 68 is 2068 (POSIX strptime)."""
    return number + (1900 if number >= 69 else 2000)


def word_clock(hour: int, half: str) -> str:
    """``T17:00`` for 5 and p."""
    return f"T{hour % 12 + (12 if half == 'p' else 0):02}:00"


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text's tokens: where each lies, and their categories as one string."""

    text: str
    spans: list[tuple[int, int]]
    categories: str

    def word(self, index: int) -> str:
        """The token as written; empty outside the text."""
        if not 0 <= index < len(self.spans):
            return ""
        start, end = self.spans[index]
        return self.text[start:end]

    def value(self, index: int) -> Any:  # noqa: ANN401 - a number or a code, by category
        """What the token means."""
        return entry(self.word(index)).value

    def glued(self, index: int) -> bool:
        """Whether no space parts the token from the next one."""
        return index + 1 < len(self.spans) and self.spans[index][1] == self.spans[index + 1][0]


def lex(text: str) -> Lexed:
    """Tokens and their categories, in one pass."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    return Lexed(text, spans, "".join([_LEXICON[text[start:end]] for start, end in spans]))


CHINESE_NEW_YEAR: dict[int, dt.date] = {day.year: day for day in VOCABULARY["chinese-new-year"]["days"]}
