// SPDX-License-Identifier: Apache-2.0
/// An expression that was understood completely, with the places where its selectors take more conditions.
struct PromQLSyntax {
    /// Where a selector takes more conditions.
    struct Place: Equatable, Sendable {
        enum Form: Equatable, Sendable {
            /// Behind a name that has no braces.
            case bare
            /// Before the closing brace of nothing, or of a list that ends in a comma.
            case open
            /// Before the closing brace, behind the last condition.
            case afterCondition
        }

        /// In bytes of UTF-8.
        let offset: Int
        let form: Form
    }

    let tree: PromQLTree
    let uses: [PromQLSelectors.Use]
    private let text: [UInt8]
    private let places: [Place]

    /// Reads an expression; throws why it was not understood.
    init(_ expression: String) throws(PromQLSelectors.Reason) {
        guard expression.utf8.count <= PromQLSelectors.maximumLength else { throw .tooLong }
        let parsed = try PromQLParser.parse(expression)
        tree = parsed.tree
        uses = parsed.uses
        places = parsed.places
        text = Array(expression.utf8)
    }

    /// The expression with more conditions, by the index of the selector.
    func adding(_ conditions: [Int: [PromQLSelector.Matcher]]) -> String {
        var result: [UInt8] = []
        var position = 0
        for index in places.indices.sorted(by: { places[$0].offset < places[$1].offset }) {
            guard let more = conditions[index], !more.isEmpty else { continue }
            let place = places[index]
            let list = more.map(\.description).joined(separator: ",")
            result += text[position..<place.offset]
            position = place.offset
            switch place.form {
            case .bare: result += "{\(list)}".utf8
            case .open: result += list.utf8
            case .afterCondition: result += ",\(list)".utf8
            }
        }
        result += text[position...]
        return String(decoding: result, as: UTF8.self)
    }
}
