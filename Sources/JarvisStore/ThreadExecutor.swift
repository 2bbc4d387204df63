// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Runs the work of an actor, or of tasks that prefer it, on a thread of its own.
///
/// An actor has one so that waiting for the disk does not block the shared pool. The thread lives until `shutDown`,
/// which the owner calls when nothing can come any more.
package final class ThreadExecutor: SerialExecutor, TaskExecutor {
    /// Whose work it runs.
    package enum Role: Sendable {
        /// That of one actor.
        case actor
        /// That of tasks, when nobody else wants the processors: nice values are those of threads on Linux.
        case tasks(niceness: Int32)
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var isClosing = false
    }

    private let role: Role
    private let state = Mutex(State())
    private let signal = ThreadSemaphore()

    /// Starts the thread.
    package init(_ role: Role = .actor) {
        self.role = role
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<ThreadExecutor>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, context)
        precondition(code == 0, "a thread for the database can't be started")
        pthread_detach(thread)
    }

    /// Takes a job; called by the runtime.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The runtime holds no reference: the thread may run the job, and the job let go of the actor and with it of
        // this, before the lines below have ended.
        let own = Unmanaged.passRetained(self)
        state.withLock { $0.jobs.append(job) }
        signal.raise()
        own.release()
    }

    /// Lets the thread end after what it was given so far; does not wait for it.
    package func shutDown() {
        state.withLock { $0.isClosing = true }
        signal.raise()
    }

    private func work() {
        // Where it may not be changed the work is done all the same, only not behind others.
        if case .tasks(let niceness) = role { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
        while true {
            let (jobs, isClosing) = state.withLock { state in
                defer { state.jobs.removeAll(keepingCapacity: state.jobs.capacity <= 1024) }
                return (state.jobs, state.isClosing)
            }
            for job in jobs {
                switch role {
                case .actor: job.runSynchronously(on: asUnownedSerialExecutor())
                case .tasks: job.runSynchronously(on: asUnownedTaskExecutor())
                }
            }
            guard jobs.isEmpty else { continue }
            if isClosing { return }
            signal.wait()
        }
    }
}

/// A counting semaphore of the C library.
///
/// Unchecked: `sem_t` must stay at one address, so it lives behind a pointer; POSIX allows all three calls from any
/// thread.
private final class ThreadSemaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func raise() { sem_post(semaphore) }

    /// May return early when a signal handler ran; the caller looks again anyway.
    func wait() { sem_wait(semaphore) }
}
