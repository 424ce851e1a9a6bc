"""Noun phrases: what a phrase says in words, and how it is built."""

from extract.kinds.claim.clauses import Tree
from extract.kinds.claim.cues import words

_LOOSE = ("relcl", "acl", "appos", "advcl", "cc", "conj", "punct", "parataxis", "ccomp", "advmod", "predet")


def phrase(tree: Tree, index: int, *, owned: bool = False) -> str:
    """The noun phrase at ``index`` without determiner, numbers, times, clauses, appositions and coordination.

    ``owned``: without its possessor either.
    """
    loose = {
        child
        for item in tree.under(index)
        for child in tree.children[item]
        if tree.tokens[child].dep in _LOOSE and not _within_word(tree, child) and not _ampersand(tree, child)
    }
    loose |= {
        child
        for child in tree.children[index]
        if (tree.tokens[child].dep in ("det", "poss") and (owned or tree.tokens[child].pos in ("DET", "PRON")))
        or (tree.tokens[child].dep in ("nummod", "quantmod") and tree.tokens[index].pos != "PROPN")
        or tree.tokens[child].dep == "npadvmod"
        or (tree.tokens[child].dep == "prep" and _numbered(tree, child))
    }
    text, end = "", -1
    for item in tree.under(index, loose):
        token = tree.tokens[item]
        text += (" " if token.start > end and text else "") + token.text
        end = token.end
    return folded(text).removeprefix("The ").removeprefix("the ")


def _numbered(tree: Tree, index: int) -> bool:
    """Whether a prepositional phrase holds a number or a time: "for the quarter", "of 10 million"."""
    return any(
        tree.tokens[item].pos == "NUM" or tree.tokens[item].lemma.lower() in words("reference", "times")
        for item in tree.under(index)
    )


def _ampersand(tree: Tree, index: int) -> bool:
    """Whether a token is joined by "&" within a name: "Standard & Poor's"."""
    token = tree.tokens[index]
    return token.text == "&" or (
        token.dep == "conj" and any(tree.tokens[i].text == "&" for i in tree.children[token.head])
    )


def _within_word(tree: Tree, index: int) -> bool:
    """Whether a token belongs to a hyphenated word or to "second-largest"."""
    token = tree.tokens[index]
    before = tree.tokens[index - 1].end == token.start if index else False
    after = index + 1 < len(tree.tokens) and tree.tokens[index + 1].start == token.end
    return (token.dep == "punct" and token.text in "-–&/" and before and after) or (
        token.dep == "advmod" and after and tree.tokens[index + 1].text in "-–"
    )


def definite(tree: Tree, index: int) -> bool:
    """Whether the phrase begins with "the": "the lender", "the world's largest lender"."""
    before = [item for item in tree.under(index) if item <= index]
    return tree.tokens[before[0]].text.lower() in ("the", "this", "that")


def whole_of(tree: Tree, index: int) -> int | None:
    """What "80 percent of", "a number of", "one of" are of."""
    of = next((i for i in tree.children[index] if tree.tokens[i].text.lower() == "of"), None)
    return tree.child(of, "pobj") if of is not None else None


def folded(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
