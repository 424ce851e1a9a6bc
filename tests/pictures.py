"""The pictures of the docs: the report of docs/sample in headless Chromium. ``.venv/bin/python tests/pictures.py``."""

import tempfile
from pathlib import Path

from browser import page

import extract
from extract import package, pipeline, report
from extract.exports import REPORT

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Write docs/pictures/*.png."""
    results = [pipeline.extract(document) for document in extract.read(DOCS / "sample")]
    with tempfile.TemporaryDirectory() as folder:
        texts = {result.document.path: result.document.text for result in results}
        package.save(Path(folder), pipeline.tables(results), texts, pipeline.FLAGS)
        file = Path(folder) / REPORT
        file.write_text(report.render(package.load(Path(folder)), pipeline.FLAGS), "utf-8")
        with page(file, "#d2") as opened:
            opened.set_viewport_size({"width": 1280, "height": 760})
            opened.locator("#text .money", has_text="$2.6 billion").click()
            for view in ("reading", "table", "timeline", "amounts", "dealings"):
                opened.click(f"[data-view={view}]")
                opened.screenshot(path=DOCS / "pictures" / f"{view}.png")
            opened.click("[data-view=reading]")
            opened.click("#theme")
            opened.screenshot(path=DOCS / "pictures" / "dark.png")


if __name__ == "__main__":
    main()
