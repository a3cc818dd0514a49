#!/usr/bin/env python3
"""SkyLLH 26.1.0's own sensitivity and discovery potential of one source, repeated, as JSON.

    skyllh_sensitivity.py BASE --datasets IC59 --ra 150 --dec -0.01 --gamma 3.5 --repeats 10 --output skyllh.json

`estimate_sensitivity` and `estimate_discovery_potential` leave the error of mu open, so each is repeated with another
seed: the scatter of the repeats is the error. The background trials are made once and given to all. Every trial is
descended from each pair of --starts, and the best end counts: a single descent misses maxima
(tools/parity/skyllh_trials.py).

`estimate_sensitivity` counts TS >= the threshold. Where the median of the background is 0, as here, that is every
trial at any mu, and the function does not end. So it is asked for 90 % above the upper quarter of the background, and
the function under it for 90 % above the smallest TS that is not 0.

The file is written again after each repeat. Needs the virtual environment that tools/parity/environment.sh makes.
"""
import argparse
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "parity"))
import skyllh_setup  # noqa: E402
from skyllh.core.random import RandomStateService  # noqa: E402
from skyllh.core.utils.analysis import (  # noqa: E402
    estimate_discovery_potential, estimate_mean_nsignal_for_ts_quantile, estimate_sensitivity)

QUARTER = 0.25
TWO_SIGMA = 0.02275013
# The least TS above 0: none of SkyLLH's lies between.
ABOVE_SPIKE = 1e-9
MU_RANGE = (0.0, 5.0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--background", type=int, default=30000, help="background trials of all repeats together")
    parser.add_argument("--precision", type=float, default=0.015, help="SkyLLH's eps_p")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--starts", nargs="*", default=["2:2.9", "5:3.6"], metavar="NS:GAMMA")
    parser.add_argument("--probe-mu", type=float, nargs="*", default=[], help="mu whose TS are kept")
    parser.add_argument("--probe-trials", type=int, default=4000, help="trials at each of them")
    parser.add_argument("--output", required=True)
    return parser.parse_args()


def main():
    options = arguments()
    skyllh_setup.stop_the_clocks()
    _, analysis = skyllh_setup.create(options)
    starts = [tuple(float(part) for part in start.split(":")) for start in options.starts]
    skyllh_setup.descend_from_everywhere(analysis, starts)
    begin = time.perf_counter()

    def say(text):
        print(f"{time.perf_counter() - begin:6.0f} s: {text}", file=sys.stderr, flush=True)

    def trials(seed, count, mu):
        made = analysis.do_trials(rss=RandomStateService(seed=seed), n=count, mean_n_sig=mu)
        say(f"{count} trials at mu {mu:g}, {100 * np.mean(made['ts'] > 0):.2f} % above TS 0")
        return made

    result = {
        "flux_per_event": float(analysis.mu2flux(1)), "eps_p": options.precision, "sensitivity": [], "quarter": [],
        "discovery": [], "probes": {},
    }

    def save():
        with open(options.output, "w") as file:
            json.dump(result, file, indent=1)

    for index, mu in enumerate(options.probe_mu):
        result["probes"][f"{mu:g}"] = trials(options.seed + 1 + index, options.probe_trials, mu)["ts"].tolist()
        save()
    background = trials(options.seed, options.background, 0)
    result["background"] = background["ts"].tolist()
    for repeat in range(options.repeats):
        common = {
            "rss": RandomStateService(seed=options.seed + 1000 + repeat), "eps_p": options.precision,
            "mu_range": MU_RANGE,
        }
        found = {
            "sensitivity": estimate_mean_nsignal_for_ts_quantile(
                analysis, p=0.9, critical_ts=ABOVE_SPIKE, **common),
            "quarter": estimate_sensitivity(analysis, h0_trials=background, h0_ts_quantile=QUARTER, **common),
            "discovery": estimate_discovery_potential(
                analysis, h0_trials=background, h0_ts_quantile=TWO_SIGMA, **common),
        }
        for name, (mu, _) in found.items():
            result[name].append(float(mu))
        save()
        say(f"repeat {repeat}: " + ", ".join(f"{name} {mu:.3f}" for name, (mu, _) in found.items()))


if __name__ == "__main__":
    main()
