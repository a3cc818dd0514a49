"""SkyLLH's functions on trials.npy against what trialmerge said of the same trials in ours_TS.json (this folder)."""
import glob
import json
import sys
import warnings

import numpy as np
from scipy.stats import norm

from skyllh.core.utils.analysis import (
    calculate_critical_ts_from_gamma, calculate_pval_from_gammafit_to_trials, calculate_pval_from_trials,
    fit_truncated_gamma)

warnings.filterwarnings("ignore")
trials = np.load("trials.npy")
ts = trials["ts"]
eta = 3.0
rows = []


def compare(what, theirs, ours, limit):
    deviation = abs(ours - theirs) / abs(theirs) if theirs else abs(ours)
    rows.append((what, theirs, ours, deviation, limit))


for name in sorted(glob.glob("ours_*.json"), key=lambda n: float(n[5:-5])):
    ours = json.load(open(name))
    observed = ours["observed"]
    threshold = observed["ts"]
    compare(f"p-value of TS {threshold:g}, counted", calculate_pval_from_trials(ts, threshold)[0],
            observed["counted"]["p_value"], 1e-6)
    if threshold >= eta:
        theirs = calculate_pval_from_gammafit_to_trials(ts, threshold, eta=eta, n_max=len(ts))[0]
        # SkyLLH's minimiser stops short of the maximum, by 2e-4 in the parameters, which grows with the distance to eta.
        limit = 1e-3 if threshold < 10 else 2e-3
        compare(f"p-value of TS {threshold:g}, gamma fit", theirs, observed["gamma_fit"]["p_value"], limit)

(shape, scale), _ = fit_truncated_gamma(ts, eta)
fit = ours["tail_fits"]["gamma-fit"]
compare("shape", shape, fit["shape"], 1e-3)
compare("scale", scale, fit["scale"], 1e-3)
for sigma in (1, 2, 3, 4, 5):
    tail = norm.sf(sigma)
    estimates = {e["method"]: e["value"] for e in ours["threshold_estimates"][str(sigma)]}
    if "counted" in estimates:
        compare(f"critical TS at {sigma} sigma, counted", np.quantile(ts, 1 - tail), estimates["counted"], 1e-6)
    if "gamma-fit" in estimates:
        compare(f"critical TS at {sigma} sigma, gamma fit", calculate_critical_ts_from_gamma(ts, tail, eta),
                estimates["gamma-fit"], 1e-3)

print(f"{len(ts)} trials, {np.mean(ts > eta) * len(ts):.0f} above TS {eta:g}")
print(f"{'what':40} {'SkyLLH':>12} {'ours':>12} {'relative':>9} {'limit':>6}")
for what, theirs, ours, deviation, limit in rows:
    print(f"{what:40} {theirs:12.6g} {ours:12.6g} {deviation:9.1e} {limit:6.0e}{'' if deviation <= limit else '  TOO FAR'}")
sys.exit(any(deviation > limit for *_, deviation, limit in rows))
