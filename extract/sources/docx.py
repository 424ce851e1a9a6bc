"""Word documents, by python-docx (https://python-docx.readthedocs.io): the body with all changes accepted."""

import io
from collections.abc import Iterator
from zipfile import BadZipFile

from extract.errors import SourceError, needs
from extract.sources.content import Content

with needs("docx"):
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml.ns import qn
    from docx.oxml.xmlchemy import BaseOxmlElement

# How a password-protected Office file begins: it is an OLE container, no ZIP archive.
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1")

# Runs that are marked as deleted or moved away, and the second copy of a drawing for old programs.
GONE = {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def read(data: bytes) -> Content:
    """Paragraphs a line each, rows of tables a line with tabs between the cells; title and author.

    Headers, footers, footnotes and comments are left out. Raises SourceError for what is encrypted or broken.
    """
    if data.startswith(ENCRYPTED):
        raise SourceError("is encrypted or in the old format .doc; save it as .docx without a password")
    try:
        document = docx.Document(io.BytesIO(data))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise SourceError("is broken: it cannot be read as a Word document") from error
    about = document.core_properties
    return Content("\n".join(_blocks(document.element.body)), title=about.title, author=about.author)


def _blocks(element: BaseOxmlElement) -> Iterator[str]:
    """The paragraphs and rows below ``element`` in order, whatever they are wrapped in (content controls, changes)."""
    for child in element:
        if child.tag == qn("w:p"):
            yield "".join(_words(child))
        elif child.tag == qn("w:tr"):
            cells = child.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc")
            yield "\t".join("\n".join(_blocks(cell)) for cell in cells)
        elif child.tag not in GONE:
            yield from _blocks(child)


def _words(element: BaseOxmlElement) -> Iterator[str]:
    """The text of a paragraph; that of a text box stands on lines of its own."""
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:p"):
            yield "\n"
            yield from _words(child)
            yield "\n"
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in GONE:
            yield from _words(child)
