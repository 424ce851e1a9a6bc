"""The output folder: a Frictionless Data Package of the tables, beside the texts they were read from.

    facts.csv          the fact table
    documents.csv      the documents, read and unreadable
    organisations.csv  the organisations of all documents, each once
    events.csv         what several claims tell of, and how far they agree
    texts/             each document as decoded or converted: what the offsets count in
    dictionary.md      the columns and flag codes, for people
    datapackage.json   the columns, for programs, with the size and SHA-256 of each table

The CSV files are UTF-8, RFC 4180 with CRLF line ends and one header. A text cell that a spreadsheet would run as a
formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break, or with apostrophes before one of these)
carries one apostrophe more; ``load`` takes it off again. Number and date cells need no guard. Excel takes a CSV for
UTF-8 when it begins with the byte-order mark, which is written where it is asked for.
"""

import codecs
import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from extract.errors import TableError
from extract.exports import Writer
from extract.sources import FORMATS, PLAIN
from extract.table import FACTS, TABLES, Column, cells, of_texts, typed

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(r"'*+[=+\-@\t\r\n]")
GUARDED = re.compile(r"''*+[=+\-@\t\r\n]")

# The names in a path that end like a file of a format that is converted, whatever number of .txt comes after.
CONVERTED = re.compile(
    rf"((?:{'|'.join(re.escape(end) for end in FORMATS if end not in PLAIN)})(?:\.txt)*+)(?=/|\Z)", re.IGNORECASE
)

# A broken rule can fail a million rows alike; so many are named.
NAMED = 20


@dataclass(frozen=True)
class Package:
    """The tables by name, as the texts of their cells, formula guards off, and the documents' texts by path."""

    tables: "Mapping[str, pd.DataFrame]"
    texts: Mapping[str, str]

    def demand_valid(self, flags: Mapping[str, str]) -> None:
        """Raise TableError, naming the rows, unless the schema holds; ``flags`` are the codes that have a meaning."""
        from extract.validation import problems

        found = problems(self.tables, self.texts, flags)
        if found:
            more = [f"and {len(found) - NAMED} more"] if len(found) > NAMED else []
            raise TableError("\n".join(["the table breaks its schema:", *found[:NAMED], *more]))

    def table(self) -> "pd.DataFrame":
        """The fact table with its types (see ``extract.table``); the package must be valid."""
        return typed(FACTS, self.tables["facts"])


def save(
    folder: Path,
    tables: "Mapping[str, pd.DataFrame]",
    texts: Mapping[str, str],
    flags: Mapping[str, str],
    *,
    further: Mapping[str, Writer] = MappingProxyType({}),
    for_excel: bool = False,
) -> None:
    """Write the package of these tables (one for each of ``table.TABLES``), or leave what is there as it is.

    ``further`` are files to write beside it (see ``extract.exports``), by name; ``for_excel`` begins each CSV with the
    byte-order mark. Raises TableError when the tables break
    their schema and when the folder cannot be written to.
    """
    package = Package({name: cells(table) for name, table in tables.items()}, texts)
    package.demand_valid(flags)
    with draft(folder, flags, for_excel=for_excel) as made:
        for path, text in texts.items():
            made.add_text(path, text)
        for name, table in package.tables.items():
            made.add(name, lines(TABLES[name], table.itertuples(index=False)))
        made.add_further(further, tables)


@contextmanager
def draft(folder: Path, flags: Mapping[str, str], *, for_excel: bool = False) -> Iterator["Draft"]:
    """A package in the making; at the end of the block it takes the place of the one in ``folder``.

    Every file is written beside its place and moved there when all are written, the descriptor with the hashes last;
    where the block is left by an exception, what was in ``folder`` stays. What is added must be valid. ``for_excel``
    begins each CSV with the byte-order mark. Raises TableError when the folder cannot be written to.
    """
    with _told(folder):
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        beside = tempfile.TemporaryDirectory(dir=folder, prefix=".writing-")
    try:
        with beside:
            made = Draft(folder, Path(beside.name), flags, codecs.BOM_UTF8 if for_excel else b"")
            yield made
            made.publish()
    finally:
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


class Draft:
    """A package in the making (see ``draft``); its methods raise TableError when they cannot write."""

    def __init__(self, folder: Path, beside: Path, flags: Mapping[str, str], mark: bytes) -> None:
        self.beside = beside
        self._folder = folder
        self._flags = flags
        self._names: list[str] = []
        self._standing: set[Path] = set()
        for name, columns in TABLES.items():
            header = lines(columns, [[column.name for column in columns]])
            self._write(f"{name}.csv", mark + header.encode())

    def add_text(self, path: str, text: str) -> None:
        """Add the text of the document at ``path``; one that is there already stays as it is."""
        name, data = f"texts/{text_name(path)}", text.encode()
        if _holds(self._folder / name, data):
            self._standing.add(self._folder / name)
        else:
            self._write(name, data)

    def add(self, table: str, rows: str) -> None:
        """Add ``lines`` to the end of a table."""
        with _told(self._folder), (self.beside / f"{table}.csv").open("ab") as file:
            file.write(rows.encode())

    def tables(self) -> "dict[str, pd.DataFrame]":
        """The tables as they have been added, typed, all in memory."""
        return {name: typed(columns, _cells(self.beside / f"{name}.csv")) for name, columns in TABLES.items()}

    def add_further(self, further: Mapping[str, Writer], tables: "Mapping[str, pd.DataFrame]") -> None:
        """Add files made of the typed tables of the whole run, by name."""
        for name, made in further.items():
            self._write(name, made(tables, self._flags))

    def publish(self) -> None:
        """Move all to their places and remove the texts of an earlier run."""
        self._write("dictionary.md", dictionary(self._flags).encode())
        self._write("datapackage.json", _descriptor(self.beside, self._flags).encode())
        with _told(self._folder):
            stale = _texts_of(self._folder, self._standing.union(self._folder / name for name in self._names))
            for name in self._names:
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.beside / name).replace(self._folder / name)
            for file in stale:
                file.unlink()

    def _write(self, name: str, data: bytes) -> None:
        with _told(self._folder):
            (self.beside / name).parent.mkdir(parents=True, exist_ok=True)
            (self.beside / name).write_bytes(data)
        self._names.append(name)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line that ``folder`` cannot be written to."""
    try:
        yield
    except OSError as error:
        raise TableError(f"{folder}: cannot be written: {error.strerror or error}") from error


def write(file: Path, data: bytes) -> None:
    """Write a file whole or leave what is there. Raises TableError when it cannot be written."""
    with _told(file), tempfile.TemporaryDirectory(dir=file.parent, prefix=".writing-") as beside:
        (Path(beside) / file.name).write_bytes(data)
        (Path(beside) / file.name).replace(file)


def load(folder: Path) -> Package:
    """The package in ``folder``. Raises TableError when a file of it is missing or no CSV."""
    tables = {name: _cells(folder / f"{name}.csv") for name in TABLES}
    documents = tables["documents"]
    if not {"document", "status"} <= set(documents.columns):
        raise TableError(f"{folder / 'documents.csv'}: has no columns document and status")
    texts = {}
    for path in documents.loc[documents["status"] == "read", "document"]:
        file = folder / "texts" / text_name(path)
        if ".." in Path(path).parts or not file.is_file():
            continue  # validation names the document that has no text
        try:
            texts[path] = file.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            raise TableError(f"{file}: cannot be read: {error}") from error
    return Package(tables, texts)


def text_name(path: str) -> str:
    """The name of a document's text below ``texts/``: its path, and ``.txt`` after the suffix of what was converted.

    ``report.pdf`` gives ``report.pdf.txt``, and so ``report.pdf.txt`` gives ``report.pdf.txt.txt`` (folders likewise):
    what differs in the input differs here.
    """
    return CONVERTED.sub(r"\1.txt", path)


def dictionary(flags: Mapping[str, str]) -> str:
    """The data dictionary, as Markdown: the columns of each table and the flag codes."""
    lines = ["# Data dictionary", ""]
    for name, columns in TABLES.items():
        lines += [f"## {name}.csv", "", "| column | type | kinds | content |", "|---|---|---|---|"]
        for column in columns:
            kinds = ", ".join(column.kinds) if name == "facts" and column.kinds != FACTS[0].kinds else "all"
            words = f" ({', '.join(column.words)})" if column.words else ""
            lines.append(f"| `{column.name}` | {column.type} | {kinds} | {column.text}{words} |")
        lines.append("")
    lines += ["## Flags", "", "A flag always means that a person should look.", "", "| code | meaning |", "|---|---|"]
    lines += [f"| `{code}` | {meaning} |" for code, meaning in sorted(flags.items())]
    lines += [
        "",
        "## Cells that look like formulas",
        "",
        "A text cell that begins with `=`, `+`, `-`, `@`, a tab or a line break, or with apostrophes before one of",
        "these, carries one apostrophe more, so that no spreadsheet runs it. Take one off to have the text itself.",
        "",
    ]
    return "\n".join(lines)


def _descriptor(folder: Path, flags: Mapping[str, str]) -> str:
    """datapackage.json after the Frictionless Data Package and Table Schema specifications (v1)."""
    files = {name: folder / f"{name}.csv" for name in TABLES}
    package = {
        "profile": "tabular-data-package",
        "name": "facts",
        "title": "Facts and the documents they were read from",
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": file.name,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
                "bytes": file.stat().st_size,
                "hash": f"sha256:{_sha256(file)}",
                "schema": _schema(name, flags),
            }
            for name, file in files.items()
        ],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _schema(name: str, flags: Mapping[str, str]) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column, flags) for column in TABLES[name]],
        "missingValues": [""],
        "primaryKey": TABLES[name][0].name,
    }
    if name == "facts":
        reference = {"resource": "documents", "fields": "document"}
        schema["foreignKeys"] = [{"fields": "document", "reference": reference}]
    return schema


def _field(column: Column, flags: Mapping[str, str]) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required and column.kinds == FACTS[0].kinds:
        constraints["required"] = True
    if column.words:
        constraints["enum"] = list(column.words)
    if column.pattern:
        constraints["pattern"] = column.pattern
    codes = "".join(f"; {code}: {meaning}" for code, meaning in sorted(flags.items()))
    text = column.text + codes if column.name == "flags" else column.text
    return {"name": column.name, "type": column.type, "description": text, "constraints": constraints}


def lines(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """The lines of a CSV that hold these rows of texts, formula guards on."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    is_text = [column.type == "string" for column in columns]
    for row in rows:
        writer.writerow([_guard(cell) if cell and text else cell for cell, text in zip(row, is_text, strict=True)])
    return made.getvalue()


def frame_of(columns: Sequence[Column], text: str) -> "pd.DataFrame":
    """The table of texts that the ``lines`` of a CSV hold, without its header. Raises ValueError where they do not."""
    return of_texts(columns, _rows_of(text) if text else [])


def _rows_of(text: str) -> list[list[str]]:
    import pandas as pd

    # Read without a header: so a row with more cells than the first has is an error, not an index.
    rows = pd.read_csv(io.StringIO(text, newline=""), dtype=str, keep_default_na=False, header=None)
    if rows.isna().any(axis=None):
        raise ValueError("a row has too few cells")
    return [[_unguard(cell) for cell in row] for row in rows.itertuples(index=False)]


def _guard(cell: str) -> str:
    return "'" + cell if FORMULA.match(cell) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


def _cells(file: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        header, *rows = _rows_of(file.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).strip()
        raise TableError(f"{file}: cannot be read as a table: {reason}") from error
    return pd.DataFrame(rows, columns=header, dtype=object)


def _texts_of(folder: Path, ours: Set[Path]) -> set[Path]:
    """The texts besides ``ours`` that an earlier run left, as far as its documents.csv vouches for each."""
    try:
        documents = _cells(folder / "documents.csv")
    except TableError:
        return set()
    listed = zip(documents.get("document", ()), documents.get("sha256", ()), strict=True)
    files = {folder / "texts" / text_name(path): sha256 for path, sha256 in listed if ".." not in Path(path).parts}
    return {file for file in files.keys() - ours if file.is_file() and _sha256(file) == files[file]}


def _holds(file: Path, data: bytes) -> bool:
    try:
        return file.stat().st_size == len(data) and file.read_bytes() == data
    except OSError:
        return False


def _sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
