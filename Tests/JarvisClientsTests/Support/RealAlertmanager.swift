// SPDX-License-Identifier: Apache-2.0
import JarvisTestSupport

@testable import JarvisClients

/// An Alertmanager of its own for one test, which tells nobody of anything.
final class RealAlertmanager: Sendable {
    let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProcess

    /// Whether the program is installed; `scripts/bootstrap.sh test` does that.
    static let isInstalled = ChildProcess.exists("prometheus-alertmanager")

    /// - Parameter rules: more of its configuration, such as rules of inhibition.
    init(rules: String = "") throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        port = try FreePort.pick()
        try folder.write(
            """
            route: {receiver: nobody}
            receivers: [{name: nobody}]
            \(rules)

            """, to: "alertmanager.yml")
        process = try ChildProcess(
            "prometheus-alertmanager",
            [
                "--config.file", folder.file("alertmanager.yml"), "--storage.path", folder.file("data"),
                "--cluster.listen-address=", "--web.listen-address", "127.0.0.1:\(port)", "--log.level", "warn",
            ], output: folder.file("log"))
    }

    var url: String { "http://127.0.0.1:\(port)" }

    func kill() { process.kill() }
}
