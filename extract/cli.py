"""The command line: commands only.

Exit status 0: all is well; 1: done, but a file was left out or the table is not valid; 2: nothing done.
"""

import gc
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from extract.cli_review import review
from extract.errors import ExtractError, TableError

if TYPE_CHECKING:
    from extract.pipeline import Digest, Tally, Unreadable

FOLDER = click.Path(path_type=Path)


class Place(click.ParamType[Path]):
    """A file or folder on this machine, or at an address such as ``s3://bucket/folder``."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """The path, or what has its methods."""
        if isinstance(value, Path) or "://" not in value:
            return Path(value)
        from extract.cluster import place

        return place(value)


# New objects after which Python looks for garbage among them. What is loaded at the start is none.
OBJECTS = 200_000

# In the output folder, what was extracted of each document (see ``extract.cache``).
KEPT = ".kept"


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="extract-facts")
def extract() -> None:
    """Read texts, write a validated table of the facts in them.

    Every monetary amount, percentage, counted quantity, date, organisation and claim, normalised, with the exact
    place it was read from, a confidence, and a flag wherever a person should look.
    """


extract.add_command(review)


@extract.command()
@click.argument("source", metavar="INPUT", type=Place())
@click.option("--out", required=True, metavar="DIR", type=Place(), help="Folder to write the table to.")
@click.option(
    "--jobs",
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    type=click.IntRange(min=1),
    help="Processes to use at most.",
)
@click.option(
    "--engine",
    default="processes",
    show_default=True,
    type=click.Choice(["processes", "dask"]),
    help="Where to extract: in processes on this machine, or on a Dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask cluster's scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--resume", is_flag=True, help="Keep what is extracted in DIR/.kept, and go on from what is there.")
@click.option(
    "--aliases", metavar="FILE", type=FOLDER, help="CSV of what is known of names: alias,organisation,verdict."
)
@click.option("--decisions", metavar="FILE", type=FOLDER, help="What reviewers decided (see review pull).")
@click.option("--ner", metavar="spacy:MODEL", help="Find names with this installed spaCy model instead of our own.")
@click.option("--for-excel", is_flag=True, help="Begin each CSV with the byte-order mark, by which Excel knows UTF-8.")
@click.option("--xlsx", is_flag=True, help="Write facts.xlsx too, a workbook of all tables.")
@click.option("--parquet", is_flag=True, help="Write facts.parquet too.")
@click.option("--sqlite", is_flag=True, help="Write facts.sqlite too, a database of all tables.")
def run(
    source: Path,
    out: Path,
    jobs: int,
    engine: str,
    scheduler: str | None,
    resume: bool,
    aliases: Path | None,
    decisions: Path | None,
    ner: str | None,
    for_excel: bool,
    **formats: bool,
) -> int:
    """Extract the facts of INPUT, a document or a folder of them, into DIR.

    Both may be addresses that fsspec knows, such as s3://bucket/folder.
    DIR gets facts.csv, documents.csv, organisations.csv, events.csv, the texts, a data dictionary and datapackage.json.
    A documents.csv in INPUT may give each document's date of publication, title and source. Printed at the end: how
    many facts there are, and how many a person should look at, and why.
    """
    from extract import exports, package, pipeline, sources, table
    from extract.kinds.organisation.aliases import read_aliases
    from extract.model import OURS, Aliases
    from extract.parts import Engine, write
    from extract.processes import Processes
    from extract.review.decisions import read as read_decisions

    began = time.perf_counter()
    if (engine == "dask") != bool(scheduler):
        raise click.UsageError("--engine dask and --scheduler ADDRESS go together")
    if resume and (engine == "dask" or not isinstance(out, Path)):
        raise click.UsageError("--resume keeps what is extracted on this machine, in a DIR that is here")
    if scheduler or not isinstance(out, Path):
        from extract.cluster import Cluster, uploaded
    further = exports.writers(name for name in exports.FORMATS if formats[name])
    entries = sources.entries(source, leave_out=out if type(out) is type(source) else None)
    settings = pipeline.Settings(
        read_aliases(aliases) if aliases else Aliases(),
        ner or OURS,
        tuple(read_decisions(decisions) if decisions else ()),
    )
    with ExitStack() as stack:
        folder = out if isinstance(out, Path) else stack.enter_context(uploaded(out))
        draft = stack.enter_context(package.draft(folder, pipeline.FLAGS, for_excel=for_excel))
        where: Engine
        if scheduler:
            where = stack.enter_context(Cluster(entries, out, scheduler, settings))
        else:
            lasting = resume and settings.ner == OURS  # another model's files may change unknown to us
            where = Processes(entries, out / KEPT if lasting else draft.beside / KEPT, jobs, settings)
        corpus = pipeline.Corpus(_watched(where.digests(), len(entries)))
        for failed in corpus.unreadable:
            click.echo(f"extract: {failed.path}: {failed.reason}", err=True)
        for report in corpus.reports:
            click.echo(f"extract: {report}", err=True)
        if absent := corpus.not_concerned(settings.decisions):
            click.echo(f"extract: {absent} decisions are about documents that are not here", err=True)
        read = len(entries) - len(corpus.unreadable)
        if not read:
            raise ExtractError(f"{source}: none of its {len(entries)} files can be read; nothing is written")
        tally = write(draft, corpus, where, settings.aliases)
        if further:
            draft.add_further(further, draft.tables())
    for name in (*exports.FORMATS.values(), exports.REPORT):
        if name not in further and (out / name).exists():
            click.echo(f"extract: {out / name}: is from an earlier run, not of this table", err=True)
    _summary(
        [
            ("documents", read),
            *((kind, tally.kinds.get(kind, 0)) for kind in table.KINDS),
            ("unreadable", len(corpus.unreadable)),
            ("words per second", round(corpus.words / (time.perf_counter() - began))),
        ]
    )
    _queue(tally, pipeline.FLAGS)
    return 1 if corpus.unreadable else 0


@extract.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def check(folder: Path) -> int:
    """Validate the table in DIR against its schema and its texts."""
    from extract import package
    from extract.flags import FLAGS

    found = package.load(folder)
    try:
        found.demand_valid(FLAGS)
    except TableError as error:
        click.echo(f"extract: {folder}: {error}", err=True)
        return 1
    click.echo(f"{folder}: {len(found.tables['facts'])} facts of {len(found.texts)} documents, valid")
    return 0


@extract.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def report(folder: Path) -> int:
    """Write DIR/report.html, one page that shows the table in DIR and its texts; it opens without a network."""
    from extract import package, report
    from extract.exports import REPORT
    from extract.flags import FLAGS

    found = package.load(folder)
    found.demand_valid(FLAGS)
    package.write(folder / REPORT, report.render(found, FLAGS).encode())
    click.echo(f"{folder / REPORT}: {len(found.tables['facts'])} facts of {len(found.texts)} documents")
    return 0


@extract.command()
@click.argument("facts", type=FOLDER)
@click.option("--gold", required=True, metavar="DIR", type=FOLDER, help="Folder of hand-made gold (.jsonl).")
def score(facts: Path, gold: Path) -> int:
    """Score the table in the folder FACTS against gold.

    Prints precision, recall and F1 per kind (exact span, overlapping span, normalised value), the share of facts
    flagged, and the silent error rate: of the facts without a flag, how many are wrong.
    """
    from extract import package, scoring

    expected = scoring.read_gold(gold)
    click.echo(scoring.board(scoring.score(package.load(facts).table(), expected)))
    return 0


def main() -> None:
    """Run the command line; every failure is one line on the error stream."""
    gc.set_threshold(OBJECTS)
    try:
        status = extract(standalone_mode=False)
    except (click.ClickException, ExtractError) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"extract: {message}", err=True)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("extract: stopped", err=True)
        status = 130
    gc.freeze()  # all is given back at the end: to search it for garbage first would take a third of a second
    sys.exit(status)


def _watched(results: "Iterable[Digest | Unreadable]", total: int) -> "Iterator[Digest | Unreadable]":
    """The same results, their progress shown on the error stream: a bar on a terminal, plain lines elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        yield from track(results, "reading", total, console=Console(stderr=True), transient=True)
        return
    for number, result in enumerate(results, start=1):
        click.echo(f"{number}/{total} {result.path}", err=True)
        yield result


def _queue(tally: "Tally", meanings: Mapping[str, str]) -> None:
    """How much is to be looked at, and why: each flag with its number of rows, the most frequent first."""
    click.echo("\nto look at: " + ", ".join(f"{rows:,} {name}" for name, rows in tally.flagged.items()))
    for code, number in sorted(tally.codes.items(), key=lambda entry: (-entry[1], entry[0])):
        click.echo(f"{number:>9,}  {code:<{max(map(len, tally.codes))}}  {meanings[code]}")


def _summary(lines: list[tuple[str, int]]) -> None:
    width = max(len(name) for name, _ in lines)
    for name, number in lines:
        click.echo(f"{name:<{width}}  {number:>9,}")
