"""docs/extend.md: the steps it gives are done in a copy of the project, and what it tells to run passes there."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = (ROOT / "docs" / "extend.md").read_text("utf-8").split("\n## ")[1:]
STEP = re.compile(r"^\d\. (?P<how>.*?\n)\n   ```\w+\n(?P<block>.*?)^   ```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"(?P<verb>Create|Append to|In)\s`(?P<file>[^`]+)`(?:,\s(?P<where>before|instead\sof)\s`(?P<words>[^`]+)`)?",
    re.DOTALL,
)


def follow(step: re.Match[str], project: Path) -> None:
    """Do one step: create a file, append to it, or change it at words that stand in it once."""
    place = PLACE.match(step["how"])
    assert place, step["how"]
    file, block = project / place["file"], textwrap.dedent(step["block"])
    if place["verb"] == "Create":
        file.write_text(block, "utf-8")
        return
    content = file.read_text("utf-8")
    if place["verb"] == "Append to":
        file.write_text(content + block, "utf-8")
        return
    assert content.count(place["words"]) == 1, place["words"]
    new = block + place["words"] if place["where"] == "before" else block.rstrip("\n")
    file.write_text(content.replace(place["words"], new), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS, ids=[section.splitlines()[0] for section in SECTIONS])
def test_the_three_steps_work(section: str, tmp_path: Path) -> None:
    for name in ("extract", "tests", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    steps = list(STEP.finditer(section))
    assert len(steps) == 3
    for step in steps:
        follow(step, tmp_path)
    command = re.search(r"^Then `\.venv/bin/pytest ([^`]+)`", section, re.MULTILINE)
    assert command
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *command[1].split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{tmp_path}" in subprocess.run(
        [sys.executable, "-c", "import extract; print(extract.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(tmp_path)},
    ).stdout  # fmt: skip
