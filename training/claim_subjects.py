"""Fit the weights by which a claim's subject is chosen: ``python -m training.claim_subjects GOLD``.

GOLD is what ``training/claim_weights.py`` takes, and its stories are held out alike. A proposition is paired with the
claim annotated that it is likest to; whoever of its candidates is that claim's subject is the right choice. As a better
choice of subjects makes better pairs, this is done ROUNDS times over. The settings, and how many subjects are right in
what was held out, are written to the header of ``subjects.toml``.

Worth and trust of claims look at their subjects: fit them anew after this.
"""

import argparse
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from extract.kinds import claim
from extract.kinds.claim import candidates
from extract.kinds.claim.candidates import Candidate
from extract.kinds.claim.worth import points
from training.claim_weights import Annotated, Made, paired, read, same
from training.logistic import fit_choice, matrix

WEIGHTS = Path(candidates.__file__).with_name("subjects.toml")

PENALTY = 5.0
ROUNDS = 2
# A point that fewer candidates have is left out, and so is a weight nearer to 0.
RARE = 20
FAINT = 0.1

Weights = Mapping[str, float]


class Choice(NamedTuple):
    """The subject that a paired proposition was given, the one annotated, and whom it might have been given."""

    subject: str
    annotated: str
    lineup: Sequence[Candidate]


def choices(stories: Iterable[Annotated], weights: Weights) -> list[Choice]:
    """The subjects of all propositions that pair with a claim annotated, as chosen by ``weights``."""
    found = list[Choice]()
    with patch.object(candidates, "_weights", lambda: weights):
        for story in stories:
            manner, sentences = claim.read(story.reading, story.facts)
            made = [
                Made(span, one, points(one, manner)) for span, ones in sentences for one in ones if one.subject.text
            ]
            found += [
                Choice(made[number].proposition.subject.text, gold["subject"], made[number].proposition.lineup)
                for number, gold in sorted(paired(story.reading.text, made, story.claims).items())
            ]
    return found


def learn(stories: Sequence[Annotated]) -> tuple[Weights, int]:
    """The weight of each point, and how many choices taught it."""
    weights: Weights = {}
    for _ in range(ROUNDS):
        taught = [
            (one.lineup, right)
            for one in choices(stories, weights)
            if any(right := [same(each.name.text, one.annotated) for each in one.lineup])
        ]
        lined_up = [each for lineup, _ in taught for each in lineup]
        counts = Counter(point for each in lined_up for point in each.points)
        names = sorted(point for point, count in counts.items() if count >= RARE)
        given = matrix([dict.fromkeys(each.points, 1.0) for each in lined_up], names)[:, :-1]
        starts = np.cumsum([0, *(len(lineup) for lineup, _ in taught[:-1])]).tolist()
        meant = np.array([hit for _, hits in taught for hit in hits], float)
        fitted = fit_choice(given, meant, starts, PENALTY)
        weights = {
            name: round(float(weight), 2) for name, weight in zip(names, fitted, strict=True) if abs(weight) >= FAINT
        }
    return weights, len(taught)


def share_right(stories: Sequence[Annotated], weights: Weights) -> float:
    """How many of the paired propositions have the subject annotated."""
    made = choices(stories, weights)
    return sum(same(one.subject, one.annotated) for one in made) / len(made)


def main() -> None:
    """Read, fit, measure, write."""
    parser = argparse.ArgumentParser(description="Fit the weights by which a claim's subject is chosen.")
    parser.add_argument("gold", type=Path, help="folder of annotated stories (*.jsonl, texts/)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    kept, held = read(options.gold)
    weights, count = learn(kept)
    header = f"""\
# What speaks for (above 0) and against (below 0) a candidate for a claim's subject, in log odds; written by
# training/claim_subjects.py. The points are named in candidates.py.
# Fitted to {count} choices in {len(kept)} annotated stories: logistic choice, L2 penalty {PENALTY:g}, points of at
# least {RARE} candidates. Of the subjects in {len(held)} other stories {share_right(held, weights):.3f} are right, \
{share_right(held, {}):.3f} as the rules alone read them.

"""
    logging.info(header)
    WEIGHTS.write_text(header + "".join(f"{point} = {weight:.2f}\n" for point, weight in weights.items()), "utf-8")


if __name__ == "__main__":
    main()
