"""Claims: clauses into propositions, who says them, how surely, about whom."""

import random
from decimal import Decimal

import pytest

from extract import language
from extract.kinds import claim
from extract.kinds.claim.attribution import quoted
from extract.kinds.claim.clauses import Tree, clauses, within
from extract.kinds.claim.frames import OTHER, Words, frames, match
from extract.kinds.claim.propositions import body, colouring
from extract.kinds.claim.worth import probability
from extract.model import Claim, Document, Fact, Organisation, Percent, Reading, Sentence, Span, Token


def claims(text: str, *names: str) -> list[Claim]:
    """The claims of ``text``, told that each of ``names`` is an organisation wherever it stands."""
    found = []
    for name in names:
        start = text.find(name)
        while start >= 0:
            value = Organisation(name)
            found.append(Fact(span=Span(start, start + len(name)), value=value, rule="told", confidence=1.0))
            start = text.find(name, start + 1)
    found.sort(key=lambda fact: fact.span)
    made = claim.recognise(language.read(Document("story.txt", text)), found)
    return [fact.value for fact in made if isinstance(fact.value, Claim)]


def words(verb: str, **slots: str) -> Words:
    filled = {key: frozenset(slots.get(key, "").split()) for key in ("agent", "patient", "modifiers", "elsewhere")}
    return Words(verb, **filled, acting=frozenset(), owned=False, has=frozenset())


@pytest.mark.parametrize(
    ("sentence", "modality", "source"),
    [
        ("Acme Corp bought Ajax Ltd in 2015.", "asserted", ""),
        ("Acme Corp has not bought Ajax Ltd.", "negated", ""),
        ("Acme Corp may buy Ajax Ltd in 2015.", "possible", ""),
        ("Acme Corp plans to buy Ajax Ltd in 2015.", "planned", ""),
        ("Acme Corp will buy Ajax Ltd in 2015.", "planned", ""),
        ("Acme Corp is expected to buy Ajax Ltd in 2015.", "forecast", ""),
        ("Acme Corp bought Ajax Ltd in 2015, sources said.", "reported", "sources"),
        ("Acme Corp bought Ajax Ltd in 2015, according to Zenith Bank.", "reported", "Zenith Bank"),
        ("Acme Corp denied that it bought Ajax Ltd.", "negated", "Acme Corp"),
        ("In May Acme Corp bought Ajax Ltd.", "asserted", ""),
        ("Mayor Will May bought Ajax Ltd in 2015.", "asserted", ""),
    ],
)
def test_how_surely_and_who_says(sentence: str, modality: str, source: str) -> None:
    (found,) = [one for one in claims(sentence, "Acme Corp", "Ajax Ltd", "Zenith Bank") if one.type == "acquisition"]
    assert (found.modality, found.source) == (modality, source)


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("Acme Corp agreed to buy Ajax Inc for $3 million.", "asserted"),
        ("Acme Corp has agreed to sell its bakery unit to Ajax Inc.", "asserted"),
        ("Acme Corp abandoned its takeover of Ajax Inc.", "asserted"),
        ("Acme Corp refused to sell its shares.", "asserted"),
        ("Acme Corp was allowed to buy Ajax Inc.", "asserted"),
        ("Acme Corp managed to sell its shares.", "asserted"),
        ("Acme Corp began selling its phone in Texas.", "asserted"),
        ("In May, Acme Corp bought Ajax Inc.", "asserted"),
        ("Acme Corp, which sold its Will Works unit, bought Ajax Inc.", "asserted"),
        ("Acme Corp is said to have bought Ajax Inc.", "reported"),
        ("Acme Corp is reported to have lost $3 million.", "reported"),
        ("Acme Corp estimated its loss at $3 million.", "reported"),
        ("Acme Corp said it bought Ajax Inc.", "reported"),
        ("Acme Corp is due to publish its results on Tuesday.", "planned"),
        ("Acme Corp is due to open a plant in Texas next year.", "planned"),
        ("Acme Corp is scheduled to open a plant in Texas in May.", "planned"),
        ("Acme Corp is about to buy Ajax Inc.", "planned"),
        ("Acme Corp is to buy Ajax Inc for $3 million.", "planned"),
        ("Acme Corp is to go ahead with its merger with Ajax Inc.", "planned"),
        ("Acme Corp is seeking to raise $40 million.", "planned"),
        ("Acme Corp is preparing to launch a phone.", "planned"),
        ("Acme Corp is preparing an initial public offering in Oslo.", "planned"),
        ("Acme Corp is gearing up to launch a new phone.", "planned"),
        ("Acme Corp is ready to invest $5 million in Ajax Inc.", "planned"),
        ("Acme Corp hopes to open 10 stores.", "planned"),
        ("Acme Corp's trial is scheduled for May.", "planned"),
        ("The merger of Acme Corp is scheduled for completion in June.", "planned"),
        ("The deal is due to close in June.", "planned"),
        ("Acme Corp plans a factory in Texas.", "planned"),
        ("Acme Corp plans to build a factory in Texas.", "planned"),
        ("Acme Corp announced plans for the acquisition of Ajax Inc.", "planned"),
        ("Acme Corp announced plans to acquire Ajax Inc.", "planned"),
        ("Acme Corp's plan to buy Ajax Inc met opposition.", "planned"),
        ("Acme Corp's planned takeover of Ajax Inc met opposition.", "planned"),
        ("Acme Corp's proposed takeover of Ajax Inc is worth $3 million.", "planned"),
        ("Acme Corp wants a listing in Oslo.", "planned"),
        ("Acme Corp said it would buy Ajax Inc.", "planned"),
        ("Acme Corp is going to close its factory.", "planned"),
        ("Acme Corp intends to cut 300 jobs.", "planned"),
        ("Acme Corp will cut 300 jobs.", "planned"),
        ("Acme Corp to cut 300 jobs", "planned"),
        ("Acme Corp is committed to cutting emissions by 20 percent.", "planned"),
        ("Acme Corp aims for revenue of $30 million by 2015.", "planned"),
        ("Acme Corp is aiming for sales of $30 million.", "planned"),
        ("Acme Corp targets revenue of $30 million.", "planned"),
        ("Acme Corp has offered to buy Ajax Inc.", "planned"),
        ("Acme Corp pledged to invest $3 million in Texas.", "planned"),
        ("Acme Corp decided to sell its shares in Ajax Inc.", "planned"),
        ("Acme Corp approved a plan to split in two.", "planned"),
        ("Acme Corp is set to acquire Ajax Inc for $5 million.", "forecast"),
        ("Acme Corp is set to become the largest shareholder of Ajax Inc.", "forecast"),
        ("Acme Corp is on track to open 50 stores this year.", "forecast"),
        ("Acme Corp sees revenue of $5 million in 2013.", "forecast"),
        ("Acme Corp is looking to sell its paint unit.", "forecast"),
        ("Acme Corp is expected to report a profit of $5 million.", "forecast"),
        ("Acme Corp is likely to close its Oslo factory.", "forecast"),
        ("The merger is expected to close in June.", "forecast"),
        ("Acme Corp expects to open 10 stores.", "forecast"),
        ("Acme Corp expects 2014 revenue of $3 million.", "forecast"),
        ("Acme Corp projects sales of $3 million.", "forecast"),
        ("Acme Corp sees 2014 profit up 5 percent", "forecast"),
        ("Acme Corp set to buy Ajax Inc: sources", "forecast"),
        ("Acme Corp is poised to buy Ajax Inc.", "forecast"),
        ("Acme Corp is in talks to buy Ajax Inc.", "possible"),
        ("Acme Corp is weighing a sale of its paint unit.", "possible"),
        ("Acme Corp is mulling whether to list its shares in Oslo.", "possible"),
        ("Acme Corp is believed to have bought Ajax Inc.", "possible"),
        ("Acme Corp is rumoured to be buying Ajax Inc.", "possible"),
        ("Acme Corp could close its factory in Oslo.", "possible"),
        ("Acme Corp might be sold to Ajax Inc, and Beta Inc closed.", "possible"),
        ("Acme Corp would buy Ajax Inc if banks agreed.", "possible"),
        ("Acme Corp mulls sale of paint unit", "possible"),
        ("Acme Corp in talks to buy Ajax Inc", "possible"),
        ("Acme Corp would have earned $3 million.", "possible"),
        ("Acme Corp's shares may fall.", "possible"),
        ("Acme Corp will not buy Ajax Inc.", "negated"),
        ("Acme Corp denied that it had bought Ajax Inc.", "negated"),
        ("Acme Corp denied buying Ajax Inc.", "negated"),
        ("Acme Corp denied the charges of fraud.", "negated"),
        ("Acme Corp has no plans to sell its paint unit.", "negated"),
        ("Acme Corp has yet to sell its paint unit.", "negated"),
        ("Acme Corp scrapped plans to buy Ajax Inc.", "negated"),
        ("Acme Corp failed to win approval for the merger.", "negated"),
    ],
)
def test_a_cue_colours_the_deed_in_its_scope(sentence: str, modality: str) -> None:
    assert modality in {found.modality for found in claims(sentence, "Acme Corp", "Ajax Inc")}


@pytest.mark.parametrize(
    "sentence",
    [
        "Acme Corp acquired Ajax Ltd in 2015.",
        "Ajax Ltd was acquired by Acme Corp in 2015.",
        "Acme Corp completed its acquisition of Ajax Ltd in 2015.",
    ],
)
def test_the_buyer_is_the_subject_in_every_voice(sentence: str) -> None:
    (found,) = claims(sentence, "Acme Corp", "Ajax Ltd")
    assert (found.type, found.subject, found.object) == ("acquisition", "Acme Corp", "Ajax Ltd")


def test_each_measure_has_its_own_figure() -> None:
    text = "Acme Corp posted sales of 5% and operating profit of 3% in 2018."
    facts = [
        Fact(span=Span(text.index(quote), text.index(quote) + 2), value=value, rule="told", confidence=1.0)
        for quote, value in (
            ("5%", Percent(Decimal(5), Decimal(5), "percent")),
            ("3%", Percent(Decimal(3), Decimal(3), "percent")),
        )
    ]
    found = [fact.value for fact in claim.recognise(language.read(Document("story.txt", text)), facts)]
    assert [
        (one.object, one.figure and one.figure.minimum, one.ordinal) for one in found if isinstance(one, Claim)
    ] == [
        ("sales", Decimal(5), 0),
        ("operating profit", Decimal(3), 1),
    ]
    assert [len(one.parts) for one in found if isinstance(one, Claim)] == [1, 1]


def test_it_and_the_company_are_the_last_organisation_and_flagged() -> None:
    text = "Acme Corp was founded in 1999. The company opened 40 stores in 2001."
    facts = [Fact(span=Span(0, 9), value=Organisation("Acme Corp"), rule="told", confidence=1.0)]
    named, inferred = claim.recognise(language.read(Document("story.txt", text)), facts)
    assert isinstance(inferred.value, Claim)
    assert inferred.value.subject == "Acme Corp"
    assert "inferred-subject" in {flag.code for flag in inferred.flags}
    assert "inferred-subject" not in {flag.code for flag in named.flags}


def test_a_pronoun_without_anybody_stays_a_word_and_is_flagged() -> None:
    value = Percent(Decimal(40), Decimal(40), "percent")
    figure = Fact(span=Span(10, 13), value=value, rule="told", confidence=1.0)
    text = "They sold 40% of the stores in 2001."
    (fact,) = claim.recognise(language.read(Document("story.txt", text)), [figure])
    assert isinstance(fact.value, Claim)
    assert fact.value.subject == "they"
    assert "unresolved-subject" in {flag.code for flag in fact.flags}


def test_a_noun_with_an_owner_and_a_thing_states_a_deed() -> None:
    found = claims("Acme Corp's stake in Ajax Ltd rose in value in 2015.", "Acme Corp", "Ajax Ltd")
    assert ("ownership", "Acme Corp", "Ajax Ltd") in {(one.type, one.subject, one.object) for one in found}


@pytest.mark.parametrize(
    ("sentence", "doer"),
    [("Acme Corp kept Ajax Ltd from selling 40 stores in 2015.", "Ajax Ltd"),
     ("Acme Corp paid Ajax Ltd before selling 40 stores in 2015.", "Acme Corp")],
)  # fmt: skip
def test_a_gerund_after_an_object_may_be_the_object_s(sentence: str, doer: str) -> None:
    found = clauses(Tree(language.read(Document("story.txt", sentence)).sentences[0]), colouring())
    (selling,) = (clause for clause in found if clause.verb == "sell")
    assert selling.agent is not None
    assert selling.tree.tokens[selling.agent].text == doer.split()[1]


@pytest.mark.parametrize(
    "line",
    [
        "Leave a comment",
        "By Jane Doe",
        "(Reporting by Jane Doe; editing by John Roe)",
        "Why do lions sleep?",
        "Copyright 2019. All rights reserved.",
        "Sign up for our newsletter!",
        "Think twice before you invest!",
    ],
)
def test_boilerplate_questions_and_advice_are_no_claims(line: str) -> None:
    assert claims(line) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Acme buys Ajax", "Acme buys Ajax"),
        ("• Acme buys Ajax", "Acme buys Ajax"),
        ("BERLIN (Wire) - Acme bought Ajax.", "Acme bought Ajax."),
        ("Acme bought Ajax (Wire).", "Acme bought Ajax (Wire)."),
        ("-- Acme buys Ajax\n--", "Acme buys Ajax"),
        ("--", "--"),
        ("(Wire) - Acme bought Ajax.", "Acme bought Ajax."),
        ("Acme bought Ajax. (Reporting by Jane Doe; editing by John Roe)", "Acme bought Ajax."),
        ("(Additional reporting by Jane Doe)", ""),
        ("Acme" + " " * 1_000_000 + "(", "Acme" + " " * 1_000_000 + "("),
    ],
)
def test_the_span_leaves_out_bullet_and_dateline(text: str, expected: str) -> None:
    assert text[slice(*body(text, Span(0, len(text))))] == expected


def cut_after_five(rows: list[tuple[str, int, str]]) -> Sentence:
    """The sentence of these words (text, head, dependency), without its first five code points."""
    tokens, start = [], 0
    for text, head, dep in rows:
        tokens.append(Token(start, start + len(text), text, text, "PROPN", "NNP", dep, head))
        start += len(text) + 1
    return within(Sentence(Span(0, start - 1), tuple(tokens)), Span(5, start - 1))


def test_a_cut_sentence_keeps_a_tree() -> None:
    rows = [("OSLO", 1, "nmod"), ("Acme", 2, "nsubj"), ("bought", 2, "ROOT"), ("Ajax", 2, "dobj")]
    cut = cut_after_five(rows)
    assert [(token.text, token.head, token.dep) for token in cut.tokens] == [
        ("Acme", 1, "nsubj"),
        ("bought", 1, "ROOT"),
        ("Ajax", 1, "dobj"),
    ]
    assert Tree(cut).roots == [1]


def test_the_heir_of_a_lost_word_takes_its_place() -> None:
    rows = [("OSLO", 2, "nsubj"), ("Acme", 0, "appos"), ("bought", 2, "ROOT")]
    cut = cut_after_five(rows)
    assert [(token.text, token.head, token.dep) for token in cut.tokens] == [
        ("Acme", 1, "nsubj"),
        ("bought", 1, "ROOT"),
    ]


def test_a_quotation_lasts_until_it_closes_or_an_empty_line() -> None:
    text = '"Sales rose. Costs fell," he said. It rained.\n\n"Open. Still open.\n\nNo more.'
    marks = ["Sales", "Costs", "It", '"Open', "Still", "No"]
    starts = [text.index(mark) - (mark == "Sales") for mark in marks]
    ends = [len(text[:end].rstrip()) for end in (*starts[1:], len(text))]
    sentences = [Sentence(Span(*span), ()) for span in zip(starts, ends, strict=True)]
    assert quoted(text, sentences) == [True, True, False, True, True, False]


def test_a_verb_with_its_thing_beats_the_verb_and_nothing_tells_nothing() -> None:
    assert match(words("buy", patient="stake"), {})[0].type == "investment"
    assert match(words("buy", patient="house"), {})[0].type == "acquisition"
    assert match(words("ponder", patient="weather"), {})[0] is OTHER


def test_frames_are_told_apart_by_name() -> None:
    names = [frame.name for frame in frames()]
    assert len(names) == len(set(names))
    assert {*names, OTHER.name} == claim.RULES


def test_more_for_a_claim_makes_it_likelier() -> None:
    assert probability("worth", {"money", "date"}) > probability("worth", set()) > probability("worth", {"duty"})
    assert 0 < probability("trust", set()) < 1


def test_no_more_than_four_claims_a_sentence_and_keys_apart() -> None:
    text = ", and ".join(f"Acme Corp bought shop {number} in {2000 + number}" for number in range(9)) + "."
    found = list(claim.recognise(language.read(Document("story.txt", text)), []))
    assert 0 < len(found) <= 4
    assert len({fact.key for fact in found}) == len(found)
    assert [fact.key.ordinal for fact in found] == list(range(len(found)))


@pytest.mark.parametrize("seed", range(3))
def test_any_tree_is_read_without_fail(seed: int) -> None:
    """Trees of random shape, far deeper than prose, with every label the rules ask for."""
    chance = random.Random(seed)
    labels = [
        "nsubj",
        "nsubjpass",
        "dobj",
        "conj",
        "ccomp",
        "xcomp",
        "relcl",
        "acl",
        "advcl",
        "prep",
        "pobj",
        "appos",
        "poss",
    ]
    text = " ".join(
        chance.choice(["said", "its", "which", "percent", "Acme", "bought", "of", '"', "."]) for _ in range(240)
    )
    tokens, start = [], 0
    for index, word in enumerate(text.split(" ")):
        pos, tag = chance.choice([("VERB", "VBD"), ("NOUN", "NN"), ("PROPN", "NNP"), ("AUX", "VBZ"), ("PRON", "PRP")])
        head = chance.randrange(index) if index and chance.random() < 0.97 else index
        tokens.append(Token(start, start + len(word), word, word, pos, tag, chance.choice(labels), head))
        start += len(word) + 1
    reading = Reading(Document("odd.txt", text), (Sentence(Span(0, len(text)), tuple(tokens)),))
    for fact in claim.recognise(reading, []):
        assert text[slice(*fact.span)]
        assert fact.rule in claim.RULES
        assert {flag.code for flag in fact.flags} <= set(claim.FLAGS)


@pytest.mark.parametrize(
    "text", ["", "\n\n", '"', "- ", "(" * 5000, "A (" * 3000, "-" * 100_000, " ".join(["said"] * 3000)]
)
def test_odd_texts_break_nothing(text: str) -> None:
    for fact in claim.recognise(language.read(Document("odd.txt", text)), []):
        assert text[slice(*fact.span)]


@pytest.mark.parametrize(
    ("sentence", "subject", "object_"),
    [
        ("Acme Corp sold its paint unit to Ajax Inc.", "Ajax Inc", "paint unit"),
        ("Acme Corp sold Ajax Inc a paint unit.", "Ajax Inc", "paint unit"),
        ("Acme Corp was sold to Ajax Inc in May.", "Ajax Inc", "Acme Corp"),
        ("Acme Corp sold its paint unit to cut its debt.", "Acme Corp", "paint unit"),
    ],
)
def test_who_takes_a_thing_is_the_subject(sentence: str, subject: str, object_: str) -> None:
    first = claims(sentence, "Acme Corp", "Ajax Inc")[0]
    assert (first.subject, first.object) == (subject, object_)
