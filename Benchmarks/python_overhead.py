"""python_overhead FOLDER    what Python adds to 100,000 trials: `do_trials(100_000)`, with its numpy records, against the
program that writes the same chunk from the same prepared file. Runs alternate, so that both see the same machine."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trialgen
from trialgen._program import find

TRIALS, ROUNDS = 100_000, 5


def processor_time():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def seconds(work):
    """By the clock and of the processors; the second depends less on what else the machine does."""
    begin, used = time.perf_counter(), processor_time()
    work()
    return time.perf_counter() - begin, processor_time() - used


with tempfile.TemporaryDirectory() as folder:
    analysis = trialgen.Analysis(data=sys.argv[1], source=(40.67, -0.01), folder=folder)
    first, _ = seconds(lambda: analysis.do_trials(1))
    run = [find("trialgen"), "run", "--prepared", f"{folder}/analysis.prepared", "--mu", "0", "--trials", str(TRIALS), "--quiet"]
    by_program, by_python = [], []
    for i in range(ROUNDS):
        command = [*run, "--seed", str(i + 10), "--output", f"{folder}/program-{i}.h5"]
        by_program.append(seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)))
        by_python.append(seconds(lambda: analysis.do_trials(TRIALS, seed=i + 10)))
    print(f"first call, which reads the release: {first:.2f} s")
    for index, name in enumerate(["clock", "processors"]):
        program, python = (statistics.median(pair[index] for pair in pairs) for pairs in (by_program, by_python))
        print(f"{TRIALS} trials, {name}: program {program:.3f} s, do_trials {python:.3f} s: {100 * (python / program - 1):+.1f} %")
    taken, _ = seconds(lambda: trialgen.read(analysis.make_trials(TRIALS, seed=10)))
    print(f"finding the chunk complete and reading it into records: {taken:.3f} s")
