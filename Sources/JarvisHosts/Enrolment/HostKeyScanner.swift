// SPDX-License-Identifier: Apache-2.0

/// Asks a host for its public keys, for a person to compare before they are pinned (`jarvis hosts add`).
package struct HostKeyScanner: Sendable {
    /// A key with the fingerprint a person compares.
    package struct Finding: Sendable, Equatable {
        /// The key.
        package let key: HostKey
        /// `SHA256:…`, as `ssh-keygen -l` prints it.
        package let fingerprint: String
    }

    /// Why there are no keys.
    package enum ScanError: Error, Equatable, CustomStringConvertible {
        /// Address or port can't be used.
        case configuration(SSHConfigurationError)
        /// One of the two programs did not start.
        case program(SpawnError)
        /// The host sent no key in time.
        case noKeys
        /// A fingerprint could not be computed for a key.
        case noFingerprint

        /// One sentence.
        package var description: String {
            switch self {
            case .configuration(let error): "\(error)"
            case .program(let error): "the SSH programs: \(error)"
            case .noKeys: "the host sent no host key in time"
            case .noFingerprint: "the host sent something that is not a host key"
            }
        }
    }

    private let scanProgram: String
    private let keyProgram: String
    private let environment: [String: String]

    /// Uses these programs of OpenSSH.
    package init(
        environment: [String: String], scanProgram: String = "/usr/bin/ssh-keyscan",
        keyProgram: String = "/usr/bin/ssh-keygen"
    ) {
        self.environment = environment
        self.scanProgram = scanProgram
        self.keyProgram = keyProgram
    }

    /// The keys that answer at an address; nothing is pinned or proven by this, anybody may answer.
    package func scan(address: String, port: Int = 22, seconds: Int = 5) async throws(ScanError) -> [Finding] {
        do throws(SSHConfigurationError) { try SSHConfigurationError.check(address: address) } catch {
            throw .configuration(error)
        }
        guard (1...65535).contains(port) else {
            throw .configuration(SSHConfigurationError(field: .port, reason: "it is not between 1 and 65535"))
        }
        let text = try await run(
            scanProgram, ["-T", "\(seconds)", "-p", "\(port)", "--", address], input: nil, seconds: seconds + 5)
        let keys = text.split(whereSeparator: \.isNewline).compactMap { HostKey(line: $0) }
        guard !keys.isEmpty else { throw .noKeys }
        var findings: [Finding] = []
        for key in keys where !findings.contains(where: { $0.key == key }) {
            findings.append(Finding(key: key, fingerprint: try await fingerprint(of: key)))
        }
        return findings.sorted { $0.key.kind < $1.key.kind }
    }

    /// The SHA-256 fingerprint of a key, as people compare it.
    package func fingerprint(of key: HostKey) async throws(ScanError) -> String {
        let text = try await run(
            keyProgram, ["-l", "-E", "sha256", "-f", "-"], input: Array("host \(key.kind) \(key.base64)\n".utf8),
            seconds: 5)
        guard let word = text.split(separator: " ").first(where: { $0.hasPrefix("SHA256:") }) else {
            throw .noFingerprint
        }
        return String(word)
    }

    private func run(
        _ program: String, _ arguments: [String], input: [UInt8]?, seconds: Int
    ) async throws(ScanError) -> String {
        let child = ChildProcess(
            executable: program, arguments: arguments, environment: environment, standardInput: input)
        do throws(SpawnError) { return try await child.run(deadline: .seconds(seconds)).standardOutput } catch {
            throw .program(error)
        }
    }
}
