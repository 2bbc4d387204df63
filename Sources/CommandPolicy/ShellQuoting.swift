// SPDX-License-Identifier: Apache-2.0

/// Prints words so that every POSIX shell reads back exactly these words and nothing else.
///
/// Full single quoting (POSIX.1-2017, Shell Command Language 2.2.2): between single quotes every byte stands for
/// itself, so there is nothing a word could contain that a shell would act on.
package enum ShellQuoting {
    /// One word in single quotes; an embedded single quote becomes `'"'"'`.
    ///
    /// Not `'\''`: what is printed is itself text that the policy understands, and it knows no backslash there.
    ///
    /// NUL can't be passed in an argument at all and is a programming error here, because operands refuse it.
    package static func quote(_ word: String) -> String {
        precondition(!word.utf8.contains(0), "a word with NUL can't be an argument")
        var quoted = "'"
        for scalar in word.unicodeScalars {
            if scalar == "'" { quoted += "'\"'\"'" } else { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "'"
    }

    /// The words of one simple command, quoted and joined by single spaces.
    package static func command(_ words: [String]) -> String {
        words.map(quote).joined(separator: " ")
    }
}
