// SPDX-License-Identifier: Apache-2.0

/// Cancels `body` when the limit passes and returns what it then returns; `body` must answer to cancellation.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Value
) async -> Value {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await body() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        var value: Value?
        for await result in group {
            group.cancelAll()
            if let result { value = result }
        }
        guard let value else { preconditionFailure("the group waited for the body") }
        return value
    }
}
