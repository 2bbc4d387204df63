// SPDX-License-Identifier: Apache-2.0

extension DenyList {
    /// What is never run, with reasons and examples: `denials.txt` beside this file, which the build puts into the binary.
    static var shippedText: String { String(decoding: PackageResources.denials_txt, as: UTF8.self) }
}
