// SPDX-License-Identifier: Apache-2.0

/// Why the server could not start; each is a sentence that says what to do.
package enum ServerError: Error, Equatable, CustomStringConvertible {
    /// The data directory can't be used.
    case dataDirectory(String, reason: String)
    /// The store can't be opened.
    case store(String)
    /// The database is damaged, or none of Jarvis.
    case damaged(String)
    /// The database that instances share can't be gone on with as it is.
    case database(String)
    /// Somebody took the database over while this instance ran.
    case adopted
    /// The files of the data directory don't fit the credentials that the database knows.
    case credentials(String)
    /// The address can't be listened on.
    case listen(String)
    /// The inventory or the patterns don't fit together.
    case inventory(String)

    /// One sentence for a person.
    package var description: String {
        switch self {
        case .dataDirectory(let path, let reason):
            "the data directory '\(path)' can't be used: \(reason); set 'data' to a directory this user may write"
        case .store(let reason): "the database can't be opened: \(reason)"
        case .damaged(let what):
            "the database is damaged or not Jarvis' own, and left as it is: \(what); look with 'jarvis db check', put a "
                + "backup back with 'jarvis restore' (docs/OPERATE.md)"
        case .database(let what):
            "the database is not the one this instance knows: \(what). Was it put back or moved? Then stop all "
                + "instances and run 'jarvis db adopt' once (docs/POSTGRES.md)"
        case .adopted:
            "the database was put back and taken over while this instance ran: start it again, so that it begins with "
                + "what is there now"
        case .credentials(let path):
            "the operator's token in '\(path)' is not the one that the database knows: copy operator.token (and "
                + "webhook.password, guard.key, audit.key, keys and known_hosts) from the data directory of the "
                + "instance that uses it, or from a backup"
        case .listen(let reason): "\(reason); is another Jarvis running? set 'server.listen' to another address"
        case .inventory(let reason): reason
        }
    }
}
