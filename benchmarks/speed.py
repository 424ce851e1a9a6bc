"""Speed and memory of the extraction beside plain spaCy (the same model, full pipeline) on the same texts, one core.

Each part runs in a process of its own, on one core, after the texts and the model are loaded. Seconds are the
processor's, so that whatever else the machine is doing changes little:

    extract    the whole extraction, from text to rows of the fact table
    spacy      the model's full pipeline and nothing else
    KIND       one kind's rules alone, on the text without the model (amounts: money, percent and quantity)
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from spacy.language import Language

import extract
from extract import language, pipeline
from extract.kinds import KINDS
from extract.model import Document, Fact, Reading

KINDS_ALONE = {"amounts": ("money", "percent", "quantity"), "date": ("date",)}


def run_extract(documents: list[Document]) -> None:
    """The whole extraction."""
    for document in documents:
        pipeline.extract(document)


@cache
def spacy_model() -> Language:
    """The model as its package gives it."""
    model: Language = language.installed().load()
    return model


def run_spacy(documents: list[Document]) -> None:
    """The model's full pipeline."""
    for _ in spacy_model().pipe(document.text for document in documents):
        pass


def run_kinds(*names: str) -> Callable[[list[Document]], None]:
    """The rules of some kinds, without the model."""

    def run(documents: list[Document]) -> None:
        for document in documents:
            found: list[Fact] = []
            for name in names:
                found += KINDS[name].recognise(Reading(document), found)

    return run


PARTS = {
    "extract": run_extract,
    "spacy": run_spacy,
    **{name: run_kinds(*kinds) for name, kinds in KINDS_ALONE.items()},
}


def measure(part: str, folder: Path) -> None:
    """Run one part and print its seconds, words, characters and peak memory (MB) as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    documents = extract.read(folder)
    PARTS[part](documents[:1])
    began = time.process_time()
    PARTS[part](documents)
    figures = {
        "seconds": time.process_time() - began,
        "words": sum(len(document.text.split()) for document in documents),
        "characters": sum(len(document.text) for document in documents),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def main() -> None:
    """Measure every part in turn and print the figures and the ratio."""
    parser = argparse.ArgumentParser(description="Speed and memory of the extraction beside plain spaCy, on one core.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="texts to read")
    parser.add_argument("--part", choices=PARTS, help="measure only this, print JSON")
    options = parser.parse_args()
    if options.part:
        measure(options.part, options.folder)
        return
    if not options.folder.is_dir():
        sys.exit(f"speed: {options.folder}: no such folder; name one with `make bench NEWS=DIR`")

    speeds = {}
    for part in PARTS:
        command = [sys.executable, __file__, str(options.folder), "--part", part]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        figures = json.loads(done.stdout)
        speeds[part] = figures["words"] / figures["seconds"]
        print(
            f"{part:<9}{speeds[part]:>11,.0f} words/s{figures['characters'] / figures['seconds']:>13,.0f} characters/s"
            f"{figures['megabytes']:>8,.0f} MB peak{figures['seconds']:>8.1f} s"
        )
    print(f"extract runs at {speeds['extract'] / speeds['spacy']:.2f} times the speed of spaCy")


if __name__ == "__main__":
    main()
