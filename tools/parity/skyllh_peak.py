#!/usr/bin/env python3
"""What SkyLLH 26.1.0 finds in a release with a tabulated spectrum whose peak is fitted, as JSON.

    skyllh_peak.py BASE --spectrum bump.txt --peak 5 --dec 22.01 > dec22.json

The fit of the data, ln Lambda on a grid of (n_s, peak), dN/dE at the peak for one event, numbers of events. Needs the
virtual environment that run.sh makes; compare.py compares.
"""
import argparse
import json
import sys

import skyllh_setup
from skyllh.core.random import RandomStateService

SCAN_EVENTS = (0.5, 3.0, 12.0, 40.0)
# On grid points, on seams between the parabolas' cells, and beyond the energies of the release.
SCAN_PEAKS = (1.06, 2.1, 3.0, 3.37, 4.5, 5.0, 5.23, 6.0, 7.7, 10.06)
FLUX_PEAKS = (3.0, 4.0, 5.0, 6.1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    options = parser.parse_args()
    datasets, analysis = skyllh_setup.create(options)
    ts, best, _ = analysis.unblind(minimizer_rss=RandomStateService(seed=1))
    found = {
        "args": dict(skyllh_setup.settings(options), spectrum=options.spectrum, peak=options.peak),
        "datasets": [dataset.name for dataset in datasets],
        "unblind": {"ts": float(ts), "ns": float(best["ns"]), "peak": float(best["e_peak"])},
    }
    # The fit leaves a trial of its own behind: load the data as they are.
    analysis.initialize_trial([data.exp for data in analysis.data_list])
    found["livetime_days"] = [float(data.livetime) for data in analysis.data_list]
    found["n_events"] = [int(manager.n_events) for manager in analysis.tdm_list]
    found["log_lambda"] = [
        [events, peak, skyllh_setup.log_lambda(analysis, events, peak)]
        for events in SCAN_EVENTS for peak in SCAN_PEAKS]
    found["flux_per_event_at_peak"] = {
        str(peak): float(skyllh_setup.moved_table.flux_from_ns(analysis, peak, 1.0)) for peak in FLUX_PEAKS}
    json.dump(found, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
