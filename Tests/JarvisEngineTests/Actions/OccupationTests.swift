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
        #expect(reading("systemd\nrestic\nsshd\n") == "a backup (restic)")
        #expect(reading("apt-get\n") == "a package upgrade (apt-get)")
        #expect(reading("proxmox-backup-\n") == "a backup (proxmox-backup-)")
        #expect(reading("rest-server\nunattended-upgr\nrsync\nrclone\nborgbackup-ui\nresticprofile\n") == nil)
        #expect(reading("COMMAND\n  dpkg \n") == "a package upgrade (dpkg)")
        #expect(reading("") == nil)
        #expect(reading("kworker/0:1-restic\n[restic]\n") == nil)
    }

    @Test func `what can't be seen keeps nothing from beginning`() {
        for ending in [Receipt.Ending.exited(status: 1), .timedOut, .notStarted(reason: "x"), .unknown(reason: "x")] {
            #expect(reading("restic\n", ending) == nil)
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
        let long = String(repeating: "x", count: 10_000) + "end"
        let kept = LastLines.reading(Receipt(ending: .exited(status: 0), standardOutput: long))
        #expect(kept.hasSuffix("end") && kept.utf8.count <= 4_100)
        #expect(LastLines.reading(Receipt(ending: .exited(status: 0))) == "nothing")
        #expect(LastLines.reading(Receipt(ending: .timedOut)).contains("could not be read"))
    }
}
