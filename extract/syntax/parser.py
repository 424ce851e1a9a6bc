"""The model's parser, with all sentences of a document under way at once.

spaCy's parser (arc-eager with breaks between sentences; Nivre 2008, Honnibal and Johnson 2015) takes a text step by
step from start to end, and what takes its time is to weigh each step by itself. Where it has nothing at hand it stands
as one that begins there. So here a walk begins wherever a sentence is likely to; one that comes to where another began
with nothing at hand leaves the rest to that one, and a walk that none comes to counts for nothing. The steps of all
are weighed together. The parse is that of spaCy's parser, but for how its weights are rounded.

So that the work grows with the text and no faster, a walk that none has come to yet stops some sentences on.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

# Penn Treebank tags of what ends a sentence, and of what may stand after that and still belong to it.
_STOP = "."
_CLOSING = ("''", "-RRB-")

# Stands in a label before that of the word which is the head in truth.
_ATTACHED = "||"

# Past so many beginnings goes a walk that none has come to.
_PATIENCE = 3

# What a step goes by: the next two words, three on the stack, and the last children found so far of the next word (to
# its left) and of the topmost on the stack (to its left, to its right).
_LOOKED_AT = 8
_SHIFT, _REDUCE, _LEFT, _RIGHT, _BREAK = range(5)


class Tree(NamedTuple):
    """The parse of a block: the head of each token, the number of its label, and the tokens that begin sentences."""

    heads: list[int]
    labels: list[int]
    begins: list[int]


class Parser:
    """Parses as ``trained`` does, spaCy's own."""

    def __init__(self, vocab: Vocab, trained: Any) -> None:  # noqa: ANN401 - spaCy's is not typed
        lower, upper = trained.model.get_ref("lower"), trained.model.get_ref("upper")
        narrow = trained.model.get_ref("tok2vec").layers[-1]
        self._narrow, self._narrow_bias = narrow.get_param("W").T.copy(), narrow.get_param("b")
        weights = lower.get_param("W")  # what is looked at, width, pieces, width of vectors
        self._width = weights.shape[1]
        self._lower = weights.transpose(0, 3, 2, 1).reshape(_LOOKED_AT, weights.shape[3], -1)
        self._nothing = lower.get_param("pad").transpose(1, 0, 3, 2).reshape(_LOOKED_AT, -1)
        self._lower_bias = lower.get_param("b").T.reshape(-1)
        self._room = np.empty(0, np.float32)  # kept, as it takes time to be given some
        named = [name.partition("-") for name in trained.move_names]
        self._moves = [("SDLRB".index(kind), vocab.strings.add(label)) for kind, _, label in named]
        may = np.array([[choice >> kind & 1 for kind, _ in self._moves] for choice in range(1 << 5)])
        self._upper = upper.get_param("W").T.copy()
        self._upper_bias = np.where(may, upper.get_param("b"), -np.inf).astype(np.float32)
        self._hooks = trained.postprocesses  # for labels that tell of heads that no step can reach
        self._telling = {number for _, number in self._moves if _ATTACHED in vocab.strings[number]}
        self._root, self._stop = vocab.strings.add("ROOT"), vocab.strings.add(_STOP)
        self._closing = [vocab.strings.add(tag) for tag in _CLOSING]

    def __call__(self, docs: Sequence[Doc], vectors: NDArray[np.float32], tags: NDArray[np.uint64]) -> list[Tree]:
        """The parse of each, given vectors and tags of all their tokens."""
        bounds = [*accumulate(map(len, docs), initial=0)]
        begins = self._beginnings(tags, bounds)
        walks: dict[int, _Walk] = {}
        for begin, until in zip(begins, [*begins[_PATIENCE:], *[len(tags)] * _PATIENCE], strict=False):
            end = bounds[bisect_right(bounds, begin)]
            walks[begin] = _Walk(begin, min(until, end), end, walks)
        if walks:
            self._walk(walks, self._told(vectors))
        heads, labels = np.arange(len(tags)), np.full(len(tags), self._root, np.uint64)
        arcs: dict[int, tuple[int, int]] = {}
        place = 0
        while place < len(tags):
            arcs |= walks[place].arcs
            place = walks[place].next
        children = [*arcs]
        heads[children] = [head for head, _ in arcs.values()]
        labels[children] = [label for _, label in arcs.values()]
        begins_sentence = _begin_sentences(heads)
        return [
            Tree(*self._reattached(doc, heads[a:b] - a, labels[a:b]), np.flatnonzero(begins_sentence[a:b]).tolist())
            for doc, (a, b) in zip(docs, pairwise(bounds), strict=True)
        ]

    def _beginnings(self, tags: NDArray[np.uint64], bounds: Sequence[int]) -> list[int]:
        """Where sentences are likely to begin: at the start of a block, after a stop and what closes it."""
        stops, closes = tags == self._stop, np.isin(tags, self._closing)
        ended = stops.copy()
        ended[1:] |= stops[:-1] & closes[1:]
        begins = np.zeros(len(tags) + 1, bool)
        begins[1:-1] = ended[:-1] & ~stops[1:] & ~closes[1:]
        begins[bounds] = True
        return np.flatnonzero(begins[:-1]).tolist()

    def _told(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each token tells in each place where it may be looked at; first, what it tells that there is none."""
        shape = _LOOKED_AT, len(vectors) + 1, 2 * self._width
        if self._room.size < np.prod(shape):
            self._room = np.empty(np.prod(shape), np.float32)
        told = self._room[: np.prod(shape)].reshape(shape)
        told[:, 0] = self._nothing
        np.matmul(vectors @ self._narrow + self._narrow_bias, self._lower, out=told[:, 1:])
        told[0] += self._lower_bias
        return told

    def _walk(self, walks: Mapping[int, "_Walk"], told: NDArray[np.float32]) -> None:
        """Take walks on till those from each block's start to its end are through."""
        places = np.arange(_LOOKED_AT)[:, np.newaxis] * told.shape[1] + 1
        told = told.reshape(-1, told.shape[2])
        under_way = list(walks.values())
        ahead = {walk.end: walk for walk in reversed(under_way)}  # of those come to in each block, the last
        while under_way:
            may, *seen = zip(*(walk.look() for walk in under_way), strict=True)
            state = np.add.reduce(told.take(seen + places, axis=0))
            scores = np.maximum(state[:, : self._width], state[:, self._width :]) @ self._upper
            scores += self._upper_bias.take(may, axis=0)
            best = scores.argmax(axis=1).tolist()
            under_way = [walk for walk, move in zip(under_way, best, strict=True) if walk.step(*self._moves[move])]
            if not under_way:
                ahead = {end: walk.last() for end, walk in ahead.items()}
                under_way = [walk for walk in ahead.values() if not walk.through]

    def _reattached(
        self, doc: Doc, heads: NDArray[np.int64], labels: NDArray[np.uint64]
    ) -> tuple[list[int], list[int]]:
        """The heads and labels of a block, with those found that labels tell of; this seldom takes spaCy's own code."""
        if self._telling.isdisjoint(labels.tolist()):
            return heads.tolist(), labels.tolist()
        arcs: Any = np.stack((heads - np.arange(len(doc)), labels.view(np.int64)), axis=1).view(np.uint64)
        doc.from_array(["HEAD", "DEP"], arcs)
        for hook in self._hooks:
            hook(doc)
        away, told = doc.to_array(["HEAD", "DEP"]).T
        return (away.astype(np.int64) + np.arange(len(doc))).tolist(), told.tolist()


def _begin_sentences(heads: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which tokens begin a sentence: of all that go back to one root, the first."""
    roots = heads
    while not np.array_equal(above := roots[roots], roots):
        roots = above
    begins = np.zeros(len(heads), bool)
    begins[np.unique(roots, return_index=True)[1]] = True
    return begins


class _Walk:
    """A parser on its way through tokens from ``begin`` on; ``others`` are all walks by where they begin.

    It stops at ``end`` or where another one takes over, and for the time being after ``until``. ``arcs`` holds the
    head and the label of each token that has got one, ``next`` is the first one it has not taken.
    """

    __slots__ = (
        "again", "arcs", "end", "left", "next", "others", "returned", "right", "stack", "starts", "through", "until",
    )  # fmt: skip

    def __init__(self, begin: int, until: int, end: int, others: dict[int, "_Walk"]) -> None:
        self.next, self.until, self.end, self.others, self.through = begin, until, end, others, False
        self.stack = [-1] * 3  # below its last word there is none
        self.again: list[int] = []  # from the stack back to the words to come, the next one last
        self.returned: set[int] = set()  # of these, those that have found no child to their left since
        self.starts: set[int] = set()  # of sentences
        self.arcs: dict[int, tuple[int, int]] = {}
        self.left: dict[int, int] = {}  # the last child of a head to its left
        self.right: dict[int, list[int]] = {}  # its children to the right

    def look(self) -> tuple[int, ...]:
        """Which kinds of step may be taken, as bits, and what that goes by; -1 where there is none."""
        again, following, stack, starts = self.again, self.next, self.stack, self.starts
        first = following if following < self.end else -1
        if again:
            first, second = again[-1], again[-2] if len(again) > 1 else first
        else:
            second = following + 1 if following + 1 < self.end else -1
        top = stack[-1]
        if top < 0:
            may = 1 << _SHIFT
        elif first < 0 or first in starts:
            may = 1 << _REDUCE
        elif second < 0 or first in self.returned:
            may = 1 << _REDUCE | 1 << _LEFT | 1 << _RIGHT
        else:
            may = 1 << _SHIFT | 1 << _REDUCE | 1 << _LEFT | 1 << _RIGHT
        if second == first + 1 and second not in starts:
            may |= 1 << _BREAK
        left, right = self.left.get, self.right.get(top)
        return may, first, second, top, stack[-2], stack[-3], left(first, -1), left(top, -1), right[-1] if right else -1

    def step(self, kind: int, label: int) -> bool:
        """Take a step; whether there is a further one to take."""
        stack, again = self.stack, self.again
        if kind == _BREAK:
            self.starts.add((again[-1] if again else self.next) + 1)
        elif kind == _LEFT:
            head, child = again[-1] if again else self.next, stack.pop()
            if child in self.arcs:
                self.right[self.arcs[child][0]].pop()
            self.arcs[child] = head, label
            self.left[head] = child
            self.returned.discard(head)
        elif kind == _REDUCE:
            word = stack.pop()
            if stack[-1] >= 0 and word not in self.arcs:
                again.append(word)
                self.returned.add(word)
        else:
            if again:
                word = again.pop()
            else:
                word = self.next
                self.next += 1
            if kind == _RIGHT:
                self.arcs[word] = stack[-1], label
                self.right.setdefault(stack[-1], []).append(word)
            stack.append(word)
        self.through = stack[-1] < 0 and not again and self._is_through()
        return not self.through and self.next <= self.until

    def _is_through(self) -> bool:
        """With nothing at hand: whether nothing is left, or another began here and nothing is known that it is not."""
        place = self.next
        return place == self.end or (place in self.others and place not in self.left and place + 1 not in self.starts)

    def last(self) -> "_Walk":
        """The last of those that take over from this one and from each other; it may go on to the end."""
        walk = self
        while walk.through and walk.next < walk.end:
            walk = walk.others[walk.next]
        walk.until = walk.end
        return walk
