"""Web pages: the article without menus and advertisements, by trafilatura (https://trafilatura.readthedocs.io)."""

import datetime as dt
import re

from extract.errors import SourceError, needs
from extract.sources.content import Content

with needs("html"):
    from lxml.html import HtmlElement
    from trafilatura import bare_extraction, load_html
    from trafilatura.settings import Document

# What pages declare their day of publication by: Open Graph, Dublin Core, HTML, and what publishers and archives use.
DATED = frozenset(
    {
        "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
        "dcterms.date", "dcterms.issued", "publication_date", "publish-date", "publishdate", "pubdate",
        "parsely-pub-date", "sailthru.date", "citation_publication_date", "citation_date",
    }
)  # fmt: skip

_DAY = re.compile(r"\s*(\d{4})[-/](\d\d)[-/](\d\d)(?!\d)")
_DATED_SCRIPT = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{10,40})"')


def read(data: bytes) -> Content:
    """The main text, a block a line, with the date, title, author and site that the page declares.

    Raises SourceError where no article is found.
    """
    tree = load_html(data)
    published = _published(tree) if tree is not None else None
    page = bare_extraction(tree, include_comments=False, with_metadata=True) if tree is not None else None
    if not isinstance(page, Document) or not page.text:
        raise SourceError("has no article that could be found in it")
    return Content(
        text=page.text,
        published=published,
        title=page.title or "",
        author=page.author or "",
        source=page.sitename or page.hostname or "",
    )


def _published(tree: HtmlElement) -> dt.date | None:
    """The day that the page declares in its head, else in its data for search engines (schema.org).

    None where two such days differ. The words of the page are not searched: a date among them need not be its own.
    """
    declared = [
        meta.get("content", "")
        for meta in tree.iter("meta")
        if {meta.get(key, "").lower() for key in ("property", "name", "itemprop")} & DATED
    ]
    scripts = [
        day
        for script in tree.iter("script")
        if script.get("type") == "application/ld+json"
        for day in _DATED_SCRIPT.findall(script.text or "")
    ]
    for found in (declared, scripts):
        days = {day for each in found if (day := _day(each))}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(stamp: str) -> dt.date | None:
    match = _DAY.match(stamp)
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
