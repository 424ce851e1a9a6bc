"""What must hold of a fact table, checked before it is written and by ``extract check``.

Everything is checked on the texts of the cells (``table.cells``), so that one set of rules judges a table in
memory and one read from disk.
"""

import datetime as dt
import hashlib
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Set
from contextlib import suppress
from decimal import Decimal
from functools import cache
from importlib import import_module
from itertools import pairwise

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from extract.model import KindName
from extract.table import KINDS, TABLES, Column, ColumnType, line_starts

# Where hypothesis is installed, pandera would import it to make up data for tests: a tenth of a second for nothing.
if "hypothesis" not in sys.modules:
    sys.modules["hypothesis"] = None  # type: ignore[assignment]
    with suppress(ImportError):  # another pandera may have no such module, and then nothing is spared
        import_module("pandera.strategies.base_strategies")
    del sys.modules["hypothesis"]

# What stands, in what a check of the whole table says of each of its cells, for the name of the column and for what
# its cells should be. One such check takes as long as one of a column alone.
COLUMN = "{column}"
FORM = "{form}"

PATTERNS: Mapping[ColumnType, str] = {
    "string": r"(?s:.*)",
    "integer": r"\d+",
    "number": r"-?\d+(\.\d+)?",
    "date": r"\d{4}-\d{2}-\d{2}",
}


def problems(tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str], flags: Mapping[str, str]) -> list[str]:
    """One line for each row and each rule that it breaks; empty when the tables are valid.

    ``tables`` are tables of texts, one for each name in ``table.TABLES``, ``texts`` the documents read, by path,
    ``flags`` the vocabulary. How cells, rows and texts fit together is looked at once every cell is of its type.
    """
    facts = tables["facts"]
    claims = facts.loc[facts["kind"] == "claim", "fact_id"] if {"kind", "fact_id"} <= set(facts.columns) else ()
    return problems_of_documents(tables, texts, flags) + problems_of_run(tables, texts.keys(), set(claims), flags)


def problems_of_documents(
    tables: Mapping[str, pd.DataFrame], texts: Mapping[str, str], flags: Mapping[str, str]
) -> list[str]:
    """The ``problems`` of the tables of documents and of their facts alone, for all documents of a run or some."""
    return _problems(tables, {"facts": _fact_schema(texts, flags), "documents": _document_schema(texts)})


def problems_of_run(
    tables: Mapping[str, pd.DataFrame], documents: Collection[str], claims: Set[str], flags: Mapping[str, str]
) -> list[str]:
    """The ``problems`` of what is said of a run besides, given the documents read and the fact_ids of its claims."""
    return _problems(
        tables, {"organisations": _organisation_schema(documents, flags), "events": _event_schema(claims, flags)}
    )


def _problems(tables: Mapping[str, pd.DataFrame], schemas: Mapping[str, pa.DataFrameSchema]) -> list[str]:
    cells = [line for name in schemas for line in _broken(name, _cell_schema(TABLES[name]), tables[name])]
    return cells or [line for name, schema in schemas.items() for line in _broken(name, schema, tables[name])]


def _broken(name: str, schema: pa.DataFrameSchema, table: pd.DataFrame) -> list[str]:
    """The failures as lines ``facts.csv, row 17 (f0123456789ab): quote is not …``; the first row is row 2."""
    columns = {column.name: column for column in TABLES[name]}
    if list(table.columns) != list(columns):
        return [f"{name}.csv: its columns must be {','.join(columns)}"]
    try:
        schema.validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.sort_values("index", kind="stable")
        names = list(table.iloc[:, 0])
        broken = [
            f"{name}.csv, row {index + 2} ({names[index]}): {_said(check, columns.get(column))}"
            for index, check, case in zip(
                cases["index"].astype(int), cases["check"], cases["failure_case"], strict=True
            )
            for column in (case if isinstance(case, dict) else ("",))
        ]
        return list(dict.fromkeys(broken))
    return []


def _said(check: str, column: Column | None) -> str:
    return check.replace(COLUMN, column.name).replace(FORM, _form(column)) if column else check


def _check(holds: "Callable[[pd.DataFrame], pd.Series[bool] | pd.DataFrame]", error: str) -> pa.Check:
    """A check of a table by row or by cell. That all is well it says in one word: pandera would look for cases."""

    def check(table: pd.DataFrame) -> "bool | pd.Series[bool] | pd.DataFrame":
        held = holds(table)
        return bool(held.to_numpy().all()) or held

    return pa.Check(check, ignore_na=False, error=error)


@cache
def _cell_schema(columns: tuple[Column, ...]) -> pa.DataFrameSchema:
    """Types, vocabularies, patterns, and which kinds of fact fill which columns."""

    def filled(table: pd.DataFrame) -> pd.DataFrame:
        of = _kinds(table)
        return of_cells(table, {each: ~of(each.kinds) | (table[each.name] != "") for each in columns if each.required})

    def fitting(table: pd.DataFrame) -> pd.DataFrame:
        of = _kinds(table)
        some = [each for each in columns if each.kinds != KINDS]
        return of_cells(table, {each: of(each.kinds) | (table[each.name] == "") for each in some})

    def formed(table: pd.DataFrame) -> pd.DataFrame:
        some = [each for each in columns if each.words or each.pattern or each.type != "string"]
        return of_cells(table, {each: [*map(_has_form(each), table[each.name])] for each in some})

    def of_cells(table: pd.DataFrame, holds: Mapping[Column, object]) -> pd.DataFrame:
        """Whether each cell is well, those of the columns that are not asked about included."""
        named = {column.name: held for column, held in holds.items()}
        return pd.DataFrame({name: named.get(name, True) for name in table.columns}, table.index)

    return pa.DataFrameSchema(
        checks=[
            _check(filled, f"{COLUMN} is empty"),
            _check(fitting, f"{COLUMN} is not for this kind of fact"),
            _check(formed, f"{COLUMN} is {FORM}"),
        ]
    )


def _form(column: Column) -> str:
    """What is said of a cell that has not the form of its column."""
    if column.words:
        return f"not one of {', '.join(column.words)}"
    if column.pattern:
        return f"not of the form {column.pattern}"
    return "no day of the calendar" if column.type == "date" else f"not a plain {column.type}"


def _has_form(column: Column) -> Callable[[str], bool]:
    """Whether a text may be a cell of the column; the empty text always may."""
    if column.words:
        return {"", *column.words}.__contains__
    form = re.compile(column.pattern or PATTERNS[column.type])
    if column.type == "date":
        return lambda cell: not cell or (bool(form.fullmatch(cell)) and _is_day(cell))
    return lambda cell: not cell or bool(form.fullmatch(cell))


def _is_day(cell: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(cell))
    except ValueError:
        return False


def _kinds(table: pd.DataFrame) -> "Callable[[tuple[KindName, ...]], pd.Series[bool]]":
    """What tells which rows are of some kinds: all rows, where all kinds are meant."""
    return cache(lambda kinds: pd.Series(True, table.index) if kinds == KINDS else table["kind"].isin(kinds))


def _document_schema(texts: Mapping[str, str]) -> pa.DataFrameSchema:
    """How the list of documents fits the texts."""

    def hashed(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["sha256"] == [_sha256(texts.get(path)) for path in table["document"]]

    def measured(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["characters"] == [str(len(texts[path])) if path in texts else "" for path in table["document"]]

    return pa.DataFrameSchema(
        checks=[
            _check(lambda table: ~table["document"].duplicated(), "document is not unique"),
            _check(lambda table: (table["status"] == "read") == table["document"].isin(texts), "has no text"),
            _check(hashed, "sha256 is not that of the text"),
            _check(measured, "characters is not the length of the text"),
        ],
    )


def _sha256(text: str | None) -> str:
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def _fact_schema(texts: Mapping[str, str], flags: Mapping[str, str]) -> pa.DataFrameSchema:
    """How the facts fit the texts and each other."""
    lines = {path: line_starts(text) for path, text in texts.items()}

    def by_row(message: str, names: str, holds: Callable[..., bool]) -> pa.Check:
        """Whether what the rows have in some columns, named in a text, fits together."""

        def check(table: pd.DataFrame) -> "pd.Series[bool]":
            rows = zip(*(table[name] for name in names.split()), strict=True)
            return pd.Series([holds(*cells) for cells in rows], table.index, dtype=bool)

        return _check(check, message)

    return pa.DataFrameSchema(
        checks=[
            _check(lambda table: ~table["fact_id"].duplicated(), "fact_id is not unique"),
            _check(_in_order, "does not follow the row above by document, start, end, kind"),
            _check(_links_resolve, "claim_id names no claim of the document"),
            by_row("document was not read", "document", lambda document: document in texts),
            by_row("start is not before end", "start end", lambda start, end: int(start) < int(end)),
            by_row(
                "quote is not text[start:end]",
                "document start end quote",
                lambda document, start, end, quote: texts.get(document, "")[int(start) : int(end)] == quote,
            ),
            by_row(
                "line is not that of start",
                "document start line",
                lambda document, start, line: bisect_right(lines.get(document, []), int(start)) == int(line),
            ),
            by_row(
                "value_min is above value_max",
                "value_min value_max",
                lambda low, high: not low or not high or Decimal(low) <= Decimal(high),
            ),
            by_row(
                "date_start is after date_end",
                "date_start date_end",
                lambda first, last: not first or not last or first <= last,
            ),
            by_row("confidence is not within 0 and 1", "confidence", lambda sure: 0 <= Decimal(sure) <= 1),
            _explained(flags),
        ],
    )


def _organisation_schema(documents: Collection[str], flags: Mapping[str, str]) -> pa.DataFrameSchema:
    """How the list of organisations fits the documents."""
    return pa.DataFrameSchema(
        checks=[
            _check(lambda table: ~table["organisation"].duplicated(), "organisation is not unique"),
            _check(lambda table: table["first_seen"].isin(documents), "first_seen was not read"),
            _explained(flags),
        ],
    )


def _event_schema(claims: Set[str], flags: Mapping[str, str]) -> pa.DataFrameSchema:
    """How the list of events fits the claims."""

    def claimed(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["members"].map(lambda members: claims >= set(members.split())).astype(bool)

    def counted(table: pd.DataFrame) -> "pd.Series[bool]":
        return table["claims"] == table["members"].map(lambda members: str(len(members.split())))

    return pa.DataFrameSchema(
        checks=[
            _check(lambda table: ~table["event"].duplicated(), "event is not unique"),
            _check(claimed, "members names what is no claim"),
            _check(counted, "claims is not the number of members"),
            _explained(flags),
        ],
    )


def _explained(flags: Mapping[str, str]) -> pa.Check:
    return _check(
        lambda table: table["flags"].map(lambda codes: flags.keys() >= set(codes.split())).astype(bool),
        "flags has a code without a meaning",
    )


def _in_order(table: pd.DataFrame) -> "pd.Series[bool]":
    places = list(
        zip(table["document"], table["start"].astype(int), table["end"].astype(int), table["kind"], strict=True)
    )
    return pd.Series([True, *(a <= b for a, b in pairwise(places))][: len(places)], table.index, dtype=bool)


def _links_resolve(table: pd.DataFrame) -> "pd.Series[bool]":
    claims = table[table["kind"] == "claim"]
    there = set(zip(claims["document"], claims["fact_id"], strict=True))
    return pd.Series(
        [
            all((document, link) in there for link in links.split())
            for document, links in zip(table["document"], table["claim_id"], strict=True)
        ],
        table.index,
        dtype=bool,
    )
