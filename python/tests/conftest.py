import os
import subprocess
from pathlib import Path

import pytest

import trialgen

os.environ.setdefault("MPLBACKEND", "Agg")


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented release of docs/tutorial.md."""
    folder = tmp_path_factory.mktemp("release")
    trialgen.run("trialgen", ["toy", "--output", folder, "--scale", "0.02", "--seed", "7", "--quiet"])
    return folder


@pytest.fixture(scope="session")
def analysis(release: Path) -> trialgen.Analysis:
    return trialgen.Analysis(data=release, source=(40.67, -0.01), gamma=2.0)
