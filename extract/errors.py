"""The exceptions of the project.

    ExtractError            one line a user can act on: what, where, what to do
    ├── InputError          the input folder or file cannot be used at all
    ├── SourceError         one document cannot be read; the others go on
    ├── RuleError           a rule's data file (.toml) is broken
    ├── ModelError          the language model cannot be loaded
    ├── ExtraError          an optional part is asked for that is not installed
    ├── TableError          a table breaks its schema, or is not one of ours
    ├── ReviewError         the review server, or the file of decisions, cannot be used
    └── ClusterError        the cluster cannot be used

Bad *data* never raises: what a text says wrongly, vaguely or in conflict becomes a flag on the fact.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class ExtractError(Exception):
    """Root of the tree; the command line prints its message and exits with status 2."""


class InputError(ExtractError):
    """The input path is missing, empty, or not something that can be read from."""


class SourceError(ExtractError):
    """One document cannot be read; ``str(error)`` is the reason, without the document's name."""


class RuleError(ExtractError):
    """A data file beside a rule is malformed."""


class ModelError(ExtractError):
    """The language model is missing or damaged."""


class TableError(ExtractError):
    """A table does not follow the schema."""


class ReviewError(ExtractError):
    """The review server cannot be reached or says no, or the file of decisions is not one."""


class ExtraError(ExtractError):
    """An optional part is asked for that is not installed."""


class ClusterError(ExtractError):
    """No cluster answers, or its workers are not such as can do the work."""


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Around the imports of what an extra of ours brings: says which one to install where it is missing."""
    try:
        yield
    except ImportError as error:
        raise ExtraError(f"needs the extra {extra}: pip install 'extract-facts[{extra}]'") from error
