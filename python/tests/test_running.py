"""What a person at a terminal or a notebook meets: Ctrl-C, progress."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import trialgen
from trialgen import _program

SCRIPT = """
    import signal, sys, trialgen
    # As in a terminal: a shell starts its background jobs with Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    analysis = trialgen.Analysis(data=sys.argv[1], source=(40.67, -0.01), folder=sys.argv[2])
    try:
        analysis.do_trials(50_000_000)
    except trialgen.Stopped as stopped:
        trials = trialgen.read(stopped.path)
        print(len(trials), stopped.path)
        more = analysis.do_trials(len(trials) + 100)
        print(len(more), (more[: len(trials)] == trials).all())
"""


def test_ctrl_c_keeps_what_was_made(release: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), release, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob("*.journal")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    made, more = output.splitlines()
    number = int(made.split()[0])
    assert number > 0
    assert more == f"{number + 100} True"


def test_progress_is_shown_where_asked_for(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    trialgen.Analysis(data=release, source=(40.67, -0.01), progress=True).do_trials(20_000)
    assert "\rmu 0: 20000/20000 trials (100 %)" in shown.getvalue()
    shown.truncate(0)
    trialgen.Analysis(data=release, source=(40.67, -0.01)).do_trials(20_000)
    assert shown.getvalue().strip("\0") == ""


def test_a_notebook_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not _program.is_watched()
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert _program.is_watched()


def test_an_error_under_progress_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    with pytest.raises(trialgen.TrialgenError, match="^nowhere: the folder does not exist") as caught:
        trialgen.run("trialgen", ["unblind", "--data", "nowhere", "--ra", 1, "--dec", 2], progress=True)
    assert caught.value.code == 66 and "\n" not in caught.value.sentence
    assert shown.getvalue() == ""


def test_a_missing_program_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(trialgen.TrialgenError, match="the program trialhelp is not installed") as caught:
        _program.find("trialhelp")
    assert caught.value.code == 66


def test_an_old_processor_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code and sentence of a program that cannot run here reach Python, as they stand."""
    program = tmp_path / "trialold"
    program.write_text("#!/bin/sh\necho 'error: this program was built for other processors' >&2; exit 69\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    with pytest.raises(trialgen.TrialgenError, match="^this program was built for other processors$") as caught:
        trialgen.run("trialold", [])
    assert caught.value.code == 69
