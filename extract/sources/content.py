"""What a reader of a format gives."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """The canonical text of a file, in which offsets count, and what the file says of itself."""

    text: str
    published: dt.date | None = None
    title: str = ""
    author: str = ""
    source: str = ""
