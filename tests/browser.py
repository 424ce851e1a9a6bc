"""A page in headless Chromium, and what went wrong on it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT = 1360, 850


@contextmanager
def page(file: Path, address: str = "") -> Iterator[Page]:
    """The page in ``file``, shut off from any network; an error on its console, or a request, fails at the end."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        opened = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on(
            "request", lambda request: None if request.url.startswith(file.as_uri()) else wrong.append(request.url)
        )
        opened.goto(file.as_uri() + address)
        yield opened
        browser.close()
    assert wrong == []
