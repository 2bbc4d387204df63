# shellcheck shell=bash
# The keeper is PID 1 of the lab's own pid, mount and network namespaces. Everything of the lab lives in them, so the
# end of this one process is the end of every process, mount and interface of the lab, however it came about.
#
# What a dead keeper can't take along, sweep() removes: the name of the network namespace, cgroups, the state folder.

keeper_file() { echo "$state/run/keeper"; }

# A keeper that was killed while a host is frozen can't finish dying, but its namespaces are closed already.
keeper_alive() { is_alive "$(keeper_file)" && readlink "/proc/$pid/ns/net" >/dev/null 2>&1; }

# Continues this script inside the keeper's namespaces; never returns.
enter() { # command...
    local pid
    keeper_alive || die "the lab is not up; 'Lab/lab up' brings it up"
    exec nsenter --target "$pid" --mount --pid --net -- \
        env PATH=/usr/sbin:/usr/bin:/sbin:/bin JARVIS_LAB_INSIDE=1 \
        JARVIS_LAB_DIR="$state" JARVIS_LAB_CACHE="$cache" JARVIS_LAB_PROFILE="$profile" \
        "$lab/lab" "$@"
}

take_command_lock() {
    mkdir -p "$cache"
    exec 9>"$cache/command.lock"
    flock --wait 300 9 || die "another 'lab up', 'lab down' or 'lab reset' has been running for five minutes"
}

# A lock held by our own state folder's keeper is one that is still dying; it is no reason to refuse.
refuse_other_lab() {
    [ -e "$cache/lab.lock" ] || return 0
    if flock --nonblock "$cache/lab.lock" true || [ "$(<"$cache/lab.lock")" = "$state" ]; then return 0; fi
    die "a lab with JARVIS_LAB_DIR=$(<"$cache/lab.lock") is up on this machine; end that one first"
}

start_keeper() {
    local parent child i log=$state/log/keeper.log
    # The keeper holds this lock as long as it lives: there is one lab per cache, because there is one engine in it.
    exec 8>>"$cache/lab.lock"
    flock --wait 10 8 ||
        die "the lock $cache/lab.lock of $(<"$cache/lab.lock") is held; run 'Lab/lab down' with that JARVIS_LAB_DIR"
    echo "$state" >"$cache/lab.lock"
    # An own /run keeps the operator's Docker and containerd sockets out of reach.
    # shellcheck disable=SC2016
    setsid unshare --fork --kill-child --pid --mount --propagation private --net --mount-proc -- \
        sh -c 'mount -t tmpfs -o mode=755 tmpfs /run && ip link set lo up &&
            echo 1 >/proc/sys/net/ipv4/ip_forward && exec docker-init -s -- sleep infinity' \
        </dev/null >>"$log" 2>&1 9>&- &
    parent=$!
    for ((i = 0; i < 100; i++)); do
        child=$(tr -d ' ' <"/proc/$parent/task/$parent/children" 2>/dev/null) ||
            die "the keeper did not start; read $log"
        # Only once it is docker-init are its mounts and its loopback ready.
        if [ -n "$child" ] && grep -qz '^docker-init$' "/proc/$child/cmdline" 2>/dev/null; then break; fi
        child=
        sleep 0.05
    done
    [ -n "$child" ] || die "the keeper was not ready within 5 s; read $log"
    echo "$child $(start_time "$child")" >"$(keeper_file)"
    exec 8>&-
    name_namespace "$child"
}

# `ip netns`, `nsenter --net=` and people find the network namespace under a name.
name_namespace() { # pid
    mkdir -p "${netns%/*}"
    touch "$netns"
    mount --bind "/proc/$1/ns/net" "$netns"
}

# A frozen process takes no signal, not even KILL (cgroup v1).
thaw_everything() {
    find "/sys/fs/cgroup/freezer/$lab_name" -name freezer.state \
        -exec sh -c 'echo THAWED >"$1"' sh {} \; 2>/dev/null || true
}

end_keeper() {
    local pid i
    thaw_everything
    if is_alive "$(keeper_file)"; then
        kill -s KILL "$pid"
        for ((i = 0; i < 100; i++)); do is_alive "$(keeper_file)" || break; sleep 0.1; done
        if is_alive "$(keeper_file)"; then
            die "the lab's first process $pid survives SIGKILL; look at /proc/$pid/stack"
        fi
        flock --wait 10 "$cache/lab.lock" true ||
            die "the lab's lock $cache/lab.lock is still held; find the holder with fuser"
    fi
}

sweep() {
    local folder i
    if mountpoint -q "$netns" 2>/dev/null; then umount "$netns"; fi
    rm -f "$netns"
    for ((i = 0; i < 50; i++)); do
        for folder in "/sys/fs/cgroup/$lab_name" /sys/fs/cgroup/*/"$lab_name"; do
            [ ! -d "$folder" ] || find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
        done
        [ -n "$(find /sys/fs/cgroup -maxdepth 2 -name "$lab_name" -print -quit)" ] || break
        sleep 0.1
    done
    if [ -e "$state/.$lab_name" ]; then
        # Only what the lab itself put there: the folder may be shared with whoever uses the lab.
        rm -rf "$state"/{run,log,conf,data,hosts,ssh,webhook-password,known_hosts}
        rm -f "$state/.$lab_name"
        rmdir "$state" 2>/dev/null || say "left in place, because it is not the lab's: $(ls -A "$state")"
    fi
}

# Programs somebody started with `lab run` share the network namespace but are not the lab's to end.
guests() {
    local process wanted pid
    keeper_alive || return 0
    wanted=$(readlink "/proc/$pid/ns/net")
    local inside
    inside=$(readlink "/proc/$pid/ns/pid")
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/ns/net" 2>/dev/null)" = "$wanted" ] || continue
        [ "$(readlink "$process/ns/pid_for_children" 2>/dev/null)" != "$inside" ] || continue
        echo "${process##*/} ($(tr '\0' ' ' <"$process/cmdline" 2>/dev/null | cut -c 1-60))"
    done
}

prepare_state() {
    if [ -d "$state" ] && [ ! -e "$state/.$lab_name" ] && [ -n "$(ls -A "$state")" ]; then
        die "JARVIS_LAB_DIR=$state exists and is not a lab's folder; name an empty or a new one"
    fi
    case $state/ in
        /run/* | /proc/* | /sys/*) die "JARVIS_LAB_DIR=$state can't be used; choose a folder on a disk" ;;
        /*) ;;
        *) usage_error "JARVIS_LAB_DIR=$state is not an absolute path" ;;
    esac
    mkdir -p "$state"/{run,log,conf,data,hosts,ssh} "$cache"
    chmod 755 "$state"
    touch "$state/.$lab_name"
}
