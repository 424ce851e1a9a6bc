"""The day a document says it was published: its header, its dateline, or its address."""

import datetime as dt
import re
from dataclasses import replace
from typing import NamedTuple

from extract.kinds.date.compose import read
from extract.kinds.date.lexicon import lex
from extract.model import Document

# How far into a text a header may stand, in code points.
HEADER = 1500

_ADDRESS = re.compile(r"https?://[^\s]{1,200}?/((?:19|20)\d\d)/(\d\d?)/(\d\d?)/")
_AROUND = re.compile(r"(?:published|posted|updated|last|first|date|on|at|by|story|edited|\W|_)*", re.IGNORECASE)


class Header(NamedTuple):
    """The date a document gives itself, where that ends in the text, and its day in Greenwich."""

    day: dt.date
    world_day: dt.date
    end: int


def header(text: str) -> Header | None:
    """The first line near the top that is a full date and nothing else; else the date in a web address there."""
    head = text[:HEADER]
    for item in read(lex(head)):
        said = item.said
        if not said.is_full_date or said.until or said.doubtful or not _is_alone(head, *said.span):
            continue
        try:
            day = dt.date(said.year or 0, said.month or 0, said.day or 0)
        except ValueError:
            continue
        world = day
        if said.clock and said.zone is not None:
            hour, minute = int(said.clock[1:3]), int(said.clock[4:6])
            world = (dt.datetime.combine(day, dt.time(hour % 24, minute)) + dt.timedelta(hours=said.zone)).date()
        return Header(day, world, said.span.end)
    if match := _ADDRESS.search(head):
        try:
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
        return Header(day, day, match.end())
    return None


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether the rest of the line is only signs and words like "Published on"."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    rest = text[line_start:start] + " " + text[end : line_end if line_end >= 0 else len(text)]
    return len(rest) < 80 and _AROUND.fullmatch(rest) is not None


def published(document: Document) -> Document:
    """The document, dated from its own header where nothing else dates it."""
    if document.published is not None:
        return document
    found = header(document.text)
    return replace(document, published=found.day, published_basis="text") if found else document
