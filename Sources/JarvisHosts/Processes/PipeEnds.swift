// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Our end of a pipe that a child writes.
struct IncomingBytes: ~Copyable {
    private var descriptor: OwnedDescriptor?
    private var kept: BoundedOutput
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// -1 when it is closed.
    private(set) var number: Int32

    init(from descriptor: consuming OwnedDescriptor, limit: OutputLimit) {
        descriptor.makeNonBlocking()
        number = descriptor.number
        self.descriptor = consume descriptor
        kept = BoundedOutput(limit: limit)
    }

    var isOpen: Bool { number >= 0 }

    var text: String { kept.text }

    mutating func close() {
        descriptor = nil
        number = -1
    }

    /// Takes what is there, at most one buffer; closes at the end.
    mutating func read() {
        guard isOpen else { return }
        let count = Glibc.read(number, &buffer, buffer.count)
        if count > 0 {
            buffer.withUnsafeBytes { kept.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            close()
        }
    }
}

/// Our end of a pipe that a child reads.
struct OutgoingBytes: ~Copyable {
    private var descriptor: OwnedDescriptor?
    private var rest: ArraySlice<UInt8>

    /// -1 when it is closed.
    private(set) var number: Int32

    /// Nothing to write, nothing open.
    init() {
        descriptor = nil
        rest = []
        number = -1
    }

    init(_ bytes: [UInt8], to descriptor: consuming OwnedDescriptor) {
        descriptor.makeNonBlocking()
        number = bytes.isEmpty ? -1 : descriptor.number
        self.descriptor = bytes.isEmpty ? nil : consume descriptor
        rest = bytes[...]
    }

    mutating func close() {
        descriptor = nil
        number = -1
    }

    /// Writes what fits; closes when all is written or nobody reads (SIGPIPE is blocked on this thread).
    mutating func write() {
        guard number >= 0 else { return }
        let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) }
        if rest.isEmpty || (count < 0 && errno != EAGAIN && errno != EINTR) { close() }
    }
}
