// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore
import JarvisEngine
import JarvisTestSupport
import Testing

@Suite struct OccupationTests {
    private func reading(_ output: String, _ ending: Receipt.Ending = .exited(status: 0)) -> String? {
        Occupation.reading(Receipt(ending: ending, standardOutput: output))
    }

    @Test func `names of programs are compared whole`() {
        #expect(reading("Ss   systemd\nSl   restic\nS    sshd\n") == "a backup (restic)")
        #expect(reading("R+ apt-get\n") == "a package upgrade (apt-get)")
        #expect(reading("  D  dpkg \n") == "a package upgrade (dpkg)")
        // Services that run for ever, or share the beginning of a name.
        for name in [
            "rest-server", "unattended-upgr", "rsync", "rclone", "proxmox-backup-", "resticprofile", "[restic]",
        ] {
            #expect(reading("S    \(name)\n") == nil, "\(name)")
        }
        #expect(reading("") == nil)
        #expect(reading("restic\n") == nil)
    }

    @Test func `a process that has ended occupies nothing`() {
        #expect(reading("Z    restic <defunct>\nZs   borg\n") == nil)
        #expect(reading("Z    restic <defunct>\nS    borg\n") == "a backup (borg)")
    }

    @Test func `what can't be seen keeps nothing from beginning`() {
        for ending in [Receipt.Ending.exited(status: 1), .timedOut, .notStarted(reason: "x"), .unknown(reason: "x")] {
            #expect(reading("S restic\n", ending) == nil)
        }
    }

    @Test func `looks are observing steps of the shipped policy`() throws {
        let policy = try ShippedPolicy.get()
        #expect(Occupation.step(under: policy)?.commandClass == .observe)
        let inventory = try Homelab.inventory(rootKinds: [.unit])
        let container = LastLines.step(for: Homelab.web, in: inventory, under: policy)
        #expect(container?.canonical == "'docker' 'logs' '--tail' '100' 'web'" && container?.commandClass == .observe)
        let unit = LastLines.step(for: Homelab.unit, in: inventory, under: policy)
        #expect(
            unit?.canonical == "'sudo' '-n' 'journalctl' '--unit' 'web.service' '--lines' '100' '--no-pager'"
                && unit?.commandClass == .observe)
        #expect(LastLines.step(for: Homelab.canary, in: inventory, under: policy) == nil)
        let foreign = Target(host: Homelab.host, kind: .unit, name: "web; reboot")
        #expect(LastLines.step(for: foreign, in: inventory, under: policy) == nil)
    }

    @Test func `last lines are the end of the log, bounded, or the reason for their absence`() {
        let long = (0..<2_000).map { "line e\u{301} \($0)\u{1B}[31m" }.joined(separator: "\n") + "\nend"
        let kept = LastLines.reading(Receipt(ending: .exited(status: 0), standardOutput: long))
        #expect(kept.hasSuffix("\nend") && kept.hasPrefix("…") && kept.unicodeScalars.count == 4_001)
        #expect(!kept.contains("\u{1B}") && kept.contains("\n"))
        #expect(LastLines.reading(Receipt(ending: .exited(status: 0))) == "nothing")
        #expect(LastLines.reading(Receipt(ending: .timedOut)).contains("could not be read"))
    }
}
