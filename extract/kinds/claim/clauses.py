"""Clauses: what a sentence's parse offers as propositions.

A clause is a predicate with its subject, its object and the tokens that are its own. Predicates that
only colour another ("said that", "plans to", "is expected to") are no clauses: they travel along as
the ``governors`` of the clause they colour, where attribution and modality look for them.

The labels are the CLEAR-style dependencies that spaCy's English models speak (ClearNLP guidelines,
Choi and Palmer 2012). Everything works on token indices within one sentence.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from extract.model import Sentence, Span, Token

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_OBJECTS = ("dobj", "attr", "oprd", "acomp")
# After an object these begin what it does, not the subject: "kept Acme from selling", "accused Acme of bribing".
_OF_THE_OBJECT = ("from", "of", "into")
_RELATIVE = ("which", "that", "who", "whom", "whose", "what")
# Words that make one predicate with these verbs, besides particles.
_RESULTS = {
    "be": ("up", "down", "higher", "lower", "offline"),
    "go": ("public", "private", "bankrupt", "online", "offline", "live", "bust", "down", "up"),
    "take": ("public", "private"),
    "send": ("up", "down", "higher", "lower"),
}
# Instrument codes as wire stories print them: "GOOG.O", ".DJI".
_CODE = re.compile(r"\.[A-Z][A-Z0-9]{1,6}|[A-Z0-9]{2,6}\.[A-Z]{1,2}")
_START = attrgetter("start")
_RANKS = frozenset({"top", "leading", "no.", "no.1", "no.2", "no.3", "sole", "first"})

# How deep a clause may lie in others: far more than prose does, and a bound for the recursion on hostile input.
DEEPEST = 40


class Tree:
    """A sentence's dependency tree: children in order, and the tokens under a token.

    ``texts`` and ``lemmas`` are those of the tokens in lower case, ``deps`` their labels.
    """

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.texts = [token.text.lower() for token in self.tokens]
        self.lemmas = [token.lemma.lower() for token in self.tokens]
        self.deps = [token.dep for token in self.tokens]
        self.children: list[list[int]] = [[] for _ in self.tokens]
        self.roots: list[int] = []
        self.predicates: dict[int, str] = {}  # those asked for so far
        self.branches: dict[int, Sequence[int]] = {}  # likewise
        self.phrases: dict[tuple[int, bool], str] = {}  # likewise
        for index, token in enumerate(self.tokens):
            (self.roots if token.head == index else self.children[token.head]).append(index)

    def child(self, index: int, *deps: str) -> int | None:
        """The first child with one of ``deps``."""
        for child in self.children[index]:
            if self.deps[child] in deps:
                return child
        return None

    def under(self, index: int, without: Collection[int] = ()) -> Sequence[int]:
        """``index`` and all tokens below it, in order, leaving out the branches of ``without``."""
        if not without and index in self.branches:
            return self.branches[index]
        reached = [index]
        for item in reached:
            if below := self.children[item]:
                reached += [child for child in below if child not in without] if without else below
        reached.sort()
        if not without:
            self.branches[index] = reached
        return reached

    def conjuncts(self, index: int) -> list[int]:
        """``index`` and what is coordinated with it (or stands in a list after it), in order."""
        chain = [index]
        for item in chain:
            chain += [child for child in self.children[item] if self.deps[child] == "conj"]
        return chain

    def at(self, offset: int) -> int | None:
        """The token that holds the text's ``offset``."""
        index = bisect_right(self.tokens, offset, key=_START) - 1
        return index if index >= 0 and offset < self.tokens[index].end else None


class Clause(NamedTuple):
    """A predicate (``head``) with its parts as token indices of ``tree``.

    ``agent`` acts and ``patient`` is acted upon, whatever the voice. ``governors`` are the predicates and
    nouns that colour the clause, outermost first. ``own`` holds its tokens without those of other clauses.
    """

    tree: Tree
    head: int
    agent: int | None
    patient: int | None
    passive: bool
    governors: tuple[int, ...]
    relative: bool
    own: frozenset[int] = frozenset()

    @property
    def token(self) -> Token:
        """The predicate."""
        return self.tree.tokens[self.head]

    @property
    def apposition(self) -> bool:
        """Whether it says by a noun beside a name what the named is: "Acme, a unit of Ajax"."""
        return self.head == self.patient

    @property
    def verb(self) -> str:
        """The predicate's lemma with its particle."""
        return "be" if self.apposition else predicate(self.tree, self.head)

    @property
    def subject(self) -> int | None:
        """The grammatical subject."""
        return self.patient if self.passive else self.agent


def within(sentence: Sentence, span: Span) -> Sentence:
    """The sentence cut to ``span`` and without exchange codes; what hung on a lost word takes its place in the tree."""
    kept = [
        index
        for index, token in enumerate(sentence.tokens)
        if span.start <= token.start
        and token.end <= span.end
        and not ("." in token.text and _CODE.fullmatch(token.text))
    ]
    if not kept or len(kept) == len(sentence.tokens):
        return sentence
    place = {index: new for new, index in enumerate(kept)}
    heirs: dict[int, int] = {}
    tokens = []
    for index in kept:
        token, above = sentence.tokens[index], sentence.tokens[index].head
        if above not in place:
            while above not in place and sentence.tokens[above].head != above:
                lost, above = above, sentence.tokens[above].head
                token = token._replace(dep=sentence.tokens[lost].dep)
            if above not in place:
                above = heirs.setdefault(above, index)
                token = token._replace(dep="ROOT" if above == index else "dep")
        tokens.append(token._replace(head=place[above]))
    return Sentence(Span(tokens[0].start, tokens[-1].end), tuple(tokens))


def predicate(tree: Tree, index: int) -> str:
    """The lemma of a predicate with its particle: ``take over``, ``set up``, ``be down``."""
    if index not in tree.predicates:
        tree.predicates[index] = _predicate(tree, index)
    return tree.predicates[index]


def _predicate(tree: Tree, index: int) -> str:
    lemma = tree.lemmas[index]
    for child in tree.children[index]:
        text = tree.texts[child]
        if tree.deps[child] == "prt" or text in _RESULTS.get(lemma, ()):
            return f"{lemma} {text}"
    return lemma


def superlative(tree: Tree, index: int) -> bool:
    """Whether the noun at ``index`` is ranked: "the second-largest maker", "a top 20 school", "one of the biggest"."""
    if tree.texts[index] == "one":
        of = tree.child(index, "prep")
        whole = tree.child(of, "pobj") if of is not None else None
        return whole is not None and _ranked(tree, whole)
    return _ranked(tree, index)


def _ranked(tree: Tree, index: int) -> bool:
    modifiers = [child for child in tree.children[index] if tree.deps[child] in ("amod", "nummod", "compound")]
    near = [*modifiers, *(below for child in modifiers for below in tree.children[child])]
    return tree.tokens[index].tag == "JJS" or any(
        tree.tokens[item].tag == "JJS" or tree.texts[item] in _RANKS for item in near
    )


@dataclass(frozen=True, slots=True)
class Colouring:
    """The lemmas of predicates and nouns that colour their complement instead of stating something themselves."""

    verbs: frozenset[str]
    speech: frozenset[str]
    adjectives: frozenset[str]
    nouns: frozenset[str]
    ways: frozenset[str]
    light: frozenset[str]
    kin: frozenset[str]
    deeds: frozenset[str]


def clauses(tree: Tree, colouring: Colouring) -> list[Clause]:
    """The clauses of a sentence, in the order of their predicates."""
    found: dict[int, Clause] = {}
    for root in tree.roots:
        for clause in _Walk(tree, colouring).visit(root, None, (), relative=False, depth=0):
            found.setdefault(clause.head, clause)
    for clause in _deeds(tree, colouring):
        found.setdefault(clause.head, clause)
    heads = found.keys()
    return [clause._replace(own=frozenset(_own(tree, found[head], heads))) for head, clause in sorted(found.items())]


def _deeds(tree: Tree, colouring: Colouring) -> Iterator[Clause]:
    """What a noun with an owner and a thing states by itself: "Acme's stake in Ajax", "its purchase of Ajax"."""
    for index, lemma in enumerate(tree.lemmas):
        if lemma in colouring.deeds:
            owner, of = tree.child(index, "poss"), tree.child(index, "prep")
            thing = tree.child(of, "pobj") if of is not None and tree.texts[of] in ("of", "in") else None
            if owner is not None and thing is not None:
                yield Clause(tree, index, owner, thing, passive=False, governors=(), relative=True)


def _own(tree: Tree, clause: Clause, heads: Collection[int]) -> set[int]:
    """The tokens below the predicate and below its subject, other clauses left out."""
    others = [head for head in heads if head != clause.head]
    own = set(tree.under(clause.head, others))
    subject = clause.subject
    if subject is not None and subject not in own and not clause.relative:
        own |= set(tree.under(subject, heads))
    return own


class _Walk:
    """One walk down a tree."""

    def __init__(self, tree: Tree, colouring: Colouring) -> None:
        self.tree = tree
        self.colouring = colouring

    def visit(
        self, index: int, inherited: int | None, governors: tuple[int, ...], *, relative: bool, depth: int
    ) -> Iterator[Clause]:
        """The clauses of the predicate ``index`` and of all below it."""
        if depth > DEEPEST:
            return
        tree, tokens = self.tree, self.tree.tokens
        token = tokens[index]
        if token.pos not in ("VERB", "AUX"):
            yield from self._nominal(index, governors, relative=relative, depth=depth)
            return
        passive = tree.child(index, "nsubjpass", "auxpass", "csubjpass") is not None or (
            token.dep in ("acl", "ROOT", "amod") and token.tag == "VBN" and tree.child(index, "aux", "nsubj") is None
        )
        subject = tree.child(index, *_SUBJECTS)
        if subject is None or (inherited is not None and tree.texts[subject] in _RELATIVE):
            subject = inherited
        complement = self._complement(index)
        if complement is None:
            yield self._clause(index, subject, governors, passive=passive, relative=relative)
        yield from self._below(index, subject, governors, complement, passive=passive, relative=relative, depth=depth)

    def _below(
        self,
        index: int,
        subject: int | None,
        governors: tuple[int, ...],
        complement: int | None,
        *,
        passive: bool,
        relative: bool,
        depth: int,
    ) -> Iterator[Clause]:
        tree, tokens = self.tree, self.tree.tokens
        branch = self._path(index, complement)[1] if complement is not None else None
        for child in tree.children[index]:
            dep = tree.deps[child]
            if dep == "conj" and tokens[child].pos in ("VERB", "AUX"):
                own_subject = tree.child(child, *_SUBJECTS) is not None
                outer = governors if not own_subject or tree.deps[index] != "ROOT" else ()
                yield from self.visit(child, subject, outer, relative=relative, depth=depth + 1)
            elif complement is not None and child == branch:
                path = [item for item in self._path(index, complement) if item != complement]
                controller = self._controller(index, subject, complement, passive=passive)
                yield from self.visit(complement, controller, (*governors, *path), relative=False, depth=depth + 1)
                yield from self._inside(child, subject, governors, complement, depth=depth)
            elif dep in ("ccomp", "advcl", "parataxis", "pcomp", "xcomp") and tokens[child].pos in ("VERB", "AUX"):
                if dep == "xcomp" and complement is None and tree.child(child, *_SUBJECTS) is None:
                    yield from self._inside(child, subject, governors, None, depth=depth)
                    continue
                outer = governors if dep in ("xcomp", "ccomp") else self._inherit(governors)
                yield from self.visit(child, subject, outer, relative=False, depth=depth + 1)
            else:
                doer = self._doer(index, child, subject)
                yield from self._inside(child, doer, governors, complement, depth=depth)

    def _doer(self, index: int, child: int, subject: int | None) -> int | None:
        """Who does what the gerund after the preposition ``child`` of the verb ``index`` says."""
        if self.tree.texts[child] not in _OF_THE_OBJECT or self.tree.child(child, "pcomp") is None:
            return subject
        target = self.tree.child(index, "dobj")
        return target if target is not None else subject

    def _inherit(self, governors: tuple[int, ...]) -> tuple[int, ...]:
        """Adverbial clauses below a spoken clause are spoken too; plans and hopes do not reach them."""
        return tuple(item for item in governors if self.tree.lemmas[item] in self.colouring.speech)

    def _inside(
        self, index: int, subject: int | None, governors: tuple[int, ...], complement: int | None, *, depth: int
    ) -> Iterator[Clause]:
        """Relative and participle clauses, and other predicates, somewhere below a branch that is no clause itself."""
        tree, tokens = self.tree, self.tree.tokens
        queue = [index]
        while queue:
            item = queue.pop()
            token, dep = tokens[item], tree.deps[item]
            if item == complement:
                continue
            if dep in ("relcl", "acl") and token.pos in ("VERB", "AUX"):
                noun = self._nearest(token.head, item)
                infinitive = token.tag == "VB"
                if infinitive and tree.lemmas[noun] not in self.colouring.nouns:
                    queue += tree.children[item]
                    continue
                if infinitive:
                    owner = tree.child(noun, "poss")
                    owner = subject if owner is None else owner
                    yield from self.visit(item, owner, (*governors, noun), relative=False, depth=depth + 1)
                else:
                    yield from self.visit(item, noun, (), relative=True, depth=depth + 1)
            elif dep == "appos" and token.pos == "NOUN" and self._tells(item):
                yield Clause(tree, item, token.head, item, passive=False, governors=(), relative=True)
                queue += tree.children[item]
            elif dep in ("advcl", "ccomp", "parataxis", "pcomp", "conj") and token.pos in ("VERB", "AUX"):
                outer = self._inherit(governors)
                yield from self.visit(item, subject, outer, relative=False, depth=depth + 1)
            else:
                queue += tree.children[item]

    def _nearest(self, noun: int, clause: int) -> int:
        """Of coordinated nouns the one right before a relative clause in the singular: "Acme and Ajax, which has"."""
        if self.tree.tokens[clause].tag != "VBZ":
            return noun
        return max(item for item in self.tree.conjuncts(noun) if item < clause or item == noun)

    def _tells(self, index: int) -> bool:
        """Whether an apposition states something checkable: a rank, or who belongs to whom."""
        named = self.tree.tokens[self.tree.tokens[index].head].pos == "PROPN"
        return named and (superlative(self.tree, index) or self.tree.lemmas[index] in self.colouring.kin)

    def _nominal(self, index: int, governors: tuple[int, ...], *, relative: bool, depth: int) -> Iterator[Clause]:
        """A sentence without a verb at its head: a headline such as "Profit seen flat", a table-like line."""
        tree, tokens = self.tree, self.tree.tokens
        verb = tree.child(index, "acl", "relcl") if tokens[index].pos in ("NOUN", "PROPN") else None
        if verb is None or tokens[verb].pos != "VERB":
            yield Clause(tree, index, index, None, passive=False, governors=governors, relative=relative)
            for child in tree.children[index]:
                yield from self._inside(child, index, governors, None, depth=depth)
            return
        passive = tokens[verb].tag == "VBN"
        yield self._clause(verb, index, governors, passive=passive, relative=False)
        for child in tree.children[index]:
            if child == verb:
                yield from self._below(verb, index, governors, None, passive=passive, relative=False, depth=depth + 1)
            else:
                yield from self._inside(child, index, governors, None, depth=depth)

    def _clause(
        self, index: int, subject: int | None, governors: tuple[int, ...], *, passive: bool, relative: bool
    ) -> Clause:
        tree = self.tree
        if passive:
            by = tree.child(index, "agent")
            agent = tree.child(by, "pobj") if by is not None else None
            return Clause(tree, index, agent, subject, passive=True, governors=governors, relative=relative)
        patient = tree.child(index, *_OBJECTS)
        if patient is None:  # before an object it is who receives that
            patient = tree.child(index, "dative")
        if tree.child(index, "expl") is not None and patient is not None:
            subject, patient = patient, None
        return Clause(tree, index, subject, patient, passive=False, governors=governors, relative=relative)

    def _complement(self, index: int) -> int | None:
        """The predicate that ``index`` merely colours, if it does: what is said, planned, expected, likely."""
        tree, tokens, colouring = self.tree, self.tree.tokens, self.colouring
        lemma = predicate(tree, index)
        spoken = tree.child(index, "ccomp", "parataxis")
        if lemma in colouring.speech:
            if spoken is None:
                spoken = tree.child(index, "xcomp")
            return spoken if spoken is not None and self._verbal(spoken) else None
        if lemma in colouring.verbs:
            # What one gears up to do hangs on the particle's verb as a purpose.
            inner = tree.child(index, "xcomp", "ccomp", *(("advcl",) if " " in lemma else ()))
            if inner is not None and self._verbal(inner):
                return inner
        if lemma == "be":
            return self._after_be(index)
        if lemma in colouring.light:
            noun = tree.child(index, "dobj", "attr")
            if noun is not None and tree.lemmas[noun] in colouring.nouns:
                verb = tree.child(noun, "acl")
                return verb if verb is not None and tokens[verb].tag == "VB" else None
        return None

    def _after_be(self, index: int) -> int | None:
        """What "is likely to", "is committed to", "is on track to", "is to" colour."""
        tree, tokens, colouring = self.tree, self.tree.tokens, self.colouring
        adjective = tree.child(index, "acomp", "attr")
        if adjective is not None:
            if tree.lemmas[adjective] not in colouring.adjectives:
                return None
            to = tree.child(adjective, "prep")
            gerund = tree.child(to, "pcomp") if to is not None and tree.texts[to] == "to" else None
            return gerund if gerund is not None else tree.child(adjective, "xcomp", "ccomp")
        preposition = tree.child(index, "prep")
        noun = tree.child(preposition, "pobj") if preposition is not None else None
        if noun is not None:
            verb = tree.child(noun, "acl") if tree.lemmas[noun] in colouring.ways else None
            return verb if verb is not None and tokens[verb].tag == "VB" else None
        infinitive = tree.child(index, "xcomp")
        return infinitive if infinitive is not None and tokens[infinitive].tag == "VB" else None

    def _verbal(self, index: int) -> bool:
        token = self.tree.tokens[index]
        return token.pos in ("VERB", "AUX") or self.tree.child(index, *_SUBJECTS) is not None

    def _path(self, index: int, complement: int) -> list[int]:
        path = [complement]
        while path[-1] != index:
            path.append(self.tree.tokens[path[-1]].head)
        return path[::-1]

    def _controller(self, index: int, subject: int | None, complement: int, *, passive: bool) -> int | None:
        """Whose the complement's verb is when it has no subject of its own."""
        if self.tree.deps[complement] != "xcomp" or passive:
            return subject
        target = self.tree.child(index, "dobj")
        return target if target is not None else subject
