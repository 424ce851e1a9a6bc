"""The language model's own reading of a text, tags and parse and lemmas, reckoned faster than by its own code."""

from collections.abc import Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

from extract.syntax.encoder import Encoder
from extract.syntax.parser import Parser
from extract.syntax.words import Word as Word
from extract.syntax.words import Words

# The components of the model that are used here, which it need not run itself.
COMPONENTS = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer")

# So many tokens, or one longer block, are read together: a story, and what fits the processor's cache.
TOGETHER = 2048


class Syntax:
    """What the COMPONENTS of ``model`` say of a text. On one thread; the same blocks always give the same."""

    def __init__(self, model: Language) -> None:
        encoder, self._tagger, parser = (_faster(model.get_pipe(name)) for name in COMPONENTS[:3])
        self._encode, self._parse = Encoder(encoder), Parser(model.vocab, parser)
        self._words = Words(model)
        self._threads = ThreadpoolController()

    def read(self, docs: Sequence[Doc]) -> Iterator[tuple[Doc, list[Word]]]:
        """Tag and parse the blocks of one document; each comes with its words, one for each token."""
        for group in _groups(docs):
            with self._threads.limit(limits=1, user_api="blas"):
                self._encode(group)
                self._tagger.set_annotations(group, self._tagger.predict(group))
                self._parse(group)
            yield from ((doc, self._words(doc)) for doc in group)


def _faster(trained: Any) -> Any:  # noqa: ANN401 - spaCy's is not typed
    """A component that multiplies by numpy's BLAS, which is made for more processors than thinc's own."""
    for layer in trained.model.walk():
        layer.ops = NumpyOps(use_blis=False)
    return trained


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
