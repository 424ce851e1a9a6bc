"""The benchmark runs, and its results have the form that is told of them; no figure of it is judged here."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "benchmarks"))

import stopwatch  # noqa: E402
import texts  # noqa: E402

STORIES = stopwatch.texts(ROOT / "docs" / "sample")
PEERS = ("dateparser", "quantulum3")


@pytest.mark.slow
def test_every_section_is_measured_and_written(tmp_path: Path) -> None:
    folder = texts.save(STORIES[:2], tmp_path / "texts")
    out = tmp_path / "results.md"
    command = [sys.executable, "benchmarks/speed.py", str(folder), "--quick", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = out.read_text("utf-8")
    assert page.startswith("# Speed and memory\n")
    assert set(page.split("\n")) <= set(done.stdout.split("\n"))
    assert re.search(
        r"^\| the whole extraction, .* \| \d+\.\d\d \| at least 2 \| (met|\*\*missed\*\*) \|$", page, re.MULTILINE
    )
    for part in ("the whole extraction", "spaCy", "money", "claim", "4 documents, `--jobs 2`"):
        assert re.search(rf"^\| {part} \|( -?[\d.,]+%? \|)+$", page, re.MULTILINE), part
    measured = (ROOT / ".peers" / "ready").exists()
    assert [bool(re.search(rf"^\| {peer} \| [\d,]+ \|", page, re.MULTILINE)) for peer in PEERS] == [measured, measured]
    assert not re.search(r"(^|[\s`])/\w", page), "a path of this machine"


def test_more_documents_are_copies_with_other_names_and_amounts() -> None:
    made = list(texts.documents(STORIES, 3 * len(STORIES)))
    assert made == list(texts.documents(STORIES, 3 * len(STORIES)))
    assert made[: len(STORIES)] == STORIES
    assert len(set(made)) == len(made)
    for story, copy in zip(itertools.cycle(STORIES), made, strict=False):
        assert len(copy) == len(story)
    altered = texts.altered("It sued Orlo Group in March for $2.5 million. Orlo paid.", 1)
    assert altered == "It sued Usmu Group in March for $4.7 million. Usmu paid."


def test_documents_of_a_length_are_cut_at_ends_of_sentences() -> None:
    made = list(texts.pieces(STORIES, 1_000, 20_000))
    assert made == list(texts.pieces(STORIES, 1_000, 20_000))
    assert all(1_000 <= len(piece) < 2_000 for piece in made)
    assert 20_000 <= sum(map(len, made)) < 22_000
    assert "".join(made).startswith(STORIES[0])
    assert all(re.search(r"[.!?\n][\"”’']?\s+\Z", piece) for piece in made)
