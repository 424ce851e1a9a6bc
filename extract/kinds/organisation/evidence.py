"""What speaks for and against a candidate: its look, what is known of it, its tags and its use in the document."""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from extract.kinds.organisation.aliases import initials
from extract.kinds.organisation.candidates import (
    AMBIGUOUS,
    INDEXES,
    LEGAL,
    LISTED,
    PEOPLES,
    PLACES,
    PRODUCTS,
    STRONG_HEADS,
    WEAK_HEADS,
    Candidate,
    trimmed,
)
from extract.model import Reading, Span

_DATA = tomllib.loads((Path(__file__).parent / "evidence.toml").read_text(encoding="utf-8"))
_AFTER = {word: f"before {group}" for group, words in _DATA["after"].items() for word in words}
_BEFORE = {word: f"after {group}" for group, words in _DATA["before"].items() for word in words}
WEIGHTS: Mapping[str, float] = _DATA.get("weights", {})

_PREVIOUS = re.compile(r"(\w[\w.’'-]{0,30})[ \t]{1,2}$")
_NEXT = re.compile(r"(['’]s?)?(?:[ \t]{1,2}|-)(\w[\w’'-]{0,30})")
_NEXT_TICKER = re.compile(r"\s{0,2}(?:\(\s?[A-Z0-9]{1,6}\.[A-Z]{1,3}|<|[A-Z0-9]{1,6}\.[A-Z]{1,2}\b)")
_STAKE = re.compile(r"(?:stakes?|shares?|stock|interest|investments?|invest(?:ed|s|ing)?) (?:in|of) (?:the )?$")
_ROLE_OF = re.compile(rf"(?:{'|'.join(_DATA['role_of'])}) of (?:the )?$")
_DESCRIBED = re.compile(
    r"(?:['’]s)?, (?:an?|the|one of|which|whose|\w{1,30}['’]s)\b[^.,;:()\n]{0,70}?\b"
    rf"(?:{'|'.join(_DATA['described'])})\b"
)
_LISTED = {name.casefold() for name in LISTED}
_KNOWN = {"product": PRODUCTS, "index": INDEXES, "place": PLACES, "people": PEOPLES, "ambiguous": AMBIGUOUS}


def gather(reading: Reading, found: Sequence[Candidate]) -> list[dict[str, float]]:
    """For each candidate the evidence by name; 1 for what is there, a share for what is counted over the document."""
    tags = _tags(reading)
    local = [_local(reading, candidate, tags) for candidate in found]
    _neighbours(reading.text, found, local)
    shared = _shared(found, local)
    return [{**here, **shared[candidate.key]} for candidate, here in zip(found, local, strict=True)]


def _tags(reading: Reading) -> dict[Span, str]:
    spans = ((trimmed(reading.text, entity.span), entity.label) for entity in reading.entities)
    return {span: label for span, label in spans if span}


def _local(reading: Reading, candidate: Candidate, tags: Mapping[Span, str]) -> dict[str, float]:
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
    if len(words) > 2 and {"of", "for", "on"} & set(words) and (STRONG_HEADS | WEAK_HEADS) & set(words):
        look.append("head of")
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
        if all(word in PLACES or word in PEOPLES for word in words):
            look.append("place")
        if "and" in words:
            look.append("and before a head" if words[-1] in STRONG_HEADS else "and")
        if "," in key and "legal form" not in look:
            look.append("comma")
    if key.isupper() and len(words) == 1:
        look.append("capitals" if len(key) < 6 else "long capitals")
    elif re.search(r"[a-z][A-Z]", key):
        look.append("camel")
    if any(c.isdigit() for c in key):
        look.append("digit")
    if not key[0].isupper():
        look.append("small letter")
    if "&" in key:
        look.append("ampersand")
    if ".com" in key:
        look.append("dot com")
    return look


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
                    for sign in (
                        "legal form",
                        "listed",
                        "strong head",
                        "weak head",
                        "head of",
                        "tag ORG",
                        "product",
                        "place",
                    ):
                        if sign in local[j]:
                            here[f"in a name: {sign}" if other.start < start else f"begins a name: {sign}"] = 1.0
                elif other != candidate.span and candidate.span.covers(other):
                    for sign in ("legal form", "listed", "tag ORG", "tag PERSON", "tag GPE"):
                        if sign in local[j]:
                            here[f"holds a name: {sign}"] = 1.0
                j += step
        if (match := _BESIDE.match(text, end)) and match.end() in starts:
            here["beside a firm"] = 1.0
        for size in (1, 2, 4, 5, 6):
            if start - size in ends and _BESIDE.fullmatch(text, start - size, start):
                here["beside a firm"] = 1.0


def _tag(span: Span, tags: Mapping[Span, str]) -> list[str]:
    if label := tags.get(span):
        return [f"tag {label}" if label in {"ORG", "PERSON", "GPE", "PRODUCT"} else "tag other"]
    over = [label for other, label in tags.items() if other.overlaps(span)]
    if not over:
        return ["tag none"]
    if any(other.covers(span) for other in tags):
        return [f"within {over[0]}" if over[0] in {"ORG", "PERSON", "GPE"} else "within other"]
    return ["covers tag"] if all(span.covers(other) for other in tags if other.overlaps(span)) else ["crosses tag"]


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
        use.append(_BEFORE.get(word.casefold(), group))
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
        use.append(_AFTER.get(word.casefold(), "before capital" if word[0].isupper() else "before word"))
    elif text[end : end + 1] == ")" and before.endswith("("):
        use.append("in parentheses")
    elif text.startswith((",", ";"), end):
        use.append("before comma")
    elif text.startswith((".", "?", "!", '"'), end):
        use.append("before stop")
    elif text.startswith((" (", "("), end):
        use.append("before parenthesis")
    if _STAKE.search(before):
        use.append("after stake in")
    if match := _ROLE_OF.search(text[max(0, start - 60) : start]):
        use.append("after role of")
    if match := _DESCRIBED.match(text, end):
        use.append("described as firm")
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
    out = ["sentence start"] if sentence.span.start == start else []
    tokens = [token for token in sentence.tokens if start <= token.start < end]
    if tokens and tokens[0].tag not in {"NNP", "NNPS"}:
        out.append("common start" if len(tokens) > 1 else "common word")
    if tokens:
        last = tokens[-1]
        if last.dep in {"nsubj", "pobj", "dobj", "compound", "poss", "appos", "conj", "nsubjpass"}:
            out.append(f"dep {last.dep}")
    return out


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


def _shared(found: Sequence[Candidate], local: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Evidence of the document for each key: how all its mentions are tagged and used, and its longer forms."""
    mentions: Counter[str] = Counter(candidate.key for candidate in found)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for candidate, here in zip(found, local, strict=True):
        counts[candidate.key].update(here)
    persons = {
        word
        for key, count in counts.items()
        if count["tag PERSON"] and len(key.split()) in {2, 3} and not count["strong head"] and not count["legal form"]
        for word in key.split()[-1:]
    }
    firm = {
        key
        for key, count in counts.items()
        if count["legal form"]
        or count["strong head"]
        or (count["listed"] and " " in key)
        or (count["weak head"] and count["tag ORG"])
    }
    starts = {" ".join(words[:size]) for words in map(str.split, firm) for size in range(1, len(words))}
    acronyms = set().union(
        *(initials(key) for key in firm | {k for k, c in counts.items() if c["head of"] or (c["tag ORG"] and " " in k)})
    )
    out = {}
    for key, count in counts.items():
        total = mentions[key]
        shared = {f"share of {name}": count[name] / total for name in _COUNTED if count[name]}
        shared.update({f"some {name}": 1.0 for name in _ANY if count[name]})
        if total > 1:
            shared["repeated"] = 1.0
        if key in persons and " " not in key:
            shared["surname"] = 1.0
        if key in starts and not count["place"] and not count["people"]:
            shared["beginning of a firm name"] = 1.0
        if key.isupper() and len(key) > 1 and key in acronyms:
            shared["acronym of a name"] = 1.0
        out[key] = shared
    return out
