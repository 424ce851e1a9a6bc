"""Speed and memory: beside spaCy and other tools on the same texts, by length, by number, and again.

    python benchmarks/speed.py DIR [--only SECTION] [--out FILE]

prints the results as Markdown, and writes them to FILE. What is compared is measured in processes of its own, on one
core, in seconds of the processor, several times in turn, so that whatever else the machine is doing changes little; the
median counts. Where the time on the clock is what is asked, the machine should have nothing else to do: the load of
the last minute is told beside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import stopwatch
import texts

from extract import language
from extract.kinds import claim

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".venv" / "bin" / "extract"
OURS = (sys.executable, str(ROOT / "benchmarks" / "measure.py"))
PEERS = (str(ROOT / ".peers" / "bin" / "python"), str(ROOT / "benchmarks" / "measure_peer.py"))
KINDS = ("money", "percent", "date", "quantity", "organisation", "claim")
# Our rules, and the tool they are held against.
RIVALS = {"date": "dateparser", "amounts": "quantulum3"}

# Programs that end with spaCy's model loaded, given its name, and with the facts of the document in a folder.
LOADED = "import sys, spacy; spacy.load(sys.argv[1])"
FIRST = """
import sys, pathlib
from extract import pipeline, sources
pipeline.extract(sources.read(sources.entries(pathlib.Path(sys.argv[1]))[0]))
"""

Key = TypeVar("Key")
Figures = Mapping[str, float]
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured; lengths are in characters."""

    turns: int = 3
    lengths: Sequence[int] = (1_000, 10_000, 100_000, 1_000_000, 5_000_000)
    volume: int = 1_000_000
    few: int = 200
    many: int = 800
    corpus: str = "corpus"
    again: int = 1_000


QUICK = Scale(turns=1, lengths=(1_000, 2_000), volume=2_000, few=2, many=4, corpus="small corpus", again=4)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure and what it is to be: at least the aim, or at most."""

    what: str
    figure: float
    unit: str
    aim: float
    at_least: bool = False

    def row(self) -> Row:
        """Its row of the first table."""
        met = self.figure >= self.aim if self.at_least else self.figure <= self.aim
        aim = f"{'at least' if self.at_least else 'at most'} {self.aim:g}{self.unit}"
        return (self.what, f"{self.figure:.2f}{self.unit}", aim, "met" if met else "**missed**")


@dataclass(frozen=True, slots=True)
class Section:
    """What was measured, as Markdown, and how it compares with what is aimed at."""

    text: str
    outcomes: Sequence[Outcome] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """The stories to measure with, how much of it, and a folder to work in."""

    stories: Sequence[str]
    scale: Scale
    folder: Path

    def speed(self) -> Section:
        """Words a second of the whole, of its steps and of spaCy."""
        figures = self.parts({"run": OURS, "spacy": OURS})
        run, spacy = figures["run"], figures["spacy"]
        words, of_spacy = run["words"], spacy["words"] / spacy["seconds"]
        whole = [
            (name, f"{words / seconds:,.0f}", f"{words / seconds / of_spacy:.2f}", f"{megabytes:,.0f}")
            for name, seconds, megabytes in (
                ("the whole extraction", run["seconds"], run["megabytes"]),
                ("the facts of each document alone", run["facts"], run["megabytes"]),
                ("spaCy", spacy["seconds"], spacy["megabytes"]),
            )
        ]
        parts = [
            (name, f"{words / seconds:,.0f}", f"{seconds / run['seconds']:.1%}") for name, seconds in steps(run).items()
        ]
        text = f"""## Beside spaCy, on one core

{len(self.stories):,} texts, {words:,.0f} words. The whole extraction is all that `extract run` does but its start: from
the files to the validated table, with every kind, the organisations of the run and the checks. spaCy is the full
pipeline of the small English model that the extraction itself uses, and nothing else. Each figure is the median of
{self.scale.turns} in turn.

{table(("", "words a second", "times spaCy", "peak memory, MB"), whole)}

Where the time of the whole goes; each kind is given what the kinds before it found, and sentences and names of the
language model:

{table(("", "words a second", "of the time"), parts)}
"""
        ratio = words / run["seconds"] / of_spacy
        return Section(text, [Outcome("the whole extraction, times the speed of spaCy", ratio, "", 2, at_least=True)])

    def peers(self) -> Section:
        """Words a second of the rules alone and of other tools."""
        installed = Path(PEERS[0]).exists()
        if not installed:
            print("speed: other tools are not measured: `make bench` installs them", file=sys.stderr)
        figures = self.parts(dict.fromkeys(RIVALS, OURS) | (dict.fromkeys(RIVALS.values(), PEERS) if installed else {}))
        speed = {part: each["words"] / each["seconds"] for part, each in figures.items()}
        rows = [
            (
                name,
                f"{speed[part]:,.0f}",
                f"{speed[part] / speed[rival]:.2f}" if installed else "not measured",
                f"{figures[part]['found']:,.0f}",
                f"{figures[part]['megabytes']:,.0f}",
            )
            for ours, rival in RIVALS.items()
            for name, part in ((f"{ours}, our rules", ours), (rival, rival))
            if part in figures
        ]
        text = f"""## Beside other tools, on one core

The rules of a kind on the text alone, and a tool for the like, on the same texts. Amounts are money, percent and
quantity; quantulum3 is without its classifier, an extra; dateparser is told that the texts are English. What is found
is not judged here. Each figure is the median of {self.scale.turns} in turn.

{table(("", "words a second", "times the tool", "found", "peak memory, MB"), rows)}
"""
        return Section(text)

    def parts(self, commands: Mapping[str, Sequence[str]]) -> Mapping[str, Figures]:
        """The parts that the commands measure, on the stories, in turn."""
        folder = texts.save(self.stories, Path(tempfile.mkdtemp(dir=self.folder)) / "texts")
        return self.in_turn({part: partial(measured, command, part, folder) for part, command in commands.items()})

    def in_turn(self, measures: Mapping[Key, Callable[[], Figures]]) -> Mapping[Key, Figures]:
        """What each measures, several times in turn: of each figure, the median."""
        taken = [{key: measure() for key, measure in measures.items()} for _ in range(self.scale.turns)]
        return {key: medians([figures[key] for figures in taken]) for key in measures}

    def length(self) -> Section:
        """Seconds a word by the length of the document."""
        pieces = {size: texts.pieces(self.stories, size, max(size, self.scale.volume)) for size in self.scale.lengths}
        folders = {size: texts.save(several, self.folder / f"length-{size}") for size, several in pieces.items()}
        runs = self.in_turn({size: partial(measured, OURS, "run", folder) for size, folder in folders.items()})
        cost: dict[int, dict[str, float]] = {}
        rows = []
        for size, run in runs.items():
            seconds = {"the whole": run["seconds"], **steps(run)}
            cost[size] = {name: each / run["words"] for name, each in seconds.items()}
            rows.append((f"{size / 1000:,.0f} kB", str(len(list(folders[size].iterdir()))), f"{run['megabytes']:,.0f}"))
        whole = [each["the whole"] for each in cost.values()]
        header = ("", *(row[0] for row in rows), "share at the last")
        last = cost[self.scale.lengths[-1]]
        relative = [
            (
                name,
                *(f"{each[name] / cost[self.scale.lengths[0]][name]:.2f}" for each in cost.values()),
                f"{last[name] / last['the whole']:.1%}",
            )
            for name in last
        ]
        text = f"""## Length of the document, on one core

The stories one after the other, some of them with other names, cut into documents of each length. The time a word
takes, as a multiple of what it takes in the shortest; each figure is the median of {self.scale.turns} in turn:

{table(header, relative)}

{table(("", "documents", "peak memory, MB"), rows)}
"""
        ratio = max(whole) / min(whole)
        return Section(text, [Outcome("time a word takes, dearest length to cheapest", ratio, "", 1.2)])

    def processes(self) -> Section:
        """Time on the clock and memory of `extract run` by the number of documents and of processes."""
        rows, taken = [], {}
        few, many = self.scale.few, self.scale.many
        for number in (few, many):
            folder = texts.save(texts.documents(self.stories, number), self.folder / f"processes-{number}")
            for jobs in (1, 2):
                load = os.getloadavg()[0]
                run = taken[number, jobs] = self.run(folder, "--jobs", str(jobs))
                name = f"{number:,} documents, `--jobs {jobs}`"
                rows.append((name, f"{run.clock:.1f}", f"{run.seconds:.1f}", f"{run.megabytes:,.0f}", f"{load:.1f}"))
        added = {jobs: (taken[many, jobs].clock - taken[few, jobs].clock) / (many - few) for jobs in (1, 2)}
        corpus = measured(OURS, self.scale.corpus, texts.save(self.stories, self.folder / "corpus"))
        text = f"""## Processes and memory

`extract run`, its start included, on the stories and copies of them with other names and amounts. Memory is that of the
largest of its processes.

{table(("", "seconds on the clock", "seconds of the processor", "peak memory, MB", "load before"), rows)}

Two processes are {taken[many, 1].clock / taken[many, 2].clock:.2f} times as fast as one with {many:,} documents; with
each document more, {added[1] / added[2]:.2f} times.

What a process holds is bounded by the batch of documents that it works on, but for what the first one must know of all
documents. For {corpus["documents"]:,.0f} documents with {corpus["organisations"]:,.0f} organisations (copies of what
was extracted of the stories, of which each fifty have names of their own) that took {corpus["megabytes"]:,.0f} MB at
most, the language model included, and {1000 * corpus["seconds"] / corpus["documents"]:.1f} milliseconds of the
processor a document.
"""
        return Section(
            text,
            [
                Outcome(
                    f"memory of a process with {corpus['documents']:,.0f} documents",
                    corpus["megabytes"] / 1000,
                    " GB",
                    1.5,
                )
            ],
        )

    def again(self) -> Section:
        """Time on the clock of small runs: nothing to do, a first document, one alone, and one of many changed."""
        number = self.scale.again
        folder = texts.save(texts.documents(self.stories, number), self.folder / "again")
        one = texts.save(self.stories[:1], self.folder / "one")
        first, load = self.run(folder, "--resume"), os.getloadavg()[0]
        runs: dict[str, list[Ran]] = {"help": [], "spacy": [], "first": [], "one": [], "touched": [], "changed": []}
        for turn in range(self.scale.turns):
            runs["help"].append(ran(str(PROGRAM), "--help"))
            runs["spacy"].append(ran(sys.executable, "-c", LOADED, language.installed().__name__))
            runs["first"].append(ran(sys.executable, "-c", FIRST, str(one)))
            runs["one"].append(self.run(one))
            file = sorted(folder.iterdir())[number // 2 + turn]
            file.touch()
            runs["touched"].append(self.run(folder, "--resume"))
            file.write_text(f"{file.read_text('utf-8')}\nSales rose {turn + 2} percent.\n", "utf-8")
            runs["changed"].append(self.run(folder, "--resume"))
        clock = {name: median(each.clock for each in taken) for name, taken in runs.items()}
        seconds = {name: median(each.seconds for each in taken) for name, taken in runs.items()}
        names = {
            "help": "`extract --help`",
            "spacy": "spaCy: its import, and its model loaded",
            "first": "the facts of a first document, checked",
            "one": "`extract run` on one document, to the table",
            "touched": f"`extract run --resume` after one in {number:,} was saved as it was",
            "changed": f"`extract run --resume` after a change of one in {number:,}",
        }
        rows = [(names[name], f"{clock[name]:.2f}", f"{seconds[name]:.2f}") for name in names]
        rows.append((f"the run of {number:,} before it", f"{first.clock:.2f}", f"{first.seconds:.2f}"))
        text = f"""## Start, and again

From the start of Python to its end; the load before was {load:.1f}. What a run has to load besides spaCy is the tagger,
the rules, and for the table pandas and pandera.

{table(("", "seconds on the clock", "seconds of the processor"), rows)}
"""
        aims = {"help": 0.3, "first": 1.5, "changed": 3}
        return Section(text, [Outcome(names[name], clock[name], " s", aim) for name, aim in aims.items()])

    def run(self, folder: Path, *options: str) -> "Ran":
        """`extract run` on a folder; what it writes lies beside the folder."""
        return ran(str(PROGRAM), "run", str(folder), "--out", f"{folder}-facts", *options)


SECTIONS: Mapping[str, Callable[[Bench], Section]] = {
    "speed": Bench.speed,
    "peers": Bench.peers,
    "length": Bench.length,
    "processes": Bench.processes,
    "again": Bench.again,
}


@dataclass(frozen=True, slots=True)
class Ran:
    """A program run to its end: seconds on the clock and of the processor, MB of the largest of its processes."""

    clock: float
    seconds: float
    megabytes: float


def ran(*command: str) -> Ran:
    """Run a program to its end. Raises RuntimeError when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}")
    return Ran(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measured(command: Sequence[str], part: str, folder: Path) -> Figures:
    """The figures of a part, from a process of its own."""
    done = subprocess.run([*command, part, str(folder)], check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def medians(taken: Sequence[Figures]) -> Figures:
    """Of each figure, the median."""
    return {name: median(figures[name] for figures in taken) for name in taken[0]}


def steps(run: Figures) -> dict[str, float]:
    """The seconds of each step of a run, which together are its seconds."""
    kinds = {kind: run[kind] for kind in KINDS}
    return {
        **kinds,
        "sentences and names, by the language model": run["facts"] - sum(kinds.values()),
        "checks, organisations, validation, files": run["seconds"] - run["facts"],
    }


def table(header: Row, rows: Iterable[Row]) -> str:
    """A Markdown table, all columns but the first aligned right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The machine by its cores and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB"


def form() -> str:
    """How the program is installed."""
    compiled = not str(claim.__file__).endswith(".py")
    return "as `pip install .` puts it in place, its busiest modules compiled" if compiled else "not compiled"


def results(bench: Bench, names: Iterable[str]) -> Iterator[str]:
    """The results as Markdown: each section as it is measured, and what comes first at the end."""
    outcomes: list[Outcome] = []
    for name in names:
        section = SECTIONS[name](bench)
        outcomes += section.outcomes
        yield section.text
    yield f"""# Speed and memory

`make bench` measures all this and writes this page, from the texts of a folder (`NEWS=DIR`). Measured on a machine of
{machine()}; ratios carry over to others better than seconds do, but for what the
tagger of names takes: beside spaCy, far more on a processor without VNNI.
The program is {form()}. In words: what stands between white space.

{table(("", "measured", "aim", ""), (outcome.row() for outcome in outcomes))}
"""


def main() -> None:
    """Measure, print, and write."""
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="texts to read, *.txt")
    parser.add_argument("--only", choices=SECTIONS, help="measure this alone")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write the results")
    parser.add_argument("--quick", action="store_true", help="see that all works; the figures mean nothing")
    options = parser.parse_args()
    stories = stopwatch.texts(options.folder)
    if not stories:
        sys.exit(f"speed: {options.folder}: no texts here; name a folder of them with `make bench NEWS=DIR`")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(stories, QUICK if options.quick else Scale(), Path(folder))
        pages = []
        for page in results(bench, [options.only] if options.only else SECTIONS):
            print(page, flush=True)
            pages.append(page)
    if options.out:
        *sections, first = pages
        options.out.write_text("\n".join([first, *sections]), "utf-8")


if __name__ == "__main__":
    main()
