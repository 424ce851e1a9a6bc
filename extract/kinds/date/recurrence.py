"""Dates that recur every year, said without their year: their occurrences, and which of them is meant."""

import datetime as dt
from collections.abc import Sequence

from extract.kinds.date.calendar import MONTHS, SEASONS, Period, add_months, easter, nth_weekday
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import CHINESE_NEW_YEAR, HOLIDAYS
from extract.kinds.date.tense import Evidence
from extract.model import Flag

# What it costs, in days of distance, to read a date against the tense of a verb at most CLOSE tokens off, or of
# one further off; and how clear, in days, the choice has to be.
AGAINST_CLOSE_TENSE, AGAINST_TENSE, CLOSE = 300, 200, 6
CLEAR_MARGIN = 45
# A verb further off than this, in tokens, does not tell on which side of publication a weekday lies.
FAR = 8
DAYS_TO_TOMORROWS = 6


def occurrence(said: Expression, year: int) -> Period:
    """The occurrence of a date, month, quarter, half, season or holiday in a year. Raises ValueError where none is."""
    return _calendar_period(said, year) if said.form == "calendar" else _cycle_period(said, year)


def _distance(candidate: Period, day: dt.date) -> int:
    if candidate.first <= day <= candidate.last:
        return 0
    return min(abs((candidate.first - day).days), abs((candidate.last - day).days))


def chosen(
    choices: Sequence[Period], day: dt.date, relation: int | None, told: Evidence
) -> tuple[Period, tuple[Flag, ...]]:
    """Of a date's occurrences in neighbouring years, the one meant on ``day``.

    The nearest, unless the tense speaks so clearly against it that one further off is likelier.
    """
    if relation == -1:
        return next((c for c in reversed(choices) if c.last < day), choices[0]), ()
    if relation == 1:
        return next((c for c in choices if c.first > day), choices[-1]), ()
    if relation == 0:
        season = choices[0].unit == "season"
        return min(choices, key=lambda c: (not season and c.first.year != day.year, _distance(c, day))), ()

    if len(choices) == 1:
        return choices[0], ()
    penalty = AGAINST_CLOSE_TENSE if told.distance <= CLOSE else AGAINST_TENSE
    penalty //= 2 if choices[0].unit == "quarter" else 1

    def against(choice: Period) -> bool:
        return (told.sign < 0 and choice.first > day) or (told.sign > 0 and choice.last < day)

    def cost(choice: Period) -> int:
        return _distance(choice, day) + (penalty if against(choice) and not told.split else 0)

    best, second = sorted(choices, key=cost)[:2]
    overruled = _distance(best, day) > _distance(second, day) and told.distance > CLOSE
    evidence = ""
    if told.split:
        evidence = f"{best.value} or {second.value}: the verb says one, the preposition the other"
    elif overruled or cost(second) - cost(best) < CLEAR_MARGIN:
        evidence = f"{best.value} or {second.value}: neither tense nor nearness decides"
    elif told.sign < 0 and against(best):
        evidence = f"{best.value} was still to come, but is told as past"
    return best, (Flag("ambiguous-date", evidence),) if evidence else ()


def weekday_meant(
    number: int, here: dt.date, relation: int | None, told: Evidence, *, next_week: bool
) -> tuple[dt.date, tuple[Flag, ...]]:
    """The day of that weekday (ISO, Monday 1) meant on the day ``here``: by tense the last one, today, or the next.

    "Next Friday" is the Friday of ``next_week``: this week's is just called "Friday".
    """
    back, ahead = (here.isoweekday() - number) % 7, (number - here.isoweekday()) % 7
    if next_week:
        return here + dt.timedelta(7 + number - here.isoweekday()), ()
    if relation == -1:
        return here - dt.timedelta(back or 7), ()
    if relation and relation > 0:
        return here + dt.timedelta((ahead or 7) + 7 * (relation - 1)), ()
    if told.sign > 0 or (relation == 0 and told.sign == 0):
        day, other, doubtful = here + dt.timedelta(ahead), -7, bool(ahead) and (told.split or told.distance > FAR)
    else:
        # What happened on tomorrow's weekday: six days ago, or the document is dated a day too early.
        unclear = told.sign == 0 or told.distance > FAR or back == DAYS_TO_TOMORROWS
        day, other, doubtful = here - dt.timedelta(back), 7, bool(back) and unclear
    reason = "the verbs tell neither" if told.sign else "no verb near it tells"
    evidence = f"{day} or {day + dt.timedelta(other)}: {reason}"
    return day, (Flag("ambiguous-date", evidence),) if doubtful else ()


def _calendar_period(said: Expression, year: int) -> Period:
    if said.month is None:
        return Period("year", dt.date(year, 1, 1))
    if said.day is None:
        return Period("month", dt.date(year, said.month, 1))
    return Period("day", dt.date(year, said.month, said.day))


def monthday_meant(number: int, here: dt.date, told: Evidence) -> tuple[Period, tuple[Flag, ...]] | None:
    """The day of the month of that number: by tense the last one or the next; None where no month near has it."""
    months = [add_months(here.replace(day=1), steps) for steps in range(-2, 3)]
    days = [m.replace(day=number) for m in months if m + dt.timedelta(number - 1) < add_months(m, 1)]
    past, ahead = [day for day in days if day <= here], [day for day in days if day >= here]
    if not past or not ahead:
        return None
    day, other = (ahead[0], past[-1]) if told.sign > 0 else (past[-1], ahead[0])
    doubtful = told.sign == 0 or told.split or told.distance > FAR
    evidence = f"{day} or {other}: no verb near it tells"
    return Period("day", day), (Flag("ambiguous-date", evidence),) if doubtful else ()


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
