"""Years, days and times of day written out in words: nineteen ninety-six, the twenty-first of May, half past nine."""

from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, Rule, categories, registrar
from extract.kinds.date.lexicon import CONTEXT

RULES: list[Rule] = []
rule = registrar(RULES)

_YEAR_BEFORE = categories("IN SINCE FROM BY TO BETWEEN MONTH TWELVE DAYNUM THIRTYONE NTH EARLY")
_COUNTED = categories("UNITS UNIT PERCENTSIGN CURRENCY HUNDRED NAME HYPHEN")


@rule(
    "year",
    "(?P<a>CARDINAL|TENS)(?P<b>TENS)(?:HYPHEN?(?P<c>CARDINAL))?",
    "(?P<a>CARDINAL)(?P<k>HUNDRED)(?:AND?(?P<b>TENS|CARDINAL)(?:HYPHEN?(?P<c>CARDINAL))?)?",
)
def _year(hit: Hit) -> Expression | None:
    hundreds, scale, rest = hit.value("a"), hit.value("k") or 100, (hit.value("b") or 0) + (hit.value("c") or 0)
    if hit.before not in _YEAR_BEFORE or hit.after in _COUNTED or rest > 99 or (hit.value("c") or 0) > 9:
        return None
    if hit.lexed.word(hit.stop).lower() in CONTEXT["not-a-year"] or (not rest and hit.before != "MONTH"):
        return None
    year = hundreds * scale + rest
    return hit.said(form="calendar", year=year) if 1100 <= year < 2100 and (scale == 1000) == (hundreds == 2) else None


@rule(
    "calendar-date",
    "(?P<m>MONTH)THE?(?P<t>TENS)HYPHEN?(?P<d>CARDINAL|ORDINAL)",
    "THE?(?:(?P<t>TENS)HYPHEN?)?(?P<d>ORDINAL|SECOND)OF(?P<m>MONTH)(?P<y>YEAR)?",
    "THE?(?P<t>TENS)HYPHEN?(?P<d>ORDINAL|CARDINAL)(?P<m>MONTH)(?P<y>YEAR)?",
)
def _day(hit: Hit) -> Expression | None:
    day = (hit.value("t") or 0) + hit.value("d")
    if day > 31 or (hit.has("t") and hit.value("d") > 9) or hit.after in _COUNTED:
        return None
    return hit.said(form="calendar", year=hit.value("y"), month=hit.value("m"), day=day)


@rule(
    "clock-time",
    "(?P<q>HALF)(?P<past>LAST)(?P<h>CARDINAL|TWELVE)(?:IN THE(?P<p>DAYPART))?",
    "ARTICLE?(?P<q>UNIT)(?P<past>LAST|TO)(?P<h>CARDINAL|TWELVE)(?:IN THE(?P<p>DAYPART))?(?!UNITS|HYPHEN|WORD)",
    "(?P<h>CARDINAL|TWELVE)(?P<o>WORD)APOSTROPHE(?P<clock>WORD)(?:IN THE(?P<p>DAYPART))?",
    "AT(?P<body>(?P<head>(?P<h>CARDINAL|TWELVE)IN THE(?P<p>DAYPART)))(?!WORD|NAME)",
)
def _time(hit: Hit) -> Expression | None:
    if hit.has("o") and (hit.word("o"), hit.word("clock")) != ("o", "clock"):
        return None
    if hit.has("past") and (hit.word("past") not in ("past", "to") or hit.value("q") not in ("half", "quarter")):
        return None
    hour, minute = hit.value("h"), 0
    if hit.has("past"):
        minute = 30 if hit.value("q") == "half" else 15
        if hit.word("past") == "to":
            hour, minute = (hour - 2) % 12 + 1, 60 - minute
    if not 1 <= hour <= 12:
        return None
    later = hit.value("p") in ("AF", "EV") or (hit.value("p") == "NI" and hour >= 6)
    clock = f"T{hour % 12 + 12 if later else hour % 12 if hit.has('p') else hour:02}:{minute:02}"
    doubtful = "" if hit.has("p") else "morning or evening is not said"
    return hit.said(form="deictic", unit="day", relation=0, timex="TIME", clock=clock, base="either", doubtful=doubtful)
