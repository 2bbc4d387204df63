// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation
import JarvisApp
import JarvisCore
import JarvisHosts
import Logging
import Testing

@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(if: EnrolmentBed.missing == nil, "enrolment on a real host: \(EnrolmentBed.missing ?? "")"))
struct `A host that is enrolled` {
    private let guarded = """
        user: jarvis, guarded: true, sudo: [units, containers], units: [nginx.service, "app@a:b.service"], \
        containers: [web]
        """

    private func enrol(_ bed: EnrolmentBed) async throws -> EnrolmentBed.Outcome {
        try await bed.jarvis(
            "hosts", "enrol", "nexus", "--admin", "root", "--yes", "--guard-binary", Program.guardProgram)
    }

    private func authorizedKeys(_ bed: EnrolmentBed) async throws -> String {
        try await bed.onHost("cat /home/jarvis/.ssh/authorized_keys").output
    }

    @Test func `is guarded, may run as root just what Jarvis sends, and is as before when it is removed`() async throws
    {
        let bed = try await EnrolmentBed(
            prepare: "mkdir -p /run/systemd/system /var/spool/cron/crontabs", host: guarded)
        try await bed.ready()
        let before = try await bed.differences()
        #expect(before.contains { $0.hasPrefix("./usr/local/sbin/docker:") }, "the comparison sees nothing")

        let enrolled = try await enrol(bed)
        #expect(enrolled.status == 0, "\(enrolled)")
        #expect(enrolled.output.contains("the guard ran a signed command and refused an unsigned one"))
        #expect(enrolled.output.contains("sudo on the host allows the 15 commands that need root"))
        let list = try await bed.jarvis("hosts")
        #expect(list.output.contains(/nexus .* ssh-ed25519 +- +yes +\S*data\/keys\/nexus_ed25519/), "\(list)")
        let json = try await bed.jarvis("hosts", "--json")
        #expect(json.output.contains(#""guard":"yes""#) && json.output.contains(#""hasKeyFile":true"#), "\(json)")
        let line = try await authorizedKeys(bed)
        #expect(line.hasPrefix("restrict,command=\"/usr/local/sbin/jarvis-guard serve\" ssh-ed25519 "))
        #expect(line.hasSuffix(" jarvis-enrolled:nexus\n") && line.split(separator: "\n").count == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: bed.keyFile)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        // Whoever gets in as Jarvis can let nobody else in.
        #expect(try await bed.onHost("su jarvis -c 'echo x >>~/.ssh/authorized_keys || echo x >~/.ssh/y'").status != 0)
        #expect(
            try await bed.onHost("ls /etc/systemd/system/multi-user.target.wants/jarvis-guard-resume.service").status
                == 0)
        let again = try await enrol(bed)
        #expect(again.status == 0, "\(again)")
        #expect(try await authorizedKeys(bed) == line)

        try await checkRoot(bed)
        try await rotate(bed)
        try await revoke(bed)

        let removed = try await bed.jarvis("hosts", "remove", "nexus", "--admin", "root", "--yes")
        #expect(removed.status == 0, "\(removed)")
        #expect(try await bed.differences() == before)
        #expect(
            try await bed.onHost("grep -c jarvis /etc/passwd /etc/shadow /etc/group").output.contains(":1") == false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bed.folder.path + "/data/keys").isEmpty)
        let left = try await bed.onHost("ls /tmp; ls /var/lib/jarvis-enrolment")
        #expect(!left.output.contains("jarvis-enrol-") && left.status != 0, "\(left)")
        let after = try await bed.jarvis("hosts")
        #expect(after.output.contains("none: jarvis hosts add nexus"))
        #expect(after.output.contains("yes (not proven)"))
    }

    /// Through the guard and the real sudo; then what else its user might try there.
    private func checkRoot(_ bed: EnrolmentBed) async throws {
        let settings = try OperatorSettings.load(path: bed.folder.path + "/jarvis.yaml", environment: [:])
        let data = bed.folder.path + "/data"
        var configuration = settings.configuration
        configuration.dataDirectory = data
        let access = try HostAccess(
            configuration, environment: ["XDG_RUNTIME_DIR": bed.folder.path], logger: ServerLogger.quiet,
            user: .commandLine)
        let host = try #require(HostName("nexus").flatMap { configuration.inventory.hosts[$0] })
        let commands = TargetSteps.commands(on: host, in: configuration.inventory, under: settings.policy)
        #expect(commands.count == 21)
        let receipts = await access.connections.whileRunning { () async -> [Receipt] in
            var receipts: [Receipt] = []
            for (index, command) in commands.enumerated() {
                let id = IntentID(UUIDv7(at: Date(), random: [UInt8](repeating: UInt8(index), count: 10)))
                let context = RunContext(
                    fencingToken: 1, deadlineSeconds: 20, intent: command.commandClass == .observe ? nil : id)
                receipts.append(await access.runner(under: settings.policy).run(.command(command), on: host, context))
            }
            return receipts
        }
        for receipt in receipts { #expect(receipt.ending == .exited(status: 0), "\(receipt)") }
        let calls = try await bed.onHost("cat /var/log/calls").output
        for words in ["systemctl restart nginx.service", "systemctl start app@a:b.service", "docker restart web"] {
            #expect(calls.contains("0 \(words) \n"), "\(calls)")
        }
        // The longest one, with everything that sudoers would interpret, arrived as the engine wrote it.
        let probe = try #require(commands.first { $0.canonical.contains("'inspect'") })
        let words = try #require(probe.list.pipelines.first?.commands.first?.words)
        #expect(calls.contains("0 \(words.dropFirst(2).joined(separator: " ")) \n"), "\(calls)")

        for words in [
            "systemctl restart sshd.service", "systemctl stop nginx.service", "systemctl restart nginx.service x",
            "systemctl restart", "systemctl", "docker run -v /:/host web", "docker restart 'web' --host=x",
            "docker inspect --type container --format '{{json .Config.Env}}' web", "sh -c id", "-s", "-u jarvis id",
            "DOCKER_CONFIG=/tmp docker restart web", "/usr/bin/systemctl restart nginx.service", "visudo",
            "cat /etc/shadow",
        ] {
            let outcome = try await bed.onHost("su jarvis -c 'sudo -n \(words.replacing("'", with: "'\"'\"'"))'")
            #expect(outcome.status != 0, "sudo ran: \(words): \(outcome)")
        }
        #expect(try await bed.onHost("su jarvis -c 'sudo -n docker restart web'").status == 0)
    }

    private func rotate(_ bed: EnrolmentBed) async throws {
        let old = bed.folder.path + "/old"
        try FileManager.default.copyItem(atPath: bed.keyFile, toPath: old)
        #expect(try await bed.login(key: old, "id").output.contains("refused: it is no signed request"))
        let line = try await authorizedKeys(bed)

        // The new login can't be shown to work: the old key stays.
        try await bed.onHost(
            "mv /usr/local/sbin/jarvis-guard /root/; printf '#!/bin/sh\\nexit 1\\n' >/usr/local/sbin/jarvis-guard")
        try await bed.onHost("chmod 755 /usr/local/sbin/jarvis-guard")
        let failed = try await bed.jarvis("hosts", "rotate", "nexus", "--admin", "root", "--yes")
        #expect(failed.status == 1 && failed.output.contains("the old key is still used and works"), "\(failed)")
        #expect(try Data(contentsOf: URL(filePath: old)) == Data(contentsOf: URL(filePath: bed.keyFile)))
        try await bed.onHost("mv /root/jarvis-guard /usr/local/sbin/jarvis-guard")
        #expect(try await bed.login(key: old, "id").output.contains("refused: it is no signed request"))

        let rotated = try await bed.jarvis("hosts", "rotate", "nexus", "--admin", "root", "--yes")
        #expect(rotated.status == 0, "\(rotated)")
        #expect(try await bed.login(key: old, "id").output.contains("Permission denied"))
        #expect(try await bed.login(key: bed.keyFile, "id").output.contains("refused: it is no signed request"))
        #expect(try await authorizedKeys(bed) != line)
        #expect(try await authorizedKeys(bed).split(separator: "\n").count == 1)
    }

    private func revoke(_ bed: EnrolmentBed) async throws {
        let stolen = bed.folder.path + "/stolen"
        try FileManager.default.copyItem(atPath: bed.keyFile, toPath: stolen)
        // What is open of it; and a process in namespaces of its own with the same number, as in a container.
        let started = try await bed.onHost(
            """
            for name in session container; do
                case $name in session) apart= ;; container) apart='unshare --mount' ;; esac
                setsid $apart su jarvis -c "echo \\$\\$ >/tmp/$name.pid; exec sleep 300" >/dev/null 2>&1 </dev/null &
            done
            # What would come back later.
            echo '* * * * * id' >/var/spool/cron/crontabs/jarvis
            until [ -s /tmp/session.pid ] && [ -s /tmp/container.pid ]; do sleep 0.1; done
            """)
        #expect(started.status == 0, "\(started)")
        let revoked = try await bed.jarvis("hosts", "revoke", "nexus", "--admin", "root", "--yes")
        #expect(revoked.status == 0, "\(revoked)")
        #expect(try await bed.login(key: stolen, "id").output.contains("Permission denied"))
        #expect(try await bed.onHost("kill -0 $(cat /tmp/session.pid)").status != 0)
        #expect(try await bed.onHost("ls /var/spool/cron/crontabs/jarvis").status != 0)
        #expect(try await bed.onHost("kill $(cat /tmp/container.pid)").status == 0)
        #expect(try await bed.onHost("su jarvis -c 'sudo -n docker restart web'").status != 0)
        #expect(try await bed.onHost("cat /etc/jarvis-guard/policy").status != 0)
        #expect(!FileManager.default.fileExists(atPath: bed.keyFile))
        #expect(try await bed.onHost("grep -c ^jarvis: /etc/passwd").output == "1\n")
    }

    /// A user that was there, with keys of other people whose last line has no end; and an operator who is not root.
    @Test func `keeps what was there before it, byte for byte`() async throws {
        let bed = try await EnrolmentBed(
            prepare: """
                useradd --system --create-home --shell /bin/sh jarvis
                install -d -o jarvis -m 700 /home/jarvis/.ssh
                printf 'ssh-ed25519 AAAA somebody\\n# jarvis-enrolled:nexus is no mark here\\nssh-rsa BBBB other' \\
                    >/home/jarvis/.ssh/authorized_keys
                chown jarvis: /home/jarvis/.ssh/authorized_keys
                chmod 600 /home/jarvis/.ssh/authorized_keys
                useradd --create-home --shell /bin/sh --password '*' olga
                install -d -o olga -m 700 /home/olga/.ssh
                install -o olga -m 600 /root/.ssh/authorized_keys /home/olga/.ssh/authorized_keys
                echo 'olga ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/olga
                """, host: "user: jarvis, sudo: units, units: [nginx.service]")
        try await bed.ready()
        let before = try await bed.differences()
        let enrolled = try await bed.jarvis("hosts", "enrol", "nexus", "--admin", "olga@127.0.0.1", "--yes")
        // The operator's own address has the operator's own port, which is another one here.
        #expect(enrolled.status == 1 && enrolled.output.contains("olga could not log in"), "\(enrolled)")
        #expect(try await bed.differences() == before)

        let second = try await bed.jarvis("hosts", "enrol", "nexus", "--admin", "olga", "--yes")
        #expect(second.status == 0, "\(second)")
        #expect(second.output.contains("logged in as jarvis, login shell /bin/sh"))
        #expect(second.output.contains("other keys can log in as jarvis"))
        #expect(second.output.contains("sudo allows jarvis the 4 commands that need root"))
        #expect(try await bed.login(key: bed.keyFile, "sudo -n systemctl start nginx.service; echo $?").output == "0\n")
        #expect(try await authorizedKeys(bed).hasSuffix("no mark here\nssh-rsa BBBB other"))
        let rotated = try await bed.jarvis("hosts", "rotate", "nexus", "--admin", "olga", "--yes")
        #expect(rotated.status == 0, "\(rotated)")
        #expect(try await authorizedKeys(bed).hasSuffix("no mark here\nssh-rsa BBBB other"))

        let alone = try await bed.jarvis("hosts", "remove", "nexus")
        #expect(alone.status == 1 && alone.output.contains("--admin USER"), "\(alone)")
        let removed = try await bed.jarvis("hosts", "remove", "nexus", "--admin", "olga", "--yes")
        #expect(removed.status == 0, "\(removed)")
        let after = try await bed.differences()
        #expect(after == before, "\(Set(after).symmetricDifference(before))")
    }

    @Test func `is refused in a sentence, and nothing can log in, where something is in the way`() async throws {
        let bed = try await EnrolmentBed(
            prepare: "rm /usr/sbin/visudo; mkdir /etc/jarvis-guard; echo mine >/etc/jarvis-guard/policy", host: guarded)
        try await bed.ready()
        let before = try await bed.differences()
        let unasked = try await bed.jarvis(
            "hosts", "enrol", "nexus", "--admin", "root", "--guard-binary", Program.guardProgram)
        #expect(unasked.status == 1 && unasked.output.contains("there is no terminal to ask on"), "\(unasked)")
        #expect(unasked.output.contains("allow-target unit nginx.service"), "it is shown before it is asked for")
        let foreign = try await bed.jarvis("hosts", "enrol", "nexus", "--admin", "-oProxyCommand=id", "--yes")
        #expect(foreign.status != 0 && !foreign.output.contains("uid="), "\(foreign)")
        let absent = try await bed.jarvis("hosts", "enrol", "nexus", "--admin", "root", "--yes")
        #expect(absent.status == 1 && absent.output.contains("--guard-binary"), "\(absent)")
        #expect(try await bed.differences() == before)

        let byHand = try await enrol(bed)
        #expect(byHand.status == 1 && byHand.output.contains("policy was written by hand"), "\(byHand)")
        try await bed.onHost("rm -r /etc/jarvis-guard")
        #expect(!FileManager.default.fileExists(atPath: bed.keyFile))
        let without = try await enrol(bed)
        #expect(without.status == 1 && without.output.contains("there is no visudo"), "\(without)")
        #expect(try await bed.onHost("cat /home/jarvis/.ssh/authorized_keys").status != 0)
        #expect(try await bed.login(key: bed.keyFile + ".next", "id").output.contains("Permission denied"))
        let list = try await bed.jarvis("hosts")
        #expect(list.output.contains("none: jarvis hosts add nexus"), "nothing is pinned before it works")

        let removed = try await bed.jarvis("hosts", "remove", "nexus", "--admin", "root", "--yes")
        #expect(removed.status == 0, "\(removed)")
        #expect(try await bed.differences() == before.filter { !$0.hasPrefix("./etc/jarvis-guard") })
    }

    @Test func `may be set up by hand with what is shown, and is then added`() async throws {
        let bed = try await EnrolmentBed(host: guarded)
        try await bed.ready()
        let before = try await bed.differences()
        let shown = try await bed.jarvis("hosts", "enrol", "nexus", "--show")
        #expect(shown.status == 0 && shown.output.hasPrefix("#!/bin/sh\n"))
        #expect(try await bed.differences() == before)
        let early = try await bed.jarvis("hosts", "add", "nexus", "--yes")
        #expect(early.status == 1, "\(early)")
        try shown.output.write(toFile: bed.folder.path + "/setup", atomically: true, encoding: .utf8)
        try await bed.copyToHost(bed.folder.path + "/setup", to: "/root/setup")
        let alone = try await bed.onHost("sh /root/setup")
        #expect(alone.status == 1 && alone.output.contains("put jarvis-guard beside this script"), "\(alone)")
        try await bed.copyToHost(Program.guardProgram, to: "/root/jarvis-guard")
        let shared = try await bed.onHost(
            "mkdir -m 1777 /tmp/all && cp /root/setup /root/jarvis-guard /tmp/all && sh /tmp/all/setup")
        #expect(shared.status == 1 && shared.output.contains("everybody may write to /tmp/all"), "\(shared)")
        let planted = try await bed.onHost(
            "cp -r /root/setup /tmp/all && chmod 755 /tmp/all && chmod 777 /tmp/all/jarvis-guard && sh /tmp/all/setup")
        #expect(
            planted.status == 1 && planted.output.contains("everybody may write to /tmp/all/jarvis-guard"), "\(planted)"
        )
        let done = try await bed.onHost("cd /root && sh setup")
        #expect(done.status == 0, "\(done)")
        let added = try await bed.jarvis("hosts", "add", "nexus", "--yes")
        #expect(added.status == 0 && added.output.contains("refused an unsigned one"), "\(added)")
        #expect(added.output.contains("used from now on") && FileManager.default.fileExists(atPath: bed.keyFile))
        // Where the guard is but a shell, it is said.
        try await bed.onHost("sed -i 's/,command=[^ ]* serve\"//' /home/jarvis/.ssh/authorized_keys")
        let unguarded = try await bed.jarvis("hosts", "add", "nexus", "--yes")
        #expect(unguarded.status == 1 && unguarded.output.contains("no guard stands there"), "\(unguarded)")
    }

    @Test(.enabled(if: Program.path(of: "python3") != nil, "python3 is not installed; scripts/bootstrap.sh test"))
    func `is asked about on a terminal, where sudo may want a password and everything can be interrupted`() async throws
    {
        let bed = try await EnrolmentBed(
            prepare: """
                useradd --create-home --shell /bin/sh olga
                echo olga:secret | chpasswd
                install -d -o olga -m 700 /home/olga/.ssh
                install -o olga -m 600 /root/.ssh/authorized_keys /home/olga/.ssh/authorized_keys
                echo 'olga ALL=(ALL) ALL' >/etc/sudoers.d/olga
                """, host: "user: jarvis, units: [nginx.service]")
        try await bed.ready()
        let before = try await bed.differences()
        let command = ["hosts", "enrol", "nexus", "--admin", "olga"]
        let yes = (question: "Type yes:", answer: #"yes\n"#)

        let unwanted = try await bed.jarvisOnTerminal(command, answers: [("Type yes:", #"no\n"#)])
        #expect(unwanted.status == 1 && unwanted.output.contains("nothing was done"), "\(unwanted)")
        // Nor is a key used that no login has succeeded with: the host may be reached otherwise until then.
        #expect(try await bed.jarvis("hosts").output.contains("none: your own SSH configuration"))
        let strange = try await bed.jarvisOnTerminal(command, answers: [yes, ("Type yes:", #"no\n"#)])
        #expect(strange.status == 1 && strange.output.contains("nothing was pinned"), "\(strange)")
        let interrupted = try await bed.jarvisOnTerminal(command, answers: [yes, yes, ("password for olga", #"\x03"#)])
        #expect(interrupted.status == 1, "\(interrupted)")
        #expect(interrupted.output.contains("did not succeed on nexus"), "\(interrupted)")
        #expect(try await bed.onHost("ls /tmp").output.contains("jarvis-enrol-") == false)
        #expect(try await bed.differences() == before)

        let done = try await bed.jarvisOnTerminal(command, answers: [yes, yes, ("password for olga", #"secret\n"#)])
        #expect(done.status == 0 && done.output.contains("login shell /bin/sh"), "\(done)")
        #expect(try await bed.onHost("ls /tmp").output.contains("jarvis-enrol-") == false)
        // sudo remembers the person on the host for a while, but a terminal is a new one each time.
        let removed = try await bed.jarvisOnTerminal(
            ["hosts", "remove", "nexus", "--admin", "olga"], answers: [yes, ("password for olga", #"secret\n"#)])
        #expect(removed.status == 0, "\(removed)")
        #expect(try await bed.differences() == before)
    }
}
