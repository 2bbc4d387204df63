// SPDX-License-Identifier: Apache-2.0

import JarvisPostgres

extension Configuration {
    /// The secrets of the file and the environment, which no output may show.
    package var secrets: [String] {
        let ours = [webhook.password, webhook.token, prometheus?.secret, alertmanager?.secret, loki?.secret]
        var found = ours.compactMap { $0?.reveal() }
        if let url = databaseURL?.reveal() { found += [url, PostgresSettings.password(in: url)].compactMap(\.self) }
        return found
    }
}
