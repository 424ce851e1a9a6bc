"""PDF, by pypdfium2 (https://pypdfium2.readthedocs.io): the text layer, page after page.

The day a PDF was made is no day of publication, so it is not taken for one.
"""

import re
from collections.abc import Iterable
from itertools import zip_longest

from extract.errors import SourceError, needs
from extract.sources.content import Content

with needs("pdf"):
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD

MOST_PAGES = 5_000

# A line that fills this share of the page's widest goes on in the next one.
FULL = 0.8

# How pdfium writes a hyphen at the end of a line. Between small letters it broke a word; else it is the text's own
# ("5-" and "8 percent" on the next line).
_HYPHEN = re.compile(r"[\ufffe\x02](?:\r?\n)?")
_BROKEN_WORD = re.compile(rf"(?<=[a-z]){_HYPHEN.pattern}(?=[a-z])")


def read(data: bytes) -> Content:
    """The text with lines joined to paragraphs and words put together, a blank line between pages; title and author.

    Raises SourceError for what is encrypted, broken, too long, or has only pictures.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == FPDF_ERR_PASSWORD:
            raise SourceError("is encrypted; save it without a password") from error
        raise SourceError("is broken: it cannot be read as a PDF") from error
    if len(document) > MOST_PAGES:
        raise SourceError(f"has {len(document)} pages, more than the {MOST_PAGES} allowed; split it")
    try:
        pages = [_page(page.get_textpage().get_text_range()) for page in document]
        about = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise SourceError("is broken: a page of it cannot be read") from error
    text = "\n\n".join(filter(None, pages))
    if not text:
        raise SourceError("has no text, only pictures; have it read by OCR first")
    return Content(text, title=about.get("Title", ""), author=about.get("Author", ""))


def _page(text: str) -> str:
    lines = [line.strip() for line in _HYPHEN.sub("-", _BROKEN_WORD.sub("", text)).splitlines()]
    return "".join(_joined([line for line in lines if line])).strip()


def _joined(lines: list[str]) -> Iterable[str]:
    """The lines, each with what follows: a space (none after a hyphen) where it goes on in the next, else a line break.

    Digits are never brought beside digits: two cells of a table could become one number.
    """
    full = max(40, FULL * max(map(len, lines), default=0))
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        yield line
        numbers = line[-1].isdigit() and following[:1].isdigit()
        goes_on = "" if line.endswith("-") else " "
        yield goes_on if len(line) >= full and not numbers else "\n"
