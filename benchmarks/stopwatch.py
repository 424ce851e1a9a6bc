"""What a part of the benchmark costs, told by the process that runs it.

Nothing but the standard library, since it also runs where the tools of others are installed and ours is not.
"""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

# A part is prepared for a folder of texts; what comes of that is measured, and gives figures of its own.
Work = Callable[[], Mapping[str, float]]
Part = Callable[[Path], Work]

# What a part runs on once before it is measured, so that data it loads when first needed are not counted.
SAMPLE = Path(__file__).resolve().parent.parent / "docs" / "sample"


def texts(folder: Path) -> list[str]:
    """The texts of a folder, by name."""
    return [file.read_bytes().decode() for file in sorted(folder.glob("*.txt"))]


def main(parts: Mapping[str, Part]) -> None:
    """Measure the part named on the command line on one core; print its figures as JSON.

    They are the processor's ``seconds``, the ``words`` of the texts, the process's peak memory in ``megabytes`` and
    what the part adds.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=parts)
    parser.add_argument("folder", type=Path, metavar="DIR")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    part = parts[options.part]
    part(SAMPLE)()
    work = part(options.folder)
    began = _seconds()
    added = work()
    figures = {
        "seconds": _seconds() - began,
        "words": sum(len(text.split()) for text in texts(options.folder)),
        "megabytes": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        **added,
    }
    print(json.dumps(figures))


def _seconds() -> float:
    """Of the processor, for this process and those it has waited for."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))
