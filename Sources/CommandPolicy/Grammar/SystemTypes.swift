// SPDX-License-Identifier: Apache-2.0

extension OperandType {
    /// Units, journals, kernel settings, packages and power supplies.
    static let systemTypes: [OperandType] = [
        // Units.
        OperandType("UNITPATTERN", "a unit's name or a pattern such as docker*", target: .unit) { word in
            word.utf8.count <= 255 && word.isMade(of: ":_.@-*?[]", first: "*")
        },
        OperandType("LOGUNIT", "a unit whose log may be printed", target: .unit) { isUnitWithout($0, secretive) },
        OperandType("OPENUNIT", "a unit whose definition may be printed", target: .unit) {
            isUnitWithout($0, secretive.union(closed))
        },
        OperandType("SNAP", "a snap, or a service of it", target: .unit) { word in
            isService(word) && word.isMade(of: ".-", first: "")
        }.lying(in: .unit) { String($0.prefix { $0 != "." }) },
        OperandType("SERVICE", "a service, socket, timer or path unit", target: .unit) { isService($0) },
        OperandType("STOPPABLE", "a service that may be stopped (no firewall, no network)", target: .unit) { word in
            isService(word) && !vital.contains(Protection.unitName(word))
        },
        OperandType("MOUNTUNIT", "a mount unit", target: .unit) { word in
            isUnitWithout(word, [])
                && [".mount", ".automount"].contains { word.hasSuffix($0) && word.count > $0.count }
        },
        OperandType("UNITPROPERTIES", "properties of a unit without environment and arguments") {
            areListed($0, in: properties)
        },

        // The journal.
        OperandType("LOGNAME", "a name whose log may be printed") { word in
            word.utf8.count <= 128 && word.isMade(of: "_.@:/-", first: "_/") && !hasWord(word, of: secretive)
        },
        OperandType("JOURNALMATCH", "a match such as _COMM=sshd") { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 && matchFields.contains(parts[0]) && parts[1].utf8.count <= 128
                && parts[1].isMade(of: "_.@:/-", first: "_/") && !hasWord(parts[1], of: secretive)
        },
        OperandType("PRIORITY", "a priority or a range such as err..alert") { word in
            if let dots = word.lastRange(of: "..") {
                return priorities.contains(String(word[..<dots.lowerBound]))
                    && priorities.contains(String(word[dots.upperBound...]))
            }
            return priorities.contains(word)
        },
        OperandType("BOOT", "a boot such as -1") { word in
            let digits = word.utf8.first == UInt8(ascii: "-") ? word.dropFirst() : word[...]
            return (1...3).contains(digits.utf8.count) && digits.utf8.allSatisfy { isDigit($0) }
        },
        // Less would take away the evidence of what happened today.
        OperandType("KEPTTIME", "a time of at least a day") { word in
            guard let (number, unit) = amount(word), let hours = hours[unit] else { return false }
            return number * hours >= 24
        },
        OperandType("KEPTSIZE", "a size of at least 50M") { word in
            guard let (number, unit) = amount(word), let megabytes = megabytes[unit] else { return false }
            return number * megabytes >= 50
        },

        // The kernel.
        OperandType("SYSCTLKEY", "a kernel setting's name") { word in
            word.utf8.count <= 128 && word.isMade(of: "_.-/", first: "") && word.utf8.contains(UInt8(ascii: "."))
                && !word.contains("secret") && !word.hasSuffix("_key")
        },
        OperandType("SYSCTLSETTING", "a limit of memory, files or network with its number") { word in
            let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2,
                tunables.contains(where: { "._".contains($0.last ?? "x") ? isBelow(parts[0], $0) : parts[0] == $0 })
            else { return false }
            let numbers = parts[1].split(separator: " ", omittingEmptySubsequences: false)
            return (1...3).contains(numbers.count)
                && numbers.allSatisfy { (1...12).contains($0.utf8.count) && $0.utf8.allSatisfy { isDigit($0) } }
        },
        OperandType("BUSID", "a vendor and product, or a slot") { word in
            word.utf8.count <= 16 && word.isMade(of: ":.", first: ":")
        },
        OperandType("MODULE", "a kernel module's name") { $0.utf8.count <= 64 && $0.isMade(of: "_-", first: "") },

        // Packages. A trailing '-' would remove one, a leading '!' or '@' means other things.
        OperandType("SYSTEMPACKAGE", "a package's name", target: .package) { word in
            (2...128).contains(word.utf8.count) && word.isMade(of: "+-._:", first: "") && word.utf8.last != 0x2D
        },
        OperandType("PACKAGEPATTERN", "a package's name or a pattern") { word in
            word.utf8.count <= 128 && word.isMade(of: "+-._:*?", first: "*")
        },
        OperandType("PIPPACKAGE", "a Python package's name") { $0.utf8.count <= 64 && $0.isMade(of: "-_.", first: "") },
        OperandType("CRONFILE", "a crontab below /etc that ends in .cron", target: .path) { word in
            PathRules.isPlain(word) && word.hasPrefix("/etc/") && word.hasSuffix(".cron")
                && word.utf8.allSatisfy { isASCIILetterOrDigit($0) || "/_-.".utf8.contains($0) }
        },
        OperandType("CRONUSER", "a user other than root") { word in
            word != "root" && word.utf8.count <= 32 && word.isMade(of: "_-", first: "_")
                && !isDigit(word.utf8.first ?? 0)
        },
        OperandType("ROTATION", "a configuration of logrotate below /etc", target: .path) { word in
            if word == "/etc/logrotate.conf" { return true }
            return word.after("/etc/logrotate.d/").map { $0.utf8.count <= 64 && $0.isMade(of: "_-", first: "") } == true
        },

        // Power.
        OperandType("UPSNAME", "a UPS as name or name@host", target: .device) { word, settings throws(Refusal) in
            let parts = word.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, parts[0].utf8.count <= 64, parts[0].isMade(of: "_.-", first: "") else {
                throw Refusal("\(Refusal.show(word)) is not a UPS as name or name@host")
            }
            if parts.count == 2 { try settings.network.checkHost(parts[1]) }
        },
        OperandType("UPSCOMMAND", "a command for the beeper, the panel or the quick test of a UPS") { word in
            [
                "beeper.enable", "beeper.disable", "beeper.mute", "beeper.toggle", "test.battery.start.quick",
                "test.battery.stop", "test.panel.start", "test.panel.stop",
            ].contains(word)
        },
        OperandType("MINUTES", "a delay from +1 to +999 minutes") { word in
            guard let digits = word.after("+"), (1...3).contains(digits.utf8.count) else { return false }
            return digits.utf8.allSatisfy { isDigit($0) } && Int(digits) != 0
        },
        OperandType("CLOCK", "a time of day such as 02:30") { word in
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            return (2...3).contains(parts.count)
                && parts.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy { isDigit($0) } }
        },
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isUnitWithout(_ word: String, _ words: Set<String>) -> Bool {
        word.utf8.count <= 255 && word.isMade(of: ":_.@-", first: "") && !hasWord(word, of: words)
    }

    /// Whether one of these stands in the name as a word of letters.
    private static func hasWord(_ name: String, of words: Set<String>) -> Bool {
        name.lowercased().split { !$0.isLetter || !$0.isASCII }.contains { words.contains(String($0)) }
    }

    /// A unit under its own name: D-Bus aliases name others, and some units only end or rule the machine.
    private static func isService(_ word: String) -> Bool {
        isUnitWithout(word, []) && !word.hasPrefix("dbus-org.") && !reserved.contains(Protection.unitName(word))
            && ![".mount", ".automount", ".swap", ".target", ".slice", ".scope", ".device"].contains {
                word.hasSuffix($0)
            }
    }

    /// Names of the list, joined by commas.
    static func areListed(_ word: String, in names: Set<String>) -> Bool {
        word.utf8.count <= 512
            && word.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { names.contains(String($0)) }
    }

    /// `500M` as 500 and `M`.
    private static func amount(_ word: String) -> (number: Int, unit: String)? {
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        guard (1...6).contains(digits.count), let number = Int(digits) else { return nil }
        return (number, String(word.dropFirst(digits.count)))
    }

    private static func isBelow(_ key: String, _ prefix: String) -> Bool {
        key.hasPrefix(prefix) && key.utf8.count > prefix.utf8.count
            && key.utf8.allSatisfy { isLowerOrDigit($0) || "_.".utf8.contains($0) } && !key.contains("..")
    }

    private static let hours = [
        "h": 1, "hour": 1, "hours": 1, "d": 24, "day": 24, "days": 24, "w": 168, "week": 168, "weeks": 168,
        "month": 720, "months": 720, "y": 8760, "year": 8760, "years": 8760,
    ]
    private static let megabytes = ["M": 1, "G": 1024, "T": 1_048_576]
    private static let priorities: Set<String> = [
        "emerg", "alert", "crit", "err", "error", "warning", "warn", "notice", "info", "debug", "0", "1", "2", "3", "4",
        "5", "6", "7",
    ]
    private static let matchFields: Set<String> = [
        "_SYSTEMD_UNIT", "_COMM", "_EXE", "_PID", "_UID", "_TRANSPORT", "PRIORITY", "SYSLOG_IDENTIFIER",
        "_KERNEL_SUBSYSTEM", "CONTAINER_NAME",
    ]
    /// What such programs log and configure are secrets themselves.
    private static let secretive: Set<String> = [
        "vault", "openbao", "bao", "secret", "secrets", "credential", "credentials", "password", "passwords",
    ]
    /// Services with keys and passwords in their definition.
    private static let closed: Set<String> = [
        "jarvis", "vaultwarden", "bitwarden", "authelia", "authentik", "keycloak", "passbolt", "lldap", "infisical",
    ]
    /// Units that switch off, start anew or lay bare the machine, upgrade it, or run what belongs to its first start.
    private static let reserved: Set<String> = [
        "reboot", "poweroff", "halt", "shutdown", "single", "kexec", "kexec-load", "autovt", "killprocs", "sendsigs",
        "umountfs", "umountroot", "apt-daily-upgrade", "packagekit-offline-update",
        "fwupd-offline-update", "dnf-system-upgrade", "dnf-automatic-install", "dnf-automatic", "dnf5-automatic",
        "yum-cron", "transactional-update", "rpm-ostreed-automatic", "bootc-fetch-apply-updates", "podman-auto-update",
        "ostree-finalize-staged", "selinux-autorelabel", "selinux-autorelabel-mark", "firstboot", "cloud-init",
        "cloud-init-local", "cloud-init-main", "cloud-init-network", "cloud-config", "cloud-final", "raspi-config",
        "resize2fs_once", "userconfig", "sshswitch", "regenerate_ssh_host_keys", "ssh-keygen", "sshd-keygen",
        "sshdgenkeys", "nut-shutdown", "ups-shutdown", "blk-availability", "systemd-storagetm",
        "systemd-factory-reset-request", "systemd-factory-reset-reboot", "systemd-sysupdate-reboot",
    ]
    /// Without them the host is open, or gone for good.
    private static let vital: Set<String> = [
        "nftables", "iptables", "ip6tables", "netfilter-persistent", "firewalld", "ufw", "shorewall", "fail2ban",
        "crowdsec", "crowdsec-firewall-bouncer", "apparmor", "networking", "network", "NetworkManager",
        "systemd-networkd", "dhcpcd", "dhclient", "wpa_supplicant", "netplan", "ifup", "ifupdown",
    ]
    private static let tunables: Set<String> = [
        "vm.swappiness", "vm.max_map_count", "vm.overcommit_memory", "vm.vfs_cache_pressure", "vm.dirty_ratio",
        "vm.dirty_background_ratio", "vm.min_free_kbytes", "vm.drop_caches", "fs.file-max", "fs.nr_open",
        "fs.aio-max-nr", "fs.inotify.", "net.netfilter.nf_conntrack_", "net.core.somaxconn", "net.core.rmem_max",
        "net.core.wmem_max", "net.core.netdev_max_backlog", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
        "net.ipv4.tcp_max_syn_backlog", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_tw_reuse",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.neigh.default.",
    ]
    private static let properties: Set<String> = [
        "Id", "Names", "Description", "LoadState", "ActiveState", "SubState", "UnitFileState", "UnitFilePreset",
        "Result", "Type", "Restart", "RestartUSec", "NRestarts", "MainPID", "ExecMainPID", "ExecMainStatus",
        "ExecMainCode", "ExecMainStartTimestamp", "ExecMainExitTimestamp", "StatusText", "StatusErrno",
        "InvocationID", "ControlPID", "ActiveEnterTimestamp", "ActiveExitTimestamp", "InactiveEnterTimestamp",
        "InactiveExitTimestamp", "StateChangeTimestamp", "ActiveEnterTimestampMonotonic", "ConditionResult",
        "ConditionTimestamp", "AssertResult", "NeedDaemonReload", "FragmentPath", "SourcePath", "DropInPaths",
        "Requires", "Requisite", "Wants", "BindsTo", "PartOf", "RequiredBy", "WantedBy", "BoundBy", "Conflicts",
        "Before", "After", "Triggers", "TriggeredBy", "Slice", "ControlGroup", "User", "Group", "PIDFile",
        "MemoryCurrent", "MemoryPeak", "MemoryMax", "MemoryHigh", "MemoryLow", "MemoryMin", "MemorySwapCurrent",
        "MemorySwapMax", "MemoryAvailable", "CPUUsageNSec", "CPUQuotaPerSecUSec", "CPUWeight", "CPUShares",
        "IOWeight", "IOReadBytes", "IOWriteBytes", "IPIngressBytes", "IPEgressBytes", "TasksCurrent", "TasksMax",
        "LimitNOFILE", "LimitNPROC", "LimitMEMLOCK", "LimitCORE", "OOMPolicy", "OOMScoreAdjust", "Nice",
        "WatchdogUSec", "WatchdogTimestamp", "TimeoutStartUSec", "TimeoutStopUSec", "StartLimitBurst",
        "StartLimitIntervalUSec", "KillMode", "RemainAfterExit", "Listen", "NConnections", "NAccepted",
        "LastTriggerUSec", "NextElapseUSecRealtime", "NextElapseUSecMonotonic", "Where", "What", "NFailedUnits",
        "NJobs", "NNames", "SystemState", "Version", "Virtualization", "Tainted", "KernelTimestamp",
        "UserspaceTimestamp", "FinishTimestamp", "CanStart", "CanStop", "CanReload", "Job", "FreezerState",
    ]
}
