"""Searches of many sources: catalogues and stacks."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from trialgen import _program, _trials
from trialgen._analysis import Analysis, PathLike

SourceList = Union[PathLike, Sequence[Mapping[str, Any]]]


class Catalogue(Analysis):
    """A search for each source of a list, in trials that are skies common to all of them.

    Args:
        data, gamma, sample, datasets, config, folder, threads, progress, options: as for `Analysis`.
        sources: a CSV or ECSV file, or a list of mappings with "name", "ra" and "dec" in degrees, and "weight"; None: those
            of `config`.

    `evaluate`, `sensitivity` and `discovery` are for one source or a stack.
    """

    _search_word = "catalogue"

    def __init__(self, data: Optional[PathLike] = None, sources: Optional[SourceList] = None, **settings: Any) -> None:
        given = _SourceFile(sources)
        super().__init__(data, None, search=self._search_word, sources=given.path, **settings)
        self._given = given

    def _described(self) -> List[Dict[str, Any]]:
        # Each source has shares of its own; the settings are checked all the same.
        _program.run_json("trialgen", ["config", "--show", *self._settings], progress=False)
        return []

    def _prepared(self) -> List[object]:
        return list(self._settings)

    def unblind(self) -> List[Dict[str, Any]]:  # type: ignore[override]
        """Fits the data at every source.

        Returns:
            what `trialgen unblind --json` prints of each source: name, ra, dec, ts, ns, gamma, flux_norm …, the largest TS first.
        """
        return list(self._ask("unblind")["sources"])

    def do_trials(self, n: int, mean_n_sig: float = 0, seed: int = 1) -> _trials.Sources:
        """Makes skies, and fits each source on each. This needs h5py.

        Returns:
            the sources, with arrays of shape (n, sources) of their fits.
        """
        fits = _trials.read_sources(self.make_trials(n, mean_n_sig, seed))
        arrays = {key: getattr(fits, key)[:n] for key in ("ts", "ns", "gamma") if getattr(fits, key) is not None}
        return fits._replace(**arrays)

    def post_trial(
        self,
        n: int = 10_000,
        seed: int = 1,
        subset: Optional[str] = None,
        tail: Optional[float] = None,
        weighted: int = 100_000,
    ) -> Dict[str, Any]:
        """The significance of the data after trials.

        Args:
            n: skies to compare with; those of `do_trials(n, seed=seed)`.
            seed: theirs.
            subset: "north", "south", or names of sources, separated by commas; None: all.
            tail: makes weighted skies too, for p-values of the sources and of the hottest one up to this significance in
                sigma, and uses those that are more precise (their "method" is then "weighted"); None: none.
            weighted: the number of weighted skies.

        Returns:
            what `trialmerge catalogue --unblind --json` prints: "hottest" with name, p_local, p_global, p_global_low and
            p_global_high, "population", and "sources".
        """
        chunks = self._background(n, seed, tail, weighted)
        result = self.folder / "unblind.json"
        result.write_text(json.dumps(self._ask("unblind")), encoding="utf-8")
        more = [] if subset is None else ["--subset", subset]
        return _program.run_json("trialmerge", ["catalogue", *chunks, "--unblind", result, *more], progress=False)


class Stack(Analysis):
    """A search for the sum of the sources of a list, with one ns and one gamma. Fluxes are those of all sources together.

    `pvalue(ts, tail=7)` gives significances beyond counting, from weighted skies.

    Args:
        data, gamma, sample, datasets, config, folder, threads, progress, options: as for `Analysis`.
        sources: as for `Catalogue`; "weight" is the relative flux.
    """

    def __init__(self, data: Optional[PathLike] = None, sources: Optional[SourceList] = None, **settings: Any) -> None:
        given = _SourceFile(sources)
        super().__init__(data, None, search="stack", sources=given.path, **settings)
        self._given = given

    def _prepared(self) -> List[object]:
        return list(self._settings)


class _SourceFile:
    """The file of a list of sources: one that exists, or a temporary one."""

    def __init__(self, sources: Optional[SourceList]) -> None:
        self._temporary: Any = None
        if sources is None or isinstance(sources, (str, os.PathLike)):
            self.path = None if sources is None else Path(os.fspath(sources))
            return
        import tempfile

        self._temporary = tempfile.TemporaryDirectory(prefix="trialgen-")
        self.path = Path(self._temporary.name) / "sources.csv"
        columns = list(dict.fromkeys(key for source in sources for key in source))
        with open(self.path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(sources)
