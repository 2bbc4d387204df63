// SPDX-License-Identifier: Apache-2.0

import Foundation
import JarvisHosts
import JarvisTestSupport
import Testing

/// A host to enrol: a real sshd with the machine's own programs, on a file system whose changes are a layer of its own.
///
/// It lives in a private mount namespace and in a root that is an overlay of the machine's, so nothing of the machine
/// is touched, and the layer tells exactly what was changed.
final class EnrolmentBed: Sendable {
    /// What the bed needs that may be missing; nil: nothing.
    static let missing: String? = {
        guard geteuid() == 0 else { return "it needs root, for a mount namespace and users of its own" }
        for program in ["sudo", "visudo", "sshd", "ssh-agent", "useradd", "nsenter", "unshare"] {
            guard Program.path(of: program) != nil else { return "\(program) is missing; scripts/bootstrap.sh test" }
        }
        let filesystems = try? String(contentsOfFile: "/proc/filesystems", encoding: .utf8)
        guard filesystems?.contains("\toverlay\n") == true else { return "the kernel has no overlay file system" }
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line.flatMap { UInt64($0.dropFirst(7).drop { $0.isWhitespace }, radix: 16) } ?? 0
        // CAP_SYS_ADMIN; containers often run without it.
        return capabilities & (1 << 21) == 0 ? "this root may not mount" : nil
    }()

    let folder: Folder
    let port: Int
    private let sshd: Program
    private let agent: Program

    /// - Parameters:
    ///   - prepare: shell lines that run in the new root before sshd does.
    ///   - host: what the configuration says of the host besides its place.
    init(prepare: String = "", host: String) async throws {
        folder = try Folder()
        port = try FreePort.pick()
        try folder.write(
            """
            data: \(folder.path)/data
            hosts:
              - {name: nexus, address: 127.0.0.1, port: \(port), \(host)}
            """, to: "jarvis.yaml")
        try folder.write(Self.script(prepare, port: port), to: "bed.sh")
        try FileManager.default.createDirectory(atPath: folder.path + "/layer", withIntermediateDirectories: true)
        _ = try await Self.call(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder.path + "/admin"], in: folder.path)
        let keygen = ["-q", "-t", "ed25519", "-N", "", "-f", folder.path + "/admin"]
        _ = try await Self.call("ssh-keygen", keygen, in: folder.path)
        agent = try Program("ssh-agent", ["-D", "-a", folder.path + "/agent"], in: folder.path)
        sshd = try Program(
            "unshare", ["--mount", "--propagation", "private", "sh", folder.path + "/bed.sh", folder.path],
            in: folder.path, environment: Self.path)
    }

    deinit {
        sshd.end(SIGKILL)
        agent.end(SIGKILL)
    }

    /// Waits until the host answers.
    func ready() async throws {
        try await eventually("sshd listens: \(sshd.text)", within: .seconds(10)) {
            sshd.text.contains("Server listening") && FileManager.default.fileExists(atPath: folder.path + "/agent")
        }
        _ = try await Self.call(
            "ssh-add", ["-q", folder.path + "/admin"], in: folder.path,
            environment: ["SSH_AUTH_SOCK": folder.path + "/agent"])
    }

    struct Outcome: CustomStringConvertible {
        let status: Int32
        let output: String
        var description: String { "status \(status): \(output)" }
    }

    /// Runs the program as an operator does who has an agent and no terminal.
    func jarvis(_ arguments: String...) async throws -> Outcome {
        try await Self.call(
            Program.jarvis, arguments, in: folder.path, environment: ["SSH_AUTH_SOCK": folder.path + "/agent"])
    }

    /// Runs the program on a terminal, where each of these answers is typed when its question appears.
    func jarvisOnTerminal(_ arguments: [String], answers: [(question: String, answer: String)]) async throws -> Outcome
    {
        try folder.write(
            """
            import os, pty, sys
            answers = [a.encode().decode("unicode_escape").encode() for a in sys.argv[1].split("|")]
            pid, terminal = pty.fork()
            if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
            text = b""
            while True:
                try: part = os.read(terminal, 4096)
                except OSError: break
                if not part: break
                sys.stdout.buffer.write(part)
                text += part
                if answers and answers[0] in text:
                    os.write(terminal, answers[1])
                    text, answers = b"", answers[2:]
            sys.stdout.flush()
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """, to: "terminal.py")
        let conversation = answers.map { "\($0.question)|\($0.answer)" }.joined(separator: "|")
        return try await Self.call(
            "python3", [folder.path + "/terminal.py", conversation, Program.jarvis] + arguments, in: folder.path,
            environment: ["SSH_AUTH_SOCK": folder.path + "/agent"])
    }

    /// Runs a shell line on the host, as root.
    @discardableResult
    func onHost(_ line: String) async throws -> Outcome {
        try await Self.call(
            "nsenter",
            ["--mount=/proc/\(sshd.pid)/ns/mnt", "chroot", folder.path + "/layer/root", "sh", "-c", line],
            in: folder.path)
    }

    /// Logs in as Jarvis' user with a key, as a thief would.
    func login(key: String, _ command: String) async throws -> Outcome {
        try await Self.call(
            "ssh",
            [
                "-F", "none", "-i", key, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-p",
                "\(port)", "jarvis@127.0.0.1", command,
            ], in: folder.path)
    }

    func copyToHost(_ path: String, to place: String) async throws {
        let outcome = try await Self.call("cp", [path, "/proc/\(sshd.pid)/root\(place)"], in: folder.path)
        #expect(outcome.status == 0, "\(outcome)")
    }

    var keyFile: String { folder.path + "/data/keys/nexus_ed25519" }

    /// Everything on the host that differs from the machine below it: path, kind, mode, owner, content.
    ///
    /// Left out are backups of the user tools (`passwd-`), their lock, and logs.
    func differences() async throws -> [String] {
        let script = #"""
            cd "$1" && find . -mindepth 1 | LC_ALL=C sort | while IFS= read -r path; do
                case $path in
                ./etc/*[a-z]- | ./etc/.pwd.lock | ./var/log/* | ./mnt | ./proc | ./dev | ./run | ./tmp) continue ;;
                esac
                describe() { stat -c '%f %u:%g %N' "$path"; if [ -f "$path" ]; then cat "$path" | cksum; fi; }
                here=$(describe)
                [ "$here" = "$(cd / && describe 2>/dev/null)" ] || printf '%s: %s\n' "$path" "$(echo $here)"
            done
            """#
        let outcome = try await Self.call("sh", ["-c", script, "-", "/proc/\(sshd.pid)/root/mnt"], in: folder.path)
        #expect(outcome.status == 0, "\(outcome)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    private static let path = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]

    private static func call(
        _ name: String, _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) async throws -> Outcome {
        guard let path = Program.path(of: name) else { throw Program.Missing(name: name) }
        let child = ChildProcess(
            executable: path, arguments: arguments,
            environment: ["HOME": folder, "XDG_RUNTIME_DIR": folder, "JARVIS_CONFIG": folder + "/jarvis.yaml"].merging(
                Self.path
            ) { $1 }.merging(
                environment
            ) { $1 },
            outputLimit: OutputLimit(head: 1 << 20, tail: 1 << 16))
        let result = try await child.run(deadline: .seconds(60))
        guard case .exited(let status) = result.ending else {
            return Outcome(status: -1, output: "\(result.ending) \(result.standardOutput)\(result.standardError)")
        }
        return Outcome(status: status, output: result.standardOutput + result.standardError)
    }

    private static func script(_ prepare: String, port: Int) -> String {
        """
        set -eu
        mount -t tmpfs none "$1/layer"
        cd "$1/layer"
        mkdir upper work root
        mount -t overlay overlay -o "lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work" root
        mount --rbind /dev root/dev
        mount -t proc proc root/proc
        mount -t tmpfs none root/run
        mount -t tmpfs none root/tmp
        mkdir -p root/mnt root/run/sshd root/root/.ssh
        mount --bind upper root/mnt
        cp "$1/admin.pub" root/root/.ssh/authorized_keys
        ssh-keygen -q -t ed25519 -N '' -f root/etc/ssh/bed_host
        for name in systemctl docker; do
            printf '#!/bin/sh\\nprintf "%%s " "$(id -u)" %s "$@" >>/var/log/calls; echo >>/var/log/calls\\n' $name \\
                >root/usr/local/sbin/$name
            chmod 755 root/usr/local/sbin/$name
        done
        : >root/var/log/calls
        chmod 666 root/var/log/calls
        cat >root/etc/ssh/bed_config <<'END'
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey /etc/ssh/bed_host
        PidFile none
        UsePAM yes
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        UseDNS no
        END
        cat >root/run/prepare <<'END_OF_PREPARE'
        set -eu
        \(prepare)
        END_OF_PREPARE
        chroot root sh /run/prepare
        exec chroot root /usr/sbin/sshd -D -e -f /etc/ssh/bed_config
        """
    }
}
