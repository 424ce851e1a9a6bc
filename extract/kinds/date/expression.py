"""What was said: an expression of time as the words give it, before anything is known of when it was said."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from extract.model import Span, Timex

Form = Literal[
    "calendar",  # a date or a part of one: year, month, day, weekday
    "cycle",  # a named part of a year, month or week: the third quarter, summer, Christmas, the second week
    "deictic",  # a unit counted from a reference: last year, tomorrow, the following day
    "shift",  # a length of time from a reference: two years ago, a year earlier, three days after …
    "length",  # a duration, perhaps one that ends or begins at a reference: the past three months
    "set",
    "reference",  # now, recently, the future
]
# From where a relation counts: the day of speaking, the time told of, or whichever of the two is near.
Base = Literal["document", "narrative", "either"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression as said.

    ``relation`` is the number of steps from the reference (last -1, this 0, next 1), None where none was said.
    ``unit`` names a calendar unit or the sort of cycle, ``number`` the month, weekday, quarter, year … of it.
    ``within`` is the period it is part of ("the third quarter *of 2019*"), ``edge`` is ``start`` or ``end`` where
    only that is meant, ``until`` is where a range in one span ends, or the second part of "2 years, 3 months".
    ``part`` and ``clock`` are the TIMEX3 ending for the time of day, ``zone`` the hours from it to Greenwich.
    ``value`` is a TIMEX3 value that needs no reference; ``doubtful`` says what of the words is in doubt.
    """

    span: Span
    rule: str
    form: Form
    timex: Timex = "DATE"
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    unit: str = ""
    number: int | None = None
    name: str = ""
    count: Decimal | None = None
    relation: int | None = None
    base: Base = "document"
    part: str = ""
    clock: str = ""
    zone: float | None = None
    value: str = ""
    edge: str = ""
    doubtful: str = ""
    within: "Expression | None" = None
    until: "Expression | None" = None

    def widened(self, start: int, end: int) -> "Expression":
        """The same with the span stretched to take in ``start`` and ``end``."""
        return replace(self, span=Span(min(self.span.start, start), max(self.span.end, end)))

    @property
    def is_full_date(self) -> bool:
        """Whether year, month and day are said."""
        return None not in (self.year, self.month, self.day)
