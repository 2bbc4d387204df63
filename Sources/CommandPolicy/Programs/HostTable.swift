// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// What a host says about itself: uptime(1), free(1), dmesg(1), lsblk(8), sensors(1), sysctl(8) and the like.
    static let host = users + "\n" + hardware + "\n" + kernel

    /// Users, names, time and where programs lie.
    private static let users = """
        program uptime
        program w
        program who
        program last
        program lastlog
        program id
        program whoami
        program groups
        program users
        program logname

        uptime | whoami | users | logname : observe
          -p --pretty, -s --since
          allow uptime -p
          allow whoami
          allow users
          allow logname
          refuse users /etc/shadow
          refuse uptime --container
          refuse whoami web
          refuse logname /etc/shadow

        w [USER] : observe
          -h --no-header, -u --no-current, -s --short, -f --from, -o --old-style, -i --ip-addr
          allow w -h
          refuse w --x

        # As an operand it would read a file.
        who : observe
          -a --all, -b --boot, -d --dead, -H --heading, -l --login, -m, -p --process, -q --count, -r --runlevel
          -s --short, -t --time, -T -w --mesg, -u --users
          allow who -b
          refuse who /etc/shadow

        last [USER] : observe
          -n --limit COUNT, -NUMBER, -x --system, -F --fulltimes, -i --ip, -w --fullnames, -a --hostlast
          -R --nohostname, -s --since TIME, -t --until TIME, -p --present TIME
          allow last reboot -n 3
          allow last -20 -x
          refuse last -f /etc/shadow
          refuse lastb

        lastlog : observe
          -u --user USER, -t --time COUNT, -b --before COUNT
          allow lastlog -u backup
          refuse lastlog -C -u root
          refuse lastlog -R /tmp/x

        id [USER] : observe
          -u --user, -g --group, -G --groups, -n --name, -r --real, -Z --context, -z --zero
          allow id -un
          refuse id web root

        groups [USER...] : observe
          allow groups backup
          refuse groups -x

        program uname
        program arch
        program nproc
        program hostname
        program hostid
        program getconf
        program locale

        uname : observe
          -a --all, -s --kernel-name, -n --nodename, -r --kernel-release, -v --kernel-version, -m --machine
          -p --processor, -i --hardware-platform, -o --operating-system
          allow uname -a
          refuse uname -S evil

        program lsb_release
        lsb_release : observe
          -a --all, -i --id, -d --description, -r --release, -c --codename, -s --short
          allow lsb_release -a
          refuse lsb_release x

        arch | hostid : observe
          allow arch
          allow hostid
          refuse arch x
          refuse hostid 7f000001

        nproc : observe
          --all, --ignore COUNT
          allow nproc --all
          refuse nproc x

        # A name behind it would be set.
        hostname : observe
          -f --fqdn --long, -s --short, -i --ip-address, -I --all-ip-addresses, -d --domain, -A --all-fqdns, -a --alias
          allow hostname -f
          refuse hostname evil
          refuse hostname -F /tmp/x
          refuse hostname -b evil

        getconf [NAME] : observe
          -a
          allow getconf PAGESIZE
          refuse getconf -v x PAGESIZE

        locale [NAME...] : observe
          -a --all-locales, -m --charmaps, -k --keyword-name, -c --category-name
          allow locale -a
          refuse locale -x

        program date

        date [DATEFORMAT] : observe
          -u --utc --universal, -R --rfc-email, -I --iso-8601[={date|hours|minutes|seconds|ns}], -d --date TIME
          --rfc-3339 {date|seconds|ns}
          allow date
          allow date -u '+%Y-%m-%d %H:%M:%S'
          allow date -d '2 hours ago' +%s
          refuse date -s 2030-01-01
          refuse date --set=2030-01-01
          refuse date -f /etc/shadow
          refuse date 010100002030

        program chronyc : words

        # Behind -h stands another host, behind -f nothing good.
        chronyc ...
          -n, -c, -a, -N

        chronyc (tracking|activity|serverstats|rtcdata|smoothing|clients) : observe
          allow chronyc tracking
          allow chronyc -n activity
          refuse chronyc -h 203.0.113.9 tracking
          refuse chronyc

        chronyc (sources|sourcestats|selectdata|authdata|ntpdata) [-v] : observe
          allow chronyc sources -v
          refuse chronyc -m 'sources' 'settime 12:00'
          refuse chronyc add server 203.0.113.9

        chronyc online : bounded, undo yes, does enable
          allow chronyc online
          refuse chronyc offline

        chronyc makestep : bounded, undo no, does change
          allow chronyc makestep
          allow chronyc -a makestep
          refuse chronyc makestep 1 -1
          refuse chronyc settime 12:00

        program ntpq
        program ntpstat
        program ntpdate : words

        ntpq [HOST] : observe
          -p --peers, -n --numeric, -4 --ipv4, -6 --ipv6, -w --wide
          -c {peers|lpeers|as|associations|rv|sysinfo|sysstats}
          with -p | -c
          allow ntpq -pn
          allow ntpq -c rv
          refuse ntpq
          refuse ntpq -p 203.0.113.9

        ntpstat : observe
          allow ntpstat
          refuse ntpstat x

        # Without -q in front it sets the clock.
        ntpdate ((-q)) HOST : observe
          allow ntpdate -q 192.168.0.1
          refuse ntpdate 192.168.0.1 -q
          refuse ntpdate -q 203.0.113.9

        # Whether its configuration is good, before somebody reloads it.
        program sshd

        sshd : observe
          -t
          with -t
          allow sshd -t
          refuse sshd
          refuse sshd -t -f /tmp/x
          refuse sshd -t -o HostKey=/etc/shadow
          refuse sshd -d

        program which
        program whereis
        program type
        program command : words

        which NAME... : observe
          -a --all
          allow which docker
          refuse which -x docker

        whereis NAME... : observe
          -b, -m, -s
          allow whereis docker
          refuse whereis -B /tmp -f docker

        type NAME... : observe
          allow type docker
          refuse type -x docker

        # Without -v in front it runs the command.
        command ((-v|"-V")) NAME... : observe
          allow command -v docker
          refuse command reboot
          refuse command reboot -v
          refuse command -p reboot
        """
}
