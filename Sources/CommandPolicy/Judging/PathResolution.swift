// SPDX-License-Identifier: Apache-2.0

/// Where a path leads on a host.
package enum PathResolution: Sendable, Equatable {
    /// There is no symbolic link in it, or one that the system itself put there.
    case same
    /// To another path.
    case elsewhere(String)
    /// It can't be found out.
    case unknown(String)

    /// What realpath(3) makes of one path.
    package enum Answer: Sendable, Equatable {
        /// It leads here; no link is left in it.
        case end(String)
        /// There is nothing by this name.
        case missing
        /// It can't be found out.
        case unknown(String)
    }

    /// Follows the links of a path; of one that does not exist yet the part that does is followed.
    ///
    /// `answer` is asked for the path without trailing slashes, then for the folders above as long as they are missing.
    package static func following(_ path: String, _ answer: (String) -> Answer) -> PathResolution {
        var existing = path
        while existing.count > 1, existing.last == "/" { existing.removeLast() }
        let plain = existing
        var missing = ""
        while true {
            switch answer(existing) {
            case .end(let root):
                let target = (root == "/" && !missing.isEmpty ? "" : root) + missing
                if target == plain || SystemLinks.cover(plain, target) { return .same }
                return .elsewhere(target + (path.count > plain.count ? "/" : ""))
            case .unknown(let reason): return .unknown(reason)
            case .missing:
                guard let slash = existing.lastIndex(of: "/"), existing.count > 1 else { return .same }
                missing = existing[slash...] + missing
                existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
            }
        }
    }
}
