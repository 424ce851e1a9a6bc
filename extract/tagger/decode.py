"""From the scores of words to names: one sense per document, then the best sequence of tags."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

LABELS = ("ORG", "PER", "LOC", "PROD", "MISC")

# Outside, then the beginning and the inside of each label.
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BI"))


# A name of more words than this is not looked for elsewhere.
LONGEST_NAME = 12


class Run(NamedTuple):
    """A name as the words ``[start, end)`` of a document, with the index of its label."""

    start: int
    end: int
    label: int


def names(scores: Scores, bounds: Sequence[int]) -> list[Run]:
    """The names in the likeliest sequence of tags in which an inside follows only its own kind.

    ``scores`` (words, tags) are log-probabilities; ``bounds`` the number of each block's first word and, last,
    the number of words: no name crosses them.
    """
    if not len(scores):
        return []
    tags = scores.argmax(axis=1)
    inside = (tags > 0) & (tags % 2 == 0)
    before = np.concatenate(([0], tags[:-1]))
    before[np.asarray(bounds[:-1])] = 0
    broken = np.flatnonzero(inside & (before != tags) & (before != tags - 1))
    for block in np.unique(np.searchsorted(bounds, broken, side="right")):
        start, end = bounds[block - 1], bounds[block]
        tags[start:end] = _viterbi(scores[start:end])
    return list(_runs(tags.tolist(), bounds))


def smoothed(scores: Scores, forms: Sequence[str], runs: Sequence[Run]) -> Scores:
    """``scores`` with one sense per document.

    Wherever the words of a name in ``runs`` stand in the document (``forms`` are its words), each takes the mean
    of the probabilities that its place in the name has anywhere. What lies within another name is left alone.
    """
    known = {tuple(forms[run.start : run.end]) for run in runs if run.end - run.start <= LONGEST_NAME}
    sizes: dict[str, set[int]] = defaultdict(set)
    for name in known:
        sizes[name[0]].add(len(name))
    tagged = {(run.start, run.end) for run in runs}
    inside = {place for run in runs for place in range(run.start, run.end)}
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, form in enumerate(forms):
        for size in sizes.get(form, ()):
            name = tuple(forms[place : place + size])
            if name in known and ((place, place + size) in tagged or inside.isdisjoint(range(place, place + size))):
                found[name].append(place)
    result = scores.copy()
    for name, places in found.items():
        if len(places) > 1:
            rows = np.asarray(places)[:, None] + np.arange(len(name))
            result[rows] = np.logaddexp.reduce(scores[rows], axis=0) - np.log(np.float32(len(places)))
    return result


def _viterbi(scores: Scores) -> list[int]:
    """The likeliest sequence in which an inside, an even tag, follows only its own beginning or inside (Viterbi 1967).

    ``scores`` are those of one word at least. What else may be follows the best tag before it, whichever that is.
    """
    first, *rest = scores.tolist()
    best = [-math.inf if tag and tag % 2 == 0 else score for tag, score in enumerate(first)]
    came = []
    for row in rest:
        before = [best.index(max(best))] * len(row)
        for inside in range(2, len(row), 2):
            before[inside] = inside if best[inside] > best[inside - 1] else inside - 1
        best = [best[tag] + score for tag, score in zip(before, row, strict=True)]
        came.append(before)
    tags = [best.index(max(best))]
    for before in reversed(came):
        tags.append(before[tags[-1]])
    return tags[::-1]


def _runs(tags: Sequence[int], bounds: Sequence[int]) -> Iterator[Run]:
    edges = set(bounds)
    start = -1
    for index, tag in enumerate((*tags, 0)):
        ends = tag == 0 or tag % 2 == 1 or index in edges
        if start >= 0 and ends:
            yield Run(start, index, (tags[start] - 1) // 2)
            start = -1
        if tag and start < 0:
            start = index
