"""What speaks for two organisations of a run being one, where it does not suffice to put them together.

Each function gives, of the names that may mean another one, that other one and the reason; names are ``registered``
ones, ``leaders`` gives each in full, ``weights`` how often it is named. The rarer name is held to mean the other.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import combinations, pairwise

from rapidfuzz.distance import OSA, JaroWinkler

from extract.kinds.organisation.aliases import Step, famous, longest, registered
from extract.kinds.organisation.names import LEGAL, NAMES, PEOPLES, PLACED, PLACES

# Names from here on are compared letter by letter: so many letters, so alike, one slip for so many letters.
_SHORTEST = 6
_ALIKE = 0.93
_LETTERS_A_SLIP = 6
_MOST_SLIPS = 3
# Names are sorted and each held against so many that follow: the sorted-neighbourhood method of Hernandez and Stolfo
# (1995), which leaves the work in proportion to the number of names.
_NEIGHBOURS = 20
# A word shorter than this tells two names apart: "II", "TV"; but for these.
_SHORTEST_SLIP = 4
_EMPTY_WORDS = frozenset({"the", "of", "and", "for", "&"})
# A word cut to this length can still be told; and how long the frame of a name of one word is.
_SHORTEST_CLIP = 3
_ALONE = 2

# A name that is named more often than this has its form settled; one that begins more others than that is common.
_RARE = 10
_MOST_LONGER = 8
# A description that more names than this share tells none from another; these words of it tell nothing at all.
_MOST_ALIKE = 2
_PLAIN = frozenset(NAMES["plain"])
_AFTER = re.compile(r",? (?:an?|the) ([^,.;:()]{3,80})[,.;]")
_BEFORE = re.compile(r".*\b(?:an?|the) ([^,.;:()]{3,80}), $")
_REACH = 100
_PREPOSITIONS = frozenset({"of", "in", "for", "at", "on", "with", "by", "from", "to", "that", "which", "based"})
# The beginning that a short form run together leaves as it is, and what it keeps of the rest: "Softbk" of Soft Bank.
_SHORTEST_START, _SHORTEST_REST = 4, 2
_OTHER_NAMES = {registered(other): registered(name) for other, name in NAMES["other_names"].items()}
_FIELDS = frozenset(NAMES["fields"]) | frozenset(NAMES["dropped"])
_GENERAL = _FIELDS | LEGAL | PLACED


def stated(pairs: Iterable[tuple[str, str]], leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Names that a text puts in parentheses after each other, given as pairs in the order written.

    A famous name in parentheses tells whose the other is, or which agency reports from there; an acronym does not.
    """
    steps = {}
    for pair in pairs:
        if pair[1] not in famous() or leaders[pair[1]].isupper():
            rare, common = _by_weight(*pair, weights)
            steps[rare] = Step(common, f"in parentheses with {leaders[common]}?")
    return steps


def known(leaders: Mapping[str, str]) -> dict[str, Step]:
    """Names that are known to the world as another one's former, foreign or full name."""
    return {
        other: Step(name, f"another name of {leaders[name]}?")
        for other, name in _OTHER_NAMES.items()
        if other in leaders and name in leaders
    }


def described_alike(
    descriptions: Mapping[str, Set[str]], documents: Mapping[str, Collection[int]], leaders: Mapping[str, str],
    weights: Mapping[str, int],
) -> dict[str, Step]:  # fmt: skip
    """Names that two documents, which name a third organisation in common, describe alike: both a "high-end hospital".

    ``descriptions`` are what ``described`` gave for all mentions of a name, ``documents`` where it is named.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for key in sorted(descriptions):
        for description in sorted(descriptions[key]):
            alike[description].append(key)
    pairs = [
        (description, one, other)
        for description, keys in alike.items()
        if len(keys) <= _MOST_ALIKE
        for one, other in combinations(keys, 2)
        if one not in famous() and other not in famous()
    ]
    near = {document for _, *pair in pairs for key in pair for document in documents[key]}
    names: dict[int, set[str]] = defaultdict(set)
    for key, places in documents.items():
        for document in near.intersection(places):
            names[document].add(key)
    steps: dict[str, Step] = {}
    for description, one, other in pairs:
        beside_one, beside_other = (
            {name for document in documents[key] for name in names[document]} for key in (one, other)
        )
        if other not in beside_one and beside_one & beside_other:
            rare, common = _by_weight(one, other, weights)
            steps[rare] = Step(common, f"described as {description} like {leaders[common]}?")
    return steps


def described(sentence: str, name: str) -> set[str]:
    """How a sentence describes a name beside it: what its noun is, with each word before that, in small letters.

    >>> sorted(described("It bought Amity, a high-end private clinic in Rome, in May.", "Amity"))
    ['high-end clinic']
    """
    start = sentence.find(name)
    end = start + len(name)
    beside = (_AFTER.match(sentence[end : end + _REACH]), _BEFORE.match(sentence[max(start - _REACH, 0) : start]))
    found = set()
    for match in beside if start >= 0 else ():
        words = match[1].lower().split() if match else []
        stop = next((index for index, word in enumerate(words) if word in _PREPOSITIONS), len(words))
        found |= {f"{word} {words[stop - 1]}" for word in words[: stop - 1] if word not in _PLAIN}
    return {each for each in found if not any(word.title() in PLACED for word in each.split())}


def run_together(leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Names of one word that run together the first of several and some letters of the rest: "Softbk" of Soft Bank."""
    singles = sorted(key for key, leader in leaders.items() if len(leader.split()) == 1)
    steps: dict[str, Step] = {}
    for key, leader in leaders.items():
        words = [word for word in leader.split() if word.strip(".,") not in LEGAL]
        start, rest = registered("".join(words[:1])), registered("".join(words[1:]))
        if not rest or len(start) < _SHORTEST_START or words[0] in PLACED or words[0] in _FIELDS:
            continue
        first, after = (bisect_left(singles, start + rest[0] + end) for end in ("", "\U0010ffff"))
        for short in singles[first:after]:
            kept = short[len(start) :]
            letters = iter(rest)
            if _SHORTEST_REST <= len(kept) < len(rest) and all(sign in letters for sign in kept):
                rare, common = _by_weight(short, key, weights)
                steps[rare] = Step(common, f"{'short' if rare == short else 'long'} for {leaders[common]}?")
    return steps


def spelt_alike(leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Names that differ in few letters, in accents or in "&" for "and"."""
    letters = sorted((_letters(key), key) for key in leaders if len(key) >= _SHORTEST)
    steps: dict[str, Step] = {}
    for index, (one, key) in enumerate(letters):
        for two, other in letters[index + 1 : index + 1 + _NEIGHBOURS]:
            if abs(len(one) - len(two)) > _MOST_SLIPS:
                continue  # most are, and need no closer look
            if _alike(one, two) and not _told_apart(leaders[key], leaders[other]):
                rare, common = _by_weight(key, other, weights)
                steps[rare] = Step(common, f"another spelling of {leaders[common]}?")
    return steps


def clipped(leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Names that agree but for one word, cut short in the one: "Acme Tech" and "Acme Technology"; or but for ".com"."""
    frames: dict[tuple[str | int, ...], list[tuple[str, str]]] = defaultdict(list)
    for key, leader in leaders.items():
        words = [word for word in leader.split() if word.strip(".,") not in LEGAL]
        for index, word in enumerate(words):
            frames[index, word[:2], *words[:index], *words[index + 1 :]].append((word, key))
    steps: dict[str, Step] = {}
    for frame, entries in frames.items():
        for (word, key), (longer, other) in pairwise(sorted(entries)):
            rest = longer.removeprefix(word) if longer.startswith(word) else ""
            is_clipped = len(frame) > _ALONE and len(word) >= _SHORTEST_CLIP and not word[-1].isdigit()
            if rest == ".com" or (rest and is_clipped and word not in PLACED):
                rare, common = _by_weight(key, other, weights)
                steps[rare] = Step(common, f"another spelling of {leaders[common]}?")
    return steps


def begun(leaders: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, Step]:
    """Rare names that are the beginning of just one other, where words for its field follow.

    "Acme" is often "Acme Health", but may be its parent. The famous are left alone: their subsidiaries are many.
    """
    longer: dict[str, set[str]] = defaultdict(set)
    for key, leader in leaders.items():
        words = leader.split()
        for size in range(1, len(words)):
            if _tells_field(words[size:]):
                longer[registered(" ".join(words[:size]))].add(key)
    steps: dict[str, Step] = {}
    for key, leader in leaders.items():
        fits = longest(longer[key] - {key}) if len(longer[key]) <= _MOST_LONGER else set()
        if len(fits) == 1 and key not in famous() and _is_proper(leader):
            (other,) = fits
            if max(weights[key], weights[other]) <= _RARE:
                rare, common = _by_weight(key, other, weights)
                reason = "short for" if rare == key else "long for"
                steps[rare] = Step(common, f"{reason} {leaders[common]}?")
    return steps


def _by_weight(one: str, other: str, weights: Mapping[str, int]) -> tuple[str, str]:
    """The rarer name, then the other."""
    return (one, other) if (weights[one], one) < (weights[other], other) else (other, one)


def _letters(key: str) -> str:
    """Without accents, "&" written out."""
    if not key.isascii():
        key = "".join(sign for sign in unicodedata.normalize("NFKD", key) if not unicodedata.combining(sign))
    return key.replace("&", "and")


def _alike(one: str, two: str) -> bool:
    slips = min(min(len(one), len(two)) // _LETTERS_A_SLIP, _MOST_SLIPS)
    return (
        abs(len(one) - len(two)) <= slips
        and JaroWinkler.similarity(one, two, score_cutoff=_ALIKE) > 0
        and OSA.distance(one, two, score_cutoff=slips) <= slips
    )


def _told_apart(one: str, two: str) -> bool:
    """Whether what two names do not share is more than a slip: a number, a short word of its own, another place."""
    differing = set(one.split()) ^ set(two.split())
    parting = {word for word in differing if word.casefold() not in _EMPTY_WORDS and word not in LEGAL}
    return (
        any(len(word) < _SHORTEST_SLIP or any(sign.isdigit() for sign in word) for word in parting)
        or len(parting & PLACES) > 1
        or len(parting & PEOPLES) > 1
    )


def _tells_field(rest: Sequence[str]) -> bool:
    """Whether the words after a name tell its field, and no place: "Acme Health Japan" is a branch."""
    words = [word.strip(".,") for word in rest]
    return any(word in _FIELDS for word in words) and not any(word in PLACED for word in words)


def _is_proper(name: str) -> bool:
    """Whether a name is more than general words and places."""
    words = [word.strip(".,") for word in name.split()]
    return not any({name, name.title()} & PLACED) and any(word not in _GENERAL for word in words)
