"""How likely a name is right, learnt from held-out news: a logistic curve over the tagger's own odds."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from extract.language import blocks
from extract.tagger import Tagger
from training.data import Text


def calibrate(folder: Path, held_out: Iterable[Text]) -> None:
    """Write slope and shift to the manifest in ``folder``, fitted to its tagger's names in the news of ``held_out``.

    A name is right when its span and label are the annotation's. A curve that the manifest has already does not count.
    """
    _write(folder, 1.0, 0.0)
    tagger = Tagger(folder)
    odds, right = [], []
    for text in (text for text in held_out if text.source == "news-names"):
        spans = list(blocks(text.text))
        for span, names in zip(spans, tagger.names([text.text[slice(*span)] for span in spans]), strict=True):
            for name in names:
                odds.append(np.log(name.confidence / (1 - name.confidence)))
                right.append((span.start + name.start, span.start + name.end, name.label) in text.spans)
    _write(folder, *_fit(np.array(odds), np.array(right, float)))


def _write(folder: Path, slope: float, shift: float) -> None:
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text("utf-8")) | {"calibration": [round(slope, 3), round(shift, 3)]}
    file.write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _fit(odds: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and shift of the logistic regression of ``right`` on ``odds``, by Newton's method."""
    given = np.stack([odds, np.ones_like(odds)])
    weights = np.array([1.0, 0.0])
    for _ in range(25):
        likely = 1 / (1 + np.exp(-weights @ given))
        slope = given @ (right - likely)
        curvature = (given * (likely * (1 - likely))) @ given.T
        weights += np.linalg.solve(curvature + 1e-6 * np.eye(2), slope)
    return float(weights[0]), float(weights[1])
