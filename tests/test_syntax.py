"""The model's tags, parse and lemmas are those of its own code, whatever else was read before."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from extract import language
from extract.model import Document, Token
from extract.syntax import COMPONENTS
from extract.syntax.encoder import Encoder

KINDS = Path(language.__file__).parent / "kinds"
EXAMPLES = {
    f"{file.parent.name}-{number}": example["text"]
    for file in sorted(KINDS.glob("*/examples.toml"))
    for number, example in enumerate(tomllib.loads(file.read_text("utf-8"))["example"])
}
PROSE = """There's no doubt that it ain't over: "Let's sell," she said. (They did.) Gotta go, y'all!

- I'd've gone, but he can't.  The firms' results, it says, weren't
what the board had told them of which they do not speak. Who did what to whom?

SHARES OF ACME UP 5% AFTER U.S. RULING No. 3 ... and so on; e.g. at 10 a.m. in St. Mary's"""


@cache
def plain() -> Language:
    """The model as spaCy runs it."""
    model: Language = language.installed().load(exclude=["ner"])
    return model


def tokens(doc: Doc, start: int) -> list[Token]:
    """The tokens of a block of a document as spaCy's own code reads it."""
    found = []
    for sentence in doc.sents:
        words = [token for token in sentence if not token.is_space]
        place = {token.i: index for index, token in enumerate(words)}
        for index, token in enumerate(words):
            begin = start + token.idx
            head = place.get(token.head.i, index)
            told = token.text, token.lemma_, token.pos_, token.tag_, token.dep_, head
            found.append(Token(begin, begin + len(token), *told))
    return found


@pytest.mark.parametrize("text", [PROSE, "\n\n".join(EXAMPLES.values()), "", "a", "?!", "x " * 3000, "The end. " * 900])
def test_what_is_read_is_what_spacy_reads(text: str) -> None:
    read = [token for sentence in language.read(Document("a.txt", text)).sentences for token in sentence.tokens]
    spans = language.blocks(text)
    assert read == [token for span in spans for token in tokens(plain()(text[span.start : span.end]), span.start)]


def test_what_was_read_before_changes_no_bit() -> None:
    model, layers = language.installed().load(exclude=["ner"], disable=COMPONENTS), plain().get_pipe("tok2vec")
    docs = [model.make_doc(text) for text in list(EXAMPLES.values())[:200]]
    fresh = [Encoder(layers)([doc]) for doc in docs[:5]]
    used = Encoder(layers)
    for doc in reversed(docs):
        assert len(used([doc])) == len(doc)
    assert [used([doc]).tobytes() for doc in docs[:5]] == [vectors.tobytes() for vectors in fresh]


def test_words_are_forgotten_before_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    model = language.installed().load(exclude=["ner"], disable=COMPONENTS)
    text = "Acme Corp. bought Bolt, a maker of chairs."
    first = Encoder(plain().get_pipe("tok2vec"))([model.make_doc(text)])
    monkeypatch.setattr("extract.syntax.encoder.MOST", 12)
    encode = Encoder(plain().get_pipe("tok2vec"))
    for before in ("Acme Corp. bought Bolt.", "Ruritania exported few chairs."):
        encode([model.make_doc(before)])
    assert np.array_equal(first, encode([model.make_doc(text)]))


def test_a_model_that_has_met_too_many_forms_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document("a.txt", PROSE)
    before, model = language.read(document), language.load()
    monkeypatch.setattr(language, "MOST_STRINGS", 0)
    assert language.read(document) == before
    assert language.load() is not model
