"""The facts as other annotation tools read them.

label-studio   JSON of tasks with predictions, for a Labels tag "label" over a Text tag "text" (humansignal's format)
prodigy        JSONL of one task a document: text, spans, meta
spacy          a DocBin with the spans in ``doc.spans["facts"]``

What review has refused is left out. A claim is a span like another; a Label Studio region and a span of the others
carry its place and kind, and Label Studio's the value too.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import spacy
from spacy.tokens import DocBin, SpanGroup

from extract.errors import ReviewError
from extract.table import Cell

Row = Mapping[str, Cell]
Facts = Mapping[str, list[Row]]


def export(rows: Iterable[Row], texts: Mapping[str, str], form: str, file: Path) -> list[str]:
    """Write the facts of ``texts`` to ``file`` in the form of that name; a line for each fact that does not fit it."""
    facts: dict[str, list[Row]] = {path: [] for path in sorted(texts)}
    for row in rows:
        if row["status"] != "rejected":
            facts[str(row["document"])].append(row)
    data, left_out = FORMS[form](facts, texts)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise ReviewError(f"{file}: cannot be written: {error.strerror}") from error
    return left_out


def label_studio(facts: Facts, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """Tasks with predictions; offsets in code points, as Label Studio stores them (its pull request 1559)."""
    tasks = []
    for path, rows in facts.items():
        regions = [
            {
                "id": row["fact_id"],
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": row["start"], "end": row["end"], "text": row["quote"], "labels": [row["kind"]]},
                "score": float(str(row["confidence"])),
                "meta": {"text": [str(row["value"] or "")]},
            }
            for row in rows
        ]
        predictions = [{"model_version": "extract-facts", "result": regions}]
        tasks.append({"data": {"text": texts[path], "document": path}, "predictions": predictions})
    return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode(), []


def prodigy(facts: Facts, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """One task a document; offsets in code points."""
    lines = [
        {
            "text": texts[path],
            "spans": [{"start": row["start"], "end": row["end"], "label": row["kind"]} for row in rows],
            "meta": {"document": path},
        }
        for path, rows in facts.items()
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode(), []


def docbin(facts: Facts, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """Documents with English tokens; a fact that begins or ends inside a token is no span of theirs."""
    blank = spacy.blank("en")
    blank.max_length = max(map(len, texts.values()), default=0) + 1
    docs = DocBin(store_user_data=True)
    left_out = []
    for path, rows in facts.items():
        doc = blank(texts[path])
        spans = []
        for row in rows:
            place = int(str(row["start"])), int(str(row["end"]))
            span = doc.char_span(*place, label=str(row["kind"]), span_id=str(row["fact_id"]))
            if span is None:
                left_out.append(f"{path}: {row['fact_id']} {row['quote']!r} ends inside a token and is left out")
            else:
                spans.append(span)
        doc.spans["facts"] = SpanGroup(doc, name="facts", spans=spans)
        doc.user_data["document"] = path
        docs.add(doc)
    return docs.to_bytes(), left_out


FORMS: Mapping[str, Callable[[Facts, Mapping[str, str]], tuple[bytes, list[str]]]] = {
    "label-studio": label_studio,
    "prodigy": prodigy,
    "spacy": docbin,
}
