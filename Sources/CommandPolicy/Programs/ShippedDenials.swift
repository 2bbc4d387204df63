// SPDX-License-Identifier: Apache-2.0

extension DenyList {
    /// What is never run, with reasons and examples: `denials.txt` beside this file.
    ///
    /// The build puts it into the binary.
    static var shippedText: String { String(decoding: PackageResources.denials_txt, as: UTF8.self) }
}
