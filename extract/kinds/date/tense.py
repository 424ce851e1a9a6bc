"""Whether what an expression of time belongs to is told as past or as to come, from the words around it."""

import re
from typing import NamedTuple

from extract.kinds.date.lexicon import CATEGORIES, CONTEXT, Lexed

# How far to look, in tokens.
REACH = 16

_DETERMINERS = frozenset(CATEGORIES[name] for name in ("ARTICLE", "THE", "THIS", "THAT", "HIS"))
_BREAK, _STOP = CATEGORIES["BREAK"], CATEGORIES["STOP"]

_AHEAD = frozenset({("as", "soon"), ("as", "early"), ("of", "ahead"), ("to", "runup"), ("to", "up")})
_PARTICIPLE = re.compile(r"[a-z]{2,}ed")


class Evidence(NamedTuple):
    """``sign`` is -1 for told as past, 1 for to come, 0 for nothing found; ``distance`` in tokens."""

    sign: int
    distance: int


def evidence(lexed: Lexed, first: int, stop: int) -> Evidence:
    """The nearest sign of tense before the expression, else after it, within its sentence."""
    before = lexed.word(first - 1).lower()
    if before in ("by", "until", "till") or (before, lexed.word(first - 2).lower()) in _AHEAD:
        return Evidence(1, 1)
    if before == "since":
        return Evidence(-1, 1)
    if any(lexed.word(index).lower() in CONTEXT["traded-ahead"] for index in range(stop, stop + 3)):
        return Evidence(1, 1)
    back = _look(lexed, range(first - 1, max(first - REACH, 0) - 1, -1))
    return back if back.sign else _look(lexed, range(stop, min(stop + REACH, len(lexed.spans))))


def direction(lexed: Lexed, first: int, stop: int) -> int:
    """Only the sign of the evidence."""
    return evidence(lexed, first, stop).sign


def _look(lexed: Lexed, indexes: range) -> Evidence:
    comma = False
    for distance, index in enumerate(indexes):
        category = lexed.categories[index]
        if category == _BREAK or (category == _STOP and not lexed.glued(index) and len(lexed.word(index - 1)) > 3):
            break
        comma = comma or lexed.word(index) == ","
        if not comma and lexed.word(index).lower() == "ahead":
            return Evidence(1, distance)
        if sign := _sign(lexed, index):
            return Evidence(sign, distance)
    return Evidence(0, 0)


def _sign(lexed: Lexed, index: int) -> int:
    word = lexed.word(index).lower()
    if word in CONTEXT["to-come"]:
        return 1
    if word == "to":
        return 1 if lexed.word(index - 1).lower() in CONTEXT["before-infinitive"] else 0
    # "A much-anticipated speech", "its revamped battery": a participle there tells nothing of the sentence's tense.
    adjective = lexed.word(index - 1) == "-" or lexed.categories[index - 1] in _DETERMINERS
    if word in CONTEXT["past"] or (_PARTICIPLE.fullmatch(lexed.word(index)) and not adjective):
        auxiliary = lexed.word(index - 1).lower()
        if auxiliary == "be":
            return 1 if lexed.word(index - 2).lower() in ("will", "to", "shall") else 0
        return 0 if auxiliary in ("is", "are", "to", "would", "could") else -1
    return 0
