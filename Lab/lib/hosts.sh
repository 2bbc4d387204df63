# shellcheck shell=bash
# The hosts: containers of the lab's engine that behave like machines, each with a network namespace held by a
# companion container so that it survives a reboot, and a cable (veth) to the bridge.

# `docker run --privileged` asks for CAP_SYS_RESOURCE, which confined machines don't have; a host does without it.
host_capabilities='CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
    NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
    SYS_BOOT SYS_NICE SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
    WAKE_ALARM BLOCK_SUSPEND AUDIT_READ'

bridge=lab0
cable() { echo "vh-$1"; }
gateway() { echo "${1%.*}.1"; }

create_bridge() {
    local address
    ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
    for address in $(hosts | awk '{ print $2 }'); do
        ip address replace "$(gateway "$address")/24" dev "$bridge"
    done
    ip link set "$bridge" up
}

create_keys() {
    local name folder
    [ -s "$state/webhook-password" ] ||
        (umask 077; head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"$state/webhook-password")
    [ -e "$state/ssh/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C jarvis@lab -f "$state/ssh/id_ed25519"
    : >"$state/ssh/known_hosts.new"
    for name in $(host_names); do
        folder=$state/hosts/$name
        mkdir -p "$folder/docker"
        [ -e "$folder/ssh_host_ed25519_key" ] ||
            ssh-keygen -q -t ed25519 -N '' -C "root@$name" -f "$folder/ssh_host_ed25519_key"
        # Pinned from the keys themselves: nothing is learned over the wire.
        echo "$name,$(host_address "$name") $(cut -d ' ' -f 1,2 "$folder/ssh_host_ed25519_key.pub")" \
            >>"$state/ssh/known_hosts.new"
    done
    mv "$state/ssh/known_hosts.new" "$state/ssh/known_hosts"
}

container_running() { [ "$(docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }
container_paused() { [ "$(docker container inspect --format '{{.State.Paused}}' "$1" 2>/dev/null)" = true ]; }

# What the hosts see as /sys/fs/cgroup. Given the machine's own folder, systemd would mount the hierarchies that are
# missing there, for the whole machine and for good, and make the folder read-only (cgroup v1). Here it finds the
# hierarchies the machine uses, and a read-only folder around them that takes no others.
host_cgroups=/run/$lab_name-cgroup

prepare_host_cgroups() {
    local folder
    ! mountpoint -q "$host_cgroups" || return 0
    mkdir -p "$host_cgroups"
    if [ "$(stat --file-system --format %T /sys/fs/cgroup)" = cgroup2fs ]; then
        mount --bind /sys/fs/cgroup "$host_cgroups"
        return
    fi
    mount -t tmpfs -o mode=755 tmpfs "$host_cgroups"
    for folder in /sys/fs/cgroup/*; do
        if [ -L "$folder" ]; then
            cp --no-dereference "$folder" "$host_cgroups/"
        elif mountpoint -q "$folder"; then
            mkdir "$host_cgroups/${folder##*/}"
            mount --bind "$folder" "$host_cgroups/${folder##*/}"
        fi
    done
    mount -o remount,ro "$host_cgroups"
}

# Companion, cable and container of one host; everything already there is left as it is.
create_host() { # name
    local name=$1 address image options=() capability pid
    address=$(host_address "$name")
    image=$(host_image "$name")
    if ! container_running "net-$name"; then
        # A new companion means a new namespace, which the old host container can't move into.
        docker rm -f "$name" "net-$name" >/dev/null 2>&1 || true
        docker run --detach --name "net-$name" --hostname "$name" --network none --add-host "$name:$address" \
            --stop-signal KILL "$lab_name/busybox" /bin/sleep 2000000000 >/dev/null
    fi
    if ! ip link show "$(cable "$name")" >/dev/null 2>&1; then
        pid=$(docker container inspect --format '{{.State.Pid}}' "net-$name")
        ip link add "$(cable "$name")" type veth peer name eth0 netns "$pid"
        nsenter --target "$pid" --net sh -c "ip address add $address/24 dev eth0 && ip link set eth0 up"
    fi
    ip link set "$(cable "$name")" master "$bridge" up
    if docker container inspect "$name" >/dev/null 2>&1; then return 0; fi
    if [ "$image" = systemd ]; then
        for capability in $host_capabilities; do options+=(--cap-add "$capability"); done
        options+=(--security-opt seccomp=unconfined --security-opt apparmor=unconfined
            --security-opt systempaths=unconfined --device-cgroup-rule 'a *:* rwm' --ulimit nofile=20000:20000
            --cgroupns host --volume "$host_cgroups:/sys/fs/cgroup:rw"
            --tmpfs /run/lock --volume "$state/hosts/$name/docker:/var/lib/docker")
    fi
    docker create --name "$name" --network "container:net-$name" --tmpfs /run:exec --tmpfs /tmp:exec \
        --volume "$state/hosts/$name/ssh_host_ed25519_key:/etc/ssh/ssh_host_ed25519_key:ro" \
        --volume "$state/ssh/id_ed25519.pub:/etc/ssh/authorized_keys/jarvis:ro" \
        "${options[@]}" "$lab_name/$image" >/dev/null
}

boot_host() { # name
    if container_paused "$1"; then docker unpause "$1" >/dev/null; fi
    docker start "$1" >/dev/null
}

systemd_settled() {
    case $(docker exec "$1" systemctl is-system-running 2>/dev/null) in running | degraded) ;; *) return 1 ;; esac
}
ssh_answers() { on_host "$1" true; }

# As Jarvis does it: with the client key, the pinned host keys and nothing of the operator's own configuration.
on_host() { # name command...
    local name=$1
    shift
    ssh -F none -n -o BatchMode=yes -o ConnectTimeout=3 -o IdentitiesOnly=yes -o IdentityAgent=none -o LogLevel=ERROR \
        -i "$state/ssh/id_ed25519" -o "UserKnownHostsFile=$state/ssh/known_hosts" -o GlobalKnownHostsFile=/dev/null \
        -o StrictHostKeyChecking=yes "jarvis@$(host_address "$name")" "$@"
}

# The state a host has after `up` and after `reset`: reachable, every container and every unit good.
settle_host() { # name
    local name=$1 containers units log=$state/log/host-$1.log
    ip link set "$(cable "$name")" up
    boot_host "$name"
    wait_for 60 "ssh to $name" "$log (or: Lab/lab exec $name journalctl)" ssh_answers "$name"
    [ "$(host_image "$name")" = systemd ] || return 0
    wait_for 60 "the boot of $name" "'Lab/lab exec $name systemctl --failed'" systemd_settled "$name"
    mapfile -t containers < <(host_containers "$name")
    mapfile -t units < <(host_units "$name")
    docker exec "$name" rm -f /etc/fragile.broken /etc/tunnel.broken /etc/tunnel.cuts-off
    docker exec "$name" systemctl reset-failed
    docker exec "$name" systemctl start docker.service docker-exporter.service "${units[@]}" >>"$log" 2>&1 ||
        die "a unit of $name does not start; read $log"
    if [ ${#containers[@]} -gt 0 ]; then
        docker exec "$name" lab-workload "${containers[@]}" >>"$log" 2>&1 ||
            die "a container of $name does not start; read $log"
    fi
}

# Hosts are independent, so they settle side by side; the first failure is everybody's.
settle_hosts() {
    local name jobs=() job failed=
    for name in $(host_names); do
        settle_host "$name" &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=1; done
    [ -z "$failed" ] || die 'not every host came up'
}

create_hosts() {
    local name
    for name in $(host_names); do create_host "$name"; done
}

remove_hosts() {
    local all
    all=$(docker ps --all --quiet)
    # shellcheck disable=SC2086
    [ -z "$all" ] || docker rm --force $all >/dev/null
}
