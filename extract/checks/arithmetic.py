"""Arithmetic: figures that a text itself ties together are recomputed from each other.

Growth, shares, compound growth, sums, differences and multiples, where the words say which figure is which; where they
do not, nothing is said. What a figure can mean is taken from the digits shown (see ``figures``): a told result is right
when some of what it can mean follows from what the others can mean. A compound annual growth rate is the constant rate
that, compounded once a year, leads from the first figure to the last.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, DecimalException
from typing import NamedTuple

from extract.checks.figures import (
    COUNT,
    DATE,
    MONEY,
    PERCENT,
    SIGNS,
    TIMES,
    Folded,
    Interval,
    folded,
    middle,
    reach,
    spread,
    year,
)
from extract.checks.story import Example, Finding, Row, Story
from extract.model import plain

MISMATCH = "arithmetic-mismatch"
FLAGS: Mapping[str, str] = {MISMATCH: "The figures that the text ties together do not give what it says they do."}
EXAMPLES: Sequence[Example] = (
    Example(
        "Sales rose 12.5 percent to $4.5 billion, or 90 cents a share, from $4 billion.",
        "",
        "12.5 percent",
        "arithmetic-confirmed: from $4 billion to $4.5 billion is 12.5%",
    ),
    Example(
        "Sales fell to 2.4 million tonnes from 3.2 million tonnes, a drop of 35%.",
        "",
        "35%",
        "from 3.2 million to 2.4 million is -25%, told as 35%",
        MISMATCH,
    ),
    Example("Sales were $4.5 billion, up 20% from $4.0 billion.", "", "20%", "is 12.5%, told as 20%", MISMATCH),
    Example("Sales rose 12 percent to $3.6 billion from $4 billion.", "", "12 percent", "is -10%, told as", MISMATCH),
    Example("Sales rose 12 percentage points to 40% from 28%, worth $4 billion.", "", "$4 billion", ""),
    Example("Sales rose 12 percent to $4.5 billion and costs fell from $3 billion.", "", "12 percent", ""),
    Example(
        "The shares fell 82 cents, or 1.5 percent, to $54.20.",
        "",
        "82 cents",
        "arithmetic-confirmed: a change of 82 cents to $54.20 is 1.49%",
    ),
    Example(
        "Sales rose by $700 million to $4.5 billion from $4.0 billion.",
        "",
        "$700 million",
        "is USD 500000000",
        MISMATCH,
    ),
    Example(
        "The mill earned 900 million yuan in all. Its revenue was 2 billion yuan. Of this, paper brought in "
        "1.5 billion yuan, up 8% from a year before, accounting for 75% of total revenue.",
        "",
        "75%",
        "arithmetic-confirmed: 1.5 billion yuan of 2 billion yuan is 75%",
    ),
    Example(
        "It will cut 1,200 jobs, or 15 percent of its 6,000 workers.", "", "15 percent", "is 20%, told as", MISMATCH
    ),
    Example(
        "The market grew from $2 billion to $3.2 billion from 2012 to 2016, with a compound annual growth rate of "
        "12.5%. At this rate it will reach $6 billion in 2018.",
        "",
        "$6 billion",
        "$3.2 billion after 2 years at 12.5% is USD 4050000000, told as $6 billion",
        MISMATCH,
    ),
    Example(
        "It raised a total of $90 million, comprising $50 million in debt and $30 million in shares.",
        "",
        "$90 million",
        "$50 million + $30 million is USD 80000000, told as $90 million",
        MISMATCH,
    ),
    Example(
        "Profit more than doubled to $45 million from $20 million.", "", "$45 million", "arithmetic-confirmed: 2 times"
    ),
    Example("Profit tripled to $45 million from $20 million.", "", "$45 million", "is USD 60000000, told as", MISMATCH),
    Example("It paid $90 million, three times the $30 million of its rival.", "", "$90 million", "is 3"),
)

UP = (
    r"rose|risen|rising|rises?|grew|grown|growing|grows?|climbed|climbing|jumped|jumping|jumps?|soared|soaring|"
    r"surged|surging|surges?|gained|gaining|gains?|advanced|increased|increasing|increases?|expanded|leapt|"
    r"leaped|growth|up|higher|widened|swelled|rallied|improved|improvement"
)
DOWN = (
    r"fell|fallen|falling|falls?|dropped|dropping|drops?|declined|declining|declines?|decreased|decreasing|"
    r"decreases?|sank|slid|slipped|slumped|slumping|slump|tumbled|plunged|plunging|plunge|shrank|shrunk|eased|"
    r"dipped|lost|shed|contracted|down|lower|narrowed|reduced|reduction"
)
# Words at which another measure, or another speaker's figure, may begin; so many letters tell each.
_OTHER = re.compile(
    rf"\b(?:{UP}|{DOWN}|while|but|whereas|although|excluding|expect\w*|forecast\w*|analysts)\b", re.IGNORECASE
)
_TOLD_BY = 15
# A move; one right before a figure, and how far before that it may begin.
_MOVE = rf"\b(?:{UP}|{DOWN})(?: \w{{1,12}}ly)?(?: (?:by|a|an|another|a further))?"
_MOVED = re.compile(rf"{_MOVE} \Z", re.IGNORECASE)
_FURTHEST = 45
# A figure that was only looked for.
_HOPED = r"expect\w*|forecast\w*|estimat\w*|analyst\S*|target\w*|predict\w*|project(?:ed|ions?)|budget\w*"
_FIGURES = SIGNS.replace(DATE, "")
_PIECE = rf"(?:[^{_FIGURES}\d.;:!?\n]|\.(?=\w))"
_FIGURE = f"[{MONEY}{COUNT}]"
_ITEM = rf"(?:(?!\b(?:from|to|of which|including|each) )[^{_FIGURES}\d,.;:!?\n]){{0,40}}?"
# What is passed over: nothing of _OTHER may begin in it.
PASSED: Mapping[str, str] = {
    "gap": f"{_PIECE}{{0,60}}?",
    "near": f"{_PIECE}{{0,30}}?",
    "figures": rf"{_FIGURE}(?:{_ITEM}, {_ITEM}{_FIGURE}){{0,5}}{_ITEM},? (?:and|plus) {_ITEM}{_FIGURE}",
}
WORDS: Mapping[str, str] = {
    # The end of a list or statement: no further figure in the sentence.
    "end": rf"(?! (?:\w+ )?each)(?=[^{_FIGURES}.;!?\n]{{0,80}}(?:[.;!?\n]|\Z))",
    "few": rf"(?:(?!(?:for|at|in|by|to|from|over|with|when|on|and|or|{_HOPED}) )[\w'’&-]{{1,20}} ){{0,5}}",
    "move": _MOVE,
    # What is only compared may be a rival's figure, unless its own time is told.
    "from": rf"(?:from|(?:compared (?:with|to)|against|versus)"
    rf"(?=[^{_FIGURES}.;\n]{{0,40}}{_FIGURE}[^{_FIGURES}.;\n]{{0,40}}?"
    rf"(?:{DATE}|\b(?:year|quarter|month|earlier|before|last|previous\w*|prior)\b)))",
    "old": rf"(?P<old>{_FIGURE})(?![^{_FIGURES}.;\n]{{0,40}}\b(?:{_HOPED})\b)",
    # What else is told of a figure: the same in another currency, or a share's worth.
    "aside": rf"(?: ?\({MONEY}\)|,? or {MONEY} (?:per|a) \w{{1,12}},?)?",
    "as": r",? (?:or|up|down|by|(?:representing |marking )?an? (?:\w{1,15} )?(?:increase|rise|jump|gain|growth|decline|"
    r"drop|fall|decrease)(?: rate)? of|(?:with )?a growth(?: rate)? of)",
    "cagr": r"\b(?:compound(?:ed)? (?:average )?annual (?:growth rate|growth|rate)|compound growth rate|CAGR)"
    r"(?: \(CAGR\))? (?:of |at )?",
    "hedge": r"(?:\b(?P<hedge>more than|over|nearly|almost|about|roughly) )?",
    "multiplied": r"\b(?P<word>doubl|tripl|trebl|quadrupl|halv)(?:ed?|ing)\b",
    "multiple": r"\b(?P<word>twice|double|triple|half)",
    "rate": f"(?P<rate>{PERCENT})",
    "factor": f"(?P<factor>{TIMES})",
    "first": f"(?P<first>{DATE})",
    "last": f"(?P<last>{DATE})",
    "year": f"(?P<year>{DATE})",
}


class Pattern(NamedTuple):
    """``passed`` names the groups of what ``expression`` passes over.

    ``begins`` says where alone it can match: at a ``figure``, or at a ``move``, ``from`` or ``to`` before one; empty
    where anywhere. It cannot match a text that holds none of ``needs``, if there are any.
    """

    expression: re.Pattern[str]
    passed: Sequence[str]
    begins: str
    needs: Sequence[str]


def _pattern(template: str) -> Pattern:
    """A template of words, with ``<gap>`` and the like for PASSED and WORDS and any other name for a figure of it."""
    passed = []

    def put(name: re.Match[str]) -> str:
        if name[1] not in PASSED:
            return WORDS.get(name[1], f"(?P<{name[1]}>{_FIGURE})")
        passed.append(name[1] if name[1] == "figures" else f"{name[1]}{name.start()}")
        return f"(?P<{passed[-1]}>{PASSED[name[1]]})"

    expression = re.sub(r"(?<!\?P)<(\w+)>", put, template)
    before = _BEGINS_BEFORE_FIGURE.match(template)
    begins = before[1] if before else "figure" if _BEGINS_WITH_FIGURE.match(expression) else ""
    needs = next((words for name, words in NEEDS.items() if name in template), ())
    return Pattern(re.compile(expression, re.IGNORECASE), passed, begins, needs)


# By what stands in a template: what stands in each text that it matches.
NEEDS: Mapping[str, Sequence[str]] = {
    "<cagr>": ("compound", "cagr"),
    "<multiplied>": ("doubl", "tripl", "trebl", "quadrupl", "halv"),
    "total of": ("total", "adding up"),
}
_BEGINS_BEFORE_FIGURE = re.compile(r"(?:<(?=move>)|\\b(?=from|to))(\w+)")
_BEGINS_WITH_FIGURE = re.compile(rf"\(\?P<\w+>\[?[{SIGNS}]")


class Told(NamedTuple):
    """``result`` is told to be what ``formula`` gives for ``rows``; ``words`` say what that is.

    ``meant`` is what the result can mean where that is more than its digits say; ``sign`` is -1 where it is told as a
    fall, 0 where it is not said which way. ``any_noun`` allows counts of different things.
    """

    words: str
    formula: Callable[..., Decimal]
    rows: tuple[Row, ...]
    result: Row
    meant: Interval | None = None
    sign: int = 1
    any_noun: bool = False


# A rate that is not that of the two figures: one a year, or at other prices than theirs.
_OTHERWISE = re.compile(
    r"\b(?:annually|annuali[sz]ed|annual (?:average|growth|increase|pace|rate|rise)|average|compound\w*|"
    r"(?:a|per|each|every) year(?! (?:ago|earlier|before))|constant|currency|currencies|organic\w*|underlying|"
    r"like-for-like|adjusted|inflation)\b",
    re.IGNORECASE,
)
# What the words around a match's figures say, by the roles that they give them.
Reader = Callable[[re.Match[str], Folded], Told | None]


def _growth(match: re.Match[str], text: Folded) -> Told | None:
    if _OTHERWISE.search(text.text, max(0, match.start() - 40), match.end() + 40):
        return None
    old, new, rate = (text.row(match, name) for name in ("old", "new", "rate"))
    words = f"from {old['quote']} to {new['quote']}"
    return Told(words, lambda old, new: (new / old - 1) * 100, (old, new), rate, sign=_way(match))


def _change(match: re.Match[str], text: Folded) -> Told | None:
    """A rate told of an absolute change and what it led to."""
    change, new, rate = (text.row(match, name) for name in ("change", "new", "rate"))
    way = _way(match)
    words = f"a change of {change['quote']} to {new['quote']}"
    return Told(words, lambda change, new: change / (new - way * change) * 100, (change, new), rate) if way else None


def _difference(match: re.Match[str], text: Folded) -> Told | None:
    old, new, change = (text.row(match, name) for name in ("old", "new", "change"))
    words = f"from {old['quote']} to {new['quote']}"
    return Told(words, lambda old, new: new - old, (old, new), change, sign=_way(match))


def _share(match: re.Match[str], text: Folded) -> Told | None:
    return _part(*(text.row(match, name) for name in ("part", "whole", "rate")))


def _part(part: Row, whole: Row, rate: Row) -> Told:
    words = f"{part['quote']} of {whole['quote']}"
    return Told(words, lambda part, whole: part / whole * 100, (part, whole), rate, any_noun=True)


def _share_of_total(match: re.Match[str], text: Folded) -> Told | None:
    """A share of a total that this sentence or the one before names: the only figure of the same noun and unit."""
    part = text.row(match, "part")
    before = text.text[max(0, match.start("part") - 600) : match.start("part")]
    here = match.start("part") - len(before)
    sentences = [0, *(end.end() for end in re.finditer(r"[.!?]['\"”’)]? (?=[A-Z])|\n", before))]
    noun = re.compile(
        rf"\b{re.escape(match['noun'])} (?:of|was|were|reached|totall?ed|came to|stood at) (?P<whole>{_FIGURE})",
        re.IGNORECASE,
    )
    totals = [text.rows[here + total.start("whole")] for total in noun.finditer(before, sentences[-2:][0])]
    totals = [total for total in totals if total["unit"] == part["unit"]]
    return _part(part, totals[0], text.row(match, "rate")) if len(totals) == 1 else None


def _compound(match: re.Match[str], text: Folded) -> Told | None:
    old, new, rate, first, last = (text.row(match, name) for name in ("old", "new", "rate", "first", "last"))
    years = year(last) - year(first)
    words = f"from {old['quote']} to {new['quote']}, each of {years} years"
    if years < 1:
        return None
    return Told(words, lambda old, new: ((new / old) ** (1 / Decimal(years)) - 1) * 100, (old, new), rate)


def _sum(match: re.Match[str], text: Folded) -> Told | None:
    parts = tuple(text.within(match, "figures"))
    words = " + ".join(str(part["quote"]) for part in parts)
    return Told(
        words,
        lambda *parts: sum(parts, Decimal(0)),
        parts,
        text.row(match, "total"),
        any_noun="total" in match[0].lower(),
    )


def _multiple(match: re.Match[str], text: Folded) -> Told | None:
    """Doubled, twice, half: said loosely, so what comes near is meant too."""
    old, new = text.row(match, "old"), text.row(match, "new")
    times = TIMES_OF[match["word"].lower()]
    low, high = LOOSELY[(match["hedge"] or "").lower()]
    if times < 1:
        low, high = 1 / high, 1 / low
    said = reach(new)
    words = f"{plain(times)} times {old['quote']}"
    return Told(words, lambda old: old * times, (old,), new, Interval(said.low / high, said.high / low))


def _times(match: re.Match[str], text: Folded) -> Told | None:
    old, new, factor = (text.row(match, name) for name in ("old", "new", "factor"))
    return Told(f"{new['quote']} over {old['quote']}", lambda old, new: new / old, (old, new), factor)


TIMES_OF = {"doubl": Decimal(2), "double": Decimal(2), "twice": Decimal(2), "tripl": Decimal(3), "triple": Decimal(3),
            "trebl": Decimal(3), "quadrupl": Decimal(4), "halv": Decimal("0.5"), "half": Decimal("0.5")}  # fmt: skip
# By how much of itself a multiple may be missed.
_NEAR = (Decimal("0.9"), Decimal("1.1"))
_MORE = (Decimal(1), Decimal(2))
_LESS = (Decimal("0.75"), Decimal(1))
LOOSELY = {"": _NEAR, "about": _NEAR, "roughly": _NEAR, "more than": _MORE, "over": _MORE, "nearly": _LESS,
           "almost": _LESS}  # fmt: skip

# A month's or a quarter's change may be told with its rate in a year.
PARTS_OF_A_YEAR = (4, 12)

# In the order of trust: of the same figures, the first reading holds.
READERS: Sequence[tuple[Reader, Sequence[str]]] = (
    (
        _compound,
        (
            "<from> <old><near> to <new><near> (?:from|between|during|over) <first>(?: to | and |-|–)<last><near>"
            "<cagr><rate>",
            "<from> <old> in <first> to <new> (?:in|by) <last><gap><cagr><rate>",
            "<cagr><rate><near> from <old> in <first> to <new> (?:in|by) <last>",
        ),
    ),
    (
        _growth,
        (
            "<move> <rate><gap> (?:to|at) <new><aside><gap> <from> <few><old>",
            "<move> <rate> from <old><aside><near> to <new>",
            "\\bfrom <old><aside><near> to <new><aside><as> <rate>",
            "\\bto <new><aside><near> from <old><aside><near><as> <rate>",
            "<new><aside><near>, (?:up|down) <rate><near> <from> <few><old>",
            "<new><aside><near>, (?:up|down) from <old><near><as> <rate>",
            "<rate> <move><near> to <new><aside><gap> from <few><old>",
        ),
    ),
    (
        _change,
        (
            "<move> <change>,? (?:or|\\() ?<rate>\\)?,?<gap> (?:to|at) <new>",
            "<move> <rate>,? (?:or|\\() ?<change>\\)?,?<gap> (?:to|at) <new>",
            "<rate>,? or <change>,? (?:higher|lower) at <new>",
            f"<new><gap>, (?:up|down) <change>,? or <rate>(?![^{SIGNS}.;\\n]{{0,40}} (?:to|at) {_FIGURE})",
        ),
    ),
    (
        _difference,
        (
            "<move> <change><near> to <new><aside><near> from <old>",
            "<move> <change> from <old><aside><near> to <new>",
            "<new>, (?:or |which is )?<change> (?:more|less|fewer|higher|lower|above|below) (?:than )?<few><old>",
        ),
    ),
    (
        _share,
        (
            "<part>(?: [a-z]{1,15}){0,2},? (?:or|accounting for|representing|equal to|equivalent to|making up|"
            "which (?:is|was|represents|accounts for)) <rate> of <few><whole>",
            "<part>(?: [a-z]{1,15}){0,2} (?:out )?of <few><whole>(?: [a-z]{1,15}){0,2}, or <rate>",
            "<rate> of <few><whole>(?: [a-z]{1,15}){0,2}, or <part>",
            "<rate> of (?:[a-z]{1,15} ){1,3}?,? ?or <part> (?:out )?of <few><whole>",
        ),
    ),
    (
        _share_of_total,
        (
            f"<part>(?:, <move> {PERCENT}<near>)?, (?:accounting for|representing|making up|or) <rate> of "
            "(?:the |its |their )?total (?P<noun>[a-z]{3,20})",
        ),
    ),
    (
        _sum,
        (
            "<total>(?: [a-z]{1,15}){0,3},? (?:comprising|comprised of|made up of|consisting of|composed of) "
            "(?:the )?<figures><end>",
            f"(?:\\A|[.;\\n] ?)[^{SIGNS}.;\\n]{{0,80}}<figures><near>,? (?:(?:for|making|giving) (?:a|the) total of|"
            "totall?ing|adding up to) <total>",
        ),
    ),
    (
        _multiple,
        (
            "<hedge><multiplied><near> to <new><aside><near> from <old>",
            "<hedge><multiplied><near> from <old><aside><near> to <new>",
            "<new>,? (?:or |which is )?<hedge><multiple> (?:the|its|their|that of|as (?:much|many) as) <few><old>",
        ),
    ),
    (
        _times,
        ("<new>,? (?:or |which is )?<factor> (?:the|its|their|that of|as (?:much|many) as) <few><old>",),
    ),
)
PATTERNS = [(reader, [_pattern(template) for template in templates]) for reader, templates in READERS]
# What a compound rate is said to lead to; looked for after it.
_EXTRAPOLATED = _pattern(
    r"\b(?:at|by|with|on|according to|based on) (?:this|that|the same|such a) (?:compound )?(?:annual )?(?:growth )?"
    r"(?:rate|pace)<gap>,?<gap> <goal> (?:in|by) <year>"
)


def check(story: Story) -> Iterator[Finding]:
    """What recomputing says of the figures that a text ties together."""
    seen: set[frozenset[str]] = set()
    for told in _tied(folded(story)):
        ids = [str(row["fact_id"]) for row in (*told.rows, told.result)]
        if frozenset(ids) not in seen and (finding := _judged(told)):
            seen.add(frozenset(ids))
            yield from (Finding(fact_id, *finding) for fact_id in ids)


def _tied(text: Folded) -> Iterator[Told]:
    low = text.text.lower()
    moves = (_MOVED.search(text.text, max(0, place - _FURTHEST), place) for place in text.rows)
    places = {"figure": [*text.rows], "move": [move.start() for move in moves if move]}
    for word in ("from", "to"):
        ends = (place - 1 for place in text.rows)
        places[word] = [end - len(word) for end in ends if text.text[end - len(word) : end].lower() == word]
    for reader, patterns in PATTERNS:
        for pattern in patterns:
            if pattern.needs and not any(word in low for word in pattern.needs):
                continue
            for match in _matches(pattern, text.text, places.get(pattern.begins)):
                told = reader(match, text)
                if told and _comparable(told):
                    yield told
                    if reader is _compound:
                        yield from _extrapolated(match, text)


def _matches(
    pattern: Pattern, text: str, places: Iterable[int] | None, start: int = 0, end: int = sys.maxsize
) -> Iterator[re.Match[str]]:
    """The matches from ``start`` to ``end`` that keep to one measure, none within another; at ``places`` if given."""
    for place in places or ():
        if place >= start and (match := pattern.expression.match(text, place, end)) and _keeps_to_one(pattern, match):
            yield match
            start = match.end()
    while places is None and (match := pattern.expression.search(text, start, end)):
        if _keeps_to_one(pattern, match):
            yield match
            start = match.end()
        else:
            start = match.start() + 1


def _keeps_to_one(pattern: Pattern, match: re.Match[str]) -> bool:
    """Whether no other measure begins in what a match passes over."""
    for start, end in map(match.span, pattern.passed):
        other = _OTHER.search(match.string, start, end + _TOLD_BY) if start < end else None
        if other and other.start() < end:
            return False
    return True


def _extrapolated(match: re.Match[str], text: Folded) -> Iterator[Told]:
    """The figure that a compound rate is said to lead to in a later year."""
    further = next(_matches(_EXTRAPOLATED, text.text, None, match.end(), match.end() + 300), None)
    if not further:
        return
    base, rate, goal = text.row(match, "new"), text.row(match, "rate"), text.row(further, "goal")
    years = year(text.row(further, "year")) - year(text.row(match, "last"))
    if years > 0 and goal["unit"] == base["unit"]:
        words = f"{base['quote']} after {years} years at {rate['quote']}"
        yield Told(words, lambda base, rate: base * (1 + rate / 100) ** years, (base, rate), goal)


def _comparable(told: Told) -> bool:
    """Whether all but rates and multiples are of one unit."""
    amounts = [row for row in (*told.rows, told.result) if row["unit"] not in ("percent", "times")]
    kinds = {row["kind"] for row in amounts}
    return len(kinds) == 1 and (len({row["unit"] for row in amounts}) == 1 or (told.any_noun and kinds == {"quantity"}))


def _judged(told: Told) -> tuple[str, str] | None:
    """Evidence and code; None where it cannot be computed."""
    try:
        given, value = spread(told.formula, told.rows), told.formula(*map(middle, told.rows))
    except DecimalException:
        return None
    meant = told.meant or reach(told.result)
    if told.sign < 0:
        meant = meant.times(-1)
    agrees = given.meets(meant) or (not told.sign and given.meets(meant.times(-1)))
    before = f"{told.result['unit']} " if told.result["kind"] == "money" and told.result["unit"] else ""
    after = "%" if told.result["kind"] == "percent" else ""
    words = f"{told.words} is {before}{plain(Decimal(f'{value:.4g}'))}{after}"
    if agrees:
        return f"arithmetic-confirmed: {words}", ""
    yearly = told.result["kind"] == "percent" and any(given.times(parts).meets(meant) for parts in PARTS_OF_A_YEAR)
    hint = "; it would be right as an annual rate" if yearly else ""
    return f"{words}, told as {told.result['quote']}{hint}", MISMATCH


def _way(match: re.Match[str]) -> int:
    """1 where the words tell of a rise, -1 of a fall, 0 where of neither, or of both."""
    return bool(_UP.search(match[0])) - bool(_DOWN.search(match[0]))


_UP, _DOWN = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (UP, DOWN))
