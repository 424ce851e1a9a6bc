"""Which facts go to review, and what a reviewer is shown of each."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from extract.model import KindName
from extract.review.decisions import Place
from extract.table import Cell

Row = Mapping[str, Cell]

# So many code points around the sentence, or around the quote of a longer one, are shown as well.
CONTEXT = 120
LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class Item:
    """A fact as it is shown: ``text`` is the document's text from ``offset`` on, the sentence and a little context.

    ``value`` is its reading (see ``shown``), ``flags`` are the codes and ``evidence`` the reasons to look.
    """

    fact: str
    document: str
    sha256: str
    place: Place
    value: str
    flags: str
    evidence: str
    confidence: str
    text: str
    offset: int

    @property
    def note(self) -> str:
        """The reading and the reasons in words, to be shown below the text."""
        why = f"{self.flags}: {self.evidence}" if self.evidence else self.flags
        return f"{self.place.kind}: {self.value or 'no value'}" + (f"\nwhy: {why}" if why else "")


def selected(
    rows: Iterable[Row], *, everything: bool, sample: int, kinds: Collection[str], flags: Collection[str]
) -> list[Row]:
    """The rows to review: those with a flag; with ``everything`` all, with ``sample`` so many of those without a flag.

    What has been judged and has no flag any more stays at home, and so does what is no fact. ``kinds`` and ``flags``
    narrow the choice where they are given. A sample is drawn by the facts' ids: the same facts, the same sample.
    """
    open_ = [
        row
        for row in rows
        if row["status"] != "rejected"
        and (row["flags"] or row["status"] == "extracted")
        and (not kinds or row["kind"] in kinds)
        and (not flags or set(str(row["flags"] or "").split()) & set(flags))
    ]
    if sample:
        drawn = sorted((row for row in open_ if not row["flags"]), key=_draw)[:sample]
        chosen = {row["fact_id"] for row in drawn}
        return [row for row in open_ if row["fact_id"] in chosen]
    return [row for row in open_ if everything or row["flags"]]


def items(rows: Iterable[Row], texts: Mapping[str, str]) -> Iterator[Item]:
    """What is shown of each row; ``texts`` are the documents by path."""
    hashes = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
    for row in rows:
        path, start, end = str(row["document"]), int(str(row["start"])), int(str(row["end"]))
        first, last = _window(texts[path], start, end, str(row["sentence"]))
        yield Item(
            fact=str(row["fact_id"]),
            document=path,
            sha256=hashes[path],
            place=Place(_kind(row), start, end, str(row["quote"])),
            value=shown(row),
            flags=str(row["flags"] or ""),
            evidence=str(row["evidence"] or ""),
            confidence=str(row["confidence"]),
            text=texts[path][first:last],
            offset=first,
        )


def shown(row: Row) -> str:
    """The reading of a fact that a verdict is about: its value, with what the text makes of it.

    >>> shown({"kind": "money", "modifier": "over", "value": "USD 5000000"})
    'over USD 5000000'
    >>> shown({"kind": "date", "value": "2020-W31", "date_start": "2020-07-27", "date_end": "2020-08-02"})
    '2020-W31 (2020-07-27 to 2020-08-02)'
    """
    days = [str(row.get(end) or "open") for end in ("date_start", "date_end")] if row["kind"] == "date" else []
    covered = f"({' to '.join(days)})" if set(days) - {"open"} else ""
    read = (row.get("modifier"), row["value"]) if row["kind"] != "claim" else (row["value"], row.get("modifier"))
    return " ".join(str(part) for part in (*read, covered) if part)


def _kind(row: Row) -> KindName:
    return row["kind"]  # type: ignore[return-value]  # the table's schema says so


def _draw(row: Row) -> bytes:
    return hashlib.sha256(str(row["fact_id"]).encode()).digest()


def _window(text: str, start: int, end: int, sentence: str) -> tuple[int, int]:
    """The sentence around ``[start, end)``, given with white space folded, and its context, cut between words."""
    start, end = _unfolded(text, start, end, sentence)
    first, last = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    while 0 < first < start and not text[first - 1].isspace():
        first += 1
    while end < last < len(text) and not text[last].isspace():
        last -= 1
    while end < last and text[last - 1].isspace():
        last -= 1
    return first, last


def _unfolded(text: str, start: int, end: int, sentence: str) -> tuple[int, int]:
    """Where ``sentence``, given with white space folded, stands around ``[start, end)``; that itself if it does not."""
    near = max(0, start - LONGEST_SENTENCE)
    folded, places = "", list[int]()
    for word in re.finditer(r"\S+", text[near : end + LONGEST_SENTENCE]):
        folded += word[0] + " "
        places += range(near + word.start(), near + word.end() + 1)
    wanted = sentence[:LONGEST_SENTENCE].strip()
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        first, last = places[at], places[at + len(wanted) - 1] + 1
        if first <= start and end <= last:
            return first, last
        at = folded.find(wanted, at + 1)
    return start, end
