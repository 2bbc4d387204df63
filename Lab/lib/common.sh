# shellcheck shell=bash
# Where things are, how the lab speaks, waits and keeps track of its processes.

lab_name=jarvis-lab
state=${JARVIS_LAB_DIR:-/var/tmp/jarvis-lab}
cache=${JARVIS_LAB_CACHE:-/var/cache/jarvis-lab}
profile=${JARVIS_LAB_PROFILE:-fast}
netns=/run/netns/$lab_name

say() { printf 'lab [%3ss] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'lab: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'lab: %s\n' "$*" >&2; exit 2; }

# Polls until the command succeeds; the sentence says what was expected, the last line of `log` why it may not be.
wait_for() { # seconds sentence log command...
    local limit=$1 sentence=$2 log=$3 deadline=$((SECONDS + $1))
    shift 3
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || die "$sentence did not happen within $limit s; read $log"
        sleep 0.1
    done
}

# ------------------------------------------------------------------------------------------------ the table of hosts
# Prints "name address image containers units" per host, lists as words, - as nothing.
hosts() {
    local name address image containers units
    while read -r name address image containers units; do
        case $name in '' | '#'*) continue ;; esac
        echo "$name $address $image $containers $units"
    done <"$lab/hosts"
}

host_field() { # host column-number
    local line
    line=$(hosts | awk -v host="$1" '$1 == host') # not every name is a host
    [ -n "$line" ] || usage_error "there is no host '$1'; the hosts are: $(hosts | awk '{ printf "%s ", $1 }')"
    awk -v column="$2" '{ print $column }' <<<"$line"
}
host_address() { host_field "$1" 2; }
host_image() { host_field "$1" 3; }
words() { if [ "$1" != - ]; then tr ',' '\n' <<<"$1"; fi; }
host_containers() { local list; list=$(host_field "$1" 4); words "$list"; }
host_units() { local list; list=$(host_field "$1" 5); words "$list"; }
host_names() { hosts | awk '{ print $1 }'; }
systemd_hosts() { hosts | awk '$3 == "systemd" { print $1 }'; }

# ------------------------------------------------------------------------------------------------------- processes
# A process is its pid and its start time: a pid that was given to somebody else since is not ours.
start_time() { # pid
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # The second field is the name in parentheses and may hold anything; count from behind it.
    awk '{ print $20 }' <<<"${stat##*) }"
}

is_alive() { # pid-file; sets pid
    local started
    pid=
    [ -s "$1" ] || return 1
    read -r pid started <"$1"
    [ "$(start_time "$pid")" = "$started" ] && [[ $(ps -o state= -p "$pid") != Z* ]]
}

process_file() { echo "$state/run/$1.pid"; }

start_process() { # name command...
    local name=$1 file
    shift
    file=$(process_file "$name")
    if is_alive "$file"; then return 0; fi
    # 8 and 9 are locks: a daemon that inherits one holds it for ever.
    setsid "$@" </dev/null >>"$state/log/$name.log" 2>&1 8>&- 9>&- &
    echo "$! $(start_time $!)" >"$file"
}

stop_process() { # name [signal]
    local file pid i
    file=$(process_file "$1")
    if is_alive "$file"; then
        kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
        for ((i = 0; i < 100; i++)); do is_alive "$file" || break; sleep 0.1; done
        if is_alive "$file"; then kill -s KILL "$pid" 2>/dev/null || true; fi
    fi
    rm -f "$file"
}

process_names() {
    local file
    for file in "$state"/run/*.pid; do
        [ -e "$file" ] || continue
        file=${file##*/}
        echo "${file%.pid}"
    done
}
