"""The language model's own reading of a text, tags and parse and lemmas, reckoned faster than by its own code."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import ThreadpoolController

from extract.syntax.encoder import Encoder
from extract.syntax.parser import Parser
from extract.syntax.words import Word as Word
from extract.syntax.words import Words

# The components of the model that are used here, which it need not run itself.
COMPONENTS = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")

# So many tokens, or one longer block, are read together: a story, and what fits the processor's cache.
TOGETHER = 2048


class Parsed(NamedTuple):
    """A block's tokens as words, the head of each (its own place for a root), and the places where sentences begin."""

    words: list[Word]
    heads: list[int]
    begins: list[int]


class Syntax:
    """What the COMPONENTS of ``model`` say of a text. On one thread; the same blocks always give the same."""

    def __init__(self, model: Language) -> None:
        encoder, tagger, parser = (cast(Any, model.get_pipe(name)) for name in COMPONENTS[:3])
        (choice,) = [layer for layer in tagger.model.walk() if layer.name == "softmax"]
        self._weights, self._bias = choice.get_param("W").T.copy(), choice.get_param("b")
        self._tags = np.array([model.vocab.strings.add(tag) for tag in tagger.labels], np.uint64)
        self._encode, self._parse = Encoder(encoder), Parser(model.vocab, parser)
        self._words = Words(model)
        self._threads = ThreadpoolController()

    def read(self, docs: Sequence[Doc]) -> Iterator[Parsed]:
        """Tag and parse the blocks of one document."""
        for group in _groups(docs):
            with self._threads.limit(limits=1, user_api="blas"):
                vectors = self._encode(group)
                tags = self._tags[(vectors @ self._weights + self._bias).argmax(axis=1)]
                trees = self._parse(group, vectors, tags)
            bounds = np.cumsum([len(doc) for doc in group])[:-1]
            for doc, own, (heads, labels, begins) in zip(group, np.split(tags, bounds), trees, strict=True):
                yield Parsed(self._words(doc.to_array("ORTH").tolist(), own.tolist(), labels), heads, begins)


def _groups(docs: Sequence[Doc]) -> Iterator[list[Doc]]:
    group: list[Doc] = []
    size = 0
    for doc in docs:
        if group and size + len(doc) > TOGETHER:
            yield group
            group, size = [], 0
        group.append(doc)
        size += len(doc)
    if group:
        yield group
