// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Which incidents have a silence that is to be worked on, closed ones among them.
    ///
    /// The text is not read as JSON where it need not be: it may hold characters that the database's JSON refuses.
    static let m006 = Migration(
        version: 6, name: "silences at work",
        statements: [
            "ALTER TABLE incidents ADD COLUMN silence_work boolean NOT NULL DEFAULT false",
            "UPDATE incidents SET silence_work = true WHERE json LIKE '%\"silenced\":%' AND json LIKE '%\"due\":%'",
            "CREATE INDEX incidents_silence_work ON incidents (id) WHERE silence_work",
        ])
}
