"""Other tools, each measured in a process of an environment without ours: ``measure_peer.py PART DIR``.

Each is given a text paragraph by paragraph, which is how it is faster and finds as much.
"""

import datetime as dt
import warnings
from collections.abc import Callable, Collection
from pathlib import Path

import stopwatch


def dateparser(folder: Path) -> stopwatch.Work:
    """The search of dateparser in running text, told that the language is English and what day it is."""
    from dateparser.search import search_dates

    settings = {"RELATIVE_BASE": dt.datetime(2020, 1, 1), "PREFER_DATES_FROM": "past"}  # noqa: DTZ001
    return _found(folder, lambda paragraph: search_dates(paragraph, languages=["en"], settings=settings) or ())


def quantulum3(folder: Path) -> stopwatch.Work:
    """quantulum3 as it comes, without the classifier, which is an extra."""
    warnings.filterwarnings("ignore", message="Classifier dependencies")
    from quantulum3 import parser

    return _found(folder, parser.parse)


def _found(folder: Path, search: Callable[[str], Collection[object]]) -> stopwatch.Work:
    """The number of things that ``search`` finds."""
    paragraphs = [line for text in stopwatch.texts(folder) for line in text.splitlines() if line.strip()]
    return lambda: {"found": sum(len(search(paragraph)) for paragraph in paragraphs)}


if __name__ == "__main__":
    stopwatch.main({"dateparser": dateparser, "quantulum3": quantulum3})
