// SPDX-License-Identifier: Apache-2.0

/// Columns for people.
package struct TextTable: Sendable {
    private let head: [String]
    private var rows: [[String]] = []

    /// A table with these headings.
    package init(_ head: [String]) { self.head = head }

    /// Adds a row; missing cells are empty.
    package mutating func add(_ row: [String]) { rows.append(row) }

    /// The table as text, ending in a newline.
    package func render() -> String {
        let all = [head] + rows
        let widths = head.indices.map { column in
            all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return all.map { row in
            let cells = head.indices.map { column in
                let cell = column < row.count ? row[column] : ""
                return column == head.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
