"""The European Central Bank's rates. What reads them takes long to import: do so where a rate is asked for."""

from collections.abc import Iterable

from currency_converter import CurrencyConverter
from currency_converter import RateNotFoundError as RateNotFoundError


class Rates(CurrencyConverter):  # type: ignore[misc]
    """How much of one currency a euro was; to load all would take half a second."""

    def __init__(self, currency: str) -> None:
        """Load the rates of a currency. Raises ValueError where there are none."""
        self._column = currency
        super().__init__(decimal=True, fallback_on_missing_rate=True)

    def load_lines(self, lines: Iterable[str]) -> None:
        """Load the day and the column of the currency."""
        header, *rows = lines
        place = header.split(",").index(self._column)
        cells = (row.split(",", place + 1) for row in rows)
        super().load_lines([f"Date,{self._column}", *(f"{row[0]},{row[place]}" for row in cells)])
