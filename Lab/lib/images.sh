# shellcheck shell=bash
# The engine that runs the hosts, and the images the hosts are made of. Both are kept in the cache.

export DOCKER_HOST=unix:///run/$lab_name.sock
# The legacy builder is enough here, and the only one Debian's engine has for certain.
export DOCKER_BUILDKIT=0

base_packages() { paste -sd, "$lab/images/packages"; }
base_digest() { { echo "$suite"; base_packages; } | sha256sum | cut -c 1-12; }
base_archive() { echo "$cache/base-$(base_digest).tar"; }
suite=${JARVIS_LAB_SUITE:-bookworm}

debian_mirror() {
    if [ -n "${JARVIS_LAB_MIRROR:-}" ]; then echo "$JARVIS_LAB_MIRROR"; return; fi
    local found
    # shellcheck disable=SC2016
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
        grep -v security | head -n 1) || true
    [ -n "$found" ] || die 'no Debian mirror is configured in /etc/apt; name one with JARVIS_LAB_MIRROR'
    echo "$found"
}

# The only part that needs a network, so it runs outside of the lab; in namespaces of its own, so that an interrupted
# debootstrap leaves neither mounts nor processes.
build_base_archive() {
    local archive work log=$state/log/debootstrap.log mirror
    archive=$(base_archive)
    [ ! -e "$archive" ] || return 0
    mirror=$(debian_mirror)
    rm -rf "$cache"/base.partial*
    work=$cache/base.partial
    say "building the hosts' root file system once, a minute or more ($suite from $mirror)"
    unshare --fork --kill-child --pid --mount --propagation private --mount-proc -- \
        timeout 1800 debootstrap --variant=minbase --include="$(base_packages)" "$suite" "$work" "$mirror" \
        </dev/null >"$log" 2>&1 || die "debootstrap failed or took over 30 minutes; read $log"
    rm -rf "$work"/var/cache/apt/archives/*.deb "$work"/var/lib/apt/lists/*
    tar -C "$work" -cf "$work.tar" .
    rm -rf "$work"
    mv "$work.tar" "$archive"
}

# No bridge, no packet filter, no forwarding of its own: the hosts' network is made by hand.
start_engine() {
    start_process engine dockerd --host "$DOCKER_HOST" --data-root "$cache/engine" --exec-root "/run/$lab_name-engine" \
        --pidfile "/run/$lab_name-engine.pid" --bridge none --iptables=false --ip6tables=false --ip-forward=false \
        --storage-driver overlay2 --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$lab_name"
    wait_for 60 "the start of the lab's own Docker engine" "$state/log/engine.log" docker version
}

build_images() {
    local base log=$state/log/images.log image
    base=$lab_name/base:$(base_digest)
    if ! docker image inspect "$base" >/dev/null 2>&1; then
        say 'importing the root file system'
        docker import "$(base_archive)" "$base" >"$log" 2>&1 || die "docker import failed; read $log"
    fi
    for image in systemd busybox; do
        docker build --network none --build-arg "BASE=$base" --tag "$lab_name/$image" "$lab/images/$image" \
            >>"$log" 2>&1 || die "the image '$image' could not be built; read $log"
    done
}
