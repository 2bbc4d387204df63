// SPDX-License-Identifier: Apache-2.0

/// What a server tells its operator when it is ready.
package enum Announcement {
    /// Lines for the terminal; secrets only when they were made just now.
    package static func lines(_ ready: JarvisServer.Ready) -> [String] {
        var lines = ["Jarvis \(Version.text) is ready at \(ready.baseURL)", ""]
        guard let fresh = ready.fresh else { return lines }
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
