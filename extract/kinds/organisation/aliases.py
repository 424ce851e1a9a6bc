"""Which names of a document mean the same organisation, and what its most complete name is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from extract.kinds.organisation.candidates import LEGAL, LISTED, NAMES, PEOPLES, PLACES, STRONG_HEADS, WEAK_HEADS

_DROPPED = frozenset(NAMES["dropped"])
_SHORT_FORMS: Mapping[str, str] = NAMES["short_forms"]
_FIELDS = STRONG_HEADS | WEAK_HEADS | PLACES | PEOPLES

# Names shorter than this are never taken for each other's misspelling; longer ones than that are not compared.
_SHORTEST_TYPO = 7
_LONGEST_TYPO = 40


class Identity(NamedTuple):
    """The canonical name; ``guess`` says what it rests on where that is no more than a guess."""

    name: str
    guess: str = ""


class _Step(NamedTuple):
    """From a name to the one it stands for, by their cores."""

    target: str
    guess: str = ""


def identify(keys: Sequence[str]) -> dict[str, Identity]:
    """The identity of each name, given the names of all mentions in order of place.

    Names are the same organisation when they agree without legal form and generic last words, or one is the other's
    acronym or known short form. A short form that fits one longer name only, and a likely misspelling, are guesses.
    """
    counts = Counter(keys)
    groups: dict[str, list[str]] = defaultdict(list)
    for key in counts:
        groups[core(key)].append(key)
    leaders = {name: _most_complete(group, counts) for name, group in groups.items()}
    weights = {name: sum(counts[key] for key in group) for name, group in groups.items()}
    steps = _misspelt(weights, leaders) | _shortened(leaders) | _abbreviated(leaders)
    return {key: _resolve(name, leaders, steps) for name, group in groups.items() for key in group}


def core(key: str) -> str:
    """What is left of a name for comparison: no case, signs, legal form, generic last words.

    A place in parentheses marks a registered subsidiary: only what stands before it counts, and in full.

    >>> core("Nimbus Technology Co., Ltd."), core("Nimbus Technology (Shenzhen) Co., Ltd.")
    ('nimbus', 'nimbustechnology')
    """
    name, branch, _ = key.partition(" (")
    words = [re.sub(r"[^\w&]", "", word) for word in name.split()]
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    while len(words) > 1 and not branch and words[-1] in _DROPPED:
        words.pop()
    return "".join(words).casefold()


def initials(name: str) -> set[str]:
    """The acronyms a name may have, in capitals: "Bank of England" gives BE and BOE."""
    words = [word for word in re.split(r"[\s-]+", name) if word and word[0].isalnum() and word.strip(".,") not in LEGAL]
    capitals = "".join(word[0] for word in words if word[0].isupper())
    return {
        capitals,
        "".join(word[0] for word in words).upper(),
        "".join(word[0] for word in words if word not in {"the", "and", "for"}).upper(),
    }


def short_forms(full: str) -> set[str]:
    """What a document may call an organisation for short: without a place before it, without its last word.

    A name that a field or place follows is the parent's, no short form: "Acme" is not "Acme Health".
    """
    words = full.split()
    forms = {" ".join(words[size:]) for size in (1, 2) if " ".join(words[:size]) in PLACES}
    bare = [word for word in words if word.strip(".,") not in LEGAL and word not in _DROPPED]
    while len(bare) > 1 and bare[0] in PLACES:
        bare = bare[1:]
    forms.add(" ".join(bare))
    if len(bare) == 2 and bare[1] not in _FIELDS and bare[0] not in PLACES | PEOPLES:
        forms.add(bare[0])
    return forms - {full, ""}


def one_edit(a: str, b: str) -> bool:
    """Whether one letter added, dropped, changed or two neighbours swapped turn one into the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _most_complete(group: Iterable[str], counts: Mapping[str, int]) -> str:
    """The longest in words; of these the most frequent, then one not in capitals, then the first by spelling."""
    return min(group, key=lambda key: (-len(key.split()), -counts[key], key.isupper(), key))


def _abbreviated(leaders: Mapping[str, str]) -> dict[str, _Step]:
    """Acronyms and known short forms of one full name in the document."""
    full = defaultdict(list)
    for name, leader in leaders.items():
        if " " in leader:
            for letters in initials(leader):
                full[letters].append(name)
    steps = {}
    for name, leader in leaders.items():
        known = core(_SHORT_FORMS.get(leader, ""))
        fits = [known] if known in leaders else []
        if " " not in leader and sum(c.isupper() for c in leader) > 1:
            fits = fits or full[leader.replace(".", "").replace("&", "").upper()]
        if len(fits) == 1 and fits != [name]:
            steps[name] = _Step(fits[0])
    return steps


def _shortened(leaders: Mapping[str, str]) -> dict[str, _Step]:
    """Guessed short forms of one longer name. A world-known name is short for a world-known name only."""
    full = defaultdict(list)
    for name, leader in leaders.items():
        for form in short_forms(leader):
            full[form].append(name)
    steps = {}
    for name, leader in leaders.items():
        fits = [each for each in full[leader] if each != name]
        if len(fits) == 1 and leader not in PLACES and (leader not in LISTED or leaders[fits[0]] in LISTED):
            steps[name] = _Step(fits[0], f"short form of {leaders[fits[0]]}?")
    return steps


def _misspelt(weights: Mapping[str, int], leaders: Mapping[str, str]) -> dict[str, _Step]:
    """Guessed misspellings of one more frequent name; near ones share a letter sequence that lacks one letter."""
    near = defaultdict(set)
    for name in weights:
        if _SHORTEST_TYPO <= len(name) <= _LONGEST_TYPO:
            for form in _dropping_one(name):
                near[form].add(name)
    steps = {}
    for name in weights:
        if _SHORTEST_TYPO <= len(name) <= _LONGEST_TYPO:
            others = set().union(*(near[form] for form in _dropping_one(name)))
            fits = [other for other in others if weights[other] > weights[name] and one_edit(name, other)]
            if len(fits) == 1:
                steps[name] = _Step(fits[0], f"misspelling of {leaders[fits[0]]}?")
    return steps


def _dropping_one(name: str) -> set[str]:
    return {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))}


def _resolve(name: str, leaders: Mapping[str, str], steps: Mapping[str, _Step]) -> Identity:
    """Follows short form to full name, at most three steps (a cycle ends there)."""
    guess = ""
    for _ in range(3):
        if name not in steps:
            break
        name, why = steps[name]
        guess = guess or why
    return Identity(leaders[name], guess)
