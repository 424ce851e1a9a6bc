"""Which names mean the same organisation, and what its most complete name is.

The rules compare names of one document; ``register`` asks them about those of a whole run. What people have decided
(``annotations/aliases.csv``) goes before every rule.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from extract.errors import InputError
from extract.kinds.organisation.names import LEGAL, LISTED, NAMES, PLACED, PLACES
from extract.model import Aliases

COLUMNS = ("alias", "organisation", "verdict")

_DROPPED = frozenset(NAMES["dropped"])
_SHORT_FORMS: Mapping[str, str] = NAMES["short_forms"]
_LEGAL_SYSTEM = {form: system for system, forms in NAMES["legal_systems"].items() for form in forms}
_FIELDS = frozenset(NAMES["fields"]) | PLACED
_SIGNS = re.compile(r"[^\w&]")
_LAST = LEGAL | {"&", "and"}  # what may stand after the last word of a name without being of it

# Names shorter than this are never taken for each other's misspelling; longer ones than that are not compared.
_SHORTEST_TYPO = 7
_LONGEST_TYPO = 40


class Identity(NamedTuple):
    """The canonical name; ``guess`` says what it rests on where that is no more than a guess."""

    name: str
    guess: str = ""


class Step(NamedTuple):
    """From a name to the one it stands for, both as ``registered``."""

    target: str
    guess: str = ""


def read_aliases(file: Path) -> Aliases:
    """What ``file`` says of names: a CSV of ``alias,organisation,verdict``, the verdict ``same`` or ``different``.

    ``same``: the alias is written for that organisation, whose name becomes the canonical one. ``different``: no rule
    may take the two for one. Names are compared by letters and digits, without case, refused ones also without legal
    form. Raises InputError, naming the row, when the file cannot be read, is not of that form, or contradicts itself.
    """
    try:
        reader = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise InputError(f"{file}: its columns must be {','.join(COLUMNS)}")
    same: dict[str, str] = {}
    verdicts: dict[frozenset[str], str] = {}
    for number, row in enumerate(rows, start=2):
        alias, organisation = (" ".join((row[column] or "").split()) for column in COLUMNS[:2])
        pair = frozenset({registered(alias), registered(organisation)})
        if None in row or not form(alias) or not form(organisation) or row["verdict"] not in ("same", "different"):
            raise InputError(f"{file}, row {number}: needs two names and the verdict same or different")
        if len(pair) == 1 and row["verdict"] == "different":
            raise InputError(f"{file}, row {number}: the two names differ in their legal form only")
        if verdicts.setdefault(pair, row["verdict"]) != row["verdict"]:
            raise InputError(f"{file}, row {number}: an earlier row says that the two are {verdicts[pair]}")
        if row["verdict"] == "same" and same.setdefault(form(alias), organisation) != organisation:
            raise InputError(f"{file}, row {number}: {alias} is already the same as {same[form(alias)]}")
    for organisation in same.values():
        if same.get(form(organisation), organisation) != organisation:
            raise InputError(f"{file}: {organisation} is itself an alias, of {same[form(organisation)]}; name that one")
    return Aliases(same, frozenset(pair for pair, verdict in verdicts.items() if verdict == "different"))


def identify(keys: Sequence[str], aliases: Aliases) -> dict[str, Identity]:
    """The identity of each name, given the names of all mentions in order of place, and what people have decided.

    Names are the same organisation when they agree without legal form, or one lacks generic last words of the other,
    or is its acronym or known short form; and there is no other of which that holds. A different short form, and a
    likely misspelling, are guesses.
    """
    decided = {key: aliases.same.get(form(key), key) for key in keys}
    counts = Counter(decided[key] for key in keys)
    groups: dict[str, list[str]] = defaultdict(list)
    for key in counts:
        groups[registered(key)].append(key)
    confirmed = frozenset(aliases.same.values())
    leaders = {name: most_complete(group, counts, confirmed) for name, group in groups.items()}
    weights = {name: sum(counts[key] for key in group) for name, group in groups.items()}
    steps = {
        name: step for name, step in steps_between(leaders, weights).items() if not aliases.differ(name, step.target)
    }
    told: dict[str, Identity] = {}
    for name, group in groups.items():
        identity = _resolve(name, leaders, steps)
        if two := two_firms(group):
            identity = identity._replace(guess=two)
        told |= dict.fromkeys(group, identity)
    return {key: told[name] for key, name in decided.items()}


def steps_between(leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Which names stand for which one other, surely or by a guess. All as ``registered``.

    ``leaders`` gives each name in full, ``weights`` how often it is named.
    """
    sure = {name: Step(min(full)) for name, full in extensions(leaders.values()).items() if len(full) == 1}
    return _misspelt(weights, leaders) | _shortened(leaders) | _abbreviated(leaders) | sure


def extensions(names: Iterable[str]) -> dict[str, set[str]]:
    """For each name the longest ones that only have generic words after it: "Acme" and "Acme Holdings".

    All as ``registered``. One whose longer forms go different ways ("Acme Motors", "Acme Energy") has several.
    """
    by_core: dict[str, set[str]] = defaultdict(set)
    for name in names:
        by_core[core(name)].add(registered(name))
    return {
        form: longest({other for other in forms if other.startswith(form)} - {form})
        for forms in by_core.values()
        for form in forms
    }


def longest(forms: Set[str]) -> set[str]:
    """Those with which no other one begins."""
    if len(forms) < 2:
        return set(forms)
    return {one for one in forms if not any(other.startswith(one) for other in forms - {one})}


def two_firms(names: Iterable[str]) -> str:
    """Whether names that agree without legal form are in different law, and so perhaps two firms; empty if not.

    >>> two_firms(["Orlo", "Orlo AG", "Orlo Corp."]), two_firms(["Orlo Inc", "Orlo Co."])
    ('Orlo AG and Orlo Corp. may be two', '')
    """
    by_system = {
        _LEGAL_SYSTEM[last]: name
        for name in sorted(names, reverse=True)
        if (last := re.sub(r"[^\w/]", "", name.split()[-1])) in _LEGAL_SYSTEM
    }
    return f"{' and '.join(sorted(by_system.values()))} may be two" if len(by_system) > 1 else ""


def form(name: str) -> str:
    """The letters and digits of a name, without case: what two spellings of the very same name share."""
    return re.sub(r"[\W_]", "", name).casefold()


def core(key: str) -> str:
    """What is left of a name without case, signs, legal form, and generic last words after a name proper.

    A place in parentheses marks a registered subsidiary: only what stands before it counts, and in full.

    >>> core("Nimbus Technology Co., Ltd."), core("Nimbus Technology (Shenzhen) Co., Ltd.")
    ('nimbus', 'nimbustechnology')
    """
    words, branch = _registered(key)
    while len(words) > 1 and words[-1] in _DROPPED and not branch and " ".join(words[:-1]) not in PLACED:
        words = words[:-1]
    return "".join(words).casefold()


@lru_cache(maxsize=1 << 16)
def registered(key: str) -> str:
    """Like ``core``, with the generic last words: "Nimbus Technology" is not yet "Nimbus" here.

    >>> registered("Nimbus Technology Co., Ltd."), registered("NIMBUS Inc")
    ('nimbustechnology', 'nimbus')
    """
    return "".join(_registered(key)[0]).casefold()


@lru_cache(maxsize=1 << 16)
def _registered(key: str) -> tuple[tuple[str, ...], str]:
    """The words of a name without signs and legal form, and its place in parentheses."""
    name, branch, _ = key.partition(" (")
    words = [word if word.isalnum() else _SIGNS.sub("", word) for word in name.split()]
    while len(words) > 1 and words[-1] in _LAST:
        words.pop()
    return tuple(words), branch


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
    if len(bare) == 2 and bare[1] not in _FIELDS and bare[0] not in PLACED:
        forms.add(bare[0])
    return forms - {full, ""}


def most_complete(group: Iterable[str], counts: Mapping[str, int], confirmed: frozenset[str] = frozenset()) -> str:
    """A confirmed name, else the longest in letters, the most frequent, not in capitals, first by spelling."""
    return min(group, key=lambda key: (key not in confirmed, -len(form(key)), -counts[key], key.isupper(), key))


def _abbreviated(leaders: Mapping[str, str]) -> dict[str, Step]:
    """Acronyms and known short forms of one full name."""
    full = defaultdict(list)
    for name, leader in leaders.items():
        if " " in leader:
            for letters in initials(leader):
                full[letters].append(name)
    steps = {}
    for name, leader in leaders.items():
        known = registered(_SHORT_FORMS.get(leader, ""))
        fits = [known] if known in leaders else []
        if " " not in leader and sum(c.isupper() for c in leader) > 1:
            fits = fits or full[leader.replace(".", "").replace("&", "").upper()]
        if len(fits) == 1 and fits != [name]:
            steps[name] = Step(fits[0])
    return steps


def _shortened(leaders: Mapping[str, str]) -> dict[str, Step]:
    """Guessed short forms of one longer name. A world-known name is short for a world-known name only."""
    known = famous()
    full: dict[str, set[str]] = defaultdict(set)
    for name, leader in leaders.items():
        for short in short_forms(leader):
            full[registered(short)].add(name)
    steps = {}
    for name, leader in leaders.items():
        fits = sorted(full[name] - {name})
        if len(fits) == 1 and leader not in PLACES and (name not in known or fits[0] in known):
            steps[name] = Step(fits[0], f"short form of {leaders[fits[0]]}?")
    return steps


@cache
def famous() -> frozenset[str]:
    """The listed names, as ``registered``."""
    return frozenset(map(registered, LISTED))


def _misspelt(weights: Mapping[str, int], leaders: Mapping[str, str]) -> dict[str, Step]:
    """Guessed misspellings of one more frequent name: one letter added, dropped, changed, or two swapped.

    Names as near as that share a letter sequence that lacks one letter, so only such are compared.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for name, weight in weights.items():
        if weight > 1 and _SHORTEST_TYPO <= len(name) <= _LONGEST_TYPO:  # one named once is never the more frequent
            for letters in _dropping_one(name):
                near[letters].append(name)
    steps = {}
    for name in weights:
        if _SHORTEST_TYPO <= len(name) <= _LONGEST_TYPO:
            others = {other for letters in _dropping_one(name) for other in near.get(letters, ())}
            fits = [other for other in others if weights[other] > weights[name] and OSA.distance(name, other) == 1]
            if len(fits) == 1:
                steps[name] = Step(fits[0], f"misspelling of {leaders[fits[0]]}?")
    return steps


def _dropping_one(name: str) -> set[str]:
    return {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))}


def _resolve(name: str, leaders: Mapping[str, str], steps: Mapping[str, Step]) -> Identity:
    """Follows short form to full name, at most three steps (a cycle ends there)."""
    guess = ""
    for _ in range(3):
        if name not in steps:
            break
        name, why = steps[name]
        guess = guess or why
    return Identity(leaders[name], guess)
