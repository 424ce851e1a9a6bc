"""Subjects of claims: who is meant where a clause names nobody, and what is flagged then."""

import numpy as np
import pytest

from extract import pipeline
from extract.kinds.claim import candidates, read
from extract.kinds.claim.candidates import Candidate, elect
from extract.kinds.claim.propositions import Proposition
from extract.kinds.claim.subjects import MEMORY, Cast, Name
from extract.model import Claim, Document, Reading
from training.logistic import fit_choice


def propositions(text: str) -> list[Proposition]:
    """All that a text states, claims or not."""
    reading, facts = pipeline.recognise(Document("story.txt", text))
    _, sentences = read(reading, [fact for fact in facts if fact.kind != "claim"])
    return [one for _, made in sentences for one in made]


@pytest.mark.parametrize(
    ("text", "subject", "thing"),
    [
        ("Tavira Motors raised $30 million. The offering valued it at $400 million.", "Tavira Motors", "offering"),
        ("Ruritania's economy shrank 2 percent. Inflation rose to 9 percent in May.", "Ruritania", "Inflation"),
        ("Jane Doe left Tavira Motors Corp in May. She earned $2 million in 2015.", "Jane Doe", ""),
    ],
)  # fmt: skip
def test_a_subject_that_names_nobody_is_taken_from_what_went_before(text: str, subject: str, thing: str) -> None:
    last = propositions(text)[-1]
    assert (last.subject.text, last.subject.thing, last.subject.inferred) == (subject, thing, True)
    assert 0 < last.likely < 1


def test_the_fund_and_the_bank_are_told_apart_by_their_names() -> None:
    before = "Kasten Bank and Lunde Fund sued Tavira Motors Corp in May. "
    assert propositions(before + "The bank lost $3 million.")[-1].subject.text == "Kasten Bank"
    assert propositions(before + "The fund lost $3 million.")[-1].subject.text == "Lunde Fund"


def test_what_a_subject_names_is_certain_and_has_no_rivals() -> None:
    (one,) = propositions("Tavira Motors Corp bought Lunde Batteries Ltd in 2015.")
    assert (one.subject.text, one.likely, one.lineup) == ("Tavira Motors Corp", 1.0, ())


def test_who_speaks_is_not_read_as_what_there_is() -> None:
    (one,) = propositions("John Smith said there are 40 plants.")
    assert (one.lineup[0].name.text, one.source) == ("plants", "John Smith")


def test_an_inferred_subject_is_flagged() -> None:
    text = "Tavira Motors Corp raised $30 million in 2015. The offering valued the company at $400 million."
    _, facts = pipeline.recognise(Document("story.txt", text))
    first, second = (fact for fact in facts if isinstance(fact.value, Claim))
    assert "inferred-subject" not in {flag.code for flag in first.flags}
    assert "inferred-subject" in {flag.code for flag in second.flags}


def test_candidates_have_different_names_and_begin_with_what_the_rules_read() -> None:
    text = "Kasten Bank sued Tavira Motors Corp. An offer of $3 million was too low for the company, Lunde Bank said."
    lineups = [one.lineup for one in propositions(text) if one.lineup]
    assert lineups
    for lineup in lineups:
        names = [each.name.text.lower() for each in lineup]
        assert len(set(names)) == len(names)
        assert "rule" in lineup[0].points


def test_of_equals_the_first_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    lineup = [Candidate(Name(text, "words"), frozenset({text})) for text in ("one", "two", "three")]
    monkeypatch.setattr(candidates, "_weights", dict)
    name, likely = elect(lineup)
    assert (name.text, round(likely, 4)) == ("one", 0.3333)
    monkeypatch.setattr(candidates, "_weights", lambda: {"two": 1.0})
    assert elect(lineup)[0].text == "two"


def test_memory_is_bounded() -> None:
    cast = Cast(Reading(Document("story.txt", "")), (), ())
    for number in range(10 * MEMORY):
        cast.mention(Name(f"Firm {number}", "organisation"))
    assert [name.text for name in cast.recent[:2]] == [f"Firm {10 * MEMORY - 1}", f"Firm {10 * MEMORY - 2}"]
    assert len(cast.recent) == MEMORY


def test_a_choice_learns_what_tells_the_right_one() -> None:
    given = np.array([[1, 0], [0, 1], [0, 0], [1, 1], [0, 1], [1, 0]], float)
    right = np.array([1, 0, 0, 1, 0, 1], float)
    weights = fit_choice(given, right, [0, 3], penalty=0.1)
    assert weights[0] > 1 > 0 > weights[1]
