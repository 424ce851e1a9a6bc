"""Whether what an expression of time belongs to is told as past or as to come, from the words around it."""

import re

from extract.kinds.date.lexicon import CATEGORIES, Lexed

# How far to look, in tokens.
REACH = 16

_BREAK, _STOP = CATEGORIES["BREAK"], CATEGORIES["STOP"]

_FUTURE = frozenset(
    "will shall ll would scheduled due upcoming expects expect expected plans planned planning set going forthcoming ahead "
    "until till forecast forecasts likely intends aims hopes tomorrow awaiting await deadline slated prepares".split()
)
_PAST = frozenset(
    "said was were had did has have been told rose fell made took began came went became got gave saw won lost found kept "
    "held left met paid sold bought sent built grew led hit cut put let shut set split spent brought thought felt heard "
    "drew broke chose spoke wrote knew showed taken given seen known sank slid shed shrank swung stood struck quit beat "
    "earlier ago yesterday since during after".split()
) - {"set", "after", "during", "put", "let", "hit", "cut"} | frozenset({"cut", "hit"})
# After these an infinitive tells what was done or not done: "agreed to buy", "declined to comment".
_DONE = frozenset(
    "agreed declined refused failed moved continued began managed returned tried helped used went came had decided "
    "voted started forced rose fell climbed dropped up down slipped grew added gained jumped".split()
)
_ARTICLES = frozenset("the a an its their his her our this that".split())
_PARTICIPLE = re.compile(r"[a-z]{2,}ed")


def direction(lexed: Lexed, first: int, stop: int) -> int:
    """-1 told as past, 1 as to come, 0 no evidence: the nearest sign before the expression, else after it."""
    before = lexed.word(first - 1).lower()
    if before in ("by", "until", "till"):
        return 1
    if before == "since":
        return -1
    return _look(lexed, range(first - 1, max(first - REACH, 0) - 1, -1)) or _look(
        lexed, range(stop, min(stop + REACH, len(lexed.spans)))
    )


def _look(lexed: Lexed, indexes: range) -> int:
    for index in indexes:
        category = lexed.categories[index]
        if category == _BREAK or (category == _STOP and not lexed.glued(index) and len(lexed.word(index - 1)) > 3):
            return 0
        if sign := _sign(lexed, index):
            return sign
    return 0


def _sign(lexed: Lexed, index: int) -> int:
    word = lexed.word(index).lower()
    if word in _FUTURE:
        return 1
    if word == "to":
        following = lexed.word(index + 1)
        if not following.isalpha() or not following.islower() or following in _ARTICLES:
            return 0
        return -1 if lexed.word(index - 1).lower() in _DONE else 1
    if word in _PAST or _PARTICIPLE.fullmatch(word):
        if lexed.word(index - 1).lower() in ("be", "will", "to"):
            return 1
        return -1
    return 0
