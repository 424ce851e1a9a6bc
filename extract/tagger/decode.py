"""From the scores of words to names: one sense per document, then the best sequence of tags."""

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


def _viterbi(scores: Scores) -> NDArray[np.intp]:
    best = np.where(_BEGINS, scores[0], -np.inf)
    came = np.empty(scores.shape, np.intp)
    for index in range(1, len(scores)):
        paths = best[:, None] + _FOLLOWS
        came[index] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[index]
    tags = np.empty(len(scores), np.intp)
    tags[-1] = best.argmax()
    for index in range(len(scores) - 1, 0, -1):
        tags[index - 1] = came[index, tags[index]]
    return tags


# What may begin a block, and what may follow what: an inside (an even tag) only its own beginning or inside.
_BEGINS = np.array([tag == 0 or tag % 2 == 1 for tag in range(len(TAGS))])
_FOLLOWS = np.array(
    [
        [0.0 if _BEGINS[tag] or before in (tag, tag - 1) else -np.inf for tag in range(len(TAGS))]
        for before in range(len(TAGS))
    ]
)


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
