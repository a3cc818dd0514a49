#!/usr/bin/env python3
"""SkyLLH 26.1.0's own sensitivity and discovery potential of one source, repeated, as JSON.

    skyllh_sensitivity.py BASE --datasets IC40 --ra 40.67 --dec -0.01 --repeats 8 > skyllh.json

`estimate_sensitivity` and `estimate_discovery_potential` leave the error of mu open, so each is repeated with another
seed: the scatter of the repeats is the error. Every trial is descended from each pair of --start-ns and --start-gamma,
and the best end counts: a single descent misses maxima (tools/parity/skyllh_trials.py). The background trials are made
once and given to both functions. Needs the virtual environment that tools/parity/environment.sh makes.
"""
import argparse
import itertools
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "parity"))
import skyllh_setup  # noqa: E402
from skyllh.core.random import RandomStateService  # noqa: E402
from skyllh.core.utils.analysis import estimate_discovery_potential, estimate_sensitivity  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--repeats", type=int, default=8)
    parser.add_argument("--background", type=int, default=10000, help="background trials of all repeats together")
    parser.add_argument("--tail", type=float, default=0.02275013, help="background tail of the discovery potential")
    parser.add_argument("--precision", type=float, default=0.01, help="SkyLLH's eps_p")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start-ns", type=float, nargs="*", default=[0.5, 5.0])
    parser.add_argument("--start-gamma", type=float, nargs="*", default=[1.4, 2.2, 2.9, 3.6])
    return parser.parse_args()


def main():
    options = arguments()
    skyllh_setup.stop_the_clocks()
    _, analysis = skyllh_setup.create(options)
    starts = list(itertools.product(options.start_ns, options.start_gamma))
    skyllh_setup.descend_from_everywhere(analysis, starts)
    begin = time.perf_counter()
    background = analysis.do_trials(rss=RandomStateService(seed=options.seed), n=options.background, mean_n_sig=0)
    print(f"{options.background} background trials, {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    result = {
        "background": options.background, "tail": options.tail, "eps_p": options.precision,
        "flux_per_event": float(analysis.mu2flux(1)), "sensitivity": [], "discovery": [],
    }
    for repeat in range(options.repeats):
        random = RandomStateService(seed=options.seed + 1000 + repeat)
        common = {"rss": random, "h0_trials": background, "eps_p": options.precision, "mu_range": (0, 12)}
        result["sensitivity"].append(float(estimate_sensitivity(analysis, **common)[0]))
        discovery = estimate_discovery_potential(analysis, h0_ts_quantile=options.tail, **common)
        result["discovery"].append(float(discovery[0]))
        print(
            f"repeat {repeat}: {result['sensitivity'][-1]:.3f} {result['discovery'][-1]:.3f},"
            f" {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
