"""Subjects: from the words of a clause to the name of what it is about.

Organisations come with their canonical names from the organisation facts, people from the longest form of
their name in the document. Pronouns, "the company" and a bare "sales" stand for the last organisation that fits.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from extract.kinds.claim.attribution import LONGEST_QUOTATION, sentence_speaker
from extract.kinds.claim.clauses import Tree
from extract.kinds.claim.cues import words
from extract.kinds.claim.phrases import definite, folded, phrase, whole_of
from extract.model import Fact, Reading, Token

_ACTING = ("nsubj", "nsubjpass")
_PLACES = ("GPE", "LOC")
# The first sentences of a story name whom it is about; so many names are remembered as they come.
EARLY = 3
MEMORY = 12
_OWNING = ("of", "at", "in", "from", "for")


class Name(NamedTuple):
    """What a slot is filled with, and what sort of thing that is.

    ``thing`` is set where the slot held somebody's thing ("Acme's profit") and ``text`` is its owner.
    ``inferred``: the name stands not in the phrase but earlier in the document.
    """

    text: str
    sort: Literal["organisation", "person", "place", "words", "unresolved"]
    thing: str = ""
    inferred: bool = False


NOBODY = Name("", "words")


@dataclass(slots=True)
class Cast:
    """Who has been named so far in a document, and what it was about, as it is read from start to end."""

    reading: Reading
    organisations: Sequence[Fact]
    dates: Sequence[Fact]
    people: dict[str, str] = field(default_factory=dict)
    topics: Counter[str] = field(default_factory=Counter)
    affiliations: dict[str, str] = field(default_factory=dict)
    last_organisation: str = ""
    last_person: str = ""
    last_speaker: Name = NOBODY
    previous: Name = NOBODY
    present: Sequence[tuple[int, Name]] = ()
    recent: list[Name] = field(default_factory=list)
    mentions: Counter[str] = field(default_factory=Counter)
    most: int = 0
    topical: Sequence[Name] = ()
    scene: Name = NOBODY
    early: frozenset[str] = frozenset()
    named: dict[int, "Name | None"] = field(default_factory=dict)
    organisation_ends: Sequence[int] = ()
    entity_ends: Sequence[int] = ()
    date_ends: Sequence[int] = ()

    def __post_init__(self) -> None:
        """Learn the fullest form of every person's name, and who and where the document speaks of most."""
        text, sentences = self.reading.text, self.reading.sentences
        self.organisation_ends = [fact.span.end for fact in self.organisations]
        self.entity_ends = [entity.span.end for entity in self.reading.entities]
        self.date_ends = [fact.span.end for fact in self.dates]
        for entity in self.reading.entities:
            if entity.label == "PERSON":
                name = _person(text[slice(*entity.span)])
                family = name.split()[-1] if name else ""
                if len(name) > len(self.people.get(family, "")):
                    self.people[family] = name
        self.mentions.update(fact.value.canonical() for fact in self.organisations)
        places = Counter(
            _place(text[slice(*entity.span)]) for entity in self.reading.entities if entity.label in _PLACES
        )
        self.mentions.update(places)
        acting = (self._named(token) for each in sentences for token in each.tokens if token.dep in _ACTING)
        self.mentions.update(2 * [name.text for name in acting if name is not None])
        self.most = max(self.mentions.values(), default=0)
        organisations = dict.fromkeys(fact.value.canonical() for fact in self.organisations)
        ranked = sorted(organisations, key=lambda name: (is_media(name), -self.mentions[name]))
        self.topical = [Name(name, "organisation", inferred=True) for name in ranked[:2] if not is_media(name)]
        self.scene = next((Name(name, "place", inferred=True) for name, _ in places.most_common(1)), NOBODY)
        opening = sentences[:EARLY][-1:]
        self.early = frozenset(
            fact.value.canonical() for fact in self.organisations if opening and fact.span.start < opening[0].span.end
        )

    def name(self, tree: Tree, index: int | None, speaking: str = "") -> Name:
        """What the noun phrase at ``index`` stands for. ``speaking`` is the organisation that says the sentence."""
        if index is None:
            return NOBODY
        token = tree.tokens[index]
        lemma = tree.lemmas[index]
        if named := self._named(token):
            return named
        whole = whole_of(tree, index) if lemma in words("reference", "partitives") else None
        if whole is not None:
            return self.name(tree, whole, speaking)
        if token.pos in ("PRON", "DET"):
            return self._pronoun(tree.texts[index], speaking)
        measure = lemma in words("reference", "measures")
        if measure or lemma in words("reference", "owned"):
            owner = self.owner(tree, index, speaking)
            if not owner.text and measure and self._bare(tree, index):
                owner = self.last(speaking)._replace(inferred=True)
            if owner.text:
                return owner._replace(thing=phrase(tree, index, owned=True))
        beside = tree.child(index, "appos")
        if beside is not None and (named := self._named(tree.tokens[beside])) and named.sort != "place":
            return named
        if lemma in words("reference", "organisations") and definite(tree, index):
            meant = self._called(lemma) or self.last("")
            return meant if meant.text else Name(phrase(tree, index), "unresolved")
        return Name(phrase(tree, index), "words")

    def names(self, tree: Tree, index: int | None, speaking: str = "") -> Name:
        """Like ``name``, with all that is coordinated where each is named: "Acme and Ajax"."""
        first = self.name(tree, index, speaking)
        if index is None or first.thing or first.sort not in ("organisation", "person"):
            return first
        others = [self.name(tree, item, speaking) for item in tree.conjuncts(index)[1:]]
        if not others:
            return first
        named = [first.text, *(name.text for name in others if name.sort == first.sort)]
        return first._replace(text=", ".join(dict.fromkeys(named)))

    def owner(self, tree: Tree, index: int, speaking: str = "") -> Name:
        """Whose the thing at ``index`` is: "Acme's profit", "Acme shares", "shares of Acme", "its profit"."""
        for child in tree.children[index]:
            if tree.deps[child] == "poss":
                name = self.name(tree, child, speaking)
                return name if name.sort in ("organisation", "person") else NOBODY
            named = self._named(tree.tokens[child]) if tree.deps[child] in ("compound", "nmod", "amod") else None
            if named and named.sort == "organisation":
                return named
        for child in tree.children[index]:
            if tree.deps[child] == "prep" and tree.texts[child] in _OWNING:
                inner = tree.child(child, "pobj")
                near = () if inner is None else (inner, tree.child(inner, "appos"))
                for named in (self._named(tree.tokens[item]) for item in near if item is not None):
                    if named and named.sort == "organisation":
                        return named
        return NOBODY

    def beside(self, tree: Tree, index: int, preposition: str = "") -> Name:
        """The organisation that hangs on a word by a preposition, any or the one given: "a stake in Acme"."""
        for child in tree.children[index]:
            fits = tree.deps[child] == "prep" and preposition in ("", tree.texts[child])
            inner = tree.child(child, "pobj") if fits else None
            named = self._named(tree.tokens[inner]) if inner is not None else None
            if named and named.sort == "organisation":
                return named
        return NOBODY

    def quoting(self, trees: Sequence[Tree], in_quotes: Sequence[bool], index: int) -> Name:
        """Who says the quoted sentence ``index``: the next speaker while the quotation goes on, else the last one."""
        for later in range(index, min(index + LONGEST_QUOTATION, len(trees))):
            if later > index and not in_quotes[later]:
                break
            if (token := sentence_speaker(trees[later])) is not None:
                return self.name(trees[later], token)
        return self.last_speaker

    def mention(self, name: Name) -> None:
        """Take a speaker, or the subject of a clause, as who "it" or "she" may be in what follows."""
        if not name.text or name.sort == "unresolved":
            return
        self.previous = Name(name.text, name.sort, inferred=True)
        if name.sort == "words":
            return
        parts = name.text.split(", ")
        if not all(part in self.mentions for part in parts):
            parts = [name.text]
        if name.sort == "person":
            self.last_person = name.text
        elif name.sort == "organisation" and not is_media(name.text):
            self.last_organisation = parts[0]
        named = [Name(part, name.sort, inferred=True) for part in parts]
        self.recent = [*named, *[one for one in self.recent if one.text not in parts]][:MEMORY]

    def organisation_of(self, speaker: Name) -> str:
        """The organisation that speaks: itself, or the one a person was named together with; empty where unknown."""
        return speaker.text if speaker.sort == "organisation" else self.affiliations.get(speaker.text, "")

    def meet(self, tree: Tree) -> None:
        """Learn from a sentence who is in it and whose people they are: "Jane Doe, head of sales at Acme"."""
        self.present = list(self._named_in(tree))
        if all(name.sort != "person" for _, name in self.present):
            return
        for index, token in enumerate(tree.tokens):
            if token.pos != "PROPN" or token.dep in ("compound", "poss"):
                continue
            person = self._named(token)
            if person is None or person.sort != "person" or person.text in self.affiliations:
                continue
            near = [
                child for child in tree.children[index] if tree.deps[child] in ("appos", "compound", "nmod", "poss")
            ]
            beside = [below for child in near for below in tree.under(child)]
            if any(tree.lemmas[item] in words("reference", "onlookers") for item in beside):
                continue
            for item in beside:
                named = self._named(tree.tokens[item])
                if named and named.sort == "organisation" and not is_media(named.text):
                    self.affiliations[person.text] = named.text
                    break

    def note(self, subjects: Sequence[Name], speaker: Name) -> None:
        """Remember who a sentence was about: its first organisation and person, the speaker failing these."""
        if speaker.text:
            self.last_speaker = speaker
        for name in (speaker, *reversed(subjects)):
            self.mention(name)
        for name in (speaker, *subjects):
            if name.sort == "person":
                self.last_person = name.text
                break

    def _named_in(self, tree: Tree) -> Iterator[tuple[int, Name]]:
        """The names in a sentence, each at its head."""
        for index, token in enumerate(tree.tokens):
            name = self._named(token) if token.pos in ("PROPN", "NOUN", "ADJ") else None
            if name is not None and (token.head == index or self._named(tree.tokens[token.head]) != name):
                yield index, name

    def prominence(self, name: str) -> str:
        """How much the document speaks of someone: ``most``, ``much``, ``some``, ``once``, ``not``."""
        count = self.mentions[name]
        if count < 2:
            return "once" if count else "not"
        return "most" if count == self.most else "much" if 2 * count >= self.most else "some"

    def _named(self, token: Token) -> Name | None:
        """The organisation, person or place whose name the token is part of."""
        if token.start not in self.named:
            self.named[token.start] = self._find_named(token)
        return self.named[token.start]

    def _find_named(self, token: Token) -> Name | None:
        first = bisect_right(self.organisation_ends, token.start)
        if first < len(self.organisations) and self.organisations[first].span.start < token.end:
            return Name(self.organisations[first].value.canonical(), "organisation")
        entities = self.reading.entities
        first = bisect_right(self.entity_ends, token.start)
        if first == len(entities) or entities[first].span.start > token.start or token.pos not in ("PROPN", "ADJ"):
            return None
        text = self.reading.text[slice(*entities[first].span)]
        if entities[first].label == "PERSON":
            name = _person(text)
            return Name(self.people.get(name.split()[-1] if name else "", name), "person")
        if entities[first].label in _PLACES:
            return Name(_place(text), "place")
        return None

    def _pronoun(self, lower: str, speaking: str) -> Name:
        if lower in words("reference", "pronouns") and (name := self.last(speaking)).text:
            return name
        if lower in words("reference", "speakers") and speaking:
            return Name(speaking, "organisation", inferred=True)
        if lower in words("reference", "plural") and speaking:
            return Name(speaking, "organisation")
        if lower in words("reference", "persons") and self.last_person:
            return Name(self.last_person, "person", inferred=True)
        return Name(lower, "unresolved")

    def last(self, speaking: str) -> Name:
        """Who "it" is in what ``speaking`` says; the last organisation where none speaks."""
        first = self.topical[0].text if self.topical else ""
        return Name(speaking or self.last_organisation or first, "organisation", inferred=not speaking)

    def _called(self, noun: str) -> Name | None:
        """The last organisation that has ``noun`` in its name: "the bank" is rather Acme Bank than Ajax Motors."""
        known = (name for name in (*self.recent, *self.topical) if name.sort == "organisation")
        return next((name for name in known if noun in name.text.lower().split()), None)

    def _bare(self, tree: Tree, index: int) -> bool:
        """Whether nothing in the phrase says whose or where: "sales for the quarter", not "car sales in Ruritania"."""
        below = tree.under(index, [i for i in tree.children[index] if tree.deps[i] in ("relcl", "acl", "advcl")])
        if any(tree.tokens[item].pos == "PROPN" and not self._is_date(tree.tokens[item]) for item in below):
            return False
        lemma = tree.lemmas[index]
        if lemma in words("reference", "shared") and any(
            tree.deps[item] == "compound" and tree.lemmas[item] not in words("reference", "periods")
            for item in tree.children[index]
        ):
            return False
        return lemma not in ("share", "stock") or definite(tree, index)

    def _is_date(self, token: Token) -> bool:
        first = bisect_right(self.date_ends, token.start)
        return first < len(self.dates) and self.dates[first].span.start <= token.start


@lru_cache(1 << 10)
def is_media(name: str) -> bool:
    """Whether a name is that of a newspaper, an agency, a broadcaster."""
    return not words("reference", "media").isdisjoint(name.lower().split())


def _person(text: str) -> str:
    return folded(text).removesuffix("'s").removesuffix("’s")


def _place(text: str) -> str:
    return folded(text).removeprefix("the ").removeprefix("The ")
