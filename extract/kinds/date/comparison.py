"""What is compared with: "from 2 million a year earlier" is the same month or quarter, a year before."""

from extract.kinds.date import fiscal, tense
from extract.kinds.date.calendar import Period, add_months
from extract.kinds.date.compose import Found
from extract.kinds.date.lexicon import CONTEXT, Lexed
from extract.kinds.date.narrative import Narrative
from extract.model import DateValue

# So many tokens before an expression the word that compares with it may stand: "from 9.3 million Australian dollars".
COMPARED = 8


def compares(lexed: Lexed, item: Found) -> bool:
    """Whether it only says what is compared with, so that the narrative stays: "from 2 million a year earlier".

    So does "the lowest since March 3".
    """
    said = item.said
    backward = (said.relation or 0) < 0 and said.form in ("shift", "deictic") and said.within is None
    if said.unit == "same" or (backward and said.base == "narrative"):
        return True
    if lexed.word(item.first - 1).lower() == "since":
        return True
    words = {lexed.word(index).lower() for index in range(max(item.first - COMPARED, 0), item.first)}
    return backward and not words.isdisjoint(CONTEXT["compared"])


def a_year_before(lexed: Lexed, item: Found, told: Narrative) -> DateValue | None:
    """The month, quarter, half or year that one told of is compared with; None where nothing says that it is one.

    A fiscal one has no days: those of a year of 52 weeks are not quite the same.
    """
    said = item.said
    if (said.form, said.unit, said.base, said.within) != ("shift", "year", "narrative", None):
        return None
    if said.count is None or said.count != int(said.count) or (said.relation or 0) > 0:
        return None
    part = told.part(said.span.start, said.name)
    if part is None or not (said.name or _is_compared(lexed, item)):
        return None
    years = int(said.count)
    if isinstance(part, str):
        return DateValue("DATE", fiscal.earlier(part, years), None, None, "narrative")
    before = Period(part.unit, add_months(part.first, -12 * years))
    return DateValue("DATE", before.value, before.first, before.last, "narrative")


def _is_compared(lexed: Lexed, item: Found) -> bool:
    words = (lexed.word(index).lower() for index in tense.sentence_before(lexed, item.first))
    return any(word in CONTEXT["compared"] for word in words)
