// SPDX-License-Identifier: Apache-2.0

import JarvisCore
import JarvisStore
package import Logging

/// Tells when any replica has put jobs into the queue.
package final class PostgresListener: Sendable {
    private let settings: PostgresSettings
    private let logger: Logger
    private let onWork: @Sendable () -> Void

    /// Prepares to listen; nothing happens before `run`.
    ///
    /// - Parameter onWork: called when there may be something to do, also after each time that the connection was
    ///   away and something may have been missed; must return at once.
    package init(_ database: PostgresDatabase, logger: Logger, onWork: @escaping @Sendable () -> Void) {
        settings = database.settings
        self.logger = logger
        self.onWork = onWork
    }

    /// Listens until the task is cancelled, and connects anew as often as needed.
    package func run() async {
        let wake: WakeDescriptor
        do { wake = try WakeDescriptor() } catch {
            logger.error("nobody tells what other replicas put into the queue", metadata: ["error": "\(error)"])
            return
        }
        let ear = PostgresEar(settings, wake)
        await withTaskCancellationHandler {
            var failures = 0
            while !Task.isCancelled {
                do throws(StoreError) {
                    try await ear.listen()
                    failures = 0
                    onWork()
                } catch {
                    if failures == 0 {
                        logger.warning("the queue's notifications are away", metadata: ["error": "\(error)"])
                    }
                    failures += 1
                    try? await Task.sleep(for: min(.seconds(5), .milliseconds(200) * (1 << min(failures - 1, 5))))
                }
            }
        } onCancel: {
            wake.raise()
        }
        await ear.close()
    }
}

/// The connection that listens, on a thread of its own.
private actor PostgresEar {
    private nonisolated let executor = ThreadExecutor()
    private let settings: PostgresSettings
    private let wake: WakeDescriptor
    private var connection: PostgresConnection?

    init(_ settings: PostgresSettings, _ wake: WakeDescriptor) {
        self.settings = settings
        self.wake = wake
    }

    deinit { executor.shutDown() }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    func close() { connection = nil }

    /// Returns when something was told, at once after connecting, and when it is woken; throws when the connection is
    /// lost.
    func listen() throws(StoreError) {
        guard let connection else {
            let new = try PostgresConnection.open(settings)
            new.run("LISTEN \(JobRows.channel)")
            try new.flush()
            connection = new
            return
        }
        do throws(StoreError) {
            while try !connection.takeNotifications() {
                guard wake.wait(or: connection.descriptor) else { return }
            }
        } catch {
            self.connection = nil
            throw error
        }
    }
}
