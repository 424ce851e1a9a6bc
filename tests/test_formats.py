"""Web pages, PDF and Word documents: what text they give, what is said of those that give none, and hostile ones."""

import datetime as dt
import io
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import extract
from extract import package, pipeline, sources
from extract.errors import SourceError
from extract.sources import apart

PAGE = """<!doctype html><html><head><title>Orlo buys Fenwick Dairies</title>
<meta property="article:published_time" content="2021-03-04T08:00:00Z"><meta name="author" content="Ida Plum">
<meta property="og:site_name" content="The Quillmark Courier"></head><body><nav>Home | Sport | Weather</nav><article>
<h1>Orlo buys Fenwick Dairies</h1>
<p>Orlo Corp. paid $5 million for Fenwick Dairies on Tuesday, the two companies said in a joint statement.</p>
<p>The price of the farm is 2 &lt; 3 and "fair" &amp; square, said the head of the dairy, who had asked for more.</p>
</article><footer>All rights reserved</footer></body></html>"""


# A password that is not empty, whatever it is.
ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00> <00>]"
DEFAULT = apart.Limits()


def pdf(*pages: str, info: str = "", trailer: str = "") -> bytes:
    """A PDF of these content streams, one a page."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    for number, content in enumerate(pages):
        fonts = "/Resources << /Font << /F 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {fonts} /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    data, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info 4 0 R {trailer} >>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def lines(*texts: str) -> str:
    """The content stream of a page with these lines."""
    return "BT /F 10 Tf 14 TL 40 760 Td " + " ".join(f"({text}) Tj T*" for text in texts) + " ET"


WRAPPED = lines(
    "Annual report",
    "Fenwick Dairies sold 1,200 tonnes of butter in the year, and its profit rose to",
    "5 million euros from 4 million euros, while the price that it pays to its farm-",
    "ers fell.",
)


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title = "Letter"
    document.core_properties.author = "Ida Plum"
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def read(folder: Path, name: str, data: bytes, **metadata: str) -> extract.Document:
    (folder / name).write_bytes(data)
    return sources.read(sources.Entry(folder / name, name, metadata))


def reason(name: str, data: bytes, limits: apart.Limits = DEFAULT) -> str:
    with pytest.raises(SourceError) as error:
        apart.read(name, data, limits)
    return str(error.value)


def test_a_web_page_gives_its_article_and_what_it_declares(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", PAGE.encode())
    assert "Orlo Corp. paid $5 million for Fenwick Dairies on Tuesday" in document.text
    assert '2 < 3 and "fair" & square' in document.text
    assert "Sport" not in document.text
    assert (document.title, document.author) == ("Orlo buys Fenwick Dairies", "Ida Plum")
    assert document.source == "The Quillmark Courier"
    assert (document.published, document.published_basis) == (dt.date(2021, 3, 4), "file")


def test_what_documents_csv_says_goes_before_what_the_file_says(tmp_path: Path) -> None:
    document = read(tmp_path, "a.html", PAGE.encode(), published="2021-03-05", title="Mine", source="")
    assert (document.published, document.published_basis) == (dt.date(2021, 3, 5), "documents.csv")
    assert (document.title, document.source) == ("Mine", "The Quillmark Courier")


@pytest.mark.parametrize(
    ("declared", "day"),
    [
        ("", None),
        ('<meta name="expires" content="2031-03-04">', None),
        ('<meta name="DC.date.issued" content="2021/03/04">', dt.date(2021, 3, 4)),
        ('<meta itemprop="datePublished" content="2021-02-30">', None),
        ('<meta name="date" content="2021-03-04"><meta name="pubdate" content="2021-04-04">', None),
        ('<script type="application/ld+json">{"datePublished": "2021-03-04T08:00:00Z"}</script>', dt.date(2021, 3, 4)),
    ],
)
def test_only_what_a_page_declares_dates_it(tmp_path: Path, declared: str, day: dt.date | None) -> None:
    head, _, rest = PAGE.partition('<meta property="article:published_time" content="2021-03-04T08:00:00Z">')
    page = head + declared + rest.replace("on Tuesday", "on 2020-03-04")
    assert read(tmp_path, "a.htm", page.encode()).published == day


def test_a_pdf_gives_its_paragraphs(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pdf", pdf(WRAPPED, lines("Page two."), info="/Title (Report) /Author (Ida\\nPlum)"))
    assert document.text == (
        "Annual report\n"
        "Fenwick Dairies sold 1,200 tonnes of butter in the year, and its profit rose to 5 million euros from "
        "4 million euros, while the price that it pays to its farmers fell.\n\nPage two."
    )
    assert (document.title, document.author, document.published) == ("Report", "Ida Plum", None)


def test_lines_of_a_pdf_are_not_joined_to_other_numbers(tmp_path: Path) -> None:
    page = lines(
        "Sales of butter and of cheese, which the dairy began to make in May, grew by 5-",
        "8 percent, and those of milk fell. The plants make, in thousands of tonnes, 12",
        "345 and 678 in all.",
    )
    text = read(tmp_path, "a.pdf", pdf(page)).text
    assert "grew by 5-8 percent, and" in text
    assert "tonnes, 12\n345 and" in text


def test_a_word_document_gives_its_body_with_the_changes_accepted(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Orlo paid ")
    for change, tag, words in (("ins", "t", "$5 million"), ("del", "delText", "$4 million")):
        run = f'<w:r><w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'
        paragraph._p.append(parse_xml(f'<w:{change} {nsdecls("w")} w:id="1" w:author="x">{run}</w:{change}>'))
    paragraph.add_run(" for\tFenwick.\nIt did.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Profit", "5 million euros"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "12", "345\n678"
    document.add_paragraph("The end.")
    data = io.BytesIO()
    document.save(data)
    text = read(tmp_path, "a.docx", data.getvalue()).text
    assert text == "Orlo paid $5 million for\tFenwick.\nIt did.\nProfit\t5 million euros\n12\t345\n678\n\nThe end."


def test_the_text_is_saved_under_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub.pdf").mkdir(parents=True)
    (tmp_path / "in" / "a.docx").write_bytes(word("Orlo paid $5 million."))
    (tmp_path / "in" / "a.docx.txt").write_text("Orlo paid $6 million.")
    (tmp_path / "in" / "sub.pdf" / "b.pdf").write_bytes(pdf(lines("Orlo paid $7 million.")))
    results = [pipeline.extract(document) for document in extract.read(tmp_path / "in" / "a.docx")]
    with pytest.warns(UserWarning, match=r"sub\.pdf: is a folder"):
        results = [pipeline.extract(document) for document in extract.read(tmp_path / "in")]
    texts = {result.document.path: result.document.text for result in results}
    package.save(tmp_path / "out", pipeline.tables(results), texts, pipeline.FLAGS)
    written = {file.relative_to(tmp_path / "out" / "texts").as_posix() for file in tmp_path.glob("out/texts/**/*.txt")}
    assert written - {"sub.pdf.txt"} == {"a.docx.txt", "a.docx.txt.txt", "sub.pdf.txt/b.pdf.txt"}
    loaded = package.load(tmp_path / "out")
    loaded.demand_valid(pipeline.FLAGS)
    assert loaded.texts == texts
    titles = dict(zip(loaded.tables["documents"]["document"], loaded.tables["documents"]["title"], strict=True))
    assert titles["a.docx"] == "Letter"


def test_a_run_reads_what_it_can_and_names_the_rest(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, data in (
        ("a.html", PAGE.encode()),
        ("b.pdf", pdf(WRAPPED)),
        ("c.docx", word("Orlo paid $5 million.")),
        ("locked.pdf", pdf(WRAPPED, trailer=ENCRYPTED)),
        ("scan.pdf", pdf("0 0 100 100 re f")),
    ):
        (tmp_path / "in" / name).write_bytes(data)
    done = subprocess.run(
        [Path(sys.executable).parent / "extract", "run", tmp_path / "in", "--out", tmp_path / "out", "--jobs", "2"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert [line for line in done.stderr.splitlines() if line.startswith("extract: ")] == [
        "extract: locked.pdf: is encrypted; save it without a password",
        "extract: scan.pdf: has no text, only pictures; have it read by OCR first",
    ]
    documents = package.load(tmp_path / "out").tables["documents"].set_index("document")
    assert list(documents["published"]) == ["2021-03-04", "", "", "", ""]
    assert list(documents["author"]) == ["Ida Plum", "", "Ida Plum", "", ""]
    assert set(package.load(tmp_path / "out").tables["facts"]["document"]) == {"a.html", "b.pdf", "c.docx"}


@pytest.mark.parametrize(
    "name", ["a.pdf", "a.pdf.txt", "a.pdf.txt.txt", "a.PDF", "a.txt", "x.html/a.txt", "x.html.txt/a.txt"]
)
def test_no_two_names_become_one(name: str) -> None:
    names = ["a.pdf", "a.pdf.txt", "a.pdf.txt.txt", "a.PDF", "a.txt", "x.html/a.txt", "x.html.txt/a.txt"]
    assert [each for each in names if package.text_name(each) == package.text_name(name)] == [name]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("html", b"", "has no article"),
        ("html", b"\x00\xff\xfe", "has no article"),
        ("pdf", b"%PDF-1.5\n", "is broken: it cannot be read as a PDF"),
        ("pdf", pdf(WRAPPED)[:300], "is broken|has no text"),
        ("pdf", pdf(WRAPPED, trailer=ENCRYPTED), "is encrypted; save it without a password"),
        ("pdf", pdf("0 0 100 100 re f"), "has no text, only pictures"),
        ("docx", b"PK\x03\x04", "is broken: it cannot be read as a Word document"),
        ("docx", word("a")[:-400], "is broken"),
        ("docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "is encrypted or in the old format"),
    ],
)  # fmt: skip
def test_what_gives_no_text_has_its_reason(name: str, data: bytes, why: str) -> None:
    assert any(part in reason(name, data) for part in why.split("|"))


def bomb(part: str) -> bytes:
    """A Word document of a few megabytes that unpacks to gigabytes."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word("a"))) as good,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bad,
    ):
        for name in good.namelist():
            if name != part:
                bad.writestr(name, good.read(name))
        with bad.open(part, "w", force_zip64=True) as file:
            for _ in range(150):
                file.write(b" " * 10_000_000)
    return data.getvalue()


def laughs() -> bytes:
    """A Word document whose text is an entity that stands for a billion others."""
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("MARK"))) as good, zipfile.ZipFile(data, "w") as bad:
        for name in good.namelist():
            part = good.read(name)
            if name == "word/document.xml":
                head, _, body = part.decode().partition("?>")
                part = f"{head}?><!DOCTYPE w [{entities}]>{body.replace('MARK', '&j;')}".encode()
            bad.writestr(name, part)
    return data.getvalue()


@pytest.mark.slow
def test_a_file_that_unpacks_to_gigabytes_is_stopped() -> None:
    assert "needs more" in reason("docx", bomb("word/document.xml"))


def test_a_file_that_unfolds_to_a_billion_words_is_stopped() -> None:
    assert reason("docx", laughs())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("html", b"<div>" * 300_000 + b"words"),
        ("html", b"<p>" + b"<b><i>" * 100_000 + b"words " * 1000),
        ("html", b"<a href='" * 200_000),
        ("pdf", pdf(WRAPPED).replace(b"/Count 1 ", b"/Count 999999999 ")),
        ("pdf", pdf(WRAPPED).replace(b"[5 0 R]", b"[2 0 R]")),
        ("pdf", pdf(*["q " * 100_000] * 3)),
    ],
)
def test_a_file_made_to_hang_its_reader_ends(name: str, data: bytes) -> None:
    """With content or with a reason, and within the limits."""
    with suppress(SourceError):
        assert len(apart.read(name, data, apart.Limits(seconds=10)).text) <= len(data)


def test_time_and_size_are_limited() -> None:
    page = b"<html><body><article>" + b"<p>Orlo paid five million for Fenwick Dairies, it said in a note.</p>" * 60_000
    assert reason("html", page, apart.Limits(seconds=1)) == "takes more than the 1 seconds allowed"
    assert reason("docx", word("a" * 5000), apart.Limits(characters=4000)).startswith("has 5000 characters of text")
    assert reason("pdf", pdf(*[""] * 5001)) == "has 5001 pages, more than the 5000 allowed; split it"


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('not installed')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert reason("pdf", pdf(WRAPPED)) == "needs the extra pdf: pip install 'extract-facts[pdf]'"


def test_the_text_is_the_same_every_time() -> None:
    assert apart.read("html", PAGE.encode()) == apart.read("html", PAGE.encode())
    assert apart.read("pdf", pdf(WRAPPED)) == apart.read("pdf", pdf(WRAPPED))
