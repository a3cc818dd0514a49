#!/usr/bin/env python3
"""Integrals of each shape of spectrum over the effective area's energy bins, to 30 digits, by mpmath.

    integrals.py RELEASE > Tests/ParityTests/Reference/spectrum_integrals.json

RELEASE: a release folder, from whose irfs/IC86_effectiveArea.csv the bins are taken. Profiles are 1 at E0 = 1 TeV, except
that of a cutoff (without its factor there) and of a table (1 at its peak). Needs mpmath (1.3).
"""
import json
import sys

from mpmath import exp, inf, log, mp, mpf, quad

mp.dps = 40
E0 = mpf(1000)


def edges(release):
    """The edges in lg(E/GeV), as decimal texts."""
    texts = set()
    with open(f"{release}/irfs/IC86_effectiveArea.csv") as lines:
        next(lines)
        for line in lines:
            texts.update(line.split()[:2])
    return sorted({float(text) for text in texts})


def power_law(gamma, cutoff=inf):
    return lambda energy: (energy / E0) ** -mpf(gamma) * (exp(-energy / mpf(cutoff)) if cutoff != inf else 1)


def log_parabola(alpha, beta):
    return lambda energy: (energy / E0) ** -(mpf(alpha) + mpf(beta) * log(energy / E0))


def broken(low, high, place, smoothness):
    low, high, place, smoothness = mpf(low), mpf(high), mpf(place), mpf(smoothness)

    def profile(energy):
        x = energy / place
        if smoothness == 0:
            return x**-low if x < 1 else x**-high
        return x**-low * (1 + x ** (1 / smoothness)) ** ((low - high) * smoothness)

    norm = profile(E0)
    return lambda energy: profile(energy) / norm


def table(energies, fluxes, peak):
    energies, fluxes = [mpf(x) for x in energies], [mpf(x) for x in fluxes]
    densities = [flux / energy**2 for energy, flux in zip(energies, fluxes)]
    top = max(range(len(fluxes)), key=lambda row: fluxes[row])
    scale = energies[top] / mpf(10) ** mpf(peak)

    def profile(energy):
        x = energy * scale
        if not energies[0] <= x <= energies[-1]:
            return mpf(0)
        row = max(i for i in range(len(energies) - 1) if energies[i] <= x)
        share = (x - energies[row]) / (energies[row + 1] - energies[row])
        return (densities[row] + share * (densities[row + 1] - densities[row])) / densities[top]

    return profile, [energy / scale for energy in energies]


TABLE = ([1e3, 1e4, 3e4, 1e5, 1e6, 3e7], [1e-10, 6e-10, 9e-10, 1e-9, 5e-10, 1e-12])
SHAPES = (
    [{"shape": "power-law", "gamma": gamma} for gamma in (-1, 1, 1.1, 2, 2.7, 4)]
    + [{"shape": "cutoff", "gamma": 2.2, "ecut": 1e5}]
    + [{"shape": "log-parabola", "alpha": alpha, "beta": beta}
       for alpha, beta in ((2, 0.2), (1.5, 0.01), (2.5, -0.05), (2, 1e-6), (3, 1), (1, 0))]
    + [{"shape": "broken-power-law", "gamma1": low, "gamma2": high, "ebreak": place, "smoothness": smoothness}
       for low, high, place, smoothness in ((2, 3, 1e5, 0), (2, 3, 1e5, 0.5), (3, 2, 2e4, 0.1), (1, 3.5, 300, 0.01),
                                            (1.5, 2.5, 1e6, 2), (2.5, 1.5, 300, 0))]
    + [{"shape": "table", "peak": peak, "table": TABLE} for peak in (3.3, 5, 6.61)]
)


def integrate(shape, low, high):
    """The integral between two lg(E/GeV), split where the profile has a corner."""
    corners = []
    if shape["shape"] in ("power-law", "cutoff"):
        profile = power_law(shape["gamma"], shape.get("ecut", inf))
    elif shape["shape"] == "log-parabola":
        profile = log_parabola(shape["alpha"], shape["beta"])
    elif shape["shape"] == "broken-power-law":
        profile = broken(shape["gamma1"], shape["gamma2"], shape["ebreak"], shape["smoothness"])
        corners = [mpf(shape["ebreak"])]
    else:
        profile, corners = table(*shape["table"], shape["peak"])
    ends = [mpf(10) ** mpf(low), mpf(10) ** mpf(high)]
    inner = sorted(log(c) for c in corners if ends[0] < c < ends[1])
    points = [log(ends[0])] + inner + [log(ends[1])]
    pieces = []
    for a, b in zip(points, points[1:]):
        count = 4 if shape.get("smoothness", 1) >= 0.1 else 40
        pieces += [a + (b - a) * k / count for k in range(count)]
    # mpmath stops at an absolute error: the integrand is of the order of 1.
    scale = max(profile(exp(x)) * exp(x) for x in points)
    if scale == 0:
        scale = mpf(1)
    return scale * quad(lambda x: profile(exp(x)) * exp(x) / scale, pieces + [points[-1]])


def main():
    grid = edges(sys.argv[1])
    found = []
    for shape in SHAPES:
        print(shape["shape"], file=sys.stderr)
        values = [integrate(shape, low, high) for low, high in zip(grid, grid[1:])]
        found.append(dict(shape, integrals=[mp.nstr(value, 30) for value in values]))
    json.dump({"log10_energy_edges": grid, "e0": 1000, "shapes": found}, sys.stdout, indent=0)
    print()


if __name__ == "__main__":
    main()
