"""Modality: how surely a clause is said, by the cues in ``cues.toml`` that have it in their scope.

A cue's scope is its complement: the clause whose governor it is, or whose own auxiliary or modifier.
"May" the month and "will" the noun are neither, so they colour nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

from extract.kinds.claim.clauses import Clause, predicate
from extract.kinds.claim.cues import words
from extract.model import Modality

_Colour = Literal["negated", "possible", "planned", "forecast"]
_COLOURED: tuple[_Colour, ...] = ("negated", "possible", "planned", "forecast")
_PLACES = ("auxiliaries", "governors", "verbs", "passives", "present", "adjectives")


@cache
def _cues() -> Mapping[tuple[str, str], Sequence[_Colour]]:
    """What a word tells, by its place and itself."""
    cues: dict[tuple[str, str], list[_Colour]] = {}
    for colour in _COLOURED:
        for place in _PLACES:
            for word in words(colour, place):
                cues.setdefault((place, word), []).append(colour)
    return cues


def modality(clause: Clause, *, attributed: bool, outlook: bool) -> Modality:
    """The modality of ``clause``.

    ``attributed``: a speaker is named for it. ``outlook``: its very frame is that of an expectation.
    """
    verb, unspoken = clause.verb, _unspoken(clause)
    modifiers, hearsay = _modifiers(clause, [clause.head, *unspoken]), _hearsay(clause)
    said: dict[str, Iterable[str]] = {
        "auxiliaries": modifiers,
        "governors": [predicate(clause.tree, index) for index in clause.governors],
        "verbs": (verb,),
        "passives": (verb,) if clause.passive else (),
        "present": (verb,) if _present(clause) else (),
        "adjectives": _adjectives(clause),
    }
    cues = _cues()
    told = {colour for place, here in said.items() for word in here for colour in cues.get((place, word), ())}
    future = not words("future", "auxiliaries").isdisjoint(modifiers) or _to_come(clause, unspoken)
    if "negated" in told or _negative_argument(clause) or _yet_to(clause):
        return "negated"
    if "possible" in told or (future and _conditional(clause)) or not words("possible", "hearsay").isdisjoint(hearsay):
        return "possible"
    if "planned" in told or _announced_plan(clause):
        return "planned"
    if "forecast" in told:
        return "forecast"
    if future or _infinitive_headline(clause):
        return "forecast" if outlook or verb in words("forecast", "drifting") else "planned"
    if outlook:
        return "forecast"
    if attributed or words("reported", "adverbs") & modifiers or words("speech", "verbs") & hearsay:
        return "reported"
    return "asserted"


def _unspoken(clause: Clause) -> list[int]:
    """The governors inside what is said: a speech verb's own auxiliaries colour the saying, not the said."""
    speech = words("speech", "verbs")
    spoken = [place for place, index in enumerate(clause.governors) if predicate(clause.tree, index) in speech]
    return list(clause.governors[spoken[-1] + 1 if spoken else 0 :])


def _modifiers(clause: Clause, heads: Iterable[int]) -> set[str]:
    """The auxiliaries and adverbs of ``heads``; a capital that the predicate lacks makes a name: "Will", "May"."""
    tree = clause.tree
    return {
        tree.texts[child]
        for head in heads
        for child in tree.children[head]
        if tree.deps[child] in ("aux", "neg", "advmod")
        and not (child and tree.tokens[child].text.istitle() and tree.tokens[head].text.islower())
    }


def _to_come(clause: Clause, unspoken: Iterable[int]) -> bool:
    """Whether it is said with another future than "will": "is to open", "is about to open", "is going to open"."""
    tree, said = clause.tree, clause.token
    return any(
        tree.texts[index] in words("future", "governors")
        or (tree.lemmas[index] == "be" and said.dep == "xcomp" and said.head == index)
        for index in unspoken
    )


def _conditional(clause: Clause) -> bool:
    """Whether it depends on something: "would close if", "would have closed"."""
    tree = clause.tree
    below = tree.children[clause.head]
    supposed = any(
        tree.deps[child] == "advcl"
        and any(tree.texts[mark] in words("possible", "conditions") for mark in tree.children[child])
        for child in below
    )
    auxiliaries = {tree.texts[child] for child in below if tree.deps[child] == "aux"}
    return supposed or auxiliaries >= {"would", "have"}


def _hearsay(clause: Clause) -> set[str]:
    """The verbs by which it is told with nobody telling it: "is said to have bought"."""
    tree = clause.tree
    return {
        tree.lemmas[index]
        for index in clause.governors
        if tree.child(index, "auxpass") is not None and tree.child(index, "agent") is None
    }


def _present(clause: Clause) -> bool:
    """Whether the predicate stands in the present tense and has an object: "sees revenue of"."""
    return clause.token.tag in ("VBZ", "VBP") and clause.patient is not None


def _adjectives(clause: Clause) -> set[str]:
    """What stands before the nouns of the clause: "the planned takeover"."""
    tree = clause.tree
    return {
        tree.texts[child]
        for index in (clause.head, clause.agent, clause.patient)
        if index is not None
        for child in tree.children[index]
        if tree.deps[child] == "amod"
    }


def _yet_to(clause: Clause) -> bool:
    """Whether it has "yet to" happen."""
    tree = clause.tree
    return any(
        tree.lemmas[index] in ("have", "be") and any(tree.texts[child] == "yet" for child in tree.children[index])
        for index in clause.governors
    )


def _announced_plan(clause: Clause) -> bool:
    """Whether what is announced is a plan: "announced plans for a plant"."""
    patient = clause.tree.lemmas[clause.patient] if clause.patient is not None else ""
    return clause.verb in words("planned", "announcing") and patient in words("planned", "governors")


def _negative_argument(clause: Clause) -> bool:
    """Whether what acts or is acted upon, or is planned, is none: "no deal was signed", "has no plans to sell"."""
    tree = clause.tree
    return any(
        tree.texts[child] in words("negated", "determiners")
        for argument in (clause.agent, clause.patient, *clause.governors)
        if argument is not None
        for child in tree.children[argument]
        if tree.deps[child] in ("det", "neg")
    )


def _infinitive_headline(clause: Clause) -> bool:
    """Whether it is a bare infinitive with a subject: "Acme to open plant", "Acme says to open plant"."""
    tree, token = clause.tree, clause.token
    marked = any(tree.texts[i] == "to" and tree.deps[i] == "aux" for i in tree.children[clause.head])
    above = predicate(tree, token.head)
    return marked and (
        clause.head in tree.roots
        or (token.head in tree.roots and token.dep in ("acl", "relcl") and not clause.governors)
        or (token.dep == "xcomp" and above in words("speech", "verbs") and tree.child(token.head, "auxpass") is None)
    )
