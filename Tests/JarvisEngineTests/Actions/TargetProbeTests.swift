// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import FoundationEssentials
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct TargetProbeTests {
    static func read(_ target: Target, _ output: String, status: Int32 = 0) -> Signal {
        TargetProbe.signal(
            for: target, from: Receipt(ending: .exited(status: status), standardOutput: output),
            observedAt: Homelab.start)
    }

    static func docker(
        _ status: String, health: String = "null", exit: Int = 0, oom: Bool = false, pid: Int = 42,
        restart: String = "no"
    ) -> String {
        """
        {"status":"\(status)","startedAt":"2026-11-23T22:07:33.123456789Z","pid":\(pid),"exitCode":\(exit),\
        "oomKilled":\(oom),"health":\(health),"restartPolicy":"\(restart)","restartCount":3}

        """
    }

    static let containers: [(String, Signal.Reading)] = [
        (docker("running"), .good), (docker("running", health: #""none""#), .good),
        (docker("running", health: #""""#), .good), (docker("running", health: #""healthy""#), .good),
        (docker("running", health: #""starting""#), .unknown), (docker("running", health: #""unhealthy""#), .bad),
        (docker("running", health: #""HEALTHY""#), .unknown), (docker("restarting", exit: 1), .bad),
        (docker("paused"), .bad), (docker("exited", exit: 137, oom: true, pid: 0), .badForGood),
        (docker("dead"), .badForGood), (docker("created"), .badForGood), (docker("removing"), .unknown),
        (docker("Running"), .unknown), (docker(""), .unknown), (docker("running\\n"), .unknown),
    ]

    @Test(arguments: containers)
    func `every state of a container is read`(_ output: String, _ reading: Signal.Reading) {
        #expect(Self.read(Homelab.web, output).reading == reading)
    }

    static let stops: [(Target, String, Bool)] = [
        (Homelab.web, docker("exited", exit: 0), true), (Homelab.web, docker("exited", exit: 143), true),
        (Homelab.web, docker("exited", exit: 0, oom: true), false), (Homelab.web, docker("exited", exit: 137), false),
        (Homelab.web, docker("exited", exit: 1), false), (Homelab.web, docker("created"), false),
        (Homelab.web, docker("exited", exit: 1, restart: "on-failure"), false),
        (Homelab.web, docker("exited", exit: 137, restart: "unless-stopped"), true),
        (Homelab.web, docker("exited", exit: 137, oom: true, restart: "always"), true),
        (Homelab.web, docker("created", restart: "always"), false),
        (Homelab.web, docker("restarting", exit: 1, restart: "always"), false),
        (Homelab.web, docker("running"), false), (Homelab.web, "", false),
        (Homelab.unit, systemd("inactive", "dead"), true), (Homelab.unit, systemd("failed", "failed"), false),
        (Homelab.unit, systemd("active", "running"), false),
    ]

    @Test(arguments: stops)
    func `what ended in an orderly way looks stopped on purpose`(_ target: Target, _ output: String, _ isSo: Bool) {
        let receipt = Receipt(ending: .exited(status: 0), standardOutput: output)
        #expect(TargetProbe.looksDeliberate(target, from: receipt) == isSo)
        let failed = Receipt(ending: .exited(status: 1), standardOutput: output)
        #expect(!TargetProbe.looksDeliberate(target, from: failed))
    }

    static func systemd(
        _ active: String, _ sub: String, load: String = "loaded", id: String = "abc", type: String = "simple",
        restarts: Int = 0
    ) -> String {
        """
        LoadState=\(load)
        ActiveState=\(active)
        SubState=\(sub)
        Result=success
        Type=\(type)
        NRestarts=\(restarts)
        MainPID=1
        InvocationID=\(id)
        ActiveEnterTimestampMonotonic=1

        """
    }

    static let units: [(String, Signal.Reading)] = [
        (systemd("active", "running"), .good), (systemd("active", "exited", type: "oneshot"), .good),
        (systemd("active", "exited"), .unknown), (systemd("active", "exited", type: "forking"), .unknown),
        (systemd("active", "mounted"), .good),
        (systemd("failed", "failed"), .badForGood), (systemd("inactive", "dead"), .badForGood),
        (systemd("activating", "auto-restart"), .bad), (systemd("activating", "start"), .unknown),
        (systemd("activating", "start-pre"), .unknown), (systemd("deactivating", "stop-sigterm"), .unknown),
        (systemd("reloading", "reload"), .unknown), (systemd("maintenance", "x"), .unknown),
        (systemd("", ""), .unknown),
        (systemd("inactive", "dead", load: "not-found"), .unknown),
        (systemd("active", "running", load: "masked"), .unknown),
        (systemd("active", "running", load: "error"), .unknown), ("ActiveState=active\n", .unknown),
        ("LoadState=loaded\nActiveState=active\n", .unknown), ("Active: active (running)", .unknown),
    ]

    @Test(arguments: units)
    func `every state of a unit is read`(_ output: String, _ reading: Signal.Reading) {
        #expect(Self.read(Homelab.unit, output).reading == reading)
    }

    static let services: [(String, Signal.Reading)] = [
        (#"{"running":true,"pid":7,"startedAt":"5"}"#, .good), (#"{"running":false}"#, .badForGood),
        (#"{"running":true}"#, .badForGood), (#"{"running":"true","pid":7}"#, .unknown), ("{}", .unknown),
    ]

    @Test(arguments: services)
    func `every state of a declared service is read`(_ output: String, _ reading: Signal.Reading) {
        #expect(Self.read(Homelab.canary, output).reading == reading)
    }

    @Test func `what a state is measured by, and restarts by the host itself, are told`() {
        #expect(Self.read(Homelab.web, Self.docker("running", health: #""healthy""#)).measures?.count == 1)
        #expect(Self.read(Homelab.web, Self.docker("exited", health: #""unhealthy""#)).measures?.count == 1)
        #expect(Self.read(Homelab.web, Self.docker("running")).measures == [])
        #expect(Self.read(Homelab.web, Self.docker("running", health: #""none""#)).measures == [])
        #expect(Self.read(Homelab.web, Self.docker("running")).isRestartedByItself == true)
        let units: [(String, Bool?)] = [
            (Self.systemd("active", "running"), false), (Self.systemd("active", "running", restarts: 1), true),
            (Self.systemd("activating", "auto-restart"), true), ("LoadState=loaded\n", nil),
        ]
        for (output, isRestarted) in units {
            #expect(Self.read(Homelab.unit, output).isRestartedByItself == isRestarted)
        }
    }

    static let garbage = [
        "", "\n", "null", "[]", "{}", "true", "0", "\u{0}", "running", "{\"status\":\"running\"}",
        #"{"status":"running","status":"#, "[\(docker("running"))]", docker("running") + docker("running"),
        String(docker("running").dropLast(3)), String(docker("running").prefix(20)),
        docker("running", exit: 9).uppercased(),
        #"{"status":null,"startedAt":null,"pid":null,"exitCode":null,"oomKilled":null,"health":null}"#,
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 50_000),
        String(repeating: "LoadState=loaded\n", count: 100_000), String(repeating: "x", count: 5_000_000), "=\n=\n==",
        "Error: No such container: web", "permission denied while trying to connect to the Docker daemon socket",
    ]

    @Test func `garbage, cut or huge output is unknown for every kind`() {
        for output in Self.garbage {
            for target in [Homelab.web, Homelab.unit, Homelab.canary]
            where !(target == Homelab.unit && output.contains("=l")) {
                #expect(Self.read(target, output).reading == .unknown, "\(target): \(output.prefix(60))")
            }
        }
        #expect(Self.read(Homelab.unit, Self.garbage[19]).reading == .unknown)
    }

    /// SPEC section 16, traps 1 and 3: a look that did not work is neither good nor the proof of a fault.
    @Test(arguments: [
        Receipt.Ending.exited(status: 1), .exited(status: 125), .exited(status: 255), .timedOut,
        .notStarted(reason: "no route\u{1B}"), .unknown(reason: "lost"),
    ])
    func `a probe that failed is unknown even with a perfect output`(_ ending: Receipt.Ending) {
        let receipt = Receipt(ending: ending, standardOutput: Self.docker("running"))
        #expect(TargetProbe.signal(for: Homelab.web, from: receipt, observedAt: Homelab.start).reading == .unknown)
    }

    @Test func `two runs of a target can be told apart`() {
        #expect(Self.read(Homelab.web, Self.docker("running")).instance != nil)
        #expect(
            Self.read(Homelab.web, Self.docker("running", pid: 1)).instance
                != Self.read(Homelab.web, Self.docker("running", pid: 2)).instance)
        let units = [Self.systemd("active", "running", id: "a"), Self.systemd("active", "running", id: "b")]
        #expect(Self.read(Homelab.unit, units[0]).instance != Self.read(Homelab.unit, units[1]).instance)
        #expect(Self.read(Homelab.unit, Self.systemd("active", "running", id: "")).instance == nil)
    }

    @Test func `a probe only looks, and only at what is declared`() throws {
        let inventory = try Homelab.inventory()
        let policy = try ShippedPolicy.get()
        for target in [Homelab.web, Homelab.unit, Homelab.canary] {
            #expect(try #require(TargetProbe.step(for: target, in: inventory, under: policy)).commandClass == .observe)
            #expect(TargetProbe.exists(for: target, in: inventory))
        }
        for name in ["jarvis", "web; reboot", ""] {
            for kind in Target.Kind.allCases {
                #expect(
                    TargetProbe.step(for: Target(host: .local, kind: kind, name: name), in: inventory, under: policy)
                        == nil)
            }
        }
        #expect(
            TargetProbe.step(for: Target(host: .local, kind: .host, name: "local"), in: inventory, under: policy) == nil
        )
        #expect(
            TargetProbe.step(for: Target(host: .local, kind: .service, name: "bare"), in: inventory, under: policy)
                == nil)
    }
}
