"""Expressions that count from a reference, and those that only say how long."""

from decimal import Decimal

from extract.kinds.date.clock import clock_of
from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, Rule, categories, registrar
from extract.kinds.date.lexicon import CONTEXT

RULES: list[Rule] = []

# After "two weeks before": what it can be counted from.
_ANCHORS = categories("MONTH YEAR WEEKDAY DAYWORD ISO LAST NEXT THIS HOLIDAY REFERENCE")
rule = registrar(RULES)

# Relative dates ---------------------------------------------------------------------------------------------


@rule("relative-day", "(?P<d>DAYWORD)(?P<p>DAYPART)?", "AT?(?P<time>TIME)(?P<d>DAYWORD)")
def _day_word(hit: Hit) -> Expression | None:
    if hit.before == "NAME" and hit.lexed.word(hit.first).istitle() and hit.word("d") == "today":
        return None  # the Orbel Today
    of_time = {hit.lexed.word(index).lower() for index in range(hit.stop + 2, hit.stop + 4)} & CONTEXT["of-our-time"]
    if hit.word("d") == "today" and hit.after == "APOSTROPHE" and of_time:
        return hit.said(form="reference", value="PRESENT_REF")
    part = hit.value("p") or ("NI" if hit.word("d") == "tonight" else "")
    clock, zone = clock_of(hit, "time")
    return hit.said(
        form="deictic",
        timex="TIME" if part or clock else "DATE",
        unit="day",
        relation=hit.value("d"),
        name=hit.word("d"),
        part=f"T{part}" if part else "",
        clock=clock,
        zone=zone,
    )


@rule("relative-day", "(?P<step>THIS|LAST|THAT|SAME)(?P<p>DAYPART)", "THE(?P<step>SAME|NEXT|LAST)(?P<p>DAYPART)")
def _day_part(hit: Hit) -> Expression | None:
    step = hit.value("step")
    told = hit.kind(hit.first) in ("THE", "THAT")
    if (hit.word("step") == "last" and hit.value("p") != "NI") or hit.word("step") in ("past", "recent"):
        return None
    return hit.said(form="deictic", unit="day", relation=step if isinstance(step, int) else 0, timex="TIME",
                    part=f"T{hit.value('p')}", base="narrative" if told else "document")  # fmt: skip


@rule(
    "relative-day",
    "(?P<body>(?P<head>(?P<p>DAYPART)))(?P<session>WORD|CALENDARWORD)",
    "IN(?P<body>(?P<head>THE(?P<p>DAYPART)))",
    "(?P<o>OVERNIGHT)",
)
def _part_alone(hit: Hit) -> Expression | None:
    """A part of the day told of: afternoon trading, in the evening, overnight."""
    if hit.has("session") and hit.word("session") not in CONTEXT["sessions"]:
        return None
    if hit.has("o") and (hit.after == "HYPHEN" or hit.lexed.word(hit.stop).lower() in CONTEXT["lent"]):
        return None
    doubtful = "the night before that day or after it" if hit.has("o") else ""
    return hit.said(form="deictic", unit="day", relation=0, timex="TIME", base="either", doubtful=doubtful,
                    part=f"T{hit.value('o') or hit.value('p')}")  # fmt: skip


@rule("relative-day", "THE(?P<u>UNIT)(?P<s>BEFORE)(?P<d>DAYWORD)")
def _day_but_one(hit: Hit) -> Expression | None:
    if hit.value("u") != "day":
        return None
    return hit.said(form="deictic", unit="day", relation=hit.value("d") + hit.value("s"))


_UNITS_THE = frozenset({"year", "quarter", "month", "week", "weekend"})


@rule(
    "relative-period",
    "THE?(?P<step>STEP)CALENDARWORD?(?P<u>UNIT)",
    "(?P<step>LAST|NEXT|CURRENT)HYPHEN(?P<u>UNIT)(?!HYPHEN)",
    "(?P<step>THE)CALENDARWORD?(?P<u>UNIT)",
    "THIS(?P<step>LAST)(?P<u>UNIT)",
    "EDGE OF(?P<u>UNIT)",
)
def _step_period(hit: Hit) -> Expression | None:
    unit, word, step = hit.value("u"), hit.word("step"), hit.value("step")
    if unit in ("second", "minute", "hour"):
        return None
    if word in ("the", ""):
        hyphen = hit.after == "HYPHEN" and hit.lexed.glued(hit.stop - 1)
        if unit not in _UNITS_THE or hit.after == "OLD" or hyphen:
            return None
        follows = hit.lexed.word(hit.stop).lower()
        if follows == "ahead" and unit != "week":
            return hit.said(form="length", timex="DURATION", unit=unit, count=Decimal(1), relation=1)
        if follows in ("when", "where") and hit.lexed.word(hit.first - 1) in ("is", "was", "be"):
            return None  # this is the year when …
        return hit.said(form="deictic", unit=unit, relation=0, base="either")
    the = hit.kind(hit.first) == "THE"
    if hit.kind(hit.first) == "THIS" and hit.stop - hit.first == 3:
        return hit.said(form="deictic", unit=unit, relation=-1, name="this past")
    if unit == "day" and word in ("last", "past", "this") and (word != "this" or hit.after == "AND"):
        return None  # her last day; in this day and age
    rolling = word == "past" or (word in ("next", "coming") and unit not in ("day", "weekend", "quarter"))
    spanned = any(hit.kind(hit.first - back) in ("IN", "OVER", "FOR") for back in (1, 2, 3))
    if rolling and the and (word == "past" or spanned):
        return hit.said(form="length", timex="DURATION", unit=unit, count=Decimal(1), relation=step)
    told = word in ("previous", "prior", "preceding", "following", "same", "that", "those") or (
        the and word == "next" and (unit == "day" or (hit.lexed.word(hit.first)[0] == "T" and hit.after == "COMMA"))
    )
    return hit.said(form="deictic", unit=unit, relation=step if isinstance(step, int) else 0,
                    base="narrative" if told else "document", name="the" if the else "")  # fmt: skip


@rule("relative-period", "(?P<u>UNIT)HYPHEN?(?P<e>EDGE)(?!OF|HYPHEN)")
def _unit_end(hit: Hit) -> Expression | None:
    """By year-end."""
    if hit.word("e") != "end" or hit.value("u") not in ("year", "quarter", "month"):
        return None
    return hit.said(form="deictic", unit=hit.value("u"), relation=0, base="either", edge="end")


@rule(
    "relative-day",
    "(?P<body>(?P<head>THE(?P<u>UNIT)))(?=APOSTROPHE ESS)",
    "FOR(?P<body>(?P<head>THE(?P<u>UNIT)))",
    "COMPARATIVE IN THE(?P<u>UNIT)",
)
def _the_day(hit: Hit) -> Expression | None:
    """The day's low, later in the day: of the day told of."""
    if hit.value("u") != "day":
        return None
    return hit.said(form="deictic", unit="day", relation=0, base="either")


@rule(
    "same-period",
    "THE?SAME(?P<u>PERIODWORD|UNIT|TIMEWORD|HALF)(?=OF?IN?(?:THE?LAST|THE?NEXT|ARTICLE UNIT|YEAR|THE UNIT))",
)
def _same_period(hit: Hit) -> Expression | None:
    return hit.said(form="cycle", unit="same", base="narrative")


@rule("ago-or-later", "THE(?P<u>UNIT)(?P<s>BEFORE|COMPARATIVE)(?=STOP|COMMA|BREAK|CLOSE|AND|$)")
def _the_unit_before(hit: Hit) -> Expression | None:
    if hit.value("u") in ("second", "minute", "hour"):
        return None
    return hit.said(form="deictic", unit=hit.value("u"), relation=hit.value("s"), base="narrative")


@rule("ago-or-later", "THE(?P<u>UNIT)(?P<s>BEFORE)(?=HOLIDAY|(?:LAST|NEXT)WEEKDAY|WEEKDAY|MONTH ANYDAY)")
def _the_day_before(hit: Hit) -> Expression | None:
    if hit.value("u") not in ("day", "week"):
        return None
    return hit.said(form="shift", unit=hit.value("u"), count=Decimal(1), relation=hit.value("s"), base="narrative")


@rule("same-period", "THE?(?P<n>UNIT)HYPHEN?(?:COMPARATIVE|AGO)(?P<u>PERIODWORD|UNIT)")
def _year_earlier(hit: Hit) -> Expression | None:
    if hit.value("n") != "year":
        return None
    unit = hit.lexed.word(hit.match.start("u")).lower()
    return hit.said(form="shift", unit="year", count=Decimal(1), relation=-1, base="narrative", name=unit)


def count_of(hit: Hit, group: str = "n") -> Decimal | None:
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
            if value is None:  # more digits than any length of time has
                return None
            total += Decimal(str(value))
        elif kind in ("TWELVE", "DAYNUM", "THIRTYONE", "SIXTY", "YEAR", "DECIMAL", "CARDINAL", "TENS"):
            if hit.kind(index + 1) == "SLASH" and index + 2 < stop:
                total += Decimal(value) / Decimal(hit.lexed.value(index + 2))
                index += 2
            else:
                total += Decimal(value)
        index += 1
    return total


@rule(
    "rolling-period",
    "THE?(?P<step>LAST|NEXT|THIS|CURRENT)(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)",
    "THE?(?P<n>COUNT)(?P<step>LAST|NEXT)CALENDARWORD?(?P<u>UNITS)",
    "(?:THE|HIS)?(?P<step>LAST|NEXT)CALENDARWORD?(?P<u>UNITS)",
)
def _rolling(hit: Hit) -> Expression | None:
    if hit.is_after():
        return None
    count = count_of(hit)
    return hit.said(form="length", timex="DURATION", unit=hit.value("u"), count=count, relation=hit.value("step"))


@rule("rolling-period", "THE?(?P<step>LAST|NEXT)(?P<u>UNIT)AND ARTICLE? HALF")
def _one_and_a_half(hit: Hit) -> Expression | None:
    """The past year and a half."""
    count = Decimal("1.5")
    return hit.said(form="length", timex="DURATION", unit=hit.value("u"), count=count, relation=hit.value("step"))


@rule("rolling-period", "THE(?P<n>COUNT)(?P<u>UNITS)(?=ENDED)", "THE?(?P<first>ORDINAL)(?P<n>COUNT)(?P<u>UNITS)(?=OF)")
def _counted(hit: Hit) -> Expression | None:
    """The three months (ended …), the first nine months (of …)."""
    if hit.has("first") and hit.value("first") != 1:
        return None
    edge = "start" if hit.has("first") else ""
    return hit.said(form="length", timex="DURATION", unit=hit.value("u"), count=count_of(hit), edge=edge)


@rule("ago-or-later", "(?P<n>COUNT)(?P<w>WEEKDAYS)FROM REFERENCE")
def _weekdays_from_now(hit: Hit) -> Expression | None:
    count = count_of(hit)
    if count is None or not 1 <= count <= 52:
        return None
    return hit.said(form="cycle", unit="weekday", number=hit.value("w"), relation=int(count))


@rule("reference", "(?:THE|HIS)?(?P<r>RECENT)(?:UNITS)?", "(?:THE)?(?P<r>RECENT)TIMEWORD")
def _recent(hit: Hit) -> Expression | None:
    if hit.kind(hit.stop - 1) == "RECENT" and hit.stop - hit.first > 1:
        return None
    return hit.said(form="reference", value="PAST_REF")


@rule(
    "ago-or-later",
    "(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)HYPHEN?(?P<s>AGO|COMPARATIVE)(?!THIS|LAST|NEXT|THAT)",
    "(?P<n>COUNT)CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?P<s>BEFORE)",
    "(?P<n>COUNT)CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?P<s>FROM)(?=REFERENCE|DAYWORD|WEEKDAY|MONTH ANYDAY)",
    "(?P<n>COUNT)(?P<u>UNITS|ANYUNIT)APOSTROPHE ESS?(?P<s>TIMEWORD)",
    "(?P<u>UNITS|UNIT HYPHEN)(?P<s>AGO|COMPARATIVE)",
)
def _shift(hit: Hit) -> Expression | None:
    if hit.lexed.word(hit.stop).lower() == "than":  # two months later than planned
        return None
    sign = hit.value("s")
    count, unit = count_of(hit), hit.value("u")
    if not hit.has("n") and hit.kind(hit.match.start("u")) == "UNIT":  # year-ago figures
        count = Decimal(1)
    unit = "second" if unit == 2 else "night" if unit == "NI" else unit
    if hit.kind(hit.match.start("s")) in ("FROM", "TIMEWORD"):  # two weeks from Monday; in two weeks' time
        return hit.said(form="shift", unit=unit, count=count, relation=1)
    ago = hit.kind(hit.match.start("s")) == "AGO"
    if hit.kind(hit.match.start("s")) == "BEFORE" and hit.after not in _ANCHORS:
        # "two weeks before the strike": how long before is all that is said.
        if hit.after in ("STOP", "COMMA", "BREAK", "") and hit.word("s") != "after":
            return hit.said(form="shift", unit=unit, count=count, relation=sign, base="narrative")
        return None
    return hit.said(form="shift", unit=unit, count=count, relation=sign, base="document" if ago else "narrative")


# Durations, sets, references --------------------------------------------------------------------------------


@rule(
    "duration",
    "(?P<n>COUNT)(?P<u>UNITS|ANYUNIT)(?:AND|COMMA)?(?P<n2>FIGURE|SPELT)(?P<u2>UNITS|UNIT)",
    "(?P<n>COUNT)HYPHEN?CALENDARWORD?(?P<u>UNITS|ANYUNIT)(?:HYPHEN CALENDARWORD)?(?P<half>AND ARTICLE? HALF)?",
)
def _duration(hit: Hit) -> Expression | None:
    unit, count = hit.value("u"), count_of(hit)
    index = hit.match.start("u")
    if unit == 2 or unit == "NI":  # "a second", "one night": units only beside a number
        unit = "second" if unit == 2 else "night"
        if hit.kind(hit.first) == "ARTICLE" or (
            hit.kind(index - 1) not in ("HYPHEN", "TWELVE") and hit.lexed.word(index).lower() == "second"
        ):
            return None
    alone = hit.kind(hit.first) == "ARTICLE" and index == hit.first + 1
    if hit.lexed.word(index).istitle() and hit.lexed.word(hit.first)[:1].isdigit():  # the name of a programme
        return None
    if unit == "quarter" and (alone or hit.after == "OF" or hit.kind(index) == "UNIT"):
        return None
    if hit.before in ("CURRENCY", "STOP") and hit.lexed.glued(hit.first - 1):
        return None
    if hit.after == "OLD" or (hit.after == "HYPHEN" and hit.kind(hit.stop + 1) in ("OLD", "ON")):
        return None
    if alone and _is_rate(hit):
        return hit.said(form="set", timex="SET", unit=unit, count=Decimal(1))
    second = None
    if hit.has("n2"):
        if hit.value("u2") not in _FINER.get(unit, ()):
            return None
        second = hit.said(form="length", unit=hit.value("u2"), count=count_of(hit, "n2"))
    if hit.has("half") and count is not None:
        count += Decimal("0.5")
    as_many = count is None and hit.lexed.word(hit.first - 1).lower() == "as"
    doubtful = "as many as the number told of before" if as_many else ""
    return hit.said(form="length", timex="DURATION", unit=unit, count=count, until=second, doubtful=doubtful)


# What a length may be followed by, as a part of the same one: two years, three months.
_FINER = {"year": ("month", "week", "day"), "month": ("week", "day"), "week": ("day",), "day": ("hour", "minute"),
          "hour": ("minute", "second"), "minute": ("second",)}  # fmt: skip


_NUMBERS = categories("TWELVE DAYNUM THIRTYONE SIXTY INTEGER DECIMAL CARDINAL TENS HUNDRED AMOUNT")


def _is_rate(hit: Hit) -> bool:
    """Whether "a year" says how often: after an amount, a share or a number of things."""
    if hit.after in ("BEFORE", "FROM"):
        return False
    counted = hit.before in ("WORD", "NAME") and hit.lexed.word(hit.first - 1).endswith("s")
    if counted and any(hit.kind(hit.first - back) in _NUMBERS for back in (2, 3)):
        return True
    return (
        hit.before in ("PERCENTSIGN", "HUNDRED")
        or hit.lexed.word(hit.first - 1).lower() in CONTEXT["rates"]
        or (
            hit.before in ("INTEGER", "DECIMAL")
            or (hit.before in ("TWELVE", "DAYNUM") and hit.kind(hit.first - 2) == "CURRENCY")
        )
    )


@rule(
    "duration",
    "(?P<n>CARDINAL|TWELVE)AND(?P<q>ARTICLE|CARDINAL)?(?P<r>UNIT|UNITS)(?:OF ARTICLE?)?(?P<u>UNIT|UNITS)",
    "(?P<q>ARTICLE|CARDINAL)HYPHEN?(?P<r>UNIT|UNITS)(?:OF ARTICLE|HYPHEN)(?P<u>UNIT)",
    "(?:ARTICLE|(?P<n>CARDINAL|TWELVE))(?P<u>UNIT|UNITS)AND(?P<q>ARTICLE)(?P<r>UNIT)",
)
def _quarters(hit: Hit) -> Expression | None:
    """An hour and a quarter, one and three quarter hours, a quarter of a century."""
    unit = hit.value("u")
    if hit.value("r") != "quarter" or unit not in ("hour", "year", "century"):
        return None
    quarters = hit.value("q") if isinstance(hit.value("q"), int) else 1
    last_is_quarter = hit.match.start("r") > hit.match.start("u")
    whole = hit.value("n") or int(last_is_quarter)
    count = Decimal(whole) + Decimal(quarters) / 4
    return hit.said(form="length", timex="DURATION", unit=unit, count=count)


@rule("duration", "(?P<n>FIGURE|SPELT)(?P<adjective>WORD)(?P<u>UNITS)")
def _weighed(hit: Hit) -> Expression | None:
    """Four disappointing months."""
    word = hit.word("adjective")
    if word not in CONTEXT["weighing"] and not word.endswith(_ADJECTIVE_ENDINGS):
        return None
    return hit.said(form="length", timex="DURATION", unit=hit.value("u"), count=count_of(hit))


@rule(
    "duration",
    "THE?(?P<step>LAST|NEXT)?(?P<n>SMALL)(?P<j>TO|AND|HYPHEN)(?P<n2>SMALL)HYPHEN?(?P<u>UNITS|UNIT)",
    "THE?(?P<step>LAST|NEXT)?(?P<n>ARTICLE)(?P<u>UNIT)(?P<j>AND)(?P<n2>CARDINAL)(?!UNITS)",
)
def _from_to(hit: Hit) -> Expression | None:
    """Two to three weeks, 12-18 months, a year or two: how many is left open."""
    low, high = count_of(hit), count_of(hit, "n2")
    if hit.word("j") not in ("to", "or", "-", "–") or low is None or high is None or not low < high:
        return None
    if hit.before in ("FROM", "BETWEEN", "CURRENCY", "MONTH", "SMALLMONTH") or hit.after == "OLD":
        return None
    unit = hit.value("u")
    return hit.said(form="length", timex="DURATION", unit=unit, relation=hit.value("step"), doubtful=f"{low} to {high}")


_HALVED = ("year", "hour", "decade", "century")
_ADJECTIVE_ENDINGS = ("ing", "ous", "ful", "ive", "ible", "able", "ical", "less")


@rule(
    "duration", "(?:ALL|ANOTHER|(?P<full>CALENDARWORD)HYPHEN|(?P<half>HALF)HYPHEN|(?P<multi>MULTI)HYPHEN?)(?P<u>UNIT)"
)
def _whole(hit: Hit) -> Expression | None:
    """All year, another month, full-year, half-hour, multi-year."""
    unit, half = hit.value("u"), hit.has("half")
    if unit == "quarter" or hit.word("full") not in ("", "full") or (half and unit not in _HALVED):
        return None
    return hit.said(
        form="length", timex="DURATION", unit=unit, count=None if hit.has("multi") else Decimal("0.5" if half else 1)
    )


@rule("duration", "(?P<u>UNITS)(?:HYPHEN(?P<l>CALENDARWORD))?", "(?P<u>UNIT)HYPHEN(?P<l>CALENDARWORD)")
def _bare_units(hit: Hit) -> Expression | None:
    if hit.before in ("HYPHEN", "EARLY") or (hit.kind(hit.match.start("u")) == "UNIT" and hit.word("l") != "long"):
        return None
    unit = hit.value("u")
    if unit == "hour" and hit.lexed.word(hit.first - 1).lower() == "after":
        return None  # trading after hours
    if unit == "weekend":
        return hit.said(form="set", timex="SET", value="XXXX-WXX-WE")
    count = Decimal(1) if hit.kind(hit.match.start("u")) == "UNIT" else None
    if (unit in ("second", "quarter", "night", "minute") and count is None) or hit.after == "OLD":
        return None
    return hit.said(form="length", timex="DURATION", unit=unit, count=count)
