#!/usr/bin/env python3
"""Kolmogorov and Smirnov's two-sample test for every column of two chunks; exit code 1 if one has p < 0.001.

    two_samples.py A.h5 B.h5
"""
import sys

import h5py
import numpy
import scipy.stats

LEAST = 1e-3


def main():
    tables = [h5py.File(path, "r")["trials"][:] for path in sys.argv[1:3]]
    mean = tables[0]["mean_n_sig"][0]
    columns = [name for name in tables[0].dtype.names if name in ("ts", "ns", "gamma") or name.startswith("log_lambda")]
    worst = 1.0
    for name in columns:
        # gamma has no meaning where n_s is 0.
        a, b = (table[name][table["ns"] > 0] if name == "gamma" else table[name] for table in tables)
        p = scipy.stats.ks_2samp(a, b).pvalue
        worst = min(worst, p)
        print(f"mu {mean:g}  {name:24s} {len(a)} and {len(b)} trials  p = {p:.3f}")
    shares = [numpy.mean(table["ts"] == 0) for table in tables]
    print(f"mu {mean:g}  trials with TS = 0: {shares[0]:.5f} and {shares[1]:.5f}")
    return 0 if worst >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
