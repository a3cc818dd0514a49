#!/usr/bin/env python3
"""SkyLLH's fits of trialgen's sky trials: the same scrambled events, fitted at each source.

    skyllh_skies.py BASE --datasets IC40 IC79 --skies 500 --chunk chunk.h5 --probe 3:2 12:3

The right ascensions are computed here from their definition in docs/model.md, section 12, with a Philox generator of our
own, so the comparison tests that definition, too. The chunk is one of `trialgen run --search catalogue --source-fits
--mu 0`; its trials are those of seed 1. Exit code 1 if a limit is exceeded.
"""
import argparse
import json
import pathlib
import sys

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "parity"))
import skyllh_setup  # noqa: E402
from skyllh.core.random import RandomStateService  # noqa: E402

# Limits of the comparison: a fit never below SkyLLH's, TS on the same maximum.
LOWER, SAME_MAXIMUM = 1e-4, 1e-3
STARTS = [(ns, gamma) for ns in (0.5, 5.0) for gamma in (1.4, 2.2, 2.9, 3.5, 3.9)]


def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10 (Salmon et al., SC'11) of arrays of counters: four arrays of words."""
    mask = np.uint64(0xFFFFFFFF)
    words = [np.broadcast_to(np.asarray(c, dtype=np.uint64), np.shape(c0)) for c in (c0, c1, c2, c3)]
    for _ in range(10):
        first, second = words[0] * np.uint64(0xD2511F53), words[2] * np.uint64(0xCD9E8D57)
        words = [(second >> np.uint64(32)) ^ words[1] ^ np.uint64(k0), second & mask,
                 (first >> np.uint64(32)) ^ words[3] ^ np.uint64(k1), first & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return words


def angles(count, dataset, trial, seed):
    """The right ascensions of a dataset's events in order of declination, of background trials."""
    key = [int(word[0]) for word in philox(np.zeros(1), 0, 0, 0, seed & 0xFFFFFFFF, seed >> 32)[:2]]
    event = np.arange(count)
    blocks = philox(8 * (event // 32) + event % 8, 0x20000000 + dataset, trial & 0xFFFFFFFF, trial >> 32, *key)
    words = np.choose(event % 32 // 8, blocks)
    return 2 * np.pi * (words.astype(float) + 0.5) / 2**32


def sky(analysis, trial, seed):
    """The events of a sky."""
    scrambled = []
    for dataset, data in enumerate(analysis.data_list):
        events = data.exp.copy()
        order = np.argsort(events["dec"], kind="stable")
        events["ra"] = events["ra"].copy()
        events["ra"][order] = angles(len(order), dataset, trial, seed)
        scrambled.append(events)
    return scrambled


def fit(analysis, events):
    """TS of the best of SkyLLH's descents from several starting points."""
    analysis.initialize_trial(events, [len(e) for e in events])
    value, parameters, _ = analysis.llhratio.maximize(rss=RandomStateService(seed=1))
    return float(analysis.calculate_test_statistic(value, parameters)), parameters


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--chunk", required=True)
    parser.add_argument("--skies", type=int, default=500)
    parser.add_argument("--other-seed", action="store_true", help="compare with skies of another seed, which must fail")
    options = parser.parse_args()
    skyllh_setup.stop_the_clocks()
    with h5py.File(options.chunk) as file:
        trials, ts, ns = file["trials"][:], file["source_ts"][:], file["source_ns"][:]
        names = [name.decode() for name in file["sources/name"][:]]
        places = list(zip(file["sources/ra"][:], file["sources/dec"][:]))
    assert (trials["mean_n_sig"] == 0).all() and (trials["trial"] == np.arange(len(trials))).all()
    seed = int(trials["seed"][0]) + (1 if options.other_seed else 0)
    count = min(options.skies, len(trials))
    failed = False
    for s, (name, (ra, dec)) in enumerate(zip(names, places)):
        options.ra, options.dec = ra, dec
        _, analysis = skyllh_setup.create(options)
        skyllh_setup.descend_from_everywhere(analysis, STARTS)
        difference, correlation = np.empty(count), np.empty((2, count))
        for trial in range(count):
            theirs, parameters = fit(analysis, sky(analysis, trial, seed))
            difference[trial] = ts[trial, s] - max(0.0, theirs)
            correlation[:, trial] = ts[trial, s], max(0.0, theirs)
        below = int((difference < -LOWER).sum())
        same = int((np.abs(difference) < SAME_MAXIMUM).sum())
        print(json.dumps({
            "source": name, "skies": count, "lower_than_skyllh": below, "same_within_1e-3": same,
            "median_difference": float(np.median(np.abs(difference))), "smallest": float(difference.min()),
            "largest": float(difference.max()), "correlation": float(np.corrcoef(correlation)[0, 1]),
            "mean_ts": [float(correlation[0].mean()), float(correlation[1].mean())]}))
        failed = failed or below > 0 or same < 0.9 * count
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
