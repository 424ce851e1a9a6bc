"""How the tagger sees a text: words, their shapes and word pieces, and windows of them.

The training sees texts through the same functions, so that both read alike.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# A run of letters and digits, or one sign: where the encoder's own tokenizer cuts, too.
WORD = re.compile(r"[^\W_]+|[^\w\s]|_")

# Pieces of a window without its first mark; the encoder was made for short passages.
WINDOW = 127

# Of a longer word only so many characters and pieces are seen.
LONGEST_WORD = 64
MOST_PIECES = 12

_SHAPES = ("mark", "lower", "Title", "UPPER", "U", "CamelCase", "lowerCamel", "digits", "letters and digits", "sign")
SHAPES = 2 * len(_SHAPES)  # each after white space, or glued to what stands before
_GLUED_SIGN = 2 * _SHAPES.index("sign") + 1

# A letter for each shape: c where there may be a capital, d digits, o any other; in upper case after white space.
_LETTERS = "".join(letter.upper() + letter for letter in "oocccccdco")
_CAPITAL, _OTHER = "(?:C[cdo]*|[DO][do]*c[cdo]*)", "[DO][do]*"
_DIGITS = "(?:D[do]*)?"
_NAMED = re.compile(f"{_DIGITS}{_CAPITAL}(?:(?:{_OTHER}){{0,3}}{_CAPITAL})*{_DIGITS}")


class Word(NamedTuple):
    """A word as the encoder takes it: its pieces, and its shape as an index below SHAPES."""

    pieces: tuple[int, ...]
    shape: int


class Window(NamedTuple):
    """A stretch of a document for one pass: pieces and shapes from the first mark to the last.

    ``firsts`` are the places, in the window, of the first piece of each of its words, ``start`` is the
    number of its first word in the document: the words of windows follow each other without a gap.
    ``named`` tells of each of its words whether it may be of a name.
    """

    pieces: list[int]
    shapes: list[int]
    firsts: list[int]
    start: int
    named: list[bool]

    def arrays(self) -> dict[str, NDArray[np.int64]]:
        """What the network takes: ``pieces``, ``shapes``, ``firsts`` and which of them go how far.

        ``kept`` are the places of the pieces that go all the way: the marks and the words that may be of a name.
        ``rest`` are the places of the others, ``named`` the numbers of those words as a column, and ``heads`` the
        places, in ``kept``, of their first pieces.
        """
        pieces, shapes, firsts = (np.array(values, np.int64) for values in (self.pieces, self.shapes, self.firsts))
        named = np.array(self.named, bool)
        stay = np.ones(len(pieces), bool)
        stay[firsts[~named]] = False  # a word of several pieces may be of a name
        heads = (stay.cumsum() - 1)[firsts[named]]
        return {
            "pieces": pieces,
            "shapes": shapes,
            "firsts": firsts,
            "kept": np.flatnonzero(stay),
            "rest": firsts[~named],
            "heads": heads,
            "named": np.flatnonzero(named)[:, None],
        }


Reader = Callable[[str, bool], Word]


def reader(tokenizer: Tokenizer) -> Reader:
    """What gives the ``Word`` of a string, given whether white space stands before it."""
    (unknown,) = tokenizer.encode("[UNK]", add_special_tokens=False).ids

    @lru_cache(maxsize=1 << 16)
    def read(word: str, spaced: bool) -> Word:
        pieces = tokenizer.encode(word, add_special_tokens=False).ids[:MOST_PIECES] or [unknown]
        return Word(tuple(pieces), 2 * _SHAPES.index(_shape(word)) + (not spaced))

    return read


def marks(tokenizer: Tokenizer) -> tuple[int, int]:
    """The marks that begin a window and end each of its blocks."""
    first, last = tokenizer.encode("").ids
    return first, last


def words(text: str) -> list[tuple[int, int]]:
    """The span of each word of ``text``, in order.

    >>> [text[a:b] for text in ["Acme's U.S. arm"] for a, b in words(text)]
    ['Acme', "'", 's', 'U', '.', 'S', '.', 'arm']
    """
    return [match.span() for match in WORD.finditer(text)]


def read_block(read: Reader, text: str, spans: Iterable[tuple[int, int]]) -> list[Word]:
    """The words at ``spans`` of ``text``; the first counts as standing after white space."""
    last = -1
    block = []
    for start, end in spans:
        block.append(read(text[start : min(end, start + LONGEST_WORD)], start != last))
        last = end
    return block


def windows(blocks: Iterable[Sequence[Word]], first: int, last: int, size: int = WINDOW) -> Iterator[Window]:
    """The words of a document's blocks in windows of at most ``size`` pieces and the mark ``first``.

    A window holds as many whole blocks as it can, a mark ``last`` after each; a block that is longer than a
    window is cut after a sign in the window's second half, if there is one with white space after it.
    """
    pieces, shapes, firsts, named, start, count = [first], [0], list[int](), list[bool](), 0, 0
    for part in (part for block in blocks if block for part in _parts(block, size - 1)):
        if firsts and len(pieces) + sum([len(word.pieces) for word in part]) > size:
            yield Window(pieces, shapes, firsts, start, named)
            pieces, shapes, firsts, named, start = [first], [0], [], [], count
        for word in part:
            firsts.append(len(pieces))
            pieces.extend(word.pieces)
            shapes.extend([word.shape] * len(word.pieces))
        named.extend(may_be_named(part))
        count += len(part)
        pieces.append(last)
        shapes.append(0)
    if firsts:
        yield Window(pieces, shapes, firsts, start, named)


def may_be_named(part: Sequence[Word]) -> list[bool]:
    """Which words may be of a name, by their letters; few names hold no capital.

    Those in stretches between white space that hold a capital, in up to three stretches between two of these, and
    in digits before the first or behind the last; and rare words, that is, those of several pieces.
    """
    letters = "".join([_LETTERS[word.shape] for word in part])
    found = [len(word.pieces) > 1 for word in part]
    for match in _NAMED.finditer(letters[0].upper() + letters[1:]):
        found[match.start() : match.end()] = [True] * len(match[0])
    return found


def _parts(block: Sequence[Word], size: int) -> Iterator[Sequence[Word]]:
    """``block``, not empty, in parts of at most ``size`` pieces."""
    if sum([len(word.pieces) for word in block]) <= size:
        yield block
        return
    begin = room = stop = 0
    for index, word in enumerate(block):
        if word.shape % 2 == 0 and block[index - 1].shape == _GLUED_SIGN and 2 * room > size:
            stop = index
        if room + len(word.pieces) > size:
            cut = stop if stop > begin else index
            yield block[begin:cut]
            room = sum(len(word.pieces) for word in block[cut:index])
            begin = cut
        room += len(word.pieces)
    yield block[begin:]


def _shape(word: str) -> str:
    if not word[0].isalnum():
        return "sign"
    if word.isdigit():
        return "digits"
    if not word.isalpha():
        return "letters and digits"
    if word.isupper():
        return "UPPER" if len(word) > 1 else "U"
    if word[1:] == word[1:].lower():
        return "lower" if word[0] == word[0].lower() else "Title"
    return "CamelCase" if word[0].isupper() else "lowerCamel"
