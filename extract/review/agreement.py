"""How far reviewers agree, and how often a fact without a flag was wrong."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import krippendorff
from sklearn.metrics import cohen_kappa_score

from extract.review.decisions import Decision


def report(decisions: Sequence[Decision]) -> Iterator[str]:
    """Lines about all ``decisions``, given oldest first; only the last one of each reviewer on a fact counts.

    Cohen's kappa (1960) for each two reviewers over the facts that both judged, Krippendorff's alpha (nominal) over all
    facts that several judged, the facts on which they differ, and the silent errors among the facts judged that had no
    flag. What reviewers added is judged by nobody else and left out.
    """
    last = {(each.fact, each.reviewer): each for each in decisions if each.verdict != "add"}
    verdicts: dict[str, dict[str, str]] = {}
    for (fact, reviewer), each in last.items():
        verdicts.setdefault(fact, {})[reviewer] = each.verdict
    reviewers = sorted({reviewer for judged in verdicts.values() for reviewer in judged})
    for one, other in combinations(reviewers, 2):
        both = [(judged[one], judged[other]) for judged in verdicts.values() if {one, other} <= judged.keys()]
        if both:
            kappa = _told(
                float(cohen_kappa_score(*zip(*both, strict=True))) if len(set(sum(both, ()))) > 1 else math.nan
            )
            yield f"{one} and {other}: {len(both)} facts, Cohen's kappa {kappa}"
    several = {fact: judged for fact, judged in verdicts.items() if len(judged) > 1}
    if several:
        codes = sorted({verdict for judged in several.values() for verdict in judged.values()})
        units = [
            [codes.index(judged[name]) if name in judged else math.nan for judged in several.values()]
            for name in reviewers
        ]
        alpha = krippendorff.alpha(units, level_of_measurement="nominal") if len(codes) > 1 else math.nan
        yield f"{len(several)} facts judged by several: Krippendorff's alpha {_told(float(alpha))}"
    for fact, judged in several.items():
        if len(set(judged.values())) > 1:
            yield f"{fact}: " + ", ".join(f"{judged[name]} by {name}" for name in sorted(judged))
    silent = {fact: each.verdict for (fact, _), each in last.items() if not each.flags}
    if silent:
        wrong = sum(verdict != "accept" for verdict in silent.values())
        yield f"{len(silent)} facts without a flag judged: {wrong} wrong ({wrong / len(silent):.1%})"


def _told(coefficient: float) -> str:
    return "not defined: one verdict only" if math.isnan(coefficient) else f"{coefficient:.2f}"
