"""A fact as a page of doccano, and what a judged page says.

One example of a doccano project is one fact: its sentence with a little context, its span marked, below it how it was
read and why to look, beside it the same as metadata (clipped there by the page), and four verdicts on the keys 1 to 4.
A corrected value is written as a comment; the key Enter marks the example as done, and what is done comes home.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from extract.model import Key, KindName, fact_id
from extract.review.decisions import Decision, Place, Verdict
from extract.review.queue import Item
from extract.review.utf16 import code_points, code_units

# The verdicts, in the order of their keys 1, 2, 3, 4.
VERDICTS: Mapping[str, Verdict] = {
    "accept": "accept",
    "wrong span or kind": "span",
    "wrong value": "value",
    "not a fact": "reject",
}
KIND_KEYS: Mapping[KindName, str] = {
    "money": "m", "percent": "p", "quantity": "q", "date": "d", "organisation": "o", "claim": "c",
}  # fmt: skip
COLOURS = ("#2e7d32", "#ad1457", "#6a1b9a", "#c62828", "#1565c0", "#37474f")

# Between the document's words and the note below them.
RULE = "\n----------\n"

GUIDE = """Each page shows one fact: the marked words, and below them how they were read and why to look.

| key | verdict | and |
|---|---|---|
| 1 | accept: it is right as it stands | |
| 2 | wrong span or kind | take the mark away and mark the right words as the right kind |
| 3 | wrong value | write the right value as a comment, and nothing else, as a text would say it: `CNY 5 million`, \
`12 May 2020` |
| 4 | not a fact | |

Then press Enter: only what is done comes home. A fact beside it that has no mark may be marked too: it is added.

A claim is corrected by a comment such as `claim_type = acquisition; subject = Acme Corp.`, of the columns claim_type,
subject, object, modality and source.

## Why a fact is here

"""


class Form(NamedTuple):
    """What a project asks of each of its examples: what it is about, how to judge, the verdicts in order of keys."""

    about: str
    guide: str
    verdicts: Sequence[str]


class Judged(NamedTuple):
    """An example that is marked as done.

    ``example`` has its number (``id``), its text, its marks (``entities``) and its metadata, ``verdict`` is empty where
    none was given.
    """

    example: Mapping[str, Any]
    verdict: str
    comment: str
    reviewer: str
    time: str


def form(flags: Mapping[str, str]) -> Form:
    """What is asked of facts; ``flags`` are the codes with their meanings."""
    why = "".join(f"- `{code}`: {meaning}\n" for code, meaning in sorted(flags.items()))
    return Form("Facts that a person should look at", GUIDE + why, tuple(VERDICTS))


def decided(judged: Judged, texts: Mapping[str, str]) -> list[Decision]:
    """The decisions that an example holds. Raises ValueError as ``item_of`` and ``decisions`` do."""
    example = judged.example
    item = item_of(example, texts)
    marks = [place(example["text"], kind, start, end) for start, end, kind in example["entities"]]
    verdict = VERDICTS.get(judged.verdict)
    said = {"comment": judged.comment, "reviewer": judged.reviewer, "time": judged.time}
    return list(decisions(item, verdict, marks, **said))


def line(item: Item) -> dict[str, object]:
    """An example as doccano imports it: metadata are strings, the same keys on every line, the reason first."""
    start, end = item.place.start - item.offset, item.place.end - item.offset
    mark = [code_units(item.text, start), code_units(item.text, end), item.place.kind]
    text = item.text + RULE + item.note
    return {
        "text": text,
        "entities": [mark],
        "cats": [],
        "why": item.flags,
        "value": item.value,
        "evidence": item.evidence,
        "kind": item.place.kind,
        "confidence": item.confidence,
        "document": item.document,
        "fact": item.fact,
        "sha256": item.sha256,
        "span": f"{item.place.start} {item.place.end}",
        "window": f"{item.offset} {item.offset + len(item.text)}",
        "shown": hashlib.sha256(text.encode()).hexdigest(),
    }


def identity(line: Mapping[str, object]) -> tuple[object, ...]:
    """What makes two examples the same: the fact, as it was read and flagged."""
    return tuple(line.get(name) for name in ("fact", "value", "why"))


def item_of(meta: Mapping[str, Any], texts: Mapping[str, str]) -> Item:
    """The item that an example shows, given its metadata and ``text``; ``texts`` are the documents by SHA-256.

    Raises ValueError when it is none of ours, or not what was brought there.
    """
    try:
        start, end = map(int, meta["span"].split())
        offset, last = map(int, meta["window"].split())
        text = meta["text"][: last - offset]
        item = Item(
            fact=meta["fact"],
            document=meta["document"],
            sha256=meta["sha256"],
            place=Place(meta["kind"], start, end, text[start - offset : end - offset]),
            value=meta["value"],
            flags=meta["why"],
            evidence=meta["evidence"],
            confidence=meta["confidence"],
            text=text,
            offset=offset,
        )
        shown = meta["shown"]
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise ValueError("is no fact of ours") from error
    if hashlib.sha256(meta["text"].encode()).hexdigest() != shown:
        raise ValueError(f"{item.fact}: its text was changed; the verdict is not taken")
    if item.sha256 in texts and texts[item.sha256][offset:last] != text:
        raise ValueError(f"{item.fact}: its text is not the document's; the verdict is not taken")
    if item.place.kind != "claim" and item.fact != fact_id(item.sha256, Key(item.place.kind, *item.place.span)):
        raise ValueError(f"{item.fact}: its place was changed; the verdict is not taken")
    return item


def decisions(
    item: Item, verdict: Verdict | None, marks: Sequence[Place], *, comment: str, reviewer: str, time: str
) -> Iterator[Decision]:
    """What a reviewer decided on one example: the verdict on its fact, and the facts added beside it.

    ``marks`` are the marked places in the example's text. Raises ValueError where marks and verdict do not fit.
    """
    if verdict is None:
        raise ValueError(f"{item.fact}: is done without a verdict")
    places = [Place(mark.kind, mark.start + item.offset, mark.end + item.offset, mark.quote) for mark in marks]
    added = [place for place in places if place != item.place]
    if any(place.end > item.offset + len(item.text) for place in added):
        raise ValueError(f"{item.fact}: a mark stands outside the document's words; the verdict is not taken")
    corrected = None
    if verdict in ("accept", "value") and item.place not in places:
        raise ValueError(f"{item.fact}: is judged {verdict}, but its mark was changed; the verdict is not taken")
    if verdict == "span":
        fitting = [place for place in added if place.span.overlaps(item.place.span)]
        if item.place in places or len(fitting) != 1:
            raise ValueError(f"{item.fact}: is judged wrong in span or kind, but the right one is not marked")
        corrected = fitting[0]
        added.remove(corrected)

    def decision(fact: str, place: Place, verdict: Verdict, **more: Any) -> Decision:  # noqa: ANN401 – fields
        return Decision(
            fact=fact,
            document=item.document,
            sha256=item.sha256,
            place=place,
            verdict=verdict,
            reviewer=reviewer,
            time=time,
            **{"value": "", "flags": "", "corrected": None, "comment": "", **more},
        )

    yield decision(
        item.fact, item.place, verdict, value=item.value, flags=item.flags, corrected=corrected, comment=comment
    )
    for place in added:
        yield decision(fact_id(item.sha256, Key(place.kind, *place.span)), place, "add")


def place(text: str, kind: KindName, start: int, end: int) -> Place:
    """A mark of the page, in UTF-16 code units, as a place in code points."""
    first, last = code_points(text, start), code_points(text, end)
    return Place(kind, first, last, text[first:last])
