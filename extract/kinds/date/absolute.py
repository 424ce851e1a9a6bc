"""Dates with names and numbers of their own: calendar dates, years, quarters, seasons, holidays, weekdays."""

from extract.kinds.date.clock import clock_of
from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, Rule, categories, registrar
from extract.kinds.date.lexicon import CONTEXT, century

RULES: list[Rule] = []

# What stands before a month that could be a name, and before a year that could be a count.
_MONTH_BEFORE = categories(
    "IN OF BY FROM SINCE FOR TO BETWEEN THIS LAST NEXT EARLY COMPARATIVE ON BEFORE OVER ENDED EDGE AT THE ESS"
)
_YEAR_BEFORE = categories(
    "IN OF BY FROM SINCE FOR AND TO BETWEEN EARLY OPEN HYPHEN BEFORE EDGE OVER APOSTROPHE ENDED COMPARATIVE "
    "SEASON QUARTERCODE HALFCODE THIS ESS AGO ON COMMA ONLY"
)
_AMOUNTS = categories("AMOUNT PERCENTSIGN UNITS CURRENCY")
rule = registrar(RULES)

# Absolute dates --------------------------------------------------------------------------------------------


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


@rule("slashed-date", "(?P<m>TWELVE)(?:HYPHEN|SLASH)(?P<y>YEAR)")
def _month_and_year(hit: Hit) -> Expression | None:
    if not hit.is_glued() or len(hit.word("m")) < 2 or hit.before in ("SLASH", "HYPHEN") or hit.after == "SLASH":
        return None
    return hit.said(form="calendar", year=hit.value("y"), month=hit.value("m"))


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
        return hit.said(
            form="calendar", year=year, month=a, day=b, doubtful="day and month could be exchanged" if a != b else ""
        )
    if min(a, b) > 12:
        return None
    return hit.said(form="calendar", year=year, month=min(a, b), day=max(a, b))


_WEEKDAY = "(?:(?P<w>WEEKDAY|DAYABBR)STOP?COMMA?THE?)?"
_TIME_AFTER = "(?:COMMA?AT?(?P<time>TIME))?"


@rule(
    "calendar-date",
    _WEEKDAY + "(?P<step>LAST|NEXT|THIS)?(?P<m>ANYMONTH)STOP?COMMA?THE?(?P<d>DAYTH)"
    "(?:(?:HYPHEN|TO)(?P<d2>DAYTH)(?!AMOUNT|PERCENTSIGN|UNITS))?"
    "(?:COMMA?OF?(?P<y>YEAR)(?!ZONE))?" + _TIME_AFTER,
    _WEEKDAY + "(?P<step>LAST|NEXT|THIS)?(?:(?P<d>DAYTH)(?:HYPHEN|TO))?(?P<d2>DAYTH)"
    "(?:(?P<unit>UNIT)? OF|HYPHEN)?(?P<m>ANYMONTH)"
    "(?:STOP?(?:COMMA|HYPHEN|OF)?(?P<y>YEAR)(?!ZONE)|OF?APOSTROPHE(?P<yy>TWODIGITS))?" + _TIME_AFTER,
    "(?P<d>ANYDAY)HYPHEN(?P<m>ANYMONTH)HYPHEN(?P<hh>TWODIGITS)",
    "(?P<y>YEAR)COMMA?(?P<m>ANYMONTH)(?P<d>DAYTH)",
    "(?P<m>ANYMONTH)HYPHEN(?P<d>ANYDAY)HYPHEN(?P<y>YEAR)",
)
def _calendar_date(hit: Hit) -> Expression | None:
    if hit.before == "CURRENCY" or (hit.has("unit") and hit.value("unit") != "day"):
        return None
    day, until = hit.value("d"), hit.value("d2")
    if day is None:
        day, until = until, None
    short = hit.word("yy") or hit.word("hh")
    if short and (len(short) != 2 or (hit.has("hh") and not hit.is_glued())):
        return None
    year = century(int(short)) if short else hit.value("y")
    last = hit.match.end("y" if hit.has("y") else "d2" if hit.has("d2") else "d")
    if hit.kind(last) in _AMOUNTS and year is None and hit.match.end("m") < last:
        return None
    clock, zone = clock_of(hit, "time")
    if hit.has("time") and not clock:
        return None
    fields = {"relation": hit.value("step"), "year": year, "month": hit.value("m"), "weekday": hit.value("w")}
    end = hit.said(form="calendar", **{**fields, "weekday": None}, day=until) if until else None
    return hit.said(form="calendar", timex="TIME" if clock else "DATE", **fields, day=day, clock=clock, zone=zone,
                    until=end)  # fmt: skip


@rule(
    "month",
    "(?P<y>YEAR)(?P<m>MONTH)(?=HYPHEN|COLON)",
    "(?P<m>ANYMONTH)(?:STOP?(?:COMMA|OF)?(?P<y>YEAR)(?!ZONE)|HYPHEN(?P<h>YEAR)|SLASH(?P<v>YEAR)"
    "|STOP?OF?APOSTROPHE(?P<yy>TWODIGITS))",
)
def _month_of_year(hit: Hit) -> Expression | None:
    if hit.has("yy"):
        if len(hit.word("yy")) != 2:
            return None
        return hit.said(form="calendar", year=century(int(hit.word("yy"))), month=hit.value("m"))
    year = hit.value("y") or hit.value("h") or hit.value("v")
    return hit.said(form="calendar", year=year, month=hit.value("m"))


@rule("month", "(?P<m>MONTH)")
def _bare_month(hit: Hit) -> Expression | None:
    if hit.before in ("APOSTROPHE", "CURRENCY") or hit.lexed.word(hit.first).islower():
        return None
    if hit.word("m") in CONTEXT["names-too"] and hit.before == "BY" and hit.after == "NAME":
        return None
    if hit.word("m") in CONTEXT["names-too"] and hit.before not in _MONTH_BEFORE and hit.after != "HYPHEN":
        if hit.before == "NAME" or hit.after in ("NAME", "THE", "HIS"):  # Jan Smit, Theresa May, "May the best …"
            return None
        if hit.lexed.word(hit.stop).lower() in CONTEXT["of-persons"]:
            return None
    if hit.word("m") in ("march", "may") and hit.after in ("OF", "FOR") and hit.before != "IN":
        return None  # the March of the Mothers
    return hit.said(form="cycle", unit="month", number=hit.value("m"))


@rule("year", "(?:THE?CALENDARWORD?(?P<unit>UNIT)(?:OF)?)?(?P<y>YEAR)(?:(?P<dash>HYPHEN|SLASH)(?P<z>YEAR|TWODIGITS))?")
def _year(hit: Hit) -> Expression | None:
    year = hit.value("y")
    if hit.has("unit") and hit.value("unit") != "year":
        return None
    if hit.after == "COLON" and hit.lexed.glued(hit.stop):
        return None
    if (
        hit.before in ("CURRENCY", "COLON", "SLASH", "PERCENTSIGN")
        or hit.lexed.word(hit.stop).lower() in CONTEXT["not-a-year"]
    ):
        return None
    if hit.before == "HYPHEN" and hit.lexed.glued(hit.first - 1) and hit.kind(hit.first - 2) in ("NAME", "INTEGER"):
        return None
    if hit.after in ("PERCENTSIGN", "CURRENCY", "ZONE", "UNITS", "ANYUNIT"):
        return None
    if (
        hit.after == "HYPHEN"
        and hit.lexed.glued(hit.stop - 1)
        and hit.kind(hit.stop + 1) in ("UNIT", "INTEGER", "YEAR")
    ):
        return None
    if hit.after == "STOP" and hit.kind(hit.stop + 1) in ("NAME", "WORD") and hit.lexed.glued(hit.stop):
        return None
    plain = hit.before in _YEAR_BEFORE
    if not 1800 <= year <= 2100 and hit.before not in ("IN", "SINCE", "FROM", "BY"):
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


@rule(
    "year", "(?:IN|OF|SINCE|BY|FROM|BETWEEN)(?P<body>(?P<head>APOSTROPHE(?P<yy>TWODIGITS)))(?!UNITS|AMOUNT|PERCENTSIGN)"
)
def _short_year(hit: Hit) -> Expression | None:
    """In '09."""
    if len(hit.word("yy")) != 2 or not hit.lexed.glued(hit.match.start("head")):
        return None
    return hit.said(form="calendar", year=century(int(hit.word("yy"))))


@rule("decade", "THE?(?:EARLY HYPHEN?)?(?P<d>DECADE)", "THE?(?:EARLY HYPHEN?)?APOSTROPHE?(?P<d>SHORTDECADE|TENSDECADE)")
def _decade(hit: Hit) -> Expression | None:
    number = hit.value("d")
    if number < 100:
        bare = hit.kind(hit.match.start("d")) == "SHORTDECADE" and hit.kind(hit.match.start("d") - 1) != "APOSTROPHE"
        if bare or hit.before == "HIS" or hit.kind(hit.first) not in ("THE", "APOSTROPHE", "EARLY"):
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
    "(?:THE|HIS(?=FISCAL))?(?P<f>FISCAL)?(?P<n>NTHWORD)HYPHEN?(?:(?P<g>FISCAL)|CALENDARWORD)?(?P<u>UNIT|HALF)",
    "(?P<n>QUARTERCODE)",
)
def _quarter(hit: Hit) -> Expression | None:
    unit = hit.value("u") if hit.has("u") else "quarter"
    number = hit.value("n")
    if unit not in ("quarter", "half") or number > (4 if unit == "quarter" else 2):
        return None
    if unit == "half" and _is_of_another_unit(hit):
        return None
    if hit.after == "OF" and hit.kind(hit.stop + 1) == "THE" and hit.kind(hit.stop + 2) in ("WORD", "NAME"):
        return None  # of the match
    return hit.said(form="cycle", unit=unit, number=number, name="fiscal" if hit.has("f") or hit.has("g") else "")


_NO_YEARS = ("week", "month", "decade", "century")


def _is_of_another_unit(hit: Hit) -> bool:
    """Whether what follows is "of January", "of the month", not of a year."""
    if hit.after != "OF":
        return False
    return hit.kind(hit.stop + 1) == "MONTH" or hit.lexed.word(hit.stop + 2).lower() in _NO_YEARS


@rule("quarter", "THE?(?P<m>MONTH)HYPHEN?(?P<u>UNIT)")
def _quarter_to(hit: Hit) -> Expression | None:
    """The December quarter: the one that ends with that month; where that is no calendar quarter, it has no value."""
    if hit.value("u") != "quarter" or hit.lexed.word(hit.match.start("m")).islower():
        return None
    number, rest = divmod(hit.value("m"), 3)
    return hit.said(form="cycle", unit="own-quarter" if rest else "quarter", number=number)


@rule("quarter", "(?P<n>HALFCODE)")
def _half(hit: Hit) -> Expression | None:
    if not (hit.after in ("YEAR", "HYPHEN", "OF", "IN", "SLASH") or hit.before in ("IN", "YEAR", "FOR", "HYPHEN")):
        return None
    return hit.said(form="cycle", unit="half", number=hit.value("n"))


@rule(
    "quarter",
    "(?P<y>YEAR)(?P<dash>HYPHEN)?(?P<n>QUARTERCODE|HALFCODE)",
    "(?P<n>QUARTERCODE|HALFCODE)(?P<dash>HYPHEN|SLASH)?(?P<y>YEAR)",
)
def _coded(hit: Hit) -> Expression | None:
    if hit.has("dash") and not hit.is_glued():
        return None
    unit = "quarter" if hit.kind(hit.match.start("n")) == "QUARTERCODE" else "half"
    year = hit.said(form="calendar", year=hit.value("y"))
    return hit.said(form="cycle", unit=unit, number=hit.value("n"), within=year)


@rule(
    "fiscal-year",
    "(?P<y>FISCALCODE)",
    "THE?FISCAL UNIT?(?P<y>YEAR)(?:(?:HYPHEN|SLASH)(?P<z>TWODIGITS))?",
    "(?P<y>YEAR)(?:(?:HYPHEN|SLASH)(?P<z>TWODIGITS))?HYPHEN?FISCAL UNIT",
)
def _fiscal(hit: Hit) -> Expression | None:
    year = hit.value("y")
    if hit.has("z") and int(hit.word("z")) != (year + 1) % 100:
        return None
    return hit.said(form="calendar", value=f"FY{year + hit.has('z'):04}")


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
    drop = hit.before == "EARLY" and hit.kind(hit.first - 2) == "ARTICLE"  # an early fall of the shares
    verb = hit.word("step") == "that" and hit.after not in ("COMMA", "STOP", "BREAK", "")  # issues that fall to him
    if hit.kind(hit.match.start("s")) == "FALL" and (verb or drop or not (dated or of_year)):
        return None
    if hit.word("s") == "spring" and not (
        dated or of_year or hit.before in ("IN", "BY", "SINCE", "THE") or hit.kind(hit.first) == "THE"
    ):
        return None
    step = hit.value("step")
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    named = hit.stop - hit.first > 1 or dated or of_year or hit.before in ("IN", "BY", "SINCE", "OF")
    doubtful = "" if named else "it may be the season of any year"
    return hit.said(form="cycle", unit="season", name=hit.value("s"), relation=relation, doubtful=doubtful)


@rule("holiday", "(?P<step>STEP)?(?P<h>HOLIDAY)(?P<p>DAYPART)?", "THE(?P<h>HOLIDAY)(?=OF)")
def _holiday(hit: Hit) -> Expression | None:
    if hit.is_after():
        return None
    step = hit.value("step")
    name = " ".join(hit.lexed.word(hit.match.start("h")).split())
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    part = f"T{hit.value('p')}" if hit.has("p") else ""
    timex = "TIME" if part else "DATE"
    return hit.said(form="cycle", unit="holiday", name=name, relation=relation, timex=timex, part=part)


@rule("month", "(?P<step>LAST|NEXT|THIS|SAME|THAT)(?P<m>MONTH)(?!STOP?ANYDAY)")
def _step_month(hit: Hit) -> Expression | None:
    if hit.is_after():
        return None
    step = hit.value("step")
    return hit.said(form="cycle", unit="month", number=hit.value("m"), relation=step if isinstance(step, int) else 0)


@rule(
    "nth-of-period",
    "THE?(?P<tens>TENS HYPHEN?)?(?P<n>NTHWORD|LAST)(?P<l>LAST)?(?P<w>UNIT)(?=OF(?:THE UNIT|STEP UNIT|ANYMONTH|YEAR))",
    "THE?(?P<n>NTHWORD|LAST)(?P<l>LAST)?(?P<w>WEEKDAY)(?=(?:OF|IN)(?:THE UNIT|STEP UNIT|ANYMONTH|YEAR))",
)
def _nth(hit: Hit) -> Expression | None:
    """The first Monday (of March), the last week (of the year): only before the period that it is part of."""
    number = (hit.value("tens") or 0) + hit.value("n") * (-1 if hit.has("l") else 1)
    word = hit.value("w")
    if isinstance(word, int):
        return hit.said(form="cycle", unit="nth-weekday", number=number, weekday=word)
    if word not in ("day", "week", "month", "weekend"):
        return None
    return hit.said(form="cycle", unit=f"nth-{word}", number=number)


@rule("nth-of-period", "THE?NTHWORD(?P<h>HALF)(?=OF(?:THE UNIT|STEP UNIT|ANYMONTH))")
def _half_of(hit: Hit) -> Expression | None:
    """The first half of January: TIMEX3 names the whole month. Of a year, it is a calendar half."""
    return hit.said(form="cycle", unit="nth-half") if _is_of_another_unit(hit) else None


@rule("nth-of-period", "THE?(?P<n>NTH|ANYDAY)(?=OF(?:THE|STEP)(?:CURRENT)?(?P<m>UNIT))")
def _nth_day(hit: Hit) -> Expression | None:
    if hit.value("m") != "month":
        return None
    return hit.said(form="cycle", unit="nth-day", number=hit.value("n"))


@rule("nth-of-period", "THE(?P<n>ORDINAL|NTH)OF THE(?P<u>UNIT)")
def _first_of_the_year(hit: Hit) -> Expression | None:
    """The first of the year: New Year's Day."""
    return hit.said(form="calendar", month=1, day=1) if (hit.value("n"), hit.value("u")) == (1, "year") else None


@rule("nth-of-period", "ON(?P<body>(?P<head>THE(?P<n>NTH)))(?=STOP|COMMA|BREAK|CLOSE|AND|$)")
def _day_of_month(hit: Hit) -> Expression | None:
    """On the 21st: of the month that tense and publication say."""
    return hit.said(form="cycle", unit="monthday", number=hit.value("n"))


@rule(
    "weekday",
    "THE?(?P<step>STEP)?(?P<w>WEEKDAY)(?P<p>DAYPART|NOON)?",
    "(?P<step>STEP)?(?P<w>WEEKDAY)COMMA?AT?(?P<time>TIME)",
    "(?P<time>TIME)ON?(?P<step>STEP)?(?P<w>WEEKDAY)",
    "(?P<step>STEP)?(?P<p>DAYPART|NOON)ON(?P<w>WEEKDAY)",
)
def _weekday(hit: Hit) -> Expression | None:
    if hit.is_after():
        return None
    step = hit.value("step")
    clock, zone = clock_of(hit, "time")
    part = str(hit.value("p")) if hit.has("p") else ""
    part = part if part.startswith("T") else part and f"T{part}"
    if hit.kind(hit.first) == "THE" and not hit.has("step"):
        return None
    relation = step if isinstance(step, int) else 0 if hit.has("step") else None
    return hit.said(form="cycle", unit="weekday", number=hit.value("w"), name=hit.word("step"), relation=relation,
                    timex="TIME" if clock or part else "DATE", clock=clock, zone=zone, part=part)  # fmt: skip


@rule("week", "THE?(?P<u>UNIT)(?P<n>TWODIGITS)(?P<of>(?=OF))?")
def _week_number(hit: Hit) -> Expression | None:
    if hit.value("u") != "week" or not 1 <= hit.value("n") <= 53:
        return None
    if not hit.has("of"):  # in week 27: of the year of publication
        if hit.before not in ("IN", "SINCE", "BY", "TO", "FROM") or hit.after in ("HYPHEN", "SLASH", "COLON"):
            return None
        year = hit.said(form="deictic", unit="year", relation=0)
        return hit.said(form="cycle", unit="nth-week", number=hit.value("n"), within=year)
    return hit.said(form="cycle", unit="nth-week", number=hit.value("n"))
