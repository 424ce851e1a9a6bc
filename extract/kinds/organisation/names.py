"""What names look like: their words, where they begin and end, and what general knowledge lists of them."""

import re
from collections.abc import Iterator, Mapping, Set

from extract.kinds.data import data
from extract.model import Span

NAMES = data(__package__, "names.toml")

LEGAL = frozenset(NAMES["legal_forms"])
PLACES = frozenset(NAMES["places"])
PEOPLES = frozenset(NAMES["peoples"])
PLACED = PLACES | PEOPLES
PLATFORMS = frozenset(NAMES["platforms"])
LISTED: Mapping[str, str] = {name: sort for sort, names in NAMES["listed"].items() for name in names}

_ROLES = frozenset(NAMES["roles"])
_NO_NAMES = _ROLES | LEGAL | PLACED | frozenset(NAMES["common"])

# A tagged name of more code points than this is none.
LONGEST_NAME = 120

_TICKER = re.compile(r"[A-Z0-9]{1,6}[a-z]?\.[A-Z]{1,2}")
_LEADING = re.compile(
    r"(?:(?:the|a|an|this|its|their)\s{1,3}|(?-i:[Ee]x|non|pro|anti)-(?=[A-Z])|[^\w(]{1,4})", re.IGNORECASE
)
_TRAILING = re.compile(r"(?:['’][sS]?|[^\w).]|\s\(?[A-Z0-9]{1,6}\.[A-Z]{1,3}\)?|\s\([A-Z&]{2,8}\))$")
_WORD = re.compile(r"[\w.&'’-]+")
_SMALL_TAIL = re.compile(r"(?:\s{1,3}[a-z][\w-]*+){1,4}$")
_FORM_OF = re.compile(rf"\s(?:{'|'.join(sorted(map(re.escape, LEGAL - {'SE'}), key=len, reverse=True))})\.?(?=,? of\s)")
_FORM_INSIDE = re.compile(r"\b(?:Inc|Corp|Ltd|LLC|Plc|PLC|LLP|GmbH|LTD)\b[.,]{0,2} (?!Co\b|Ltd\b|LLC\b|LP\b|Inc\b)")
_BROKEN = re.compile(r"^[^(]*\)|\([^)]*$|[a-z]{3}\. [A-Z]")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GLUED_TAIL = re.compile(r"(?:and|of|in|is|has|said|says|will|with|for|to)$")


def fold(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def plausible(name: str) -> bool:
    """Whether an organisation's name can look like this at all.

    No ticker, no address of the web, no bare role, place or general term.
    """
    return (
        len(name) > 1
        and (any(c.isupper() for c in name) or name.capitalize() in LISTED)
        and not _TICKER.fullmatch(name)
        and "://" not in name
        and name not in PLACES
        and not all(word.strip(".,") in _NO_NAMES for word in name.split())
        and not _FORM_INSIDE.search(name)
        and not _BROKEN.search(name)
    )


def trimmed(text: str, span: Span) -> Span | None:
    """Without determiner, possessive, stray signs, roles, ticker and words in small letters at its end.

    The full stop of an abbreviation belongs to the name, a sentence's own does not. None where nothing is left, or
    too much.
    """
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
    if match := _FORM_OF.search(text, start, end):
        end = match.end()
    tail = _SMALL_TAIL.search(text[start:end])
    if tail and text[start:end].split()[-1] not in LEGAL:
        end = start + tail.start()
    return _closed(text, Span(start, end)) if start < end else None


def _closed(text: str, span: Span) -> Span:
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


def unglued(text: str, span: Span, known: Set[str], settled: Set[str]) -> Iterator[Span]:
    """The names in ``span`` where it has a word that lost its space beside a ``known`` name; else none.

    "PressAcme", "AcmeVelbrook", "Acmeand". Words that are ``settled`` are left as they are: "ExxonMobil".
    """
    for word in _WORD.finditer(text, *span):
        glued = word.group()
        if glued in settled:
            continue
        for seam in _SEAM.finditer(glued):
            left, right = glued[: seam.start()], glued[seam.start() :]
            at = word.start() + seam.start()
            if right in known and min(len(left), len(right)) > 3:
                yield Span(span.start, at)
                yield Span(at, span.end)
                return
            if left in known and min(len(left), len(right)) > 3:
                yield Span(span.start, at)
                return
        tail = _GLUED_TAIL.search(glued)
        if tail and tail.start() > 3 and glued[: tail.start()] in known:
            yield Span(span.start, word.start() + tail.start())
            return
