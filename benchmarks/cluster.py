"""A Dask cluster of one and of two workers on this machine: ``python benchmarks/cluster.py DIR``.

Prints what a document costs in bytes moved, and how much faster two workers are than one. The machine should have
nothing else to do.
"""

import argparse
import pickle
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from distributed import LocalCluster

from extract import cluster, package, sources
from extract.flags import FLAGS
from extract.model import Aliases
from extract.parts import Findings, Finished, write
from extract.pipeline import Corpus, Digest, Settings, Unreadable


class Counting(cluster.Cluster):
    """A run that counts the bytes that come from the workers."""

    digest_bytes = finished_bytes = 0

    def digests(self) -> Iterator[Digest | Unreadable]:
        """The digests, counted."""
        for digest in super().digests():
            self.digest_bytes += len(pickle.dumps(digest))
            yield digest

    def finished(self, digests: Iterable[Digest], findings: Findings) -> Iterator[Finished]:
        """The parts, counted."""
        for finished in super().finished(digests, findings):
            self.finished_bytes += len(pickle.dumps(finished))
            yield finished


def measure(folder: Path, workers: int) -> dict[str, float]:
    """Seconds of a run with workers that have loaded the model, words, and bytes by where they go."""
    entries = sources.entries(folder)
    with (
        tempfile.TemporaryDirectory() as name,
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as local,
    ):
        out = Path(name)
        with cluster.Cluster(entries[: 16 * workers], out, local.scheduler_address, Settings()) as warming:
            list(warming.digests())
        began = time.perf_counter()
        with Counting(entries, out, local.scheduler_address, Settings()) as engine, package.draft(out, FLAGS) as draft:
            corpus = Corpus(engine.digests())
            write(draft, corpus, engine, Aliases())
        return {
            "seconds": time.perf_counter() - began,
            "documents": len(entries),
            "words": corpus.words,
            "files": sum(map(sources.size, entries)),
            "digests": engine.digest_bytes,
            "finished": engine.finished_bytes,
            "parts": sum(file.stat().st_size for file in (out / cluster.PARTS).iterdir()),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A Dask cluster of one and of two workers on this machine.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="documents to read")
    folder = parser.parse_args().folder
    one, two = (measure(folder, workers) for workers in (1, 2))
    print(f"{one['documents']:,} documents, {one['words']:,} words")
    for name, what in {
        "files": "read by the workers",
        "digests": "digests to the machine that asked",
        "finished": "texts and lines of facts.csv to it",
        "parts": "Parquet written by the workers",
    }.items():
        print(f"{one[name] / one['documents'] / 1000:6.1f} kB a document  {what}")
    print(f"{one['words'] / one['seconds']:7,.0f} words a second with one worker")
    print(f"{two['words'] / two['seconds']:7,.0f} with two, {one['seconds'] / two['seconds']:.2f} times as many")


if __name__ == "__main__":
    main()
