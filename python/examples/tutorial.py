# %% [markdown]
# # A point-source search in Python
#
# The steps of SkyLLH's tutorials. Each `# %%` begins a cell: Jupyter (with jupytext), VS Code and Spyder show this file as
# a notebook. `python tutorial.py` runs all of it, in about ten seconds, and a test compares what it prints with the lines
# that begin with `#>`.

# %%
from matplotlib import pyplot as plt
import numpy as np

import trialgen
from trialgen import plot

# %% [markdown]
# An invented release with a source of 30 events. For the real one: `trialgen fetch IceTracks-DR2` in a shell, and then
# `Analysis(source=(40.67, -0.01))` finds it.

# %%
trialgen.run("trialgen", ["toy", "--output", ".", "--scale", 0.02, "--seed", 7])
analysis = trialgen.Analysis(data=".", source=(40.67, -0.01), gamma=2.0, name="NGC 1068")
for dataset in analysis.datasets:
    print(f"{dataset['name']:9} {dataset['n_events']:6} events, {dataset['livetime_days']:.0f} days")
#> IC40         739 events, 347 days
#> IC59        2142 events, 347 days
#> IC79        1864 events, 347 days
#> IC86_I-XI  27742 events, 3816 days

# %% [markdown]
# ## The data, fitted

# %%
ts, x, status = analysis.unblind()
print(f"TS {ts:.2f}, n_s {x['ns']:.2f}, gamma {x['gamma']:.3f}, flux {status['flux_norm']:.3e} GeV^-1 cm^-2 s^-1")
print(f"ln Lambda at (20, 2.5): {analysis.evaluate(20, 2.5):.4f}")
#> TS 82.36, n_s 24.80, gamma 2.490, flux 1.228e-15 GeV^-1 cm^-2 s^-1
#> ln Lambda at (20, 2.5): 40.7510

# %% [markdown]
# ## Events and fluxes

# %%
print(f"10 events are {analysis.mu2flux(10):.3e}, and 5e-15 are {analysis.flux2mu(5e-15):.1f} events")
#> 10 events are 2.240e-16, and 5e-15 are 223.2 events

# %% [markdown]
# ## 100,000 trials without signal, 1,000 with 3 events
#
# Ctrl-C (or the notebook's stop button) stops a run and keeps what it has made; the same call goes on.

# %%
background = analysis.do_trials(100_000)
signal = analysis.do_trials(1_000, mean_n_sig=3)
print(background.dtype.names)
print(f"{np.mean(background['ts'] == 0):.4f} of the background have TS = 0; the largest TS is {background['ts'].max():.3f}")
print(f"median TS with 3 events: {np.median(signal['ts']):.3f}")
#> ('seed', 'mean_n_sig', 'n_sig', 'mean_n_sig_0', 'ts', 'ns', 'gamma')
#> 0.5656 of the background have TS = 0; the largest TS is 38.628
#> median TS with 3 events: 9.193

# %%
axes = plot.ts_distribution(np.concatenate([background, signal]))
axes.figure.savefig("ts.png")

# %% [markdown]
# ## The p-value of a TS

# %%
p = analysis.pvalue(8)
print(f"p(TS >= 8) = {p.p:.5f} ({p.p_low:.5f} to {p.p_high:.5f}), {p.sigma:.2f} sigma, {p.method}")
#> p(TS >= 8) = 0.00318 (0.00300 to 0.00337), 2.73 sigma, counted

# %% [markdown]
# ## Sensitivity and discovery potential
#
# The trials that these take are made until the relative error of mu is below the target.

# %%
sensitivity = analysis.sensitivity(target=0.1)
discovery = analysis.discovery(3, target=0.1)
print(f"sensitivity: {sensitivity.mu:.2f} events, {sensitivity.flux_norm:.2e}")
print(f"3 sigma:     {discovery.mu:.2f} events, {discovery.flux_norm:.2e}")
#> sensitivity: 2.08 events, 4.66e-17
#> 3 sigma:     3.14 events, 7.04e-17

# %% [markdown]
# ## The likelihood contour

# %%
axes = plot.contour(analysis, np.linspace(5, 50, 46), np.linspace(1.5, 3.5, 41))
axes.figure.savefig("contour.png")
