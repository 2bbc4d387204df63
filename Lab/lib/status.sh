# shellcheck shell=bash
# What `lab status` prints. Its exit code is 0 only when everything is as `lab up` left it.

mark() { if "$@" >/dev/null 2>&1; then echo ok; else bad=1; echo NO; fi; }

unit_states() { # host
    local unit
    for unit in $(host_units "$1"); do
        printf '%s=%s ' "${unit%.service}" "$(docker exec "$1" systemctl is-active "$unit" 2>/dev/null || true)"
    done
}

container_states() { # host
    { timeout 10 docker exec "$1" docker ps --all --format '{{.Names}}={{.State}}' 2>/dev/null || true; } |
        paste -sd ' '
}

status() {
    local bad='' name address image rest list pid ssh docker
    printf '%-10s %-14s %-6s %-8s %s\n' host address ssh docker 'containers and units'
    while read -r name address image rest; do
        if container_paused "$name"; then
            bad=1
            printf '%-10s %-14s frozen\n' "$name" "$address"
        elif [ "$image" = systemd ]; then
            ssh=$(mark ssh_answers "$name") docker=$(mark timeout 10 docker exec "$name" docker version)
            printf '%-10s %-14s %-6s %-8s %s %s\n' "$name" "$address" "$ssh" "$docker" \
                "$(container_states "$name")" "$(unit_states "$name")"
        else
            printf '%-10s %-14s %-6s %-8s\n' "$name" "$address" "$(mark ssh_answers "$name")" -
        fi
    done < <(hosts)
    echo
    printf '%-14s %-8s %s\n' process pid state
    for name in engine blackbox alertmanager prometheus; do
        if is_alive "$(process_file "$name")"; then
            printf '%-14s %-8s running\n' "$name" "$pid"
        else
            bad=1
            printf '%-14s %-8s not running\n' "$name" -
        fi
    done
    echo
    echo "profile: $profile; state: $state; cache: $cache"
    if list=$(alerts 2>/dev/null); then
        echo "prometheus: ready; active alerts: $(grep -c . <<<"$list" || true)"
        [ -z "$list" ] || { bad=1; echo "$list"; }
    else
        bad=1
        echo 'prometheus: does not answer'
    fi
    # Not a failure of the command, so not for the ERR trap.
    if [ -n "$bad" ]; then exit 1; fi
}
