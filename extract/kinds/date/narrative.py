"""What a text has told of so far: what "the quarter", "the next day" and "at the time" count from."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.kinds.date import fiscal
from extract.kinds.date.calendar import MONTHS, Period
from extract.model import DateBasis, Flag

# The narrative reaches this many code points back.
REACH = 600

# What is compared with the same of another year.
COMPARABLE = ("month", "quarter", "half", "year")

# Units from fine to coarse: nothing counts in days from "in January".
_FINENESS = {
    unit: rank
    for rank, units in enumerate(
        ("day night hour minute second weekday", "weekend week fortnight", "month", "quarter season", "half", "year",
         "decade", "century")
    )
    for unit in units.split()
}  # fmt: skip


class Place(NamedTuple):
    """A period an expression resolved to, and what that rests on; ``end`` is its last day where that is another."""

    period: Period
    basis: DateBasis
    flags: tuple[Flag, ...] = ()
    end: dt.date | None = None


class Told(NamedTuple):
    """A period named, and the offset where its expression ended."""

    place: Place
    at: int


@dataclass(slots=True)
class Narrative:
    """The periods a text has named up to some place in it; offsets are code points."""

    last: Told | None = None
    by_unit: dict[str, Told] = field(default_factory=dict)
    fiscal: tuple[str, int] | None = None  # its value, and the offset where it was named

    def note(self, place: Place, at: int) -> None:
        """A period named by an expression that ends at ``at``."""
        self.last = self.by_unit[place.period.unit] = Told(place, at)

    def note_fiscal(self, value: str, at: int) -> None:
        """A fiscal year, or a part of one, named by an expression that ends at ``at``."""
        year = int(re.split("-[QH]", value[2:])[0])
        if not dt.MINYEAR < year < dt.MAXYEAR:
            return
        self.fiscal = value, at
        doubt = Flag("ambiguous-date", f"counted from fiscal {year}, whose end is not said")
        self.note(Place(Period("year", dt.date(year, 1, 1)), "narrative", (doubt,)), at)

    def part(self, at: int, name: str) -> Period | str | None:
        """The month, quarter, half or year last named within reach, or the last ``name``; of a fiscal one its value."""
        units = (name,) if name in MONTHS else COMPARABLE
        told = [told for unit, told in self.by_unit.items() if unit in units and at - told.at <= REACH]
        last = max(told, key=lambda told: told.at, default=None)
        if self.fiscal and at - self.fiscal[1] <= REACH and (last is None or self.fiscal[1] >= last.at):
            value = self.fiscal[0]
            return value if name not in MONTHS or fiscal.unit(value) == name else None
        return last.place.period if last else None

    def near(self, at: int, unit: str = "century") -> Place | None:
        """The period last named before ``at`` and within reach that is no coarser than ``unit``."""
        rank = _FINENESS.get(unit, len(_FINENESS))
        fine = [told for name, told in self.by_unit.items() if _FINENESS[name] <= rank and at - told.at <= REACH]
        return max(fine, key=lambda told: told.at).place._replace(basis="narrative") if fine else None

    def of_unit(self, unit: str, at: int) -> Place | None:
        """The last period of that unit, in doubt where it was named far above."""
        told = self.by_unit.get(unit)
        if told is None:
            return None
        place = told.place._replace(basis="narrative")
        if at - told.at <= REACH:
            return place
        doubt = Flag("ambiguous-date", f"taken to be {place.period.value}, named far above")
        return place._replace(flags=(*place.flags, doubt))
