// SPDX-License-Identifier: Apache-2.0

package import Logging

/// The logger of a server, as the configuration wants it.
package enum ServerLogger {
    /// Drops everything.
    package static var quiet: Logger { Logger(label: "jarvis") { _ in SwiftLogNoOpLogHandler() } }

    /// - Parameter isDrill: the timeline is printed then, so the log repeats it only when something is wrong.
    package static func make(_ log: Configuration.Log, isDrill: Bool) -> Logger {
        let level = Logger.Level(rawValue: log.level.rawValue) ?? .info
        let format = LineLogHandler.Format(rawValue: log.format.rawValue) ?? .text
        return Logger(label: "jarvis") { _ in
            LineLogHandler(level: isDrill && level == .info ? .warning : level, format: format)
        }
    }
}
