"""What `pip install .` puts in place is compiled in part, and gives the same table."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "from extract.cli import main; main()"


def tables(out: Path, **environment: str) -> dict[str, bytes]:
    """All files that a run on the seeds writes."""
    command = [sys.executable, "-c", PROGRAM, "run", str(ROOT / "seeds"), "--out", str(out)]
    done = subprocess.run(command, env=os.environ | environment, cwd=out.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("compiler", ["gcc", "/nowhere/cc"])
def test_a_wheel_is_compiled_where_it_can_be_and_gives_the_same_table(compiler: str, tmp_path: Path) -> None:
    built = tmp_path / "built"
    install = ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target", str(built), str(ROOT)]
    environment = os.environ | {"CC": compiler}
    done = subprocess.run([sys.executable, "-m", *install], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    compiled = {file.name.split(".")[0] for file in (built / "extract").rglob("*.so")}
    assert compiled >= {"propositions", "parser", "decode"} if shutil.which(compiler) else not compiled

    told = [sys.executable, "-c", "from extract.kinds import claim; print(claim.__file__)"]
    environment = os.environ | {"PYTHONPATH": str(built)}
    loaded = subprocess.run(told, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert loaded.stdout.startswith(str(built))
    assert loaded.stdout.endswith(".so\n") is bool(compiled)
    assert tables(tmp_path / "compiled", PYTHONPATH=str(built)) == tables(tmp_path / "plain")
