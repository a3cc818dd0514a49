#!/usr/bin/env bash
# trialgen against SkyLLH 26.1.0 with a tabulated spectrum whose peak is fitted; the last line says whether every limit
# holds.
#
#   tools/parity/peak.sh [--trials N] [RELEASE]   on RELEASE, or on a toy release made here
#
# At two declinations: ln Lambda on a grid, the flux per event at four peaks, the fit of the data. N trials of SkyLLH's
# (default 1000; 0 for none) are compared with 20,000 of ours, of the first dataset. DATASETS="IC40 IC79" restricts the
# comparison, TRIALS_MU0 and TRIALS_MU10 name tables that skyllh_trials.py saved before. VENV and PYTHON as in run.sh;
# `trialgen` is taken from PATH, else built.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

trials=1000 release=
while (($#)); do
    case "$1" in
        --trials) trials="${2:?--trials needs a number}"; shift ;;
        -*) echo "peak.sh: unknown option $1" >&2; exit 64 ;;
        *) release="$1" ;;
    esac
    shift
done
source "$here/environment.sh"

trialgen="$(trialgen_program)"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
if [[ -z "$release" ]]; then
    "$trialgen" toy --output "$work" --seed 3 --scale 0.05 --bins 6 --quiet >/dev/null
    release="$work/icecube_14year_ps_v2"
fi
release="$(release_in "$release")"
sample="$(sample_of "$release")"
read -ra datasets <<<"${DATASETS:-IC40 IC79}"
common=("$(dirname "$release")" --sample "$sample" --spectrum "$here/bump.txt" --peak 5)

for position in "40.67 -0.01" "83.63 22.01"; do
    read -r ra dec <<<"$position"
    echo "SkyLLH: dec $dec" >&2
    "$python" "$here/skyllh_peak.py" "${common[@]}" --datasets "${datasets[@]}" --ra "$ra" --dec "$dec" \
        >"$work/peak_dec$dec.json"
done
failed=0
"$python" "$here/compare.py" reference --trialgen "$trialgen" --data "$release" "$work"/peak_*.json || failed=1

if ((trials > 0)); then
    probes=(3:3 3:5 12:6)
    options=(--data "$release" --sample "$sample" --ra 40.67 --dec -0.01 --datasets "${datasets[0]}"
        --compat skyllh-26.1 --spectrum "$here/bump.txt" --peak 5 --fit-shape table)
    for mu in 0 10; do
        starts=(--seed 1 --start-ns 0.5 5 --start-gamma 1.5 3 4.5 6 7.5)
        if ((mu > 0)); then starts=(--seed 2 --start-ns 8 --start-gamma 4 5 6); fi
        given="TRIALS_MU$mu"
        table="${!given:-$work/trials$mu.npy}"
        if [[ ! -f "$table" ]]; then
            echo "SkyLLH: $trials trials with mu $mu" >&2
            "$python" "$here/skyllh_trials.py" "${common[@]}" --datasets "${datasets[0]}" --ra 40.67 --dec -0.01 --mu "$mu" \
                --trials "$trials" --probe "${probes[@]}" "${starts[@]}" --save "$table"
        fi
        "$trialgen" run "${options[@]}" --mu "$mu" --trials 20000 --threads 1 --output "$work/chunk$mu.h5" --quiet \
            "${probes[@]/#/--probe=}" >/dev/null
        "$python" "$here/compare.py" trials "$work/chunk$mu.h5" "$table" --mu "$mu" || failed=1
    done
fi

((failed == 0)) && echo "parity: every limit holds" || echo "parity: a limit is exceeded"
exit "$failed"
