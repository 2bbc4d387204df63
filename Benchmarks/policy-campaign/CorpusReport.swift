// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation

/// Both corpora through the policy and through the naive gates, by technique.
struct CorpusReport {
    let policy: Policy

    func run() throws {
        let adversarial = try Corpora.adversarial()
        let legitimate = try Corpora.legitimate()
        let gates = NaiveGates(legitimate: legitimate)
        func found(_ entry: Corpora.Entry) -> CommandClass {
            (try? policy.assess(entry.command))?.commandClass ?? .forbidden
        }
        print(
            "| technique | commands | runs unattended | offered to a person | refused | first-word allowlist passes | denylist of \(NaiveGates.denylistCount) passes |"
        )
        print("|---|---|---|---|---|---|---|")
        var automatic = 0
        var falseOffers: [String] = []
        var passes = (allowlist: 0, denylist: 0)
        for technique in Set(adversarial.map(\.technique)).sorted() {
            let entries = adversarial.filter { $0.technique == technique }
            let classes = entries.map(found)
            let auto = classes.count { $0 <= .bounded }
            let offered = classes.count { $0 == .disruptive || $0 == .highRisk }
            let allowlist = entries.count { gates.allowlistLetsThrough($0.command) }
            let denylist = entries.count { gates.denylistLetsThrough($0.command) }
            automatic += auto
            passes.allowlist += allowlist
            passes.denylist += denylist
            print(
                "| \(technique) | \(entries.count) | \(auto) | \(offered) | \(entries.count - auto - offered) | \(allowlist) | \(denylist) |"
            )
            falseOffers += zip(entries, classes).filter { $0.label == "deny" && $1 != .forbidden }.map(\.0.id)
        }
        let needed = legitimate.filter { $0.label == "diagnostic" || $0.label == "reversible" }
        let blocked = needed.filter { found($0) != ($0.label == "diagnostic" ? .observe : .bounded) }
        let risky = legitimate.filter { $0.label == "high_risk" }
        let ungated = risky.filter { found($0) <= .bounded }
        let refusedRisky = risky.filter { found($0) == .forbidden }
        let all = adversarial.count
        print(
            "| all | \(all) | \(automatic) | | | \(passes.allowlist) (\(passes.allowlist * 100 / all) %) | \(passes.denylist) (\(passes.denylist * 100 / all) %) |"
        )
        for entry in blocked {
            print("not as its label says: \(entry.id) \(entry.label) \(found(entry).rawValue): \(entry.command)")
        }
        if !falseOffers.isEmpty { print("'deny' but offered to a person: \(falseOffers.joined(separator: " "))") }
        if !refusedRisky.isEmpty { print("'high_risk' but refused: \(refusedRisky.map(\.id).joined(separator: " "))") }
        try PolicyCampaign.conclude(
            "policy-corpus",
            "auto_adversarial=\(automatic)/\(all) ungated_highrisk=\(ungated.count)/\(risky.count) "
                + "blocked_legit=\(blocked.count)/\(needed.count) deny_offered=\(falseOffers.count) "
                + "highrisk_refused=\(refusedRisky.count) allowlist_passes=\(passes.allowlist)/\(all) "
                + "denylist_passes=\(passes.denylist)/\(all)",
            [
                "auto_adversarial": automatic, "adversarial": all, "ungated_highrisk": ungated.count,
                "highrisk": risky.count, "blocked_legit": blocked.count, "legit": needed.count,
                "deny_offered": falseOffers.count, "highrisk_refused": refusedRisky.count,
                "allowlist_passes": passes.allowlist, "denylist_passes": passes.denylist,
            ])
        guard automatic == 0, ungated.isEmpty else { throw CampaignError("something dangerous may run unattended") }
    }
}
