"""Fit what makes an organisation sure: ``python -m training.organisation_signs TEXTS --gold FOLDER --never FOLDER``.

TEXTS and ``--gold`` are what ``training.train`` was given: of the name-annotated news, the fit takes what the tagger
was not trained on (held out from it, or refused as texts of the gold), as it is surer of the rest than of other texts.
No text of the folders ``--never``, those whose organisations are gold, is read at all.

A document is held out when the SHA-256 of its id, as a number, is even. How the kind does there is written to the
header of ``signs.toml``.
"""

import argparse
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from extract import language
from extract.kinds import organisation
from extract.kinds.organisation.names import fold
from extract.kinds.organisation.recognise import mentions_of, signs_of
from extract.model import Document, Reading, Span
from training import data
from training.logistic import Array, fit

SIGNS = Path(organisation.__file__).with_name("signs.toml")
PENALTY = 2.0


class Annotated(NamedTuple):
    """A document as read, and the spans of its organisations."""

    reading: Reading
    organisations: frozenset[Span]


def is_held_out(name: str) -> bool:
    """Whether the document of this id is kept for evaluation."""
    return hashlib.sha256(name.encode()).digest()[-1] % 2 == 0


def read(text: data.Text) -> Annotated:
    """The document, read by the language model and the tagger."""
    spans = frozenset(Span(start, end) for start, end, label in text.spans if label == "ORG")
    return Annotated(language.read(Document(text.id, text.text)), spans)


def learn(documents: Sequence[Annotated]) -> dict[str, float]:
    """The weight of each sign, by logistic regression over the names that the tagger believes in."""
    names: list[str] = []
    given: list[list[float]] = []
    right: list[float] = []
    for reading, organisations in documents:
        mentions = mentions_of(reading)
        keys = [fold(reading.text[slice(*mention.span)]) for mention in mentions]
        for mention, signs in zip(mentions, signs_of(mentions, keys), strict=True):
            if mention.is_believed:
                names = [*signs]
                given.append([*signs.values()])
                right.append(float(mention.span in organisations))
    always = names.index("always")
    order = [*(place for place in range(len(names)) if place != always), always]  # ``fit`` has the constant last
    weights: Array = fit(np.array(given)[:, order], np.array(right), PENALTY)
    return {names[place]: round(float(weight), 2) for place, weight in zip(order, weights, strict=True)}


def measure(documents: Sequence[Annotated], weights: Mapping[str, float]) -> dict[str, float]:
    """How the kind does with ``weights``: shares of the mentions, spans exact."""
    counts: Counter[str] = Counter()
    with patch("extract.kinds.organisation.recognise._WEIGHTS", weights):
        for reading, organisations in documents:
            facts = organisation.recognise(reading, [])
            wrong = [fact for fact in facts if fact.span not in organisations]
            counts["annotated"] += len(organisations)
            counts["found"] += len(facts)
            counts["wrong"] += len(wrong)
            counts["flagged"] += sum(bool(fact.flags) for fact in facts)
            counts["silent errors"] += sum(not fact.flags for fact in wrong)
    return {
        "F1": 2 * (counts["found"] - counts["wrong"]) / (counts["found"] + counts["annotated"]),
        "flagged": counts["flagged"] / counts["found"],
        "silent error rate": counts["silent errors"] / (counts["found"] - counts["flagged"]),
    }


def main() -> None:
    """Read, fit, measure, write."""
    parser = argparse.ArgumentParser(description="Fit what makes an organisation sure.")
    parser.add_argument("texts", type=Path, help="folder of name-annotated texts (*.jsonl), as the training takes it")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="the folders that the training was given")
    parser.add_argument("--never", type=Path, nargs="+", required=True, help="of these, gold of organisations")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    texts = [text for text in data.read(options.texts) if text.source == "news-names"]
    _, *others = data.split(texts, data.gold(options.gold))
    _, _, never = data.split(texts, data.gold(options.never))
    documents = [read(text) for text in chain(*others) if text not in never]
    fitted, held = (
        [each for each in documents if is_held_out(each.reading.document.path) == out] for out in (False, True)
    )
    weights = learn(fitted)
    told = ", ".join(f"{name} {100 * figure:.1f}%" for name, figure in measure(held, weights).items())
    header = f"""\
# What each sign adds to the log odds that a tagged name is an organisation as quoted; "tagger" is times the log odds of
# its own figure, "mentions" times the logarithm of how often the document has the name.
# Written by training/organisation_signs.py: logistic regression over {len(fitted)} annotated business stories.
# On {len(held)} others: {told} (spans exact).
"""
    logging.info(header)
    SIGNS.write_text(header + "".join(f"{json.dumps(name)} = {weight}\n" for name, weight in weights.items()), "utf-8")


if __name__ == "__main__":
    main()
