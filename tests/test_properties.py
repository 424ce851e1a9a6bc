"""No text, however odd, breaks an offset, the schema, or determinism; none makes the reading slow."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract import pipeline, table, validation
from extract.kinds import KINDS
from extract.language import blocks
from extract.model import Document

# Pieces that wake the rules of every kind, to be strung together with arbitrary text.
PIECES = st.sampled_from(
    [
        "$", "€", "¥", "RMB ", "US$", "5", "1,234.5", "0.25", "7-9", "million", " billion ", "bn", "twenty-five", "a",
        "half", "%", " percent", "percentage points", "basis points", "cents", "yuan", "(", ")", "over ", "about ",
        "May ", "August 12", "2020", "Q3", "last year", "the ", "Friday", "12:30", "11/12/2013", "two weeks", "now",
        "Acme Corp.", " Ltd.", "Bank of ", "Carp", "Bolt’s", "said", " acquired ", " plans to ", "users", "times",
        "according to ", "\n", "\r\n", "\n\n", "• ", ". ", ", ", " and ", "–", "-", "'", '"', "\u200f", "\u00a0",
        "=1+1",
    ]
)  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.lists(PIECES | st.text(CHARACTERS, max_size=8), max_size=40).map("".join)
DAYS = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOWLY
@given(TEXTS, DAYS)
def test_the_table_of_any_text_is_valid(text: str, published: dt.date | None) -> None:
    extracted = pipeline.extract(Document("a.txt", text, published, "documents.csv" if published else ""))
    tables = {name: table.cells(frame) for name, frame in pipeline.tables([extracted]).items()}
    assert not validation.problems(tables, {"a.txt": text}, pipeline.FLAGS)
    rules = {name: kind.RULES for name, kind in KINDS.items()}
    assert all(row["rule"] in rules[str(row["kind"])] for row in extracted.rows)


@SLOWLY
@given(TEXTS, DAYS)
def test_a_text_is_read_twice_the_same(text: str, published: dt.date | None) -> None:
    document = Document("a.txt", text, published, "documents.csv" if published else "")
    assert pipeline.extract(document) == pipeline.extract(document)


@given(TEXTS)
def test_blocks_cover_all_that_is_not_white_space(text: str) -> None:
    spans = list(blocks(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[slice(*span)] == text[slice(*span)].strip() != "" for span in spans)
    assert "".join("".join(text[slice(*span)].split()) for span in spans) == "".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1", "1,", "$", "$ 1 ", "a ", "A", "A. ", "- ", "\n", " ", "(", "5 million ", "May "]
)
def test_a_long_run_of_one_thing_is_read(piece: str) -> None:
    """What is quadratic in its length would outlast anyone's patience."""
    text = piece * (50_000 // len(piece))
    extracted = pipeline.extract(Document("a.txt", text))
    assert all(row["quote"] == text[int(str(row["start"])) : int(str(row["end"]))] for row in extracted.rows)
