// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Shares and quotas: NFS, Samba, iSCSI, DRBD.
    static let shares = #"""
        # Shares.

        program showmount
        showmount [HOST] : observe
          -e --exports, -a --all, -d --directories, --no-headers
          allow showmount -e localhost
          refuse showmount -e 203.0.113.9

        program exportfs
        exportfs : observe
          -v, -s
          allow exportfs -v
          refuse exportfs -o rw /srv
          refuse exportfs -u localhost:/srv
        # Everything as /etc/exports says.
        exportfs : bounded, undo no, does reload
          -r, -a, -v
          with -r
          allow exportfs -ra
          refuse exportfs -ua
          refuse exportfs -raf

        program nfsstat
        nfsstat : observe
          -s --server, -c --client, -n --nfs, -m --mounts, -r --rpc, -l --list, -v --verbose, -2, -3, -4
          allow nfsstat -m
          refuse nfsstat -Z5
          refuse nfsstat -S /etc/shadow

        program nfsiostat
        nfsiostat [FEW FEW] [DIR...] : observe
          -a --attr, -d --dir, -p --page, -s --sort
          allow nfsiostat 1 3 /mnt/nas
          refuse nfsiostat 5

        program rpcinfo
        rpcinfo [HOST] : observe
          -p, -s
          with -p | -s
          allow rpcinfo -p
          refuse rpcinfo -d 1 1
          refuse rpcinfo -p 203.0.113.9

        program smbstatus
        smbstatus : observe
          -b --brief, -S --shares, -L --locks, -p --processes, -v --verbose, -B --byterange, -n --numeric, -f --fast
          -j --json, -u --user USER
          allow smbstatus -b
          allow smbstatus --shares
          refuse smbstatus -s /tmp/smb.conf
          refuse smbstatus --configfile=/tmp/x

        program smbcontrol
        smbcontrol (all|smbd|nmbd) reload-config : bounded, undo no, does reload
          allow smbcontrol all reload-config
          refuse smbcontrol all shutdown
          refuse smbcontrol -s /tmp/x all reload-config

        program testparm
        testparm : observe
          -s --suppress-prompt
          with -s
          allow testparm -s
          refuse testparm
          refuse testparm -s /tmp/x
          refuse testparm -s -v

        program quota
        quota : observe
          -u --user, -g --group, -s --human-readable, -v --verbose, -q --quiet, -w --no-wrap, -p --raw-grace
          allow quota -vs
          refuse quota -F rpc
        quota USER : observe
          -u --user, -g --group, -s --human-readable, -v --verbose, -w --no-wrap
          allow quota -us backup
          refuse quota -u ../x

        program repquota
        repquota [DIR] : observe
          -a --all, -u --user, -g --group, -s --human-readable, -v --verbose, -n --no-names
          allow repquota -as
          refuse repquota -F x /srv

        program iscsiadm
        iscsiadm : observe
          -m --mode {session}, -P --print {0|1|2|3}
          with -m
          allow iscsiadm -m session -P 1
          refuse iscsiadm -m node --logout
          refuse iscsiadm -m discovery -t st -p 203.0.113.9

        program drbdadm
        drbdadm status [NAME] | drbdadm cstate NAME | drbdadm dstate NAME | drbdadm role NAME : observe
          allow drbdadm status
          refuse drbdadm primary --force r0
          refuse drbdadm -c /tmp/x status
        """#
}
