"""The two programs: where they are, how they are run, what comes of an error and of Ctrl-C."""

from __future__ import annotations

import fcntl
import functools
import importlib.metadata
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Sequence, TextIO

NOT_ALL_DONE = 75
"""Exit code of a run that was stopped: what was made is safe, and the same command goes on."""


class TrialgenError(RuntimeError):
    """What a program said when it failed.

    Attributes:
        sentence: the program's sentence: place, value, remedy.
        code: the exit code: 64 wrong usage, 65 unusable data, 66 missing input, 69 a processor that is too old, 73 output
            cannot be created, 74 reading or writing failed, 75 not all is done; negative: ended by this signal.
        command: the command line.
    """

    def __init__(self, sentence: str, code: int, command: Sequence[str]) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.command = list(command)


class Stopped(KeyboardInterrupt):
    """Ctrl-C stopped a run. What it had made is kept, and the same call goes on from there.

    Attributes:
        path: the chunk that holds the trials made so far; `trialgen.read` reads it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"stopped; the trials made so far are in {path}")
        self.path = path


@functools.lru_cache(maxsize=None)
def find(name: str) -> str:
    """The path of a program: of the folder in $TRIALGEN_BIN, or what the wheel installed, or what is on PATH."""
    candidates = []
    if "TRIALGEN_BIN" in os.environ:
        candidates.append(Path(os.environ["TRIALGEN_BIN"]) / name)
    try:
        for file in importlib.metadata.files("trialgen") or []:
            if file.parts[-2:] == ("bin", name):
                candidates.append(Path(str(file.locate())))
    except importlib.metadata.PackageNotFoundError:
        pass
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return str(candidate.resolve())
    found = shutil.which(name)
    if found is None:
        raise TrialgenError(
            f"the program {name} is not installed. Install the wheel, or set TRIALGEN_BIN to the folder that holds it.",
            66,
            [name],
        )
    return found


@functools.lru_cache(maxsize=None)
def version() -> str:
    """The version of the programs, without the commit that they were built from."""
    return run("trialgen", ["--version"]).split()[0]


def run_json(program: str, arguments: Sequence[object], *, progress: Optional[bool] = False) -> Dict[str, Any]:
    """The object that a command prints with --json."""
    result: Dict[str, Any] = json.loads(run(program, [*arguments, "--json"], progress=progress))
    return result


def run(program: str, arguments: Sequence[object], *, progress: Optional[bool] = False) -> str:
    """Runs a command.

    Args:
        program: "trialgen" or "trialmerge".
        arguments: as in a shell, each a word.
        progress: whether to show how far the command is, on sys.stderr; None: where a person is looking, that is in a
            terminal and in a notebook.

    Returns:
        what the command printed.

    Raises:
        TrialgenError: the command failed.
        KeyboardInterrupt: Ctrl-C. The command was told to stop and has made its files safe.
    """
    command = [find(program), *map(str, arguments)]
    if progress is None:
        progress = is_watched()
    # A session of its own: Ctrl-C in a terminal reaches Python alone, which then tells the command once.
    if progress:
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    else:
        ours, theirs = os.pipe()
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "NO_COLOR": "1"},
        )
    except OSError as error:
        os.close(ours)
        raise TrialgenError(f"{command[0]} cannot be started ({error.strerror}).", 74, command) from error
    finally:
        os.close(theirs)
    messages = bytearray()
    reader = threading.Thread(target=_relay, args=(ours, messages, sys.stderr if progress else None), daemon=True)
    reader.start()
    try:
        output, _ = process.communicate()
    except BaseException as error:
        process.send_signal(signal.SIGINT if isinstance(error, KeyboardInterrupt) else signal.SIGTERM)
        # The second Ctrl-C must not leave a program behind that nobody waits for.
        _uninterrupted(process.communicate)
        raise
    finally:
        _uninterrupted(reader.join)
    if process.returncode != 0:
        raise TrialgenError(_sentence(messages.decode(errors="replace"), process.returncode), process.returncode, command)
    return output.decode()


def is_watched() -> bool:
    """Whether a person sees sys.stderr: in a terminal or in a notebook."""
    return "ipykernel" in sys.modules or bool(getattr(sys.stderr, "isatty", lambda: False)())


def _relay(descriptor: int, messages: bytearray, shown: Optional[TextIO]) -> None:
    """Collects what a command says, and shows it as it comes, except for an error, which is raised."""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while True:
            try:
                part = file.read(4096)
            except OSError:  # A terminal whose other end has gone.
                return
            if not part:
                return
            messages += part
            if shown is not None and b"error: " not in messages:
                shown.write(part.decode(errors="replace").replace("\r\n", "\n"))
                shown.flush()


def _uninterrupted(wait: Callable[[], object]) -> None:
    while True:
        try:
            wait()
            return
        except KeyboardInterrupt:
            continue


def _sentence(messages: str, code: int) -> str:
    """The error among the messages of a command."""
    lines = [line.rpartition("\r")[2] for line in messages.replace("\r\n", "\n").split("\n")]
    errors = [line[len("error: ") :] for line in lines if line.startswith("error: ")]
    if errors:
        return errors[-1]
    said = " ".join(line for line in lines if line)
    return said or (f"ended by signal {-code}" if code < 0 else f"ended with exit code {code}")
