"""What LibreOffice sees in a file: each sheet as rows of cells, typed as it took them."""

import datetime as dt
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

Seen = str | Decimal | dt.date | None


def flat(file: Path, folder: Path, *options: str) -> Path:
    """``file`` as LibreOffice saves it in its own format, flat XML."""
    assert SOFFICE
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [SOFFICE, profile, "--headless", *options, "--convert-to", "fods", "--outdir", folder, file],
        check=True,
        capture_output=True,
    )
    return folder / f"{file.stem}.fods"


def sheets(file: Path, width: dict[str, int]) -> dict[str, list[list[Seen]]]:
    """The cells of each sheet, as many a row as ``width`` says; no cell may be a formula."""
    found: dict[str, list[list[Seen]]] = {}
    for sheet in ET.parse(file).getroot().iter(f"{TABLE}table"):
        name = str(sheet.get(f"{TABLE}name"))
        rows = (_row(row, width[name]) for row in sheet.iter(f"{TABLE}table-row"))
        found[name] = [row for row in rows if any(cell is not None for cell in row)]
    return found


def _row(row: ET.Element, width: int) -> list[Seen]:
    cells: list[Seen] = []
    for cell in row.iter(f"{TABLE}table-cell"):
        assert cell.get(f"{TABLE}formula") is None
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        cells += [_cell(cell)] * min(times, width - len(cells))
    return cells + [None] * (width - len(cells))


def _cell(cell: ET.Element) -> Seen:
    match cell.get(f"{OFFICE}value-type"):
        case None:
            return None
        case "float" | "currency":
            return Decimal(str(cell.get(f"{OFFICE}value")))
        case "date":
            return dt.date.fromisoformat(str(cell.get(f"{OFFICE}date-value"))[:10])
        case "string":
            return "\n".join(_text(paragraph) for paragraph in cell.findall(f"{TEXT}p"))
        case other:
            raise AssertionError(f"a cell was taken for a {other}")


def _text(element: ET.Element) -> str:
    signs = {f"{TEXT}s": " " * int(element.get(f"{TEXT}c", "1")), f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
    inner = signs.get(element.tag, element.text or "")
    return inner + "".join(_text(child) + (child.tail or "") for child in element)
