"""Worth and trust: how likely a proposition is a claim at all, and how likely its row is right.

Two logistic models over the named points of a proposition; the weights stand in ``worth.toml``.
"""

import math
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Literal, cast

Model = Literal["worth", "trust"]


@cache
def _models() -> Mapping[Model, Mapping[str, float]]:
    return cast(
        Mapping[Model, Mapping[str, float]],
        tomllib.loads(resources.files(__package__).joinpath("worth.toml").read_text("utf-8")),
    )


def probability(model: Model, points: Collection[str]) -> float:
    """Of ``worth``: that a fact-checker would annotate it. Of ``trust``: that type, subject and modality are right."""
    table = _models()[model]
    score = table["bias"] + math.fsum(table.get(point, 0.0) for point in sorted(points))
    return 1 / (1 + math.exp(-score))
