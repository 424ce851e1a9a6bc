"""Fit the weights of organisations: ``python -m training.organisation_weights TEXTS``.

TEXTS is a file of name-annotated news, a document a line: ``{"id", "text", "spans": [[start, end, label], …]}``, spans
half-open in code points, organisations labelled ORG. No text of the gold may be in it. A document is held out when the
SHA-256 of its id, as a number, is even, whatever else the file holds; so all that ``training.data`` holds out from the
tagger is held out here too. The settings, and how the kind does on what was held out, are written to the header of
``weights.toml``.

The names tagged in the documents must come from a model that was not trained on them: one that was makes its names look
surer than they are elsewhere, and the weights would believe it.
"""

import argparse
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np

from extract import language
from extract.kinds import organisation
from extract.kinds.organisation import evidence
from extract.kinds.organisation.candidates import Candidate, candidates
from extract.kinds.organisation.evidence import gather, second_look, weigh
from extract.model import Document, Reading, Span
from training.logistic import Array, fit, log_loss, matrix

WEIGHTS = Path(evidence.__file__).with_name("weights.toml")

PENALTY = 8.0
# Evidence that fewer candidates have is left out, and so is a weight nearer to 0.
RARE = 40
FAINT = 0.08
# The second look learns from first looks by models that have not seen the document: so many, each for its part of them.
FOLDS = 5
# The kind takes no log odds for surer.
SURE = 6.0
SECOND_LOOK = (
    "first look", "elsewhere", "best elsewhere", "within a likely name", "holds a likely name", "beside a likely name",
)  # fmt: skip

Weights = Mapping[str, Sequence[float]]


class Annotated(NamedTuple):
    """A document as read, and the spans of its organisations."""

    reading: Reading
    organisations: frozenset[Span]

    def right(self, found: Iterable[Candidate]) -> Array:
        """1 for each candidate that is an organisation, else 0."""
        return np.array([float(each.span in self.organisations) for each in found])


def is_held_out(name: str) -> bool:
    """Whether the document of this id is kept for evaluation."""
    return hashlib.sha256(name.encode()).digest()[-1] % 2 == 0


def read(file: Path) -> tuple[list[Annotated], list[Annotated]]:
    """The documents of ``file``, read by the language model: those to fit on, and those held out."""
    kept, held = list[Annotated](), list[Annotated]()
    for item in map(json.loads, file.read_text("utf-8").splitlines()):
        spans = frozenset(Span(start, end) for start, end, label in item["spans"] if label == "ORG")
        document = Annotated(language.read(Document(item["id"], item["text"])), spans)
        (held if is_held_out(item["id"]) else kept).append(document)
    return kept, held


def learn(documents: Sequence[Annotated]) -> tuple[Weights, int]:
    """The weights of each piece of evidence for the first and the second look, and how many candidates taught them."""
    found = [candidates(document.reading) for document in documents]
    right = [document.right(each) for document, each in zip(documents, found, strict=True)]
    seen = [gather(document.reading, each) for document, each in zip(documents, found, strict=True)]
    counts = Counter(name for each in seen for signs in each for name in signs)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    given = [matrix(each, names) for each in seen]
    first = fit(np.vstack(given), np.concatenate(right), PENALTY)
    for document, at, signs, odds in zip(documents, found, seen, _unseen(given, right), strict=True):
        for each, look in zip(signs, second_look(document.reading.text, at, odds), strict=True):
            each.update(look)
    names_of_both = [*SECOND_LOOK, *names]
    second = fit(np.vstack([matrix(each, names_of_both) for each in seen]), np.concatenate(right), PENALTY)
    of_first = dict(zip([*names, "always"], first, strict=True))
    of_second = dict(zip([*names_of_both, "always"], second, strict=True))
    weights = {name: (of_first.get(name, 0.0), of_second[name]) for name in ("always", *names_of_both)}
    return {
        name: [round(float(weight), 1) + 0.0 for weight in pair]
        for name, pair in weights.items()
        if name == "always" or max(map(abs, pair)) >= FAINT
    }, len(np.concatenate(right))


def _unseen(given: Sequence[Array], right: Sequence[Array]) -> list[list[float]]:
    """For each document the log odds of its candidates at the first look of a model that has not seen it."""
    odds: list[list[float]] = [[] for _ in given]
    for part in range(FOLDS):
        rest = [number for number in range(len(given)) if number % FOLDS != part]
        weights = fit(np.vstack([given[i] for i in rest]), np.concatenate([right[i] for i in rest]), PENALTY)
        for i in range(part, len(given), FOLDS):
            odds[i] = np.clip(given[i] @ weights, -SURE, SURE).tolist()
    return odds


def measure(documents: Sequence[Annotated], weights: Weights) -> dict[str, float]:
    """How the kind does with ``weights``: log loss over the candidates, and shares of the mentions, spans exact."""
    likely, right = list[float](), list[Array]()
    counts: Counter[str] = Counter()
    with patch.object(evidence, "_WEIGHTS", weights):
        for document in documents:
            found = candidates(document.reading)
            likely += [chance for _, chance in weigh(document.reading, found)]
            right.append(document.right(found))
            facts = organisation.recognise(document.reading, [])
            wrong = [fact for fact in facts if fact.span not in document.organisations]
            counts["annotated"] += len(document.organisations)
            counts["found"] += len(facts)
            counts["wrong"] += len(wrong)
            counts["flagged"] += sum(bool(fact.flags) for fact in facts)
            counts["silent errors"] += sum(not fact.flags for fact in wrong)
    hits = counts["found"] - counts["wrong"]
    return {
        "log loss": log_loss(np.array(likely), np.concatenate(right)),
        "precision": hits / counts["found"],
        "recall": hits / counts["annotated"],
        "F1": 2 * hits / (counts["found"] + counts["annotated"]),
        "flagged": counts["flagged"] / counts["found"],
        "silent error rate": counts["silent errors"] / (counts["found"] - counts["flagged"]),
    }


def main() -> None:
    """Read, fit, measure, write."""
    parser = argparse.ArgumentParser(description="Fit the weights of organisations.")
    parser.add_argument("texts", type=Path, help="file of name-annotated news (*.jsonl)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    kept, held = read(options.texts)
    weights, count = learn(kept)
    figures = measure(held, weights)
    loss = figures.pop("log loss")
    told = ", ".join(f"{name} {100 * figure:.1f}%" for name, figure in figures.items())
    header = f"""\
# Weights of the evidence in log odds, first and second look; written by training/organisation_weights.py.
# Fitted to {count} candidates in {len(kept)} annotated business stories: logistic regression, L2 penalty {PENALTY:g}.
# On {len(held)} others: log loss {loss:.4f}, {told} (spans exact).
"""
    logging.info(header)
    lines = [f"{json.dumps(name)} = {pair}\n" for name, pair in weights.items()]
    WEIGHTS.write_text(header + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
