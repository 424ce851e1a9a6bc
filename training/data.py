"""Name-annotated texts: reading them, keeping gold and held-out texts apart, turning spans into targets."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from extract.kinds.organisation.names import NAMES
from extract.language import blocks
from extract.tagger.decode import LABELS, TAGS
from extract.tagger.words import WORD, words

Span = tuple[int, int, str]

# Labels that a set does not tell apart or does not annotate: what its words may mean all the same.
MERGED = {"re-docred": ("MISC", "PROD"), "crossner": ("MISC", "PROD"), "fire": ("MISC", "PROD")}
UNLABELLED = {"gum": ("MISC", "PROD"), "uner-ewt-dev": ("MISC", "PROD")}

# A text that shares more than this part of its runs of RUN words with another is no text of its own.
SHARED = 0.1
RUN = 13

ANY = (1 << len(TAGS)) - 1


class Text(NamedTuple):
    """A document of the set ``source``; spans are half-open code points."""

    source: str
    id: str
    text: str
    spans: list[Span]


class Target(NamedTuple):
    """A word, whether white space stands before it, and the tags it may have as bits, bit i for ``TAGS[i]``."""

    word: str
    spaced: bool
    tags: int


def read(folder: Path) -> list[Text]:
    """The documents of every ``*.jsonl`` in ``folder``, sets in order of name."""
    return [
        Text(file.stem, item["id"], item["text"], sorted((start, end, label) for start, end, label in item["spans"]))
        for file in sorted(folder.glob("*.jsonl"))
        for item in map(json.loads, file.read_text("utf-8").splitlines())
    ]


def gold(folders: Iterable[Path]) -> list[str]:
    """The texts of gold: every ``*.txt`` in the folders and below."""
    return [file.read_text("utf-8") for folder in folders for file in sorted(folder.rglob("*.txt"))]


def is_held_out(text: Text) -> bool:
    """Whether the document is kept for evaluation: one in twelve, by the hash of its id, for ever the same."""
    return int(hashlib.sha256(text.id.encode()).hexdigest(), 16) % 12 == 0


def split(texts: Iterable[Text], gold: Iterable[str]) -> tuple[list[Text], list[Text], list[Text]]:
    """The documents to train on, those held out, and those refused because they are texts of ``gold``.

    Near copies of held-out documents (SHARED) are left out altogether.
    """
    runs_of_gold = {run for text in gold for run in _runs(text)}
    refused, held, rest = list[Text](), list[Text](), list[Text]()
    for text in texts:
        (refused if _shares(text, runs_of_gold) else held if is_held_out(text) else rest).append(text)
    kept = {run for text in (*held, *refused) for run in _runs(text.text)}
    return [text for text in rest if not _shares(text, kept)], held, refused


def _runs(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.lower())
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def _shares(text: Text, runs: set[tuple[str, ...]]) -> bool:
    own = _runs(text.text)
    return len(own & runs) > SHARED * len(own)


def targets(text: Text, peoples: frozenset[str]) -> list[list[Target]]:
    """The words of each block of the document with the tags that its annotation allows.

    A word that is only partly in a name may have any tag. ``peoples`` are names such as "Chinese" which the
    news has as MISC and Wikipedia as LOC: there they may be either.
    """
    found = []
    spans = iter(text.spans)
    span = next(spans, None)
    for block in blocks(text.text):
        row = []
        last = -1
        for start, end in ((block.start + a, block.start + b) for a, b in words(text.text[slice(*block)])):
            while span and span[1] <= start:
                span = next(spans, None)
            tags = _allowed(text, span, start, end, peoples)
            row.append(Target(text.text[start:end], start != last, tags))
            last = end
        if row:
            found.append(row)
    return found


def _allowed(text: Text, span: Span | None, start: int, end: int, peoples: frozenset[str]) -> int:
    unlabelled = UNLABELLED.get(text.source, ())
    if not span or end <= span[0] or span[2] in unlabelled:
        return 1 | _bits("BI", unlabelled)
    if start < span[0] or end > span[1]:
        return ANY
    label = span[2]
    labels = next((group for group in [MERGED.get(text.source, ())] if label in group), (label,))
    if label == "LOC" and text.text[span[0] : span[1]] in peoples:
        labels = ("LOC", "MISC")
    return _bits("B" if start == span[0] else "I", labels)


def _bits(places: str, labels: Iterable[str]) -> int:
    return sum(1 << TAGS.index(f"{place}-{label}") for place in places for label in labels)


def peoples(texts: Iterable[Text]) -> frozenset[str]:
    """One-word names that the news has as MISC at least twice: "Chinese", "European"."""
    seen = defaultdict[str, int](int)
    for text in texts:
        if text.source == "news-names":
            for start, end, label in text.spans:
                if label == "MISC" and text.text[start:end].isalpha():
                    seen[text.text[start:end]] += 1
    return frozenset(name for name, count in seen.items() if count > 1)


Name = list[Target]
Pool = Mapping[str, list[Name]]
_SWAPPED = ("ORG", "PER", "PROD")
_INVENTED = (*_SWAPPED, "LOC")
_BEGINS = {1 << TAGS.index(f"B-{label}"): (label, 1 << TAGS.index(f"I-{label}")) for label in LABELS}
_LEGAL_FORMS = NAMES["legal_forms"]


def pool(documents: Iterable[list[list[Target]]], labels: Iterable[str] = _SWAPPED) -> Pool:
    """The different names of each label that mentions may be swapped for, in order of first sight."""
    found: dict[str, dict[tuple[str, ...], Name]] = {label: {} for label in labels}
    for document in documents:
        for block in document:
            for start, end, label in _mentions(block, found):
                found[label].setdefault(tuple(target.word for target in block[start:end]), block[start:end])
    return {label: list(names.values()) for label, names in found.items()}


def _mentions(block: list[Target], labels: Container[str]) -> Iterator[tuple[int, int, str]]:
    for start, target in enumerate(block):
        label, inside = _BEGINS.get(target.tags, ("", 0))
        if label in labels:
            end = start + 1
            while end < len(block) and block[end].tags == inside:
                end += 1
            yield start, end, label


def invented(documents: Iterable[list[list[Target]]], random: Random) -> Pool:
    """As many names that nobody bears, of each label that mentions of strange texts are swapped for.

    They are made of those in ``documents``: the beginning of a word and the end of another's; three in ten
    organisations get a legal form.
    """
    names = pool(documents, _INVENTED)
    words = [target.word for several in names.values() for name in several for target in name if _is_long(target.word)]

    def changed(target: Target) -> Target:
        word, other = target.word, random.choice(words)
        if not _is_long(word) or random.random() < 0.4:
            return target
        made = word[: random.randint(1, 5)] + other[random.randint(1, 4) :].lower()
        return target._replace(word=made.upper() if word.isupper() else made)

    made = {label: [[changed(target) for target in name] for name in several] for label, several in names.items()}
    _, inside = _BEGINS[made["ORG"][0][0].tags]
    for name in made["ORG"]:
        if random.random() < 0.3:
            form = WORD.findall(random.choice(_LEGAL_FORMS))
            name += [Target(word, number == 0, inside) for number, word in enumerate(form)]
    return made


def _is_long(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and not word.islower()


def varied(
    document: list[list[Target]], names: Pool, random: Random, *, swap: float, recase: float
) -> list[list[Target]]:
    """The document with some of its names swapped for others of their label and some blocks in other letters.

    A part ``swap`` of its different names goes, each for the same other name throughout; a part ``recase``
    of the blocks comes in capitals, as many again with Every Word Capitalised.
    """
    chosen: dict[tuple[str, ...], list[Target] | None] = {}
    result = []
    for block in document:
        row, done = list[Target](), 0
        for start, end, label in _mentions(block, names):
            key = tuple(target.word for target in block[start:end])
            if key not in chosen:
                chosen[key] = random.choice(names[label]) if random.random() < swap else None
            if other := chosen[key]:
                row += block[done:start]
                row.append(other[0]._replace(spaced=block[start].spaced))
                row += other[1:]
                done = end
        row += block[done:]
        dice = random.random()
        if dice < recase:
            row = [target._replace(word=target.word.upper()) for target in row]
        elif dice < 2 * recase:
            row = [target._replace(word=target.word[0].upper() + target.word[1:]) for target in row]
        result.append(row)
    return result


def strange(
    document: list[list[Target]],
    names: Pool,
    made: Pool,
    random: Random,
    *,
    swap: float,
    recase: float,
    replaced: float,
) -> list[list[Target]]:
    """A text that only a teacher can tell the tags of: names swapped for others of any label or for invented ones.

    A part ``swap`` of its different names, and a part ``replaced`` of its words in lower case goes for other words; all
    words may have any tag. ``made`` are the invented names; ``recase`` as ``varied`` has it.
    """
    others = dict(zip(made, random.choices([*names.values(), *made.values()], k=len(made)), strict=True))
    changed = varied(document, others, random, swap=swap, recase=recase)
    words = [target.word for block in changed for target in block if target.word.islower()]
    return [
        [
            Target(
                random.choice(words) if target.word.islower() and random.random() < replaced else target.word,
                target.spaced,
                ANY,
            )
            for target in block
        ]
        for block in changed
    ]
