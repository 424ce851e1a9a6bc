"""The calendar: what is told as having happened cannot be dated after the day that its document was published.

Plans, forecasts and possibilities may lie ahead, and so may the day until which something told holds. Where a claim is
dated ahead without being one of these, its date or its modality was misread, or the text errs.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from extract.checks.story import Example, Finding, Row, Story
from extract.table import Cell

AHEAD = "claim-after-document"
FLAGS: Mapping[str, str] = {AHEAD: "Told as having happened, but dated after the day the document was published."}
EXAMPLES: Sequence[Example] = (
    Example(
        "Velbrook Mills bought Orlo Corp for $5 million in March 2031.",
        "2020-08-12",
        "Velbrook Mills bought Orlo Corp for $5 million in March 2031.",
        "dated 2031-03-01, published 2020-08-12",
        AHEAD,
    ),
    Example(
        "Velbrook Mills will open 40 shops in 2031.", "2020-08-12", "Velbrook Mills will open 40 shops in 2031.", ""
    ),
    Example("Velbrook Mills opened 40 shops in 2019.", "2020-08-12", "Velbrook Mills opened 40 shops in 2019.", ""),
    Example("Velbrook Mills has a contract until 2031.", "2020-08-12", "Velbrook Mills has a contract until 2031.", ""),
    Example("Velbrook Mills opened 40 shops in 2031.", "", "Velbrook Mills opened 40 shops in 2031.", ""),
)

_TOLD = frozenset({"asserted", "reported"})
# A date inferred from the run of the story is too weak to speak against it.
_FIRM = frozenset({"explicit", "document"})
# Where the kind has found the date wrong by itself, there is nothing to add.
_WRONG = frozenset({"after-publication", "impossible-date"})
# It is a day later already where some of the news is made.
_TIME_ZONES = dt.timedelta(days=1)
_BOUND = re.compile(r"\b(?:until|till|through|into)\s(?:the\s|late\s|early\s|mid-)?$", re.IGNORECASE)


def check(story: Story) -> Iterator[Finding]:
    """The claims that are told as having happened on a day after publication."""
    published = story.document.published
    if published is None:
        return
    dates = _dates_of_claims(story)
    for claim in story.of("claim"):
        day = claim["date_start"]
        if claim["modality"] in _TOLD and isinstance(day, dt.date) and day > published + _TIME_ZONES:
            given = dates[str(claim["fact_id"]), day]
            if given and all(_speaks(story, date) for date in given):
                yield Finding(str(claim["fact_id"]), f"dated {day}, published {published}", AHEAD)


def _dates_of_claims(story: Story) -> Mapping[tuple[str, Cell], Sequence[Row]]:
    """The expressions that a claim may have its date from, by its id and that day."""
    dates: dict[tuple[str, Cell], list[Row]] = defaultdict(list)
    for date in story.of("date"):
        for claim_id in str(date["claim_id"] or "").split():
            dates[claim_id, date["date_start"]].append(date)
    return dates


def _speaks(story: Story, date: Row) -> bool:
    """Whether a date says firmly when, and not until when."""
    start = date["start"]
    assert isinstance(start, int)
    wrong = _WRONG & set(str(date["flags"] or "").split())
    before = story.document.text[max(start - 20, 0) : start]
    return date["date_basis"] in _FIRM and not wrong and not _BOUND.search(before)
