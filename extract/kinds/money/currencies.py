"""currencies.toml compiled: how a currency is recognised beside a number, and which one a shared name means.

The tables are built once, at import; ``RuleError`` is raised where the file is malformed.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from extract.kinds import numbers

_GAP = r"(?:[ \t\u00a0\u202f]{1,2}(?:\r?\n[ \t]{0,4})?|\r?\n[ \t]{0,4}|-)"


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


_DATA = numbers.data(__package__, "currencies.toml")
_FAMILIES: Mapping[str, Mapping[str, Any]] = _DATA["family"]
CODES: frozenset[str] = frozenset(_DATA["currency"])

SYMBOLS: dict[str, Unit] = {}
"""Signs, abbreviations and ISO codes, in their case, as they stand right before or after a number."""

NAMES: dict[str, Unit] = {}
"""Names in words, lower case, as they follow a number."""

SINGULARS: set[str] = set()
"""Names of which "a" can be the number: dollar, euro, cent."""

CURRENCIES: dict[str, Currency] = {}


def _shares(minor: Mapping[str, int], code: str, family: str, weak: Iterable[str] = ()) -> Iterable[tuple[str, Unit]]:
    for name, parts in minor.items():
        yield name, Unit(code, family, 1 / Decimal(parts), name in weak)


def _add_family(family: str, entry: Mapping[str, Any]) -> None:
    for symbol in entry["symbols"]:
        SYMBOLS[symbol] = Unit("", family)
    for noun in entry["nouns"]:
        NAMES[noun.lower()] = Unit("", family, Decimal(entry.get("worth", 1)), noun in entry.get("weak", ()))
    for name, coin in _shares(entry["minor"], "", family):
        (NAMES if name.isalpha() and len(name) > 1 else SYMBOLS)[name] = coin
    if Decimal(entry.get("worth", 1)) <= 1:
        SINGULARS.update(entry["nouns"][:1], [name for name in entry["minor"] if name == "cent"])


def _add_currency(code: str, entry: Mapping[str, Any]) -> None:
    weak = frozenset(entry.get("weak", ()))
    whole = bool(entry.get("whole"))
    family = entry.get("family", "")
    families = frozenset(filter(None, [family, *entry.get("shares", ())]))
    shared_nouns = [noun for name in sorted(families) for noun in _FAMILIES[name]["nouns"]]
    shared_coins = {name: parts for kin in sorted(families) for name, parts in _FAMILIES[kin]["minor"].items()}
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
        if symbol.endswith("$") and len(symbol) > 2 and symbol[-2].isalpha():
            SYMBOLS[f"{symbol[:-1]} $"] = SYMBOLS[symbol]
    nouns = entry.get("nouns", ())
    for noun in nouns:
        NAMES[noun.lower()] = Unit(code, "", weak=noun in weak, whole=whole)
    if nouns and nouns[0] not in weak:
        SINGULARS.add(nouns[0].lower())
    for name, coin in _shares(entry.get("minor", {}), code, "", weak):
        NAMES[name.lower()] = coin
    coins = [*_shares(shared_coins, code, ""), *_shares(entry.get("minor", {}), code, "")]
    for adjective in entry.get("adjectives", ()):
        for noun in [*nouns, *shared_nouns, *_cent_if_euro(code)]:
            NAMES[f"{adjective} {noun}".lower()] = Unit(
                code, "", _HUNDREDTH if noun in {"cent", "cents"} else Decimal(1), whole=whole
            )
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


_HUNDREDTH = Decimal("0.01")


CENT = Unit("", "", _HUNDREDTH)
"""A hundredth of whatever main unit stands beside it ("$20 and 43c")."""


def _cent_if_euro(code: str) -> list[str]:
    return ["cent", "cents"] if code == "EUR" else []


for _name, _entry in _FAMILIES.items():
    _add_family(_name, _entry)
for _name, _entry in _DATA["currency"].items():
    _add_currency(_name, _entry)
for _lower, _code in (("us $", "USD"), ("u.s. $", "USD"), ("u.s $", "USD"), ("u . s . $", "USD"), ("U.S. $", "USD")):
    SYMBOLS[_lower] = Unit(_code)
SYMBOLS["C $"] = SYMBOLS["c $"] = Unit("CAD")

MEMBERS: Mapping[str, list[str]] = {
    family: [code for code, currency in CURRENCIES.items() if family in currency.families] for family in _FAMILIES
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


# Agencies whose house style writes every dollar but the American one with a prefix.
_HOUSE_STYLE = ("(Reuters)", "(AP)", "(AFP)", "(Bloomberg)", "(Dow Jones)", "Bloomberg News", "Thomson Reuters")


_IN_BRACKETS = re.compile(r"\((?:about |around |or |some )?\$ ?\d(?P<one>(?<=1) ?=)?")
_TO_AMERICAN = re.compile(r"(?<![A-Za-z])\$ ?\d[\d.,]{0,12}(?: [a-z]{2,8})? \((?:about )?(?:US|U\.S\.)\$")
_FIGURES_IN = re.compile(
    r"(?:[Dd]ollars|[Aa]mounts|[Ff]igures|[Ee]uros|[Nn]umbers|[$€£]|USD|EUR|RMB|\() ?in (?:thousands|millions)\b(?! of)"
)
_OTHER_SIGNS = frozenset("€£¥₹₩₽")
_STATED = tuple(f"{lead} in " for lead in ("are", "figures", "amounts", "prices", "stated", "expressed", "reported"))


class Evidence:
    """What one text says about its currencies; every question is answered once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._mentioned: dict[str, bool] = {}
        self._at_home: dict[str, bool] = {}
        self._resolved: dict[str, tuple[str, str]] = {}
        self._figures_in: str | None = None

    def mentions(self, code: str) -> bool:
        """Whether the text writes the currency in a way that no other shares ("HK$", "Swiss franc")."""
        if code not in self._mentioned:
            self._mentioned[code] = any(map(self._writes, CURRENCIES[code].explicit))
        return self._mentioned[code]

    def _writes(self, sign: str) -> bool:
        """Whether the sign stands in the text by itself ("S$" does not in "US$5")."""
        at = self.text.find(sign)
        while at > 0 and self.text[at - 1].isalnum():
            at = self.text.find(sign, at + 1)
        return at >= 0

    def at_home(self, code: str) -> bool:
        """Whether the text speaks of the currency's country."""
        if code not in self._at_home:
            places = CURRENCIES[code].places
            self._at_home[code] = any(place in self.text or place.upper() in self.text for place in places)
        return self._at_home[code]

    def supports(self, code: str) -> bool:
        """Whether a weak name of the currency may be taken at its word here."""
        return self.mentions(code) or self.at_home(code)

    def supports_unit(self, unit: Unit) -> bool:
        """The same of a unit: for a shared name, whether the text points to any of those that share it."""
        return any(map(self.supports, [unit.code] if unit.code else MEMBERS[unit.family]))

    def resolve(self, family: str) -> tuple[str, str]:
        """The currency that a shared name means here, and the evidence where it is split (else empty)."""
        if family not in self._resolved:
            self._resolved[family] = self._dollar() if family == "dollar" else self._shared(family)
        return self._resolved[family]

    def _dollar(self) -> tuple[str, str]:
        stated = [code for code in MEMBERS["dollar"] if self.mentions(code) and self._states(code)]
        if len(stated) == 1:
            return stated[0], ""
        if any(style in self.text for style in _HOUSE_STYLE) or self._converts():
            return "USD", ""
        others = [code for code in MEMBERS["dollar"] if code != "USD"]
        named = [code for code in others if self.mentions(code)]
        if named:  # who writes C$ means another by $
            return "USD", f"{' and '.join(named)} named too"
        local = [code for code in others if self.at_home(code)]
        if not local or self.at_home("USD"):
            return "USD", ""
        place = f"the text speaks of the country of {' and '.join(local)}"
        if len(local) == 1 and _TO_AMERICAN.search(self.text):
            return local[0], f"{place}, and converts $ to US$"
        return "USD", place

    def _converts(self) -> bool:
        """Whether another currency is translated to a bare $: "500 million yuan ($78 million)", "($1=7.52 yuan)"."""
        for match in _IN_BRACKETS.finditer(self.text):
            before = self.text[max(0, match.start() - 24) : match.start()].split()[-2:]
            if (
                match["one"]
                or _OTHER_SIGNS.intersection("".join(before))
                or (before[-1:] and before[-1].lower() in NAMES)
            ):
                return True
        return False

    def _states(self, code: str) -> bool:
        """Whether the text says it outright: "all figures are in Canadian dollars"."""
        for noun in CURRENCIES[code].explicit:
            at = self.text.find(noun) if " " in noun else -1
            if at > 0 and self.text[:at].endswith(_STATED):
                return True
        return False

    def _shared(self, family: str) -> tuple[str, str]:
        default = str(_FAMILIES[family].get("default", ""))
        members = MEMBERS[family]
        named = [code for code in members if self.mentions(code)]
        home = [code for code in members if self.at_home(code)]
        current = [code for code in home if not CURRENCIES[code].historic]
        if default and named in ([], [default]) and (default in named or default in home or not current):
            return default, ""
        candidates = list(dict.fromkeys([*named, *(current or ([] if default else home))]))
        if len(candidates) == 1:
            return candidates[0], ""
        if not candidates:
            return "", f"no country named for {family}"
        return default if default in candidates else "", " or ".join(candidates)

    def figures_in(self) -> str:
        """The text's own words that its figures are in thousands or millions ("dollars in thousands"); else empty."""
        if self._figures_in is None:
            match = (
                _FIGURES_IN.search(self.text) if " in thousands" in self.text or " in millions" in self.text else None
            )
            self._figures_in = match.group() if match else ""
        return self._figures_in

    def cents(self) -> tuple[str, str]:
        """Whose bare "cents" these are: house styles prefix dollars, never cents."""
        if self.mentions("EUR") and "$" not in self.text and "dollar" not in self.text:
            return "EUR", ""
        code, split = self.resolve("dollar")
        named = [other for other in MEMBERS["dollar"] if other not in {"USD", code} and self.mentions(other)]
        if split or (not named and not self.mentions("EUR")) or (not named and self.at_home("USD")):
            return code, split
        return code, f"{' and '.join(named or ['EUR'])} named too"

    def pennies(self) -> tuple[str, str]:
        """Whose bare "penny" it is: the pound's where the text speaks of pounds, the dollar's where of dollars."""
        pounds = "£" in self.text or "pence" in self.text or self.mentions("GBP")
        if pounds != ("$" in self.text):
            return ("GBP", "") if pounds else self.resolve("dollar")
        return (
            "GBP" if pounds else "",
            "pounds and dollars in the text" if pounds else "neither pounds nor dollars in the text",
        )
