// SPDX-License-Identifier: Apache-2.0

/// A long-running program that the operator declared by its argv.
package struct DeclaredService: Sendable, Equatable {
    /// Its name, also that of its pid and log file.
    package let name: ServiceName
    /// The program (an absolute path) and its arguments.
    package let argv: [String]

    /// Declares a service; nil unless the program is an absolute path and no word holds a NUL.
    package init?(name: ServiceName, argv: [String]) {
        guard let program = argv.first, program.hasPrefix("/"), !argv.contains(where: { $0.utf8.contains(0) }) else {
            return nil
        }
        self.name = name
        self.argv = argv
    }
}
