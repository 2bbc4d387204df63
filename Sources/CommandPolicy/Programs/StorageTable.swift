// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Storage: disks, and what pools and servers make of them.
    static let storage = disks + "\n" + partitions + "\n" + pools + "\n" + shares

    /// Disks, arrays and volumes: smartctl(8), nvme(1), mdadm(8), lvm(8), file systems and mounts.
    static let disks = #"""
        # Disks. Never -s, -S, -o, -X, -C (settings, abort, captive), -B (a file), -l scterc,N,M (sets).

        program smartctl
        smartctl DRIVE : observe
          -a --all, -x --xall, -H --health, -i --info, -A --attributes, -c --capabilities, -j --json
          -d --device DRIVETYPE, -l --log {error|selftest|xerror|xselftest|selective|scttemp|scterc|devstat|sataphy|ssd}
          -n --nocheck {never|sleep|standby|idle}, -f --format {old|brief|hex}, -q --quietmode {errorsonly|noserial}
          allow smartctl -a /dev/sda
          allow smartctl -H -A -d sat /dev/sdb
          allow smartctl -x /dev/nvme0n1
          allow smartctl -l selftest -n standby /dev/sda
          allow smartctl -a -d megaraid,0 /dev/bus/0
          refuse smartctl -a /dev/watchdog
          refuse smartctl -s off /dev/sda
          refuse smartctl -l scterc,70,70 /dev/sda
          refuse smartctl -B /tmp/x -a /dev/sda
          refuse smartctl -X /dev/sda
        smartctl : observe
          --scan, --scan-open, -j --json, -d --device DRIVETYPE
          with --scan | --scan-open
          allow smartctl --scan
          refuse smartctl
        smartctl DRIVE : bounded, undo yes, does scrub
          -t --test {short|conveyance} !bounded, -d --device DRIVETYPE
          with -t
          allow smartctl -t short /dev/sda
          refuse smartctl -t short -C /dev/sda
          refuse smartctl -t offline,force /dev/sda
        # It slows the disk down for hours.
        smartctl DRIVE : disruptive, undo yes, does scrub
          -t --test {long}, -d --device DRIVETYPE
          with -t
          allow smartctl -t long /dev/sda
          refuse smartctl -t long -C /dev/sda

        program nvme
        nvme list : observe
          -v --verbose, -o --output-format {normal|json}
          allow nvme list
          refuse nvme format /dev/nvme0n1
        nvme list-subsys : observe
          -o --output-format {normal|json}
          allow nvme list-subsys -o json
          refuse nvme disconnect-all
        nvme smart-log DRIVE | nvme id-ns DRIVE | nvme fw-log DRIVE : observe
          -o --output-format {normal|json}, -n --namespace-id NUMBER, -H --human-readable
          allow nvme smart-log /dev/nvme0
          refuse nvme smart-log /dev/nvme0 -b
          refuse nvme reset /dev/nvme0
        nvme id-ctrl DRIVE : observe
          -o --output-format {normal|json}, -H --human-readable
          allow nvme id-ctrl -H /dev/nvme0
          refuse nvme sanitize /dev/nvme0
        nvme error-log DRIVE | nvme self-test-log DRIVE : observe
          -o --output-format {normal|json}, -e --log-entries NUMBER
          allow nvme error-log -e 10 /dev/nvme0
          refuse nvme device-self-test /dev/nvme0 -s 2

        # Only what asks the disk, and what measures reading; most other letters set something.
        program hdparm : words
        hdparm DRIVE : observe
          -I, -i, -C, -g, -t, -T, -tT
          with -I | -i | -C | -g | -t | -T | -tT
          allow hdparm -I /dev/sda
          allow hdparm -C /dev/sda
          refuse hdparm -y /dev/sda
          refuse hdparm -It /dev/sda
          refuse hdparm --security-erase x /dev/sda

        # Arrays.

        program mdadm
        mdadm ARRAY... : observe
          -D --detail, -Q --query, -v --verbose, -b --brief, -Y --export, -t --test
          with -D | -Q
          allow mdadm --detail /dev/md0
          allow mdadm -D /dev/md/data
          refuse mdadm --stop /dev/md0
          refuse mdadm --detail --config=/tmp/x /dev/md0
          refuse mdadm /dev/md0
        mdadm DRIVE... : observe
          -E --examine, -Q --query, -v --verbose, -b --brief, -X --examine-bitmap
          with -E | -Q | -X
          allow mdadm --examine /dev/sda1
          refuse mdadm --zero-superblock /dev/sda
        mdadm : observe
          -D --detail, -E --examine, -s --scan, -v --verbose, -b --brief
          with -D | -E
          with -s
          allow mdadm --detail --scan
          allow mdadm -Es
          refuse mdadm --detail
          refuse mdadm --assemble --scan
        mdadm ARRAY : bounded, undo yes, does scrub
          --action {check}
          with --action
          allow mdadm --action=check /dev/md0
          refuse mdadm --action=frozen /dev/md0
        # What was on the disk that is added is lost.
        mdadm ARRAY MEMBER : highRisk, undo partly, does change, destroys
          --manage, --add, --re-add
          with --add | --re-add
          allow mdadm /dev/md0 --add /dev/sdc
          allow mdadm --manage /dev/md0 --re-add /dev/sdc1
          refuse mdadm /dev/md0 --fail /dev/sda
          refuse mdadm /dev/md0 --remove /dev/sda
          refuse mdadm /dev/md0 --add /dev/sdc --force

        # Volumes. Never --config, --profile, --devices.

        program pvs vgs lvs
        pvs [(DRIVE|VOLUMES)...] : observe
          -a --all, -v --verbose, -o --options COLUMNS, -O --sort COLUMNS, --noheadings, --nosuffix, --segments
          --units {h|b|s|k|m|g|t|p|H|B|S|K|M|G|T|P}, --separator DELIMITER, --reportformat {basic|json}, --readonly
          --aligned
          allow pvs
          allow lvs -a -o +devices,lv_attr vg0/data
          allow vgs --noheadings --units g -o vg_name,vg_free
          refuse lvs --config 'log/file="/etc/x"'
          refuse pvs --devicesfile x

        program pvdisplay vgdisplay lvdisplay
        pvdisplay [(DRIVE|VOLUMES)...] : observe
          -c --colon, -s --short, -v --verbose, --units {r|h|b|s|k|m|g|t|p}
          allow vgdisplay vg0
          refuse lvdisplay --config x

        program pvscan vgscan lvscan
        pvscan : observe
          allow lvscan
          refuse pvscan --cache
          refuse vgscan --mknodes

        # Never --exec (runs a command for each), 'table' (may show keys), nor what changes a mapping.
        program dmsetup
        dmsetup ls : observe
          --tree
          allow dmsetup ls --tree
          refuse dmsetup ls --exec id
          refuse dmsetup table --showkeys
          refuse dmsetup remove data
        dmsetup (status|info) [NAME] : observe
          allow dmsetup info vg0-data
          refuse dmsetup info --select x
          refuse dmsetup suspend data

        program multipath
        multipath : observe
          -l, -v {0|1|2|3}
          with -l
          allow multipath -ll
          refuse multipath -F
          refuse multipath -v2

        # File systems.

        program xfs_info
        xfs_info (DIR|DRIVE) : observe
          allow xfs_info /
          refuse xfs_info -t /tmp/mtab /

        program tune2fs
        tune2fs DRIVE : observe
          -l
          with -l
          allow tune2fs -l /dev/sda1
          refuse tune2fs -l -c 0 /dev/sda1
          refuse tune2fs -O ^has_journal /dev/sda1

        program dumpe2fs
        dumpe2fs DRIVE : observe
          -h
          with -h
          allow dumpe2fs -h /dev/sda1
          refuse dumpe2fs -i /tmp/x /dev/sda1

        # Checks of a mounted file system mislead, and somebody may add -y: a person looks first.

        program fsck e2fsck
        fsck DRIVE : highRisk, undo yes, does scrub
          -n, -N, -V, -f, -v
          with -n | -N
          allow fsck -n /dev/sdb1
          allow e2fsck -fn /dev/sdb1
          refuse fsck -y /dev/sda1
          refuse e2fsck -fy /dev/sda1
          refuse fsck -n -A

        program xfs_repair
        xfs_repair DRIVE : highRisk, undo yes, does scrub
          -n, -v
          with -n
          allow xfs_repair -n /dev/sdb1
          refuse xfs_repair -L /dev/sdb1

        program blkid
        blkid [DRIVE...] : observe
          -o --output {value|device|export|full|list}, -s --match-tag NAME, -p --probe, -i --info, -L --label NAME
          -U --uuid NAME
          allow blkid
          allow blkid -s UUID -o value /dev/sda1
          refuse blkid -c /tmp/x
          refuse blkid -g

        # Never -p --poll, -F, -N.
        program mountpoint
        mountpoint DIR : observe
          -q --quiet, -d --fs-devno, --nofollow
          allow mountpoint -q /mnt/nas
          refuse mountpoint /root/.ssh
          refuse mountpoint -x /dev/sda

        program findmnt
        findmnt [(DIR|DRIVE)] : observe
          -l --list, -a --ascii, -A --all, -b --bytes, -D --df, -J --json, -n --noheadings, -r --raw, -P --pairs
          -R --submounts, -s --fstab, -m --mtab, -k --kernel, -u --notruncate, -v --nofsroot, -U --uniq, -i --invert
          -f --first-only, -x --verify, --real, --pseudo, --tree, --verbose, --output-all
          -o --output COLUMNS, -t --types FIELDS, -T --target DIR, -M --mountpoint DIR, -S --source DRIVE
          allow findmnt /
          allow findmnt -t ext4,xfs -o TARGET,SOURCE,OPTIONS
          allow findmnt -no SOURCE -T /srv/appdata
          allow findmnt --verify
          refuse findmnt --poll
          refuse findmnt -F /etc/shadow

        program mount
        mount : observe
          -l --show-labels, -t --types FIELDS
          allow mount
          allow mount -l -t nfs4
          refuse mount -o remount,rw /
          refuse mount --bind / /mnt/x
        # As fstab says, and nowhere else.
        mount MOUNTED : highRisk, undo partly, does change
          -v --verbose
          allow mount /mnt/nas
          refuse mount /
          refuse mount /dev/sdb1 /mnt/nas
          refuse mount -t tmpfs /mnt/nas
        mount : highRisk, undo partly, does change
          -a --all, -v --verbose
          with -a
          allow mount -a
          refuse mount -a -T /tmp/fstab
          refuse mount -a -o remount,rw

        program swapoff
        swapoff SWAP : highRisk, undo yes, does disable
          -v --verbose
          allow swapoff /swapfile
          refuse swapoff -a

        # Unused blocks are told to the disk; no file changes.
        program fstrim
        fstrim MOUNTPOINT : bounded, undo no, does change
          -v --verbose
          allow fstrim -v /
          refuse fstrim -I /tmp/x
        fstrim : bounded, undo no, does change
          -a --all, -A --fstab, -v --verbose
          with -a | -A
          allow fstrim -av
          refuse fstrim
        """#
}
