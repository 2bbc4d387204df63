// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The network interfaces of this host, as the kernel shows them below /sys/class/net (sysfs(5)).
enum NetworkInterfaces {
    /// Whether an interface certainly does not exist; where the folder can't be seen, nothing is certain.
    static func isAbsent(_ name: String) -> Bool {
        let folder = "/sys/class/net/"
        guard access(folder + "lo", F_OK) == 0 else { return false }
        return access(folder + name, F_OK) != 0 && errno == ENOENT
    }
}
