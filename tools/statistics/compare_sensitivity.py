#!/usr/bin/env python3
"""Compares what skyllh_sensitivity.py and `trialgen sensitivity --json` found, in events and as fluxes.

    compare_sensitivity.py skyllh.json ours.json

The error of SkyLLH's mean is that of the mean of its repeats; ours is the quoted 68 % interval.
"""
import json
import sys

import numpy as np


def main():
    theirs, ours = (json.load(open(path)) for path in sys.argv[1:3])
    per_event = theirs["flux_per_event"], ours["sensitivity"]["flux_per_event"]
    print(f"flux per event: SkyLLH {per_event[0]:.6e}, trialgen {per_event[1]:.6e} GeV^-1 cm^-2 s^-1")
    for name, found in (("sensitivity", ours["sensitivity"]), ("discovery", ours["discovery"]["2"])):
        repeats = np.array(theirs[name])
        mean, error = repeats.mean(), repeats.std(ddof=1) / np.sqrt(len(repeats))
        half = 0.5 * (found["mu_high"] - found["mu_low"])
        pull = (mean - found["mu"]) / np.hypot(error, half)
        print(f"{name}: SkyLLH {mean:.3f} ± {error:.3f} events ({len(repeats)} repeats), trialgen {found['mu']:.3f}"
              f" +{found['mu_high'] - found['mu']:.3f} -{found['mu'] - found['mu_low']:.3f}, difference {pull:+.1f} errors")
        print(f"  flux: SkyLLH {mean * per_event[0]:.3e}, trialgen {found['flux_norm']:.3e}"
              f" +{found['flux_high'] - found['flux_norm']:.1e} -{found['flux_norm'] - found['flux_low']:.1e}")


if __name__ == "__main__":
    main()
