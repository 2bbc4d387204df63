// SPDX-License-Identifier: Apache-2.0

import CommandPolicy
import Cryptography
package import JarvisCore

/// Checks a log, or an export of one, against itself and against a signed head.
package struct AuditVerification {
    /// Why a check can't be made at all; a sentence for a person.
    package struct Unable: Error, CustomStringConvertible {
        /// What is missing.
        package let description: String
    }

    private var check = AuditCheck(digest: SHA256.hexDigest)
    private var records = 0
    private var headFault: AuditFault?
    private let head: AuditHead?
    private let publicKey: String?

    /// Prepares a check; `head` is compared with what is found, `publicKey` (base64) is what heads are signed with.
    package init(head: AuditHead? = nil, publicKey: String? = nil) throws(Unable) {
        self.head = head
        self.publicKey = publicKey
        guard let head else { return }
        if try !isSigned(head) { headFault = AuditFault(.signature, at: head.sequence) }
        compare()
    }

    /// Looks at the next record.
    package mutating func add(_ entry: AuditEntry) {
        let before = check.position
        check.add(entry)
        guard check.position != before else { return }
        records += 1
        compare()
    }

    /// What came of it, when every record has been looked at.
    package func report() -> AuditReport {
        var fault = check.fault ?? headFault
        if fault == nil, let head, head.sequence > check.position.sequence {
            fault = AuditFault(.cut, at: check.position.sequence + 1)
        }
        return AuditReport(records: records, head: head == nil ? .none : fault == nil ? .ok : .notProven, fault: fault)
    }

    /// Checks the lines of an export; several may follow each other in one file.
    ///
    /// An export without a signed head at its end was cut, unless a head from elsewhere says where the end is.
    package mutating func check(export lines: some Sequence<some Collection<UInt8>>) throws(Unable) -> AuditReport {
        var isSigned = false
        var number: Int64 = 0
        for line in lines {
            number += 1
            switch AuditLine(line) {
            case .record(let entry):
                add(entry)
                isSigned = false
            case .anchor(let position):
                if let fault = try begin(at: position) { return failed(fault) }
                isSigned = false
            case .head(let head):
                if let fault = try fault(of: head) { return failed(fault) }
                isSigned = true
            case nil: return failed(check.fault ?? AuditFault(.unreadable, at: number))
            }
        }
        let found = report()
        guard found.fault == nil, head == nil else { return found }
        guard isSigned else { return failed(AuditFault(.cut, at: check.position.sequence + 1)) }
        return AuditReport(records: records, head: .ok, fault: nil)
    }

    /// An export that goes on from an earlier one: the first line is believed, later ones must fit.
    private mutating func begin(at position: AuditPosition) throws(Unable) -> AuditFault? {
        guard check.fault == nil, position != check.position else { return check.fault }
        guard check.position == .beginning else {
            let next = check.position.sequence + 1
            return position.sequence < next
                ? AuditFault(.replaced, at: position.sequence) : AuditFault(.gap, at: next)
        }
        if let head, head.sequence < position.sequence {
            throw Unable(
                description: "the export begins after record \(position.sequence), and the head is that of record "
                    + "\(head.sequence): take an export that reaches back to it")
        }
        check = AuditCheck(after: position, digest: SHA256.hexDigest)
        compare()
        return nil
    }

    /// Compares with the head from elsewhere where the log has come to it.
    private mutating func compare() {
        guard let head, headFault == nil, check.position.sequence == head.sequence else { return }
        if check.position.hash != head.hash { headFault = AuditFault(.replaced, at: head.sequence) }
    }

    private func fault(of head: AuditHead) throws(Unable) -> AuditFault? {
        if let fault = check.fault { return fault }
        guard try isSigned(head) else { return AuditFault(.signature, at: head.sequence) }
        guard head.sequence <= check.position.sequence else {
            return AuditFault(.cut, at: check.position.sequence + 1)
        }
        return head.position == check.position ? nil : AuditFault(.replaced, at: head.sequence)
    }

    private func failed(_ fault: AuditFault) -> AuditReport {
        AuditReport(records: records, head: head == nil ? .none : .notProven, fault: fault)
    }

    private func isSigned(_ head: AuditHead) throws(Unable) -> Bool {
        guard let text = publicKey else {
            throw Unable(description: "there is no key to check the head's signature with: give --public-key")
        }
        guard let key = Base64.decode(text), key.count == Ed25519.publicKeyByteCount else {
            throw Unable(description: "the public key is not one: 32 bytes in base64 are expected")
        }
        return head.isSigned(with: key) { Ed25519.isValid($0, for: $1, publicKey: $2) }
    }
}
