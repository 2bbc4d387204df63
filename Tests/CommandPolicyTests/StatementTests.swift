// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Foundation
import JarvisTestSupport
import Testing

/// Statements through the clients that take them (`Tests/Fixtures/sql_statements.tsv`).
@Suite struct StatementTests {
    /// Each client with everything but the statement.
    private static let clients = [
        ["psql", "-d", "n8n", "-c"], ["mysql", "-e"],
        ["sqlite3", "-readonly", "/config/home-assistant_v2.db"], ["sudo", "-n", "mariadb", "-e"],
    ]

    @Test func `no client is given a statement that writes, waits, reads files or tells secrets`() throws {
        let policy = try ShippedPolicy.get()
        let statements = try Self.statements("refused")
        #expect(statements.count >= 240)
        for statement in statements {
            for client in Self.clients {
                let found = (try? policy.judge(words: client + [statement]))?.commandClass ?? .forbidden
                #expect(found > .bounded, "\(client[0]): \(found.rawValue): \(statement)")
            }
        }
    }

    @Test func `what people look at is read`() throws {
        let policy = try ShippedPolicy.get()
        let statements = try Self.statements("reads")
        #expect(statements.count >= 50)
        for statement in statements {
            for client in Self.clients {
                let found = (try? policy.judge(words: client + [statement]))?.commandClass ?? .forbidden
                #expect(found == .observe, "\(client[0]): \(found.rawValue): \(statement)")
            }
        }
    }

    private static func statements(_ label: String) throws -> [String] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Fixtures").appending(path: "sql_statements.tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            return parts.count == 2 && parts[0] == label ? parts[1] : nil
        }
    }
}
