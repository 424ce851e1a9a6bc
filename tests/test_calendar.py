"""Claims dated after their document: hundreds of made ones, of which is known whether they may be."""

import datetime as dt
import random

from extract.checks import Row, Story, calendar
from extract.model import Document

PUBLISHED = dt.date(2020, 8, 12)
FLAGGED = "f000000000000"


def found(day: dt.date | None, *, published: dt.date | None = PUBLISHED, modality: str = "asserted",
          basis: str = "explicit", flags: str | None = None, before: str = "It opened shops in ") -> bool:  # fmt: skip
    """Whether a claim of that day is flagged, its date told after the words ``before``."""
    claim: Row = {"fact_id": FLAGGED, "kind": "claim", "modality": modality, "date_start": day}
    date: Row = {"kind": "date", "claim_id": f"f111111111111 {FLAGGED}", "start": len(before), "date_start": day,
                 "date_basis": basis, "flags": flags}  # fmt: skip
    other: Row = {**date, "claim_id": None, "date_start": dt.date(2019, 1, 1)}
    findings = list(calendar.check(Story(Document("a", f"{before}then.", published), [other, claim, date])))
    assert all(finding[0] == FLAGGED and finding.code == calendar.AHEAD for finding in findings)
    return bool(findings)


def test_of_hundreds_of_claims_those_told_as_past_that_lie_ahead_are_flagged_and_no_others() -> None:
    chance = random.Random(7)
    judged = {True: 0, False: 0}
    for _ in range(900):
        ahead = chance.choice([-4000, -300, -1, 0, 1, 2, 30, 4000])
        modality = chance.choice(["asserted", "reported", "planned", "forecast", "possible", "negated"])
        basis = chance.choice(["explicit", "document", "narrative", "none"])
        is_wrong = ahead > 1 and modality in ("asserted", "reported") and basis in ("explicit", "document")
        assert found(PUBLISHED + dt.timedelta(days=ahead), modality=modality, basis=basis) == is_wrong
        judged[is_wrong] += 1
    assert min(judged.values()) > 40


def test_the_day_until_which_something_holds_may_lie_ahead() -> None:
    day = dt.date(2031, 1, 1)
    assert not any(
        found(day, before=f"The lease runs {word}") for word in ("until ", "through ", "Until the ", "into late ")
    )
    assert found(day, before="It fell through in ")


def test_what_the_date_carries_already_is_not_said_again() -> None:
    day = dt.date(2031, 1, 1)
    assert not found(day, flags="after-publication")
    assert not found(day, flags="impossible-date")
    assert found(day, flags="ambiguous-date")


def test_without_a_day_there_is_nothing_to_tell() -> None:
    assert not found(None)
    assert not found(dt.date(2031, 1, 1), published=None)
    assert not found(dt.date.max, published=dt.date.max - dt.timedelta(days=1))
