"""From candidates and their evidence to mentions: the likeliest of those that overlap, and how sure it is."""

from collections.abc import Mapping, Sequence

from extract.kinds.organisation.aliases import Identity, identify
from extract.kinds.organisation.candidates import Candidate, candidates, is_glued
from extract.kinds.organisation.evidence import weigh
from extract.model import Fact, Flag, Organisation, Reading

# At least this likely to be told at all, and to be told without a flag: where news held out from the weights has 3 % of
# silent errors. News that they were fitted to would do with less, but other texts are harder than either.
LIKELY = 0.4
SURE = 0.9

# The rule is named after the first of these that speaks for the mention.
_RULES: Mapping[str, tuple[str, ...]] = {
    "legal-form": ("legal form",),
    "listed-name": ("listed",),
    "institution": ("head of", "strong head", "weak head"),
    "acronym": ("acronym of a name",),
    "short-form": ("beginning of a firm name",),
    "tagged-name": ("tag ORG",),
}
RULES = frozenset({*_RULES, "used-as-organisation"})
# The flag of a canonical name that is a guess.
GUESSED = "guessed-identity"
FLAGS = {
    "doubtful-organisation": "The name may not be an organisation, or may not end where the quote does.",
    "glued-text": "The name is run together with a neighbouring word; the quote is the part that is the name.",
    GUESSED: "The canonical name is guessed from a likeness of spelling or a short form.",
}


def recognise(reading: Reading, found: Sequence[Fact]) -> list[Fact]:  # noqa: ARG001
    """The organisations of a document, each mention with its canonical name; none overlap."""
    at = candidates(reading)
    weighed = weigh(reading, at)
    chosen = _choose(at, [likely for _, likely in weighed])
    identities = identify([at[i].key for i in chosen], reading.aliases)
    return [_fact(reading.text, at[i], *weighed[i], identities[at[i].key]) for i in chosen]


def _choose(at: Sequence[Candidate], chances: Sequence[float]) -> list[int]:
    """The likeliest candidates that do not overlap, in order of place; of equals the longer."""
    order = sorted(
        (i for i, likely in enumerate(chances) if likely >= LIKELY),
        key=lambda i: (-chances[i], at[i].span.start - at[i].span.end, at[i].span),
    )
    taken: set[int] = set()
    chosen = []
    for i in order:
        place = range(*at[i].span)
        if taken.isdisjoint(place):
            taken.update(place)
            chosen.append(i)
    return sorted(chosen)


def _fact(text: str, candidate: Candidate, evidence: Mapping[str, float], likely: float, identity: Identity) -> Fact:
    rule = next(
        (name for name, signs in _RULES.items() if any(sign in evidence for sign in signs)), "used-as-organisation"
    )
    flags = []
    if is_glued(text, candidate.span):
        flags.append(Flag("glued-text", "a space is missing beside the name"))
    if likely < SURE:
        flags.append(Flag("doubtful-organisation", f"confidence {likely:.2f}"))
    if identity.guess:
        flags.append(Flag(GUESSED, identity.guess))
    return Fact(
        span=candidate.span,
        value=Organisation(identity.name),
        rule=rule,
        confidence=round(likely, 2),
        flags=tuple(flags),
    )
