"""The language of the rules: patterns over the categories of a text's tokens (lexicon.py).

A pattern is a regular expression in which a word in capitals stands for a token of that category, or for a
macro below. A builder turns what matched into an Expression, or declines. All repeats are bounded, so that
time is linear in the text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CATEGORIES, NAMES, Lexed
from extract.model import Span

MACROS = {
    "ANYMONTH": "(?:MONTH|SMALLMONTH)",
    "ANYDAY": "(?:TWELVE|DAYNUM|THIRTYONE)",
    "DAYTH": "(?:TWELVE|DAYNUM|THIRTYONE|NTH)",
    "TWODIGITS": "(?:TWELVE|DAYNUM|THIRTYONE|SIXTY|INTEGER)",
    "FIGURE": "(?:TWELVE|DAYNUM|THIRTYONE|SIXTY|INTEGER|YEAR|DECIMAL)",
    "SPELT": "(?:CARDINAL|TENS(?:HYPHEN?CARDINAL)?|(?:ARTICLE|CARDINAL)HUNDRED|HUNDRED)",
    "COUNT": (
        "(?:FIGURE(?:HYPHEN?TWELVE SLASH TWELVE)?|SPELT(?:AND ARTICLE? HALF)?"
        "|(?:ARTICLE|THE)?VAGUE OF?|HALF ARTICLE|ARTICLE HALF|ARTICLE)"
    ),
    "SMALL": "(?:TWELVE|DAYNUM|THIRTYONE|SIXTY|INTEGER|CARDINAL|TENS)",
    "NTHWORD": "(?:ORDINAL|SECOND|NTH)",
    "ANYUNIT": "(?:UNIT|SECOND|NIGHT)",
    "DAYPART": "(?:PART|NIGHT)",
    "TIME": (
        "(?:(?:TWELVE|DAYNUM|SIXTY)(?:COLON TWODIGITS){1,2}(?:AMPM)?|(?:DECIMAL|TWELVE)AMPM|CLOCK"
        "|(?:TWELVE|DAYNUM|SIXTY)COLON (?:CLOCK|WORD)|NOON)(?:OPEN ZONE CLOSE|ZONE)?|(?:YEAR|INTEGER)ZONE"
    ),
    "STEP": "(?:LAST|NEXT|THIS|SAME|CURRENT|THAT)",
}


def expand(pattern: str) -> str:
    """A pattern's capitals replaced by category characters; white space is dropped."""

    def replaced(match: re.Match[str]) -> str:
        name = match[0]
        return expand(MACROS[name]) if name in MACROS else re.escape(CATEGORIES[name])

    return re.sub(r"[A-Z]{2,}", replaced, pattern).replace(" ", "")


def categories(names: str) -> frozenset[str]:
    """Category names written as one string."""
    return frozenset(names.split())


def starters(pattern: str) -> frozenset[str]:
    """The category characters that a match of an expanded pattern can begin with."""
    return _alternatives(pattern, 0)[0]


def _alternatives(pattern: str, place: int) -> tuple[frozenset[str], bool, int]:
    """Of the alternatives up to a closing bracket: what they can begin with, whether one can be empty, the end."""
    found: frozenset[str] = frozenset()
    nullable, open_ = False, True  # open_: all of this alternative so far can be empty
    while place < len(pattern) and pattern[place] != ")":
        if pattern[place] == "|":
            nullable, open_, place = nullable or open_, True, place + 1
            continue
        first, empty, place = _item(pattern, place)
        if open_:
            found |= first
            open_ = empty
    return found, nullable or open_, place


_GROUP = re.compile(r"\((?:\?(?:P<[a-z0-9]+>|:|(?P<look><?[=!])))?")
_REPEAT = re.compile(r"\?|\{(\d),\d\}")


def _item(pattern: str, place: int) -> tuple[frozenset[str], bool, int]:
    """One character or group, with its repeat."""
    if group := _GROUP.match(pattern, place):
        first, empty, place = _alternatives(pattern, group.end())
        place += 1
        if group["look"]:
            first, empty = frozenset(), True
    elif pattern[place] == "$":
        first, empty, place = frozenset(), True, place + 1
    else:
        place += pattern[place] == "\\"
        first, empty, place = frozenset(pattern[place]), False, place + 1
    if repeat := _REPEAT.match(pattern, place):
        empty = empty or repeat[1] in (None, "0")
        place = repeat.end()
    return first, empty, place


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match: the tokens ``first`` to ``stop`` of a text."""

    lexed: Lexed
    match: re.Match[str]
    rule: str

    @property
    def first(self) -> int:
        """The index of the first token."""
        return self.match.start()

    @property
    def stop(self) -> int:
        """The index after the last token."""
        return self.match.end()

    def has(self, group: str) -> bool:
        """Whether the group took part."""
        return group in self.match.re.groupindex and self.match[group] is not None

    def value(self, group: str) -> Any:  # noqa: ANN401 - by category
        """What the group's first token means; None where the group took no part."""
        return self.lexed.value(self.match.start(group)) if self.has(group) else None

    def word(self, group: str) -> str:
        """The group's first token in lower case; empty where the group took no part."""
        return self.lexed.word(self.match.start(group)).lower() if self.has(group) else ""

    def kind(self, index: int) -> str:
        """The category of a token by its index."""
        return NAMES.get(self.lexed.categories[index], "") if 0 <= index < len(self.lexed.categories) else ""

    @property
    def before(self) -> str:
        """The category of the token before the match."""
        return self.kind(self.first - 1)

    @property
    def after(self) -> str:
        """The category of the token after the match."""
        return self.kind(self.stop)

    def is_after(self) -> bool:
        """Whether the step is the preposition "following": not "the following Friday" but "following Friday's vote"."""
        return self.word("step") == "following" and self.kind(self.first) not in ("THE", "HIS")

    def is_glued(self) -> bool:
        """Whether the whole match is written without a space."""
        return all(self.lexed.glued(i) for i in range(self.first, self.stop - 1))

    def said(self, **fields: Any) -> Expression:  # noqa: ANN401 - the fields of an Expression
        """An expression over the match, or over the groups named ``head`` to its end."""
        head = self.match.start("head") if "head" in self.match.re.groupindex else self.first
        tail = self.match.end("body") if "body" in self.match.re.groupindex else self.stop
        span = Span(self.lexed.spans[head][0], self.lexed.spans[tail - 1][1])
        return Expression(span=span, rule=self.rule, **fields)


Builder = Callable[[Hit], Expression | None]


class Rule(NamedTuple):
    """A named pattern and what builds its expressions."""

    name: str
    pattern: re.Pattern[str]
    build: Builder


def registrar(rules: list[Rule]) -> Callable[..., Callable[[Builder], Builder]]:
    """A decorator that adds a builder to ``rules``: under one name, once for each of its patterns."""

    def rule(name: str, *patterns: str) -> Callable[[Builder], Builder]:
        def register(build: Builder) -> Builder:
            rules.extend(Rule(name, re.compile(expand(pattern)), build) for pattern in patterns)
            return build

        return register

    return rule
