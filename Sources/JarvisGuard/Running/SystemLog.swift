// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// syslog(3) under the facility of authentication, where break-in attempts are looked for.
enum SystemLog {
    private static let identity: StaticString = "jarvis-guard"

    /// Something was done as asked.
    static func note(_ text: String) { write(LOG_INFO, text) }

    /// Something was refused or failed.
    static func warn(_ text: String) { write(LOG_WARNING, text) }

    private static func write(_ level: Int32, _ text: String) {
        identity.withUTF8Buffer { buffer in
            buffer.baseAddress?.withMemoryRebound(to: CChar.self, capacity: buffer.count + 1) { name in
                openlog(name, LOG_PID, LOG_AUTHPRIV)
            }
        }
        // One line of printable ASCII, whatever a request held.
        let line = text.unicodeScalars.prefix(900).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" }
        String(line).withCString { pointer in withVaList([pointer]) { vsyslog(level, "%s", $0) } }
        closelog()
    }
}
