// SPDX-License-Identifier: Apache-2.0

/// What a server tells its operator when it is ready.
package enum Announcement {
    /// Lines for the operator; secrets only when they were made just now.
    ///
    /// - Parameter isTerminal: whether a person reads them; in a log, secrets would stay.
    package static func lines(_ ready: JarvisServer.Ready, isTerminal: Bool) -> [String] {
        var lines = ["Jarvis \(Version.text) is ready at \(ready.baseURL)", ""]
        guard let fresh = ready.fresh else { return lines }
        guard isTerminal else {
            return lines + [
                "Credentials were made: the operator token is in \(ready.dataDirectory)/operator.token, the webhook password",
                "in \(ready.dataDirectory)/webhook.password. Start it in a terminal to see them, or read the files.",
                "",
            ]
        }
        lines.append("These credentials are shown once and stored as digests only:")
        lines.append("  operator token   \(fresh.operatorToken)")
        if let password = fresh.senderPassword {
            lines.append("  webhook user     \(ready.webhookUsername)")
            lines.append("  webhook password \(password)")
            lines += ["", "Receiver for alertmanager.yml (then route to it, first and with `continue: true`):", ""]
            lines += receiver(ready, password)
        }
        return lines + [""]
    }

    private static func receiver(_ ready: JarvisServer.Ready, _ password: String) -> [String] {
        """
          receivers:
            - name: jarvis
              webhook_configs:
                - url: \(ready.externalURL)/webhook
                  send_resolved: true
                  http_config:
                    basic_auth:
                      username: \(ready.webhookUsername)
                      password: \(password)
        """.split(separator: "\n").map(String.init)
    }
}
