"""What was decided: verdicts of reviewers as lines of a file, append-only, so that git can merge two of them.

Each line is one JSON object, one decision: which fact was judged (its document, by path and by SHA-256 of the decoded
text, its kind, place and quote, the reading and the flags that the reviewer saw), the verdict, what it was corrected
to, who judged and when. Offsets are code points into the document's text, half-open.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from extract.errors import ReviewError
from extract.model import KindName, Span

Verdict = Literal["accept", "span", "value", "reject", "add"]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document and the kind of fact that stands there; ``quote`` is the text's ``[start:end]``."""

    kind: KindName
    start: int
    end: int
    quote: str

    @property
    def span(self) -> Span:
        """The stretch."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of one reviewer on one fact.

    ``accept``: it is right as shown. ``span``: it is ``corrected`` in place or kind. ``value``: its value is what
    ``comment`` says. ``reject``: it is no fact. ``add``: at ``place`` is a fact that had not been found.
    ``value`` and ``flags`` are the reading and the codes that the reviewer saw. ``time`` is ISO 8601 in UTC.
    """

    fact: str
    document: str
    sha256: str
    place: Place
    value: str
    flags: str
    verdict: Verdict
    corrected: Place | None
    comment: str
    reviewer: str
    time: str


def read(file: Path) -> list[Decision]:
    """The decisions in ``file``, oldest first; none where there is no such file.

    Raises ReviewError, naming the line, when one is no decision.
    """
    try:
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{file}: cannot be read: {error}") from error
    decisions = []
    for number, line in enumerate(lines, start=1):
        try:
            decisions.append(_decision(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise ReviewError(f"{file}, line {number}: is no decision: {error}") from error
    return sorted(decisions, key=lambda decision: decision.time)


def append(file: Path, decisions: Iterable[Decision]) -> int:
    """Write those of ``decisions`` that ``file`` does not hold yet at its end, the oldest first; returns how many."""
    held = set(read(file))
    new = sorted({*decisions} - held, key=lambda decision: (decision.time, decision.fact, decision.place.start))
    lines = [json.dumps(asdict(decision), ensure_ascii=False) + "\n" for decision in new]
    try:
        if new and held and not file.read_bytes().endswith(b"\n"):
            lines.insert(0, "\n")
        with file.open("a", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
    except OSError as error:
        raise ReviewError(f"{file}: cannot be written: {error.strerror}") from error
    return len(new)


def _decision(line: dict[str, Any]) -> Decision:
    """The decision of a line; ValueError, TypeError or KeyError where it is none."""
    corrected = line.pop("corrected")
    place = _place(line.pop("place"))
    decision = Decision(place=place, corrected=_place(corrected) if corrected else None, **line)
    texts = asdict(decision)
    del texts["place"], texts["corrected"]
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("what should be text is not")
    if decision.verdict not in get_args(Verdict):
        raise ValueError(f"there is no verdict {decision.verdict}")
    return decision


def _place(place: dict[str, Any]) -> Place:
    found = Place(**place)
    if found.kind not in get_args(KindName) or not 0 <= found.start < found.end:
        raise ValueError("a place needs a kind and a stretch")
    if len(found.quote) != found.end - found.start:
        raise ValueError("the quote is not as long as its stretch")
    return found
