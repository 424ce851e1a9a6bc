"""spaCy without its command line: it is not loaded, and there as soon as it is asked for."""

import subprocess
import sys

import pytest

WITHOUT = """
import extract.language, spacy, sys
assert "spacy.cli" not in sys.modules
"""


@pytest.mark.parametrize(
    "asked",
    [
        "assert spacy.info(silent=True)['spacy_version'] == spacy.__version__",
        "assert spacy.cli.info is spacy.info and spacy.cli.download.__module__ == 'spacy.cli.download'",
        "from spacy import info; from spacy.cli.info import info as told; assert info is told",
        "import spacy.cli; assert spacy.cli.app.info.name == 'spacy'",
        "assert not hasattr(spacy, 'nothing')",
    ],
)
def test_the_command_line_of_spacy_is_there_when_it_is_asked_for(asked: str) -> None:
    assert subprocess.run([sys.executable, "-c", WITHOUT + asked], check=False).returncode == 0


def test_a_spacy_that_is_there_already_is_left_alone() -> None:
    code = "import spacy; told = spacy.info; import extract.language; assert spacy.info is told is spacy.cli.info"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
