"""Facts out of texts: amounts, dates, organisations and claims, each with the place it was read from.

``extract.facts(extract.read("seeds"))`` is the fact table of a folder as a DataFrame.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from extract.model import Document

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Document", "facts", "read"]


def read(path: str | Path) -> list[Document]:
    """The documents at ``path`` (a file, or a folder with all below it), sorted by path.

    A file that cannot be read is left out with a warning that names it and the reason. Raises
    ``extract.errors.InputError`` when there is nothing at ``path`` or nothing to read in it.
    """
    from extract import sources
    from extract.errors import SourceError

    documents = []
    for entry in sources.entries(Path(path)):
        try:
            documents.append(sources.read(entry))
        except SourceError as error:
            warnings.warn(f"{entry.path}: {error}", stacklevel=2)
    return documents


def facts(documents: Iterable[Document]) -> "pd.DataFrame":
    """The fact table of ``documents``: the columns of facts.csv, typed.

    Amounts are ``Decimal``, days ``datetime.date``, offsets ``int64``; an absent value is missing.
    """
    from extract import pipeline

    return pipeline.tables([pipeline.extract(document) for document in documents])["facts"]
