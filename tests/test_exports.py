"""What opens the table: every cell of the CSV and of the workbook as LibreOffice sees it, Parquet, SQLite."""

import datetime as dt
import io
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from spreadsheet import Seen, flat, needs_libreoffice, sheets

from extract import exports, package, pipeline, table
from extract.errors import ExtraError, TableError
from extract.exports import xlsx
from extract.model import Document, plain

TEXTS = {
    "a.txt": "Acme Corp. paid $5.50 million for Bolt Ltd. on August 12, 2020.\n"
    "Its profit rose 46.2% to 30 million euros.\n",
    "sub/=b.md": "=SUM(A1) was sold for -$5, said @Carp Inc.\r\n+Bolt Ltd. paid\u00a0$12,345,678,901,234,567,890\n"
    "\u202eOrlo Corp.\u202c was founded on 3 May 1871 with about 1,200 people; thousands of them left, it said.\n"
    "'=1+1 costs £3, and <b>Fenwick plc</b> lost ¥1,000,000 \U0001f600 in 2019.\n",
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    documents = [Document(path, text, dt.date(2020, 8, 13), "file", title="-1") for path, text in TEXTS.items()]
    return pipeline.tables([pipeline.extract(document) for document in documents])


def written(name: str, tables: Mapping[str, pd.DataFrame]) -> bytes:
    (write,) = exports.writers([name]).values()
    return write(tables, pipeline.FLAGS)


def expected(columns: tuple[table.Column, ...], frame: pd.DataFrame, *, workbook: bool) -> list[list[Seen]]:
    """The header and the cells as a spreadsheet should have them."""
    filled = frame.astype(object).where(frame.notna(), None)
    rows = [[row[column.name] for column in columns] for row in filled.to_dict("records")]
    return [[column.name for column in columns], *([_seen(cell, workbook=workbook) for cell in row] for row in rows)]


def _seen(cell: table.Cell, *, workbook: bool) -> Seen:
    match cell:
        case str():
            return cell.replace("\r\n", "\n") if workbook else package._guard(cell).replace("\r\n", "\n")
        case Decimal() if len(cell.normalize().as_tuple().digits) > 15:
            return plain(cell) if workbook else Decimal(float(cell))
        case dt.date() if workbook and cell < dt.date(1900, 3, 1):
            return cell.isoformat()
        case int():
            return Decimal(cell)
        case float():
            raise AssertionError("no column holds floats")
    return cell


@pytest.mark.server
@needs_libreoffice
def test_every_cell_of_the_csv_is_seen_as_it_is(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    package.save(tmp_path / "out", tables, TEXTS, pipeline.FLAGS, for_excel=True)
    for name, columns in table.TABLES.items():
        # Comma, quote, UTF-8, first line 1; then a text column as text (2) and any other as detected (1).
        formats = "/".join(f"{n}/{2 if c.type == 'string' else 1}" for n, c in enumerate(columns, start=1))
        options = f"--infilter=CSV:44,34,76,1,{formats},1033,false,true,false,false,false,-1"
        seen = sheets(flat(tmp_path / "out" / f"{name}.csv", tmp_path, options), {name: len(columns)})[name]
        wanted = expected(columns, tables[name], workbook=False)
        assert [[_close(cell) for cell in row] for row in seen] == [[_close(cell) for cell in row] for row in wanted]


@pytest.mark.server
@needs_libreoffice
def test_every_cell_of_the_workbook_is_seen_as_it_is(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "facts.xlsx").write_bytes(written("xlsx", tables))
    claims = tables["facts"][tables["facts"]["kind"] == "claim"]
    wanted = {name: expected(columns, tables[name], workbook=True) for name, columns in table.TABLES.items()}
    wanted["claims"] = expected(xlsx.CLAIM_COLUMNS, claims, workbook=True)
    width = {name: len(rows[0]) for name, rows in wanted.items()} | {"flags": 3, "dictionary": 5}
    seen = sheets(flat(tmp_path / "facts.xlsx", tmp_path), width)
    assert list(seen) == ["facts", "claims", "events", "organisations", "documents", "flags", "dictionary"]
    assert {name: seen[name] for name in wanted} == wanted
    assert [row[0] for row in seen["flags"]][1:] == sorted(pipeline.FLAGS)
    assert len(seen["dictionary"]) == 1 + sum(map(len, table.TABLES.values()))


def _close(cell: Seen) -> object:
    """A number to the 15 digits that a spreadsheet keeps."""
    return f"{float(cell):.15g}" if isinstance(cell, Decimal) else cell


def test_the_workbook_is_made_for_reading(tables: dict[str, pd.DataFrame]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", tables)))
    sheet = book["facts"]
    rows = [dict(zip([cell.value for cell in sheet[1]], row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:AB{len(rows) + 1}")
    assert all(row["fact_id"].hyperlink.target + "#" + row["fact_id"].hyperlink.location ==
               f"report.html#{row['fact_id'].value}" for row in rows)  # fmt: skip
    formats = {row["value"].value: row["value_min"].number_format for row in rows if row["kind"].value != "claim"}
    assert formats["USD 5500000"] == "[$USD] #,##0"
    assert formats["46.2%"] == '#,##0.0"%"'
    assert {row["date_start"].number_format for row in rows if row["date_start"].is_date} == {"yyyy-mm-dd"}
    (colour,) = sheet.conditional_formatting
    assert colour.rules[0].formula == ['$Y2<>""']
    assert sheet["Y1"].value == "flags"


def test_a_table_longer_than_a_sheet_is_refused(tables: dict[str, pd.DataFrame]) -> None:
    long = tables["organisations"].iloc[[0] * xlsx.MOST_ROWS]
    with pytest.raises(TableError, match="1048576 organisations are more than a sheet"):
        written("xlsx", {**tables, "organisations": long})


def test_parquet_gives_the_table_back(tables: dict[str, pd.DataFrame]) -> None:
    back = pd.read_parquet(io.BytesIO(written("parquet", tables)))
    assert table.cells(back).equals(table.cells(tables["facts"]))
    huge = tables["facts"].assign(value_max=pd.Series(Decimal("1e45") / 8, tables["facts"].index, dtype=object))
    back = pd.read_parquet(io.BytesIO(written("parquet", {**tables, "facts": huge})))
    assert set(back["value_max"]) == {Decimal("1e45") / 8}


def test_sqlite_gives_the_tables_back(tables: dict[str, pd.DataFrame]) -> None:
    base = sqlite3.connect(":memory:")
    base.deserialize(written("sqlite", tables))
    for name in table.TABLES:
        texts = table.cells(tables[name])
        for column in table.TABLES[name]:
            back = [row[0] for row in base.execute(f'SELECT "{column.name}" FROM {name}')]
            if column.type in ("string", "date"):
                assert [cell or "" for cell in back] == list(texts[column.name])
            else:
                assert back == [float(cell) if cell else None for cell in texts[column.name]]
    total = base.execute("SELECT sum(value_min) FROM facts WHERE unit = 'EUR' AND kind = 'money'").fetchone()
    assert total == (30_000_000,)
    assert dict(base.execute("SELECT * FROM flags")) == dict(pipeline.FLAGS)


@pytest.mark.parametrize("name", exports.FORMATS)
def test_the_same_table_gives_the_same_bytes(name: str, tables: dict[str, pd.DataFrame]) -> None:
    assert written(name, tables) == written(name, tables)


def test_the_mark_is_no_part_of_the_table(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    package.save(tmp_path / "plain", tables, TEXTS, pipeline.FLAGS)
    package.save(tmp_path / "marked", tables, TEXTS, pipeline.FLAGS, for_excel=True)
    for name in table.TABLES:
        marked = (tmp_path / "marked" / f"{name}.csv").read_bytes()
        assert marked == b"\xef\xbb\xbf" + (tmp_path / "plain" / f"{name}.csv").read_bytes()
    loaded = package.load(tmp_path / "marked")
    loaded.demand_valid(pipeline.FLAGS)
    pd.testing.assert_frame_equal(loaded.table(), tables["facts"])


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "extract.exports.parquet", raising=False)
    with pytest.raises(ExtraError, match=r"needs the extra parquet: pip install 'extract-facts\[parquet\]'"):
        exports.writers(["parquet"])
    assert not list(tmp_path.iterdir())
