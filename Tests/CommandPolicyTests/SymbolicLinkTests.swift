// SPDX-License-Identifier: Apache-2.0

import JarvisTestSupport
import Testing

@testable import CommandPolicy

@Suite struct SymbolicLinkTests {
    let policy: Policy

    init() throws { policy = try ShippedPolicy.get() }

    /// What becomes of a command whose paths all lead there: `same`, the text there, or the reason.
    private func outcome(_ text: String, _ target: PathResolution) throws -> String {
        let command = try #require(try policy.judge(text).first)
        do throws(Refusal) {
            return try policy.judgeBehindLinks(command) { _ in target }?.canonical ?? "same"
        } catch {
            return error.reason
        }
    }

    @Test func `what is read behind a link must be readable itself`() throws {
        let read = "cat /var/log/app/x.log"
        #expect(try outcome(read, .same) == "same")
        #expect(try outcome(read, .elsewhere("/var/log/other/x.log")) == "'cat' '/var/log/other/x.log'")
        #expect(try outcome(read, .unknown("Permission denied")).contains("can't be seen: Permission denied"))
        let targets = [
            "/etc/shadow", "/root/.ssh/id_rsa", "/proc/1/environ", "/etc/wireguard/wg0.conf", "/", "-n", "", "a\nb",
            "/var/log/app/x\n/etc/hosts", "/var/log/é", "/var/log/a'b", "/var/log/../../etc/shadow",
            "/" + String(repeating: "a", count: 10_000), "/proc/77/fd/pipe:[12]",
        ]
        for target in targets {
            #expect(try outcome(read, .elsewhere(target)).hasPrefix("a symbolic link leads elsewhere: "), "\(target)")
        }
    }

    @Test(arguments: [
        ("truncate -s 0 /var/log/app/x.log", "/etc/hosts"),
        ("truncate -s 0 /var/log/app/x.log", "/var/log/jarvis/x.log"),
        ("logrotate -f /etc/logrotate.d/nginx", "/tmp/evil"),
        ("docker compose -f /opt/web/compose.yml restart", "/tmp/compose.yml"),
        ("docker compose -f /opt/web/compose.yml restart", "/opt/jarvis/compose.yml"),
        ("docker compose -f /opt/web/compose.yml restart", "/opt/vaultwarden/compose.yml"),
        ("find /var/log/app -name '*.gz' -mtime +30 -delete", "/etc/ssl"),
    ])
    func `so must what is changed`(_ text: String, _ target: String) throws {
        #expect(try outcome(text, .elsewhere(target)).hasPrefix("a symbolic link leads elsewhere: "))
    }

    @Test func `a riskier class there is refused`() throws {
        let text = "docker compose -f /opt/web/compose.yml restart"
        #expect(try outcome(text, .elsewhere("/srv/web/compose.yml")).hasPrefix("'docker'"))
        #expect(try outcome(text, .elsewhere("/opt/postgres/compose.yml")).hasSuffix("it is highRisk there"))
    }

    @Test func `one path of many is enough, in lists, pipes and containers`() throws {
        for text in [
            "cat /etc/hosts; cat /etc/fstab", "cat /etc/hosts | grep x; cat /etc/fstab", "cat /etc/hosts /etc/fstab",
            "docker exec web cat /etc/fstab",
        ] {
            let command = try #require(try policy.judge(text).first)
            #expect(throws: Refusal.self, "\(text)") {
                try policy.judgeBehindLinks(command) { $0.path == "/etc/fstab" ? .elsewhere("/root/x") : .same }
            }
        }
        let inside = try #require(try policy.judge("docker exec web cat /etc/hosts").first)
        // The same path of the host is another one.
        let judged = try policy.judgeBehindLinks(inside) { $0.place.isEmpty ? .elsewhere("/root/x") : .same }
        #expect(judged == nil)
    }

    @Test func `of a path that is not there the part that is counts`() {
        let links: [String: PathResolution.Answer] = [
            "/": .end("/"), "/a": .end("/a"), "/link": .end("/etc"), "/closed": .unknown("Permission denied"),
            "/loop": .unknown("Too many levels of symbolic links"), "/root": .end("/"),
        ]
        let rows: [(String, PathResolution)] = [
            ("/a", .same), ("/a/", .same), ("/a/b/c", .same), ("/x", .same), ("/link", .elsewhere("/etc")),
            ("/link/", .elsewhere("/etc/")), ("/link/shadow", .elsewhere("/etc/shadow")), ("/", .same),
            ("/link/b/c/", .elsewhere("/etc/b/c/")), ("/root/etc/x", .elsewhere("/etc/x")), ("relative", .same),
            ("/closed/x", .unknown("Permission denied")), ("/loop", .unknown("Too many levels of symbolic links")),
        ]
        for (path, wanted) in rows {
            #expect(PathResolution.following(path) { links[$0] ?? .missing } == wanted, "\(path)")
        }
    }

    @Test func `links of the system itself are known`() {
        let known = [
            ("/etc/mtab", "/proc/77/mounts"), ("/proc/mounts", "/proc/77/mounts"),
            ("/proc/net/dev", "/proc/77/net/dev"), ("/etc/os-release", "/usr/lib/os-release"),
            ("/sys/class/net/eth0", "/sys/devices/virtual/net/eth0"), ("/dev/vg0/data", "/dev/dm-3"),
            ("/dev/mapper/vg0-data", "/dev/dm-12"),
            ("/etc/resolv.conf", "/run/systemd/resolve/stub-resolv.conf"),
            ("/etc/ssl/certs/ISRG_Root_X1.pem", "/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt"),
            ("/etc/letsencrypt/live/example.org/fullchain.pem", "/etc/letsencrypt/archive/example.org/fullchain12.pem"),
        ]
        for (path, target) in known { #expect(SystemLinks.cover(path, target), "\(path)") }
        let others = [
            ("/etc/mtab", "/proc/77/environ"), ("/etc/mtab", "/proc/self/mounts"), ("/etc/mtab", "/etc/shadow"),
            ("/proc/net/dev", "/proc/77/net/route"), ("/etc/os-release", "/etc/shadow"),
            ("/sys/class/net/eth0", "/etc/shadow"), ("/etc/resolv.conf", "/run/secrets/x"),
            ("/etc/ssl/certs/x.pem", "/etc/ssl/private/x.key"), ("/proc/net/dev", "/proc//net/dev"),
            ("/etc/letsencrypt/live/a/cert.pem", "/etc/letsencrypt/archive/a/privkey1.pem"),
            ("/etc/letsencrypt/live/a/cert.pem", "/etc/letsencrypt/archive/b/cert1.pem"),
            ("/etc/letsencrypt/live/a/cert.pem", "/etc/letsencrypt/archive/a/certx.pem"),
            ("/etc/letsencrypt/live/a/cert.pem", "/etc/letsencrypt/archive/a/cert.pem"),
            ("/etc/letsencrypt/live/a/privkey.pem", "/etc/letsencrypt/archive/a/privkey1.pem"),
            ("/var/log/app/mtab", "/proc/77/mounts"), ("/dev/shm/x", "/dev/dm-3"), ("/dev/vg0/data", "/dev/sda"),
            ("/dev/vg0/data", "/dev/dm-3/x"), ("/srv/vg0/data", "/dev/dm-3"),
        ]
        for (path, target) in others { #expect(!SystemLinks.cover(path, target), "\(path) \(target)") }
    }
}
