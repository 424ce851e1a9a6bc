"""Checks: the table audits its own documents. THE list of them.

A check reads the facts of a document and says what it finds of single facts; it never changes a value. One file a
check, with the codes of its flags and their meaning, and examples that are its tests. What the claims of several
documents say of one event is held against each other in ``events``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from extract.checks import arithmetic, calendar, events, exchange
from extract.checks.story import Example, Finding, Row, Story

__all__ = ["CHECKS", "FLAGS", "Example", "Finding", "Row", "Story", "checked", "noted"]


class Check(Protocol):
    """What the module of a check offers."""

    FLAGS: Mapping[str, str]
    EXAMPLES: Sequence[Example]

    def check(self, story: Story) -> Iterable[Finding]:
        """What is found of the facts of a document."""


CHECKS: Mapping[str, Check] = {"arithmetic": arithmetic, "calendar": calendar, "exchange": exchange}

FLAGS: Mapping[str, str] = {
    **{code: text for check in CHECKS.values() for code, text in check.FLAGS.items()},
    **events.FLAGS,
}


def checked(story: Story) -> list[Row]:
    """The rows of a document, in order, with the flags and the evidence that its own checks add."""
    found: dict[str, list[Finding]] = {}
    for check in CHECKS.values():
        for finding in check.check(story):
            found.setdefault(finding.fact_id, []).append(finding)
    return [noted(row, found.get(str(row["fact_id"]), ())) for row in story.rows]


def noted(row: Row, findings: Iterable[Finding]) -> Row:
    """A row with the flags and the evidence of what was found of it."""
    flags = {*str(row["flags"] or "").split(), *(finding.code for finding in findings if finding.code)}
    evidence = [str(row["evidence"] or ""), *(finding.evidence for finding in findings)]
    return {**row, "flags": " ".join(sorted(flags)) or None, "evidence": "; ".join(filter(None, evidence)) or None}
