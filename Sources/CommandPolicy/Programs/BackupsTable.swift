// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Backups: restic(1), borg(1), rclone(1) and others, as far as they look, or add.
    static let backups = #"""
        # Never --password-command, -o (both run programs), --repository-file, --cacert, --tls-client-cert,
        # --cache-dir, --key-hint, --insecure-*.

        program restic
        restic ...
          -r --repo REPOSITORY, -p --password-file PASSWORDFILE, -q --quiet, -v --verbose, --json, --no-lock, --no-cache
          --limit-download NUMBER, --limit-upload NUMBER, --retry-lock DURATION
        restic snapshots [SNAPSHOTID...] : observe
          --latest NUMBER, -c --compact, -H --host NAME, --tag NAME, --path DIR, -g --group-by FIELDS
          allow restic snapshots --latest 1
          allow restic -r /backup/restic snapshots --json
          refuse restic snapshots --password-command id
          refuse restic -r sftp:u@203.0.113.9:/x snapshots
          refuse restic -o sftp.command=id snapshots
          refuse restic --password-file /etc/shadow snapshots
        restic check : observe
          --read-data-subset PERCENT, --with-cache, --read-data !disruptive
          allow restic check --read-data-subset=1%
          refuse restic check --cache-dir /etc
        restic stats [SNAPSHOTID...] : observe
          --mode {restore-size|files-by-contents|blobs-per-file|raw-data}, -H --host NAME, --tag NAME, --path DIR
          allow restic stats --mode raw-data latest
          refuse restic key list
          refuse restic cat masterkey
        restic ls SNAPSHOTID [DIR] : observe
          -l --long, --recursive, -H --host NAME, --tag NAME
          allow restic ls latest /srv
          refuse restic dump latest /etc/shadow
          refuse restic ls latest /srv -o x=y
        restic find FILENAME : observe
          -i --ignore-case, -l --long, -s --snapshot SNAPSHOTID, -H --host NAME
          allow restic find "*.sqlite"
          refuse restic mount /mnt/x
        restic diff SNAPSHOTID SNAPSHOTID : observe
          --metadata
          allow restic diff 0123abcd 4567abcd
          refuse restic restore latest --target /
        restic list (locks|snapshots) : observe
          allow restic list locks
          refuse restic list keys
        restic version : observe
          allow restic version
          refuse restic self-update
        # Never --files-from, --exclude-file, --stdin; nor --exclude, with which a backup would be an empty one.
        restic backup BACKEDUP : bounded, undo yes, does backup
          --tag NAME, -H --host NAME, -x --one-file-system, --exclude-caches
          allow restic backup /srv --tag auto
          refuse restic backup --password-command=id /srv
          refuse restic backup / --tag auto
          refuse restic backup /srv /opt
          refuse restic backup /root
        # Folders of caches that no repository needs any more.
        restic cache : bounded, undo no, does prune
          --cleanup, --max-age NUMBER
          with --cleanup
          allow restic cache --cleanup
          refuse restic cache --cache-dir /srv --cleanup
        restic unlock : bounded, undo no, does unlock
          allow restic unlock
          refuse restic unlock --remove-all
        # Each number it is told must leave something.
        restic forget : highRisk, undo no, does prune, destroys
          -l --keep-last KEEP, -H --keep-hourly KEEP, -d --keep-daily KEEP, -w --keep-weekly KEEP
          -m --keep-monthly COUNT, -y --keep-yearly COUNT, --keep-tag NAME, --host NAME, --tag NAME, --path DIR
          -g --group-by FIELDS, -c --compact, --prune
          with --keep-last | --keep-hourly | --keep-daily | --keep-weekly
          allow restic forget --keep-daily 7 --keep-weekly 4 --prune
          refuse restic forget --keep-last 0 --prune
          refuse restic forget --keep-last 1 --prune
          refuse restic forget --prune
          refuse restic forget latest --keep-last 2
          refuse restic forget --keep-last 5 --unsafe-allow-remove-all
        restic forget : observe
          -l --keep-last NUMBER, -H --keep-hourly NUMBER, -d --keep-daily NUMBER, -w --keep-weekly NUMBER
          -m --keep-monthly NUMBER, -y --keep-yearly NUMBER, --host NAME, --tag NAME, --path DIR, -n --dry-run, --prune
          with -n
          allow restic forget --dry-run --keep-last 3
          refuse restic forget -n --unsafe-allow-remove-all
        restic prune : highRisk, undo no, does prune, destroys
          --max-unused PERCENT
          allow restic prune
          refuse restic prune --unsafe-recover-no-free-space x
        restic prune : observe
          -n --dry-run, --max-unused PERCENT
          with -n
          allow restic prune --dry-run
          refuse restic prune -n --cleanup-cache
        restic rebuild-index | restic repair index : highRisk, undo no, does change
          allow restic repair index
          refuse restic repair snapshots --forget

        # Never --rsh, --remote-path, --debug-profile; without a path it is the repository of the environment.

        program borg
        borg ...
          -v --verbose --info, -p --progress, --lock-wait SECONDS, --critical, --error, --warning, --iec
        borg list [(BORGREPO|BORGARCHIVE)] : observe
          --short, --json, --first NUMBER, --last NUMBER, -P --prefix NAME, -a --glob-archives FILENAME
          --sort-by FIELDS, --consider-checkpoints
          allow borg list /backup/repo
          allow borg list --last 3 --short /backup/repo
          refuse borg list --rsh id /backup/repo
          refuse borg list ssh://u@203.0.113.9/x
          refuse borg list u@203.0.113.9:x
          refuse borg delete /backup/repo
        borg info [(BORGREPO|BORGARCHIVE)] : observe
          --json, --first NUMBER, --last NUMBER, -P --prefix NAME, -a --glob-archives FILENAME
          allow borg info /backup/repo::auto-1
          refuse borg key export /backup/repo
        borg check [(BORGREPO|BORGARCHIVE)] : observe
          --repository-only, --archives-only, --first NUMBER, --last NUMBER, -P --prefix NAME, --max-duration SECONDS
          --verify-data !disruptive
          allow borg check --repository-only /backup/repo
          refuse borg check --repair /backup/repo
        borg create BORGARCHIVE BACKEDUP : bounded, undo yes, does backup
          -s --stats, -x --one-file-system, --exclude-caches, -C --compression FIELDS
          allow borg create --stats '/backup/repo::auto-{now}' /srv
          refuse borg create --rsh=id /backup/repo::a /srv
          refuse borg create --content-from-command /backup/repo::a /srv
          refuse borg create /backup/repo::a /
        borg prune [BORGREPO] : highRisk, undo no, does prune, destroys
          --keep-last KEEP, -H --keep-hourly KEEP, -d --keep-daily KEEP, -w --keep-weekly KEEP, -m --keep-monthly COUNT
          -y --keep-yearly COUNT, -P --prefix NAME, -a --glob-archives FILENAME, --list, -s --stats
          with --keep-last | --keep-hourly | --keep-daily | --keep-weekly
          allow borg prune --keep-daily 7 --keep-weekly 4 /backup/repo
          refuse borg prune --keep-daily 0
          refuse borg prune --keep-daily 7 --force /backup/repo
          refuse borg prune /backup/repo
        borg prune [BORGREPO] : observe
          --keep-last NUMBER, -H --keep-hourly NUMBER, -d --keep-daily NUMBER, -w --keep-weekly NUMBER
          -m --keep-monthly NUMBER, -y --keep-yearly NUMBER, -P --prefix NAME, -a --glob-archives FILENAME, --list
          -n --dry-run
          with -n
          allow borg prune --dry-run --list --keep-daily 7 /backup/repo
          refuse borg prune -n --save-space /backup/repo
        borg compact [BORGREPO] : highRisk, undo no, does prune, destroys
          allow borg compact /backup/repo
          refuse borg compact --cleanup-commits /backup/repo

        # While a backup runs, its lock is broken as well.
        borg break-lock [BORGREPO] : highRisk, undo no, does unlock
          allow borg break-lock /backup/repo
          refuse borg break-lock --bypass-lock /backup/repo

        # Hooks of its configuration run in front of what changes something; these only look.
        program borgmatic
        borgmatic list | borgmatic info | borgmatic rlist | borgmatic rinfo | borgmatic repo-list : observe
          --json
          allow borgmatic list
          refuse borgmatic -c /tmp/x list
          refuse borgmatic create

        program rclone
        rclone about REMOTE | rclone (lsd|ls|lsl|size) REMOTE : observe
          --json, --max-depth FEW, --fast-list
          allow rclone about b2:
          allow rclone lsd --max-depth 1 b2:backups
          refuse rclone lsd :sftp,host=203.0.113.9:/
          refuse rclone lsd b2,endpoint=203.0.113.9:x
          refuse rclone about --config /tmp/x b2:
          refuse rclone copy /etc b2:
        rclone listremotes | rclone version : observe
          allow rclone listremotes
          refuse rclone config show

        program proxmox-backup-client
        proxmox-backup-client list | proxmox-backup-client snapshot list | proxmox-backup-client status : observe
          --output-format {text|json|json-pretty}
          allow proxmox-backup-client snapshot list
          refuse proxmox-backup-client forget x
          refuse proxmox-backup-client list --repository u@203.0.113.9:x

        program proxmox-backup-manager
        proxmox-backup-manager (datastore|task|sync-job|verify-job) list : observe
          --output-format {text|json|json-pretty}
          allow proxmox-backup-manager datastore list
          refuse proxmox-backup-manager datastore remove x
        proxmox-backup-manager garbage-collection status NAME : observe
          --output-format {text|json|json-pretty}
          allow proxmox-backup-manager garbage-collection status main
          refuse proxmox-backup-manager garbage-collection start main

        program kopia
        kopia snapshot list | kopia maintenance info | kopia policy list : observe
          -a --all
          allow kopia snapshot list --all
          refuse kopia repository status --reconnect-token

        program rsnapshot
        rsnapshot NAME : observe
          -t, -v, -q
          with -t
          allow rsnapshot -t daily
          refuse rsnapshot daily
          refuse rsnapshot -c /tmp/x -t daily
        rsnapshot configtest | rsnapshot du : observe
          allow rsnapshot configtest
          refuse rsnapshot sync

        program snapper
        snapper ...
          -c --config NAME
        snapper list | snapper list-configs : observe
          allow snapper -c root list
          refuse snapper delete 1-5
          refuse snapper -c ../x list

        # Whether an archive is whole. Only with -t or -l: all else writes.

        program gzip zstd xz
        gzip PACKED... : observe
          -t --test, -l --list, -v --verbose, -q --quiet
          with -t | -l
          allow gzip -t /backup/db.sql.gz
          refuse gzip -f /backup/db.sql.gz
          refuse gzip -td /backup/db.sql.gz
          refuse gzip -t /etc/shadow.gz

        # Only what is in an archive; the first word may stand without its dash.
        program tar
        tar : observe
          -t --list, -f --file PACKED, -z --gzip, -J --xz, -v --verbose
          with -t
          with -f
          allow tar -tzf /backup/etc.tar.gz
          refuse tar -xzf /backup/etc.tar.gz
          refuse tar -tf /backup/a.tar --to-command=id
          refuse tar -tf /backup/a.tar -I id
        tar (tf|tzf|tvf|tzvf|tvzf) PACKED : observe
          allow tar tzf /backup/etc.tar.gz
          refuse tar xzf /backup/etc.tar.gz
          refuse tar tf 203.0.113.9:/backup/a.tar

        program unzip
        unzip PACKED : observe
          -l, -t, -v, -q
          with -l | -t
          allow unzip -l /backup/db.zip
          allow unzip -tq /backup/db.zip
          refuse unzip /backup/db.zip
          refuse unzip -lo /backup/db.zip
          refuse unzip -l /backup/db.zip -d /etc
          refuse unzip -p /backup/db.zip
        """#
}
