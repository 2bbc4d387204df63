// SPDX-License-Identifier: Apache-2.0

package import CommandPolicy

/// A machine in the inventory.
package struct Host: Sendable, Equatable {
    /// How Jarvis reaches it.
    package enum Connection: Sendable, Equatable {
        /// The machine Jarvis runs on.
        case local
        /// Over SSH.
        case ssh(SSHEndpoint)
    }

    /// Its name in the inventory.
    package let name: HostName
    /// How it is reached.
    package let connection: Connection
    /// The kinds of target whose commands run as root through `sudo -n` here; the others run as the login user.
    package let rootKinds: Set<Target.Kind>
    /// Values of alert labels that mean this host, by label name, compared as a whole.
    package let labels: [String: Set<String>]
    /// The containers, units and services that Jarvis knows there; nothing else is ever changed.
    package let targets: [DeclaredTarget]
    /// Whether a guard stands there instead of a shell, so that it gets signed requests.
    package let isGuarded: Bool
    /// The riskiest class that its guard is to be told it may run; nil: that of the typed actions on its targets.
    package let guardCap: CommandClass?
    /// Whether what takes actions back (stopping what was started) is enrolled there, for root and for its guard.
    package let allowsUndo: Bool

    /// Builds a host.
    package init(
        name: HostName, connection: Connection, rootKinds: Set<Target.Kind> = [], labels: [String: Set<String>] = [:],
        targets: [DeclaredTarget] = [], isGuarded: Bool = false, guardCap: CommandClass? = nil,
        allowsUndo: Bool = false
    ) {
        self.name = name
        self.connection = connection
        self.rootKinds = rootKinds
        self.labels = labels
        self.targets = targets
        self.isGuarded = isGuarded
        self.guardCap = guardCap
        self.allowsUndo = allowsUndo
    }

    /// Where it is reached and as whom, in one line: what a plan is bound to.
    package var endpointText: String {
        switch connection {
        case .local: "this machine"
        case .ssh(let endpoint): "\(endpoint.user)@\(endpoint.address):\(endpoint.port)"
        }
    }

    /// Whether only commands that were enrolled there run for a kind of target.
    package func isEnrolled(for kind: Target.Kind) -> Bool { isGuarded || rootKinds.contains(kind) }

    /// As whom commands about a kind of target run here.
    package func privilege(for kind: Target.Kind) -> Privilege { rootKinds.contains(kind) ? .root : .login }
}

/// Where and as whom to log in.
package struct SSHEndpoint: Sendable, Equatable {
    /// Name or address to connect to.
    package let address: String
    /// TCP port.
    package let port: Int
    /// Login name.
    package let user: String
    /// Path of the private key; nil: what the operator's own SSH configuration says.
    package let identityFile: String?
    /// At most this many commands at a time; stays below sshd's MaxSessions (10 by default).
    package let maximumSessions: Int

    /// Builds an endpoint.
    package init(address: String, port: Int = 22, user: String, identityFile: String? = nil, maximumSessions: Int = 6) {
        self.address = address
        self.port = port
        self.user = user
        self.identityFile = identityFile
        self.maximumSessions = maximumSessions
    }

    /// The same login with this private key.
    package func with(identityFile: String) -> SSHEndpoint {
        SSHEndpoint(
            address: address, port: port, user: user, identityFile: identityFile, maximumSessions: maximumSessions)
    }
}
