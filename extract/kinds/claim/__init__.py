"""Claims: who says what happened, to whom, how much, when, and how surely.

``clauses`` reads propositions off the parse, ``frames`` tells their type, ``subjects`` who they are about,
``attribution`` who says so and ``modality`` how surely; ``propositions`` puts a sentence's claims together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from extract.kinds.claim.attribution import quoted
from extract.kinds.claim.clauses import Tree, within
from extract.kinds.claim.frames import OTHER, frames
from extract.kinds.claim.propositions import MOST_CLAIMS, Proposition, body, date_of, figure_of, inside, propositions
from extract.kinds.claim.subjects import NOBODY, Cast
from extract.kinds.claim.worth import confidence
from extract.model import Claim, Fact, Flag, Reading, Span

RULES: frozenset[str] = frozenset({frame.name for frame in frames()} | {OTHER.name})
FLAGS: Mapping[str, str] = {
    "unresolved-subject": "the claim's subject is a pronoun or a description that could not be told to be anyone named",
    "weak-claim": "it is doubtful that the sentence states a checkable fact, or what sort of fact it is",
}

# A claim below this confidence carries a flag; a proposition below LEAST is no claim.
DOUBTFUL = 0.6
LEAST = 0.4


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """The claims of a document, sentence by sentence, at most MOST_CLAIMS in each."""
    for span, made in read_sentences(reading, found):
        yield from _claims(span, made)


def read_sentences(reading: Reading, found: Sequence[Fact]) -> Iterator[tuple[Span, list[Proposition]]]:
    """The propositions of every sentence, claims or not, with the span a claim of it has."""
    cast = Cast(reading, [fact for fact in found if fact.kind == "organisation"])
    spans = [body(reading.text, sentence.span) for sentence in reading.sentences]
    trees = [Tree(within(*pair)) for pair in zip(reading.sentences, spans, strict=True)]
    in_quotes = quoted(reading.text, reading.sentences)
    for index, (span, tree) in enumerate(zip(spans, trees, strict=True)):
        said_by = cast.quoting(trees, in_quotes, index) if in_quotes[index] else NOBODY
        yield span, list(propositions(tree, cast, inside(found, span), said_by))


def _claims(span: Span, made: Sequence[Proposition]) -> Iterator[Fact]:
    worthy = [(confidence(one.points), one) for one in made if one.subject.text]
    worthy = sorted((pair for pair in worthy if pair[0] >= LEAST), key=lambda pair: -pair[0])[:MOST_CLAIMS]
    worthy.sort(key=lambda pair: pair[1].clause.head)
    for ordinal, (sure, one) in enumerate(worthy):
        flags = []
        if one.subject.sort == "unresolved":
            flags.append(Flag("unresolved-subject", one.subject.text))
        if sure < DOUBTFUL or one.frame is OTHER:
            flags.append(Flag("weak-claim", one.frame.name))
        claim = Claim(
            type=one.type,
            subject=one.subject.text,
            object=one.object,
            modality=one.modality,
            source=one.source,
            figure=figure_of(one.figure),
            date=date_of(one.date),
            parts=tuple(fact.key for fact in one.parts if fact.kind != "organisation"),
            ordinal=ordinal,
        )
        yield Fact(span=span, value=claim, rule=one.frame.name, confidence=round(sure, 2), flags=tuple(flags))
