// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// Which incidents have a silence that is to be worked on, closed ones among them.
    ///
    /// The text is not read as JSON: one that is damaged must not keep the rest from being used.
    static let m008 = Migration(
        version: 8, name: "silences at work",
        script: """
            ALTER TABLE incidents ADD COLUMN silence_work INTEGER NOT NULL DEFAULT 0;
            UPDATE incidents SET silence_work = 1 WHERE json LIKE '%"silenced":%' AND json LIKE '%"due":%';
            CREATE INDEX incidents_silence_work ON incidents (id) WHERE silence_work = 1;
            """)
}
