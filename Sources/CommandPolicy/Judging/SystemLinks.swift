// SPDX-License-Identifier: Apache-2.0

/// Symbolic links that the kernel, or a system as it is installed, puts there: no user can.
enum SystemLinks {
    /// Whether a path is known to lead to this target, which need not be allowed by itself then.
    static func cover(_ path: String, _ target: String) -> Bool {
        if path.hasPrefix("/sys/") { return target.hasPrefix("/sys/") }
        if path == "/etc/mtab" || path == "/proc/mounts" { return ofReader(target) == "mounts" }
        if path.hasPrefix("/proc/net/") { return ofReader(target).map { "/proc/\($0)" == path } == true }
        if path == "/etc/os-release" { return target == "/usr/lib/os-release" }
        if path == "/etc/resolv.conf" { return resolvers.contains(target) }
        if path.hasPrefix("/etc/ssl/certs/") {
            return ["/usr/share/ca-certificates/", "/usr/local/share/ca-certificates/", "/etc/pki/ca-trust/extracted/"]
                .contains { target.hasPrefix($0) }
        }
        return isVolume(path, target) || isCertificateVersion(path, target)
    }

    /// `mounts` of `/proc/1234/mounts`: /proc/self, for whoever followed the link.
    private static func ofReader(_ target: String) -> String? {
        guard let rest = target.after("/proc/"), let slash = rest.firstIndex(of: "/"), slash > rest.startIndex,
            rest[..<slash].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(rest[rest.index(after: slash)...])
    }

    /// `/dev/GROUP/VOLUME` and `/dev/mapper/NAME`, as udev makes them of a volume's number; everybody may write /dev/shm.
    private static func isVolume(_ path: String, _ target: String) -> Bool {
        let folders = path.split(separator: "/")
        guard folders.count == 3, folders[0] == "dev", !["shm", "mqueue"].contains(folders[1]),
            let number = target.after("/dev/dm-")
        else { return false }
        return (1...6).contains(number.utf8.count) && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `/etc/letsencrypt/live/NAME/fullchain.pem` leads to version after version of itself, never to the key.
    private static func isCertificateVersion(_ path: String, _ target: String) -> Bool {
        guard let written = path.after("/etc/letsencrypt/live/"), let kept = target.after("/etc/letsencrypt/archive/"),
            case let parts = written.split(separator: "/"), case let ends = kept.split(separator: "/"),
            parts.count == 2, ends.count == 2, parts[0] == ends[0],
            ["cert.pem", "chain.pem", "fullchain.pem"].contains(parts[1]), ends[1].hasSuffix(".pem")
        else { return false }
        let name = parts[1].dropLast(".pem".count)
        let version = ends[1].dropLast(".pem".count).dropFirst(name.count)
        return ends[1].hasPrefix(name) && (1...6).contains(version.utf8.count)
            && version.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let resolvers: Set<String> = [
        "/run/systemd/resolve/stub-resolv.conf", "/run/systemd/resolve/resolv.conf", "/run/NetworkManager/resolv.conf",
        "/run/resolvconf/resolv.conf", "/run/connman/resolv.conf",
    ]
}
