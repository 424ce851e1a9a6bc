"""How facts travel to a doccano server and verdicts back.

In both ways all goes in few requests: an upload of many lines, lists in large pages.
"""

import contextlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from doccano_client import DoccanoClient
from doccano_client.models.data_upload import Task
from doccano_client.models.project import ProjectType
from requests.exceptions import RequestException

from extract.errors import ReviewError
from extract.review.page import COLOURS, KIND_KEYS, Form, Judged, identity, line
from extract.review.queue import Item

# So many facts travel in one upload, and come in one page.
BATCH = 250
PAGE = 1000


class Doccano:
    """A doccano server, as somebody who may make projects there."""

    def __init__(self, url: str, *, username: str = "", password: str = "", token: str = "") -> None:
        """Log in, by a token or by name and password. Raises ReviewError when the server does not let one in."""
        self.url = url.rstrip("/")
        client = DoccanoClient(self.url)
        self._client = client
        # The client lists in pages of five, leaves out who and when, and knows no tokens: these go by its own session.
        self._api = client._base_repository
        if self.url.startswith(("http://127.0.0.1:", "http://localhost:")):
            self._api._session.trust_env = False  # no proxy is asked for what runs here
        with self._told():
            if token:
                self._api._session.headers["Authorization"] = f"Token {token}"
                client.get_profile()
            else:
                client.login(username, password)

    def push(self, project: str, items: Sequence[Item], form: Form) -> Iterator[int]:
        """Bring the items that ``project`` does not hold yet there; yields how many each upload brought.

        The project is made, after ``form``, where there is none. Raises ReviewError when an upload fails; what has
        arrived stays, and the next push brings the rest.
        """
        with self._told():
            number = self._project(project, form)
            there = [identity(example["meta"]) for example in self._examples(number)]
            known = set(there)
            new = [each for each in map(line, items) if identity(each) not in known]
            for first in range(0, len(new), BATCH):
                batch = new[first : first + BATCH]
                self._upload(number, batch)
                yield len(batch)
            missing = len(there) + len(new) - self._get(f"projects/{number}/examples", limit=1)["count"]
        if missing > 0:
            raise ReviewError(f"{self.url}: {missing} facts did not arrive; push again")

    def has(self, project: str) -> bool:
        """Whether there is a project of that name."""
        with self._told():
            return any(each["name"] == project for each in self._pages("projects"))

    def page(self, project: str) -> str:
        """The address at which the facts of ``project`` are judged."""
        with self._told():
            return f"{self.url}/projects/{self._project(project)}/intent-detection-and-slot-filling?page=1"

    def pull(self, project: str) -> list[Judged]:
        """The examples of ``project`` that are marked as done."""
        judged = []
        with self._told():
            number = self._project(project)
            names = {member["user"]: member["username"] for member in self._get(f"projects/{number}/members")}
            comments: dict[tuple[int, int], str] = {}
            for comment in sorted(self._pages(f"projects/{number}/comments"), key=lambda each: each["created_at"]):
                comments[comment["example"], comment["user"]] = comment["text"].strip()
            for example in self._done(number):
                states = self._get(f"projects/{number}/examples/{example['id']}/states")["results"]
                if not states:
                    continue  # taken back since the list was made
                by = states[0]["confirmed_by"]
                judged.append(
                    Judged(
                        example,
                        verdict=example["cats"][0] if len(example["cats"]) == 1 else "",
                        comment=comments.get((example["id"], by), ""),
                        reviewer=names.get(by, f"user {by}"),
                        time=states[0]["confirmed_at"][:19] + "Z",
                    )
                )
        return judged

    def _project(self, name: str, form: Form | None = None) -> int:
        """The number of the project called ``name``; where a ``form`` is given, it is made after it if need be."""
        number: int | None = next((each["id"] for each in self._pages("projects") if each["name"] == name), None)
        if form is None:
            if number is None:
                raise ReviewError(f"{self.url}: there is no project {name}")
            return number
        if number is None:
            number = self._client.create_project(
                name,
                ProjectType.INTENT_DETECTION_AND_SLOT_FILLING,
                form.about,
                form.guide,
                collaborative_annotation=True,
                single_class_classification=True,
            ).id
        labels = {
            each["text"] for sort in ("category", "span") for each in self._get(f"projects/{number}/{sort}-types")
        }
        keys = [("category", text, str(key)) for key, text in enumerate(form.verdicts, start=1)]
        keys += [("span", kind, letter) for kind, letter in KIND_KEYS.items()]
        for (sort, text, key), colour in zip(keys, cycle(COLOURS)):
            if text not in labels:
                self._client.create_label_type(number, sort, text, suffix_key=key, color=colour)
        return number

    def _upload(self, number: int, lines: Iterable[Mapping[str, object]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "facts.jsonl"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines), "ascii")
            status = self._client.upload(
                number, [str(file)], Task.INTENT_DETECTION_AND_SLOT_FILLING.value, "JSONL", column_data="text"
            )
        failures = (status.result or {}).get("error") if isinstance(status.result, dict) else status.result
        if status.error or failures:
            raise ReviewError(f"{self.url}: the upload failed: {status.error or failures}")

    def _done(self, number: int) -> list[dict[str, Any]]:
        """The examples that are marked as done, with their metadata, marks (``entities``) and verdicts (``cats``)."""
        with tempfile.TemporaryDirectory() as folder:
            archive = self._client.download(number, "JSONL", only_approved=True, dir_name=folder)
            with zipfile.ZipFile(archive) as files:
                lines = [line for name in files.namelist() for line in files.read(name).decode().split("\n") if line]
        return [json.loads(line) for line in lines]

    def _examples(self, number: int) -> Iterator[dict[str, Any]]:
        return self._pages(f"projects/{number}/examples")

    def _pages(self, resource: str) -> Iterator[dict[str, Any]]:
        """Everything that a paged list holds."""
        offset, more = 0, True
        while more:
            page = self._get(resource, limit=PAGE, offset=offset)
            yield from page["results"]
            offset += PAGE
            more = page["next"] is not None

    def _get(self, resource: str, **parameters: object) -> Any:  # noqa: ANN401 – whatever JSON the server gives
        return self._api.get(resource, params=parameters).json()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Failures of the server or the way to it, as ReviewErrors."""
        try:
            yield
        except RequestException as error:
            raise ReviewError(f"{self.url}: {' '.join(str(error).split())[:300]}") from error
