"""The expressions of time, as patterns over the categories of a text's tokens (lexicon.py).

A pattern is a regular expression in which a word in capitals stands for a token of that category, or for a
macro below. At each place the rule that takes the most tokens wins, the earlier rule on a tie. A builder
turns what matched into an Expression, or declines. All repeats are bounded: time is linear in the text.

The inventory follows TIMEX3 (TimeML Annotation Guidelines 1.2.1, Saurí et al. 2006).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from extract.kinds.date.expression import Base, Expression
from extract.kinds.date.lexicon import CATEGORIES, Lexed, century, entry, word_clock
from extract.model import Span

MACROS = {
    "ANYMONTH": "(?:MONTH|SMALLMONTH)",
    "ANYDAY": "(?:TWELVE|DAYNUM|THIRTYONE)",
    "DAYTH": "(?:TWELVE|DAYNUM|THIRTYONE|NTH)",
    "TWODIGITS": "(?:TWELVE|DAYNUM|THIRTYONE|SIXTY|INTEGER)",
    "FIGURE": "(?:TWELVE|DAYNUM|THIRTYONE|SIXTY|INTEGER|YEAR|DECIMAL)",
    "SPELT": "(?:CARDINAL|TENS(?:HYPHEN?CARDINAL)?|(?:ARTICLE|CARDINAL)HUNDRED|HUNDRED)",
    "COUNT": (
        "(?:FIGURE(?:TWELVE SLASH TWELVE)?|SPELT(?:AND ARTICLE? HALF)?"
        "|(?:ARTICLE|THE)?VAGUE OF?|HALF ARTICLE|ARTICLE HALF|ARTICLE)"
    ),
    "NTHWORD": "(?:ORDINAL|SECOND|NTH)",
    "ANYUNIT": "(?:UNIT|SECOND|NIGHT)",
    "DAYPART": "(?:PART|NIGHT)",
    "TIME": (
        "(?:(?:TWELVE|DAYNUM|SIXTY)(?:COLON TWODIGITS){1,2}(?:AMPM)?|(?:DECIMAL|TWELVE)AMPM|CLOCK"
        "|(?:TWELVE|DAYNUM|SIXTY)COLON (?:CLOCK|WORD)|NOON)(?:OPEN?ZONE CLOSE?)?|(?:YEAR|INTEGER)ZONE"
    ),
    "STEP": "(?:LAST|NEXT|THIS|SAME|CURRENT|THAT)",
}


def _expand(pattern: str) -> str:
    """A pattern's capitals replaced by category characters; white space is dropped."""

    def replaced(match: re.Match[str]) -> str:
        name = match[0]
        return _expand(MACROS[name]) if name in MACROS else re.escape(CATEGORIES[name])

    return re.sub(r"[A-Z]{2,}", replaced, pattern).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match: the tokens ``first`` to ``stop`` of a text."""

    lexed: Lexed
    match: re.Match[str]
    rule: str

    @property
    def first(self) -> int:
        """The index of the first token."""
        return self.match.start()

    @property
    def stop(self) -> int:
        """The index after the last token."""
        return self.match.end()

    def has(self, group: str) -> bool:
        """Whether the group took part."""
        return group in self.match.re.groupindex and self.match[group] is not None

    def value(self, group: str) -> Any:  # noqa: ANN401 - by category
        """What the group's first token means; None where the group took no part."""
        return self.lexed.value(self.match.start(group)) if self.has(group) else None

    def word(self, group: str) -> str:
        """The group's first token in lower case; empty where the group took no part."""
        return self.lexed.word(self.match.start(group)).lower() if self.has(group) else ""

    def kind(self, index: int) -> str:
        """The category of a token by its index."""
        return _NAMES.get(self.lexed.categories[index], "") if 0 <= index < len(self.lexed.categories) else ""

    @property
    def before(self) -> str:
        """The category of the token before the match."""
        return self.kind(self.first - 1)

    @property
    def after(self) -> str:
        """The category of the token after the match."""
        return self.kind(self.stop)

    def is_glued(self) -> bool:
        """Whether the whole match is written without a space."""
        return all(self.lexed.glued(i) for i in range(self.first, self.stop - 1))

    def said(self, **fields: Any) -> Expression:  # noqa: ANN401 - the fields of an Expression
        """An expression over the match, or over the groups named ``head`` to its end."""
        head = self.match.start("head") if "head" in self.match.re.groupindex else self.first
        tail = self.match.end("body") if "body" in self.match.re.groupindex else self.stop
        span = Span(self.lexed.spans[head][0], self.lexed.spans[tail - 1][1])
        return Expression(span=span, rule=self.rule, **fields)


_NAMES = {character: name for name, character in CATEGORIES.items()}
Builder = Callable[[Hit], Expression | None]


class Rule(NamedTuple):
    """A named pattern and what builds its expressions."""

    name: str
    pattern: re.Pattern[str]
    build: Builder


_RULES: list[Rule] = []


def _anonymous(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def rule(name: str, *patterns: str) -> Callable[[Builder], Builder]:
    """Register a builder for each of the patterns, under one name."""

    def register(build: Builder) -> Builder:
        _RULES.extend(Rule(name, re.compile(_expand(pattern)), build) for pattern in patterns)
        return build

    return register


# Absolute dates --------------------------------------------------------------------------------------------

_NOT_A_DAY = frozenset("percent pct million billion trillion mln bln cents points".split())


@rule("iso-date", "(?P<date>ISO)")
def _iso(hit: Hit) -> Expression | None:
    date, _, time = str(hit.value("date")).partition("T")
    year, month, day = map(int, date.split("-"))
    return hit.said(form="calendar", timex="TIME" if time else "DATE", year=year, month=month, day=day,
                    clock=f"T{time[:5]}" if time else "")  # fmt: skip


@rule(
    "iso-date",
    "(?P<y>YEAR)(?:HYPHEN|SLASH)(?P<m>TWELVE)(?:(?:HYPHEN|SLASH)(?P<d>ANYDAY))?",
)
def _year_first(hit: Hit) -> Expression | None:
    if not hit.is_glued() or (not hit.has("d") and len(hit.word("m")) < 2):
        return None
    if hit.after in ("HYPHEN", "SLASH") and hit.lexed.glued(hit.stop - 1):
        return None
    return hit.said(form="calendar", year=hit.value("y"), month=hit.value("m"), day=hit.value("d"))


@rule("slashed-date", "(?P<a>ANYDAY)(?P<s>SLASH|HYPHEN)(?P<b>ANYDAY)(?P<t>SLASH|HYPHEN)(?P<y>YEAR|TWODIGITS)")
def _slashed(hit: Hit) -> Expression | None:
    if not hit.is_glued() or hit.word("s") != hit.word("t") or hit.before in ("SLASH", "HYPHEN"):
        return None
    digits = hit.word("y")
    if len(digits) == 4:
        return _ordered(hit, hit.value("a"), hit.value("b"), int(digits))
    if len(digits) != 2 or hit.word("s") == "-":
        return None
    return _ordered(hit, hit.value("a"), hit.value("b"), century(int(digits)))


@rule("slashed-date", "(?P<date>DOTTED)")
def _dotted(hit: Hit) -> Expression | None:
    parts = str(hit.value("date")).split(".")
    if len(parts) != 3 or not (len(parts[0]) <= 2 and len(parts[1]) <= 2 and len(parts[2]) == 4):
        return None
    day, month, year = map(int, parts)
    return hit.said(form="calendar", year=year, month=month, day=day) if day <= 31 and month <= 12 else None


def _ordered(hit: Hit, a: int, b: int, year: int) -> Expression | None:
    """Month and day in the order that is possible; where both are, month first, marked as doubtful."""
    if a <= 12 and b <= 12:
        return hit.said(form="calendar", year=year, month=a, day=b, doubtful="order" if a != b else "")
    if min(a, b) > 12:
        return None
    return hit.said(form="calendar", year=year, month=min(a, b), day=max(a, b))


_WEEKDAY = "(?:(?P<w>WEEKDAY|DAYABBR)STOP?COMMA?THE?)?"
_TIME_AFTER = "(?:COMMA?AT?(?P<time>TIME))?"


@rule(
    "calendar-date",
    _WEEKDAY + "(?P<m>ANYMONTH)STOP?COMMA?THE?(?P<d>DAYTH)(?:(?:HYPHEN|TO)(?P<d2>DAYTH))?"
    "(?:COMMA?OF?(?P<y>YEAR)(?!ZONE))?" + _TIME_AFTER,
    _WEEKDAY + "(?:(?P<d>DAYTH)(?:HYPHEN|TO))?(?P<d2>DAYTH)(?:UNIT? OF|HYPHEN)?(?P<m>ANYMONTH)"
    "(?:STOP?(?:COMMA|HYPHEN|OF)?(?P<y>YEAR)(?!ZONE))?" + _TIME_AFTER,
    "(?P<y>YEAR)COMMA?(?P<m>ANYMONTH)(?P<d>DAYTH)",
    "(?P<m>ANYMONTH)HYPHEN(?P<d>ANYDAY)HYPHEN(?P<y>YEAR)",
)
def _calendar_date(hit: Hit) -> Expression | None:
    day, until = hit.value("d"), hit.value("d2")
    if day is None:
        day, until = until, None
    last = hit.match.end("y" if hit.has("y") else "d2" if hit.has("d2") else "d")
    if not hit.has("y") and hit.match.end("m") < last:
        if hit.lexed.word(last).lower() in _NOT_A_DAY or hit.kind(last) in ("PERCENTSIGN", "UNITS", "CURRENCY"):
            return None
        if hit.kind(last) == "COLON" and not hit.has("time"):
            return None
    clock, zone = _clock(hit, "time")
    if hit.has("time") and not clock:
        return None
    fields = {"year": hit.value("y"), "month": hit.value("m"), "weekday": hit.value("w")}
    end = hit.said(form="calendar", **{**fields, "weekday": None}, day=until) if until else None
    return hit.said(form="calendar", timex="TIME" if clock else "DATE", **fields, day=day, clock=clock, zone=zone,
                    until=end)  # fmt: skip


@rule(
    "month",
    "(?P<m>ANYMONTH)(?:STOP?(?:COMMA|OF)?(?P<y>YEAR)(?!ZONE)|HYPHEN(?P<h>YEAR)|SLASH(?P<v>YEAR)|STOP?APOSTROPHE(?P<yy>TWODIGITS))",
)
def _month_of_year(hit: Hit) -> Expression | None:
    if hit.has("yy"):
        if len(hit.word("yy")) != 2:
            return None
        return hit.said(form="calendar", year=century(int(hit.word("yy"))), month=hit.value("m"))
    year = hit.value("y") or hit.value("h") or hit.value("v")
    return hit.said(form="calendar", year=year, month=hit.value("m"))


_MONTH_BEFORE = frozenset(
    "IN OF BY FROM SINCE FOR AND OR TO BETWEEN THIS LAST NEXT EARLY COMPARATIVE HYPHEN COMMA OPEN THE ON "
    "BEFORE OVER ENDED EDGE SLASH THAT AT ONLY CURRENT SAME UNTIL".split()
)
_NAMES_TOO = frozenset({"may", "june", "april", "august", "jan", "march", "mar", "jun", "dec", "sep"})


@rule("month", "(?P<m>MONTH)")
def _bare_month(hit: Hit) -> Expression | None:
    word, named = hit.lexed.word(hit.first), hit.word("m") in _NAMES_TOO
    if hit.before in ("APOSTROPHE", "CURRENCY") or hit.after == "APOSTROPHE" and named and hit.before == "NAME":
        return None
    if named and hit.before not in _MONTH_BEFORE and (hit.after in ("NAME", "WORD") or hit.before == "NAME"):
        return None
    if word.islower() or (named and hit.before == "COMMA" and hit.after == "NAME" and word != "June"):
        return None
    return hit.said(form="cycle", unit="month", number=hit.value("m"))


_YEAR_BEFORE = frozenset(
    "IN OF BY FROM SINCE FOR AND OR TO BETWEEN EARLY OPEN HYPHEN SLASH BEFORE EDGE OVER APOSTROPHE ENDED "
    "COMPARATIVE SEASON QUARTERCODE HALFCODE THIS ESS AGO ON COMMA ONLY".split()
)
_NOT_YEARS = frozenset(
    "people points units jobs workers employees shares stores miles km kilometers kilometres meters metres feet "
    "dollars euros yuan yen pounds tonnes tons barrels times words pages million billion trillion hundred thousand "
    "percent pct calories megawatts mw metric square homes cars vehicles troops soldiers students children women men".split()
)


@rule("year", "(?:THE UNIT(?:OF)?)?(?P<y>YEAR)(?:(?P<dash>HYPHEN|SLASH)(?P<z>YEAR|TWODIGITS))?")
def _year(hit: Hit) -> Expression | None:
    year = hit.value("y")
    index = hit.match.start("y")
    if index > hit.first and hit.value("y") and hit.lexed.value(hit.first + 1) != "year":
        return None
    if hit.before in ("CURRENCY", "COLON", "SIGN", "PERCENTSIGN") or hit.lexed.word(hit.stop).lower() in _NOT_YEARS:
        return None
    if hit.before == "HYPHEN" and hit.lexed.glued(hit.first - 1) and hit.kind(hit.first - 2) in ("NAME", "INTEGER"):
        return None
    if hit.after in ("PERCENTSIGN", "CURRENCY", "ZONE", "COLON", "UNITS", "ANYUNIT"):
        return None
    if (
        hit.after == "HYPHEN"
        and hit.lexed.glued(hit.stop - 1)
        and hit.kind(hit.stop + 1) in ("UNIT", "INTEGER", "YEAR")
    ):
        return None
    plain = hit.before in _YEAR_BEFORE
    if year < 1800 or year > 2100:
        if hit.before not in ("IN", "SINCE", "OPEN", "FROM", "BY"):
            return None
    if year % 100 == 0 and year != 1900 and hit.before in ("WORD", "NAME", "COMMA", "VAGUE") and not plain:
        return None
    if not plain and hit.before in ("NAME", "OVER") and year < 1900:
        return None
    if not hit.has("z"):
        return hit.said(form="calendar", year=year)
    text = hit.word("z")
    last = int(text) if len(text) == 4 else year // 100 * 100 + int(text) if len(text) == 2 else 0
    if not hit.is_glued() or not year < last <= year + 100:
        return None
    return hit.said(form="calendar", year=year, until=hit.said(form="calendar", year=last))


@rule("decade", "THE?(?:EARLY HYPHEN?)?(?P<d>DECADE)", "THE?(?:EARLY HYPHEN?)?APOSTROPHE?(?P<d>SHORTDECADE|TENSDECADE)")
def _decade(hit: Hit) -> Expression | None:
    number = hit.value("d")
    if number < 100:
        if hit.kind(hit.match.start("d")) == "SHORTDECADE" and "APOSTROPHE" not in (
            hit.kind(hit.match.start("d") - 1),
        ):
            return None
        if hit.before in ("HIS",) or hit.kind(hit.first) not in ("THE", "APOSTROPHE", "EARLY"):
            return None
        number += 1900
    return hit.said(form="calendar", value=f"{number // 10:03}")


@rule("century", "THE?(?:EARLY HYPHEN?)?(?P<n>NTHWORD)HYPHEN?(?P<u>UNIT)")
def _century(hit: Hit) -> Expression | None:
    if hit.value("u") != "century" or not 1 < hit.value("n") <= 21:
        return None
    return hit.said(form="calendar", value=f"{hit.value('n') - 1:02}")


# Parts of a year, named or numbered --------------------------------------------------------------------------


@rule(
    "quarter",
    "THE?(?P<f>FISCAL)?(?P<n>NTHWORD)(?:HYPHEN)?(?:FISCAL|CALENDARWORD)?(?P<u>UNIT|HALF)",
    "(?P<n>QUARTERCODE)",
)
def _quarter(hit: Hit) -> Expression | None:
    unit = hit.value("u") if hit.has("u") else "quarter"
    number = hit.value("n")
    if unit not in ("quarter", "half") or number > (4 if unit == "quarter" else 2):
        return None
    return hit.said(form="cycle", unit=unit, number=number)


@rule("quarter", "(?P<n>HALFCODE)")
def _half(hit: Hit) -> Expression | None:
    if not (hit.after in ("YEAR", "HYPHEN", "OF", "IN", "SLASH") or hit.before in ("IN", "YEAR", "FOR", "HYPHEN")):
        return None
    return hit.said(form="cycle", unit="half", number=hit.value("n"))


@rule(
    "quarter",
    "(?P<y>YEAR)HYPHEN?(?P<n>QUARTERCODE|HALFCODE)",
    "(?P<n>QUARTERCODE|HALFCODE)(?:HYPHEN|SLASH)?(?P<y>YEAR)",
)
def _coded(hit: Hit) -> Expression | None:
    unit = "quarter" if hit.kind(hit.match.start("n")) == "QUARTERCODE" else "half"
    year = hit.said(form="calendar", year=hit.value("y"))
    return hit.said(form="cycle", unit=unit, number=hit.value("n"), within=year)


@rule("fiscal-year", "(?P<y>FISCALCODE)", "FISCAL UNIT?(?P<y>YEAR)", "(?P<y>YEAR)HYPHEN?FISCAL UNIT")
def _fiscal(hit: Hit) -> Expression | None:
    return hit.said(form="calendar", value=f"FY{hit.value('y')}")


@rule("fiscal-year", "THE?(?P<step>STEP)FISCAL(?P<u>UNIT)", "(?P<step>THE)FISCAL(?P<u>UNIT)")
def _relative_fiscal(hit: Hit) -> Expression | None:
    if hit.value("u") not in ("year", "quarter"):
        return None
    step = hit.value("step")
    return hit.said(form="deictic", unit=hit.value("u"), name="fiscal", relation=step if isinstance(step, int) else 0)


@rule("season", "(?:THE|(?P<step>STEP))?(?P<s>SEASON|FALL)")
def _season(hit: Hit) -> Expression | None:
    dated = hit.has("step") or hit.before in ("EARLY", "EDGE") or hit.after == "YEAR"
    of_year = hit.after == "OF" and hit.kind(hit.stop + 1) in ("YEAR", "LAST", "THIS", "NEXT")
    if hit.kind(hit.match.start("s")) == "FALL" and not (dated or of_year):
        return None
    if hit.word("s") == "spring" and not (
        dated or of_year or hit.before in ("IN", "BY", "SINCE", "THE") or hit.kind(hit.first) == "THE"
    ):
        return None
    step = hit.value("step")
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    return hit.said(form="cycle", unit="season", name=hit.value("s"), relation=relation)


@rule("holiday", "(?P<step>STEP)?(?P<h>HOLIDAY)")
def _holiday(hit: Hit) -> Expression | None:
    step = hit.value("step")
    name = " ".join(hit.lexed.word(hit.match.start("h")).split())
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    return hit.said(form="cycle", unit="holiday", name=name, relation=relation)


@rule("month", "(?P<step>LAST|NEXT|THIS|SAME|THAT)(?P<m>MONTH)(?!STOP?ANYDAY)")
def _step_month(hit: Hit) -> Expression | None:
    step = hit.value("step")
    return hit.said(form="cycle", unit="month", number=hit.value("m"), relation=step if isinstance(step, int) else 0)


@rule(
    "weekday",
    "THE?(?P<step>STEP)?(?P<w>WEEKDAY)(?P<p>DAYPART|NOON)?",
    "(?P<step>STEP)?(?P<w>WEEKDAY)COMMA?AT?(?P<time>TIME)",
    "(?P<time>TIME)ON?(?P<step>STEP)?(?P<w>WEEKDAY)",
    "(?P<step>STEP)?(?P<p>DAYPART|NOON)(?:ON|OF)(?P<w>WEEKDAY)",
)
def _weekday(hit: Hit) -> Expression | None:
    step = hit.value("step")
    clock, zone = _clock(hit, "time")
    part = str(hit.value("p")) if hit.has("p") else ""
    part = part if part.startswith("T") else part and f"T{part}"
    if hit.kind(hit.first) == "THE" and not hit.has("step"):
        return None
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    return hit.said(form="cycle", unit="weekday", number=hit.value("w"), timex="TIME" if clock or part else "DATE",
                    relation=relation, clock=clock, zone=zone, part=part)  # fmt: skip


@rule(
    "nth-of-period",
    "THE?(?P<n>NTHWORD|LAST)(?P<l>LAST)?(?P<w>WEEKDAY|UNIT)(?=(?:OF|IN)(?:THE|THIS|LAST|NEXT|CURRENT|ANYMONTH|YEAR|THAT))",
)
def _nth(hit: Hit) -> Expression | None:
    """The first Monday (of March), the last week (of the year): only before the period that it is part of."""
    number = hit.value("n") * (-1 if hit.has("l") else 1)
    word = hit.value("w")
    if isinstance(word, int):
        return hit.said(form="cycle", unit="nth-weekday", number=number, weekday=word)
    if word not in ("day", "week", "month", "weekend"):
        return None
    return hit.said(form="cycle", unit=f"nth-{word}", number=number)


@rule("week", "UNIT(?P<n>TWODIGITS)(?=OF|$)")
def _week_number(hit: Hit) -> Expression | None:
    if hit.lexed.value(hit.first) != "week" or not 1 <= hit.value("n") <= 53:
        return None
    return hit.said(form="cycle", unit="nth-week", number=hit.value("n"))


# Times of day -------------------------------------------------------------------------------------------------


def _clock(hit: Hit, group: str) -> tuple[str, float | None]:
    """``T17:03`` and the hours from its zone to Greenwich, from the tokens of a group; empty where it is no time."""
    if not hit.has(group):
        return "", None
    zone: float | None = None
    digits: list[int] = []
    half = ""
    for index in range(*hit.match.span(group)):
        kind, word = hit.kind(index), hit.lexed.word(index)
        if kind == "NOON":
            return str(hit.lexed.value(index)), zone
        if kind == "ZONE":
            zone = float(hit.lexed.value(index))
        elif kind == "AMPM":
            half = word[0].lower()
        elif kind == "DECIMAL":
            digits += [int(part) for part in word.split(".")]
        elif kind in ("CLOCK", "WORD"):
            match = re.fullmatch(r"(\d{1,2})([ap])m", word, re.IGNORECASE)
            if match is None:
                return "", None
            digits.append(int(match[1]))
            half = match[2].lower()
        elif word.isdigit():
            digits += [int(word[:2]), int(word[2:])] if len(word) == 4 else [int(word)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    if half:
        if not 1 <= hour <= 12:
            return "", None
        hour = int(word_clock(hour, half)[1:3])
    if hour > 24 or minute > 59:
        return "", None
    return f"T{hour:02}:{minute:02}", zone


@rule("clock-time", "(?P<time>TIME)")
def _clock_time(hit: Hit) -> Expression | None:
    clock, zone = _clock(hit, "time")
    marked = any(hit.kind(i) in ("AMPM", "CLOCK", "WORD", "ZONE", "NOON") for i in range(hit.first, hit.stop))
    if not clock or not marked and hit.before not in ("AT", "BY", "TO"):
        return None
    return hit.said(form="deictic", unit="day", relation=0, timex="TIME", clock=clock, zone=zone, base="either")


# Relative dates ---------------------------------------------------------------------------------------------


@rule("relative-day", "(?P<d>DAYWORD)(?P<p>DAYPART)?", "AT?(?P<time>TIME)(?P<d>DAYWORD)")
def _day_word(hit: Hit) -> Expression | None:
    part = hit.value("p") or ("NI" if hit.word("d") == "tonight" else "")
    clock, zone = _clock(hit, "time")
    return hit.said(form="deictic", unit="day", relation=hit.value("d"), name=hit.word("d"),
                    timex="TIME" if part or clock else "DATE", part=f"T{part}" if part else "", clock=clock, zone=zone)  # fmt: skip


@rule("relative-day", "(?P<step>THIS|LAST|THAT|SAME)(?P<p>DAYPART)", "THE(?P<step>SAME|NEXT|LAST)(?P<p>DAYPART)")
def _day_part(hit: Hit) -> Expression | None:
    step = hit.value("step")
    told = hit.kind(hit.first) in ("THE", "THAT")
    if hit.word("step") == "last" and hit.value("p") != "NI" or hit.word("step") in ("past", "recent"):
        return None
    return hit.said(form="deictic", unit="day", relation=step if isinstance(step, int) else 0, timex="TIME",
                    part=f"T{hit.value('p')}", base="narrative" if told else "document")  # fmt: skip


@rule("relative-day", "THE(?P<u>UNIT)(?P<s>BEFORE)(?P<d>DAYWORD)")
def _day_but_one(hit: Hit) -> Expression | None:
    if hit.value("u") != "day":
        return None
    return hit.said(form="deictic", unit="day", relation=hit.value("d") + hit.value("s"))


_UNITS_THE = frozenset({"year", "quarter", "month", "week", "weekend"})


@rule("relative-period", "THE?(?P<step>STEP)CALENDARWORD?(?P<u>UNIT)", "(?P<step>THE)CALENDARWORD?(?P<u>UNIT)")
def _step_period(hit: Hit) -> Expression | None:
    unit, word, step = hit.value("u"), hit.word("step"), hit.value("step")
    if unit in ("second", "minute", "hour"):
        return None
    if word == "the":
        if unit not in _UNITS_THE or hit.after in ("OLD", "HYPHEN"):
            return None
        return hit.said(form="deictic", unit=unit, relation=0, base="either")
    if word == "past":
        return hit.said(form="length", timex="DURATION", unit=unit, count=Decimal(1), relation=-1)
    the = hit.kind(hit.first) == "THE"
    told = word in ("previous", "prior", "preceding", "following", "same", "that", "those") or (
        the and word == "next" and unit == "day"
    )
    return hit.said(form="deictic", unit=unit, relation=step if isinstance(step, int) else 0,
                    base="narrative" if told else "document", name="the" if the else "")  # fmt: skip


@rule(
    "same-period",
    "THE?SAME(?P<u>PERIODWORD|UNIT|TIMEWORD|HALF)(?=OF?IN?(?:THE?LAST|THE?NEXT|ARTICLE UNIT|YEAR|THE UNIT))",
)
def _same_period(hit: Hit) -> Expression | None:
    return hit.said(form="cycle", unit="same", base="narrative")


@rule("same-period", "THE?(?P<n>UNIT)HYPHEN?(?:COMPARATIVE|AGO)(?P<u>PERIODWORD|UNIT)")
def _year_earlier(hit: Hit) -> Expression | None:
    if hit.value("n") != "year":
        return None
    unit = hit.lexed.word(hit.match.start("u")).lower()
    return hit.said(form="shift", unit="year", count=Decimal(1), relation=-1, base="narrative", name=unit)


def _count(hit: Hit, group: str = "n") -> Decimal | None:
    """The number a COUNT means; None where it is left vague."""
    total = Decimal(0)
    if not hit.has(group):
        return None
    first, stop = hit.match.span(group)
    index = first
    while index < stop:
        kind, value = hit.kind(index), hit.lexed.value(index)
        if kind == "VAGUE":
            if value == "X":
                return None
            total += Decimal(value)
        elif kind == "HALF":
            total += Decimal("0.5")
        elif kind == "ARTICLE":
            total += 1 if stop - first == 1 else 0
        elif kind == "HUNDRED":
            total = max(total, Decimal(1)) * value
        elif kind == "INTEGER":
            total += Decimal(str(value)) if value is not None else 0
        elif kind in ("TWELVE", "DAYNUM", "THIRTYONE", "SIXTY", "YEAR", "DECIMAL", "CARDINAL", "TENS"):
            if hit.kind(index + 1) == "SLASH" and index + 2 < stop:
                total += Decimal(value) / Decimal(hit.lexed.value(index + 2))
                index += 2
            else:
                total += Decimal(value)
        index += 1
    return total


_AGE = "(?!HYPHEN?OLD)"


@rule(
    "rolling-period",
    "THE?(?P<step>LAST|NEXT|THIS|CURRENT)(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)",
    "THE?(?P<n>COUNT)(?P<step>LAST|NEXT)CALENDARWORD?(?P<u>UNITS)",
    "(?:THE|HIS)?(?P<step>LAST|NEXT)CALENDARWORD?(?P<u>UNITS)",
    "THESE?OVER?THE(?P<n>COUNT)(?P<u>UNITS)(?=ENDED)",
)
def _rolling(hit: Hit) -> Expression | None:
    step = hit.value("step")
    if hit.kind(hit.match.start("u")) == "UNITS" or hit.has("n"):
        count = _count(hit)
        return hit.said(form="length", timex="DURATION", unit=hit.value("u"), count=count, relation=step)
    return None


@rule("reference", "(?:THE|HIS)?(?P<r>RECENT)(?:UNITS)?", "(?:THE)?(?P<r>RECENT)TIMEWORD")
def _recent(hit: Hit) -> Expression | None:
    if hit.kind(hit.stop - 1) == "RECENT" and hit.stop - hit.first > 1:
        return None
    return hit.said(form="reference", value="PAST_REF")


@rule(
    "ago-or-later",
    "(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)HYPHEN?(?P<s>AGO|COMPARATIVE)",
    "(?P<n>COUNT)CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?P<s>BEFORE)",
    "(?P<n>COUNT)CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?P<s>FROM)(?=REFERENCE|DAYWORD|THE|MONTH)",
)
def _shift(hit: Hit) -> Expression | None:
    sign = hit.value("s")
    count, unit = _count(hit), hit.value("u")
    unit = "second" if unit == 2 else "night" if unit == "NI" else unit
    if sign == "from":
        return hit.said(form="shift", unit=unit, count=count, relation=1)
    ago = hit.kind(hit.match.start("s")) == "AGO"
    if hit.kind(hit.match.start("s")) == "BEFORE" and hit.after not in _ANCHORS:
        # "two weeks before the strike": how long before is all that is said.
        if hit.after in ("STOP", "COMMA", "BREAK", "") and hit.word("s") != "after":
            return hit.said(form="shift", unit=unit, count=count, relation=sign, base="narrative")
        return None
    return hit.said(form="shift", unit=unit, count=count, relation=sign, base="document" if ago else "narrative")


_ANCHORS = frozenset("MONTH YEAR WEEKDAY DAYWORD ISO LAST NEXT THIS HOLIDAY REFERENCE".split())


# Durations, sets, references --------------------------------------------------------------------------------


@rule(
    "duration",
    "(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?:HYPHEN(?P<l>CALENDARWORD))?"
    "(?:(?:AND|COMMA)?(?P<n2>FIGURE|SPELT)(?P<u2>UNITS|UNIT))?(?P<half>AND ARTICLE HALF)?",
)
def _duration(hit: Hit) -> Expression | None:
    unit, count = hit.value("u"), _count(hit)
    index = hit.match.start("u")
    if unit == 2 or unit == "NI":  # "a second", "one night": units only beside a number
        unit = "second" if unit == 2 else "night"
        if (
            hit.kind(hit.first) == "ARTICLE"
            or hit.kind(index - 1) != "HYPHEN"
            and hit.lexed.word(index).lower() == "second"
        ):
            return None
    alone = hit.kind(hit.first) == "ARTICLE" and index == hit.first + 1
    if unit == "quarter" and (alone or hit.after == "OF" or hit.kind(index) == "UNIT"):
        return None
    if hit.before in ("CURRENCY", "STOP") and hit.lexed.glued(hit.first - 1):
        return None
    if hit.after == "OLD" or hit.after == "HYPHEN" and hit.kind(hit.stop + 1) in ("OLD", "ON"):
        return None
    if alone and _is_rate(hit):
        return hit.said(form="set", timex="SET", unit=unit, count=Decimal(1))
    second = None
    if hit.has("n2"):
        second = hit.said(form="length", unit=hit.value("u2"), count=_count(hit, "n2"))
    if hit.has("half") and count is not None:
        count += Decimal("0.5")
    return hit.said(form="length", timex="DURATION", unit=unit, count=count, until=second)


def _is_rate(hit: Hit) -> bool:
    """Whether "a year" says how often: after an amount, a share or a number of times."""
    return (
        hit.before in ("PERCENTSIGN", "HUNDRED")
        or hit.lexed.word(hit.first - 1).lower() in _RATES
        or (
            hit.before in ("INTEGER", "DECIMAL")
            or hit.before in ("TWELVE", "DAYNUM")
            and hit.kind(hit.first - 2) == "CURRENCY"
        )
    )


_RATES = frozenset(
    "once twice times million billion trillion thousand percent pct dollars euros pounds yuan yen cents barrels tonnes "
    "tons units cars vehicles bpd hours days dozens hundreds thousands trips flights points people".split()
)


@rule("duration", "(?P<u>UNITS)(?:HYPHEN(?P<l>CALENDARWORD))?", "(?P<u>UNIT)HYPHEN(?P<l>CALENDARWORD)")
def _bare_units(hit: Hit) -> Expression | None:
    if hit.before == "HYPHEN" or hit.kind(hit.match.start("u")) == "UNIT" and hit.word("l") != "long":
        return None
    unit = hit.value("u")
    count = Decimal(1) if hit.kind(hit.match.start("u")) == "UNIT" else None
    if unit in ("second", "quarter", "weekend", "night", "minute") and count is None or hit.after == "OLD":
        return None
    return hit.said(form="length", timex="DURATION", unit=unit, count=count)


@rule(
    "repeated",
    "EVERY(?P<o>WORD)?(?P<n>COUNT)?(?P<u>UNIT|UNITS|WEEKDAY|PART|NIGHT|MONTH|SECOND)",
    "PER(?P<u>UNIT|SECOND)",
)
def _every(hit: Hit) -> Expression | None:
    other = hit.word("o")
    if other not in ("", "other", "single"):
        return None
    index = hit.match.start("u")
    kind, value = hit.kind(index), hit.value("u")
    if kind == "WEEKDAY":
        return hit.said(form="set", timex="SET", value=f"XXXX-WXX-{value}")
    if kind == "MONTH":
        return hit.said(form="set", timex="SET", value=f"XXXX-{value:02}")
    if kind in ("PART", "NIGHT"):
        return hit.said(form="set", timex="SET", value="P1D" if kind == "NIGHT" else f"XXXX-XX-XXT{value}")
    count = _count(hit) if hit.has("n") else Decimal(2 if other == "other" else 1)
    return hit.said(form="set", timex="SET", unit="second" if value == 2 else value, count=count)


@rule("repeated", "(?P<s>SETWORD)")
def _set_word(hit: Hit) -> Expression | None:
    if hit.lexed.word(hit.first).istitle() and hit.after == "NAME":
        return None
    return hit.said(form="set", timex="SET", value=hit.value("s"))


@rule("repeated", "(?P<w>WEEKDAYS)")
def _weekdays(hit: Hit) -> Expression | None:
    return hit.said(form="set", timex="SET", value=f"XXXX-WXX-{hit.value('w')}")


@rule("reference", "(?P<r>REFERENCE)", "(?P<r>CURRENT)", "(?:THE)?(?P<r>FUTURE)", "HIS WORD?(?P<r>FUTURE)")
def _reference(hit: Hit) -> Expression | None:
    return hit.said(form="reference", value=hit.value("r"))


@rule(
    "reference",
    "AT(?P<body>(?P<head>PRESENT))(?!WORD|NAME)",
    "AT(?P<body>(?P<head>THE PRESENT TIMEWORD))",
    "(?:AT|BY)(?P<body>(?P<head>THIS TIMEWORD))(?!LAST|NEXT|YEAR)",
)
def _at_present(hit: Hit) -> Expression | None:
    return hit.said(form="reference", value="PRESENT_REF")


@rule("reference", "IN(?P<body>(?P<head>THE LAST))(?=STOP|COMMA|BREAK|$|AND|SIGN)")
def _in_the_past(hit: Hit) -> Expression | None:
    return hit.said(form="reference", value="PAST_REF") if hit.lexed.word(hit.stop - 1).lower() == "past" else None


# Expressions that look like one of time and are none: they take their tokens away from the rules above.
_HANDS_OFF = re.compile(
    "|".join(
        _expand(pattern)
        for pattern in (
            "COUNT HYPHEN?UNITS?HYPHEN?OLD",
            "COUNT HYPHEN?UNIT HYPHEN?OLD",
            "(?:UNIT|PART)HYPHEN?(?:ON|OVER|BY|TO|IN|BEFORE)HYPHEN?(?:UNIT|PART)",
        )
    )
)

RULES = frozenset(entry.name for entry in _RULES)

_ANY = re.compile("|".join({f"(?:{_anonymous(entry.pattern.pattern)})": None for entry in _RULES}))


def expressions(lexed: Lexed) -> Iterator[tuple[int, int, Expression]]:
    """The expressions of a text in order, not overlapping, each with its first token and the one after its last."""
    place, categories = 0, lexed.categories
    while found := _ANY.search(categories, place):
        first = found.start()
        if hands_off := _HANDS_OFF.match(categories, first):
            place = hands_off.end()
            continue
        best = _longest(lexed, first)
        if best is None:
            place = first + 1
            continue
        yield first, best[0], best[1]
        place = best[0]


def _longest(lexed: Lexed, first: int) -> tuple[int, Expression] | None:
    matches = [(match, entry) for entry in _RULES if (match := entry.pattern.match(lexed.categories, first))]
    for match, entry in sorted(matches, key=lambda pair: -pair[0].end()):
        if expression := entry.build(Hit(lexed, match, entry.name)):
            return match.end(), expression
    return None
