"""Fit the weights of claims: ``python -m training.claim_weights GOLD``.

GOLD holds annotated stories: ``*.jsonl`` as ``extract score`` takes them, and the texts that they name in ``texts/``.
The texts by which claims are judged (the seeds) must not be in it. A story is held out when the SHA-256 of its name, as
a number, is divisible by three, whatever else the folder holds. The settings, and how the kind does on what was held
out, are written to the header of ``worth.toml``.

News holds hardly any generalities ("A good rating pleases everyone."): the counter-examples of the kind are fitted on
too, as stories without claims.

A claim's subject leans on the organisations found: where both are fitted anew, fit those first.
"""

import argparse
import hashlib
import logging
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from extract import pipeline, scoring, table
from extract.kinds import claim
from extract.kinds.claim import worth
from extract.kinds.claim.propositions import Proposition
from extract.model import Document, Fact, Reading, Span
from extract.scoring import GoldFact
from training.logistic import Array, fit, log_loss, matrix

WEIGHTS = Path(worth.__file__).with_name("worth.toml")
EXAMPLES = WEIGHTS.with_name("examples.toml")

PENALTY = 3.0
# A weight nearer to 0 is left out.
FAINT = 0.1

# Words that do not tell one naming of a party from another.
EMPTY = frozenset({
    "the", "a", "an", "of", "in", "and", "for", "on", "its",
    "inc", "corp", "corporation", "co", "company", "ltd", "plc", "group",
})  # fmt: skip

Weights = Mapping[worth.Model, Mapping[str, float]]


class Annotated(NamedTuple):
    """A story as read, the facts in it that claims are made of, and the claims annotated."""

    reading: Reading
    facts: list[Fact]
    claims: list[GoldFact]


class Made(NamedTuple):
    """A proposition, the span that its claim would have, and what speaks for or against it."""

    span: Span
    proposition: Proposition
    points: frozenset[str]


def is_held_out(name: str) -> bool:
    """Whether the story of this name is kept for evaluation."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def read(folder: Path) -> tuple[list[Annotated], list[Annotated]]:
    """The stories of ``folder``: those to fit on, and those held out."""
    kept, held = list[Annotated](), list[Annotated]()
    for name, facts in scoring.read_gold(folder).items():
        text = (folder / "texts" / name).read_bytes().decode()
        story = _annotated(Document(name, text), [fact for fact in facts if fact["kind"] == "claim"])
        (held if is_held_out(name) else kept).append(story)
    return kept, held


def counter_examples() -> list[Annotated]:
    """The texts that the kind gives as examples of no claim."""
    given = tomllib.loads(EXAMPLES.read_text("utf-8"))["example"]
    return [_annotated(Document("", example["text"]), []) for example in given if not example["facts"]]


def _annotated(document: Document, claims: list[GoldFact]) -> Annotated:
    reading, facts = pipeline.recognise(document)
    return Annotated(reading, [fact for fact in facts if fact.kind != "claim"], claims)


def examples(stories: Iterable[Annotated]) -> tuple[list[frozenset[str]], dict[worth.Model, Array]]:
    """The points of every proposition, and for either model 1 where it should say yes, else 0.

    A proposition is worth a claim when a claim is annotated that it can be paired with, and its row can be trusted
    when type, subject and modality are that claim's.
    """
    points, worthy, right = list[frozenset[str]](), list[bool](), list[bool]()
    for story in stories:
        manner, sentences = claim.read(story.reading, story.facts)
        made = [
            Made(span, one, worth.points(one, manner)) for span, ones in sentences for one in ones if one.subject.text
        ]
        pairs = paired(story.reading.text, made, story.claims)
        points += [each.points for each in made]
        worthy += [number in pairs for number in range(len(made))]
        right += [number in pairs and _agree(each.proposition, pairs[number]) for number, each in enumerate(made)]
    return points, {"worth": np.array(worthy, float), "trust": np.array(right, float)}


def paired(text: str, made: Sequence[Made], claims: Sequence[GoldFact]) -> dict[int, GoldFact]:
    """Numbers of propositions to the annotated claims of their sentences, one to one, the likest first."""
    likest = sorted(
        (-_likeness(text, each.proposition, gold), place, number)
        for place, gold in enumerate(claims)
        for number, each in enumerate(made)
        if each.span.overlaps(Span(gold["start"], gold["end"]))
    )
    pairs: dict[int, GoldFact] = {}
    taken = set[int]()
    for _, place, number in likest:
        if place not in taken and number not in pairs:
            taken.add(place)
            pairs[number] = claims[place]
    return pairs


def _likeness(text: str, one: Proposition, gold: GoldFact) -> int:
    """How much the two have in common: type and subject count four, the figure two, modality and object one."""
    figure = text[slice(*one.figure.span)] if one.figure else ""
    alike: dict[int, tuple[bool, ...]] = {
        4: (one.type == gold["type"], same(one.subject.text, gold["subject"])),
        2: (bool(figure) and any(figure in value or value in figure for value in gold["values"]),),
        1: (one.modality == gold["modality"], bool(gold["object"]) and same(one.object, gold["object"])),
    }
    return sum(weight * sum(slots) for weight, slots in alike.items())


def _agree(one: Proposition, gold: GoldFact) -> bool:
    """Whether the proposition has the type, subject and modality annotated."""
    return (one.type, one.modality) == (gold["type"], gold["modality"]) and same(one.subject.text, gold["subject"])


def same(a: str, b: str) -> bool:
    """Whether two namings share all words of one of them, or half of the words of both."""
    left, right = (set(re.findall(r"[a-z0-9&]+", re.sub(r"['’]s|\.", "", name.lower()))) - EMPTY for name in (a, b))
    if not left or not right:
        return left == right
    return left <= right or right <= left or 2 * len(left & right) >= len(left | right)


def learn(stories: Sequence[Annotated]) -> tuple[Weights, int]:
    """The weights of each point in either model, and how many propositions taught them."""
    points, answers = examples(stories)
    names = sorted(frozenset().union(*points))
    given = matrix([dict.fromkeys(each, 1.0) for each in points], names)
    weights = {}
    for model, right in answers.items():
        *others, constant = (round(float(weight), 2) for weight in fit(given, right, PENALTY))
        told = {name: weight for name, weight in zip(names, others, strict=True) if abs(weight) >= FAINT}
        weights[model] = {"bias": constant, **told}
    return weights, len(points)


def measure(stories: Sequence[Annotated], weights: Weights) -> dict[str, float]:
    """How the kind does with ``weights``: the log loss of either model, and figures of ``extract score``."""
    rows, gold = list[dict[str, table.Cell]](), dict[str, list[GoldFact]]()
    with patch.object(worth, "_models", lambda: weights):
        points, answers = examples(stories)
        losses = {
            f"log loss of {model}": log_loss(np.array([worth.probability(model, each) for each in points]), right)
            for model, right in answers.items()
        }
        for reading, facts, claims in stories:
            rows += table.rows(reading, [*facts, *claim.recognise(reading, facts)])
            gold[reading.document.path] = claims
    figures = scoring.score(table.frame(table.FACTS, rows), gold)["claim"]
    return losses | {name: figures[name] for name in ("overlap_f1", "value_f1", "flagged", "silent_error_rate")}


def main() -> None:
    """Read, fit, measure, write."""
    parser = argparse.ArgumentParser(description="Fit the weights of claims.")
    parser.add_argument("gold", type=Path, help="folder of annotated stories (*.jsonl, texts/)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    kept, held = read(options.gold)
    counter = counter_examples()
    weights, count = learn([*kept, *counter])
    figures = measure(held, weights)
    told = ", ".join(f"{name.replace('_', ' ')} {figure:.3f}" for name, figure in figures.items())
    header = f"""\
# What speaks for (above 0) and against (below 0), in log odds; written by training/claim_weights.py.
# worth: that a proposition is annotated as a claim; trust: that its row has type, subject and modality right.
# The points are named in worth.py.
# Fitted to {count} propositions in {len(kept)} annotated stories and {len(counter)} counter-examples: logistic
# regression, L2 penalty {PENALTY:g}. On {len(held)} other stories: {told}.
"""
    logging.info(header)
    tables = (
        f"\n[{model}]\n" + "".join(f"{name} = {weight:.2f}\n" for name, weight in points.items())
        for model, points in weights.items()
    )
    WEIGHTS.write_text(header + "".join(tables), "utf-8")


if __name__ == "__main__":
    main()
