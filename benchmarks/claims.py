"""Claims against annotated stories: ``python benchmarks/claims.py GOLD [TEXTS]``.

GOLD is a folder of gold (``*.jsonl``, as ``extract score`` takes it), TEXTS where its texts lie (default GOLD/texts).
A claim found is paired with the claim annotated in its sentence that it is likest to, one to one. The stories that
training holds out (``training.claim_weights.is_held_out``) are told apart: the others were learnt from, if GOLD is the
folder that training was given.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from extract import pipeline, scoring
from extract.model import Claim, Document, Fact, Span
from extract.scoring import GoldFact
from training.claim_weights import is_held_out, same


def judged(document: Document, claims: Iterable[GoldFact]) -> Counter[str]:
    """What is right of one document, as counts."""
    gold = list(claims)
    reading, facts = pipeline.recognise(document)
    found = [(fact, fact.value) for fact in facts if isinstance(fact.value, Claim)]
    count = Counter({"gold": len(gold), "found": len(found)})
    for sentence in reading.sentences:
        annotated = any(sentence.span.overlaps(Span(each["start"], each["end"])) for each in gold)
        claimed = any(sentence.span.overlaps(fact.span) for fact, _ in found)
        count["sentences"] += annotated and claimed
        count["sentences annotated"] += annotated
        count["sentences claimed"] += claimed
    likest = sorted(
        (-(4 * (right["type"] + right["subject"]) + 2 * right["figure"] + right["modality"]), place, number, right)
        for place, each in enumerate(gold)
        for number, (fact, value) in enumerate(found)
        if fact.span.overlaps(Span(each["start"], each["end"]))
        for right in [_right(each, value, facts, document.text)]
    )
    places, numbers = set[int](), set[int]()
    for _, place, number, right in likest:
        if place in places or number in numbers:
            continue
        places.add(place)
        numbers.add(number)
        count["paired"] += 1
        count.update(name for name in ("type", "subject") if right[name])
        if right["type"] and right["subject"]:
            count["both"] += 1
            count["modality"] += right["modality"]
            if gold[place]["values"]:
                count["figures annotated"] += 1
                count["figure"] += right["figure"]
    return count


def _right(gold: GoldFact, claim: Claim, facts: Iterable[Fact], text: str) -> dict[str, bool]:
    inside = [
        text[slice(*fact.span)]
        for fact in facts
        if claim.figure is not None and fact.value == claim.figure and gold["start"] <= fact.span.start < gold["end"]
    ]
    figure = any(quote in value or value in quote for quote in inside for value in gold["values"])
    return {
        "type": claim.type == gold["type"],
        "subject": same(claim.subject, gold["subject"]),
        "modality": claim.modality == gold["modality"],
        "figure": figure or (claim.figure is None and not gold["values"]),
    }


def board(name: str, count: Counter[str]) -> str:
    """One line of figures."""
    pairs = count["gold"] + count["found"]
    figures = {
        "sentences F1": 2 * count["sentences"] / (count["sentences annotated"] + count["sentences claimed"]),
        "type F1": 2 * count["type"] / pairs,
        "subject F1": 2 * count["subject"] / pairs,
        "type and subject F1": 2 * count["both"] / pairs,
        "of these modality": count["modality"] / count["both"],
        "figure, where there is one": count["figure"] / count["figures annotated"],
    }
    return f"{name} ({count['gold']} claims): " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items())


def main() -> None:
    """Read, judge, print."""
    parser = argparse.ArgumentParser(description="Claims against annotated stories.")
    parser.add_argument("gold", type=Path)
    parser.add_argument("texts", type=Path, nargs="?")
    options = parser.parse_args()
    counts = {True: Counter[str](), False: Counter[str]()}
    for name, facts in scoring.read_gold(options.gold).items():
        text = ((options.texts or options.gold / "texts") / name).read_bytes().decode()
        claims = (fact for fact in facts if fact["kind"] == "claim")
        counts[is_held_out(name)].update(judged(Document(name, text), claims))
    print(board("all", counts[True] + counts[False]))
    print(board("held out by training", counts[True]))
    print(board("others", counts[False]))


if __name__ == "__main__":
    main()
