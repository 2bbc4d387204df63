// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

extension Target {
    /// Its column in every table.
    ///
    /// Host and kind contain no slash, so no two targets share a key whatever their names.
    package var storedKey: String { "\(host.text)/\(kind.rawValue)/\(name)" }
}
