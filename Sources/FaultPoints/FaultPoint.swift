// SPDX-License-Identifier: Apache-2.0

#if FAULT_POINTS
    import Glibc
    import Synchronization
#endif

/// A named place at which a debug build can be made to fail, to be late or to die, for the campaign that tries all.
///
/// `FAULT_POINT=NAME:fail|delay|crash:N` does that the Nth time the place is reached, of several after a comma each;
/// `FAULT_POINT_TRACE=FILE` notes each place that is reached. A release build has neither these nor the names: both
/// functions are empty there.
public enum FaultPoint {
    #if FAULT_POINTS
        /// True when the caller is to fail here, as it would for a fault of its own.
        public static func fails(_ name: StaticString, _ which: String = "", _ rest: StaticString = "") -> Bool {
            FaultPlan.ofProcess?.reach("\(name)\(which)\(rest)", canFail: true) ?? false
        }

        /// A place at which nothing can fail, but the process can die.
        public static func passes(_ name: StaticString) {
            _ = FaultPlan.ofProcess?.reach("\(name)", canFail: false)
        }
    #else
        /// False: nothing is injected.
        ///
        /// Public, because only then it is inlined elsewhere, and not even the name is left.
        @inlinable @inline(__always)
        public static func fails(_ name: StaticString, _ which: String = "", _ rest: StaticString = "") -> Bool {
            false
        }

        /// Does nothing.
        @inlinable @inline(__always)
        public static func passes(_ name: StaticString) {}
    #endif
}

/// The fault of a place that has none of its own kind.
package struct InjectedFault: Error {
    /// A fault like any other.
    package init() {}
}

#if FAULT_POINTS
    /// What is to happen in this process, and where.
    private final class FaultPlan: Sendable {
        private enum Mode: String {
            case fail, delay, crash
        }

        /// Read once from the environment; nil in a process that is not under test.
        static let ofProcess: FaultPlan? = {
            let plan = getenv("FAULT_POINT").flatMap { String(validatingCString: $0) }
            let trace = getenv("FAULT_POINT_TRACE").flatMap { String(validatingCString: $0) }
            return plan == nil && trace == nil ? nil : FaultPlan(plan, trace: trace)
        }()

        private struct Fault {
            let name: Substring
            let mode: Mode
            var left: Int

            init?(_ text: Substring) {
                let parts = text.split(separator: ":")
                guard parts.count == 3, let mode = Mode(rawValue: String(parts[1])), let turn = Int(parts[2]), turn > 0
                else { return nil }
                name = parts[0]
                self.mode = mode
                left = turn
            }
        }

        private static let delayMicroseconds: UInt32 = 1_500_000

        private let faults: Mutex<[Fault]>
        private let trace: Int32

        private init(_ plan: String?, trace: String?) {
            let texts = (plan ?? "").split(separator: ",")
            let faults = texts.compactMap(Fault.init)
            guard faults.count == texts.count else { fatalError("FAULT_POINT is NAME:fail|delay|crash:N,...") }
            self.faults = Mutex(faults)
            self.trace = trace.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? -1
        }

        func reach(_ name: String, canFail: Bool) -> Bool {
            if trace >= 0 {
                let line = "\(name) \(canFail ? "fails" : "passes")\n"
                _ = line.withCString { write(trace, $0, strlen($0)) }
            }
            switch modeNow(at: name) {
            case .fail: return canFail
            case .delay: usleep(Self.delayMicroseconds)
            case .crash: kill(getpid(), SIGKILL)
            case nil: break
            }
            return false
        }

        private func modeNow(at name: String) -> Mode? {
            faults.withLock { faults in
                guard let index = faults.firstIndex(where: { $0.name == name && $0.left > 0 }) else { return nil }
                faults[index].left -= 1
                return faults[index].left == 0 ? faults[index].mode : nil
            }
        }
    }
#endif
