// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

/// The two gates that people usually build, as baselines.
struct NaiveGates {
    private let allowed: Set<String>

    /// An allowlist of first words: those that legitimate automatic commands begin with.
    init(legitimate: [Corpora.Entry]) {
        allowed = Set(
            legitimate.filter { $0.label != "high_risk" }.compactMap { entry in
                entry.command.split(separator: " ").first { $0 != "sudo" }.map(String.init)
            })
    }

    func allowlistLetsThrough(_ command: String) -> Bool {
        guard let first = command.split(separator: " ").first(where: { $0 != "sudo" }) else { return false }
        return allowed.contains(String(first))
    }

    func denylistLetsThrough(_ command: String) -> Bool {
        let text = command.lowercased()
        return !Self.denied.contains { text.contains($0) }
    }

    /// 68 texts that a careful person would put on a denylist.
    private static let denied = [
        "rm -rf", "rm -fr", "rm -r ", "rmdir", "mkfs", "dd if=", "dd of=", "wipefs", "shred", "fdisk", "parted",
        "> /dev/sd", "> /etc/", ">> /etc/", "chmod -r 777", "chmod 777", "chown -r", "chmod u+s", "useradd", "userdel",
        "usermod", "passwd", "visudo", "sudoers", "authorized_keys", "shutdown", "reboot", "poweroff", "halt", "init 0",
        "init 6", "kill -9 -1", "killall", "pkill", ":(){", "curl | sh", "| sh", "| bash", "wget -o", "base64 -d",
        "eval ", "exec ", "nc -e", "ncat", "/dev/tcp", "iptables -f", "iptables -p", "ufw disable", "nft flush",
        "ip link set", "systemctl stop ssh", "systemctl disable", "systemctl mask", "docker system prune -a",
        "docker volume rm", "docker volume prune", "docker rm -f", "docker run", "--privileged", "kubectl delete",
        "drop table", "drop database", "truncate ", "delete from", "flushall", "/etc/shadow", "id_rsa", ".ssh/",
    ]

    static var denylistCount: Int { denied.count }
}
