// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Processes and load: ps(1), top(1), vmstat(8), iostat(1), lsof(8), kill(1).
    static let processes = processList + "\n" + load

    /// What runs, what it has open, and ending one of it.
    ///
    /// Nothing prints an environment.
    private static let processList = """
        program ps : words

        # Words that ps does not understand in one way it reads again in another, in which e prints the environment and
        # any '-' is ignored. So letters with e stand here one by one, alone with options that cannot fail.
        ps ...
          --sort PSSORT, --no-headers --no-heading, -w, -ww, --cols --columns --width NUMBER

        ps [PSGROUP] : observe
          -o PSFIELDS, --forest
          allow ps aux
          allow ps auxf --sort=-%mem
          allow ps ax -o pid,stat,wchan
          allow ps -aux
          refuse ps auxe
          refuse ps -auxe
          refuse ps aux e
          refuse ps ax -o pid,environ
          refuse ps eww

        ps {-e|-ef|-A|-Af|-eF|-el|-elf|-ely|-eaf|-efw|-efww|-ej|-efH|-eH|-ejH} : observe
          --forest
          allow ps -ef --forest
          allow ps -ef
          allow ps -ef --sort=-rss
          refuse ps -ef e
          refuse ps -efe
          refuse ps -ef -u x
          refuse ps -e -w e

        ps {-eL|-eLf|-efL|-eLF|-eT} : observe
          allow ps -eLf
          refuse ps -eT --forest

        ps [{-e|-A|-a}] : observe
          -eo -Ao -axo -eLo -o PSFIELDS
          with -o
          allow ps -eo pid,ppid,cmd,%mem,%cpu --sort=-%cpu
          allow ps -e -o pid,comm,etimes
          refuse ps -eo pid,environ
          refuse ps -eo pid,cmd e
          refuse ps -ef -o pid,cmd

        ps [PSGROUP] PID : observe
          allow ps -f 1234
          refuse ps e 1234
          refuse ps e1

        ps PSFORMATGROUP PSFIELDS : observe
          allow ps axo pid,comm,rss --sort -rss
          refuse ps axeo pid,cmd

        ps : observe
          -fp -Fp -lp -Lp -Tp --pid --ppid -p PIDS, -fC -fu -lu -u -U --user -C PSNAME, --format -o PSFIELDS
          -f, -F, -l, -L, -T, --forest
          with -p | -C
          allow ps -p 1234 -o pid,etime,cmd
          allow ps -fp 1234
          allow ps -C nginx -o pid,rss
          allow ps -u postgres -f
          refuse ps -p 1234 e
          refuse ps -u axe
          refuse ps -ef -u x

        program pgrep
        program pidof
        program pstree
        program pwdx
        program pmap

        # Not -F (reads a file), nor --env.
        pgrep [TEXT] : observe
          -a --list-full, -l --list-name, -f --full, -x --exact, -n --newest, -o --oldest, -c --count, -v --inverse
          -i --ignore-case, -u --euid USER, -U --uid USER, -P --parent PIDS, -d --delimiter DELIMITER, -w --lightweight
          allow pgrep -fa docker
          allow pgrep -u backup -l
          refuse pgrep -F /etc/shadow
          refuse pgrep --signal KILL x

        pidof NAME... : observe
          -s, -x
          allow pidof nginx
          refuse pidof -z /tmp/x

        pstree [(PID|USER)] : observe
          -a --arguments, -c --compact-not, -g --show-pgids, -l --long, -n --numeric-sort, -p --show-pids
          -s --show-parents, -t --thread-names, -T --hide-threads, -u --uid-changes, -A --ascii, -U --unicode
          allow pstree -ap 1234
          refuse pstree -x

        pwdx PID... : observe
          allow pwdx 1234
          refuse pwdx 1

        pmap PID... : observe
          -x --extended, -d --device, -q --quiet, -p --show-path
          allow pmap -x 1234
          refuse pmap -C /tmp/x 1234

        program lsof : words
        program fuser

        # -r and +r never end, -D and +m write, @host would be looked up.
        lsof ...
          -n, -P, -nP, -Pn, -t, -l, -w, -b, -a, -R, -V, -U, -nPt, -nPl, -p PIDS, -c -u NAME, -d FIELDS
          +L1, -sTCP:LISTEN, -sTCP:ESTABLISHED, -sTCP:CLOSE_WAIT, -sTCP:TIME_WAIT

        lsof [LSOFINET...] [DIR...] : observe
          +D SUBFOLDER, +d DIR
          allow lsof +L1
          allow lsof -nP -iTCP:80 -sTCP:LISTEN
          allow lsof -p 1234
          allow lsof +D /var/log
          refuse lsof -r 1
          refuse lsof -i @203.0.113.9
          refuse lsof /root/x
          refuse lsof +D /

        lsof : observe
          -i -nPi -Pni -iP -Pi -ni INETSPEC
          with -i
          allow lsof -i :8080
          allow lsof -nPi TCP:80
          refuse lsof -i tcp@203.0.113.9:53

        lsof {-i|-nPi|-Pni|-ni|-Pi|-iP|-inP|-iPn} : observe
          allow lsof -i -P -n
          allow lsof -iPn
          refuse lsof -i -F -r

        # -k would kill, and so would any signal.
        fuser (DIR|PORT/PROTOCOL|PORT)... : observe
          -v --verbose, -m --mount, -u --user, -n --namespace {tcp|udp|file}, -4 --ipv4, -6 --ipv6, -a --all
          allow fuser -vm /mnt/nas
          allow fuser -v 80/tcp
          refuse fuser -k /mnt/nas
          refuse fuser -vk /
          refuse fuser -9 /mnt/nas

        program kill : words
        program renice
        program ionice

        # One process, by its number; behind the number a signal would be read as another process.
        kill [KILLSIGNAL] PID | kill ((-s)) {HUP|INT|QUIT|KILL|TERM|1|2|3|9|15} PID : highRisk, undo no, does kill
          allow kill -9 1234
          allow kill 1234
          allow kill -s TERM 1234
          refuse kill -9 -1
          refuse kill -9 1
          refuse kill 0
          refuse kill -- -1234
          refuse kill 1234 1235
          refuse kill -STOP 1234
          refuse kill 1234 -9

        kill ((-0)) PID | kill ((-l)) : observe
          allow kill -0 1234
          allow kill -l
          refuse kill 1234 -0
          refuse kill -0 -1

        renice SIGNED PID : highRisk, undo yes, does change
          -p --pid
          allow renice 10 -p 1234
          allow renice +5 1234
          refuse renice 10 -u backup
          refuse renice 10 -p 1234 1235

        renice PID : highRisk, undo yes, does change
          -n --priority SIGNED, -p --pid
          with -n
          allow renice -n 10 -p 1234
          refuse renice -n 10 -g 1

        ionice : observe
          -p --pid PIDS
          with -p
          allow ionice -p 1234
          refuse ionice sh

        ionice : highRisk, undo yes, does change
          -c --class {1|2|3|idle|best-effort|realtime}, -n --classdata {0|1|2|3|4|5|6|7}, -p --pid PID
          with -p
          with -c | -n
          allow ionice -c 3 -p 1234
          allow ionice -c2 -n7 -p 1234
          refuse ionice -c 3 sh
          refuse ionice -c 3 -u 0
        """
}
