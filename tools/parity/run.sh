#!/usr/bin/env bash
# trialgen against SkyLLH 26.1.0 on one release; the last line says whether every limit holds.
#
#   tools/parity/run.sh [--trials N] [RELEASE]   compare on RELEASE, or on a toy release made here
#   tools/parity/run.sh --store                  make Tests/ParityTests/Reference again (half an hour)
#
# RELEASE is a release folder under the name that the release has (icecube_10year_ps, icecube_14year_ps_v2, ...).
# DATASETS="IC40 IC59" restricts the comparison. SkyLLH goes into a virtual environment in VENV (default
# ~/.cache/trialgen/parity); PYTHON names the interpreter. `trialgen` is taken from PATH, else built.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"

store=false trials=300 release=
while (($#)); do
    case "$1" in
        --store) store=true ;;
        --trials) trials="${2:?--trials needs a number}"; shift ;;
        -*) echo "run.sh: unknown option $1" >&2; exit 64 ;;
        *) release="$1" ;;
    esac
    shift
done

source "$here/environment.sh"
# Judged before anything is built.
[[ -z "$release" ]] || sample_of "$(release_in "$release")" > /dev/null

trialgen="$(trialgen_program)"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
if [[ -z "$release" ]]; then
    # The release of Tests/ParityTests/ParityToy.swift.
    "$trialgen" toy --output "$work" --seed 3 --scale 0.05 --bins 6
    release="$work/icecube_14year_ps_v2"
fi
release="$(release_in "$release")"
base="$(dirname "$release")"
sample="$(sample_of "$release")"
common=("$base" --sample "$sample")
read -ra datasets <<<"${DATASETS:-}"
[[ -n "${DATASETS:-}" ]] && common+=(--datasets "${datasets[@]}")

references="$work/references"
$store && references="$root/Tests/ParityTests/Reference"
mkdir -p "$references"

# reference NAME OPTION...
reference() {
    echo "SkyLLH: $1" >&2
    "$python" "$here/skyllh_reference.py" "${common[@]}" "${@:2}" > "$references/$1.json"
}
all=(--scan --ingredients --energy-points 12 --declination-points 10 --events 10)
few=(--scan --ingredients --energy-points 12 --declination-points 2 --events 5)
reference toy_dec-0.01 --ra 40.67 --dec -0.01 "${all[@]}"
reference toy_dec-60 --ra 201.37 --dec -60 "${all[@]}"
reference toy_dec45 --ra 150 --dec 45 "${all[@]}"
reference toy_dec-0.01_cutoff --ra 40.67 --dec -0.01 --gamma 2.2 --ecut 1e5 "${few[@]}"
reference toy_dec-0.01_range --ra 40.67 --dec -0.01 --gamma 3 --energy-range 1000 1e6 --scan

# trials MU COUNT OPTION...
probes=(5:2 5:3 20:2.5)
trials() {
    echo "SkyLLH: $2 trials with mu $1" >&2
    "$python" "$here/skyllh_trials.py" "${common[@]}" --mu "$1" --trials "$2" --probe "${probes[@]}" "${@:3}"
}
starts0=(--seed 1 --start-ns 0.5 5 --start-gamma 1.4 2.2 2.9 3.5 3.9)
starts20=(--seed 2 --start-ns 15 --start-gamma 1.6 2.1 2.6)
if $store; then
    trials 20 1500 "${starts20[@]}" --compact "$references/trials_toy_mu20.f32"
    trials 0 1500 "${starts0[@]}" --compact "$references/trials_toy_mu0.f32"
    trials 0 4000 --seed 7 --no-fit --compact "$references/trials_toy_mu0_probes.f32"
    exit
fi

failed=0
"$python" "$here/compare.py" reference --trialgen "$trialgen" --data "$release" "$references"/*.json || failed=1

if ((trials > 0)); then
    options=(--data "$release" --sample "$sample" --ra 40.67 --dec -0.01 --compat skyllh-26.1)
    [[ -n "${DATASETS:-}" ]] && options+=(--datasets "${DATASETS// /,}")
    echo
    echo "SkyLLH's own fit, one descent a trial:"
    trials 0 "$((trials < 50 ? trials : 50))" --own-start
    for mu in 0 20; do
        starts="starts${mu}[@]"
        trials "$mu" "$trials" "${!starts}" --save "$work/trials$mu.npy"
        "$trialgen" run "${options[@]}" --mu "$mu" --trials 20000 --threads 1 --output "$work/chunk$mu.h5" \
            "${probes[@]/#/--probe=}"
        "$python" "$here/compare.py" trials "$work/chunk$mu.h5" "$work/trials$mu.npy" --mu "$mu" || failed=1
    done
fi

# The densities, cut curves and ratios of single events, which no command prints.
if [[ -z "${DATASETS:-}" ]]; then
    echo
    (cd "$root" && PARITY_REFERENCES="$references" PARITY_RELEASE="$release" \
        swift test -c release -Xswiftc -enable-testing --scratch-path .build-test --filter GivenReferenceTests) \
        > "$work/tests.log" 2>&1 || failed=1
    grep -E '^parity|recorded an issue|error:' "$work/tests.log" || tail -n 20 "$work/tests.log"
fi

((failed == 0)) && echo "parity: every limit holds" || echo "parity: a limit is exceeded"
exit "$failed"
