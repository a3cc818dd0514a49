#!/usr/bin/env bash
# A sample of one's own against SkyLLH given the same files: the events of the three-year release of 2010-2012 with the
# responses of IceTracks-DR2, as `trialgen config --init sample` defines them.
#
#   tools/parity/three_year.sh BIN_DIR DIR [RELEASE]
#
# DIR receives the sample's folder. RELEASE has the unpacked responses (irfs/); without it they are unpacked from
# ../shared (2.4 GB). SkyLLH goes into a virtual environment as in run.sh.
set -euo pipefail

bin="$(cd "${1:?three_year.sh needs the folder of the built programs}" && pwd)"
mkdir -p "${2:?three_year.sh needs a folder to work in}"
work="$(cd "$2" && pwd)"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
shared="$here/../../../shared/data"
if [[ ! -d "$shared/icecube-3year" ]]; then
    echo "three_year.sh: $shared/icecube-3year is not there" >&2
    exit 66
fi
source "$here/environment.sh"

sample="$work/icecube-3year"
mkdir -p "$sample/events" "$sample/irfs" "$sample/uptime"
for file in "$shared"/icecube-3year/events/*.txt.xz; do
    name="$(basename "$file" .txt.xz)"
    [[ -s "$sample/events/$name.csv" ]] || xz --decompress --stdout "$file" > "$sample/events/$name.csv"
done
for season in IC79 IC86_I IC86_II; do
    ln -sf "$(cd "$shared" && pwd)/icetracks-dr1/uptime/${season}_exp.csv" "$sample/uptime/"
done
for file in IC79_effectiveArea IC79_smearing IC86_effectiveArea IC86_smearing; do
    if [[ -n "${3:-}" ]]; then
        ln -sf "$(cd "$3" && pwd)/irfs/$file.csv" "$sample/irfs/"
    elif [[ ! -s "$sample/irfs/$file.csv" ]]; then
        xz --decompress --stdout "$shared/icetracks-dr2-v1/irfs/$file.csv.xz" > "$sample/irfs/$file.csv"
    fi
done
# SkyLLH reads no other ending.
"$bin/trialgen" config --init sample | sed 's/-events[.]txt/-events.csv/' > "$work/sample.yaml"
"$bin/trialgen" config --check "$work/sample.yaml"

references=()
for position in "40.67 -0.01" "77.36 5.69" "266.4 -29.01"; do
    read -r ra dec <<< "$position"
    reference="$work/three_year_dec$dec.json"
    "$python" "$here/skyllh_reference.py" "$sample" --definition "$work/sample.yaml" --ra "$ra" --dec "$dec" --scan > "$reference"
    references+=("$reference")
done
"$python" "$here/compare.py" reference --trialgen "$bin/trialgen" --data "$sample" "${references[@]}"
