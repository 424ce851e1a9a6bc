"""How long 500 flagged facts take to doccano and their verdicts home, with the server running.

It needs what `make test` makes; run it as `.venv/bin/python benchmarks/review.py`.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from doccano_server import Reviewer, extract, start  # noqa: E402

FACTS = 500


def main() -> None:
    """Print the seconds that push and pull take; judging, which people do, is not counted."""
    program = str(ROOT / ".venv" / "bin" / "extract")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "a.txt").write_text(
            "".join(f"Shop {n} of the chain sold thousands of cakes.\n\n" for n in range(FACTS))
        )
        run = [program, "run", str(folder / "a.txt"), "--out", str(folder / "facts")]
        subprocess.run(run, check=True, capture_output=True)
        state = folder / "state"
        try:
            reviewer = Reviewer(start(state), "reviewer", (state / "password").read_text())
            aim = ("--state", state, "--project", "speed")
            began = time.perf_counter()
            extract("review", "push", folder / "facts", "--flag", "vague-amount", *aim)
            pushed = time.perf_counter() - began
            project = reviewer.project("speed")
            examples = reviewer.examples(project)
            for example in examples:
                reviewer.judge(project, example["id"], "accept")
            began = time.perf_counter()
            extract("review", "pull", folder / "facts", "--decisions", folder / "decisions.jsonl", *aim)
            pulled = time.perf_counter() - began
        finally:
            extract("review", "stop", "--state", state)
    print(f"{len(examples)} facts: push {pushed:.1f} s, pull {pulled:.1f} s, together {pushed + pulled:.1f} s")


if __name__ == "__main__":
    main()
