// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Load over a moment: each with how often, because alone an interval never ends.
    static let load = """
        program top

        top : observe
          -b --batch-mode, -n --iterations FEW, -d --delay FEW, -c --cmdline-toggle, -H --threads-show, -i --idle-toggle
          -o --sort-override FIELDS, -p --pid PIDS, -u --filter-only-euser USER, -w --width COUNT
          -E {k|m|g|t}, -e {k|m|g|t}
          with -b
          with -n
          allow top -bn1
          allow top -b -n 1 -o %MEM
          refuse top
          refuse top -b
          refuse top -n 1

        program vmstat
        program iostat
        program mpstat
        program pidstat
        program sar

        vmstat [FEW FEW] : observe
          -a --active, -f --forks, -m --slabs, -n --one-header, -s --stats, -d --disk, -D --disk-sum, -t --timestamp
          -w --wide, -y --no-first, -S --unit {k|K|m|M}
          allow vmstat 1 5
          allow vmstat -sS M
          refuse vmstat 1
          refuse vmstat 1 100000

        iostat [BLOCKNAME...] [FEW FEW] : observe
          -c, -d, -h, -k, -m, -N, -p, -s, -t, -V, -x, -y, -z, -H, -o {JSON}, --human, --compact, --pretty, --dec {0|1|2}
          allow iostat -x 1 3
          allow iostat -dxm sda 2 5
          refuse iostat 1
          refuse iostat -f /tmp/x 1 3

        mpstat [FEW FEW] : observe
          -A, -n, -u, -V, -T, -H, -P FIELDS, -I {SUM|CPU|SCPU|ALL}, -N FIELDS, -o {JSON}, --dec {0|1|2}
          allow mpstat -P ALL 1 3
          refuse mpstat 1

        # -e would run a program.
        pidstat [FEW FEW] : observe
          -d, -h, -H, -I, -l, -r, -R, -s, -t, -u, -v, -w, -V, -p PIDS, -C -G TEXT, -T {TASK|CHILD|ALL}
          --human, --dec {0|1|2}
          allow pidstat 1 3
          allow pidstat -dl -p 1234 1 5
          refuse pidstat 1
          refuse pidstat -e sh

        # -o writes.
        sar ["ALL"] [FEW FEW] : observe
          -A, -B, -b, -d, -F, -H, -h, -q, -r, -S, -u, -v, -W, -w, -y, -p, -t, -C, -z, -n FIELDS, -P FIELDS, -m FIELDS
          -f FILE, -s CLOCK, -e CLOCK, -NUMBER, --human, --pretty, --dec {0|1|2}
          allow sar -u 1 3
          allow sar -n DEV 1 3
          allow sar -r -f /var/log/sysstat/sa15 -s 10:00:00 -e 11:00:00
          refuse sar 1
          refuse sar -u 1 3 -o /etc/x
          refuse sar -f /etc/shadow

        program iotop
        program dstat
        program slabtop

        iotop : observe
          -b --batch, -n --iter FEW, -o --only, -d --delay FEW, -p --pid PID, -u --user USER, -P --processes
          -a --accumulated, -k --kilobytes, -t --time, -q --quiet
          with -b
          with -n
          allow iotop -boqn 2
          refuse iotop -o
          refuse iotop -b

        dstat FEW FEW : observe
          -c --cpu, -d --disk, -g --page, -l --load, -m --mem, -n --net, -p --proc, -s --swap, -t --time, -y --sys
          -v --vmstat, -f --full, --nocolor, --noheaders
          allow dstat -cdnm 1 5
          refuse dstat
          refuse dstat --output /etc/x 1 5

        slabtop : observe
          -o --once, -s --sort {a|b|c|l|v|n|o|p|s|u}
          with -o
          allow slabtop -o
          refuse slabtop
        """
}
