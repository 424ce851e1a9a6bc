"""From what was said to which days it means, with what that rests on.

Relative expressions count from the day of publication, from the time the narrative has reached, or from the year
the story is told in (reference.py). Nothing here knows today's date.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from extract.kinds.date import fiscal, tense
from extract.kinds.date.calendar import MONTHS, Period, add_months, days, nth_weekday, period, stepped
from extract.kinds.date.compose import Found
from extract.kinds.date.duration import CLOCK_UNITS, compound, duration
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CONTEXT, Lexed
from extract.kinds.date.narrative import REACH, Narrative, Place
from extract.kinds.date.recurrence import CLOSE, chosen, monthday_meant, occurrence, weekday_meant
from extract.kinds.date.reference import Reference
from extract.model import DateBasis, DateValue, Flag


class Resolved(NamedTuple):
    """The value of an expression, the flags it earns, and how sure the reading is (0 to 1)."""

    value: DateValue
    flags: tuple[Flag, ...] = ()
    confidence: float = 0.95


# The words between the ends of a range, in code points at most: " and the end of ".
LONGEST_LINK = 16


@dataclass(slots=True)
class Resolver:
    """Resolves the expressions of one text in order, remembering what was told."""

    lexed: Lexed
    reference: Reference
    told: Narrative = field(default_factory=Narrative)
    own_quarters: dict[tuple[str, int | None], Resolved] = field(default_factory=dict)

    def resolve(self, item: Found) -> Resolved:
        """The value of an expression. What it means is remembered for those after it."""
        said = item.said
        if said.form == "set":
            return self._fixed(said, said.value or duration(said.unit, said.count), "none")
        if said.form == "reference":
            return self._at_the_time(said) if said.base == "narrative" else self._fixed(said, said.value, "none")
        if said.value:
            if said.value.startswith("FY"):
                self.told.fiscal_year = int(said.value[2:]), said.span.end
            return self._fixed(said, said.value, "explicit")
        if said.form == "cycle" and said.unit in ("quarter", "half") and (own := self._own_quarter(item)):
            return own
        if "fiscal" in (said.name, said.within and said.within.name) or (said.within and said.within.value[:2] == "FY"):
            return self._fiscal(item)
        if said.base == "narrative" and self._counts_fiscal_years(said):
            return self._fiscal(item)
        if said.form == "length" or (said.edge == "ended" and not self._is_calendar_unit(item)):
            return self._length(item)
        if said.form == "shift" and said.count is None:
            vague = "PAST_REF" if (said.relation or 0) < 0 else "FUTURE_REF"
            return self._fixed(said, vague, "none")
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
        first, last = place.period.edge(said.edge)
        if said.until and said.form != "length":
            end = self._until(said, place)
            if end is None or end.last < place.period.first:
                flags.append(Flag("impossible-date", "the range ends before it starts"))
            else:
                last = end.last
        if said.weekday and said.day and place.period.first.isoweekday() != said.weekday:
            flags.append(Flag("impossible-date", f"{place.period.first} is a {place.period.first:%A}"))
        if said.doubtful:
            flags.append(Flag("ambiguous-date", said.doubtful))
        day = self.reference.day
        bounded = self.lexed.word(item.first - 1).lower() in ("through", "to", "until", "ending", "ended")
        if day and said.day and first > day + dt.timedelta(1) and place.basis == "explicit" and not bounded:
            told = tense.direction(self.lexed, item.first, item.stop)
            if told < 0:
                flags.append(Flag("after-publication", f"told as past, but published {day}"))
        self.told.note(place, said.span.end)
        value = place.period.value
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

    def _at_the_time(self, said: Expression) -> Resolved:
        """At the time: what was told of just before, a guess; else some time past."""
        told = self.told.near(said.span.start)
        if told is None or told.period.last > (self.reference.day or dt.date.max):
            return self._fixed(said, said.value, "none")
        flag = Flag("ambiguous-date", "taken to be the time last told of")
        value = DateValue("DATE", told.period.value, told.period.first, told.period.last, "narrative")
        return Resolved(value, (flag,), 0.6)

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
            return Place(occurrence(said, said.year), "explicit")
        if said.within:
            within = self._within(item)
            return within and Place(occurrence(said, within.period.first.year), within.basis, within.flags)
        return self._recurring(item)

    def _cycle(self, item: Found) -> Place | None:
        said = item.said
        if said.unit == "weekday":
            return self._weekday(item)
        if said.unit == "same":
            return self._same(item)
        if said.unit.startswith("nth-"):
            return self._part(item)
        if said.unit == "monthday" and self.reference.day:
            evidence = tense.evidence(self.lexed, item.first, item.stop)
            found = monthday_meant(said.number or 1, self.reference.day, evidence)
            return found and Place(found[0], "document", found[1])
        if said.unit in ("own-quarter", "monthday"):
            return None
        if said.within:
            within = self._within(item)
            return within and Place(occurrence(said, within.period.first.year), within.basis, within.flags)
        return self._recurring(item)

    def _part(self, item: Found) -> Place | None:
        """The second week, the last Friday: of a period that is itself resolved."""
        said, within = item.said, self._within(item)
        if within is None:
            return None
        number, outer = said.number or 1, within.period
        if said.unit == "nth-weekday":
            day = nth_weekday(said.weekday or 1, number, outer)
            return within._replace(period=Period("day", day)) if day else None
        unit = said.unit.removeprefix("nth-")
        # A week belongs to the period that its Thursday lies in (ISO 8601).
        margin = dt.timedelta(3 if unit == "week" else 0)
        if unit == "half":
            return within
        if number > 0:
            inner = period(unit, outer.first + margin).shifted(number - 1)
        else:
            inner = period(unit, outer.last - margin).shifted(number + 1)
        return within._replace(period=inner) if outer.first <= inner.last and inner.first <= outer.last else None

    def _same(self, item: Found) -> Place | None:
        """The same period of another year: what was last told of, as many years away."""
        within, last = self._within(item), self.told.last
        told = last and last.place.period
        if last is None or told is None or (told.unit not in MONTHS and told.unit != "day"):
            return within
        if within:
            years = within.period.first.year - told.first.year
        elif item.said.within and item.said.within.form == "deictic":
            within, years = last.place._replace(basis="narrative"), item.said.within.relation or 0
        else:
            return None
        return within._replace(period=Period(told.unit, add_months(told.first, 12 * years)))

    def _within(self, item: Found) -> Place | None:
        if item.said.within is None:
            return None
        inner = Found(item.first, item.stop, item.said.within)
        if item.said.within.form == "length":
            return None
        return self._place(inner)

    def _time_of_day(self, item: Found) -> Place | None:
        """A bare time: on the day just told of in the same sentence, else on the day of publication."""
        last, day = self.told.last, self.reference.world_day
        same_sentence = last and self.lexed.text.find(".", last.at, item.said.span.start) < 0
        if last and same_sentence and last.place.period.unit == "day":
            return last.place._replace(basis="narrative")
        return Place(Period("day", day), "document") if day else None

    def _deictic(self, item: Found) -> Place | None:
        if item.said.base == "either" and item.said.timex == "TIME":
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
        midweek = base.period.unit == "day" and base.period.first.isoweekday() < 6
        if unit == "weekend" and said.relation == 0 and midweek:
            # "Over the weekend", said on a Monday, is the one just past; "this weekend" only where told as past.
            past = tense.direction(self.lexed, item.first, item.stop) <= (0 if said.base == "either" else -1)
            return base._replace(period=period(unit, base.period.first).shifted(-1 if past else 0))
        if unit in ("week", "weekend") and said.name == "this past":
            # On a Saturday or Sunday the week just past is the one that ends.
            at_end = base.period.first.isoweekday() >= 6
            return base._replace(period=period(unit, base.period.first).shifted(0 if at_end else -1))
        flags = base.flags
        in_review = base.period.unit == "day" and base.period.first.month <= 3 and base.basis == "document"
        if unit == "year" and said.base == "either" and in_review:
            told = tense.direction(self.lexed, item.first, item.stop)
            if told < 0:
                flags = (Flag("ambiguous-date", "said early in a year: the year just past or the new one"),)
        return Place(period(unit, base.period.first).shifted(said.relation or 0), base.basis, flags)

    def _the_unit(self, said: Expression) -> Place | None:
        """For "the quarter" and "the month" the one last told of; else that of publication, with a doubt."""
        if told := self.told.of_unit(said.unit, said.span.start):
            return told
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
        # From a day that is named, one counts to the day.
        exact = said.within is not None and base.period.unit == "day" and said.within.form != "reference"
        return base._replace(period=stepped(base.period, unit, steps, exact=exact))

    def _year_before(self, said: Expression) -> Place | None:
        """The year-earlier quarter: a year before the quarter last told of."""
        at = said.span.start
        told = self.told.near(at) if said.name == "period" else self.told.of_unit(said.name, at)
        if told is None:
            return None
        return told._replace(period=Period(told.period.unit, add_months(told.period.first, -12)))

    def _length(self, item: Found) -> Resolved:
        """A duration, with the days it covers where the text says from or to when."""
        said = item.said
        count = said.count if said.form == "length" else Decimal(1)
        value = compound(said) if said.until else duration(said.unit, count)
        try:
            place = self._covered(item)
        except (ValueError, OverflowError):
            place = None
        if place is None:
            return Resolved(DateValue("DURATION", value, None, None, "none"))
        first, last = place.period.first, place.end or place.period.last
        return Resolved(DateValue("DURATION", value, first, last, place.basis), place.flags)

    def _covered(self, item: Found) -> Place | None:
        """Where a counted period lies: in a larger one, up to a day, or next to the day of publication."""
        said, day = item.said, self.reference.day
        count = said.count or Decimal(1)
        if said.unit in CLOCK_UNITS or (said.count is None and said.form == "length"):
            return None
        if said.within:
            within = self._within(item)
            if within is None:
                return None
            outer = within.period
            if said.edge == "start":
                end = stepped(Period("day", outer.first), said.unit, count, exact=True).first - dt.timedelta(1)
                return within._replace(end=end)
            first = stepped(Period("day", outer.last + dt.timedelta(1)), said.unit, -count, exact=True).first
            return within._replace(period=Period("day", first), end=outer.last)
        if day is None:
            return None
        if not said.relation:
            return self._reached(item, day)
        if said.unit == "quarter":  # whole ones
            here = period("quarter", day)
            start = here.shifted(-int(count) if said.relation < 0 else 1)
            stop = start.shifted(int(count))
            return Place(start, "document", end=stop.first - dt.timedelta(1))
        there = stepped(Period("day", day), said.unit, count * said.relation, exact=True)
        if said.relation < 0:
            return Place(there, "document", end=day - dt.timedelta(1))
        return Place(Period("day", day + dt.timedelta(1)), "document", end=there.first)

    def _reached(self, item: Found, day: dt.date) -> Place | None:
        """The day that "in two months" leads to, where that is told as to come."""
        said, count = item.said, item.said.count
        ahead, distance, split = tense.evidence(self.lexed, item.first, item.stop)
        alone = self.lexed.word(item.first - 1).lower() == "in" and not said.until
        if not alone or count is None or ahead <= 0 or split or distance > CLOSE:
            return None
        return Place(stepped(Period("day", day), said.unit, count, exact=True), "document")

    def _is_calendar_unit(self, item: Found) -> bool:
        """Whether the day a period ended is the last of a calendar unit: the quarter ended March 31."""
        try:
            within = self._within(item)
        except (ValueError, OverflowError):
            return False
        return within is not None and period(item.said.unit, within.period.last).last == within.period.last

    def _fiscal(self, item: Found) -> Resolved:
        """A fiscal period by its name; flagged where its year is counted from publication."""
        said, within = item.said, item.said.within
        if said.form == "cycle" and within and (within.value or within.year):
            return self._fixed(said, fiscal.value(said, within.value or f"FY{within.year}"), "explicit")
        if said.form == "deictic" and said.base == "narrative" and self.told.fiscal_year:
            value = f"FY{self.told.fiscal_year[0] + (said.relation or 0)}"
            return Resolved(DateValue("DATE", value, None, None, "narrative"), (), 0.8)
        day = self.reference.day
        if said.unit not in ("year", "quarter", "half") or not (day or self.reference.year):
            return unresolved(said, Flag("unresolved-date", "whose fiscal year and when it ends are not said"))
        if said.form == "cycle" and day:
            value = fiscal.value(said, f"FY{fiscal.likely_year(said, day) + ((within and within.relation) or 0)}")
        elif said.unit == "year":
            value = f"FY{(day.year if day else self.reference.year or 0) + (said.relation or 0)}"
        else:
            return unresolved(said, Flag("unresolved-date", "whose fiscal quarter and when it ends are not said"))
        flag = Flag("ambiguous-date", "when the fiscal year ends is not said")
        return Resolved(DateValue("DATE", value, None, None, "document"), (flag,), 0.6)

    def _counts_fiscal_years(self, said: Expression) -> bool:
        """Whether it counts from a fiscal year, the one last named: "in fiscal 2011 … the previous year"."""
        if self.told.fiscal_year is None or said.form != "deictic" or said.unit != "year":
            return False
        at = self.told.fiscal_year[1]
        return said.span.start - at <= REACH and (self.told.last is None or self.told.last.at < at)

    def _own_quarter(self, item: Found) -> Resolved | None:
        """A quarter or half that is a company's own: said by the day it ended, then or elsewhere in the text."""
        said, day = item.said, self.reference.day
        if said.edge == "ended":
            place = self._within(item)
            if place is None:
                return None
            value, first = fiscal.ended(said, place.period.last)
            found = Resolved(DateValue("DATE", value, first, place.period.last, place.basis), place.flags)
            self.own_quarters[said.unit, said.number] = found
            return found
        if said.within and said.within.edge == "ended" and said.within.within:
            year = self._place(Found(item.first, item.stop, said.within.within))
            if year is None or year.period.last.month in (12, 6 if said.unit == "half" else 12):
                return None
            value = fiscal.value(said, f"FY{year.period.last.year}")
            return Resolved(DateValue("DATE", value, None, None, year.basis), year.flags)
        if said.within or said.relation is not None or day is None or said.name:
            return None
        if own := self.own_quarters.get((said.unit, said.number)):
            return own._replace(value=replace(own.value, basis="narrative"), confidence=0.8)
        place = self._recurring(item)
        ahead = any(self.lexed.word(i).lower() in CONTEXT["outlooks"] for i in range(item.stop, item.stop + 4))
        if place is None or place.period.first <= day or ahead:
            return None
        if tense.direction(self.lexed, item.first, item.stop) >= 0:
            return None
        flag = Flag("ambiguous-date", f"told as past before {place.period.value} began: rather a fiscal one")
        value = fiscal.value(said, f"FY{fiscal.likely_year(said, day)}")
        return Resolved(DateValue("DATE", value, None, None, "document"), (flag,), 0.6)

    # References ---------------------------------------------------------------------------------------------

    def _document(self) -> Place | None:
        return Place(Period("day", self.reference.day), "document") if self.reference.day else None

    def _by_year(self, found: Period) -> Place:
        flags = (self.reference.doubt,) if self.reference.doubt else ()
        return Place(found, "narrative", flags)

    def _base(self, said: Expression) -> Place | int | None:
        """What a relative expression counts from: a period, or only a year."""
        document = self._document()
        known = document or self.reference.year
        if said.base == "document":
            return known
        near = self.told.near(said.span.start, said.unit)
        if said.base == "either":
            # "The year" of a text without a date is the one told of.
            return near if near and not document and near.period.unit != "decade" else known or near
        if near is None and self.told.near(said.span.start):
            return None  # what was told of is too coarse: "in January … the next day"
        if near is None and document and said.form == "deictic":
            doubt = Flag("ambiguous-date", "nothing told of before that it could count from but publication")
            return document._replace(flags=(doubt,))
        return near or known

    def _recurring(self, item: Found) -> Place | None:
        """A date, month, quarter, season or holiday without its year: the nearest one that fits the tense."""
        said, day = item.said, self.reference.day
        if day is None:
            if self.reference.year is None or said.relation:
                return None
            return self._by_year(occurrence(said, self.reference.year))
        choices = []
        for year in range(day.year - 1, day.year + 2):
            try:
                choices.append(occurrence(said, year))
            except ValueError:
                continue
        if not choices:
            raise ValueError("no such day")
        if (start := self._range_start(item)) and said.relation is None:
            first = start.period.first
            same_year = occurrence(said, first.year)
            return start._replace(period=same_year if same_year.first >= first else occurrence(said, first.year + 1))
        told = tense.evidence(self.lexed, item.first, item.stop)
        best, flags = chosen(choices, day, said.relation, told)
        if said.unit in ("quarter", "half") and not flags and fiscal.is_mentioned(self.lexed):
            flags = (Flag("ambiguous-date", "the text speaks of fiscal periods: it may be a fiscal one"),)
        return Place(best, "document", flags)

    def _range_start(self, item: Found) -> Place | None:
        """Where a range begins of which this is the end: "from October to March", "between April 20 and end May"."""
        last = self.told.last
        if last is None or last.place.basis != "document" or item.said.span.start - last.at > LONGEST_LINK:
            return None
        link = self.lexed.text[last.at : item.said.span.start].split()
        if link[:1] == ["to"] or link[:1] == ["through"]:
            return last.place
        opened = any(self.lexed.word(index).lower() == "between" for index in range(item.first - 6, item.first))
        return last.place if link[:1] == ["and"] and opened else None

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
        told = tense.evidence(self.lexed, item.first, item.stop)
        if self.lexed.word(item.stop) in ("'", "’") and self.lexed.word(item.stop + 1) == "s":
            told = told._replace(sign=min(told.sign, 0))  # Wednesday's ruling
        day, flags = weekday_meant(number, here, said.relation, told, next_week=said.name == "next")
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
