"""Where relative expressions count from: the document's date weighed against the dates the text itself states."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from extract.kinds.date import tense
from extract.kinds.date.compose import Found
from extract.kinds.date.lexicon import Lexed
from extract.model import Flag

# A document date this many days after the latest of several dates the text states belongs to another time.
STALE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Reference:
    """Where relative expressions count from.

    ``day`` is the day of publication, ``world_day`` the same moment's day in Greenwich (stories filed in an
    American evening speak of the next weekday as today). ``year`` is all there is where the year is inferred
    from the dates the text states; ``doubt`` flags what rests on this reference.
    """

    day: dt.date | None = None
    world_day: dt.date | None = None
    year: int | None = None
    doubt: Flag | None = None


def reference(
    lexed: Lexed, items: Sequence[Found], published: dt.date | None, world_day: dt.date | None, header_end: int
) -> Reference:
    """The reference of a text: its date of publication, unless the dates in its body belong to another time."""
    body = [item for item in items if item.said.span.start >= header_end]
    year, latest, mentions = _story_year(lexed, body)
    if published is None:
        if year is None or mentions < 2:
            return Reference()
        return Reference(year=year, doubt=Flag("inferred-date", f"undated text; its own latest dates lie in {year}"))
    topical = any(item.said.unit == "weekday" or item.said.name in ("yesterday", "tomorrow") for item in body)
    if year and latest and mentions >= 3 and not topical and (published - latest).days > STALE_DAYS:
        evidence = f"published {published}, but the latest of {mentions} dates told is {latest}"
        return Reference(year=year, doubt=Flag("document-date-conflict", evidence))
    return Reference(day=published, world_day=world_day or published)


def _story_year(lexed: Lexed, items: Sequence[Found]) -> tuple[int | None, dt.date | None, int]:
    """The latest year the text dates events in, the latest such day, and how often the year is named.

    None where a later year is named as past without a month: then the story may be of either.
    """
    dated: list[dt.date] = []
    bare: list[int] = []
    named: list[int] = []
    for item in items:
        year, month = item.said.year, item.said.month
        if item.said.form == "cycle" and item.said.within and item.said.within.year:
            year, month = item.said.within.year, 1
        if year is None:
            continue
        named.append(year)
        if tense.direction(lexed, item.first, item.stop) > 0:
            continue
        if month is None:
            bare.append(item.said.until.year if item.said.until and item.said.until.year else year)
        elif first := _day(year, month, item.said.day or 1):
            dated.append(first)
    if not dated:
        return None, None, 0
    latest = max(dated)
    if bare and max(bare) > latest.year:
        return None, None, 0
    return latest.year, latest, named.count(latest.year)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
