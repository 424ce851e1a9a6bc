"""The commands of review."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from extract.errors import ReviewError
from extract.model import KindName

if TYPE_CHECKING:
    from extract.package import Package
    from extract.review.doccano import Doccano
    from extract.review.page import Judged

T = TypeVar("T")

FOLDER = click.Path(path_type=Path)
# What is added to a project's name for that of the names of organisations.
NAMES = "-names"
KINDS = click.Choice(get_args(KindName))

state_option = click.option(
    "--state", default=".review-state", show_default=True, metavar="DIR", type=FOLDER, help="Folder of our own server."
)
project_option = click.option("--project", default="facts", show_default=True, help="doccano project.")
url_option = click.option(
    "--url",
    help="A doccano that runs elsewhere; $DOCCANO_TOKEN, or $DOCCANO_USERNAME and $DOCCANO_PASSWORD, open it.",
)
kind_option = click.option("--kind", "kinds", multiple=True, type=KINDS, help="Only this kind; may be repeated.")


@click.group(no_args_is_help=False)
def review() -> None:
    """Have people judge facts in doccano, and bring their verdicts home."""


@review.command()
@state_option
@click.option(
    "--python",
    default=".doccano/bin/python",
    show_default=True,
    metavar="FILE",
    type=FOLDER,
    help="The Python that doccano is installed for.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
def start(state: Path, python: Path, port: int) -> None:
    """Start a doccano of our own on the loopback, unless it runs, and tell how to log in."""
    from extract.review import server

    running = server.start(state, python, port)
    click.echo(f"doccano: {running.url}\nlog in as {running.username}; the password is in {running.password_file}")


@review.command()
@state_option
def stop(state: Path) -> None:
    """Stop our own doccano. What was judged there stays."""
    from extract.review import server

    click.echo("stopped" if server.stop(state) else "no server runs")


@review.command()
@click.argument("facts", type=FOLDER)
@url_option
@project_option
@state_option
@click.option("--all", "everything", is_flag=True, help="Facts without a flag too.")
@click.option("--sample", metavar="N", default=0, type=click.IntRange(min=0), help="N facts without a flag instead.")
@kind_option
@click.option("--flag", "flags", multiple=True, metavar="CODE", help="Only facts with this flag; may be repeated.")
def push(
    facts: Path,
    url: str | None,
    project: str,
    state: Path,
    everything: bool,
    sample: int,
    kinds: tuple[str, ...],
    flags: tuple[str, ...],
) -> None:
    """Bring the flagged facts of the table in the folder FACTS to doccano; those that are there stay as they are.

    Names that may mean one organisation go to a project of their own, unless a choice of facts is made.
    """
    from extract import package, pipeline
    from extract.review import names, page, queue

    if unknown := set(flags) - pipeline.FLAGS.keys():
        raise click.UsageError(f"there is no flag {min(unknown)}")
    found = package.load(facts)
    rows = _rows(found)
    chosen = queue.selected(rows, everything=everything, sample=sample, kinds=kinds, flags=flags)
    items = list(queue.items(chosen, found.texts))
    doccano = _doccano(url, state)
    goes = [(project, "facts", items, page.form(pipeline.FLAGS))]
    if not (sample or kinds or flags):
        organisations = map(_named, found.tables["organisations"].to_dict("records"))
        pairs = list(names.pairs(organisations, rows, found.texts))
        goes += [(project + NAMES, "pairs of names", pairs, names.FORM)] if pairs else []
    for where, what, shown, form in goes:
        brought = sum(_watched(doccano.push(where, shown, form), len(shown)))
        click.echo(f"{brought:,} {what} brought to project {where}, {len(shown) - brought:,} were there already")
        click.echo(f"judge them at {doccano.page(where)}")


@review.command()
@click.argument("facts", type=FOLDER)
@click.option("--decisions", required=True, metavar="FILE", type=FOLDER, help="File that gets the verdicts.")
@click.option("--aliases", metavar="FILE", type=FOLDER, help="File that gets the verdicts on names.")
@url_option
@project_option
@state_option
def pull(facts: Path, decisions: Path, aliases: Path | None, url: str | None, project: str, state: Path) -> None:
    """Bring the verdicts home, and tell how far reviewers agree. `extract run` carries them out.

    FACTS is the folder of the table that was pushed: verdicts on other words than its texts hold are refused.
    """
    from extract import package
    from extract.kinds.organisation.aliases import read_aliases
    from extract.review import agreement, names, page
    from extract.review import decisions as made

    found = package.load(facts)
    texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in found.texts.values()}
    doccano = _doccano(url, state)
    taken, problems = _taken(doccano.pull(project), lambda judged: page.decided(judged, texts))
    new = made.append(decisions, taken)
    if aliases and doccano.has(project + NAMES):
        told, more = _taken(doccano.pull(project + NAMES), lambda judged: [names.verdict(judged, texts)])
        problems += more + names.append(aliases, told, read_aliases)
        click.echo(f"{len(told):,} verdicts on names in project {project + NAMES}")
    for problem in problems:
        click.echo(f"extract: {problem}", err=True)
    click.echo(f"{len(taken):,} verdicts in project {project}, {new:,} of them new in {decisions}")
    for line in agreement.report(made.read(decisions)):
        click.echo(line)


@review.command()
@click.argument("facts", type=FOLDER)
@click.option("--gold", required=True, metavar="DIR", type=FOLDER, help="Folder of gold to write to.")
@kind_option
def promote(facts: Path, gold: Path, kinds: tuple[str, ...]) -> None:
    """Turn the documents of FACTS in which every fact was judged (`push --all`) into gold."""
    from extract import package
    from extract.review import gold as promotion
    from extract.table import KINDS

    found = package.load(facts)
    promoted = promotion.promote(_rows(found), found.texts, gold, kinds or KINDS)
    for path, number in promoted.unjudged.items():
        click.echo(f"extract: {path}: {number or 'no'} facts to judge; no gold yet", err=True)
    click.echo(f"{len(promoted.documents)} documents are gold in {gold}")


@review.command()
@click.argument("facts", type=FOLDER)
@click.option("--form", required=True, type=click.Choice(["label-studio", "prodigy", "spacy"]), help="For which tool.")
@click.option("--out", required=True, metavar="FILE", type=FOLDER, help="File to write.")
def export(facts: Path, form: str, out: Path) -> None:
    """Write the facts of FACTS for another annotation tool."""
    from extract import package
    from extract.review import exports

    found = package.load(facts)
    for line in exports.export(_rows(found), found.texts, form, out):
        click.echo(f"extract: {line}", err=True)
    click.echo(f"{len(found.texts)} documents in {out}")


def _rows(found: "Package") -> list[dict[str, Any]]:
    """The fact table of a valid package, row by row; an absent value is None."""
    from extract import pipeline

    found.demand_valid(pipeline.FLAGS)
    facts = found.table()
    return [
        {str(name): cell for name, cell in row.items()}
        for row in facts.astype(object).where(facts.notna(), None).to_dict("records")
    ]


def _named(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): cell for name, cell in row.items()}


def _taken(judged: "Iterable[Judged]", take: "Callable[[Judged], list[T]]") -> tuple[list[T], list[str]]:
    """What the judged examples hold, and a line for each that holds nothing that can be used."""
    taken: list[T] = []
    problems = []
    for each in judged:
        try:
            taken += take(each)
        except ValueError as error:
            problems.append(f"example {each.example['id']}: {error}")
    return taken, problems


def _doccano(url: str | None, state: Path) -> "Doccano":
    """The doccano at ``url``, or our own."""
    try:
        from extract.review.doccano import Doccano
    except ImportError as error:
        raise ReviewError(f"{error.name} is not installed: use .review/bin/extract, which make review makes") from error
    from extract.review import server

    if url is None:
        own = server.running(state)
        return Doccano(own.url, username=own.username, password=own.password)
    username, password, token = (os.environ.get(f"DOCCANO_{name}", "") for name in ("USERNAME", "PASSWORD", "TOKEN"))
    if not token and not (username and password):
        raise ReviewError(f"{url}: set DOCCANO_TOKEN, or DOCCANO_USERNAME and DOCCANO_PASSWORD, in the environment")
    return Doccano(url, username=username, password=password, token=token)


def _watched(batches: Iterable[int], total: int) -> Iterator[int]:
    """The same sizes of batches; on a terminal with a bar of how much has been brought."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("bringing", total=total)
        for size in batches:
            progress.advance(task, size)
            yield size
