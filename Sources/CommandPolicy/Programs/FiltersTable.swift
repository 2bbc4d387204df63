// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Programs that stand behind a pipe or read files themselves: grep(1), sort(1), awk(1), sed(1), jq(1).
    ///
    /// None of them can write, run or read anything beyond its operands in these forms. More such programs, whose
    /// first use is with files, are in the table `files`.
    static let filters = #"""
        # Never -f (prints what it reads), -R (follows links), -d, -D, --exclude-from.

        program grep egrep fgrep
        grep ...
          -i --ignore-case, -v --invert-match, -c --count, -n --line-number, -l --files-with-matches
          -L --files-without-match, -H --with-filename, -h --no-filename, -w --word-regexp, -x --line-regexp
          -o --only-matching, -q --quiet --silent, -s --no-messages, -a --text, -b --byte-offset, -I
          -E --extended-regexp, -F --fixed-strings, -G --basic-regexp, -P --perl-regexp, --line-buffered
          -m --max-count NUMBER, -A --after-context NUMBER, -B --before-context NUMBER, -C --context NUMBER, -NUMBER
          --color[={never|auto|always}], --colour[={never|auto|always}]
        grep TEXT FILE... : observe
          allow grep -c error /var/log/syslog
          allow grep -E "kill|oom" /var/log/kern.log
          allow grep -n "&&" /opt/stacks/web/compose.yml
          allow grep -i -A 3 -B 3 timeout /var/log/nginx/error.log
          refuse grep -f /etc/shadow /etc/hosts
          refuse grep root /etc/shadow
          refuse grep x -e y /etc/shadow
          refuse grep x /opt/stacks/web/.env
        # With -e there is no pattern among the operands; a grep that stops at the first of them must not read
        # the words of a later -e as files, so they are no paths.
        grep FILE... : observe
          -e --regexp WORDS
          with -e
          allow grep -e error -e warn /var/log/syslog
          refuse grep -e error /etc/shadow
          refuse grep /etc/hosts -e /etc/shadow
          refuse grep = /etc/hosts -e .env
        grep TEXT LOGTREE... : observe
          -r --recursive, --include FILENAME, --exclude FILENAME, --exclude-dir FILENAME
          with -r
          allow grep -rn error /var/log/nginx
          allow grep -ri --include "*.log" timeout /var/log/nginx/
          refuse grep -rn password /etc
          refuse grep -r API_KEY /opt
          refuse grep -rn error /var/log
          refuse grep -R error /var/log/nginx
          refuse grep -r error
          refuse grep -r root /var/log/installer
        grep TEXT : observe, filter
          allow df -h | grep -v tmpfs
          refuse grep x
          refuse df -h | grep -r x
          refuse df -h | grep -f /tmp/x
        grep : observe, filter
          -e --regexp WORDS
          with -e
          allow df -h | grep -e tmpfs -e overlay
          refuse df -h | grep

        program zgrep
        zgrep TEXT FILE... : observe
          -i, -v, -c, -n, -l, -h, -H, -w, -o, -E, -F, -m NUMBER, -A NUMBER, -B NUMBER, -C NUMBER
          allow zgrep -i error /var/log/syslog.2.gz
          refuse zgrep -f /tmp/x /var/log/syslog.2.gz
          refuse zgrep x /var/log/auth.log.2.gz

        # Never -o, -T, --compress-program, --files0-from, --random-source.

        program sort
        sort ...
          -n --numeric-sort, -h --human-numeric-sort, -r --reverse, -u --unique, -f --ignore-case, -b
          -V --version-sort, -g --general-numeric-sort, -M --month-sort, -d --dictionary-order, -s --stable
          -i --ignore-nonprinting, -k --key SORTKEY, -t --field-separator DELIMITER
        sort FILE... : observe
          allow sort -u /var/log/dpkg.log
          refuse sort -o /etc/passwd /etc/hosts
          refuse sort --output=/etc/passwd /etc/hosts
          refuse sort --compress-program=id /etc/hosts
        sort : observe, filter
          allow du -xh -d 1 /var | sort -rh
          allow df -h | sort -k5 -hr
          allow df -h | sort -t: -k 2,2n
          refuse df -h | sort -o/etc/passwd
          refuse df -h | sort -T /tmp -S 1G

        # Its second operand is written.
        program uniq
        uniq : observe, filter
          -c --count, -d --repeated, -u --unique, -i --ignore-case, -f --skip-fields FEW, -s --skip-chars NUMBER
          -w --check-chars NUMBER
          allow df -h | sort | uniq -c
          refuse df -h | uniq /tmp/a /etc/cron.d/x
          refuse uniq /etc/hosts

        program cut
        cut ...
          -d --delimiter DELIMITER, -f --fields RANGE, -c --characters RANGE, -b --bytes RANGE, -s --only-delimited
          --complement, --output-delimiter DELIMITER
        cut FILE... : observe
          with -f | -c | -b
          allow cut -d: -f1 /etc/nsswitch.conf
          refuse cut -d: -f1 /etc/passwd
        cut : observe, filter
          with -f | -c | -b
          allow df -h | cut -c1-20
          allow df -h | cut -d " " -f 1,3
          refuse cut -f1

        program tr
        tr CHARACTERS [CHARACTERS] : observe, filter
          -d --delete, -s --squeeze-repeats, -c --complement, -C, -t --truncate-set1
          allow df -h | tr -s " "
          allow df -h | tr a-z A-Z
          refuse tr a b

        program column
        column : observe, filter
          -t --table, -s --separator DELIMITER, -x --fillrows, -c --output-width NUMBER, -o --output-separator DELIMITER
          allow cat /etc/fstab | column -t
          allow cat /etc/nsswitch.conf | column -ts:
          refuse column -t /etc/shadow

        program paste
        paste ["-"] : observe, filter
          -s --serial, -d --delimiters DELIMITER
          allow cat /etc/hosts | paste -sd,
          refuse cat /etc/hosts | paste - /etc/shadow

        program fold
        fold : observe, filter
          -w --width NUMBER, -s --spaces
          allow df -h | fold -sw 80
          refuse fold -w 80 /etc/shadow

        program numfmt
        numfmt : observe, filter
          --to {iec|iec-i|si}, --from {iec|iec-i|si|auto}, --field RANGE, --header
          with --to | --from
          allow du -b /srv | numfmt --to=iec --field 1
          refuse numfmt --to=iec 1024

        # Never -f, -i, -l, -e, -v, --load; what the program text may be is in AwkGrammar.

        program awk gawk mawk
        awk ...
          -F DELIMITER
        awk AWKPROGRAM FILE... : observe
          allow awk '/MemAvailable/ {print $2}' /proc/meminfo
          allow awk -F: '{print $1}' /etc/nsswitch.conf
          refuse awk '{print}' /etc/shadow
          refuse awk -f /tmp/x /etc/hosts
          refuse awk '{print > "/etc/x"}' /etc/hosts
          refuse gawk -i inplace '{print}' /etc/hosts
        awk AWKPROGRAM : observe, filter
          allow df -h | awk '{print $1, $5}'
          allow df -h | awk 'NR>1 && $5+0 > 80 {print $6": "$5}'
          allow df -k | awk '{s+=$3} END {printf "%.1f GB\n", s/1048576}'
          allow df -h | awk '$1 ~ /^tmpfs|udev/ {next} !seen[$1]++ {print}'
          allow df -h | awk '{c[$1]++} END {for (k in c) print c[k], k}'
          allow df -h | awk '{print $(NF-1)}'
          refuse df -h | awk '{system("docker rm -f " $1)}'
          refuse df -h | awk '{print | "sh"}'
          refuse df -h | awk '{print $1 > 5}'
          refuse df -h | awk '{"id" | getline x; print x}'
          refuse df -h | awk '{print $1 /x; system("id") /}'
          refuse df -h | awk 'BEGIN {while (1) print}'
          refuse df -h | awk 'BEGIN {for (;;) print}'
          refuse df -h | awk '{x = x x}'
          refuse df -h | awk '{print ENVIRON["HOME"]}'
          refuse df -h | awk '@load "/tmp/x"'
          refuse df -h | awk '{NF=999999999; print}'
          refuse df -h | awk '{NF*=999999999}'
          refuse df -h | awk '{$(NF+99999999)=1; print}'
          refuse df -h | awk '{$(99999999)++; print}'

        # Never -i, -f, -s; scripts are those without e, w and r.

        program sed
        sed ...
          -n --quiet --silent, -E -r --regexp-extended
        sed (SED|SEDPRINT) FILE... : observe
          allow sed -n 1,20p /etc/fstab
          allow sed -n '/upstream/p' /etc/nginx/nginx.conf
          refuse sed -i 's/a/b/' /etc/hosts
          refuse sed -ni 1p /etc/hosts
          refuse sed -n '1e id' /etc/hosts
          refuse sed -n 'w /etc/cron.d/x' /etc/hosts
          refuse sed 's/a/id/e' /etc/hosts
          refuse sed -n 'r /etc/shadow' /etc/hosts
          refuse sed -n 1,20p /etc/shadow
        sed (SED|SEDPRINT) : observe, filter
          allow df -h | sed 1d
          allow df -h | sed 's/overlay/o/g'
          refuse df -h | sed 's/a/b/w /etc/x'
          refuse sed 1d

        # Never -f, -L, -n, --arg, --rawfile, --slurpfile, --args.

        program jq
        jq ...
          -r --raw-output, -c --compact-output, -s --slurp, -S --sort-keys, -e --exit-status, -M --monochrome-output
          -j --join-output, -a --ascii-output, --tab
        jq JQFILTER FILE... : observe
          allow jq . /etc/docker/daemon.json
          refuse jq -rR . /etc/shadow
          refuse jq . /config/secrets.json
          refuse jq -f /tmp/x /etc/docker/daemon.json
        jq JQFILTER : observe, filter
          allow cat /etc/docker/daemon.json | jq -r '.["log-driver"]'
          allow cat /etc/docker/daemon.json | jq '.data[] | select(.value > 80) | .name'
          refuse jq -n env
          refuse cat /etc/docker/daemon.json | jq env
          refuse cat /etc/docker/daemon.json | jq '$ENV.PATH'
          refuse cat /etc/docker/daemon.json | jq '.[99999999] = 1'
          refuse cat /etc/docker/daemon.json | jq 'input'
        """#
}
