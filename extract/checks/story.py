"""What checks read and what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from extract.model import Document, KindName
from extract.table import Cell

Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Story:
    """A document and its rows of the fact table, in their order."""

    document: Document
    rows: Sequence[Row]

    def of(self, kind: KindName) -> list[Row]:
        """The rows of one kind."""
        return [row for row in self.rows if row["kind"] == kind]

    def claims_of(self, row: Row) -> list[Row]:
        """The claims that a fact belongs to, in the order in which it names them."""
        named = str(row["claim_id"] or "").split()
        return [self._claims[name] for name in named if name in self._claims]

    @cached_property
    def _claims(self) -> Mapping[str, Row]:
        return {str(claim["fact_id"]): claim for claim in self.of("claim")}


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
