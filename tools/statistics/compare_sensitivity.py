#!/usr/bin/env python3
"""Compares what skyllh_sensitivity.py and trialgen found, in events and as fluxes.

    compare_sensitivity.py DIR TRIALMERGE

DIR is what tools/statistics/sensitivity filled. SkyLLH's functions give no error, and a repeat in some tens is far off. So
the median of the repeats is taken, and its error from how the same search scatters on our trials
(skyllh_estimator.py), joined in quadrature by that of the threshold from SkyLLH's background trials, which the repeats
share. What the search finds on our trials also shows its bias: its rule for when there are enough trials looks at their
outcome, and it draws straight lines. Our error is half the quoted 68 % interval. At the same mu the shares of trials above
our own thresholds are compared, with binomial errors.
"""
import json
import pathlib
import subprocess
import sys

import h5py
import numpy as np


def read(path):
    with open(path) as file:
        return json.load(file)


def threshold_error(trialmerge, files, background, tail, power):
    """The error of mu from that of the threshold: how mu changes between the ends of the threshold's interval."""
    ts = np.sort(background)
    deviation = np.sqrt(len(ts) * tail * (1 - tail))
    ends = [ts[round(len(ts) * (1 - tail) + sign * deviation)] for sign in (-1, 1)]
    mu = []
    for end in ends:
        # The mu above which a share of the trials exceeds a TS is an upper limit by definition.
        command = [trialmerge, "limits", *files, "--ts", f"{end:.6f}", "--level", f"{power}", "--interpolation",
                   "poisson", "--json", "--quiet"]
        mu.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["observed"]["mu"])
    return 0.5 * (mu[1] - mu[0])


def main():
    work, trialmerge = pathlib.Path(sys.argv[1]), sys.argv[2]
    theirs, ours = read(work / "skyllh.json"), read(work / "ours.json")
    files = sorted(str(path) for path in work.glob("ours*.h5"))
    per_event = theirs["flux_per_event"], ours["sensitivity"]["flux_per_event"]
    print(f"flux per event: SkyLLH {per_event[0]:.6e}, trialgen {per_event[1]:.6e} GeV^-1 cm^-2 s^-1")
    background, estimator = np.array(theirs["background"]), read(work / "estimator.json")
    rows = [
        ("90 % above TS 0", "sensitivity", ours["sensitivity"], 0, 0.9),
        ("90 % above the upper quarter", "quarter", read(work / "quarter.json"), 0.25, 0.9),
        ("50 % above 2 sigma", "discovery", ours["discovery"]["2"], 0.02275013, 0.5),
    ]
    for title, name, found, tail, power in rows:
        repeats, on_ours = np.array(theirs[name]), np.array(estimator[name])
        scatter = 0.5 * np.diff(np.quantile(on_ours, [0.1587, 0.8413]))[0]
        shared = threshold_error(trialmerge, files, background, tail, power) if tail else 0.0
        # The median of a normal distribution scatters 1.253 times as much as the mean.
        error = np.hypot(1.253 * scatter / np.sqrt(len(repeats)), shared)
        half, middle = 0.5 * (found["mu_high"] - found["mu_low"]), np.median(on_ours)
        theirs_mu = np.median(repeats)
        print(f"{title}: SkyLLH {theirs_mu:.3f} ± {error:.3f} events ({len(repeats)} repeats, each ± {scatter:.3f}; of the"
              f" threshold {shared:.3f}), trialgen {found['mu']:.3f} ± {half:.3f}, difference"
              f" {(theirs_mu - found['mu']) / np.hypot(error, half):+.1f} errors")
        print(f"  SkyLLH's search on our trials: {middle:.3f} ± {1.253 * scatter / np.sqrt(len(on_ours)):.3f}; SkyLLH on its"
              f" own {(theirs_mu - middle) / np.hypot(error, half):+.1f} errors from it")
        flux = theirs_mu * per_event[0], error * per_event[0]
        half = 0.5 * (found["flux_high"] - found["flux_low"])
        print(f"  flux: SkyLLH ({flux[0]:.3e} ± {flux[1]:.1e}), trialgen ({found['flux_norm']:.3e} ± {half:.1e}),"
              f" difference {(flux[0] - found['flux_norm']) / np.hypot(flux[1], half):+.1f} errors")
    print("shares of trials above a TS, per cent:")
    thresholds = [0, read(work / "quarter.json")["ts_threshold"], ours["discovery"]["2"]["ts_threshold"]]
    square = 0.0
    for mu, values in theirs["probes"].items():
        with h5py.File(work / f"mu-{mu}.h5") as file:
            mine = file["trials"]["ts"]
        for threshold in thresholds:
            p, q = np.mean(np.array(values) > threshold), np.mean(mine > threshold)
            error = np.sqrt(q * (1 - q) * (1 / len(values) + 1 / len(mine)))
            square += ((p - q) / error) ** 2
            print(f"  mu {mu}, TS > {threshold:.3f}: SkyLLH {100 * p:.2f} of {len(values)}, trialgen {100 * q:.2f} of"
                  f" {len(mine)}, difference {(p - q) / error:+.1f} errors")
    print(f"  sum of squares {square:.1f} for {len(theirs['probes']) * len(thresholds)}"
          " (those of one mu share their trials)")


if __name__ == "__main__":
    main()
