"""Vectors of tokens in their context: the model's first layers, where what they make of a word by itself is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

# So many words are kept, some 20 MB; when there are more, all are forgotten.
MOST = 1 << 15

# Always so many words are reckoned at once, so that how their numbers are rounded depends on no other word.
AT_ONCE = 32


class Encoder:
    """What ``trained`` gives, a component of spaCy that embeds words and then encodes them with their neighbours."""

    def __init__(self, trained: Any) -> None:  # noqa: ANN401 - spaCy's is not typed
        features, *self._layers = trained.model.get_ref("embed").layers
        self._columns = features.attrs["columns"]
        self._encode = trained.model.get_ref("encode")
        self._places: dict[bytes, int] = {}
        self._kept = np.empty((MOST, self._encode.get_dim("nO")), np.float32)

    def __call__(self, docs: Sequence[Doc]) -> None:
        """Set the vectors of the tokens of each, its ``tensor``; fewer than MOST tokens altogether."""
        features = np.concatenate([doc.to_array(self._columns) for doc in docs])
        bounds = np.cumsum([len(doc) for doc in docs])[:-1]
        for doc, encoded in zip(docs, self._encode.predict(np.split(self._embedded(features), bounds)), strict=True):
            doc.tensor = encoded

    def _embedded(self, features: NDArray[np.uint64]) -> NDArray[np.float32]:
        """The vector of each word by itself; two words of the same features are one."""
        words = features.view(f"V{features.strides[0]}").ravel().tolist()
        new = {word: place for place, word in enumerate(words) if word not in self._places}
        if len(self._places) + len(new) > MOST:
            self._places.clear()
            new = {word: place for place, word in enumerate(words)}
        self._learn(new, features)
        return self._kept[[self._places[word] for word in words]]

    def _learn(self, new: Mapping[bytes, int], features: NDArray[np.uint64]) -> None:
        """Keep the vectors of new words, each given with its row of ``features``."""
        rows = list(new.values())
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            given = np.zeros((AT_ONCE, features.shape[1]), np.uint64)
            given[: len(some)] = features[some]
            made = [given]
            for layer in self._layers:
                made = layer.predict(made)
            first = len(self._places) + start
            self._kept[first : first + len(some)] = made[0][: len(some)]
        self._places.update(zip(new, range(len(self._places), len(self._places) + len(new)), strict=True))
