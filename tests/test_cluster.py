"""A run on a Dask cluster gives what one process gives, also when workers die, and wherever the files lie."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import dask
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from distributed import Client, LocalCluster, WorkerPlugin
from moto.server import ThreadedMotoServer
from upath import UPath

from extract import cache, cluster, package, pipeline, sources
from extract.cli import extract
from extract.errors import ClusterError, ExtractError
from extract.model import Document
from extract.parts import write
from extract.pipeline import Digest, Settings
from extract.table import FACTS

pytestmark = [pytest.mark.slow, pytest.mark.server]

TEXTS = {
    "a.txt": "Velbrook Inc. acquired Nimbus Labs for $500 million in May 2020.",
    "b.txt": "In May 2020, Velbrook Inc. acquired Nimbus Labs for $700 million.",
    "sub/c.txt": "=Acme Corp. lost 4.5 percent, it said.",
    **{f"sub/{number:03}.txt": f"Acme Corp. opened {number} shops in {2000 + number}." for number in range(60)},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The scheduler of a cluster of three workers."""
    with LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as local:
        yield local.scheduler_address


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text)
    (tmp_path / "in" / "bad.txt").write_bytes(b"\xff\xfe")
    return tmp_path / "in"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(extract, ["run", *map(str, arguments)], standalone_mode=False)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of an output folder but for the parts."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.parent.name != cluster.PARTS)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def alone(texts: Path, out: Path) -> dict[str, bytes]:
    """What one process gives."""
    done = run(texts, "--out", out, "--jobs", "1")
    assert done.return_value == 1, done.output
    return contents(out)


def test_the_same_bytes_as_one_process(texts: Path, tmp_path: Path, address: str) -> None:
    stale = tmp_path / "out" / cluster.PARTS / "part-00099.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"")
    done = run(texts, "--out", tmp_path / "out", "--engine", "dask", "--scheduler", address)
    assert done.return_value == 1, done.output
    assert "extract: bad.txt: is not UTF-8" in done.output
    assert contents(tmp_path / "out") == alone(texts, tmp_path / "alone")

    facts = package.load(tmp_path / "out").table()
    assert "contradicted-amount" in " ".join(facts["flags"].dropna())
    parts = sorted((tmp_path / "out" / cluster.PARTS).iterdir())
    assert len(parts) >= cluster.TASKS * 3
    together = pd.concat([pd.read_parquet(part) for part in parts])
    assert list(together.columns) == [column.name for column in FACTS]
    assert list(together["fact_id"]) == list(facts["fact_id"])
    assert list(together["flags"].fillna("")) == list(facts["flags"].fillna(""))


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(texts: Path, tmp_path: Path, address: str) -> None:
    entries = sources.entries(texts)
    with (
        cluster.Cluster(entries, tmp_path / "out", address, Settings()) as engine,
        package.draft(tmp_path / "out", pipeline.FLAGS) as draft,
        Client(address) as client,
    ):
        digests = engine.digests()
        found = [next(digests)]
        holder = client.who_has(engine._found[0][0])[engine._found[0][0].key][0]
        os.kill(client.run(os.getpid)[holder], signal.SIGKILL)
        found += digests
        write(draft, pipeline.Corpus(found), engine, Settings().aliases)
    assert contents(tmp_path / "out") == alone(texts, tmp_path / "alone")


class Deadly(WorkerPlugin):
    """A worker at which the second document is the end."""

    def setup(self, worker: object) -> None:  # noqa: ARG002
        """Have it die where the document is to be read."""
        harmless = sources.read

        def read(entry: sources.Entry) -> Document:
            return harmless(entry) if entry.path != "b.txt" else os._exit(9)

        sources.read = read


def test_a_document_that_kills_workers_is_left_out_and_the_rest_goes_on(texts: Path, tmp_path: Path) -> None:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        Client(local) as client,
    ):
        client.register_plugin(Deadly())
        with cluster.Cluster(sources.entries(texts), tmp_path / "out", local.scheduler_address, Settings()) as engine:
            found = list(engine.digests())
    reasons = {one.path: one.reason for one in found if not isinstance(one, Digest)}
    assert reasons.keys() == {"b.txt", "bad.txt"}
    assert reasons["b.txt"] == "its extraction was killed, perhaps for want of memory"
    assert len(found) == len(TEXTS) + 1


def test_files_in_a_store_are_read_and_written(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    try:
        store = cluster.place("s3://texts")
        store.mkdir()
        for file in (file for file in texts.rglob("*") if file.is_file()):
            (store / "in" / file.relative_to(texts).as_posix()).write_bytes(file.read_bytes())
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
            for _ in range(2):
                done = run("s3://texts/in", "--out", "s3://texts/in/out", "--engine", "dask",
                           "--scheduler", local.scheduler_address)  # fmt: skip
                assert done.return_value == 1, done.output
        UPath("s3://texts").fs.get("texts/in/out/", str(tmp_path / "out"), recursive=True)
    finally:
        server.stop()
    assert contents(tmp_path / "out") == alone(texts, tmp_path / "alone")
    assert len(list((tmp_path / "out" / cluster.PARTS).iterdir())) >= cluster.TASKS * 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--engine", "dask"], "go together"),
        (["--scheduler", "tcp://127.0.0.1:9"], "go together"),
        (["--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", "--resume"], "on this machine"),
        (["--engine", "dask", "--scheduler", "nowhere"], "nowhere: no Dask cluster with a worker is there"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    texts: Path, tmp_path: Path, arguments: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    error = run(texts, "--out", tmp_path / "out", *arguments).exception
    assert why in str(error)
    assert "\n" not in str(error)
    assert not (tmp_path / "out" / "facts.csv").exists()


def age() -> None:
    """Have a worker stand on something older."""
    cache.version = lambda: "older"  # type: ignore[assignment]


def test_a_cluster_without_workers_or_with_another_version_is_refused(
    texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 5)
    entries = sources.entries(texts)
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=None) as local:
        with pytest.raises(ClusterError, match="no Dask cluster"):
            cluster.Cluster(entries, tmp_path, local.scheduler_address, Settings())
        local.scale(1)
        with Client(local) as client:
            client.wait_for_workers(1)
            client.run(age)
        with pytest.raises(ClusterError, match="has another version"):
            cluster.Cluster(entries, tmp_path, local.scheduler_address, Settings())


@pytest.mark.parametrize("address", ["s3://127.0.0.1:9/none", "nostore://a/b"])
def test_a_store_that_cannot_be_asked_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ExtractError, match="cannot be reached"):
        cluster.place(address)
