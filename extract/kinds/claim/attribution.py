"""Attribution: to whom a clause is attributed.

A speaker is the subject of a speech verb that governs the clause, the name after "according to", or, inside
a quotation that runs over several sentences, the speaker of the sentence that names one.
"""

from collections.abc import Sequence

from extract.kinds.claim.clauses import Clause, Tree, predicate
from extract.kinds.claim.cues import words
from extract.model import Sentence

# A quotation is followed over at most so many sentences: a mark that was never closed must not reach far.
LONGEST_QUOTATION = 6


def speaker(clause: Clause) -> int | None:
    """The token that names the speaker of ``clause`` within its sentence."""
    tree = clause.tree
    for index in reversed(clause.governors):
        verb = predicate(tree, index)
        if verb in words("speech", "verbs") or verb in words("speech", "expecting"):
            found = speech_subject(tree, index)
            if found is not None:
                return found
    return _according(clause) or _after_colon(clause)


def speech_subject(tree: Tree, index: int) -> int | None:
    """Who says what the verb at ``index`` governs: its subject, or its agent in the passive."""
    subject = tree.child(index, "nsubj")
    if subject is not None:
        return subject
    by = tree.child(index, "agent")
    if by is not None:
        return tree.child(by, "pobj")
    token = tree.tokens[index]
    if token.dep in ("conj", "xcomp", "advcl") and token.head != index:
        return speech_subject(tree, token.head) if tree.deps[token.head] != token.dep else None
    return None


def sentence_speaker(tree: Tree) -> int | None:
    """The subject of the first speech verb of a sentence, if any."""
    speech = words("speech", "verbs")
    for index, lemma in enumerate(tree.lemmas):
        if lemma in speech and tree.tokens[index].pos == "VERB":
            found = tree.child(index, "nsubj")
            if found is not None:
                return found
    return None


def quoted(text: str, sentences: Sequence[Sentence]) -> list[bool]:
    """Whether each sentence stands in quotation marks from its start; an empty line ends a quotation."""
    found: list[bool] = []
    inside, end, since = False, 0, 0
    for sentence in sentences:
        start, stop = sentence.span
        if inside and (_blank_line(text, end, start) or since >= LONGEST_QUOTATION):
            inside = False
        found.append(inside or text[start] in '"“')
        since = since + 1 if inside else 0
        for mark in text[start:stop]:
            if mark == '"':
                inside = not inside
            elif mark in "“”":
                inside = mark == "“"
        end = stop
    return found


def _blank_line(text: str, start: int, end: int) -> bool:
    return text.count("\n", start, end) > 1


def _according(clause: Clause) -> int | None:
    """The name after "according to", unless the clause stands inside a relative clause that it does not reach."""
    tree = clause.tree
    if "according" not in tree.texts:
        return None
    for index, text in enumerate(tree.texts):
        if text == "according":
            if clause.relative and index not in clause.own:
                continue
            to = tree.child(index, "prep")
            found = tree.child(to if to is not None else index, "pobj")
            if found is not None:
                return found
    return None


def _after_colon(clause: Clause) -> int | None:
    """Who is named at the end of a headline: "Acme to buy Ajax: sources"."""
    tokens, texts = clause.tree.tokens, clause.tree.texts
    if ":" not in texts:
        return None
    colons = [index for index, text in enumerate(texts) if text == ":" and index > clause.head]
    if not colons or tokens[-1].pos not in ("NOUN", "PROPN") or not 0 < len(tokens) - 1 - colons[-1] <= 3:
        return None
    return len(tokens) - 1
