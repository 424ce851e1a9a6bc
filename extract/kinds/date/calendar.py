"""Calendar arithmetic: periods, their TIMEX3 values, and the days a value covers.

Weeks are ISO 8601 weeks (Monday first). Seasons are the meteorological ones of the northern hemisphere:
spring is March to May, winter of a year is its December and the two months after.
"""

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}

# Months in a unit that is a whole number of them.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}
# Days in a unit that is a whole number of them. A weekend is stepped by weeks.
DAYS = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "weekend": 7, "weekday": 7}


class Period(NamedTuple):
    """A calendar unit by its name and its first day (a weekend's is Saturday)."""

    unit: str
    first: dt.date

    @property
    def last(self) -> dt.date:
        """The last day, inclusive."""
        if self.unit in MONTHS:
            return add_months(self.first, MONTHS[self.unit]) - dt.timedelta(1)
        if self.unit == "season":
            return add_months(self.first, 3) - dt.timedelta(1)
        return self.first + dt.timedelta({"week": 6, "fortnight": 13, "weekend": 1}.get(self.unit, 0))

    def edge(self, which: str) -> tuple[dt.date, dt.date]:
        """The days meant by its ``start`` or ``end``; all of it otherwise.

        A week's are Monday to Wednesday and Friday to Sunday, a month's the first ten days and those from the
        21st, a year's January to March and September to December (as Duckling reads them).
        """
        first, last = self.first, self.last
        sizes = {"week": (3, 4), "month": (10, 20)}
        if self.unit == "year" and which in ("start", "end"):
            return (first, dt.date(first.year, 3, 31)) if which == "start" else (dt.date(first.year, 9, 1), last)
        if self.unit in sizes and which in ("start", "end"):
            head, tail = sizes[self.unit]
            return (first, first + dt.timedelta(head - 1)) if which == "start" else (first + dt.timedelta(tail), last)
        return first, last

    @property
    def value(self) -> str:
        """The TIMEX3 value: ``2008``, ``2008-H1``, ``2008-Q3``, ``2008-W07-WE``, ``199`` (the 1990s)."""
        day = self.first
        if self.unit in ("week", "fortnight", "weekend"):
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}" + ("-WE" if self.unit == "weekend" else "")
        forms = {
            "century": f"{day.year // 100:02}",
            "decade": f"{day.year // 10:03}",
            "year": f"{day.year:04}",
            "half": f"{day.year:04}-H{(day.month + 5) // 6}",
            "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
            "season": f"{day.year:04}-{_season_of(day.month)}",
            "month": f"{day.year:04}-{day.month:02}",
        }
        return forms.get(self.unit, day.isoformat())

    def shifted(self, steps: int) -> "Period":
        """The period ``steps`` units later. Raises ValueError or OverflowError outside the calendar."""
        if self.unit in MONTHS:
            return Period(self.unit, add_months(self.first, MONTHS[self.unit] * steps))
        if self.unit == "season":
            return Period(self.unit, add_months(self.first, 3 * steps))
        return Period(self.unit, self.first + dt.timedelta(DAYS.get(self.unit, 1) * steps))


def period(unit: str, day: dt.date) -> Period:
    """The period of that unit that holds ``day`` (for a weekend: the one of its ISO week)."""
    year, month = day.year, day.month
    if unit in ("week", "fortnight"):
        first = day - dt.timedelta(day.weekday())
    elif unit == "weekend":
        first = day - dt.timedelta(day.weekday()) + dt.timedelta(5)
    elif unit == "season":
        start = add_months(day.replace(day=1), -(month % 3))
        first = start
    elif unit == "century":
        first = dt.date(max(year // 100 * 100, 1), 1, 1)
    elif unit == "decade":
        first = dt.date(max(year // 10 * 10, 1), 1, 1)
    elif unit in MONTHS:
        first = dt.date(year, (month - 1) // MONTHS[unit] * MONTHS[unit] + 1, 1)
    else:
        unit, first = "day", day
    return Period(unit, first)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month, or that month's last. Raises ValueError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year} is outside the calendar")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def stepped(base: Period, unit: str, steps: Decimal, *, exact: bool = False) -> Period:
    """The period of that unit so many units away; to the day where ``exact``.

    Raises ValueError or OverflowError outside the calendar, and for parts of a month.
    """
    if unit in MONTHS:
        months = steps * MONTHS[unit]
        if months != int(months):
            raise ValueError("no whole number of months")
        day = add_months(base.first, int(months))
        return Period("day", day) if exact else period("year" if unit in ("decade", "century") else unit, day)
    distance = steps * DAYS.get(unit, 1)
    day = base.first + dt.timedelta(int(distance))
    if exact or unit not in ("week", "fortnight", "weekend"):
        return Period("day", day)
    return period("week" if unit == "fortnight" else unit, day)


def nth_weekday(weekday: int, number: int, within: Period) -> dt.date | None:
    """The number-th such weekday (ISO, Monday 1) of a period; negative numbers count from its end."""
    if number > 0:
        day = within.first + dt.timedelta((weekday - within.first.isoweekday()) % 7 + 7 * (number - 1))
    else:
        day = within.last - dt.timedelta((within.last.isoweekday() - weekday) % 7 + 7 * (-number - 1))
    return day if within.first <= day <= within.last else None


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


_VALUE = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|W(?P<week>\d\d)(?P<weekend>-WE)?"
    r"|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<season>SP|SU|FA|WI)))?"
    r"(?:T.*)?"
)


def days(value: str) -> tuple[dt.date, dt.date] | None:
    """The first and last day a TIMEX3 value covers; None for durations, sets, references and fiscal years.

    >>> days("2020-H1")
    (datetime.date(2020, 1, 1), datetime.date(2020, 6, 30))
    """
    try:
        if re.fullmatch(r"\d{2,3}", value):
            unit, scale = ("century", 100) if len(value) == 2 else ("decade", 10)
            span = Period(unit, dt.date(int(value) * scale, 1, 1))
        elif (match := _VALUE.fullmatch(value)) is None:
            return None
        else:
            span = _matched(match)
    except ValueError:
        return None
    return span.first, span.last


def _matched(match: re.Match[str]) -> Period:
    year = int(match["year"])
    if match["day"]:
        return Period("day", dt.date(year, int(match["month"]), int(match["day"])))
    if match["month"]:
        return Period("month", dt.date(year, int(match["month"]), 1))
    if match["week"]:
        monday = dt.date.fromisocalendar(year, int(match["week"]), 1)
        return period("weekend", monday) if match["weekend"] else Period("week", monday)
    if match["quarter"]:
        return Period("quarter", dt.date(year, 3 * int(match["quarter"]) - 2, 1))
    if match["half"]:
        return Period("half", dt.date(year, 6 * int(match["half"]) - 5, 1))
    if match["season"]:
        return Period("season", dt.date(year, SEASONS[match["season"]], 1))
    return Period("year", dt.date(year, 1, 1))


def _season_of(month: int) -> str:
    return {3: "SP", 6: "SU", 9: "FA", 12: "WI"}[month - month % 3 or 12]
