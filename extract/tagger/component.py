"""The tagger as a spaCy component: ``model.add_pipe("names")`` in place of ``ner``."""

from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extract.tagger.model import Name, tagger

NAME = "names"

# Our labels under the names that readers of OntoNotes models know; MISC (peoples, events, laws, works) has none.
ONTONOTES = {"ORG": "ORG", "PER": "PERSON", "LOC": "GPE", "PROD": "PRODUCT", "MISC": "MISC"}

# How likely a name of ``doc.ents`` is right, 0 … 1.
Span.set_extension("confidence", default=None, force=True)


class Names:
    """Fills ``doc.ents``, widened to whole tokens, and ``ent._.confidence``.

    What goes through one call of ``model.pipe`` counts as the blocks of one document.
    """

    def __call__(self, doc: Doc) -> Doc:
        """A document of one block."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 0) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's signature
        """The blocks of one document, all read before the first is handed on."""
        docs = list(stream)
        for doc, names in zip(docs, tagger().names([doc.text for doc in docs]), strict=True):
            _fill(doc, names)
            yield doc


@Language.factory(NAME)
def make(nlp: Language, name: str) -> Names:  # noqa: ARG001 - spaCy's signature
    """The component; the model is loaded here, so that a damaged one is told of at once (ModelError)."""
    tagger()
    return Names()


def _fill(doc: Doc, names: Sequence[Name]) -> None:
    spans = []
    for name in names:
        span = doc.char_span(name.start, name.end, ONTONOTES[name.label], alignment_mode="expand")
        if span is not None:
            span._.confidence = name.confidence
            spans.append(span)
    doc.set_ents(filter_spans(spans))
