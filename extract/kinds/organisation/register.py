"""The organisations of a whole run: the names of its documents put together, each organisation once."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from extract.kinds.data import data
from extract.kinds.organisation import likeness
from extract.kinds.organisation.aliases import (
    Step,
    extensions,
    longest,
    most_complete,
    registered,
    steps_between,
    two_firms,
)
from extract.kinds.organisation.names import LEGAL, LISTED, fold
from extract.model import Aliases

FLAGS: Mapping[str, str] = {
    "ambiguous-name": "The name is short for several organisations of other documents; which is meant is not said.",
    "guessed-alias": "Another name was put down to the organisation by a guess.",
    "possible-alias": "The organisation may be the same as another one.",
    "several-firms": "Names with legal forms of different countries may be those of several firms.",
}

_SORTS = data(__package__, "sorts.toml")
_HEADS: Mapping[str, str] = {head: sort for sort, heads in _SORTS["heads"].items() for head in heads}
_LONGEST_HEAD = 3


class Mention(NamedTuple):
    """A name in a document: as written, its canonical name there, and whether that is a guess.

    ``sentence`` is the sentence that it stands in, white space folded.
    """

    quote: str
    name: str
    guessed: bool
    sentence: str = ""


class Named(NamedTuple):
    """What a document calls an organisation in one way, how many ``times``, and how it describes it beside that."""

    quote: str
    name: str
    guessed: bool
    times: int
    descriptions: Sequence[str]


class Names(NamedTuple):
    """The names of a document, each way of writing one once, in order of their first places.

    ``stated`` are the pairs of canonical names that the text puts as "Acme (Velbrook Health)".
    """

    document: str
    named: Sequence[Named]
    stated: Sequence[tuple[str, str]]


class Organised(NamedTuple):
    """An organisation of the run: its canonical name, what else it is called (most frequent first).

    ``names`` are the canonical names that it has in its documents. ``mentions`` and ``documents`` count them,
    ``first_seen`` is the first document. ``sort`` is empty where the names do not tell. ``flags`` are codes of FLAGS
    with their evidence.
    """

    name: str
    sort: str
    aliases: Sequence[str]
    names: Sequence[str]
    mentions: int
    documents: int
    first_seen: str
    flags: Mapping[str, str]


def names_of(document: str, mentions: Sequence[Mention]) -> Names:
    """What the register must know of a document, given its mentions in order of place."""
    times = Counter(mention[:3] for mention in mentions)
    descriptions: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for mention in mentions:
        descriptions[mention[:3]] |= likeness.described(mention.sentence, fold(mention.quote))
    stated = {
        (before.name, mention.name): None
        for before, mention in pairwise(mentions)
        if f"{fold(before.quote)} ({fold(mention.quote)})" in mention.sentence
    }
    return Names(document, [Named(*each, times[each], sorted(descriptions[each])) for each in times], [*stated])


class _Known:
    """What the documents of a run know of a canonical name.

    How often it is written in which way and whether that is a guess, how it is described, and the numbers of its
    documents, in order.
    """

    __slots__ = ("descriptions", "documents", "quotes")

    def __init__(self) -> None:
        self.quotes: Counter[tuple[str, bool]] = Counter()
        self.descriptions: set[str] = set()
        self.documents = array("L")


def register(documents: Iterable[Names], aliases: Aliases) -> list[Organised]:
    """The organisations of a run, given the names of its documents in their order; the most often named first.

    Names of two documents are the same organisation when they differ in their legal form only, or when one is the
    other's beginning with generic words added, or what another document plainly calls it, and there is no other of
    which that holds. What is merely like another name is not put together with it but flagged.
    """
    paths: list[str] = []
    known: dict[str, _Known] = defaultdict(_Known)
    stated: list[tuple[str, str]] = []
    for number, document in enumerate(documents):
        paths.append(document.document)
        stated += document.stated
        for each in document.named:
            here = known[each.name]
            here.quotes[each.quote, each.guessed] += each.times
            here.descriptions.update(each.descriptions)
            if not here.documents or here.documents[-1] != number:
                here.documents.append(number)

    stands_for = _short_forms(known, aliases)
    counts = {name: each.quotes.total() for name, each in known.items()}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        groups[_resolved(registered(name), stands_for)].append(name)
    key_of = {name: key for key, group in groups.items() for name in group}
    leaders = {key: most_complete(group, counts, frozenset(aliases.same.values())) for key, group in groups.items()}
    weights = {key: sum(counts[name] for name in group) for key, group in groups.items()}
    places = {
        key: sorted({number for name in group for number in known[name].documents})
        if len(group) > 1
        else known[group[0]].documents
        for key, group in groups.items()
    }
    described = {key: {words for name in group for words in known[name].descriptions} for key, group in groups.items()}
    apart = [(key_of[one], key_of[other]) for one, other in stated if key_of[one] != key_of[other]]
    like = _likenesses(leaders, weights, described, places, apart, aliases)
    organised = []
    for key, leader in leaders.items():
        flags = {}
        if several := [leaders[_resolved(full, stands_for)] for full in sorted(stands_for[key])]:
            flags["ambiguous-name"] = f"short for {' or '.join(several)}"
        written: Counter[str] = Counter()
        guesses = set()
        for (quote, guessed), times in (entry for name in groups[key] for entry in known[name].quotes.items()):
            written[fold(quote)] += times
            if guessed:
                guesses.add(fold(quote))
        if guesses:
            flags["guessed-alias"] = ", ".join(sorted(guesses))
        if key in like and not several:
            flags["possible-alias"] = like[key]
        if two := two_firms(groups[key]):
            flags["several-firms"] = two
        others = sorted({*written, *groups[key]} - {leader}, key=lambda name: (-written[name], name))
        sort, seen = sort_of([leader, *others]), places[key]
        organised.append(
            Organised(leader, sort, others, groups[key], weights[key], len(seen), paths[seen[0]], flags),
        )
    return sorted(organised, key=lambda each: (-each.mentions, each.name))


def _short_forms(known: Mapping[str, _Known], aliases: Aliases) -> dict[str, set[str]]:
    """What each name that is a document's canonical one is short for in other documents. All as ``registered``."""
    full = extensions(known)
    for name, each in known.items():
        key = registered(name)
        for quote, guessed in each.quotes:
            form = registered(quote)
            if form in full and key != form and not guessed:
                full[form].add(key)
    return {
        form: longest({other for other in others if not aliases.differ(form, other)}) for form, others in full.items()
    }


def _resolved(form: str, stands_for: Mapping[str, set[str]]) -> str:
    """The full name behind a short one that has just one, at most three steps away (a cycle ends there)."""
    for _ in range(3):
        form = min(stands_for[form]) if len(stands_for[form]) == 1 else form
    return form


def _likenesses(
    leaders: Mapping[str, str],
    weights: Mapping[str, int],
    descriptions: Mapping[str, Set[str]],
    documents: Mapping[str, Collection[int]],
    stated: Iterable[tuple[str, str]],
    aliases: Aliases,
) -> dict[str, str]:
    """Of the names that may mean another one, what speaks for the two being one organisation; the surest reason."""
    found: dict[str, Step] = {}
    for steps in (
        likeness.known(leaders),
        likeness.stated(stated, leaders, weights),
        steps_between(leaders, weights),
        likeness.spelt_alike(leaders, weights),
        likeness.clipped(leaders, weights),
        likeness.run_together(leaders, weights),
        likeness.begun(leaders, weights),
        likeness.described_alike(descriptions, documents, leaders, weights),
    ):
        for key, step in steps.items():
            is_told = step.target in found and found[step.target].target == key
            if key not in found and not is_told and not aliases.differ(key, step.target):
                found[key] = step
    return {key: step.guess or f"short for {leaders[step.target]}?" for key, step in found.items()}


def sort_of(names: Iterable[str]) -> str:
    """What sort of organisation the first of the names that tells it tells of; empty where none does.

    >>> sort_of(["Velbrook", "Velbrook Savings Bank"]), sort_of(["Velbrook Ltd."]), sort_of(["University of Velbrook"])
    ('bank', 'company', 'university')
    """
    return next((sort for sort in map(_sort, names) if sort), "")


def _sort(name: str) -> str:
    if name in LISTED:
        return str(_SORTS["listed"][LISTED[name]])
    words = re.sub(r"[.,]", "", name).split()
    end = next((index for index, word in enumerate(words) if word in ("of", "for", "on")), len(words))
    has_legal_form = False
    while end > 1 and words[end - 1] in LEGAL:
        has_legal_form = True
        end -= 1
    phrases = (" ".join(words[max(end - size, 0) : end]) for size in range(_LONGEST_HEAD, 0, -1))
    fallback = "company" if has_legal_form else ""
    return next((_HEADS[phrase] for phrase in phrases if phrase in _HEADS), fallback)
