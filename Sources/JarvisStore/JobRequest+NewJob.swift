// SPDX-License-Identifier: Apache-2.0

package import DurableQueue
package import JarvisCore

extension NewJob {
    /// The queue's form of a piece of work.
    package init(_ request: JobRequest) throws(StoreError) {
        do {
            self.init(
                kind: request.work.kind, payload: try request.work.payload(), priority: request.priority,
                lane: request.lane, dueAt: request.dueAt)
        } catch {
            throw .corrupt(what: "a job of kind \(request.work.kind) can't be written as JSON: \(error)")
        }
    }
}
