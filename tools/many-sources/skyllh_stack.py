#!/usr/bin/env python3
"""ln Lambda of a stack from SkyLLH's densities and yields of each source alone, summed by numpy.

    skyllh_stack.py BASE --datasets IC40 IC79 --sources list.csv --scan scan.json

The formulas are those of docs/model.md, section 13, at points of the grid of gamma, where nothing is interpolated. SCAN is
the output of `trialgen scan --search stack --json`. Exit code 1 if a value differs by more than 1e-9 of max(1, |ln Lambda|).
"""
import argparse
import csv
import json
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "parity"))
import skyllh_setup  # noqa: E402

LIMIT = 1e-9


def source_terms(analysis, gammas):
    """Of each dataset: the rows of the events in the source's box, R [event, gamma], the yields [gamma], and N."""
    analysis.initialize_trial([data.exp for data in analysis.data_list])
    terms = []
    for j, (data, llh) in enumerate(zip(analysis.data_list, analysis.llhratio.llhratio_list)):
        tdm = analysis.tdm_list[j]
        spatial, energy = llh.pdfratio.pdfratio1, llh.pdfratio.pdfratio2
        service = analysis.src_detsigyield_weights_service
        lists = getattr(service, "_src_recarray_list_list", None) or service.src_recarray_list_list
        ratios, yields = [], []
        for gamma in gammas:
            record = analysis._pmm.create_src_params_recarray(gflp_values=np.array([1.0, gamma]))
            ratios.append(spatial.get_ratio(tdm=tdm, src_params_recarray=record)
                          * energy.get_ratio(tdm=tdm, src_params_recarray=record))
            yields.append(float(analysis.detsigyield_service.arr[j, 0](lists[j][0], record)[0][0]))
        # An event is known by its time, energy and direction; the selection keeps the order of the data.
        events = np.rec.fromarrays([data.exp[name] for name in ("time", "log_energy", "ra", "dec")])
        selected = np.rec.fromarrays([tdm[name] for name in ("time", "log_energy", "ra", "dec")])
        order = np.argsort(events, order=events.dtype.names)
        rows = order[np.searchsorted(events[order], selected)]
        assert (events[rows] == selected).all() and len(set(rows)) == len(rows)
        terms.append((rows, np.array(ratios).T, np.array(yields), int(tdm.n_events)))
    return terms


def log_lambda(sources, weights, signal_events, gammas):
    """ln Lambda [n_s, gamma] of the stack of the sources' terms."""
    total = np.zeros((len(signal_events), len(gammas)))
    datasets = range(len(sources[0]))
    sums = np.array([sum(w * terms[j][2] for w, terms in zip(weights, sources)) for j in datasets])
    shared = 0
    for j in datasets:
        count = sources[0][j][3]
        ratios, reached = np.zeros((count, len(gammas))), np.zeros(count, int)
        for weight, terms in zip(weights, sources):
            rows, own, yields, _ = terms[j]
            ratios[rows] += weight * yields / sums[j] * own
            reached[rows] += 1
        shared += int((reached > 1).sum())
        for i, events in enumerate(signal_events):
            fractions = events * sums[j] / sums.sum(axis=0) / count
            total[i] += np.log1p(fractions * (ratios - 1)).sum(axis=0)
    return total, shared


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--scan", required=True)
    options = parser.parse_args()
    skyllh_setup.stop_the_clocks()
    points = np.array(json.load(open(options.scan))["points"])
    signal_events, gammas = np.unique(points[:, 0]), np.unique(points[:, 1])
    with open(options.sources, newline="") as file:
        rows = list(csv.DictReader(file))
    weights = np.array([float(row.get("weight") or 1) for row in rows])
    sources = []
    for row in rows:
        options.ra, options.dec = float(row["ra"]), float(row["dec"])
        _, analysis = skyllh_setup.create(options)
        sources.append(source_terms(analysis, gammas))
    theirs, shared = log_lambda(sources, weights / weights.sum(), signal_events, gammas)
    ours = points[np.lexsort((points[:, 1], points[:, 0])), 2].reshape(theirs.shape)
    difference = np.abs(ours - theirs) / np.maximum(1, np.abs(theirs))
    print(json.dumps({
        "sources": len(rows), "events_of_several_sources": shared, "points": theirs.size,
        "log_lambda": [float(theirs.min()), float(theirs.max())], "largest_difference": float(difference.max())}))
    sys.exit(bool(difference.max() > LIMIT))


if __name__ == "__main__":
    main()
