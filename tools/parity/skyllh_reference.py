#!/usr/bin/env python3
"""What SkyLLH 26.1.0 finds in a release, as JSON: the numbers that trialgen must agree with.

    skyllh_reference.py BASE --dec -60 --scan --ingredients > dec-60.json

Printed always: the fit of the data, events per flux and back, livetimes and numbers of events. --scan adds ln Lambda on a
grid of 45 points, --ingredients the densities, cut curves, yields and the first selected events of each dataset. Needs
the virtual environment that run.sh makes. The keys are those of ../shared/oracle/reference, so one reader serves both.
"""
import argparse
import json
import sys

import numpy as np

import skyllh_setup
from skyllh.analyses.i3.publicdata_ps.utils import create_energy_cut_spline
from skyllh.core.random import RandomStateService

FLUX_GAMMAS = (1.0, 1.5, 2.0, 2.33, 2.5, 3.0, 3.5, 4.0)
# On grid points, on seams between the parabolas' cells and at the bounds of gamma.
SCAN_EVENTS = (0.5, 5.0, 20.0, 60.0, 150.0)
SCAN_GAMMAS = (1.0, 1.03, 1.5, 2.02, 2.5, 2.77, 3.2, 3.96, 4.0)
DENSITY_GAMMAS = (1.0, 2.0, 2.5, 3.0, 4.0)
RATIO_GAMMAS = (2.0, 2.33, 3.96)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    skyllh_setup.add_options(parser)
    parser.add_argument("--scan", action="store_true")
    parser.add_argument("--ingredients", action="store_true")
    parser.add_argument("--energy-points", type=int, default=23, help="lg E from 2 to 7.5 of the ingredients")
    parser.add_argument("--declination-points", type=int, default=19, help="sin(dec) from -0.987 to 0.987")
    parser.add_argument("--events", type=int, default=20, help="selected events listed of each dataset")
    return parser.parse_args()


def fit_and_flux(analysis, options):
    ts, best, status = analysis.unblind(minimizer_rss=RandomStateService(seed=1))
    found = {
        "unblind": {"ts": float(ts), "ns": float(best["ns"]), "gamma": float(best["gamma"]),
                    "llh_calls": int(status["n_llhratio_func_calls"])},
        "mu2flux_1": float(analysis.mu2flux(1)),
        "flux2mu_5e-15": float(analysis.flux2mu(5e-15)),
    }
    # With an energy range SkyLLH has a flux per event at the injected gamma only.
    if options.energy_range is None:
        per_event = analysis.calculate_fluxmodel_scaling_factor
        found["flux_per_event"] = {
            str(gamma): float(per_event(fitparam_values=np.array([1, gamma]))) for gamma in FLUX_GAMMAS}
    return found


def counts(analysis):
    return {
        "livetime_days": [float(data.livetime) for data in analysis.data_list],
        "n_events": [int(manager.n_events) for manager in analysis.tdm_list],
        "n_selected": [int(manager.n_selected_events) for manager in analysis.tdm_list],
    }


class Ingredients:
    """The parts that one dataset contributes to the likelihood ratio."""

    def __init__(self, analysis, dataset, index):
        self.analysis = analysis
        self.dataset = dataset
        self.index = index
        self.data = analysis.data_list[index]
        self.events = analysis.tdm_list[index]
        ratio = analysis.llhratio.llhratio_list[index].pdfratio
        self.spatial, self.energy = ratio.pdfratio1, ratio.pdfratio2

    def parameters(self, gamma):
        return self.analysis._pmm.create_src_params_recarray(gflp_values=np.array([1.0, gamma]))

    def signal_energy(self, gamma, log_energies):
        densities = self.energy.sig_pdf_set
        return densities.get_pdf(densities.make_key({"gamma": gamma})).get_pd_by_log10_reco_e(log_energies)

    def background_energy(self, sine, log_energies):
        return self.energy.bkg_pdf._pdf_spline(log_energies, np.full_like(log_energies, sine), grid=False)

    def background_space(self, sines):
        return 0.5 / np.pi * np.exp(self.spatial.bkg_pdf._log_spline(sines))

    def cut(self, sines):
        curve = create_energy_cut_spline(
            self.dataset, self.data.exp, self.dataset.get_aux_data("spline_smoothing"),
            self.dataset.get_aux_data("cumulative_threshold"))
        return curve(sines)

    def signal_yield(self, gamma):
        sources = self.analysis.src_detsigyield_weights_service.src_recarray_list_list[self.index][0]
        return float(self.analysis.detsigyield_service.arr[self.index, 0](sources, self.parameters(gamma))[0][0])

    def first_events(self, count):
        events = self.events
        count = min(count, int(events.n_selected_events))
        spatial = self.spatial.get_ratio(tdm=events, src_params_recarray=self.parameters(2.0))
        energy = {
            str(gamma): self.energy.get_ratio(tdm=events, src_params_recarray=self.parameters(gamma))[:count].tolist()
            for gamma in RATIO_GAMMAS}
        return {
            "ra_deg": np.degrees(events["ra"][:count]).tolist(), "dec_deg": np.degrees(events["dec"][:count]).tolist(),
            "log10_energy": events["log_energy"][:count].tolist(),
            "ang_err_deg": np.degrees(events["ang_err"][:count]).tolist(),
            "psi_deg": np.degrees(events["psi"][:count]).tolist(),
            "spatial_ratio": spatial[:count].tolist(), "energy_ratio": energy,
        }

    def all(self, log_energies, sines, event_count):
        return {
            "name": self.dataset.name,
            "signal_energy_density": [self.signal_energy(gamma, log_energies).tolist() for gamma in DENSITY_GAMMAS],
            "background_energy_density": [self.background_energy(sine, log_energies).tolist() for sine in sines],
            "background_spatial_density_per_sr": self.background_space(sines).tolist(),
            "signal_energy_cut_log10e": self.cut(sines).tolist(),
            "yield_per_unit_flux": [self.signal_yield(gamma) for gamma in DENSITY_GAMMAS],
            "first_selected_events": self.first_events(event_count),
        }


def main():
    options = arguments()
    datasets, analysis = skyllh_setup.create(options)
    found = {"args": skyllh_setup.settings(options), "datasets": [dataset.name for dataset in datasets]}
    found.update(fit_and_flux(analysis, options))
    # The fit leaves a trial of its own behind: load the data as they are.
    analysis.initialize_trial([data.exp for data in analysis.data_list])
    found.update(counts(analysis))
    if options.scan:
        found["log_lambda"] = [
            [events, gamma, skyllh_setup.log_lambda(analysis, events, gamma)]
            for events in SCAN_EVENTS for gamma in SCAN_GAMMAS]
    if options.ingredients:
        log_energies = np.round(np.linspace(2.0, 7.5, options.energy_points), 3)
        # Off the bins' edges, where SkyLLH's background energy density jumps.
        sines = np.round(np.linspace(-0.987, 0.987, options.declination_points), 4)
        found["grid"] = {
            "gamma": list(DENSITY_GAMMAS), "log10_energy": log_energies.tolist(), "sin_dec": sines.tolist()}
        found["ingredients"] = [
            Ingredients(analysis, dataset, index).all(log_energies, sines, options.events)
            for index, dataset in enumerate(datasets)]
    json.dump(found, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
