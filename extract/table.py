"""The fact table: its columns, declared once, and rows out of facts.

A table is a pandas DataFrame with one of the column sets below: numbers as ``Decimal``, integers as ``int64``,
dates as ``datetime.date``, texts as ``str``; an absent value is missing (None or NaN). ``cells`` turns it into the
texts that the CSV holds, where an absent value is the empty text, and ``texts`` gives these at once.

pandas is imported where a table is made: it takes a third of a second, and what reads documents needs none.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from extract.model import (
    Amount,
    Claim,
    ClaimType,
    DateBasis,
    DateValue,
    Document,
    Fact,
    Key,
    KindName,
    Modality,
    Modifier,
    Organisation,
    PublishedBasis,
    Reading,
    Span,
    Timex,
    Value,
    fact_id,
    plain,
)

if TYPE_CHECKING:
    import pandas as pd

ColumnType = Literal["string", "integer", "number", "date"]
Cell = str | int | Decimal | float | dt.date | None

KINDS: tuple[KindName, ...] = get_args(KindName)
AMOUNTS: tuple[KindName, ...] = ("money", "percent", "quantity")
STATUSES = ("extracted", "accepted", "corrected", "rejected", "added")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``kinds`` are the kinds that may fill it (a cell of another kind is empty); ``required`` says that
    those kinds always do. ``words`` is a closed vocabulary, ``pattern`` a regular expression for the whole cell.
    """

    name: str
    type: ColumnType
    text: str
    kinds: tuple[KindName, ...] = KINDS
    required: bool = False
    words: tuple[str, ...] = ()
    pattern: str = ""


FACTS: tuple[Column, ...] = (
    Column(
        "fact_id",
        "string",
        "f + 12 hex digits: stable as long as the text and the place are",
        required=True,
        pattern=r"f[0-9a-f]{12}",
    ),
    Column("document", "string", "path below the input folder, with /", required=True),
    Column("kind", "string", "what sort of fact this is", required=True, words=KINDS),
    Column("quote", "string", "the words of the text, exactly text[start:end]", required=True),
    Column("start", "integer", "first code point of the quote in the decoded text, from 0", required=True),
    Column("end", "integer", "code point after the quote's last", required=True),
    Column("line", "integer", "line of the quote's start, from 1", required=True),
    Column("sentence", "string", "the sentence around the quote, white space folded", required=True),
    Column(
        "value",
        "string",
        "canonical form: CNY 500000000, 46.2%, a TIMEX3 value, an organisation's name, a reading of the claim; "
        "empty where the text does not say",
    ),
    Column(
        "value_min",
        "number",
        "lower end of the amount in full main units; empty when open",
        (*AMOUNTS, "claim"),
    ),
    Column("value_max", "number", "upper end; equals value_min for a plain amount", (*AMOUNTS, "claim")),
    Column("unit", "string", "ISO 4217 code, percent, pp, bp, or the counted noun", (*AMOUNTS, "claim")),
    Column(
        "modifier",
        "string",
        "how the text qualifies the amount; empty = plainly",
        (*AMOUNTS, "claim"),
        words=get_args(Modifier)[1:],
    ),
    Column("timex", "string", "TIMEX3 type", ("date",), required=True, words=get_args(Timex)),
    Column("date_start", "date", "first ISO day covered", ("date", "claim")),
    Column("date_end", "date", "last ISO day covered", ("date", "claim")),
    Column(
        "date_basis",
        "string",
        "what the value rests on: the words themselves, the document's date, the story's, or nothing",
        ("date",),
        required=True,
        words=get_args(DateBasis),
    ),
    Column(
        "claim_id",
        "string",
        "fact_id of the claim this belongs to, space-separated when several",
        tuple(kind for kind in KINDS if kind != "claim"),
        pattern=r"f[0-9a-f]{12}( f[0-9a-f]{12})*",
    ),
    Column(
        "claim_type",
        "string",
        "what the claim is about",
        ("claim",),
        required=True,
        words=get_args(ClaimType),
    ),
    Column("subject", "string", "the organisation, market, person or thing the claim is about", ("claim",)),
    Column("object", "string", "the counterparty or thing", ("claim",)),
    Column("modality", "string", "how surely it is said", ("claim",), required=True, words=get_args(Modality)),
    Column("source", "string", "who says it; empty = the document itself", ("claim",)),
    Column("confidence", "number", "0 to 1", required=True),
    Column(
        "flags",
        "string",
        "reasons for a person to look, space-separated codes; empty = nothing to look at",
        pattern=r"[a-z-]+( [a-z-]+)*",
    ),
    Column("evidence", "string", "what was seen or expected, for the flags and beside them"),
    Column("status", "string", "what became of the fact in review", required=True, words=STATUSES),
    Column("rule", "string", "the rule, frame or model that made it", required=True),
)

DOCUMENTS: tuple[Column, ...] = (
    Column("document", "string", "path below the input folder, with /", required=True),
    Column("sha256", "string", "SHA-256 of the text as UTF-8; empty when not read", pattern=r"[0-9a-f]{64}"),
    Column("characters", "integer", "code points in the text; empty when not read"),
    Column("published", "date", "day of publication, where known"),
    Column(
        "published_basis",
        "string",
        "where that was learnt: documents.csv, the text's own header, the file's metadata",
        words=get_args(PublishedBasis)[1:],
    ),
    Column("title", "string", "title, where known"),
    Column("author", "string", "author, where the file says it"),
    Column("source", "string", "publisher or address, where known"),
    Column("status", "string", "read, or why it could not be", required=True),
)

ORGANISATIONS: tuple[Column, ...] = (
    Column(
        "organisation", "string", "its most complete name in the run, or the one that aliases.csv gives", required=True
    ),
    Column("kind", "string", "company, bank, public body …; empty where its names do not tell"),
    Column(
        "aliases",
        "string",
        "the other names and spellings it has in the run, the most frequent first, between semicolons",
    ),
    Column("mentions", "integer", "how many facts name it", required=True),
    Column("documents", "integer", "in how many documents", required=True),
    Column("first_seen", "string", "the first document that names it", required=True),
    Column(
        "flags",
        "string",
        "reasons for a person to look, space-separated codes; empty = nothing to look at",
        pattern=r"[a-z-]+( [a-z-]+)*",
    ),
    Column("evidence", "string", "what was seen, for the flags"),
)

EVENTS: tuple[Column, ...] = (
    Column(
        "event",
        "string",
        "e + 12 hex digits: stable as long as its members are",
        required=True,
        pattern=r"e[0-9a-f]{12}",
    ),
    Column("claim_type", "string", "what its claims are about", required=True, words=get_args(ClaimType)),
    Column("subject", "string", "the organisation, by its name in the run, or the person", required=True),
    Column("object", "string", "the counterparty, by its name in the run"),
    Column("date_start", "date", "first day that its claims give"),
    Column("date_end", "date", "last day that its claims give"),
    Column("value_min", "number", "least amount that its claims give; empty where they give two currencies"),
    Column("value_max", "number", "greatest amount that its claims give; empty where open, or in two currencies"),
    Column("unit", "string", "ISO 4217 code of the amounts"),
    Column("claims", "integer", "how many claims tell of it", required=True),
    Column("documents", "integer", "in how many documents", required=True),
    Column(
        "members",
        "string",
        "fact_ids of the claims, space-separated",
        required=True,
        pattern=r"f[0-9a-f]{12}( f[0-9a-f]{12})*",
    ),
    Column(
        "flags",
        "string",
        "what its claims contradict each other in, space-separated codes; empty = nothing",
        pattern=r"[a-z-]+( [a-z-]+)*",
    ),
    Column("evidence", "string", "what each claim has for and against it"),
)

# The tables of a run by name; the first column of each tells its rows apart.
TABLES: Mapping[str, tuple[Column, ...]] = {
    "facts": FACTS,
    "documents": DOCUMENTS,
    "organisations": ORGANISATIONS,
    "events": EVENTS,
}


def rows(reading: Reading, facts: Sequence[Fact]) -> list[dict[str, Cell]]:
    """The rows of one document, in the order of ``facts``, with every filled column as a key."""
    document = reading.document
    sha256 = document.sha256
    lines = line_starts(document.text)
    keys = [fact.key for fact in facts]
    ids = [fact_id(sha256, key) for key in keys]
    folded = cache(lambda span: " ".join(document.text[slice(*span)].split()))  # many facts share a sentence
    claims: dict[Key, list[str]] = {}
    for fact, name in zip(facts, ids, strict=True):
        if isinstance(fact.value, Claim):
            for part in fact.value.parts:
                claims.setdefault(part, []).append(name)
    return [
        {
            "fact_id": name,
            "document": document.path,
            "kind": key.kind,
            "quote": document.text[slice(*fact.span)],
            "start": fact.span.start,
            "end": fact.span.end,
            "line": bisect_right(lines, fact.span.start),
            "sentence": folded(_around(reading, fact.span)),
            "value": fact.value.canonical() or None,
            **_value_cells(fact.value),
            "claim_id": " ".join(claims.get(key, ())) or None,
            "confidence": _hundredths(fact.confidence),
            "flags": " ".join(sorted({flag.code for flag in fact.flags})) or None,
            "evidence": "; ".join([flag.evidence for flag in fact.flags if flag.evidence] + [*fact.notes]) or None,
            "status": "extracted",
            "rule": fact.rule,
        }
        for fact, key, name in zip(facts, keys, ids, strict=True)
    ]


@lru_cache(maxsize=101)
def _hundredths(confidence: float) -> Decimal:
    return Decimal(f"{confidence:.2f}")


def line_starts(text: str) -> list[int]:
    """Where each line begins, so that ``bisect_right(starts, offset)`` is the line of ``offset``, from 1."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def document_row(document: Document) -> dict[str, Cell]:
    """The row of a document that was read."""
    return {
        "document": document.path,
        "sha256": document.sha256,
        "characters": len(document.text),
        "published": document.published,
        "published_basis": document.published_basis or None,
        "title": document.title or None,
        "author": document.author or None,
        "source": document.source or None,
        "status": "read",
    }


def texts(columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]]) -> list[list[str]]:
    """The cells of ``columns``, as the texts that a CSV holds, for each row; a column it lacks is absent."""
    names = [column.name for column in columns]
    return [[_text(row.get(name)) for name in names] for row in rows]


def of_texts(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> "pd.DataFrame":
    """The table of texts that has these rows."""
    import pandas as pd

    return pd.DataFrame(texts, columns=[column.name for column in columns], dtype=object)


def frame(columns: tuple[Column, ...], rows: Iterable[Mapping[str, Cell]]) -> "pd.DataFrame":
    """A table of ``columns`` in their order, one row a mapping; a column it lacks is absent."""
    import pandas as pd

    table = pd.DataFrame.from_records(
        [[row.get(column.name) for column in columns] for row in rows],
        columns=[column.name for column in columns],
    ).astype(object)
    for column in columns:
        if column.type == "string":
            table[column.name] = table[column.name].astype("str")
        elif column.type == "integer":
            table[column.name] = table[column.name].astype("int64" if column.required else "Int64")
    return table


def cells(table: "pd.DataFrame") -> "pd.DataFrame":
    """The same table as the texts its CSV holds: plain decimals, ISO dates, empty for absent."""
    import pandas as pd

    filled = table.astype(object).where(table.notna(), None)
    return pd.DataFrame({name: [_text(cell) for cell in filled[name]] for name in filled.columns}, dtype=object)


def typed(columns: tuple[Column, ...], texts: "pd.DataFrame") -> "pd.DataFrame":
    """The inverse of ``cells``, for a table that has been validated."""
    parse: dict[ColumnType, Callable[[str], Cell]] = {
        "string": str,
        "integer": int,
        "number": Decimal,
        "date": dt.date.fromisoformat,
    }
    return frame(
        columns,
        (
            {column.name: parse[column.type](cell) if cell else None for column, cell in zip(columns, row, strict=True)}
            for row in texts.itertuples(index=False)
        ),
    )


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell
        case Decimal():
            return plain(cell)
        case dt.date():
            return cell.isoformat()
    return str(cell)


def _value_cells(value: Value | Amount) -> dict[str, Cell]:
    match value:
        case Amount():
            return {
                "value_min": value.minimum,
                "value_max": value.maximum,
                "unit": value.unit or None,
                "modifier": value.modifier or None,
            }
        case DateValue():
            return {
                "timex": value.timex,
                "date_start": value.first,
                "date_end": value.last,
                "date_basis": value.basis,
            }
        case Claim():
            return {
                **(_value_cells(value.figure) if value.figure else {}),
                "date_start": value.date.first if value.date else None,
                "date_end": value.date.last if value.date else None,
                "claim_type": value.type,
                "subject": value.subject or None,
                "object": value.object or None,
                "modality": value.modality,
                "source": value.source or None,
            }
        case Organisation():
            return {}


def _around(reading: Reading, span: Span) -> Span:
    """The sentence around ``span``; the quote itself where no sentence holds it whole."""
    sentence = reading.sentence_at(span.start)
    return sentence.span if sentence and sentence.span.covers(span) else span
