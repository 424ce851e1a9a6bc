"""Expressions put together: "the third quarter" + "of 2019", "late" + "last year", "Aug 10" + "-" + "Nov 12, 2013"."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CATEGORIES, NAMES, Lexed
from extract.kinds.date.rules import expressions
from extract.model import Span

_IN_A_YEAR = ("quarter", "half", "season", "holiday", "month", "same")
_RANGE_SIGNS = ("-", "–")


class Found(NamedTuple):
    """An expression and the tokens it takes, ``first`` to ``stop``."""

    first: int
    stop: int
    said: Expression


def read(lexed: Lexed) -> list[Found]:
    """All expressions of a text, put together, in order."""
    composed: list[Found] = []
    for item in reversed([Found(*found) for found in expressions(lexed)]):
        later = composed[-1] if composed else None
        if later and (whole := _joined(lexed, item, later)):
            composed[-1] = whole
        elif later and (changed := _informed(lexed, item, later)):
            composed[-1:] = [changed[1], changed[0]]
        else:
            composed.append(item)
    composed.reverse()
    return [part for item in _stretched(lexed, composed) for part in _listed(lexed, item)]


def _between(lexed: Lexed, a: Found, b: Found) -> str:
    """The categories between two expressions, space-separated; ``far`` when there are more than four."""
    if b.first - a.stop > 4:
        return "far"
    return " ".join(NAMES[character] for character in lexed.categories[a.stop : b.first])


def _joined(lexed: Lexed, a: Found, b: Found) -> Found | None:
    """The two as one expression, where the second completes the first or ends the range that it begins."""
    link = _between(lexed, a, b)
    if link == "far":
        return None
    if _completes(a.said, b.said, link):
        said = replace(a.said, within=b.said)
    elif _is_bare_time(a.said) and _is_day(b.said) and link in ("", "ON", "COMMA"):
        said = replace(b.said, timex="TIME", clock=a.said.clock, zone=a.said.zone, doubtful=_doubt(a.said, b.said))
    elif _is_day(a.said) and _is_bare_time(b.said) and link in ("", "AT", "COMMA"):
        said = replace(a.said, timex="TIME", clock=b.said.clock, zone=b.said.zone, doubtful=_doubt(b.said, a.said))
    elif _holds(a.said, b.said, link):
        said = replace(b.said, within=a.said)
    elif link == "HYPHEN" and lexed.word(a.stop) in _RANGE_SIGNS and (ends := _range(a.said, b.said)):
        said = replace(ends[0], until=ends[1])
    else:
        return None
    return Found(a.first, b.stop, said.widened(a.said.span.start, b.said.span.end))


def _completes(a: Expression, b: Expression, link: str) -> bool:
    if a.within or a.until:
        return False
    if a.form == "length":
        return link == "OF" and (a.edge == "start" or a.relation == -1) and (_is_year(b) or _is_month(b))
    if a.form == "shift":
        return (link in ("", "THE") and a.base == "narrative" and b.form != "length") or (
            link == "" and a.relation == 1 and b.form in ("reference", "deictic", "calendar", "cycle")
        )
    if a.form == "deictic" and a.unit in ("week", "weekend", "month") and not a.relation:
        return link == "OF" and b.form == "calendar" and b.month is not None and b.day is not None
    if a.unit.startswith("nth-"):
        return link in ("OF", "IN") and (_is_year(b) or _is_month(b) or b.form == "deictic")
    partial = (a.form == "cycle" and a.unit in _IN_A_YEAR) or (a.form == "calendar" and a.year is None and not a.value)
    if partial and a.relation is None:
        return _is_year(b) and link in _YEAR_LINKS[b.form == "deictic" and b.base == "either"]
    if a.unit == "weekday" and a.relation is None:
        return (_is_week(b) and link in ("", "OF")) or (
            b.form == "calendar" and b.day is not None and link in ("", "COMMA")
        )
    return False


# What may stand between a part and its year: anything short before a plain year, only "of" before "the year".
_YEAR_LINKS = {
    False: ("", "OF", "IN", "COMMA", "HYPHEN", "SLASH", "OF THE", "OF FISCAL"),
    True: ("OF", "IN"),
}


def _holds(a: Expression, b: Expression, link: str) -> bool:
    """Whether the first is what the second is part of: "next week, on Friday", "fiscal 2012 first quarter"."""
    if _is_week(a):
        return b.unit == "weekday" and link in ("", "ON", "COMMA") and b.relation is None
    return _is_year(a) and a.form == "calendar" and not link and _is_part(b)


def _is_bare_time(said: Expression) -> bool:
    """Whether it is a time of day that says nothing of the day."""
    return bool(said.clock) and said.form == "deictic" and said.base == "either"


def _is_day(said: Expression) -> bool:
    """Whether it names a day that a time of day may be told of: Friday, this morning, July 17, tomorrow."""
    if said.clock or said.until or said.value:
        return False
    named = said.unit == "day" and said.form == "deictic" and said.base == "document"
    return named or said.unit == "weekday" or (said.form == "calendar" and said.day is not None)


def _doubt(time: Expression, day: Expression) -> str:
    """What is in doubt of a time on a day; half past eight tonight is no doubt an evening hour's, but is left open."""
    return time.doubtful or day.doubtful


def _is_part(b: Expression) -> bool:
    """Whether it is a quarter or half that still lacks its year."""
    return b.form == "cycle" and b.unit in ("quarter", "half") and b.within is None and b.relation is None


def _is_year(b: Expression) -> bool:
    if b.form == "calendar":
        return not b.until and (b.value.startswith("FY") or (b.year is not None and b.month is None))
    return (b.form == "deictic" and b.unit == "year") or (b.form == "shift" and b.unit == "year")


def _is_month(b: Expression) -> bool:
    return (b.unit == "month" and b.form == "cycle") or (b.form == "calendar" and b.month is not None and b.day is None)


def _is_week(b: Expression) -> bool:
    return b.form == "deictic" and b.unit == "week"


def _range(a: Expression, b: Expression) -> tuple[Expression, Expression] | None:
    """Both ends of a range written with a dash, each with its year where one of them says it."""
    a, b = _as_calendar(a), _as_calendar(b)
    if a.form != "calendar" or b.form != "calendar" or a.until or b.until or a.clock or b.clock:
        return None
    if a.value or b.value or a.within or (a.month is None) != (b.month is None):
        return None
    if a.year is None and b.year is not None and a.month and b.month:
        a = replace(a, year=b.year - (a.month > b.month))
    elif a.year is not None and b.year is None and a.month and b.month:
        b = replace(b, year=a.year + (b.month < a.month))
    return a, b


def _as_calendar(said: Expression) -> Expression:
    """A bare month as the calendar date that it is a part of."""
    if said.form == "cycle" and said.unit == "month" and said.relation is None:
        return replace(said, form="calendar", month=said.number, unit="", number=None)
    return said


def _informed(lexed: Lexed, a: Found, b: Found) -> tuple[Found, Found] | None:
    """Two that stay apart but share a year: "from May to October 2020", "last year's third quarter"."""
    link = _between(lexed, a, b)
    parted = b.said.form == "cycle" and b.said.unit in ("quarter", "nth-week")
    dated = parted or _is_month(b.said) or (b.said.form == "calendar" and b.said.day is not None)
    if link.endswith(_ENDS) and dated and not b.said.until and (ended := _ended(a, b, link)):
        return ended, b
    said = _as_calendar(a.said)
    year, month = b.said.year, b.said.month
    if link in ("TO", "AND", "COMMA", "COMMA AND") and said.form == "calendar" and said.month:
        if said.year is None and not said.within and year and month and not b.said.value:
            back = link == "TO" and said.month > month
            return a._replace(said=replace(said, year=year - back)), b
        if said.year is None and not said.within and month and b.said.within and _is_year(b.said.within):
            return a._replace(said=replace(said, within=b.said.within)), b
    same_unit = a.said.unit == b.said.unit and a.said.unit in ("quarter", "half", "month")
    if same_unit and b.said.within and not a.said.within and a.said.relation is None and link in ("TO", "AND"):
        return a._replace(said=replace(a.said, within=b.said.within)), b
    dated = b.said.form == "cycle" and b.said.unit in _IN_A_YEAR and not b.said.within and b.said.relation is None
    if dated and link == "APOSTROPHE ESS" and _is_year(a.said):
        return a, b._replace(said=replace(b.said, within=a.said))
    return None


_ENDS = ("ENDED", "TO", "ENDED IN", "ENDED ON", "EDGE HYPHEN")


def _ended(a: Found, b: Found, link: str) -> Found | None:
    """A period said by the day it ends: "the year ended March 31, 2020", "the fourth quarter that ended April 30"."""
    said = a.said
    if (said.form == "length" and said.relation is None) or (said.form == "deictic" and said.base == "either"):
        return a._replace(said=replace(said, within=b.said, edge="ended"))
    if "ENDED" in link and _is_part(said):
        return a._replace(said=replace(said, within=b.said, edge="ended"))
    return None


def _stretched(lexed: Lexed, items: list[Found]) -> Iterator[Found]:
    """Each with the words before it that belong to it: early, mid-, later, the end of."""
    stop = 0
    for item in items:
        first = _stretch(lexed, item, stop)
        edges = [lexed.value(i) for i in range(first, item.stop) if NAMES[lexed.categories[i]] == "EDGE"]
        said = item.said
        if first < item.first:
            said = said.widened(lexed.spans[first][0], said.span.end)
        yield Found(first, item.stop, replace(said, edge=edges[0]) if edges and not said.edge else said)
        stop = item.stop


def _stretch(lexed: Lexed, item: Found, floor: int) -> int:
    """The token where the expression begins, at ``floor`` or after."""
    said, first = item.said, item.first
    if said.form not in ("calendar", "cycle", "deictic") or said.name in ("today", "tomorrow", "yesterday"):
        return first

    def kind(steps: int) -> str:
        return NAMES[lexed.categories[first - steps]] if first - steps >= floor else ""

    if kind(1) == "HYPHEN" and kind(2) == "EARLY":
        first -= 2
    elif kind(1) == "EARLY":
        first -= 1
    elif kind(1) == "COMPARATIVE" and said.form == "deictic" and said.relation in (0, -1, 1):
        return first - 1
    elif kind(1) in ("IN", "ON") and kind(2) == "COMPARATIVE" and said.form == "deictic":
        return first - 2
    elif kind(1) == "OF" and kind(2) == "EDGE" and not said.day:
        first -= 2
        if kind(1) == "EARLY":
            first -= 1
        return first - 1 if kind(1) == "THE" else first
    else:
        return first
    return first - 1 if kind(1) == "THE" else first


def _listed(lexed: Lexed, item: Found) -> Iterator[Found]:
    """The expression, and the further days of a list: "March 2 and 5"."""
    yield item
    said = item.said
    if said.form != "calendar" or said.day is None or said.until or said.clock or said.within:
        return
    index = item.stop
    while (
        said.day is not None
        and lexed.categories[index : index + 1] in _LINKS
        and lexed.categories[index + 1 : index + 2] in _DAYS
    ):
        day = lexed.value(index + 1)
        if day <= said.day or lexed.categories[index + 2 : index + 3] not in _LIST_END:
            return
        said = replace(said, day=day, weekday=None, span=Span(*lexed.spans[index + 1]))
        yield Found(index + 1, index + 2, said)
        index += 2


_LINKS = {CATEGORIES[name] for name in ("AND", "COMMA")}
_DAYS = {CATEGORIES[name] for name in ("TWELVE", "DAYNUM", "THIRTYONE", "NTH")}
_LIST_END = {CATEGORIES[name] for name in ("AND", "COMMA", "STOP", "BREAK", "CLOSE", "THE")} | {""}
