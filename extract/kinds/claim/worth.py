"""Worth and trust: how likely a proposition is a claim at all, and how likely its row is right.

Two logistic models over named points; their weights stand in ``worth.toml``.
"""

import math
from collections.abc import Collection, Mapping
from functools import cache
from typing import Literal, cast

from extract.kinds.claim.clauses import predicate
from extract.kinds.claim.cues import words
from extract.kinds.claim.frames import OTHER
from extract.kinds.claim.propositions import Proposition
from extract.kinds.data import data

Model = Literal["worth", "trust"]


@cache
def _models() -> Mapping[Model, Mapping[str, float]]:
    return cast(Mapping[Model, Mapping[str, float]], data(__package__, "worth.toml"))


def probability(model: Model, points: Collection[str]) -> float:
    """Of ``worth``: that a fact-checker would annotate it. Of ``trust``: that type, subject and modality are right."""
    table = _models()[model]
    score = table["bias"] + math.fsum(table.get(point, 0.0) for point in sorted(points))
    return 1 / (1 + math.exp(-score))


def points(one: Proposition, *, reporting: bool) -> frozenset[str]:
    """What speaks for or against a proposition. ``reporting``: the text it stands in reports rather than muses."""
    tree, clause, subject = one.clause.tree, one.clause, one.subject
    below = [tree.tokens[child] for child in tree.children[clause.head]]
    auxiliaries = {token.text.lower() for token in below if token.dep in ("aux", "neg")}
    tags = {clause.token.tag, *(token.tag for token in below if token.dep in ("aux", "auxpass"))}
    lemmas = {clause.verb, *(predicate(tree, index) for index in clause.governors)}
    texts = {tree.tokens[index].text.lower() for index in clause.own}
    kinds = {fact.kind for fact in one.parts}
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
        "infinitive": clause.token.tag == "VB" and not auxiliaries,
        "no-verb": clause.token.pos not in ("VERB", "AUX") and not clause.apposition,
        "copula": clause.verb == "be",
        "apposition": clause.apposition,
        "relative": clause.relative,
        "adverbial": clause.token.dep == "advcl",
        "governed": bool(clause.governors),
        "condition": any(token.text.lower() in ("if", "unless", "whether") for token in below),
        "duty": bool(auxiliaries & words("worth", "duty")),
        "opinion": bool(lemmas & words("worth", "opinion")),
        "no-comment": bool((lemmas | texts) & words("worth", "silence")),
        "speech": clause.verb in words("speech", "verbs"),
        "first-or-second-person": bool(texts & words("worth", "persons")),
        "attributed": bool(one.source),
        "quoted": any(token.text in ('"', "“", "”") for token in tree.tokens),
        "short": len(tree.tokens) < 7,
        "reporting": reporting,
        "bare": not kinds and subject.sort == "words",
        "bare-musing": not kinds and not reporting,
    }
    return frozenset(name for name, holds in checks.items() if holds)
