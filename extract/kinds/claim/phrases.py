"""Noun phrases: what a phrase says in words, and how it is built."""

from extract.kinds.claim.clauses import Tree
from extract.kinds.claim.cues import words

_LOOSE = frozenset({"relcl", "acl", "appos", "advcl", "cc", "conj", "punct", "parataxis", "ccomp", "advmod", "predet"})


def phrase(tree: Tree, index: int, *, owned: bool = False) -> str:
    """The noun phrase at ``index`` without determiner, numbers, times, clauses, appositions and coordination.

    ``owned``: without its possessor either.
    """
    if (index, owned) not in tree.phrases:
        tree.phrases[index, owned] = _phrase(tree, index, owned=owned)
    return tree.phrases[index, owned]


def _phrase(tree: Tree, index: int, *, owned: bool) -> str:
    loose = {
        below
        for below in tree.under(index)
        if tree.deps[below] in _LOOSE
        and below != index
        and not _within_word(tree, below)
        and not _ampersand(tree, below)
    }
    loose |= {
        child
        for child in tree.children[index]
        if (tree.deps[child] in ("det", "poss") and (owned or tree.tokens[child].pos in ("DET", "PRON")))
        or (tree.deps[child] in ("nummod", "quantmod") and tree.tokens[index].pos != "PROPN")
        or tree.deps[child] == "npadvmod"
        or (tree.deps[child] == "prep" and _numbered(tree, child))
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
        tree.tokens[item].pos == "NUM" or tree.lemmas[item] in words("reference", "times") for item in tree.under(index)
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
    return tree.texts[tree.under(index)[0]] in ("the", "this", "that")


def whole_of(tree: Tree, index: int) -> int | None:
    """What "80 percent of", "a number of", "one of" are of."""
    of = next((child for child in tree.children[index] if tree.texts[child] == "of"), None)
    return tree.child(of, "pobj") if of is not None else None


def folded(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
