"""Facts against gold: precision, recall, F1, and the silent error rate.

Gold is a folder of ``.jsonl`` files, one a document: a first line ``{"document": PATH, …}``, then one fact a line
with ``kind``, ``start``, ``end`` and, after the annotation guidelines, what the kind normalises. The kinds that the
folder holds are scored, in the documents that it names. A fact and a gold fact of the same kind are paired, one to
one, when their spans overlap, the likest first. Of a pair,

* *strict* says that the spans are the same;
* *value* says that what was read is right: an amount by both ends and the unit; a date by its TIMEX3 value
  (none where gold has none) and, of a range in one span, the last day; an organisation by its canonical name; a claim
  by its type, its modality and, where gold has figures, its figure being one of them;
* *modifier* (money and percent) says that the modifier is gold's;
* *same* (organisations) is an F1 over pairs of paired mentions in one document: those that bear one canonical name in
  the table against those that do in gold, whatever the names are.

*Silent errors* are the facts without a flag that have no pair or a wrong value. An organisation is judged there by its
exact span, since gold holds just one of the forms that a canonical name may take.
"""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from extract.errors import InputError
from extract.table import KINDS

GoldFact = Mapping[str, Any]
Row = Mapping[str, Any]


def read_gold(folder: Path) -> dict[str, list[GoldFact]]:
    """The gold facts of each document that the ``.jsonl`` files in ``folder`` name.

    Raises InputError when there are none, or a file is not of the form above.
    """
    gold: dict[str, list[GoldFact]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        try:
            head, *facts = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
            gold[head["document"]] = facts
            if {fact["kind"] for fact in facts} - set(KINDS) or any(fact["start"] >= fact["end"] for fact in facts):
                raise ValueError("a fact of no known kind, or without a span")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{file}: is no gold file: {error}") from error
    if not gold:
        raise InputError(f"{folder}: no gold here (*.jsonl)")
    return gold


def score(facts: pd.DataFrame, gold: Mapping[str, list[GoldFact]]) -> dict[str, dict[str, float]]:
    """The figures of every kind that ``gold`` holds, by name: shares of 1, rounded to four places.

    Besides them ``found`` and ``gold``, the numbers of facts; what review has refused is none. A share of nothing
    at all is 1, a rate of it 0.
    """
    rows: list[Row] = [
        {str(name): cell for name, cell in row.items()}
        for row in facts.astype(object).where(facts.notna(), None).to_dict("records")
        if row["status"] != "rejected"
    ]
    quotes = _quotes_of_figures(rows)
    held = {fact["kind"] for expected in gold.values() for fact in expected}
    figures = {}
    for kind in (kind for kind in KINDS if kind in held):
        counts: Counter[str] = Counter()
        for document, expected in gold.items():
            found = [row for row in rows if row["kind"] == kind and row["document"] == document]
            counts.update(_counts(found, [fact for fact in expected if fact["kind"] == kind], quotes))
        figures[str(kind)] = _figures(kind, counts)
    return figures


def board(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The scoreboard: one line a kind, shares in per cent."""
    names = list(dict.fromkeys(name for scores in figures.values() for name in scores))
    widths = [max(len(name), 6) + 2 for name in names]
    lines = [
        f"{'':<12}" + "".join(f"{name.replace('_', ' '):>{width}}" for name, width in zip(names, widths, strict=True))
    ]
    for kind, scores in figures.items():
        cells = (_cell(scores.get(name)).rjust(width) for name, width in zip(names, widths, strict=True))
        lines.append(f"{kind:<12}" + "".join(cells))
    return "\n".join(lines)


def _cell(figure: float | None) -> str:
    if figure is None:
        return ""
    return str(figure) if isinstance(figure, int) else f"{100 * figure:.1f}"


def _figures(kind: str, counts: Counter[str]) -> dict[str, float]:
    found, gold = counts["found"], counts["gold"]
    figures = {
        "precision": _share(counts["overlap"], found),
        "recall": _share(counts["overlap"], gold),
        "overlap_f1": _share(2 * counts["overlap"], found + gold),
        "strict_f1": _share(2 * counts["strict"], found + gold),
        "value_f1": _share(2 * counts["value"], found + gold),
        "flagged": 1 - _share(counts["silent"], found),
        "silent_error_rate": 1 - _share(counts["silent"] - counts["silent_errors"], counts["silent"]),
    }
    if kind in ("money", "percent"):
        figures["modifier"] = _share(counts["modifier"], counts["overlap"])
    if kind == "organisation":
        figures["same_f1"] = _share(2 * counts["same_in_both"], counts["same"] + counts["same_in_gold"])
    return {"found": found, "gold": gold, **{name: round(figure, 4) for name, figure in figures.items()}}


def _counts(rows: list[Row], gold: list[GoldFact], quotes: Mapping[str, list[str]]) -> dict[str, int]:
    """Facts of one kind in one document: found, in gold, paired, how the pairs fare, and the silent among them."""
    pairs = _pairs(rows, gold, quotes)
    right = _same_span if rows and rows[0]["kind"] == "organisation" else _same_value
    silent = [index for index, row in enumerate(rows) if row["flags"] is None]
    names = [(rows[index]["value"], fact.get("name")) for index, fact in pairs.items()]
    return {
        "found": len(rows),
        "gold": len(gold),
        "overlap": len(pairs),
        "strict": sum(_same_span(rows[index], fact, quotes) for index, fact in pairs.items()),
        "value": sum(_same_value(rows[index], fact, quotes) for index, fact in pairs.items()),
        "modifier": sum((rows[index]["modifier"] or "") == fact.get("modifier", "") for index, fact in pairs.items()),
        "same": _pairs_of_equals(found for found, _ in names),
        "same_in_gold": _pairs_of_equals(name for _, name in names),
        "same_in_both": _pairs_of_equals(names),
        "silent": len(silent),
        "silent_errors": sum(index not in pairs or not right(rows[index], pairs[index], quotes) for index in silent),
    }


def _pairs(rows: list[Row], gold: list[GoldFact], quotes: Mapping[str, list[str]]) -> dict[int, GoldFact]:
    """Row numbers to gold facts, one to one: those alike in value and span first, then by how much they share."""
    candidates = []
    for index, row in enumerate(rows):
        for number, fact in enumerate(gold):
            shared = min(row["end"], fact["end"]) - max(row["start"], fact["start"])
            if shared > 0:
                alike = _same_value(row, fact, quotes), _same_span(row, fact, quotes), _likeness(row, fact), shared
                candidates.append((alike, -index, -number))
    pairs: dict[int, GoldFact] = {}
    taken = set()
    for _, index, number in sorted(candidates, reverse=True):
        if -index not in pairs and number not in taken:
            pairs[-index] = gold[-number]
            taken.add(number)
    return pairs


def _pairs_of_equals(items: Iterable[Hashable]) -> int:
    return sum(number * (number - 1) // 2 for number in Counter(items).values())


def _same_span(row: Row, fact: GoldFact, _: Mapping[str, list[str]]) -> bool:
    return (row["start"], row["end"]) == (fact["start"], fact["end"])


def _same_value(row: Row, fact: GoldFact, quotes: Mapping[str, list[str]]) -> bool:
    match fact["kind"]:
        case "money" | "percent" | "quantity":
            ends = (_decimal(fact["min"]), _decimal(fact["max"]))
            unit = fact.get("currency") or fact.get("unit") or ""
            return (row["value_min"], row["value_max"]) == ends and (row["unit"] or "") == unit
        case "date":
            last = fact.get("range_end") or row["date_end"]
            return (row["value"] or None) == fact["value"] and str(row["date_end"]) == str(last)
        case "organisation":
            return bool(row["value"] == fact["name"])
        case "claim":
            figures = quotes.get(row["fact_id"], [])
            named = not fact["values"] or any(a in b or b in a for a in figures for b in fact["values"])
            return (row["claim_type"], row["modality"]) == (fact["type"], fact["modality"]) and named
        case _:
            return False


def _likeness(row: Row, fact: GoldFact) -> int:
    """How many of a claim's slots are gold's: tells the claims of one sentence apart."""
    if fact["kind"] != "claim":
        return 0
    return sum(
        (row[column] or "") == fact[name]
        for column, name in (("claim_type", "type"), ("subject", "subject"), ("object", "object"))
    )


def _quotes_of_figures(rows: list[Row]) -> dict[str, list[str]]:
    """For each claim, the quotes of those of its facts that are its main figure."""
    figures = {row["fact_id"]: _amount(row) for row in rows if row["kind"] == "claim"}
    quotes: dict[str, list[str]] = {}
    for row in rows:
        for claim in (row["claim_id"] or "").split():
            if _amount(row)[2] and figures.get(claim) == _amount(row):
                quotes.setdefault(claim, []).append(row["quote"])
    return quotes


def _amount(row: Row) -> tuple[Decimal | None, Decimal | None, str | None]:
    return row["value_min"], row["value_max"], row["unit"]


def _decimal(number: int | float | str | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
