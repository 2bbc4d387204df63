// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Files: what prints them, lists them, finds them, and the few changes to them that are understood.
    ///
    /// Behind FILE stands what may be printed, behind DIR what may be listed (see `PathRules`). Programs that also
    /// stand behind a pipe have a form without operands.
    static let files = #"""
        # Printing. Never -f, --follow, --retry, --pid: they do not end. Never --files0-from: it prints what it reads.

        program cat
        cat ...
          -n --number, -b --number-nonblank, -s --squeeze-blank, -A --show-all, -E --show-ends, -T --show-tabs
          -v --show-nonprinting, -e, -t, -u
        cat FILE... : observe
          allow cat /proc/meminfo
          allow cat -n /etc/fstab
          allow cat /proc/1234/limits
          allow cat /opt/stacks/web/compose.yml
          refuse cat /etc/shadow
          refuse cat /etc/../etc/shadow
          refuse cat /etc//shadow
          refuse cat /var/log/app/x::y
          refuse cat /var/log/../../etc/shadow
          refuse cat /proc/1/environ
          refuse cat /proc/1/cmdline
          refuse cat /proc/self/root/etc/shadow
          refuse cat /opt/stacks/web/.env
          refuse cat /opt/jarvis/compose.yml
          refuse cat /etc/letsencrypt/live/example.org/privkey.pem
          refuse cat /etc/nginx/htpasswd
          refuse cat /etc/haproxy/certs/site.pem
          refuse cat /var/log/auth.log
          refuse cat /etc/caddy/
          refuse cat hosts
          refuse cat -
        cat : observe, filter
          allow df -h | cat
          refuse cat

        program zcat
        zcat FILE... : observe
          allow zcat /var/log/syslog.2.gz
          refuse zcat /var/log/auth.log.2.gz
          refuse zcat -f /etc/hosts

        program head tail
        head ...
          -n --lines SIGNED, -c --bytes SIGNED, -q --quiet --silent, -v --verbose, -NUMBER
        head FILE... : observe
          allow tail -n 100 /var/log/syslog
          allow tail -20 /var/log/kern.log
          allow head -n -5 /etc/hosts
          allow tail -n +10 /etc/fstab
          refuse tail -n 100 -f /var/log/syslog
          refuse tail -fn20 /var/log/syslog
          refuse tail --follow=name /var/log/syslog
          refuse head -5 /etc/shadow
        head : observe, filter
          allow df -h | head -5
          allow df -h | tail -n +2
          refuse head -n 5
          refuse df -h | tail -f

        program wc
        wc ...
          -l --lines, -w --words, -c --bytes, -m --chars, -L --max-line-length
        wc FILE... : observe
          allow wc -l /var/log/syslog
          refuse wc --files0-from=/etc/shadow
        wc : observe, filter
          allow ls /etc | wc -l
          refuse wc -l

        program nl
        nl ...
          -b --body-numbering {a|t|n}, -w --number-width FEW
        nl FILE... : observe
          allow nl -ba /etc/fstab
          refuse nl /etc/shadow
        nl : observe, filter
          allow cat /etc/fstab | nl
          refuse nl

        program diff
        diff FILE FILE : observe
          -u, -U --unified NUMBER, -q --brief, -s --report-identical-files, -y --side-by-side, -W --width COUNT
          -i --ignore-case, -w --ignore-all-space, -b --ignore-space-change, -B --ignore-blank-lines
          --suppress-common-lines, -c
          allow diff -u /etc/hosts /etc/fstab
          refuse diff -r /etc /opt
          refuse diff /etc/shadow /etc/hosts
          refuse diff --to-file=/etc/shadow /etc/hosts
          refuse diff -y -W 999999999 /etc/hosts /etc/fstab

        program cmp
        cmp FILE FILE : observe
          -s --silent --quiet, -l --verbose, -b --print-bytes
          allow cmp /etc/hosts /etc/fstab
          refuse cmp /etc/hosts /root/.bashrc

        # Sums of files that may be printed anyway. Never -c: it reads a list of files.

        program md5sum sha1sum sha256sum sha512sum b2sum cksum
        md5sum FILE... : observe
          allow sha256sum /etc/caddy/Caddyfile
          refuse md5sum /etc/shadow
          refuse sha256sum -c /tmp/list

        # Names, sizes and times.

        program ls
        ls [DIR...] : observe
          -a --all, -A --almost-all, -l, -h --human-readable, -t, -r --reverse, -S, -R --recursive, -1, -d --directory
          -i --inode, -n --numeric-uid-gid, -g, -o, -G --no-group, -s --size, -F --classify, -p, -Q --quote-name, -U
          -X, -c, -u, -k --kibibytes, -C, -x, -m, -L --dereference, -H, -Z --context, -v, -b --escape, -q
          -B --ignore-backups, --si, --author, --full-time, --group-directories-first
          -I --ignore FILENAME, --hide FILENAME, -w --width NUMBER, --block-size SIZE
          --time-style DATEFORMAT, --color[={never|auto|always}]
          --sort {none|size|time|version|extension|width}, --time {atime|access|use|ctime|status|birth|creation|mtime}
          --format {long|verbose|commas|horizontal|across|vertical|single-column}
          allow ls -la /var/log
          allow ls -lt /backup
          allow ls -l /dev/serial/by-id
          allow ls -lah --sort=size /srv/
          allow ls /proc/1234/fd
          refuse ls /root/.ssh
          refuse ls -la /home/u/.ssh
          refuse ls /proc/1/root
          refuse ls /srv/../root
          refuse ls -D /etc

        program tree
        # -o writes a file, -R with -H writes one in every folder, -l follows links, --fromfile reads a list.
        tree DIR... : observe
          -a, -d, -f, -h, -s, -p, -u, -g, -D, -i, -n, -r, -t, -x, -q, -F, -v, -J, -N, --du, --dirsfirst, --noreport
          --prune, --si, --inodes, -L FEW, -P FILENAME, -I FILENAME, --filelimit NUMBER
          with -L
          allow tree -L 2 /opt/stacks
          allow tree -dL 1 /srv
          refuse tree /srv
          refuse tree -L 1 -o /etc/x /srv

        program stat
        stat DIR... : observe
          -c --format QUOTED, -f --file-system, -t --terse, -L --dereference
          allow stat /var/lib/docker
          allow stat -c "%a %U:%G %n" /etc/caddy/Caddyfile
          refuse stat /root/.ssh/id_rsa
          refuse stat --printf=%n /etc
          refuse stat -c %1000000000n /etc

        program file
        file DIR... : observe
          -b --brief, -i --mime, -h --no-dereference, -k --keep-going, -r --raw, --mime-type, --mime-encoding
          allow file -b /usr/bin/docker
          refuse file -f /etc/shadow
          refuse file -m /tmp/magic /etc/hosts
          refuse file -z /backup/a.gz

        program du
        du DIR... : observe
          -s --summarize, -h --human-readable, -a --all, -c --total, -x --one-file-system, -d --max-depth NUMBER
          -k, -m, -b --bytes, -l --count-links, -S --separate-dirs, -D --dereference-args, -H, -P --no-dereference, --si
          --apparent-size, --inodes, -t --threshold SIZE, -B --block-size SIZE, --exclude PATHPATTERN
          --time[={atime|access|use|ctime|status}]
          allow du -sh /var/log
          allow du -xh -d 1 /var
          allow du -xh --max-depth=1 /
          allow du -h --threshold=1G /srv /opt
          refuse du -sh --files0-from=/etc/shadow
          refuse du -sh -X /etc/shadow /srv
          refuse du -sh

        program df
        df [DIR...] : observe
          -h --human-readable, -H --si, -T --print-type, -i --inodes, -k, -m, -a --all, -l --local, -P --portability
          -t --type NAME, -x --exclude-type NAME, --total, --output[=FIELDS], -B --block-size SIZE
          allow df -h
          allow df -hT /
          allow df -i /var/lib/docker
          allow df -h -x tmpfs --output=source,pcent,target
          refuse df --sync /
          refuse df -h ./x

        program readlink
        readlink DIR... : observe
          -f --canonicalize, -e --canonicalize-existing, -m --canonicalize-missing, -n --no-newline, -q --quiet
          allow readlink -f /dev/disk/by-id/ata-x
          refuse readlink /proc/1/exe
          refuse readlink -f /proc/self/root

        program realpath
        realpath DIR... : observe
          -e --canonicalize-existing, -m --canonicalize-missing, -s --strip --no-symlinks, -q --quiet
          allow realpath /var/run
          refuse realpath x

        program namei
        namei DIR... : observe
          -l --long, -m --modes, -o --owners, -x --mountpoints, -n --nosymlinks, -v --vertical
          allow namei -l /srv/appdata/web
          refuse namei -l /root/.ssh/id_rsa

        program lsattr
        lsattr DIR... : observe
          -a, -d, -R, -l, -v, -p
          allow lsattr -d /var/log
          refuse lsattr /root/.ssh

        program getfacl
        getfacl DIR... : observe
          -p --absolute-names, -t --tabular, -n --numeric, -c --omit-header, -e --all-effective, -R --recursive
          -s --skip-base
          allow getfacl -p /srv/appdata
          refuse getfacl -L /root

        # Tests and harmless outputs only; the order of tests does not matter for who only prints.

        program find : words
        find DIR... ["!"...] : observe
          -name FILENAME, -iname FILENAME, -path PATHPATTERN, -ipath PATHPATTERN, -wholename PATHPATTERN
          -type {f|d|l|s|p|b|c}, -xtype {f|d|l|s|p|b|c}, -size FINDSIZE, -empty, -links NUMBER, -inum NUMBER
          -mtime SIGNED, -mmin SIGNED, -atime SIGNED, -amin SIGNED, -ctime SIGNED, -cmin SIGNED, -daystart
          -newer DIR, -newermt TIME, -user USER, -group USER, -uid SIGNED, -gid SIGNED, -nouser, -nogroup
          -maxdepth NUMBER, -mindepth NUMBER, -xdev, -mount, -prune, -o -or, -a -and, -not, -quit, -true, -false
          -print, -print0, -ls, -printf PRINTFORMAT
          allow find /var/log -name "*.log" -size +100M
          allow find /var/log -type f -mtime +30
          allow find /var/log -name "*delete*"
          allow find / -xdev -type f -size +500M -printf "%s %p\n"
          allow find /srv -not -user 1000 -maxdepth 2
          refuse find /srv -name x -exec rm -rf {} +
          refuse find / -delete
          refuse find /var/log/app -name "*.gz" -mtime +30 -o -delete
          refuse find / -fprint /etc/passwd
          refuse find -files0-from /etc/shadow
          refuse find / -name id_rsa
          refuse find . -type f
          refuse find -L /srv -name x

        # The order counts here, -delete last of all: in front of a test it would delete everything.

        find LOGFOLDER [-type f] -name LEFTOVERS [-type f] -mtime AGE -delete : highRisk, undo no, does prune, destroys
          allow find /var/log/app -name "*.gz" -mtime +30 -delete
          allow find /var/log/app -type f -name "*.log.old" -mtime +14 -delete
          refuse find /var/log/app -delete -name "*.gz" -mtime +30
          refuse find /var/log/app -name "*" -mtime +30 -delete
          refuse find /var/log -name "*.gz" -mtime +30 -delete
          refuse find /var/log/jarvis -name "*.gz" -mtime +30 -delete
          refuse find /srv/app -name "*.gz" -mtime +30 -delete

        # Changes.

        program rm
        rm TEMPFILE : highRisk, undo no, does remove, destroys
          -f --force, -v --verbose
          allow rm -f /tmp/stale.lock
          refuse rm -f /tmp/a /tmp/b
          refuse rm -rf /tmp/a
          refuse rm -f /tmp/../etc/passwd
          refuse rm -f /var/lib/postgresql/data/postmaster.pid

        program truncate
        truncate LOGFILE : highRisk, undo no, does write, destroys
          -s --size {0}, -c --no-create
          with -s
          allow truncate -s 0 /var/log/app/app.log
          allow truncate --size=0 /var/log/app/error.log.1
          refuse truncate -s 10G /var/log/app/app.log
          refuse truncate -s0 /var/lib/jarvis/audit.log
          refuse truncate -s 0 /var/log/jarvis/jarvis.log
          refuse truncate -s 0 /var/log/audit/audit.log
          refuse truncate -s 0 /var/log/syslog

        # Never -L, -H, --reference, --from: what is changed must be what is named.

        program chown
        chown OWNER DATAPATH : highRisk, undo no, does change
          -R --recursive, -v --verbose, -c --changes, -h --no-dereference
          allow chown -R 1000:1000 /srv/appdata/web
          allow chown www-data:www-data /srv/appdata/web/config.php
          refuse chown -R nobody /
          refuse chown -R nobody /srv
          refuse chown root /etc/shadow
          refuse chown -R x /opt/jarvis/data
          refuse chown -RL x /srv/appdata/web

        program chmod
        chmod FILEMODE (CONFIGPATH|DATAPATH) : highRisk, undo no, does change
          -v --verbose, -c --changes
          allow chmod 644 /etc/caddy/Caddyfile
          refuse chmod 4755 /srv/appdata/x
          refuse chmod 777 /srv/appdata/x
          refuse chmod 644 /etc/shadow
          refuse chmod +s /bin/bash
        chmod FILEMODE DATAPATH : highRisk, undo no, does change
          -R --recursive, -v --verbose, -c --changes
          allow chmod -R 755 /srv/appdata/web
          refuse chmod -R 755 /etc/caddy
          refuse chmod -R 755 /srv
        """#
}
