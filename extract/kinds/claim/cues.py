"""The word lists of ``cues.toml``, loaded once."""

from functools import cache

from extract.kinds.data import data


@cache
def words(section: str, key: str) -> frozenset[str]:
    """The list ``key`` of ``[section]``; empty where the file has none."""
    return frozenset(_cues().get(section, {}).get(key, ()))


@cache
def _cues() -> dict[str, dict[str, list[str]]]:
    return data(__package__, "cues.toml")
