"""From the names that the tagger found to mentions of organisations: where each ends, how sure it is, whose it is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from extract.kinds.data import data
from extract.kinds.organisation.aliases import Identity, identify
from extract.kinds.organisation.names import LEGAL, LISTED, NAMES, PLATFORMS, fold, plausible, trimmed, unglued
from extract.model import Fact, Flag, Organisation, Reading, Span

# A mention that is at least so likely right carries no flag.
SURE = 0.85
# Of those that the rules add, so many are right (measured on news that they were not written on).
PLACE_AND_HEAD = 0.85
LISTED_NAME = 0.6

# The flag of a canonical name that is a guess.
GUESSED = "guessed-identity"
RULES = frozenset({"tagged-name", "place-and-head", "listed-name", "glued-name"})
FLAGS: Mapping[str, str] = {
    "doubtful-organisation": "The name may not be an organisation, or may not end where the quote does.",
    "glued-text": "The name is run together with a neighbouring word; the quote is the part that is the name.",
    GUESSED: "The canonical name is guessed from a likeness of spelling or a short form.",
}

# What each sign adds to the log odds that a tagged name is right.
_WEIGHTS: Mapping[str, float] = data(__package__, "signs.toml")
# The tagger's own figure counts no nearer to 0 and 1.
_NEAREST = 0.005

_HEAD = re.compile(rf"\s{{1,2}}(?:{'|'.join(NAMES['small_heads'])})\b")
# A listed name that is not also that of the service people use.
_COMPANIES = frozenset(LISTED) - PLATFORMS - frozenset(NAMES["products"]) - frozenset(NAMES["ambiguous"])


class Mention(NamedTuple):
    """A name: where it stands, how likely it is right, and the rule that says so."""

    span: Span
    likely: float
    rule: str

    @property
    def is_believed(self) -> bool:
        """Whether the tagger holds it for rather right than wrong, so that other signs can make it surer."""
        return self.rule == "tagged-name" and self.likely > 0.5


def recognise(reading: Reading, found: Sequence[Fact]) -> list[Fact]:  # noqa: ARG001
    """The organisations of a document in order of place, each mention with its canonical name; none overlap."""
    mentions = mentions_of(reading)
    names = [fold(reading.text[slice(*mention.span)]) for mention in mentions]
    identities = identify(names, reading.aliases)
    return [
        _fact(mention, signs, identities[name])
        for mention, signs, name in zip(mentions, signs_of(mentions, names), names, strict=True)
    ]


def mentions_of(reading: Reading) -> list[Mention]:
    """The mentions in order of place, as likely as the tagger or a rule by itself says."""
    return list(_whole_again(reading.text, list(_mentions(reading))))


def signs_of(mentions: Sequence[Mention], names: Sequence[str]) -> list[dict[str, float]]:
    """What speaks for each mention, given their names: how sure the tagger is, and what the name looks like.

    A name that the document has again, or has in a longer form too, is seldom a slip.
    """
    counts = Counter(names)
    starts = {" ".join(words[:size]) for words in map(str.split, counts) for size in range(1, len(words))}
    return [
        {
            "always": 1.0,
            "tagger": _log_odds(min(max(mention.likely, _NEAREST), 1 - _NEAREST)),
            "listed": float(name in LISTED),
            "legal form": float(" " in name and name.split()[-1].strip(".,") in LEGAL),
            "mentions": log(counts[name]),
            "begins a longer name": float(name in starts),
        }
        for mention, name in zip(mentions, names, strict=True)
    ]


def _log_odds(likely: float) -> float:
    return log(likely / (1 - likely))


def _mentions(reading: Reading) -> Iterator[Mention]:
    """The tagged names that are organisations, alone or with what follows."""
    for entity in reading.entities:
        if entity.label in ("GPE", "MISC") and (head := _HEAD.match(reading.text, entity.span.end)):
            yield Mention(Span(entity.span.start, head.end()), PLACE_AND_HEAD, "place-and-head")
            continue
        span = trimmed(reading.text, entity.span) if entity.label in ("ORG", "PRODUCT") else None
        name = fold(reading.text[slice(*span)]) if span else ""
        if span is None or not plausible(name):
            continue
        if entity.label == "ORG":
            yield Mention(span, entity.confidence, "tagged-name")
        elif name in _COMPANIES:
            yield Mention(span, LISTED_NAME, "listed-name")


def _whole_again(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """The mentions, each parted where it lost a space beside a name known to the world or to the document.

    What the document writes in one word twice is meant so.
    """
    counts = Counter(fold(text[slice(*mention.span)]) for mention in mentions)
    famous = LISTED.keys() | PLATFORMS
    known = famous | counts.keys()
    settled = famous | {name for name, count in counts.items() if count > 1}
    for mention in mentions:
        parts = list(unglued(text, mention.span, known, settled))
        yield from (mention._replace(span=part, rule="glued-name") for part in parts)
        if not parts:
            yield mention


def _fact(mention: Mention, signs: Mapping[str, float], identity: Identity) -> Fact:
    likely = mention.likely
    if mention.is_believed:
        likely = 1 / (1 + exp(-sum(_WEIGHTS[sign] * value for sign, value in signs.items())))
    flags = []
    if mention.rule == "glued-name":
        flags.append(Flag("glued-text", "a space is missing beside the name"))
    if likely < SURE:
        flags.append(Flag("doubtful-organisation", f"confidence {likely:.2f}"))
    if identity.guess:
        flags.append(Flag(GUESSED, identity.guess))
    return Fact(
        span=mention.span,
        value=Organisation(identity.name),
        rule=mention.rule,
        confidence=round(likely, 2),
        flags=tuple(flags),
    )
