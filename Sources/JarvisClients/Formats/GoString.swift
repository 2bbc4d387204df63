// SPDX-License-Identifier: Apache-2.0
extension String {
    /// A double-quoted string of Go with this value, as PromQL and LogQL read it.
    var quotedForGo: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": quoted += "\\\\"
            case "\"": quoted += "\\\""
            case "\n": quoted += "\\n"
            case let control where control.value < 0x20 || control.value == 0x7F:
                let digits = String(control.value, radix: 16)
                quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A regular expression that matches exactly this text.
    var escapedForRE2: String {
        var escaped = ""
        for character in unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(character) { escaped += "\\" }
            escaped.unicodeScalars.append(character)
        }
        return escaped
    }
}
