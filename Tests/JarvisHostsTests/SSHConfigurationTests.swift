// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import LoopbackSSHD
import Testing

@testable import JarvisHosts

@Suite struct `A generated SSH configuration` {
    private let settings = SSHSettings(runtimeDirectory: "/run/jarvis", knownHostsFile: "/var/lib/jarvis/known_hosts")

    private func configuration(
        address: String = "192.168.0.11", port: Int = 22, user: String = "jarvis", identity: String? = nil,
        includes: [String] = []
    ) throws -> String {
        var settings = settings
        settings.includedConfigurations = includes
        let endpoint = SSHEndpoint(address: address, port: port, user: user, identityFile: identity)
        return try SSHConfiguration(host: SSHBed.name, endpoint: endpoint, settings: settings).text
    }

    @Test(arguments: [
        "", "-oProxyCommand=id", "a b", "a\nHost *", "*", "!x", "a,b", "host\u{0}", "\"", "é", "a%h", "$(id)",
        String(repeating: "a", count: 254),
    ])
    func `refuses an address that would mean something else`(address: String) {
        #expect(throws: SSHConfigurationError.self) { try configuration(address: address) }
    }

    @Test(arguments: ["192.168.0.11", "fe80::1", "nexus", "nexus.lan", "a_b"])
    func `accepts names and addresses`(address: String) throws {
        #expect(try configuration(address: address).contains("\nHost \(address)\n"))
    }

    @Test(arguments: ["", "-l", "a b", "a\nb", "root;", "\"x\"", "%u", "$USER"])
    func `refuses a user that would mean something else`(user: String) {
        #expect(throws: SSHConfigurationError.self) { try configuration(user: user) }
    }

    @Test(arguments: [0, -1, 65_536])
    func `refuses a port that is none`(port: Int) {
        #expect(throws: SSHConfigurationError.self) { try configuration(port: port) }
    }

    @Test(arguments: ["key", "~/key", "/a\"b", "/a\nb", "/%h", "/${HOME}", "/a\\b", "/a*", "/a#b", "/a\u{7F}"])
    func `refuses a path that SSH would interpret`(path: String) {
        #expect(throws: SSHConfigurationError.self) { try configuration(identity: path) }
        #expect(throws: SSHConfigurationError.self) { try configuration(includes: [path]) }
    }

    @Test func `ties the login to one key only when there is one`() throws {
        #expect(try configuration(identity: "/k/id with blank").contains("IdentityFile \"/k/id with blank\"\n"))
        #expect(try configuration(identity: "/k/id").contains("IdentitiesOnly yes"))
        #expect(try !configuration().contains("Identit"))
    }
}

extension RealProcesses {
    @Suite(.enabled(if: hasSSHD, "openssh is not installed; scripts/bootstrap.sh test"))
    struct `The SSH client` {
        /// What the client itself makes of our file and an operator's (`ssh -G`).
        private func understood(_ operators: String, destination: String = "nexus") async throws -> [String: [String]] {
            try await withTemporaryDirectory { directory in
                try replaceFile("\(directory)/operator", with: operators)
                let settings = SSHSettings(
                    runtimeDirectory: directory, knownHostsFile: "/pins",
                    includedConfigurations: ["\(directory)/operator"])
                let endpoint = SSHEndpoint(address: "nexus", port: 2201, user: "jarvis", identityFile: "/k/id")
                let ours = try SSHConfiguration(host: SSHBed.name, endpoint: endpoint, settings: settings)
                try replaceFile("\(directory)/ours", with: ours.text)
                let result = try await ChildProcess(
                    executable: "/usr/bin/ssh", arguments: ["-G", "-F", "\(directory)/ours", destination],
                    environment: ["PATH": "/usr/bin:/bin"]
                ).run(deadline: .seconds(20))
                #expect(result.ending == .exited(0), "\(result.standardError)")
                return Dictionary(
                    grouping: result.standardOutput.split(separator: "\n").map {
                        $0.split(separator: " ", maxSplits: 1).map(String.init)
                    }, by: { $0.first ?? "" }
                ).mapValues { $0.compactMap { $0.last } }
            }
        }

        @Test func `lets nothing in the operator's file weaken what is forced`() async throws {
            let hostile = """
                Host *
                    StrictHostKeyChecking no
                    UserKnownHostsFile /dev/null
                    GlobalKnownHostsFile /tmp/pins
                    HostKeyAlias somebody
                    BatchMode no
                    PasswordAuthentication yes
                    ForwardAgent yes
                    ForwardX11 yes
                    PermitLocalCommand yes
                    LocalCommand touch /tmp/owned
                    RemoteCommand id
                    RequestTTY force
                    EscapeChar ~
                    ControlMaster auto
                    ControlPath /tmp/cm
                    ControlPersist yes
                    UpdateHostKeys yes
                    LogLevel QUIET
                    User root
                    Port 22
                    ClearAllForwardings no
                    ServerAliveInterval 0
                    ConnectTimeout 600
                """
            let values = try await understood(hostile)
            let expected = [
                "stricthostkeychecking": "true", "userknownhostsfile": "/pins", "globalknownhostsfile": "none",
                "hostkeyalias": "testhost", "batchmode": "yes", "passwordauthentication": "no",
                "forwardagent": "no", "forwardx11": "no", "permitlocalcommand": "no", "requesttty": "false",
                "escapechar": "none", "controlmaster": "false", "controlpersist": "no", "updatehostkeys": "false",
                "loglevel": "ERROR", "user": "jarvis", "port": "2201", "clearallforwardings": "yes",
                "serveraliveinterval": "5", "connecttimeout": "8", "identitiesonly": "yes", "identityfile": "/k/id",
            ]
            for (name, value) in expected { #expect(values[name] == [value], "\(name)") }
            #expect(values["controlpath"] == nil)
            #expect(values["remotecommand"] == nil)
        }

        @Test func `keeps the operator's way to the host, and the jump host's own login`() async throws {
            let operators = """
                Host nexus
                    HostName 10.0.0.5
                    ProxyJump bastion
                    CertificateFile /k/cert
                Host bastion
                    User op
                    Port 2222
                    IdentityFile /k/bastion
                    StrictHostKeyChecking no
                """
            let values = try await understood(operators)
            #expect(values["hostname"] == ["10.0.0.5"])
            #expect(values["proxyjump"] == ["bastion"])
            #expect(values["certificatefile"] == ["/k/cert"])
            let jump = try await understood(operators, destination: "bastion")
            #expect(jump["user"] == ["op"])
            #expect(jump["port"] == ["2222"])
            #expect(jump["identityfile"] == ["/k/bastion"])
            #expect(jump["hostkeyalias"] == nil)
            #expect(jump["stricthostkeychecking"] == ["true"])
        }
    }
}
