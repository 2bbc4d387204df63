// SPDX-License-Identifier: Apache-2.0

/// One promise of a port, checked the same way against every implementation.
package struct ConformanceCase<Subject: Sendable>: Sendable, CustomStringConvertible {
    /// The promise, as a sentence.
    package let description: String
    /// Throws `BrokenPromise` when it is not kept.
    package let check: @Sendable (Subject) async throws -> Void

    /// Names a promise and how to check it.
    package init(_ description: String, _ check: @escaping @Sendable (Subject) async throws -> Void) {
        self.description = description
        self.check = check
    }
}

/// A promise that was not kept.
package struct BrokenPromise: Error, CustomStringConvertible {
    /// What was expected and what came.
    package let description: String
}

/// Throws unless both are equal.
func expect<Value: Equatable>(_ actual: Value, _ expected: Value, _ what: String, line: Int = #line) throws {
    guard actual == expected else {
        throw BrokenPromise(description: "line \(line), \(what): expected \(expected), got \(actual)")
    }
}

/// Throws unless `body` throws exactly `expected`, or any error that `matches` where that is given.
func expectError<Failure: Error>(
    _ what: String, line: Int = #line, where matches: (Failure) -> Bool,
    _ body: () async throws -> Void
) async throws {
    do {
        try await body()
    } catch let error as Failure where matches(error) {
        return
    } catch {
        throw BrokenPromise(description: "line \(line), \(what): got \(error)")
    }
    throw BrokenPromise(description: "line \(line), \(what): nothing was thrown")
}
