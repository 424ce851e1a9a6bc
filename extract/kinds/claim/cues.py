"""The word lists of ``cues.toml``, loaded once."""

import tomllib
from functools import cache
from importlib import resources


@cache
def words(section: str, key: str) -> frozenset[str]:
    """The list ``key`` of ``[section]``; empty where the file has none."""
    return frozenset(_cues().get(section, {}).get(key, ()))


@cache
def _cues() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files(__package__).joinpath("cues.toml").read_text("utf-8"))
