// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Pools: zpool(8), zfs(8), btrfs(8), SnapRAID, Ceph.
    static let pools = #"""
        # Never -c (runs a script); an interval always with a count.

        program zpool
        zpool status [ZPOOL...] : observe
          -v, -x, -L, -P, -p, -s, -t, -D, -i, -e
          allow zpool status -x
          allow zpool status -v tank
          refuse zpool status -c /tmp/x tank
          refuse zpool status tank 5
          refuse zpool export tank
          refuse zpool offline tank sda
        zpool list [ZPOOL...] : observe
          -v, -H, -p, -P, -L, -g, -o COLUMNS
          allow zpool list
          allow zpool list -Hpo name,capacity,health tank
          refuse zpool list 5
        zpool iostat [ZPOOL...] [FEW FEW] : observe
          -v, -l, -q, -r, -w, -y, -n, -H, -p, -P, -L
          allow zpool iostat -v tank 1 3
          allow zpool iostat -ly
          refuse zpool iostat tank 5
          refuse zpool iostat -c smart tank
        zpool get COLUMNS [ZPOOL...] : observe
          -H, -p, -o COLUMNS
          allow zpool get capacity,health tank
          refuse zpool set autoexpand=on tank
        zpool history [ZPOOL...] : observe
          -i, -l
          allow zpool history tank
          refuse zpool history -x
        zpool events [ZPOOL] : observe
          -v, -H
          allow zpool events -v
          refuse zpool events -f
          refuse zpool events -c
        zpool version : observe
          allow zpool version
          refuse zpool destroy tank
        # Pools that could be imported; with a name it imports.
        zpool import : observe
          allow zpool import
          refuse zpool import -f tank
          refuse zpool import -d /tmp
        zpool import ZPOOL : highRisk, undo yes, does enable
          -N
          allow zpool import tank
          refuse zpool import -F tank
          refuse zpool import -a
        zpool scrub ZPOOL : bounded, undo yes, does scrub
          -p !disruptive, -s !disruptive
          allow zpool scrub tank
          refuse zpool scrub tank dozer
        zpool trim ZPOOL : bounded, undo no, does change
          allow zpool trim tank
          refuse zpool trim -d tank
        zpool clear ZPOOL [MEMBER] : highRisk, undo no, does reset
          allow zpool clear tank
          refuse zpool clear -F tank
        zpool online ZPOOL MEMBER : highRisk, undo yes, does enable
          allow zpool online tank sdb
          refuse zpool online -e tank sdb
        zpool replace ZPOOL MEMBER [MEMBER] : highRisk, undo partly, does change, destroys
          allow zpool replace tank sdb /dev/sdc
          refuse zpool replace -f tank sdb /dev/sdc

        program zfs
        zfs list [(DATASET|SNAPSHOT)...] : observe
          -r, -H, -p, -d FEW, -o COLUMNS, -t FIELDS, -s COLUMNS, -S COLUMNS
          allow zfs list
          allow zfs list -t snapshot -o name,used,creation -s creation tank/data
          refuse zfs destroy -r tank/data
        zfs get COLUMNS [(DATASET|SNAPSHOT)...] : observe
          -r, -H, -p, -d FEW, -o COLUMNS, -t FIELDS, -s FIELDS
          allow zfs get used,available tank/data
          allow zfs get -Hpo value compressratio tank
          refuse zfs set readonly=on tank
          refuse zfs send tank/data@a
        zfs version : observe
          allow zfs version
          refuse zfs upgrade tank
        zfs mount : observe
          allow zfs mount
          refuse zfs unmount tank
        zfs mount DATASET : highRisk, undo yes, does enable
          allow zfs mount tank/data
          refuse zfs mount -o exec tank/data
          refuse zfs mount -O tank/data
        zfs (snapshot|snap) SNAPSHOT : bounded, undo yes, does create
          -r
          allow zfs snapshot tank/data@before
          refuse zfs snapshot tank/data
          refuse zfs snapshot -o a:b=c tank/data@x
          refuse zfs snapshot tank/a@x tank/b@x
        # Never -r, -R, -f: they destroy later snapshots.
        zfs rollback SNAPSHOT : highRisk, undo no, does rollback, destroys
          allow zfs rollback tank/data@auto-1
          refuse zfs rollback -r tank@a
          refuse zfs rollback tank/data

        # btrfs(8) also understands beginnings of its words; these are the usual ones.

        program btrfs
        btrfs (filesystem|fi) usage DIR... | btrfs (filesystem|fi) df DIR | btrfs (device|dev) usage DIR... : observe
          -b --raw, -h --human-readable, -H, -k --kbytes, -m --mbytes, -g --gbytes, -t --tbytes, --iec, --si, -T
          allow btrfs filesystem usage /
          allow btrfs fi df -h /mnt/pool
          refuse btrfs filesystem resize max /
          refuse btrfs device delete /dev/sdb /
        btrfs (filesystem|fi) show [(DIR|DRIVE)] : observe
          -m --mounted, -d --all-devices, --raw, --iec, --si, --kbytes, --mbytes, --gbytes, --tbytes
          allow btrfs fi show
          refuse btrfs filesystem label / x
        btrfs (filesystem|fi) du DIR... : observe
          -s --summarize, --raw, --iec, --si, --kbytes, --mbytes, --gbytes, --tbytes
          allow btrfs filesystem du -s /srv
          refuse btrfs filesystem defragment -r /
        btrfs (device|dev) stats (DIR|DRIVE) : observe
          -c --check, -T
          allow btrfs device stats /
          refuse btrfs device stats -z /
        btrfs scrub status (DIR|DRIVE) : observe
          -d, -R, --raw, --iec, --si, --kbytes, --mbytes, --gbytes, --tbytes
          allow btrfs scrub status /
          refuse btrfs scrub limit -d 1 /
        btrfs (subvolume|sub) list DIR : observe
          -o, -a, -p, -c, -g, -u, -q, -R, -t, -s, -r, -d
          allow btrfs subvolume list -t /
          refuse btrfs subvolume delete /srv
        btrfs (subvolume|sub) show DIR | btrfs (subvolume|sub) get-default DIR : observe
          allow btrfs subvolume show /srv
          refuse btrfs subvolume set-default 5 /
        btrfs balance status DIR : observe
          -v
          allow btrfs balance status -v /
          refuse btrfs balance cancel /
        btrfs qgroup show DIR : observe
          -r, -e, -p, -c, -f, -F, --raw
          allow btrfs qgroup show -re /
          refuse btrfs qgroup limit 1G /srv
        # Never -B: it stays in the foreground for hours.
        btrfs scrub start MOUNTPOINT : bounded, undo yes, does scrub
          -r, -R, -q
          allow btrfs scrub start /
          refuse btrfs scrub start -B /
          refuse btrfs scrub start -f /
        btrfs scrub resume MOUNTPOINT : bounded, undo yes, does scrub
          allow btrfs scrub resume /
          refuse btrfs scrub resume -c 1 /
        btrfs scrub cancel MOUNTPOINT : disruptive, undo partly, does stop
          allow btrfs scrub cancel /
          refuse btrfs replace cancel /
        # Without a filter it would rewrite everything.
        btrfs balance start MOUNTPOINT : highRisk, undo no, does change
          -d USAGEFILTER, -m USAGEFILTER, --background --bg, -v
          with -d | -m
          allow btrfs balance start -dusage=50 /
          refuse btrfs balance start /
          refuse btrfs balance start -dconvert=single /
          refuse btrfs balance start -f -dusage=50 /

        program snapraid
        # Never -c.
        snapraid status | snapraid smart | snapraid diff | snapraid devices : observe
          allow snapraid status
          refuse snapraid fix
          refuse snapraid sync
          refuse snapraid -c /tmp/x status

        # Never -c, -n, -k, -m (another cluster or key), -w (never ends).
        program ceph
        ceph status | ceph health [detail] | ceph df [detail] | ceph versions | ceph osd (tree|df|stat|status) : observe
          -f --format {plain|json|json-pretty}
          allow ceph health detail
          refuse ceph osd out 1
          refuse ceph -c /tmp/x status
        ceph (pg|mon|mgr|mds) stat | ceph quorum_status | ceph fs status | ceph orch ps | ceph crash ls : observe
          -f --format {plain|json|json-pretty}
          allow ceph pg stat
          refuse ceph auth ls
        ceph : observe
          -s --status, -f --format {plain|json|json-pretty}
          with -s
          allow ceph -s
          refuse ceph -w

        program gluster
        gluster volume (info|status) [NAME] | gluster peer status | gluster pool list : observe
          allow gluster volume status data
          refuse gluster volume stop data

        program arcstat
        arcstat [FEW FEW] : observe
          -a, -p, -x, -z
          allow arcstat 1 3
          refuse arcstat 1
          refuse arcstat -o /etc/x 1 3

        program arc_summary
        arc_summary : observe
          -a --alternate, -d --description, -r --raw, -s --section {arc|archits|dmu|l2arc|spl|tunables|vdev|zil}
          allow arc_summary -s arc
          refuse arc_summary x
        """#
}
