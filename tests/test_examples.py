"""Every ``examples.toml`` is read as the specification of its kind, and held to."""

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from extract import kinds, pipeline, table
from extract.errors import RuleError
from extract.kinds import KINDS
from extract.kinds.data import data
from extract.model import Document

FOLDER = Path(kinds.__file__).parent
COLUMNS = [column.name for column in table.FACTS]


@cache
def examples(kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / kind / "examples.toml").read_text("utf-8"))["example"]
    return found


@cache
def extracted(kind: str, text: str, published: dt.date | None) -> list[dict[str, str]]:
    """The rows of one kind in ``text``, as the cells of the CSV."""
    document = Document("example.txt", text, published, "documents.csv" if published else "")
    reading, facts = pipeline.recognise(document)
    rows = table.frame(table.FACTS, table.rows(reading, [fact for fact in facts if fact.kind == kind]))
    return [dict(zip(COLUMNS, row, strict=True)) for row in table.cells(rows).itertuples(index=False)]


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind in KINDS for number in range(len(examples(kind)))]
)
def test_example(kind: str, number: int) -> None:
    example = examples(kind)[number]
    unknown = {key for fact in example["facts"] for key in fact} - set(COLUMNS)
    assert not unknown, f"{example['text']!r}: no such column: {unknown}"
    found = extracted(kind, example["text"], example.get("published"))
    if len(found) == len(example["facts"]):
        asked = [{key: row[key] for key in fact} for row, fact in zip(found, example["facts"], strict=True)]
    else:
        asked = [{"quote": row["quote"], "value": row["value"], "rule": row["rule"]} for row in found]
    assert asked == example["facts"], example["text"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_has_a_positive_and_a_negative_example(kind: str) -> None:
    rules = KINDS[kind].RULES
    shown = {example["rule"] for example in examples(kind)}
    assert shown <= rules, f"{kind}: examples of rules that do not exist: {sorted(shown - rules)}"
    made: set[str] = set()
    held_back: set[str] = set()
    for example in examples(kind):
        here = {row["rule"] for row in extracted(kind, example["text"], example.get("published"))}
        made |= here & {example["rule"]}
        if example["rule"] not in here:
            held_back.add(example["rule"])
    assert made == rules, f"{kind}: rules without a positive example: {sorted(rules - made)}"
    assert held_back == rules, f"{kind}: rules without a negative example: {sorted(rules - held_back)}"


@pytest.mark.parametrize("kind", KINDS)
def test_flags_are_documented(kind: str) -> None:
    assert all(code and meaning for code, meaning in KINDS[kind].FLAGS.items())


def test_a_missing_or_malformed_data_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleError, match=r"extract\.kinds/none\.toml"):
        data("extract.kinds", "none.toml")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "__init__.py").touch()
    (tmp_path / "broken" / "rules.toml").write_text("[unclosed")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(RuleError, match=r"broken/rules\.toml"):
        data("broken", "rules.toml")
