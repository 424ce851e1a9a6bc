"""What a number counts: the noun phrase beside it, found by lexical means (vocabulary.toml).

The phrase is up to six words after the number, none of them a function word, the last one a plural. It is
checked, where the sentence was parsed, against the noun that the parser gives the number.
"""

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from extract.kinds import numbers
from extract.kinds.data import data
from extract.kinds.numbers import Number
from extract.model import Reading, Sentence, Token

_DATA = data(__package__, "vocabulary.toml")
WORDS = {name: frozenset(words.split()) for name, words in _DATA["words"].items()}
_INVARIANT = frozenset(_DATA["invariant"]["words"].split())
_IRREGULAR: dict[str, str] = _DATA["irregular"]
_PLURALS = _INVARIANT | frozenset(_IRREGULAR.values())
_ABBREVIATIONS: dict[str, str] = _DATA["abbreviations"]
_NO_HEADS = WORDS["function"] | WORDS["not_counted"] | WORDS["time"]
_NO_WORDS = WORDS["function"] | WORDS["time"]

_LONGEST_PHRASE = 6
_GAP = r"(?:[ \t\u00a0]{1,2}(?:\r?\n[ \t]{0,4})?|\r?\n[ \t]{0,4})"
_WORD = re.compile(
    rf"[\"”]?{_GAP}[\"“]?"
    r"(?P<word>(?:[A-Z]\.){2,3}|[^\W\d_][^\W_]*+(?:[-'’][^\W_]++){0,3}"
    r"|(?P<model>\d{3}(?:-\d{1,4}[A-Z]{0,3})?s?|\d))(?![\w@])(?!\.\d)"
)
_OF = re.compile(rf"{_GAP}of(?={_GAP})")
_HYPHENATED = re.compile(
    rf"(?:-|{_GAP}(?=(?:square|cubic|sq)-))(?P<area>(?:square|cubic|sq)(?:-|{_GAP}))?(?P<noun>[a-z]{{2,20}})(?=(?:-|,?{_GAP})[^\W_])"
)
_AFTER_NUMBER = re.compile(r"-(?:odd|plus)\b")
_VOWELS = frozenset("aeiou")


class Phrase(NamedTuple):
    """What is counted: the rule that read it, its unit, what is doubtful about it (or empty), and where it ends."""

    rule: str
    unit: str
    doubt: str
    end: int


def phrase(reading: Reading, low: str, number: Number) -> Phrase | None:
    """What the number counts; None where that cannot be told."""
    text, at = reading.text, number.end
    if not number.open_ended and low.startswith(" times", at) and not low[at + 6 : at + 7].isalnum():
        return Phrase("times", "times", "", at + 6) if text[at + 1] == "t" else None
    if number.value <= 1 and ((found := _single(reading, low, number)) or number.words):
        return found
    if found := _hyphenated(low, number):
        return found
    if after := _AFTER_NUMBER.match(low, at):
        at = after.end()
    rule = "counted"
    if number.open_ended:
        rule = "vague-count"
        if of := _OF.match(low, at):
            at = of.end()
        elif not low.startswith(("several ", "a few ", "few ", "a couple "), number.start):
            return None
    elif part := _part_of(text, low, number):
        rule, at = "part-of", part
    found = _plural_phrase(text, at, number, rule)
    return found and _checked(reading, number, found)


def _part_of(text: str, low: str, number: Number) -> int | None:
    """Where the owner or article ends in "five of the companies", "nine of Spain's regions"; None for no part."""
    of = _OF.match(low, number.end)
    word = _WORD.match(text, of.end()) if of else None
    if of is None or word is None:
        return None
    if word["word"].lower() in WORDS["determiners"]:
        return word.end()
    return of.end() if word["word"].endswith(("'s", "’s")) else None


def _plural_phrase(text: str, at: int, number: Number, rule: str) -> Phrase | None:
    """The words from ``at`` on up to the first plural, and one more noun after a plural that qualifies it."""
    words: list[str] = []
    previous = ""
    for _ in range(_LONGEST_PHRASE):
        match = _WORD.match(text, at)
        if match is None:
            return None
        word = match["word"]
        lower = word.lower()
        if (
            lower in _NO_WORDS
            or (numbers.simple(lower) is not None and not match["model"])
            or (match["model"] and not _is_model(word, previous, words))
        ):
            return None
        at = match.end()
        if not words and lower in WORDS["light"]:
            continue
        if lower.endswith(("'s", "’s")):
            words, previous = [], word  # Spain's regions: the owner is not counted
            continue
        if lower in _ABBREVIATIONS and words in ([], ["square"], ["cubic"]):
            words.append(_ABBREVIATIONS[lower])
            if words[-1] in {"square", "cubic"}:
                continue
            return Phrase(rule, " ".join(words), "", at)
        words.append(lower)
        if _is_plural(word, lower):
            return _headed(text, at, number, rule, previous, word, words)
        previous = word
    return None


def _is_model(word: str, previous: str, words: list[str]) -> bool:
    """Whether digits inside a phrase name a model: "100 Boeing 737 jets", "13 777s", "12 narrowbody 737 airliners"."""
    return previous[:1].isupper() or word[-1] == "s" or (len(word) >= 3 and bool(words))


def _headed(text: str, at: int, number: Number, rule: str, previous: str, word: str, words: list[str]) -> Phrase | None:
    """The phrase whose first plural ``word`` ends at ``at``."""
    lower = words[-1]
    if lower in WORDS["not_counted"] or lower in WORDS["time"]:
        return None
    following = _WORD.match(text, at)
    after = following["word"] if following else ""
    doubt = ""
    doubled = following is not None and _is_plural(after, after.lower()) and after.lower() not in _NO_HEADS
    if word[0].isupper() and word[1:].islower():
        if after[:1].isupper() and not doubled:
            return None  # Three Gorges Corp
        if not doubled and (previous[:1].isupper() or text[number.start].isupper()):
            doubt = f"{word} may belong to a name"
    elif doubled and lower not in WORDS["attributive"]:
        doubt = f"{lower} or {after.lower()}?"
    if following and doubled:
        words, at = [*words, after.lower()], following.end()
    return Phrase(rule, " ".join(words), doubt, at)


def _is_plural(word: str, lower: str) -> bool:
    if lower in _PLURALS:
        return True
    return (
        len(lower) > 2
        and lower[-1] == "s"
        and not lower.endswith(("ss", "us", "is", "'s", "’s"))
        and not word.isupper()
    )


def _hyphenated(low: str, number: Number) -> Phrase | None:
    """A count before what it measures: "a four-page decision", "a 74,000-square metre plant"."""
    match = _HYPHENATED.match(low, number.end)
    if match is None or number.open_ended:
        return None
    noun = match["noun"]
    if noun in _NO_WORDS or noun in WORDS["no_measure"] or noun.endswith(("ed", "ing", "al", "ly", "able", "ary")):
        return None
    area = "cubic " if (match["area"] or "").startswith("cubic") else "square " if match["area"] else ""
    return Phrase("hyphenated", area + plural(noun), "", match.end())


def _single(reading: Reading, low: str, number: Number) -> Phrase | None:
    """One thing, or a part of one, where it is plainly counted: "only one format", "0.83 point", "one notch"."""
    text = reading.text
    match = _WORD.match(text, number.end)
    if match is None:
        return None
    noun = match["word"].lower()
    if plural(noun) in _MEASURES and not (number.value == 1 and low.endswith("at ", 0, number.start)):
        return Phrase("single", plural(noun), "", match.end())
    before = low[max(0, number.start - 12) : number.start].split()
    head = governor(reading, number)
    if not before or before[-1] not in WORDS["only"] or head is None or head.tag != "NN" or head.start < number.end:
        return None
    words = low[number.end : head.start].split()
    if len(words) >= _LONGEST_PHRASE or not (_NO_WORDS | WORDS["no_measure"]).isdisjoint([*words, head.text.lower()]):
        return None
    words = [word for word in words if word not in WORDS["light"]]
    return Phrase("single", " ".join([*words, plural(head.text.lower())]), "", head.end)


def _checked(reading: Reading, number: Number, found: Phrase) -> Phrase:
    """The phrase, doubted where the parser gives the number to another noun ("100 MAX aircraft order")."""
    head = governor(reading, number)
    if head is None or found.doubt or _last_word(plural(head.text.lower())) == _last_word(found.unit):
        return found
    return found._replace(doubt=f"{_last_word(found.unit)} or {head.text}?")


def _last_word(words: str) -> str:
    return words.rpartition(" ")[2]


def governor(reading: Reading, number: Number) -> Token | None:
    """The noun that the parser makes the number count; None where the text was not parsed, or it makes none."""
    sentence: Sentence | None = reading.sentence_at(number.start)
    if sentence is None:
        return None
    tokens = sentence.tokens
    index = bisect_left(tokens, number.end, key=lambda token: token.end)
    if index == len(tokens) or tokens[index].start >= number.end or tokens[index].dep != "nummod":
        return None
    return tokens[tokens[index].head]


@cache
def plural(noun: str) -> str:
    """The plural of an English noun in lower case; a plural stays as it is.

    >>> plural("company"), plural("foot"), plural("boxes")
    ('companies', 'feet', 'boxes')
    """
    if noun in _ABBREVIATIONS:
        return _ABBREVIATIONS[noun]
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun in _PLURALS or (noun[-1] == "s" and not noun.endswith(("ss", "us", "is"))):
        return noun
    if noun[-1] == "y" and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


_MEASURES = frozenset(map(plural, WORDS["measures"]))
