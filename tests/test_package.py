"""The output folder: what is written, validated, guarded, and left alone."""

import csv
import datetime as dt
import io
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import package, table
from extract.errors import TableError
from extract.model import Claim, DateValue, Document, Fact, Flag, Money, Organisation, Reading, Span, Value

ROOT = Path(__file__).resolve().parent.parent
FRICTIONLESS = ROOT / ".tools" / "bin" / "frictionless"
FLAGS = {"odd": "looks odd", "vague-amount": "no exact figure"}
TEXT = "=SUM(A1) paid -$5.50 on 12 August 2020.\r\n+Bolt, @Carp.\n"


def fact(quote: str, value: Value, *flags: Flag) -> Fact:
    start = TEXT.index(quote)
    return Fact(span=Span(start, start + len(quote)), value=value, rule="test", confidence=0.5, flags=flags)


DOCUMENT = Document("sub/a.txt", TEXT, dt.date(2020, 8, 13), "text", title="-1 is a title")
BOLT: dict[str, table.Cell] = {
    "organisation": "+Bolt",
    "mentions": 1,
    "documents": 1,
    "first_seen": "sub/a.txt",
    "flags": "odd",
}


def event(claim: dict[str, table.Cell]) -> dict[str, table.Cell]:
    counts: dict[str, table.Cell] = {"claims": 1, "documents": 1}
    named: dict[str, table.Cell] = {"claim_type": "financial", "subject": "=SUM(A1)", "members": claim["fact_id"]}
    return {"event": "e0123456789ab", **named, **counts, "flags": "odd"}


def tables(*facts: Fact) -> dict[str, pd.DataFrame]:
    rows = table.rows(Reading(DOCUMENT), facts)
    return {
        "facts": table.frame(table.FACTS, rows),
        "documents": table.frame(
            table.DOCUMENTS, [table.document_row(DOCUMENT), {"document": "b.txt", "status": "unreadable: no"}]
        ),
        "organisations": table.frame(table.ORGANISATIONS, [BOLT]),
        "events": table.frame(table.EVENTS, [event(row) for row in rows if row["kind"] == "claim"]),
    }


@pytest.fixture
def facts() -> list[Fact]:
    price = Money(Decimal("-5.50"), Decimal("-5.5"), "USD", "over")
    day = DateValue("DATE", "2020-08-12", dt.date(2020, 8, 12), dt.date(2020, 8, 12), "explicit")
    paid = fact("-$5.50", price, Flag("odd", "a negative price"))
    sentence = fact(
        TEXT[:39], Claim("financial", "=SUM(A1)", "", "asserted", figure=price, date=day, parts=(paid.key,))
    )
    return [
        fact("=SUM(A1)", Organisation("=SUM(A1)")),
        sentence,
        paid,
        fact("12 August 2020", day),
        fact("+Bolt", Organisation("'+Bolt")),
        fact("@Carp", Organisation("@Carp")),
    ]


@pytest.fixture
def saved(tmp_path: Path, facts: list[Fact]) -> Path:
    package.save(tmp_path / "out", tables(*facts), {DOCUMENT.path: TEXT}, FLAGS)
    return tmp_path / "out"


def broken(saved: Path, old: str, new: str, file: str = "facts.csv") -> str:
    """What is said of the saved tables once ``old`` is replaced in a CSV."""
    data = (saved / file).read_bytes()
    assert old.encode() in data
    (saved / file).write_bytes(data.replace(old.encode(), new.encode(), 1))
    with pytest.raises(TableError) as error:
        package.load(saved).demand_valid(FLAGS)
    return str(error.value)


def test_what_is_saved_is_loaded(saved: Path, facts: list[Fact]) -> None:
    loaded = package.load(saved)
    loaded.demand_valid(FLAGS)
    pd.testing.assert_frame_equal(loaded.table(), tables(*facts)["facts"])
    assert loaded.texts == {"sub/a.txt": TEXT}
    assert loaded.table()["value_min"][2] == Decimal("-5.5")


def test_cells_are_plain_and_guarded(saved: Path) -> None:
    with (saved / "facts.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["quote"] for row in rows][2:] == ["'-$5.50", "12 August 2020", "'+Bolt", "'@Carp"]
    assert [row["value"] for row in rows][4:] == ["''+Bolt", "'@Carp"]
    assert (rows[2]["value_min"], rows[2]["unit"], rows[2]["modifier"]) == ("-5.5", "USD", "over")
    assert (rows[3]["date_start"], rows[3]["line"], rows[4]["line"]) == ("2020-08-12", "1", "2")
    assert rows[2]["claim_id"] == rows[1]["fact_id"]
    assert (rows[2]["flags"], rows[2]["evidence"]) == ("odd", "a negative price")
    assert (saved / "texts" / "sub" / "a.txt").read_bytes() == TEXT.encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
def test_no_cell_is_a_formula_and_every_cell_comes_back(texts: list[str]) -> None:
    columns = [column for column in table.DOCUMENTS if column.type == "string"]
    content = package.lines(columns, [[text] * len(columns) for text in texts])
    cells = list(csv.reader(io.StringIO(content, newline="")))
    assert not any(cell and cell[0] in "=+-@\t\r\n" for row in cells for cell in row)
    assert [[package._unguard(cell) for cell in row] for row in cells] == [[text] * len(columns) for text in texts]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (",organisation,", ",organization,", "kind is not one of money, percent"),
        (",14,20,", ",13,x,", "end is not a plain integer"),
        (",14,20,", ",20,14,", "start is not before end"),
        (",14,20,", ",15,21,", "quote is not text[start:end]"),
        ("'-$5.50", "'-$5,50", "its columns must be|cannot be read as a table"),
        (",1,", ",2,", "line is not that of start"),
        (",-5.5,-5.5,", ",-5.5,-6,", "value_min is above value_max"),
        (",-5.5,-5.5,", ",5e3,5e3,", "value_min is not a plain number"),
        (",2020-08-12,2020-08-12,", ",2020-08-32,2020-08-32,", "date_start is no day of the calendar"),
        (",2020-08-12,2020-08-12,", ",2020-08-13,2020-08-12,", "date_start is after date_end"),
        (",odd,", ",even,", "flags has a code without a meaning"),
        (",0.5,", ",1.5,", "confidence is not within 0 and 1"),
        (",extracted,", ",,", "status is empty"),
        ("sub/a.txt", "c.txt", "document was not read"),
        ("fact_id,", "id,", "its columns must be fact_id,"),
    ],
)
def test_a_broken_row_is_named(saved: Path, old: str, new: str, why: str) -> None:
    message = broken(saved, old, new)
    assert any(part in message for part in why.split("|")), message


def test_links_ids_and_order_are_checked(saved: Path) -> None:
    lines = (saved / "facts.csv").read_text("utf-8").splitlines()
    link = lines[2].split(",")[0]
    assert "claim_id names no claim" in broken(saved, f",{link},", ",f000000000000,")
    (saved / "facts.csv").write_text("\n".join([lines[0], lines[1], lines[1], *lines[2:]]), "utf-8")
    with pytest.raises(TableError, match=r"row 3 .*fact_id is not unique"):
        package.load(saved).demand_valid(FLAGS)
    (saved / "facts.csv").write_text("\n".join([lines[0], lines[3], lines[2], ""]), "utf-8")
    with pytest.raises(TableError, match=r"row 3 .*does not follow the row above"):
        package.load(saved).demand_valid(FLAGS)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("'+Bolt,", ",", "organisation is empty"),
        (",1,1,", ",one,1,", "mentions is not a plain integer"),
        ("sub/a.txt", "c.txt", "first_seen was not read"),
        (",odd,", ",even,", "flags has a code without a meaning"),
        ("'+Bolt,", "'+Bolt,,,1,1,sub/a.txt,,\r\n'+Bolt,", "organisation is not unique"),
    ],
)
def test_a_broken_organisation_is_named(saved: Path, old: str, new: str, why: str) -> None:
    message = broken(saved, old, new, "organisations.csv")
    assert "organisations.csv, row " in message
    assert why in message


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("e0123456789ab,", "e0,", "event is not of the form"),
        (",1,1,", ",2,1,", "claims is not the number of members"),
        (",1,1,f", ",1,1,f000000000000 f", "members names what is no claim"),
        (",odd,", ",even,", "flags has a code without a meaning"),
    ],
)
def test_a_broken_event_is_named(saved: Path, old: str, new: str, why: str) -> None:
    message = broken(saved, old, new, "events.csv")
    assert "events.csv, row 2" in message
    assert why in message


def test_a_changed_text_is_noticed(saved: Path) -> None:
    (saved / "texts" / "sub" / "a.txt").write_text("Other words.")
    with pytest.raises(TableError, match=r"documents\.csv, row 2 \(sub/a\.txt\): sha256 is not that of the text"):
        package.load(saved).demand_valid(FLAGS)
    (saved / "texts" / "sub" / "a.txt").unlink()
    with pytest.raises(TableError, match=r"row 2 \(sub/a\.txt\): has no text"):
        package.load(saved).demand_valid(FLAGS)


def test_a_table_that_fails_does_not_touch_a_good_one(saved: Path, facts: list[Fact]) -> None:
    before = {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()}
    good = tables(*facts)
    bad = {**good, "facts": good["facts"].assign(quote="x")}
    with pytest.raises(TableError, match=r"row 2 .*: quote is not text"):
        package.save(saved, bad, {DOCUMENT.path: TEXT}, FLAGS)
    assert {file: file.read_bytes() for file in saved.rglob("*") if file.is_file()} == before


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, facts: list[Fact]) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(TableError, match="out: cannot be written: File exists"):
        package.save(tmp_path / "out", tables(*facts), {DOCUMENT.path: TEXT}, FLAGS)


def test_only_the_texts_of_an_earlier_run_are_removed(saved: Path) -> None:
    (saved / "texts" / "mine.txt").write_text("mine")
    one = tables()
    unread = {**one, "documents": one["documents"].iloc[1:], "organisations": one["organisations"].iloc[1:]}
    package.save(saved, unread, {}, FLAGS)
    assert [file.name for file in sorted((saved / "texts").rglob("*.txt"))] == ["mine.txt"]


def test_a_text_that_was_changed_is_written_again(saved: Path, facts: list[Fact]) -> None:
    text = saved / "texts" / DOCUMENT.path
    text.write_bytes(TEXT.swapcase().encode())
    package.save(saved, tables(*facts), {DOCUMENT.path: TEXT}, FLAGS)
    assert text.read_bytes() == TEXT.encode()


def test_a_text_that_stands_is_left(saved: Path, facts: list[Fact]) -> None:
    text = saved / "texts" / DOCUMENT.path
    before = text.stat()
    package.save(saved, tables(*facts), {DOCUMENT.path: TEXT}, FLAGS)
    assert (text.stat().st_ino, text.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_path_out_of_the_folder_is_not_followed(saved: Path) -> None:
    (saved.parent / "secret.txt").write_text("secret")
    text = (saved / "documents.csv").read_text("utf-8")
    (saved / "documents.csv").write_text(text.replace("sub/a.txt", "../../secret.txt"), "utf-8")
    assert package.load(saved).texts == {}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'a,b\n"', b"a,b\n1,2,3\n"])
def test_what_is_no_table_is_named(saved: Path, content: bytes) -> None:
    (saved / "facts.csv").write_bytes(content)
    with pytest.raises(TableError, match=r"facts\.csv: cannot be read as a table"):
        package.load(saved)


def test_dictionary_and_descriptor_come_from_the_columns(saved: Path) -> None:
    dictionary = (saved / "dictionary.md").read_text("utf-8")
    fields = json.loads((saved / "datapackage.json").read_text("utf-8"))["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == [column.name for column in table.FACTS]
    assert all(f"| `{column.name}` |" in dictionary for columns in table.TABLES.values() for column in columns)
    assert all(f"| `{code}` | {meaning} |" in dictionary for code, meaning in FLAGS.items())


@pytest.mark.server
def test_frictionless_finds_the_package_valid(saved: Path) -> None:
    done = subprocess.run([FRICTIONLESS, "validate", "datapackage.json"], cwd=saved, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (saved / "facts.csv").write_text((saved / "facts.csv").read_text("utf-8").replace("2020-08-12", "12.8.2020"))
    done = subprocess.run([FRICTIONLESS, "validate", "datapackage.json"], cwd=saved, capture_output=True, text=True)
    assert done.returncode != 0


@pytest.mark.server
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_sees_numbers_dates_and_no_formula(saved: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # CSV filter: comma, quote, UTF-8, first line 1, standard cells, English (US), detect numbers, formulas as text off.
    options = "--infilter=CSV:44,34,76,1,,1033,false,true,false,false,false,-1"
    subprocess.run(
        ["soffice", profile, "--headless", options, "--convert-to", "fods", "--outdir", tmp_path, saved / "facts.csv"],
        check=True,
        capture_output=True,
    )
    sheet = (tmp_path / "facts.fods").read_text("utf-8")
    assert "table:formula" not in sheet
    assert 'office:value-type="float" office:value="-5.5"' in sheet
    assert 'office:value-type="date" office:date-value="2020-08-12"' in sheet
