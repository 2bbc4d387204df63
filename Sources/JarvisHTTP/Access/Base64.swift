// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

enum Base64 {
    static func decode(_ text: some StringProtocol) -> [UInt8]? { Data(base64Encoded: String(text)).map(Array.init) }
}
