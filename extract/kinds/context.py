"""What the words around an amount say of it: a range or a move from one to another, about or at least.

The word lists stand in context.toml. All functions read the text in lower case (``numbers.lowered``), at offsets
of its code points, and look at a bounded stretch of it.
"""

import re
from itertools import pairwise

from extract.kinds.data import data
from extract.kinds.numbers import Number
from extract.model import Modifier

_DATA = data(__package__, "context.toml")
_CHANGE, _MOVED, _RANGE = (frozenset(_DATA[name]["words"].split()) for name in ("change", "moved", "range"))
_CONNECTOR = re.compile(r"\s{0,2}(?P<dash>[-–—~]|--)\s{0,2}|\s{1,2}(?P<word>to|and|or|through)\s{1,2}")


def connector(low: str, left_end: int, right_start: int) -> str:
    """What joins two numbers: ``-`` for any dash, ``to``, ``and``, ``or``; empty when it is anything else."""
    if not 0 < right_start - left_end <= 11:
        return ""
    match = _CONNECTOR.fullmatch(low, left_end, right_start)
    if match is None:
        return ""
    return "-" if match["dash"] else "to" if match["word"] == "through" else match["word"]


def is_year(low: str, number: Number) -> bool:
    """Whether the number is written as years are: four bare digits from 1900 to 2099."""
    written = low[number.start : number.end]
    return len(written) == 4 and written.isdecimal() and "1900" <= written < "2100"


def says_between(low: str, start: int) -> bool:
    """Whether "between" stands right before ``start``, a modifier aside."""
    return "between" in low[max(0, start - 22) : start].split()[-3:]


def is_change(low: str, start: int) -> bool:
    """Whether "X to Y" with X at ``start`` tells a move from one value to another, not a range.

    It does after "by" ("by 60 billion pounds to 402 billion"), and after "from" where the clause speaks of
    rising, falling, cutting and not of a range.
    """
    words = _clause(low, start)
    if words and words[-1] == "by":
        return True
    if "from" not in words[-3:] or not _RANGE.isdisjoint(words):
        return False
    changes = [place for place, word in enumerate(words) if word in _CHANGE]
    if not changes:
        return False
    # "raised its forecast to $5-$6 from $4 to $5": what follows the "to" was the move; this is a range.
    since = words[changes[-1] :]
    return not any(word == "to" and any(map(str.isdecimal, after)) for word, after in pairwise(since))


def is_move(low: str, start: int) -> bool:
    """Whether the amount at ``start`` says how far something rose or fell: "fell 12 pence to 345 pence"."""
    words = low[max(0, start - 24) : start].split()
    while words and words[-1] in _LAST_WORDS and words[-1] not in _MOVED:
        words.pop()
    return bool(words) and words[-1] in _MOVED


def says_from(low: str, start: int) -> bool:
    """Whether "from" stands before ``start``, and nothing in the clause says that a range follows."""
    words = _clause(low, start)
    return "from" in words[-3:] and _RANGE.isdisjoint(words)


def _clause(low: str, start: int) -> list[str]:
    before = low[max(0, start - 90) : start]
    for stop in (". ", "\n\n", "; "):
        before = before[before.rfind(stop) + 1 :]
    return before.split()


_MODIFIERS: dict[str, Modifier] = {
    phrase.strip(): name
    for name, phrases in _DATA["modifiers"].items()
    for phrase in phrases.replace("\n", "/").split("/")
}
_LONGEST_MODIFIER = max(len(phrase.split()) for phrase in _MODIFIERS)
_LAST_WORDS = frozenset(phrase.split()[-1] for phrase in _MODIFIERS) | {"a", "an", "just"}
_NO_MEASURE = frozenset(_DATA["no-measure"]["words"].split())
_CLAUSE_END = r"(?=[.,;:)\]]|$)"
_AFTER = re.compile(
    rf"(?P<at_least>[ -]or (?:more|higher|above|better)\b(?! than)|-plus\b|\+| plus{_CLAUSE_END}| and (?:up|above)\b"
    rf"| at (?:the )?(?:very )?least{_CLAUSE_END}| minimum\b)"
    rf"|(?P<at_most>[ -]or (?:less|fewer|lower|below|under)\b(?! than)| at (?:the )?most{_CLAUSE_END}| maximum\b)"
    r"|(?P<about> or so\b| or thereabouts\b)"
)


def modifier(low: str, start: int, end: int) -> Modifier:
    """How the words around the amount at ``[start, end)`` qualify it, in the vocabulary of the guidelines.

    "nearly", "almost" and "close to" are ``about``; "exceeded" and "more than" ``over``; "or more" ``at_least``.
    """
    words = [word.lstrip("([\"'“‘") for word in low[max(0, start - 40) : start].split()[-_LONGEST_MODIFIER - 2 :]]
    if words and words[-1] in _LAST_WORDS and low[start - 1].isspace():
        if words[-1] in {"a", "an", "just"} and len(words) > 1:
            words.pop()
        for length in range(min(_LONGEST_MODIFIER, len(words)), 0, -1):
            found = _MODIFIERS.get(" ".join(words[-length:]))
            if found and not (length <= 2 and words[-length - 1 : -length] and words[-length - 1] in _NO_MEASURE):
                return found
            if found:
                break
    if low[end : end + 1] in {" ", "-", "+"} and (match := _AFTER.match(low, end)):
        return match.lastgroup  # type: ignore[return-value]
    return ""
