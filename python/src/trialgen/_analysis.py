"""The search for a point source, with SkyLLH's names."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from trialgen import _program, _trials

PathLike = Union[str, "os.PathLike[str]"]


class Fit(NamedTuple):
    """The maximum of the likelihood: `ts, x, status = analysis.unblind()`, as in SkyLLH."""

    ts: float
    """The test statistic, 2 ln Lambda."""
    x: Dict[str, float]
    """The fitted parameters: "ns" in events, "gamma"."""
    status: Dict[str, Any]
    """All that `trialgen unblind --json` prints: log_lambda, flux_norm (GeV^-1 cm^-2 s^-1), intervals, n_events …"""


@dataclasses.dataclass(frozen=True)
class Potential:
    """A sensitivity or a discovery potential. Intervals hold 68.27 %."""

    mu: float
    """Mean number of signal events."""
    mu_low: float
    mu_high: float
    flux_norm: float
    """The flux at the reference energy in GeV^-1 cm^-2 s^-1."""
    flux_low: float
    flux_high: float
    ts_threshold: float
    """The TS that trials must exceed."""
    power: float
    """The share of trials that exceed it."""
    method: str
    """How threshold and mu were found."""
    status: Dict[str, Any] = dataclasses.field(repr=False)
    """All that `trialgen sensitivity --json` prints about it."""


@dataclasses.dataclass(frozen=True)
class PValue:
    """The share of background trials at or above a TS. Intervals hold 68.27 %."""

    p: float
    p_low: float
    p_high: float
    sigma: float
    """The one-sided significance."""
    method: str
    """"counted", "weighted" or "gamma-fit"."""

    def __float__(self) -> float:
        return self.p


class Analysis:
    """A search for one point source.

    The first call that makes trials reads the release and keeps what trials need in a file, from which all others start.
    Trials are kept too, in `folder`: asked for again, they are not made again, and asked for more, the rest is made.

    Args:
        data: the release's folder, or the folder that holds it; None: where `trialgen fetch` put it.
        source: right ascension and declination in degrees.
        gamma: spectral index of the injected signal.
        sample: "IceTracks-DR1", "IceTracks-DR2-v1" or "IceTracks-DR2".
        datasets: the names of datasets or seasons; None: all.
        name: the source's name.
        config: a YAML file with settings; what is given here wins.
        folder: where trials and prepared data are kept; None: a temporary folder that goes with the object.
        threads: how many; None: as many as the scheduler granted, or one a processor.
        progress: whether to show progress; None: in a terminal and in a notebook.
        options: every other setting of an analysis, named as the programs' options with underscores: `ecut=1e5`,
            `ns_max=500`, `gamma_seed=2.5`, `box_half_width=5`, `energy_range=(1e3, 1e5)`, `poisson=False` …
    """

    def __init__(
        self,
        data: Optional[PathLike] = None,
        source: Optional[Tuple[float, float]] = None,
        gamma: Optional[float] = None,
        *,
        sample: Optional[str] = None,
        datasets: Optional[Sequence[str]] = None,
        name: Optional[str] = None,
        config: Optional[PathLike] = None,
        folder: Optional[PathLike] = None,
        threads: Optional[int] = None,
        progress: Optional[bool] = None,
        **options: Any,
    ) -> None:
        ra, dec = (None, None) if source is None else source
        settings: Dict[str, Any] = dict(
            config=config,
            data=data,
            sample=sample,
            datasets=None if datasets is None else ",".join([datasets] if isinstance(datasets, str) else datasets),
            name=name,
            ra=ra,
            dec=dec,
            gamma=gamma,
            **options,
        )
        self._settings = _options(settings)
        self._threads = [] if threads is None else ["--threads", threads]
        self._progress = progress
        self._temporary = tempfile.TemporaryDirectory(prefix="trialgen-") if folder is None else None
        self.folder = Path(self._temporary.name if self._temporary is not None else os.fspath(folder or "."))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._fluxes: Dict[Optional[float], float] = {}
        self._is_prepared = False
        # A mistake in the settings is found here, not in the middle of the work.
        self.datasets: List[Dict[str, Any]] = self._described()
        """Of each dataset its name, n_events, livetime_days, yield_per_unit_flux, n_selected, share."""

    def unblind(self) -> Fit:
        """Fits the data: `ts, x, status`, with x["ns"] in events and x["gamma"]."""
        result = self._ask("unblind")
        return Fit(result["ts"], {"ns": result["ns"], "gamma": result["gamma"]}, result)

    def evaluate(self, ns: Any, gamma: Any) -> Any:
        """ln Lambda of the data.

        Args:
            ns: numbers of signal events, of any shape.
            gamma: spectral indices, of a shape that fits (numpy's broadcasting): `evaluate(ns[:, None], gamma)` is a grid.

        Returns:
            ln Lambda, an array of the common shape, or a float for two numbers.
        """
        points = np.broadcast_arrays(np.asarray(ns, float), np.asarray(gamma, float))
        rows, row = np.unique(points[0], return_inverse=True)
        columns, column = np.unique(points[1], return_inverse=True)
        values = np.empty((rows.size, columns.size))
        # A command line has room for some thousand numbers.
        step = 2000
        for i in range(0, rows.size, step):
            for j in range(0, columns.size, step):
                part = self._ask("scan", "--ns-values", _list(rows[i : i + step]), "--gamma-values", _list(columns[j : j + step]))
                grid = values[i : i + step, j : j + step]
                grid[...] = np.array(part["points"])[:, 2].reshape(grid.shape)
        result = values[row.reshape(points[0].shape), column.reshape(points[0].shape)]
        return float(result) if result.ndim == 0 else result

    def do_trials(self, n: int, mean_n_sig: float = 0, seed: int = 1) -> Any:
        """Makes trials and fits each.

        A trial depends on the analysis, mean_n_sig, the seed and its number only: the first trials of a longer run are
        those of a shorter one.

        Args:
            n: how many.
            mean_n_sig: the mean number of injected signal events.
            seed: of the random numbers.

        Returns:
            a structured array of shape (n,) with the fields of `trialgen.TRIAL_DTYPE`.

        Raises:
            Stopped: Ctrl-C. The trials made so far are kept; the same call makes the rest.
            TrialgenError: what the program says.
        """
        chunk = self.make_trials(n, mean_n_sig, seed)
        return _trials.read(chunk)[:n]

    def make_trials(self, n: int, mean_n_sig: float = 0, seed: int = 1, tail: Optional[float] = None) -> Path:
        """As `do_trials`, without reading them.

        Args:
            n, mean_n_sig, seed: as for `do_trials`.
            tail: makes weighted background trials, for p-values up to this significance in sigma (2 to 8; 7 serves all);
                None: ordinary ones. `trialmerge` knows their weights.

        Returns:
            the chunk, which holds at least n trials; `trialmerge` and `trialgen.read` read it.
        """
        weighted = "" if tail is None else f"-tail-{float(tail)!r}"
        chunk = self.folder / f"trials-{float(mean_n_sig)!r}-seed-{seed}{weighted}.h5"
        arguments = ["run", *self._prepared(), "--mu", repr(float(mean_n_sig)), "--trials", n, "--seed", seed]
        arguments += _options({"tail": tail})
        try:
            _program.run_json("trialgen", [*arguments, "--output", chunk, *self._threads], progress=self._progress)
        except KeyboardInterrupt as error:
            raise _program.Stopped(chunk) from error
        return chunk

    def mu2flux(self, mu: Any, gamma: Optional[float] = None) -> Any:
        """The flux normalisation of mean numbers of signal events.

        Args:
            mu: events, of any shape.
            gamma: spectral index; None: that of the analysis.

        Returns:
            GeV^-1 cm^-2 s^-1 at the reference energy, of the same shape.
        """
        return np.multiply(mu, self._flux_per_event(gamma))[()]

    def flux2mu(self, flux: Any, gamma: Optional[float] = None) -> Any:
        """The mean numbers of signal events of flux normalisations; the inverse of `mu2flux`."""
        return np.divide(flux, self._flux_per_event(gamma))[()]

    def sensitivity(self, target: Optional[float] = None, seed: Optional[int] = None) -> Potential:
        """The flux of which 90 % of trials lie above the median of the background.

        Args:
            target: the relative error of mu to reach; None: 0.05.
            seed: of the trials that are made for this.
        """
        return _potential(self._search([], target, seed)["sensitivity"])

    def discovery(self, sigma: float = 5, target: Optional[float] = None, seed: Optional[int] = None) -> Potential:
        """The flux of which half of the trials have this significance.

        Args:
            sigma: one-sided significance, 0 to 7.
            target: the relative error of mu to reach; None: 0.05.
            seed: of the trials that are made for this.
        """
        found = self._search(["--sigma", repr(float(sigma))], target, seed)["discovery"]
        return _potential(next(iter(found.values())))

    def pvalue(
        self, ts: float, n: int = 100_000, seed: int = 1, tail: Optional[float] = None, weighted: int = 100_000
    ) -> PValue:
        """How often the background alone gives such a TS.

        Args:
            ts: the observed TS.
            n: background trials to compare with; those of `do_trials(n, seed=seed)`.
            seed: theirs.
            tail: makes weighted trials too, for p-values up to this significance in sigma, and uses those that are more
                precise; None: none.
            weighted: the number of weighted trials.
        """
        arguments = ["background", *self._background(n, seed, tail, weighted), "--ts", repr(float(ts))]
        observed = _program.run_json("trialmerge", arguments, progress=False)["observed"]
        return PValue(*(observed[key] for key in ("p_value", "p_low", "p_high", "sigma", "method")))

    def _background(self, n: int, seed: int, tail: Optional[float], weighted: int) -> List[Path]:
        """Chunks of ordinary and, with a tail, weighted background trials."""
        chunks = [self.make_trials(n, 0, seed)]
        return chunks if tail is None else chunks + [self.make_trials(weighted, 0, seed, tail)]

    def _described(self) -> List[Dict[str, Any]]:
        return list(self._ask("describe")["datasets"])

    def _ask(self, command: str, *arguments: object) -> Dict[str, Any]:
        return _program.run_json("trialgen", [command, *self._settings, *arguments], progress=False)

    def _prepared(self) -> List[object]:
        """The options of a run that starts from the prepared file, which is made first if need be."""
        path = self.folder / "analysis.prepared"
        if not self._is_prepared:
            # If an earlier object left one of another analysis, the fingerprints of the trials beside it differ.
            arguments = ["prepare", *self._settings, "--output", path]
            _program.run_json("trialgen", arguments, progress=False)
            self._is_prepared = True
        return ["--prepared", path]

    def _flux_per_event(self, gamma: Optional[float]) -> float:
        if gamma not in self._fluxes:
            choice = [] if gamma is None else ["--gamma", repr(float(gamma))]
            self._fluxes[gamma] = self._ask("flux", *choice)["flux_per_event"]
        return self._fluxes[gamma]

    def _search(self, choice: List[object], target: Optional[float], seed: Optional[int]) -> Dict[str, Any]:
        more = _options({"target": target, "seed": seed})
        arguments = ["sensitivity", *self._prepared(), *choice, *more, *self._threads]
        return _program.run_json("trialgen", arguments, progress=self._progress)


def _options(settings: Dict[str, Any]) -> List[object]:
    """The words of options: energy_range=(1, 2) is --energy-range 1 2, poisson=False is --no-poisson."""
    words: List[object] = []
    for name, value in settings.items():
        option = name.replace("_", "-")
        if value is None:
            continue
        if value is False:
            words.append("--no-" + option)
        elif value is True:
            words.append("--" + option)
        else:
            values = value if isinstance(value, (tuple, list)) else [value]
            words += ["--" + option, *(os.fspath(v) if isinstance(v, os.PathLike) else _word(v) for v in values)]
    return words


def _word(value: object) -> str:
    """A number so that it reads back the same, anything else as it is."""
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)


def _list(values: Any) -> str:
    return ",".join(repr(float(value)) for value in values)


def _potential(found: Dict[str, Any]) -> Potential:
    names = [field.name for field in dataclasses.fields(Potential) if field.name != "status"]
    return Potential(**{name: found[name] for name in names}, status=found)
