"""What a text says about its currencies: which dollar "$" means, whose cents, whether "won" is money."""

import re

from extract.kinds import numbers
from extract.kinds.money.currencies import CURRENCIES, FAMILIES, MEMBERS, NAMES, VOCABULARY, Unit, phrases

_HOUSE_STYLE = phrases(VOCABULARY["house-style"])
_STATED = tuple(f"{lead} in " for lead in VOCABULARY["stating"].split())
_IN_BRACKETS = re.compile(r"\((?:about |around |or |some )?\$ ?\d(?P<one>(?<=1) ?=)?")
_TO_AMERICAN = re.compile(r"(?<![A-Za-z])\$ ?\d[\d.,]{0,12}(?: [a-z]{2,8})? \((?:about )?(?:US|U\.S\.)\$")
_FIGURES_IN = re.compile(
    r"(?:[Dd]ollars|[Aa]mounts|[Ff]igures|[Ee]uros|[Nn]umbers|[$€£]|USD|EUR|RMB|\() ?in (?:thousands|millions)\b(?! of)"
)
_OTHER_SIGNS = frozenset("€£¥₹₩₽")


class Evidence:
    """What one text says about its currencies; every question is answered once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._low = numbers.lowered(text)
        self._said: dict[str, bool] = {}
        self._mentioned: dict[str, bool] = {}
        self._at_home: dict[str, bool] = {}
        self._resolved: dict[str, tuple[str, str]] = {}
        self._figures_in: str | None = None

    def says(self, word: str) -> bool:
        """Whether the text has the word or sign, in lower case, anywhere."""
        if word not in self._said:
            self._said[word] = word in self._low
        return self._said[word]

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
        default = str(FAMILIES[family].get("default", ""))
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
        likely = named[0] if len(named) == 1 else default if default in candidates else ""
        return likely, " or ".join(candidates)

    def figures_in(self) -> str:
        """The text's own words that its figures are in thousands or millions ("dollars in thousands"); else empty."""
        if self._figures_in is None:
            match = _FIGURES_IN.search(self.text) if self.says(" in thousands") or self.says(" in millions") else None
            self._figures_in = match.group() if match else ""
        return self._figures_in

    def cents(self) -> tuple[str, str]:
        """Whose bare "cents" these are: house styles prefix dollars, never cents."""
        if self.mentions("EUR") and not self.says("$") and not self.says("dollar"):
            return "EUR", ""
        code, split = self.resolve("dollar")
        named = [other for other in MEMBERS["dollar"] if other not in {"USD", code} and self.mentions(other)]
        if split or (not named and not self.mentions("EUR")) or (not named and self.at_home("USD")):
            return code, split
        return code, f"{' and '.join(named or ['EUR'])} named too"

    def pennies(self) -> tuple[str, str]:
        """Whose bare "penny" it is: the pound's where the text speaks of pounds, the dollar's where of dollars."""
        pounds = self.says("£") or self.says("pence") or self.mentions("GBP")
        if pounds != self.says("$"):
            return ("GBP", "") if pounds else self.resolve("dollar")
        return (
            "GBP" if pounds else "",
            "pounds and dollars in the text" if pounds else "neither pounds nor dollars in the text",
        )
