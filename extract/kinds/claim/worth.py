"""Worth: how likely a proposition is a claim that a fact-checker would annotate.

A logistic model over the named points of a proposition; the weights stand in ``worth.toml``.
"""

import math
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources


@cache
def weights() -> Mapping[str, float]:
    """The weight of every point, and ``bias``."""
    loaded: dict[str, dict[str, float]] = tomllib.loads(
        resources.files(__package__).joinpath("worth.toml").read_text("utf-8")
    )
    return loaded["weights"]


def confidence(points: Collection[str]) -> float:
    """The probability, 0 to 1, that a proposition with these points is a claim."""
    table = weights()
    score = table["bias"] + math.fsum(table.get(point, 0.0) for point in sorted(points))
    return 1 / (1 + math.exp(-score))
