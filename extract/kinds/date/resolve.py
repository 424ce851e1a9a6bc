"""From what was said to which days it means, with what that rests on.

A reference is where relative expressions count from: the day of publication, the time the narrative has
reached, or the year the story is told in. The document's date is weighed against the dates the text itself
states: a text may be dated long after the story it tells. Nothing here knows today's date.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from extract.kinds.date import tense
from extract.kinds.date.calendar import (
    DAYS,
    MONTHS,
    SEASONS,
    Period,
    add_months,
    days,
    easter,
    nth_weekday,
    period,
)
from extract.kinds.date.compose import Found
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CHINESE_NEW_YEAR, HOLIDAYS, Lexed
from extract.model import DateBasis, DateValue, Flag

# A document date this many days after the latest of several dates the text states belongs to another time.
STALE_DAYS = 365
# What it costs, in days of distance, to read a date against the tense of a verb at most CLOSE tokens off, or of
# one further off; and how clear the choice has to be.
AGAINST_CLOSE_TENSE, AGAINST_TENSE, CLOSE = 300, 150, 6
# A verb further off than this, in tokens, does not tell on which side of publication a weekday lies.
FAR = 8
CLEAR_MARGIN = 45
# Narrative reaches this many code points back.
NARRATIVE_REACH = 600

DURATIONS = {"decade": ("Y", 10), "century": ("Y", 100), "year": ("Y", 1), "half": ("M", 6), "quarter": ("M", 3),
             "month": ("M", 1), "fortnight": ("W", 2), "week": ("W", 1), "weekend": ("WE", 1), "day": ("D", 1),
             "night": ("D", 1), "hour": ("H", 1), "minute": ("M", 1), "second": ("S", 1)}  # fmt: skip
CLOCK_UNITS = ("hour", "minute", "second")


class Resolved(NamedTuple):
    """The value of an expression, the flags it earns, and how sure the reading is (0 to 1)."""

    value: DateValue
    flags: tuple[Flag, ...] = ()
    confidence: float = 0.95


class Place(NamedTuple):
    """A period an expression resolved to, and what that rests on."""

    period: Period
    basis: DateBasis
    flags: tuple[Flag, ...] = ()


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


@dataclass(slots=True)
class Resolver:
    """Resolves the expressions of one text in order; ``told`` is the last period the narrative named."""

    lexed: Lexed
    reference: Reference
    told: Period | None = None
    told_at: int = -1
    told_flags: tuple[Flag, ...] = field(default=())
    told_by_unit: dict[str, Place] = field(default_factory=dict)

    def resolve(self, item: Found) -> Resolved:
        """The value of an expression. What it means is remembered for those after it."""
        said = item.said
        if said.form == "set":
            return self._fixed(said, said.value or duration(said.unit, said.count), "none")
        if said.form == "reference":
            return self._fixed(said, said.value, "none")
        if said.value:
            return self._fixed(said, said.value, "explicit")
        if said.form == "length":
            return self._length(item)
        if said.form == "shift" and said.count is None:
            vague = "PAST_REF" if (said.relation or 0) < 0 else "FUTURE_REF"
            return self._fixed(said, vague, "none")
        if said.name == "fiscal":
            return self._fiscal(said)
        try:
            place = self._place(item)
        except (ValueError, OverflowError):
            return unresolved(said, Flag("impossible-date", "no such day in the calendar"))
        if place is None:
            if said.name == "today" and self._opens_sentence(item):
                return self._fixed(said, "PRESENT_REF", "none")
            return unresolved(said, Flag("unresolved-date", self._missing()))
        return self._dated(item, place)

    def _dated(self, item: Found, place: Place) -> Resolved:
        said = item.said
        flags = [*place.flags]
        last = place.period.last
        if said.until and said.form != "length":
            end = self._until(said, place)
            if end is None or end.last < place.period.first:
                flags.append(Flag("impossible-date", "the range ends before it starts"))
            else:
                last = end.last
        if said.weekday and said.day and place.period.first.isoweekday() != said.weekday:
            flags.append(Flag("impossible-date", f"{place.period.first} is a {place.period.first:%A}"))
        if said.doubtful:
            flags.append(Flag("ambiguous-date", "day and month could be exchanged"))
        ahead = self.reference.day and said.day and place.period.first > self.reference.day + dt.timedelta(1)
        bounded = self.lexed.word(item.first - 1).lower() in ("through", "to", "until", "ending", "ended")
        if (
            ahead
            and not bounded
            and place.basis == "explicit"
            and tense.direction(self.lexed, item.first, item.stop) < 0
        ):
            flags.append(Flag("after-publication", f"told as past, but published {self.reference.day}"))
        self.told_by_unit[place.period.unit] = place
        self.told, self.told_at, self.told_flags = place.period, said.span.end, place.flags
        value = place.period.value
        first = place.period.first
        if said.clock or said.part:
            value += said.clock or said.part
        confidence = {"explicit": 0.98, "document": 0.9, "narrative": 0.8}.get(place.basis, 0.7) - 0.2 * bool(flags)
        return Resolved(DateValue(said.timex, value, first, last, place.basis), tuple(flags), round(confidence, 2))

    def _until(self, said: Expression, start: Place) -> Period | None:
        assert said.until is not None
        end = said.until
        if end.year is None and end.month is None:
            return None
        year = end.year or start.period.first.year
        month, day = end.month, end.day
        if month is None:
            return Period("year", dt.date(year, 1, 1))
        if end.year is None and said.month and month < said.month:
            year += 1
        try:
            return Period("day", dt.date(year, month, day)) if day else Period("month", dt.date(year, month, 1))
        except ValueError:
            return None

    # By form ------------------------------------------------------------------------------------------------

    def _place(self, item: Found) -> Place | None:
        said = item.said
        if said.form == "calendar":
            return self._calendar(item)
        if said.form == "cycle":
            return self._cycle(item)
        if said.form == "shift":
            return self._shift(item)
        return self._deictic(item)

    def _calendar(self, item: Found) -> Place | None:
        said = item.said
        if said.year is not None:
            return Place(_calendar_period(said, said.year), "explicit")
        if said.within:
            within = self._within(item)
            return within and Place(_calendar_period(said, within.period.first.year), within.basis, within.flags)
        return self._recurring(item, lambda year: _calendar_period(said, year))

    def _cycle(self, item: Found) -> Place | None:
        said = item.said
        if said.unit == "weekday":
            return self._weekday(item)
        if said.unit == "same" or said.unit.startswith("nth-"):
            return self._part(item)
        if said.within and said.within.value.startswith("FY"):
            return None
        if said.within:
            within = self._within(item)
            return within and Place(_cycle_period(said, within.period.first.year), within.basis, within.flags)
        return self._recurring(item, lambda year: _cycle_period(said, year))

    def _part(self, item: Found) -> Place | None:
        """The second week, the last Friday, the same period: of a period that is itself resolved."""
        said = item.said
        within = self._within(item)
        if within is None:
            return None
        if said.unit == "same":
            if self.told is None or (self.told.unit not in MONTHS and self.told.unit != "day"):
                return within
            years = within.period.first.year - self.told.first.year
            return within._replace(period=Period(self.told.unit, add_months(self.told.first, 12 * years)))
        number = said.number or 1
        outer = within.period
        if said.unit == "nth-weekday":
            day = nth_weekday(said.weekday or 1, number, outer)
            return within._replace(period=Period("day", day)) if day else None
        unit = said.unit.removeprefix("nth-")
        if number < 0:
            inner = period(unit, outer.last)
            if (
                unit == "week"
                and inner.last > outer.last
                and outer.unit != "week"
                and inner.first + dt.timedelta(3) > outer.last
            ):
                inner = inner.shifted(-1)
            inner = inner.shifted(number + 1)
        else:
            inner = period(unit, outer.first)
            if unit == "week" and inner.first + dt.timedelta(3) < outer.first:
                inner = inner.shifted(1)
            inner = inner.shifted(number - 1)
        return within._replace(period=inner) if outer.first <= inner.last and inner.first <= outer.last else None

    def _within(self, item: Found) -> Place | None:
        if item.said.within is None:
            return None
        inner = Found(item.first, item.stop, item.said.within)
        if item.said.within.form == "length":
            return None
        return self._place(inner)

    def _time_of_day(self, item: Found) -> Place | None:
        """A bare time: on the day just told of in the same sentence, else on the day of publication."""
        told, day = self.told, self.reference.world_day
        if told and told.unit == "day" and "." not in self.lexed.text[self.told_at : item.said.span.start].rstrip("."):
            return Place(told, "narrative", self.told_flags)
        return Place(Period("day", day), "document") if day else None

    def _deictic(self, item: Found) -> Place | None:
        if item.said.base == "either" and item.said.clock:
            return self._time_of_day(item)
        said, base = item.said, self._base(item.said)
        if said.within:
            base = self._within(item)
        if said.base == "either" and said.unit in ("quarter", "month") and not said.within:
            return self._the_unit(said)
        if base is None:
            return None
        if isinstance(base, int):
            if said.unit not in ("year", "decade", "century"):
                return None
            return self._by_year(period(said.unit, dt.date(base, 1, 1)).shifted(said.relation or 0))
        unit = "day" if said.unit == "night" else said.unit
        if (
            unit == "weekend"
            and said.base == "either"
            and base.period.unit == "day"
            and base.period.first.isoweekday() < 6
        ):
            # "Over the weekend", said on a Monday, is the one just past.
            past = tense.direction(self.lexed, item.first, item.stop) <= 0
            return base._replace(period=period(unit, base.period.first).shifted(-1 if past else 0))
        flags = base.flags
        in_review = base.period.unit == "day" and base.period.first.month <= 3 and base.basis == "document"
        if unit == "year" and said.base == "either" and in_review:
            if tense.direction(self.lexed, item.first, item.stop) < 0:
                flags = (Flag("ambiguous-date", "said early in a year: the year just past or the new one"),)
        return Place(period(unit, base.period.first).shifted(said.relation or 0), base.basis, flags)

    def _the_unit(self, said: Expression) -> Place | None:
        """For "the quarter" and "the month" the one last told of; else that of publication, with a doubt."""
        if told := self.told_by_unit.get(said.unit):
            return told._replace(basis="narrative")
        if not self.reference.day:
            return None
        flag = Flag("ambiguous-date", f"no {said.unit} was told of before; the one of publication is given")
        return Place(period(said.unit, self.reference.day), "document", (flag,))

    def _shift(self, item: Found) -> Place | None:
        said = item.said
        base: Place | int | None
        if said.within and said.within.form != "reference":
            base = self._within(item)
        elif said.within:
            base = self._document()
        else:
            base = self._base(said)
        if base is None:
            return None
        steps = (said.relation or 1) * (said.count or Decimal(0))
        unit = said.unit
        if isinstance(base, int):
            if unit != "year" or steps != int(steps):
                return None
            return self._by_year(Period("year", dt.date(base + int(steps), 1, 1)))
        if unit in CLOCK_UNITS:
            return base if base.period.unit == "day" else None
        if said.name:
            return self._year_before(said)
        return base._replace(period=_stepped(base.period, unit, steps))

    def _year_before(self, said: Expression) -> Place | None:
        """The year-earlier quarter: a year before the quarter last told of."""
        told = self.told_by_unit.get(said.name) if said.name != "period" else self._narrative(said)
        if told is None:
            return None
        return told._replace(period=Period(told.period.unit, add_months(told.period.first, -12)), basis="narrative")

    def _length(self, item: Found) -> Resolved:
        said = item.said
        value = duration(said.unit, said.count)
        if said.until:
            value = _compound(said)
        first = last = None
        day = self.reference.day
        basis: DateBasis = "none"
        if day and said.relation and said.count is not None and said.unit not in CLOCK_UNITS:
            try:
                if said.relation < 0:
                    first, last = (
                        _stepped(Period("day", day), said.unit, -said.count, exact=True).first,
                        day - dt.timedelta(1),
                    )
                else:
                    first = day + dt.timedelta(1)
                    last = _stepped(Period("day", day), said.unit, said.count, exact=True).first
                basis = "document"
            except (ValueError, OverflowError):
                first = last = None
        return Resolved(DateValue(said.timex, value, first, last, basis))

    def _fiscal(self, said: Expression) -> Resolved:
        """A fiscal year counted from now: only its name, flagged, as a company's year need not be the calendar's."""
        base = self._document()
        year = base.period.first.year if base else self.reference.year
        if year is None or said.unit != "year":
            return unresolved(said, Flag("unresolved-date", "whose fiscal year and when it ends are not said"))
        value = DateValue("DATE", f"FY{year + (said.relation or 0)}", None, None, "document")
        return Resolved(value, (Flag("ambiguous-date", "when the fiscal year ends is not said"),), 0.6)

    # References ---------------------------------------------------------------------------------------------

    def _document(self) -> Place | None:
        return Place(Period("day", self.reference.day), "document") if self.reference.day else None

    def _by_year(self, found: Period) -> Place:
        flags = (self.reference.doubt,) if self.reference.doubt else ()
        return Place(found, "narrative", flags)

    def _narrative(self, said: Expression) -> Place | None:
        if self.told is None or said.span.start - self.told_at > NARRATIVE_REACH:
            return None
        return Place(self.told, "narrative", self.told_flags)

    def _base(self, said: Expression) -> Place | int | None:
        """What a relative expression counts from: a period, or only a year."""
        narrative = self._narrative(said)
        document = self._document() or self.reference.year
        if said.base == "narrative":
            return narrative or document
        if said.base == "either" and narrative and self._is_near(narrative):
            return narrative
        return document or (narrative if said.base == "either" else None)

    def _is_near(self, narrative: Place) -> bool:
        """Whether "the year" is rather the one just told of than the year of publication."""
        return self.reference.day is None and narrative.period.unit != "decade"

    def _recurring(self, item: Found, make: Callable[[int], Period]) -> Place | None:
        """A date, month, quarter, season or holiday without its year: the nearest one that fits the tense."""
        said, day = item.said, self.reference.day
        if day is None:
            if self.reference.year is None or said.relation:
                return None
            return self._by_year(make(self.reference.year))
        choices = []
        for year in range(day.year - 1, day.year + 2):
            try:
                choices.append(make(year))
            except ValueError:
                continue
        if not choices:
            raise ValueError("no such day")
        told = tense.evidence(self.lexed, item.first, item.stop)
        return Place(*_chosen(choices, day, said.relation, told))

    def _weekday(self, item: Found) -> Place | None:
        said, number = item.said, item.said.number or 1
        if said.within and said.within.form == "calendar":
            return self._place(Found(item.first, item.stop, said.within))
        if said.within:
            within = self._within(item)
            day = within and nth_weekday(number, 1, within.period)
            return within._replace(period=Period("day", day)) if within and day else None
        here = self.reference.world_day
        if here is None:
            return None
        told, distance = tense.evidence(self.lexed, item.first, item.stop)
        if self.lexed.word(item.stop) in ("'", "’") and self.lexed.word(item.stop + 1) == "s":
            told = min(told, 0)  # Wednesday's ruling
        back = (here.isoweekday() - number) % 7
        ahead = (number - here.isoweekday()) % 7
        flags: tuple[Flag, ...] = ()
        if said.relation == -1:
            day = here - dt.timedelta(back or 7)
        elif said.relation == 1:
            day = here + dt.timedelta(ahead or 7)
        elif told > 0 or (said.relation == 0 and told >= 0):
            day = here + dt.timedelta(ahead)
        else:
            day = here - dt.timedelta(back)
            if back and (told == 0 or distance > FAR):
                flags = (Flag("ambiguous-date", f"{day} or {day + dt.timedelta(7)}: no verb near it tells"),)
        return Place(Period("day", day), "document", flags)

    # Small matters ------------------------------------------------------------------------------------------

    def _fixed(self, said: Expression, value: str, basis: DateBasis) -> Resolved:
        first, last = days(value) or (None, None)
        return Resolved(DateValue(said.timex, value, first, last, basis))

    def _opens_sentence(self, item: Found) -> bool:
        return self.lexed.word(item.first)[:1].isupper() and self.lexed.word(item.stop) == ","

    def _missing(self) -> str:
        if self.reference.doubt and self.reference.day is None:
            return self.reference.doubt.evidence
        if self.reference.day is None:
            return "the text is undated"
        return "what it counts from is not said"


def unresolved(said: Expression, flag: Flag) -> Resolved:
    """An honest blank."""
    return Resolved(DateValue(said.timex, "", None, None, "none"), (flag,), 0.5)


def duration(unit: str, count: Decimal | None) -> str:
    """A TIMEX3 duration: ``P2W``, ``PT30M``, ``PXY`` for an unsaid number.

    >>> duration("quarter", Decimal(2))
    'P6M'
    """
    letter, size = DURATIONS[unit]
    time = "T" if unit in CLOCK_UNITS else ""
    if count is None:
        return f"P{time}X{letter}"
    number = count * size
    if number != int(number) and unit in ("hour", "year", "minute") and int(number * 60) == number * 60:
        smaller = {"hour": ("M", 60), "year": ("M", 12), "minute": ("S", 60)}[unit]
        whole, rest = int(number), (number - int(number)) * smaller[1]
        if rest == int(rest):
            return f"P{time}" + (f"{whole}{letter}" if whole else "") + f"{int(rest)}{smaller[0]}"
    return f"P{time}{_plain(number)}{letter}"


def _compound(said: Expression) -> str:
    assert said.until is not None
    a, b = duration(said.unit, said.count), duration(said.until.unit, said.until.count)
    if a.startswith("PT"):
        return a + b.removeprefix("PT")
    return a + b.removeprefix("P")


def _plain(number: Decimal) -> str:
    return str(int(number)) if number == int(number) else f"{number.normalize():f}"


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _calendar_period(said: Expression, year: int) -> Period:
    if said.month is None:
        return Period("year", dt.date(year, 1, 1))
    if said.day is None:
        return Period("month", dt.date(year, said.month, 1))
    return Period("day", dt.date(year, said.month, said.day))


def _cycle_period(said: Expression, year: int) -> Period:
    number = said.number or 1
    if said.unit == "holiday":
        return Period("day", _holiday(said.name, year))
    if said.unit == "season":
        return Period("season", dt.date(year, SEASONS[said.name], 1))
    return Period(said.unit, dt.date(year, (number - 1) * MONTHS[said.unit] + 1, 1))


def _holiday(name: str, year: int) -> dt.date:
    rule = HOLIDAYS[name]
    if "easter" in rule:
        return easter(year) + dt.timedelta(rule["easter"])
    if "lunar" in rule:
        if year not in CHINESE_NEW_YEAR:
            raise ValueError(f"no Chinese New Year known for {year}")
        return CHINESE_NEW_YEAR[year] + dt.timedelta(rule["lunar"])
    if "day" in rule:
        return dt.date(year, rule["month"], rule["day"])
    month = Period("month", dt.date(year, rule["month"], 1))
    day = nth_weekday(rule["weekday"], rule["number"], month)
    assert day is not None
    return day + dt.timedelta(rule.get("plus", 0))


def _distance(candidate: Period, day: dt.date) -> int:
    if candidate.first <= day <= candidate.last:
        return 0
    return min(abs((candidate.first - day).days), abs((candidate.last - day).days))


def _chosen(
    choices: Sequence[Period], day: dt.date, relation: int | None, told: tense.Evidence
) -> tuple[Period, DateBasis, tuple[Flag, ...]]:
    """Of a date's occurrences in neighbouring years, the one meant on ``day``.

    The nearest, unless the tense speaks so clearly against it that one further off is likelier.
    """
    if relation == -1:
        return next((c for c in reversed(choices) if c.last < day), choices[0]), "document", ()
    if relation == 1:
        return next((c for c in choices if c.first > day), choices[-1]), "document", ()
    if relation == 0:
        return min(choices, key=lambda c: (c.first.year != day.year, _distance(c, day))), "document", ()

    if len(choices) == 1:
        return choices[0], "document", ()
    penalty = AGAINST_CLOSE_TENSE if told.distance <= CLOSE else AGAINST_TENSE
    penalty //= 2 if choices[0].unit in ("quarter", "half") else 1

    def cost(choice: Period) -> int:
        against = (told.sign < 0 and choice.first > day) or (told.sign > 0 and choice.last < day)
        return _distance(choice, day) + (penalty if against else 0)

    best, second = sorted(choices, key=cost)[:2]
    flags: tuple[Flag, ...] = ()
    overruled = _distance(best, day) > _distance(second, day) and told.distance > CLOSE
    if overruled or cost(second) - cost(best) < CLEAR_MARGIN:
        flags = (Flag("ambiguous-date", f"{best.value} or {second.value}: neither tense nor nearness decides"),)
    return best, "document", flags


def _stepped(base: Period, unit: str, steps: Decimal, *, exact: bool = False) -> Period:
    """The period of that unit so many units away; to the day where ``exact``."""
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
