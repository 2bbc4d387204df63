// SPDX-License-Identifier: Apache-2.0
/// A binary operator of PromQL with what the reading of an expression needs to know about it.
struct PromQLOperator: Equatable {
    enum Kind: Equatable { case arithmetic, comparison, and, or, unless }

    let kind: Kind
    /// Higher binds tighter.
    let precedence: Int
    let isRightAssociative: Bool

    /// The operator a token stands for; words are read whatever their case.
    init?(_ token: PromQLToken) {
        switch token {
        case .symbol(let symbol): self.init(symbol: symbol)
        case .identifier(let word): self.init(word: word.lowercased())
        case .number, .duration, .string: return nil
        }
    }

    private init?(symbol: String) {
        switch symbol {
        case "==", "!=", "<", "<=", ">", ">=": self.init(.comparison, 3)
        case "+", "-": self.init(.arithmetic, 4)
        case "*", "/", "%": self.init(.arithmetic, 5)
        case "^": self.init(.arithmetic, 6, isRightAssociative: true)
        default: return nil
        }
    }

    private init?(word: String) {
        switch word {
        case "or": self.init(.or, 1)
        case "and": self.init(.and, 2)
        case "unless": self.init(.unless, 2)
        case "atan2": self.init(.arithmetic, 5)
        default: return nil
        }
    }

    private init(_ kind: Kind, _ precedence: Int, isRightAssociative: Bool = false) {
        self.kind = kind
        self.precedence = precedence
        self.isRightAssociative = isRightAssociative
    }
}
