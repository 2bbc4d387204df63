// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The container that this process runs in, as far as the kernel tells.
package enum OwnContainer {
    /// Its identifier in full, from control groups (cgroups(7)) and mounts (proc_pid_mountinfo(5)).
    ///
    /// Under cgroup v2 with a namespace of its own a process sees only `0::/`; the files that an engine puts into every
    /// container still tell. More than one where engines are nested.
    package static func identifiers(cgroups: String, mounts: String) -> Set<String> {
        var found: Set<String> = []
        for line in cgroups.split(separator: "\n") {
            let path = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
            found.formUnion(path.split(separator: "/").compactMap(identifier))
        }
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            guard fields.count > 5, let file = files[fields[4]],
                let id = identifier(behind: fields[3].split(separator: "/"), file: file)
            else { continue }
            found.insert(id)
        }
        return found
    }

    /// That of this process.
    package static func current() -> Set<String> {
        let read = { (name: String) in (try? String(contentsOfFile: "/proc/self/\(name)", encoding: .utf8)) ?? "" }
        return identifiers(cgroups: read("cgroup"), mounts: read("mountinfo"))
    }

    /// What an engine mounts over the container's own files.
    private static let files: [Substring: Substring] = [
        "/etc/hostname": "hostname", "/etc/hosts": "hosts", "/etc/resolv.conf": "resolv.conf",
        "/run/.containerenv": ".containerenv",
    ]

    /// `…/containers/ID/hostname` of docker, `…/overlay-containers/ID/userdata/hostname` of podman, wherever its data is.
    private static func identifier(behind root: [Substring], file: Substring) -> String? {
        guard root.last == file else { return nil }
        let folders = root.dropLast()
        if folders.last == "userdata", folders.dropLast(2).last?.hasSuffix("-containers") == true {
            return folders.dropLast().last.flatMap(identifier)
        }
        return folders.dropLast().last == "containers" ? folders.last.flatMap(identifier) : nil
    }

    /// `docker-ID.scope`, `libpod-ID.scope`, or the identifier alone.
    private static func identifier(_ part: Substring) -> String? {
        var id = part
        for prefix in ["docker-", "libpod-", "cri-containerd-", "crio-"] where id.hasPrefix(prefix) {
            id = id.dropFirst(prefix.count)
        }
        if id.hasSuffix(".scope") { id = id.dropLast(".scope".count) }
        guard id.utf8.count == 64, id.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return nil }
        return String(id)
    }
}
