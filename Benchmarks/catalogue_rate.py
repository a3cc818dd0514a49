"""Sky trials of a catalogue against SkyLLH's analyses of its sources (see Benchmarks/catalogue)."""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = 0.6180339887498949


def sources(count):
    """Right ascensions and declinations: eight of nine sources north of -5 degrees, as in the list of PRL 124, 051103."""
    places = []
    for i in range(count):
        fraction = (i * GOLDEN) % 1
        declination = -5 + 85 * fraction if i % 9 else -5 - 70 * fraction
        places.append((round(360 * ((i * GOLDEN * GOLDEN) % 1), 4), round(declination, 4)))
    return places


def table(places):
    """A list of sources in CSV."""
    return "name,ra,dec\n" + "".join(f"S{i},{ra},{dec}\n" for i, (ra, dec) in enumerate(places))


def skies(options, places, folder):
    """Seconds for one sky, until the first trial, and peak memory in bytes, of one thread."""
    path = folder / "sources.csv"
    path.write_text(table(places))
    command = [
        options.bin / "trialgen", "run", "--data", options.release, "--sample", options.sample, "--search", "catalogue",
        "--sources", path, "--mu", "0", "--trials", options.skies, "--threads", "1", "--output", folder / "chunk.h5",
        "--json", "--quiet"]
    begin = time.perf_counter()
    text = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout
    whole = time.perf_counter() - begin
    made = json.loads(text)["hypotheses"][0]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return made["seconds"] / made["made"], whole - made["seconds"], peak


def skyllh(options, places):
    """Seconds of processor time for a trial in each of some of the analyses."""
    step = len(places) / options.skyllh
    chosen = [places[int(step * (i + 0.5))] for i in range(options.skyllh)]
    seconds = []
    for ra, dec in chosen:
        text = subprocess.run(
            [sys.executable, HERE / "skyllh_rate.py", pathlib.Path(options.release).parent, "--sample", options.sample,
             "--ra", str(ra), "--dec", str(dec), "--mu", "0", "--seconds", str(options.seconds)],
            check=True, capture_output=True, text=True).stdout
        seconds.append(1 / json.loads(text)["trials_per_second"][0])
        print(f"SkyLLH, dec {dec}: {seconds[-1]:.3f} s", file=sys.stderr)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--sample", required=True)
    parser.add_argument("--sources", type=int, default=110)
    parser.add_argument("--skies", type=int, default=500)
    parser.add_argument("--skyllh", type=int, default=10, help="analyses of SkyLLH; 0 for none")
    parser.add_argument("--seconds", type=float, default=5, help="duration of each of SkyLLH's measurements")
    options = parser.parse_args()
    places = sources(options.sources)
    with tempfile.TemporaryDirectory() as folder:
        own, start, peak = skies(options, places, pathlib.Path(folder))
    print(f"trialgen: {1e3 * own:.2f} ms a sky of {len(places)} sources, one thread; {start:.1f} s until the first trial; "
          f"{peak / 2**20:.0f} MiB")
    if options.skyllh:
        seconds = skyllh(options, places)
        theirs = len(places) * sum(seconds) / len(seconds)
        print(f"SkyLLH: {theirs:.1f} s a sky, from {len(seconds)} analyses; ratio {theirs / own:.0f}")


if __name__ == "__main__":
    main()
