"""The data files beside the rules."""

import tomllib
from importlib.resources import files
from typing import Any

from extract.errors import RuleError


def data(package: str, name: str) -> dict[str, Any]:
    """The tables of the .toml file ``name`` beside the modules of ``package``; RuleError where it is malformed."""
    try:
        return tomllib.loads((files(package) / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(f"{package}/{name}: {error}") from error
