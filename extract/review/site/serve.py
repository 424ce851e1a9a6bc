"""Prepares doccano's database and serves it on a socket that is open already. Run by doccano's Python only.

Takes the number of the socket's file descriptor; the rest, secrets too, stands in the environment (see ``server``).
"""

import os
import sys

import backend

sys.path.insert(0, backend.__path__[0])
os.chdir(backend.__path__[0])

import django  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from gunicorn.app.wsgiapp import run  # noqa: E402


def prepare() -> None:
    """Tables, roles and the first reviewer, as far as they are not there yet."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("create_roles")
    users = get_user_model().objects
    if not users.filter(username=os.environ["DOCCANO_USERNAME"]).exists():
        users.create_superuser(os.environ["DOCCANO_USERNAME"], password=os.environ["DOCCANO_PASSWORD"])


if __name__ == "__main__":
    prepare()
    sys.argv = [
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"fd://{sys.argv[1]}",
        "--threads",
        "1",
        "--worker-class",
        "gthread",
        "--timeout",
        "600",
    ]
    run()
