"""All rules together: the expressions of a text.

The rules stand in absolute.py, clock.py, spelt.py, relative.py and repeated.py; the language they are written in is
grammar.py. At each place the rule that takes the most tokens wins, the earlier one on a tie. The inventory follows
TIMEX3 (TimeML Annotation Guidelines 1.2.1, Saurí et al. 2006).
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from extract.kinds.date import absolute, clock, relative, repeated, spelt
from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, expand, starters
from extract.kinds.date.lexicon import Lexed

_RULES = (*absolute.RULES, *clock.RULES, *spelt.RULES, *relative.RULES, *repeated.RULES)
RULES = frozenset(rule.name for rule in _RULES)

# The rules by the category they may begin with.
_STARTS = [(rule, starters(rule.pattern.pattern)) for rule in _RULES]
_BY_START = {
    start: tuple(rule for rule, starts in _STARTS if start in starts)
    for start in sorted(frozenset().union(*(starts for _, starts in _STARTS)))
}
_START = re.compile(f"[{re.escape(''.join(_BY_START))}]")

# Expressions that look like one of time and are none: they take their tokens away from the rules.
_HANDS_OFF = re.compile(
    "|".join(
        expand(pattern)
        for pattern in (
            "THE?STEP?COUNT HYPHEN?(?:UNIT|UNITS)HYPHEN?OLD",
            "(?:UNIT|PART)HYPHEN?(?:ON|OVER|BY|TO|IN)HYPHEN?(?:UNIT|PART)",
        )
    )
)


def expressions(lexed: Lexed) -> Iterator[tuple[int, int, Expression]]:
    """The expressions of a text in order, not overlapping, each with its first token and the one after its last."""
    place, categories = 0, lexed.categories
    while found := _START.search(categories, place):
        first = found.start()
        if hands_off := _HANDS_OFF.match(categories, first):
            place = hands_off.end()
            continue
        best = _longest(lexed, first)
        if best is None:
            place = first + 1
            continue
        yield first, best[0], best[1]
        place = best[0]


# How often each category has been met. To compile a pattern takes as long as to try the rules so many times.
_met = Counter[str]()
_OFTEN = 500


def _none(lexed: Lexed, first: int) -> bool:
    """Whether it is told at once that no rule matches: by one pattern for all, where that is worth it."""
    start = lexed.categories[first]
    _met[start] += 1
    return _met[start] > _OFTEN and not _any(start).match(lexed.categories, first)


@cache
def _any(start: str) -> re.Pattern[str]:
    """What tells whether any of the rules that may begin with a category matches at all."""
    patterns = (re.sub(r"[?]P<[a-z0-9]+>", "?:", rule.pattern.pattern) for rule in _BY_START[start])
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _longest(lexed: Lexed, first: int) -> tuple[int, Expression] | None:
    if _none(lexed, first):
        return None
    rules = _BY_START[lexed.categories[first]]
    matches = [(match, rule) for rule in rules if (match := rule.pattern.match(lexed.categories, first))]
    for match, rule in sorted(matches, key=lambda pair: -pair[0].end()):
        if expression := rule.build(Hit(lexed, match, rule.name)):
            return match.end(), expression
    return None
