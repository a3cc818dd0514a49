"""Files of trials as numpy records."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

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
        every_field: also those that SkyLLH does not have: the trial's number, flags, probes, and the weighted background
            trials of `trialgen run --tail`, which have a `proposal` of 0 or more and a `log_weight`; without it they are
            left out. This needs h5py (`pip install trialgen[h5py]`).

    Returns:
        a structured array of shape (n,), ordered by mean_n_sig, seed and trial: `seed`, `mean_n_sig` (events), `n_sig`
        (injected events), `mean_n_sig_0`, `ts`, `ns` (fitted events), `gamma` (fitted spectral index).

    Raises:
        TrialgenError: the file is missing, damaged, or no file of trials.
    """
    trials = _by_h5py(Path(path))
    if trials is not None:
        trials = trials if mean_n_sig is None else trials[trials["mean_n_sig"] == mean_n_sig]
        return trials if every_field else _of_skyllh(trials[~_is_weighted(trials)])
    if every_field:
        _program.run("trialmerge", ["verify", path, "--quiet"])
        raise ImportError("every_field needs h5py: pip install trialgen[h5py]")
    return _by_program(path, mean_n_sig)


class Sources(NamedTuple):
    """The fits of all sources of a catalogue search: n trials, N sources in the order of the campaign's list.

    In a search of the sky the sources are the hottest places of the hemispheres, `north` and `south`.
    """

    name: Any
    """The names, shape (N,)."""
    ra: Any
    """Right ascension in degrees, shape (N,); in a search of the sky (n, N)."""
    dec: Any
    """Declination in degrees, shape (N,); in a search of the sky (n, N)."""
    weight: Any
    """Relative flux, shape (N,)."""
    ts: Any
    """TS, shape (n, N)."""
    ns: Any
    """Fitted events, shape (n, N); None unless the campaign has `source_fits`."""
    gamma: Any
    """Fitted spectral index, shape (n, N); None unless the campaign has `source_fits`."""


def read_sources(path: Union[str, "os.PathLike[str]"], *, mean_n_sig: Optional[float] = None) -> Sources:
    """The fits of all sources in the trials of a catalogue search. This needs h5py (`pip install trialgen[h5py]`).

    Args:
        path: an HDF5 file of `trialgen run` or `trialmerge merge`, of a campaign with `search: catalogue` or `search: sky`.
        mean_n_sig: only the trials with this mean number of injected events; 0 for background.

    Returns:
        the sources, with a row for each trial, in the order of `read`.

    Raises:
        TrialgenError: the file is missing or damaged.
        ValueError: it is of another search.
    """
    path = Path(path)
    trials, order, sources = _table(path, with_sources=True)
    if trials is None:
        _by_program(path, None)
        raise ImportError("read_sources needs h5py: pip install trialgen[h5py]")
    if sources is None:
        raise ValueError(f"{path} does not contain trials of a catalogue search")
    rows = np.arange(trials.size) if order is None else order
    if mean_n_sig is not None:
        rows = rows[trials["mean_n_sig"][rows] == mean_n_sig]
    chosen: Sources = sources._replace(
        **{
            key: getattr(sources, key)[rows]
            for key in ("ra", "dec", "ts", "ns", "gamma")
            # The places of a catalogue are the same in all trials.
            if getattr(sources, key) is not None and getattr(sources, key).ndim == 2
        }
    )
    return chosen


def _sources_of(file: Any) -> Optional[Sources]:
    """The sources in an open file, with rows in the file's order."""
    if "source_ts" not in file:
        return None
    group = file["sources"]
    fitted = {name: file[name][:] for name in ("source_ns", "source_gamma", "source_peak") if name in file}
    names = np.array([name.decode() for name in group["name"][:]])
    # A search of the sky has places of its own in each trial, and no weights.
    of_trials = "source_ra" in file
    return Sources(
        name=names,
        ra=file["source_ra"][:] if of_trials else group["ra"][:],
        dec=file["source_dec"][:] if of_trials else group["dec"][:],
        weight=np.ones(names.size) if of_trials else group["weight"][:],
        ts=file["source_ts"][:],
        ns=fitted.get("source_ns"),
        gamma=fitted.get("source_gamma", fitted.get("source_peak")),
    )


def _table(path: Path, *, with_sources: bool = False) -> Any:
    """All fields of all trials in the file's order, the order of `read` (None if it is the same) and, if asked for, the
    sources of a catalogue search. The first is None where only the program can tell: without h5py, of a damaged file, of
    a chunk with a journal beside it, whose trials are not in the table yet."""
    if path.with_name(path.name + ".journal").exists():
        return None, None, None
    try:
        import h5py

        with h5py.File(path, "r") as file:
            trials = file["trials"][:]
            sources = _sources_of(file) if with_sources else None
    except (ImportError, OSError, KeyError):
        return None, None, None
    keys = (trials["trial"], trials["seed"], _is_weighted(trials), trials["mean_n_sig"])
    is_sorted = all(np.all(key[1:] == key[:-1]) for key in keys[1:]) and np.all(keys[0][1:] > keys[0][:-1])
    return trials, None if is_sorted else np.lexsort(keys), sources


def _by_h5py(path: Path) -> Any:
    """All fields of all trials in order, or None where only the program can tell."""
    trials, order, _ = _table(path)
    return trials if order is None else trials[order]


def _is_weighted(trials: Any) -> Any:
    """Whether each trial is a weighted one, whose TS must not be pooled with those of others."""
    return trials["proposal"] >= 0 if "proposal" in (trials.dtype.names or ()) else np.zeros(trials.size, bool)


def _of_skyllh(trials: Any) -> Any:
    records = np.empty(trials.size, TRIAL_DTYPE)
    for name in TRIAL_DTYPE.names or ():
        records[name] = trials[name]
    return records


def _by_program(path: Union[str, "os.PathLike[str]"], mean_n_sig: Optional[float]) -> Any:
    """SkyLLH's fields, through a file of numpy's own format."""
    with tempfile.TemporaryDirectory(prefix="trialgen-") as folder:
        output = Path(folder) / "trials.npy"
        choice = [] if mean_n_sig is None else ["--mu", repr(float(mean_n_sig))]
        _program.run("trialmerge", ["export", path, "--format", "npy", "--output", output, "--quiet", *choice])
        return np.load(output)
