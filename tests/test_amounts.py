"""Money, percent and quantity as a whole: currencies known, texts read in any state, hostile input in linear work."""

from decimal import Decimal
from itertools import pairwise

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.kinds import money, percent, quantity
from extract.kinds.money.currencies import CODES, CURRENCIES, NAMES, SYMBOLS
from extract.kinds.quantity.phrases import plural
from extract.model import Amount, Document, Fact, Money, Reading

PIECES = [
    "$", "US$", "HK$", "A$", "€", "£", "¥", "RMB ", "kr", "Rs ", "R", "5", "7.5", "1,234", "34,50", "10 000", ".75",
    "2009", "½", "3/4", "million", "bn", " m", "k", "half a ", "twenty", "one", "billions of ", "several ", "multi-",
    " euros", " yuan", " pounds", " dollars", " cents", " pence", "a dollar", " won", " crowns", "%", " percent",
    "percentage points", "bp", " stores", " new users", " times", "tenfold", " of the ", "-page ", "737", " by ",
    " one notch", " to ", "-", "–", " and ", "between ", "⅓", "1/3", "from ",
    "rose ", "by ", " or more", "over ", "minus ", "(", ")", "; ", ". ", ", ", " ", "\n", "\r\n", "\u00a0",
    "万", "İ", "x",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


def facts(text: str) -> list[Fact]:
    """The amounts in a text, as the pipeline would find them without dates."""
    reading = Reading(Document("a.txt", text))
    found: list[Fact] = []
    for kind in (money, percent, quantity):
        found = sorted([*found, *kind.recognise(reading, found)], key=lambda fact: fact.span)
    return found


def amounts(text: str) -> list[tuple[str, str]]:
    return [(text[slice(*fact.span)], fact.value.canonical()) for fact in facts(text)]


def test_every_iso_4217_code_is_known() -> None:
    assert {currency.alpha_3 for currency in pycountry.currencies} <= CODES
    withdrawn = {code for code in CODES if CURRENCIES[code].historic}
    assert not withdrawn & {currency.alpha_3 for currency in pycountry.currencies}


def test_every_name_and_symbol_belongs_to_a_known_currency() -> None:
    assert {unit.code for unit in [*NAMES.values(), *SYMBOLS.values()] if unit.code} <= CODES
    assert all(unit.code or unit.family for unit in [*NAMES.values(), *SYMBOLS.values()])


def test_every_code_is_read_on_both_sides_of_a_sum() -> None:
    for code in sorted(CODES):
        assert amounts(f"It paid {code} 2.5 million.") == [(f"{code} 2.5 million", f"{code} 2500000")]
        assert amounts(f"It paid 2.5 million {code}.") == [(f"2.5 million {code}", f"{code} 2500000")]


def test_every_full_name_is_read() -> None:
    for name, unit in sorted(NAMES.items()):
        if unit.code:
            (fact,) = facts(f"It paid 2 million {name}.")
            assert isinstance(fact.value, Money)
            assert (fact.value.unit, fact.value.minimum) == (unit.code, 2_000_000 * unit.share), name


def test_no_two_currencies_claim_one_sign_unless_they_share_a_family() -> None:
    for currency in CURRENCIES.values():
        for sign in currency.explicit:
            unit = SYMBOLS.get(sign.strip()) or NAMES.get(sign.strip().lower())
            assert unit is None or unit.code in {currency.code, ""}, (currency.code, sign)


@given(TEXTS)
def test_facts_of_a_kind_never_overlap_and_lie_inside_the_text(text: str) -> None:
    for kind in ("money", "percent", "quantity"):
        spans = [fact.span for fact in facts(text) if fact.kind == kind]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(left.end <= right.start for left, right in pairwise(spans))
    found = facts(text)
    counted = [fact.span for fact in found if fact.kind == "quantity"]
    assert not any(span.overlaps(fact.span) for span in counted for fact in found if fact.kind != "quantity")


@given(TEXTS)
def test_values_are_sound(text: str) -> None:
    documented = {**money.FLAGS, **percent.FLAGS, **quantity.FLAGS}
    for fact in facts(text):
        value = fact.value
        assert isinstance(value, Amount)
        assert all(end is None or end.is_finite() for end in (value.minimum, value.maximum))
        assert value.minimum is not None
        assert value.maximum is None or value.minimum <= value.maximum
        assert (value.maximum is None) == (value.modifier == "vague")
        assert value.modifier != "vague" or fact.flags
        assert value.unit or fact.flags
        assert not isinstance(value, Money) or not value.unit or value.unit in CODES
        assert {flag.code for flag in fact.flags} <= set(documented)


@given(st.decimals(Decimal("0.01"), 10**9, places=2), st.sampled_from(["$", "€", "£", "US$", "HK$", "GBP ", "RMB "]))
def test_a_price_is_read_back_exactly(price: Decimal, sign: str) -> None:
    (fact,) = facts(f"It costs {sign}{price:,.2f} now.")
    assert isinstance(fact.value, Money)
    assert fact.value.minimum == fact.value.maximum == price


@given(TEXTS)
def test_what_stands_after_an_empty_line_changes_no_amount_before_it(text: str) -> None:
    plain = text.replace("\n", " ").replace("\r", " ")
    before = [(fact.span, fact.value) for fact in facts(f"{plain}\n\n") if fact.kind == "percent"]
    after = [(fact.span, fact.value) for fact in facts(f"{plain}\n\nmillion percent") if fact.kind == "percent"]
    assert before == after


def test_evidence_decides_what_a_bare_sign_means() -> None:
    def money_of(text: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(fact.value.canonical(), tuple(flag.code for flag in fact.flags)) for fact in facts(text)]

    assert money_of("NEW YORK - It paid $5 million.") == [("USD 5000000", ())]
    assert money_of("SYDNEY - It paid $5 million.") == [("USD 5000000", ("ambiguous-currency",))]
    assert money_of("SYDNEY (Reuters) - It paid $5 million.") == [("USD 5000000", ())]
    assert money_of("In Toronto it paid $5 million (US$4 million).")[0] == ("CAD 5000000", ("ambiguous-currency",))
    assert money_of("In Hong Kong it paid 5 million yuan ($4 million).")[1] == ("USD 4000000", ())
    assert money_of("In Oslo it costs 5 million kroner.") == [("NOK 5000000", ())]
    assert money_of("It costs 5 million kroner.") == [("5000000", ("ambiguous-currency",))]
    assert money_of("US$5 million") == [("USD 5000000", ())]


def test_a_conversion_names_its_other_half() -> None:
    paid, converted = facts("It paid 500 million yuan ($78 million).")
    assert paid.notes == ("pairs with $78 million",)
    assert converted.notes == ("pairs with 500 million yuan",)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        ",",
        "1,",
        "1.",
        "$",
        "$ ",
        " ",
        "\n",
        "%",
        "x",
        "a ",
        "-",
        "1/",
        "½",
        "one-",
        "HK$",
        "1-",
        "$.",
        "(",
        "İ",
        "5 of ",
        "5 pounds ",
        "5 cents ",
        "5-a-",
        "A 123 ",
        "by 5,000 ",
        "5 a's ",
    ],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert all(fact.span.end - fact.span.start < 100 for fact in facts(text))


def test_a_megabyte_of_digits_makes_no_sum() -> None:
    assert facts("$" + "9" * 1_000_000 + " million") == []
    assert facts("$" + "9," * 500_000 + "9 percent") == []


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("store", "stores"),
        ("company", "companies"),
        ("day", "days"),
        ("branch", "branches"),
        ("bus", "buses"),
        ("person", "people"),
        ("foot", "feet"),
        ("staff", "staff"),
        ("stores", "stores"),
        ("km", "kilometres"),
    ],
)
def test_a_counted_noun_is_written_in_the_plural(noun: str, many: str) -> None:
    assert plural(noun) == many
