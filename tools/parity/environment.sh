# Sourced by scripts that compare with SkyLLH: sets $python to an interpreter that has SkyLLH 26.1.0 and h5py, and defines
# trialgen_program, release_in and sample_of.
#
# SkyLLH goes into a virtual environment in VENV (default ~/.cache/trialgen/parity); PYTHON names the interpreter.
venv="${VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/trialgen/parity}"
python="$venv/bin/python"
# One core, and no files left beside the scripts.
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1

if [[ ! -x "$python" ]]; then
    echo "installing SkyLLH into $venv" >&2
    "${PYTHON:-python3}" -m venv "$venv"
fi
if ! "$python" -c 'import skyllh, iminuit, h5py' 2>/dev/null; then
    "$venv/bin/pip" install --quiet skyllh==26.1.0 iminuit h5py
fi

# The path of trialgen: that of PATH, else it is built.
trialgen_program() {
    local root
    command -v trialgen && return
    root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
    (cd "$root" && swift build -c release --product trialgen >&2)
    echo "$(cd "$root" && swift build -c release --show-bin-path)/trialgen"
}

# The release folder that $1 is, or that it holds, as an absolute path.
release_in() {
    local name
    for name in icecube_14year_ps_v2 icecube_14year_ps icecube_10year_ps; do
        [[ -d "$1/$name" ]] && { (cd "$1/$name" && pwd); return; }
    done
    (cd "$1" && pwd)
}

# The sample whose release is the folder $1.
sample_of() {
    case "$(basename "$1")" in
        icecube_10year_ps) echo IceTracks-DR1 ;;
        icecube_14year_ps) echo IceTracks-DR2-v1 ;;
        icecube_14year_ps_v2) echo IceTracks-DR2 ;;
        *)
            echo "$(basename "$0"): $1 has not the name of a release (icecube_14year_ps_v2, ...)" >&2
            return 66
            ;;
    esac
}
