#!/usr/bin/env python3
"""What SkyLLH's search for mu makes of trials whose answer is known: ours, drawn again and again.

    skyllh_estimator.py DIR [REPEATS]

DIR is what tools/statistics/sensitivity filled. SkyLLH's own function is given an analysis whose trials are drawn from
those that trialgen made, by their numbers of injected events, and writes DIR/estimator.json: for each row of
compare_sensitivity.py what it finds.
"""
import json
import pathlib
import sys

import h5py
import numpy as np
import skyllh_sensitivity  # noqa: F401  puts skyllh_setup within reach
from skyllh.core.random import RandomStateService
from skyllh.core.utils.analysis import estimate_mean_nsignal_for_ts_quantile


class Resampled:
    """As much of an analysis as the function asks for."""

    def __init__(self, paths):
        by_events = {}
        for path in paths:
            with h5py.File(path) as file:
                table = file["trials"][:]
            for events in np.unique(table["n_sig"]):
                by_events.setdefault(int(events), []).append(table["ts"][table["n_sig"] == events])
        self.by_events = {events: np.concatenate(ts) for events, ts in by_events.items()}

    def do_trials(self, rss, n, mean_n_sig, **_):
        """TS of n trials."""
        numbers = np.minimum(rss.random.poisson(mean_n_sig, n), max(self.by_events))
        ts = np.empty(n, dtype=[("ts", float)])
        for events in np.unique(numbers):
            chosen = numbers == events
            ts["ts"][chosen] = rss.random.choice(self.by_events[events], chosen.sum())
        return ts


def main():
    work, repeats = pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300
    with open(work / "skyllh.json") as file:
        precision = json.load(file)["eps_p"]
    with open(work / "ours.json") as file:
        ours = json.load(file)
    with open(work / "quarter.json") as file:
        quarter = json.load(file)
    analysis = Resampled([*work.glob("mu-*.h5"), *work.glob("ours*.h5")])
    rows = {
        "sensitivity": (skyllh_sensitivity.ABOVE_SPIKE, 0.9),
        "quarter": (quarter["ts_threshold"], 0.9),
        "discovery": (ours["discovery"]["2"]["ts_threshold"], 0.5),
    }
    found = {
        name: [
            float(
                estimate_mean_nsignal_for_ts_quantile(
                    analysis, RandomStateService(seed=repeat + 1), p=power, eps_p=precision,
                    mu_range=skyllh_sensitivity.MU_RANGE, critical_ts=threshold)[0]) for repeat in range(repeats)]
        for name, (threshold, power) in rows.items()
    }
    with open(work / "estimator.json", "w") as file:
        json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
