#!/usr/bin/env python3
"""trialgen's numbers against SkyLLH's, as a table; exit code 1 if a limit is exceeded.

    compare.py reference --trialgen BIN --data DIR REFERENCE.json...    what skyllh_reference.py printed
    compare.py trials CHUNK.h5 TRIALS.npy --mu 20                       what skyllh_trials.py saved

The limits are those of docs/parity.md. `trials` is a two-sample Kolmogorov-Smirnov test of TS and of ln Lambda at each
probe. Needs numpy, scipy and h5py: the virtual environment that run.sh makes has them.
"""
import argparse
import json
import subprocess
import sys

SMALLEST_P_VALUE = 0.01


class Table:
    """Rows of a comparison, and whether all passed."""

    def __init__(self, *titles):
        self.rows = [titles]
        self.passed = True

    def add(self, *cells, passed):
        self.passed = self.passed and bool(passed)
        self.rows.append((*cells, "pass" if passed else "FAIL"))

    def print(self):
        widths = [max(len(row[i]) for row in self.rows) for i in range(len(self.rows[0]))]
        for row in self.rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


class Trialgen:
    """The command, with the options of one reference's analysis."""

    def __init__(self, program, data, settings):
        self.program = program
        self.options = ["--data", data, "--sample", settings["sample"], "--compat", "skyllh-26.1"]
        self.options += ["--ra", str(settings["ra"]), "--dec", str(settings["dec"])]
        if settings["names"]:
            self.options += ["--datasets", ",".join(settings["names"])]
        if settings["Ec"] is not None:
            self.options += ["--ecut", str(settings["Ec"])]
        if settings["energy_range"]:
            self.options += ["--energy-range"] + [str(energy) for energy in settings["energy_range"]]
        # The fitted parameter besides n_s: the index, or the peak of a table.
        self.name = "peak" if settings.get("spectrum") else "gamma"
        self.gamma = settings[self.name]
        if self.name == "peak":
            self.options += ["--spectrum", settings["spectrum"], "--fit-shape", "table"]

    def __call__(self, command, *options, gamma=None):
        gamma = self.gamma if gamma is None else gamma
        line = [self.program, command, *self.options, f"--{self.name}", str(gamma), *options, "--json"]
        answer = subprocess.run(line, stdout=subprocess.PIPE, check=True)
        return json.loads(answer.stdout)


def relative(ours, theirs):
    return abs(ours - theirs) / abs(theirs) if theirs else abs(ours)


def flux_deviations(trialgen, reference):
    for peak, flux in reference.get("flux_per_event_at_peak", {}).items():
        yield relative(trialgen("flux", gamma=float(peak))["flux_per_event"], flux)
    if "mu2flux_1" not in reference:
        return
    found = trialgen("flux", "--mu", "1", "--flux", "5e-15")
    yield relative(found["mu2flux"], reference["mu2flux_1"])
    yield relative(found["flux2mu"], reference["flux2mu_5e-15"])
    for gamma, flux in reference.get("flux_per_event", {}).items():
        yield relative(trialgen("flux", gamma=float(gamma))["flux_per_event"], flux)


def scan_deviations(trialgen, reference):
    points = reference["log_lambda"]
    axes = [",".join(str(value) for value in dict.fromkeys(point[axis] for point in points)) for axis in (0, 1)]
    found = trialgen("scan", "--ns-values", axes[0], f"--{trialgen.name}-values", axes[1])["points"]
    values = {(events, gamma): value for events, gamma, value in found}
    return [abs(values[events, gamma] - value) for events, gamma, value in points]


def yield_deviations(trialgen, reference, datasets):
    gammas = reference["grid"]["gamma"]
    if trialgen.gamma not in gammas:
        return []
    index = gammas.index(trialgen.gamma)
    theirs = [dataset["yield_per_unit_flux"][index] for dataset in reference["ingredients"]]
    return [relative(ours["yield_per_unit_flux"], value) for ours, value in zip(datasets, theirs)]


def compare_fit(table, name, parameter, fit, theirs):
    """Ours is the higher maximum; where both are the same one, TS agrees."""
    difference = fit["log_lambda"] - theirs["ts"] / 2
    table.add(name, "ln Lambda_max, ours - SkyLLH's", f"{difference:.2g}", ">= -1e-9", passed=difference >= -1e-9)
    is_same = abs(fit["ns"] - theirs["ns"]) < 1e-3 * max(1, theirs["ns"]) and (
        theirs["ns"] == 0 or abs(fit[parameter] - theirs[parameter]) < 1e-3)
    if is_same:
        difference = abs(fit["ts"] - theirs["ts"])
        table.add(name, "TS, same maximum", f"{difference:.2g}", "1e-5", passed=difference < 1e-5)


def compare_reference(table, name, trialgen, reference):
    def add(quantity, deviations, limit):
        largest = max(deviations, default=None)
        if largest is not None:
            table.add(name, quantity, f"{largest:.2g}", f"{limit:g}", passed=largest <= limit)

    has_cutoff = reference["args"]["Ec"] is not None
    datasets = trialgen("describe")["datasets"]
    add("livetime", [relative(o["livetime_days"], t) for o, t in zip(datasets, reference["livetime_days"])], 1e-10)
    add("events", [abs(o["n_events"] - t) for o, t in zip(datasets, reference["n_events"])], 0)
    limit = 1e-7 if has_cutoff else 1e-9 if trialgen.name == "peak" else 1e-10
    add("flux", flux_deviations(trialgen, reference), limit)
    if "log_lambda" in reference:
        add("ln Lambda (absolute)", scan_deviations(trialgen, reference), 1e-8)
    if "ingredients" in reference:
        add("yield", yield_deviations(trialgen, reference, datasets), 1e-7 if has_cutoff else 1e-9)
    compare_fit(table, name, trialgen.name, trialgen("unblind"), reference["unblind"])


def references(options):
    table = Table("reference", "quantity", "deviation", "limit", "")
    for path in options.references:
        with open(path, encoding="utf-8") as file:
            reference = json.load(file)
        name = path.rsplit("/", 1)[-1].removesuffix(".json")
        trialgen = Trialgen(options.trialgen, options.data, reference["args"])
        compare_reference(table, name, trialgen, reference)
    return table


def trials(options):
    import h5py
    import numpy as np
    from scipy.stats import ks_2samp

    with h5py.File(options.chunk) as file:
        ours = file["trials"][()]
    theirs = np.load(options.table)
    ours, theirs = (trials[trials["mean_n_sig"] == options.mu] for trials in (ours, theirs))
    if not len(ours) or not len(theirs):
        sys.exit(f"compare.py: no trials with mean_n_sig {options.mu:g} in {options.chunk} or {options.table}")
    print(f"{len(ours)} trials of trialgen, {len(theirs)} of SkyLLH, mu {options.mu:g}")
    table = Table("quantity", "distance", "p", "limit", "")
    probes = [name for name in theirs.dtype.names if name.startswith("log_lambda@")]
    fitted = [] if np.isnan(theirs["ts"]).any() else ["ts"]
    if fitted:
        # A descent that ends at n_s = 0 may leave a rounding error.
        theirs["ts"][np.abs(theirs["ts"]) < 1e-9] = 0
    for name in fitted + [probe for probe in probes if probe in ours.dtype.names]:
        test = ks_2samp(ours[name], theirs[name], method="asymp")
        table.add(name, f"{test.statistic:.4f}", f"{test.pvalue:.3g}", f"> {SMALLEST_P_VALUE:g}",
                  passed=test.pvalue > SMALLEST_P_VALUE)
    if fitted:
        print(f"TS = 0 in {np.mean(ours['ts'] <= 0):.4f} (trialgen), {np.mean(theirs['ts'] <= 0):.4f} (SkyLLH)")
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("reference")
    command.add_argument("--trialgen", default="trialgen", help="the program")
    command.add_argument("--data", required=True, help="the release folder or the folder that holds it")
    command.add_argument("references", nargs="+")
    command.set_defaults(compare=references)
    command = commands.add_parser("trials")
    command.add_argument("chunk")
    command.add_argument("table")
    command.add_argument("--mu", type=float, default=0.0)
    command.set_defaults(compare=trials)
    options = parser.parse_args()
    table = options.compare(options)
    table.print()
    sys.exit(0 if table.passed else 1)


if __name__ == "__main__":
    main()
