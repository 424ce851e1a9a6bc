"""Where a name may stand: runs of capitalised words, structures, listed names, tagged names."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import NamedTuple

from extract.kinds.data import data
from extract.model import Reading, Span

NAMES = data(__package__, "names.toml")

LEGAL = frozenset(NAMES["legal_forms"])
STRONG_HEADS = frozenset(NAMES["strong_heads"])
WEAK_HEADS = frozenset(NAMES["weak_heads"])
_OF_HEADS = frozenset(NAMES["of_heads"])
_FIELD_HEADS = frozenset(NAMES["field_heads"])
_ROLES = frozenset(NAMES["roles"])
_BREAKS = _ROLES | frozenset(NAMES["common"])
_FUNCTION = frozenset(NAMES["function_words"])
PLATFORMS = frozenset(NAMES["platforms"])
PLACES = frozenset(NAMES["places"])
PEOPLES = frozenset(NAMES["peoples"])
PRODUCTS = frozenset(NAMES["products"])
INDEXES = frozenset(NAMES["indexes"])
AMBIGUOUS = frozenset(NAMES["ambiguous"])
GIVEN_NAMES = frozenset(NAMES["given_names"])
FIRM_ENDINGS = tuple(NAMES["firm_endings"])
LISTED: Mapping[str, str] = {name: kind for kind, names in NAMES["listed"].items() for name in names}

# A run of capitals longer than this is a heading in capitals or a table, not a name.
LONGEST_RUN = 10
# A tagged name of more code points than this is none.
LONGEST_NAME = 120

_CUT = 3 * LONGEST_RUN

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,6}"  # U.S., J.P.
    r"|(?:[A-Z]|St|Bros)\.(?=\s{1,2}[A-Z])"  # Thomas H. Lee
    r"|[^\W_]++(?:(?:[.&+*]|['’](?![sS]\b)|-(?=[A-Z\d]))[^\W_]++)*+"
)
_PARTICLE = re.compile(r"\s(?:d[aeiu]|de[lnr]|de la|des|della|et|und|van|von)\s")
_JOIN = re.compile(rf"\s{{1,3}}|\s{{0,2}}&\s{{0,2}}|{_PARTICLE.pattern}")
_SMALL_HEAD = re.compile(rf"\s{{1,2}}(?:{'|'.join(NAMES['small_heads'])})\b")
_COMPLETED = frozenset({"of", "for", "on", "of the", "for the", "on the"})
_CONTINUED = frozenset({"and", ",", ", and", "of", "in", "in the", "for", "of the"})
_FORMS = "|".join(sorted(map(re.escape, NAMES["legal_forms"]), key=len, reverse=True))
_LEGAL_TAIL = re.compile(rf"(?:\.?,?\s{{1,2}}(?:{_FORMS})(?!\w)){{1,3}}")
_FORM_INSIDE = re.compile(rf"\b(?:Inc|Corp|Ltd|LLC|Plc|PLC|LLP|GmbH|LTD)\b[.,]{{0,2}} (?!(?:{_FORMS})\b)")
_INDEX_CODE = re.compile(r"\s\.[A-Z]")  # .DJI
_BROKEN = re.compile(r"^[^(]*\)|\([^)]*$|[a-z]{3}\. [A-Z]")
_BRANCH = re.compile(r"\s?\([A-Z]\w{1,20}\)\s?")
_TICKER = re.compile(r"[A-Z0-9]{1,6}[a-z]?\.[A-Z]{1,2}|[A-Z]{1,4}c[v\d]\d?")


class Word(NamedTuple):
    """A word of a sentence; ``capital`` where it may be part of a name."""

    start: int
    end: int
    text: str
    capital: bool


class Candidate(NamedTuple):
    """A stretch of text that may be a name, and its words with white space folded."""

    span: Span
    key: str


def fold(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def candidates(reading: Reading) -> list[Candidate]:
    """Every stretch that may be an organisation's name, in order of place; they overlap."""
    text = reading.text
    spans: set[Span] = set(_tagged(reading))
    runs: list[list[Word]] = []
    for sentence in reading.sentences:
        words = list(_words(text, sentence.span))
        parts = list(_runs(text, words))
        runs.extend(parts)
        spans.update(_listed(text, words))
        spans.update(_of_names(text, parts))
        spans.update(_small_heads(text, parts))
    for run in runs:
        if len(run) <= LONGEST_RUN:
            spans.update(_whole(text, run))
    spans = {closed(text, span) for span in spans}
    keys = LISTED.keys() | {fold(text[slice(*span)]) for span in spans}
    for run in runs:
        spans.update(closed(text, span) for span in _known_parts(text, run, keys))
        spans.update(unglued(run, keys))
    seams = {seam for run in runs for seam in _seams(run, keys)}
    spans = {span for span in spans if seams.isdisjoint(range(span.start + 1, span.end))}
    return [
        Candidate(span, key)
        for span in sorted(spans)
        if plausible(key := fold(text[slice(*span)])) and not _INDEX_CODE.match(text, max(0, span.start - 2))
    ]


def is_glued(text: str, span: Span) -> bool:
    """Whether a space is missing beside the span."""
    start, end = span
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def plausible(key: str) -> bool:
    """Whether a name can look like this at all."""
    words = key.split()
    return (
        len(key) > 1
        and any(c.isalpha() for c in key)
        and not _TICKER.fullmatch(key)
        and not all(word in _BREAKS or word.casefold() in _FUNCTION or word.strip(".,") in LEGAL for word in words)
        and not _FORM_INSIDE.search(key)
        and not _BROKEN.search(key)
    )


def _words(text: str, span: Span) -> Iterator[Word]:
    for match in _WORD.finditer(text, *span):
        word = match.group()
        capital = (
            any(c.isupper() for c in word)
            and word not in _BREAKS
            and word.casefold() not in _FUNCTION
            and (not _TICKER.fullmatch(word) or word in PLACES)
        )
        yield Word(*match.span(), word, capital)


def _runs(text: str, words: list[Word]) -> Iterator[list[Word]]:
    """Maximal sequences of capitalised words with nothing but a space or an ampersand between them."""
    run: list[Word] = []
    for word in words:
        if run and (len(run) == _CUT or not (word.capital and _JOIN.fullmatch(text, run[-1].end, word.start))):
            yield run
            run = []
        if word.capital:
            run.append(word)
    if run:
        yield run


def _whole(text: str, run: list[Word]) -> Iterator[Span]:
    """The run, with its legal tail and what belongs to it before that; and without leading peoples and places."""
    end = _with_tail(text, run[-1].end)
    yield Span(run[0].start, end)
    for i in range(1, len(run)):
        if run[i - 1].text not in PEOPLES and run[i - 1].text not in PLACES:
            break
        yield Span(run[i].start, end)
    shouted = next((i for i, word in enumerate(run) if not word.text.isupper()), 0)
    if shouted:
        yield Span(run[0].start, run[shouted - 1].end)
        yield Span(run[shouted].start, end)


def _with_tail(text: str, end: int) -> int:
    """The end of the name, its legal form behind a comma or a place in parentheses included."""
    if branch := _BRANCH.match(text, end):
        rest = list(_words(text, Span(branch.end(), min(len(text), branch.end() + 80))))
        run = next(_runs(text, rest), [])
        if run and run[0].start == branch.end():
            tail = _LEGAL_TAIL.match(text, run[-1].end)
            if tail or run[-1].text in LEGAL:
                return tail.end() if tail else run[-1].end
    tail = _LEGAL_TAIL.match(text, end)
    return tail.end() if tail else end


def _of_names(text: str, runs: list[list[Word]]) -> Iterator[Span]:
    """A head and what completes it, for some a list: "Bank of …", "Ministry of Trade and Industry"."""
    for i, run in enumerate(runs[:-1]):
        head = run[-1].text
        gap = _gap(text, run, runs[i + 1])
        head_after = runs[i + 1][-1].text
        if (gap == "and" and head_after in _FIELD_HEADS) or (gap.isdecimal() and _is_head(head_after)):
            yield Span(run[0].start, _with_tail(text, runs[i + 1][-1].end))
        if head not in _OF_HEADS or gap not in _COMPLETED:
            continue
        last = runs[i + 1]
        yield Span(run[0].start, _with_tail(text, last[-1].end))
        if head in _FIELD_HEADS:
            for following in runs[i + 2 : i + 5]:
                if _gap(text, last, following) not in _CONTINUED:
                    break
                last = following
                yield Span(run[0].start, last[-1].end)
        elif i + 2 < len(runs) and _gap(text, last, runs[i + 2]) == "and" and runs[i + 2][-1].text in STRONG_HEADS:
            yield Span(run[0].start, runs[i + 2][-1].end)


def _small_heads(text: str, runs: list[list[Word]]) -> Iterator[Span]:
    """A place or people and a head in small letters: "Ruritanian parliament"."""
    for run in runs:
        for i, word in enumerate(run):
            name = fold(text[word.start : run[-1].end])
            if (name in PLACES or name in PEOPLES) and (match := _SMALL_HEAD.match(text, run[-1].end)):
                yield Span(run[i].start, match.end())


def _is_head(word: str) -> bool:
    return word in STRONG_HEADS or word in WEAK_HEADS or word in LEGAL


def _gap(text: str, left: list[Word], right: list[Word]) -> str:
    return fold(text[left[-1].end : right[0].start]) if right[0].start - left[-1].end < 12 else ""


def _listed(text: str, words: list[Word]) -> Iterator[Span]:
    for word in words:
        for pattern, name in _index().get(word.text.casefold(), ()):
            if (match := pattern.match(text, word.start)) and _same_case(match.group(), name):
                yield Span(match.start(), _with_tail(text, match.end()))
                yield Span(*match.span())
                break


def _same_case(found: str, name: str) -> bool:
    """As listed, in capitals, or (long and not a plain word) in small letters."""
    found = fold(found)
    return found == name or (len(name) > 3 and found.isupper()) or (len(name) > 4 and name not in AMBIGUOUS)


@cache
def _index() -> Mapping[str, list[tuple[re.Pattern[str], str]]]:
    """Patterns of the listed names by their first word, longest first."""
    index = defaultdict(list)
    for name in sorted({*LISTED, *AMBIGUOUS, *PRODUCTS, *INDEXES}, key=lambda name: (-len(name), name)):
        first = _WORD.match(name)
        assert first, name
        pattern = r"\s{1,3}".join(map(re.escape, name.split())) + r"(?!\w)"
        index[first.group().casefold()].append((re.compile(pattern, re.IGNORECASE), name))
    return index


def _tagged(reading: Reading) -> Iterator[Span]:
    for entity in reading.entities:
        span = trimmed(reading.text, entity.span)
        if span and any(c.isupper() for c in reading.text[slice(*span)]):
            yield span


_LEADING = re.compile(r"(?:(?:the|a|an|this|its|their)\s{1,3}|(?:anti|ex|non|pre|pro)-|[^\w(]{1,4})", re.IGNORECASE)
_TRAILING = re.compile(r"(?:['’][sS]?|[^\w).]|\s\(?[A-Z0-9]{1,6}\.[A-Z]{1,3}\)?)$")


def trimmed(text: str, span: Span) -> Span | None:
    """Without determiner, possessive, stray signs, roles and ticker; None where nothing is left, or too much."""
    start, end = span
    if end - start > LONGEST_NAME:
        return None
    while match := _LEADING.match(text, start, end):
        start = match.end()
    for match in _WORD.finditer(text, start, end):
        if match.group() in _ROLES:
            start, end = (match.end() + 1, end) if match.start() == start else (start, match.start())
    while start < end and (match := _TRAILING.search(text[start:end])):
        end = start + match.start()
    return Span(start, end) if start < end else None


def closed(text: str, span: Span) -> Span:
    """The span with or without the full stop of an abbreviation: a sentence's own stop stays outside."""
    start, end = span
    name = text[start:end]
    abbreviated = name.rstrip(".")
    if name.count(".") - abbreviated.count(".") == 1 and not re.search(r"\b\w\.\w\.$", name):
        end -= 1
        name = abbreviated
    last = re.search(r"(?:Inc|Corp|Co|Cos|Ltd|Bros|Intl|LTD|CO|INC|CORP)$", name)
    if last and text[end : end + 1] == ".":
        rest = text[end + 1 : end + 4].lstrip(" ")
        if (
            re.search(r"\b(?:Co|CO)\.,?\s", name)
            or _TICKER.match(text, end + 2)
            or (rest[:1] and not rest[0].isupper() and rest[0] not in '\r\n"“”')
        ):
            end += 1
    return Span(start, end)


def _known_parts(text: str, run: list[Word], keys: Set[str]) -> Iterator[Span]:
    """Beginnings and ends of a run that are names elsewhere in the document; parts of a hyphenated word likewise."""
    for i in range(1, min(len(run), LONGEST_RUN)):
        for span in (Span(run[0].start, run[i - 1].end), Span(run[i].start, run[-1].end)):
            if fold(text[slice(*span)]) in keys:
                yield span
    for word in run:
        if "-" in word.text:
            at = word.start
            for part in word.text.split("-"):
                if part in keys:
                    yield Span(at, at + len(part))
                at += len(part) + 1


_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GLUED_WORD = re.compile(r"(?:and|of|in|is|has|said|says|will|with|for|to)$")


def _seams(run: list[Word], keys: Set[str]) -> Iterator[int]:
    """Where two known names stand in one word: what crosses such a place is no name."""
    for word in run:
        if word.text not in LISTED and len(word.text) <= LONGEST_NAME:
            for seam in _SEAM.finditer(word.text):
                if {word.text[: seam.start()], word.text[seam.start() :]} <= keys:
                    yield word.start + seam.start()


def unglued(run: list[Word], keys: Set[str]) -> Iterator[Span]:
    """The parts of a word that lost its space where one is a known name: "PressAcme", "AcmeVelbrook", "Acmeand"."""
    for word in run:
        if word.text in LISTED or len(word.text) > LONGEST_NAME:
            continue
        for seam in _SEAM.finditer(word.text):
            left, right = word.text[: seam.start()], word.text[seam.start() :]
            if right in keys and len(right) > 3 and len(left) > 3:
                yield Span(word.start + seam.start(), word.end)
                yield Span(run[0].start, word.start + seam.start())
            elif left in keys and len(left) > 3 and len(right) > 3:
                yield Span(word.start, word.start + seam.start())
        if (match := _GLUED_WORD.search(word.text)) and match.start() > 3 and word.text[: match.start()] in keys:
            yield Span(word.start, word.start + match.start())
