"""The checks: their examples, and what a true and an altered figure make of them."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from extract import pipeline, table
from extract.checks import CHECKS, Example, Finding, Row, Story, checked, events, exchange
from extract.model import Document
from extract.table import Cell

ALL = [(check.FLAGS, check.EXAMPLES) for check in CHECKS.values()] + [(events.FLAGS, events.EXAMPLES)]
EXAMPLES = [(flags, example) for flags, examples in ALL for example in examples]


def document(text: str, published: str) -> Document:
    day = dt.date.fromisoformat(published) if published else None
    return Document("a.txt", text, day, "documents.csv" if day else "")


@pytest.mark.parametrize(("codes", "example"), EXAMPLES)
def test_example(codes: Mapping[str, str], example: Example) -> None:
    facts = pipeline.tables([pipeline.extract(document(example.text, example.published))])["facts"]
    (row,) = facts[facts["quote"] == example.quote].fillna("").to_dict("records")
    assert example.evidence in row["evidence"]
    assert set(row["flags"].split()) & codes.keys() == ({example.code} if example.code else set())


def test_every_flag_has_an_example() -> None:
    for flags, examples in ALL:
        assert {example.code for example in examples} - {""} == flags.keys()


def test_a_check_changes_no_value() -> None:
    mill = document("The mill cost 695 million yuan ($120 million).", "2020-08-12")
    before = table.rows(*pipeline.recognise(mill))
    after = checked(Story(mill, before))
    assert after != before
    assert [{**row, "flags": None, "evidence": None} for row in after] == [
        {**row, "flags": None, "evidence": None} for row in before
    ]


def money(number: int, start: int, amount: Decimal, unit: str, quote: str, rule: str) -> Row:
    amounts: dict[str, Cell] = {"value_min": amount, "value_max": amount, "unit": unit, "modifier": None}
    place: dict[str, Cell] = {
        "fact_id": f"f{number:012x}",
        "kind": "money",
        "start": start,
        "end": start + 1,
        "quote": quote,
    }
    return {**place, **amounts, "rule": rule, "claim_id": None, "flags": None, "evidence": None}


def conversions(factor: Decimal) -> Iterator[list[Finding]]:
    """Sums told in two currencies at the rate of a day, the second off by a factor; what the check says of each."""
    chance = random.Random(20)
    for number in range(300):
        day = dt.date(2006, 1, 2) + dt.timedelta(days=chance.randrange(7000))
        one, other = chance.sample(["USD", "EUR", "GBP", "JPY", "CNY", "HKD", "SEK", "INR"], 2)
        rate = exchange._rate(one, other, day)
        if rate is None:
            continue
        amount = Decimal(chance.randrange(100, 1000))
        shown = Decimal(f"{amount * rate * factor:.3g}")
        rows = [money(2 * number, 0, amount, one, str(amount), "named-amount"),
                money(2 * number + 1, 2, shown, other, f"{shown:f}", "paired-conversion")]  # fmt: skip
        yield list(exchange.check(Story(Document("a", "", day), rows)))


def flagged(findings: list[Finding]) -> bool:
    return any(finding.code for finding in findings)


def test_of_hundreds_of_conversions_the_altered_are_flagged_and_the_true_are_not() -> None:
    true = [flagged(findings) for findings in conversions(Decimal(1))]
    assert len(true) > 250
    assert not any(true)
    for factor in (Decimal("0.5"), Decimal("0.8"), Decimal("1.25"), Decimal(10)):
        altered = [flagged(findings) for findings in conversions(factor)]
        assert sum(altered) >= 0.9 * len(altered), factor


def test_what_the_bank_has_no_rate_for_cannot_be_told() -> None:
    for day in (dt.date(1950, 1, 1), dt.date(2199, 12, 31)):
        rows = [
            money(0, 0, Decimal(7), "CNY", "7", "named-amount"),
            money(1, 2, Decimal(1), "USD", "1", "paired-conversion"),
        ]
        findings = list(exchange.check(Story(Document("a", "", day), rows)))
        assert [finding.evidence for finding in findings] == [
            "exchange-rate-unknown: no rate of CNY per USD for its time"
        ] * 2
        assert not flagged(findings)
