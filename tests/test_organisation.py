"""Organisations: what the examples beside the rules cannot show."""

from collections.abc import Iterable, Iterator, Set
from itertools import pairwise

import pytest

from extract import language
from extract.kinds import organisation
from extract.kinds.organisation import likeness
from extract.kinds.organisation.aliases import Identity, core, form, initials, registered
from extract.kinds.organisation.aliases import identify as identified
from extract.kinds.organisation.names import plausible, trimmed
from extract.kinds.organisation.recognise import SURE, mentions_of
from extract.kinds.organisation.register import Mention, Organised, names_of, register, sort_of
from extract.model import Aliases, Document, Entity, Fact, Organisation, Reading, Sentence, Span


def identify(names: list[str], aliases: Aliases | None = None) -> dict[str, Identity]:
    return identified(names, aliases or Aliases())


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


def tagged(text: str, *names: str, confidence: float) -> list[Fact]:
    """The facts when the tagger found ``names``, each where it first stands after the one before."""
    entities, at = [], 0
    for name in names:
        at = text.index(name, at)
        entities.append(Entity(Span(at, at + len(name)), "ORG", confidence))
        at += len(name)
    return organisation.recognise(Reading(Document("t.txt", text), (), tuple(entities)), [])


def test_the_names_that_others_may_be_glued_to_are_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Set[str]] = []

    def unglued(_text: str, _span: Span, known: Set[str], _settled: Set[str]) -> Iterator[Span]:
        given.append(known)
        return iter(())

    monkeypatch.setitem(mentions_of.__globals__, "unglued", unglued)
    text = "Velbrook Mills, Orlo Corp."
    entities = tuple(Entity(Span(*place), "ORG", 0.99) for place in ((0, 14), (16, 25)))
    assert len(mentions_of(Reading(Document("a.txt", text), (), entities))) == 2
    assert given[0] >= {"Velbrook Mills", "Orlo Corp"}
    assert given[0] is given[1]


def test_a_name_that_stands_again_or_is_known_to_the_world_is_surer() -> None:
    (once,) = tagged("Velbrook rose.", "Velbrook", confidence=0.7)
    twice = tagged("Velbrook rose. Velbrook fell.", "Velbrook", "Velbrook", confidence=0.7)
    short, full = tagged("Velbrook is Velbrook Mills Ltd.", "Velbrook", "Velbrook Mills Ltd", confidence=0.7)
    (known,) = tagged("Microsoft rose.", "Microsoft", confidence=0.7)
    assert once.confidence < min(fact.confidence for fact in (*twice, short, full, known))


def test_what_the_tagger_would_rather_not_believe_is_flagged_whatever_else_speaks_for_it() -> None:
    for fact in tagged("Microsoft Corp rose. " * 9, *["Microsoft Corp"] * 9, confidence=0.5):
        assert fact.confidence == 0.5
        assert {flag.code for flag in fact.flags} == {"doubtful-organisation"}


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
        ("ex-Quillmark", "Quillmark"),
        ("Quillmark Corp of Ruritania", "Quillmark Corp"),
        ("Quillmark television channel", "Quillmark"),
        ("Non-Aligned Movement", "Non-Aligned Movement"),
        ("Harbour Mills Ltd (HML)", "Harbour Mills Ltd"),
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
    span = trimmed(text, Span(start, start + len(name.rstrip("."))))
    assert span
    assert text[slice(*span)] == name


@pytest.mark.parametrize(
    "name", ["GOOG.O", "CEO", "London", "IPO", "A", "Acme Inc Bolt", "Acme) said", "acme", "http://www.Acme.com/news"]
)
def test_what_no_organisation_is_called(name: str) -> None:
    assert not plausible(name)


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
    assert core("Ruritanian Airlines") == "ruritanian"
    assert core("American Airlines") == registered("American Airlines") == "americanairlines"
    assert registered("Tarn & Co.") == "tarn"


def test_longer_names_that_go_different_ways_are_different_organisations() -> None:
    names = identify(["Velbrook", "Velbrook Motors", "Velbrook Insurance Inc"])
    assert {name: identity.name for name, identity in names.items()} == {name: name for name in names}
    names = identify(["Velbrook", "Velbrook Group", "Velbrook Group Holdings"])
    assert set(names.values()) == {Identity("Velbrook Group Holdings")}


def test_one_name_in_two_laws_may_be_two_firms() -> None:
    names = identify(["Orlo & Co", "Orlo KGaA"])
    assert all("may be two" in identity.guess for identity in names.values())


def test_what_people_decided_goes_before_the_rules() -> None:
    same = Aliases(same={"brigthwater": "Bright Water plc", "hsc": "Harbour Safety Commission"})
    names = identify(["Brightwater", "Brightwater", "Brigthwater", "HSC"], same)
    assert names["Brigthwater"] == Identity("Bright Water plc") == names["Brightwater"]
    assert names["HSC"] == Identity("Harbour Safety Commission")
    different = Aliases(different=frozenset({frozenset({"brightwater", "brigthwater"})}))
    names = identify(["Brightwater", "Brightwater", "Brigthwater"], different)
    assert names["Brigthwater"] == Identity("Brigthwater")


def run_of(*mentions: str, aliases: Aliases | None = None) -> dict[str, Organised]:
    """Of mentions ``document: quote = canonical name`` (``?`` where that is a guess), the organisations by name."""
    parted = [(document, *rest.split(" = ")) for document, rest in (each.split(": ") for each in mentions)]
    return registered_of(
        [(document, Mention(quote, name.rstrip("?"), name.endswith("?"))) for document, quote, name in parted], aliases
    )


def registered_of(mentions: Iterable[tuple[str, Mention]], aliases: Aliases | None = None) -> dict[str, Organised]:
    """The organisations of a run by name, given each mention with its document."""
    of: dict[str, list[Mention]] = {}
    for document, mention in mentions:
        of.setdefault(document, []).append(mention)
    documents = [names_of(document, found) for document, found in of.items()]
    return {each.name: each for each in register(documents, aliases or Aliases())}


def test_a_short_form_that_one_document_explains_holds_in_the_others() -> None:
    found = run_of("a: Harbour Safety Commission = Harbour Safety Commission", "a: HSC = Harbour Safety Commission",
                   "b: HSC = HSC")  # fmt: skip
    assert list(found) == ["Harbour Safety Commission"]
    commission = found["Harbour Safety Commission"]
    assert (commission.mentions, commission.documents, commission.first_seen) == (3, 2, "a")
    assert found["Harbour Safety Commission"].aliases == ["HSC"]
    assert found["Harbour Safety Commission"].sort == "public body"


def test_a_short_form_of_two_organisations_is_flagged() -> None:
    found = run_of("a: HSC = Harbour Safety Commission", "b: HSC = Health Service Council", "c: HSC = HSC")
    assert found["HSC"].flags == {"ambiguous-name": "short for Harbour Safety Commission or Health Service Council"}
    assert found["Harbour Safety Commission"].flags == {}


def test_guesses_are_flagged_and_likenesses_do_not_unite() -> None:
    found = run_of("a: Brightwater = Brightwater", "a: Brightwater = Brightwater", "b: Brigthwater = Brigthwater",
                   "c: Tarn = Tarn Bakery GmbH?")  # fmt: skip
    assert found["Brigthwater"].flags == {"possible-alias": "misspelling of Brightwater?"}
    assert found["Tarn Bakery GmbH"].flags == {"guessed-alias": "Tarn"}
    refused = Aliases(different=frozenset({frozenset({"brightwater", "brigthwater"})}))
    assert not run_of("a: Brightwater = Brightwater", "a: Brightwater = Brightwater", "b: Brigthwater = Brigthwater",
                      aliases=refused)["Brigthwater"].flags  # fmt: skip


def proposals(*names: str, aliases: Aliases | None = None) -> dict[str, str]:
    """What a run that has these names, each in a document of its own, says may be the same; names may stand again."""
    found = run_of(*(f"{number}: {name} = {name}" for number, name in enumerate(names)), aliases=aliases)
    return {name: each.flags["possible-alias"] for name, each in found.items() if "possible-alias" in each.flags}


@pytest.mark.parametrize(
    ("common", "rare", "reason"),
    [
        ("Organisation of Wharf Owners", "Organization of Wharf Owner", "another spelling of"),
        ("Tarn & Wexford Partners", "Tarn and Wexford Partners", "another spelling of"),
        ("Vélbrük Mining Society", "Velbruk Mining Society", "another spelling of"),
        ("Brightwater Shipping", "Brihgtwater Shiping", "another spelling of"),
        ("Quillmark Technologies", "Quillmark Tech", "another spelling of"),
        ("Orlo.com Inc", "Orlo", "another spelling of"),
        ("Quillmark Health Services Ltd", "Quillmark", "short for"),
        ("Quillmark", "Quillmark Health Services Ltd", "long for"),
        ("Quillmark Health", "Quillmarkhth", "short for"),
        ("Brightwater Mills", "Brightwaterms", "short for"),
        ("JD.com", "Jingdong", "another name of"),
    ],
)
def test_names_that_may_be_the_same_are_proposed_on_the_rarer_and_obey_what_is_decided(
    common: str, rare: str, reason: str
) -> None:
    names = [common, common, rare]
    assert proposals(*names) == {rare: f"{reason} {common}?"}
    refused = Aliases(different=frozenset({frozenset({registered(common), registered(rare)})}))
    assert not proposals(*names, aliases=refused)
    united = Aliases(same={form(rare): common})
    assert set(identify(names, united).values()) == {Identity(common)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bank of Iran", "Bank of Iraq"),
        ("Harbour Fund II", "Harbour Fund III"),
        ("Studio 1984", "Studio 1985"),
        ("Studio 198", "Studio 1984"),
        ("Velbrook Holdings", "Velbrook Health USA"),
        ("Velbrook", "Velbrook Insurance Japan"),
        ("Gazprom", "Gazprom Trading House"),
        ("Department", "Department of Tides and Health"),
        ("Transmarine", "Transport"),
        ("Tarn", "Torn"),
        ("Tarn", "Tarnish"),
        ("Bank of China", "Bank of Chinatown"),
        ("Brightwater Mills", "Brightwaterx"),
        ("Brightwater Mills", "Brightwaterma"),
        ("China Telecom", "Chinatom"),
    ],
)
def test_what_tells_two_names_apart(one: str, other: str) -> None:
    assert not proposals(one, other)


def test_a_common_name_or_one_that_begins_several_is_not_taken_for_a_longer_one() -> None:
    assert proposals("Quillmark", "Quillmark Health Services")
    assert not proposals(*["Quillmark"] * 11, "Quillmark Health Services")
    assert not proposals("Quillmark", "Quillmark Health Services", "Quillmark Travel Agency")


def test_case_and_spaces_make_no_other_name() -> None:
    assert len(run_of("a: Velbrook Health = Velbrook Health", "b: VelbrookHealth = VelbrookHealth")) == 1


def test_a_name_in_parentheses_after_another_is_proposed() -> None:
    sentence = "Amity (Velbrook Health) fell, and Orlo Corp fell."
    mentions = [("a", Mention(name, name, guessed=False, sentence=sentence))
                for name in ("Amity", "Velbrook Health", "Orlo Corp")]  # fmt: skip
    found = {name: each.flags for name, each in registered_of([*mentions, mentions[0]]).items()}
    assert found == {"Amity": {}, "Orlo Corp": {}, "Velbrook Health": {"possible-alias": "in parentheses with Amity?"}}
    agency = [(document, each._replace(name="Reuters") if each.name == "Velbrook Health" else each)
              for document, each in mentions]  # fmt: skip
    assert not any(each.flags for each in registered_of(agency).values())
    refused = Aliases(different=frozenset({frozenset({"amity", "velbrookhealth"})}))
    assert not any(each.flags for each in registered_of(mentions, refused).values())


def test_names_described_alike_beside_a_common_third_are_proposed() -> None:
    def run(first: str, second: str, third: str = "Orlo Corp") -> dict[str, str]:
        told = (
            ("a", "Amity", first),
            ("a", "Orlo Corp", "Orlo Corp pays."),
            ("b", "Velbrook", second),
            ("b", third, ""),
        )
        mentions = [(document, Mention(name, name, guessed=False, sentence=text)) for document, name, text in told]
        return {name: each.flags["possible-alias"] for name, each in registered_of(mentions).items() if each.flags}

    one, other = (
        "Orlo Corp bought Amity, a high-end private clinic in Rome.",
        "A spa and a high-end clinic, Velbrook, opened.",
    )
    assert run(one, other) == {"Amity": "described as high-end clinic like Velbrook?"}
    assert run(one, other, third="Tarn") == {}
    assert run(one, "Velbrook, a high-end spa, opened.") == {}
    assert run("Amity, a large private clinic, opened.", "Velbrook, a large private clinic, opened.") == {}


def test_a_name_that_is_nothing_but_a_legal_form_is_like_no_other() -> None:
    assert not proposals("Limited", "Co. Limited", "Velbrook Ltd")


def test_each_pair_is_proposed_once() -> None:
    found = proposals("Brightwater Mills", "Brightwater Mills", "Brigthwater Mills", "FHQ", "Fair Harbour Quarry")
    assert found == {"Brigthwater Mills": "misspelling of Brightwater Mills?", "FHQ": "short for Fair Harbour Quarry?"}


def test_many_names_are_compared_with_their_neighbours_only() -> None:
    count = 30_000
    leaders = {f"acme{number:06}works": f"Acme{number:06} Works" for number in range(count)}
    for compare in (likeness.spelt_alike, likeness.clipped, likeness.begun, likeness.run_together):
        assert compare(leaders, dict.fromkeys(leaders, 1)) == {}
    leaders = {registered(name): name for name in (f"Acme Works {'Xyz' * number}" for number in range(1, 2000))}
    assert likeness.begun({"acme": "Acme", **leaders}, dict.fromkeys(["acme", *leaders], 1)) == {}


def test_what_sort_of_organisation_a_name_tells_of() -> None:
    names = {
        "Velbrook": "",
        "Velbrook AG": "company",
        "Velbrook Medical Center": "hospital",
        "Velbrook News Agency": "media",
        "Savings Bank of Velbrook": "bank",
        "Ministry of Tides": "public body",
    }
    assert {name: sort_of([name]) for name in names} == names


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
