"""The kinds in other people's spaCy pipelines."""

import datetime as dt

import pytest
import spacy
from spacy.tokens import Doc, DocBin

import extract
from extract.kinds import KINDS

TEXT = (
    "Orlo Corp. paid about $5.5m for Fenwick Dairies Ltd. on 12 August 2020 \U0001f600. "
    "Its profit rose 46.2% last year, and Orlo Corp. hired 1,200 people."
)


@pytest.fixture(scope="module")
def doc() -> Doc:
    nlp = spacy.blank("en")
    for kind in KINDS:
        nlp.add_pipe(f"extract_{kind}")
    made = nlp.make_doc(TEXT)
    made._.published = "2021-06-01"
    return nlp(made)


def test_the_facts_are_those_of_the_table(doc: Doc) -> None:
    table = extract.facts([extract.Document("", TEXT, dt.date(2021, 6, 1))])
    for kind in KINDS:
        expected = table[table["kind"] == kind]
        assert len(expected) > 0
        assert [span._.fact["fact_id"] for span in doc.spans[kind]] == list(expected["fact_id"])
        assert [span._.value for span in doc.spans[kind]] == list(expected["value"].fillna(""))


def test_a_span_is_whole_tokens_and_the_fact_has_the_exact_place(doc: Doc) -> None:
    (price,) = doc.spans["money"]
    assert "$5.5m" in price.text
    assert TEXT[int(price._.fact["start"]) : int(price._.fact["end"])] == "$5.5m"
    assert (price.label_, price._.value, price._.fact["modifier"]) == ("money", "USD 5500000", "about")
    assert [span._.value for span in doc.spans["date"]] == ["2020-08-12", "2020"]


def test_the_facts_travel_with_the_document(doc: Doc) -> None:
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (back,) = DocBin().from_bytes(stored).get_docs(doc.vocab)
    assert [span._.value for span in back.spans["money"]] == ["USD 5500000"]


def test_a_pipeline_is_saved_and_loaded_by_the_names_of_its_components(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("model")
    nlp = spacy.blank("en")
    nlp.add_pipe("extract_percent")
    nlp.to_disk(folder)
    doc = spacy.load(folder)("It rose 3%.")
    assert [span._.value for span in doc.spans["percent"]] == ["3%"]
    assert [doc.spans["percent"][0]._.value for doc in nlp.pipe(["Up 4%.", "Up 5%."])] == ["4%", "5%"]


def test_a_text_without_facts_and_an_empty_one_give_empty_groups() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extract_money")
    docs = [nlp("Nothing was paid."), nlp("")]
    assert [len(doc.spans["money"]) for doc in docs] == [0, 0]
