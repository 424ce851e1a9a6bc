"""Claims: who says what happened, to whom, how much, when, and how surely.

``clauses`` reads propositions off the parse, ``frames`` tells their type, ``subjects`` and, where these name nobody,
``candidates`` who they are about,
``attribution`` who says so and ``modality`` how surely; ``propositions`` puts a sentence's claims together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from extract.kinds.claim.attribution import quoted, sentence_speaker
from extract.kinds.claim.clauses import Tree, within
from extract.kinds.claim.frames import OTHER, frames
from extract.kinds.claim.propositions import MOST_CLAIMS, Proposition, body, date_of, figure_of, inside, propositions
from extract.kinds.claim.subjects import NOBODY, Cast
from extract.kinds.claim.worth import points, probability
from extract.model import Claim, Fact, Flag, Reading, Span

RULES: frozenset[str] = frozenset({frame.name for frame in frames()} | {OTHER.name})
FLAGS: Mapping[str, str] = {
    "unresolved-subject": "The claim's subject is a pronoun or description that could not be told to be anyone named.",
    "inferred-subject": "The claim's subject is not named in its clause but taken from what went before.",
    "weak-claim": "It is doubtful that this is a checkable fact, or that its type, subject or modality is right.",
}

# A text in which so many sentences name a speaker reports rather than muses.
REPORTING = 0.15
# A text in which fewer sentences than this hold a fact is sparse.
SPARSE = 0.6
# A subject in words of the text is flagged when it is less likely than this that the claim is about just that.
UNRESOLVED = 0.5
# The worthiest proposition of a sentence is a claim from FIRST on, the others from FURTHER on; a claim whose trust is
# below DOUBTFUL carries a flag.
FIRST = 0.36
FURTHER = 0.5
DOUBTFUL = 0.75


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """The claims of a document, sentence by sentence, at most MOST_CLAIMS in each."""
    manner, sentences = read(reading, found)
    for span, made in sentences:
        yield from _claims(span, [(one, points(one, manner)) for one in made if one.subject.text])


def read(reading: Reading, found: Sequence[Fact]) -> tuple[frozenset[str], Iterator[tuple[Span, list[Proposition]]]]:
    """How the text tells, and the propositions of every sentence, claims or not, with the span of its claims.

    "reporting": it reports rather than muses; "sparse": many of its sentences hold no fact.
    """
    spans = [body(reading.text, sentence.span) for sentence in reading.sentences]
    trees = [Tree(within(*pair)) for pair in zip(reading.sentences, spans, strict=True)]
    speaking = sum(sentence_speaker(tree) is not None for tree in trees)
    facts = [inside(found, span) for span in spans]
    telling = sum(map(bool, facts))
    holds = {"reporting": speaking >= REPORTING * len(trees), "sparse": telling < SPARSE * len(trees)}
    manner = frozenset(name for name, true in holds.items() if true)
    return manner, _sentences(reading, found, spans, trees, facts)


def _sentences(
    reading: Reading,
    found: Sequence[Fact],
    spans: Sequence[Span],
    trees: Sequence[Tree],
    facts: Sequence[Sequence[Fact]],
) -> Iterator[tuple[Span, list[Proposition]]]:
    organisations, dates = ([fact for fact in found if fact.kind == kind] for kind in ("organisation", "date"))
    cast = Cast(reading, organisations, dates)
    in_quotes = quoted(reading.text, reading.sentences)
    for index, (span, tree, here) in enumerate(zip(spans, trees, facts, strict=True)):
        if span.start == span.end or tree.tokens[-1].text == "?":  # a question claims nothing
            continue
        said_by = cast.quoting(trees, in_quotes, index) if in_quotes[index] else NOBODY
        yield span, list(propositions(tree, cast, here, said_by))


def _claims(span: Span, made: Sequence[tuple[Proposition, frozenset[str]]]) -> Iterator[Fact]:
    """The worthiest propositions of a sentence as facts, in the order of their predicates."""
    weighed = [(probability("worth", for_and_against), one, for_and_against) for one, for_and_against in made]
    weighed.sort(key=lambda entry: (-entry[0], entry[1].clause.head))
    kept = [
        (one, probability("trust", for_and_against))
        for place, (worth, one, for_and_against) in enumerate(weighed[:MOST_CLAIMS])
        if worth >= (FURTHER if place else FIRST)
    ]
    for ordinal, (one, trust) in enumerate(sorted(_distinct(kept), key=lambda pair: pair[0].clause.head)):
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
        yield Fact(
            span=span, value=claim, rule=one.frame.name, confidence=round(trust, 2), flags=tuple(_flags(one, trust))
        )


def _distinct(kept: Sequence[tuple[Proposition, float]]) -> Iterator[tuple[Proposition, float]]:
    """All but those that say no more than a worthier one: the same type of the same subject, without a figure."""
    said: set[tuple[str, str]] = set()
    for one, trust in kept:
        if one.figure is not None or (one.type, one.subject.text) not in said:
            yield one, trust
        said.add((one.type, one.subject.text))


def _flags(one: Proposition, trust: float) -> Iterator[Flag]:
    if one.subject.sort == "unresolved" or (one.subject.sort == "words" and one.likely < UNRESOLVED):
        yield Flag("unresolved-subject", f"who is {one.subject.text!r}?")
    elif one.subject.inferred:
        yield Flag("inferred-subject", f"{one.subject.text} is not named in the sentence's subject")
    if trust < DOUBTFUL:
        yield Flag("weak-claim", f"{one.frame.name}: type, subject or modality may be otherwise")
