"""The number grammar: what is a number, what it is worth, and what the words around it do."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.kinds import context, numbers


def read(text: str) -> list[tuple[str, Decimal]]:
    return [(text[number.start : number.end], number.value) for number in numbers.scan(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", "7"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("12,34,567.89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1\u202f234\u202f567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("34,50", "34.5"),
        ("1'234'567.50", "1234567.5"),
        ("80 , 000", "80000"),
        ("32 . 99", "32.99"),
        (".75", "0.75"),
        ("5-1/2", "5.5"),
        ("3/4", "0.75"),
        ("5½", "5.5"),
        ("5 ½", "5.5"),
        ("½ million", "500000"),
        ("one half", "0.5"),
        ("2.5 thousand", "2500"),
        ("10K", "10000"),
        ("7bn", "7000000000"),
        ("7 bln", "7000000000"),
        ("3 mio", "3000000"),
        ("1.5-billion", "1500000000"),
        ("50\nmillion", "50000000"),
        ("3 lakh crore", "3000000000000"),
        ("five lakhs", "500000"),
        ("3万", "30000"),
        ("2亿", "200000000"),
        ("zero", "0"),
        ("twenty-five", "25"),
        ("a hundred and ten", "110"),
        ("two hundred and fifty thousand", "250000"),
        ("fifteen hundred", "1500"),
        ("half a billion", "500000000"),
        ("a quarter million", "250000"),
        ("three quarters of a million", "750000"),
        ("one and a half million", "1500000"),
        ("two-and-a-half million", "2500000"),
        ("a million and a half", "1500000"),
        ("half a dozen", "6"),
        ("three thousand million", "3000000000"),
    ],
)
def test_a_number_is_worth(text: str, value: str) -> None:
    assert read(f"It is {text}.") == [(text, Decimal(value))]


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("billions", "1000000000"),
        ("tens of millions", "10000000"),
        ("hundreds of thousands", "100000"),
        ("several billion", "1000000000"),
        ("a few hundred", "100"),
        ("a couple of million", "2000000"),
        ("multi-million", "1000000"),
        ("dozens", "12"),
        ("100s", "100"),
    ],
)
def test_an_order_of_magnitude_is_open_above(text: str, least: str) -> None:
    (number,) = numbers.scan(f"They lost {text} of them.")
    assert (number.value, number.open_ended) == (Decimal(least), True)


@pytest.mark.parametrize(
    "text",
    ["at 10:30", "on 9/11", "the 1990s", "the 5th", "twenty-first", "one-third", "v1.2.3", "007", "a few", "weight"],
)
def test_no_number(text: str) -> None:
    assert read(text) == []


def test_digits_in_a_name_are_glued_to_it() -> None:
    assert [number.glued for number in numbers.scan("G20, A-380, Covid-19 and 20 more")] == [True, True, True, False]


def test_a_dash_between_two_numbers_glues_nothing() -> None:
    assert read("6.9 billion-7.4 billion") == [("6.9 billion", Decimal("6.9E9")), ("7.4 billion", Decimal("7.4E9"))]
    assert not any(number.glued for number in numbers.scan("6.9 billion-7.4 billion"))


def test_a_space_between_digits_is_doubted() -> None:
    assert [number.doubt for number in numbers.scan("They had 10 500 boxes.")] == ["digits grouped by a space"]
    assert read("Of 1,200 sold, in row 10 500 were left.") == [
        ("1,200", Decimal(1200)),
        ("10", Decimal(10)),
        ("500", Decimal(500)),
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("⅓", "0.3333"), ("5⅔", "5.6667"), ("5-1/3", "5.3333"), ("1/3 million", "333300")]
)
def test_a_third_is_rounded_and_doubted(text: str, value: str) -> None:
    (number,) = numbers.scan(f"It is {text}.")
    assert (number.value, number.doubt) == (Decimal(value), numbers.Doubt.INEXACT)


def test_an_endless_run_of_digits_is_no_number() -> None:
    assert read("9" * 1000) == []


@given(st.integers(0, 10**15))
def test_grouped_digits_are_read_back(value: int) -> None:
    assert read(f"x {value:,} x") == [(f"{value:,}", Decimal(value))]


@given(st.decimals(Decimal("0.01"), 10**9, places=2))
def test_decimals_are_read_back_exactly(value: Decimal) -> None:
    assert read(f"x {value:f} x") == [(f"{value:f}", value)]


@given(st.text())
def test_lowered_keeps_every_place(text: str) -> None:
    assert len(numbers.lowered(text)) == len(text)


@given(
    st.lists(
        st.sampled_from(["5", ",", ".", " ", "-", "million", "half", " a ", "and", "½", "/2", "bn", "k", "one", "İ"])
    ).map("".join)
)
def test_numbers_lie_in_order_inside_the_text(text: str) -> None:
    found = numbers.scan(text)
    assert all(0 <= number.start < number.end <= len(text) for number in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@pytest.mark.parametrize(
    ("before", "modifier"),
    [
        ("", ""),
        ("more than ", "over"),
        ("exceeded ", "over"),
        ("in excess of ", "over"),
        ("less than ", "under"),
        ("just under ", "under"),
        ("at least ", "at_least"),
        ("no less than ", "at_least"),
        ("a minimum of ", "at_least"),
        ("up to ", "at_most"),
        ("as much as ", "at_most"),
        ("no more than ", "at_most"),
        ("about ", "about"),
        ("nearly a ", "about"),
        ("some ", "about"),
        ("an estimated ", "about"),
        ("a dispute over ", ""),
        ("talking about ", ""),
        ("edged up to ", ""),
        ("more than the ", ""),
    ],
)
def test_words_before_an_amount_qualify_it(before: str, modifier: str) -> None:
    text = f"it was {before}5 today"
    start = text.index("5")
    assert context.modifier(text, start, start + 1) == modifier


@pytest.mark.parametrize(
    ("after", "modifier"),
    [
        (" or more", "at_least"),
        ("-plus", "at_least"),
        (" or less", "at_most"),
        (" or so", "about"),
        (" or more than 6", ""),
    ],
)
def test_words_after_an_amount_qualify_it(after: str, modifier: str) -> None:
    assert context.modifier(f"it was 5{after}", 7, 8) == modifier


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("profit rose from 5 to 7", True),
        ("extended purchases by 5 to 7", True),
        ("prices range from 5 to 7", False),
        ("from 5 to 7", False),
        ("raised its forecast to 8 from 5 to 7", False),
    ],
)
def test_a_move_is_told_from_a_range(text: str, change: bool) -> None:
    assert context.is_change(text, text.index("5")) is change
