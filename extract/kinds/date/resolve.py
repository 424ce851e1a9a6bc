"""From what was said to a TIMEX3 value and its days, with what that rests on and what is in doubt."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from extract.kinds.date import fiscal, tense
from extract.kinds.date.calendar import Period, days, period, stepped
from extract.kinds.date.comparison import a_year_before, compares
from extract.kinds.date.compose import Found
from extract.kinds.date.duration import CLOCK_UNITS, compound, duration
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CONTEXT, Lexed
from extract.kinds.date.narrative import REACH, Place
from extract.kinds.date.places import Places
from extract.kinds.date.recurrence import CLOSE
from extract.kinds.date.reference import Reference
from extract.model import DateBasis, DateValue, Flag

# A verb at most so many tokens from "today" tells what happened on that day.
BESIDE = 3
# So far back, in code points, a quotation that is still open may have begun.
LONGEST_PARAGRAPH = 1000


class Resolved(NamedTuple):
    """The value of an expression, the flags it earns, and how sure the reading is (0 to 1)."""

    value: DateValue
    flags: tuple[Flag, ...] = ()
    confidence: float = 0.95


@dataclass(slots=True)
class Resolver:
    """Resolves the expressions of one text in order; ``own_quarters`` are the quarters said to end on a day."""

    lexed: Lexed
    reference: Reference
    where: Places = field(init=False)
    own_quarters: dict[tuple[str, int | None], Resolved] = field(default_factory=dict)
    calls_its_day: bool = False

    def __post_init__(self) -> None:
        self.where = Places(self.lexed, self.reference)

    def resolve(self, item: Found) -> Resolved:
        """The value of an expression. What it means is remembered for those after it."""
        found = self._resolved(item)
        within = item.said.within.value if item.said.within and item.said.form == "length" else ""
        for value in (found.value.value, within):
            if value.startswith("FY") and not compares(self.lexed, item):
                self.where.told.note_fiscal(value, item.said.span.end)
        return found

    def _resolved(self, item: Found) -> Resolved:
        said = item.said
        if said.form == "set":
            return self._fixed(said, said.value or duration(said.unit, said.count), "none")
        if said.form == "reference":
            return self._at_the_time(said) if said.base == "narrative" else self._fixed(said, said.value, "none")
        if said.value:
            return self._fixed(said, said.value, "explicit")
        if said.form == "shift" and said.count is None:
            vague = "PAST_REF" if (said.relation or 0) < 0 else "FUTURE_REF"
            return self._fixed(said, vague, "none")
        try:
            if before := a_year_before(self.lexed, item, self.where.told):
                return Resolved(before, (), 0.8)
            if found := self._own_quarter(item) or self._fiscal(item):
                return found
            if said.form == "length" or (said.edge == "ended" and not self._is_calendar_unit(item)):
                return self._length(item)
            place = self.where.place(item)
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
        weekday = said.number if said.unit == "weekday" and said.within and said.within.day else said.weekday
        if weekday and place.period.unit == "day" and place.period.first.isoweekday() != weekday:
            flags.append(Flag("impossible-date", f"{place.period.first} is a {place.period.first:%A}"))
        if said.doubtful:
            flags.append(Flag("ambiguous-date", said.doubtful))
        if said.name == "today" and said.timex == "DATE" and self._may_be_nowadays(item):
            flags.append(Flag("ambiguous-date", "the day of publication, which the text calls otherwise, or nowadays"))
        day = self.reference.day
        bounded = self.lexed.word(item.first - 1).lower() in ("through", "to", "until", "ending", "ended")
        if day and said.day and first > day + dt.timedelta(1) and place.basis == "explicit" and not bounded:
            told = tense.direction(self.lexed, item.first, item.stop)
            if told < 0:
                flags.append(Flag("after-publication", f"told as past, but published {day}"))
        if not compares(self.lexed, item):
            self.where.told.note(place, said.span.end)
        value = place.period.value
        if said.clock or said.part:
            value += said.clock or said.part
        confidence = {"explicit": 0.98, "document": 0.9, "narrative": 0.8}.get(place.basis, 0.7) - 0.2 * bool(flags)
        return Resolved(DateValue(said.timex, value, first, last, place.basis), tuple(flags), round(confidence, 2))

    def _may_be_nowadays(self, item: Found) -> bool:
        """Whether "today" stands outside quotation marks in a text that calls its own day by its weekday."""
        told = tense.evidence(self.lexed, item.first, item.stop)
        if not self.calls_its_day or (told.sign and told.distance <= BESIDE):
            return False
        text, at = self.lexed.text, item.said.span.start
        start = max(at - LONGEST_PARAGRAPH, 0)
        paragraph = text[max(text.rfind("\n", start, at), start) : at]
        return paragraph.count('"') % 2 == 0 and paragraph.count("“") <= paragraph.count("”")

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
        told = self.where.told.near(said.span.start)
        if told is None or told.period.last > (self.reference.day or dt.date.max):
            return self._fixed(said, said.value, "none")
        flag = Flag("ambiguous-date", "taken to be the time last told of")
        value = DateValue("DATE", told.period.value, told.period.first, told.period.last, "narrative")
        return Resolved(value, (flag,), 0.6)

    def _length(self, item: Found) -> Resolved:
        """A duration, with the days it covers where the text says from or to when."""
        said = item.said
        count = said.count if said.form == "length" else Decimal(1)
        value = compound(said) if said.until else duration(said.unit, count)
        try:
            place = self._covered(item)
        except (ValueError, OverflowError):
            place = None
        flags = (Flag("ambiguous-date", said.doubtful),) if said.doubtful else ()
        if place is None:
            return Resolved(DateValue("DURATION", value, None, None, "none"), flags)
        first, last = place.period.first, place.end or place.period.last
        return Resolved(DateValue("DURATION", value, first, last, place.basis), place.flags)

    def _covered(self, item: Found) -> Place | None:
        """Where a counted period lies: in a larger one, up to a day, or next to the day of publication."""
        said, day = item.said, self.reference.day
        count = said.count or Decimal(1)
        if said.unit in CLOCK_UNITS or (said.count is None and said.form == "length"):
            return None
        if said.within:
            within = None if said.within.value else self.where.within(item)
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
        """The day that "in two months" leads to, where that is told as to come or nothing says otherwise."""
        said, count = item.said, item.said.count
        ahead, distance, split = tense.evidence(self.lexed, item.first, item.stop)
        alone = self.lexed.word(item.first - 1).lower() == "in" and not said.until
        opens = ahead == 0 and tense.starts_sentence(self.lexed, item.first - 1)
        told = ahead > 0 and not split and distance <= CLOSE
        if not alone or count is None or not (told or opens):
            return None
        return Place(stepped(Period("day", day), said.unit, count, exact=True), "document")

    def _is_calendar_unit(self, item: Found) -> bool:
        """Whether the day a period ended is the last of a calendar unit: the quarter ended March 31."""
        try:
            within = self.where.within(item)
        except (ValueError, OverflowError):
            return False
        return within is not None and period(item.said.unit, within.period.last).last == within.period.last

    def _fiscal(self, item: Found) -> Resolved | None:
        """A fiscal period by its name; flagged where its year is counted from publication."""
        said, within = item.said, item.said.within
        if said.form == "length":
            return None
        named = "fiscal" in (said.name, within and within.name) or (within and within.value.startswith("FY"))
        if not named and not self._counts_fiscal_years(said):
            return None
        if said.form == "cycle" and within and (within.value or within.year):
            return self._fixed(said, fiscal.value(said, within.value or f"FY{within.year:04}"), "explicit")
        if said.form == "deictic" and said.base == "narrative" and self.where.told.fiscal:
            value = fiscal.earlier(self.where.told.fiscal[0][:6], -(said.relation or 0))
            return Resolved(DateValue("DATE", value, None, None, "narrative"), (), 0.8)
        day = self.reference.day
        if said.unit not in ("year", "quarter", "half") or not (day or self.reference.year):
            return unresolved(said, Flag("unresolved-date", "whose fiscal year and when it ends are not said"))
        if said.form == "cycle" and day:
            value = fiscal.value(said, f"FY{fiscal.likely_year(said, day) + ((within and within.relation) or 0):04}")
        elif said.unit == "year":
            value = f"FY{(day.year if day else self.reference.year or 0) + (said.relation or 0):04}"
        else:
            return unresolved(said, Flag("unresolved-date", "whose fiscal quarter and when it ends are not said"))
        flag = Flag("ambiguous-date", "when the fiscal year ends is not said")
        return Resolved(DateValue("DATE", value, None, None, "document"), (flag,), 0.6)

    def _counts_fiscal_years(self, said: Expression) -> bool:
        """Whether it counts from a fiscal year, the one last named: "in fiscal 2011 … the previous year"."""
        told = self.where.told
        if told.fiscal is None or said.form != "deictic" or (said.unit, said.base) != ("year", "narrative"):
            return False
        at = told.fiscal[1]
        return said.span.start - at <= REACH and (told.last is None or told.last.at <= at)

    def learn(self, items: Sequence[Found]) -> None:
        """Take note of the company's own quarters that the text says the end of, for headlines speak of them first.

        And of whether the text calls the day of its publication by the weekday.
        """
        day = self.reference.day
        self.calls_its_day = day is not None and any(
            item.said.unit == "weekday" and item.said.number == day.isoweekday() for item in items
        )
        for item in items:
            with suppress(ValueError, OverflowError):
                ended = self._ended_quarter(item)
                if ended and ended.value.value.startswith("FY"):
                    self.own_quarters[item.said.unit, item.said.number] = ended

    def _ended_quarter(self, item: Found) -> Resolved | None:
        """A quarter or half said by the day it ended."""
        said = item.said
        if said.form != "cycle" or said.edge != "ended" or (place := self.where.within(item)) is None:
            return None
        value, first = fiscal.ended(said, place.period.last)
        return Resolved(DateValue("DATE", value, first, place.period.last, place.basis), place.flags)

    def _own_quarter(self, item: Found) -> Resolved | None:
        """A quarter or half that is a company's own: said by the day it ended, here or elsewhere in the text."""
        said, day = item.said, self.reference.day
        if said.form != "cycle" or said.unit not in ("quarter", "half"):
            return None
        if ended := self._ended_quarter(item):
            return ended
        if said.within and said.within.edge == "ended" and said.within.within:
            year = self.where.place(Found(item.first, item.stop, said.within.within))
            if year is None or year.period.last.month in (12, 6 if said.unit == "half" else 12):
                return None
            value = fiscal.value(said, f"FY{year.period.last.year:04}")
            return Resolved(DateValue("DATE", value, None, None, year.basis), year.flags)
        if said.within or said.relation is not None or day is None or said.name:
            return None
        if own := self.own_quarters.get((said.unit, said.number)):
            return own._replace(value=replace(own.value, basis="narrative"), confidence=0.8)
        place = self.where.recurring(item)
        ahead = any(self.lexed.word(i).lower() in CONTEXT["outlooks"] for i in range(item.stop, item.stop + 4))
        if place is None or place.period.first <= day or ahead:
            return None
        if tense.direction(self.lexed, item.first, item.stop) >= 0:
            return None
        flag = Flag("ambiguous-date", f"told as past before {place.period.value} began: rather a fiscal one")
        value = fiscal.value(said, f"FY{fiscal.likely_year(said, day):04}")
        return Resolved(DateValue("DATE", value, None, None, "document"), (flag,), 0.6)

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
