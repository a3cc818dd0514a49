from pathlib import Path

import numpy as np
import pytest

import trialgen

SOURCES = [
    {"name": "NGC 1068", "ra": 40.67, "dec": -0.01},
    {"name": "Crab", "ra": 83.63, "dec": 22.01},
    {"name": "south", "ra": 200.0, "dec": -71.0},
]


def test_a_catalogue(release: Path) -> None:
    pytest.importorskip("h5py")
    catalogue = trialgen.Catalogue(data=release, sources=SOURCES, source_fits=True)
    rows = catalogue.unblind()
    assert {row["name"] for row in rows} == {"NGC 1068", "Crab", "south"}
    assert [row["ts"] for row in rows] == sorted((row["ts"] for row in rows), reverse=True)
    alone = trialgen.Analysis(data=release, source=(83.63, 22.01)).unblind()
    crab = next(row for row in rows if row["name"] == "Crab")
    assert (crab["ts"], crab["ns"], crab["gamma"]) == (alone.ts, alone.x["ns"], alone.x["gamma"])

    fits = catalogue.do_trials(300)
    assert fits.ts.shape == fits.ns.shape == (300, 3) and list(fits.name) == ["NGC 1068", "Crab", "south"]
    assert np.array_equal(catalogue.do_trials(100).ts, fits.ts[:100])
    found = catalogue.post_trial(300)
    assert 0 <= found["hottest"]["p_global_low"] <= found["hottest"]["p_global"] <= found["hottest"]["p_global_high"] <= 1
    assert found["hottest"]["p_local"] <= found["hottest"]["p_global"]
    assert len(catalogue.post_trial(300, subset="south")["sources"]) == 1


def test_a_stack(release: Path) -> None:
    stack = trialgen.Stack(data=release, sources=SOURCES)
    fit = stack.unblind()
    assert fit.x["ns"] >= 0 and stack.evaluate(fit.x["ns"], fit.x["gamma"]) == pytest.approx(fit.ts / 2, abs=1e-6)
    one = trialgen.Stack(data=release, sources=SOURCES[:1])
    alone = trialgen.Analysis(data=release, source=(40.67, -0.01))
    assert one.evaluate(5.0, 2.5) == alone.evaluate(5.0, 2.5)
    assert one.mu2flux(1) == alone.mu2flux(1)
    assert stack.do_trials(50, mean_n_sig=20)["ts"].mean() > stack.do_trials(50)["ts"].mean()


def test_weighted_skies(release: Path) -> None:
    # Without the toy's source, which is hotter than any sky.
    catalogue = trialgen.Catalogue(data=release, sources=SOURCES[1:])
    counted = catalogue.post_trial(4000)["hottest"]
    both = catalogue.post_trial(4000, tail=7, weighted=8000)
    assert both["n_trials"] == 4000 and both["weighted"]["trials"] == 8000
    alone = trialgen.Catalogue(data=release, sources=SOURCES[1:]).post_trial(30, tail=7, weighted=8000)
    hottest = alone["hottest"]
    assert hottest["method"] == "weighted" and alone["n_trials"] == 30
    for key in ("p_local", "p_global"):
        errors = [(p[f"{key}_high"] - p[f"{key}_low"]) / 2 for p in (hottest, counted)]
        assert abs(hottest[key] - counted[key]) < 4 * (errors[0] ** 2 + errors[1] ** 2) ** 0.5
    assert len(catalogue.post_trial(4000, subset="south", tail=7, weighted=8000)["sources"]) == 1

    stack = trialgen.Stack(data=release, sources=SOURCES)
    p = stack.pvalue(25, n=400, tail=6, weighted=3000)
    assert p.method == "weighted" and 0 < p.p_low < p.p < p.p_high < 1e-4
    assert stack.pvalue(1, n=400, tail=6, weighted=3000).p == pytest.approx(stack.pvalue(1, n=400).p, abs=0.1)
    with pytest.raises(trialgen.TrialgenError, match="tail"):
        stack.make_trials(10, tail=20)


def test_mistakes_are_found_at_once(release: Path) -> None:
    with pytest.raises(trialgen.TrialgenError, match="declination"):
        trialgen.Catalogue(data=release, sources=[{"name": "nowhere", "ra": 1.0, "dec": 91.0}])
