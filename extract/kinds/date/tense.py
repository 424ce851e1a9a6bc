"""Whether what an expression of time belongs to is told as past or as to come, from the words around it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.kinds.date.lexicon import CATEGORIES, CONTEXT, Lexed

# How far to look, in tokens.
REACH = 16
# So many tokens further off counts a sign that may also speak of another time: "would", which reports what was
# expected of the past, or "when".
FURTHER = 10

_DETERMINERS = frozenset(CATEGORIES[name] for name in ("ARTICLE", "THE", "THIS", "THAT", "HIS"))
_BREAK, _STOP = CATEGORIES["BREAK"], CATEGORIES["STOP"]

_WEAK = CONTEXT["weak-modals"] | CONTEXT["subordinating"]
_STOPS = frozenset({".", ",", "", "\n"})
_AHEAD = frozenset({("as", "soon"), ("as", "early"), ("of", "ahead"), ("to", "runup"), ("to", "up"), ("into", "last")})
_PARTICIPLE = re.compile(r"[a-z]{2,}ed")
# Before a participle: what makes a verb of it, from the nearest word back.
_AUXILIARIES = CONTEXT["auxiliaries"] | CONTEXT["modals"]


class Evidence(NamedTuple):
    """``sign`` is -1 for told as past, 1 for to come, 0 for nothing found; ``distance`` in tokens.

    ``split`` where the preposition says the one and the verb the other: "had sold nine by March".
    """

    sign: int
    distance: int
    split: bool = False


def evidence(lexed: Lexed, first: int, stop: int) -> Evidence:
    """The nearest sign of tense before the expression, else after it, within its sentence."""
    before = lexed.word(first - 1).lower()
    if before == "after" and lexed.word(first - 2).lower() == "until":
        before = "until"
    if before == "since":
        return Evidence(-1, 1)
    if _heads_entry(lexed, first, stop):
        return Evidence(-1, 1)
    if (before, lexed.word(first - 2).lower()) in _AHEAD:
        return Evidence(1, 1)
    if _is_traded_ahead(lexed, first, stop) or lexed.word(stop) in CONTEXT["draws-near"]:
        return Evidence(1, 1)
    back = _look(lexed, range(first - 1, max(first - REACH, 0) - 1, -1))
    found = back if back.sign else _ahead(lexed, first, stop)
    if back.sign > 0 and _is_announced(lexed, first - 1 - back.distance):
        return found._replace(split=True)
    if before in ("by", "until", "till"):
        bidden = any(lexed.word(index).lower() == "to" for index in sentence_before(lexed, first - 1))
        return Evidence(1, 1, split=found.sign < 0 and not bidden)
    return found


def _ahead(lexed: Lexed, first: int, stop: int) -> Evidence:
    """What stands after an expression; less telling beyond a comma, unless "In May," opens the sentence."""
    found = _look(lexed, range(stop, min(stop + REACH, len(lexed.spans))))
    opens = starts_sentence(lexed, first) or starts_sentence(lexed, first - 1)
    parted = any(lexed.word(index) == "," for index in range(stop, stop + found.distance))
    return found._replace(distance=found.distance + FURTHER * (parted and not opens))


def _is_announced(lexed: Lexed, index: int) -> bool:
    """Whether "to" follows a plan told of as past: "approved the plan to buy it in May" dates the one or the other."""
    if lexed.word(index - 1).lower() not in ("plan", "plans"):
        return False
    before = (lexed.word(index - back) for back in (2, 3, 4))
    return any(_PARTICIPLE.fullmatch(word) or word in CONTEXT["past"] for word in before)


def direction(lexed: Lexed, first: int, stop: int) -> int:
    """Only the sign of the evidence; 0 where it is split."""
    found = evidence(lexed, first, stop)
    return 0 if found.split else found.sign


def _ends_sentence(lexed: Lexed, index: int) -> bool:
    """Whether a token is an empty line, or a full stop that is no abbreviation's."""
    category, before = lexed.categories[index], lexed.word(index - 1)
    closed = len(before) > 3 or before.islower() or before.isdigit() or before in (")", '"', "”")
    return category == _BREAK or (category == _STOP and not lexed.glued(index) and closed)


def starts_sentence(lexed: Lexed, index: int) -> bool:
    """Whether a token is the first of its sentence."""
    return index == 0 or (index > 0 and _ends_sentence(lexed, index - 1))


def sentence_before(lexed: Lexed, index: int) -> Iterator[int]:
    """The tokens before one, from the nearest back, within its sentence and reach."""
    for i in range(index - 1, max(index - REACH, -1), -1):
        if _ends_sentence(lexed, i):
            return
        yield i


def _heads_entry(lexed: Lexed, first: int, stop: int) -> bool:
    """Whether a date stands before an entry of a chronicle: "November 5 - The mill burns"."""
    starts = starts_sentence(lexed, first) or lexed.word(first - 1) in ("-", "–", "—")
    dashed = lexed.word(stop) in ("-", "–", "—") and not lexed.glued(stop - 1) and not lexed.glued(stop)
    return starts and dashed and lexed.word(stop + 1)[:1].isupper()


def _is_traded_ahead(lexed: Lexed, first: int, stop: int) -> bool:
    """Whether a month is the one goods are to be delivered in: "December gold", "crude for December delivery"."""
    if lexed.word(stop).lower() in CONTEXT["traded-ahead"]:
        return not any(lexed.word(index).lower() in CONTEXT["produced"] for index in range(stop + 1, stop + 4))
    before = [lexed.word(index).lower() for index in range(first - 3, first)]
    return before[1] == "delivery" or (before[2] == "for" and before[1] in CONTEXT["traded-ahead"])


def _look(lexed: Lexed, indexes: range) -> Evidence:
    comma = False
    for distance, index in enumerate(indexes):
        if _ends_sentence(lexed, index):
            break
        comma = comma or lexed.word(index) == ","
        if not comma and lexed.word(index).lower() == "ahead":
            return Evidence(1, distance)
        if (
            indexes.step > 0
            and comma
            and lexed.word(index) in CONTEXT["attributed"]
            and lexed.word(index + 1) in _STOPS
        ):
            continue
        if indexes.step > 0 and lexed.word(index) in CONTEXT["subordinating"]:
            continue  # "Thursday, when they met": the verb tells
        if sign := _sign(lexed, index):
            weak = not _WEAK.isdisjoint((lexed.word(index).lower(), lexed.word(index - 1).lower()))
            return Evidence(sign, distance + FURTHER * weak)
    return Evidence(0, 0)


def _sign(lexed: Lexed, index: int) -> int:
    word, before = lexed.word(index), lexed.word(index - 1).lower()
    if word in CONTEXT["modals"] or (word == "won" and lexed.word(index + 1) in ("'", "’")):
        perfect = lexed.word(index + 1) == "have" and lexed.word(index + 2) != "to"
        if perfect and word in CONTEXT["weak-modals"]:
            return 0 if word == "would" else -1  # may have sold
        return -1 if _could_not(lexed, index) else 1
    if word == "have" and before in CONTEXT["modals"]:
        return 0  # the modal tells
    word = word.lower()
    if word in CONTEXT["subordinating"]:
        return 0 if lexed.word(index + 1).endswith("ing") else 1
    if word == "expected" and lexed.categories[index - 1] in _DETERMINERS:
        return 0  # an expected 7 percent
    if word in CONTEXT["to-come"]:
        return _SPENT.get((before, word), 1)
    if word == "to":
        wishing = {lexed.word(index - 2).lower(), lexed.word(index - 3).lower()} & CONTEXT["to-come"]
        return 1 if wishing or before in CONTEXT["before-infinitive"] else 0
    # "A much-anticipated speech", "its revamped battery": a participle there tells nothing of the sentence's tense.
    adjective = before == "-" or lexed.categories[index - 1] in _DETERMINERS
    if word in CONTEXT["past"]:
        return _verb(lexed, index)
    return _verb(lexed, index) if _PARTICIPLE.fullmatch(lexed.word(index)) and not adjective else 0


# Words that look ahead elsewhere, after one that takes that away.
_SPENT = {("than", "expected"): 0, ("as", "expected"): 0, ("-", "expected"): 0, ("had", "expected"): -1,
          ("was", "expected"): 0, ("were", "expected"): 0, ("housing", "starts"): 0}  # fmt: skip


def _verb(lexed: Lexed, index: int) -> int:
    """The tense of a past form or participle: by its auxiliaries, if any."""
    chain: list[str] = []
    while len(chain) < 4 and (word := lexed.word(index - 1 - len(chain)).lower()) in _AUXILIARIES:
        chain.append(word)
    if any(word in CONTEXT["modals"] for word in chain):
        if "could" in chain and _could_not(lexed, index - 1 - chain.index("could")):
            return -1
        return 1 if "have" not in chain or "will" in chain else 0
    if "to" in chain and "have" in chain:  # "is thought to have risen"
        return -1
    if "to" in chain:
        return 1 if lexed.word(index - 2).lower() == "to" and chain[0] == "be" else 0
    if {"was", "were", "has", "have", "had"} & {*chain}:
        return -1
    return 0 if {"is", "are", "be", "being"} & {*chain} else -1


def _could_not(lexed: Lexed, index: int) -> bool:
    """Whether a "could" is a past inability: "could not be reached", "nor could they"."""
    if lexed.word(index) != "could":
        return False
    denied = {lexed.word(i).lower() for i in (index - 3, index - 2, index - 1, index + 1)}
    return bool(denied & {"not", "never", "neither", "nor"})
