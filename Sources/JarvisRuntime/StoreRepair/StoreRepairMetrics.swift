// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What is counted of repairs of the store.
struct StoreRepairMetrics: Sendable {
    private static let repairs = "jarvis_store_repairs_total"
    private static let person = "jarvis_store_repair_needs_person"

    private let registry: MetricsRegistry

    init(registry: MetricsRegistry) {
        registry.declare(
            .counter, Self.repairs, help: "Starts of the database that the store is in, by verdict.",
            labels: ["verdict"])
        registry.declare(
            .gauge, Self.person, help: "Whether the store is away and a person is needed.")
        for verdict in [Verdict.verified, .notFixed, .unknown] {
            registry.add(0, to: Self.repairs, [verdict.rawValue])
        }
        registry.set(0, of: Self.person)
        self.registry = registry
    }

    func concluded(_ verdict: Verdict) { registry.add(1, to: Self.repairs, [verdict.rawValue]) }

    func needsPerson(_ isNeeded: Bool) { registry.set(isNeeded ? 1 : 0, of: Self.person) }
}
