"""Subjects: from the words of a clause to the name of what it is about.

Organisations come with their canonical names from the organisation facts, people from the longest form of
their name in the document. Pronouns and "the company" stand for the last organisation that fits.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.kinds.claim.clauses import Tree
from extract.kinds.claim.cues import words
from extract.model import Fact, Organisation, Reading, Span

_LOOSE = ("relcl", "acl", "appos", "advcl", "cc", "conj", "punct", "parataxis", "ccomp", "advmod", "predet")


class Name(NamedTuple):
    """What a slot is filled with. ``sort`` tells how it was found; ``owned`` is the thing whose owner is named."""

    text: str
    sort: str  # "organisation", "person", "place", "words", "unresolved"
    thing: str = ""


NOBODY = Name("", "words")


@dataclass(slots=True)
class Cast:
    """Who has been named so far in a document, as it is read from start to end."""

    reading: Reading
    organisations: Sequence[Fact]
    people: dict[str, str] = field(default_factory=dict)
    last_organisation: str = ""
    last_person: str = ""

    def __post_init__(self) -> None:
        """Learn the fullest form of every person's name."""
        for entity in self.reading.entities:
            if entity.label == "PERSON":
                name = _folded(self.reading.text[slice(*entity.span)])
                family = name.split()[-1] if name else ""
                if len(name) > len(self.people.get(family, "")):
                    self.people[family] = name

    def organisation_at(self, span: Span) -> str:
        """The canonical name of the organisation that overlaps ``span``; empty if none does."""
        first = bisect_left(self.organisations, span.start, key=lambda fact: fact.span.end)
        for fact in self.organisations[first : first + 2]:
            if fact.span.overlaps(span) and isinstance(fact.value, Organisation):
                return fact.value.name
        return ""

    def entity_at(self, offset: int) -> tuple[str, str]:
        """The label and name of the tagged name that holds ``offset``."""
        entities = self.reading.entities
        first = bisect_left(entities, offset + 1, key=lambda entity: entity.span.end)
        if first < len(entities) and entities[first].span.start <= offset:
            return entities[first].label, _folded(self.reading.text[slice(*entities[first].span)])
        return "", ""

    def name(self, tree: Tree, index: int | None, speaking: str = "") -> Name:
        """What the noun phrase at ``index`` stands for. ``speaking`` is who says the sentence."""
        if index is None:
            return NOBODY
        token = tree.tokens[index]
        lemma, lower = token.lemma.lower(), token.text.lower()
        if organisation := self.organisation_at(Span(token.start, token.end)):
            return Name(organisation, "organisation")
        label, entity = self.entity_at(token.start)
        if label == "PERSON":
            return Name(self.person(entity), "person")
        if token.pos in ("PRON", "DET"):
            return self._pronoun(lower, speaking)
        if lemma in words("reference", "owned") and (owner := self._owner(tree, index, speaking)).text:
            return Name(owner.text, owner.sort, phrase(tree, index))
        if lemma in words("reference", "organisations") and self._definite(tree, index):
            return self._reference(tree, index)
        if label in ("GPE", "NORP", "LOC") and token.pos == "PROPN":
            return Name(entity, "place")
        return Name(phrase(tree, index), "words")

    def person(self, name: str) -> str:
        """The fullest form of a person's name."""
        family = name.split()[-1] if name else ""
        return self.people.get(family, name)

    def _pronoun(self, lower: str, speaking: str) -> Name:
        if lower in words("reference", "pronouns"):
            name = speaking or self.last_organisation
            return Name(name, "organisation") if name else Name(lower, "unresolved")
        if lower in words("reference", "persons") and self.last_person:
            return Name(self.last_person, "person")
        return Name(lower, "unresolved")

    def _owner(self, tree: Tree, index: int, speaking: str) -> Name:
        """Whose the thing at ``index`` is: "Acme's profit", "Acme shares", "shares of Acme", "its profit"."""
        for child in tree.children[index]:
            token = tree.tokens[child]
            if token.dep == "poss":
                name = self.name(tree, child, speaking)
                return name if name.sort in ("organisation", "person") else NOBODY
            if token.dep in ("compound", "nmod", "amod") and (
                organisation := self.organisation_at(Span(token.start, token.end))
            ):
                return Name(organisation, "organisation")
        for child in tree.children[index]:
            if tree.tokens[child].dep == "prep" and tree.tokens[child].text.lower() in (
                "of",
                "at",
                "in",
                "from",
                "for",
            ):
                inner = tree.child(child, "pobj")
                if inner is not None and (
                    organisation := self.organisation_at(Span(tree.tokens[inner].start, tree.tokens[inner].end))
                ):
                    return Name(organisation, "organisation")
        return NOBODY

    def _definite(self, tree: Tree, index: int) -> bool:
        determiner = tree.child(index, "det", "poss")
        return determiner is not None and tree.tokens[determiner].text.lower() in ("the", "this", "that")

    def _reference(self, tree: Tree, index: int) -> Name:
        """ "The company": the organisation named in the phrase's apposition, else the last one that was a subject."""
        beside = tree.child(index, "appos")
        if beside is not None:
            token = tree.tokens[beside]
            if organisation := self.organisation_at(Span(token.start, token.end)):
                return Name(organisation, "organisation")
        if self.last_organisation:
            return Name(self.last_organisation, "organisation")
        return Name(phrase(tree, index), "unresolved")

    def note(self, name: Name) -> None:
        """Remember who was last a subject or a speaker."""
        if name.sort == "organisation":
            self.last_organisation = name.text
        elif name.sort == "person":
            self.last_person = name.text


def phrase(tree: Tree, index: int) -> str:
    """The noun phrase at ``index`` without determiner, clauses, appositions and coordination, white space folded."""
    loose = {
        child
        for item in tree.under(index)
        for child in tree.children[item]
        if tree.tokens[child].dep in _LOOSE
        and not (tree.tokens[child].dep == "punct" and tree.tokens[child].tag == "HYPH")
    }
    for child in tree.children[index]:
        if tree.tokens[child].dep in ("det", "poss") and tree.tokens[child].pos in ("DET", "PRON"):
            loose.add(child)
    indices = tree.under(index, loose)
    text, end = "", tree.tokens[indices[0]].start
    for item in indices:
        token = tree.tokens[item]
        text += (" " if token.start > end and text else "") + token.text
        end = token.end
    return _folded(text)


def _folded(text: str) -> str:
    return " ".join(text.split())
