"""The tutorial is run as it stands, and the package is checked by mypy."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import trialgen

HERE = Path(__file__).resolve().parent


def test_tutorial(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    tutorial = HERE.parent / "examples" / "tutorial.py"
    run = subprocess.run(
        [sys.executable, tutorial], cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "MPLBACKEND": "Agg"}
    )
    assert run.returncode == 0, run.stderr
    expected = re.findall(r"^#> (.*)$", tutorial.read_text(), re.MULTILINE)
    assert run.stdout.splitlines() == expected
    for figure in ("ts.png", "contour.png"):
        assert (tmp_path / figure).read_bytes().startswith(b"\x89PNG")


def test_types() -> None:
    pytest.importorskip("mypy")
    package = Path(trialgen.__file__).parent
    assert (package / "py.typed").exists()
    configuration = HERE.parent / "pyproject.toml"
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", configuration, "--cache-dir", os.devnull, "-p", "trialgen"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
