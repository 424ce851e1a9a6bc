"""From a file or folder to documents: THE registry of input formats, and the walk over the input.

A format is one file here with ``read(data)``: the ``Content`` of a file's bytes, or a SourceError that says why there
is none. It is entered below under its suffixes. All but plain text is read by third-party libraries, each behind the
extra of the format's name, in a process of its own (see ``apart``).
"""

import csv
import datetime as dt
import io
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category

from extract.errors import InputError, SourceError
from extract.model import Document, PublishedBasis
from extract.sources import apart, text
from extract.sources.content import Content

# Suffix (lower case) -> its reader, a module here.
FORMATS: Mapping[str, str] = {
    ".txt": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}

# The suffixes of plain text, whose texts are the files themselves.
PLAIN = frozenset(suffix for suffix, reader in FORMATS.items() if reader == "text")

# A larger file is refused: at ten million bytes of text it is a dump, not a document; pictures take more.
LARGEST = 10_000_000
LARGEST_WITH_PICTURES = 100_000_000

METADATA = "documents.csv"
METADATA_COLUMNS = ("document", "published", "title", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read: where it lies, its name below the input folder, and its row of documents.csv.

    ``problem`` is set where it is known beforehand that it cannot be read.
    """

    file: Path
    path: str
    metadata: Mapping[str, str]
    problem: str = ""


def entries(source: Path, leave_out: Path | None = None) -> list[Entry]:
    """The files of ``source`` (one file, or a folder with all below it), sorted by path.

    Left out are hidden files, documents.csv and everything below ``leave_out`` (the output folder). A name
    that documents.csv gives and the folder lacks is listed with that problem. Raises InputError when there is
    nothing at ``source``, nothing to read in it, or its documents.csv is malformed.
    """
    if source.is_file():
        root, files = source.parent, [source]
    elif source.is_dir():
        root, files = source, [file for file in _walk(source) if file != source / METADATA]
    elif source.exists():
        raise InputError(f"{source}: neither a file nor a folder")
    else:
        raise InputError(f"{source}: no such file or folder")
    if leave_out is not None:
        left_out = leave_out.resolve()
        inside = cache(lambda place: place.resolve().is_relative_to(left_out))
        files = [file for file in files if not inside(file if file.is_symlink() else file.parent)]
    if not files:
        raise InputError(f"{source}: no documents here; put {' or '.join(FORMATS)} files into the folder")
    metadata = _metadata(root / METADATA)
    found = []
    for file in files:
        name = file.relative_to(root).as_posix()
        path = printable(name)
        row = metadata.pop(path, {})
        found.append(Entry(file, path, row, "" if path == name else "its name is not plain UTF-8 text"))
    if source.is_dir():
        found += [Entry(root / path, path, {}, f"is named in {METADATA} but not in the folder") for path in metadata]
    return sorted(found, key=lambda entry: entry.path)


def read(entry: Entry) -> Document:
    """The document of one entry. Raises SourceError, whose text is the reason without the file's name."""
    data, reader = load(entry)
    content = text.read(data) if reader == "text" else apart.read(reader, data)
    if not content.text.strip():
        raise SourceError("is empty")
    return _document(entry, content)


def load(entry: Entry) -> tuple[bytes, str]:
    """The bytes of an entry's file, and the reader for them. Raises SourceError like ``read``."""
    if entry.problem:
        raise SourceError(entry.problem)
    try:
        status = entry.file.stat()
        if stat.S_ISDIR(status.st_mode):
            next(entry.file.iterdir(), None)
            raise SourceError("is a folder; the files in it are read by themselves")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("is not a regular file")
        reader = FORMATS.get(entry.file.suffix.lower())
        if reader is None:
            raise SourceError(f"no reader for this kind of file; readable: {', '.join(FORMATS)}")
        largest = LARGEST_WITH_PICTURES if reader in ("pdf", "docx") else LARGEST
        if status.st_size > largest:
            raise SourceError(f"has {status.st_size} bytes, more than the {largest} allowed; split it")
        return entry.file.read_bytes(), reader
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error


def size(entry: Entry) -> int:
    """How many bytes its file has; 0 where it cannot be told."""
    try:
        return 0 if entry.problem else entry.file.stat().st_size
    except OSError:
        return 0


def _document(entry: Entry, content: Content) -> Document:
    """What documents.csv says of a document goes before what the file says."""
    told = entry.metadata.get("published", "")
    in_file: PublishedBasis = "file" if content.published else ""
    return Document(
        path=entry.path,
        text=content.text,
        published=dt.date.fromisoformat(told) if told else content.published,
        published_basis="documents.csv" if told else in_file,
        title=entry.metadata.get("title", "") or content.title,
        author=content.author,
        source=entry.metadata.get("source", "") or content.source,
    )


def printable(name: str) -> str:
    """``name`` with what breaks a line or is no UTF-8 (control characters, stray bytes) written as an escape."""
    return "".join(
        char.encode("unicode_escape").decode("ascii") if category(char) in ("Cc", "Cs", "Zl", "Zp") else char
        for char in name
    )


def _walk(folder: Path, seen: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Every file below ``folder`` that is not hidden, and every folder that looks like a file or cannot be listed.

    Linked folders are followed, but never into one they are already inside of.
    """
    here = folder.resolve()
    if here in seen:
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in paths:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if path.suffix.lower() in FORMATS:
                yield path
            yield from _walk(path, seen | {here})
        else:
            yield path


def _metadata(file: Path) -> dict[str, Mapping[str, str]]:
    """The rows of documents.csv by document; empty when there is none. Raises InputError when malformed."""
    try:
        content = text.read(file.read_bytes()).text
    except FileNotFoundError:
        return {}
    except (OSError, SourceError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(content, newline=""))
    if unknown := set(reader.fieldnames or ()) ^ set(METADATA_COLUMNS):
        raise InputError(f"{file}: its columns must be {','.join(METADATA_COLUMNS)}; see {', '.join(sorted(unknown))}")
    found: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(reader, start=2):
        problem = _problem(row, found)
        if problem:
            raise InputError(f"{file}, row {number}: {problem}")
        found[row["document"]] = row
    return found


def _problem(row: Mapping[str | None, str | None], found: Mapping[str, object]) -> str:
    if None in row or None in row.values():
        return f"has not {len(METADATA_COLUMNS)} cells"
    if not row["document"]:
        return "names no document"
    if row["document"] in found:
        return f"names {row['document']} a second time"
    if row["published"] and not _is_day(row["published"]):
        return f"{row['published']!r} is no day of the form YYYY-MM-DD"
    return ""


def _is_day(cell: str) -> bool:
    try:
        return dt.date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
