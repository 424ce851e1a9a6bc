"""Checks: the table audits its own documents. THE list of them.

A check reads the facts of a run, across documents, and says what it finds of single facts; it never changes a value.
One file a check, with the codes of its flags and their meaning, and examples that are its tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from extract.checks import arithmetic, calendar, events, exchange
from extract.checks.story import Example, Finding, Row, Story

__all__ = ["CHECKS", "FLAGS", "Example", "Finding", "Row", "Story", "checked"]


class Check(Protocol):
    """What the module of a check offers."""

    FLAGS: Mapping[str, str]
    EXAMPLES: Sequence[Example]

    def check(self, stories: Sequence[Story]) -> Iterable[Finding]:
        """What is found of the facts of a run."""


CHECKS: Mapping[str, Check] = {"arithmetic": arithmetic, "calendar": calendar, "events": events, "exchange": exchange}

FLAGS: Mapping[str, str] = {code: text for check in CHECKS.values() for code, text in check.FLAGS.items()}


def checked(stories: Sequence[Story]) -> list[Row]:
    """The rows of all stories, in order, with the flags and the evidence that the checks add."""
    found: dict[str, list[Finding]] = {}
    for check in CHECKS.values():
        for finding in check.check(stories):
            found.setdefault(finding.fact_id, []).append(finding)
    return [_noted(row, found.get(str(row["fact_id"]), ())) for story in stories for row in story.rows]


def _noted(row: Row, findings: Iterable[Finding]) -> Row:
    flags = {*str(row["flags"] or "").split(), *(finding.code for finding in findings if finding.code)}
    evidence = [str(row["evidence"] or ""), *(finding.evidence for finding in findings)]
    return {**row, "flags": " ".join(sorted(flags)) or None, "evidence": "; ".join(filter(None, evidence)) or None}
