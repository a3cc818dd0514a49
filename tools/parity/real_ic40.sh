#!/usr/bin/env bash
# The real IC40 season of the public ten-year release, end to end: fit, trials in chunks, merge, sensitivity.
#
#   tools/parity/real_ic40.sh BIN_DIR DIR
#
# DIR receives the release and all that is made from it. Checked are the fit, against SkyLLH's in ../shared/oracle, and
# that seven uneven chunks, made by one thread and by two, merge into the same table as one chunk of all trials.
# Needs ../shared beside the repository (the smearing matrix there is invented) and a python3 (PYTHON) with numpy.
set -euo pipefail

bin="$(cd "${1:?real_ic40.sh needs the folder of the built programs}" && pwd)"
mkdir -p "${2:?real_ic40.sh needs a folder to work in}"
work="$(cd "$2" && pwd)"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
oracle="$root/../shared/oracle"
python="${PYTHON:-python3}"
export PYTHONDONTWRITEBYTECODE=1
if [[ ! -f "$oracle/make_dr1_ic40.py" ]]; then
    echo "real_ic40.sh: $oracle is not there" >&2
    exit 66
fi

[[ -d "$work/icecube_10year_ps" ]] || "$python" "$oracle/make_dr1_ic40.py" "$work" >&2
analysis=(
    --data "$work/icecube_10year_ps" --sample IceTracks-DR1 --datasets IC40 --ra 77.35 --dec 5.7
    --compat skyllh-26.1 --quiet)

"$bin/trialgen" unblind "${analysis[@]}" --json > "$work/fit.json"
failed=0
"$python" - "$work/fit.json" "$oracle/reference/dr1_ic40_ra77.35_dec5.7.json" <<'END' || failed=1
import json, sys
ours, theirs = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
theirs = theirs["unblind"]
for name, fit in (("trialgen", ours), ("SkyLLH", theirs)):
    print(f"{name:9} TS {fit['ts']:.8f}  n_s {fit['ns']:.5f}  gamma {fit['gamma']:.5f}")
difference = ours["ts"] - theirs["ts"]
# 2e-9 of TS is the 1e-9 of ln Lambda that docs/parity.md allows.
passed = -2e-9 <= difference <= 1e-5
print(f"TS, ours - SkyLLH's: {difference:.2g} (limit -2e-9 to 1e-5): {'pass' if passed else 'FAIL'}")
sys.exit(not passed)
END

# All trials as numbers 0 to the last, cut into chunks at these shares (per mille).
background=20000 signal=2000
means=(0.5 1 1.5 2 2.5 3 4 6)
one=(0 1000)
seven=(0 3 140 141 500 622 999 1000)

# make_chunks FOLDER THREADS CUT...
make_chunks() {
    local folder="$work/$1" threads="$2" cuts=("${@:3}") index mu count first last
    rm -rf "$folder"
    mkdir "$folder"
    # The last chunk first: the order must not matter.
    for ((index = ${#cuts[@]} - 2; index >= 0; index--)); do
        for mu in 0 "${means[@]}"; do
            [[ "$mu" == 0 ]] && count=$background || count=$signal
            first=$((count * cuts[index] / 1000)) last=$((count * cuts[index + 1] / 1000))
            "$bin/trialgen" run "${analysis[@]}" --seed 40 --mu "$mu" --threads "$threads" \
                --first-trial "$first" --trials "$((last - first))" --output "$folder/chunk$index.h5" > /dev/null
        done
    done
    "$bin/trialmerge" merge "$folder"/chunk*.h5 -o "$folder/merged.h5" --quiet --json > "$folder/merge.json"
}
field() {
    "$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"
}

make_chunks one 1 "${one[@]}"
make_chunks seven_by_1 1 "${seven[@]}"
make_chunks seven_by_2 2 "${seven[@]}"
digest="$(field "$work/one/merge.json" table_sha256)"
echo
for made in one seven_by_1 seven_by_2; do
    found="$(field "$work/$made/merge.json" table_sha256)"
    verdict=pass
    [[ "$found" == "$digest" && "$(field "$work/$made/merge.json" has_gaps)" == False ]] || verdict=FAIL failed=1
    echo "$made: table sha256 $found, gaps $(field "$work/$made/merge.json" has_gaps): $verdict"
done
echo
"$bin/trialmerge" sensitivity "$work/seven_by_2/merged.h5"

((failed == 0)) && echo "real_ic40: pass" || echo "real_ic40: FAIL"
exit "$failed"
