// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// systemd's own tools: systemctl(1), journalctl(1), loginctl(1), timedatectl(1), resolvectl(1) and others.
    static let systemd = units + "\n" + journal + "\n" + systemdTools

    /// systemctl(1), service(8), rc-service(8).
    ///
    /// Nothing speaks to another host, container or root folder, and nothing changes unit files, environments or
    /// resource limits.
    private static let units = """
        program systemctl

        systemctl ...
          --no-pager, -l --full, -q --quiet, -a --all, --plain, --no-legend, --legend={no|false|0}, --system
          -t --type FIELDS, --state FIELDS, --failed, --no-ask-password
          -o --output {short|short-iso|short-precise|short-full|cat}, --timestamp {pretty|utc|us|unix|us+utc}

        systemctl : observe
          allow systemctl --failed
          allow systemctl --type=service --state=failed --no-pager
          refuse systemctl -H root@203.0.113.9 --failed
          refuse systemctl --root=/tmp/x

        systemctl (list-units|list-timers|list-sockets|list-unit-files|list-paths) [UNITPATTERN...] : observe
          allow systemctl list-units --type=service --state=running
          allow systemctl list-timers --all
          allow systemctl list-units 'docker*'
          refuse systemctl list-units --host=203.0.113.9

        systemctl (list-jobs|is-system-running|get-default) | systemctl list-dependencies [UNITPATTERN...] : observe
          --reverse, --before, --after
          allow systemctl list-dependencies docker --reverse
          allow systemctl is-system-running
          refuse systemctl set-default rescue.target

        systemctl (is-active|is-failed|is-enabled) UNITPATTERN... : observe
          allow systemctl is-active docker nginx
          refuse systemctl is-active -M web nginx

        # It also prints the last lines of the log.
        systemctl status [LOGUNIT...] : observe
          -n --lines COUNT
          allow systemctl status nginx -l --no-pager -n 50
          allow systemctl status reboot.target
          refuse systemctl status /tmp/x.service
          refuse systemctl -M web status nginx
          refuse systemctl status vault
          refuse systemctl status 'v*'

        systemctl status UNITPATTERN... : observe
          -n --lines {0}
          with -n
          allow systemctl status -n0 'docker*'
          refuse systemctl status vault -n 500

        systemctl : observe
          --version
          with --version
          allow systemctl --version
          refuse systemctl --version -H root@203.0.113.9

        # A definition may hold passwords as Environment=; services made of them are left out.
        systemctl cat OPENUNIT... : observe
          allow systemctl cat nginx
          refuse systemctl cat jarvis
          refuse systemctl cat vault.service

        # Without chosen properties it prints the environment.
        systemctl show [UNITPATTERN...] : observe
          -p -P --property UNITPROPERTIES, --value
          with -p
          allow systemctl show nginx -p ActiveState,SubState --value
          allow systemctl show --property=NRestarts docker
          refuse systemctl show nginx
          refuse systemctl show docker -p Environment
          refuse systemctl show docker -p ActiveState -p ExecStart

        systemctl (restart|try-restart|reload-or-restart|try-reload-or-restart) SERVICE : bounded, undo no, does restart
          --no-block, --wait
          allow systemctl restart nginx
          allow systemctl restart --no-block nginx.service
          refuse systemctl restart nginx sshd docker
          refuse systemctl restart ssh
          refuse systemctl try-restart dropbear@22-1.service
          refuse systemctl restart dbus-org.freedesktop.network1
          refuse systemctl restart 'docker*'
          refuse systemctl restart -H root@203.0.113.9 x
          refuse systemctl restart selinux-autorelabel

        systemctl reload SERVICE : bounded, undo no, does reload
          --no-block
          allow systemctl reload nginx
          refuse systemctl reload ../../tmp/x.service

        systemctl start (SERVICE|MOUNTUNIT) : bounded, undo yes, does start
          --no-block, --wait
          allow systemctl start certbot.service
          allow systemctl start mnt-nas.mount
          refuse systemctl start reboot.target
          refuse systemctl start debug-shell
          refuse systemctl start systemd-poweroff.service
          refuse systemctl start dnf-automatic.timer
          refuse systemctl start systemd-storagetm

        # What lies on a mount disappears under those who use it.
        systemctl restart MOUNTUNIT : highRisk, undo partly, does restart
          allow systemctl restart mnt-nas.mount
          refuse systemctl restart -- -.mount

        systemctl stop MOUNTUNIT : highRisk, undo partly, does stop
          allow systemctl stop mnt-nas.mount
          refuse systemctl stop -- -.mount

        systemctl stop STOPPABLE : disruptive, undo yes, does stop
          --no-block
          allow systemctl stop nginx
          refuse systemctl stop sshd
          refuse systemctl stop container-jarvis
          refuse systemctl stop docker-compose@jarvis.service
          refuse systemctl stop ufw
          refuse systemctl stop NetworkManager.service
          refuse systemctl stop nginx docker

        systemctl enable SERVICE : highRisk, undo yes, does enable
          --now
          allow systemctl enable --now nginx
          refuse systemctl enable --now /tmp/x.service
          refuse systemctl --root=/tmp enable x

        systemctl disable STOPPABLE : highRisk, undo yes, does disable
          --now
          allow systemctl disable nginx
          refuse systemctl disable ssh

        systemctl mask STOPPABLE : highRisk, undo yes, does mask
          --now
          allow systemctl mask nginx
          refuse systemctl mask ssh
          refuse systemctl mask firewalld

        systemctl unmask SERVICE : highRisk, undo yes, does unmask
          allow systemctl unmask nginx
          refuse systemctl unmask debug-shell

        systemctl reset-failed [(SERVICE|MOUNTUNIT)] : bounded, undo no, does reset
          allow systemctl reset-failed
          allow systemctl reset-failed mnt-nas.mount
          allow systemctl reset-failed nginx
          refuse systemctl reset-failed ssh

        systemctl daemon-reload : bounded, undo no, does reload
          allow systemctl daemon-reload
          refuse systemctl daemon-reload nginx

        systemctl daemon-reexec : disruptive, undo no, does reload
          allow systemctl daemon-reexec
          refuse systemctl daemon-reexec --root=/tmp

        systemctl reboot : highRisk, undo no, does reboot
          allow systemctl reboot
          refuse systemctl reboot --force
          refuse systemctl poweroff
          refuse systemctl reboot --firmware-setup

        program service

        service : observe
          --status-all
          with --status-all
          allow service --status-all
          refuse service

        service LOGUNIT status : observe
          allow service nginx status
          refuse service nginx config
          refuse service ../../tmp/x status

        service SERVICE (restart|try-restart|force-reload) : bounded, undo no, does restart
          allow service nginx restart
          refuse service ssh restart
          refuse service nginx restart docker

        service SERVICE reload : bounded, undo no, does reload
          allow service nginx reload
          refuse service sshd reload

        service SERVICE start : bounded, undo yes, does start
          allow service nginx start
          refuse service reboot start

        service STOPPABLE stop : disruptive, undo yes, does stop
          allow service nginx stop
          refuse service ssh stop
          refuse service ufw stop

        program rc-status
        program rc-service

        rc-status : observe
          -a --all, -s --servicelist, -C --nocolor
          allow rc-status -a
          refuse rc-status /tmp/x

        rc-service SERVICE status : observe
          allow rc-service nginx status
          refuse rc-service --resolve nginx

        rc-service SERVICE restart : bounded, undo no, does restart
          allow rc-service nginx restart
          refuse rc-service sshd restart
          refuse rc-service nginx zap
        """
}
