"""Modality: how surely a clause is said, by the cues in ``cues.toml`` that have it in their scope.

A cue's scope is its complement: the clause whose governor it is, or whose own auxiliary or modifier.
"May" the month and "will" the noun are neither, so they colour nothing.
"""

from typing import Literal

from extract.kinds.claim.clauses import Clause, predicate
from extract.kinds.claim.cues import words
from extract.model import Modality

_Coloured = Literal["negated", "possible", "planned", "forecast"]
_ORDER: tuple[_Coloured, ...] = ("negated", "possible", "planned", "forecast")


def modality(clause: Clause, *, attributed: bool, decides: bool) -> Modality:
    """The modality of ``clause``.

    ``attributed``: a speaker is named for it. ``decides``: its subject is a party that makes plans, so that
    its future is planned; the future of anything else is forecast.
    """
    tree = clause.tree
    children = [child for child in tree.children[clause.head]]
    auxiliaries = {
        tree.tokens[child].text.lower()
        for child in children
        if tree.tokens[child].dep in ("aux", "neg", "advmod", "det")
    }
    speech = words("speech", "verbs")
    governors = {predicate(tree, index) for index in clause.governors}
    for index in clause.governors:
        below = {
            tree.tokens[child].text.lower()
            for child in tree.children[index]
            if tree.tokens[child].dep in ("aux", "neg", "advmod")
        }
        auxiliaries |= below if predicate(tree, index) not in speech else below & words("negated", "none")
    head = predicate(tree, clause.head)
    for name in _ORDER:
        cue = (
            words(name, "auxiliaries") & auxiliaries
            or words(name, "governors") & governors
            or head in words(name, "verbs")
            or (name == "negated" and _negative_argument(clause))
        )
        if cue:
            return name
    if words("future", "auxiliaries") & auxiliaries or _infinitive_headline(clause):
        return "planned" if decides else "forecast"
    if attributed or words("reported", "adverbs") & auxiliaries:
        return "reported"
    return "asserted"


def _negative_argument(clause: Clause) -> bool:
    tree = clause.tree
    return any(
        tree.tokens[child].text.lower() in words("negated", "determiners")
        for argument in (clause.agent, clause.patient)
        if argument is not None
        for child in tree.children[argument]
        if tree.tokens[child].dep in ("det", "neg")
    )


def _infinitive_headline(clause: Clause) -> bool:
    """ "Acme to open plant": a bare infinitive with a subject, at the head of its sentence."""
    tree = clause.tree
    return clause.head in tree.roots and any(
        tree.tokens[child].text.lower() == "to" and tree.tokens[child].dep == "aux"
        for child in tree.children[clause.head]
    )
