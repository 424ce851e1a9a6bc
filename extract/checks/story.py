"""What checks read and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.model import Document, KindName
from extract.table import Cell

Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Story:
    """A document and its rows of the fact table, in their order.

    ``organisations`` gives what the whole run calls each organisation, by its name in the document.
    """

    document: Document
    rows: Sequence[Row]
    organisations: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: KindName) -> list[Row]:
        """The rows of one kind."""
        return [row for row in self.rows if row["kind"] == kind]

    def claims_of(self, row: Row) -> list[Row]:
        """The claims that a fact belongs to."""
        ids = set(str(row["claim_id"] or "").split())
        return [claim for claim in self.of("claim") if claim["fact_id"] in ids]


class Finding(NamedTuple):
    """What a check says of a fact: ``code`` is the flag that it gets; empty where there is nothing to look at."""

    fact_id: str
    evidence: str
    code: str = ""


class Example(NamedTuple):
    """A text as published on a day (ISO; empty for unknown), and what the evidence of its fact ``quote`` must hold.

    ``code`` is the flag that the fact must get from the check; empty: none.
    """

    text: str
    published: str
    quote: str
    evidence: str
    code: str = ""
