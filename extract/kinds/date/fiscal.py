"""Fiscal years and quarters: a company's own, named by the calendar year in which the fiscal year ends.

Their values are ``FY2012`` and ``FY2012-Q1``. A fiscal quarter has days only where the text says when it ended.
"""

import datetime as dt

from extract.kinds.date.calendar import Period, add_months
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CATEGORIES, Lexed

# A fiscal quarter may end so many days off the calendar quarter's end and still be the same (52-week years).
SLACK = 7
_FISCAL, _CODE = CATEGORIES["FISCAL"], CATEGORIES["FISCALCODE"]
_OF_YEARS = frozenset(CATEGORIES[name] for name in ("UNIT", "ORDINAL", "SECOND", "NTH", "YEAR", "HALF"))


def is_mentioned(lexed: Lexed) -> bool:
    """Whether a text speaks of a fiscal year or quarter, so that its bare quarters may be fiscal ones."""
    text = lexed.categories
    return _CODE in text or any(text.find(_FISCAL + follower) >= 0 for follower in _OF_YEARS)


def value(said: Expression, year: str) -> str:
    """The value of a quarter or half of the fiscal year ``year``."""
    return f"{year}-{'Q' if said.unit == 'quarter' else 'H'}{said.number}"


def likely_year(said: Expression, day: dt.date) -> int:
    """The fiscal year that a quarter or half told of on a day belongs to, if it is the one just past."""
    size = 3 if said.unit == "quarter" else 6
    ended = (said.number or 1) * size
    # A first quarter told of late in a year opens the next fiscal year; a last one told of early closes the last.
    if ended <= size and day.month >= 8:
        return day.year + 1
    return day.year - 1 if ended == 12 and day.month <= 2 else day.year


def unit(value: str) -> str:
    """Whether the value of a fiscal period is that of a year, a quarter or a half."""
    return {"": "year", "-Q": "quarter", "-H": "half"}[value[6:8]]


def earlier(value: str, years: int) -> str:
    """The same fiscal year, quarter or half so many years before.

    >>> earlier("FY2008-Q4", 1)
    'FY2007-Q4'
    """
    return f"FY{int(value[2:6]) - years:04}{value[6:]}"


def ended(said: Expression, end: dt.date) -> tuple[str, dt.date]:
    """The value and first day of a quarter or half by the day it ended, and whether that is the calendar's own."""
    size = 3 if said.unit == "quarter" else 6
    first = add_months(end + dt.timedelta(1), -size)
    close = end - dt.timedelta(SLACK)
    here = Period(said.unit, dt.date(close.year, (close.month - 1) // size * size + 1, 1))
    number = said.number or 1
    if abs((here.last - end).days) <= SLACK and here.first.month == (number - 1) * size + 1:
        return here.value, here.first
    year = add_months(end.replace(day=1), 12 - number * size).year
    return value(said, f"FY{year:04}"), first
