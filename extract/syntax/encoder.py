"""Vectors of tokens in their context: the model's first layers, where what they make of a word by itself is kept.

A word by itself is the sum of what its features stand for, and the first layer takes only sums of that. So what each
feature comes to in there is reckoned once, when the model is loaded.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import NumpyOps

# So many words are kept, some 20 MB; when there are more, all are forgotten.
MOST = 1 << 15

# Added to a variance, as by thinc.
_EPSILON = 1e-8


class Encoder:
    """What ``trained`` gives, a component of spaCy that embeds words and then encodes them with their neighbours."""

    def __init__(self, trained: Any) -> None:  # noqa: ANN401 - spaCy's is not typed
        embed, encode = trained.model.get_ref("embed"), trained.model.get_ref("encode")
        self._columns = embed.layers[0].attrs["columns"]
        self._ops = NumpyOps()
        tables = [layer for layer in embed.walk() if layer.name == "hashembed"]
        self._mix = _Maxout(embed)
        weights = np.split(self._mix.weights, len(tables))
        self._table = np.concatenate([table.get_param("E") @ some for table, some in zip(tables, weights, strict=True)])
        sizes = [table.get_dim("nV") for table in tables]
        starts = accumulate(sizes[:-1], initial=0)
        self._rows = [*zip((table.attrs["seed"] for table in tables), sizes, starts, strict=True)]
        self._layers = [_Maxout(layer) for layer in encode.layers[0].layers]
        self._apart = encode.attrs["pad"]
        self._places: dict[bytes, int] = {}
        self._kept = np.empty((MOST, encode.get_dim("nO")), np.float32)

    def __call__(self, docs: Sequence[Doc]) -> NDArray[np.float32]:
        """The vectors of all tokens; fewer than MOST.

        As in spaCy's model, so many rows of nothing stand between blocks that no word tells on one of another block.
        """
        features = np.concatenate([doc.to_array(self._columns) for doc in docs])
        apart = self._apart * np.arange(1, len(docs) + 1)
        places: NDArray[np.int64] = np.arange(len(features)) + np.repeat(apart, [len(doc) for doc in docs])
        room = len(features) + self._apart * (len(docs) + 1)
        vectors: NDArray[np.float32] = np.zeros((room, self._kept.shape[1]), np.float32)
        vectors[places] = self._embedded(features)
        for layer in self._layers:
            vectors[1:-1] += layer(np.hstack((vectors[:-2], vectors[1:-1], vectors[2:])) @ layer.weights)
        return vectors[places]

    def _embedded(self, features: NDArray[np.uint64]) -> NDArray[np.float32]:
        """The vector of each word by itself; two words of the same features are one."""
        words = features.view(f"V{features.strides[0]}").ravel().tolist()
        new = {word: place for place, word in enumerate(words) if word not in self._places}
        if len(self._places) + len(new) > MOST:
            self._places.clear()
            new = {word: place for place, word in enumerate(words)}
        if new:
            self._learn(new, features)
        return self._kept[[self._places[word] for word in words]]

    def _learn(self, new: Mapping[bytes, int], features: NDArray[np.uint64]) -> None:
        """Keep the vectors of new words, each given with its row of ``features``."""
        columns = np.ascontiguousarray(features[list(new.values())].T)
        hashed = zip(columns, self._rows, strict=True)
        rows = np.hstack([self._ops.hash(column, seed) % size + start for column, (seed, size, start) in hashed])
        first = len(self._places)
        self._kept[first : first + len(new)] = self._mix(self._ops.gather_add(self._table, rows))
        self._places.update(zip(new, range(first, first + len(new)), strict=True))


class _Maxout:
    """The greatest of some sums in each place, normed: thinc's Maxout and LayerNorm, the only ones in ``trained``."""

    def __init__(self, trained: Any) -> None:  # noqa: ANN401 - thinc's is not typed
        named = {layer.name: layer for layer in trained.walk()}
        weights = named["maxout"].get_param("W")  # width, pieces, width of what is given
        self.weights = weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)
        self._bias = named["maxout"].get_param("b").T.reshape(-1)
        self._gain, self._shift = (named["layernorm"].get_param(name) for name in "Gb")

    def __call__(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of what is given, multiplied by the weights; ``sums`` are written over."""
        sums += self._bias
        best: NDArray[np.float32] = reduce(np.maximum, sums.reshape(len(sums), -1, len(self._gain)).swapaxes(0, 1))
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best)[:, None] / len(self._gain)
        best /= np.sqrt(variance + _EPSILON)
        best *= self._gain
        best += self._shift
        return best
