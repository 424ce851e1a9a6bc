"""Claims about one event: what is found to agree, what is flagged, and what is left alone because it may be right."""

import datetime as dt
import random
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from extract import pipeline, sources
from extract.checks import Finding, Row, Story, events
from extract.kinds.organisation.aliases import read_aliases
from extract.model import Aliases, Document
from extract.table import Cell

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
ORGANISATIONS = {name: name for name in ("Velbrook Inc.", "Nimbus Labs", "Tarnholm Corp.")} | {
    "Velbrook": "Velbrook Inc.",
    "Nimbus": "Nimbus Labs",
}
MANY = [f"Orlo{number:03} Mills" for number in range(200)]
ORGANISATIONS |= {name: name for name in MANY}
MODIFIERS = {"about ": "about", "over ": "over", "under ": "under"}


def day(text: str) -> tuple[dt.date, dt.date]:
    """The days of 2020, 2020-05 or 2020-05-12."""
    year, month, number = (*map(int, text.split("-")), 0, 0)[:3]
    first = dt.date(year, month or 1, number or 1)
    if number:
        return first, first
    after = dt.date(year + 1, 1, 1) if month in (0, 12) else dt.date(year, month + 1, 1)
    return first, after - dt.timedelta(days=1)


def story(
    name: str,
    kind: str,
    sentence: str,
    money: str = "",
    when: str = "",
    modality: str = "asserted",
    subject: str = "Velbrook",
    other: str = "Nimbus Labs",
    flags: str = "",
    published: str = "",
) -> Story:
    """A document of one sentence with one claim; ``{}`` in the sentence is ``money``: "over $1.2 billion", "5 yuan"."""
    quote = sentence.format(money)
    number = f"f{abs(hash_of(name + quote + when)):012x}"
    first, last = day(when) if when else (None, None)
    figure: dict[str, Cell] = {"value_min": None, "value_max": None, "unit": None, "modifier": None}
    rows: list[Row] = []
    if money:
        hedge = next((word for word in MODIFIERS if money.startswith(word)), "")
        digits = money.removeprefix(hedge)
        scale = Decimal(1000000000 if "billion" in digits else 1000000)
        value = Decimal(digits.strip("$").split()[0]) * scale
        figure = {"value_min": value, "value_max": value, "unit": "USD" if "$" in digits else "CNY"}
        figure["modifier"] = MODIFIERS.get(hedge)
        start = quote.index(digits)
        place: dict[str, Cell] = {"quote": digits, "start": start, "end": start + len(digits), "claim_id": number}
        rows.append({"fact_id": "m" + number, "kind": "money", **place, **figure})
    told: dict[str, Cell] = {"claim_type": kind, "subject": subject, "object": other or None, "modality": modality}
    place = {"document": name, "line": 1, "quote": quote, "start": 0, "end": len(quote)}
    dates: dict[str, Cell] = {"date_start": first, "date_end": last, "flags": flags or None}
    rows.append({"fact_id": number, "kind": "claim", **place, **told, **dates, **figure})
    # What the sentence does not name is named after it.
    places = {
        name: quote.find(name) if name in quote else len(quote) for name in {subject, other} & ORGANISATIONS.keys()
    }
    names = sorted((start, name) for name, start in places.items())
    rows += [{"fact_id": f"o{name}", "kind": "organisation", "value": name, "start": start, "end": start + len(name)}
             for start, name in names]  # fmt: skip
    return Story(Document(name, quote, dt.date.fromisoformat(published) if published else None), rows)


def hash_of(text: str) -> int:
    return random.Random(text).randrange(16**12)


def claim(story: Story) -> str:
    (row,) = story.of("claim")
    return str(row["fact_id"])


def check(stories: Sequence[Story]) -> list[Finding]:
    """What the claims of the stories say for and against each other."""
    found, _ = events.compared((claim for story in stories for claim in events.told(story)), ORGANISATIONS)
    return [finding for findings in found.values() for finding in findings]


def rows_of(stories: Sequence[Story]) -> list[dict[str, Cell]]:
    """The rows of events.csv."""
    return events.compared((claim for story in stories for claim in events.told(story)), ORGANISATIONS)[1]


def codes(stories: Sequence[Story]) -> list[str]:
    """The flags that the claims get."""
    return sorted(finding.code for finding in check(stories) if finding.code)


def evidence(stories: Sequence[Story]) -> list[str]:
    return [finding.evidence for finding in check(stories)]


BOUGHT = "Velbrook bought Nimbus Labs for {}."
RAISED = "Nimbus raised {} in its Series A round."


def test_another_document_corroborates() -> None:
    one = story("a.txt", "acquisition", BOUGHT, "$512 million", "2020-08-12")
    other = story("b.txt", "acquisition", BOUGHT, "about $500 million", "2020", subject="Velbrook Inc.", other="Nimbus")
    assert {finding.fact_id: finding.evidence for finding in check([one, other])} == {
        claim(one): "corroborated-by: b.txt line 1 (amount and date)",
        claim(other): "corroborated-by: a.txt line 1 (amount and date)",
    }
    assert codes([one, other]) == []


def test_a_document_does_not_corroborate_itself() -> None:
    one = story("a.txt", "acquisition", BOUGHT, "$512 million")
    assert evidence([one, story("a.txt", "acquisition", "Later " + BOUGHT, "$512 million")]) == []


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("$512 million", "2020-08-12"), ("$612 million", "2020-08-12"), events.AMOUNT),
        (("over $600 million", ""), ("$512 million", ""), events.AMOUNT),
        (("under $400 million", ""), ("$512 million", ""), events.AMOUNT),
        (("$512 million", "2020-08-12"), ("$512 million", "2020-05"), events.DATE),
        (("", "2019"), ("", "2020-05"), events.DATE),
        (("$512 million", ""), ("$510 million", ""), ""),  # 510 may be rounded
        (("$1 billion", ""), ("$931 million", ""), ""),
        (("over $500 million", ""), ("$612 million", ""), ""),
        (("$512 million", ""), ("3600 million yuan", ""), ""),  # two currencies
        (("$512 million", "2020-08-12"), ("$512 million", "2020-08-10"), ""),  # the day it was reported
        (("$512 million", "2018"), ("$700 million", "2020-05"), ""),  # two events
        (("$512 million", "2020-03-01"), ("$700 million", "2020-09-01"), ""),  # rather two events
    ],
)
def test_what_contradicts(one: tuple[str, str], other: tuple[str, str], code: str) -> None:
    told = [story(f"{money}{when}.txt", "acquisition", BOUGHT, money, when) for money, when in (one, other)]
    assert codes(told) == ([code] * 2 if code else [])


@pytest.mark.parametrize(
    "other",
    [
        story("b.txt", "acquisition", "Velbrook plans to buy Nimbus for {}.", "$700 million", modality="planned"),
        story("b.txt", "acquisition", "Velbrook offered {} for Nimbus.", "$700 million"),
        story("b.txt", "acquisition", "Velbrook bought Nimbus Labs's paints for {}.", "$700 million"),
        story("b.txt", "acquisition", "Velbrook bought a stake in Nimbus for {}.", "$700 million"),
        story("b.txt", "acquisition", "Velbrook bought Nimbus for {} including debt.", "$700 million"),
        story("b.txt", "acquisition", BOUGHT, "$700 million", modality="possible"),
        story("b.txt", "acquisition", BOUGHT, "$700 million", modality="negated"),
        story("b.txt", "acquisition", BOUGHT, "$700 million", subject="it", flags="unresolved-subject"),
        story("b.txt", "acquisition", BOUGHT, "$700 million", other="Labs elsewhere"),
        story("b.txt", "investment", "Velbrook invested {} in Nimbus.", "$700 million"),
    ],
    ids=lambda story: str(story.document.text),
)
def test_what_is_not_compared(other: Story) -> None:
    assert codes([story("a.txt", "acquisition", BOUGHT, "$512 million"), other]) == []


def test_a_plan_is_another_some_days_later() -> None:
    def plan(name: str, money: str, published: str) -> Story:
        return story(name, "acquisition", "Velbrook offered {} for Nimbus.", money, published=published)

    one, other = plan("a.txt", "$512 million", "2020-08-12"), plan("b.txt", "$612 million", "2020-08-14")
    assert codes([one, other]) == [events.AMOUNT] * 2
    assert codes([one, plan("b.txt", "$612 million", "2020-10-14")]) == []
    assert codes([one, plan("b.txt", "$612 million", "")]) == []


def test_what_is_said_on_a_day_was_not_done_on_it() -> None:
    one = story("a.txt", "acquisition", "Velbrook bought Nimbus Labs.", "", "2020-05")
    other = story("b.txt", "acquisition", "Velbrook said that it had bought Nimbus Labs.", "", "2020-08-12")
    assert codes([one, other]) == []


def test_rounds_of_financing_are_told_apart() -> None:
    first = story("a.txt", "investment", RAISED, "$931 million", subject="Nimbus", other="a field")
    again = story("b.txt", "investment", "Closing its A-round with {}.", "over $1 billion", subject="Nimbus", other="")
    second = story("c.txt", "investment", "Nimbus raised {} in Series B.", "$830 million", subject="Nimbus", other="")
    assert codes([first, second]) == []
    assert codes([first, again, second]) == [events.AMOUNT] * 2
    (row,) = rows_of([first, again, second])
    assert (row["subject"], row["object"], row["value_min"], row["value_max"]) == (
        "Nimbus Labs",
        None,
        Decimal(931000000),
        Decimal(1000000000),
    )


def test_who_invests_twice_does_not_contradict_himself() -> None:
    one = story("a.txt", "investment", "Velbrook invested {} in Nimbus.", "$50 million", "2020-03")
    other = story("b.txt", "investment", "Velbrook invested {} in Nimbus.", "$80 million", "2020-09")
    undated = story("c.txt", "investment", "Velbrook invested {} in Nimbus.", "$20 million")
    assert codes([one, other, undated]) == []
    again = story("d.txt", "investment", "Velbrook invested {} in Nimbus.", "$80 million", "2020-03-12")
    assert codes([one, again]) == [events.AMOUNT] * 2


def test_two_buyers_of_one_firm() -> None:
    one = story("a.txt", "acquisition", BOUGHT, "$512 million", "2020-08-12")
    two = story("b.txt", "acquisition", BOUGHT, "$512 million", "2020-08", subject="Tarnholm Corp.")
    later = story("b.txt", "acquisition", BOUGHT, "$512 million", "2020-11", subject="Tarnholm Corp.")
    assert codes([one, two]) == [events.PARTY] * 2
    assert codes([one, later]) == []


def test_sums_in_two_currencies_are_compared_at_the_rates_of_the_time() -> None:
    dollars = story("a.txt", "acquisition", BOUGHT, "$512 million", "2020-08-12")
    same = story("b.txt", "acquisition", BOUGHT, "3560 million yuan", "2020-08")
    assert sorted(evidence([dollars, same])) == [
        "corroborated-by: a.txt line 1 (amount and date)",
        "corroborated-by: b.txt line 1 (amount and date)",
    ]
    other = story("b.txt", "acquisition", BOUGHT, "5560 million yuan", "2020-08")
    assert codes([dollars, other]) == [events.AMOUNT] * 2
    undated = story("b.txt", "acquisition", BOUGHT, "3560 million yuan")
    assert evidence([story("a.txt", "acquisition", BOUGHT, "$512 million"), undated]) == []


def test_an_acquisition_and_an_investment_may_be_one_deal_but_never_contradict_each_other() -> None:
    bought = story("a.txt", "acquisition", BOUGHT, "$512 million")
    invested = story("b.txt", "investment", "Velbrook invested {} in Nimbus Labs.", "$512 million")
    assert len(evidence([bought, invested])) == 2
    more = story("b.txt", "investment", "Velbrook invested {} in Nimbus Labs.", "$900 million")
    assert evidence([bought, more]) == []
    assert len(rows_of([bought, more])) == 1


def test_who_leads_an_acquisition_acts_for_the_only_known_buyer() -> None:
    led = story(
        "b.txt", "acquisition", "Jane Doe led the acquisition of Nimbus Labs.", "", "2020-05", subject="Jane Doe"
    )
    bought = story("a.txt", "acquisition", "Velbrook completed its acquisition of Nimbus Labs.", "", "2020-08-12")
    assert codes([bought, led]) == [events.DATE] * 2
    rival = story("c.txt", "acquisition", BOUGHT, "", "2020-08-12", subject="Tarnholm Corp.")
    assert codes([bought, led, rival]) == []
    assert rows_of([led]) == []


def test_the_only_known_buyer_of_each_firm_is_found_in_linear_work() -> None:
    def work(firms: Sequence[str]) -> int:
        """The function calls it takes to compare two claims about each firm."""
        told = [
            story(f"{firm}.txt", "acquisition", f"{subject} bought {firm}.", "", "2020", subject=subject, other=firm)
            for firm in firms
            for subject in ("Velbrook", "Jane Doe")
        ]
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            rows = rows_of(told)
        finally:
            sys.setprofile(None)
        assert len(rows) == len(firms)
        return calls

    work(MANY[:1])
    assert work(MANY) <= 2.1 * work(MANY[:100])


def test_what_is_done_and_what_is_completed_within_a_month_agree() -> None:
    done = story("a.txt", "acquisition", "Velbrook acquired Nimbus Labs.", "", "2020-08-01")
    completed = story("b.txt", "acquisition", "Velbrook completed its acquisition of Nimbus Labs.", "", "2020-08-20")
    assert codes([done, completed]) == []


def test_an_offer_told_of_after_the_deed_is_another_one() -> None:
    done = story("a.txt", "acquisition", "Velbrook acquired Nimbus Labs, for less than offered.", "", "2020-05")
    later = story("b.txt", "acquisition", "Velbrook acquired Nimbus Labs.", "", "2020-08")
    assert codes([done, later]) == [events.DATE] * 2
    offer = story("a.txt", "acquisition", "After an offer Velbrook acquired Nimbus Labs.", "", "2020-05")
    assert codes([offer, later]) == []


def test_a_row_of_events() -> None:
    told = [
        story("a.txt", "acquisition", BOUGHT, "$512 million", "2020-08-12"),
        story("b.txt", "acquisition", BOUGHT, "$700 million", "2020-08"),
        story("c.txt", "acquisition", BOUGHT, "", "2020"),
    ]
    (row,) = rows_of(told)
    assert row == rows_of(told[::-1])[0] | {"evidence": row["evidence"]}
    assert (row["claim_type"], row["subject"], row["object"]) == ("acquisition", "Velbrook Inc.", "Nimbus Labs")
    assert (row["date_start"], row["date_end"]) == (dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert (row["value_min"], row["value_max"], row["unit"]) == (Decimal(512000000), Decimal(700000000), "USD")
    assert (row["claims"], row["documents"], row["flags"]) == (3, 3, "contradicted-amount")
    assert len(str(row["members"]).split()) == 3
    yuan = story("d.txt", "acquisition", BOUGHT, "3600 million yuan", "2020")
    (row,) = rows_of([*told, yuan])
    assert (row["value_min"], row["unit"]) == (None, None)
    assert str(row["evidence"]).startswith("amounts in CNY and USD; ")


def test_what_is_told_very_often_is_compared_in_stretches() -> None:
    told = [story(f"{number}.txt", "acquisition", BOUGHT, "$512 million", "2020-08-12") for number in range(3000)]
    assert len(evidence(told)) == 3000
    assert "and 37 more" in evidence(told)[0]


def retold(chance: random.Random, number: int, factor: Decimal, shift: int) -> list[Story]:
    """An event told by two to four documents, as texts do: in other words, rounded, coarser; the last one altered."""
    kind, sentence = chance.choice(
        [
            ("acquisition", "Velbrook bought Nimbus Labs for {}."),
            ("acquisition", "In a deal of {} Nimbus was acquired by Velbrook."),
            ("listing", "Nimbus raised {} when it went public."),
            ("investment", RAISED),
        ]
    )
    parties = {"subject": "Velbrook", "other": "Nimbus Labs"} if kind == "acquisition" else {"subject": "Nimbus"}
    parties.setdefault("other", "")
    value = Decimal(chance.randrange(101, 999))
    when = dt.date(2004, 1, 1) + dt.timedelta(days=chance.randrange(6000))
    others = chance.randrange(1, 4)
    told = []
    for index in range(others + 1):
        altered = index == others
        shown = value * (factor if altered else 1)
        size = Decimal(f"{shown:.2g}") if chance.random() < 0.3 else Decimal(f"{shown:.3g}")
        money = f"{chance.choice(['', '', 'about '])}${size:f} million"
        at = (when + dt.timedelta(days=shift if altered else 0)).isoformat()
        precision = 10 if altered or shift else chance.choice([4, 7, 10])
        told.append(story(f"{number}-{index}.txt", kind, sentence, money, at[:precision], **parties))
    return told


def test_of_hundreds_of_events_the_true_are_corroborated() -> None:
    chance = random.Random(8)
    told = [retold(chance, number, Decimal(1), 0) for number in range(300)]
    corroborated = [{finding.fact_id for finding in check(one)} == set(map(claim, one)) for one in told]
    assert sum(corroborated) >= 0.9 * len(corroborated)


def flagged(factor: str, shift: int) -> list[bool]:
    chance = random.Random(7)
    return [bool(codes(retold(chance, number, Decimal(factor), shift))) for number in range(300)]


def test_of_hundreds_of_events_the_altered_are_flagged_and_the_true_are_not() -> None:
    true = flagged("1", 0) + flagged("1", 2)
    altered = [flagged(factor, 0) for factor in ("0.5", "0.65", "1.5", "10")] + [flagged("1", 45)]
    for each in altered:
        assert sum(each) >= 0.9 * len(each)
    found = sum(map(sum, altered))
    assert found / (found + sum(true)) >= 0.99
    assert not any(true)


def test_the_seeds_deals() -> None:
    settings = pipeline.Settings(read_aliases(SEEDS.parent / "annotations" / "aliases.csv"))
    read = [pipeline.extract(sources.read(entry), settings) for entry in sources.entries(SEEDS)]
    told = {
        (row["subject"], row["object"]): row
        for row in pipeline.conclude([pipeline.digest(one) for one in read], settings.aliases).events
    }

    hospital = told["ByteDance", "Amcare Healthcare"]
    assert (hospital["documents"], hospital["flags"]) == (2, None)
    assert "amounts in CNY and USD" in str(hospital["evidence"])
    assert "corroborated-by" in str(hospital["evidence"])

    platform = told["ByteDance", "Baike Mingyi"]
    assert (platform["date_start"], platform["date_end"]) == (dt.date(2020, 5, 1), dt.date(2020, 8, 12))
    assert (platform["documents"], platform["flags"]) == (2, "contradicted-date")

    financing = told["JD Health", None]
    assert (financing["claim_type"], financing["documents"]) == ("investment", 2)
    assert (financing["value_min"], financing["value_max"]) == (Decimal(931000000), Decimal(1000000000))
    assert (financing["unit"], financing["flags"]) == ("USD", "contradicted-amount")


def test_the_seeds_names_are_proposed() -> None:
    read = [pipeline.extract(sources.read(entry)) for entry in sources.entries(SEEDS)]
    found = pipeline.conclude([pipeline.digest(one) for one in read], Aliases()).organisations
    flagged = {one["organisation"]: one["evidence"] for one in found if "possible-alias" in str(one["flags"]).split()}
    assert flagged["Baike Mingyi"] == "long for Baikemy?"
    assert flagged["Amcare Healthcare"] == "described as high-end hospital like Meizhong Yihé?"
    assert flagged["JINGdong"] == "another name of JD.com?"
    assert flagged["Alibaba Health"] == "another spelling of Ali Health?"
