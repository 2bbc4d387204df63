// SPDX-License-Identifier: Apache-2.0

/// The form in which a request is sent to a guarded host; the counterpart of `Envelope` for one without a guard.
///
///     jarvis-guard 1 verb=run host=nexus epoch=7 intent=none expires=1760000000 nonce=… deadline=20 grace=5
///         class=observe wait=0 under=none sig=BASE64 -- 'docker' 'ps'
///
/// One line in one spelling: every field in this order with one blank between them, numbers without leading zeros.
/// What the parser accepts it prints back byte for byte.
package struct SignedEnvelope: Sendable, Equatable {
    /// What is asked for.
    package let request: GuardRequest
    /// The Ed25519 signature of `GuardRequest.signedBytes`, 64 bytes; whether it is good is not known here.
    package let signature: [UInt8]

    private static let title = "jarvis-guard 1"
    private static let signatureLength = 64
    /// Longest line that is looked at, in bytes.
    static let maximumLength = 6144

    /// Puts a signature to a request; nil when it is not 64 bytes long.
    package init?(_ request: GuardRequest, signature: [UInt8]) {
        guard signature.count == Self.signatureLength else { return nil }
        self.request = request
        self.signature = signature
    }

    /// The line for the guard.
    package var line: String {
        let fields = request.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        return "\(Self.title) \(fields) sig=\(Base64.encode(signature)) -- \(request.canonical)"
    }

    /// Understands a line completely or refuses it.
    package init(parsing line: String) throws(Refusal) {
        guard line.utf8.count <= Self.maximumLength else { throw Refusal("it is longer than a request of Jarvis is") }
        guard line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Refusal("it holds a character that is not printable ASCII")
        }
        guard let rest = line.after(Self.title + " "), let dashes = rest.firstRange(of: " -- ") else {
            throw Refusal("it is no signed request of Jarvis")
        }
        var words = rest[..<dashes.lowerBound].split(separator: " ", omittingEmptySubsequences: false)[...]
        func take(_ name: String) throws(Refusal) -> String {
            guard let word = words.popFirst(), let value = String(word).after(name + "=") else {
                throw Refusal("its field \(name) is missing or not in its place")
            }
            return String(value)
        }
        func number<Number: FixedWidthInteger>(_ name: String) throws(Refusal) -> Number {
            let text = try take(name)
            guard let number = Number(text), "\(number)" == text else { throw Refusal("its \(name) is no number") }
            return number
        }
        let word = try take("verb")
        let host = try take("host")
        let epoch: UInt64 = try number("epoch")
        let intent = try take("intent")
        let expires: Int64 = try number("expires")
        let nonce = try take("nonce")
        let deadline: Int = try number("deadline")
        let grace: Int = try number("grace")
        guard let commandClass = CommandClass(rawValue: try take("class")) else {
            throw Refusal("its class is unknown")
        }
        let wait: Int = try number("wait")
        let under = try take("under")
        guard let signature = Base64.decode(try take("sig")) else { throw Refusal("its signature is not Base64") }
        guard words.isEmpty else { throw Refusal("it has a field too many") }
        let verb: GuardRequest.Verb =
            switch word {
            case "run": .run
            case "arm": .arm(seconds: wait)
            case "confirm": .confirm
            default: throw Refusal("its verb is unknown")
            }
        guard
            let request = GuardRequest(
                verb: verb, host: host, epoch: epoch, intent: intent == "none" ? nil : intent,
                under: under == "none" ? nil : under, expires: expires, nonce: nonce, deadlineSeconds: deadline,
                graceSeconds: grace, commandClass: commandClass,
                canonical: String(rest[dashes.upperBound...])),
            let envelope = SignedEnvelope(request, signature: signature)
        else { throw Refusal("its values do not fit together") }
        // One spelling only: what was read is what would be printed.
        guard envelope.line == line else { throw Refusal("it is not spelt as Jarvis spells it") }
        self = envelope
    }
}
