// SPDX-License-Identifier: Apache-2.0

/// What may stand in one place of a command: a kind of word with its own strict grammar.
struct OperandType: Sendable {
    /// As tables spell it, in capitals.
    let name: String
    /// What it stands for, for people: "a container's name".
    let meaning: String
    /// What kind of thing its value names, for effects and protection; nil where it names nothing.
    let target: Effect.Kind?
    /// In what the things lie that a command with this value is about: protected with it, no effect of its own.
    var place: Place?
    /// Accepts a word or throws; says in words what is wrong.
    let check: @Sendable (String, borrowing PolicySettings) throws(Refusal) -> Void

    /// A project or a namespace, read from a value.
    struct Place: Sendable {
        let kind: Effect.Kind
        let name: @Sendable (String) -> String
    }

    init(
        _ name: String, _ meaning: String, target: Effect.Kind? = nil,
        _ check: @escaping @Sendable (String, borrowing PolicySettings) throws(Refusal) -> Void
    ) {
        self.name = name
        self.meaning = meaning
        self.target = target
        self.check = check
    }

    /// A type that settings have no say in.
    init(
        _ name: String, _ meaning: String, target: Effect.Kind? = nil,
        where isAccepted: @escaping @Sendable (String) -> Bool
    ) {
        self.init(name, meaning, target: target) { word, _ throws(Refusal) in
            guard isAccepted(word) else { throw Refusal("\(Refusal.show(word)) is not \(meaning)") }
        }
    }

    /// The same, naming what the command's things lie in.
    func lying(in kind: Effect.Kind, named name: @escaping @Sendable (String) -> String = { $0 }) -> OperandType {
        var type = self
        type.place = Place(kind: kind, name: name)
        return type
    }

    /// Whether a value from outside may stand here: one of a few words could choose what is done.
    var isOpen: Bool { name.first != "{" }

    /// One of a few words.
    static func oneOf(_ words: [String]) -> OperandType {
        let set = Set(words)
        return OperandType("{\(words.joined(separator: "|"))}", "one of \(words.joined(separator: ", "))") {
            set.contains($0)
        }
    }

    /// Every type, by name.
    static let all: [String: OperandType] = {
        let types =
            nameTypes + numberTypes + textTypes + pathTypes + networkTypes + templateTypes + queryTypes + targetTypes
            + systemTypes + processTypes + fileTypes + storageTypes
            + containerTypes + kubernetesTypes + serviceTypes
        return Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) })
    }()
}
