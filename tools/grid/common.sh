# What the scripts of this folder share; they source it.

say() { echo "grid: $*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

# Ends the script: this machine lacks what the test needs. 77 is the customary exit code of a test that was skipped.
skip() { say "skipped: $*"; exit 77; }

# wait_until SECONDS "what is waited for" COMMAND…    fails when COMMAND has not succeeded by then.
wait_until() {
    local seconds=$1 what=$2 deadline=$((SECONDS + $1))
    shift 2
    until "$@"; do
        ((SECONDS < deadline)) || fail "after $seconds s still waiting until $what"
        sleep 0.2
    done
}

# stop_process FILE    ends the process whose id FILE holds, and waits until it has gone.
stop_process() {
    [[ -s $1 ]] || return 0
    local id tries
    id=$(<"$1")
    kill "$id" 2>/dev/null || return 0
    for ((tries = 0; tries < 100; tries++)); do
        kill -0 "$id" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -9 "$id" 2>/dev/null || true
}

# process_of "--job K"    the id of the running trialgen with these arguments, if any.
process_of() { pgrep -f -- "bin/trialgen run .*$1( |\$)"; }

# under_way "--job K" CHUNK    whether that trialgen runs and has committed trials to CHUNK (a file's name or a pattern).
under_way() { process_of "$1" >/dev/null && compgen -G "$2.journal" >/dev/null; }

# table_of JSON, trials_in JSON    what `trialmerge merge --json` said.
table_of() { sed -n 's/.*"table_sha256": "\([0-9a-f]*\)".*/\1/p' "$1"; }
trials_in() { sed -n 's/^  "n_trials": \([0-9]*\).*/\1/p' "$1"; }

# compare ENGINE MERGED REFERENCE_SHA256    the trial table of MERGED against the undisturbed process's.
compare() {
    local again=$2.again.h5 table
    trialmerge merge "$2" -o "$again" --json --quiet >"$2.json"
    rm "$again"
    table=$(table_of "$2.json")
    [[ -n $table && $table == "$(<"$3")" ]] || fail "$1: table $table, by one process $(<"$3")"
    say "$1: $(trials_in "$2.json") trials, the same table, byte for byte ($table)"
}

# loopback    a network of this namespace's own. The second address is for programs that ask whether there is any
# address besides 127.0.0.1 before they resolve a name.
loopback() {
    ip link set lo up
    ip address add 127.0.0.2/8 dev lo
    hostname localhost
}

# set_parameter FILE NAME VALUE    changes a line of the block of parameters at the top of a template.
set_parameter() { sed -i "/^# >>> parameters/,/^# <<< parameters/s|^$2\( *= *\).*|$2\1$3|" "$1"; }
