// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// What the payloads of stored jobs are about.
package enum StoredWork {
    /// The ids of `open` that none of these jobs is about.
    package static func idle(_ open: [String], payloads: [String]) throws(StoreError) -> [String] {
        guard !open.isEmpty else { return [] }
        var busy: Set<String> = []
        for payload in payloads {
            do {
                let work = try JobRequest.Work(payload: payload)
                switch work {
                // The end of a question carries nothing on once the question was answered; twice is as good as once.
                case .expireApproval: continue
                // Silences are beside what an incident is about.
                case .silence: continue
                case .intake, .diagnose, .act, .observe, .confirm, .undo: busy.insert(work.subject)
                }
            } catch {
                throw .corrupt(what: "a job: \(error)")
            }
        }
        return open.filter { !busy.contains($0) }
    }
}
