"""The README and the docs do what they say: every command and every line of Python in them is run."""

import doctest
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from extract import package, pipeline

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.name: path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
COMMANDS = [line.removeprefix("$ ") for page in PAGES.values() for line in re.findall(r"^\$ .+$", page, re.MULTILINE)]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

# These are running already when this test runs.
UNDER_WAY = {"make test"}


@pytest.mark.slow
def test_every_command_works(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST"))}
    # A server of the test's own, on any free port.
    environment |= {"STATE": str(tmp_path / "state"), "PORT": "0"}
    in_background: list[subprocess.Popen[bytes]] = []
    try:
        for command in COMMANDS:
            words = command.split()
            if words[-1] == "&":
                in_background.append(subprocess.Popen(words[:-1], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
                continue
            if command in UNDER_WAY or (words[1].startswith("review") and not (ROOT / ".doccano" / "ready").exists()):
                words.insert(1, "--dry-run")
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    finally:
        for process in in_background:
            process.terminate()
        for process in in_background:
            process.wait()
        subprocess.run(["make", "review-stop"], cwd=ROOT, env=environment, check=True)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if re.search("^>>> ", page, re.MULTILINE)])
def test_the_python_shown_gives_what_is_shown(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(>>> .*?)^```$", PAGES[name], re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, name, name, 0)
        assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


def test_every_link_leads_to_a_file() -> None:
    for name, page in PAGES.items():
        folder = ROOT if name == "README.md" else ROOT / "docs"
        links = re.findall(r"\]\(([^)#:]+)\)", page)
        assert not [link for link in links if not (folder / link).exists()], name


def test_the_dictionary_is_that_of_the_columns_and_flags() -> None:
    """`make extract && cp facts/dictionary.md docs/` makes it anew."""
    assert PAGES["dictionary.md"] == package.dictionary(pipeline.FLAGS)


def test_the_scoreboard_is_that_of_the_floors() -> None:
    """`make gold-update` writes both."""
    floors = json.loads((ROOT / "annotations" / "floors.json").read_text())
    rows = re.findall(r"^\| (\w+) \| \d+ \| (.+) \|$", PAGES["scoreboard.md"], re.MULTILINE)
    names = ("overlap_f1", "strict_f1", "value_f1", "silent_error_rate")
    assert dict(rows) == {
        kind: " | ".join(f"{100 * floor[name]:.1f}" for name in names) for kind, floor in floors.items()
    }


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines() if re.match(r"[a-z-]+ +\S", line)] == TARGETS
    assert {"setup", "extract", "report", "test", "check", "lint", "gold", "bench", "review", "clean"} <= set(TARGETS)


def test_every_make_target_named_is_there() -> None:
    for page in PAGES.values():
        assert set(re.findall(r"(?:`|^\$ )make ([a-z-]+)", page, re.MULTILINE)) <= set(TARGETS)


def test_no_extraction_asks_for_the_time_or_the_network() -> None:
    """The package's own sources; what they stand on is the lock file's business."""
    forbidden = re.compile(r"\b(now|today|utcnow|setlocale|urlopen)\(|import (random|socket|locale|urllib)")
    server = ROOT / "extract" / "review" / "server.py"
    sources = {path: path.read_text("utf-8") for path in (ROOT / "extract").rglob("*.py") if path != server}
    assert sources
    assert not [path for path, source in sources.items() if forbidden.search(source)]


def test_the_lock_files_name_no_address() -> None:
    for lock in (ROOT / "locks").iterdir():
        lines = lock.read_text("utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith("-")]
        assert sum("==" in line for line in lines) <= sum("--hash=sha256:" in line for line in lines)
