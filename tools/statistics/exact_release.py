#!/usr/bin/env python3
"""A toy release whose trials follow the likelihood's distribution more closely than those of trialgen toy.

    exact_release.py IN OUT [--gaussian | --one-sigma 0.8] [--fine]

IN and OUT hold a folder icecube_14year_ps_v2 each; only the responses of IC86 at one declination are rewritten, for
analyses of IC86_I-XI at --dec. What can be made exact:

--gaussian   the opening angle psi of signal follows the Gaussian of the event's own angular error sigma, with the
             distribution of sigma as it was
--one-sigma  the same with one sigma for all events, those of the data included: the likelihood leaves out that sigma
             is distributed differently for signal and background
--fine       bins of true energy a fifth as wide, of the effective area a tenth, and a hundred of reconstructed energy,
             interpolated: signal is drawn from steps in them, the likelihood takes smooth curves through them
"""
import argparse
import pathlib
import shutil

import numpy as np
from scipy.interpolate import PchipInterpolator

FOLDER = "icecube_14year_ps_v2"
CONFIGURATION = "IC86"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--dec", type=float, default=-0.01, help="the source's declination in degrees")
    parser.add_argument("--gaussian", action="store_true")
    parser.add_argument("--one-sigma", type=float, metavar="DEG")
    parser.add_argument("--fine", action="store_true")
    return parser.parse_args()


def read(path):
    with open(path) as file:
        header = file.readline()[1:].strip()
    return header, np.loadtxt(path)


def fine_area(area, parts=10):
    """Each bin of energy cut into parts, the area interpolated in lg E and lg A between the bins' centres."""
    energies = len(np.unique(area[:, 0]))
    step = np.tile(np.arange(parts), len(area))
    width = np.repeat((area[:, 1] - area[:, 0]) / parts, parts)
    fine = np.repeat(area, parts, axis=0)
    fine[:, 0] += step * width
    fine[:, 1] = fine[:, 0] + width
    for coarse, row in zip(area.reshape(-1, energies, 5), fine.reshape(-1, energies * parts, 5)):
        seen = coarse[:, 4] > 0
        centres = 0.5 * (coarse[:, 0] + coarse[:, 1])
        values = 10 ** np.interp(0.5 * (row[:, 0] + row[:, 1]), centres[seen], np.log10(coarse[seen, 4]))
        row[:, 4] = np.where(np.repeat(seen, parts), values, 0)
    return fine


def errors(block, options):
    """Edges and probabilities of sigma in one bin of reconstructed energy."""
    if options.one_sigma:
        return options.one_sigma + np.array([-0.001, 0.001]), np.ones(1)
    filled = block[block[..., 10] > 0]
    edges = np.geomspace(filled[:, 8].min(), filled[:, 9].max(), 21)
    probabilities = np.zeros(20)
    for row in filled:
        overlap = np.minimum(edges[1:], row[9]) - np.maximum(edges[:-1], row[8])
        probabilities += row[10] * np.clip(overlap, 0, None) / (row[9] - row[8])
    return edges, probabilities / probabilities.sum()


def gaussian_block(block, options):
    """psi_min, psi_max, sigma_min, sigma_max and probability, where psi follows the Gaussian of sigma."""
    edges, probabilities = errors(block, options)
    sigma = 0.5 * (edges[1:] + edges[:-1])
    psi = np.append(0, np.geomspace(0.1 * sigma[0], 5 * sigma[-1], 40))
    share = np.diff(1 - np.exp(-0.5 * (psi[:, None] / sigma) ** 2), axis=0) * probabilities
    return [
        (psi[i], psi[i + 1], edges[j], edges[j + 1], share[i, j])
        for i in range(len(psi) - 1) for j in range(len(sigma))]


def slice_rows(true_energy, block, options):
    """The rows of one bin of true energy."""
    marginal = block[..., 10].sum((1, 2))
    edges = np.append(block[:, 0, 0, 4], block[-1, 0, 0, 5])
    source = np.arange(len(marginal))
    empty = marginal.sum() == 0
    if options.fine:
        if empty:
            edges, marginal = np.zeros(101), np.zeros(100)
        else:
            centres = 0.5 * (edges[1:] + edges[:-1])
            curve = PchipInterpolator(centres, marginal / np.diff(edges))
            fine = np.linspace(centres[0], centres[-1], 101)
            middles = 0.5 * (fine[1:] + fine[:-1])
            source = np.clip(np.searchsorted(edges, middles) - 1, 0, len(marginal) - 1)
            edges, marginal = fine, curve(middles) / curve(middles).sum()
    for index, weight in enumerate(marginal):
        head = (*true_energy, -90, 90)
        if options.gaussian or options.one_sigma:
            cells = [(0,) * 5] * (40 * (1 if options.one_sigma else 20)) if empty else gaussian_block(
                block[source[index]], options)
        else:
            old = block[source[0 if empty else index]].reshape(-1, 11)
            cells = [(*row[6:10], row[10] / max(old[:, 10].sum(), 1e-300)) for row in old]
        for cell in cells:
            yield (*head, edges[index], edges[index + 1], *cell[:4], cell[4] * weight)


def smearing(table, options):
    energies, declinations = np.unique(table[:, 0]), np.unique(table[:, 2])
    bins = round((len(table) / len(energies) / len(declinations)) ** (1 / 3))
    table = table.reshape(len(energies), len(declinations), bins, bins, bins, 11)
    table = table[:, np.searchsorted(declinations, options.dec, side="right") - 1]
    parts = 5 if options.fine else 1
    rows = []
    for block in table:
        low, high = block[0, 0, 0, :2]
        edges = np.linspace(low, high, parts + 1)
        for true_energy in zip(edges, edges[1:]):
            rows.extend(slice_rows(true_energy, block, options))
    return np.array(rows)


def main():
    options = arguments()
    base, out = options.base / FOLDER, options.out / FOLDER
    if out.exists():
        shutil.rmtree(out)
    shutil.copytree(base, out)
    if options.fine:
        header, area = read(base / f"irfs/{CONFIGURATION}_effectiveArea.csv")
        np.savetxt(
            out / f"irfs/{CONFIGURATION}_effectiveArea.csv", fine_area(area), header=header,
            fmt=["%.4f"] * 2 + ["%.2f"] * 2 + ["%.8e"])
    header, table = read(base / f"irfs/{CONFIGURATION}_smearing.csv")
    np.savetxt(
        out / f"irfs/{CONFIGURATION}_smearing.csv", smearing(table, options), header=header,
        fmt=["%.3f"] * 2 + ["%.2f"] * 2 + ["%.4f"] * 2 + ["%.5f"] * 4 + ["%.8e"])
    if options.one_sigma:
        for path in (out / "events").glob("*.csv"):
            lines = path.read_text().splitlines()
            column = lines[0][1:].split().index("AngErr[deg]")
            for index, line in enumerate(lines[1:], 1):
                words = line.split()
                words[column] = str(options.one_sigma)
                lines[index] = " ".join(words)
            path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
