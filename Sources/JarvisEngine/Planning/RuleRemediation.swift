// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import JarvisCore

/// What an alert rule itself says about its repair: the annotations `remediation_commands`, `remediation_host` and
/// `remediation_hint`, raw, as its operator wrote them (SPEC section 6).
///
/// The texts that come with an alert are never used: Prometheus has put label values into them, and a value can hold
/// a second command.
package struct RuleRemediation: Equatable {
    /// The name under which autonomy and breakers know such plans.
    package static let pattern = "rule-annotation"
    /// Bounded changes may run where the owner allows it; all else asks a person.
    static let confidence = 0.70

    /// The template of the commands.
    let commands: String
    /// The host to run them on, or a template of one label.
    let place: String?
    /// For people.
    let hint: UntrustedText?

    /// Nil where the rule says nothing.
    init?(_ annotations: [String: String]) {
        guard let commands = annotations["remediation_commands"], !commands.allSatisfy({ $0 == " " }) else {
            return nil
        }
        self.commands = commands
        place = annotations["remediation_host"]
        hint = annotations["remediation_hint"].map(UntrustedText.init)
    }

    /// The host of the inventory that is meant: by the annotation, else by the alert's labels, whole values compared.
    func host(for labels: LabelSet, in inventory: Inventory) throws(TargetResolution.Failure) -> Host {
        if let place {
            guard let value = try value(of: place, labels),
                let host = inventory.host(label: "remediation_host", value: value)
            else {
                throw TargetResolution.Failure(
                    reason: "the rule's remediation_host names no host of the inventory")
            }
            return host
        }
        for label in ["remediation_host", "instance", "host"] {
            if let value = labels[label], let host = inventory.host(label: label, value: value.verbatim) { return host }
        }
        throw TargetResolution.Failure(
            reason: "neither the rule's remediation_host nor the labels remediation_host, instance, host tell the host")
    }

    /// A plain name, or `{{ $labels.NAME }}` and nothing else.
    private func value(of place: String, _ labels: LabelSet) throws(TargetResolution.Failure) -> String? {
        guard place.contains("{{") else { return place }
        guard let template = try? CommandTemplate(place), template.labels.count == 1, let label = template.labels.first,
            place.hasPrefix("{{"), place.hasSuffix("}}")
        else { throw TargetResolution.Failure(reason: "the rule's remediation_host is not understood") }
        return labels.values[label]
    }
}
