"""Times of day: 5:03 p.m. EDT, noon, 1550 GMT."""

import re

from extract.kinds.date.expression import Expression
from extract.kinds.date.grammar import Hit, Rule, registrar
from extract.kinds.date.lexicon import word_clock

RULES: list[Rule] = []
rule = registrar(RULES)


def clock_of(hit: Hit, group: str) -> tuple[str, float | None]:
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
    clock, zone = clock_of(hit, "time")
    marked = any(hit.kind(i) in ("AMPM", "CLOCK", "WORD", "ZONE", "NOON") for i in range(hit.first, hit.stop))
    if not clock or (not marked and hit.before not in ("AT", "BY", "TO")):
        return None
    return hit.said(form="deictic", unit="day", relation=0, timex="TIME", clock=clock, zone=zone, base="either")
