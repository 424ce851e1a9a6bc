"""Candidates: whom a proposition may be about where its subject names nobody, and which of them is likeliest.

"The offer", "it" and "the company" leave open whose or who. The candidates are what the rules read, the phrase itself,
the names in and around the clause, the speaker, and who was named before. A logistic choice between them goes by named
points, whose weights stand in ``subjects.toml`` (log odds; written by ``training/claim_subjects.py``).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import repeat
from typing import NamedTuple

from extract.kinds.claim.clauses import Clause, Tree
from extract.kinds.claim.cues import words
from extract.kinds.claim.frames import Frame
from extract.kinds.claim.phrases import phrase
from extract.kinds.claim.subjects import Cast, Name, is_media
from extract.kinds.data import data

# Prepositions that say how a name belongs to the word before it; those behind which stands what a noun measures.
_LINKS = ("of", "in", "by", "for", "at")
_MEASURING = ("of", "in", "for")
_PRONOUNS = ("pronouns", "persons", "plural", "speakers")
# Places that are likelier or not by the form of the phrase: "the merger" is somebody's, "car sales" are car sales.
_TOLD_BY_FORM = {"rule", "itself", "first", "latest", "scene"}
# Sorts of nouns that stand for somebody, not for a thing that somebody has.
_BEINGS = ("company", "roles", "people")


class Candidate(NamedTuple):
    """Someone or something a proposition may be about, and what speaks for and against it."""

    name: Name
    points: frozenset[str]


def candidates(
    clause: Clause, frame: Frame, cast: Cast, subject: Name, other: Name, said_by: Name
) -> Sequence[Candidate]:
    """Whom the clause may be about, no two of the same name: first ``subject``, as the rules read it.

    None where ``subject`` is certain: named in its slot, or told by its name ("the bank" is Acme Bank).
    """
    if clause.subject is None or (subject.sort in ("organisation", "person", "place") and not subject.inferred):
        return ()
    sort = _sort_of_noun(clause.tree, clause.subject)
    if sort == "company" and clause.tree.lemmas[clause.subject] in subject.text.lower().split():
        return ()
    found: dict[str, tuple[Name, set[str]]] = {}
    for place, name in (("rule", subject), *_places(clause, clause.subject, cast, other, said_by)):
        if name.text:
            low = name.text.lower()
            if low not in found:
                found[low] = (name, set())
            found[low][1].add(place)
    how = _form(clause.tree, clause.subject)
    thing = phrase(clause.tree, clause.subject, owned=True) if _is_thing(clause.tree, clause.subject, sort) else ""
    return [
        Candidate(
            name if not thing or name.thing or name.sort == "words" else name._replace(thing=thing),
            _points(
                sort, frame.type, name.sort, cast.prominence(name.text), is_media(name.text), name.text in cast.early
            )
            | _crossed(frozenset(places), sort, how),
        )
        for name, places in found.values()
    ]


def elect(lineup: Sequence[Candidate]) -> tuple[Name, float]:
    """The likeliest of candidates, of equals the first, and how likely it is among them."""
    weights = _weights()
    scores = [math.fsum(map(weights.get, one.points, repeat(0.0))) for one in lineup]  # exact in any order
    best = max(scores)
    return lineup[scores.index(best)].name, 1 / math.fsum(math.exp(score - best) for score in scores)


def _places(clause: Clause, index: int, cast: Cast, other: Name, said_by: Name) -> Iterator[tuple[str, Name]]:
    """Names with where they are taken from: the clause, its sentence, what went before, the whole document.

    ``index`` is the head of the subject.
    """
    tree = clause.tree
    yield "itself", Name(phrase(tree, index), "words")
    yield from (("measured", name) for name in _measured(tree, index))
    yield "other", other
    slot = clause.agent if clause.passive else clause.patient
    below = dict.fromkeys(tree.under(slot), "object") if slot is not None else {}
    below |= dict.fromkeys(tree.under(index), "subject")
    for item, name in cast.present:
        place = below.get(item, "clause" if item in clause.own else "before" if item < clause.head else "after")
        yield place, name
        yield f"{place}-{_link(tree, item)}", name
    for governor in clause.governors[-1:]:
        yield "governor", cast.name(tree, tree.child(governor, "nsubj", "nsubjpass"))
    yield "speaker", said_by
    if said_by.sort == "person":
        yield "affiliation", Name(cast.organisation_of(said_by), "organisation", inferred=True)
    yield "previous", cast.previous
    for sort in ("organisation", "person", "place"):
        latest = [name for name in cast.recent if name.sort == sort][:3]
        yield from zip(("latest", "later", "later"), latest, strict=False)
    yield from zip(("first", "second"), cast.topical, strict=False)
    yield "scene", cast.scene


@lru_cache(1 << 12)
def _crossed(places: frozenset[str], sort: str, how: tuple[str, ...]) -> frozenset[str]:
    """The places of a name, each also with the sort of the subject's noun, some with how definite that is."""
    return frozenset({
        *places,
        *(f"{place}-{sort}" for place in places),
        *(f"{place}-{one}" for place in places & _TOLD_BY_FORM for one in how),
    })  # fmt: skip


@lru_cache(1 << 12)
def _points(sort: str, type_: str, named: str, prominence: str, media: bool, early: bool) -> frozenset[str]:
    """What speaks for or against a name of the sort ``named`` wherever it stands."""
    checks = {
        f"{named}-{sort}": True,
        f"{named}-{type_}": True,
        f"mentions-{prominence}": True,
        "media": media,
        "early": early,
    }
    return frozenset(point for point, holds in checks.items() if holds)


def _measured(tree: Tree, index: int) -> Iterator[Name]:
    """What a noun is the measure of: "a rise in food prices", "the market share of sedans"."""
    for child in tree.children[index]:
        measuring = tree.deps[child] == "prep" and tree.texts[child] in _MEASURING
        inner = tree.child(child, "pobj") if measuring else None
        if inner is not None and tree.tokens[inner].pos == "NOUN" and tree.child(inner, "nummod") is None:
            yield Name(phrase(tree, inner), "words", thing=phrase(tree, index))


def _sort_of_noun(tree: Tree, index: int) -> str:
    """What a subject's head is: which pronoun, ``name``, ``company``, a sort of nouns.toml, some other ``noun``."""
    token = tree.tokens[index]
    low, lemma = tree.texts[index], tree.lemmas[index]
    if token.pos in ("PRON", "DET"):
        return next((sort for sort in _PRONOUNS if low in words("reference", sort)), "that")
    if token.pos == "PROPN":
        return "name"
    if lemma in words("reference", "organisations") and _determiner(tree, index) in ("the", "its"):
        return "company"
    return next((sort for sort, lemmas in _nouns().items() if lemma in lemmas), "noun")


def _is_thing(tree: Tree, index: int, sort: str) -> bool:
    return tree.tokens[index].pos == "NOUN" and sort not in _BEINGS


def _form(tree: Tree, index: int) -> tuple[str, ...]:
    """How definite a phrase is, and whether something narrows it down."""
    narrowed = tree.child(index, "compound", "amod", "prep") is not None
    return (_determiner(tree, index), "modified") if narrowed else (_determiner(tree, index),)


def _determiner(tree: Tree, index: int) -> str:
    """How definite a noun is: ``the`` one, ``its`` or a named one's (``whose``), ``a``, ``several`` or ``bare``."""
    for child in tree.children[index]:
        dep = tree.deps[child]
        if dep == "det":
            return "a" if tree.texts[child] in ("a", "an", "no", "some", "any") else "the"
        if dep == "poss":
            return "its" if tree.tokens[child].pos == "PRON" else "whose"
        if dep in ("compound", "nmod", "amod") and tree.tokens[child].pos == "PROPN":
            return "whose"
    return "several" if tree.tokens[index].tag == "NNS" else "bare"


def _link(tree: Tree, index: int) -> str:
    """How a name hangs on what is above it: by which preposition, or as what."""
    token = tree.tokens[index]
    if token.dep == "pobj":
        preposition = tree.texts[token.head]
        return preposition if preposition in _LINKS else "prep"
    return token.dep if token.dep in ("poss", "appos", "nsubj", "nsubjpass", "dobj", "compound", "amod") else "else"


@cache
def _weights() -> Mapping[str, float]:
    weights: Mapping[str, float] = data(__package__, "subjects.toml")
    return weights


@cache
def _nouns() -> Mapping[str, frozenset[str]]:
    return {sort: frozenset(lemmas) for sort, lemmas in data(__package__, "nouns.toml").items()}
