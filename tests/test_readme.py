"""The README does what it says: every command and every line of Python in it is run."""

import doctest
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [line.removeprefix("$ ") for line in re.findall(r"^\$ .+$", README, re.MULTILINE)]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

# These are running already when this test runs.
UNDER_WAY = {"make test"}


@pytest.mark.slow
def test_every_command_works(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTEST"))}
    # A server of the test's own, on any free port.
    environment |= {"STATE": str(tmp_path / "state"), "PORT": "0"}
    try:
        for command in COMMANDS:
            words = command.split()
            if command in UNDER_WAY or (words[1].startswith("review") and not (ROOT / ".doccano" / "ready").exists()):
                words.insert(1, "--dry-run")
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    finally:
        subprocess.run(["make", "review-stop"], cwd=ROOT, env=environment, check=True)


def test_the_python_shown_gives_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines() if re.match(r"[a-z-]+ +\S", line)] == TARGETS
    assert {"setup", "extract", "test", "check", "lint", "gold", "bench", "review", "clean"} <= set(TARGETS)


def test_every_make_target_named_is_there() -> None:
    assert set(re.findall(r"(?:`|^\$ )make ([a-z-]+)", README, re.MULTILINE)) <= set(TARGETS)


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
