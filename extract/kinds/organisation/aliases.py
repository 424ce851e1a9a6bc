"""Which names of a document mean the same organisation, and what its most complete name is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from extract.kinds.organisation.candidates import LEGAL, NAMES, PEOPLES, PLACES, STRONG_HEADS, WEAK_HEADS

_DROPPED = frozenset(word.casefold() for word in NAMES["dropped"])
_SHORT_FORMS: Mapping[str, str] = NAMES["short_forms"]
_FIELDS = STRONG_HEADS | WEAK_HEADS | PLACES | PEOPLES

# Names shorter than this are never taken for each other's misspelling.
_SHORTEST_TYPO = 7


class Identity(NamedTuple):
    """The canonical name; ``guess`` says what it rests on where that is no more than a guess."""

    name: str
    guess: str = ""


def identify(keys: Sequence[str]) -> dict[str, Identity]:
    """The identity of each name, given the names of all mentions in order of place.

    Names are the same organisation when they agree without legal form, place and generic last words, or one
    is the other's acronym or known short form. A beginning or an end that fits one name only, and a likely
    misspelling, are guesses.
    """
    counts = Counter(keys)
    groups: dict[str, set[str]] = defaultdict(set)
    for key in counts:
        groups[core(key)].add(key)
    leader = {name: _most_complete(group, counts) for name, group in groups.items()}
    target: dict[str, tuple[str, str]] = {}
    for name in groups:
        if full := _full_name(name, leader):
            target[name] = (full, "")
        elif guess := _guessed(name, leader, groups, counts):
            target[name] = guess
    return {key: _resolve(name, leader, target) for name, group in groups.items() for key in group}


def core(key: str) -> str:
    """What is left of a name for comparison: no case, signs, legal form, place around it, generic last words.

    >>> core("Beijing Nimbus Technology Co., Ltd.")
    'nimbus'
    """
    words = [re.sub(r"[^\w&]", "", word) for word in re.sub(r"\([^)]{1,30}\)", " ", key).split()]
    words = [word for word in words if word]
    body = list(words)
    while len(body) > 1 and body[-1] in LEGAL:
        body.pop()
    legal = len(body) < len(words)
    while len(body) > 1 and (body[-1].casefold() in _DROPPED):
        body.pop()
    if legal and len(body) > 1 and body[0] in PLACES:
        body = body[1:]
    return "".join(body).casefold()


def initials(name: str) -> set[str]:
    """The acronyms a name may have, in capitals: "Bank of England" gives BE and BOE."""
    words = [word for word in re.split(r"[\s-]+", name) if word and word[0].isalnum() and word.strip(".,") not in LEGAL]
    capitals = "".join(word[0] for word in words if word[0].isupper())
    return {
        capitals,
        "".join(word[0] for word in words).upper(),
        "".join(word[0] for word in words if word not in {"the", "and", "for"}).upper(),
    }


def _most_complete(group: Iterable[str], counts: Mapping[str, int]) -> str:
    """The longest in words, of these the most frequent, of these the first by spelling."""
    return min(group, key=lambda key: (-len(key.split()), -counts[key], key.isupper(), key))


def _full_name(name: str, leader: Mapping[str, str]) -> str:
    """The core of the name that this one is the acronym or a known short form of; empty for none or several."""
    short = leader[name]
    if full := _SHORT_FORMS.get(short):
        return core(full) if core(full) in leader else ""
    if len(short) > 7 or not sum(c.isupper() for c in short) > 1 or " " in short:
        return ""
    letters = short.replace(".", "").replace("&", "").upper()
    fits = [other for other, key in leader.items() if other != name and " " in key and letters in initials(key)]
    return fits[0] if len(fits) == 1 else ""


def _guessed(
    name: str, leader: Mapping[str, str], groups: Mapping[str, set[str]], counts: Mapping[str, int]
) -> tuple[str, str] | None:
    short = leader[name].split()
    longer = []
    for other, key in leader.items():
        words = key.split()
        if other != name and len(words) > len(short):
            rest = (
                words[len(short) :]
                if words[: len(short)] == short
                else words[: -len(short)]
                if words[-len(short) :] == short
                else None
            )
            if rest is not None and not _FIELDS.issuperset(rest[:1] if words[: len(short)] == short else ()):
                longer.append(other)
    if len(longer) == 1 and short[0] not in PLACES:
        return longer[0], f"short form of {leader[longer[0]]}?"
    weight = {each: sum(counts[key] for key in group) for each, group in groups.items()}
    alike = [
        other
        for other in leader
        if len(name) >= _SHORTEST_TYPO and weight[other] > weight[name] and one_edit(name, other)
    ]
    if len(alike) == 1:
        return alike[0], f"misspelling of {leader[alike[0]]}?"
    return None


def one_edit(a: str, b: str) -> bool:
    """Whether one letter added, dropped, changed or two neighbours swapped turn one into the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _resolve(name: str, leader: Mapping[str, str], target: Mapping[str, tuple[str, str]]) -> Identity:
    """Follows short form to full name, at most three steps (a cycle ends there)."""
    guess = ""
    for _ in range(3):
        if name not in target:
            break
        name, why = target[name]
        guess = guess or why
    return Identity(leader[name], guess)
