"""The report: what goes into the page, and what a reader of it can do, in a real browser."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import needs_chromium, page
from playwright.sync_api import Page, expect

from extract import package, pipeline, report
from extract.exports import REPORT
from extract.model import Document

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
TEXTS = {
    "a.txt": "Orlo Corp. bought Fenwick Dairies Ltd. for $5 million on 12 August 2020. Profit of Orlo Corp. rose 46.2%."
    "\nQuillmark plc paid €30 million for Orlo Corp. in May 2021, its 400 people said.\n",
    "b.txt": f"{HOSTILE} Fenwick Dairies Ltd. paid $7 million \U0001f600 to \u202eOrlo Corp.\u202c on 3 May 2021.\n"
    "Then & < > \" ' ` ${1} {{ 2 }} &lt;b&gt; it paid $9 million.\n",
    "long.txt": "Orlo Corp. paid $1 million.\n"
    + "\n" * 41_000
    + "\n".join(f"In 2020 Orlo Corp. paid ${n} million to Quillmark plc." for n in range(2, 61)),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    documents = [
        Document(path, text, dt.date(2021, 6, 1), "file", title=HOSTILE if path == "b.txt" else "")
        for path, text in TEXTS.items()
    ]
    results: list[pipeline.Extracted | pipeline.Unreadable] = [pipeline.extract(document) for document in documents]
    results.append(pipeline.Unreadable("scan.pdf", "has no text"))
    package.save(folder, pipeline.tables(results), TEXTS, pipeline.FLAGS)
    (folder / REPORT).write_text(report.render(package.load(folder), pipeline.FLAGS), "utf-8")
    return folder


@pytest.fixture
def opened(saved: Path) -> Iterator[Page]:
    with page(saved / REPORT) as opened:
        yield opened


def facts(saved: Path, **cells: str) -> list[str]:
    table = package.load(saved).tables["facts"]
    for column, cell in cells.items():
        table = table[table[column] == cell]
    return list(table["fact_id"])


def test_the_page_holds_everything_and_calls_for_nothing(saved: Path) -> None:
    content = (saved / REPORT).read_text("utf-8")
    assert content.count("<script") == content.count("</script") == 2
    assert not re.findall(r"(?:src|href)\s*=\s*[\"']?(?!#)\w", content.split('id="data"')[0])
    assert "default-src 'none'" in html.unescape(content)
    assert "unsafe" not in content
    data = json.loads(content.split('id="data">')[1].split("</script>")[0])
    assert [document["text"] for document in data["documents"]] == [*TEXTS.values(), ""]
    table = package.load(saved).tables["facts"]
    quotes = [
        data["documents"][document]["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
        for document, start, end in zip(*(data["facts"][key] for key in ("document", "start", "end")), strict=True)
    ]
    assert quotes == list(table["quote"])


def test_the_same_table_gives_the_same_page(saved: Path) -> None:
    assert report.render(package.load(saved), pipeline.FLAGS) == (saved / REPORT).read_text("utf-8")


@pytest.mark.server
@needs_chromium
def test_facts_stand_in_their_places(opened: Page, saved: Path) -> None:
    expect(opened.locator("#text")).to_have_text(TEXTS["a.txt"], use_inner_text=False)
    table = package.load(saved).tables["facts"]
    for row in table[(table["document"] == "a.txt") & (table["kind"] != "claim")].to_dict("records"):
        number = table.index[table["fact_id"] == row["fact_id"]][0]
        assert opened.locator(f'#text [data-facts="{number}"]').text_content() == row["quote"]
    claim = opened.locator("#text .claim").first
    expect(claim.locator(".money")).to_have_text("$5 million")
    opened.locator("#text .money").first.click()
    expect(opened.locator("#panel h2")).to_have_text("USD 5000000")
    expect(opened.locator("#panel blockquote")).to_contain_text("Fenwick Dairies Ltd. for $5 million on 12 August")
    assert opened.evaluate("location.hash") == f"#{facts(saved, document='a.txt', value='USD 5000000')[0]}"
    expect(opened.locator("#text .claim.part")).to_have_count(1)
    opened.locator("#panel li.claim a").click()
    expect(opened.locator("#panel .kind")).to_have_text("claim")
    assert {"money", "date"} <= {str(item.get_attribute("class")) for item in opened.locator("#panel li").all()}


def test_a_name_of_several_organisations_is_found_under_each_and_charted_under_none(saved: Path) -> None:
    loaded = package.load(saved)
    table = loaded.tables["organisations"].assign(aliases="Orlo Corp.")
    facts = report._facts(
        package.Package({**loaded.tables, "organisations": table}, loaded.texts),
        {path: n for n, path in enumerate(loaded.tables["documents"]["document"])},
        {code: n for n, code in enumerate(pipeline.FLAGS)},
    )
    mentions = [n for n, value in enumerate(loaded.tables["facts"]["value"]) if value == "Orlo Corp."]
    assert all(facts["organisations"][n] == list(range(len(table))) for n in mentions)
    claims = [n for n, subject in enumerate(loaded.tables["facts"]["subject"]) if subject == "Orlo Corp."]
    assert {facts["subject_organisation"][n] for n in claims} == {-1}


@pytest.mark.server
@needs_chromium
def test_hostile_text_stays_text(opened: Page) -> None:
    opened.get_by_text(HOSTILE).click()
    expect(opened.locator("#text")).to_have_text(TEXTS["b.txt"], use_inner_text=False)
    expect(opened.locator("#title")).to_have_text(HOSTILE)
    for view in ("table", "timeline", "amounts", "dealings"):
        opened.click(f"[data-view={view}]")
    assert opened.title() == "Facts"
    assert opened.locator("img, iframe, object").count() == 0
    assert opened.evaluate("getComputedStyle(document.querySelector('bdi')).unicodeBidi") == "isolate"


@pytest.mark.server
@needs_chromium
def test_filters_work_together_and_in_every_view(opened: Page, saved: Path) -> None:
    table = package.load(saved).tables["facts"]
    count = opened.locator("#count")

    def expect_count(number: float) -> None:
        expect(count).to_have_text(re.compile(rf"^{int(number):,} of ".replace(",", "\\s")))

    expect_count(len(table))
    opened.locator("#kinds button", has_text="claim").click()
    expect_count((table["kind"] != "claim").sum())
    expect(opened.locator("#text .claim")).to_have_count(0)
    opened.locator("#kinds button", has_text="money").dblclick()
    expect_count((table["kind"] == "money").sum())
    opened.fill("#words", "9 million")
    expect_count(table[table["kind"] == "money"]["quote"].str.contains("9 million", regex=False).sum())
    opened.click("#everything")
    expect_count(len(table))
    opened.select_option("#flag", "any")
    expect_count((table["flags"] != "").sum())
    code = table[table["flags"] != ""]["flags"].iloc[0].split()[0]
    opened.select_option("#flag", code)
    expect_count(table["flags"].str.split().map(lambda codes: code in codes).sum())
    opened.select_option("#flag", "")
    opened.fill("#organisation", "fenwick")
    opened.click("[data-view=table]")
    rows = opened.locator("#rows tbody tr[data-fact]")
    assert rows.count() > 3
    assert "$30 million" not in rows.all_text_contents()
    opened.fill("#organisation", "no such firm")
    expect_count(0)
    expect(rows).to_have_count(0)
    for view in ("timeline", "amounts", "dealings"):
        opened.click(f"[data-view={view}]")
        expect(opened.locator(f"#{view} .faint")).to_contain_text("passes the filter")


@pytest.mark.server
@needs_chromium
def test_the_table_sorts_and_holds_only_what_is_in_sight(opened: Page, saved: Path) -> None:
    table = package.load(saved).tables["facts"]
    opened.click("[data-view=table]")
    assert opened.locator("#rows tbody tr").count() < 100 < len(table)
    opened.locator("#kinds button", has_text="money").dblclick()
    amounts = opened.locator("#rows tbody tr td.value_min")
    opened.locator("th.value_min button").click()
    expect(amounts.first).to_have_text("1 000 000 USD")
    opened.locator("th.value_min button").click()
    expect(amounts.first).to_have_text("60 000 000 USD")
    expect(opened.locator("th.value_min")).to_have_attribute("aria-sort", "descending")
    opened.evaluate("document.getElementById('rows').scrollTop = 1e6")
    expect(amounts.last).to_have_text("1 000 000 USD")
    opened.locator("#rows tbody tr[data-fact]").last.click()
    expect(opened.locator("#panel h2")).to_have_text("USD 1000000")


@pytest.mark.server
@needs_chromium
def test_a_link_opens_the_fact_at_its_place(saved: Path) -> None:
    last = facts(saved, document="long.txt", kind="money")[-1]
    with page(saved / REPORT, f"#{last}") as opened:
        expect(opened.locator("#text .selected")).to_have_text("$60 million")
        expect(opened.locator("#text .selected")).to_be_in_viewport()
        expect(opened.locator("#page")).to_have_text("page 2 of 2")
        expect(opened.locator("#documents [aria-current=true]")).to_contain_text("long.txt")
        first = facts(saved, document="a.txt", kind="money")[0]
        opened.evaluate(f"location.hash = '{first}'")
        expect(opened.locator("#text .selected")).to_have_text("$5 million")
        opened.go_back()
        expect(opened.locator("#text .selected")).to_have_text("$60 million")


@pytest.mark.server
@needs_chromium
def test_it_is_worked_by_keys(opened: Page, saved: Path) -> None:
    panel = opened.locator("#panel h2")
    for key, number in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        opened.keyboard.press(key)
        expect(opened).to_have_url(re.compile(f"#{facts(saved)[number]}$"))
    opened.keyboard.press("f")
    expect(opened.locator("#panel .flag").first).to_be_visible()
    opened.keyboard.press("n")
    expect(opened.locator("#title")).to_have_text(HOSTILE)
    opened.keyboard.press("p")
    expect(opened.locator("#title")).to_have_text("a.txt")
    opened.locator("#text .percent").focus()
    opened.keyboard.press("Enter")
    expect(panel).to_have_text("46.2%")
    opened.keyboard.press("2")
    expect(opened.locator("#rows")).to_be_visible()
    opened.keyboard.press("Enter")
    expect(opened.locator("#text .selected")).to_have_text("46.2%")
    opened.keyboard.press("Escape")
    expect(opened.locator("#text .selected")).to_have_count(0)
    opened.keyboard.press("/")
    expect(opened.locator("#words")).to_be_focused()
    opened.keyboard.press("Escape")
    opened.keyboard.press("?")
    expect(opened.locator("#help")).to_be_visible()


@pytest.mark.server
@needs_chromium
def test_pictures_lead_to_their_facts(opened: Page, saved: Path) -> None:
    table = package.load(saved).tables["facts"]
    claims = table[table["kind"] == "claim"]
    opened.click("[data-view=timeline]")
    expect(opened.locator("#timeline h2")).to_have_text(f"{(claims['date_start'] != '').sum()} dated claims")
    opened.click("[data-view=dealings]")
    cell = opened.get_by_label(re.compile("^Orlo Corp. → Fenwick Dairies"))
    expect(cell).to_have_text("1")
    cell.click()
    expect(opened.locator("#rows tbody tr[data-fact]")).to_have_count(1)
    expect(opened.locator("#count")).to_have_text(re.compile("^1 of "))
    opened.click("#picked")
    expect(opened.locator("#count")).not_to_have_text(re.compile("^1 of "))
    opened.click("[data-view=amounts]")
    opened.select_option("#amounts select", "EUR")
    mark = opened.locator("#amounts svg").nth(1).locator("circle")
    expect(mark).to_have_count(1)
    mark.click()
    expect(opened.locator("#rows tbody tr[data-fact]").first).to_contain_text("30 000 000 EUR")


@pytest.mark.server
@needs_chromium
def test_what_could_not_be_read_is_listed_with_its_reason(opened: Page) -> None:
    expect(opened.locator("#documents .unread")).to_contain_text("unreadable: has no text")


@pytest.mark.server
@needs_chromium
def test_it_is_readable_in_the_dark_and_on_paper(opened: Page) -> None:
    paper = "getComputedStyle(document.getElementById('document')).backgroundColor"
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"
    opened.emulate_media(color_scheme="dark")
    dark = opened.evaluate(paper)
    assert dark != "rgb(255, 255, 255)"
    opened.click("#theme")
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"
    opened.emulate_media(media="print", color_scheme="light")
    expect(opened.locator("#filters")).to_be_hidden()
    expect(opened.locator("#printed")).to_be_visible()
    expect(opened.locator("#printed")).to_contain_text("USD 5000000")


@pytest.mark.server
@needs_chromium
def test_four_hundred_documents_are_listed_a_screenful_at_a_time(tmp_path: Path) -> None:
    extracted = pipeline.extract(Document("000.txt", TEXTS["a.txt"]))
    documents = [Document(f"{n:03}.txt", TEXTS["a.txt"] + f"Number {n}.\n") for n in range(400)]
    results = [pipeline.extract(document) for document in documents[:4]]
    assert len(extracted.rows) > 5
    texts = {document.path: document.text for document in documents}
    package.save(
        tmp_path,
        pipeline.tables([*results, *(pipeline.Extracted(document, []) for document in documents[4:])]),
        texts,
        pipeline.FLAGS,
    )
    (tmp_path / REPORT).write_text(report.render(package.load(tmp_path), pipeline.FLAGS), "utf-8")
    with page(tmp_path / REPORT) as opened:
        items = opened.locator("#documents .item")
        assert 10 < items.count() < 100
        opened.evaluate("document.getElementById('documents').scrollTop = 1e6")
        expect(items.last).to_contain_text("399.txt")
        items.last.click()
        expect(opened.locator("#text")).to_contain_text("Number 399.")
        opened.locator("#kinds button", has_text="money").dblclick()
        expect(opened.locator("#documents .item")).to_have_count(5)  # the four with money, and the one that is open
