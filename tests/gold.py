"""The scoreboard: what the extraction makes of the texts that have gold, beside the floors that it must keep."""

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

import extract
from extract import scoring

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SEEDS_GOLD = ROOT / "annotations" / "seeds"
FLOORS = ROOT / "annotations" / "floors.json"

SCOREBOARD = ROOT / "docs" / "scoreboard.md"

# None of these scores may fall below its floor; of the silent error rate, the floor is a ceiling.
GUARDED = ("overlap_f1", "strict_f1", "value_f1", "modifier", "same_f1", "silent_error_rate")

# What docs/scoreboard.md shows of them.
SHOWN = ("overlap_f1", "strict_f1", "value_f1", "silent_error_rate")

TABLE = re.compile(r"(\|---\|.*\n)(?:\|.*\n)+")

Figures = Mapping[str, Mapping[str, float]]


def is_worse(name: str, figure: float, floor: float) -> bool:
    """Whether a figure breaks its floor."""
    return figure > floor if name == "silent_error_rate" else figure < floor


def broken(figures: Figures, floors: Figures) -> list[str]:
    """A line for each figure that breaks its floor."""
    return [
        f"{kind} {name}: {figures[kind][name]:.4f}, floor {floor:.4f}"
        for kind, pinned in floors.items()
        for name, floor in pinned.items()
        if is_worse(name, figures[kind][name], floor)
    ]


def shown(figures: Figures) -> str:
    """The rows of the table in docs/scoreboard.md, in percent."""
    return "".join(
        f"| {kind} | {scores['gold']:.0f} | {' | '.join(f'{100 * scores[name]:.1f}' for name in SHOWN)} |\n"
        for kind, scores in figures.items()
    )


def main() -> None:
    """Print the scoreboards; set the floors when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="more gold, with its texts in DIR/texts")
    parser.add_argument("--update", action="store_true", help="raise the floors of the seeds to today's scores")
    parser.add_argument("--lower", action="store_true", help="set them to today's scores, also where that is lower")
    options = parser.parse_args()

    sets = {SEEDS_GOLD: SEEDS, **{folder: folder / "texts" for folder in options.folders}}
    facts = {gold: extract.facts(extract.read(texts)) for gold, texts in sets.items()}
    golds = {folder: scoring.read_gold(folder) for folder in sets}
    boards = {folder: scoring.score(facts[folder], gold) for folder, gold in golds.items()}
    for folder, figures in boards.items():
        print(f"{folder.name}\n{scoring.board(figures)}\n")
    if options.folders:
        everything = {document: gold for folder in golds.values() for document, gold in folder.items()}
        print(f"together\n{scoring.board(scoring.score(pd.concat(facts.values()), everything))}\n")

    figures = boards[SEEDS_GOLD]
    floors: Figures = json.loads(FLOORS.read_text()) if FLOORS.exists() else {}
    for line in broken(figures, floors):
        print(f"below the floor: {line}")
    if options.update or options.lower:
        FLOORS.write_text(json.dumps(_moved(figures, floors, lower=options.lower), indent=1) + "\n")
        page = SCOREBOARD.read_text("utf-8")
        SCOREBOARD.write_text(TABLE.sub(lambda rows: rows[1] + shown(figures), page, count=1), "utf-8")


def _moved(figures: Figures, floors: Figures, *, lower: bool) -> Figures:
    """The floors at today's figures, but where a figure is worse, only when ``lower`` says so."""
    moved: dict[str, dict[str, float]] = {}
    for kind, scores in figures.items():
        for name in (name for name in GUARDED if name in scores):
            floor = floors.get(kind, {}).get(name, scores[name])
            keep = is_worse(name, scores[name], floor) and not lower
            moved.setdefault(kind, {})[name] = floor if keep else scores[name]
    return moved


if __name__ == "__main__":
    main()
