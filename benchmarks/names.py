"""Organisations: the tagger beside spaCy's model on documents held out of its training, and on the gold.

    spacy      the small English model's own names
    alone      the tagger, each word by itself
    smoothed   the tagger with one sense per document, as it ships
    rules      the facts: what the kind makes of the tagger's names

Names count without a leading "the" and a trailing "'s". Speed is over the news, on one core: of finding names alone,
and for the rules of reading the document (where most goes to spaCy's parse) and recognising its organisations.
"""

import argparse
import json
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path

from spacy.language import Language

from extract import language
from extract.kinds import organisation
from extract.model import Document, Span
from extract.tagger import Name, tagger
from training import data

ROOT = Path(__file__).resolve().parent.parent
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)

Found = list[tuple[Span, float]]
System = Callable[[str], Found]
Case = tuple[str, str, set[Span]]  # set, text, organisations


@cache
def names_of_spacy() -> Language:
    """The model with nothing but its ``ner`` and what that needs."""
    model: Language = language.installed().load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"])
    return model


def spacy(text: str) -> Found:
    """The organisations of the model's ``ner``."""

    def names(blocks: Sequence[str]) -> list[list[Name]]:
        return [
            [Name(ent.start_char, ent.end_char, ent.label_, 1.0) for ent in doc.ents]
            for doc in names_of_spacy().pipe(blocks)
        ]

    return organisations(names, text)


def alone(text: str) -> Found:
    """The tagger's organisations without smoothing."""
    return organisations(partial(tagger().names, smooth=False), text)


def smoothed(text: str) -> Found:
    """The tagger's organisations."""
    return organisations(tagger().names, text)


def rules(text: str) -> Found:
    """The facts of the kind."""
    facts = organisation.recognise(language.read(Document("", text)), [])
    return [(trimmed(text, *fact.span), fact.confidence) for fact in facts]


SYSTEMS: tuple[System, ...] = (spacy, alone, smoothed, rules)


def organisations(names_of: Callable[[Sequence[str]], list[list[Name]]], text: str) -> Found:
    """The organisations among the names of the blocks of ``text``, with their confidence."""
    blocks = list(language.blocks(text))
    named = names_of([text[slice(*block)] for block in blocks])
    return [
        (trimmed(text, block.start + name.start, block.start + name.end), name.confidence)
        for block, names in zip(blocks, named, strict=True)
        for name in names
        if name.label == "ORG"
    ]


def trimmed(text: str, start: int, end: int) -> Span:
    """The name without determiner and possessive ending."""
    match = re.fullmatch(r"(?s)((?i:the)\s+)?(.+?)(\s*['’]s?)?", text[start:end])
    return Span(start + match.start(2), start + match.end(2)) if match else Span(start, end)


def held_out(texts: Path, gold: Path) -> list[Case]:
    """The held-out documents of each set, and those refused because they are also texts of the gold."""
    _, held, refused = data.split(data.read(texts), data.gold([gold, ROOT / "seeds"]))
    named = [*((text.source, text) for text in held), *((f"{text.source}, refused", text) for text in refused)]
    return [
        (name, text.text, {trimmed(text.text, start, end) for start, end, label in text.spans if label == "ORG"})
        for name, text in named
    ]


def gold_cases(folder: Path, texts: Path) -> list[Case]:
    """The documents of a gold set."""
    cases = []
    for file in sorted(folder.glob("*.jsonl")):
        head, *facts = map(json.loads, file.read_text("utf-8").splitlines())
        spans = {Span(fact["start"], fact["end"]) for fact in facts if fact["kind"] == "organisation"}
        cases.append((f"gold: {folder.name}", (texts / head["document"]).read_bytes().decode(), spans))
    return cases


def counts(found: Found, right: set[Span]) -> Counter[str]:
    """Found, expected, right by the span, and right by any overlap, paired one to one in order."""
    spans = {span for span, _ in found}
    left = sorted(right)
    overlapping = 0
    for span in sorted(spans):
        if partner := next((other for other in left if other.overlaps(span)), None):
            left.remove(partner)
            overlapping += 1
    return Counter(found=len(spans), gold=len(right), strict=len(spans & right), overlap=overlapping)


def figures(count: Counter[str]) -> str:
    """Strict precision, recall and F1, and overlap F1."""
    both = max(1, count["found"] + count["gold"])
    shares = (
        count["strict"] / max(1, count["found"]),
        count["strict"] / max(1, count["gold"]),
        2 * count["strict"] / both,
        2 * count["overlap"] / both,
    )
    return "".join(f"{share:>11.3f}" for share in shares)


def reliability(judged: Iterable[tuple[float, bool]]) -> str:
    """How often names are right, by the confidence they were given."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_right in judged:
        bins[sum(confidence >= edge for edge in BINS[1:-1])].append((confidence, is_right))
    lines = [f"{'confidence':<14}{'names':>7}{'mean':>8}{'right':>8}"]
    for number, members in sorted(bins.items()):
        mean, right = (sum(column) / len(members) for column in zip(*members, strict=True))
        span = f"{BINS[number]:.2f}-{BINS[number + 1]:.2f}"
        lines.append(f"{span:<14}{len(members):>7}{mean:>8.3f}{right:>8.3f}")
    return "\n".join(lines)


def speed(system: System, texts: Sequence[str]) -> float:
    """Words a second of processor time, which a busy machine leaves alone."""
    system(texts[0])
    began = time.process_time()
    for text in texts:
        system(text)
    return sum(len(text.split()) for text in texts) / (time.process_time() - began)


def main() -> None:
    """Print the table, the reliability of the confidence, and the speeds."""
    parser = argparse.ArgumentParser(description="The tagger of names beside spaCy's.")
    parser.add_argument("texts", type=Path, help="folder of name-annotated texts (*.jsonl), as the training takes it")
    parser.add_argument("gold", type=Path, help="folder of gold, with news/ and news/texts/ in it")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    cases = held_out(options.texts, options.gold)
    cases += gold_cases(ROOT / "annotations" / "seeds", ROOT / "seeds")
    cases += gold_cases(options.gold / "news", options.gold / "news" / "texts")
    sets = list(dict.fromkeys(name for name, _, _ in cases))
    judged: dict[System, list[tuple[float, bool]]] = {smoothed: [], rules: []}
    print(f"{'':<22}{'':<10}{'precision':>11}{'recall':>11}{'strict F1':>11}{'overlap F1':>11}")
    for name in sets:
        for system in SYSTEMS:
            total: Counter[str] = Counter()
            for _, text, right in (case for case in cases if case[0] == name):
                found = system(text)
                total += counts(found, right)
                if system in judged:
                    judged[system] += [(confidence, span in right) for span, confidence in found]
            print(f"{name:<22}{system.__name__:<10}{figures(total)}")
    for system, members in judged.items():
        print(f"\n{system.__name__}\n{reliability(members)}")
    print()
    news = [text for name, text, _ in cases if name == "news-names, refused"]
    for system in SYSTEMS:
        print(f"{system.__name__:<10}{speed(system, news):>11,.0f} words/s")


if __name__ == "__main__":
    main()
