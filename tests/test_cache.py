"""A run in parts: what was extracted is taken from disk while nothing it rests on has changed, and nothing is lost."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import extract
from extract import cache, pipeline, sources
from extract.checks import Finding
from extract.errors import TableError
from extract.model import Aliases
from extract.parts import Finished, batched
from extract.processes import Processes, extracted
from extract.review.decisions import Decision, Place

PACKAGE = Path(extract.__file__).parent
PLAIN = pipeline.Settings()
TEXTS = {
    "a.txt": "Acme Corp. acquired Ajax Inc. for $5 million on 12 August 2020.",
    "b.txt": "Ajax Inc. lost 4.5 percent.",
    "c.txt": "Velbrook opened 30 shops.",
}
READ_KEPT = """
import pathlib, sys
from extract import pipeline, sources
from extract.processes import Processes
run = Processes(sources.entries(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]), 1, pipeline.Settings())
for part in run.finished([*run.digests()], {}):
    print(part.facts)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "texts"
    found.mkdir()
    for name, text in TEXTS.items():
        (found / name).write_text(text)
    return found


def run(folder: Path, kept: Path, jobs: int = 1, settings: pipeline.Settings = PLAIN) -> dict[str, Finished]:
    """What each document adds to the output."""
    engine = Processes(sources.entries(folder), kept, jobs, settings)
    digests = [one for one in engine.digests() if isinstance(one, pipeline.Digest)]
    return {one.path: one for one in engine.finished(digests, {})}


def mark(kept: Path) -> None:
    """Write into every kept part that it was kept."""
    for file in kept.glob("*.json"):
        told, body = file.read_text().split("\n")
        marked = json.dumps(json.loads(body) | {"facts": "kept"})
        told = json.dumps(json.loads(told) | {"body": cache.sha256(marked)})
        file.write_text(f"{told}\n{marked}")


def taken(parts: dict[str, Finished]) -> set[str]:
    """The documents whose parts were kept ones."""
    return {path for path, part in parts.items() if part.facts == "kept"}


def test_what_is_kept_is_what_was_extracted(folder: Path, tmp_path: Path) -> None:
    first = run(folder, tmp_path / "kept")
    assert first == run(folder, tmp_path / "kept") == run(folder, tmp_path / "other", jobs=2)
    mark(tmp_path / "kept")
    assert taken(run(folder, tmp_path / "kept")) == TEXTS.keys()


def test_what_a_run_knows_of_a_document_comes_back(folder: Path, tmp_path: Path) -> None:
    def digests() -> list[pipeline.Digest | pipeline.Unreadable]:
        return list(Processes(sources.entries(folder), tmp_path / "kept", 1, PLAIN).digests())

    first = [one for one in digests() if isinstance(one, pipeline.Digest)]
    again = [one for one in digests() if isinstance(one, pipeline.Digest)]
    assert first[0].told
    assert pipeline.conclude(pipeline.Corpus(first), Aliases()) == pipeline.conclude(pipeline.Corpus(again), Aliases())
    assert [(one.row, one.tally, one.words) for one in first] == [(one.row, one.tally, one.words) for one in again]


def test_digests_that_are_packed_say_the_same(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(Processes(sources.entries(folder), tmp_path / "kept", 1, PLAIN).digests())
    plain = pipeline.Corpus(found)
    monkeypatch.setattr(pipeline, "UNPACKED", 1)
    packed = pipeline.Corpus(found)
    assert list(packed) == list(plain)
    assert (packed.words, packed.paths) == (plain.words, plain.paths)
    assert pipeline.conclude(packed, Aliases()) == pipeline.conclude(plain, Aliases())


def test_what_the_run_finds_of_a_fact_is_written_to_its_line(folder: Path, tmp_path: Path) -> None:
    engine = Processes(sources.entries(folder), tmp_path / "kept", 1, PLAIN)
    digests = [one for one in engine.digests() if isinstance(one, pipeline.Digest)]
    plain = {one.path: one for one in engine.finished(digests, {})}
    [claim] = digests[0].told
    finding = Finding(claim.fact_id, "=2, told elsewhere", "contradicted-date")
    told = {one.path: one for one in engine.finished(digests, {"a.txt": [finding]})}
    assert told["b.txt"] == plain["b.txt"]
    before, after = (each["a.txt"].facts.splitlines() for each in (plain, told))
    assert [line for line in after if line not in before] == [
        line for line in after if "=2, told elsewhere" in line and "contradicted-date" in line
    ]
    assert told["a.txt"].tally.codes["contradicted-date"] == 1


def test_what_has_changed_is_extracted_again_and_what_is_gone_forgotten(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run(folder, kept)
    mark(kept)
    (folder / "a.txt").write_text(TEXTS["a.txt"] + " Ajax paid $6 million.")
    (folder / "documents.csv").write_text("document,published,title,source\nb.txt,2020-08-12,,\n")
    assert taken(run(folder, kept)) == {"c.txt"}
    assert len(list(kept.iterdir())) == 3
    (folder / "c.txt").unlink()
    run(folder, kept)
    assert len(list(kept.iterdir())) == 2


def test_other_settings_are_another_extraction(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run(folder, kept)
    mark(kept)
    known = replace(pipeline.Settings(), aliases=Aliases(same={"acmecorp": "Acme Corporation"}))
    assert not taken(run(folder, kept, settings=known))


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
    parts = run(folder, kept, settings=judged)
    assert taken(parts) == {"a.txt", "c.txt"}
    assert [line.split(",")[2] for line in parts["b.txt"].facts.splitlines() if ",rejected," in line] == ["percent"]
    assert run(folder, kept, settings=judged) == parts


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"digest": []}', "{}\n{}", "\ud800"])
def test_a_damaged_cache_is_extracted_anew(folder: Path, tmp_path: Path, damage: str) -> None:
    kept = tmp_path / "kept"
    first = run(folder, kept)
    for file in kept.iterdir():
        file.write_text(damage, errors="surrogatepass")
    assert run(folder, kept) == first == run(folder, kept)


def test_a_part_cut_short_is_extracted_anew(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = run(folder, kept)
    for file in kept.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert run(folder, kept) == first


def test_a_folder_that_parts_cannot_be_kept_in_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, no folder")
    with pytest.raises(TableError, match="kept: cannot be written"):
        run(folder, tmp_path / "kept")


def test_a_part_that_vanishes_during_the_run_is_named(folder: Path, tmp_path: Path) -> None:
    engine = Processes(sources.entries(folder), tmp_path / "kept", 1, PLAIN)
    digests = [one for one in engine.digests() if isinstance(one, pipeline.Digest)]
    shutil.rmtree(tmp_path / "kept")
    with pytest.raises(TableError, match="was changed during the run"):
        list(engine.finished(digests, {}))


@pytest.mark.slow
def test_another_rule_is_another_extraction(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "extract", ignore=shutil.ignore_patterns("__pycache__"))

    def found() -> str:
        command = [sys.executable, "-c", READ_KEPT, str(folder), str(tmp_path / "kept")]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return told.stdout

    before = found()
    mark(tmp_path / "kept")
    assert found() == "kept\n" * len(TEXTS)
    rule = tmp_path / "extract" / "kinds" / "quantity" / "__init__.py"
    rule.write_text(rule.read_text() + "\n\ndef recognise(reading, found):\n    return []\n")
    after = found()
    assert "kept" not in after
    assert len(after) < len(before)
    mark(tmp_path / "kept")
    assert found() == "kept\n" * len(TEXTS)
    manifest = tmp_path / "extract" / "tagger" / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"calibration": [1.0, 0.0]}))
    assert "kept" not in found()


def die_at_b(batch: Sequence[sources.Entry]) -> list[pipeline.Digest | pipeline.Unreadable]:
    """As a process does that the system kills."""
    if any(entry.path == "b.txt" for entry in batch):
        os._exit(9)
    return [pipeline.Unreadable(entry.path, "alive") for entry in batch]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_document_that_kills_its_process_is_unreadable_and_the_rest_goes_on(folder: Path, size: int) -> None:
    a, b, c = sources.entries(folder)
    waiting = [a, a, b, c, a, a]
    batches = [waiting[start : start + size] for start in range(0, len(waiting), size)]
    found = [one.reason for one in extracted(batches, 2, die_at_b) if isinstance(one, pipeline.Unreadable)]
    killed = "its extraction was killed, perhaps for want of memory"
    assert found == ["alive", "alive", killed, "alive", "alive", "alive"]


def test_a_document_that_changes_during_the_run_is_named(folder: Path, tmp_path: Path) -> None:
    engine = Processes(sources.entries(folder), tmp_path / "kept", 1, PLAIN)
    (folder / "b.txt").write_text("Other words.")
    digests = [one for one in engine.digests() if isinstance(one, pipeline.Digest)]
    with pytest.raises(TableError, match=r"b\.txt: was changed during the run"):
        list(engine.finished(digests, {}))


def test_batches_hold_every_document_once_in_order(folder: Path) -> None:
    entries = sources.entries(folder) * 5
    for tasks in (1, 4, 100):
        batches = batched(entries, tasks)
        assert [entry for batch in batches for entry in batch] == entries
        assert all(batches)
        assert len(batches) >= min(tasks, 5)
    assert batched([]) == []
    gone = replace(entries[0], file=folder / "gone.txt")
    assert batched([gone, gone]) == [[gone, gone]]
