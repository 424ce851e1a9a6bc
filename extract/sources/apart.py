"""A reader at work in a process of its own, with limits on time and memory: what a file does there harms nobody.

A web page, PDF or Word document may be made to keep its reader busy for ever, or to unpack to any size. The process
is started for one file: it runs ``serve``, which reads the file's bytes from standard input and writes the content, or
why there is none, as JSON.
"""

import datetime as dt
import json
import os
import re
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib import import_module

from extract.errors import ExtraError, SourceError
from extract.sources.content import Content


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds of computing (and three times that in all), bytes of memory, characters."""

    seconds: int = 60
    memory: int = 1 << 30
    characters: int = 10_000_000


# What has no place in a text: control characters but tab and line ends, and the code points that are none.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


def read(name: str, data: bytes, limits: Limits = Limits()) -> Content:
    """What the reader ``name`` makes of ``data``. Raises SourceError where it fails or goes over a limit."""
    serving = f"from {__name__} import serve; serve()"
    command = [sys.executable, "-P", "-c", serving, name, json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter, and a name out of our own registry
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=3 * limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(_late(limits)) from error
    if -done.returncode == signal.SIGXCPU:
        raise SourceError(_late(limits))
    if done.returncode:
        raise SourceError("is broken, or needs more memory than is allowed: its reader broke down")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise SourceError(answer["reason"])
    published = answer.pop("published")
    return Content(published=dt.date.fromisoformat(published) if published else None, **answer)


def _late(limits: Limits) -> str:
    return f"takes more than the {limits.seconds} seconds allowed"


def serve() -> None:
    """Read by the reader and within the limits of the command line; answer on standard output.

    The answer goes there alone: what a library prints goes to the error stream.
    """
    name, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    with answer:
        json.dump(_answer(name, sys.stdin.buffer.read(), limits), answer)


def _answer(name: str, data: bytes, limits: Limits) -> dict[str, str]:
    try:
        content = import_module(f"extract.sources.{name}").read(data)
        text = _text(content.text)
    except (SourceError, ExtraError) as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": f"needs more than the {limits.memory >> 20} MB of memory allowed"}
    except RecursionError:
        return {"reason": "is nested too deeply"}
    except Exception as error:  # whatever a library raises on hostile bytes, the file is at fault
        return {"reason": f"cannot be read: {type(error).__name__}"}
    if len(text) > limits.characters:
        return {"reason": f"has {len(text)} characters of text, more than the {limits.characters} allowed; split it"}
    about = {field: " ".join(_text(getattr(content, field)).split()) for field in ("title", "author", "source")}
    return {"text": text, "published": content.published.isoformat() if content.published else "", **about}


def _text(text: str) -> str:
    """The same without what is no text; half a surrogate pair, which no UTF-8 can hold, becomes a question mark."""
    return _NO_TEXT.sub("", text).encode("utf-8", "replace").decode()
