"""THE list of kinds, and what a kind is.

A kind is a folder here: ``rules.py`` (or files named after their work), its data in ``.toml``, and
``examples.toml``, which is both its specification and its test. The folder's ``__init__`` shows:

* ``RULES``: the names its facts may carry in ``rule``; every one has a positive and a negative example;
* ``FLAGS``: the codes its facts may carry, each with its one-line meaning for the data dictionary;
* ``recognise(reading, found)``: the facts of this kind, in any order, no two with the same key.
  ``found`` holds the facts of the kinds listed before it, ordered by place: a number that is money is
  no quantity, and a claim is built from what it contains.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from extract.kinds import claim, date, money, organisation, percent, quantity
from extract.model import Fact, Reading


class Kind(Protocol):
    """What the pipeline asks of a kind (a module is one)."""

    @property
    def RULES(self) -> frozenset[str]: ...  # noqa: D102, N802

    @property
    def FLAGS(self) -> Mapping[str, str]: ...  # noqa: D102, N802

    def recognise(self, reading: Reading, found: Sequence[Fact]) -> Iterable[Fact]: ...  # noqa: D102


KINDS: Mapping[str, Kind] = {
    "money": money,
    "percent": percent,
    "date": date,
    "quantity": quantity,
    "organisation": organisation,
    "claim": claim,
}
