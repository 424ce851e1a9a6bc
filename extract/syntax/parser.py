"""The model's parser, with all sentences of a document under way at once.

spaCy's parser (arc-eager with breaks between sentences; Nivre 2008, Honnibal and Johnson 2015) takes a text step by
step from start to end, and what takes its time is to weigh each step by itself. Where it has nothing at hand it stands
as one that begins there. So here a walk begins wherever a sentence is likely to; one that comes to where another began
with nothing at hand leaves the rest to that one, and a walk that none comes to counts for nothing. The steps of all
are weighed together. The parse is that of spaCy's parser, but for how its weights are rounded.

So that the work grows with the text and no faster, a walk that none has come to yet stops some sentences on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.vocab import Vocab

# Penn Treebank tags of what ends a sentence, and of what may stand after that and still belong to it.
_STOP = "."
_CLOSING = ("''", "-RRB-")

# Past so many beginnings goes a walk that none has come to.
_PATIENCE = 3

# What a step goes by: the next two words, three on the stack, and the last children found so far of the next word (to
# its left) and of the topmost on the stack (to its left, to its right).
_LOOKED_AT = 8
_SHIFT, _REDUCE, _LEFT, _RIGHT, _BREAK = range(5)


class Parser:
    """Parses as ``trained`` does, spaCy's own."""

    def __init__(self, vocab: Vocab, trained: Any) -> None:  # noqa: ANN401 - spaCy's is not typed
        lower, upper = trained.model.get_ref("lower"), trained.model.get_ref("upper")
        weights = lower.get_param("W")  # what is looked at, width, pieces, width of vectors
        self._vectors = trained.model.get_ref("tok2vec").layers[-1].predict
        self._width = weights.shape[1]
        self._lower = weights.transpose(3, 0, 2, 1).reshape(weights.shape[3], -1).copy()
        self._nothing = lower.get_param("pad").transpose(0, 1, 3, 2).reshape(-1)
        self._room = np.empty((0, self._lower.shape[1]), np.float32)  # kept, as it takes time to be given some
        self._lower_bias = lower.get_param("b").T.reshape(-1)
        self._upper, self._upper_bias = upper.get_param("W").T.copy(), upper.get_param("b")
        named = [name.partition("-") for name in trained.move_names]
        self._moves = [("SDLRB".index(kind), vocab.strings.add(label)) for kind, _, label in named]
        may = np.array([[choice >> kind & 1 for kind, _ in self._moves] for choice in range(1 << 5)])
        self._barred = np.where(may, 0, -np.inf).astype(np.float32)
        self._hooks = trained.postprocesses  # labels may tell of heads that no step can reach
        self._root, self._stop = vocab.strings.add("ROOT"), vocab.strings.add(_STOP)
        self._closing = [vocab.strings.add(tag) for tag in _CLOSING]

    def __call__(self, docs: Sequence[Doc]) -> None:
        """Set the heads, the labels and the sentences of each, whose tokens have vectors and tags."""
        walks: dict[int, _Walk] = {}
        end = 0
        for doc in docs:
            start, end = end, end + len(doc)
            begins = [start + begin for begin in self._beginnings(doc)]
            ends = [*begins[_PATIENCE:], *[end] * _PATIENCE]
            walks |= {begin: _Walk(begin, until, end, walks) for begin, until in zip(begins, ends, strict=False)}
        if walks:
            self._walk(walks, self._told(docs))
        start = 0
        for doc in docs:
            arcs: Any = np.full((len(doc), 2), (0, self._root), np.uint64)
            place = start
            while place < start + len(doc):
                for child, (head, label) in walks[place].arcs.items():
                    arcs[child - start] = np.int64(head - child), label
                place = walks[place].next
            doc.from_array(["HEAD", "DEP"], arcs)
            for hook in self._hooks:
                hook(doc)
            start += len(doc)

    def _beginnings(self, doc: Doc) -> list[int]:
        """Where sentences are likely to begin: at the start, after a stop and what closes it."""
        tags = doc.to_array("TAG")
        stops, closes = tags == self._stop, np.isin(tags, self._closing)
        ended = stops.copy()
        ended[1:] |= stops[:-1] & closes[1:]
        return [*range(min(1, len(doc))), *(1 + np.flatnonzero(ended[:-1] & ~stops[1:] & ~closes[1:])).tolist()]

    def _told(self, docs: Sequence[Doc]) -> NDArray[np.float32]:
        """What each token tells in each place where it may be looked at; first, what it tells that there is none."""
        read = self._vectors(np.concatenate([doc.tensor for doc in docs]))
        if len(read) >= len(self._room):
            self._room = np.empty((len(read) + 1, self._lower.shape[1]), np.float32)
        self._room[0] = self._nothing
        np.matmul(read, self._lower, out=self._room[1 : len(read) + 1])
        return self._room.reshape(-1, 2 * self._width)

    def _walk(self, walks: Mapping[int, "_Walk"], told: NDArray[np.float32]) -> None:
        """Take walks on till those from each block's start to its end are through."""
        under_way, places = list(walks.values()), np.arange(_LOOKED_AT)
        ahead = {walk.end: walk for walk in reversed(under_way)}  # of those come to in each block, the last
        while under_way:
            seen = np.array([walk.look() for walk in under_way])
            told_of = told.take((seen[:, 1:] + 1) * _LOOKED_AT + places, axis=0)
            state = told_of.sum(axis=1) + self._lower_bias
            hidden = np.maximum(state[:, : self._width], state[:, self._width :])
            scores = hidden @ self._upper + self._upper_bias + self._barred.take(seen[:, 0], axis=0)
            best = scores.argmax(axis=1).tolist()
            under_way = [walk for walk, move in zip(under_way, best, strict=True) if walk.step(*self._moves[move])]
            if not under_way:
                ahead = {end: walk.last() for end, walk in ahead.items()}
                under_way = [walk for walk in ahead.values() if not walk.through]


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
        self.stack: list[int] = []
        self.again: list[int] = []  # from the stack back to the words to come, the next one last
        self.returned: set[int] = set()  # of these, those that have found no child to their left since
        self.starts: set[int] = set()  # of sentences
        self.arcs: dict[int, tuple[int, int]] = {}
        self.left: dict[int, int] = {-1: -1}  # the last child of a head to its left
        self.right: dict[int, list[int]] = {}  # its children to the right

    def look(self) -> tuple[int, ...]:
        """Which kinds of step may be taken, as bits, and what that goes by; -1 where there is none."""
        stack, again, following, end = self.stack, self.again, self.next, self.end
        depth, waiting = len(stack), end - following + len(again)
        first = again[-1] if again else following if waiting else -1
        second = -1 if waiting < 2 else again[-2] if len(again) > 1 else following + (not again)
        top = stack[-1] if stack else -1
        inside = first not in self.starts
        may = (
            (depth == 0 or (waiting > 1 and inside and first not in self.returned)) << _SHIFT
            | (depth > 0) << _REDUCE
            | (depth > 0 and waiting > 0 and inside) * (1 << _LEFT | 1 << _RIGHT)
            | (waiting > 1 and second == first + 1 and second not in self.starts) << _BREAK
        )
        children = self.right.get(top)
        return (
            may, first, second, top, stack[-2] if depth > 1 else -1, stack[-3] if depth > 2 else -1,
            self.left.get(first, -1), self.left.get(top, -1), children[-1] if children else -1,
        )  # fmt: skip

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
            if stack and word not in self.arcs:
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
        self.through = not stack and not again and self._is_through()
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
