// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Virtual machines and system containers: qm(1), pct(1) and their kin of Proxmox VE, virsh(1), lxc and incus.
    static let virtualisation = #"""
        program qm

        qm list : observe
          --full
          allow qm list
          refuse qm monitor 101

        qm status VMID : observe
          --verbose
          allow qm status 101 --verbose
          refuse qm status 101 102

        qm config VMID | qm pending VMID | qm listsnapshot VMID : observe
          allow qm config 101
          refuse qm showcmd 101

        qm agent VMID {ping|info|get-osinfo|get-fsinfo|get-time|get-host-name|network-get-interfaces} : observe
          allow qm agent 101 ping
          refuse qm agent 101 fsfreeze-freeze
          refuse qm guest exec 101 -- reboot

        qm start VMID : bounded, undo yes, does start
          --timeout COUNT
          allow qm start 101
          refuse qm start 101 --skiplock 1

        qm resume VMID : bounded, undo yes, does unpause
          allow qm resume 101
          refuse qm resume 101 --skiplock 1

        qm shutdown VMID : disruptive, undo partly, does stop
          --timeout COUNT
          allow qm shutdown 101 --timeout 120
          refuse qm shutdown 101 102

        qm reboot VMID : disruptive, undo no, does restart
          --timeout COUNT
          allow qm reboot 101
          refuse qm migrate 101 pve2

        qm suspend VMID : disruptive, undo yes, does pause
          allow qm suspend 101
          refuse qm suspend 101 --todisk 1 --statestorage x

        # Like pulling the plug.
        qm stop VMID : highRisk, undo no, does kill
          --timeout COUNT
          allow qm stop 101
          refuse qm stop 101 --skiplock 1

        qm reset VMID : highRisk, undo no, does reset
          allow qm reset 101
          refuse qm destroy 101

        qm unlock VMID : highRisk, undo no, does unlock
          allow qm unlock 101
          refuse qm rollback 101 before

        qm snapshot VMID NAME : disruptive, undo yes, does create
          allow qm snapshot 101 before
          refuse qm delsnapshot 101 before

        program pct

        pct list : observe
          allow pct list
          refuse pct enter 101

        pct status VMID : observe
          --verbose
          allow pct status 101
          refuse pct status 101 --verbose=1

        pct config VMID | pct pending VMID | pct listsnapshot VMID | pct df VMID | pct cpusets : observe
          allow pct df 101
          refuse pct pull 101 /etc/shadow /tmp/x

        pct exec VMID -- COMMAND... : observe
          allow pct exec 101 -- df -h
          refuse pct exec 101 -- sh -c id
          refuse pct exec 101 --keep-env 1 -- df -h

        pct start VMID : bounded, undo yes, does start
          allow pct start 101
          refuse pct start 101 --debug 1

        pct resume VMID : bounded, undo yes, does unpause
          allow pct resume 101
          refuse pct resume all

        pct shutdown VMID : disruptive, undo partly, does stop
          --timeout COUNT
          allow pct shutdown 101
          refuse pct shutdown 101 --forceStop 1

        pct reboot VMID : disruptive, undo no, does restart
          --timeout COUNT
          allow pct reboot 101
          refuse pct destroy 101

        pct suspend VMID : disruptive, undo yes, does pause
          allow pct suspend 101
          refuse pct set 101 --memory 4096

        pct stop VMID : highRisk, undo no, does kill
          allow pct stop 101
          refuse pct stop 101 --skiplock 1

        pct unlock VMID : highRisk, undo no, does unlock
          allow pct unlock 101
          refuse pct rollback 101 before

        pct snapshot VMID NAME : disruptive, undo yes, does create
          allow pct snapshot 101 before
          refuse pct delsnapshot 101 before

        program pveversion

        pveversion : observe
          -v --verbose
          allow pveversion -v
          refuse pveversion --help all

        # Only reading, and only paths without configurations.
        program pvesh

        pvesh get PVEPATH : observe
          --output-format {text|json|json-pretty|yaml}, --noborder {0|1}
          allow pvesh get /cluster/resources
          allow pvesh get /nodes/pve/status --output-format json
          refuse pvesh set /nodes/pve/config
          refuse pvesh get /access/users
          refuse pvesh get /nodes/pve/qemu/101/config
          refuse pvesh create /nodes/pve/status --command reboot

        program pvesm

        pvesm status : observe
          --storage NAME, --enabled
          allow pvesm status
          refuse pvesm free local:101/vm-101-disk-0.qcow2

        pvesm list NAME : observe
          --vmid VMID
          allow pvesm list local --vmid 101
          refuse pvesm extractconfig local:backup/x

        program pvecm

        pvecm status | pvecm nodes : observe
          allow pvecm status
          refuse pvecm expected 1

        program ha-manager

        ha-manager status : observe
          allow ha-manager status
          refuse ha-manager remove vm:101

        program virsh

        virsh ...
          -q --quiet, -r --readonly, -c --connect {qemu:///system}

        virsh list : observe
          --all, --inactive, --name, --title, --state-running, --state-shutoff, --state-paused
          allow virsh -c qemu:///system list --all
          refuse virsh -c qemu+ssh://203.0.113.9/system list

        virsh dominfo DOMAIN | virsh domblklist DOMAIN | virsh domiflist DOMAIN | virsh domstats [DOMAIN...] : observe
          allow virsh dominfo web
          refuse virsh dumpxml --security-info web
          refuse virsh "list;destroy web"

        virsh domstate DOMAIN : observe
          --reason
          allow virsh domstate web --reason
          refuse virsh domstate web db

        virsh domjobinfo DOMAIN | virsh dommemstat DOMAIN | virsh domtime DOMAIN | virsh vcpuinfo DOMAIN : observe
          allow virsh dommemstat web
          refuse virsh dommemstat web --config
          refuse virsh domtime web --set 0

        virsh domifaddr DOMAIN : observe
          --source {lease|agent|arp}
          allow virsh domifaddr web --source agent
          refuse virsh domif-setlink web vnet0 down

        virsh nodeinfo | virsh nodememstats | virsh nodecpustats | virsh version | virsh hostname : observe
          allow virsh nodeinfo
          refuse virsh nodesuspend mem 60

        virsh net-list | virsh pool-list : observe
          --all, --inactive, --name, --details
          allow virsh net-list --all
          refuse virsh net-destroy default

        virsh net-info NAME | virsh net-dhcp-leases NAME | virsh pool-info NAME | virsh vol-list NAME : observe
          allow virsh net-dhcp-leases default
          refuse virsh vol-delete disk default

        virsh snapshot-list DOMAIN : observe
          --tree, --name
          allow virsh snapshot-list web
          refuse virsh snapshot-revert web before

        virsh start DOMAIN : bounded, undo yes, does start
          allow virsh start web
          refuse virsh start web --console

        virsh resume DOMAIN : bounded, undo yes, does unpause
          allow virsh resume web
          refuse virsh resume web db

        virsh shutdown DOMAIN : disruptive, undo partly, does stop
          --mode {acpi|agent}
          allow virsh shutdown web
          refuse virsh undefine web

        virsh reboot DOMAIN : disruptive, undo no, does restart
          --mode {acpi|agent}
          allow virsh reboot web
          refuse virsh edit web

        virsh suspend DOMAIN : disruptive, undo yes, does pause
          allow virsh suspend web
          refuse virsh save web /tmp/x

        # `destroy` ends a machine at once and keeps its disks.
        virsh destroy DOMAIN : highRisk, undo no, does kill
          --graceful
          allow virsh destroy web
          refuse virsh destroy web --remove-logs

        virsh reset DOMAIN : highRisk, undo no, does reset
          allow virsh reset web
          refuse virsh qemu-monitor-command web system_reset

        # A name with a colon would be another machine's.
        program lxc incus

        lxc list [NAME] | lxc ls [NAME] : observe
          -f --format {table|csv|compact}, --fast
          allow lxc list --format csv
          refuse lxc list evil:
          refuse lxc list --format json

        lxc info [NAME] | lxc network list | lxc storage list | lxc storage info NAME | lxc version : observe
          allow lxc info web
          refuse lxc exec web sh
          refuse lxc config show web

        lxc start DOMAIN : bounded, undo yes, does start
          allow incus start web
          refuse lxc start web --console

        lxc stop DOMAIN : disruptive, undo partly, does stop
          --timeout COUNT
          allow lxc stop web
          refuse lxc stop --all

        lxc restart DOMAIN : disruptive, undo no, does restart
          --timeout COUNT
          allow incus restart web
          refuse lxc delete web
        """#
}
