import json
import os
from pathlib import Path

import numpy as np
import pytest

import trialgen
from trialgen import _trials
from trialgen._program import find


def program(*words: object) -> dict:
    """What the program prints for the same question, asked without the package."""
    import subprocess

    output = subprocess.run([*map(str, words), "--json"], capture_output=True, check=True).stdout
    return json.loads(output)


def of_source(release: Path) -> list:
    return ["--data", release, "--ra", "40.67", "--dec", "-0.01"]


def test_unblind_is_the_programs(analysis: trialgen.Analysis, release: Path) -> None:
    expected = program(find("trialgen"), "unblind", *of_source(release))
    ts, x, status = analysis.unblind()
    assert (ts, x["ns"], x["gamma"]) == (expected["ts"], expected["ns"], expected["gamma"])
    assert status == expected


def test_evaluate_broadcasts(analysis: trialgen.Analysis) -> None:
    _, x, status = analysis.unblind()
    assert analysis.evaluate(x["ns"], x["gamma"]) == pytest.approx(status["log_lambda"], abs=1e-9)
    ns, gamma = np.array([30.0, 5.0, 20.0]), np.array([3.0, 2.0])
    grid = analysis.evaluate(ns[:, None], gamma)
    assert grid.shape == (3, 2)
    for i in range(3):
        for j in range(2):
            assert grid[i, j] == analysis.evaluate(ns[i], gamma[j])
    assert analysis.evaluate(ns, 2.5).shape == (3,)
    assert isinstance(analysis.evaluate(10, 2), float)


def test_trials_have_skyllhs_fields_and_do_not_depend_on_their_number(analysis: trialgen.Analysis) -> None:
    few = analysis.do_trials(200, mean_n_sig=5, seed=3)
    assert few.dtype == trialgen.TRIAL_DTYPE
    assert few.dtype.names == ("seed", "mean_n_sig", "n_sig", "mean_n_sig_0", "ts", "ns", "gamma")
    assert few.shape == (200,) and set(few["seed"]) == {3} and set(few["mean_n_sig"]) == {5.0}
    more = analysis.do_trials(500, mean_n_sig=5, seed=3)
    assert np.array_equal(more[:200], few)
    assert np.array_equal(analysis.do_trials(200, mean_n_sig=5, seed=3), few)
    assert not np.array_equal(analysis.do_trials(200, mean_n_sig=5, seed=4)["ts"], few["ts"])


def test_trials_are_those_of_the_release(analysis: trialgen.Analysis, release: Path, tmp_path: Path) -> None:
    chunk = tmp_path / "trials.h5"
    options = ["--gamma", 2, "--mu", 5, "--trials", 100, "--seed", 3, "--output", chunk]
    program(find("trialgen"), "run", *of_source(release), *options)
    assert np.array_equal(trialgen.read(chunk), analysis.do_trials(100, mean_n_sig=5, seed=3))


def test_read(analysis: trialgen.Analysis, tmp_path: Path) -> None:
    chunks = [analysis.make_trials(300), analysis.make_trials(200, mean_n_sig=2)]
    merged = tmp_path / "merged.h5"
    trialgen.run("trialmerge", ["merge", *chunks, "--output", merged, "--quiet"])
    trials = trialgen.read(merged)
    assert len(trialgen.read(merged, mean_n_sig=2)) == np.count_nonzero(trials["mean_n_sig"] == 2) >= 200
    h5py = pytest.importorskip("h5py")
    with h5py.File(merged) as file:
        table = file["trials"][:]
    for mean in (None, 2.0):
        assert np.array_equal(_trials._by_program(merged, mean), trialgen.read(merged, mean_n_sig=mean))
    every = trialgen.read(merged, every_field=True)
    assert np.array_equal(every, table) and "trial" in every.dtype.names
    for field in trialgen.TRIAL_DTYPE.names:
        assert np.array_equal(table[field], trials[field])


def test_fluxes(analysis: trialgen.Analysis, release: Path) -> None:
    expected = program(find("trialgen"), "flux", *of_source(release), "--mu", 10, "--flux", 5e-15, "--gamma", 2)
    assert analysis.mu2flux(10) == pytest.approx(expected["mu2flux"], rel=1e-15)
    assert analysis.flux2mu(5e-15) == pytest.approx(expected["flux2mu"], rel=1e-15)
    assert analysis.flux2mu(analysis.mu2flux([1, 2], gamma=3), gamma=3) == pytest.approx([1, 2])
    assert analysis.mu2flux(1, gamma=3) != analysis.mu2flux(1)


def test_pvalue_counts(analysis: trialgen.Analysis) -> None:
    trials = analysis.do_trials(20_000)
    found = analysis.pvalue(5, n=20_000)
    assert float(found) == np.mean(trials["ts"] >= 5)
    assert found.p_low < found.p < found.p_high and found.method == "counted"
    assert 1 < found.sigma < 3


def test_sensitivity_and_discovery(analysis: trialgen.Analysis) -> None:
    sensitivity = analysis.sensitivity(target=0.2)
    discovery = analysis.discovery(3, target=0.2)
    assert sensitivity.mu_low < sensitivity.mu < sensitivity.mu_high and sensitivity.power == 0.9
    assert sensitivity.flux_norm == pytest.approx(analysis.mu2flux(sensitivity.mu), rel=1e-12)
    assert discovery.power == 0.5 and discovery.ts_threshold > 5 and discovery.mu > 1


def test_settings_become_options(release: Path) -> None:
    whole = trialgen.Analysis(data=release, source=(40.67, -0.01))
    some = trialgen.Analysis(data=release, source=(40.67, -0.01), datasets=["IC79"], ns_max=5, energy_range=(1e4, 1e5))
    assert [dataset["name"] for dataset in some.datasets] == ["IC79"]
    assert some.unblind().x["ns"] <= 5 < whole.unblind().x["ns"]
    assert some.mu2flux(1) != whole.mu2flux(1)
    exact = trialgen.Analysis(data=release, source=(40.67, -0.01), poisson=False)
    assert set(exact.do_trials(50, mean_n_sig=3)["n_sig"]) == {3}


def test_trials_are_kept_in_a_folder(release: Path, tmp_path: Path) -> None:
    first = trialgen.Analysis(data=release, source=(40.67, -0.01), folder=tmp_path)
    trials = first.do_trials(100)
    again = trialgen.Analysis(data=release, source=(40.67, -0.01), folder=tmp_path)
    assert np.array_equal(again.do_trials(150)[:100], trials)
    # Another analysis does not mix with it.
    other = trialgen.Analysis(data=release, source=(40.67, 20), folder=tmp_path)
    with pytest.raises(trialgen.TrialgenError) as caught:
        other.do_trials(200)
    assert caught.value.code == 65


def test_errors_are_the_programs_sentences(release: Path, tmp_path: Path) -> None:
    with pytest.raises(trialgen.TrialgenError, match="the folder does not exist") as caught:
        trialgen.Analysis(data=tmp_path / "nowhere", source=(40.67, -0.01))
    assert caught.value.code == 66 and caught.value.command[1] == "describe"
    with pytest.raises(trialgen.TrialgenError, match="declination 95 is outside") as caught:
        trialgen.Analysis(data=release, source=(40.67, 95))
    assert caught.value.code == 64
    damaged = tmp_path / "damaged.h5"
    damaged.write_bytes(b"no chunk")
    with pytest.raises(trialgen.TrialgenError, match="damaged.h5") as caught:
        trialgen.read(damaged)
    assert caught.value.code == 65


def test_the_programs_are_installed() -> None:
    """The wheel puts both beside the interpreter; elsewhere TRIALGEN_BIN says where they are."""
    assert os.path.dirname(find("trialgen")) == os.path.dirname(find("trialmerge"))
    for name in ("trialgen", "trialmerge"):
        assert trialgen.run(name, ["--version"]).split()[0] == trialgen.__version__
    assert "USAGE: trialmerge" in trialgen.run("trialmerge", ["--help"])


def test_weighted_trials_are_not_among_the_ordinary_ones(release: Path, tmp_path: Path) -> None:
    chunk = tmp_path / "trials.h5"
    options = [*of_source(release), "--datasets", "IC40", "--output", chunk]
    program(find("trialgen"), "run", *options, "--trials", 30)
    ordinary = trialgen.read(chunk)
    program(find("trialgen"), "run", *options, "--tail", 5, "--trials", 20)
    assert np.array_equal(trialgen.read(chunk), ordinary)
    assert np.array_equal(_trials._by_program(chunk, 0), ordinary)
    every = trialgen.read(chunk, every_field=True)
    assert np.array_equal(every["proposal"] >= 0, np.arange(50) >= 30)


def test_sources_of_a_catalogue(release: Path, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    places = [("NGC 1068", 40.67, -0.01), ("TXS 0506+056", 77.36, 5.69), ("south", 100.0, -30.0)]
    config = tmp_path / "catalogue.yaml"
    items = "".join(f"- {{name: {name}, ra: {ra}, dec: {dec}}}\n" for name, ra, dec in places)
    config.write_text(
        f"data: {release}\ndatasets: [IC40]\nsearch: catalogue\nsource_fits: true\nsources:\n{items}"
        "trials: [{mu: 0, count: 40}, {mu: 2, count: 10}]\n"
    )
    chunk = tmp_path / "catalogue.h5"
    program(find("trialgen"), "run", "--config", config, "--output", chunk)
    sources = trialgen.read_sources(chunk)
    assert list(sources.name) == [name for name, _, _ in places]
    assert list(sources.dec) == [dec for _, _, dec in places]
    trials = trialgen.read(chunk)
    assert sources.ts.shape == sources.ns.shape == sources.gamma.shape == (50, 3)
    hottest = sources.ts.argmax(axis=1)
    rows = np.arange(50)
    for name in ("ts", "ns", "gamma"):
        assert np.array_equal(getattr(sources, name)[rows, hottest], trials[name])
    signal = trialgen.read_sources(chunk, mean_n_sig=2)
    assert np.array_equal(signal.ts, sources.ts[trials["mean_n_sig"] == 2])

    ordinary = tmp_path / "ordinary.h5"
    program(find("trialgen"), "run", *of_source(release), "--datasets", "IC40", "--output", ordinary, "--trials", 3)
    with pytest.raises(ValueError, match="does not contain trials of a catalogue search"):
        trialgen.read_sources(ordinary)
    with pytest.raises(trialgen.TrialgenError, match="absent.h5"):
        trialgen.read_sources(tmp_path / "absent.h5")
