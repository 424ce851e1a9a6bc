"""Names that may mean one organisation, for people to say so: what is shown of them, and what their verdicts write.

A verdict becomes a row ``alias,organisation,verdict`` of the file of aliases that the next run obeys.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from extract.errors import ExtractError, ReviewError
from extract.review.page import Form, Judged, item_of
from extract.review.queue import Item, Row, items

FORM = Form(
    "Names that may mean one organisation",
    "Each page shows two names, one of them marked where it is first told, and why they may mean one organisation. "
    "Press 1 where they do, 2 where they do not, then Enter. The next run obeys.",
    ("same", "different"),
)

# Stands between the two names on the page.
EQUALS = " = "


def pairs(organisations: Iterable[Row], facts: Sequence[Row], texts: Mapping[str, str]) -> Iterator[Item]:
    """The pairs of names that the table flags as ``possible-alias``, each where the first of them is first told.

    Which the other one is, the evidence says at its end: "another spelling of Acme?".
    """
    known = list(organisations)
    for row in known:
        name = str(row["organisation"])
        asked = [part for part in str(row["evidence"] or "").split("; ") if part.endswith("?")]
        others = [str(each["organisation"]) for each in known if each is not row]
        fits = [other for other in others if any(part.endswith(f" {other}?") for part in asked)]
        told = {name, *str(row["aliases"] or "").split("; ")}
        first = next((fact for fact in facts if fact["kind"] == "organisation" and fact["value"] in told), None)
        if "possible-alias" in str(row["flags"] or "").split() and fits and first:
            [item] = items([first], texts)
            value = f"{name}{EQUALS}{max(fits, key=len)}"
            yield replace(item, value=value, flags="possible-alias", evidence=str(row["evidence"]))


def verdict(judged: Judged, texts: Mapping[str, str]) -> tuple[str, str, str]:
    """The row of the file of aliases that a verdict makes. Raises ValueError where it makes none."""
    item = item_of(judged.example, texts)
    names = item.value.split(EQUALS)
    if len(names) != 2 or judged.verdict not in FORM.verdicts:
        raise ValueError(f"{item.value}: is done without a verdict on two names")
    return names[0], names[1], judged.verdict


def append(file: Path, verdicts: Iterable[tuple[str, str, str]], read: Callable[[Path], object]) -> list[str]:
    """Write the rows that ``file`` does not hold yet at its end; one line for each that contradicts it.

    ``read`` raises where a file contradicts itself. Raises ReviewError when the file cannot be written.
    """
    refused = []
    try:
        for row in dict.fromkeys(verdicts):
            before = file.read_bytes()
            if list(row) in csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")):
                continue
            out = io.StringIO("" if before.endswith(b"\n") else "\n")
            out.seek(0, io.SEEK_END)
            csv.writer(out, lineterminator="\n").writerow(row)
            file.write_bytes(before + out.getvalue().encode())
            try:
                read(file)
            except ExtractError as error:
                file.write_bytes(before)
                refused.append(f"{row[0]}{EQUALS}{row[1]}: {row[2]} is not taken: {error}")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{file}: cannot be read and written: {error}") from error
    return refused
