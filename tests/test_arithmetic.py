"""The arithmetic check: what hundreds of true and altered figures make of it, and what the seeds say."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from extract import table
from extract.checks import Story, arithmetic
from extract.kinds import KINDS
from extract.model import Document, Fact, Reading, plain

SEEDS = Path(__file__).parent.parent / "seeds"
ALTERED = (Decimal("0.6"), Decimal("0.93"), Decimal("1.07"), Decimal("1.5"), Decimal(10))


def story(text: str) -> Story:
    """A text with its figures; of the kinds that need no sentences."""
    reading = Reading(Document("a.txt", text))
    found: list[Fact] = []
    for name in ("money", "percent", "date", "quantity"):
        found = sorted([*found, *KINDS[name].recognise(reading, found)], key=lambda fact: fact.span)
    return Story(reading.document, table.rows(reading, found))


def said(text: str) -> dict[str, str]:
    """What the check says of a text: its code by evidence."""
    return {finding.evidence: finding.code for finding in arithmetic.check(story(text))}


def shown(number: Decimal) -> str:
    """Four digits, as a text shows them."""
    return plain(Decimal(f"{number:.4g}"))


Maker = Callable[[random.Random, Decimal], str]


def growth(template: str) -> Maker:
    def made(chance: random.Random, factor: Decimal) -> str:
        old = Decimal(chance.randrange(1000, 9000)) / 1000
        rate = Decimal(chance.randrange(150, 850)) / 10
        new = old * (1 + rate / 100)
        return template.format(old=shown(old), new=shown(new), rate=shown(rate * factor), change=shown(new - old))

    return made


def fall(template: str) -> Maker:
    def made(chance: random.Random, factor: Decimal) -> str:
        old = Decimal(chance.randrange(1000, 9000)) / 10
        rate = Decimal(chance.randrange(100, 600)) / 10
        new = Decimal(shown(old * (1 - rate / 100)))
        return template.format(old=old, new=new, rate=shown(rate * factor), change=shown(old - new))

    return made


def share(template: str) -> Maker:
    def made(chance: random.Random, factor: Decimal) -> str:
        whole = chance.randrange(2001, 9000)
        part = chance.randrange(201, whole // 2)
        return template.format(
            whole=f"{whole:,}", part=f"{part:,}", rate=shown(Decimal(100 * part) / Decimal(whole) * factor)
        )

    return made


def compound(chance: random.Random, factor: Decimal) -> str:
    years = chance.randrange(2, 12)
    first = chance.randrange(1990, 2010)
    old = Decimal(chance.randrange(1000, 9000)) / 1000
    rate = Decimal(chance.randrange(80, 400)) / 10
    new = old * (1 + rate / 100) ** years
    return (
        f"The trade grew from {shown(old)} billion euros to {shown(new)} billion euros from {first} to "
        f"{first + years}, with a compound annual growth rate of {shown(rate * factor)}%."
    )


def extrapolated(chance: random.Random, factor: Decimal) -> str:
    rate = Decimal(chance.randrange(80, 200)) / 10
    new = 2 * (1 + rate / 100) ** 5
    goal = new * (1 + rate / 100) ** 3 * factor
    return (
        f"The trade grew from 2.000 billion euros to {new:.3f} billion euros from 2010 to 2015, with a compound annual "
        f"growth rate of {rate}%. At this rate it will reach {goal:.3f} billion euros in 2018."
    )


def total(template: str) -> Maker:
    def made(chance: random.Random, factor: Decimal) -> str:
        parts = [Decimal(chance.randrange(101, 999)) for _ in range(3)]
        return template.format(*parts, total=round(sum(parts) * factor))

    return made


def multiple(template: str, times: Decimal) -> Maker:
    def made(chance: random.Random, factor: Decimal) -> str:
        old = Decimal(chance.randrange(101, 999))
        # Doubled and the like are said loosely: a tenth to either side is no error.
        far = factor if abs(factor - 1) > Decimal("0.2") or factor == 1 else factor + (factor - 1) * 3
        return template.format(old=old, new=shown(old * times * far))

    return made


PATTERNS: dict[str, Maker] = {
    "rose rate to new from old": growth("Turnover rose {rate} percent to ${new} billion from ${old} billion in May."),
    "from old to new, up rate": growth("It took turnover from {old} million tons to {new} million tons, up {rate}%."),
    "up rate from old": growth("Turnover was €{new} billion in the year, up {rate}% from €{old} billion."),
    "to new from old, a rise of": growth("It grew to ${new} million from ${old} million, a rise of {rate} percent."),
    "rose by change": growth("Turnover was up ${change} million, or {rate} percent, at ${new} million."),
    "fell to new from old": fall("It fell {rate} percent in 2014 to £{new} million, against £{old} million in 2013."),
    "fell change, or rate": fall("The shares lost ${change}, or {rate} percent, to ${new} in Oslo."),
    "part or rate of whole": share("The bank will shed {part} jobs, or {rate} percent of its {whole} staff."),
    "rate of whole, or part": share("It let go {rate} percent of its {whole} workers, or {part} people."),
    "share of total": share(
        "The mill had revenue of ${whole} million. Among that, paper made ${part} million, accounting for {rate}% of "
        "the total revenue."
    ),
    "compound": compound,
    "extrapolated": extrapolated,
    "total comprising": total("It raised ${total} million, comprising ${} million, ${} million and ${} million."),
    "for a total of": total("It sold {} cars, {} vans and {} carts for a total of {total:,} vehicles."),
    "doubled": multiple("Turnover doubled to ${new} million from ${old} million.", Decimal(2)),
    "halved": multiple("Turnover halved from ${old} million to ${new} million.", Decimal("0.5")),
    "twice the": multiple("It asked ${new} million, twice the ${old} million of a year ago.", Decimal(2)),
}  # fmt: skip


def findings(made: Maker, factor: Decimal) -> Iterator[dict[str, str]]:
    chance = random.Random(7)
    for _ in range(200):
        yield said(made(chance, factor))


@pytest.mark.parametrize("name", PATTERNS)
def test_of_hundreds_the_altered_are_flagged_and_the_true_confirmed(name: str) -> None:
    true = list(findings(PATTERNS[name], Decimal(1)))
    assert not [found for found in true if any(found.values())]
    assert sum(any(one.startswith("arithmetic-confirmed") for one in found) for found in true) >= 0.9 * len(true)
    for factor in ALTERED:
        altered = [any(found.values()) for found in findings(PATTERNS[name], factor)]
        assert sum(altered) >= 0.9 * len(altered), factor


@pytest.mark.parametrize(
    "text",
    [
        "Turnover rose 5 percent to $4 billion, while costs fell from $3 billion.",
        "Turnover rose 5 percentage points to $4 billion from $2 billion.",
        "Turnover rose 5 percent to $4 billion from €2 billion.",
        "Turnover rose 5 percent to $4 billion to $5 billion from $2 billion to $3 billion.",
        "It has 400 shops. Turnover rose 5 percent to $4 billion. From $2 billion it wants more.",
        "It sold 5 percent of its 300 shops for $40 million, accounting for 2% of total revenue.",
        "It borrowed $4 billion comprising a $1 billion loan and three loans of $1 billion each.",
        "Turnover rose 5 percent to $4 billion, compared with the $6 billion expected by analysts a year ago.",
        "Turnover rose 5 percent to $4 billion, against analysts' forecasts of $6 billion for the year.",
        "Turnover rose 5 percent to $4.0 billion, compared with $6.0 billion at its rival.",
        "Turnover grew 5 percent a year to $4.0 billion from $2.0 billion in 2004.",
        "Turnover grew 5 percent at constant currencies to $4.0 billion from $2.0 billion.",
        "It lent $8 billion in the year, and its shares closed up $2, or 4 percent.",
        "The yard runs a fleet of 200 ships, comprising 3 squadrons and 4 flotillas.",
        "It made 900 cars, including 300 vans and 200 carts.",
        "Turnover increased by 10 times to $4 billion from $2 billion.",
        "Turnover rose 5 percent to $0 from $0.",
    ],
)
def test_where_the_roles_are_not_certain_nothing_is_said(text: str) -> None:
    assert said(text) == {}


def test_another_measure_before_hides_none() -> None:
    text = "Output doubled, costs fell, profit doubled to $40 million from $20 million."
    assert said(text) == {"arithmetic-confirmed: 2 times $20 million is USD 40000000": ""}
    assert said(text.replace("profit doubled", "profit came")) == {}


@pytest.mark.parametrize(
    "evidence",
    [
        "4.917 billion yuan of 5.096 billion yuan is 96.49%",
        "from 6.7 billion yuan to 49.1 billion yuan, each of 6 years is 39.37%",
        "49.1 billion yuan after 2 years at 39.37% is CNY 95370000000",
    ],
)
def test_the_seeds_figures_hold(evidence: str) -> None:
    assert f"arithmetic-confirmed: {evidence}" in said_of_the_seeds()


def said_of_the_seeds() -> dict[str, str]:
    return {evidence: code for path in SEEDS.glob("*.txt") for evidence, code in said(path.read_text("utf-8")).items()}


def test_nothing_in_the_seeds_is_flagged() -> None:
    assert not any(said_of_the_seeds().values())


@pytest.mark.parametrize(
    "part",
    ["rose 5% to $4 ", "rose ", "from $4 to ", "$4, ", "$4 and ", "more than ", "a total of $4, comprising ",
     "1,000", "9" * 50, "\ue000", "doubled to $4 from ", "revenue of $4 ", "$4, accounting for 5% of total a ", ". "],
)  # fmt: skip
def test_hostile_repetition_is_read(part: str) -> None:
    said(part * (100_000 // len(part)))
