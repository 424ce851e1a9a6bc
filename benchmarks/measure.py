"""The extraction, plain spaCy, and our rules alone, each measured in a process: ``measure.py PART DIR``.

* run: `extract run` from the files to the table, less its start; also the seconds in which it finds the facts of each
  document (``facts``), and of these the seconds of each kind
* corpus: what a run holds of 250 times the folder's documents and concludes from them: copies of what was extracted
  of them, of which each fifty have names of their own (small corpus: twice)
* spacy: the full pipeline of the model that the extraction uses, and nothing else
* date: the rules of dates, on the text without the model
* amounts: those of money, percent and quantity, likewise
"""

import contextlib
import io
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import stopwatch

import extract
from extract import language, pipeline
from extract.cli import extract as program
from extract.kinds import KINDS
from extract.model import Aliases, Fact, KindName, Reading


def run(folder: Path) -> stopwatch.Work:
    """`extract run`, in one process."""

    def work() -> dict[str, float]:
        seconds: dict[str, float] = defaultdict(float)
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
            stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
            stack.enter_context(_timed(pipeline, "recognise", seconds, "facts"))
            for name, kind in KINDS.items():
                stack.enter_context(_timed(kind, "recognise", seconds, name))
            status = program(["run", str(folder), "--out", out, "--jobs", "1"], standalone_mode=False)
        assert status == 0
        return seconds

    return work


@contextlib.contextmanager
def _timed(owner: object, function: str, seconds: dict[str, float], name: str) -> Iterator[None]:
    """While it lasts, each call of ``owner.function`` adds its seconds to ``seconds[name]``."""
    called = getattr(owner, function)

    def timed(*given: object) -> object:
        began = time.process_time()
        # What yields its facts one by one is run to its end.
        made = called(*given)
        made = list(made) if isinstance(made, Iterator) else made
        seconds[name] += time.process_time() - began
        return made

    with patch.object(owner, function, timed):
        yield


def corpus(copies: int) -> stopwatch.Part:
    """What is held of so many copies of each document, without their extraction."""

    def part(folder: Path) -> stopwatch.Work:
        digests = [pipeline.digest(pipeline.extract(document)) for document in extract.read(folder)]

        def work() -> dict[str, float]:
            documents = (_copied(digest, copy) for copy in range(copies) for digest in digests)
            conclusion = pipeline.conclude(pipeline.Corpus(documents), Aliases())
            return {"documents": copies * len(digests), "organisations": len(conclusion.organisations)}

        return work

    return part


def _copied(digest: pipeline.Digest, copy: int) -> pipeline.Digest:
    """The digest of another document, with other names unless it is a fiftieth copy."""
    end = f" {copy % 50}"
    path = f"{copy}/{digest.path}"
    return replace(
        digest,
        row={**digest.row, "document": path, "sha256": path},
        names=digest.names._replace(
            document=path,
            named=[each._replace(quote=each.quote + end, name=each.name + end) for each in digest.names.named],
            stated=[(one + end, other + end) for one, other in digest.names.stated],
        ),
        told=[
            claim._replace(document=path, subject=claim.subject + end, object=claim.object + end)
            for claim in digest.told
        ],
    )


def spacy(folder: Path) -> stopwatch.Work:
    """The model's full pipeline."""
    texts = stopwatch.texts(folder)
    model = language.installed().load()
    return lambda: {"found": sum(len(doc.ents) for doc in model.pipe(texts))}


def rules(*kinds: KindName) -> stopwatch.Part:
    """The rules of some kinds, without the model."""

    def part(folder: Path) -> stopwatch.Work:
        documents = extract.read(folder)

        def work() -> dict[str, float]:
            number = 0
            for document in documents:
                found: list[Fact] = []
                for kind in kinds:
                    found += KINDS[kind].recognise(Reading(document), found)
                number += len(found)
            return {"found": number}

        return work

    return part


PARTS: dict[str, Callable[[Path], stopwatch.Work]] = {
    "run": run,
    "corpus": corpus(250),
    "small corpus": corpus(2),
    "spacy": spacy,
    "date": rules("date"),
    "amounts": rules("money", "percent", "quantity"),
}

if __name__ == "__main__":
    stopwatch.main(PARTS)
