"""Propositions: the claims of one sentence, from its clauses, the facts in them and who is on stage."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.kinds.claim.attribution import sentence_speaker, speaker
from extract.kinds.claim.candidates import Candidate, candidates, elect
from extract.kinds.claim.clauses import Clause, Colouring, Tree, clauses, superlative
from extract.kinds.claim.cues import words
from extract.kinds.claim.frames import Frame, Words, match
from extract.kinds.claim.modality import modality
from extract.kinds.claim.phrases import phrase
from extract.kinds.claim.subjects import NOBODY, Cast, Name
from extract.model import Amount, ClaimType, DateValue, Fact, Modality, Span

# A sentence holds at most this many claims (guidelines), and one of more tokens than this is no prose.
MOST_CLAIMS = 4
LONGEST_SENTENCE = 250
COUNTERPARTY = (
    "acquisition",
    "investment",
    "ownership",
    "partnership",
    "personnel",
)  # the object is rather whose thing it is
CLEAR = 3.0  # a frame that tells as much shows what a story is about

_SORTS = {"organisation": "ORGANISATION", "person": "PERSON", "place": "GPE"}

# "- ", "• ", "1. " before, and "LONDON (Agency) - " after it; at most a line.
_LEAD = re.compile(
    r"(?:[-–—•*·▪]+\s+|\(?\d{1,2}[.)]\s+)?+(?:(?:[A-Z][^()\n]{0,60})?\([A-Z][\w ]{1,20}\)\s{0,3}[-–—]+\s*)?+"
)
_CREDIT = re.compile(r"\((?:additional )?(?:report|edit|writ|compil)ing by\b", re.IGNORECASE)
_TAIL = re.compile(r"\s+[-–—]+(?=\s|$)[-–—\s]*$")


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim in the making: its slots, and the facts in it.

    ``strength``: how much its frame tells (frames.py); ``likely``: how likely the subject is among ``lineup``, those it
    might be (candidates.py), 1 where it is named in its slot.
    """

    clause: Clause
    frame: Frame
    strength: float
    type: ClaimType
    subject: Name
    object: str
    modality: Modality
    source: str
    figure: Fact | None
    date: Fact | None
    parts: Sequence[Fact]
    likely: float
    lineup: Sequence[Candidate]


def body(text: str, span: Span) -> Span:
    """The sentence without bullet mark, dateline and credits, and without what is left of the next line's bullet.

    Empty where nothing else is there.
    """
    start = _LEAD.match(text, *span)
    begin = start.end() if start and start.end() < span.end else span.start
    credit = _CREDIT.search(text, begin, span.end)
    end = begin + len(text[begin : credit.start()].rstrip()) if credit else span.end
    tail = _TAIL.search(text, max(begin, end - 40), end)
    return Span(begin, tail.start() if tail else end)


@cache
def colouring() -> Colouring:
    """The word lists that tell which predicates only colour others."""
    return Colouring(
        verbs=words("colour", "verbs"),
        speech=words("speech", "verbs"),
        adjectives=words("colour", "adjectives"),
        nouns=words("colour", "nouns"),
        ways=words("colour", "ways"),
        light=words("colour", "light"),
        kin=words("colour", "kin"),
        deeds=words("colour", "deeds"),
    )


def propositions(tree: Tree, cast: Cast, facts: Sequence[Fact], quoted_by: Name) -> Iterator[Proposition]:
    """All propositions of a sentence, claims or not. ``facts`` are those inside it; ``quoted_by`` speaks it."""
    if len(tree.tokens) > LONGEST_SENTENCE:
        return
    cast.meet(tree)
    placed = [(tree.at(fact.span.start), fact) for fact in facts]
    subjects: list[Name] = []
    for clause in clauses(tree, colouring()):
        index = speaker(clause)
        said_by = cast.names(tree, index) if index is not None else quoted_by
        if index is not None and index < clause.head:
            cast.mention(said_by)
        place = clause.own | _price(clause)
        own = [fact for index, fact in placed if index in place]
        made = [_proposition(part, cast, share, said_by) for part, share in _measures(clause, own)]
        yield from made
        subjects.append(made[0].subject)
        if made[0].strength >= CLEAR:
            cast.topics[made[0].frame.type] += 1
        if not clause.relative:
            cast.mention(made[0].subject)
    index = sentence_speaker(tree)
    cast.note(subjects, cast.name(tree, index) if index is not None else NOBODY)


def _price(clause: Clause) -> frozenset[int]:
    """The tokens that say what was paid for the deed: "spent 5 million on buying", "paid 5 million to buy"."""
    tree = clause.tree
    above = clause.token.head
    if clause.token.dep == "pcomp":
        above = tree.tokens[above].head
    told = clause.token.dep in ("pcomp", "advcl", "xcomp") and tree.tokens[above].lemma in words("reference", "paying")
    price = tree.child(above, "dobj") if told else None
    return frozenset(tree.under(price)) if price is not None else frozenset()


def _measures(clause: Clause, facts: Sequence[Fact]) -> list[tuple[Clause, Sequence[Fact]]]:
    """The clause once for each of its coordinated objects that has a figure of its own, with the facts of each.

    "Revenue of 5 million and profit of 2 million, up 8% and 3% respectively" is two propositions; what further
    figures there are as many of as objects go to these one by one, the dates to all.
    """
    tree = clause.tree
    figures = [fact for fact in facts if isinstance(fact.value, Amount)]
    if clause.patient is None or len(figures) < 2:
        return [(clause, facts)]
    items = tree.conjuncts(clause.patient)
    owned = [[fact for fact in figures if tree.at(fact.span.start) in tree.under(item, items)] for item in items]
    shown = [(item, own) for item, own in zip(items, owned, strict=True) if own and tree.tokens[item].pos != "NUM"]
    if len(shown) < 2 or any(_is_unit(tree, item) for item, _ in shown):
        return [(clause, facts)]
    taken = [fact for _, own in shown for fact in own]
    left = [fact for fact in figures if fact not in taken]
    others = [fact for fact in facts if fact not in figures]
    paired = left if len(left) == len(shown) else []
    return [
        (clause._replace(patient=item), [*own, *paired[place : place + 1], *others])
        for place, (item, own) in enumerate(shown)
    ]


def _proposition(clause: Clause, cast: Cast, facts: Sequence[Fact], said_by: Name) -> Proposition:
    tree = clause.tree
    speaking = cast.organisation_of(said_by)
    agent = cast.names(tree, clause.agent, speaking)
    acting = agent.text if agent.sort == "organisation" else speaking
    patient = cast.names(tree, clause.patient, acting)
    if clause.verb in words("speech", "expecting") and clause.patient is not None and not said_by.text:
        said_by, agent, patient = agent, *_expected(clause, clause.patient, cast, agent)
    described = clause.apposition or (patient.inferred and patient.text == agent.text and not patient.thing)
    if described and clause.patient is not None:
        patient = Name(phrase(tree, clause.patient), "words")
    figures = [fact for fact in facts if isinstance(fact.value, Amount)]
    frame, strength = match(_words(clause, agent, patient, figures), cast.topics)
    patient_first = frame.subject == "patient" or (frame.subject == "grammatical" and clause.passive)
    subject, other = (patient, agent) if patient_first else (agent, patient)
    if frame.subject == "possessor" and clause.patient is not None:
        subject, other = cast.owner(tree, clause.patient), agent
    if not subject.text:
        subject, other = other, subject
    subject, other = _taken(clause, frame, cast, agent, patient) or (subject, other)
    lineup = candidates(clause, frame, cast, subject, other, said_by)
    elected, likely = elect(lineup) if lineup else (subject, 1.0)
    if elected.text != subject.text:
        subject, other = elected, subject if elected.text == other.text else other
    if clause.verb in words("speech", "stating") and not said_by.text:
        said_by = agent
    how = modality(clause, attributed=bool(said_by.text), outlook=frame.type == "forecast")
    type_ = _topical(frame.type, how, bool(figures))
    dates = [
        fact
        for fact in facts
        if isinstance(fact.value, DateValue) and fact.value.timex in ("DATE", "TIME") and fact.value.value
    ]
    return Proposition(
        clause=clause, frame=frame, strength=strength, type=type_, subject=subject,
        object=_object(clause, frame, cast, subject, other, facts), modality=how, source=said_by.text,
        figure=_main(clause, figures), date=next(iter(dates), None), parts=facts,
        likely=likely, lineup=lineup,
    )  # fmt: skip


def _taken(clause: Clause, frame: Frame, cast: Cast, agent: Name, patient: Name) -> tuple[Name, Name] | None:
    """Who takes a thing, and what or from whom, where the frame is about that: "sold its unit to Acme".

    None where no organisation or person is named as taking it.
    """
    tree = clause.tree
    for index in sorted(clause.own) if frame.takers else ():
        preposition, inner = tree.texts[index], tree.child(index, "pobj")
        if tree.deps[index] == "dative" and inner is None:
            preposition, inner = "to", index
        if index < clause.head or inner is None or f"{clause.verb} {preposition}" not in frame.takers:
            continue
        taker = cast.names(tree, inner)
        if taker.sort in ("organisation", "person") and not taker.thing:
            thing = Name(patient.thing, "words") if patient.thing else patient
            return taker, agent if preposition == "from" or thing.sort == "unresolved" else thing
    return None


def _expected(clause: Clause, patient: int, cast: Cast, agent: Name) -> tuple[Name, Name]:
    """Subject and object of "analysts forecast a rise of 5 percent in output": what is expected, and of whom."""
    tree = clause.tree
    moving = tree.lemmas[patient] in words("reference", "movements")
    about = cast.name(tree, patient, agent.text if agent.sort == "organisation" else "")
    mover = _mover(tree, patient) if moving else None
    if mover is not None:
        about = cast.name(tree, mover)
    if agent.sort == "organisation" and not about.thing:
        return agent, about
    if mover is None and (moving or _is_unit(tree, patient)):
        return cast.last(""), NOBODY
    return about, NOBODY


def _mover(tree: Tree, patient: int) -> int | None:
    """What moves in "a rise of 5 percent in output", "an increase in output of 5 percent"."""
    near = [*tree.under(patient), *tree.children[tree.tokens[patient].head]]
    for item in near:
        inner = tree.child(item, "pobj") if item > patient and tree.texts[item] in ("in", "of") else None
        if inner is not None and tree.tokens[inner].pos in ("NOUN", "PROPN") and not _is_unit(tree, inner):
            return inner
    return None


def _is_unit(tree: Tree, index: int) -> bool:
    """Whether the noun is what a figure counts, not a thing of its own: "5 percent", "3 million euros"."""
    counted = tree.child(index, "nummod", "quantmod", "compound") is not None
    return counted and tree.lemmas[index] in words("reference", "units")


def _main(clause: Clause, figures: Sequence[Fact]) -> Fact | None:
    """The main figure: the first that is neither what another is compared with nor a mere count beside money."""
    tree = clause.tree
    first = [fact for fact in figures if not _compared(tree, tree.at(fact.span.start))] or list(figures)
    amounts = [fact for fact in first if fact.kind != "quantity"]
    return next(iter(amounts or first), None)


def _compared(tree: Tree, index: int | None) -> bool:
    """Whether the figure at ``index`` is only what another is measured by: "from 5 percent", "versus 3 million"."""
    for _ in range(4):
        if index is None or tree.tokens[index].head == index:
            return False
        index = tree.tokens[index].head
        if tree.texts[index] in ("from", "versus", "against", "compared", "vs"):
            return True
    return False


def _words(clause: Clause, agent: Name, patient: Name, figures: Sequence[Fact]) -> Words:
    """The clause as the frames see it."""
    tree = clause.tree
    subject = patient if clause.passive else agent
    return Words(
        verb=clause.verb,
        agent=_head_words(clause.agent, clause, agent),
        patient=_head_words(clause.patient, clause, patient) | _amount(clause, figures),
        modifiers=_modifier_words(clause),
        elsewhere=frozenset(
            tree.lemmas[index]
            for index in clause.own
            if tree.tokens[index].pos in ("NOUN", "PROPN") and index not in (clause.agent, clause.patient)
        ),
        acting=_acting(clause, agent),
        owned=subject.sort == "organisation",
        has=frozenset({"figure" for _ in figures} | {"amount" for fact in figures if fact.kind != "quantity"}),
    )


def _topical(type_: ClaimType, how: Modality, figured: bool) -> ClaimType:
    """An expectation with a figure is a forecast, an intention without a topic a plan (guidelines)."""
    if how == "forecast" and figured and type_ in ("financial", "metric", "other"):
        return "forecast"
    return "plan" if how == "planned" and type_ == "other" else type_


def _head_words(index: int | None, clause: Clause, name: Name) -> frozenset[str]:
    """The lemmas at the head of a slot, with what is coordinated with it."""
    if index is None:
        return frozenset()
    tree = clause.tree
    found = {form for item in tree.conjuncts(index) for form in (tree.texts[item], tree.lemmas[item])}
    if superlative(tree, index):
        found.add("SUPERLATIVE")
    if not name.thing and (sort := _SORTS.get(name.sort)):
        found.add(sort)
    return frozenset(found)


def _amount(clause: Clause, figures: Sequence[Fact]) -> frozenset[str]:
    """``AMOUNT`` where it is money that is acted upon: "raised $3 million"."""
    holding = _holding(clause.tree, clause.patient, figures) if clause.patient is not None else None
    return frozenset({"AMOUNT"} if holding is not None and holding.kind == "money" else ())


def _acting(clause: Clause, agent: Name) -> frozenset[str]:
    """The words of who acts: of an organisation's name, of a person's title."""
    tree = clause.tree
    if clause.agent is None or agent.thing:
        return frozenset()
    titles = {tree.texts[i] for i in tree.children[clause.agent] if tree.deps[i] in ("compound", "amod")}
    return frozenset(titles | set(agent.text.lower().split() if agent.sort == "organisation" else ()))


def _modifier_words(clause: Clause) -> frozenset[str]:
    """The lemmas that stand before or after the heads of the slots: "sales forecast", "cut in output"."""
    tree = clause.tree
    found = set()
    for index in (clause.agent, clause.patient):
        if index is None:
            continue
        for child in tree.children[index]:
            if tree.deps[child] in ("compound", "amod", "nmod", "poss"):
                found.add(tree.lemmas[child])
            inner = tree.child(child, "pobj") if tree.deps[child] == "prep" else None
            if inner is not None:
                found.add(tree.lemmas[inner])
    return frozenset(found)


def _object(clause: Clause, frame: Frame, cast: Cast, subject: Name, other: Name, facts: Sequence[Fact]) -> str:
    """The counterparty or thing: who is named in the slot or beside it, else its words."""
    tree = clause.tree
    party = frame.type in COUNTERPARTY and other.sort == "organisation" and other.text != subject.text
    if subject.thing and not party:
        return subject.thing
    if other.thing and frame.type not in COUNTERPARTY:
        return other.thing
    if other.sort in ("organisation", "person", "place") and other.text != subject.text:
        return other.text
    slot = clause.agent if clause.passive else clause.patient
    beside = cast.beside(tree, slot) if slot is not None else NOBODY
    if not beside.text and frame.type in COUNTERPARTY:
        beside = cast.beside(tree, clause.head, "with")
    if beside.text and beside.text != subject.text:
        return beside.text
    if frame.type == "personnel" and subject.sort == "person" and (employer := cast.organisation_of(subject)):
        return employer
    if other.thing:
        return other.thing
    if (
        slot is None
        or tree.tokens[slot].pos in ("ADJ", "ADV")
        or _holding(tree, slot, facts)
        or other.text == subject.text
        or other.sort == "unresolved"
    ):
        return _oblique(clause, frame, cast, subject, facts)
    return other.text


def _oblique(clause: Clause, frame: Frame, cast: Cast, subject: Name, facts: Sequence[Fact]) -> str:
    """What a preposition after the predicate names, when nothing but an amount is acted upon: "invest in Acme"."""
    tree = clause.tree
    for index in (clause.head, *((clause.patient,) if clause.patient is not None else ())):
        for child in tree.children[index]:
            inner = tree.child(child, "pobj") if tree.deps[child] == "prep" else None
            if inner is None or tree.tokens[inner].pos not in ("NOUN", "PROPN") or _holding(tree, inner, facts):
                continue
            name = cast.name(tree, inner, subject.text)
            if frame.type in COUNTERPARTY:
                return cast.beside(tree, inner).text or name.text
            return name.thing or name.text
    return ""


def _holding(tree: Tree, index: int, facts: Sequence[Fact]) -> Fact | None:
    """The figure or date that holds the token."""
    start = tree.tokens[index].start
    for fact in facts:
        if fact.span.start <= start < fact.span.end and fact.kind != "organisation":
            return fact
    return None


def figure_of(fact: Fact | None) -> Amount | None:
    """The amount a fact states."""
    return fact.value if fact is not None and isinstance(fact.value, Amount) else None


def date_of(fact: Fact | None) -> DateValue | None:
    """The date a fact states."""
    return fact.value if fact is not None and isinstance(fact.value, DateValue) else None


def inside(facts: Sequence[Fact], span: Span) -> list[Fact]:
    """Of ``facts``, ordered by place, those that lie in ``span``."""
    first = bisect_left(facts, span.start, key=lambda fact: fact.span.start)
    last = bisect_left(facts, span.end, key=lambda fact: fact.span.start)
    return [fact for fact in facts[first:last] if span.covers(fact.span)]
