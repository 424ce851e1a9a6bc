"""Fit the weights of organisations: ``python -m training.organisation_weights TEXTS --gold FOLDER --never FOLDER``.

TEXTS and ``--gold`` are what ``training.train`` was given. Names tagged in a document that the tagger was trained on
look surer than they are elsewhere, and weights fitted to them would believe it. So the news that it was trained on is
read without its names, and what is learnt there is only where the fit starts; the fit itself is to news that it was
not trained on: held out from it, or refused as texts of the gold. No text of the folders ``--never``, those whose
organisations are gold, is read at all.

Of the news that the tagger was not trained on, a document is held out when the SHA-256 of its id, as a number, is even,
whatever else there is. The penalty is chosen by cross-validation over the others. How the kind does on what was held
out is written to the header of ``weights.toml``.
"""

import argparse
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
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
from training import data
from training.logistic import Array, fit, log_loss, matrix

WEIGHTS = Path(evidence.__file__).with_name("weights.toml")

# Of the fit to documents without names, and those that are tried for the pull from its weights to the others'.
PENALTY = 8.0
PENALTIES = (4.0, 8.0, 16.0, 32.0)
# Evidence that fewer candidates have is left out, unless the start has it; so is a weight nearer to 0.
RARE_AT_FIRST, RARE = 40, 10
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

    def unnamed(self) -> "Annotated":
        """The document as if nothing in it were tagged."""
        return self._replace(reading=Reading(self.reading.document, self.reading.sentences, ()))

    def right(self, found: Iterable[Candidate]) -> Array:
        """1 for each candidate that is an organisation, else 0."""
        return np.array([float(each.span in self.organisations) for each in found])


def is_held_out(name: str) -> bool:
    """Whether the document of this id is kept for evaluation."""
    return hashlib.sha256(name.encode()).digest()[-1] % 2 == 0


def read(text: data.Text) -> Annotated:
    """The document, read by the language model and the tagger."""
    spans = frozenset(Span(start, end) for start, end, label in text.spans if label == "ORG")
    return Annotated(language.read(Document(text.id, text.text)), spans)


def learn(documents: Sequence[Annotated], start: Weights, penalty: float, rare: int) -> Weights:
    """The weights of each piece of evidence for the first and the second look, as near to ``start`` as may be."""
    found = [candidates(document.reading) for document in documents]
    right = [document.right(each) for document, each in zip(documents, found, strict=True)]
    seen = [gather(document.reading, each) for document, each in zip(documents, found, strict=True)]
    counts = Counter(name for each in seen for signs in each for name in signs)
    names = sorted({name for name, count in counts.items() if count >= rare} | start.keys() - {"always", *SECOND_LOOK})
    given = [matrix(each, names) for each in seen]
    origins = _origins(names, start)
    first = fit(np.vstack(given), np.concatenate(right), penalty, origins[0])
    for document, at, signs, odds in zip(
        documents, found, seen, _unseen(given, right, penalty, origins[0]), strict=True
    ):
        for each, look in zip(signs, second_look(document.reading.text, at, odds), strict=True):
            each.update(look)
    names_of_both = [*SECOND_LOOK, *names]
    given = [matrix(each, names_of_both) for each in seen]
    second = fit(np.vstack(given), np.concatenate(right), penalty, _origins(names_of_both, start)[1])
    of_first = dict(zip([*names, "always"], first.tolist(), strict=True))
    of_second = dict(zip([*names_of_both, "always"], second.tolist(), strict=True))
    return {name: (of_first.get(name, 0.0), of_second[name]) for name in ("always", *names_of_both)}


def _origins(names: Sequence[str], start: Weights) -> Array:
    """The weights of both looks at ``start``, as ``fit`` takes them."""
    return np.array([start.get(name, (0.0, 0.0)) for name in (*names, "always")]).T


def _unseen(given: Sequence[Array], right: Sequence[Array], penalty: float, origin: Array) -> list[list[float]]:
    """For each document the log odds of its candidates at the first look of a model that has not seen it."""
    odds: list[list[float]] = [[] for _ in given]
    for part in range(FOLDS):
        rest = [number for number in range(len(given)) if number % FOLDS != part]
        weights = fit(np.vstack([given[i] for i in rest]), np.concatenate([right[i] for i in rest]), penalty, origin)
        for i in range(part, len(given), FOLDS):
            odds[i] = np.clip(given[i] @ weights, -SURE, SURE).tolist()
    return odds


def chosen_penalty(documents: Sequence[Annotated], start: Weights) -> float:
    """Which of PENALTIES makes the likeliest what was left out, part by part."""
    losses = dict.fromkeys(PENALTIES, 0.0)
    for penalty in PENALTIES:
        for part in range(FOLDS):
            rest = [document for number, document in enumerate(documents) if number % FOLDS != part]
            weights = learn(rest, start, penalty, RARE)
            losses[penalty] += measure(documents[part::FOLDS], weights)["log loss"] / FOLDS
    logging.info("log loss by penalty: %s", {penalty: round(loss, 4) for penalty, loss in losses.items()})
    return min(losses, key=losses.__getitem__)


def rounded(weights: Weights) -> Weights:
    """The weights as they are written, without the faint ones."""
    return {
        name: [round(weight, 1) + 0.0 for weight in pair]
        for name, pair in weights.items()
        if name == "always" or max(map(abs, pair)) >= FAINT
    }


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
    parser.add_argument("texts", type=Path, help="folder of name-annotated texts (*.jsonl), as the training takes it")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="the folders that the training was given")
    parser.add_argument("--never", type=Path, nargs="+", required=True, help="of these, gold of organisations")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    texts = [text for text in data.read(options.texts) if text.source == "news-names"]
    kept, *others = data.split(texts, data.gold(options.gold))
    _, _, never = data.split(texts, data.gold(options.never))
    unseen = [read(text) for text in chain(*others) if text not in never]
    start = learn([read(text).unnamed() for text in kept], {}, PENALTY, RARE_AT_FIRST)
    fitted = [each for each in unseen if not is_held_out(each.reading.document.path)]
    held = [each for each in unseen if is_held_out(each.reading.document.path)]
    penalty = chosen_penalty(fitted, start)
    weights = rounded(learn(fitted, start, penalty, RARE))
    figures = measure(held, weights)
    loss = figures.pop("log loss")
    told = ", ".join(f"{name} {100 * figure:.1f}%" for name, figure in figures.items())
    header = f"""\
# Weights of the evidence in log odds, first and second look; written by training/organisation_weights.py.
# Fitted to {len(fitted)} annotated business stories that the tagger was not trained on, from a start fitted to
# {len(kept)} others without its tags: logistic regression, L2 penalty {penalty:g}.
# On {len(held)} more: log loss {loss:.4f}, {told} (spans exact).
"""
    logging.info(header)
    lines = [f"{json.dumps(name)} = {pair}\n" for name, pair in weights.items()]
    WEIGHTS.write_text(header + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
