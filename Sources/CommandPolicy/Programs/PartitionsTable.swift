// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Partitions, encryption and what makes volumes and file systems larger: fdisk(8), parted(8), cryptsetup(8).
    ///
    /// They are listed; nothing is made smaller, opened, closed or written anew.
    static let partitions = #"""
        program fdisk
        fdisk [DRIVE...] : observe
          -l --list, -x --list-details, -b --sector-size {512|1024|2048|4096}, -u --units[={cylinders|sectors}]
          -o --output COLUMNS, --bytes
          with -l | -x
          allow fdisk -l
          allow fdisk -l /dev/sda
          refuse fdisk /dev/sda
          refuse fdisk -w always /dev/sda
          refuse fdisk -l /etc/shadow

        program sfdisk
        sfdisk [DRIVE...] : observe
          -l --list, -d --dump, -J --json, -V --verify, -F --list-free, -s --show-size
          with -l | -d | -J | -V | -F | -s
          allow sfdisk -l
          allow sfdisk -d /dev/sda
          refuse sfdisk /dev/sda
          refuse sfdisk -l --delete /dev/sda
          refuse sfdisk -d -O /etc/x /dev/sda

        # Behind the disk stand commands: only those that print. Never -f, which repairs.
        program parted : words
        parted DRIVE [unit {s|B|KB|KiB|MB|MiB|GB|GiB|TB|TiB|%}] print [{free|devices|all|list}] : observe
          -m --machine, -s --script
          allow parted /dev/sda print
          allow parted -s /dev/sda print
          allow parted /dev/sda unit GiB print free
          refuse parted /dev/sda mklabel gpt
          refuse parted /dev/sda print rm 1
          refuse parted -s /dev/sda mkpart primary 0 1
        parted : observe
          -l --list, -m --machine, -s --script
          with -l
          allow parted -l
          refuse parted -l -f
          refuse parted
          refuse parted -l mklabel gpt

        # luksDump shows slots and methods; with --dump-volume-key it would show the key.
        program cryptsetup
        cryptsetup status NAME : observe
          allow cryptsetup status data
          refuse cryptsetup close data
          refuse cryptsetup status ../x
        cryptsetup ("luksDump"|"isLuks"|"luksUUID") DRIVE : observe
          -v --verbose
          allow cryptsetup luksDump /dev/sda2
          allow cryptsetup isLuks -v /dev/sda2
          refuse cryptsetup luksDump --dump-volume-key /dev/sda2
          refuse cryptsetup luksDump --header /tmp/x /dev/sda2
          refuse cryptsetup erase /dev/sda2
          refuse cryptsetup luksFormat /dev/sda2

        # -l and -f are for shares whose server is gone; below /mnt and /media only, and never -a.
        program umount
        umount MOUNTED : highRisk, undo yes, does stop
          -l --lazy, -f --force, -v --verbose
          allow umount /mnt/nas
          allow umount -fl /mnt/nas
          refuse umount /
          refuse umount -l /
          refuse umount -a
          refuse umount /mnt/nas /srv
          refuse umount /var/lib/docker

        # Larger only: without a size a file system takes what there is.

        program lvextend
        lvextend VOLUMES : highRisk, undo no, does change
          -L --size GROWTH, -r --resizefs, -v --verbose
          with -L
          allow lvextend -r -L +10G /dev/vg0/data
          refuse lvextend -L 10G /dev/vg0/data
          refuse lvextend -L -10G /dev/vg0/data
          refuse lvextend --config x -L +10G vg0/data
        lvextend VOLUMES : highRisk, undo no, does change
          -l --extents {+100%FREE|+50%FREE|+25%FREE|+10%FREE}, -r --resizefs, -v --verbose
          with -l
          allow lvextend -l +100%FREE /dev/vg0/data
          refuse lvextend -l 100%FREE /dev/vg0/data
          refuse lvreduce -L -10G /dev/vg0/data

        program resize2fs
        resize2fs (DRIVE|VOLUMES) : highRisk, undo no, does change
          -p
          allow resize2fs /dev/vg0/data
          allow resize2fs /dev/sda1
          refuse resize2fs /dev/sda1 1G
          refuse resize2fs -f /dev/sda1
          refuse resize2fs -M /dev/sda1

        program xfs_growfs
        xfs_growfs MOUNTPOINT : highRisk, undo no, does change
          -d
          allow xfs_growfs /srv
          refuse xfs_growfs -D 1000 /srv
          refuse xfs_growfs -t /tmp/x /srv
        xfs_growfs (DIR|DRIVE) : observe
          -n
          with -n
          allow xfs_growfs -n /srv
          refuse xfs_growfs -n -t /tmp/x /srv
        """#
}
