"""Where an expression lies: the period of the calendar it means, and what that rests on.

Relative expressions count from the day of publication, from the time the narrative has reached, or from the year
the story is told in (reference.py). Nothing here knows today's date.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from extract.kinds.date import fiscal, tense
from extract.kinds.date.calendar import MONTHS, Period, add_months, nth_weekday, period, stepped
from extract.kinds.date.compose import Found
from extract.kinds.date.duration import CLOCK_UNITS
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CONTEXT, Lexed
from extract.kinds.date.narrative import Narrative, Place
from extract.kinds.date.recurrence import CLOSE, chosen, monthday_meant, occurrence, weekday_meant
from extract.kinds.date.reference import Reference
from extract.model import Flag

# Days of the month: before this one nobody says "late", from this one nobody says "early" of what is to come.
LATE, EARLY = 15, 15
LONGEST_APPROXIMATION = 24
THURSDAY = 4
# So many months at most lie between two told of together: "in June and July".
LISTED = 3
# The words between the ends of a range, in code points at most: " and the end of ".
LONGEST_LINK = 16


@dataclass(slots=True)
class Places:
    """Finds the places of a text's expressions, in order; ``told`` remembers those already found."""

    lexed: Lexed
    reference: Reference
    told: Narrative = field(default_factory=Narrative)
    tells_of_fiscal_periods: bool = field(init=False)

    def __post_init__(self) -> None:
        self.tells_of_fiscal_periods = fiscal.is_mentioned(self.lexed)

    def place(self, item: Found) -> Place | None:
        """Where it lies; None where that is not said. Raises ValueError or OverflowError where there is no such day."""
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
            within = self.within(item)
            return within and Place(occurrence(said, within.period.first.year), within.basis, within.flags)
        return self.recurring(item)

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
            within = self.within(item)
            return within and Place(occurrence(said, within.period.first.year), within.basis, within.flags)
        return self.recurring(item)

    def _part(self, item: Found) -> Place | None:
        """The second week, the last Friday: of a period that is itself resolved."""
        said, within = item.said, self.within(item)
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
        within, last = self.within(item), self.told.last
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

    def within(self, item: Found) -> Place | None:
        """The place of the period it is part of, if that is said. Raises as ``place``."""
        if item.said.within is None:
            return None
        inner = Found(item.first, item.stop, item.said.within)
        if item.said.within.form == "length":
            return None
        return self.place(inner)

    def _time_of_day(self, item: Found) -> Place | None:
        """A bare time: on the day just told of in the same sentence, else on the day of publication."""
        last, day = self.told.last, self.reference.world_day
        same_sentence = last and self.lexed.text.find(".", last.at, item.said.span.start) < 0
        if last and same_sentence and last.place.period.unit == "day":
            return last.place._replace(basis="narrative")
        near = self.told.near(item.said.span.start, "day")
        flags: tuple[Flag, ...] = ()
        if near and item.said.timex == "DATE" and near.period.first != day:
            flags = (Flag("ambiguous-date", f"the day of publication, or {near.period.value}, told of before"),)
        return Place(Period("day", day), "document", flags) if day else None

    def _deictic(self, item: Found) -> Place | None:
        if item.said.base == "either" and (item.said.timex == "TIME" or item.said.unit == "day"):
            return self._time_of_day(item)
        if item.said.relation and (apposed := self._apposed(item)):
            return apposed
        said, base = item.said, self._base(item.said)
        if said.within:
            base = self.within(item)
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
            return self._weekend(item, base)
        if unit in ("week", "weekend") and said.name == "this past":
            # On a Saturday or Sunday the week just past is the one that ends.
            at_end = base.period.first.isoweekday() >= 6
            return base._replace(period=period(unit, base.period.first).shifted(0 if at_end else -1))
        flags = base.flags
        at_weekend = base.period.unit == "day" and base.period.first.isoweekday() >= 6
        if unit == "week" and said.relation == 0 and at_weekend and base.basis == "document":
            return self._week_at_weekend(item, period(unit, base.period.first))
        in_review = base.period.unit == "day" and base.period.first.month <= 3 and base.basis == "document"
        if unit == "year" and said.base == "either" and in_review:
            told = tense.evidence(self.lexed, item.first, item.stop)
            if told.sign < 0 or told.split:
                flags = (Flag("ambiguous-date", "said early in a year: the year just past or the new one"),)
        return Place(period(unit, base.period.first).shifted(said.relation or 0), base.basis, flags)

    def _weekend(self, item: Found, base: Place) -> Place:
        """The weekend, said on a weekday: on a Monday the one just past, on a Friday rather the one to come.

        "This weekend" is past only where told so.
        """
        sign, day = tense.direction(self.lexed, item.first, item.stop), base.period.first
        late, plain = day.isoweekday() >= THURSDAY, item.said.base == "either"
        past = sign <= (-1 if late or not plain else 0)
        found = period("weekend", day).shifted(-1 if past else 0)
        doubt = Flag("ambiguous-date", f"{found.value} or the one {'before' if late else 'after'} it")
        return base._replace(period=found, flags=(doubt,) if plain and sign == 0 and day.isoweekday() > 1 else ())

    def _week_at_weekend(self, item: Found, ending: Period) -> Place:
        """The week, said on a Saturday or Sunday: the one that ends, or where told as to come the one that begins."""
        told = tense.evidence(self.lexed, item.first, item.stop)
        if told.sign > 0 and not told.split:
            return Place(ending.shifted(1), "document")
        doubt = Flag("ambiguous-date", f"{ending.value}, which ends, or the one that begins")
        return Place(ending, "document", () if told.sign < 0 else (doubt,))

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
            base = self.within(item)
        elif said.within:
            base = self.document()
        else:
            base = self._base(said)
        if base is None:
            return None
        if apposed := self._apposed(item):
            return apposed
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

    def _apposed(self, item: Found) -> Place | None:
        """In "on June 9, nearly five years later," it is the day named; so too in "on Christmas the previous day,"."""
        last = self.told.last
        if last is None or item.said.base != "narrative" or self.lexed.word(item.stop) not in (",", ".", "\n", ""):
            return None
        link = self.lexed.text[last.at : item.said.span.start]
        if len(link) > LONGEST_APPROXIMATION or not CONTEXT["nearly"].issuperset(link.removeprefix(",").split()):
            return None
        return last.place._replace(basis="narrative")

    def _year_before(self, said: Expression) -> Place | None:
        """The year-earlier quarter: a year before the quarter last told of."""
        at = said.span.start
        told = self.told.near(at) if said.name == "period" else self.told.of_unit(said.name, at)
        if told is None:
            return None
        return told._replace(period=Period(told.period.unit, add_months(told.period.first, -12)))

    def document(self) -> Place | None:
        """The day of publication."""
        return Place(Period("day", self.reference.day), "document") if self.reference.day else None

    def _by_year(self, found: Period) -> Place:
        flags = (self.reference.doubt,) if self.reference.doubt else ()
        return Place(found, "narrative", flags)

    def _base(self, said: Expression) -> Place | int | None:
        """What a relative expression counts from: a period, or only a year."""
        document = self.document()
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

    def recurring(self, item: Found) -> Place | None:
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
        if self.lexed.word(item.first - 1).lower() == "since":
            choices = [choice for choice in choices if choice.first <= day]
        if not choices:
            raise ValueError("no such day")
        if (start := self._range_start(item)) and said.relation is None:
            first = start.period.first
            same_year = occurrence(said, first.year)
            return start._replace(period=same_year if same_year.first >= first else occurrence(said, first.year + 1))
        told = tense.evidence(self.lexed, item.first, item.stop)
        best, flags = chosen(choices, day, said.relation, told)
        if years := self._off_edge(item, best, day, told.sign):
            other = occurrence(said, best.first.year + years)
            if told.distance <= CLOSE:
                best = other
            else:
                flags = (Flag("ambiguous-date", f"{best.value} or {other.value}: the verb stands far off"),)
        if said.unit in ("quarter", "half") and not flags:
            results = {self.lexed.word(index).lower() for index in range(item.stop, item.stop + 3)} & CONTEXT["results"]
            if self.tells_of_fiscal_periods:
                flags = (Flag("ambiguous-date", "the text speaks of fiscal periods: it may be a fiscal one"),)
            elif told.sign < 0 and results and best.first <= day <= best.last:
                flags = (Flag("ambiguous-date", f"results, but {best.value} was not over: it may be a fiscal one"),)
        return Place(best, "document", flags)

    def _off_edge(self, item: Found, found: Period, day: dt.date, sign: int) -> int:
        """-1 for "late May", told as past on the 5th of May; 1 for "early May", told as to come on the 25th."""
        if found.unit != "month" or not found.first <= day <= found.last:
            return 0
        word = item.said.edge or self.lexed.word(item.first).lower()
        if word in ("late", "end") and sign < 0 and day.day < LATE:
            return -1
        return 1 if word in ("early", "start") and sign > 0 and day.day > EARLY else 0

    def _range_start(self, item: Found) -> Place | None:
        """Where a range begins of which this is the end: "from October to March", "between April 20 and end May"."""
        last = self.told.last
        if last is None or last.place.basis != "document" or item.said.span.start - last.at > LONGEST_LINK:
            return None
        link = self.lexed.text[last.at : item.said.span.start].split()
        if link[:1] == ["to"] or link[:1] == ["through"]:
            return last.place
        if link in (["and"], ["or"]) and last.place.period.unit == item.said.unit == "month":  # June and July
            return last.place if 0 < ((item.said.number or 0) - last.place.period.first.month) % 12 <= LISTED else None
        opened = any(self.lexed.word(index).lower() == "between" for index in range(item.first - 6, item.first))
        return last.place if link[:1] == ["and"] and opened else None

    def _weekday(self, item: Found) -> Place | None:
        said, number = item.said, item.said.number or 1
        if said.within and said.within.form == "calendar":
            return self.place(Found(item.first, item.stop, said.within))
        if said.within:
            within = self.within(item)
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
