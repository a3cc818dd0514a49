"""Trials of a point-source search with IceCube's public tracks, made by the programs `trialgen` and `trialmerge`.

>>> import trialgen
>>> analysis = trialgen.Analysis(data="icecube_14year_ps_v2", source=(40.67, -0.01), gamma=2.0)
>>> ts, x, status = analysis.unblind()
>>> background = analysis.do_trials(100_000)
>>> signal = analysis.do_trials(1_000, mean_n_sig=5)
>>> analysis.sensitivity().flux_norm

The names are SkyLLH's. Angles are in degrees, energies in GeV, fluxes in GeV^-1 cm^-2 s^-1 at the reference energy.
Every number comes from the programs: nothing is computed a second time here.
"""

from typing import Any

from trialgen._analysis import Analysis, Fit, Potential, PValue
from trialgen._lists import Catalogue, Stack
from trialgen._program import Stopped, TrialgenError, run, version
from trialgen._trials import TRIAL_DTYPE, Sources, read, read_sources

__all__ = [
    "Analysis",
    "Catalogue",
    "Fit",
    "PValue",
    "Potential",
    "Sources",
    "Stack",
    "Stopped",
    "TRIAL_DTYPE",
    "TrialgenError",
    "read",
    "read_sources",
    "run",
    "version",
]


def __getattr__(name: str) -> Any:
    # Not on import: it asks the program.
    if name == "__version__":
        return version()
    raise AttributeError(f"module 'trialgen' has no attribute {name!r}")
