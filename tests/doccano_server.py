"""A real doccano for the tests, and somebody who judges there: a browser's requests, without the browser."""

import json
import subprocess
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".review" / "bin" / "extract"
DOCCANO = ROOT / ".doccano" / "bin" / "python"


def extract(*arguments: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the program as the review environment has it."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def start(state: Path) -> str:
    """The address of the server of ``state``, started on a free port unless it runs."""
    done = extract("review", "start", "--state", state, "--python", DOCCANO, "--port", 0)
    return done.stdout.splitlines()[0].removeprefix("doccano: ")


class Reviewer:
    """Somebody logged in at doccano."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.known: dict[tuple[int, str], dict[int, str]] = {}
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.ask("POST", "auth/login/", username=username, password=password)

    def ask(self, method: str, resource: str, **fields: object) -> Any:  # noqa: ANN401 – whatever JSON it is
        """Ask the server; the JSON of its answer."""
        token = next((str(cookie.value) for cookie in self.cookies if cookie.name == "csrftoken"), "")
        request = urllib.request.Request(
            f"{self.url}/v1/{resource}",
            method=method,
            data=json.dumps(fields).encode() if fields else b"{}" if method == "POST" else None,
            headers={"Content-Type": "application/json", "Referer": self.url, "X-CSRFToken": token},
        )
        with self.opener.open(request) as answer:
            return json.loads(answer.read() or b"null")

    def project(self, name: str) -> int:
        """The number of a project."""
        return next(
            int(each["id"]) for each in self.ask("GET", "projects?limit=100")["results"] if each["name"] == name
        )

    def examples(self, project: int) -> list[dict[str, Any]]:
        """Everything that a project shows."""
        examples: list[dict[str, Any]] = self.ask("GET", f"projects/{project}/examples?limit=10000")["results"]
        return examples

    def marks(self, project: int, example: int) -> list[tuple[int, int, str]]:
        """The marks of an example, as the page has them: UTF-16 code units."""
        kinds = self.labels(project, "span")
        spans = self.ask("GET", f"projects/{project}/examples/{example}/spans")
        return [(span["start_offset"], span["end_offset"], kinds[span["label"]]) for span in spans]

    def labels(self, project: int, sort: str) -> dict[int, str]:
        """The labels of a project by number."""
        if (project, sort) not in self.known:
            labels = self.ask("GET", f"projects/{project}/{sort}-types")
            self.known[project, sort] = {label["id"]: label["text"] for label in labels}
        return self.known[project, sort]

    def judge(
        self,
        project: int,
        example: int,
        verdict: str,
        comment: str = "",
        marks: list[tuple[int, int, str]] | None = None,
        done: bool = True,
    ) -> None:
        """Press a verdict's key, comment, mark anew where ``marks`` are given, and press Enter."""
        at = f"projects/{project}/examples/{example}"
        numbers = {text: number for sort in ("category", "span") for number, text in self.labels(project, sort).items()}
        self.ask("POST", f"{at}/categories", label=numbers[verdict])
        if comment:
            self.ask("POST", f"projects/{project}/comments?example={example}", text=comment)
        if marks is not None:
            self.ask("DELETE", f"{at}/spans")
            for start, end, kind in marks:
                self.ask("POST", f"{at}/spans", label=numbers[kind], start_offset=start, end_offset=end)
        if done:
            self.ask("POST", f"{at}/states")
