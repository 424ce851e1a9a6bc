"""Organisations: what the examples beside the rules cannot show."""

from itertools import pairwise

import pytest

from extract import language
from extract.kinds import organisation
from extract.kinds.organisation.aliases import Identity, core, identify, initials, one_edit
from extract.kinds.organisation.candidates import closed, trimmed
from extract.kinds.organisation.recognise import SURE
from extract.model import Document, Entity, Fact, Organisation, Reading, Sentence, Span


def recognised(text: str) -> list[Fact]:
    return organisation.recognise(language.read(Document("t.txt", text)), [])


def untokenised(text: str) -> Reading:
    """A reading as of a model that knows nothing: one sentence, one endless name."""
    whole = Span(0, len(text))
    return Reading(Document("t.txt", text), (Sentence(whole, ()),), (Entity(whole, "ORG"),))


def test_a_doubtful_name_is_flagged_and_a_plain_one_is_not() -> None:
    plain = recognised("LONDON (Reuters) - Microsoft Corp and Intel said on Monday that profit rose.")
    doubtful = recognised("MicrosoftAmazon.com and others invest. Microsoft said so.")
    assert len(plain) == 3
    assert not any(fact.flags for fact in plain)
    assert {flag.code for flag in doubtful[0].flags} >= {"glued-text"}
    for fact in doubtful:
        flagged = "doubtful-organisation" in {flag.code for flag in fact.flags}
        assert flagged == (fact.confidence < SURE)


def test_every_flag_and_rule_is_declared_and_mentions_do_not_overlap() -> None:
    text = (
        "The Harbour Safety Commission (HSC) fined Velbrook Holdings Ltd and Google Inc ( GOOG.O ) on Monday.\r\n"
        "- Velbrook, Intel and AcmeGoogle will appeal, a Velbrook spokesman told Reuters."
    )
    facts = recognised(text)
    assert len(facts) > 5
    assert {fact.rule for fact in facts} <= organisation.RULES
    assert {flag.code for fact in facts for flag in fact.flags} <= organisation.FLAGS.keys()
    spans = sorted(fact.span for fact in facts)
    assert not any(a.overlaps(b) for a, b in pairwise(spans))
    assert all(isinstance(fact.value, Organisation) and fact.value.name for fact in facts)
    assert facts == recognised(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the Bank of Ruritania's", "Bank of Ruritania"),
        ("The Quillmark -", "Quillmark"),
        ("Saks Inc SKS.N", "Saks Inc"),
        ("Ford CFO", "Ford"),
    ],
)
def test_a_tag_is_trimmed(text: str, name: str) -> None:
    span = trimmed(text, Span(0, len(text)))
    assert span
    assert text[slice(*span)] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme Corp. said", "Acme Corp."),
        ("made by Acme Corp. The firm", "Acme Corp"),
        ("owned by Acme Co., Ltd. Its business", "Acme Co., Ltd."),
        ("Acme Inc, which", "Acme Inc"),
    ],
)
def test_a_full_stop_belongs_to_the_abbreviation_not_to_the_sentence(text: str, name: str) -> None:
    start = text.index("Acme")
    bare = Span(start, start + len(name.rstrip(".")))
    assert text[slice(*closed(text, bare))] == name


def test_one_name_for_all_forms() -> None:
    names = identify(["Velbrook Holdings Ltd", "Velbrook", "Food and Drug Board", "FDB", "Velbrook Health"])
    assert names["Velbrook"] == Identity("Velbrook Holdings Ltd")
    assert names["FDB"] == Identity("Food and Drug Board")
    assert names["Velbrook Health"] == Identity("Velbrook Health")


def test_likeness_is_only_a_guess() -> None:
    names = identify(["Brightwater", "Brightwater", "Brigthwater", "Tarn Bakery", "Berlin Tarn Bakery GmbH"])
    assert names["Brigthwater"].name == "Brightwater"
    assert "misspelling" in names["Brigthwater"].guess
    assert "short form" in names["Tarn Bakery"].guess


def test_an_acronym_or_short_form_of_two_names_stays_itself() -> None:
    names = identify(
        ["Harbour Safety Commission", "Health Service Council", "HSC", "Orlo Wexford", "Orlo Bright", "Orlo"]
    )
    assert names["HSC"] == Identity("HSC")
    assert names["Orlo"] == Identity("Orlo")


def test_parts_of_the_comparison() -> None:
    assert core("Nimbus Technology Co., Ltd.") == "nimbus" == core("NIMBUS Inc")
    assert core("Nimbus Technology (Shenzhen) Co., Ltd.") == "nimbustechnology"
    assert {"BE", "BOE"} <= initials("Bank of England")
    assert one_edit("acmebrook", "acmbrook")
    assert one_edit("acmebrook", "acembrook")
    assert not one_edit("acmebrook", "acmebrook")
    assert not one_edit("acmebrook", "ambrook1")


@pytest.mark.parametrize(
    "piece",
    ["A", "Ab ", "A.", "(", "(A) ", "'s", ", ", "&", "-", "\u00e9", "Bank of ", "Acme, ", "GoogleAcme", "U.S. ",
     "Acme Co., Ltd. ", "shares in ", ".A", "1 "],
)  # fmt: skip
def test_hostile_repetition_is_read_to_the_end(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    for fact in organisation.recognise(untokenised(text), []):
        assert 0 <= fact.span.start < fact.span.end <= len(text)


def test_nothing_to_read() -> None:
    assert recognised("") == []
    assert recognised("no names here, only words.") == []
