"""Files of trials as numpy records."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Optional, Union

import numpy as np

from trialgen import _program

TRIAL_DTYPE = np.dtype(
    [
        ("seed", "<i8"),
        ("mean_n_sig", "<f8"),
        ("n_sig", "<i8"),
        ("mean_n_sig_0", "<f8"),
        ("ts", "<f8"),
        ("ns", "<f8"),
        ("gamma", "<f8"),
    ]
)
"""The fields of a trial, as in SkyLLH's trial files."""


def read(path: Union[str, "os.PathLike[str]"], *, mean_n_sig: Optional[float] = None, every_field: bool = False) -> Any:
    """The trials of a chunk or of a merged file.

    Args:
        path: an HDF5 file of `trialgen run`, `trialmerge merge` or `Analysis.do_trials`.
        mean_n_sig: only the trials with this mean number of injected events; 0 for background.
        every_field: also those that SkyLLH does not have: the trial's number, flags, probes. This needs h5py
            (`pip install trialgen[h5py]`), and the trials come in the order of the file.

    Returns:
        a structured array of shape (n,), ordered by mean_n_sig, seed and trial: `seed`, `mean_n_sig` (events), `n_sig`
        (injected events), `mean_n_sig_0`, `ts`, `ns` (fitted events), `gamma` (fitted spectral index).

    Raises:
        TrialgenError: the file is missing, damaged, or no file of trials.
    """
    if every_field:
        try:
            import h5py
        except ImportError as error:
            raise ImportError("every_field needs h5py: pip install trialgen[h5py]") from error
        # The program reads it first: a damaged file raises its sentence, with the place.
        _program.run("trialmerge", ["verify", path, "--quiet"])
        with h5py.File(path, "r") as file:
            trials = file["trials"][:]
        return trials if mean_n_sig is None else trials[trials["mean_n_sig"] == mean_n_sig]
    with tempfile.TemporaryDirectory(prefix="trialgen-") as folder:
        output = Path(folder) / "trials.npy"
        choice = [] if mean_n_sig is None else ["--mu", repr(float(mean_n_sig))]
        _program.run("trialmerge", ["export", path, "--format", "npy", "--output", output, "--quiet", *choice])
        return np.load(output)
