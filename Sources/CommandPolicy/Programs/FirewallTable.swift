// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Packet filters: nft(8), iptables(8), ufw(8), firewall-cmd(1), fail2ban-client(1).
    ///
    /// They are read; what may be changed is that one single address is kept out, or no longer.
    static let firewall = """
        program nft

        nft ...
          -a --handle, -n --numeric, -s --stateless, -j --json, -t --terse, -y --numeric-priority

        nft list (ruleset|tables|chains|sets|maps|counters|flowtables) [{ip|ip6|inet|arp|bridge|netdev}] : observe
          allow nft -a list ruleset
          allow nft list tables inet
          refuse nft flush ruleset
          refuse nft list ruleset ';' flush ruleset
          refuse nft -f /tmp/x
          refuse nft monitor

        nft list table [{ip|ip6|inet|arp|bridge|netdev}] NAME : observe
          allow nft list table inet filter
          refuse nft delete table inet filter

        nft list (chain|set|map) [{ip|ip6|inet|arp|bridge|netdev}] NAME NAME : observe
          allow nft list chain inet filter input
          refuse nft add rule inet filter input drop

        program iptables ip6tables iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft

        # -Z would set the counters to zero.
        iptables [NAME [NUMBER]] : observe
          -L --list, -S --list-rules, -n --numeric, -v --verbose, -x --exact, --line-numbers, -w --wait
          -t --table {filter|nat|mangle|raw|security}
          with -L | -S
          allow iptables -L -n
          allow iptables -t nat -nvL POSTROUTING --line-numbers
          allow iptables -S INPUT
          refuse iptables -F
          refuse iptables -L -Z
          refuse iptables -P INPUT ACCEPT
          refuse iptables -X

        # One address, all its packets: no ports, no negation, no way to shut everybody out at once.
        iptables : highRisk, undo yes, does create
          -I --insert {INPUT|FORWARD|DOCKER-USER}, -A --append {INPUT|FORWARD|DOCKER-USER}, -s --source ONEADDRESS
          -j --jump {DROP|REJECT}, -w --wait
          with -I | -A
          with -s
          with -j
          allow iptables -I INPUT -s 192.168.0.50 -j DROP
          refuse iptables -I INPUT -j DROP
          refuse iptables -I INPUT -s 0.0.0.0/0 -j DROP
          refuse iptables -I INPUT -s 192.168.0.50 -j ACCEPT
          refuse iptables -A OUTPUT -p tcp --dport 9093 -j DROP
          refuse iptables -A INPUT -p tcp --dport 22 -j DROP

        iptables : highRisk, undo yes, does remove
          -D --delete {INPUT|FORWARD|DOCKER-USER}, -s --source ONEADDRESS, -j --jump {DROP|REJECT}, -w --wait
          with -D
          with -s
          with -j
          allow iptables -D INPUT -s 192.168.0.50 -j DROP
          refuse iptables -D INPUT 1
          refuse iptables -D OUTPUT -s 192.168.0.50 -j DROP

        program iptables-save ip6tables-save

        iptables-save : observe
          -c --counters, -t --table {filter|nat|mangle|raw|security}
          allow iptables-save -c
          refuse iptables-save -f /etc/x
          refuse iptables-save -M /tmp/x

        program ufw : words

        ufw status [{verbose|numbered}] | ufw app list | ufw show {added|listening} : observe
          allow ufw status verbose
          refuse ufw disable
          refuse ufw reset
          refuse ufw --force enable

        ufw deny from ONEADDRESS : highRisk, undo yes, does create
          allow ufw deny from 192.168.0.50
          refuse ufw deny 22
          refuse ufw deny from 0.0.0.0/0
          refuse ufw allow from 203.0.113.9

        ufw delete deny from ONEADDRESS : highRisk, undo yes, does remove
          allow ufw delete deny from 192.168.0.50
          refuse ufw delete 1

        ufw reload : highRisk, undo no, does reload
          allow ufw reload
          refuse ufw default allow

        program firewall-cmd

        firewall-cmd : observe
          --state, --list-all, --list-all-zones, --list-ports, --list-services, --list-interfaces, --list-sources
          --list-rich-rules, --list-forward-ports, --get-active-zones, --get-default-zone, --get-zones, --get-services
          --info-zone NAME, --info-service NAME, --zone NAME, --permanent, -q --quiet
          allow firewall-cmd --list-all --zone=public
          allow firewall-cmd --state
          refuse firewall-cmd --panic-on
          refuse firewall-cmd --add-port=22/tcp
          refuse firewall-cmd --list-all --remove-service=ssh

        firewall-cmd : highRisk, undo no, does reload
          --reload
          with --reload
          allow firewall-cmd --reload
          refuse firewall-cmd --complete-reload

        program fail2ban-client

        fail2ban-client status [NAME] | fail2ban-client (ping|version|banned) : observe
          allow fail2ban-client status sshd
          refuse fail2ban-client stop
          refuse fail2ban-client -s /tmp/x status

        fail2ban-client set NAME unbanip ONEADDRESS : highRisk, undo yes, does unlock
          allow fail2ban-client set sshd unbanip 192.168.0.50
          refuse fail2ban-client set x action y actionban id
          refuse fail2ban-client unban --all

        fail2ban-client unban ONEADDRESS : highRisk, undo yes, does unlock
          allow fail2ban-client unban 192.168.0.50
          refuse fail2ban-client unban 0.0.0.0/0

        fail2ban-client reload [NAME] : highRisk, undo no, does reload
          allow fail2ban-client reload sshd
          refuse fail2ban-client reload --unban sshd

        fail2ban-client set NAME banip ONEADDRESS : highRisk, undo yes, does create
          allow fail2ban-client set sshd banip 192.168.0.50
          refuse fail2ban-client set sshd banip 0.0.0.0/0
        """
}
