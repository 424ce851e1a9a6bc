"""Worth and trust: how likely a proposition is a claim at all, and how likely its row is right.

Two logistic models over named points; their weights stand in ``worth.toml``.
"""

import math
from collections.abc import Collection, Mapping
from functools import cache
from itertools import compress, repeat
from typing import Literal, cast

from extract.kinds.claim.clauses import Clause, predicate
from extract.kinds.claim.cues import words
from extract.kinds.claim.frames import OTHER
from extract.kinds.claim.propositions import Proposition
from extract.kinds.data import data

Model = Literal["worth", "trust"]

_QUOTES = frozenset('"“”')

# How likely a subject is among those it might be: from the first on it is likely, below the second doubtful.
LIKELY = 0.8
DOUBTFUL = 0.5


@cache
def _models() -> Mapping[Model, Mapping[str, float]]:
    return cast(Mapping[Model, Mapping[str, float]], data(__package__, "worth.toml"))


def probability(model: Model, points: Collection[str]) -> float:
    """Of ``worth``: that a fact-checker would annotate it. Of ``trust``: that type, subject and modality are right."""
    table = _models()[model]
    score = table["bias"] + math.fsum(map(table.get, points, repeat(0.0)))  # exact in any order
    return 1 / (1 + math.exp(-score))


def points(one: Proposition, manner: frozenset[str]) -> frozenset[str]:
    """What speaks for or against a proposition, ``manner`` included: how the text it stands in tells ("reporting")."""
    tree, clause, subject = one.clause.tree, one.clause, one.subject
    verb, token, apposition, below = clause.verb, clause.token, clause.apposition, tree.children[clause.head]
    auxiliaries = {tree.texts[child] for child in below if tree.deps[child] in ("aux", "neg")}
    tags = {token.tag, *(tree.tokens[child].tag for child in below if tree.deps[child] in ("aux", "auxpass"))}
    lemmas = {verb, *(predicate(tree, index) for index in clause.governors)}
    texts = {tree.texts[index] for index in clause.own}
    kinds = {fact.kind for fact in one.parts}
    plain = not kinds and all(tree.tokens[index].pos != "PROPN" for index in clause.own)
    checks: dict[str, bool] = {
        **dict.fromkeys(map(str, kinds), True),
        f"subject-{subject.sort}": True,
        f"type-{one.frame.type}": one.frame is not OTHER,
        f"modality-{one.modality}": True,
        "subject-inferred": subject.inferred,
        "subject-owned": bool(subject.thing),
        "subject-long": len(subject.text.split()) > 4,
        "no-object": not one.object,
        "no-frame": one.frame is OTHER,
        "frame-faint": one.frame is not OTHER and one.strength < 3,
        "frame-full": one.strength >= 5,
        "past": bool(tags & {"VBD", "VBN"}),
        "present": bool(tags & {"VBZ", "VBP"}) and not tags & {"VBN", "VBG"},
        "infinitive": token.tag == "VB" and not auxiliaries,
        "no-verb": token.pos not in ("VERB", "AUX") and not apposition,
        "copula": verb == "be",
        "apposition": apposition,
        "noun": token.pos == "NOUN" and clause.relative and not apposition,
        "relative": clause.relative,
        "adverbial": token.dep == "advcl",
        "governed": bool(clause.governors),
        "condition": any(tree.texts[child] in ("if", "unless", "whether") for child in below),
        "duty": not auxiliaries.isdisjoint(words("worth", "duty")),
        "opinion": not lemmas.isdisjoint(words("worth", "opinion")),
        "no-comment": not words("worth", "silence").isdisjoint(lemmas | texts),
        "speech": verb in words("speech", "verbs"),
        "first-or-second-person": not texts.isdisjoint(words("worth", "persons")),
        "readers": not texts.isdisjoint(words("worth", "readers")),
        "anybody": _anybody(clause),
        "pointing": clause.subject is not None and tree.texts[clause.subject] in words("worth", "pointing"),
        "attributed": bool(one.source),
        "quoted": not _QUOTES.isdisjoint(tree.texts),
        "short": len(tree.tokens) < 7,
        "bare": not kinds and subject.sort == "words",
        "bare-musing": not kinds and "reporting" not in manner,
        "plain": plain,
        "plain-sparse": plain and "sparse" in manner,
        "subject-likely": one.likely >= LIKELY,
        "subject-doubtful": one.likely < DOUBTFUL,
    }
    return manner.union(compress(checks, checks.values()))


def _anybody(clause: Clause) -> bool:
    """Whether the subject is nobody in particular: "people", "a good team", "many firms", "buyers"."""
    tree, subject = clause.tree, clause.subject
    if subject is None:
        return False
    below = tree.children[subject]
    told = [tree.texts[child] for child in below if tree.deps[child] in ("det", "poss", "nummod")]
    named = {tree.texts[subject], *told} & words("worth", "anybody")
    return bool(named) or (tree.tokens[subject].tag == "NNS" and not told)
