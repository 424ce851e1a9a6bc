"""The model's files, and names in the blocks of a document."""

import hashlib
import json
import math
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from extract.errors import ModelError
from extract.tagger.decode import LABELS, TAGS, Run, Scores, names, smoothed
from extract.tagger.words import marks, read_block, reader, windows, words

FOLDER = Path(__file__).parent

# Probabilities are not told apart any nearer to 0 and 1.
_SMALLEST = 1e-4


class Name(NamedTuple):
    """A name as code points ``[start, end)`` of its block, its label (of LABELS), how likely it is right (0 … 1)."""

    start: int
    end: int
    label: str
    confidence: float


class Tagger:
    """The tagger of names, on one thread; the same document always gives the same bytes."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load the model from ``folder``. Raises ModelError when a file is missing or not the one in its manifest."""
        manifest, network, tokenizer = _files(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The network is written as it should run: onnxruntime's further fusion of add and norm would slow it down.
        options.enable_mem_pattern = False  # hardly two windows are of one size
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._network = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        pieces = Tokenizer.from_buffer(tokenizer)
        self._read = reader(pieces)
        self._first, self._last = marks(pieces)
        self._slope, self._shift = manifest["calibration"]

    def names(self, blocks: Sequence[str], *, smooth: bool = True) -> list[list[Name]]:
        """The names in each block of one document, in order, not overlapping.

        No name crosses the end of a block. ``smooth``: what a name means is settled for the whole document.
        """
        spans = [words(text) for text in blocks]
        places = [(block, *span) for block, found in enumerate(spans) for span in found]
        bounds = sorted({0, *accumulate(map(len, spans))})
        scores = self._scores(blocks, spans)
        runs = names(scores, bounds)
        if smooth:
            scores = smoothed(scores, [blocks[block][start:end] for block, start, end in places], runs)
            runs = names(scores, bounds)
        result: list[list[Name]] = [[] for _ in blocks]
        for run in runs:
            block, start, _ = places[run.start]
            end = places[run.end - 1][2]
            result[block].append(Name(start, end, LABELS[run.label], self._confidence(scores, run)))
        return result

    def _scores(self, blocks: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> Scores:
        """Log-probabilities (words, tags). Windows go one by one, so that none bears on another's rounding."""
        read = [read_block(self._read, text, found) for text, found in zip(blocks, spans, strict=True)]
        parts = [np.empty((0, len(TAGS)), np.float32)]
        for window in windows(read, self._first, self._last):
            parts.extend(self._network.run(None, window.arrays()))
        return np.concatenate(parts)

    def _confidence(self, scores: Scores, run: Run) -> float:
        """The probability of the name's least likely tag, calibrated on held-out texts."""
        begin = 1 + 2 * run.label
        least = math.exp(min((scores[run.start, begin], *scores[run.start + 1 : run.end, begin + 1])))
        least = min(max(least, _SMALLEST), 1 - _SMALLEST)
        odds = math.log(least / (1 - least))
        return round(1 / (1 + math.exp(-self._slope * odds - self._shift)), 4)


@cache
def tagger() -> Tagger:
    """The tagger that ships, loaded once in a process. Raises ModelError like ``Tagger``."""
    return Tagger()


def _files(folder: Path) -> tuple[dict[str, Any], bytes, bytes]:
    """The manifest and the two files that it describes, as they were when it was written."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        read = {name: (folder / name).read_bytes() for name in manifest["files"]}
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in read.items()}
        damaged = [name for name, digest in manifest["files"].items() if digests[name] != digest]
        network, tokenizer = read["names.onnx"], read["tokenizer.json"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the tagger's model is missing or damaged: restore {folder} from the repository") from error
    if damaged:
        raise ModelError(f"{folder / damaged[0]} is damaged: restore it from the repository")
    return manifest, network, tokenizer
