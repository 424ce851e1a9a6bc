"""facts.xlsx: a workbook of all tables, with real numbers and days, for Excel, LibreOffice and Google Sheets.

A text is a text here and never a formula, so it needs no apostrophe. What a cell cannot hold exactly is written as
text: an amount of more than 15 digits, a day before March 1900 (the programs count those differently). A text longer
than a cell (32,767 characters) ends in an ellipsis.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from extract.errors import TableError, needs
from extract.exports import REPORT
from extract.model import plain
from extract.table import FACTS, KINDS, TABLES, Cell, Column

with needs("xlsx"):
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What the file format holds (ECMA-376, and Excel's own specifications and limits).
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
FIRST_DAY = dt.date(1900, 3, 1)
EXACT_DIGITS = 15

CLAIM_COLUMNS = tuple(
    column for column in FACTS if "claim" in column.kinds and column.name not in ("kind", "start", "end")
)
FLAG_COLUMNS = (
    Column("flag", "string", "code"),
    Column("meaning", "string", "what it says"),
    Column("facts", "integer", "how many facts carry it"),
)
DICTIONARY_COLUMNS = tuple(Column(name, "string", "") for name in ("table", "column", "type", "kinds", "content"))

WIDTHS: Mapping[str, int] = {"sentence": 60, "quote": 30, "value": 30, "evidence": 50, "meaning": 90, "content": 90}
USUAL_WIDTH = 16

_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNTS = ("value_min", "value_max")


def write(tables: Mapping[str, pd.DataFrame], flags: Mapping[str, str]) -> bytes:
    """The workbook: facts, claims, events, organisations, documents, flags, dictionary.

    Raises TableError where a table has more rows than a sheet.
    """
    facts = tables["facts"]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  the same bytes every time
        sheets = _Sheets(book)
        sheets.add("facts", FACTS, facts)
        sheets.add("claims", CLAIM_COLUMNS, facts[facts["kind"] == "claim"])
        for name in ("events", "organisations", "documents"):
            sheets.add(name, TABLES[name], tables[name])
        sheets.add("flags", FLAG_COLUMNS, _flags(facts, flags))
        sheets.add("dictionary", DICTIONARY_COLUMNS, _dictionary())
    return data.getvalue()


class _Sheets:
    """The sheets of one workbook, which share their formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[str, Format] = {}
        self._header = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEFF2"})
        self._flagged = book.add_format({"bg_color": "#FFF3D6"})

    def add(self, name: str, columns: tuple[Column, ...], table: pd.DataFrame) -> None:
        """A sheet of these columns of ``table``; a row with flags is coloured for as long as its cell is filled."""
        if len(table) >= MOST_ROWS:
            raise TableError(
                f"{len(table)} {name} are more than a sheet of facts.xlsx holds; use --parquet or --sqlite"
            )
        sheet = self._book.add_worksheet(name)
        names = [column.name for column in columns]
        sheet.write_row(0, 0, names, self._header)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table), len(columns) - 1)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, WIDTHS.get(column.name, USUAL_WIDTH))
        if len(table) and "flags" in names:
            flags = xlsxwriter.utility.xl_col_to_name(names.index("flags"), col_abs=True)
            rule = {"type": "formula", "criteria": f'={flags}2<>""', "format": self._flagged}
            sheet.conditional_format(1, 0, len(table), len(columns) - 1, rule)
        filled = table[names].astype(object).where(table[names].notna(), None)
        for number, cells in enumerate(filled.itertuples(index=False), start=1):
            row = dict(zip(names, cells, strict=True))
            for index, column in enumerate(columns):
                self._write(sheet, number, index, column, row)

    def _write(self, sheet: Worksheet, number: int, index: int, column: Column, row: Mapping[str, Cell]) -> None:
        cell = row[column.name]
        match cell:
            case None:
                pass
            case Decimal() if _is_exact(cell):
                sheet.write_number(number, index, float(cell), self._format(_amount_format(column, cell, row)))
            case dt.date() if cell >= FIRST_DAY:
                sheet.write_datetime(number, index, cell, self._format("yyyy-mm-dd"))
            case int():
                sheet.write_number(number, index, cell)
            case str() if column.name == "fact_id" and number <= MOST_LINKS:
                sheet.write_url(number, index, f"external:{REPORT}#{cell}", string=cell)
            case _:
                sheet.write_string(number, index, _text(cell))

    def _format(self, code: str) -> Format:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code})
        return self._formats[code]


def _is_exact(number: Decimal) -> bool:
    """Whether a cell shows the number as it is."""
    return len(plain(abs(number)).replace(".", "").strip("0")) <= EXACT_DIGITS and abs(number) < Decimal(10) ** 300


def _amount_format(column: Column, number: Decimal, row: Mapping[str, Cell]) -> str:
    """``[$CNY] #,##0`` for yuan, ``0.0"%"`` for percent; as many decimals as the number has."""
    _, _, decimals = plain(number).partition(".")
    code = ("#,##0" if column.name in _AMOUNTS else "0") + ("." + "0" * len(decimals) if decimals else "")
    unit = str(row.get("unit") or "") if column.name in _AMOUNTS else ""
    if _CURRENCY.fullmatch(unit):
        return f"[${unit}] {code}"
    return code + {"percent": '"%"', "pp": '" pp"', "bp": '" bp"'}.get(unit, "")


def _text(cell: Cell) -> str:
    text = plain(cell) if isinstance(cell, Decimal) else str(cell)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _flags(facts: pd.DataFrame, flags: Mapping[str, str]) -> pd.DataFrame:
    counts = facts["flags"].dropna().str.split().explode().value_counts()
    rows = [(code, meaning, int(counts.get(code, 0))) for code, meaning in sorted(flags.items())]
    return pd.DataFrame(rows, columns=[column.name for column in FLAG_COLUMNS])


def _dictionary() -> pd.DataFrame:
    rows: Iterable[tuple[str, ...]] = (
        (
            name,
            column.name,
            column.type,
            ", ".join(column.kinds) if column.kinds != KINDS else "all",
            column.text + (f" ({', '.join(column.words)})" if column.words else ""),
        )
        for name, columns in TABLES.items()
        for column in columns
    )
    return pd.DataFrame(list(rows), columns=[column.name for column in DICTIONARY_COLUMNS])
