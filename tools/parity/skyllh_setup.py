"""SkyLLH's time-integrated point-source analysis of a release on disk, set up as trialgen sets up its own.

Shared by skyllh_reference.py and skyllh_trials.py. Needs the virtual environment that run.sh makes.
"""
import logging
import types

import numpy as np

logging.disable(logging.WARNING)
import skyllh  # noqa: E402
from skyllh.analyses.i3.publicdata_ps import time_integrated_ps_function_energy_spectrum as moved_table  # noqa: E402
from skyllh.analyses.i3.publicdata_ps.time_integrated_ps import create_analysis  # noqa: E402
from skyllh.core import timing  # noqa: E402
from skyllh.core.config import Config  # noqa: E402
from skyllh.i3.dataset import I3Dataset  # noqa: E402
from skyllh.core.source_model import PointLikeSource  # noqa: E402


def add_options(parser):
    """The options that say which analysis of which release is meant. Angles in degrees, energies in GeV."""
    parser.add_argument("base", help="absolute path of the folder that holds the release folder")
    parser.add_argument("--sample", default="IceTracks-DR2")
    parser.add_argument("--definition", metavar="FILE.yaml", help="a sample as trialgen defines it, whose folder is BASE")
    parser.add_argument("--datasets", nargs="*", help="all of the sample's unless named")
    parser.add_argument("--ra", type=float, default=40.67)
    parser.add_argument("--dec", type=float, default=-0.01)
    parser.add_argument("--gamma", type=float, default=2.0, help="index of the injected spectrum")
    parser.add_argument("--ecut", type=float, default=np.inf, help="exponential cutoff of the injected spectrum")
    parser.add_argument("--energy-range", type=float, nargs=2, metavar=("LO", "HI"), help="true energies to inject")
    parser.add_argument("--spectrum", help="inject and fit this table of E and E^2 dN/dE; its peak replaces gamma")
    parser.add_argument("--peak", type=float, default=5.0, help="lg(E/GeV) of the injected table's peak")


def settings(options):
    """The options under the names of ../shared/oracle/reference."""
    return {
        "sample": options.definition or options.sample, "names": options.datasets, "ra": options.ra, "dec": options.dec,
        "gamma": options.gamma, "Ec": options.ecut if np.isfinite(options.ecut) else None,
        "energy_range": options.energy_range,
    }


def edges(ranges):
    """The edges of bins of a definition: {from, to, bins}, a list of these, or a list of edges."""
    ranges = ranges if isinstance(ranges, list) else [ranges]
    if not isinstance(ranges[0], dict):
        return np.array(ranges, dtype=float)
    return np.unique(np.concatenate([np.linspace(r["from"], r["to"], r["bins"] + 1) for r in ranges]))


def defined(options, config):
    """SkyLLH's datasets of a definition. Columns must be those of the public releases."""
    import yaml

    with open(options.definition, encoding="utf-8") as file:
        definition = yaml.safe_load(file)
    # The preparation of a public dataset (renamed columns, radians) with other files and binnings.
    public = skyllh.create_datasets("IceTracks-DR2", cfg=config, names=["IC40"], base_path=options.base)[0]
    datasets = []
    for own in definition["datasets"]:
        seasons = [season if isinstance(season, dict) else {
            "name": season, "events": f"events/{season}_exp.csv", "uptime": f"uptime/{season}_exp.csv"}
            for season in own["seasons"]]
        area = own.get("effective_area") or f"irfs/{own['responses']}_effectiveArea.csv"
        smearing = own.get("smearing") or f"irfs/{own['responses']}_smearing.csv"
        dataset = I3Dataset(
            name=own["name"], exp_pathfilenames=[season["events"] for season in seasons], mc_pathfilenames=None,
            grl_pathfilenames=[season["uptime"] for season in seasons], cfg=config, version=1, verqualifiers={"p": 0},
            base_path=options.base, default_sub_path_fmt=".", sub_path_fmt=".")
        dataset.grl_field_name_renaming_dict = public.grl_field_name_renaming_dict
        dataset.exp_field_name_renaming_dict = public.exp_field_name_renaming_dict
        dataset.add_aux_data_definition("eff_area_datafile", area)
        dataset.add_aux_data_definition("smearing_datafile", smearing)
        dataset.define_binning("sin_dec", edges(own["sin_dec"]))
        dataset.define_binning("log_energy", edges(own["log10_energy"]))
        dataset.add_aux_data("spline_smoothing", float(own["cut"]["smoothing"]))
        dataset.add_aux_data("cumulative_threshold", float(own["cut"]["threshold"]))
        for preparation in public.data_preparation_functions:
            dataset.add_data_preparation(preparation)
        floor = own.get("angular_error_floor", definition.get("angular_error_floor"))
        if floor is not None:
            def raise_errors(data, floor=np.radians(floor)):
                data.exp["ang_err"] = np.maximum(data.exp["ang_err"], floor)
            dataset.add_data_preparation(raise_errors)
        datasets.append(dataset)
    return datasets


def create(options):
    """The datasets and the analysis of them that the options name."""
    config = Config()
    config["repository"]["base_path"] = options.base
    config["repository"]["download_from_origin"] = False
    config.set_ncpu(1)
    if options.definition:
        datasets = defined(options, config)
    else:
        datasets = skyllh.create_datasets(options.sample, cfg=config, names=options.datasets, base_path=options.base)
    source = PointLikeSource(ra=np.radians(options.ra), dec=np.radians(options.dec))
    if options.spectrum:
        energies, fluxes = np.loadtxt(options.spectrum, unpack=True)
        return datasets, moved_table.create_analysis(
            cfg=config,
            datasets=datasets,
            source=source,
            source_energies=energies,
            source_energy_spectrum=fluxes,
            e_peak_signal=options.peak,
        )
    analysis = create_analysis(
        cfg=config,
        datasets=datasets,
        source=source,
        refplflux_gamma=options.gamma,
        refplflux_Ec=options.ecut,
        energy_range=tuple(options.energy_range) if options.energy_range else None,
    )
    return datasets, analysis


def descend_from_everywhere(analysis, starts):
    """Replaces the analysis' single descent by the best of one from each starting point (n_s, gamma)."""
    implementation = analysis.llhratio.minimizer.minimizer_impl
    single = implementation.minimize

    def best(initials, bounds, func, func_args=None, **options):
        ends = (single(np.array(start), bounds, func, func_args, **options) for start in starts)
        return min(ends, key=lambda end: end[1])

    implementation.minimize = best
    # Minuit does not converge where ln Lambda is flat, at n_s = 0; the best of all ends counts in any case.
    implementation.has_converged = lambda status: True


def stop_the_clocks():
    """Makes SkyLLH's task timers read a clock that stands still.

    They read the process clock twice for each density of each evaluation. No number depends on it, but where system
    calls are slow (containers) that is most of a trial's time.
    """
    timing.time = types.SimpleNamespace(process_time=lambda: 0.0)


def log_lambda(analysis, signal_events, gamma):
    """ln Lambda of the trial that is loaded, at one point."""
    return float(analysis.llhratio.evaluate(np.array([signal_events, gamma]))[0])
