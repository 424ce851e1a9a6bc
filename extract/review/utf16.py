"""Offsets as pages of a browser count them (UTF-16 code units) and as the table does (code points)."""


def code_units(text: str, offset: int) -> int:
    """How many UTF-16 code units stand before a code point.

    >>> code_units("a😀b", 2)
    3
    """
    return len(text[:offset].encode("utf-16-le")) // 2


def code_points(text: str, units: int) -> int:
    """How many code points stand before a UTF-16 code unit; the one that the unit is the second half of counts.

    >>> code_points("a😀b", 3), code_points("a😀b", 2)
    (2, 2)
    """
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "replace"))
