"""Sets (every day, weekly) and references to no day in particular (now, at the time)."""

from decimal import Decimal

from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, Rule, registrar
from extract.kinds.date.lexicon import CONTEXT
from extract.kinds.date.relative import count_of

RULES: list[Rule] = []
rule = registrar(RULES)


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
    count = count_of(hit) if hit.has("n") else Decimal(2 if other == "other" else 1)
    return hit.said(form="set", timex="SET", unit="second" if value == 2 else value, count=count)


@rule("repeated", "(?P<u>UNIT)(?P<s>BEFORE)(?P<v>UNIT)")
def _after_each_other(hit: Hit) -> Expression | None:
    """Year after year."""
    if hit.word("s") != "after" or hit.value("u") != hit.value("v"):
        return None
    return hit.said(form="set", timex="SET", unit=hit.value("u"), count=Decimal(1))


@rule("repeated", "(?P<s>SETWORD)")
def _set_word(hit: Hit) -> Expression | None:
    title = hit.lexed.word(hit.first).istitle()
    if (hit.after == "NAME" and (title or hit.before == "NAME")) or (title and hit.before == "THE"):
        return None  # The Weekly Post; the German daily Bild; The Daily
    return hit.said(form="set", timex="SET", value=hit.value("s"))


@rule("repeated", "(?P<w>WEEKDAYS)")
def _weekdays(hit: Hit) -> Expression | None:
    return hit.said(form="set", timex="SET", value=f"XXXX-WXX-{hit.value('w')}")


@rule(
    "reference",
    "(?P<x>WORD)?(?P<r>REFERENCE)",
    "(?P<r>CURRENT)",
    "(?:THE)?(?P<r>FUTURE)",
    "HIS WORD?(?P<r>FUTURE)",
)
def _reference(hit: Hit) -> Expression | None:
    if hit.word("x") not in ("", "right") or hit.lexed.word(hit.stop).lower() in CONTEXT["no-time"]:
        return None
    return hit.said(form="reference", value=hit.value("r"))


@rule(
    "reference",
    "AT(?P<body>(?P<head>PRESENT))(?!WORD|NAME)",
    "AT(?P<body>(?P<head>THE PRESENT TIMEWORD))",
    "AT(?P<body>(?P<head>(?:THE|THAT)(?P<then>TIMEWORD)))",
    "(?:AT|BY)(?P<body>(?P<head>THIS TIMEWORD))(?!LAST|NEXT|YEAR)",
    "AT(?P<body>(?P<head>THIS TIMEWORD IN TIMEWORD))",
)
def _at_present(hit: Hit) -> Expression | None:
    if hit.word("then") == "time" and hit.lexed.word(hit.stop).lower() not in CONTEXT["told-after"]:
        return hit.said(form="reference", value="PAST_REF", base="narrative")
    return hit.said(form="reference", value="PRESENT_REF") if hit.word("then") in ("", "moment") else None


@rule("reference", "IN(?P<body>(?P<head>THE LAST))(?!ORDINAL|SECOND|UNIT|UNITS|COUNT|CALENDARWORD|WEEKDAY|MONTH)")
def _in_the_past(hit: Hit) -> Expression | None:
    return hit.said(form="reference", value="PAST_REF") if hit.lexed.word(hit.stop - 1).lower() == "past" else None
