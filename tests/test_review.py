"""Review without a server: what is shown, what is decided, and what decisions make of the table."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin

from extract import package, pipeline, scoring, sources, table
from extract.errors import ReviewError
from extract.kinds.organisation.aliases import read_aliases
from extract.model import Claim, Document, Fact, Key, KindName, Money, Reading, Span, fact_id
from extract.processes import Processes
from extract.review import agreement, decisions, exports, gold, names, page, queue, verdicts
from extract.review.decisions import Decision, Place, Verdict
from extract.review.utf16 import code_points, code_units

TEXT = (
    "Quillmark Ltd said on Wednesday that it had paid $5 million for Orlo Corp. and had hired thousands of cooks. "
    "Margins rose 12.5%.\n"
)
DOCUMENT = Document("a.txt", TEXT, dt.date(2020, 8, 12), "documents.csv")


def decision(document: Document, kind: KindName, quote: str, verdict: Verdict, **more: object) -> Decision:
    """A verdict on the only ``quote`` of a document, as it is read there."""
    place = place_of(document, kind, quote)
    fact = fact_id(document.sha256, Key(kind, place.start, place.end))
    row = next((row for row in pipeline.extract(document).rows if row["fact_id"] == fact), None)
    made = Decision(
        fact=fact,
        document=document.path,
        sha256=document.sha256,
        place=place,
        value=queue.shown(row) if row else "",
        flags=str((row and row["flags"]) or ""),
        verdict=verdict,
        corrected=None,
        comment="",
        reviewer="anna",
        time="2026-01-02T03:04:05Z",
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def place_of(document: Document, kind: KindName, quote: str) -> Place:
    assert document.text.count(quote) == 1
    start = document.text.index(quote)
    return Place(kind, start, start + len(quote), quote)


def after(document: Document, *made: Decision) -> tuple[dict[tuple[str, str], dict[str, str]], list[str]]:
    """The fact table of a document after these decisions, and what is reported; the table must be valid.

    Rows stand by kind and quote, those of claims by kind and id.
    """
    settings = pipeline.Settings(decisions=tuple(sorted(made, key=lambda each: each.time)))
    result = pipeline.extract(document, settings)
    tables = {name: table.cells(frame) for name, frame in pipeline.tables([result], settings).items()}
    package.Package(tables, {document.path: document.text}).demand_valid(pipeline.FLAGS)
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in tables["facts"].to_dict("records")]
    names = [(row["kind"], row["fact_id" if row["kind"] == "claim" else "quote"]) for row in rows]
    return dict(zip(names, rows, strict=True)), list(result.reports)


def test_an_accepted_fact_has_nothing_left_to_look_at_and_keeps_the_evidence() -> None:
    before, _ = after(DOCUMENT)
    assert before["quantity", "thousands"]["flags"] == "vague-amount"
    rows, reports = after(DOCUMENT, decision(DOCUMENT, "quantity", "thousands", "accept"))
    row = rows["quantity", "thousands"]
    assert (row["status"], row["flags"], reports) == ("accepted", "", [])
    assert row["evidence"].endswith("accepted by anna on 2026-01-02 (flagged: vague-amount)")
    unchanged = set(row) - {"status", "flags", "evidence"}
    assert {name: row[name] for name in unchanged} == {
        name: before["quantity", "thousands"][name] for name in unchanged
    }
    del rows["quantity", "thousands"], before["quantity", "thousands"]
    assert rows == before


def test_an_acceptance_says_nothing_of_another_reading_or_another_reason() -> None:
    seen = decision(DOCUMENT, "quantity", "thousands", "accept")
    rows, reports = after(DOCUMENT, replace(seen, value="vague 2000.. cooks"))
    assert (rows["quantity", "thousands"]["status"], rows["quantity", "thousands"]["flags"]) == (
        "extracted",
        "vague-amount",
    )
    [report] = reports
    assert report.startswith(f"a.txt: {seen.fact}, accept by anna: was accepted as vague 2000.. cooks, is read as ")
    rows, _ = after(DOCUMENT, replace(seen, flags="doubtful-unit"))
    assert (rows["quantity", "thousands"]["status"], rows["quantity", "thousands"]["flags"]) == (
        "accepted",
        "vague-amount",
    )


def test_a_corrected_value_is_read_as_a_text_would_be() -> None:
    rows, reports = after(
        DOCUMENT,
        decision(DOCUMENT, "money", "$5 million", "value", comment="over 6.5 million euros"),
        decision(DOCUMENT, "date", "Wednesday", "value", comment="last Friday"),
        decision(DOCUMENT, "percent", "12.5%", "value", comment="3 percentage points"),
        decision(DOCUMENT, "organisation", "Orlo Corp.", "value", comment="Quillmark Ltd"),
    )
    assert reports == []
    money = rows["money", "$5 million"]
    assert (money["value"], money["modifier"], money["status"]) == ("EUR 6500000", "over", "corrected")
    assert money["start"] == str(TEXT.index("$5 million"))
    assert "corrected by anna on 2026-01-02 from USD 5000000" in money["evidence"]
    assert rows["date", "Wednesday"]["value"] == "2020-08-07"
    assert rows["percent", "12.5%"]["value"] == "3 pp"
    assert rows["organisation", "Orlo Corp."]["value"] == "Quillmark Ltd"


@pytest.mark.parametrize("comment", ["", "less", "it is not $5 million", "$5 million or $6 million", "7%"])
def test_a_comment_that_is_no_value_is_told_and_never_guessed(comment: str) -> None:
    rows, _ = after(DOCUMENT, decision(DOCUMENT, "money", "$5 million", "value", comment=comment))
    row = rows["money", "$5 million"]
    assert (row["value"], row["status"], row["flags"]) == ("USD 5000000", "extracted", "review-unread")
    assert row["evidence"].endswith(f'anna wrote "{comment}"' if comment else "anna wrote no value")


def test_a_corrected_span_or_kind_becomes_the_row() -> None:
    right = place_of(DOCUMENT, "organisation", "Quillmark")
    rows, _ = after(DOCUMENT, decision(DOCUMENT, "organisation", "Quillmark Ltd", "span", corrected=right))
    assert ("organisation", "Quillmark Ltd") not in rows
    row = rows["organisation", "Quillmark"]
    assert (row["value"], row["status"]) == ("Quillmark", "corrected")
    assert row["fact_id"] == fact_id(DOCUMENT.sha256, Key("organisation", right.start, right.end))


def test_a_refused_fact_stays_with_its_status_and_out_of_everything_else() -> None:
    refused = decision(DOCUMENT, "organisation", "Orlo Corp.", "reject")
    settings = pipeline.Settings(decisions=(refused,))
    result = pipeline.extract(DOCUMENT, settings)
    tables = pipeline.tables([result], settings)
    row = tables["facts"].set_index("fact_id").loc[refused.fact]
    assert (row["status"], row["flags"]) == ("rejected", "not-a-fact")
    assert "Orlo Corp." not in set(tables["organisations"]["organisation"])
    expected: list[scoring.GoldFact] = [{"kind": "organisation", "start": 0, "end": 13, "name": "Quillmark Ltd"}]
    assert scoring.score(tables["facts"], {"a.txt": expected})["organisation"]["found"] == 1
    chosen = queue.selected(records(tables["facts"]), everything=True, sample=0, kinds=(), flags=())
    assert refused.fact not in {row["fact_id"] for row in chosen}


def test_a_claim_whose_part_was_corrected_is_to_be_looked_at() -> None:
    before, _ = after(DOCUMENT)
    [claim] = before["money", "$5 million"]["claim_id"].split()
    rows, _ = after(DOCUMENT, decision(DOCUMENT, "money", "$5 million", "value", comment="$6 million"))
    told = rows["claim", claim]
    assert "corrected-part" in told["flags"].split()
    assert "$5 million: corrected" in told["evidence"]
    assert rows["money", "$5 million"]["claim_id"] == claim


def test_a_claim_is_corrected_column_by_column() -> None:
    claim = next(row for row in pipeline.extract(DOCUMENT).rows if row["kind"] == "claim")
    place = place_of(DOCUMENT, "claim", str(claim["quote"]))
    made = replace(
        decision(DOCUMENT, "money", "$5 million", "value"),
        fact=str(claim["fact_id"]), place=place, value=queue.shown(claim), flags=str(claim["flags"] or ""),
    )  # fmt: skip
    rows, _ = after(DOCUMENT, replace(made, comment="claim_type = investment; subject =  Quillmark   Group "))
    row = rows["claim", str(claim["fact_id"])]
    assert (row["claim_type"], row["subject"], row["status"]) == ("investment", "Quillmark Group", "corrected")
    assert row["value"].startswith("Quillmark Group: investment: ")
    rows, _ = after(DOCUMENT, replace(made, comment="claim_type = purchase"))
    row = rows["claim", str(claim["fact_id"])]
    assert (row["claim_type"], "review-unread" in row["flags"].split()) == (claim["claim_type"], True)


def test_an_added_fact_becomes_a_row() -> None:
    rows, _ = after(DOCUMENT, decision(DOCUMENT, "organisation", "Margins", "add"))
    row = rows["organisation", "Margins"]
    assert (row["status"], row["value"], row["line"]) == ("added", "Margins", "1")
    assert row["sentence"] == "Margins rose 12.5%."


def test_what_was_decided_follows_a_quote_that_stands_at_one_place_of_the_changed_text() -> None:
    accepted = decision(DOCUMENT, "quantity", "thousands", "accept")
    moved = replace(DOCUMENT, text="Updated.\n\n" + TEXT)
    rows, reports = after(moved, accepted)
    assert (rows["quantity", "thousands"]["status"], reports) == ("accepted", [])
    renamed = replace(DOCUMENT, path="b.txt")
    assert after(renamed, accepted)[0]["quantity", "thousands"]["status"] == "accepted"
    for text in (TEXT.replace("thousands", "dozens"), TEXT + "It sells thousands of cakes.\n"):
        rows, reports = after(replace(DOCUMENT, text=text), accepted)
        assert {row["status"] for row in rows.values()} == {"extracted"}
        [report] = reports
        assert report.endswith("by anna: the document has changed, and its quote does not stand at one place")


def test_decisions_about_other_documents_are_counted() -> None:
    made = decision(DOCUMENT, "quantity", "thousands", "accept")
    other = replace(made, document="b.txt", sha256="0" * 64)
    corpus = pipeline.Corpus([pipeline.digest(pipeline.extract(replace(DOCUMENT, path="c.txt")))])
    assert corpus.not_concerned([made, other]) == 1
    assert after(DOCUMENT, other) == after(DOCUMENT)


def test_what_is_kept_of_a_run_heeds_decisions_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT)
    read = sources.read(sources.entries(tmp_path / "in")[0])
    accepted = decision(read, "quantity", "thousands", "accept")
    stale = replace(decision(read, "money", "$5 million", "accept"), value="USD 6000000")

    def kept(*made: Decision) -> tuple[pipeline.Digest, str]:
        settings = pipeline.Settings(decisions=made)
        run = Processes(sources.entries(tmp_path / "in"), tmp_path / "kept", 1, settings)
        [digest] = run.digests()
        assert isinstance(digest, pipeline.Digest)
        [finished] = run.finished([digest], {})
        return digest, finished.facts

    plain = kept()
    digest, facts = kept(accepted, stale)
    assert len(digest.reports) == 1
    assert "accepted by" in facts
    assert kept(accepted, stale) == (digest, facts)
    assert kept() == plain


def test_the_last_decision_of_a_reviewer_counts_and_two_who_differ_leave_the_flags() -> None:
    first = decision(DOCUMENT, "quantity", "thousands", "reject")
    second = decision(DOCUMENT, "quantity", "thousands", "accept", time="2026-01-03T00:00:00Z")
    assert after(DOCUMENT, second, first)[0]["quantity", "thousands"]["status"] == "accepted"
    rows, _ = after(DOCUMENT, second, replace(first, reviewer="ben"))
    row = rows["quantity", "thousands"]
    assert (row["status"], row["flags"]) == ("extracted", "reviewers-differ vague-amount")
    assert row["evidence"].endswith("ben: rejected; anna: accepted")
    same = [
        decision(DOCUMENT, "money", "$5 million", "value", comment="$6m"),
        decision(DOCUMENT, "money", "$5 million", "value", comment="6 million dollars", reviewer="ben"),
    ]
    row = after(DOCUMENT, *same)[0]["money", "$5 million"]
    assert (row["status"], row["value"]) == ("corrected", "USD 6000000")
    assert "by anna and ben" in row["evidence"]


def test_who_judges_in_view_of_earlier_verdicts_settles_the_matter() -> None:
    accepted = decision(DOCUMENT, "quantity", "thousands", "accept")
    refused = replace(accepted, verdict="reject", reviewer="ben")
    later = replace(accepted, reviewer="cleo", time="2026-01-04T00:00:00Z", flags="reviewers-differ vague-amount")
    row = after(DOCUMENT, accepted, refused, later)[0]["quantity", "thousands"]
    assert (row["status"], row["flags"]) == ("accepted", "")
    unread = replace(accepted, verdict="value", comment="fewer")
    later = replace(unread, flags="review-unread vague-amount", reviewer="ben", comment="3,000 cooks")
    assert after(DOCUMENT, unread, later)[0]["quantity", "thousands"]["value"] == "3000 cooks"


def test_an_added_fact_that_is_found_by_now_is_as_it_is_found() -> None:
    before, _ = after(DOCUMENT)
    assert after(DOCUMENT, decision(DOCUMENT, "quantity", "thousands", "add")) == (before, [])


def test_claims_of_one_sentence_are_told_apart() -> None:
    facts = [
        Fact(span=Span(0, 5), value=value, rule="r", confidence=0.5)
        for value in (
            Claim("plan", "Acme", "", "asserted"),
            Claim("plan", "Acme", "", "asserted", ordinal=1),
            Claim("plan", "Bolt", "", "asserted", ordinal=2),
        )
    ]
    document = Document("a.txt", "Acme.")
    reading = Reading(document)
    rows = table.rows(reading, facts)
    judged: tuple[Verdict, ...] = ("value", "reject", "value")
    made = [
        replace(
            decision(DOCUMENT, "money", "$5 million", verdict),
            fact=str(row["fact_id"]), document="a.txt", sha256=document.sha256, place=Place("claim", 0, 5, "Acme."),
            value=queue.shown(row), comment="subject = Carp",
        )
        for row, verdict in zip(rows, judged, strict=True)
    ]  # fmt: skip
    reviewed = verdicts.reviewed(reading, facts, made, pipeline.normalise)
    assert [(row["subject"], row["status"]) for row in reviewed.rows] == [
        ("Carp", "corrected"), ("Acme", "rejected"), ("Carp", "corrected"),
    ]  # fmt: skip
    assert [row["fact_id"] for row in reviewed.rows] == [row["fact_id"] for row in rows]


def test_decisions_are_only_ever_added_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    one = decision(DOCUMENT, "money", "$5 million", "value", comment="5 Mio. €\n=1+1")
    two = decision(DOCUMENT, "quantity", "thousands", "accept", time="2025-01-01T00:00:00Z")
    assert decisions.read(file) == []
    assert decisions.append(file, [one]) == 1
    before = file.read_bytes()
    assert decisions.append(file, [two, one]) == 1
    assert file.read_bytes().startswith(before)
    assert file.read_bytes().count(b"\n") == 2
    assert decisions.read(file) == [two, one]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"verdict": "perhaps"}, "there is no verdict perhaps"),
        ({"place": {"kind": "money", "start": 5, "end": 5, "quote": ""}}, "a place needs a kind and a stretch"),
        ({"place": {"kind": "money", "start": 5, "end": 7, "quote": "x"}}, "not as long as its stretch"),
        ({"time": 5}, "what should be text is not"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, change: dict[str, object], why: str) -> None:
    file = tmp_path / "decisions.jsonl"
    decisions.append(file, [decision(DOCUMENT, "money", "$5 million", "accept")])
    file.write_text(file.read_text() + json.dumps({**json.loads(file.read_text()), **change}) + "\n")
    with pytest.raises(ReviewError, match=f"line 2: is no decision: .*{why}"):
        decisions.read(file)


def records(facts: pd.DataFrame) -> list[dict[str, table.Cell]]:
    return [
        {str(name): cell for name, cell in row.items()}
        for row in facts.astype(object).where(facts.notna(), None).to_dict("records")
    ]


def test_what_goes_to_review() -> None:
    rows = records(pipeline.tables([pipeline.extract(DOCUMENT)])["facts"])

    def chosen(
        everything: bool = False, sample: int = 0, kinds: Iterable[str] = (), flags: Iterable[str] = ()
    ) -> set[str]:
        found = queue.selected(rows, everything=everything, sample=sample, kinds=[*kinds], flags=[*flags])
        return {str(row["fact_id"]) for row in found}

    flagged = {str(row["fact_id"]) for row in rows if row["flags"]}
    assert chosen() == flagged
    assert chosen(everything=True) == {str(row["fact_id"]) for row in rows}
    assert len(chosen(sample=2)) == 2
    assert not chosen(sample=2) & flagged
    assert chosen(sample=1) < chosen(sample=2)
    assert chosen(kinds=["quantity"], flags=["vague-amount"]) == {
        row["fact_id"] for row in rows if row["flags"] == "vague-amount"
    }


@given(st.text("ab \n😀字𠮷.", min_size=1), st.data())
def test_a_fact_goes_to_the_page_and_comes_back_at_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    document = Document("a.txt", text)
    fact = Fact(span=Span(start, end), value=Money(None, None, "USD"), rule="r", confidence=0.5)
    [item] = queue.items(table.rows(Reading(document), [fact]), {"a.txt": text})
    line = page.line(item)
    entities: Any = line["entities"]
    [[first, last, kind]] = entities
    shown = str(line["text"])
    assert shown.encode("utf-16-le")[2 * first : 2 * last].decode("utf-16-le") == text[start:end]
    back = page.item_of(line, {document.sha256: text})
    assert back == item
    mark = page.place(shown, kind, first, last)
    [made] = page.decisions(back, "accept", [mark], comment="", reviewer="anna", time="2026")
    assert (made.place, made.fact) == (item.place, item.fact)


def test_marks_and_verdicts_that_do_not_fit_are_refused() -> None:
    rows = pipeline.extract(DOCUMENT).rows
    row = next(row for row in rows if row["quote"] == "$5 million")
    [item] = queue.items([row], {"a.txt": TEXT})
    own = Place("money", item.place.start - item.offset, item.place.end - item.offset, item.place.quote)
    other = replace(own, end=own.end - 1, quote=own.quote[:-1])
    beyond = replace(own, start=len(item.text) + 5, end=len(item.text) + 15)
    for verdict, marks, why in (
        (None, [own], "without a verdict"),
        ("accept", [other], "its mark was changed"),
        ("span", [own], "the right one is not marked"),
        ("span", [], "the right one is not marked"),
        ("reject", [beyond], "outside the document's words"),
    ):
        with pytest.raises(ValueError, match=why):
            list(page.decisions(item, verdict, marks, comment="", reviewer="a", time="t"))  # type: ignore[arg-type]
    [made] = page.decisions(item, "span", [other], comment="", reviewer="a", time="t")
    assert made.corrected == place_of(DOCUMENT, "money", "$5 millio")


@given(st.text())
def test_utf_16_offsets_count_there_and_back(text: str) -> None:
    assert [code_points(text, code_units(text, offset)) for offset in range(len(text) + 1)] == list(
        range(len(text) + 1)
    )


def test_a_pair_of_names_is_shown_and_a_verdict_that_contradicts_the_file_is_told(tmp_path: Path) -> None:
    text = "Quillmark.com said profit rose. Analysts at Quillmark declined to comment. Shares of Quillmark.com fell.\n"
    document = Document("a.txt", text)
    tables = pipeline.tables([pipeline.extract(document)])
    [item] = names.pairs(records(tables["organisations"]), records(tables["facts"]), {"a.txt": text})
    assert item.note.splitlines() == [
        "organisation: Quillmark = Quillmark.com",
        "why: possible-alias: another spelling of Quillmark.com?",
    ]
    assert (item.place.quote, item.place.start) == ("Quillmark", text.index("Quillmark declined"))
    judged = page.Judged({**page.line(item), "id": 1}, "same", "", "anna", "2026")
    row = names.verdict(judged, {document.sha256: text})
    assert row == ("Quillmark", "Quillmark.com", "same")
    with pytest.raises(ValueError, match="without a verdict"):
        names.verdict(judged._replace(verdict=""), {})

    file = tmp_path / "aliases.csv"
    file.write_text("alias,organisation,verdict\nAcme,Bolt,same")
    assert names.append(file, [row, row], read_aliases) == []
    written = file.read_text()
    assert written.splitlines()[1:] == ["Acme,Bolt,same", "Quillmark,Quillmark.com,same"]
    [refused] = names.append(file, [("Acme", "Carp", "same"), row], read_aliases)
    assert refused.startswith("Acme = Carp: same is not taken: ")
    assert file.read_text() == written


def test_agreement_is_told() -> None:
    def judged(number: int, reviewer: str, verdict: Verdict, flags: str = "x") -> Decision:
        made = decision(DOCUMENT, "money", "$5 million", verdict)
        return replace(made, fact=f"f{number:012}", reviewer=reviewer, flags=flags)

    made = [judged(number, "anna", "accept" if number < 2 else "reject") for number in range(4)]
    made += [judged(number, "ben", "accept" if number < 3 else "reject") for number in range(4)]
    made += [judged(9, "anna", "accept", ""), judged(8, "anna", "value", "")]
    assert list(agreement.report(made)) == [
        "anna and ben: 4 facts, Cohen's kappa 0.50",
        "4 facts judged by several: Krippendorff's alpha 0.53",
        "f000000000002: reject by anna, accept by ben",
        "2 facts without a flag judged: 1 wrong (50.0%)",
    ]
    assert list(agreement.report(made[:1])) == []
    assert "not defined: one verdict only" in next(iter(agreement.report([made[0], made[4]])))


def test_only_documents_judged_whole_become_gold(tmp_path: Path) -> None:
    rows = records(pipeline.tables([pipeline.extract(DOCUMENT)])["facts"])
    texts = {"a.txt": TEXT}
    kept_back = gold.promote(rows, texts, tmp_path, table.KINDS)
    assert (kept_back.documents, kept_back.unjudged) == ([], {"a.txt": len(rows)})
    judged = [{**row, "status": "accepted", "flags": None} for row in rows]
    judged[0] = {**judged[0], "status": "rejected", "flags": "not-a-fact"}
    assert gold.promote(judged, texts, tmp_path, table.KINDS).documents == ["a.txt"]
    assert (tmp_path / "texts" / "a.txt").read_text("utf-8") == TEXT
    figures = scoring.score(table.frame(table.FACTS, judged), scoring.read_gold(tmp_path))
    assert {(scores["value_f1"], scores["found"] == scores["gold"]) for scores in figures.values()} == {(1.0, True)}
    with pytest.raises(ReviewError, match=r"there is gold of a\.txt already"):
        gold.promote(judged, texts, tmp_path, table.KINDS)


def test_exports_hold_every_fact_at_its_place(tmp_path: Path) -> None:
    text = "🍰 Quillmark paid $5 million.\n"
    rows = records(pipeline.tables([pipeline.extract(Document("a.txt", text))])["facts"])
    rows[0] = {**rows[0], "status": "rejected"}
    expected = [(row["start"], row["end"], row["kind"]) for row in rows[1:]]
    texts = {"a.txt": text}

    assert exports.export(rows, texts, "prodigy", tmp_path / "p.jsonl") == []
    [task] = map(json.loads, (tmp_path / "p.jsonl").read_text("utf-8").splitlines())
    assert [(span["start"], span["end"], span["label"]) for span in task["spans"]] == expected

    exports.export(rows, texts, "label-studio", tmp_path / "l.json")
    [studio] = json.loads((tmp_path / "l.json").read_text("utf-8"))
    for region, row in zip(studio["predictions"][0]["result"], rows[1:], strict=True):
        value = region["value"]
        assert studio["data"]["text"][value["start"] : value["end"]] == value["text"] == row["quote"]

    left_out = exports.export(rows, texts, "spacy", tmp_path / "f.spacy")
    [doc] = DocBin().from_disk(tmp_path / "f.spacy").get_docs(spacy.blank("en").vocab)
    spans = [(span.start_char, span.end_char, span.label_) for span in doc.spans["facts"]]
    assert len(spans) + len(left_out) == len(expected)
    assert set(spans) <= set(expected)
