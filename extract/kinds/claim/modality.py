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
    for name in _COLOURED:
        if (
            words(name, "auxiliaries") & modifiers
            or words(name, "governors") & governors
            or clause.verb in words(name, "verbs")
            or (clause.passive and clause.verb in words(name, "passives"))
            or (name == "negated" and _negative_argument(clause))
        ):
            return name
    if words("future", "auxiliaries") & modifiers or _infinitive_headline(clause):
        return "forecast" if outlook or clause.verb in words("forecast", "drifting") else "planned"
    if outlook:
        return "forecast"
    if attributed or words("reported", "adverbs") & modifiers:
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


def _negative_argument(clause: Clause) -> bool:
    """Whether what acts or is acted upon is none: "no deal was signed", "had no debt"."""
    tree = clause.tree
    return any(
        tree.tokens[child].text.lower() in words("negated", "determiners")
        for argument in (clause.agent, clause.patient)
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
        or (token.dep == "xcomp" and above in words("speech", "verbs"))
    )
