// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Whether other hosts answer: ping(8), traceroute(8), mtr(8), arping(8), nc(1).
    ///
    /// Each ends by itself.
    static let reach = """
        # ping: flood (-f), adaptive (-A), preload (-l), pattern (-p) and broadcast (-b) are left out.
        program ping ping6

        ping HOST : observe
          -c PINGS, -W DECIMAL, -w SECONDS, -i INTERVAL, -s PACKETSIZE, -t COUNT, -I INTERFACE, -M {do|dont|want|probe}
          -n, -q, -4, -6, -D, -O, -v
          with -c
          allow ping -c 3 -W 2 1.1.1.1
          allow ping -nqc3 192.168.0.1
          allow ping -4 -c 5 -M do -s 1472 192.168.0.1
          refuse ping 192.168.0.1
          refuse ping -c 3 -i 0 192.168.0.1
          refuse ping -c 1000 192.168.0.1
          refuse ping -c 3 -p 6869 192.168.0.1
          refuse ping -c 3 203.0.113.9

        program fping

        fping HOST... : observe
          -c FEW, -C FEW, -q, -a, -u, -e, -n, -4, -6, -t COUNT, -r FEW
          allow fping -c 3 -q 192.168.0.1 192.168.0.2
          refuse fping -l 192.168.0.1
          refuse fping -f /etc/shadow
          refuse fping -g 203.0.113.0/24

        program traceroute traceroute6

        traceroute HOST [PACKETSIZE] : observe
          -n, -4, -6, -I, -T, -U, -F, -m FEW, -q FEW, -w DECIMAL, -p PORT, -i INTERFACE, -f FEW, -N FEW
          allow traceroute -n 1.1.1.1
          allow traceroute -nI -w 2 -m 15 example.org
          refuse traceroute 203.0.113.9
          refuse traceroute -A 1.1.1.1

        program tracepath tracepath6

        tracepath HOST : observe
          -n, -b, -4, -6, -m FEW, -l PACKETSIZE, -p PORT
          allow tracepath -n 1.1.1.1
          refuse tracepath 203.0.113.9

        # Without a report it is a program for a terminal and never ends; -F reads names from a file.
        program mtr

        mtr HOST : observe
          -r --report, -w --report-wide, -j --json, -C --csv, -c --report-cycles FEW, -n --no-dns, -b --show-ips
          -z --aslookup, -4, -6, -T --tcp, -u --udp, -P --port PORT, -i --interval INTERVAL, -m --max-ttl FEW
          -f --first-ttl FEW, -s --psize PACKETSIZE, -I --interface INTERFACE
          with -r | -w | -j | -C
          allow mtr -r -c 5 1.1.1.1
          allow mtr -rwnc 10 192.168.0.1
          allow mtr --report --report-cycles 5 example.org
          refuse mtr 1.1.1.1
          refuse mtr -r -F /etc/shadow

        # arping: -U, -A and -S would tell the network lies.
        program arping

        arping HOST : observe
          -c FEW, -w SECONDS, -I INTERFACE, -i INTERFACE, -q, -b
          with -c
          allow arping -c 3 -I eth0 192.168.0.1
          refuse arping -I eth0 192.168.0.1
          refuse arping -U -c 3 -I eth0 192.168.0.1

        # nc: only whether a port answers; one port, so that nothing is scanned.
        program nc netcat ncat

        nc HOST PORT : observe
          -z, -v, -n, -u, -4, -6, -w SECONDS
          with -z
          allow nc -zv -w 3 192.168.0.1 22
          refuse nc 192.168.0.1 22
          refuse nc -z -e /bin/sh 192.168.0.1 22
          refuse nc -z 203.0.113.9 4444
          refuse nc -zl 192.168.0.1 4444
        """
}
