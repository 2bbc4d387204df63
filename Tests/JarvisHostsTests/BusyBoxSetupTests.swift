// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import JarvisCore
import LoopbackSSHD
import Testing

@testable import JarvisHosts

private let missing: String? =
    geteuid() != 0
    ? "it needs root, for a root directory of its own"
    : access("/bin/busybox", X_OK) != 0 ? "busybox is not installed; scripts/bootstrap.sh test" : nil

extension RealProcesses {
    /// A root directory with BusyBox and nothing else but what stands in for the tools that not every BusyBox has.
    @Suite(.enabled(if: missing == nil, "enrolment under BusyBox: \(missing ?? "")"))
    struct `A host with nothing but BusyBox that is enrolled` {
        private struct Root {
            let path: String

            func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
                try Data(text.utf8).write(to: URL(filePath: path + name))
                chmod(path + name, mode)
            }

            func read(_ name: String) -> String { readSmallFile(path + name) ?? "" }

            func run(_ purpose: HostSetupScript.Purpose, _ setup: HostSetup) async throws -> ChildProcess.Result {
                try write(HostSetupScript(purpose, setup).text, to: "/root/setup")
                return try await ChildProcess(
                    executable: "/usr/sbin/chroot", arguments: [path, "/bin/sh", "/root/setup"]
                ).run(deadline: .seconds(30))
            }

            /// Every file with owner, mode and, where it has one, size.
            func listing() async throws -> [String] {
                let result = try await ChildProcess(
                    executable: "/usr/bin/find",
                    arguments: [
                        path, "-mindepth", "1", "-not", "-path", "*/root/*", "-printf", "%P %y %m %U:%G %l", "(",
                        "-type", "f", "-printf", " %s\\n", "-o", "-printf", "\\n", ")",
                    ]
                ).run(deadline: .seconds(10))
                return result.standardOutput.split(separator: "\n").map(String.init).sorted()
            }
        }

        /// What BusyBox' own do with the arguments that the script gives, for systems whose BusyBox was built with them.
        private static let tools = [
            "addgroup": #"[ "$1" = -S ] && echo "$2:x:101:" >>/etc/group"#,
            "adduser": #"""
            [ "$*" = "-S -D -H -h /home/jarvis -s /bin/sh -G jarvis jarvis" ] || exit 1
            echo 'jarvis:x:100:101::/home/jarvis:/bin/sh' >>/etc/passwd
            echo 'jarvis:!:20000::::::' >>/etc/shadow
            """#,
            "chpasswd": #"""
            [ "$*" = -e ] && IFS=: read -r user password && sed -i "s/^$user:[^:]*/$user:$password/" /etc/shadow
            """#,
            "deluser": #"sed -i "/^$1:/d" /etc/passwd /etc/shadow"#,
            "delgroup": #"sed -i "/^$1:/d" /etc/group"#,
        ]

        private func inRoot(_ body: (Root) async throws -> Void) async throws {
            try await withTemporaryDirectory { path in
                let root = Root(path: path)
                for name in ["bin", "sbin", "usr", "usr/bin", "usr/sbin", "etc", "var", "var/lib", "dev", "root"] {
                    mkdir(path + "/" + name, 0o755)
                }
                chmod(path, 0o755)
                mknod(path + "/dev/null", S_IFCHR | 0o666, 0x103)
                _ = try await ChildProcess(executable: "/bin/cp", arguments: ["/bin/busybox", path + "/bin/"]).run()
                _ = try await ChildProcess(
                    executable: "/usr/sbin/chroot", arguments: [path, "/bin/busybox", "--install", "-s"]
                ).run()
                try root.write("root:x:0:0:root:/root:/bin/sh\n", to: "/etc/passwd")
                try root.write("root:x:0:\n", to: "/etc/group")
                try root.write("root:*:1::::::\n", to: "/etc/shadow", mode: 0o600)
                for (name, script) in Self.tools {
                    unlink("\(path)/usr/sbin/\(name)")
                    try root.write("#!/bin/sh\n\(script)\n", to: "/usr/sbin/" + name, mode: 0o755)
                }
                try await body(root)
            }
        }

        @Test func `is set up, changed, revoked, and as before when it is removed`() async throws {
            try await inRoot { root in
                let setup = try fullSetup(host: "nexus", policy: "guard-host nexus\n", rules: [])
                let before = try await root.listing()
                try root.write("#!/bin/sh\n[ \"$1\" = --help ] || grep -q nexus \"$3\"\n", to: "/root/jarvis-guard")
                let installed = try await root.run(.install, setup)
                #expect(installed.ending == .exited(0), "\(installed)")
                let line = root.read("/home/jarvis/.ssh/authorized_keys")
                #expect(line.hasPrefix("restrict,command=\"/usr/local/sbin/jarvis-guard serve\" ssh-ed25519 "))
                #expect(root.read("/etc/shadow").contains("\njarvis:*:"))
                #expect(root.read("/etc/jarvis-guard/policy") == "guard-host nexus\n")
                let standing = try await root.listing()
                #expect(standing.contains("var/lib/jarvis-guard d 700 100:101 "))

                let again = try await root.run(.install, setup)
                #expect(again.ending == .exited(0), "\(again)")
                #expect(try await root.listing() == standing)
                let changed = try fullSetup(host: "nexus", policy: "# more\nguard-host nexus\n", rules: [])
                let second = try await root.run(.install, changed)
                #expect(second.ending == .exited(0) && root.read("/etc/jarvis-guard/policy").hasPrefix("# more"))
                let refused = try await root.run(.install, try fullSetup(host: "nexus", policy: "bad\n", rules: []))
                #expect(refused.standardError.contains("the guard refuses its policy"), "\(refused)")
                #expect(root.read("/etc/jarvis-guard/policy").hasPrefix("# more"))

                let other = try await root.run(.remove, try fullSetup(host: "other"))
                #expect(other.standardError.contains("enrolled otherwise (host nexus user jarvis )"), "\(other)")
                let revoked = try await root.run(.revoke, setup)
                #expect(revoked.ending == .exited(0), "\(revoked)")
                #expect(root.read("/home/jarvis/.ssh/authorized_keys").isEmpty)
                let removed = try await root.run(.remove, setup)
                #expect(removed.ending == .exited(0), "\(removed)")
                #expect(try await root.listing() == before)
                let nothing = try await root.run(.remove, setup)
                #expect(nothing.ending == .exited(0) && nothing.standardOutput.contains("nothing here"), "\(nothing)")
            }
        }

        @Test func `lets nobody in where sudo is wanted and missing`() async throws {
            try await inRoot { root in
                let before = try await root.listing()
                let setup = try fullSetup(host: "nexus", policy: nil)
                let refused = try await root.run(.install, setup)
                #expect(
                    refused.ending == .exited(1) && refused.standardError.contains("there is no visudo"), "\(refused)")
                #expect(root.read("/home/jarvis/.ssh/authorized_keys").isEmpty)
                _ = try await root.run(.remove, setup)
                #expect(try await root.listing() == before)
            }
        }

        @Test func `is left alone where a link or a folder of somebody else is in the way`() async throws {
            try await inRoot { root in
                let setup = try fullSetup(host: "nexus", policy: nil, rules: [])
                try root.write("jarvis:x:100:100::/home/jarvis:/bin/sh\n", to: "/etc/passwd")
                mkdir(root.path + "/home", 0o755)
                mkdir(root.path + "/home/jarvis", 0o755)
                symlink("/etc", root.path + "/home/jarvis/.ssh")
                let refused = try await root.run(.install, setup)
                #expect(refused.standardError.contains("behind a symbolic link"), "\(refused)")
                #expect(access(root.path + "/etc/authorized_keys", F_OK) != 0)
                try root.write("jarvis:x:0:0::/home/jarvis:/bin/sh\n", to: "/etc/passwd")
                let superuser = try await root.run(.install, setup)
                #expect(superuser.standardError.contains("jarvis is root"), "\(superuser)")
            }
        }
    }
}
