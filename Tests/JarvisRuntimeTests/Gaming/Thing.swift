// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// What an alert is about: a container or a unit, and whether it really does its work.
struct Thing: Sendable {
    var kind = Target.Kind.container
    var isRunning = true
    /// It runs, and does not do its work.
    var isFaulty = false
    /// Which run of it this is.
    var run = 1
    var startedAt = 0.0
    var endedAt = 0.0
    /// A container's own check, which sees what is faulty.
    var hasHealthCheck = false
    /// Seconds that the check says `starting`.
    var startPeriod = 0.0
    /// Restarts by its host since a person or Jarvis started it.
    var restarts = 0
    /// A unit whose process may end without the unit being told apart from a good one.
    var remainsActive = false
    var unitType = "simple"
    /// Seconds after a start at which it ends by itself.
    var lifespan: Double?
    /// Seconds after which its host starts what ended by itself; nil: it stays down.
    var restartDelay: Double?

    /// The truth.
    var isGood: Bool { isRunning && !isFaulty }

    /// When it changes by itself.
    var nextChange: Double? {
        if isRunning { return lifespan.map { startedAt + $0 } }
        return restartDelay.map { endedAt + $0 }
    }

    mutating func changeByItself(at now: Double) {
        if isRunning {
            stop(at: now)
        } else {
            begin(at: now)
            restarts += 1
        }
    }

    /// As somebody starts or restarts it.
    mutating func start(at now: Double) {
        begin(at: now)
        restarts = 0
    }

    mutating func stop(at now: Double) {
        isRunning = false
        endedAt = now
    }

    private mutating func begin(at now: Double) {
        isRunning = true
        run += 1
        startedAt = now
    }

    /// What its host prints; times by the host's clock.
    func inspection(at now: Double, hostIsAheadBy skew: Double) -> String {
        kind == .unit ? properties : containerLine(now, skew)
    }

    private func containerLine(_ now: Double, _ skew: Double) -> String {
        let status = isRunning ? "running" : restartDelay == nil ? "exited" : "restarting"
        let health =
            !hasHealthCheck
            ? "null" : now < startedAt + startPeriod ? #""starting""# : isFaulty ? #""unhealthy""# : #""healthy""#
        return """
            {"id":"c0ffee","status":"\(status)","startedAt":"at \(startedAt + skew)","pid":\(isRunning ? run : 0),\
            "exitCode":\(isRunning ? 0 : 1),"oomKilled":false,"health":\(health),\
            "restartPolicy":"\(restartDelay == nil ? "no" : "always")","restartCount":\(restarts)}
            """
    }

    private var properties: String {
        let states: (active: String, sub: String) =
            if isRunning {
                ("active", "running")
            } else if remainsActive {
                ("active", "exited")
            } else if restartDelay == nil {
                ("failed", "failed")
            } else {
                ("activating", "auto-restart")
            }
        return """
            LoadState=loaded
            ActiveState=\(states.active)
            SubState=\(states.sub)
            Result=\(isRunning || remainsActive ? "success" : "exit-code")
            Type=\(unitType)
            NRestarts=\(restarts)
            MainPID=\(isRunning ? run : 0)
            InvocationID=run\(run)

            """
    }
}
