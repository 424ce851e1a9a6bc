"""Frames: the claim type that a clause's words tell, and which of its slots is the subject.

The frames are data (``frames.toml``, described there); this file loads and matches them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from extract.errors import RuleError
from extract.kinds.data import data
from extract.model import ClaimType

# What a match tells, in points: the verb with the very thing it acts on or with who acts, the verb alone, a light verb
# alone; a trigger noun as the thing acted on, as what acts, beside one of these (each), elsewhere in the clause (each).
FULL, VERB, LIGHT_VERB = 7.0, 5.5, 2.0
PATIENT_NOUN, AGENT_NOUN, MODIFIER, ELSEWHERE = 5.0, 3.0, 1.5, 0.75
MOST_WORDS = 2  # of the words that count each, so many at most
TOPIC = 2.0  # times the share of a type in what the document has told so far
SPECIFIC = 2.0  # where a frame demands more than words
BARE = 1.0  # a frame without words: its demands alone
LEAST = 0.75  # a match that tells no more than this is none


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of ``frames.toml``."""

    name: str
    type: ClaimType
    verbs: frozenset[str]
    patients: frozenset[str]
    agents: frozenset[str]
    nouns: frozenset[str]
    subject: Literal["agent", "patient", "possessor", "grammatical"]
    owner: bool
    light: bool
    needs: Literal["", "amount", "figure"]
    takers: frozenset[str] = frozenset()


_NONE: frozenset[str] = frozenset()
OTHER = Frame("other", "other", _NONE, _NONE, _NONE, _NONE, subject="grammatical", owner=False, light=True, needs="")


class Words(NamedTuple):
    """A clause as the frames see it: lemmas and plural forms by slot.

    Names are ``ORGANISATION``, ``PERSON``, ``GPE``, a noun with a rank ``SUPERLATIVE``, money ``AMOUNT``.
    ``acting`` holds the words of the acting organisation's name or person's title. ``owned``: it is about an
    organisation or its thing. ``has``: "amount" with money or a percentage, "figure" with these or a count.
    """

    verb: str
    agent: frozenset[str]
    patient: frozenset[str]
    modifiers: frozenset[str]
    elsewhere: frozenset[str]
    acting: frozenset[str]
    owned: bool
    has: frozenset[str]


@cache
def frames() -> Sequence[Frame]:
    """The frames in the order of the file."""
    return tuple(_frame(entry) for entry in data(__package__, "frames.toml")["frame"])


@cache
def _told_by() -> Mapping[str, frozenset[int]]:
    """The frames, as places in the order of the file, that a word can tell; under "" those that need none."""
    found: dict[str, set[int]] = {"": set()}
    for place, frame in enumerate(frames()):
        for word in frame.verbs | frame.nouns | frame.agents or {""}:
            found.setdefault(word, set()).add(place)
    return {word: frozenset(places) for word, places in found.items()}


def _frame(entry: Mapping[str, Any]) -> Frame:
    known = {"name", "type", "verbs", "patients", "agents", "nouns", "subject", "owner", "light", "needs", "takers"}
    if unknown := entry.keys() - known:
        raise RuleError(f"frames.toml: {entry.get('name')}: unknown key {', '.join(sorted(unknown))}")
    return Frame(
        name=entry["name"],
        type=entry["type"],
        verbs=frozenset(entry.get("verbs", ())),
        patients=frozenset(entry.get("patients", ())),
        agents=frozenset(entry.get("agents", ())),
        nouns=frozenset(entry.get("nouns", ())),
        subject=entry.get("subject", "grammatical"),
        owner=entry.get("owner", False),
        light=entry.get("light", False),
        needs=entry.get("needs", ""),
        takers=frozenset(entry.get("takers", ())),
    )


def match(words: Words, topics: Mapping[str, int]) -> tuple[Frame, float]:
    """The frame that tells most of a clause, with how much it tells; OTHER and LEAST where none does.

    ``topics`` counts the types told so far in the document: what a story is about decides between near equals.
    """
    best, strength, most = OTHER, LEAST, LEAST
    total = sum(topics.values()) + 1
    told_by, known = _told_by(), frames()
    said = {"", words.verb}.union(words.agent, words.patient, words.modifiers, words.elsewhere, words.acting)
    for place in sorted(set().union(*(told_by[word] for word in said if word in told_by))):
        frame = known[place]
        told = _strength(frame, words)
        favoured = told + TOPIC * topics.get(frame.type, 0) / total
        if told and favoured > most:
            best, strength, most = frame, told, favoured
    return best, strength


def _strength(frame: Frame, words: Words) -> float:
    if (frame.owner and not words.owned) or (frame.needs and frame.needs not in words.has):
        return 0.0
    told = 0.0
    acts = not (frame.agents.isdisjoint(words.agent) and frame.agents.isdisjoint(words.acting))
    if words.verb in frame.verbs:
        if acts or not frame.patients.isdisjoint(words.patient):
            told = FULL
        elif not frame.patients and not frame.agents:
            told = LIGHT_VERB if frame.light else VERB
    elif not frame.verbs and acts:
        told = LIGHT_VERB
    if frame.nouns:
        told += PATIENT_NOUN * (not frame.nouns.isdisjoint(words.patient))
        told += AGENT_NOUN * (not frame.nouns.isdisjoint(words.agent))
        told += MODIFIER * min(MOST_WORDS, len(frame.nouns & words.modifiers))
        told += ELSEWHERE * min(MOST_WORDS, len(frame.nouns & words.elsewhere))
    if not (frame.verbs or frame.nouns or frame.agents):
        return BARE
    return told + SPECIFIC * bool(told and (frame.owner or frame.needs))
