#!/usr/bin/env python3
"""Trials of SkyLLH 26.1.0, each fitted from many starting points, for a comparison of distributions.

    skyllh_trials.py BASE --ra RA --dec DEC --mu 0 --trials 1500 --probe 5:2 --save trials.npy

One descent from (n_s, gamma) = (10, 3) ends on the bound n_s = 0 in many background trials although ln Lambda is
positive elsewhere; so do seven descents that all start from n_s = 10. Here every trial is descended from each pair of
--start-ns and --start-gamma, and the best end counts. Needs the virtual environment that run.sh makes.

--compact FILE writes what the project's own tests read: little-endian float32, column after column, TS first, then
ln Lambda at each probe.
"""
import argparse
import itertools
import sys
import time

import numpy as np

import skyllh_setup
from skyllh.core.random import RandomStateService


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--mu", type=float, default=0.0)
    parser.add_argument("--trials", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--probe", nargs="*", default=[], metavar="NS:GAMMA")
    parser.add_argument("--start-ns", type=float, nargs="*", default=[0.5, 3.0, 10.0])
    parser.add_argument("--start-gamma", type=float, nargs="*", default=[1.3, 1.8, 2.3, 2.8, 3.3, 3.6, 3.9])
    parser.add_argument("--own-start", action="store_true", help="SkyLLH's own single descent")
    parser.add_argument("--no-fit", action="store_true", help="the probes only: many more trials in the same time")
    parser.add_argument("--save", help="npy file for the table")
    parser.add_argument("--compact", metavar="FILE", help="float32 columns: TS and the probes")
    return parser.parse_args()


def pseudo_data(analysis, random, mean_signal):
    """Loads the events of a trial without fitting them."""
    _, event_counts, events = analysis.generate_pseudo_data(rss=random, mean_n_sig=mean_signal)
    analysis.initialize_trial(events, event_counts)


def probes_only(analysis, options, points):
    """The table of trials without fits: mean_n_sig, TS (not a number) and the probes."""
    random = RandomStateService(seed=options.seed)
    rows = []
    for _ in range(options.trials):
        pseudo_data(analysis, random, options.mu)
        values = tuple(skyllh_setup.log_lambda(analysis, *point) for point in points)
        rows.append((options.mu, np.nan) + values)
    fields = ["mean_n_sig", "ts"] + [f"log_lambda@{probe}" for probe in options.probe]
    return np.array(rows, dtype=[(field, float) for field in fields])


def trials(options):
    """The table of trials: SkyLLH's own fields, and one more for each probe."""
    skyllh_setup.stop_the_clocks()
    _, analysis = skyllh_setup.create(options)
    if not options.own_start:
        starts = list(itertools.product(options.start_ns, options.start_gamma))
        skyllh_setup.descend_from_everywhere(analysis, starts)
    points = [tuple(float(part) for part in probe.split(":")) for probe in options.probe]
    if options.no_fit:
        return probes_only(analysis, options, points)
    random = RandomStateService(seed=options.seed)
    rows = []
    begin = time.perf_counter()
    for _ in range(options.trials):
        trial = analysis.do_trial(rss=random, mean_n_sig=options.mu)
        rows.append(tuple(trial[0]) + tuple(skyllh_setup.log_lambda(analysis, *point) for point in points))
    seconds = time.perf_counter() - begin
    print(f"SkyLLH: {options.trials} trials in {seconds:.1f} s, {options.trials / seconds:.3g}/s", file=sys.stderr)
    fields = trial.dtype.descr + [(f"log_lambda@{probe}", float) for probe in options.probe]
    return np.array(rows, dtype=fields)


def main():
    options = arguments()
    table = trials(options)
    if options.save:
        np.save(options.save, table)
    if options.compact:
        columns = [table["ts"]] + [table[f"log_lambda@{probe}"] for probe in options.probe]
        np.concatenate(columns).astype("<f4").tofile(options.compact)


if __name__ == "__main__":
    main()
