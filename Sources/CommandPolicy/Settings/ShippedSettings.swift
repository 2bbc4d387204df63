// SPDX-License-Identifier: Apache-2.0

extension PolicySettings {
    /// Well-known files, names reserved for examples, and what must be protected everywhere.
    static let shippedText = """
        # Content that may be printed.
        read /etc/os-release /etc/debian_version /etc/hostname /etc/hosts /etc/resolv.conf /etc/fstab /etc/timezone
        read /etc/nsswitch.conf /etc/mtab /etc/crontab /etc/logrotate.conf /etc/logrotate.d/ /etc/issue /etc/motd
        read /etc/lsb-release /etc/redhat-release /etc/alpine-release /etc/exports /etc/smartd.conf /etc/hdparm.conf
        read /etc/sysctl.conf /etc/sysctl.d/ /etc/modules /etc/modules-load.d/ /etc/modprobe.d/ /etc/mdadm/mdadm.conf
        read /etc/security/limits.conf /etc/security/limits.d/ /etc/apt/sources.list /etc/apt/sources.list.d/
        read /etc/nginx/ /etc/caddy/ /etc/haproxy/ /etc/traefik/ /etc/prometheus/ /etc/alertmanager/ /etc/systemd/
        read /etc/docker/daemon.json /etc/chrony/ /etc/chrony.conf /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/unbound/
        read /etc/dnsmasq.conf /etc/dnsmasq.d/ /etc/ssl/certs/ /etc/letsencrypt/live/
        read /proc/meminfo /proc/mdstat /proc/loadavg /proc/cpuinfo /proc/uptime /proc/version /proc/mounts /proc/swaps
        read /proc/stat /proc/vmstat /proc/diskstats /proc/filesystems /proc/interrupts /proc/modules /proc/partitions
        read /proc/cmdline /proc/devices /proc/zoneinfo /proc/softirqs /proc/locks /proc/cgroups /proc/schedstat
        read /proc/net/dev /proc/net/route /proc/net/arp /proc/net/sockstat /proc/net/snmp /proc/net/netstat
        read /proc/net/sockstat6 /proc/net/softnet_stat /proc/net/wireless /proc/net/bonding/ /proc/net/vlan/
        read /proc/PID/ /proc/pressure/ /proc/buddyinfo /proc/slabinfo /proc/sys/fs/ /proc/sys/vm/ /proc/sys/net/
        read /proc/sys/kernel/pid_max /proc/sys/kernel/threads-max /proc/sys/kernel/random/ /proc/spl/kstat/zfs/
        read /sys/class/thermal/ /sys/class/net/ /sys/block/ /sys/class/hwmon/ /sys/class/power_supply/
        read /sys/devices/system/cpu/ /sys/module/zfs/parameters/ /sys/fs/cgroup/ /sys/fs/btrfs/ /sys/class/nvme/
        read /var/log/ /run/systemd/resolve/ /run/reboot-required /run/reboot-required.pkgs
        read /var/run/reboot-required /var/run/reboot-required.pkgs /var/lib/node_exporter/
        read /var/lib/prometheus/node-exporter/ /var/lib/misc/dnsmasq.leases /etc/nut/nut.conf /etc/nut/ups.conf
        read /etc/ssh/sshd_config /etc/samba/smb.conf /etc/group
        read /etc/fail2ban/jail.conf /etc/fail2ban/jail.local /etc/dhcpcd.conf /etc/pve/storage.cfg /boot/config.txt
        read /boot/firmware/config.txt /boot/cmdline.txt /boot/firmware/cmdline.txt
        read /config/home-assistant.log /config/home-assistant.log.1 /config/home-assistant.log.fault
        read /homeassistant/home-assistant.log /homeassistant/home-assistant.log.1

        # Names, sizes and times.
        list /etc/ /var/ /opt/ /srv/ /mnt/ /media/ /data/ /backup/ /config/ /usr/ /boot/ /dev/ /sys/ /tmp/ /run/ /home/
        list /media /proc/
        stacks /opt/ /srv/ /home/ /data/
        databases /config/ /var/lib/grafana/ /data/

        # The host itself; public resolvers and names that everybody tests with.
        network 127.0.0.0/8
        host localhost 1.1.1.1 1.0.0.1 8.8.8.8 8.8.4.4 9.9.9.9
        probe example.org example.com example.net *.example.org *.example.com *.example.net
        probe one.one.one.one dns.google cloudflare.com google.com debian.org github.com pool.ntp.org
        service http://127.0.0.1:9090/ http://127.0.0.1:9093/ http://127.0.0.1:9100/ http://127.0.0.1:3100/
        service http://127.0.0.1:3000/ http://127.0.0.1:8123/ http://127.0.0.1:9115/ http://127.0.0.1:8080/
        service http://localhost:9090/ http://localhost:9093/ http://localhost:9100/ http://localhost:3100/
        service http://localhost:3000/ http://localhost:8123/ http://localhost:8080/ http://127.0.0.1:5678/
        action http://127.0.0.1:8123/api/services/automation/reload

        # Jarvis itself and its database: everything with this word in its name, of whatever kind.
        protect container jarvis own
        # What can shut everybody out, or hand the host to somebody else.
        protect unit ssh sshd sshd-session dropbear debug-shell emergency rescue getty serial-getty console-getty locked
        protect unit init systemd-logind systemd-udevd systemd-udev-trigger dbus dbus-broker locked
        protect unit polkit user systemd-poweroff systemd-reboot systemd-halt systemd-kexec systemd-suspend locked
        protect unit systemd-hibernate initrd-switch-root systemd-fsck systemd-exit systemd-soft-reboot locked
        protect unit auditd audit sudo systemd-user-sessions display-manager halt-local locked
        # The way to the host.
        protect unit networking network NetworkManager systemd-networkd dhcpcd ifup ifupdown netplan wpa_supplicant lifeline
        protect unit wg-quick openvpn openvpn-server openvpn-client strongswan ipsec tailscaled zerotier-one lifeline
        protect unit network-manager iwd connman netctl hostapd pppd frr bird keepalived lifeline
        protect unit nftables iptables ip6tables ipset netfilter-persistent firewalld ufw fail2ban cloudflared lifeline
        protect unit shorewall shorewall6 ferm firehol csf pve-firewall crowdsec-firewall-bouncer lifeline
        protect unit strongswan-starter strongswan-swanctl charon-systemd wireguard tinc nebula netbird lifeline
        protect unit tailscale headscale mullvad-daemon nordvpnd lifeline
        protect workload cilium calico calico-node canal flannel kube-flannel kube-flannel-ds weave kube-proxy lifeline
        protect workload kube-apiserver kube-controller-manager kube-scheduler lifeline
        protect container wireguard wg-easy tailscale openvpn gluetun cloudflared headscale lifeline
        protect stack wireguard wg-easy tailscale openvpn gluetun cloudflared headscale lifeline
        protect addon self core_ssh a0d7b954_ssh a0d7b954_wireguard a0d7b954_tailscale 9074a9fa_cloudflared lifeline
        protect interface lo locked
        # What alerts and proofs rest on.
        protect container prometheus alertmanager node-exporter node_exporter cadvisor blackbox blackbox-exporter watcher
        protect container loki promtail grafana pushgateway victoriametrics vmalert alloy watcher
        protect stack prometheus alertmanager node-exporter node_exporter cadvisor blackbox blackbox-exporter watcher
        protect stack loki promtail grafana pushgateway victoriametrics vmalert alloy watcher
        protect unit prometheus alertmanager node_exporter prometheus-node-exporter node-exporter prometheus-alertmanager watcher
        protect unit cadvisor loki promtail grafana-server blackbox_exporter prometheus-blackbox-exporter watcher
        protect unit docker containerd podman kubelet k3s crio libvirtd lxc pve-cluster carrier
        protect unit k3s-agent rke2-server rke2-agent microk8s k0scontroller k0sworker dockerd cri-dockerd carrier
        protect unit lxd incus virtqemud libvirt-guests pve-guests pve-ha-lrm pve-ha-crm zfs-mount rc-local carrier
        protect unit zfs-import-cache zfs-import-scan zfs-import zfs-share carrier
        protect unit gdm gdm3 sddm lightdm corosync pacemaker watchdog watchdog-mux iscsid open-iscsi multipathd carrier
        # What others live on.
        stateful postgres postgresql mysql mariadb mongo mongodb influxdb timescaledb clickhouse etcd db database
        stateful elasticsearch opensearch cassandra cockroach cockroachdb couchdb neo4j mssql oracle vaultwarden minio
        stateful mysqld mongod mongos slapd openldap percona galera postgis pgvector
        # A restart seals them, and somebody must open them again.
        stateful vault openbao
        protect unit ceph-osd ceph-mon ceph-mds ceph-mgr glusterd stateful
        protect unit systemd-resolved systemd-timesyncd systemd-journald watcher
        """

    /// What holds in addition as long as nothing is configured, so that commands can be tried without an inventory.
    static let unconfiguredText = """
        network 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10
        service http://192.168.0.11:9090/ http://192.168.0.11:9093/ http://192.168.0.11:3100/ http://192.168.0.11:9100/
        service http://192.168.0.11:3000/ http://192.168.0.10:8123/ http://192.168.0.10:9100/ http://192.168.0.13:9100/
        service https://n8n.theburrow.casa/
        action http://192.168.0.10:8123/api/services/automation/reload
        action http://homeassistant.local:8123/api/services/automation/reload
        """

    /// What holds on every installation, before its own hosts, services and names are added.
    package static func shipped() throws(GrammarFault) -> PolicySettings {
        try PolicyStatements.read(shippedText, name: "shipped settings")
    }

    /// What holds where nothing is configured.
    package static func unconfigured() throws(GrammarFault) -> PolicySettings {
        try PolicyStatements.read(unconfiguredText, name: "settings without configuration", on: try shipped())
    }
}
