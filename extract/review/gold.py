"""Reviewed documents as gold (see the annotation guidelines)."""

import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from extract.errors import ReviewError
from extract.table import Cell

Row = Mapping[str, Cell]


class Promoted(NamedTuple):
    """The documents that became gold, and of the others how many of their facts nobody has judged."""

    documents: list[str]
    unjudged: dict[str, int]


def promote(rows: Sequence[Row], texts: Mapping[str, str], folder: Path, kinds: Collection[str]) -> Promoted:
    """Write the documents of which each fact of ``kinds`` was judged to ``folder``, their texts to ``folder/texts``.

    Gold is complete or it is none: a fact that nobody judged, or on which there is still something to look at, keeps
    its document back. Raises ReviewError when there is gold of such a document already.
    """
    promoted = Promoted([], {})
    for path in sorted(texts):
        facts = [row for row in rows if row["document"] == path and row["kind"] in kinds]
        unjudged = sum(
            row["status"] == "extracted" or (row["flags"] != "not-a-fact" and bool(row["flags"])) for row in facts
        )
        if unjudged or not facts:
            promoted.unjudged[path] = unjudged
            continue
        name = PurePosixPath(path).with_suffix(".jsonl").as_posix().replace("/", "__")
        lines = [{"document": path}, *(_gold(row, rows) for row in facts if row["status"] != "rejected")]
        text = folder / "texts" / path
        try:
            text.parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8", newline="\n") as out:
                out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            text.write_bytes(texts[path].encode())
        except FileExistsError as error:
            raise ReviewError(f"{folder / name}: there is gold of {path} already; take it away first") from error
        except OSError as error:
            raise ReviewError(f"{folder}: cannot be written: {error.strerror}") from error
        promoted.documents.append(path)
    return promoted


def _gold(row: Row, rows: Sequence[Row]) -> dict[str, object]:
    place = {name: row[name] for name in ("kind", "start", "end", "quote")}
    amount = {"min": _number(row["value_min"]), "max": _number(row["value_max"])}
    match row["kind"]:
        case "money":
            return {**place, "currency": row["unit"] or "", **amount, "modifier": row["modifier"] or ""}
        case "percent" | "quantity":
            return {**place, **amount, "unit": row["unit"] or "", "modifier": row["modifier"] or ""}
        case "date":
            # Of a range in one span the value is the start's; its end cannot be told from the value.
            ends = {"range_end": str(row["date_end"])} if row["date_end"] else {}
            return {**place, "timex": row["timex"], "value": row["value"], **ends}
        case "organisation":
            return {**place, "name": row["value"]}
        case _:
            return {
                **place,
                "type": row["claim_type"],
                **{name: row[name] or "" for name in ("subject", "object")},
                "values": _figures(row, rows),
                "date": str(row["date_start"]) if row["date_start"] else None,
                "modality": row["modality"],
                "source": row["source"] or "",
            }


def _figures(claim: Row, rows: Sequence[Row]) -> list[Cell]:
    """The quotes of the claim's main figure."""
    main = [claim[name] for name in ("value_min", "value_max", "unit")]
    return [
        row["quote"]
        for row in rows
        if claim["fact_id"] in str(row["claim_id"] or "").split()
        and row["unit"]
        and [row[name] for name in ("value_min", "value_max", "unit")] == main
    ]


def _number(amount: Cell) -> int | float | None:
    """An amount as JSON has it: whole where it is whole."""
    if not isinstance(amount, Decimal):
        return None
    return int(amount) if amount == int(amount) else float(amount)
