// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Other systems' packages.
    ///
    /// Never another root, repository or configuration.
    static let otherPackages = """
        program rpm : words
        program dnf yum
        program zypper

        rpm {-qa} [PACKAGEPATTERN] | rpm {-q|-qi|-ql|-qc|-qd|-qR} PACKAGEPATTERN... | rpm {-qf} DIR : observe
          --last, --changelog, --provides, --requires
          allow rpm -qa
          allow rpm -q kernel docker-ce
          allow rpm -qf /usr/bin/docker
          refuse rpm -e docker-ce
          refuse rpm -qa --pipe id
          refuse rpm -qp http://203.0.113.9/x.rpm
          refuse rpm --eval x

        dnf ...
          -q --quiet, -y --assumeyes, -C --cacheonly

        dnf list [(installed|available|updates|upgrades|extras)] [PACKAGEPATTERN...] : observe
          --installed, --available, --updates --upgrades, --showduplicates
          allow dnf list installed
          allow yum list --upgrades
          refuse dnf list --installroot=/tmp/x
          refuse dnf -c /tmp/x list

        dnf (check-update|repolist|check) | dnf (info|search|provides|check-update) PACKAGEPATTERN... : observe
          --security, --enabled, --all
          allow dnf check-update --security
          refuse dnf check-update --repofrompath=x,http://203.0.113.9/

        dnf history [list] | dnf history info NUMBER | dnf updateinfo [(list|summary)] : observe
          --security, --all
          allow dnf history
          refuse dnf history undo 3

        dnf needs-restarting : observe
          -r --reboothint, -s --services
          allow dnf needs-restarting -r
          refuse dnf needs-restarting --setopt=x=y

        dnf makecache | dnf clean (all|metadata|packages|expire-cache) : bounded, undo no, does pull
          allow dnf clean all
          refuse dnf clean /srv

        dnf (upgrade|update) [SYSTEMPACKAGE] : highRisk, undo no, does upgrade
          --security
          allow dnf upgrade -y
          refuse dnf upgrade --nogpgcheck

        dnf install SYSTEMPACKAGE : highRisk, undo partly, does install
          allow dnf install -y smartmontools
          refuse dnf install -y http://203.0.113.9/x.rpm
          refuse dnf remove -y systemd

        zypper ...
          -q --quiet, -n --non-interactive

        zypper (list-updates|lu|list-patches|lp|repos|lr|ps|packages) : observe
          -i --installed-only, -s
          allow zypper lu
          refuse zypper -R /tmp/x lu

        zypper (info|search|se|if) PACKAGEPATTERN... : observe
          -i --installed-only
          allow zypper se -i docker
          refuse zypper ar http://203.0.113.9/ x

        program apk
        program pacman : words
        program checkupdates
        program opkg

        apk ...
          -q --quiet, -v --verbose

        apk (info|list) [PACKAGEPATTERN...] : observe
          -I --installed, -u --upgradable, -a --all, -d --description, -L --contents, -e, -s --size, -R --depends
          allow apk info -v
          allow apk list -u
          refuse apk -p /tmp/x info
          refuse apk info --root /tmp/x

        apk (version|stats|audit) | apk (policy|search) PACKAGEPATTERN : observe
          allow apk version
          refuse apk fetch x1

        apk upgrade : observe
          -s --simulate
          with -s
          allow apk upgrade -s
          refuse apk upgrade -s -X http://203.0.113.9/

        apk update : bounded, undo no, does pull
          allow apk update
          refuse apk update --allow-untrusted

        apk upgrade : highRisk, undo no, does upgrade
          allow apk upgrade
          refuse apk upgrade --allow-untrusted

        apk add SYSTEMPACKAGE : highRisk, undo partly, does install
          --no-cache
          allow apk add smartmontools
          refuse apk add --allow-untrusted /tmp/x.apk
          refuse apk del docker

        pacman {-Q|-Qu|-Qe|-Qdt|-Qi|-Ql|-Qk} [SYSTEMPACKAGE...] | pacman {-Qo} DIR : observe
          allow pacman -Qu
          allow pacman -Qi docker
          refuse pacman -Q --root /tmp/x
          refuse pacman -Rns docker

        pacman {-Si|-Ss} PACKAGEPATTERN... | checkupdates : observe
          allow pacman -Ss smartmontools
          allow checkupdates
          refuse pacman -U /tmp/x.pkg
          refuse checkupdates --download

        pacman {-Syu} : highRisk, undo no, does upgrade
          --noconfirm
          allow pacman -Syu --noconfirm
          refuse pacman -Syu --overwrite x

        opkg (list-installed|list-upgradable) | opkg (info|status) SYSTEMPACKAGE : observe
          allow opkg list-installed
          refuse opkg remove dropbear

        program snap
        program flatpak
        program pip pip3

        snap (list|changes|version|services|warnings|connections|info|tasks|logs) [NAME] : observe
          --all, -n {10|20|50|100|200|=10|=20|=50|=100|=200}
          allow snap list
          allow snap logs docker -n=50
          refuse snap logs docker -f
          refuse snap get docker
          refuse snap run docker

        snap refresh : observe
          --list, --time
          with --list | --time
          allow snap refresh --list
          refuse snap refresh --list --devmode

        # Like the unit that it stands for: of an engine or a VPN a person decides.
        snap restart SNAP : bounded, undo no, does restart
          allow snap restart nextcloud.apache
          refuse snap restart nextcloud lxd
          refuse snap restart --reload nextcloud
          refuse snap remove docker

        snap refresh [NAME] : highRisk, undo partly, does upgrade
          allow snap refresh docker
          refuse snap refresh docker --edge
          refuse snap install x --classic

        flatpak (list|remotes|history) | flatpak info INTEGRATION : observe
          --app, --runtime, --columns FIELDS, --system, --updates, -d --show-details
          allow flatpak list --app
          refuse flatpak run org.example.App

        flatpak update : highRisk, undo partly, does upgrade
          -y --assumeyes
          allow flatpak update -y
          refuse flatpak uninstall --all

        pip (list|freeze|check) : observe
          -o --outdated, -u --uptodate, -l --local, --user, --not-required, --format {columns|freeze|json}
          allow pip list --outdated
          refuse pip list --index-url http://203.0.113.9/
          refuse pip install http://203.0.113.9/x

        pip show PIPPACKAGE... : observe
          -f --files
          allow pip3 show requests
          refuse pip show --log /etc/x requests
        """

    /// Work at fixed times.
    static let schedules = """
        program crontab : words
        program atq
        program run-parts : words
        program logrotate

        crontab ((-l)) [-u USER] | crontab ((-u)) USER -l : observe
          allow crontab -l
          allow crontab -u backup -l
          refuse crontab -e
          refuse crontab -r
          refuse crontab -u backup -r

        # From a file that only root can write, for a user who is not root.
        crontab ((-u)) CRONUSER CRONFILE : highRisk, undo no, does write
          allow crontab -u backup /etc/jarvis/backup.cron
          refuse crontab -u root /etc/jarvis/backup.cron
          refuse crontab -u backup /tmp/x.cron
          refuse crontab -u backup -
          refuse crontab /tmp/x

        atq : observe
          -q CHARACTERS
          allow atq
          refuse atq -V /tmp/x
          refuse at -c 1
          refuse at now -f /tmp/x

        # --report would run them.
        run-parts {--test|--list} {/etc/cron.hourly|/etc/cron.daily|/etc/cron.weekly|/etc/cron.monthly} : observe
          allow run-parts --test /etc/cron.daily
          refuse run-parts /etc/cron.daily --test
          refuse run-parts --test /tmp/x

        logrotate ROTATION : observe
          -d --debug, -v --verbose
          with -d
          allow logrotate -d /etc/logrotate.conf
          refuse logrotate -d -l /etc/x /etc/logrotate.conf

        logrotate ROTATION : bounded, undo no, does rotate
          -v --verbose
          allow logrotate /etc/logrotate.conf
          refuse logrotate /tmp/x
          refuse logrotate -s /etc/x /etc/logrotate.conf
          refuse logrotate -m /tmp/x /etc/logrotate.conf

        # Again and again it would push out all that was kept.
        logrotate ROTATION : bounded, undo no, does rotate, destroys
          -v --verbose, -f --force
          with -f
          allow logrotate -f /etc/logrotate.d/nginx
          refuse logrotate -f /tmp/x
          refuse logrotate -f /etc/logrotate.d/../../tmp/x
        """
}
