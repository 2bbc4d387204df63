// SPDX-License-Identifier: Apache-2.0

/// The time that all instances share: the server's, in microseconds.
enum ServerTime {
    /// The time now, or the parameter of this number where it is not NULL.
    static func sql(_ parameter: Int) -> String {
        "coalesce($\(parameter)::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
    }
}
