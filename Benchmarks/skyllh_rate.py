#!/usr/bin/env python3
"""SkyLLH's trials per second, time to be ready and peak memory, as one line of JSON.

    skyllh_rate.py BASE --dec -0.01 --mu 0 20 --seconds 5

The loop is do_trial with SkyLLH's own minimiser and its single descent. Its task timers are stopped, which makes it
faster (tools/parity/skyllh_setup.py), unless --timers is given. Ready is the wall time of create_datasets and
create_analysis; imports are not counted. Needs the virtual environment that tools/parity/environment.sh makes.
"""
import argparse
import json
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools" / "parity"))
import skyllh_setup  # noqa: E402
from skyllh.core.random import RandomStateService  # noqa: E402

WARM_UP_TRIALS = 2


def rate(analysis, mean_signal, seconds):
    """Trials per second of processor time, from as many trials as take `seconds` of it."""
    random = RandomStateService(seed=1)
    for _ in range(WARM_UP_TRIALS):
        analysis.do_trial(rss=random, mean_n_sig=mean_signal)
    begin = time.process_time()
    trials, elapsed = 0, 0.0
    while elapsed < seconds:
        analysis.do_trial(rss=random, mean_n_sig=mean_signal)
        trials += 1
        elapsed = time.process_time() - begin
    return trials / elapsed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--mu", type=float, nargs="+", default=[0.0])
    parser.add_argument("--seconds", type=float, default=5.0, help="trials are made for this long at each mu")
    parser.add_argument("--timers", action="store_true", help="leave SkyLLH's task timers running")
    options = parser.parse_args()
    if not options.timers:
        skyllh_setup.stop_the_clocks()
    begin = time.perf_counter()
    _, analysis = skyllh_setup.create(options)
    ready = time.perf_counter() - begin
    rates = [rate(analysis, mean_signal, options.seconds) for mean_signal in options.mu]
    # ru_maxrss is in units of 1024 bytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"ready_seconds": ready, "trials_per_second": rates, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
