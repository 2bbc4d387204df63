# shellcheck shell=bash
# Faults, each with its counterpart. A fault returns when it is in place, not when Prometheus has noticed.

unit_is() { # host unit state
    [ "$(docker exec "$1" systemctl show --property ActiveState --value "$2")" = "$3" ]
}

health_is() { # host container status
    [ "$(docker exec "$1" docker inspect --format '{{.State.Health.Status}}' "$2")" = "$3" ]
}

require_systemd_host() { # host
    [ "$(host_image "$1")" = systemd ] ||
        usage_error "$1 has no systemd and no Docker; this fault needs one of: $(systemd_hosts | paste -sd ' ')"
}

fail_unit() { # host unit
    docker exec "$1" systemctl kill --kill-who main --signal KILL "$2"
    wait_for 10 "the failure of $2 on $1" "'Lab/lab exec $1 journalctl -u $2'" unit_is "$1" "$2" failed
}

repair_unit() { # host unit
    docker exec "$1" systemctl restart "$2"
    wait_for 10 "the start of $2 on $1" "'Lab/lab exec $1 journalctl -u $2'" unit_is "$1" "$2" active
}

# The unit has failed and its interface is gone; the next start brings it up again.
fail_tunnel() { # host tunnel
    docker exec "$1" sh -c 'touch /etc/tunnel.broken; systemctl restart "wg-quick@$1.service"; rm -f /etc/tunnel.broken' - "$2" >/dev/null 2>&1 ||
        : # The start fails, which is the fault.
    wait_for 10 "the failure of the tunnel $2 on $1" "'Lab/lab exec $1 journalctl -u wg-quick@$2'" \
        unit_is "$1" "wg-quick@$2.service" failed
}

cut_host() { ip link set "$(cable "$1")" down; }
heal_host() { ip link set "$(cable "$1")" up; }
freeze_host() { container_paused "$1" || docker pause "$1" >/dev/null; }
thaw_host() { if container_paused "$1"; then docker unpause "$1" >/dev/null; fi; }
crash_host() { docker kill --signal KILL "$1" >/dev/null; }

fault_names='container-stop container-kill container-crash container-pause container-unhealthy unit-fail unit-fragile'
fault_names+=' tunnel-fail tunnel-cut'
fault_names+=' host-cut host-freeze host-crash prometheus-kill alertmanager-kill'

fault() { # name [host [workload]]
    local name=$1 host=${2:-} workload=${3:-}
    check_fault_arguments "$@"
    case $name in
        container-stop) docker exec "$host" docker stop -t 3 "$workload" >/dev/null ;;
        container-kill) docker exec "$host" docker kill "$workload" >/dev/null ;;
        # What it runs dies, as by itself: its engine is told nothing.
        container-crash)
            docker exec "$host" sh -c 'kill -KILL "$(docker inspect --format "{{.State.Pid}}" "$1")"' sh "$workload" ;;
        container-pause) docker exec "$host" docker pause "$workload" >/dev/null ;;
        container-unhealthy)
            docker exec "$host" docker exec "$workload" touch /broken
            wait_for 20 "an unhealthy $workload" "'Lab/lab exec $host docker inspect $workload'" \
                health_is "$host" "$workload" unhealthy ;;
        unit-fail) fail_unit "$host" "$workload" ;;
        unit-fragile)
            docker exec "$host" touch /etc/fragile.broken
            fail_unit "$host" fragile.service ;;
        tunnel-fail) fail_tunnel "$host" "$workload" ;;
        tunnel-cut)
            docker exec "$host" touch /etc/tunnel.cuts-off
            fail_tunnel "$host" "$workload" ;;
        host-cut) cut_host "$host" ;;
        host-freeze) freeze_host "$host" ;;
        host-crash) crash_host "$host" ;;
        prometheus-kill | alertmanager-kill) stop_process "${name%-kill}" KILL ;;
    esac
}

repair() { # name [host [workload]]
    local name=$1 host=${2:-} workload=${3:-}
    check_fault_arguments "$@"
    case $name in
        container-*) docker exec "$host" lab-workload "$workload" ;;
        unit-fail) repair_unit "$host" "$workload" ;;
        unit-fragile)
            docker exec "$host" rm -f /etc/fragile.broken
            repair_unit "$host" fragile.service ;;
        tunnel-*)
            docker exec "$host" rm -f /etc/tunnel.cuts-off
            repair_unit "$host" "wg-quick@$workload.service" ;;
        host-cut) heal_host "$host" ;;
        host-freeze) thaw_host "$host" ;;
        host-crash) settle_host "$host" ;;
        prometheus-kill) start_prometheus ;;
        alertmanager-kill) start_alertmanager ;;
    esac
}

check_fault_arguments() {
    local name=$1 wanted=1
    [[ " $fault_names " = *" $name "* ]] || usage_error "there is no fault '$name'; the faults are: $fault_names"
    case $name in container-* | unit-fail | tunnel-*) wanted=3 ;; unit-fragile | host-*) wanted=2 ;; esac
    [ $# = $wanted ] ||
        usage_error "$name takes $((wanted - 1)) arguments (host, then container or unit), not $(($# - 1))"
    [ $wanted = 1 ] || host_field "$2" 1 >/dev/null
    case $name in container-* | unit-* | tunnel-*) require_systemd_host "$2" ;; esac
}

# Everything back to good, whatever was done to it, by whom.
reset() {
    local name
    for name in $(host_names); do create_host "$name"; done
    settle_hosts
    start_monitoring
    wait_quiet
}
