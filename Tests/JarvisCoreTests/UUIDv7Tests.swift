// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import JarvisCore
import Testing

@Suite struct UUIDv7Tests {
    @Test func `it is the one of the RFC's example`() {
        // RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z, rand_a CC3, rand_b 18C4DC0C0C07398F.
        let random: [UInt8] = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]
        let id = UUIDv7(at: Date(timeIntervalSince1970: 1_645_557_742), random: random)
        #expect(id.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `version and variant stand whatever the random bytes are`() throws {
        for byte in UInt8.min...UInt8.max {
            let id = UUIDv7(at: Date(timeIntervalSince1970: 1), random: Array(repeating: byte, count: 10))
            #expect(UUIDv7(id.text) == id)
        }
    }

    @Test func `a later millisecond sorts later, whatever the random bytes are`() {
        var last = UUIDv7(at: Date(timeIntervalSince1970: 0), random: Array(repeating: 0xFF, count: 10))
        for second in [0.002, 0.5, 1, 1_700_000_000, 1_700_000_000.01, 4_102_444_800, 200_000_000_000] {
            let next = UUIDv7(at: Date(timeIntervalSince1970: second), random: Array(repeating: 0, count: 10))
            #expect(last < next)
            last = UUIDv7(at: Date(timeIntervalSince1970: second), random: Array(repeating: 0xFF, count: 10))
        }
    }

    @Test func `a clock before 1970 gives the earliest id and no crash`() {
        let id = UUIDv7(at: Date(timeIntervalSince1970: -5), random: Array(repeating: 0, count: 10))
        #expect(id.text.hasPrefix("00000000-0000-7"))
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-18c4-dc0c0c07398f", "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398é", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
        "../../../../../../../etc/passwd",
    ])
    func `only the canonical form of version 7 is read`(_ text: String) throws {
        #expect(UUIDv7(text) == nil)
        #expect(IncidentID(text) == nil)
        let json = try JSONEncoder().encode(text)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(IncidentID.self, from: json) }
    }

    @Test func `an id is stored as its text`() throws {
        let id = try #require(IncidentID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
        let json = try JSONEncoder().encode(id)
        #expect(String(decoding: json, as: UTF8.self) == "\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\"")
        #expect(try JSONDecoder().decode(IncidentID.self, from: json) == id)
    }
}
