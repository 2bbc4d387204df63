// SPDX-License-Identifier: Apache-2.0

/// What a judged command does to which target.
///
/// Snapshots, probes, limits and what a person is shown are derived from the effect, never from the text.
package struct Effect: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// What is done.
    package enum Verb: String, Sendable, CaseIterable {
        case observe
        case start, restart, reload, stop, pause, unpause, kill, reset
        case create, change, remove, prune, write
        case enable, disable, mask, unmask
        case install, upgrade, pull, rotate, renew, backup, scrub, flush, unlock, rollback, scale, publish, call
        case reboot, poweroff
    }

    /// What kind of thing it is done to.
    package enum Kind: String, Sendable, CaseIterable {
        case host, container, image, network, volume, stack, unit, addon, interface, device, path, dataset, database
        case workload, process, package, topic, url, certificate, repository, name, user
    }

    /// What is done.
    package let verb: Verb
    /// To what kind of thing.
    package let kind: Kind
    /// Its name; `this` for the host the command runs on.
    package let name: String

    init(_ verb: Verb, _ kind: Kind, _ name: String) {
        self.verb = verb
        self.kind = kind
        self.name = name
    }

    /// Whether anything may change.
    package var isChange: Bool { verb != .observe }

    /// `kind/name`.
    package var target: String { "\(kind.rawValue)/\(name)" }

    /// `restart container/web`.
    package var description: String { "\(verb.rawValue) \(target)" }
}
