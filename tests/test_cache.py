"""What is extracted once is taken from the cache while nothing it rests on has changed; what dies is left out alone."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import extract
from extract import pipeline, sources
from extract.model import Aliases
from extract.review.decisions import Decision, Place

PACKAGE = Path(extract.__file__).parent
PLAIN = pipeline.Settings()
TEXTS = {
    "a.txt": "Acme Corp. paid $5 million on 12 August 2020.",
    "b.txt": "Ajax Inc. lost 4.5 percent.",
    "c.txt": "Velbrook opened 30 shops.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "texts"
    found.mkdir()
    for name, text in TEXTS.items():
        (found / name).write_text(text)
    return found


def run(
    folder: Path, kept: Path, jobs: int = 1, settings: pipeline.Settings = PLAIN
) -> dict[str, list[dict[str, object]]]:
    """The rows of each document."""
    results = pipeline.run(sources.entries(folder), jobs, settings, kept)
    return {one.path: list(map(dict, one.rows)) for one in results if isinstance(one, pipeline.Extracted)}


def mark(kept: Path) -> None:
    """Write into every kept row that it was kept."""
    for file in kept.glob("*.json"):
        told = json.loads(file.read_text())
        told["rows"] = [row | {"rule": "kept"} for row in told["rows"]]
        file.write_text(json.dumps(told))


def rules(rows: dict[str, list[dict[str, object]]]) -> dict[str, bool]:
    """Whether each document's rows were kept ones."""
    return {path: all(row["rule"] == "kept" for row in of) for path, of in rows.items()}


def test_what_is_kept_is_what_was_extracted(folder: Path, tmp_path: Path) -> None:
    first = run(folder, tmp_path / "kept")
    assert first == run(folder, tmp_path / "kept") == run(folder, tmp_path / "other", jobs=2)
    mark(tmp_path / "kept")
    assert all(rules(run(folder, tmp_path / "kept")).values())


def test_what_has_changed_is_extracted_again_and_what_is_gone_forgotten(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run(folder, kept)
    mark(kept)
    (folder / "a.txt").write_text(TEXTS["a.txt"] + " Ajax paid $6 million.")
    (folder / "documents.csv").write_text("document,published,title,source\nb.txt,2020-08-12,,\n")
    assert rules(run(folder, kept)) == {"a.txt": False, "b.txt": False, "c.txt": True}
    assert len(list(kept.iterdir())) == 3
    (folder / "c.txt").unlink()
    run(folder, kept)
    assert len(list(kept.iterdir())) == 2


def test_other_settings_are_another_extraction(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run(folder, kept)
    mark(kept)
    known = replace(pipeline.Settings(), aliases=Aliases(same={"acmecorp": "Acme Corporation"}))
    assert not any(rules(run(folder, kept, settings=known)).values())


def test_a_verdict_has_its_document_extracted_again_and_no_other(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run(folder, kept)
    mark(kept)
    (entry,) = (entry for entry in sources.entries(folder) if entry.path == "b.txt")
    document = sources.read(entry)
    refused = Decision(
        fact="f0",
        document="renamed.txt",
        sha256=document.sha256,
        place=Place("percent", 15, 26, "4.5 percent"),
        value="4.5%",
        flags="",
        verdict="reject",
        corrected=None,
        comment="",
        reviewer="anna",
        time="2026-01-02T03:04:05Z",
    )
    judged = pipeline.Settings(decisions=(refused,))
    rows = run(folder, kept, settings=judged)
    assert rules(rows) == {"a.txt": True, "b.txt": False, "c.txt": True}
    assert [row["status"] for row in rows["b.txt"] if row["kind"] == "percent"] == ["rejected"]
    assert run(folder, kept, settings=judged) == rows


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"rows": []}', "\ud800"])
def test_a_damaged_cache_is_extracted_anew(folder: Path, tmp_path: Path, damage: str) -> None:
    kept = tmp_path / "kept"
    first = run(folder, kept)
    for file in kept.iterdir():
        file.write_text(damage, errors="surrogatepass")
    assert run(folder, kept) == first == run(folder, kept)


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, no folder")
    assert run(folder, tmp_path / "kept") == run(folder, tmp_path / "other")


@pytest.mark.slow
def test_another_rule_is_another_extraction(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "extract", ignore=shutil.ignore_patterns("__pycache__"))
    code = (
        "import pathlib, sys; from extract import pipeline, sources\n"
        "for one in pipeline.run(sources.entries(pathlib.Path(sys.argv[1])), 1, kept=pathlib.Path(sys.argv[2])):\n"
        "    print([row['rule'] for row in one.rows])"
    )

    def found() -> str:
        command = [sys.executable, "-c", code, str(folder), str(tmp_path / "kept")]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return told.stdout

    before = found()
    mark(tmp_path / "kept")
    assert set(found()) <= set("['kept', ]\n")
    rule = tmp_path / "extract" / "kinds" / "quantity" / "__init__.py"
    rule.write_text(rule.read_text() + "\n\ndef recognise(reading, found):\n    return []\n")
    after = found()
    assert "kept" not in after
    assert len(after) < len(before)


def die_at_b(work: pipeline.Work) -> pipeline.Extracted | pipeline.Unreadable:
    """As a process does that the system kills."""
    if work[0].path == "b.txt":
        os._exit(9)
    return pipeline.Unreadable(work[0].path, "alive")


def test_a_document_that_kills_its_process_is_unreadable_and_the_rest_goes_on(folder: Path) -> None:
    waiting = [(entry, None) for entry in sources.entries(folder)]
    found = [one.reason for one in pipeline._fresh(waiting, 2, die_at_b) if isinstance(one, pipeline.Unreadable)]
    assert found == ["alive", "its extraction was killed, perhaps for want of memory", "alive"]
