"""Frames: the claim type that a clause's words tell, and which of its slots is the subject.

The frames are data (``frames.toml``, described there); this file loads and matches them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

from extract.model import ClaimType

# How much a match tells, from "a word elsewhere in the clause" to "the verb with the very thing it acts on".
ELSEWHERE, MODIFIER, WEAK_VERB, AGENT_NOUN, VERB, PATIENT_NOUN, FULL = range(1, 8)


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of ``frames.toml``."""

    name: str
    type: ClaimType
    verbs: frozenset[str]
    patients: frozenset[str]
    agents: frozenset[str]
    nouns: frozenset[str]
    subject: Literal["agent", "patient"]
    owner: bool
    weak: bool


OTHER = Frame("other", "other", *[frozenset[str]()] * 4, subject="agent", owner=False, weak=True)


class Words(NamedTuple):
    """A clause as the frames see it: lemmas by slot. A person's name is ``PERSON``, a place's ``GPE``."""

    verb: str
    agent: frozenset[str]
    patient: frozenset[str]
    modifiers: frozenset[str]
    elsewhere: frozenset[str]
    owned: bool


@cache
def frames() -> Sequence[Frame]:
    """The frames in the order of the file."""
    text = resources.files(__package__).joinpath("frames.toml").read_text("utf-8")
    return tuple(_frame(entry) for entry in tomllib.loads(text)["frame"])


def _frame(entry: Mapping[str, object]) -> Frame:
    known = {"name", "type", "verbs", "patients", "agents", "nouns", "subject", "owner", "weak"}
    if unknown := entry.keys() - known:
        raise ValueError(f"frames.toml: {entry.get('name')}: unknown key {', '.join(sorted(unknown))}")
    lists = {key: frozenset(entry.get(key, ())) for key in ("verbs", "patients", "agents", "nouns")}  # type: ignore[call-overload]
    return Frame(
        name=entry["name"],  # type: ignore[arg-type]
        type=entry["type"],  # type: ignore[arg-type]
        subject=entry.get("subject", "agent"),  # type: ignore[arg-type]
        owner=bool(entry.get("owner", False)),
        weak=bool(entry.get("weak", False)),
        **lists,
    )


def match(words: Words) -> tuple[Frame, int]:
    """The frame that tells most of a clause, with how much it tells; OTHER and 0 where none does."""
    best, strength = OTHER, 0
    for frame in frames():
        told = _strength(frame, words)
        if told > strength:
            best, strength = frame, told
    return best, strength


def _strength(frame: Frame, words: Words) -> int:
    if frame.owner and not words.owned:
        return 0
    acting = frame.agents & words.agent
    if words.verb in frame.verbs and (acting or frame.patients & words.patient):
        return FULL
    if frame.nouns & words.patient:
        return PATIENT_NOUN
    if words.verb in frame.verbs and not frame.patients and not frame.agents:
        return WEAK_VERB if frame.weak else VERB
    if frame.nouns & words.agent:
        return AGENT_NOUN
    if acting and not frame.verbs:
        return WEAK_VERB
    if frame.nouns & words.modifiers:
        return MODIFIER
    return ELSEWHERE if frame.nouns & words.elsewhere else 0
