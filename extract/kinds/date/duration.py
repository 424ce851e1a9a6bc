"""TIMEX3 durations."""

from decimal import Decimal

from extract.kinds.date.expression import Expression

# The letter of a unit and how many of it the unit is.
_LETTERS = {"decade": ("Y", 10), "century": ("Y", 100), "year": ("Y", 1), "half": ("M", 6), "quarter": ("M", 3),
             "month": ("M", 1), "fortnight": ("W", 2), "week": ("W", 1), "weekend": ("WE", 1), "day": ("D", 1),
             "night": ("D", 1), "hour": ("H", 1), "minute": ("M", 1), "second": ("S", 1)}  # fmt: skip

# Units that TIMEX3 has letters for, used where the number is left open: a few decades are more than a few years.
_VAGUE_LETTERS = {"decade": "DE", "century": "CE", "quarter": "Q"}

CLOCK_UNITS = ("hour", "minute", "second")


def duration(unit: str, count: Decimal | None) -> str:
    """A TIMEX3 duration: ``P2W``, ``PT30M``, ``PXY`` for an unsaid number.

    >>> duration("quarter", Decimal(2))
    'P6M'
    """
    letter, size = _LETTERS[unit]
    time = "T" if unit in CLOCK_UNITS else ""
    if count is None:
        return f"P{time}X{_VAGUE_LETTERS.get(unit, letter)}"
    number = count * size
    if number != int(number) and unit in ("hour", "year", "minute") and int(number * 60) == number * 60:
        smaller = {"hour": ("M", 60), "year": ("M", 12), "minute": ("S", 60)}[unit]
        whole, rest = int(number), (number - int(number)) * smaller[1]
        if rest == int(rest):
            return f"P{time}" + (f"{whole}{letter}" if whole else "") + f"{int(rest)}{smaller[0]}"
    return f"P{time}{_plain(number)}{letter}"


def compound(said: Expression) -> str:
    """The duration of two lengths said together: "2 years, 3 months"."""
    assert said.until is not None
    a, b = duration(said.unit, said.count), duration(said.until.unit, said.until.count)
    if a.startswith("PT"):
        return a + b.removeprefix("PT")
    return a + b.removeprefix("P")


def _plain(number: Decimal) -> str:
    return str(int(number)) if number == int(number) else f"{number.normalize():f}"
