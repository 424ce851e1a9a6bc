"""Figures as the checks read them: what each can mean, and the text with every figure folded into one sign."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from extract.checks.story import Row, Story

# One sign a figure: money, percent, a count, a number of times, a date with its year, and what is no plain number.
MONEY, PERCENT, COUNT, TIMES, DATE, OTHER = SIGNS = "\ue000\ue001\ue002\ue003\ue004\ue005"
# How far what is told roughly may lie from the figure.
ROUGHLY = {"about": (Decimal("0.95"), Decimal("1.05")), "over": (Decimal(1), Decimal("1.1")),
           "under": (Decimal("0.9"), Decimal(1)), "at_least": (Decimal(1), Decimal("1.1")),
           "at_most": (Decimal("0.9"), Decimal(1))}  # fmt: skip
# The words that a figure's modifier was read from; they are folded into its sign.
_HEDGES = re.compile(
    r"(?:\b(?:about|around|some|roughly|approximately|nearly|almost|close to|as (?:much|many) as|an estimated|"
    r"(?:just |slightly |well )?(?:over|under|more than|less than|fewer than)|at (?:least|most)|only|just)\s+){1,2}\Z",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r",000(?=(?:,000)*\Z)")
# White space that is not one blank already.
_SPACE = re.compile(r" *+[^\S ]\s*| {2,}")


class Interval(NamedTuple):
    """All from ``low`` to ``high``."""

    low: Decimal
    high: Decimal

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a number in common."""
        return self.low <= other.high and other.low <= self.high

    def times(self, factor: int) -> "Interval":
        """The numbers of this one, each times ``factor``."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(low, high)


class Folded(NamedTuple):
    """A text with each figure as one of SIGNS and white space as one blank (a paragraph's end as a line end).

    ``rows`` gives the figure at each place of a sign.
    """

    text: str
    rows: Mapping[int, Row]

    def row(self, match: re.Match[str], name: str) -> Row:
        """The figure that a group of one sign matched."""
        return self.rows[match.start(name)]

    def within(self, match: re.Match[str], name: str) -> list[Row]:
        """The figures that a longer group matched, in order."""
        start, end = match.span(name)
        return [self.rows[place] for place in range(start, end) if place in self.rows]


def folded(story: Story) -> Folded:
    """The text of a story as patterns of figures read it."""
    text = story.document.text
    parts: list[str] = []
    rows: dict[int, Row] = {}
    done = length = 0
    for row in sorted(story.rows, key=_start):
        sign, start, end = _sign(row), _start(row), int(str(row["end"]))
        if not sign or start < done:
            continue
        hedges = _HEDGES.search(text, max(done, start - 40), start) if row["kind"] != "date" else None
        # `5 percent more than 3 million` and `twice more than` compare; only what stands apart qualifies a figure.
        told = hedges.start() if hedges and text[done : hedges.start()].strip() else start
        parts.append(_blank(text[done:told]))
        length += len(parts[-1])
        rows[length] = row
        parts.append(sign)
        length += 1
        noun = f" {row.get('unit')}"
        done = end + len(noun) if text[end : end + len(noun)].lower() == noun else end
    return Folded("".join([*parts, _blank(text[done:])]), rows)


def reach(row: Row) -> Interval:
    """What a figure can mean: half a unit of its last digit to either side, and further when it is told roughly.

    ``40,000`` is taken as ``40 thousand`` is: its last digit is the last before the groups of zeros.
    """
    value = middle(row)
    shown = re.search(r"\d[\d,]*(?:\.(\d+))?", str(row["quote"]))
    number = Decimal(shown.group().replace(",", "")) if shown else Decimal(0)
    digit = value / number / 10 ** len(shown.group(1) or "") if shown and number else value / 10
    digit *= 1000 ** len(_THOUSANDS.findall(shown.group())) if shown else 1
    low, high = ROUGHLY.get(str(row["modifier"] or ""), (Decimal(1), Decimal(1)))
    return Interval((value - digit / 2) * low, (value + digit / 2) * high)


def spread(formula: Callable[..., Decimal], rows: tuple[Row, ...]) -> Interval:
    """What a formula can give for what the figures can mean. It must rise or fall steadily with each of them."""
    results = [formula(*ends) for ends in product(*(reach(row) for row in rows))]
    return Interval(min(results), max(results))


def middle(row: Row) -> Decimal:
    """The figure as it stands."""
    value = row["value_min"]
    assert isinstance(value, Decimal)
    return value


def year(row: Row) -> int:
    """The year in which a date begins."""
    first = row["date_start"]
    assert isinstance(first, dt.date)
    return first.year


def _start(row: Row) -> int:
    return int(str(row["start"]))


def _sign(row: Row) -> str:
    """The sign of a row; empty where it is no figure."""
    kind = row["kind"]
    if kind == "date":
        return DATE if row["timex"] == "DATE" and isinstance(row["date_start"], dt.date) else ""
    if kind not in ("money", "percent", "quantity"):
        return ""
    if row["value_min"] is None or row["value_min"] != row["value_max"] or row["modifier"] == "vague":
        return OTHER
    if kind == "percent":
        return PERCENT if row["unit"] == "percent" else OTHER
    if kind == "money":
        return MONEY
    return TIMES if row["unit"] == "times" else COUNT


def _blank(text: str) -> str:
    text = text.translate(_NO_SIGNS)
    return _SPACE.sub(lambda space: "\n" if space.group().count("\n") > 1 else " ", text)


_NO_SIGNS = str.maketrans(SIGNS, " " * len(SIGNS))
