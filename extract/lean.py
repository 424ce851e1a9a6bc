"""spaCy imported without its command line, which takes a quarter of the time and is of no use here; import this first.

spaCy's package imports one function of ``spacy.cli``, and so all that downloads models and asks questions. Here that
waits until somebody asks for it; then it is all there as ever.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_WHENCE = "spacy.cli.info"


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded meanwhile stays: no search for garbage goes through it, now or later."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _later(name: str) -> object:
    """What spaCy's package has of its command line."""
    if name in ("cli", "info"):
        cli = import_module("spacy.cli")
        return cli if name == "cli" else cli.info
    raise AttributeError(f"module 'spacy' has no attribute {name!r}")


if "spacy" not in sys.modules:
    stand_in = ModuleType(_WHENCE)
    stand_in.info = None  # type: ignore[attr-defined]
    sys.modules[_WHENCE] = stand_in
    try:
        with loading():
            import spacy
    finally:
        del sys.modules[_WHENCE]
    del spacy.info  # type: ignore[attr-defined]
    spacy.__getattr__ = _later  # type: ignore[method-assign]
