// SPDX-License-Identifier: Apache-2.0

package import JarvisCore

/// Everything an operator can decide, as plain values that have been checked.
///
/// The defaults are those of an empty file. `ConfigurationExample.text` explains each key.
package struct Configuration: Sendable, Equatable {
    /// Directory of the database, credentials and SSH files (key `data`); by default `data` beside the file.
    package var dataDirectory = "./data"
    /// The address of the PostgreSQL database that several instances share (key `database.url`); nil: everything is
    /// in a file of the data directory.
    package var databaseURL: Secret?
    /// What may be started while that database is away (section `database.repair`); nil: nothing.
    package var databaseRepair: DatabaseRepair?
    /// The web server.
    package var server = Server()
    /// What senders of alerts must present.
    package var webhook = Webhook()
    /// The Prometheus to ask; nil: none.
    package var prometheus: Upstream?
    /// The Alertmanager to ask for silences; nil: none.
    package var alertmanager: Upstream?
    /// The Loki to ask for lines of logs; nil: none.
    package var loki: Upstream?
    /// What holds for all SSH connections.
    package var ssh = SSH()
    /// Hosts and targets; the host `local` is always among them.
    package var inventory = Inventory([Host(name: .local, connection: .local)])
    /// What may happen without a person.
    package var autonomy = AutonomyPolicy()
    /// How much may be changed within an hour and at a time (section `limits`).
    package var blastRadius = BlastRadius.standard
    /// From how many failed repairs on a person is asked first (section `limits`).
    package var breakers = Breakers.standard
    /// The operator's policy file (key `policy.file`); nil: the shipped policy alone.
    package var policyFile: String?
    /// Directory of the operator's own patterns (key `patterns.directory`); nil: none.
    package var patternsDirectory: String?
    /// How long a question to a person stays open (key `approvals.expire_after`).
    package var approvalExpiry: Duration = .seconds(86400)
    /// How long deliveries and ended incidents are kept (key `retention.keep`).
    package var retention: Duration = .seconds(30 * 86_400)
    /// What is logged and how.
    package var log = Log()
    /// Pauses.
    package var timing = Timing()

    /// The configuration of an empty file.
    package init() {}

    /// How long they are kept in fact: never shorter than failed repairs count.
    package var keptFor: Duration { max(retention, .seconds(breakers.window)) }

    /// The web server (section `server`).
    package struct Server: Sendable, Equatable {
        /// Address and port to listen on.
        package var listen = ListenAddress.standard
        /// Longest accepted request body, in bytes.
        package var maximumBodyBytes = 8 * 1_048_576
        /// Most connections at a time.
        package var maximumConnections = 1024
        /// How senders reach it from outside, for the receiver snippet; no trailing slash.
        package var externalURL: String?
        /// Whether it may listen on an address that other machines reach.
        package var allowsRemote = false

        /// The defaults.
        package init() {}
    }

    /// What the owner allows to be done about a database that is away (section `database.repair`).
    package struct DatabaseRepair: Sendable, Equatable {
        /// The container or unit that it runs in, which is declared under `hosts`.
        package var target: Target
        /// How long it must have been away without an interruption.
        package var after: Duration = .seconds(120)

        /// Allows a target to be started.
        package init(target: Target) { self.target = target }
    }

    /// Credentials that senders must present (section `webhook`); what is nil is generated at the first start.
    package struct Webhook: Sendable, Equatable {
        /// Name for basic authentication.
        package var username = "alertmanager"
        /// Password for basic authentication.
        package var password: Secret?
        /// Bearer token.
        package var token: Secret?

        /// The defaults.
        package init() {}
    }

    /// An HTTP service that Jarvis asks (sections `prometheus`, `alertmanager` and `loki`).
    package struct Upstream: Sendable, Equatable {
        /// How to authenticate.
        package enum Authentication: Sendable, Equatable {
            /// Not at all.
            case none
            /// Basic authentication.
            case basic(username: String, password: Secret)
            /// A bearer token.
            case bearer(Secret)
        }

        /// Base address without a trailing slash.
        package var url: String
        /// How to authenticate.
        package var authentication = Authentication.none
        /// PEM file with the certificates to trust instead of the system's.
        package var certificateAuthorityFile: String?
        /// Longest wait for a whole answer.
        package var timeout: Duration = .seconds(5)

        /// A service without authentication.
        package init(url: String) { self.url = url }
    }

    /// What holds for all SSH connections (section `ssh`).
    package struct SSH: Sendable, Equatable {
        /// The operator's own client configuration, which may be absent; nil: not used (`none`, or no home directory).
        package var configurationFile: String?
        /// Longest wait for a connection.
        package var connectTimeout: Duration = .seconds(5)

        /// The defaults.
        package init() {}
    }

    /// What is logged (section `log`).
    package struct Log: Sendable, Equatable {
        /// From which severity on.
        package enum Level: String, Sendable, CaseIterable {
            /// The words and their order are those of swift-log.
            case trace, debug, info, notice, warning, error, critical
        }

        /// In which form.
        package enum Format: String, Sendable, CaseIterable {
            /// Lines for people, or one JSON object per line.
            case text, json
        }

        /// From which severity on.
        package var level = Level.info
        /// In which form.
        package var format = Format.text

        /// The defaults.
        package init() {}
    }

    /// Pauses (section `timing`).
    package struct Timing: Sendable, Equatable {
        /// A repeat of an alert within this time only updates it.
        package var alertRepeatCooldown: Duration = .seconds(300)
        /// A person is told of the same alert at most this often.
        package var escalationCooldown: Duration = .seconds(14400)

        /// The defaults.
        package init() {}
    }
}
