"""Dates: what holds of any text, what hostile text costs, and how doubt is resolved or flagged."""

import datetime as dt
import sys
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.kinds import date
from extract.kinds.date import calendar
from extract.kinds.date.dateline import header
from extract.kinds.date.duration import duration
from extract.model import DateValue, Document, Fact, Reading

VOCABULARY = """the last next this March may Tuesday 5 31 2020 1999 99999999999 Q3 first half of year years a few two
    ago later from to and - – / : , . ' s ( ) $ % am EST now Thanksgiving each per weekend decades late end
    fiscal FY00 quarter ended third until had will when by twenty ninety hundred overnight the day time previous earlier
    hour Jan. crude"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\n\n"])
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)
)


def read(text: str, published: dt.date | None = None) -> list[tuple[str, DateValue, Fact]]:
    """Quote, value and fact of every expression, in order."""
    document = date.published(Document("x.txt", text, published, "documents.csv" if published else ""))
    found = sorted(date.recognise(Reading(document), []), key=lambda fact: fact.span)
    return [(text[slice(*fact.span)], fact.value, fact) for fact in found if isinstance(fact.value, DateValue)]


def values(text: str, published: dt.date | None = None) -> list[tuple[str, str]]:
    return [(quote, value.value) for quote, value, _ in read(text, published)]


def codes(text: str, published: dt.date | None = None) -> list[tuple[str, ...]]:
    return [tuple(flag.code for flag in fact.flags) for _, _, fact in read(text, published)]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.one_of(st.none(), st.dates()))
@example("first fiscal quarter", dt.date(999, 1, 1))
@example("fiscal next year, first fiscal quarter", dt.date(9999, 12, 31))
@example("last fiscal year, a year earlier", dt.date(1, 1, 1))
def test_facts_of_any_text_are_sound(text: str, published: dt.date | None) -> None:
    facts = read(text, published)
    assert [fact.key for *_, fact in facts] == [fact.key for *_, fact in read(text, published)]
    end = 0
    for quote, value, fact in facts:
        assert quote
        assert quote == quote.strip()
        assert fact.span.start >= end, "expressions overlap"
        end = fact.span.end
        assert fact.rule in date.RULES
        assert all(flag.code in date.FLAGS for flag in fact.flags)
        assert value.value or fact.flags, "an empty value says why"
        assert (value.first is None) == (value.last is None)
        if value.first and value.last and "impossible-date" not in {flag.code for flag in fact.flags}:
            assert value.first <= value.last


@given(st.dates(dt.date(1800, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_reads_the_same_in_every_usual_order(day: dt.date) -> None:
    month = day.strftime("%B")
    spellings = [
        f"{month} {day.day}, {day.year}",
        f"{month} {day.day}th, {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day:%A}, {month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
        day.isoformat(),
    ]
    for spelling in spellings:
        assert [(quote, value.value, fact.flags) for quote, value, fact in read(f"It ended on {spelling}.")] == [
            (spelling, day.isoformat(), ())
        ]


@given(
    st.dates(dt.date(1000, 1, 1), dt.date(2198, 12, 31)),
    st.sampled_from([*calendar.MONTHS, "week", "weekend", "season", "day"]),
)
def test_a_period_covers_the_days_its_value_says(day: dt.date, unit: str) -> None:
    period = calendar.period(unit, day)
    assert calendar.days(period.value) == (period.first, period.last)
    if unit != "weekend":
        assert period.first <= day <= period.last
    assert period.shifted(1).first > period.last
    assert period.shifted(3).shifted(-3) == period


# Each repeated for as long as the text is.
HOSTILE = (
    "9|1 |1,|1,000,|1.|2020-|2020 |March |March 1 |the |the last |a |\n|\n |'|(|1:|1/|two "
    "|two and a half |Friday |ab|Friday, March 1, |in the last |early |of the |the end of |may |Jan-"
    "|1 January 2020 - |first |the first of |year-|5 years, |Dec. "
    "|Q1 |in the first quarter |fiscal |one and |half past |twenty |had by March |when |in March to |the next day "
    "|at the time |the quarter ended June 30 |March 5 - A |could not "
    "|today on Friday |two to three |2-3-|7-1/2-|8 a.m. Friday |from a year earlier |June, five years later, |late May "
)


@pytest.mark.parametrize("unit", HOSTILE.split("|"))
def test_hostile_repetition_is_read_in_linear_work(unit: str) -> None:
    def work(size: int) -> int:
        """The function calls it takes to read so many code points."""
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        text = (unit * (size // len(unit) + 1))[:size]
        sys.setprofile(count)
        try:
            read(text, dt.date(2020, 5, 1))
        finally:
            sys.setprofile(None)
        return calls

    read((unit * 60_000)[:60_000], dt.date(2020, 5, 1))  # what is made once is made here
    assert work(8_000) <= 2.1 * work(4_000) + 1_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It will vote on Friday.", "2012-08-03"),
        ("It voted on Friday.", "2012-07-27"),
        ("A vote is due by Friday.", "2012-08-03"),
        ("It was told on Friday that rates will rise.", "2012-07-27"),
        ("Sales fell in December.", "2011-12"),
        ("Sales will fall in December.", "2012-12"),
        ("It rose in the second quarter.", "2012-Q2"),
        ("They met last Friday.", "2012-07-27"),
        ("It could close on Friday.", "2012-08-03"),
        ("He could not be reached on Friday.", "2012-07-27"),
        ("It won't open until Friday.", "2012-08-03"),
        ("It is thought to have closed on Friday.", "2012-07-27"),
        ("Sales are expected to have fallen in December.", "2011-12"),
        ("January crude fell.", "2013-01"),
        ("It opens next Friday.", "2012-08-10"),
    ],
)
def test_tense_decides_which_occurrence_is_meant(text: str, expected: str) -> None:
    (found,) = values(text, dt.date(2012, 8, 1))
    assert found[1] == expected


@pytest.mark.parametrize("tail", [" years", " years ago", "am", " am", "th", "s", "Q", "H", " BC", ".5 days", "/1/1"])
def test_numbers_too_long_for_any_calendar_are_survived(tail: str) -> None:
    for number in ("9" * 5000, "9." + "9" * 5000, "1" + ",000" * 2000, "9" * 36, "9" * 17 + "." + "9" * 17):
        read(f"It took {number}{tail} or the next {number}{tail} to 1 January {number}.", dt.date(2020, 5, 1))


def test_an_american_evening_is_the_next_day_elsewhere() -> None:
    text = "Mon Sep 14, 2009 8:20pm EDT\n\nThe lender said on Tuesday it was selling shares; it said so on Monday too."
    assert values(text)[1:] == [("Tuesday", "2009-09-15"), ("Monday", "2009-09-14")]


def test_without_a_date_nothing_relative_is_guessed() -> None:
    found = read("Last week it bought a mill. On Monday, September 26, and next year it will sell.")
    assert {value.value for _, value, _ in found} == {""}
    assert {flag.code for *_, fact in found for flag in fact.flags} == {"unresolved-date"}


def test_years_told_later_than_the_dated_events_leave_the_story_undated() -> None:
    text = (
        "On September 26 it closed. In May 2020 it had opened, in August 2020 it grew. Revenue in 2021 was 8 million."
    )
    assert values(text)[0] == ("September 26", "")


def test_a_recent_document_date_is_trusted_in_spite_of_old_dates_told() -> None:
    text = (
        "In June it opened. In May 2005 it was founded, in June 2005 listed, in July 2005 sold. It said so on Monday."
    )
    found = read(text, dt.date(2012, 8, 1))
    assert (found[0][1].value, found[0][1].basis) == ("2012-06", "document")


def test_what_is_compared_with_does_not_carry_the_narrative_back() -> None:
    text = (
        "Profit rose to 3 million in the second quarter from 2 million a year earlier. "
        "Sales were 9 million, up from 5 million a year earlier."
    )
    assert [value for quote, value in values(text, dt.date(2012, 7, 19)) if "earlier" in quote] == ["2011-Q2"] * 2


def test_a_headline_speaks_of_the_quarter_told_later() -> None:
    text = "Marlowe fourth-quarter profit rises\n\nProfit rose in the fourth quarter that ended April 30."
    found = read(text, dt.date(2008, 5, 29))
    assert [(value.value, value.first) for _, value, _ in found[:2]] == [("FY2008-Q4", dt.date(2008, 2, 1))] * 2


def test_split_or_far_evidence_is_flagged() -> None:
    day = dt.date(2010, 6, 1)
    assert codes("It had sold nine by August.", day) == [("ambiguous-date",)]
    assert codes("It plans to sell nine by August.", day) == [()]
    assert codes("It had sold nine since August.", day) == [()]
    assert codes("In fiscal 2010 it lost. It gained in the first quarter.", day)[1] == ("ambiguous-date",)


def test_flags_of_the_calendar() -> None:
    assert codes("It ended on 31 November 2018.") == [("impossible-date",)]
    assert codes("It ended on Monday, May 2, 2018.") == [("impossible-date",)]
    assert codes("It ended on Wednesday, May 2, 2018.") == [()]
    assert codes("It was signed on May 4, 2021.", dt.date(2020, 1, 1)) == [("after-publication",)]
    assert codes("The permit runs until May 4, 2021.", dt.date(2020, 1, 1)) == [()]
    assert codes("The tour of May 9 - May 5, 2013 was long.") == [("impossible-date",)]


@pytest.mark.parametrize(
    ("text", "day", "world_day"),
    [
        ("-- A headline\n-- Wed Jun 6, 2012 9:40pm EDT\n\nText.", dt.date(2012, 6, 6), dt.date(2012, 6, 7)),
        ("A headline\nFebruary 11th, 2022\n\nText.", dt.date(2022, 2, 11), dt.date(2022, 2, 11)),
        ("A headline\nPublished on 3 May 2019\nText.", dt.date(2019, 5, 3), dt.date(2019, 5, 3)),
        ("http://news.example/2007/09/11/mill-fire\n\nText.", dt.date(2007, 9, 11), dt.date(2007, 9, 11)),
    ],
)
def test_a_header_dates_the_document(text: str, day: dt.date, world_day: dt.date) -> None:
    found = header(text)
    assert found is not None
    assert (found.day, found.world_day) == (day, world_day)
    document = date.published(Document("x.txt", text))
    assert (document.published, document.published_basis) == (day, "text")


def test_a_date_within_prose_is_no_header() -> None:
    assert header("The mill opened on 3 May 2019 near Oster.") is None
    assert header("") is None


def test_what_is_known_from_outside_is_not_overwritten() -> None:
    document = Document("x.txt", "February 11th, 2022\n\nText.", dt.date(2020, 8, 30), "documents.csv")
    assert date.published(document) == document


@pytest.mark.parametrize(
    ("unit", "count", "expected"),
    [("week", "2", "P2W"), ("hour", "0.5", "PT30M"), ("quarter", "2", "P6M"), ("year", "1.5", "P1Y6M"),
     ("decade", "4", "P40Y"), ("day", None, "PXD"), ("month", "2.5", "P2.5M")],
)  # fmt: skip
def test_durations(unit: str, count: str | None, expected: str) -> None:
    assert duration(unit, Decimal(count) if count else None) == expected


@pytest.mark.parametrize(
    ("year", "day"), [(1961, dt.date(1961, 4, 2)), (2000, dt.date(2000, 4, 23)), (2008, dt.date(2008, 3, 23))]
)
def test_easter(year: int, day: dt.date) -> None:
    assert calendar.easter(year) == day
