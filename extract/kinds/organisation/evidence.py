"""What speaks for and against a candidate: its look, what is known of it, its tags and its use in the document."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import exp

from extract.kinds.data import data
from extract.kinds.organisation.aliases import initials
from extract.kinds.organisation.candidates import (
    AMBIGUOUS,
    FIRM_ENDINGS,
    GIVEN_NAMES,
    INDEXES,
    LEGAL,
    LISTED,
    PEOPLES,
    PLACES,
    PLATFORMS,
    PRODUCTS,
    STRONG_HEADS,
    WEAK_HEADS,
    Candidate,
    trimmed,
)
from extract.model import Reading, Span

_DATA = data(__package__, "evidence.toml")
_AFTER = {word: f"before {group}" for group, words in _DATA["after"].items() for word in words}
_BEFORE = {word: f"after {group}" for group, words in _DATA["before"].items() for word in words}

# Weights in log odds: of the first look, and of the second, which also knows what the first made of the neighbours.
_WEIGHTS: Mapping[str, list[float]] = data(__package__, "weights.toml")

# As many candidates before and after are looked at, and as many mentions of a name.
_NEAR = 8
_MANY = 200
_BETWEEN = frozenset({", ", " and ", ", and ", " or ", ", or ", "/", "-"})

_PREVIOUS = re.compile(r"(\w[\w.’'-]{0,30})[ \t]{1,2}$")
_NEXT = re.compile(r"(['’]s?)?(?:[ \t]{1,2}|-)(\w[\w’'-]{0,30})")
_NEXT_TICKER = re.compile(r"\s{0,2}(?:\(\s?[A-Z0-9]{1,6}\.[A-Z]{1,3}|<|[A-Z0-9]{1,6}\.[A-Z]{1,2}\b)")
_STAKE = re.compile(r"(?:stakes?|shares?|stock|interest|investments?|invest(?:ed|s|ing)?) (?:in|of) (?:the )?$")
_AMONG = re.compile(
    r"(?:sites?|services?|apps?|networks?|engines?|portals?|platforms?|products?|brands?|browsers?)"
    r"(?: such as|,? like|,? including|,)? (?:\w{1,20}, )?$"
)
_PLATFORM_SIGNS = {
    "among sites", "after use", "after on", "after in", "after to", "after like", "after word", "after and",
    "before thing", "before capital", "before speaks", "before acts", "before people", "possessive",
}  # fmt: skip
_ROLE_OF = re.compile(rf"(?:{'|'.join(_DATA['role_of'])}) of (?:the )?$")
_DESCRIBED = re.compile(
    r"(?:['’]s)?, (?:an?|the|one of|which|whose|\w{1,30}['’]s)\b[^.,;:()\n]{0,70}?\b"
    rf"(?:{'|'.join(_DATA['described'])})\b"
)
_PERSON = re.compile(
    r", (?:who\b|\d\d[,.]"
    r"|(?:an?|the|its|chief|head|managing|senior|vice|director|president|chairman|professor|co-founder|founder)\b"
    rf"[^.,;:()\n]{{0,40}}?\b(?:{'|'.join(_DATA['persons'])})\b)"
)
_SMALL = frozenset(_DATA["small_words"])
_LISTED = {name.casefold() for name in LISTED}
_KNOWN = {
    "product": PRODUCTS,
    "index": INDEXES,
    "place": PLACES,
    "people": PEOPLES,
    "ambiguous": AMBIGUOUS,
    "platform": PLATFORMS,
}


def weigh(reading: Reading, found: Sequence[Candidate]) -> list[tuple[dict[str, float], float]]:
    """For each candidate its evidence by name, and how likely that makes an organisation (0 to 1).

    Evidence is 1 for what is there, a share or a measure for what is counted over the document. The figure is the
    logistic function of the summed weights. ``found`` is in order of place.
    """
    evidence = gather(reading, found)
    first = [_log_odds(each, 0) for each in evidence]
    for each, company in zip(evidence, second_look(reading.text, found, first), strict=True):
        each.update(company)
    return [(each, _chance(_log_odds(each, 1))) for each in evidence]


def _log_odds(evidence: Mapping[str, float], look: int) -> float:
    none = (0.0, 0.0)
    total = sum(value * _WEIGHTS.get(name, none)[look] for name, value in evidence.items())
    return max(-6.0, min(6.0, _WEIGHTS["always"][look] + total))


def _chance(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def gather(reading: Reading, found: Sequence[Candidate]) -> list[dict[str, float]]:
    """The evidence of the first look."""
    tags = _tags(reading)
    local = [_local(reading, candidate, tags) for candidate in found]
    _neighbours(reading.text, found, local)
    shared = _shared(reading, found, local)
    return [{**here, **shared[candidate.key]} for candidate, here in zip(found, local, strict=True)]


def second_look(text: str, found: Sequence[Candidate], first: Sequence[float]) -> list[dict[str, float]]:
    """What the first look made of the same name elsewhere (one sense in a document) and of the names around."""
    mentions = defaultdict(list)
    for i, candidate in enumerate(found):
        mentions[candidate.key.casefold()].append(i)
    looks = []
    for i, candidate in enumerate(found):
        look = {"first look": first[i]}
        others = [first[j] for j in mentions[candidate.key.casefold()][:_MANY] if j != i]
        if others:
            look |= {"elsewhere": sum(others) / len(others), "best elsewhere": max(others)}
        for j in range(max(0, i - _NEAR), min(len(found), i + _NEAR + 1)):
            other, likely = found[j].span, _chance(first[j])
            if j == i:
                continue
            if other.covers(candidate.span):
                sign = "within a likely name"
            elif candidate.span.covers(other):
                sign = "holds a likely name"
            elif _is_beside(text, other, candidate.span):
                sign = "beside a likely name"
            else:
                continue
            look[sign] = max(likely, look.get(sign, 0.0))
        looks.append(look)
    return looks


def _is_beside(text: str, a: Span, b: Span) -> bool:
    """Whether nothing but a comma or a conjunction stands between."""
    left, right = min(a, b), max(a, b)
    return 0 < right.start - left.end < 7 and text[left.end : right.start] in _BETWEEN


def _tags(reading: Reading) -> list[tuple[Span, str]]:
    """The trimmed spans of the tagged names and their labels, in order of place."""
    spans = ((trimmed(reading.text, entity.span), entity.label) for entity in reading.entities)
    return sorted((span, label) for span, label in spans if span)


def _local(reading: Reading, candidate: Candidate, tags: Sequence[tuple[Span, str]]) -> dict[str, float]:
    text, (start, end) = reading.text, candidate.span
    return dict.fromkeys(
        [*_look(candidate.key), *_tag(candidate.span, tags), *_use(text, start, end), *_grammar(reading, candidate)],
        1.0,
    )


def _look(key: str) -> list[str]:
    words = key.split()
    last = words[-1].rstrip(".")
    look = [f"words {min(len(words), 4)}"]
    if len(words) > 1 and words[-1].strip(".,").replace(".", "") in LEGAL:
        look.append("legal form")
    elif len(words) > 1 and last in STRONG_HEADS:
        look.append("strong head")
    elif len(words) > 1 and last in WEAK_HEADS:
        look.append("weak head")
    elif len(words) == 1 and last in STRONG_HEADS | WEAK_HEADS:
        look.append("only a head")
    if any(word in {"of", "for", "on"} and left in STRONG_HEADS | WEAK_HEADS for left, word in pairwise(words)):
        look.append("head of")
    if any(word.islower() and word not in _SMALL for word in words):
        look.append("small word")
    if key.casefold() in _LISTED:
        look.append("listed" if key in LISTED or key.isupper() else "listed, other case")
    known = [name for name, names in _KNOWN.items() if key in names]
    look.extend(known)
    if len(words) > 1:
        for size in range(len(words) - 1, 0, -1):
            prefix = " ".join(words[:size])
            if prefix in LISTED or prefix in AMBIGUOUS or prefix in PRODUCTS:
                look.append("product and more" if prefix in PRODUCTS else "listed and more")
                break
        if words[0] in PLACES or " ".join(words[:2]) in PLACES:
            look.append("place and more")
        if words[0] in PEOPLES:
            look.append("people and more")
        if words[-1] in PLACES:
            look.append("ends with place")
        if all(word in PLACES or word in PEOPLES for word in words):
            look.append("place")
        if "and" in words:
            look.append("and before a head" if words[-1] in STRONG_HEADS else "and")
        if any(left.endswith(",") and right.strip(".,") not in LEGAL for left, right in pairwise(words)):
            look.append("comma")
    if key.isupper() and len(words) == 1:
        look.append("capitals" if len(key) < 6 else "long capitals")
    elif re.search(r"[a-z][A-Z]", key):
        look.append("camel")
    if any(c.isdigit() for c in key):
        look.append("digit")
    if not key[0].isupper():
        look.append("small letter")
    if words[0] in GIVEN_NAMES:
        look.append("given name" if len(words) > 1 else "only a given name")
    if len(words[-1]) > 6 and words[-1].casefold().endswith(FIRM_ENDINGS):
        look.append("firm ending")
    if "&" in key:
        look.append("ampersand")
    if re.search(r"\w\.[a-z]{2,3}$", key):
        look.append("domain")
    return look


_OF_LONGER = ("legal form", "listed", "strong head", "weak head", "head of", "tag ORG", "product", "place")
_OF_SHORTER = ("legal form", "listed", "tag ORG", "tag PERSON", "tag GPE")
_BESIDE = re.compile(r"(?:, | and |, and | or |, or |/|-| & )")


def _neighbours(text: str, found: Sequence[Candidate], local: Sequence[dict[str, float]]) -> None:
    """Adds what the candidates around say of each: a longer name that holds it, a sure firm beside it in a list."""
    sure = [bool({"listed", "legal form", "strong head", "head of"} & here.keys()) for here in local]
    ends = {candidate.span.end for candidate, firm in zip(found, sure, strict=True) if firm}
    starts = {candidate.span.start for candidate, firm in zip(found, sure, strict=True) if firm}
    for i, (candidate, here) in enumerate(zip(found, local, strict=True)):
        start, end = candidate.span
        for step in (-1, 1):
            j = i + step
            while 0 <= j < len(found) and abs(j - i) < 12:
                other = found[j].span
                if other != candidate.span and other.covers(candidate.span):
                    for sign in _OF_LONGER:
                        if sign in local[j]:
                            here[f"in a name: {sign}" if other.start < start else f"begins a name: {sign}"] = 1.0
                elif other != candidate.span and candidate.span.covers(other):
                    for sign in _OF_SHORTER:
                        if sign in local[j]:
                            here[f"holds a name: {sign}"] = 1.0
                j += step
        if (match := _BESIDE.match(text, end)) and match.end() in starts:
            here["beside a firm"] = 1.0
        for size in (1, 2, 4, 5, 6):
            if start - size in ends and _BESIDE.fullmatch(text, start - size, start):
                here["beside a firm"] = 1.0


def _tag(span: Span, tags: Sequence[tuple[Span, str]]) -> list[str]:
    over = []
    for i in range(bisect_left(tags, span.end, key=lambda tag: tag[0].start) - 1, -1, -1):
        if tags[i][0].end <= span.start:
            break
        over.append(tags[i])
    if not over:
        return ["tag none"]
    tag, label = over[-1]
    if tag == span:
        return [f"tag {label}" if label in {"ORG", "PERSON", "GPE", "PRODUCT"} else "tag other"]
    if tag.covers(span):
        return [f"within {label}" if label in {"ORG", "PERSON", "GPE"} else "within other"]
    return ["covers tag"] if all(span.covers(each) for each, _ in over) else ["crosses tag"]


def _use(text: str, start: int, end: int) -> list[str]:
    use = []
    before = text[max(0, start - 40) : start]
    if match := _PREVIOUS.search(before):
        word = match[1]
        group = (
            "after place"
            if word in PLACES or word in PEOPLES
            else "after capital"
            if word[0].isupper()
            else "after word"
        )
        use.append("after byline" if word == "By" else _BEFORE.get(word.casefold(), group))
    elif before.endswith("("):
        use.append("opening")
    elif before.endswith((", ", "; ")):
        use.append("after comma")
    elif before.endswith(("-", "/")):
        use.append("after sign")
    elif not before.strip(' \t"“•*-–') or before.rstrip(' \t"“•*-–').endswith("\n"):
        use.append("line start")
    if match := _NEXT.match(text, end):
        if match[1]:
            use.append("possessive")
        word = match[2]
        other = "before word" if word[0].islower() else "before stop" if text[end - 1] == "." else "before capital"
        use.append(_AFTER.get(word.casefold(), other))
    elif text[end : end + 1] == ")" and before.endswith("("):
        use.append("in parentheses")
    elif text.startswith((",", ";"), end):
        use.append("before comma")
    elif text.startswith((".", "?", "!", '"'), end):
        use.append("before stop")
    elif text.startswith((" (", "("), end):
        use.append("before parenthesis")
    if _AMONG.search(before):
        use.append("among sites")
    if text[start:end] in PLATFORMS:
        use.extend(f"platform {sign}" for sign in _PLATFORM_SIGNS & set(use))
    if _STAKE.search(before):
        use.append("after stake in")
    if match := _ROLE_OF.search(text[max(0, start - 60) : start]):
        use.append("after role of")
    if match := _DESCRIBED.match(text, end):
        use.append("described as firm")
    if _PERSON.match(text, end):
        use.append("described as person")
    if text.startswith(", who", end):
        use.append("who")
    if text.startswith(", which", end):
        use.append("which")
    if _NEXT_TICKER.match(text, end):
        use.append("before ticker")
    return use


def _grammar(reading: Reading, candidate: Candidate) -> list[str]:
    start, end = candidate.span
    sentence = reading.sentence_at(start)
    if not sentence:
        return []
    tokens = sentence.tokens
    first = bisect_left(tokens, start, key=lambda token: token.start)
    after = bisect_left(tokens, end, key=lambda token: token.start)
    signs = ["sentence start"] if sentence.span.start == start else []
    if first == after:
        return signs
    if tokens[first].tag not in {"NNP", "NNPS"}:
        signs.append("common start" if after - first > 1 else "common word")
    return signs


_COUNTED = (
    "tag ORG",
    "tag PERSON",
    "tag GPE",
    "tag PRODUCT",
    "tag other",
    "tag none",
    "common word",
    "possessive",
    "before thing",
    "after on",
    "after in",
    "after a",
    "after the",
    "after honorific",
)
_ANY = (
    "before speaks",
    "before capital-use",
    "before capital",
    "before people",
    "after trade",
    "after deal",
    "before ticker",
    "before acts",
    "after like",
    "after at",
)


def _shared(
    reading: Reading, found: Sequence[Candidate], local: Sequence[Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Evidence of the document for each key: how all its mentions are tagged and used, and its longer forms.

    Mentions are counted whatever their case: a headline in capitals speaks for the name below it.
    """
    mentions: Counter[str] = Counter(candidate.key.casefold() for candidate in found)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for candidate, here in zip(found, local, strict=True):
        counts[candidate.key.casefold()].update(here)
    keys = {candidate.key for candidate in found}
    plain = {word for word in reading.text.split() if word.islower()}
    firms = {key for key in keys if _is_firm(key, counts[key.casefold()])}
    starts = {" ".join(words[:size]) for words in map(str.split, firms) for size in range(1, len(words))}
    acronyms = set().union(*map(initials, firms))
    surnames = {key.split()[-1] for key in keys - firms if " " in key and counts[key.casefold()]["tag PERSON"]}
    out = {}
    for key in keys:
        count, total = counts[key.casefold()], mentions[key.casefold()]
        shared = {f"share of {name}": count[name] / total for name in _COUNTED if count[name]}
        shared.update({f"some {name}": 1.0 for name in _ANY if count[name]})
        if total > 1:
            shared["repeated"] = 1.0
        if key.split()[-1].casefold() in plain:
            shared["also a plain word"] = 1.0
        if key in surnames:
            shared["surname"] = 1.0
        if " " in key and key.split()[-1] in keys and count["tag PERSON"] and key not in firms:
            shared["surname stands alone"] = 1.0
        if key in starts and not count["place"] and not count["people"]:
            shared["beginning of a firm name"] = 1.0
        if key.isupper() and len(key) > 1 and key in acronyms:
            shared["acronym of a name"] = 1.0
        out[key] = shared
    return out


def _is_firm(key: str, count: Mapping[str, float]) -> bool:
    """Whether the name itself leaves little doubt, so that its beginnings and its initials are names too."""
    return " " in key and bool(
        count["legal form"] or count["strong head"] or count["head of"] or count["listed"] or count["tag ORG"]
    )
