// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy
package import JarvisCore

/// All that is stated about one typed action, in one place.
///
/// A statement is either used (to judge, to plan, to wait) or held to the truth by a test: class and effect are what the
/// policy says of the command on a target that is not protected.
package struct ActionSpecification: Sendable {
    /// How it is carried out.
    package enum Operation: Sendable, Equatable {
        /// A command of these words, judged by the policy as any text.
        case command([ActionWord])
        /// An operation on a declared service, without any shell.
        case service(ServiceStep.Operation)
    }

    /// What must have been measured before it makes sense; the condition that planning and acting wait for.
    package enum Precondition: String, Sendable, CaseIterable {
        /// The target is down, or bad in a way that a start may help.
        case targetBad
        /// The target is a container that is paused.
        case targetPaused
        /// The target, its service, or (where nothing says from outside that it serves) the alert's expression is bad.
        case somethingBad
        /// The alert's own expression is bad.
        case metricsBad
    }

    /// What shows from the target itself that it did what it should.
    package enum Effectiveness: Sendable, Equatable {
        /// The target's own probe (`TargetProbe`).
        case targetProbe
        /// Nothing does; why, and what tells instead.
        case noProbe(String)
    }

    /// What becomes of the target when the command is ended in the middle.
    package enum Interruption: Sendable, Equatable {
        /// Nothing is left half done; running it once more is all that is needed.
        case safe
        /// Something may be left half done; a sentence for a person.
        case leaves(String)
    }

    /// Its name.
    package let name: Action.Name
    /// What it does, in a few words.
    package let summary: String
    /// The kind of target it acts on.
    package let targetKind: Target.Kind
    /// What it can be told.
    package let parameters: [ActionParameter]
    /// The kind of target whose entry in a host's `sudo` decides whether it runs as root.
    package let privilegeKind: Target.Kind
    /// Its class, unless its target is protected.
    package let commandClass: CommandClass
    /// What it does, and to what kind of thing, as the policy says it.
    package let effect: (verb: Effect.Verb, kind: Effect.Kind)
    /// What must have been measured before.
    package let precondition: Precondition
    /// How it is carried out.
    package let operation: Operation
    /// The words of the command that takes it back; nil: there is none.
    package let inverse: [ActionWord]?
    /// A command that would do as much to the container that is declared for the target; nil: there is none.
    ///
    /// The policy goes by names, and compose has another one for the same thing: it may not be judged more strictly.
    package let consequence: [ActionWord]?
    /// What taking it back can bring back.
    package let undo: UndoScope
    /// What shows that it worked.
    package let effectiveness: Effectiveness
    /// Whether it ends a run of the target, so that the last lines of its log are kept first.
    package let endsRun: Bool
    /// Seconds that it usually takes at most, for people.
    package let expectedSeconds: Int
    /// Seconds after which the host ends its command by itself.
    package let deadlineSeconds: Int
    /// What becomes of the target when the command is ended in the middle.
    package let interruption: Interruption

    /// States an action.
    ///
    /// - Parameters:
    ///   - targetKind: what it acts on; also its `privilegeKind` where that is not given.
    ///   - deadlineSeconds: after so many the host ends the command.
    init(
        _ name: Action.Name, _ summary: String, on targetKind: Target.Kind, parameters: [ActionParameter] = [],
        privilegeKind: Target.Kind? = nil, class commandClass: CommandClass = .bounded,
        does verb: Effect.Verb, to kind: Effect.Kind, when precondition: Precondition, by operation: Operation,
        inverse: [ActionWord]? = nil, consequence: [ActionWord]? = nil, undo: UndoScope,
        effectiveness: Effectiveness = .targetProbe,
        endsRun: Bool = false, expectedSeconds: Int, deadlineSeconds: Int, interruption: Interruption = .safe
    ) {
        self.name = name
        self.summary = summary
        self.targetKind = targetKind
        self.parameters = parameters
        self.privilegeKind = privilegeKind ?? targetKind
        self.commandClass = commandClass
        effect = (verb, kind)
        self.precondition = precondition
        self.operation = operation
        self.inverse = inverse
        self.consequence = consequence
        self.undo = undo
        self.effectiveness = effectiveness
        self.endsRun = endsRun
        self.expectedSeconds = expectedSeconds
        self.deadlineSeconds = deadlineSeconds
        self.interruption = interruption
    }

    /// What a snapshot must know of the target before it: exactly what its undo restores.
    package var snapshot: [SnapshotField] {
        if case .restores(let fields) = undo { fields } else { [] }
    }
}
