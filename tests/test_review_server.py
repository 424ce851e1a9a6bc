"""Review with a real doccano: what travels there, what comes home, and what a server that dies cannot take away."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doccano_server import DOCCANO, PROGRAM, ROOT, Reviewer, extract, start
from playwright.sync_api import expect, sync_playwright

from extract import package
from extract.cli import extract as program

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(not (DOCCANO.exists() and PROGRAM.exists()), reason="doccano is not installed: make test does"),
]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server that runs."""
    folder = tmp_path_factory.mktemp("our state + # 1")
    try:
        start(folder)
        yield folder
    finally:
        extract("review", "stop", "--state", folder)


@pytest.fixture
def reviewer(state: Path) -> Reviewer:
    return Reviewer(start(state), "reviewer", (state / "password").read_text())


def run(source: Path, out: Path, *arguments: object) -> None:
    assert program(["run", str(source), "--out", str(out), *map(str, arguments)], standalone_mode=False) == 0


def pulling(folder: Path, state: Path, project: str) -> tuple[object, ...]:
    """The command that brings verdicts on the table in ``folder / "facts"`` home to ``folder / "d.jsonl"``."""
    decisions = folder / "d.jsonl"
    return ("review", "pull", folder / "facts", "--decisions", decisions, "--state", state, "--project", project)


def rows(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of a fact table by their ids."""
    table = package.load(folder).tables["facts"]
    return {row["fact_id"]: {str(name): cell for name, cell in row.items()} for row in table.to_dict("records")}


def utf16(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


# What a reviewer writes where a value is wrong, and what the table makes of it.
WRITTEN = {
    "money": ("about 12 million euros", "EUR 12000000"),
    "percent": ("7.5%", "7.5%"),
    "quantity": ("300 shops", "300 shops"),
    "date": ("12 May 2020", "2020-05-12"),
    "organisation": ("International Monetary Fund", "International Monetary Fund"),
    "claim": ("claim_type = plan; subject = Orlo", "Orlo: plan"),
}


def test_the_verdicts_on_the_flagged_facts_of_the_seeds_stand_in_the_table(
    state: Path, reviewer: Reviewer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, decisions = tmp_path / "facts", tmp_path / "decisions.jsonl"
    run(ROOT / "seeds", facts)
    flagged = {fact: row for fact, row in rows(facts).items() if row["flags"]}
    done = extract("review", "push", facts, "--state", state, "--project", "seeds")
    assert done.stdout.startswith(f"{len(flagged)} facts brought to project seeds, 0 were there already")

    project = reviewer.project("seeds")
    examples = reviewer.examples(project)
    assert {example["meta"]["fact"] for example in examples} == set(flagged)
    judged = {}
    for number, example in enumerate(examples):
        row = flagged[example["meta"]["fact"]]
        [(start, end, kind)] = reviewer.marks(project, example["id"])
        assert utf16(example["text"], start, end) == row["quote"]
        assert (kind, example["meta"]["why"]) == (row["kind"], row["flags"])
        match number % 4:
            case 0:
                reviewer.judge(project, example["id"], "accept")
                judged[row["fact_id"]] = ("accepted", row["value"])
            case 1:
                reviewer.judge(project, example["id"], "not a fact")
                judged[row["fact_id"]] = ("rejected", row["value"])
            case 2:
                comment, value = WRITTEN[kind]
                reviewer.judge(project, example["id"], "wrong value", comment)
                judged[row["fact_id"]] = ("corrected", value)
            case 3 if kind == "organisation" and " " in row["quote"]:
                word = row["quote"].split()[0]
                marks = [(start, start + len(word), kind)]
                reviewer.judge(project, example["id"], "wrong span or kind", marks=marks)
                judged[word] = ("corrected", word)

    pulled = extract("review", "pull", facts, "--decisions", decisions, "--state", state, "--project", "seeds")
    assert f"{len(judged)} verdicts in project seeds, {len(judged)} of them new" in pulled.stdout
    assert not pulled.stderr
    again = extract("review", "pull", facts, "--decisions", decisions, "--state", state, "--project", "seeds")
    assert f"{len(judged)} verdicts in project seeds, 0 of them new" in again.stdout
    assert len(decisions.read_text("utf-8").splitlines()) == len(judged)

    run(ROOT / "seeds", tmp_path / "after", "--decisions", decisions)
    after = rows(tmp_path / "after")
    marked = {row["quote"]: row for row in after.values() if row["status"] == "corrected"}
    for fact, (status, value) in judged.items():
        row = after.get(fact) or marked[fact]
        assert row["status"] == status, row
        assert row["value"] == value or (row["kind"] == "claim" and row["value"].startswith(value)), row
        assert "by reviewer on" in row["evidence"]
        assert row["flags"] == ("not-a-fact" if status == "rejected" else ""), row
    assert "by reviewer:" not in capsys.readouterr().err
    assert sum(row["status"] == "extracted" for row in after.values()) == len(rows(facts)) - len(judged)
    assert extract("check", tmp_path / "after").stdout.endswith("valid\n")


TEXT = (
    "🚀🚀 北京 – Quillmark Ltd said 😀 that it had paid billions of dollars for Orlo Corp. in 2019.\n\n"
    "𠮷野家 grew by 12 percent 🍜, and Quillmark Ltd hired thousands of cooks.\n"
)


def test_offsets_are_exact_beside_emoji_and_beyond_the_basic_plane(
    state: Path, reviewer: Reviewer, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf-8")
    run(tmp_path / "in", tmp_path / "facts")
    found = rows(tmp_path / "facts")
    push = ("review", "push", tmp_path / "facts", "--all", "--state", state, "--project", "signs")
    extract(*push)
    assert extract(*push).stdout.startswith(f"0 facts brought to project signs, {len(found)} were there already")
    project = reviewer.project("signs")
    examples = {example["meta"]["fact"]: example for example in reviewer.examples(project)}
    assert len(reviewer.examples(project)) == len(found) == len(examples)
    for fact, example in examples.items():
        [(start, end, kind)] = reviewer.marks(project, example["id"])
        assert (utf16(example["text"], start, end), kind) == (found[fact]["quote"], found[fact]["kind"])

    cooks, example = next((row, examples[fact]) for fact, row in found.items() if row["quote"] == "thousands")
    [mark] = reviewer.marks(project, example["id"])
    first = len(example["text"][: example["text"].index("𠮷野家")].encode("utf-16-le")) // 2
    reviewer.judge(
        project, example["id"], "wrong value", "3,000 cooks", marks=[mark, (first, first + 4, "organisation")]
    )
    extract(*pulling(tmp_path, state, "signs"))
    run(tmp_path / "in", tmp_path / "after", "--decisions", tmp_path / "d.jsonl")
    after = rows(tmp_path / "after")
    assert (after[cooks["fact_id"]]["value"], after[cooks["fact_id"]]["status"]) == ("3000 cooks", "corrected")
    [added] = [row for row in after.values() if row["status"] == "added"]
    assert (added["quote"], added["kind"], added["value"]) == ("𠮷野家", "organisation", "𠮷野家")
    assert TEXT[int(added["start"]) : int(added["end"])] == "𠮷野家"
    assert "𠮷野家" in set(package.load(tmp_path / "after").tables["organisations"]["organisation"])


def test_what_does_not_fit_is_told_and_not_taken(state: Path, reviewer: Reviewer, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "Quillmark hired thousands of cooks. Orlo paid tens of millions of dollars.\n"
    )
    run(tmp_path / "in", tmp_path / "facts")
    extract(
        "review",
        "push",
        tmp_path / "facts",
        "--state",
        state,
        "--project",
        "odd",
        "--kind",
        "quantity",
        "--kind",
        "money",
    )
    project = reviewer.project("odd")
    cooks, millions = reviewer.examples(project)
    reviewer.judge(project, cooks["id"], "accept")
    reviewer.ask("PATCH", f"projects/{project}/examples/{cooks['id']}", text=cooks["text"].replace("cooks", "clerks"))
    reviewer.judge(project, millions["id"], "wrong value", "more than that, I think")
    pull = pulling(tmp_path, state, "odd")
    assert "its text was changed; the verdict is not taken" in extract(*pull).stderr
    run(tmp_path / "in", tmp_path / "after", "--decisions", tmp_path / "d.jsonl")
    after = rows(tmp_path / "after")
    assert after[cooks["meta"]["fact"]]["status"] == "extracted"
    row = after[millions["meta"]["fact"]]
    assert "review-unread" in row["flags"].split()
    assert 'reviewer wrote "more than that, I think"' in row["evidence"]


def test_two_reviewers_who_differ_leave_the_fact_flagged(state: Path, reviewer: Reviewer, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Quillmark hired thousands of cooks. Orlo shut dozens of shops.\n")
    run(tmp_path / "in", tmp_path / "facts")
    extract("review", "push", tmp_path / "facts", "--state", state, "--project", "two", "--kind", "quantity")
    project = reviewer.project("two")
    password = reviewer.ask("POST", "users/create", username="ben", password1="kq8-Zvv21-mo", password2="kq8-Zvv21-mo")
    role = next(role["id"] for role in reviewer.ask("GET", "roles") if role["name"] == "annotator")
    reviewer.ask("POST", f"projects/{project}/members", user=password["id"], role=role)
    ben = Reviewer(reviewer.url, "ben", "kq8-Zvv21-mo")
    pull = pulling(tmp_path, state, "two")
    one, other = reviewer.examples(project)
    for example in (one, other):
        reviewer.judge(project, example["id"], "accept")
    extract(*pull)
    for example, verdict in ((one, "accept"), (other, "not a fact")):
        ben.ask("POST", f"projects/{project}/examples/{example['id']}/states")
        ben.judge(project, example["id"], verdict)
    told = extract(*pull).stdout
    assert "ben and reviewer: 2 facts, Cohen's kappa 0.00" in told
    assert f"{other['meta']['fact']}: reject by ben, accept by reviewer" in told
    run(tmp_path / "in", tmp_path / "after", "--decisions", tmp_path / "d.jsonl")
    after = rows(tmp_path / "after")
    assert after[one["meta"]["fact"]]["status"] == "accepted"
    assert "accepted by reviewer and ben" in after[one["meta"]["fact"]]["evidence"]
    row = after[other["meta"]["fact"]]
    assert (row["status"], "reviewers-differ" in row["flags"].split()) == ("extracted", True)
    assert {"reviewer: accepted", "ben: rejected"} <= set(row["evidence"].split("; "))


def test_what_is_said_of_names_is_obeyed_by_the_next_run(state: Path, reviewer: Reviewer, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "Quillmark.com said profit rose. Analysts at Quillmark declined to comment. Shares of Quillmark.com fell.\n"
        "Shares of Orlo (Velbrook Wexford) fell after Orlo said profit rose. Velbrook Wexford did not comment.\n"
    )
    aliases = tmp_path / "aliases.csv"
    aliases.write_text("alias,organisation,verdict\n")
    run(tmp_path / "in", tmp_path / "facts")
    aim = ("--state", state, "--project", "firms")
    assert (
        "2 pairs of names brought to project firms-names" in extract("review", "push", tmp_path / "facts", *aim).stdout
    )
    project = reviewer.project("firms-names")
    for example in reviewer.examples(project):
        reviewer.judge(project, example["id"], "same" if "Quillmark" in example["meta"]["value"] else "different")
    pull = ("review", "pull", tmp_path / "facts", "--decisions", tmp_path / "d.jsonl", "--aliases", aliases, *aim)
    assert "2 verdicts on names in project firms-names" in extract(*pull).stdout
    written = aliases.read_text()
    assert sorted(written.splitlines()[1:]) == ["Orlo,Velbrook Wexford,different", "Quillmark,Quillmark.com,same"]
    extract(*pull)
    assert aliases.read_text() == written
    run(tmp_path / "in", tmp_path / "after", "--aliases", aliases)
    table = package.load(tmp_path / "after").tables["organisations"].set_index("organisation")
    assert set(table.index) == {"Quillmark.com", "Velbrook Wexford", "Orlo"}
    assert table.loc["Quillmark.com", "aliases"] == "Quillmark"
    assert "possible-alias" not in " ".join(table["flags"])


KILLED_MIDWAY = """
import os, pathlib, signal, sys
from extract import cli_review, package, pipeline
from extract.errors import ReviewError
from extract.review import doccano, page, queue, server

facts, state, server_pid = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
found = package.load(facts)
items = list(queue.items(cli_review._rows(found), found.texts))
own = server.running(state)
there = doccano.Doccano(own.url, username=own.username, password=own.password)
batches = there.push("facts", items, page.form(pipeline.FLAGS))
print(next(batches))
os.killpg(server_pid, signal.SIGKILL)
try:
    list(batches)
except ReviewError as error:
    print(error)
"""


def test_a_server_that_dies_midway_loses_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    run(ROOT / "seeds", tmp_path / "facts")
    try:
        url = start(state)
        assert start(state) == url
        words = [PROGRAM.parent / "python", "-c", KILLED_MIDWAY, tmp_path / "facts", state, pid(state)]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True)
        brought, failure = done.stdout.splitlines()
        assert failure.startswith(f"{url}: ")

        reviewer = Reviewer(start(state), "reviewer", (state / "password").read_text())
        project = reviewer.project("facts")
        before = reviewer.examples(project)
        assert len(before) == int(brought)
        reviewer.judge(project, before[0]["id"], "accept")
        os.killpg(pid(state), signal.SIGKILL)

        reviewer = Reviewer(start(state), "reviewer", (state / "password").read_text())
        found = rows(tmp_path / "facts")
        done = extract("review", "push", tmp_path / "facts", "--all", "--state", state)
        assert done.stdout.startswith(
            f"{len(found) - int(brought)} facts brought to project facts, {brought} were there"
        )
        examples = reviewer.examples(project)
        assert sorted(example["meta"]["fact"] for example in examples) == sorted(found)
        assert [len(reviewer.marks(project, example["id"])) for example in examples] == [1] * len(found)
        extract("review", "pull", tmp_path / "facts", "--decisions", tmp_path / "d.jsonl", "--state", state)
        [decision] = map(json.loads, (tmp_path / "d.jsonl").read_text("utf-8").splitlines())
        assert (decision["fact"], decision["verdict"]) == (before[0]["meta"]["fact"], "accept")
    finally:
        extract("review", "stop", "--state", state)
    assert extract("review", "stop", "--state", state).stdout == "no server runs\n"


def pid(state: Path) -> int:
    return int(json.loads((state / "server.json").read_text())["pid"])


def test_a_port_that_is_taken_is_named(state: Path, tmp_path: Path) -> None:
    taken = start(state).rsplit(":", 1)[1]
    words = ("review", "start", "--state", tmp_path / "other", "--python", DOCCANO, "--port", taken)
    assert one_line(extract(*words, status=2)) == (
        f"extract: port {taken}: Address already in use; give another one with --port\n"
    )
    assert extract("review", "stop", "--state", tmp_path / "other").stdout == "no server runs\n"


def test_secrets_are_for_their_owner_and_on_no_command_line(state: Path) -> None:
    password = (state / "password").read_text()
    for name in ("password", "secret_key", "db.sqlite3"):
        assert (state / name).stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o777 == 0o700
    lines = [line for line in map(command_line, Path("/proc").glob("[0-9]*")) if "serve.py" in line]
    assert lines
    assert not [line for line in lines if password in line or (state / "secret_key").read_text() in line]


def command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


def test_a_server_elsewhere_is_opened_by_the_environment(
    state: Path, reviewer: Reviewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Quillmark hired thousands of cooks.\n")
    run(tmp_path / "in", tmp_path / "facts")
    push = ("review", "push", tmp_path / "facts", "--url", reviewer.url, "--project", "elsewhere")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert "set DOCCANO_TOKEN, or DOCCANO_USERNAME and" in extract(*push, status=2).stderr
    monkeypatch.setenv("DOCCANO_USERNAME", "reviewer")
    monkeypatch.setenv("DOCCANO_PASSWORD", "not this one")
    assert one_line(extract(*push, status=2)).startswith(f"extract: {reviewer.url}: ")
    monkeypatch.setenv("DOCCANO_PASSWORD", (state / "password").read_text())
    assert "facts brought to project elsewhere" in extract(*push).stdout
    token: dict[str, Any] = reviewer.ask(
        "POST", "auth/login/", username="reviewer", password=(state / "password").read_text()
    )
    monkeypatch.setenv("DOCCANO_TOKEN", token["key"])
    monkeypatch.delenv("DOCCANO_PASSWORD")
    assert extract(*push).stdout.startswith("0 facts brought to project elsewhere")
    monkeypatch.setenv("DOCCANO_TOKEN", "wrong")
    assert one_line(extract(*push, status=2)).startswith(f"extract: {reviewer.url}: ")


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


# How far a mark's line begins and ends from the quote's letters, in pixels of the page.
BESIDE = """mark => {
    const [text, line] = [mark.parentElement.querySelector("text"), mark.querySelector("line")];
    const first = text.textContent.indexOf("500 million yuan"), last = first + "500 million yuan".length - 1;
    return [line.getAttribute("x1") - text.getStartPositionOfChar(first).x,
            line.getAttribute("x2") - text.getEndPositionOfChar(last).x].map(Math.abs);
}"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_a_reviewer_sees_quote_reason_and_keys_in_a_browser(state: Path, reviewer: Reviewer, tmp_path: Path) -> None:
    """The picture that it takes is docs/pictures/review.png when make picture runs it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "SHENZHEN, Aug. 12, 2020 - Quillmark Ltd said on Wednesday that it would buy the bakery chain Orlo for 500 "
        "million yuan ($780 million). The chain runs 120 shops.\n"
    )
    (tmp_path / "in" / "b.txt").write_text("In 2020, Orlo 🥐 paid 500 million yuan ($780 million).\n", "utf-8")
    run(tmp_path / "in", tmp_path / "facts")
    aim = ("--state", state, "--project", "page")
    address = extract("review", "push", tmp_path / "facts", "--kind", "money", *aim).stdout.split()[-1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1100, "height": 640})
        page.goto(f"{reviewer.url}/auth", wait_until="networkidle")
        page.get_by_label("Username").fill("reviewer")
        page.get_by_label("Password").fill((state / "password").read_text())
        page.get_by_label("Password").press("Enter")
        page.wait_for_url("**/projects")
        page.goto(address, wait_until="networkidle")
        mark = page.locator("g:has(> line)")
        expect(mark).to_contain_text("money")
        assert max(mark.evaluate(BESIDE)) < 3
        expect(page.get_by_text("money: CNY 500000000")).to_be_visible()
        expect(page.get_by_text("why: exchange-rate-mismatch: pairs with $780 million")).to_be_visible()
        expect(page.get_by_role("row").nth(1)).to_contain_text("exchange-rate-mismatch")
        keys = [" ".join(chip.split()) for chip in page.locator(".v-chip").all_inner_texts()]
        assert keys == ["accept 1", "wrong span or kind 2", "wrong value 3", "not a fact 4"]
        page.screenshot(path=os.environ.get("PICTURE", tmp_path / "review.png"))
        with page.expect_response(re.compile("/categories$")):
            page.keyboard.press("4")
        with page.expect_response(re.compile("/states$")):
            page.keyboard.press("Enter")
        page.goto(address.replace("page=1", "page=3"), wait_until="networkidle")
        expect(page.get_by_text("🥐")).to_be_visible()
        assert max(page.locator("g:has(> line)").evaluate(BESIDE)) < 3
        browser.close()
    extract("review", "pull", tmp_path / "facts", "--decisions", tmp_path / "d.jsonl", *aim)
    [decision] = map(json.loads, (tmp_path / "d.jsonl").read_text("utf-8").splitlines())
    assert (decision["verdict"], decision["place"]["quote"]) == ("reject", "500 million yuan")
