// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisCore
import JarvisEngine
import JarvisHosts
import JarvisRuntime
import JarvisStore
import JarvisTestSupport
import Logging
import LoopbackSSHD
import Testing

@testable import JarvisPostgres

/// A real server that is killed, and started again by a `docker` behind a real sshd.
@Suite(.enabled(if: LoopbackSSHD.isInstalled, "openssh-server is not installed; scripts/bootstrap.sh test"))
struct `The database of the store` {
    private static let target = Target(
        host: HostName("skynet") ?? .local, kind: .container, name: "postgres-jarvis")

    /// Says what the server's process says, and has the test start it again.
    private static let docker = """
        #!/bin/sh
        cd "${0%/*}" || exit 1
        pid=$(cat server/pid)
        case $1 in
        inspect)
            status=exited
            # A process that nobody has waited for is none.
            kill -0 "$pid" 2>/dev/null && [ "$(ps -o stat= -p "$pid" | cut -c1)" != Z ] && status=running
            echo '{"id":"abc","status":"'$status'","startedAt":"'$pid'","pid":'$pid',"exitCode":137,"oomKilled":true,'\\
                '"health":null,"restartPolicy":"no","restartCount":0}' ;;
        start)
            echo "$*" >>starts
            i=0
            while [ ! -e started ]; do
                i=$((i + 1)); [ $i -lt 600 ] || exit 1
                sleep 0.05
            done ;;
        esac
        """

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
    }

    private func rules(_ server: LoopbackSSHD) throws -> EngineRules {
        let host = Host(
            name: Self.target.host, connection: .ssh(server.endpoint()),
            targets: [DeclaredTarget(kind: .container, name: Self.target.name)])
        return EngineRules(
            inventory: Inventory([host]), patterns: [], policy: try ShippedPolicy.get(), digest: { "digest of \($0)" })
    }

    private func repairer(
        _ store: PostgresStore, _ folder: StoreRepairFolder, _ rules: EngineRules, _ runner: any CommandRunner,
        onRound: @escaping @Sendable () -> Void
    ) -> StoreRepairer {
        let start = ContinuousClock.now
        var timing = StoreRepair.Timing()
        timing.window = 1
        return StoreRepairer(
            store: store, files: folder, epoch: 1, timing: timing,
            setting: {
                onRound()
                return StoreRepairer.Setting(
                    permission: StoreRepair.Permission(target: Self.target, after: 1), rules: rules, runner: runner)
            },
            fencingToken: { 1 }, registry: MetricsRegistry(), onAsk: { _ in },
            StoreRepairer.Surroundings(
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                now: { StoreRepair.Moment(date: Date(), uptime: start.duration(to: .now) / .seconds(1)) },
                pause: { _ in try await Task.sleep(for: .milliseconds(50)) },
                randomBytes: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }))
    }

    @Test(.timeLimit(.minutes(3)))
    func `is started when it is killed, once, and has all of it afterwards`() async throws {
        let server = try await PostgresServer()
        let folder = server.directory + "-host"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write(Self.docker, to: folder + "/docker")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/server", withDestinationPath: server.directory)
        let path = "\(folder):/usr/bin:/bin"
        try await LoopbackSSHD.run(environment: ["PATH": path]) { sshd in
            try KnownHosts(path: sshd.knownHostsFile).pin([sshd.hostKey], for: Self.target.host)
            let connections = try SSHConnections(settings: sshd.settings(), logger: Logger(label: "test"))
            try await connections.whileRunning { () -> Result<Void, any Error> in
                do {
                    return .success(try await body(server, folder, sshd, SSHCommandRunner(connections: connections)))
                } catch { return .failure(error) }
            }.get()
        }
    }

    private func body(
        _ server: PostgresServer, _ folder: String, _ sshd: LoopbackSSHD, _ runner: SSHCommandRunner
    ) async throws {
        let database = try await PostgresDatabase(PostgresSettings(url: server.url("postgres")))
        let store = PostgresStore(database)
        let log = SpoolingAlertLog(before: store, folder: try SpoolFolder(path: folder + "/spool")) { _ in }
        let repairs = StoreRepairFolder(path: folder + "/spool/repairs")
        try await log.accept(StoreSamples.delivery(0))
        let rounds = Locked(0)
        let repairer = repairer(store, repairs, try rules(sshd), runner) { rounds.update { $0 += 1 } }
        let running = Task { await repairer.run() }
        try await eventually("the store was asked") { rounds.value > 0 }
        try server.kill()
        for number in 1...20 { try await log.accept(StoreSamples.delivery(number)) }
        try await eventually("docker is told to start it", within: .seconds(60)) {
            access(folder + "/starts", F_OK) == 0
        }
        let intents = try await repairs.attempts().attempts
        #expect(intents.count == 1 && intents.allSatisfy { $0.receipt == nil }, "the intent is durable before")
        try await server.start()
        try write("", to: folder + "/started")
        try await eventually("the audit log has it", within: .seconds(60)) {
            try await repairs.attempts().attempts.first?.isTold == true
        }
        while await log.drain() != .empty {}
        for number in 0...20 {
            #expect(try await store.delivery(StoreSamples.delivery(number).id) == StoreSamples.delivery(number))
        }
        let records = try await AuditChain.records(of: store)
        #expect(records.map(\.event) == [.intent, .receipt, .storeRepair])
        #expect(records.last?.verdict == .verified, "\(records.last?.why ?? "")")
        #expect(records.first?.command == "'docker' 'start' 'postgres-jarvis'")
        let attempt = try #require(intents.first)
        try await store.tell(attempt.id, records)
        #expect(try await AuditChain.records(of: store).count == 3, "nothing is told twice")
        #expect(try String(contentsOfFile: folder + "/starts", encoding: .utf8) == "start postgres-jarvis\n")
        running.cancel()
        await running.value
        await database.close()
    }
}
