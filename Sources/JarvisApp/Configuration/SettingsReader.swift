// SPDX-License-Identifier: Apache-2.0

import JarvisCore

/// Reads all sections that are plain settings.
struct SettingsReader {
    let context: ReadingContext

    func read(_ root: SectionReader, into configuration: inout Configuration) {
        configuration.dataDirectory = root.value("data", context.path) ?? context.standardDataDirectory
        if let section = root.section("database") { database(section, &configuration) }
        if let section = root.section("server") { server(section, &configuration.server) }
        if let section = root.section("webhook") { webhook(section, &configuration.webhook) }
        configuration.prometheus = root.section("prometheus").flatMap(upstream)
        configuration.alertmanager = root.section("alertmanager").flatMap(upstream)
        configuration.loki = root.section("loki").flatMap(upstream)
        configuration.ssh.configurationFile = context.standardSSHConfiguration
        if let section = root.section("ssh") { ssh(section, &configuration.ssh) }
        if let section = root.section("limits") { limits(section, &configuration) }
        if let section = root.section("policy") {
            configuration.policyFile = section.value("file", context.path)
            section.finish()
        }
        if let section = root.section("patterns") {
            configuration.patternsDirectory = section.value("directory", context.path)
            section.finish()
        }
        if let section = root.section("approvals") {
            set(&configuration.approvalExpiry, section.value("expire_after", .duration(60...2_592_000)))
            section.finish()
        }
        if let section = root.section("retention") {
            set(&configuration.retention, section.value("keep", .duration(86_400...315_360_000)))
            section.finish()
        }
        if let section = root.section("log") { log(section, &configuration.log) }
        if let section = root.section("timing") { timing(section, &configuration.timing) }
    }

    private func limits(_ section: SectionReader, _ configuration: inout Configuration) {
        let counts = ValueForm<Int>.whole(1...10_000)
        set(&configuration.blastRadius.total, section.value("steps_per_hour", counts))
        set(&configuration.blastRadius.perHost, section.value("steps_per_hour_on_host", counts))
        set(&configuration.blastRadius.perTarget, section.value("steps_per_hour_on_target", counts))
        set(&configuration.blastRadius.atOncePerHost, section.value("steps_at_once_on_host", .whole(1...16)))
        set(&configuration.breakers.pattern, section.value("failures_of_pattern", counts))
        set(&configuration.breakers.target, section.value("failures_on_target", counts))
        set(&configuration.breakers.all, section.value("failures_in_all", counts))
        let window = section.value("failures_within", .duration(60...2_592_000))
        set(&configuration.breakers.window, window.map { $0 / .seconds(1) })
        section.finish()
    }

    private func database(_ section: SectionReader, _ configuration: inout Configuration) {
        let url = SecretReader(context: context).read(section, "url")
        configuration.databaseRepair = section.section("repair").flatMap(DatabaseRepairReader.read)
        section.finish()
        guard let url else {
            if section.node("repair") != nil, section.node("url") == nil {
                section.fault(
                    "is for a database of 'database.url' only: without one everything is in a file, which nobody starts",
                    key: "repair")
            }
            return
        }
        let text = url.reveal()
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
            // The rest may hold a password.
            let scheme = text.prefix { $0.isASCII && ($0.isLetter || "+-.".contains($0)) }
            return section.fault(
                "must begin with postgresql://, found \(UntrustedText(String(scheme)).display(limit: 40))", key: "url",
                suggestion: scheme.hasPrefix("postgres") ? "postgresql://" : nil)
        }
        configuration.databaseURL = url
    }

    private func server(_ section: SectionReader, _ server: inout Configuration.Server) {
        set(&server.listen, section.value("listen", .listenAddress))
        set(&server.maximumBodyBytes, section.value("max_body", .size(65536...268_435_456)))
        set(&server.maximumConnections, section.value("max_connections", .whole(1...65536)))
        server.externalURL = section.value("external_url", .baseURL)
        set(&server.allowsRemote, section.value("allow_remote", .boolean))
        if !server.listen.isLoopback {
            checkRemote(section, server)
        }
        section.finish()
    }

    private func checkRemote(_ section: SectionReader, _ server: Configuration.Server) {
        guard server.allowsRemote else {
            return section.fault(
                "other machines reach \(server.listen.host); set server.allow_remote: true if that is meant",
                key: "listen")
        }
        let origin = section.node("listen")?.origin ?? section.origin
        section.collector.note(
            "other machines reach it without TLS; put a reverse proxy with TLS in front", at: origin,
            path: section.path(of: "listen"))
    }

    private func webhook(_ section: SectionReader, _ webhook: inout Configuration.Webhook) {
        let secrets = SecretReader(context: context)
        set(&webhook.username, section.value("username", .userName))
        webhook.password = secrets.read(section, "password")
        webhook.token = secrets.read(section, "token")
        section.finish()
    }

    private func upstream(_ section: SectionReader) -> Configuration.Upstream? {
        let url = section.required("url", .baseURL)
        var upstream = Configuration.Upstream(url: url ?? "")
        upstream.authentication = authentication(section)
        upstream.certificateAuthorityFile = section.value("ca_file", context.path)
        set(&upstream.timeout, section.value("timeout", .duration(1...300)))
        section.finish()
        return url == nil ? nil : upstream
    }

    private func authentication(_ section: SectionReader) -> Configuration.Upstream.Authentication {
        let secrets = SecretReader(context: context)
        let username = section.value("username", .userName)
        let password = secrets.read(section, "password")
        let token = secrets.read(section, "token")
        if token != nil, section.node("username") != nil || section.node("password") != nil {
            section.fault("give either 'token' or 'username' and 'password'", key: "token")
        }
        if section.node("username") != nil, section.node("password") == nil {
            section.fault("needs 'password' too", key: "username")
        }
        if section.node("password") != nil, section.node("username") == nil {
            section.fault("needs 'username' too", key: "password")
        }
        if let token { return .bearer(token) }
        if let username, let password { return .basic(username: username, password: password) }
        return .none
    }

    private func ssh(_ section: SectionReader, _ ssh: inout Configuration.SSH) {
        if let node = section.node("config") {
            ssh.configurationFile = node.text == "none" ? nil : section.value("config", context.path)
        }
        set(&ssh.connectTimeout, section.value("connect_timeout", .duration(1...120)))
        section.finish()
    }

    private func log(_ section: SectionReader, _ log: inout Configuration.Log) {
        set(&log.level, section.value("level", .word))
        set(&log.format, section.value("format", .word))
        section.finish()
    }

    private func timing(_ section: SectionReader, _ timing: inout Configuration.Timing) {
        set(&timing.alertRepeatCooldown, section.value("alert_repeat_cooldown", .duration(0...86400)))
        set(&timing.escalationCooldown, section.value("escalation_cooldown", .duration(0...2_592_000)))
        section.finish()
    }

    private func set<Value>(_ target: inout Value, _ value: Value?) {
        if let value { target = value }
    }
}
