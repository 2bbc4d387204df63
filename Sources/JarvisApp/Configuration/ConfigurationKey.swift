// SPDX-License-Identifier: Apache-2.0

/// A key that a variable of the environment can set.
struct ConfigurationKey: Equatable {
    /// The path of the key, such as `server.listen`.
    let path: String
    /// Whether it holds a secret: then `…_FILE` names a file with it.
    let isSecret: Bool
    /// A second name without prefix that other tools use.
    let commonName: String?

    init(_ path: String, secret: Bool = false, commonName: String? = nil) {
        self.path = path
        isSecret = secret
        self.commonName = commonName
    }

    /// `JARVIS_SERVER_LISTEN`.
    var variable: String { "JARVIS_" + path.uppercased().replacing(".", with: "_") }

    /// Every key outside lists.
    static let all: [ConfigurationKey] =
        [
            .init("data"), .init("database.url", secret: true, commonName: "DATABASE_URL"),
            .init("database.repair.host"), .init("database.repair.container"), .init("database.repair.unit"),
            .init("database.repair.after"),
            .init("server.listen"), .init("server.max_body"), .init("server.max_connections"),
            .init("server.external_url"), .init("server.allow_remote"),
            .init("webhook.username"), .init("webhook.password", secret: true), .init("webhook.token", secret: true),
        ] + upstream("prometheus") + upstream("alertmanager") + upstream("loki") + [
            .init("ssh.config"), .init("ssh.connect_timeout"),
            .init("autonomy.default"),
            .init("limits.steps_per_hour"), .init("limits.steps_per_hour_on_host"),
            .init("limits.steps_per_hour_on_target"), .init("limits.steps_at_once_on_host"),
            .init("limits.failures_of_pattern"), .init("limits.failures_on_target"), .init("limits.failures_in_all"),
            .init("limits.failures_within"),
            .init("policy.file"),
            .init("patterns.directory"),
            .init("approvals.expire_after"),
            .init("retention.keep"),
            .init("log.level"), .init("log.format"),
            .init("timing.alert_repeat_cooldown"), .init("timing.escalation_cooldown"),
        ]

    /// Names of features that are planned: accepted so that one `.env` file serves, and noted as without effect.
    static let withoutEffect: Set<String> = [
        "RUNBOOK_DIR", "HA_URL", "HA_SUPERVISOR_URL", "HA_TOKEN", "N8N_URL", "N8N_API_KEY",
    ]

    /// Variables with our prefix that are no keys and must not be mistaken for misspelt ones.
    ///
    /// `JARVIS_CONFIG` names the file, `JARVIS_URL` and `JARVIS_TOKEN` are the command line's. Kubernetes and Docker
    /// links announce a service called `jarvis` to every container as `JARVIS_SERVICE_HOST`, `JARVIS_PORT_8480_TCP`
    /// and the like. `JARVIS_DEPS_` belongs to the build, `JARVIS_LAB_` to the lab.
    static func isForeign(_ variable: String) -> Bool {
        ["JARVIS_CONFIG", "JARVIS_URL", "JARVIS_TOKEN", "JARVIS_PORT"].contains(variable)
            || [
                "JARVIS_SERVICE_HOST", "JARVIS_SERVICE_PORT", "JARVIS_PORT_", "JARVIS_DEPS_", "JARVIS_LAB_",
                "JARVIS_TEST_",
            ].contains {
                variable.hasPrefix($0)
            }
    }

    private static func upstream(_ name: String) -> [ConfigurationKey] {
        [
            .init("\(name).url", commonName: "\(name.uppercased())_URL"), .init("\(name).username"),
            .init("\(name).password", secret: true), .init("\(name).token", secret: true), .init("\(name).ca_file"),
            .init("\(name).timeout"),
        ]
    }
}
