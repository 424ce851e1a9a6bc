"""What verdicts make of the rows of a document.

A decision is about one reading of one text. Where the text has changed, it is carried over if its quote stands at one
place there; where the fact is read otherwise by now, an acceptance has nothing to say of it. Whatever cannot be carried
out is told in one line and never guessed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from extract.model import Claim, Document, Fact, KindName, Reading
from extract.review.decisions import Decision, Place
from extract.review.queue import shown
from extract.table import FACTS, Cell, rows

FLAGS: Mapping[str, str] = {
    "corrected-part": "A fact that belongs to the claim was corrected or refused in review.",
    "not-a-fact": "A reviewer says that this is no fact: leave the row out.",
    "review-unread": "A reviewer says that this is wrong, but not in words that can be read as what is right.",
    "reviewers-differ": "Reviewers judge this differently.",
}

# The codes that say that earlier decisions left the matter open.
UNDECIDED = {"review-unread", "reviewers-differ"}

# The one fact of a kind that some words say, read as a text of the document's day; None where that is not what they do.
Normalise = Callable[[KindName, str, Document], Fact | None]

# The columns of a claim that a comment may correct, by the names of the claim's parts.
CLAIM_PARTS = {
    "claim_type": "type",
    "subject": "subject",
    "object": "object",
    "modality": "modality",
    "source": "source",
}
CLAIM_WORDS = {column.name: column.words for column in FACTS if column.name in CLAIM_PARTS}

Row = dict[str, Cell]


class Reviewed(NamedTuple):
    """The rows of a document in their order; the codes that reviewers saw, by fact; what could not be carried out."""

    rows: list[Row]
    seen: Mapping[str, frozenset[str]]
    reports: list[str]


class Stale(Exception):  # noqa: N818 – no error: a decision that says nothing of today's facts
    """A decision that says nothing of the facts as they are; why."""


class _Place(NamedTuple):
    """What tells a fact of a document from another: claims of one sentence by their reading, and alike ones in turn."""

    kind: KindName
    start: int
    end: int
    reading: str = ""
    turn: int = 0


class _Outcome(NamedTuple):
    """What one decision makes of a fact: its status, and what is right; None where that cannot be read."""

    status: Literal["accepted", "corrected", "rejected", "added"]
    fact: Fact | None


def reviewed(reading: Reading, facts: Sequence[Fact], decisions: Sequence[Decision], normalise: Normalise) -> Reviewed:
    """The rows of ``facts`` after ``decisions``, oldest first, which may be about other documents as well."""
    found = list(zip(facts, rows(reading, facts), strict=True))
    carried, reports = _carried(decisions, reading.document)
    if not carried:
        return Reviewed([row for _, row in found], {}, reports)
    desk = _Desk(reading, found, normalise)
    for place, judged in desk.by_place(carried).items():
        desk.judge(place, judged)
    return Reviewed(desk.ordered(), desk.seen, reports + desk.reports)


def settled(row: Mapping[str, Cell], seen: Mapping[str, frozenset[str]]) -> Row:
    """A row whose flags a reviewer has seen and settled: only those that have come up since are left."""
    codes = set(str(row["flags"] or "").split()) - seen.get(str(row["fact_id"]), frozenset())
    return {**row, "flags": " ".join(sorted(codes)) or None}


class _Desk:
    """The rows of one document while its decisions are carried out."""

    def __init__(self, reading: Reading, found: Iterable[tuple[Fact, Row]], normalise: Normalise) -> None:
        self.reading = reading
        self.normalise = normalise
        self.there: dict[_Place, tuple[Fact, Row]] = {}
        for fact, row in found:
            place = _place_of(row)
            while place in self.there:
                place = place._replace(turn=place.turn + 1)
            self.there[place] = fact, row
        self.rows = {place: row for place, (_, row) in self.there.items()}
        self.seen: dict[str, frozenset[str]] = {}
        self.reports: list[str] = []
        self.broken: dict[str, str] = {}

    def by_place(self, decisions: Iterable[Decision]) -> dict[_Place, list[Decision]]:
        """The last decision of each reviewer on each place, given them oldest first.

        One that was made in view of the earlier ones, which differ or cannot be read, takes their place. A fact that
        was added and is found by now is as it is found.
        """
        places = {str(row["fact_id"]): place for place, (_, row) in self.there.items()}
        last: dict[_Place, dict[str, Decision]] = {}
        for decision in decisions:
            place = _key(decision.place, decision.value)
            if decision.verdict == "add" and place in self.there:
                continue
            exact = places.get(decision.fact, place)
            judged = last.setdefault(exact if exact[:4] == place[:4] else place, {})
            if UNDECIDED & set(decision.flags.split()):
                judged.clear()
            judged.pop(decision.reviewer, None)
            judged[decision.reviewer] = decision
        return {place: list(judged.values()) for place, judged in last.items()}

    def judge(self, place: _Place, judged: Sequence[Decision]) -> None:
        """Carry out the last decision of each reviewer on one place."""
        outcomes: dict[str, _Outcome] = {}
        for decision in judged:
            try:
                outcomes[decision.reviewer] = self.outcome(place, decision)
            except Stale as stale:
                self.report(decision, str(stale))
        heeded = [decision for decision in judged if decision.reviewer in outcomes]
        if not heeded:
            return
        if len({(status, fact and (fact.span, fact.value)) for status, fact in outcomes.values()}) > 1:
            told = "; ".join(f"{name}: {_told(outcome)}" for name, outcome in outcomes.items())
            self.flag(place, heeded[-1], "reviewers-differ", told)
        elif (outcome := outcomes[heeded[-1].reviewer]).fact is None:
            comment = heeded[-1].comment
            told = f'{heeded[-1].reviewer} wrote "{comment}"' if comment else f"{heeded[-1].reviewer} wrote no value"
            self.flag(place, heeded[-1], "review-unread", told)
        else:
            self.carry_out(place, heeded, outcome.status, outcome.fact)

    def outcome(self, place: _Place, decision: Decision) -> _Outcome:
        """What a decision makes of the place. Raises Stale where it says nothing of the facts as they are."""
        fact, row = self.there.get(place, (None, None))
        match decision.verdict:
            case "accept" | "reject" if fact is None or row is None:
                raise Stale("the fact is not found any more")
            case "accept" if row is not None and shown(row) != decision.value:
                raise Stale(
                    f"was accepted as {decision.value or 'no value'}, is read as {shown(row) or 'no value'} now"
                )
            case "accept":
                return _Outcome("accepted", fact)
            case "reject":
                return _Outcome("rejected", fact)
            case "span" if decision.corrected and _key(decision.corrected) in self.there:
                return _Outcome("rejected", fact)
            case "value" if fact and isinstance(fact.value, Claim):
                return _Outcome("corrected", _corrected_claim(fact, decision.comment))
            case _:
                right = decision.corrected or decision.place
                words = decision.comment if decision.verdict == "value" else decision.comment or right.quote
                readable = words and right.kind != "claim"
                said = self.normalise(right.kind, words, self.reading.document) if readable else None
                status: Literal["added", "corrected"] = "added" if decision.verdict == "add" else "corrected"
                return _Outcome(status, replace(said, span=right.span) if said else None)

    def carry_out(self, place: _Place, judged: Sequence[Decision], status: str, fact: Fact) -> None:
        """Put the row that ``judged`` agree on at its place."""
        _, old = self.there.get(place, (None, None))
        made = old if old and fact is self.there[place][0] else rows(self.reading, [fact])[0]
        codes = frozenset(code for decision in judged for code in decision.flags.split())
        names = " and ".join(dict.fromkeys(decision.reviewer for decision in judged))
        note = f"{status} by {names} on {judged[-1].time[:10]}"
        if old and status == "corrected":
            note += f" from {shown(old) or 'no value'}"
        if codes:
            note += f" (flagged: {' '.join(sorted(codes))})"
        row = {
            **made,
            "claim_id": old["claim_id"] if old else None,
            "evidence": _joined(made["evidence"], note),
            "status": status,
        }
        if status == "rejected":
            row["flags"] = "not-a-fact"
        else:
            self.seen[str(row["fact_id"])] = codes
        if old and status in ("corrected", "rejected"):
            for claim in str(old["claim_id"] or "").split():
                self.broken[claim] = f"{old['quote']}: {status}"
        at = _place_of(row)
        if at[:3] != place[:3]:
            self.rows.pop(place, None)
            place = at
        self.rows[place] = row

    def flag(self, place: _Place, decision: Decision, code: str, evidence: str) -> None:
        """Have a person look at the row of a place; where there is none, tell of it."""
        if place not in self.rows:
            self.report(decision, f"{code}: {evidence}")
            return
        self.rows[place] = _flagged(self.rows[place], code, evidence)

    def report(self, decision: Decision, why: str) -> None:
        """Tell of a decision that is not carried out."""
        self.reports.append(_report(decision, why))

    def ordered(self) -> list[Row]:
        """The rows in their order. A claim whose part has changed is to be looked at, unless a reviewer has."""
        for place, row in [*self.rows.items()]:
            if row["status"] == "extracted" and (told := self.broken.get(str(row["fact_id"]))):
                self.rows[place] = _flagged(row, "corrected-part", told)
        return [row for _, row in sorted(self.rows.items(), key=lambda entry: (*entry[0][1:3], entry[0].kind))]


def _carried(decisions: Iterable[Decision], document: Document) -> tuple[list[Decision], list[str]]:
    """The decisions about ``document``, with their places in its text, and a line for each that has none there."""
    sha256, text = document.sha256, document.text
    carried, reports = [], []
    for decision in decisions:
        if decision.sha256 != sha256 and decision.document != document.path:
            continue
        quote, start = decision.place.quote, decision.place.start
        if decision.sha256 != sha256:
            start = text.find(quote)
            if start < 0 or text.find(quote, start + 1) >= 0:
                reports.append(_report(decision, "the document has changed, and its quote does not stand at one place"))
                continue
        moved = _moved(decision, start - decision.place.start)
        if any(text[slice(*place.span)] != place.quote for place in (moved.place, moved.corrected) if place):
            reports.append(_report(decision, "its quote does not stand at its place"))
            continue
        carried.append(moved)
    return carried, reports


def _moved(decision: Decision, by: int) -> Decision:
    def move(place: Place) -> Place:
        return replace(place, start=place.start + by, end=place.end + by)

    corrected = move(decision.corrected) if decision.corrected else None
    return replace(decision, place=move(decision.place), corrected=corrected)


def _flagged(row: Row, code: str, why: str) -> Row:
    codes = sorted({*str(row["flags"] or "").split(), code})
    return {**row, "flags": " ".join(codes), "evidence": _joined(row["evidence"], why)}


def _joined(*evidence: Cell) -> str:
    return "; ".join(str(part) for part in evidence if part)


def _place_of(row: Mapping[str, Cell]) -> _Place:
    kind: KindName = row["kind"]  # type: ignore[assignment]  # one of KINDS, by the schema
    return _Place(kind, int(str(row["start"])), int(str(row["end"])), shown(row) if kind == "claim" else "")


def _key(place: Place, reading: str = "") -> _Place:
    return _Place(place.kind, *place.span, reading if place.kind == "claim" else "")


def _corrected_claim(claim: Fact, comment: str) -> Fact | None:
    """A claim after a comment such as ``claim_type = plan; subject = Acme``; None where it is no such thing."""
    parts = {}
    for assignment in comment.split(";"):
        column, _, words = (part.strip() for part in assignment.partition("="))
        if column not in CLAIM_PARTS or (CLAIM_WORDS[column] and words not in CLAIM_WORDS[column]):
            return None
        parts[CLAIM_PARTS[column]] = " ".join(words.split())
    return replace(claim, value=replace(claim.value, **parts))  # type: ignore[arg-type]  # words of the closed lists


def _told(outcome: _Outcome) -> str:
    value = outcome.fact.value.canonical() if outcome.fact and outcome.status == "corrected" else ""
    return f"{outcome.status} to {value}" if value else outcome.status


def _report(decision: Decision, why: str) -> str:
    return f"{decision.document}: {decision.fact}, {decision.verdict} by {decision.reviewer}: {why}"
