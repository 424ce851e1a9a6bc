"""The tagger as a spaCy component: ``model.add_pipe("names")`` in place of ``ner``.

``config={"model": NAME}`` has another spaCy model find the names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extract.errors import ModelError
from extract.tagger.model import Name, tagger

NAME = "names"

# A spaCy model does not say how sure it is of a name: what it finds is as likely wrong as right.
UNKNOWN = 0.5

# What a spaCy model does besides finding names.
REST = ("parser", "senter", "tagger", "morphologizer", "attribute_ruler", "lemmatizer")

# Our labels under the names that readers of OntoNotes models know; MISC (peoples, events, laws, works) has none.
ONTONOTES = {"ORG": "ORG", "PER": "PERSON", "LOC": "GPE", "PROD": "PRODUCT", "MISC": "MISC"}

# How likely a name of ``doc.ents`` is right, 0 … 1.
Span.set_extension("confidence", default=None, force=True)


class Names:
    """Fills ``doc.ents``, widened to whole tokens, and ``ent._.confidence``.

    ``find`` takes the blocks of a document and gives the names of each. What goes through one call of ``model.pipe``
    counts as the blocks of one document.
    """

    def __init__(self, find: Callable[[Sequence[str]], Sequence[Sequence[Name]]]) -> None:
        self.find = find

    def __call__(self, doc: Doc) -> Doc:
        """A document of one block."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 0) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's signature
        """The blocks of one document, all read before the first is handed on."""
        docs = list(stream)
        for doc, names in zip(docs, self.find([doc.text for doc in docs]), strict=True):
            _fill(doc, names)
            yield doc


@Language.factory(NAME, default_config={"model": ""})
def make(nlp: Language, name: str, model: str) -> Names:  # noqa: ARG001 - spaCy's signature
    """The component; the model is loaded here, so that a damaged one is told of at once (ModelError)."""
    return Names(_of_spacy(model) if model else tagger().names)


def _of_spacy(model: str) -> Callable[[Sequence[str]], Sequence[Sequence[Name]]]:
    """What finds the names that a spaCy model, given by its name or folder, finds; it does not say how sure it is."""
    try:
        other = spacy.load(model, exclude=REST)
    except (OSError, ImportError, ValueError) as error:
        raise ModelError(f"spaCy model {model} cannot be loaded: {str(error).splitlines()[0]}") from error
    if not any("doc.ents" in other.get_pipe_meta(part).assigns for part in other.pipe_names):
        raise ModelError(f"spaCy model {model} finds no names: none of its components does")

    def find(blocks: Sequence[str]) -> list[list[Name]]:
        return [
            [Name(ent.start_char, ent.end_char, ent.label_, UNKNOWN) for ent in doc.ents] for doc in other.pipe(blocks)
        ]

    return find


def _fill(doc: Doc, names: Sequence[Name]) -> None:
    spans = []
    for name in names:
        span = doc.char_span(name.start, name.end, ONTONOTES.get(name.label, name.label), alignment_mode="expand")
        if span is not None:
            span._.confidence = name.confidence
            spans.append(span)
    doc.set_ents(filter_spans(spans))
