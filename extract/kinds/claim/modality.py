"""Modality: how surely a clause is said, by the cues in ``cues.toml`` that have it in their scope.

A cue's scope is its complement: the clause whose governor it is, or whose own auxiliary or modifier.
"May" the month and "will" the noun are neither, so they colour nothing.
"""

from collections.abc import Iterable
from typing import Literal

from extract.kinds.claim.clauses import Clause, predicate
from extract.kinds.claim.cues import words
from extract.model import Modality

_COLOURED: tuple[Literal["negated", "possible", "planned", "forecast"], ...] = (
    "negated",
    "possible",
    "planned",
    "forecast",
)


def modality(clause: Clause, *, attributed: bool, outlook: bool) -> Modality:
    """The modality of ``clause``.

    ``attributed``: a speaker is named for it. ``outlook``: its very frame is that of an expectation.
    """
    modifiers = _modifiers(clause, [clause.head, *_unspoken(clause)])
    governors = {predicate(clause.tree, index) for index in clause.governors}
    hearsay, present, adjectives = _hearsay(clause), _present(clause), _adjectives(clause)
    future = words("future", "auxiliaries") & modifiers or _to_come(clause)
    for name in _COLOURED:
        if (
            words(name, "auxiliaries") & modifiers
            or words(name, "governors") & governors
            or clause.verb in words(name, "verbs")
            or (clause.passive and clause.verb in words(name, "passives"))
            or words(name, "present") & present
            or words(name, "adjectives") & adjectives
            or (name == "negated" and (_negative_argument(clause) or _yet_to(clause)))
            or (name == "possible" and ((future and _conditional(clause)) or words(name, "hearsay") & hearsay))
            or (name == "planned" and _announced_plan(clause))
        ):
            return name
    if future or _infinitive_headline(clause):
        return "forecast" if outlook or clause.verb in words("forecast", "drifting") else "planned"
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
        tree.tokens[child].text.lower()
        for head in heads
        for child in tree.children[head]
        if tree.tokens[child].dep in ("aux", "neg", "advmod")
        and not (child and tree.tokens[child].text.istitle() and tree.tokens[head].text.islower())
    }


def _to_come(clause: Clause) -> bool:
    """Whether it is said with another future than "will": "is to open", "is about to open", "is going to open"."""
    tokens, said = clause.tree.tokens, clause.token
    return any(
        tokens[index].text.lower() in words("future", "governors")
        or (tokens[index].lemma.lower() == "be" and said.dep == "xcomp" and said.head == index)
        for index in _unspoken(clause)
    )


def _conditional(clause: Clause) -> bool:
    """Whether it depends on something: "would close if", "would have closed"."""
    tree = clause.tree
    below = tree.children[clause.head]
    supposed = any(
        tree.tokens[child].dep == "advcl"
        and any(tree.tokens[mark].text.lower() in words("possible", "conditions") for mark in tree.children[child])
        for child in below
    )
    auxiliaries = {tree.tokens[child].text.lower() for child in below if tree.tokens[child].dep == "aux"}
    return supposed or auxiliaries >= {"would", "have"}


def _hearsay(clause: Clause) -> set[str]:
    """The verbs by which it is told with nobody telling it: "is said to have bought"."""
    tree = clause.tree
    return {
        tree.tokens[index].lemma.lower()
        for index in clause.governors
        if tree.child(index, "auxpass") is not None and tree.child(index, "agent") is None
    }


def _present(clause: Clause) -> set[str]:
    """The predicate, where it stands in the present tense and has an object: "sees revenue of"."""
    return {clause.verb} if clause.token.tag in ("VBZ", "VBP") and clause.patient is not None else set()


def _adjectives(clause: Clause) -> set[str]:
    """What stands before the nouns of the clause: "the planned takeover"."""
    tree = clause.tree
    return {
        tree.tokens[child].text.lower()
        for index in (clause.head, clause.agent, clause.patient)
        if index is not None
        for child in tree.children[index]
        if tree.tokens[child].dep == "amod"
    }


def _yet_to(clause: Clause) -> bool:
    """Whether it has "yet to" happen."""
    tree = clause.tree
    return any(
        tree.tokens[index].lemma.lower() in ("have", "be")
        and any(tree.tokens[child].text.lower() == "yet" for child in tree.children[index])
        for index in clause.governors
    )


def _announced_plan(clause: Clause) -> bool:
    """Whether what is announced is a plan: "announced plans for a plant"."""
    patient = clause.tree.tokens[clause.patient].lemma.lower() if clause.patient is not None else ""
    return clause.verb in words("planned", "announcing") and patient in words("planned", "governors")


def _negative_argument(clause: Clause) -> bool:
    """Whether what acts or is acted upon, or is planned, is none: "no deal was signed", "has no plans to sell"."""
    tree = clause.tree
    return any(
        tree.tokens[child].text.lower() in words("negated", "determiners")
        for argument in (clause.agent, clause.patient, *clause.governors)
        if argument is not None
        for child in tree.children[argument]
        if tree.tokens[child].dep in ("det", "neg")
    )


def _infinitive_headline(clause: Clause) -> bool:
    """Whether it is a bare infinitive with a subject: "Acme to open plant", "Acme says to open plant"."""
    tree, token = clause.tree, clause.token
    marked = any(
        tree.tokens[i].text.lower() == "to" and tree.tokens[i].dep == "aux" for i in tree.children[clause.head]
    )
    above = predicate(tree, token.head)
    return marked and (
        clause.head in tree.roots
        or (token.head in tree.roots and token.dep in ("acl", "relcl") and not clause.governors)
        or (token.dep == "xcomp" and above in words("speech", "verbs") and tree.child(token.head, "auxpass") is None)
    )
