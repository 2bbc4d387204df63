// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// VPNs: wg(8), wg-quick(8), tailscale, zerotier-cli, netbird, strongSwan.
    static let vpn = """
        # wg: 'dump', 'private-key', 'preshared-keys' and 'showconf' print keys.
        program wg : words

        wg | wg show [INTERFACE] | wg show interfaces : observe
          allow wg show
          allow wg show wg0
          refuse wg showconf wg0
          refuse wg set wg0 peer x remove

        wg show INTERFACE (public-key|listen-port|peers|endpoints|allowed-ips|latest-handshakes|transfer) : observe
          allow wg show wg0 latest-handshakes
          allow wg show all transfer
          refuse wg show wg0 private-key
          refuse wg show wg0 preshared-keys
          refuse wg show all dump

        wg show INTERFACE (persistent-keepalive|fwmark) : observe
          allow wg show wg0 persistent-keepalive
          refuse wg genkey

        # Leaves the sessions of unchanged peers alone.
        wg syncconf INTERFACE STRIPPEDFILE : bounded, undo partly, does reload
          allow wg syncconf wg0 /etc/wireguard/wg0.stripped
          refuse wg syncconf wg0 /tmp/x
          refuse wg syncconf wg0 /etc/wireguard/../../tmp/x.stripped
          refuse wg setconf wg0 /etc/wireguard/wg0.stripped
          refuse wg addconf wg0 /etc/wireguard/wg0.stripped

        # wg-quick: 'strip' prints keys; a path in place of a name would run that file's hooks.
        program wg-quick : words

        wg-quick down INTERFACE : highRisk, undo yes, does stop
          allow wg-quick down wg0
          refuse wg-quick down /tmp/x.conf
          refuse wg-quick strip wg0

        wg-quick up INTERFACE : highRisk, undo yes, does start
          allow wg-quick up wg0
          refuse wg-quick up /tmp/x.conf
          refuse wg-quick save wg0

        program tailscale

        tailscale status : observe
          --json, --peers[={true|false}], --active, --self[={true|false}]
          allow tailscale status --json
          allow tailscale status --peers=false
          refuse tailscale status --web

        tailscale (version|netcheck|ip) | tailscale (serve|funnel|lock|dns) status | tailscale exit-node list : observe
          -4, -6, -1, --json
          allow tailscale netcheck
          allow tailscale ip -4
          refuse tailscale netcheck --every=1s
          refuse tailscale bugreport
          refuse tailscale serve 80
          refuse tailscale ssh nexus

        tailscale ping HOST : observe
          -c --c FEW, --timeout DURATION, --until-direct[={true|false}], --icmp, --tsmp
          allow tailscale ping -c 3 100.64.0.7
          refuse tailscale ping -c 3 203.0.113.9
          refuse tailscale ping -c 0 100.64.0.7

        tailscale down : highRisk, undo yes, does stop
          allow tailscale down
          refuse tailscale down --accept-risk=all
          refuse tailscale logout

        # The way back; with options it would be another configuration.
        tailscale up : highRisk, undo yes, does start
          --timeout DURATION
          allow tailscale up
          refuse tailscale up --advertise-exit-node
          refuse tailscale up --login-server=https://203.0.113.9
          refuse tailscale set --exit-node=203.0.113.9

        program zerotier-cli : words

        zerotier-cli ...
          -j

        zerotier-cli (status|info|listnetworks|listpeers|peers|listmoons) : observe
          allow zerotier-cli -j listnetworks
          refuse zerotier-cli join 8056c2e21c000001
          refuse zerotier-cli leave 8056c2e21c000001
          refuse zerotier-cli dump

        program netbird

        netbird status | netbird version : observe
          -d --detail, --json, --ipv4
          allow netbird status -d
          refuse netbird up
          refuse netbird debug bundle

        netbird down : highRisk, undo yes, does stop
          allow netbird down
          refuse netbird deregister

        program headscale

        headscale (nodes|users|routes) list | headscale version | headscale health : observe
          -o --output {json|json-line|yaml}
          allow headscale nodes list
          refuse headscale nodes delete -i 1
          refuse headscale preauthkeys list
          refuse headscale -c /tmp/x nodes list

        program ipsec strongswan : words

        ipsec (status|statusall|version) [NAME] : observe
          allow ipsec statusall
          refuse ipsec stop
          refuse ipsec up evil

        program swanctl

        swanctl : observe
          -l --list-sas, -L --list-conns, -x --list-certs, -S --stats, -v --version
          with -l | -L | -x | -S | -v
          allow swanctl --list-sas
          refuse swanctl --terminate --ike x
          refuse swanctl --load-all
        """
}
