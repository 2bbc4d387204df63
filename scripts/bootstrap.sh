#!/usr/bin/env bash
# Makes this checkout buildable: installs missing system packages with apt and, only where GitHub can't be
# reached, points SwiftPM at local mirrors of the Swift packages that Debian ships in its `swiftlang` source.
#
#   usage: scripts/bootstrap.sh [build|test|bench|lab]...      (default: build)
#
# Safe to run again at any time; does nothing and says nothing when everything is there.
# Environment: JARVIS_DEPS_CACHE (default ~/.cache/jarvis-deps), JARVIS_DEPS_SUITE (default sid),
#              JARVIS_DEPS_MIRROR=always|never|auto (default auto: only without GitHub).
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/.." && pwd)
cache=${JARVIS_DEPS_CACHE:-${HOME:-}/.cache/jarvis-deps}
suite=${JARVIS_DEPS_SUITE:-sid}
mirror=${JARVIS_DEPS_MIRROR:-auto}

say() { printf 'bootstrap [%3ss] %s\n' "$SECONDS" "$*" >&2; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }
mkdir -p "$cache" 2>/dev/null || die "'$cache' can't be made; set JARVIS_DEPS_CACHE to a directory you may write"

# ---------------------------------------------------------------------------------------------- system packages
build_packages=(libsqlite3-dev libpq-dev libcurl4-openssl-dev libyaml-dev libsodium-dev openssh-client)
test_packages=(openssh-server sudo busybox-static dash prometheus prometheus-alertmanager postgresql openssl procps python3
    shellcheck)
bench_packages=(wrk prometheus-alertmanager python3)
lab_packages=(docker.io iptables iproute2 debootstrap busybox-static openssh-server openssh-client curl jq procps
    prometheus prometheus-alertmanager prometheus-node-exporter prometheus-blackbox-exporter)

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Packages that carry a daemon must not start it on the operator's machine, now or after a reboot: what needs a server
# here starts its own.
policy=/usr/sbin/policy-rc.d
daemons='ssh:ssh.service prometheus:prometheus.service prometheus-alertmanager:prometheus-alertmanager.service
  prometheus-node-exporter:prometheus-node-exporter.service prometheus-blackbox-exporter:prometheus-blackbox-exporter.service
  openssh-server:ssh.service postgresql:postgresql.service docker.io:docker.service docker.io:docker.socket docker.io:containerd.service'
mark='# made by the bootstrap of jarvis, for the time of an installation'
with_daemons_denied() {
    local made='' status=0
    if [ ! -e "$policy" ] || grep -qF "$mark" "$policy"; then
        printf '#!/bin/sh\n%s\nexit 101\n' "$mark" | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made=1
        trap 'as_root rm -f "$policy"' EXIT
    fi
    "$@" || status=$?
    if [ -n "$made" ]; then
        as_root rm -f "$policy"
        trap - EXIT
    fi
    return "$status"
}
disable_daemons() { # newly installed packages...
    local package entry
    command -v systemctl >/dev/null || return 0
    for package in "$@"; do
        for entry in $daemons; do
            [ "${entry%%:*}" = "$package" ] || continue
            as_root systemctl disable "${entry#*:}" >/dev/null 2>&1 || true
            say "disabled ${entry#*:}, which came with $package; enable it yourself if you want it"
        done
    done
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_packages() {
    local missing=() package
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "these packages are missing and there is no apt-get here to install them with: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        die "these packages are missing; install them once as root: apt-get install ${missing[*]}"
    fi
    say "installing with apt: ${missing[*]}"
    local log=$cache/apt-install.log
    mkdir -p "$cache"
    if ! apt-cache show "${missing[0]}" >/dev/null 2>&1 || [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mmin -1440 -print -quit 2>/dev/null)" ]; then
        as_root apt-get -qq update >"$log" 2>&1 || { tail -n 5 "$log" >&2; die "apt-get update failed; the whole log is $log"; }
    fi
    with_daemons_denied as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        install "${missing[@]}" >>"$log" 2>&1 || { tail -n 5 "$log" >&2; die "apt-get install failed; the whole log is $log"; }
    disable_daemons "${missing[@]}"
}

# ------------------------------------------------------------------------------------------------- Swift packages
# folder in the tarball | address as manifests spell it | tag | git tree of that tag upstream
swift_packages='
swift-nio|https://github.com/apple/swift-nio.git|2.65.0|212a44df60b0aca274274facd1024871cf6d897c
swift-log|https://github.com/apple/swift-log.git|1.5.4|7d74c5daf9606460ecdc504a45acae5953663f31
swift-atomics|https://github.com/apple/swift-atomics.git|1.2.0|52ce49bc5b1c4e5c4fcef51b1af805df5659a02e
swift-collections|https://github.com/apple/swift-collections.git|1.1.3|5e4de96f40ccf147dab967f38cb7988ecd933c27
swift-system|https://github.com/apple/swift-system.git|1.5.0|501706f92c58b12b1e43380b9dc54b8f34c89a35
swift-argument-parser|https://github.com/apple/swift-argument-parser.git|1.4.0|da872428a0f01fe7dcb3a0f34e4687611664a087
'
# Named by other manifests, built by nothing of ours: an empty package under the same name satisfies the resolver.
swift_stubs='swift-docc-plugin|https://github.com/apple/swift-docc-plugin.git|1.4.3'

rows() { sed '/^$/d' <<<"$1"; }
repository_name() { local address=${1##*/}; echo "${address%.git}"; }

github_reachable() {
    GIT_TERMINAL_PROMPT=0 timeout 8 git -c http.lowSpeedLimit=1 -c http.lowSpeedTime=5 \
        ls-remote --exit-code https://github.com/apple/swift-log.git HEAD >/dev/null 2>&1
}

# Address and key ring come from this machine's own apt sources.
debian_mirror() {
    python3 - <<'PY'
import glob, os, re, sys
fallback = "/usr/share/keyrings/debian-archive-keyring.gpg"
for name in sorted(glob.glob("/etc/apt/sources.list.d/*.sources")):
    for stanza in re.split(r"\n\s*\n", open(name).read()):
        fields = {}
        for line in stanza.splitlines():
            if not line.startswith("#") and ":" in line and line[0] not in " \t":
                key, value = line.split(":", 1)
                fields[key.strip().lower()] = value.strip()
        suites = fields.get("suites", "").split()
        if fields.get("enabled", "yes").lower() == "no" or "uris" not in fields or not suites: continue
        if "debian" not in fields["uris"] or re.search(r"-security|-updates\b|/", suites[0]): continue
        if "main" in fields.get("components", "").split():
            print(fields["uris"].split()[0], fields.get("signed-by", fallback)); sys.exit()
if os.path.exists("/etc/apt/sources.list"):
    for line in open("/etc/apt/sources.list"):
        found = re.match(r"deb\s+(\[[^]]*\]\s+)?(\S*debian\S*)\s+\S+\s+.*\bmain\b", line)
        if found: print(found.group(2), fallback); sys.exit()
PY
}

# Trust chain: InRelease signature (apt) -> Sources index -> SHA-256 of the tarball -> pinned git tree.
fetch_sources() {
    local uri key version directory tarball digest top
    read -r uri key < <(debian_mirror) || true
    [ -n "${uri:-}" ] || die "GitHub can't be reached and no Debian mirror is configured in /etc/apt; add one or allow github.com"
    mkdir -p "$cache"/{tar,apt/lists/partial,apt/cache/archives/partial}
    echo "deb-src [signed-by=$key] $uri $suite main" >"$cache/apt/src.list"
    local apt=(-o "Dir::Etc::sourcelist=$cache/apt/src.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$cache/apt/lists" -o "Dir::Cache=$cache/apt/cache" -o Debug::NoLocking=1
        -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Get::List-Cleanup=0)
    say "GitHub can't be reached: taking the Swift packages from Debian's swiftlang source ($suite), about 250 MB once"
    apt-get "${apt[@]}" -qq update || die "the source index of $suite could not be fetched from $uri"
    read -r version directory tarball digest < <(apt-cache "${apt[@]}" showsrc --only-source swiftlang | python3 -c '
import re, sys
best = None
for stanza in sys.stdin.read().split("\n\n"):
    version = re.search(r"^Version: (\S+)", stanza, re.M)
    directory = re.search(r"^Directory: (\S+)", stanza, re.M)
    sums = re.search(r"^Checksums-Sha256:\n((?: .*\n?)+)", stanza, re.M)
    if not (version and directory and sums): continue
    for line in sums.group(1).splitlines():
        digest, _, name = line.split()
        if name.endswith(".orig.tar.xz"):
            key = [int(n) for n in re.findall(r"\d+", version.group(1))]
            if best is None or key > best[0]: best = (key, version.group(1), directory.group(1), name, digest)
if best: print(*best[1:])') || true
    [ -n "${digest:-}" ] || die "Debian's $suite has no swiftlang source; set JARVIS_DEPS_SUITE or allow github.com"
    if ! echo "$digest  $cache/tar/$tarball" | sha256sum -c --quiet >/dev/null 2>&1; then
        # The .orig tarball alone: `apt-get source` also wants files a partial mirror may lack.
        /usr/lib/apt/apt-helper "${apt[@]}" -qq download-file "$uri/$directory/$tarball" "$cache/tar/$tarball" "SHA256:$digest" \
            || die "$uri/$directory/$tarball could not be downloaded"
    fi
    say "unpacking swiftlang $version"
    top=$(xz -dc "$cache/tar/$tarball" 2>/dev/null | head -c 512 | tr -d '\0' | cut -d/ -f1 || true)
    local wanted=() folder rest
    while IFS='|' read -r folder rest; do wanted+=("$top/$folder"); done < <(rows "$swift_packages")
    rm -rf "$cache/src"
    mkdir -p "$cache/src"
    xz -dc -T0 "$cache/tar/$tarball" | tar -x -C "$cache/src" --strip-components=1 --no-same-owner "${wanted[@]}"
}

# One bare repository with one commit. Author, date and message are fixed so that every machine gets the same
# commit hash, which SwiftPM pins per address and refuses to see changed.
make_repository() { # source-folder name tag pinned-tree|-
    local target=$cache/git/$2.git work tree commit
    [ ! -d "$target" ] || return 0
    work=$(mktemp -d "$cache/git/.tmp.XXXXXX")
    (
        cd "$1"
        export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
        export GIT_AUTHOR_NAME=deps GIT_AUTHOR_EMAIL=deps@localhost GIT_AUTHOR_DATE=2000-01-01T00:00:00Z
        export GIT_COMMITTER_NAME=deps GIT_COMMITTER_EMAIL=deps@localhost GIT_COMMITTER_DATE=2000-01-01T00:00:00Z
        git -c init.defaultBranch=main init -q --bare "$work"
        in_work() { git --git-dir="$work" --work-tree=. -c core.bare=false -c core.autocrlf=false -c core.fileMode=true -c core.excludesFile=/dev/null "$@"; }
        in_work add -Af .
        tree=$(in_work write-tree)
        if [ "$4" != - ] && [ "$tree" != "$4" ]; then
            say "warning: $2 $3 is tree $tree, upstream's tag is $4 (newer Debian source; its signature was verified)"
        fi
        commit=$(in_work commit-tree -m "$2 $3" "$tree")
        in_work update-ref refs/heads/main "$commit"
        in_work update-ref "refs/tags/$3" "$commit"
        rm -f "$work/index"
    )
    mv "$work" "$target"
}

write_mirror_configuration() {
    local target=$root/.swiftpm/configuration/mirrors.json
    mkdir -p "$(dirname "$target")"
    { rows "$swift_packages"; rows "$swift_stubs"; } | cut -d'|' -f2 | python3 -c '
import json, sys
entries = []
for address in sys.stdin.read().split():
    name = address.rsplit("/", 1)[1][:-4]
    for original in (address, address[:-4]):
        entries.append({"mirror": "file://" + sys.argv[1] + "/git/" + name + ".git", "original": original})
json.dump({"object": entries, "version": 1}, open(sys.argv[2], "w"), indent=2, sort_keys=True)' "$cache" "$target"
}

provide_swift_packages() {
    local configuration=$root/.swiftpm/configuration/mirrors.json folder address tag tree incomplete=
    while IFS='|' read -r folder address tag tree; do
        [ -d "$cache/git/$(repository_name "$address").git" ] || incomplete=1
    done < <(rows "$swift_packages"; rows "$swift_stubs")
    if [ -z "$incomplete" ] && [ -f "$configuration" ] && grep -qF "file://$cache/git/" "$configuration"; then return 0; fi
    # Resolved earlier through GitHub: nothing to do, and nothing to ask the network.
    if [ "$mirror" != always ] && [ ! -f "$configuration" ] && [ -d "$root/.build/checkouts/swift-nio" ]; then return 0; fi
    case $mirror in
        never) return 0 ;;
        always) ;;
        auto) if github_reachable; then rm -f "$configuration"; return 0; fi ;;
        *) die "JARVIS_DEPS_MIRROR is '$mirror'; it takes auto, always or never" ;;
    esac
    mkdir -p "$cache/git"
    exec 9>"$cache/.lock"
    flock 9
    trap 'rm -rf "$cache"/git/.tmp.*' EXIT
    if [ -n "$incomplete" ]; then
        install_packages xz-utils gpgv git python3
        local tool
        for tool in xz tar git python3 gpgv flock; do command -v "$tool" >/dev/null || die "'$tool' is needed to unpack the Swift packages; install it first"; done
        fetch_sources
        while IFS='|' read -r folder address tag tree; do
            make_repository "$cache/src/$folder" "$(repository_name "$address")" "$tag" "$tree"
        done < <(rows "$swift_packages")
        while IFS='|' read -r folder address tag; do
            mkdir -p "$cache/src/.stub-$folder"
            printf '// swift-tools-version:5.7\nimport PackageDescription\nlet package = Package(name: "%s")\n' "$folder" >"$cache/src/.stub-$folder/Package.swift"
            make_repository "$cache/src/.stub-$folder" "$(repository_name "$address")" "$tag" -
        done < <(rows "$swift_stubs")
        rm -rf "$cache/src" "$cache/tar"
    fi
    write_mirror_configuration
    say "SwiftPM uses the local mirrors in $cache/git"
}

# --------------------------------------------------------------------------------------------------------- main
command -v swift >/dev/null || die "no 'swift' in PATH; install the Swift 6.3 toolchain (https://www.swift.org/install/linux/) first"
[ $# -gt 0 ] || set -- build
for purpose in "$@"; do
    case $purpose in
        build) install_packages "${build_packages[@]}" ;;
        test) install_packages "${build_packages[@]}" "${test_packages[@]}" ;;
        bench) install_packages "${build_packages[@]}" "${bench_packages[@]}" ;;
        lab) install_packages "${lab_packages[@]}" ;;
        *) die "unknown purpose '$purpose'; it takes build, test, bench or lab" ;;
    esac
done
provide_swift_packages
