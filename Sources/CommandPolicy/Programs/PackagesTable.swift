// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Packages and scheduled work: apt(8), dpkg(1), dnf(8), crontab(1), logrotate(8).
    static let packages = debian + "\n" + otherPackages + "\n" + schedules

    /// Debian and its children.
    ///
    /// Never -o or -c (they can name programs), other roots, or packages from files.
    private static let debian = """
        program apt
        program apt-get
        program apt-cache
        program apt-mark

        apt ...
          -q --quiet, -y --yes --assume-yes
        apt-get ...
          -q --quiet, -y --yes --assume-yes

        apt list [PACKAGEPATTERN...] : observe
          --installed, --upgradable --upgradeable, -a --all-versions, --manual-installed
          allow apt list --upgradable
          allow apt list --installed 'docker*'
          refuse apt list -o APT::Update::Pre-Invoke::=id

        apt (show|policy|depends|rdepends|search|madison|showsrc) PACKAGEPATTERN... : observe
          -a --all-versions, -n --names-only, --installed
          allow apt policy docker-ce
          refuse apt edit-sources

        apt-cache (policy|stats) | apt-cache (policy|show|madison|depends|rdepends|search) PACKAGEPATTERN... : observe
          -n --names-only, --installed, -a --all-versions
          allow apt-cache policy docker-ce
          allow apt-cache policy
          refuse apt-cache -c /tmp/x policy

        apt-mark (showhold|showmanual|showauto) [PACKAGEPATTERN...] : observe
          allow apt-mark showhold
          refuse apt-mark -f /tmp/x showhold

        apt-mark (hold|unhold) SYSTEMPACKAGE : highRisk, undo yes, does change
          allow apt-mark hold docker-ce
          refuse apt-mark hold docker-ce containerd.io

        # What would happen. In double brackets, so that the option may also stand in front.
        apt-get (upgrade|dist-upgrade|autoremove) | apt-get ((upgrade|dist-upgrade|autoremove)) : observe
          -s --simulate --just-print --dry-run --recon --no-act, -V --verbose-versions
          with -s
          allow apt-get -s upgrade
          allow apt-get upgrade --simulate
          allow apt-get -s dist-upgrade
          refuse apt-get -s -o Dir::Bin::dpkg=/tmp/x upgrade

        apt (upgrade|full-upgrade|autoremove) | apt ((upgrade|full-upgrade|autoremove)) : observe
          -s --simulate --just-print --dry-run --recon --no-act, -V --verbose-versions
          with -s
          allow apt -s upgrade
          refuse apt -s remove docker-ce-

        apt-get install SYSTEMPACKAGE | apt-get ((install)) SYSTEMPACKAGE : observe
          -s --simulate --just-print --dry-run --recon --no-act, --only-upgrade
          with -s
          allow apt-get -s install nginx
          refuse apt-get -s install ./x.deb

        apt-get check : observe
          allow apt-get check
          refuse apt-get check -f

        apt-get update | apt update : bounded, undo no, does pull
          allow apt-get update -qq
          allow apt update
          refuse apt-get update -o APT::Update::Pre-Invoke::=id
          refuse apt-get update --allow-insecure-repositories

        # Only packages that can be fetched again.
        apt-get (clean|autoclean) | apt (clean|autoclean) : bounded, undo no, does prune
          allow apt-get clean
          refuse apt-get purge nginx

        apt-get (upgrade|dist-upgrade) | apt (upgrade|full-upgrade) : highRisk, undo no, does upgrade
          --with-new-pkgs, --no-install-recommends, -V --verbose-versions
          allow apt-get upgrade -y
          allow apt-get -y dist-upgrade
          allow apt full-upgrade -y
          refuse apt-get upgrade --allow-unauthenticated
          refuse apt-get upgrade --force-yes

        # A trailing '-' would remove.
        apt install SYSTEMPACKAGE : highRisk, undo partly, does install
          --no-install-recommends, --only-upgrade, --reinstall, -V --verbose-versions
          allow apt install --only-upgrade docker-ce
          refuse apt install docker-ce-

        apt-get install SYSTEMPACKAGE | apt-get ((install)) SYSTEMPACKAGE : highRisk, undo partly, does install
          --no-install-recommends, --only-upgrade, --reinstall, -V --verbose-versions
          allow apt-get install -y smartmontools
          allow apt-get --only-upgrade install docker-ce
          refuse apt-get install docker-ce-
          refuse apt-get install ./x.deb
          refuse apt-get remove -y docker-ce
          refuse apt-get install -y --allow-downgrades x1

        apt-get autoremove | apt autoremove : highRisk, undo no, does remove
          allow apt-get autoremove -y
          refuse apt-get autoremove --purge -y
          refuse apt-get autoremove docker-ce

        apt-get install | apt install | apt-get [((install))] | apt [((install))] : highRisk, undo no, does change
          -f --fix-broken
          with -f
          allow apt-get -f install
          allow apt --fix-broken install -y
          allow apt-get install -f
          refuse apt-get -f remove x1

        program dpkg
        program dpkg-query

        dpkg [PACKAGEPATTERN...] : observe
          -l --list, -s --status, -L --listfiles, -p --print-avail, --get-selections, -C --audit, -V --verify
          --print-architecture, --version
          with -l | -s | -L | -p | --get-selections | -C | -V | --print-architecture | --version
          allow dpkg -l 'linux-image*'
          allow dpkg -s docker-ce
          allow dpkg --audit
          refuse dpkg -i docker-ce
          refuse dpkg -l --admindir /tmp/x
          refuse dpkg -L nginx --pre-invoke=id

        dpkg (DIR|PACKAGEPATTERN)... | dpkg-query (DIR|PACKAGEPATTERN)... : observe
          -S --search
          with -S
          allow dpkg -S /usr/bin/docker
          refuse dpkg -r nginx

        dpkg-query [PACKAGEPATTERN...] : observe
          -W --show, -l --list, -s --status, -L --listfiles, -f --showformat QUOTED
          with -W | -l | -s | -L
          allow dpkg-query -W -f='${Package} ${Version}' docker-ce
          refuse dpkg-query --admindir=/tmp/x -l

        dpkg : highRisk, undo no, does change
          --configure, -a --pending
          with --configure
          with -a
          allow dpkg --configure -a
          refuse dpkg --force-all --configure -a

        program unattended-upgrade unattended-upgrades
        program needrestart
        program checkrestart
        program deborphan
        program dkms

        unattended-upgrade : observe
          --dry-run, -d --debug, -v --verbose
          with --dry-run
          allow unattended-upgrade --dry-run -d
          refuse unattended-upgrade --apt-debug

        unattended-upgrade : highRisk, undo no, does upgrade
          -d --debug, -v --verbose
          allow unattended-upgrade -d
          refuse unattended-upgrade --download-only x

        # -b lists, and so does -r l; -r a would restart.
        needrestart : observe
          -b, -k, -l, -w, -q, -v, -n, -r {l}
          with -b | -r
          allow needrestart -b
          allow needrestart -r l -k
          refuse needrestart
          refuse needrestart -b -r a
          refuse needrestart -b -c /tmp/x

        checkrestart | deborphan : observe
          -v --verbose, -a, -p
          allow checkrestart
          allow deborphan -a
          refuse checkrestart -b /tmp/x
          refuse deborphan --status-file /tmp/x
          refuse deborphan --add-keep web

        dkms status : observe
          allow dkms status
          refuse dkms install x
        """
}
