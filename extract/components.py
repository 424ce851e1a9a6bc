"""The kinds as spaCy components, for any pipeline: ``nlp.add_pipe("extract_money")`` fills ``doc.spans["money"]``.

There is one for each kind, found through entry points as soon as this package is installed. A span is widened to whole
tokens; ``span._.fact`` is the fact as a row of facts.csv (a mapping from columns to the texts of the cells; ``start``
and ``end`` are exact), ``span._.value`` its value. ``doc._.published`` may be set to the day of publication
(``2020-08-12``) before the pipeline runs.

Money, percent, date and quantity are read from the text alone. Organisations and claims are read with this package's
own models, whatever else is in the pipeline, so that they are those of the table.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract import pipeline, table
from extract.kinds import KINDS
from extract.kinds.date import published
from extract.model import Document, Fact, KindName, Reading

# The kinds that need no more than the text, each after those it looks at.
OF_TEXT: tuple[KindName, ...] = ("money", "percent", "date", "quantity")

# Where a document keeps the rows of its facts, by fact id.
ROWS = "extract"

Doc.set_extension("published", default=None, force=True)
Span.set_extension("fact", getter=lambda span: span.doc.user_data.get(ROWS, {}).get(span.id_), force=True)
Span.set_extension("value", getter=lambda span: (span._.fact or {}).get("value"), force=True)


def _component(kind: KindName) -> Callable[[Doc], Doc]:
    return Language.component(f"extract_{kind}", assigns=["doc.spans"], func=partial(_fill, kind=kind))


def _fill(doc: Doc, kind: KindName) -> Doc:
    day = dt.date.fromisoformat(doc._.published) if doc._.published else None
    read = _read_text if kind in OF_TEXT else _read_all
    rows = [row for row in read(Document("", doc.text, day)) if row["kind"] == kind]
    doc.user_data.setdefault(ROWS, {}).update({row["fact_id"]: row for row in rows})
    doc.spans[kind] = [_span(doc, row) for row in rows]
    return doc


def _span(doc: Doc, row: Mapping[str, str]) -> Span:
    start, end = int(row["start"]), int(row["end"])
    span = doc.char_span(start, end, row["kind"], span_id=row["fact_id"], alignment_mode="expand")
    assert span is not None, "what is widened to whole tokens is a span"
    return span


@lru_cache(maxsize=1)
def _read_text(document: Document) -> list[dict[str, str]]:
    reading = Reading(published(document))
    found: list[Fact] = []
    for kind in OF_TEXT:
        found += KINDS[kind].recognise(reading, found)
        found.sort(key=lambda fact: fact.span)
    return _rows(reading, found)


@lru_cache(maxsize=1)
def _read_all(document: Document) -> list[dict[str, str]]:
    return _rows(*pipeline.recognise(document))


def _rows(reading: Reading, facts: list[Fact]) -> list[dict[str, str]]:
    names = [column.name for column in table.FACTS]
    return [dict(zip(names, row, strict=True)) for row in table.texts(table.FACTS, table.rows(reading, facts))]


money = _component("money")
percent = _component("percent")
quantity = _component("quantity")
date = _component("date")
organisation = _component("organisation")
claim = _component("claim")
