"""More texts out of a few: as many documents as wanted, or documents as long as wanted, the same every time."""

import calendar
import re
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

# A name is a capitalised word that stands after another in a sentence. These are none, or say what is named.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
_KEPT = {*calendar.month_name, *calendar.day_name, "Bank", "Company", "Corp", "Group", "Holdings", "International"}
_WORD = re.compile(r"\b[A-Z][a-z]{3,}\b")
_FIGURE = re.compile(r"(?<=[$€£.])[1-9]")
_SENTENCE = re.compile(r".+?(?:[.!?][\"”’']? |\n\s*|\Z)", re.DOTALL)
_LETTERS = ("aeiou", "bcdfghjklmnpqrstvwxz")
_COPIES = 5


def documents(stories: Sequence[str], number: int) -> Iterator[str]:
    """The stories, and then altered copies of them."""
    return islice((altered(story, copy) for copy in count() for story in stories), number)


def pieces(stories: Sequence[str], size: int, volume: int) -> Iterator[str]:
    """Documents of about ``size`` characters, cut at ends of sentences, ``volume`` characters in all or just over.

    They are cut from the stories one after the other, then from altered copies of them; of each stretch of text, as
    many stories are altered, so that documents of all sizes are alike.
    """
    made, length = [], 0
    for sentence in _sentences(stories):
        if volume <= 0:
            return
        made.append(sentence)
        length += len(sentence)
        if length >= size:
            yield "".join(made)
            volume -= length
            made, length = [], 0


def _sentences(stories: Sequence[str]) -> Iterator[str]:
    for turn in count():
        for place, story in enumerate(stories):
            text = altered(story, turn // _COPIES * _COPIES + (turn + place) % _COPIES)
            yield from (match[0] for match in _SENTENCE.finditer(f"{text}\n\n"))


def altered(story: str, copy: int) -> str:
    """The story with other names and amounts, of which each copy has its own; copy 0 is the story itself."""
    if copy == 0:
        return story
    letters = "".join(group + group.upper() for group in _LETTERS)
    others = "".join(_turned(group, copy) + _turned(group, copy).upper() for group in _LETTERS)
    table = str.maketrans(letters, others)
    names = set(_NAME.findall(story)) - _KEPT
    renamed = _WORD.sub(lambda word: word[0].translate(table) if word[0] in names else word[0], story)
    return _FIGURE.sub(lambda figure: str((int(figure[0]) + copy) % 9 + 1), renamed)


def _turned(letters: str, places: int) -> str:
    return letters[places % len(letters) :] + letters[: places % len(letters)]


def save(texts: Iterator[str] | Sequence[str], folder: Path) -> Path:
    """The folder, made, with each text in a file of its own."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:06}.txt").write_bytes(text.encode())
    return folder
