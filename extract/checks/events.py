"""Corroboration and contradiction: claims that tell of one event, in one text or several, are held against each other.

One event is what the claims of one type about the same subject and object tell of, organisations by the names that the
run knows them by, unless their dates lie more than a year from each other. An acquisition and an investment may be one
deal, and who is told to have led one without a firm's name may have acted for the only known buyer. What an
organisation raised in a round of financing is an event of its own, whoever gave it. Where two documents agree, each
corroborates the other; where what two claims say cannot be true of one event, both are flagged. Sums and dates are
compared only where both claims mean the same by them: a price offered is none paid and may be raised, a stake is no
whole, who invests twice may give two sums, and a thing may be said on another day than it was done.
"""

import datetime as dt
import hashlib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from extract.checks import exchange
from extract.checks.story import Example, Finding, Row, Story
from extract.table import Cell

AMOUNT, DATE, PARTY = "contradicted-amount", "contradicted-date", "contradicted-party"
CORROBORATED = "corroborated-by"
FLAGS: Mapping[str, str] = {
    AMOUNT: "Another claim about the same event tells of another sum.",
    DATE: "Another claim about the same event gives it another date.",
    PARTY: "Another claim says that somebody else made this acquisition.",
}
EXAMPLES: Sequence[Example] = (
    Example(
        "Velbrook Inc. acquired Nimbus Labs for $500 million. In May 2020, Velbrook acquired Nimbus Labs for "
        "$700 million.",
        "2021-03-01",
        "Velbrook Inc. acquired Nimbus Labs for $500 million.",
        "contradicted-amount: a.txt line 1 says $700 million",
        AMOUNT,
    ),
    Example(
        "Velbrook Inc. acquired Nimbus Labs in May 2020. Velbrook acquired Nimbus Labs on 12 August 2020.",
        "2021-03-01",
        "Velbrook Inc. acquired Nimbus Labs in May 2020.",
        "contradicted-date: a.txt line 1 says 2020-08-12",
        DATE,
    ),
    Example(
        "Velbrook Inc. acquired Nimbus Labs for $512 million in May 2020. Tarnholm Corp. acquired Nimbus Labs for "
        "$512 million in May 2020.",
        "2021-03-01",
        "Velbrook Inc. acquired Nimbus Labs for $512 million in May 2020.",
        "contradicted-party: a.txt line 1 says Tarnholm Corp.",
        PARTY,
    ),
    Example(
        "Velbrook Inc. agreed to acquire Nimbus Labs for $500 million. Velbrook acquired Nimbus Labs for $700 million.",
        "2021-03-01",
        "Velbrook acquired Nimbus Labs for $700 million.",
        "",
    ),
)

TYPES = frozenset({"acquisition", "investment", "listing", "founding", "launch", "closure", "partnership",
                   "personnel", "legal", "ownership"})  # fmt: skip
# What happens once to an object, so that a second date contradicts the first; and what has a price.
ONCE = frozenset({"acquisition", "listing", "founding", "closure"})
PRICED = frozenset({"acquisition", "investment", "listing"})
# An acquisition and an investment of one firm in another may be told of the same.
DEAL = "deal"
DEALS = frozenset({"acquisition", "investment"})
# These tell of their subject alone when they name no object.
ALONE = frozenset({"listing", "founding", "closure"})
TOLD = frozenset({"asserted", "reported", "planned"})

# Set by hand, wide enough that what may be right is left alone.
# Days: between two dates of one event at most; between what is reported of one day at most; covered by a date that
# tells when rather than since when; covered by one that tells one deal from another.
APART = dt.timedelta(days=366)
REPORTED = dt.timedelta(days=7)
YEAR = dt.timedelta(days=366)
MONTH = dt.timedelta(days=31)
# An event told very often is compared in stretches: each claim with so many before and after it, in order of dates.
NEAR = 40
# So many of the claims that speak for or against one are named in its evidence.
NAMED = 3

SERIES = re.compile(r"(?i)\b(?:series|round)[ -]([a-h])\b|\b([a-h])[- ]round\b|\b(seed|angel)[ -](?:round|funding)\b")
RAISED = re.compile(r"(?i)\b(?:rais|receiv|clos|secur|land|complet|obtain)(?:es?|ed|ing)?\b")
GIVEN = re.compile(r"(?i)\b(?:invest\w*|led|leads|leading|backed)\b")
DONE = re.compile(r"(?i)\b(?:acqui(?:red|sition)|bought|purchased|took over)\b")
OFFERED = re.compile(r"(?i)\b(?:propos|bid|offer|talks|intend|seek|consider)")
ANNOUNCED = re.compile(r"(?i)\b(?:announc|agree|approv)")
# The date beside these may be that of the saying.
SAID = re.compile(r"(?i)\b(?:said|says|told|report(?:s|ed)|disclosed|revealed)\b")
COMPLETED = re.compile(r"(?i)\b(?:complet|clos(?:e|ed|ing)\b|finali[sz])")
# Words by a sum that say which sum it is; a part and the whole have two prices.
WHICH = re.compile(
    r"(?i)\b(?:debt|cash|loan|valu|worth|revenue|sales|profit|loss|asset|capital|fee|tax|annual|a year|up to|"
    r"another|additional|further|extra|tranche|instal|initial|original|previous|increas|raised its|revis|each|apiece|"
    r"a share|per share)|per ?cent\b|%",
)
PARTLY = re.compile(
    r"(?i)\b(?:stakes?|shares?|interest|units?|divisions?|business(?:es)?|assets|arm|operations|subsidiar(?:y|ies)|"
    r"plants?|brands?|stores?|portfolio|rights|per ?cent|half|part|remaining|rest)\b|%"
)
# So many characters before and after a sum say which it is.
AROUND = 50


class Sum(NamedTuple):
    """What a figure can mean, from ``low`` to ``high``; how it is ``said``; in which words it is told ``which``."""

    low: Decimal
    high: Decimal
    unit: str
    said: str
    which: frozenset[str]


class Days(NamedTuple):
    """All days from ``first`` to ``last``."""

    first: dt.date
    last: dt.date


class Key(NamedTuple):
    """What the claims of an event share. ``series`` is the round of a financing; empty where there is none.

    ``type`` is the claims' type, DEAL for those that may be one deal; ``subject`` is empty where it is no known firm.
    """

    type: str
    subject: str
    object: str
    series: str


class Told(NamedTuple):
    """A claim that may tell of an event, with all that events need of its document.

    ``subject`` and ``object`` are organisations, by their names in the document, and empty where they are none;
    ``who`` and ``whom`` are what the claim's row has there. ``low`` and ``high`` are its figure as it stands,
    ``paid`` whether that is money, ``sum`` what it can mean, ``series`` the round of a financing. ``mentions`` are the
    organisations of its sentence, each with where the quote names it.
    """

    fact_id: str
    document: str
    line: int
    start: int
    type: str
    modality: str
    quote: str
    subject: str
    object: str
    who: str
    whom: str
    low: Decimal | None
    high: Decimal | None
    paid: bool
    sum: Sum | None
    series: str
    days: Days | None
    published: dt.date | None
    mentions: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Telling:
    """A claim that tells of an event, or ``partly``: of a part of its object.

    ``stage`` is how far the event has come, ``named`` are the organisations of the claim's sentence, as the run names
    them.
    """

    claim: Told
    key: Key
    stage: str
    partly: bool
    named: frozenset[str]

    @property
    def place(self) -> str:
        """Where the claim is."""
        return f"{self.claim.document} line {self.claim.line}"

    @property
    def once(self) -> bool:
        """Whether what it tells of happens once."""
        return bool(self.key.series) or (self.claim.type in ONCE and not self.partly)

    @property
    def timed(self) -> bool:
        """Whether its date is precise enough to tell it from the like."""
        days = self.claim.days
        return days is not None and days.last - days.first <= MONTH


def told(story: Story) -> list[Told]:
    """The claims of a document that may tell of an event, in their order."""
    figures: dict[str, list[Row]] = defaultdict(list)
    for row in story.of("money"):
        for claim in str(row["claim_id"] or "").split():
            figures[claim].append(row)
    mentions = story.of("organisation")
    names = {str(row["value"]) for row in mentions}
    starts = [_offset(row, "start") for row in mentions]
    found = []
    for row in story.of("claim"):
        if row["claim_type"] not in TYPES or row["modality"] not in TOLD:
            continue
        if "unresolved-subject" in str(row["flags"] or "").split():
            continue
        figure = next((part for part in figures[str(row["fact_id"])] if _same_figure(row, part)), None)
        inside = slice(*(bisect_left(starts, _offset(row, end)) for end in ("start", "end")))
        who, whom = str(row["subject"] or ""), str(row["object"] or "")
        found.append(
            Told(
                fact_id=str(row["fact_id"]),
                document=story.document.path,
                line=_offset(row, "line"),
                start=_offset(row, "start"),
                type=str(row["claim_type"]),
                modality=str(row["modality"]),
                quote=str(row["quote"]),
                subject=who if who in names else "",
                object=whom if whom in names else "",
                who=who,
                whom=whom,
                low=_decimal(row.get("value_min")),
                high=_decimal(row.get("value_max")),
                paid=figure is not None,
                sum=_sum(figure, row) if figure else None,
                series=_series(row, figure),
                days=_days(row),
                published=story.document.published,
                mentions=[
                    (str(one["value"]), _offset(one, "start") - _offset(row, "start")) for one in mentions[inside]
                ],
            )
        )
    return found


def compared(
    claims: Callable[[], Iterable[Told]], organisations: Mapping[str, str]
) -> tuple[Mapping[str, Sequence[Finding]], list[dict[str, Cell]]]:
    """What other claims about the same event say for and against claims, by document, and the rows of events.csv.

    ``claims`` gives the claims of a run, as often as it is called, so that only those that meet others are held.
    ``organisations`` gives what the run calls each organisation, by its name in a document. A row is what two or more
    claims tell of; rows are in the order in which their events are first told.
    """
    met = Counter(_about(key) for claim in claims() if (key := _key(claim, organisations)))
    tellings = [
        _telling(claim, key, organisations)
        for claim in claims()
        if (key := _key(claim, organisations)) and met[_about(key)] > 1
    ]
    events = _events(tellings)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for one, said in [*(pair for event in events for pair in _compared(event)), *_other_buyers(tellings)]:
        findings[one.claim.document] += _findings(one, said)
    return {document: found for document, found in findings.items() if found}, [_row(event) for event in events]


def _about(key: Key) -> Key:
    """What two claims must share for the one to bear on the other: their object, or the subject alone of some."""
    return key._replace(subject="") if key.object else key


def _telling(claim: Told, key: Key, organisations: Mapping[str, str]) -> Telling:
    mentions = [(organisations.get(name, ""), start) for name, start in claim.mentions]
    at = [start for name, start in mentions if name == key.object]
    return Telling(claim, key, _stage(claim, at), _partly(claim), frozenset(name for name, _ in mentions))


def _key(claim: Told, organisations: Mapping[str, str]) -> Key | None:
    """None where it cannot be told which event the claim is about."""
    kind = claim.type
    subject, other = organisations.get(claim.subject, ""), organisations.get(claim.object, "")
    if kind == "investment" and subject and not other:
        # Who raised it is the subject; who gave it must not be taken for it.
        raised = RAISED.search(claim.quote) and not GIVEN.search(claim.quote)
        return Key(kind, subject, "", claim.series) if claim.paid and raised and claim.series else None
    if kind == "personnel" and other:
        subject = subject or " ".join(claim.who.split())
    led = kind == "acquisition" and bool(other)  # by somebody, for a firm that is not named
    if not (subject or led) or not (other or (kind in ALONE and not claim.whom)) or subject == other:
        return None
    series = claim.series if kind == "investment" else ""
    return Key(DEAL if kind in DEALS and not series else kind, subject, other, series)


def _series(row: Row, figure: Row | None) -> str:
    """The round of financing told next to the figure; where there is no figure, the only one."""
    found = list(SERIES.finditer(str(row["quote"])))
    letters = {_letter(match) for match in found}
    if not figure:
        return letters.pop() if len(letters) == 1 else ""
    first, last = (_offset(figure, end) - _offset(row, "start") for end in ("start", "end"))
    found.sort(key=lambda match: max(match.start() - last, first - match.end()))
    return _letter(found[0]) if found else ""


def _letter(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).casefold()


def _stage(claim: Told, places: Iterable[int]) -> str:
    """How far the event has come: empty where it has simply happened. ``places`` of the quote name its object."""
    quote = claim.quote
    done = DONE.search(quote)
    # An offer told of after the deed is another one: "acquired Nimbus for less than others had offered".
    until = min((place for place in places if done and place >= done.end()), default=len(quote))
    if claim.modality == "planned" or OFFERED.search(quote, 0, until):
        return "planned"
    if ANNOUNCED.search(quote):
        return "announced"
    return "completed" if COMPLETED.search(quote) else ""


def _partly(claim: Told) -> bool:
    """Whether the claim may tell of a part of its object, or of what belongs to it."""
    of = [f"{claim.whom}{sign}s" for sign in "'’" if claim.whom]
    return bool(PARTLY.search(claim.quote)) or any(each in claim.quote for each in of)


def _same_figure(claim: Row, part: Row) -> bool:
    return all(claim[column] == part[column] for column in ("value_min", "value_max", "unit"))


def _sum(figure: Row, claim: Row) -> Sum | None:
    """What a sum of money can mean; None without a currency or with nothing but an upper end.

    A plain figure reaches half a unit of its last digit other than 0 to either side, a tenth of it at most; "over" and
    "under" to twice and half of it, "about" a tenth further.
    """
    low, high, unit = figure["value_min"], figure["value_max"], str(figure["unit"] or "")
    if not isinstance(low, Decimal) or low <= 0 or not unit:
        return None
    modifier = str(figure["modifier"] or "")
    tenth = low / 10
    slack = min(_last_digit(str(figure["quote"]), low) / 2, tenth)
    if not isinstance(high, Decimal):
        least, most = low, Decimal("Infinity")
    elif modifier in ("over", "at_least"):
        least, most = low, 2 * high
    elif modifier in ("under", "at_most"):
        least, most = low / 2, high
    elif modifier == "about":
        least, most = low - tenth - slack, high + tenth + slack
    else:
        least, most = low - slack, high + slack
    said = f"{modifier.replace('_', ' ')} {figure['quote']}".strip()
    start = _offset(figure, "start") - _offset(claim, "start")
    end = _offset(figure, "end") - _offset(claim, "start")
    around = str(claim["quote"])[max(start - AROUND, 0) : end + AROUND]
    return Sum(least, most, unit, said, frozenset(word.casefold() for word in WHICH.findall(around)))


def _last_digit(quote: str, value: Decimal) -> Decimal:
    """What one of the last digit other than 0 is worth."""
    shown = re.search(r"\d[\d,]{0,30}(?:\.\d{1,30})?", quote)
    number = Decimal(shown.group().replace(",", "")) if shown else Decimal(0)
    if not number:
        return value
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return value / number * Decimal(10) ** exponent


def _days(row: Row) -> Days | None:
    """When it happened; None where that is unknown or a stretch of more than a year."""
    first, last = row["date_start"], row["date_end"]
    if not isinstance(first, dt.date) or not isinstance(last, dt.date) or last - first > YEAR:
        return None
    return Days(first, last)


def _events(tellings: Iterable[Telling]) -> list[list[Telling]]:
    """What two or more claims tell of, each event's in order of dates, then places; undated claims come last.

    A claim without a date belongs to the only event of its key; where there are several, to none.
    """
    groups: dict[Key, list[Telling]] = defaultdict(list)
    for telling in tellings:
        groups[telling.key].append(telling)
    buyers: dict[Key, list[Key]] = defaultdict(list)
    for key in groups:
        if key.subject:
            buyers[key._replace(subject="")].append(key)
    for key in [key for key in groups if not key.subject]:
        led = groups.pop(key)
        if len(buyers[key]) == 1:
            groups[buyers[key][0]] += led
    events = []
    for group in groups.values():
        dated = sorted((one for one in group if one.claim.days), key=_first_day)
        undated = [one for one in group if not one.claim.days]
        parts: list[list[Telling]] = []
        until = dt.date.min
        for one in dated:
            if parts and _first_day(one) - until <= APART:
                parts[-1].append(one)
            else:
                parts.append([one])
            until = max(until, one.claim.days.last if one.claim.days else until)
        if len(parts) < 2:
            parts = [[*(parts[0] if parts else ()), *undated]]
        events += [part for part in parts if len(part) > 1 and any(one.key.subject for one in part)]
    return events


def _compared(event: Sequence[Telling]) -> Iterator[tuple[Telling, Mapping[str, Sequence[str]]]]:
    """What the other claims about the event say for and against each: evidence by code."""
    for one, near in _neighbours(event):
        said: dict[str, list[str]] = defaultdict(list)
        for other in near:
            for code, evidence in _of(one, other):
                said[code].append(evidence)
        yield one, said


def _findings(one: Telling, said: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for code, evidence in said.items():
        more = f" and {len(evidence) - NAMED} more" if len(evidence) > NAMED else ""
        text = f"{code}: {', '.join(evidence[:NAMED])}{more}"
        yield Finding(one.claim.fact_id, text, code if code in FLAGS else "")


def _of(one: Telling, other: Telling) -> Iterator[tuple[str, str]]:
    """What the second claim says for or against the first: code and evidence."""
    sums, days = _sums_agree(one, other), _days_agree(one, other)
    if one.place == other.place and one.claim.start == other.claim.start:  # two claims of one sentence
        return
    if sums is False and days is False:  # rather two events
        return
    alike = one.claim.type == other.claim.type
    elsewhere = one.claim.document != other.claim.document
    if alike and sums is False and other.claim.sum and (one.once or (elsewhere and days and one.timed and other.timed)):
        yield AMOUNT, f"{other.place} says {other.claim.sum.said}"
    elif alike and days is False and one.once and other.once and other.claim.days:
        yield DATE, f"{other.place} says {'..'.join(dict.fromkeys(map(str, other.claim.days)))}"
    elif (sums or days) and elsewhere:
        agreed = " and ".join(name for name, agree in (("amount", sums), ("date", days)) if agree)
        yield CORROBORATED, f"{other.place} ({agreed})"


def _sums_agree(one: Telling, other: Telling) -> bool | None:
    """Whether the two sums can be the same; None where they cannot be compared."""
    if not one.claim.sum or not other.claim.sum:
        return None
    fits = {_meet(one.claim.sum, other.claim.sum, rate) for rate in _rates(one, other)}
    if fits != {False}:
        return True if fits == {True} else None
    alike = one.claim.sum.which == other.claim.sum.which and one.partly == other.partly
    paid = {"" if each.stage == "completed" else each.stage for each in (one, other)}
    return False if alike and len(paid) == 1 and _at_once(one, other) and one.claim.type in PRICED else None


def _rates(one: Telling, other: Telling) -> Iterable[Decimal]:
    """What one unit of the first sum was in the currency of the second, at the times that the two tell of."""
    assert one.claim.sum is not None
    assert other.claim.sum is not None
    if one.claim.sum.unit == other.claim.sum.unit:
        return (Decimal(1),)
    days = [day for each in (one, other) if each.claim.days for day in each.claim.days]
    published = [each.claim.published for each in (one, other) if each.claim.published]
    return exchange.factors(one.claim.sum.unit, other.claim.sum.unit, days or published)


def _meet(one: Sum, other: Sum, rate: Decimal) -> bool:
    """Whether the two can be one sum at a rate; where one is converted, within that check's tolerance."""
    slack = exchange.TOLERANCE if one.unit != other.unit else 0
    return one.low * rate <= other.high * (1 + slack) and other.low <= one.high * rate * (1 + slack)


def _days_agree(one: Telling, other: Telling) -> bool | None:
    """Whether the two dates can be the same; None where they cannot be compared."""
    if not one.claim.days or not other.claim.days:
        return None
    if one.claim.days.first <= other.claim.days.last and other.claim.days.first <= one.claim.days.last:
        return True
    early, late = sorted((one.claim.days, other.claim.days))
    as_coarse = abs((early.last - early.first) - (late.last - late.first)) <= dt.timedelta(days=3)
    distance = late.first - (early.first if as_coarse else early.last)
    done = not any(SAID.search(each.claim.quote) for each in (one, other))
    # What is told as done in one month was not completed in a later one.
    least = {1: REPORTED, 2: MONTH}[len({one.stage, other.stage})]
    reached = one.stage == other.stage or {one.stage, other.stage} == {"", "completed"}
    return False if done and reached and _at_once(one, other) and distance > least else None


def _at_once(one: Telling, other: Telling) -> bool:
    """Whether the two tell of the same plan, if of any: what is planned is another thing some days later."""
    if one.stage != "planned" or one.claim.document == other.claim.document:
        return True
    if one.claim.published is None or other.claim.published is None:
        return False
    return abs(one.claim.published - other.claim.published) <= REPORTED


def _other_buyers(tellings: Iterable[Telling]) -> Iterator[tuple[Telling, Mapping[str, Sequence[str]]]]:
    """Claims that somebody else, whom the sentence does not name, acquired the object for that sum at that time."""
    bought: dict[str, list[Telling]] = defaultdict(list)
    for one in tellings:
        done = one.claim.type == "acquisition" and one.key.subject and one.once and one.stage != "planned"
        if done and one.claim.sum and one.timed:
            bought[one.key.object].append(one)
    for group in bought.values():
        group.sort(key=_first_day)
        for one, near in _neighbours(group):
            if others := [f"{other.place} says {other.key.subject}" for other in near if _another(one, other)]:
                yield one, {PARTY: others}


def _another(one: Telling, other: Telling) -> bool:
    """Whether the two tell of one acquisition by two different buyers."""
    apart = one.key.subject not in other.named and other.key.subject not in one.named
    return apart and bool(_sums_agree(one, other) and _days_agree(one, other))


def _neighbours(event: Sequence[Telling]) -> Iterator[tuple[Telling, Sequence[Telling]]]:
    """Each claim with those that it is compared with."""
    for index, one in enumerate(event):
        yield one, (*event[max(index - NEAR, 0) : index], *event[index + 1 : index + 1 + NEAR])


def _row(event: Sequence[Telling]) -> dict[str, Cell]:
    """An event's row of events.csv."""
    key = next(one.key for one in event if one.key.subject)
    members = sorted(one.claim.fact_id for one in event)
    days = [one.claim.days for one in event if one.claim.days]
    units = sorted({one.claim.sum.unit for one in event if one.claim.sum})
    sums = [one.claim for one in event if one.claim.sum] if len(units) == 1 else []
    ends = [claim.high for claim in sums]
    found = [(one, finding) for one, said in _compared(event) for finding in _findings(one, said)]
    notes = [f"round of financing: {key.series}"] if key.series else []
    if len(units) > 1:
        notes.append(f"amounts in {' and '.join(units)}")
    return {
        "event": "e" + hashlib.sha256(" ".join(members).encode()).hexdigest()[:12],
        "claim_type": min(one.claim.type for one in event),
        "subject": key.subject,
        "object": key.object or None,
        "date_start": min((each.first for each in days), default=None),
        "date_end": max((each.last for each in days), default=None),
        "value_min": min((claim.low for claim in sums if claim.low is not None), default=None),
        "value_max": None if None in ends else max((end for end in ends if end is not None), default=None),
        "unit": units[0] if sums else None,
        "claims": len(event),
        "documents": len({one.claim.document for one in event}),
        "members": " ".join(members),
        "flags": " ".join(sorted({finding.code for _, finding in found if finding.code})) or None,
        "evidence": "; ".join([*notes, *(f"{one.place}: {finding.evidence}" for one, finding in found)]) or None,
    }


def _first_day(one: Telling) -> dt.date:
    assert one.claim.days is not None
    return one.claim.days.first


def _decimal(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None


def _offset(row: Row, end: str) -> int:
    offset = row[end]
    assert isinstance(offset, int)
    return offset
