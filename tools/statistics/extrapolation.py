"""Compares samples/K.json with all.json, which trialmerge background wrote; see the script extrapolation."""
import json
import statistics
import sys

everything = json.load(open("all.json"))
samples = [json.load(open(f"samples/{k}.json")) for k in range(1, int(sys.argv[1]) + 1)]


def estimate(result, sigma, method):
    return next((e for e in result["threshold_estimates"][sigma] if e["method"] == method), None)


print(f"{everything['n']} trials, largest TS {everything['ts_max']:.2f}, all counts above TS "
      f"{everything['ts_exact_above']:.2f} exact; {len(samples)} samples of {samples[0]['n']}")
print("sigma  method      counted            first sample       mean of samples    scatter  68 % hold  difference")
for sigma in ("4", "5"):
    counted = estimate(everything, sigma, "counted")
    for method in ("gamma-fit", "chi2-fit"):
        fits = [e for e in (estimate(s, sigma, method) for s in samples) if e]
        if not fits or not counted:
            continue
        values = [e["value"] for e in fits]
        mean, scatter = statistics.mean(values), statistics.stdev(values)
        error = (((counted["high"] - counted["low"]) / 2) ** 2 + scatter ** 2 / len(values)) ** 0.5
        hold = sum(e["low"] <= counted["value"] <= e["high"] for e in fits)

        def text(e):
            return f"{e['value']:.2f} [{e['low']:.2f}, {e['high']:.2f}]"

        print(f"{sigma:5}  {method:9}  {text(counted):20} {text(fits[0]):20} {mean:.2f} +- {scatter / len(values) ** 0.5:.2f}"
              f"     {scatter:.2f}     {hold}/{len(fits)}      {mean - counted['value']:+.2f} +- {error:.2f}")
print("distributions of all trials:", {k: {n: f[n] for n in ("shape", "scale", "anderson_darling", "p_value")}
                              for k, f in everything["tail_fits"].items()})
