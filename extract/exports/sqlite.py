"""facts.sqlite: each table of the run under its name, the flag codes in ``flags``.

SQLite has no decimals: an amount of up to 15 digits is stored exactly, a longer one as the nearest double; ``value``
has it as text. Days are ISO texts.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import pandas as pd

from extract.table import TABLES, ColumnType, cells

TYPES: Mapping[ColumnType, str] = {"string": "TEXT", "integer": "INTEGER", "number": "NUMERIC", "date": "TEXT"}


def write(tables: Mapping[str, pd.DataFrame], flags: Mapping[str, str]) -> bytes:
    """The database; an absent value is NULL."""
    with closing(sqlite3.connect(":memory:")) as database:
        for name, columns in TABLES.items():
            texts = cells(tables[name]).replace("", None)
            types = {column.name: TYPES[column.type] for column in columns}
            texts.to_sql(name, database, index=False, dtype=types)
        meanings = pd.DataFrame(sorted(flags.items()), columns=["flag", "meaning"])
        meanings.to_sql("flags", database, index=False, dtype={"flag": "TEXT", "meaning": "TEXT"})
        database.commit()
        return database.serialize()
