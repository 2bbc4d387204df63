// SPDX-License-Identifier: Apache-2.0

extension Migration {
    /// An index that finds the jobs that were given up among all that wait.
    static let m005 = Migration(
        version: 5, name: "given-up jobs",
        script: """
            CREATE INDEX jobs_given_up ON jobs (id) WHERE available_at IS NULL;
            """)
}
