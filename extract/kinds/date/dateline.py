"""The day a document says it was published: its header, its dateline, or its address."""

import datetime as dt
import re
from dataclasses import replace
from typing import NamedTuple

from extract.kinds.date.compose import read
from extract.kinds.date.expression import Expression
from extract.kinds.date.lexicon import lex
from extract.model import Document

# How far into a text a header may stand, in code points.
HEADER = 1500

# A line short enough to be a header, with four digits in it.
_LINE = re.compile(r"^(?=[^\n]{0,95}\d{4})[^\n]{8,100}$", re.MULTILINE)
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
    for line in _LINE.finditer(head):
        for item in read(lex(line[0])):
            said = item.said
            rest = line[0][: said.span.start] + line[0][said.span.end :]
            if not said.is_full_date or said.until or said.doubtful or not _AROUND.fullmatch(rest):
                continue
            day = _day(said)
            if day:
                return Header(day, _world_day(said, day), line.start() + said.span.end)
    if match := _ADDRESS.search(head):
        try:
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
        return Header(day, day, match.end())
    return None


def _day(said: Expression) -> dt.date | None:
    try:
        return dt.date(said.year or 0, said.month or 0, said.day or 0)
    except ValueError:
        return None


def _world_day(said: Expression, day: dt.date) -> dt.date:
    """The day in Greenwich at the moment said."""
    if not said.clock or said.zone is None:
        return day
    hour, minute = int(said.clock[1:3]), int(said.clock[4:6])
    return (dt.datetime.combine(day, dt.time(hour % 24, minute)) + dt.timedelta(hours=said.zone)).date()


def published(document: Document) -> Document:
    """The document, dated from its own header where nothing else dates it."""
    if document.published is not None:
        return document
    found = header(document.text)
    return replace(document, published=found.day, published_basis="text") if found else document
