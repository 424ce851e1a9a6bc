"""currencies.toml compiled: the names and signs by which a currency is known beside a number.

The tables are built once, at import; ``RuleError`` is raised where the file is malformed.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from extract.kinds import numbers
from extract.kinds.data import data

_GAP = rf"(?:{numbers.GAP}|-)"
_HUNDREDTH = Decimal("0.01")


def phrases(words: str) -> list[str]:
    """The phrases of a list of vocabulary.toml, which slashes separate."""
    return [" ".join(phrase.split()) for phrase in words.replace("\n", "/").split("/")]


class Unit(NamedTuple):
    """What a name or sign stands for: ``code`` (ISO 4217) or a ``family`` that several currencies share.

    ``share`` is how much of the main unit one is (0.01 for a cent). A ``weak`` one is an everyday word or
    letter too, and needs evidence. ``whole``: amounts are written without decimals, so that a point
    before three digits groups thousands.
    """

    code: str
    family: str = ""
    share: Decimal = Decimal(1)
    weak: bool = False
    whole: bool = False


class Currency(NamedTuple):
    """One entry of the list, as far as evidence about a text needs it."""

    code: str
    families: frozenset[str]
    explicit: tuple[str, ...]
    places: tuple[str, ...]
    historic: bool


_DATA = data(__package__, "currencies.toml")
VOCABULARY: Mapping[str, str] = data(__package__, "vocabulary.toml")
FAMILIES: Mapping[str, Mapping[str, Any]] = _DATA["family"]
CODES: frozenset[str] = frozenset(_DATA["currency"])

SYMBOLS: dict[str, Unit] = {}
"""Signs, abbreviations and ISO codes, in their case, as they stand right before or after a number."""

NAMES: dict[str, Unit] = {}
"""Names in words, lower case, as they follow a number."""

SINGULARS: set[str] = set()
"""Names of which "a" can be the number: dollar, euro, cent."""

CURRENCIES: dict[str, Currency] = {}

CENT = Unit("", "", _HUNDREDTH)
"""A hundredth of whatever main unit stands beside it ("$20 and 43c")."""


def _coins(minor: Mapping[str, int], code: str, family: str, weak: Iterable[str] = ()) -> Iterable[tuple[str, Unit]]:
    for name, parts in minor.items():
        yield name, Unit(code, family, 1 / Decimal(parts), name in weak)


def _add_family(family: str, entry: Mapping[str, Any]) -> None:
    for symbol in entry["symbols"]:
        SYMBOLS[symbol] = Unit("", family)
    for noun in entry["nouns"]:
        NAMES[noun.lower()] = Unit("", family, Decimal(entry.get("worth", 1)), noun in entry.get("weak", ()))
    for name, coin in _coins(entry["minor"], "", family):
        (NAMES if name.isalpha() and len(name) > 1 else SYMBOLS)[name] = coin
    if Decimal(entry.get("worth", 1)) <= 1:
        SINGULARS.update(entry["nouns"][:1], [name for name in entry["minor"] if name == "cent"])


def _add_currency(code: str, entry: Mapping[str, Any]) -> None:
    weak = frozenset(entry.get("weak", ()))
    whole = bool(entry.get("whole"))
    family = entry.get("family", "")
    families = frozenset(filter(None, [family, *entry.get("shares", ())]))
    shared_nouns = [noun for name in sorted(families) for noun in FAMILIES[name]["nouns"]]
    shared_coins = {name: parts for kin in sorted(families) for name, parts in FAMILIES[kin]["minor"].items()}
    word = bool(entry.get("word") or entry.get("historic"))
    SYMBOLS[code] = Unit(code, "", weak=word, whole=whole)
    if not word and code.lower() not in {"gel", "dop"}:
        SYMBOLS[code.lower()] = Unit(code, "", whole=whole)
    if family == "dollar":
        for stem in (code, code.lower()):
            SYMBOLS[f"{stem}$"] = SYMBOLS[f"{stem} $"] = Unit(code)
    if not word:
        SYMBOLS[f"M{code}"] = Unit(code, "", Decimal(10**6))
    for symbol in entry.get("symbols", ()):
        SYMBOLS[symbol] = Unit(code, "", weak=symbol in weak, whole=whole)
        if symbol.endswith("$") and len(symbol) > 2 and symbol[-2].isalpha() and symbol.lower() != "can$":
            for spelled in (symbol, symbol.lower()):  # texts in lower case write "hk$", "nt $"
                SYMBOLS[spelled] = SYMBOLS[f"{spelled[:-1]} $"] = SYMBOLS[symbol]
    nouns = entry.get("nouns", ())
    for noun in nouns:
        NAMES[noun.lower()] = Unit(code, "", weak=noun in weak, whole=whole)
    if nouns and nouns[0] not in weak:
        SINGULARS.add(nouns[0].lower())
    for name, coin in _coins(entry.get("minor", {}), code, "", weak):
        NAMES[name.lower()] = coin
    coins = [*_coins(shared_coins, code, ""), *_coins(entry.get("minor", {}), code, "")]
    for adjective in entry.get("adjectives", ()):
        for noun in [*nouns, *shared_nouns]:
            NAMES[f"{adjective} {noun}".lower()] = Unit(code, whole=whole)
        for name, coin in coins:
            if name.isalpha() and len(name) > 1:
                NAMES[f"{adjective} {name}".lower()] = coin
    explicit = [symbol for symbol in entry.get("symbols", ()) if len(symbol) > 1 and symbol not in weak]
    explicit += [] if word else [f"{code} "]
    explicit += [noun for noun in nouns if noun not in weak and len(noun) > 3]
    explicit += [f"{adjective} {noun}" for adjective in entry.get("adjectives", ()) for noun in shared_nouns[:1]]
    CURRENCIES[code] = Currency(
        code, families, tuple(explicit), tuple(entry.get("places", ())), bool(entry.get("historic"))
    )


for _name, _entry in FAMILIES.items():
    _add_family(_name, _entry)
for _name, _entry in _DATA["currency"].items():
    _add_currency(_name, _entry)
# As texts split into tokens write them.
for _lower, _code in (("us $", "USD"), ("u.s. $", "USD"), ("u.s $", "USD"), ("u . s . $", "USD"), ("U.S. $", "USD")):
    SYMBOLS[_lower] = Unit(_code)
SYMBOLS["C $"] = SYMBOLS["c $"] = Unit("CAD")

MEMBERS: Mapping[str, list[str]] = {
    family: [code for code, currency in CURRENCIES.items() if family in currency.families] for family in FAMILIES
}
LONGEST_SYMBOL = max(map(len, SYMBOLS))
FIRST_OF_SYMBOL = frozenset(symbol[0] for symbol in SYMBOLS)
LAST_OF_SYMBOL = frozenset(symbol[-1] for symbol in SYMBOLS)
_BY_FIRST_WORD: dict[str, list[str]] = {}
for _name in NAMES:
    _BY_FIRST_WORD.setdefault(re.split(r"[ .'’-]", _name)[0], []).append(_name)


@cache
def _pattern(first: str) -> re.Pattern[str]:
    names = sorted(_BY_FIRST_WORD[first], key=lambda name: (-len(name), name))
    return re.compile("(?:" + "|".join(re.escape(name).replace("\\ ", _GAP) for name in names) + r")(?![^\W\d_])")


_WORD = re.compile(r"[^\W\d_]++")


def named(low: str, at: int) -> tuple[Unit, int] | None:
    """The currency named in words at ``at`` of the lower-case text, and where its name ends."""
    word = _WORD.match(low, at)
    if word is None or word.group() not in _BY_FIRST_WORD:
        return None
    match = _pattern(word.group()).match(low, at)
    if match is None:
        return None
    return NAMES[re.sub(r"[\s-]+", " ", match.group())], match.end()


def symbol_before(text: str, end: int) -> tuple[Unit, int] | None:
    """The sign or code that ends at ``end``, and where it begins; the longest one counts."""
    for length in range(min(LONGEST_SYMBOL, end), 0, -1):
        start = end - length
        unit = SYMBOLS.get(text[start:end])
        if unit and not (text[start].isalpha() and start and (text[start - 1].isalnum() or text[start - 1] in "-$.&/")):
            return unit, start
    return None


def symbol_after(text: str, start: int) -> tuple[Unit, int] | None:
    """The sign or code that begins at ``start``, and where it ends; the longest one counts."""
    for length in range(min(LONGEST_SYMBOL, len(text) - start), 0, -1):
        end = start + length
        unit = SYMBOLS.get(text[start:end])
        if unit and not (text[end - 1].isalpha() and text[end : end + 1].isalnum()):
            return unit, end
    return None


def dollar_of(low: str, at: int) -> tuple[Unit, int] | None:
    """The dollar whose country is named at ``at`` after the amount ("$5 million Canadian"), and where the name ends."""
    word = _WORD.match(low, at)
    unit = NAMES.get(f"{word.group()} dollar") if word else None
    return (unit, word.end()) if word and unit else None
