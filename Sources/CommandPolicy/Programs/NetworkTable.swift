// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// The network as this host sees it: ip(8), ss(8), ethtool(8), nmcli(1), conntrack(8), tc(8) and the like.
    static let network = """
        # ip: another namespace (-n), a batch file (-b) and all namespaces (-a) are left out, and so is 'monitor'.
        program ip : words

        ip ...
          -s -stats -statistics, -d -details, -4, -6, -br -brief, -j -json, -p -pretty, -o -oneline
          -h -human -human-readable, -N -Numeric, -iec, -c[={never|auto|always}] -color[={never|auto|always}]
          -f -family {inet|inet6|link|bridge}

        ip (address|addr|a) | ip (link|l) | ip (route|ro|r) | ip (neighbour|neighbor|neigh|n) | ip (rule|ru) : observe
          allow ip a
          allow ip -br -4 addr
          allow ip -6 r
          refuse ip -b /tmp/x
          refuse ip -all netns exec sh

        ip (maddress|maddr) | ip netns | ip (tunnel|tunl) | ip nexthop | ip vrf | ip mptcp : observe
          allow ip netns
          refuse ip netns exec x sh
          refuse ip monitor

        ip (address|addr|a) (show|sh|s|list|ls|lst) [[dev] INTERFACE] [up] [scope {global|link|host}] : observe
          allow ip -4 addr show dev eth0
          allow ip a s eth0 up
          refuse ip addr add 192.168.0.5/24 dev eth0
          refuse ip addr flush dev eth0

        ip (address|addr|a) (show|sh|s|list|ls|lst) (type NAME|master INTERFACE|to IPADDRESS) : observe
          allow ip addr show to 192.168.0.0/24
          refuse ip addr del 192.168.0.5/24 dev eth0

        # 'ip link s' is 'ip link set'.
        ip (link|l) (show|sh|list|ls|lst) [[dev] INTERFACE] [up] [(type NAME|master INTERFACE)] : observe
          allow ip -s link show eth0
          allow ip -d link show type bridge
          refuse ip link set eth0 down
          refuse ip link delete wg0

        ip (route|ro|r) (show|s|list|ls) [(default|IPADDRESS)] [table NAME] [dev INTERFACE] [via IPADDRESS] : observe
          allow ip route show default
          allow ip r s table all
          refuse ip route flush cache
          refuse ip route add default via 203.0.113.9

        ip (route|ro|r) (show|sh|s|list|ls|lst) (proto NAME|scope {global|link|host}|match IPADDRESS) : observe
          allow ip route show proto dhcp
          refuse ip route del default

        ip (route|ro|r) (get|g) IPADDRESS [from IPADDRESS] [(dev|oif) INTERFACE] : observe
          allow ip route get 1.1.1.1
          allow ip -6 route get 2001:db8::1
          refuse ip route get example.org

        ip (neighbour|neighbor|neigh|n) (show|sh|s|list|ls|lst) [[dev] INTERFACE] [nud NAME] : observe
          allow ip neigh show dev eth0 nud failed
          refuse ip neigh flush all

        ip (neighbour|neighbor|neigh|n) (show|sh|s|list|ls|lst) [to] IPADDRESS : observe
          allow ip neigh show 192.168.0.1
          allow ip neigh show to 192.168.0.1
          refuse ip neigh del 192.168.0.1 dev eth0

        ip (rule|ru) (show|sh|list|ls|lst) [table NAME] | ip netns (list|ls|show) | ip vrf (show|list) : observe
          allow ip rule list
          refuse ip rule add from 192.168.0.5 table 5

        ip (maddress|maddr) (show|list|ls) [[dev] INTERFACE] | ip (tunnel|tunl) (show|list|ls) [INTERFACE] : observe
          allow ip maddr show dev eth0
          refuse ip tunnel add t0 mode gre remote 203.0.113.9

        ip link set [dev] INTERFACE up : highRisk, undo partly, does start
          allow ip link set eth1 up
          allow ip link set dev eth1 up
          refuse ip link set eth1 down
          refuse ip link set eth1 up netns 1
          refuse ip link set lo up

        # ss: -K kills connections, -D and -F write and read files, -E never ends, -r asks the DNS.
        program ss

        ss [SOCKETFILTER...] : observe
          -n --numeric, -a --all, -l --listening, -o --options, -e --extended, -m --memory, -p --processes
          -T --threads, -i --info, -s --summary, --tos, --cgroup, -Z --context, -4 --ipv4, -6 --ipv6, -0 --packet
          -t --tcp, -M --mptcp, -S --sctp, -u --udp, -d --dccp, -w --raw, -x --unix, --vsock, -H --no-header
          -O --oneline, -f --family {inet|inet6|link|unix|netlink|vsock}, -A --query --socket FIELDS
          allow ss -tlnp
          allow ss -tan state established
          allow ss -tn 'dport = :443 or sport = :443'
          allow ss -Hun dst 192.168.0.0/24
          refuse ss -K dst 192.168.0.9
          refuse ss -tE
          refuse ss -D /etc/x
          refuse ss -tn dst secret.example.net

        program netstat

        # -c never ends.
        netstat : observe
          -t --tcp, -u --udp, -w --raw, -x --unix, -l --listening, -n --numeric, -p --programs, -a --all, -r --route
          -i, -s --statistics, -e --extend, -o --timers, -4, -6, -W --wide, -g --groups, -v --verbose
          allow netstat -tulpn
          allow netstat -rn
          refuse netstat -c
          refuse netstat -tc

        # ethtool: the options that set or test something have no place here.
        program ethtool : words

        ethtool INTERFACE : observe
          -i --driver, -S --statistics, -k --show-features --show-offload, -g --show-ring, -a --show-pause
          -c --show-coalesce, -l --show-channels, -m --module-info, -T --show-time-stamping, -P --show-permaddr
          --show-eee, --show-fec, --show-priv-flags, --json, -I --include-statistics
          allow ethtool eth0
          allow ethtool -S eth0
          refuse ethtool -s eth0 speed 10
          refuse ethtool -K eth0 tso off
          refuse ethtool -t eth0
          refuse ethtool -r eth0

        program iw : words

        iw dev | iw list | iw phy | iw reg get | iw dev INTERFACE (info|link) : observe
          allow iw dev wlan0 link
          refuse iw reg set DE
          refuse iw dev wlan0 disconnect

        iw dev INTERFACE (station|survey) dump | iw dev INTERFACE get power_save : observe
          allow iw dev wlan0 station dump
          refuse iw dev wlan0 station del 00:11:22:33:44:55
          refuse iw dev wlan0 set power_save off

        program iwconfig

        iwconfig [INTERFACE] : observe
          allow iwconfig wlan0
          refuse iwconfig wlan0 txpower off

        program arp

        arp [HOST] : observe
          -a, -n, -e, -v, -i INTERFACE
          allow arp -an
          refuse arp -d 192.168.0.1
          refuse arp -s 192.168.0.1 00:11:22:33:44:55
          refuse arp -f /etc/shadow

        # nmcli: --show-secrets (-s) is left out, and so is 'monitor'.
        program nmcli : words

        nmcli ...
          -t --terse, -p --pretty, -f --fields FIELDS, -g --get-values FIELDS, -m --mode {tabular|multiline}
          -c --colors {yes|no|auto}, -e --escape {yes|no}

        nmcli | nmcli (general|g) [status] | nmcli (networking|n) [connectivity] | nmcli (radio|r) [all] : observe
          allow nmcli general status
          refuse nmcli networking off
          refuse nmcli radio wifi off

        nmcli (device|dev|d) wifi [list] | nmcli (device|dev|d) [status] | nmcli (device|dev|d) show [INTERFACE] : observe
          allow nmcli -t -f DEVICE,STATE dev
          allow nmcli device show eth0
          allow nmcli dev wifi list
          refuse nmcli device wifi connect evil
          refuse nmcli device wifi show-password
          refuse nmcli device disconnect eth0
          refuse nmcli device monitor

        nmcli (connection|conn|con|c) | nmcli (connection|conn|con|c) show [CONNECTION] : observe
          --active
          allow nmcli con show --active
          refuse nmcli -s con show eth0
          refuse nmcli con show eth0 --show-secrets
          refuse nmcli con delete eth0
          refuse nmcli con mod eth0 ipv4.dns 203.0.113.9

        nmcli (connection|conn|con|c) up CONNECTION : highRisk, undo no, does start
          allow nmcli con up eth0
          refuse nmcli con down eth0
          refuse nmcli con up eth0 passwd-file /tmp/x

        program ifup

        ifup INTERFACE : highRisk, undo yes, does start
          allow ifup eth1
          refuse ifup -a
          refuse ifup -i /tmp/x eth1
          refuse ifdown eth1

        program netplan

        netplan apply : highRisk, undo no, does reload
          allow netplan apply
          refuse netplan apply --root-dir /tmp
          refuse netplan set x=y
          refuse netplan get

        # conntrack: -E never ends, -D and -F break connections.
        program conntrack

        conntrack [{conntrack|expect}] : observe
          -C --count, -S --stats, -L --dump, -p --proto {tcp|udp|icmp|icmpv6}, -s --src --orig-src IPADDRESS
          -d --dst --orig-dst IPADDRESS, --sport --orig-port-src PORT, --dport --orig-port-dst PORT
          -f --family {ipv4|ipv6}, --state {ESTABLISHED|SYN_SENT|SYN_RECV|TIME_WAIT|CLOSE_WAIT|CLOSE}
          -o --output {extended|id|timestamp}
          with -C | -S | -L
          allow conntrack -C
          allow conntrack -L -p tcp --dport 443
          refuse conntrack -F
          refuse conntrack -D -s 192.168.0.9
          refuse conntrack -E

        program bridge : words

        bridge ...
          -s -stats -statistics, -d -details, -j -json, -p -pretty, -c -color, -o -oneline

        bridge link | bridge vlan | bridge fdb | bridge mdb : observe
          allow bridge -d link
          refuse bridge monitor

        bridge (link|vlan|fdb|mdb) (show|list|ls) [[dev] INTERFACE] [br INTERFACE] : observe
          allow bridge fdb show br docker0
          refuse bridge fdb del 00:11:22:33:44:55 dev eth0

        program tc : words

        tc ...
          -s -stats -statistics, -d -details, -j -json, -p -pretty, -c -color

        tc qdisc | tc qdisc (show|ls|list) [dev INTERFACE] | tc (class|filter) (show|ls|list) dev INTERFACE : observe
          allow tc -s qdisc show dev eth0
          refuse tc qdisc add dev eth0 root netem loss 100%
          refuse tc -b /tmp/x

        program brctl

        brctl show [INTERFACE] | brctl (showmacs|showstp) INTERFACE : observe
          allow brctl show
          refuse brctl delbr br0

        program ifconfig : words

        ifconfig [INTERFACE] : observe
          -a, -s, -v
          allow ifconfig eth0
          refuse ifconfig eth0 down
          refuse ifconfig eth0 192.168.0.9

        program route

        route : observe
          -n, -e, -v, -4, -6
          allow route -n
          refuse route del default
          refuse route -n flush

        program lldpctl

        lldpctl [INTERFACE] : observe
          allow lldpctl
          refuse lldpctl -u /tmp/x

        program vnstat : words

        # -l and -tr wait or never end.
        vnstat [INTERFACE] : observe
          -i --iface INTERFACE, -d --days, -h --hours, -m --months, -y --years, -t --top, -s --short, -5 --fiveminutes
          --oneline, --json, -ru
          allow vnstat -d -i eth0
          refuse vnstat -l
          refuse vnstat --remove -i eth0

        program ifstat

        ifstat INTERVAL FEW : observe
          -i INTERFACE
          allow ifstat -i eth0 1 5
          refuse ifstat
          refuse ifstat 1
        """
}
