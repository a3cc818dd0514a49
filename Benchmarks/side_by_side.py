#!/usr/bin/env python3
"""trialgen and SkyLLH on one release, in turn: medians of trials per second, time to be ready, peak memory.

Called by Benchmarks/run, whose options it has. Each round runs SkyLLH, then trialgen, so that other work on the machine
falls on both. Trials per second are per second of processor time, which other work disturbs less than the wall clock;
they exclude reading: trialgen's come from the difference of a long run and a short one, SkyLLH's begin after two
trials. Time to be ready (trialgen prepare, create_analysis), to make one trial, and two threads against one, are wall
time; the last says little while others use a processor.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import typing

SHORT_TRIALS = 1000
MEBIBYTE = 1 << 20


def arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__.splitlines()[0])
    parser.add_argument("--declinations", type=float, nargs="+", default=[-0.01], metavar="DEG")
    parser.add_argument("--mu", type=float, nargs="+", default=[0.0, 20.0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="trials are made for this long, each time")
    parser.add_argument("--timers", action="store_true", help="leave SkyLLH's task timers running (slower)")
    parser.add_argument("--weighted", type=int, default=0, metavar="TRIALS",
                        help="also the time to 5 sigma with this many weighted trials, against counting at SkyLLH's rate")
    parser.add_argument("--ra", type=float, default=40.67)
    for name in ("bin", "release", "sample"):
        parser.add_argument("--" + name, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


class Measurement(typing.NamedTuple):
    output: str
    wall_seconds: float
    processor_seconds: float
    peak_bytes: int
    # Processors that were busy with something else, on average; 0 where /proc/stat is missing.
    others: float


def busy_seconds():
    """Time that all processors have spent on anything but waiting."""
    try:
        with open("/proc/stat", encoding="utf-8") as file:
            # user, nice, system, idle, iowait, irq, softirq, steal
            fields = [int(field) for field in file.readline().split()[1:9]]
    except OSError:
        return None
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def measure(command):
    """What a command that must succeed prints, and the time and memory that it takes."""
    begin, busy_before = time.perf_counter(), busy_seconds()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    with process.stdout as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} {command[1]} ended with code {process.returncode}")
    processor_seconds = usage.ru_utime + usage.ru_stime
    others = 0.0 if busy_before is None else (busy_seconds() - busy_before - processor_seconds) / seconds
    # ru_maxrss is in units of 1024 bytes on Linux.
    return Measurement(output, seconds, processor_seconds, usage.ru_maxrss * 1024, max(0.0, others))


class Contest:
    """The two programs on one release."""

    def __init__(self, options, folder):
        self.options = options
        self.trialgen = os.path.join(options.bin, "trialgen")
        self.folder = folder
        self.trial_counts = {}
        self.chunks = 0

    def skyllh(self, dec):
        options = self.options
        script = pathlib.Path(__file__).with_name("skyllh_rate.py")
        measurement = measure([
            sys.executable, script, os.path.dirname(options.release), "--sample", options.sample, "--ra", options.ra,
            "--dec", dec, "--seconds", options.seconds, "--mu", *options.mu, *(["--timers"] if options.timers else []),
        ])
        return json.loads(measurement.output)

    def prepared(self, dec):
        return os.path.join(self.folder, f"{dec}.prepared")

    def prepare(self, dec):
        """Wall time of the whole process that reads the release and writes the prepared file."""
        options = self.options
        return measure([
            self.trialgen, "prepare", "--data", options.release, "--sample", options.sample, "--ra", options.ra,
            "--dec", dec, "--json", "--quiet", "--output", self.prepared(dec)]).wall_seconds

    def five_sigma(self, dec, trials, threads=2):
        """Wall and processor time from a prepared file to the threshold of 5 sigma, with its relative error in p."""
        chunk = os.path.join(self.folder, "weighted.h5")
        made = measure([
            self.trialgen, "run", "--prepared", self.prepared(dec), "--quiet", "--tail", 7, "--trials", trials,
            "--threads", threads, "--output", chunk])
        merge = os.path.join(self.options.bin, "trialmerge")
        summary = measure([merge, "background", chunk, "--json"])
        os.remove(chunk)
        found = json.loads(summary.output)["thresholds"]
        return (made.wall_seconds + summary.wall_seconds, made.processor_seconds + summary.processor_seconds,
                {sigma: found[sigma]["relative_error"] for sigma in ("5", "7")})

    def run(self, dec, mu, trials, threads=1):
        self.chunks += 1
        chunk = os.path.join(self.folder, f"{self.chunks}.h5")
        measurement = measure([
            self.trialgen, "run", "--prepared", self.prepared(dec), "--json", "--quiet", "--mu", mu, "--trials", trials,
            "--threads", threads, "--output", chunk])
        os.remove(chunk)
        return measurement

    def trials(self, dec, mu):
        """As many trials as take about the seconds asked for."""
        if (dec, mu) not in self.trial_counts:
            per_second = reported_rate(self.run(dec, mu, SHORT_TRIALS))
            self.trial_counts[dec, mu] = max(10 * SHORT_TRIALS, int(per_second * self.options.seconds))
        return self.trial_counts[dec, mu]

    def rate(self, dec, mu):
        """Trials per second of processor time, reading excluded, and peak memory."""
        trials = self.trials(dec, mu)
        short = self.run(dec, mu, SHORT_TRIALS)
        long = self.run(dec, mu, trials)
        per_second = (trials - SHORT_TRIALS) / (long.processor_seconds - short.processor_seconds)
        return per_second, long.peak_bytes

    def rate_with_threads(self, dec, mu, threads):
        """Trials per second of wall time, reading excluded, as the command itself reports them; and others' work."""
        measurement = self.run(dec, mu, threads * self.trials(dec, mu), threads)
        return reported_rate(measurement), measurement.others

    def start(self, dec):
        """Wall time of the whole process that makes one trial, and its peak memory."""
        measurement = self.run(dec, 0, 1)
        return measurement.wall_seconds, measurement.peak_bytes


def reported_rate(measurement):
    return json.loads(measurement.output)["hypotheses"][0]["trials_per_second"]


def three_digits(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def spread(values):
    """Median, and smallest to largest."""
    low, middle, high = map(three_digits, (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low}-{high})"


def show(titles, rows):
    rows = [titles, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(titles))]
    print()
    print("| " + " | ".join(cell.ljust(width) for cell, width in zip(rows[0], widths)) + " |")
    print("|" + "---|" * len(titles))
    for row in rows[1:]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    options = arguments()
    load = [os.getloadavg()[0]]
    rates, readiness, starts, memory = [], [], [], {"trialgen": [], "SkyLLH": []}
    threads, others = {1: [], 2: []}, []
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(options, folder)
        for dec in options.declinations:
            ready = {"trialgen": [], "SkyLLH": []}
            found = {(name, mu): [] for name in ready for mu in options.mu}
            for turn in range(options.rounds):
                say(f"dec {dec:g}, round {turn + 1} of {options.rounds}")
                theirs = contest.skyllh(dec)
                ready["SkyLLH"].append(theirs["ready_seconds"])
                memory["SkyLLH"].append(theirs["peak_bytes"] / MEBIBYTE)
                for mu, rate in zip(options.mu, theirs["trials_per_second"]):
                    found["SkyLLH", mu].append(rate)
                ready["trialgen"].append(contest.prepare(dec))
                for mu in options.mu:
                    rate, peak = contest.rate(dec, mu)
                    found["trialgen", mu].append(rate)
                    memory["trialgen"].append(peak / MEBIBYTE)
                load.append(os.getloadavg()[0])
            for mu in options.mu:
                ours, theirs = found["trialgen", mu], found["SkyLLH", mu]
                ratio = statistics.median(ours) / statistics.median(theirs)
                rates.append((f"{dec:g}", f"{mu:g}", spread(ours), spread(theirs), f"{ratio:.0f}"))
            ratio = statistics.median(ready["SkyLLH"]) / statistics.median(ready["trialgen"])
            readiness.append((f"{dec:g}", spread(ready["trialgen"]), spread(ready["SkyLLH"]), f"{ratio:.1f}"))
            one = [contest.start(dec) for _ in range(3 * options.rounds)]
            starts.append((
                f"{dec:g}", spread([seconds for seconds, _ in one]), f"{max(peak for _, peak in one) / MEBIBYTE:.0f}"))
        for turn in range(options.rounds):
            say(f"one and two threads, round {turn + 1} of {options.rounds}")
            for count, values in threads.items():
                rate, other = contest.rate_with_threads(options.declinations[0], options.mu[0], count)
                values.append(rate)
                others.append(other)
            load.append(os.getloadavg()[0])
        weighted = weighted_row(contest, options, found) if options.weighted else None

    print(f"{os.path.basename(options.release)}, {options.rounds} rounds: median (smallest-largest)")
    print(f"{processor()}, {os.cpu_count()} processors, load {min(load):.1f} to {max(load):.1f}")
    show(("dec", "mu", "trialgen trials/s", "SkyLLH trials/s", "ratio"), rates)
    show(("dec", "prepare, s", "create_analysis, s", "ratio"), readiness)
    show(("dec", "run --trials 1 from the prepared file, s", "peak memory, MiB"), starts)
    show(("", "trialgen", "SkyLLH"), [
        ("peak memory, MiB", *(f"{max(memory[name]):.0f}" for name in ("trialgen", "SkyLLH")))])
    ratio = statistics.median(threads[2]) / statistics.median(threads[1])
    show(("one thread, trials/s", "two threads, trials/s", "ratio", "processors busy with other work"), [
        (spread(threads[1]), spread(threads[2]), f"{ratio:.2f}", spread(others))])
    if weighted:
        show(("weighted trials", "wall, s", "processors, s", "error of p, 5 sigma", "7 sigma", "to 2 % at 5 sigma, s",
              "SkyLLH by counting, s", "ratio"), [weighted])


# The one-sided tail probability of 5 sigma, and the relative error that is wanted.
FIVE_SIGMA, WANTED = 2.866515718791939e-7, 0.02


def weighted_row(contest, options, found):
    """The last declination's weighted trials, and how long SkyLLH would count to the same error at its measured rate."""
    dec = options.declinations[-1]
    runs = [contest.five_sigma(dec, options.weighted) for _ in range(options.rounds)]
    wall, processors = (statistics.median(run[i] for run in runs) for i in (0, 1))
    errors = runs[0][2]
    ours = wall * (errors["5"] / WANTED) ** 2
    theirs = (1 - FIVE_SIGMA) / (FIVE_SIGMA * WANTED ** 2) / statistics.median(found["SkyLLH", min(options.mu)])
    return (f"{options.weighted}", three_digits(wall), three_digits(processors), f"{100 * errors['5']:.1f} %",
            f"{100 * errors['7']:.1f} %", three_digits(ours), f"{theirs:.2e}", f"{ours / theirs:.1e}")


if __name__ == "__main__":
    main()
