"""Figures, by matplotlib (`pip install trialgen[plot]`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Sequence

import numpy as np

if TYPE_CHECKING:
    from trialgen import Analysis


def ts_distribution(trials: Any, *, ts: Optional[float] = None, bins: int = 60, axes: Any = None) -> Any:
    """How TS is distributed, one line for each mean number of injected events.

    Args:
        trials: records as of `Analysis.do_trials` or `trialgen.read`, of one or more mean_n_sig; shape (n,).
        ts: an observed TS to mark.
        bins: how many, from 0 to the largest TS.
        axes: where to draw; None: a new figure.

    Returns:
        the axes.
    """
    axes = _axes(axes)
    edges = np.linspace(0, max(float(trials["ts"].max()), 1e-9), bins + 1)
    for mean in np.unique(trials["mean_n_sig"]):
        values = trials["ts"][trials["mean_n_sig"] == mean]
        density = np.histogram(values, edges)[0] / values.size / np.diff(edges)
        axes.stairs(density, edges, label="background" if mean == 0 else f"$\\mu$ = {mean:g}")
    if ts is not None:
        axes.axvline(ts, color="black", linestyle="--", label="observed")
    axes.set(xlabel="TS", ylabel="share of trials per unit of TS", yscale="log")
    axes.legend()
    return axes


def contour(analysis: "Analysis", ns: Any, gamma: Any, *, levels: Sequence[float] = (0.68, 0.95), axes: Any = None) -> Any:
    """Contours of the likelihood of the data, with coverage by Wilks' theorem for two parameters.

    Args:
        analysis: whose data.
        ns: numbers of signal events, shape (i,).
        gamma: spectral indices, shape (j,).
        levels: coverages, between 0 and 1, ascending.
        axes: where to draw; None: a new figure.

    Returns:
        the axes.
    """
    axes = _axes(axes)
    log_lambda = analysis.evaluate(np.asarray(ns)[:, None], np.asarray(gamma))
    ts, x, _ = analysis.unblind()
    # The drop of TS that two parameters exceed with probability 1 - p is that of an exponential distribution.
    drops = {-2 * np.log1p(-level): f"{100 * level:g} %" for level in levels}
    lines = axes.contour(gamma, ns, ts - 2 * log_lambda, list(drops))
    axes.clabel(lines, fmt=drops)
    axes.plot(x["gamma"], x["ns"], "+", color="black")
    axes.set(xlabel="$\\gamma$", ylabel="$n_s$")
    return axes


def _axes(axes: Any) -> Any:
    if axes is not None:
        return axes
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("figures need matplotlib: pip install trialgen[plot]") from error
    return pyplot.subplots(constrained_layout=True)[1]
