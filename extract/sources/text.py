"""Plain text: UTF-8, with or without a byte-order mark."""

from extract.errors import SourceError
from extract.sources.content import Content


def read(data: bytes) -> Content:
    """The text, line ends kept as they are and the byte-order mark left out of it.

    Raises SourceError for bytes that are not UTF-8 and for binary content (a NUL is in no text).
    """
    if b"\x00" in data:
        raise SourceError("is binary, not text")
    try:
        return Content(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(f"is not UTF-8: byte {error.start} is 0x{data[error.start]:02X}; save it as UTF-8") from error
