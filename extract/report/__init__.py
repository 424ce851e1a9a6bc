"""The report: one self-contained page that opens from disk, made of a package (see ``extract.package``).

The template holds no data. What the tables and texts say goes into the page as JSON, and the page's script puts it on
the screen as text only; a Content-Security-Policy with the hashes of our own script and styles keeps anything else from
running.
"""

import base64
import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from extract.errors import needs
from extract.package import Package
from extract.table import KINDS

with needs("report"):
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

HERE = Path(__file__).parent
SCRIPTS = ("facts.js", "reading.js", "charts.js", "page.js")

# The columns of the fact table that the page shows as they are; the others it is given by number.
SHOWN = (
    "fact_id", "value", "value_min", "value_max", "unit", "modifier", "timex", "date_start", "date_end", "date_basis",
    "claim_type", "subject", "object", "modality", "source", "confidence", "evidence", "status", "rule",
)  # fmt: skip
DOCUMENT_SHOWN = ("document", "title", "author", "published", "published_basis", "source", "status")


def render(package: Package, flags: Mapping[str, str]) -> str:
    """The page. The package must be valid; ``flags`` are the codes that have a meaning."""
    script = "\n".join((HERE / name).read_text("utf-8") for name in SCRIPTS)
    style = (HERE / "page.css").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(HERE))
    return environment.get_template("page.html").render(
        policy=f"default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"script-src '{_hash(script)}'; style-src '{_hash(style)}'",
        script=Markup(script),  # noqa: S704  our own file
        style=Markup(style),  # noqa: S704  likewise
        data=Markup(_json(_data(package, flags))),  # noqa: S704  no "<" is in it
    )


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _json(data: object) -> str:
    """JSON for a script element, which only ``<`` could end."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _data(package: Package, flags: Mapping[str, str]) -> dict[str, object]:
    """What the page shows: documents with their texts, facts as columns, and what both refer to by number."""
    tables = package.tables
    documents = list(tables["documents"]["document"])
    codes = sorted(flags)
    return {
        "kinds": KINDS,
        "flags": [[code, flags[code]] for code in codes],
        "organisations": list(tables["organisations"]["organisation"]),
        "documents": [
            {**{name: row[name] for name in DOCUMENT_SHOWN}, "text": package.texts.get(row["document"], "")}
            for row in tables["documents"].to_dict("records")
        ],
        "facts": _facts(
            package, {path: n for n, path in enumerate(documents)}, {code: n for n, code in enumerate(codes)}
        ),
    }


def _facts(package: Package, documents: Mapping[str, int], codes: Mapping[str, int]) -> dict[str, Sequence[object]]:
    facts = package.tables["facts"]
    numbers = {fact_id: number for number, fact_id in enumerate(facts["fact_id"])}
    links = [[numbers[each] for each in cell.split()] for cell in facts["claim_id"]]
    named = _organisations(package)
    mentions = [
        value if kind == "organisation" else "" for kind, value in zip(facts["kind"], facts["value"], strict=True)
    ]
    names = zip(mentions, facts["subject"], facts["object"], facts["source"], strict=True)
    own = [{number for name in each for number in named.get(name, ())} for each in names]
    return {
        **{name: list(facts[name]) for name in SHOWN},
        "document": [documents[path] for path in facts["document"]],
        "kind": [KINDS.index(kind) for kind in facts["kind"]],
        "start": _places(package, facts["document"], facts["start"]),
        "end": _places(package, facts["document"], facts["end"]),
        "line": [int(line) for line in facts["line"]],
        "flags": [[codes[code] for code in cell.split()] for cell in facts["flags"]],
        "claims": links,
        "subject_organisation": [_only(named.get(name, ())) for name in facts["subject"]],
        "object_organisation": [_only(named.get(name, ())) for name in facts["object"]],
        "organisations": [
            sorted(mine.union(*(own[claim] for claim in claims))) for mine, claims in zip(own, links, strict=True)
        ],
    }


def _organisations(package: Package) -> dict[str, list[int]]:
    """The numbers of the organisations that a name stands for in the run."""
    table = package.tables["organisations"]
    named: dict[str, list[int]] = {}
    for number, (own, aliases) in enumerate(zip(table["organisation"], table["aliases"], strict=True)):
        for name in {own, *filter(None, aliases.split("; "))}:
            named.setdefault(name, []).append(number)
    return named


def _only(numbers: Sequence[int]) -> int:
    """The one number; -1 where there is none, or a choice."""
    return numbers[0] if len(numbers) == 1 else -1


def _places(package: Package, documents: Iterable[str], offsets: Iterable[str]) -> list[int]:
    """The offsets as scripts count: a code point beyond the first 65,536 is two."""
    beyond = {path: [n for n, char in enumerate(text) if char > "\uffff"] for path, text in package.texts.items()}
    return [
        int(offset) + bisect_left(beyond[path], int(offset)) for path, offset in zip(documents, offsets, strict=True)
    ]
