"""Money, percent and dates on the test cases of other tools, and dates on texts with gold TIMEX3.

    python benchmarks/peers.py PEER_CASES TIMEML

PEER_CASES holds KIND.jsonl and the score.py that prints the tables; TIMEML holds more cases of dates in the same form,
each line with ``suite``, ``id``, ``text`` and perhaps ``reference_date``. A folder that is not there is skipped with a
line. The rules of each kind run on the text alone, as the extraction runs them, and nothing but the way of writing a
value down is converted here.
"""

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.kinds import KINDS
from extract.model import Amount, DateValue, Document, Fact, Reading

Prediction = dict[str, Any]
CORE = ("money", "percent", "date")


def facts(case: dict[str, Any]) -> list[Fact]:
    """The facts of the core kinds in a case's text, read on its reference date."""
    day = case.get("reference_date")
    published = dt.date.fromisoformat(day[:10]) if day else None
    document = Document("case.txt", case["text"], published, "documents.csv" if published else "")
    found: list[Fact] = []
    for kind in CORE:
        found += KINDS[kind].recognise(Reading(document), found)
    return found


def prediction(fact: Fact) -> Prediction:
    """A fact in the words of score.py: a day range there ends before its last day, a range of amounts has two."""
    place = {"start": fact.span.start, "end": fact.span.end}
    value = fact.value
    if isinstance(value, DateValue):
        dated: Prediction = {**place, "type": value.timex, "value": value.value}
        if value.first and value.last and value.last < dt.date.max:
            dated["range"] = [str(value.first), str(value.last + dt.timedelta(1))]
        return dated
    assert isinstance(value, Amount)
    low, high = (value.minimum, value.maximum)
    figure = low if low is not None else high
    key = "amount" if fact.kind == "money" else "value"
    amount: Prediction = {**place, key: float(figure) if figure is not None else None}
    if high is not None and high != figure:
        amount[f"{key}_max"] = float(high)
    if fact.kind == "money":
        amount["currency"] = value.unit or None
    return amount


def predicted(kind: str, cases: Path) -> Iterator[str]:
    """A line of predictions for each line of cases."""
    for line in cases.read_text("utf-8").splitlines():
        case = json.loads(line)
        found = [prediction(fact) for fact in facts(case) if fact.kind == kind]
        yield json.dumps({"suite": case["suite"], "id": case["id"], "predictions": found})


def score(kind: str, cases: Path, scorer: Path, scope: str) -> None:
    """Predict, and let the scorer of the cases print its table."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "predictions.jsonl")
        lines.write_text("".join(f"{line}\n" for line in predicted(kind, cases)), "utf-8")
        print(f"\n{kind}: {cases.name}, {scope}", flush=True)
        command = [sys.executable, str(scorer), kind, str(lines), "--cases", str(cases), "--scope", scope]
        subprocess.run(command, check=True)


def main() -> None:
    """Score the folders given."""
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer_cases", type=Path, help="folder with money.jsonl, percent.jsonl, date.jsonl and score.py")
    parser.add_argument("timeml", type=Path, nargs="?", help="folder with *.jsonl: texts with gold TIMEX3")
    parser.add_argument("--scope", choices=("core", "edge", "all"), default="core")
    options = parser.parse_args()
    scorer = options.peer_cases / "score.py"
    if not scorer.is_file():
        print(f"skipped: no score.py in {options.peer_cases}")
        return
    for kind in CORE:
        score(kind, options.peer_cases / f"{kind}.jsonl", scorer, options.scope)
    for cases in sorted(options.timeml.glob("*.jsonl")) if options.timeml else []:
        score("date", cases, scorer, "all")
    if options.timeml and not options.timeml.is_dir():
        print(f"skipped: no folder {options.timeml}")


if __name__ == "__main__":
    main()
