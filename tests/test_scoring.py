"""The scorer, on a table and gold small enough to count by hand."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from extract import scoring, table
from extract.errors import InputError
from extract.model import Claim, Document, Fact, Flag, Money, Organisation, Reading, Span, Value

TEXT = "Acme paid $5 million to Bolt. Carp said so. A second $7."
DAY = dt.date(2020, 8, 12)


def fact(quote: str, value: Value, *flags: str) -> Fact:
    start = TEXT.index(quote)
    span = Span(start, start + len(quote))
    return Fact(span=span, value=value, rule="test", confidence=1, flags=tuple(map(Flag, flags)))


def gold(quote: str, kind: str, **normalised: object) -> scoring.GoldFact:
    start = TEXT.index(quote)
    return {"kind": kind, "start": start, "end": start + len(quote), "quote": quote, **normalised}


def dollars(number: int, modifier: str = "") -> Money:
    return Money(Decimal(number), Decimal(number), "USD", "over" if modifier else "")


def tabulated(*facts: Fact) -> pd.DataFrame:
    return table.frame(table.FACTS, table.rows(Reading(Document("a.txt", TEXT)), facts))


def test_amounts_count_by_span_value_and_modifier() -> None:
    found = tabulated(fact("$5 million", dollars(5_000_000)), fact("$7", dollars(8)), fact("so", dollars(1), "odd"))
    figures = scoring.score(
        found,
        {
            "a.txt": [
                gold("$5 million", "money", currency="USD", min=5_000_000, max=5_000_000, modifier="over"),
                gold("$7.", "money", currency="USD", min=7, max=7, modifier=""),
            ]
        },
    )["money"]
    assert figures == {
        "found": 3,
        "gold": 2,
        "precision": 0.6667,
        "recall": 1.0,
        "overlap_f1": 0.8,
        "strict_f1": 0.4,
        "value_f1": 0.4,
        "modifier": 0.5,
        "flagged": 0.3333,
        "silent_error_rate": 0.5,
    }


def test_one_fact_is_paired_once() -> None:
    found = tabulated(fact("Acme paid", Organisation("Acme")))
    gold_facts = [gold("Acme", "organisation", name="Acme"), gold("paid", "organisation", name="paid")]
    figures = scoring.score(found, {"a.txt": gold_facts})["organisation"]
    assert (figures["overlap_f1"], figures["strict_f1"], figures["value_f1"]) == (0.6667, 0.0, 0.6667)
    assert figures["silent_error_rate"] == 1.0


def test_identity_counts_by_pairs_of_mentions() -> None:
    text = "Acme, Acme, Bolt, Bolt."
    names = {0: ("Acme", "Acme"), 6: ("Acme", "Acme"), 12: ("Acme", "Bolt"), 18: ("Bolt", "Bolt")}
    facts = [
        Fact(span=Span(start, start + 4), value=Organisation(name), rule="test", confidence=1)
        for start, (name, _) in names.items()
    ]
    gold_facts: list[scoring.GoldFact] = [
        {"kind": "organisation", "start": start, "end": start + 4, "name": name} for start, (_, name) in names.items()
    ]
    found = table.frame(table.FACTS, table.rows(Reading(Document("a.txt", text)), facts))
    # Found: three pairs among the first three; in gold: the first two, the last two; in both: the first two.
    assert scoring.score(found, {"a.txt": gold_facts})["organisation"]["same_f1"] == 0.4


def test_a_claim_is_right_by_type_modality_and_figure() -> None:
    amount = dollars(5_000_000)
    paid = fact("$5 million", amount)
    sentence = "Acme paid $5 million to Bolt."
    claim = Claim("investment", "Acme", "Bolt", "asserted", figure=amount, parts=(paid.key,))
    expected = gold(sentence, "claim", type="investment", subject="Acme", object="Bolt", modality="asserted")
    for values, right in (["$5 million"], 1.0), ([], 1.0), (["$7"], 0.0):
        figures = scoring.score(tabulated(paid, fact(sentence, claim)), {"a.txt": [{**expected, "values": values}]})
        assert figures["claim"]["value_f1"] == right


def test_only_kinds_and_documents_with_gold_are_scored() -> None:
    found = tabulated(fact("Acme", Organisation("Acme")))
    assert scoring.score(found, {"a.txt": [gold("$7", "money", currency="USD", min=7, max=7, modifier="")]}).keys() == {
        "money"
    }
    missing = scoring.score(found, {"b.txt": [gold("Acme", "organisation", name="Acme")]})["organisation"]
    assert (missing["found"], missing["gold"], missing["recall"]) == (0, 1, 0.0)


@pytest.mark.parametrize("content", ["not json", "{}", '{"document": "a"}\n{"kind": "fish", "start": 0, "end": 1}'])
def test_what_is_no_gold_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(InputError, match=r"a\.jsonl: is no gold file"):
        scoring.read_gold(tmp_path)


def test_a_folder_without_gold_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no gold here"):
        scoring.read_gold(tmp_path)


def test_gold_is_read_by_document(tmp_path: Path) -> None:
    lines = [{"document": "a.txt", "document_date": None}, gold("Acme", "organisation", name="Acme")]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert scoring.read_gold(tmp_path) == {"a.txt": lines[1:]}
