"""Reading the input: what is read, how, and what is said of what cannot be."""

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from extract import sources
from extract.errors import InputError, SourceError
from extract.sources import text


def reason(file: Path) -> str:
    """Why the only entry of ``file``'s folder that bears its name cannot be read."""
    (entry,) = (entry for entry in sources.entries(file.parent) if entry.file == file)
    with pytest.raises(SourceError) as error:
        sources.read(entry)
    return str(error.value)


def paths(folder: Path) -> list[str]:
    return [entry.path for entry in sources.entries(folder)]


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.TXT", ".hidden.txt", ".git/x.txt", "documents.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("document,published,title,source\n" if name == "documents.csv" else "words")
    assert paths(tmp_path) == ["a/B.TXT", "a/z.md", "b.txt"]


def test_a_file_alone_is_named_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.txt").write_text("words")
    assert paths(tmp_path / "a.txt") == ["a.txt"]


def test_the_output_is_not_read_as_input(tmp_path: Path) -> None:
    for name in ("a.txt", "facts/dictionary.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    assert [entry.path for entry in sources.entries(tmp_path, leave_out=tmp_path / "facts")] == ["a.txt"]


def test_a_linked_folder_is_read_and_a_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("words")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "loop").symlink_to(tmp_path)
    assert {"real/a.txt", "link/a.txt"} <= set(paths(tmp_path))


def test_line_ends_are_kept_and_the_mark_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfone\r\ntwo\n")
    (document,) = extract.read(tmp_path)
    assert document.text == "one\r\ntwo\n"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_comes_back_as_it_was_written(written: str) -> None:
    assert text.read(written.encode()).text == written.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"caf\xe9 au lait", "is not UTF-8: byte 3 is 0xE9; save it as UTF-8"),
        (b"PK\x03\x04\x00\x00", "is binary, not text"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"x" * (sources.LARGEST + 1), "has 10000001 bytes, more than the 10000000 allowed; split it"),
    ],
)
def test_an_unreadable_file_has_its_reason(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    assert reason(file) == why


def test_a_folder_named_like_a_file_is_named_and_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "a.txt" / "b.txt").write_text("words")
    assert paths(tmp_path) == ["a.txt", "a.txt/b.txt"]
    assert reason(tmp_path / "a.txt") == "is a folder; the files in it are read by themselves"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert reason(tmp_path / "a.txt") == "is not a regular file"


def test_a_dangling_link_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    assert reason(tmp_path / "a.txt") == "cannot be opened: No such file or directory"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that even root cannot read is Linux's")
def test_a_file_that_refuses_to_be_read_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    assert reason(tmp_path / "a.txt") == "cannot be opened: Input/output error"


def test_another_format_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8")
    assert (
        reason(tmp_path / "a.jpg") == "no reader for this kind of file; readable: .txt, .md, .html, .htm, .pdf, .docx"
    )


def test_a_name_that_is_no_text_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\nb.txt").write_text("words")
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text("words")
    entries = sources.entries(tmp_path)
    assert [entry.path for entry in entries] == [r"\udcff.txt", r"a\nb.txt"]
    assert {entry.problem for entry in entries} == {"its name is not plain UTF-8 text"}


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no documents here; put .* files into the folder"):
        sources.entries(tmp_path)
    with pytest.raises(InputError, match="no such file or folder"):
        sources.entries(tmp_path / "none")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        sources.entries(Path("/dev/null"))


def test_metadata_comes_from_documents_csv(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.txt").write_text("words")
    (tmp_path / "documents.csv").write_text(
        '\ufeffdocument,published,title,source\na.txt,2020-08-12,"One, two",\nc.txt,,,\n', "utf-8"
    )
    first, second, third = sources.entries(tmp_path)
    document = sources.read(first)
    assert (document.published, document.published_basis) == (dt.date(2020, 8, 12), "documents.csv")
    assert (document.title, document.source) == ("One, two", "")
    assert sources.read(second).published is None
    assert (third.path, third.problem) == ("c.txt", "is named in documents.csv but not in the folder")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("document,date\n", "its columns must be document,published,title,source"),
        ("document,published,title,source\na.txt,12.8.2020,,\n", "row 2: '12.8.2020' is no day of the form YYYY-MM-DD"),
        ("document,published,title,source\na.txt,2020-02-30,,\n", "row 2: '2020-02-30' is no day"),
        ("document,published,title,source\na.txt,,,\na.txt,,,\n", "row 3: names a.txt a second time"),
        ("document,published,title,source\na.txt,,\n", "row 2: has not 4 cells"),
        ("document,published,title,source\na.txt,,,,\n", "row 2: has not 4 cells"),
        ("document,published,title,source\n,,,\n", "row 2: names no document"),
    ],
)
def test_malformed_metadata_is_named(tmp_path: Path, lines: str, why: str) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "documents.csv").write_text(lines)
    with pytest.raises(InputError, match=r"documents\.csv") as error:
        sources.entries(tmp_path)
    assert why in str(error.value)


def test_the_api_warns_of_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.txt").write_bytes(b"\xff")
    with pytest.warns(UserWarning, match=r"b\.txt: is not UTF-8"):
        assert [document.path for document in extract.read(tmp_path)] == ["a.txt"]
