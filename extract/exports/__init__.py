"""THE registry of further files that a run may write beside the CSV, for what opens them.

A format is one file here with ``write(tables, flags)``: the bytes of its file out of the tables of a run (typed, as
``extract.table`` says) and the flag codes with their meanings. The same tables give the same bytes.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Writer = Callable[[Mapping[str, "pd.DataFrame"], Mapping[str, str]], bytes]

# The name of a format (its module here, and its suffix) -> its file in the output folder.
FORMATS: Mapping[str, str] = {name: f"facts.{name}" for name in ("xlsx", "parquet", "sqlite")}

# The page that ``extract report`` makes of the folder: what the workbook links to.
REPORT = "report.html"


def writers(formats: Iterable[str]) -> dict[str, Writer]:
    """What writes each of these formats, by file name. Raises ExtraError where a format's extra is not installed."""
    return {FORMATS[name]: import_module(f"{__name__}.{name}").write for name in formats}
