// SPDX-License-Identifier: Apache-2.0

import CommandPolicy

/// What a guard remembers between two requests.
struct GuardState: Sendable, Equatable {
    /// The highest epoch that spoke; who has a lower one changes nothing any more.
    var epoch: UInt64 = 0
    /// Accepted intents by the time their request expired or expires.
    var intents: [String: Int64] = [:]
    /// The latest expiry among intents that are forgotten; what expires before is refused, whatever the clock says.
    var floor: Int64 = 0
    /// When changes were accepted within the last hour.
    var changes: [Int64] = []

    /// How long the clocks of Jarvis and this host may differ, in seconds.
    static let skew: Int64 = 30
    /// Longest life of a request, in seconds; a longer one says that the clocks differ too much.
    static let longestLife: Int64 = 600

    /// Nothing was accepted yet.
    init() {}

    /// After a state that can't be read: what was signed before it was lost is refused.
    init(lostAt now: Int64) { floor = now + Self.longestLife + Self.skew }

    /// Forgets what can't matter any more.
    mutating func prune(now: Int64) {
        for (intent, expires) in intents where expires + Self.skew < now {
            intents[intent] = nil
            floor = max(floor, expires)
        }
        // A clock that was ahead: those changes were made before now.
        changes = changes.map { min($0, now) }.filter { $0 > now - 3600 }
    }

    /// Takes a change into account; throws when it was asked for before, or too often.
    mutating func admit(intent: String, expires: Int64, now: Int64, changesPerHour: Int) throws(Refusal) {
        guard intents[intent] == nil else { throw Refusal("this intent was accepted before") }
        guard expires > floor else { throw Refusal("it may have been accepted before: it expired long ago") }
        guard changes.count < changesPerHour else {
            throw Refusal("there were \(changes.count) changes within the hour, as many as guard-rate allows")
        }
        intents[intent] = expires
        changes.append(now)
    }
}

extension GuardState {
    private static let title = "jarvis-guard-state 1"

    /// As it is kept: a title, one value a line, and `end`, so that a cut file is told from a whole one.
    var text: String {
        var lines = [Self.title, "epoch \(epoch)", "floor \(floor)"]
        lines += intents.sorted { $0.key < $1.key }.map { "intent \($0.key) \($0.value)" }
        lines += changes.map { "change \($0)" }
        return lines.joined(separator: "\n") + "\nend\n"
    }

    /// Reads what `text` printed; nil for everything else.
    init?(text: String) {
        var state = GuardState()
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.title[...], lines.popLast() == "", lines.popLast() == "end" else { return nil }
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            switch (words.first, words.count) {
            case ("epoch", 2): state.epoch = UInt64(words[1]) ?? .max
            case ("floor", 2): state.floor = Int64(words[1]) ?? .max
            case ("intent", 3): state.intents[String(words[1])] = Int64(words[2]) ?? .max
            case ("change", 2): state.changes.append(Int64(words[1]) ?? .max)
            default: return nil
            }
        }
        guard state.text == text else { return nil }
        self = state
    }
}
