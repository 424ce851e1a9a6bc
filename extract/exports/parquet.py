"""facts.parquet: the fact table with its types, amounts as exact decimals."""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from extract.errors import needs
from extract.table import FACTS, ColumnType

with needs("parquet"):
    import pyarrow as pa

TYPES: Mapping[ColumnType, pa.DataType] = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32()}


def write(tables: Mapping[str, pd.DataFrame], flags: Mapping[str, str]) -> bytes:  # noqa: ARG001
    """The Parquet file; an absent value is null."""
    facts = tables["facts"]
    schema = pa.schema(
        [
            (column.name, _decimal(facts[column.name].dropna()) if column.type == "number" else TYPES[column.type])
            for column in FACTS
        ]
    )
    data = io.BytesIO()
    facts.to_parquet(data, engine="pyarrow", index=False, schema=schema)
    return data.getvalue()


def _decimal(amounts: Iterable[Decimal]) -> pa.DataType:
    """38 digits, 9 of them decimals, which every reader of Parquet knows; wider only where an amount needs it."""
    whole, decimals = 0, 9
    for amount in amounts:
        _, digits, exponent = amount.as_tuple()
        assert isinstance(exponent, int), "an amount is finite"
        whole, decimals = max(whole, len(digits) + exponent), max(decimals, -exponent)
    return pa.decimal128(38, decimals) if whole + decimals <= 38 else pa.decimal256(76, decimals)
