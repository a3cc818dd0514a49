"""python_overhead FOLDER    what Python adds to 100,000 trials: `do_trials(100_000)`, with its numpy records, against the
program that writes the same chunk from the same prepared file. Runs alternate, so that both see the same machine."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trialgen
from trialgen._program import find

TRIALS, ROUNDS = 100_000, 5


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


with tempfile.TemporaryDirectory() as folder:
    analysis = trialgen.Analysis(data=sys.argv[1], source=(40.67, -0.01), folder=folder)
    first = seconds(lambda: analysis.do_trials(1))
    run = [find("trialgen"), "run", "--prepared", f"{folder}/analysis.prepared", "--mu", "0", "--trials", str(TRIALS), "--quiet"]
    by_program, by_python = [], []
    for i in range(ROUNDS):
        command = [*run, "--seed", str(i + 10), "--output", f"{folder}/program-{i}.h5"]
        by_program.append(seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)))
        by_python.append(seconds(lambda: analysis.do_trials(TRIALS, seed=i + 10)))
    program, python = statistics.median(by_program), statistics.median(by_python)
    ratios = [b / a - 1 for a, b in zip(by_program, by_python)]
    print(f"first call, which reads the release: {first:.2f} s")
    print(f"{TRIALS} trials: program {program:.3f} s, do_trials {python:.3f} s: {100 * (python / program - 1):+.1f} %")
    print("  by pairs: " + ", ".join(f"{100 * ratio:+.1f} %" for ratio in sorted(ratios)))
    begin = time.perf_counter()
    trialgen.read(analysis.make_trials(TRIALS, seed=10))
    print(f"reading the chunk into records: {time.perf_counter() - begin:.3f} s")
