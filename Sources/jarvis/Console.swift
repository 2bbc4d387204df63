// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisApp

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the command line writes: results to standard output, everything else to standard error.
enum Console {
    /// Whether standard output is a terminal whose user wants colours (https://no-color.org).
    static var palette: Palette {
        let wish = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
        return Palette(isColoured: isatty(1) == 1 && wish.isEmpty)
    }

    /// Whether somebody can be asked.
    static var hasInput: Bool { isatty(0) == 1 }

    /// One line of result.
    static func print(_ line: String) { write(line + "\n", to: 1) }

    /// One line about what went wrong or is going on.
    static func report(_ line: String) { write(line + "\n", to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // A closed pipe is the reader's decision; there is nobody left to tell.
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
