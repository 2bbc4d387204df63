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
            lines += [
                "Credentials were made; only this user can read them: the operator token in \(ready.dataDirectory)/operator.token,",
                "the webhook password in \(ready.dataDirectory)/webhook.password.", "",
            ]
            return lines + receiver(ready, "password_file: \(ready.dataDirectory)/webhook.password") + [""]
        }
        lines.append("These credentials are shown once; only you can read them again, in \(ready.dataDirectory):")
        lines.append("  operator token   \(fresh.operatorToken)")
        if let password = fresh.senderPassword {
            lines.append("  webhook user     \(ready.webhookUsername)")
            lines.append("  webhook password \(password)")
            lines += ["", "Receiver for alertmanager.yml (then route to it, first and with `continue: true`):", ""]
            lines += receiver(ready, "password: \(password)")
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
                      \(password)
        """.split(separator: "\n").map(String.init)
    }
}
