"""Dates and times after TIMEX3: what was said (rules.py, compose.py), then which days it means (resolve.py)."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from extract.kinds.date import compose, dateline, rules
from extract.kinds.date.dateline import published
from extract.kinds.date.lexicon import lex
from extract.kinds.date.reference import reference
from extract.kinds.date.resolve import Resolver
from extract.model import Fact, Reading, Span

__all__ = ["FLAGS", "RULES", "published", "recognise"]

RULES: frozenset[str] = rules.RULES
FLAGS: Mapping[str, str] = {
    "unresolved-date": "The text does not say what day, month or year this is; the value is left empty.",
    "ambiguous-date": "More than one reading fits; the likelier one is given.",
    "inferred-date": "The text is undated: the year is taken from the dates it tells of.",
    "document-date-conflict": "The document's date lies far from the dates its text tells of; the text is followed.",
    "impossible-date": "No such day: not in the calendar, not that weekday, or a range that ends before it starts.",
    "after-publication": "Told as past, but later than the day the document was published.",
}


def _is_taken(span: Span, taken: Sequence[Span]) -> bool:
    """Whether a span overlaps one of ``taken``, which are in order and apart."""
    index = bisect_left(taken, span.end, key=lambda other: other.start)
    return index > 0 and taken[index - 1].overlaps(span)


def recognise(reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]:
    """The expressions of time in a document, each with its value as far as the text and its date give it."""
    lexed = lex(reading.text)
    header = dateline.header(reading.text)
    taken = [fact.span for fact in found if fact.kind in ("money", "percent")]
    items = [item for item in compose.read(lexed) if not _is_taken(item.said.span, taken)]
    day = reading.document.published
    world_day = header.world_day if header and header.day == day else day
    resolver = Resolver(lexed, reference(lexed, items, day, world_day, header.end if header else 0))
    resolver.learn(items)
    for item in items:
        value, flags, confidence = resolver.resolve(item)
        yield Fact(span=item.said.span, value=value, rule=item.said.rule, confidence=confidence, flags=flags)
