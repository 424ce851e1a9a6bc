"""How large the report of a folder is, how long it takes to make, and how fast it filters in headless Chromium.

python benchmarks/report.py ../shared/news
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import extract
from extract import package, pipeline, report
from extract.exports import REPORT

# Each is one turn of a filter, drawn: the layout is asked for before the clock is stopped.
FILTERS = {
    "one kind": "filter.kinds = new Set([0])",
    "with a flag": "filter.kinds = new Set(data.kinds.keys()); filter.flag = 'any'",
    "organisation": "filter.flag = ''; filter.organisation = 'bank'",
    "words, first": "filter.organisation = ''; filter.words = 'million'",
    "words, again": "filter.words = 'billion'",
    "everything": "filter.words = ''",
}
VIEWS = ("reading", "table", "timeline", "amounts", "dealings")
TIMED = "() => {{ const t = performance.now(); {0}; document.body.offsetHeight; return performance.now() - t; }}"


def main() -> None:
    """Print the figures for the texts of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    results = [pipeline.extract(document) for document in extract.read(parser.parse_args().texts)]
    with tempfile.TemporaryDirectory() as folder:
        texts = {result.document.path: result.document.text for result in results}
        package.save(Path(folder), pipeline.tables(results), texts, pipeline.FLAGS)
        began = time.perf_counter()
        content = report.render(package.load(Path(folder)), pipeline.FLAGS)
        print(f"documents           {len(results):>8}")
        print(f"facts               {sum(len(result.rows) for result in results):>8}")
        print(f"made in             {time.perf_counter() - began:>8.2f} s")
        print(f"size                {len(content.encode()) / 1e6:>8.2f} MB")
        file = Path(folder) / REPORT
        file.write_text(content, "utf-8")
        _browse(file)


def _browse(file: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1360, "height": 850})
        page.goto(file.as_uri())
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        print(f"opened in           {loaded:>8.0f} ms\n")
        print(f"{'filter, ms':<14}" + "".join(f"{view:>10}" for view in VIEWS))
        times = {}
        for view in VIEWS:
            page.evaluate(f"show('{view}')")
            for name, change in FILTERS.items():
                times[name, view] = page.evaluate(TIMED.format(f"{change}; refilter()"))
        for name in FILTERS:
            print(f"{name:<14}" + "".join(f"{times[name, view]:>10.0f}" for view in VIEWS))
        browser.close()


if __name__ == "__main__":
    main()
