"""Every code that a fact or an organisation of a run may carry, with its meaning."""

from collections.abc import Mapping

from extract import checks
from extract.kinds import KINDS
from extract.kinds.organisation import register
from extract.review import verdicts

FLAGS: Mapping[str, str] = {
    **{code: text for kind in KINDS.values() for code, text in kind.FLAGS.items()},
    **register.FLAGS,
    **checks.FLAGS,
    **verdicts.FLAGS,
}
