"""A doccano of one's own on the loopback.

Its database, its secrets and its log stand in one folder, the state, that only its owner can read.
The server holds a lock on a file of that folder as long as one of its processes lives: so it is known whether it runs.
"""

import contextlib
import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from extract.errors import ReviewError

REVIEWER = "reviewer"
SERVE = Path(__file__).parent / "site" / "serve.py"

# So long may the server take to come up (its first start makes the database) or to stop, in seconds.
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Running:
    """Where the server is, and how to log in."""

    url: str
    username: str
    password_file: Path

    @property
    def password(self) -> str:
        """The first reviewer's password."""
        return self.password_file.read_text()


def start(state: Path, python: Path, port: int) -> Running:
    """The server of the folder ``state``, started with doccano's own ``python`` unless it runs; 0 is any free port.

    Raises ReviewError when it does not come up.
    """
    if not python.is_file():
        raise ReviewError(f"{python}: doccano is not installed there; make review does that, with Python 3.11")
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(state, fcntl.LOCK_EX) as (lock, free):
        if free:
            _launch(state.resolve(), python.absolute(), port, lock)
    _wait(state)
    return running(state)


def running(state: Path) -> Running:
    """The server of ``state``. Raises ReviewError when none runs."""
    if not _runs(state):
        raise ReviewError(f"{state}: no server runs; make review starts it")
    return Running(f"http://127.0.0.1:{_record(state)['port']}", REVIEWER, state / "password")


def stop(state: Path) -> bool:
    """Stop the server of ``state``; whether there was one to stop."""
    if not _runs(state):
        return False
    os.kill(_record(state)["pid"], signal.SIGTERM)
    for _ in _patiently():
        if not _runs(state):
            return True
    raise ReviewError(f"{state}: the server does not stop")


def _launch(state: Path, python: Path, port: int, lock: int) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError as error:
            raise ReviewError(f"port {port}: {error.strerror}; give another one with --port") from error
        listening.listen()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "review_settings",
            "DOCCANO_HOME": str(state),
            "DATABASE_URL": f"sqlite:///{quote(str(state / 'db.sqlite3'))}",
            "MEDIA_ROOT": str(state / "media"),
            "STANDALONE": "True",
            "SECRET_KEY": _secret(state / "secret_key"),
            "DOCCANO_USERNAME": REVIEWER,
            "DOCCANO_PASSWORD": _secret(state / "password"),
        }
        with _private(state / "server.log", os.O_TRUNC) as log:
            server = subprocess.Popen(  # noqa: S603 – the Python that the caller names, our own script
                [python, SERVE, str(listening.fileno())],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(listening.fileno(), lock),
                start_new_session=True,
                umask=0o077,
            )
        (state / "server.json").write_text(json.dumps({"pid": server.pid, "port": listening.getsockname()[1]}))


def _wait(state: Path) -> None:
    """Until the server answers. The socket is open from the beginning, so that a request waits for the first answer."""
    for _ in _patiently():
        if not _runs(state):
            last = (state / "server.log").read_text(errors="replace").strip().rpartition("\n")[2]
            raise ReviewError(f"the server did not start: {last}; see {state / 'server.log'}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", _record(state)["port"], timeout=5)
            connection.request("HEAD", "/")
            connection.getresponse()
            return
    raise ReviewError(f"the server does not answer; see {state / 'server.log'}")


def _runs(state: Path) -> bool:
    if not state.is_dir():
        return False
    with _lock(state, fcntl.LOCK_SH) as (_, free):
        return not free


def _record(state: Path) -> dict[str, int]:
    """The server's process and port."""
    try:
        record: dict[str, int] = json.loads((state / "server.json").read_text())
    except (OSError, ValueError) as error:
        raise ReviewError(f"{state / 'server.json'}: cannot be read: {error}") from error
    return record


def _patiently() -> Iterator[None]:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        yield
        time.sleep(0.1)


@contextlib.contextmanager
def _lock(state: Path, sort: int) -> Iterator[tuple[int, bool]]:
    """The folder's lock, and whether it was free and is ours now: exclusive to launch a server, shared to ask."""
    with _private(state / "server.lock") as lock:
        try:
            fcntl.flock(lock, sort | fcntl.LOCK_NB)
        except BlockingIOError:
            yield lock, False
        else:
            yield lock, True


@contextlib.contextmanager
def _private(file: Path, flags: int = 0) -> Iterator[int]:
    """``file`` open for writing, made if need be, for its owner alone."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _secret(file: Path) -> str:
    """The secret that ``file`` holds; made on the first call."""
    if not file.exists():
        with _private(file, os.O_EXCL) as descriptor:
            os.write(descriptor, secrets.token_urlsafe(24).encode())
    return file.read_text()
