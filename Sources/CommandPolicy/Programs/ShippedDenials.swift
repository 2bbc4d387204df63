// SPDX-License-Identifier: Apache-2.0

extension DenyList {
    /// What is never run, with the reason; the words are those of the parsed command, program first.
    static let shippedText = """
        # Deleting and overwriting.
        rm -rf : deletes a tree
        rm -fr : deletes a tree
        rm -r : deletes a tree
        rm -R : deletes a tree
        rm * --recursive : deletes a tree
        rm * --no-preserve-root : deletes everything
        rmdir : deletes a directory
        unlink : deletes a file
        shred : overwrites beyond recovery
        wipe : overwrites beyond recovery
        srm : overwrites beyond recovery
        dd : writes to devices and files as they are
        truncate * /dev/* : writes to a device
        find * -exec* : runs what it is told
        find * -ok* : runs what it is told
        find * -fprint* : writes a file
        find * -fls : writes a file
        tee : writes a file
        cp : overwrites files
        mv : takes files away
        install : overwrites files
        ln : redirects paths

        # Disks and file systems.
        mkfs* : makes a file system
        mkswap : makes swap space over data
        mke2fs : makes a file system
        wipefs : removes signatures
        sgdisk : changes partitions
        sfdisk /* : changes partitions
        fdisk /* : changes partitions
        cfdisk : changes partitions
        parted * mk* : changes partitions
        parted * rm : removes a partition
        parted * resizepart : changes partitions
        blkdiscard : discards a device
        hdparm * --security-* : erases or locks a disk
        hdparm * --yes-i-know-* : erases or destroys a disk
        nvme format : erases a disk
        nvme sanitize : erases a disk
        cryptsetup * erase : erases encryption
        cryptsetup * luksErase : erases encryption
        cryptsetup * luksFormat : encrypts over data
        cryptsetup * luksAddKey : changes who can decrypt
        cryptsetup * luksRemoveKey : changes who can decrypt
        cryptsetup * luksKillSlot : changes who can decrypt
        cryptsetup * --dump-* : shows keys
        cryptsetup * close : closes encryption
        cryptsetup * open : opens encryption
        zpool destroy : destroys a pool
        zpool export : takes a pool away
        zpool labelclear : destroys a pool's label
        zfs destroy : destroys data sets
        lvremove : removes a volume
        vgremove : removes a volume group
        pvremove : removes a volume's label
        mdadm * --zero-superblock : destroys an array's label
        mdadm * --stop : stops an array
        mdadm * --create : makes an array over data
        btrfs subvolume delete : deletes a subvolume
        btrfs device delete : takes a disk out of a file system
        umount / : takes the root away
        umount * -a : takes all file systems away
        umount * -R : takes all file systems below away
        mount * -o : changes how something is mounted
        kexec : starts another kernel
        swapoff -a : takes all swap away

        # Containers.
        docker run : starts something new
        docker * --privileged : takes the host's rights
        docker cp : reads or writes a container's files
        docker commit : makes an image of secrets
        docker push : sends an image away
        docker save : writes an image
        docker load : loads an unknown image
        docker import : loads an unknown image
        docker login : takes credentials
        docker plugin install : runs with the host's rights
        docker plugin enable : runs with the host's rights
        docker plugin create : runs with the host's rights
        docker plugin set : changes what runs with the host's rights
        docker swarm : changes the cluster
        docker context use : speaks to another engine
        docker context create : speaks to another engine
        docker context update : speaks to another engine
        docker context import : speaks to another engine
        docker context export : writes keys
        docker * --host : speaks to another engine
        docker * -H : speaks to another engine
        docker volume prune -a* : deletes named data
        docker system prune * --volumes : deletes data
        docker volume prune * --all : deletes named data
        kubectl delete ns : deletes everything in a namespace
        kubectl delete namespace : deletes everything in a namespace
        kubectl * --all : reaches more than one thing
        kubectl * -it : runs what it is told
        kubectl * -ti : runs what it is told
        kubectl cp : reads or writes a container's files
        kubectl * --kubeconfig* : speaks to another cluster
        kubectl get secret* : shows secrets
        crictl rmp : removes pods

        # Shells, interpreters and wrappers.
        sh : runs what it is told
        bash : runs what it is told
        dash : runs what it is told
        zsh : runs what it is told
        ash : runs what it is told
        ksh : runs what it is told
        fish : runs what it is told
        busybox : is every program
        toybox : is every program
        python* : runs what it is told
        perl* : runs what it is told
        ruby* : runs what it is told
        php* : runs what it is told
        node : runs what it is told
        lua* : runs what it is told
        tclsh : runs what it is told
        env : runs what it is told
        xargs : runs what it is told
        nohup : runs what it is told
        setsid : runs what it is told
        timeout : runs what it is told
        watch : runs what it is told
        script : runs what it is told
        nsenter : enters the host or a container
        unshare : runs what it is told
        chroot : runs what it is told
        systemd-run : runs what it is told
        eval : runs what it is told
        exec : runs what it is told
        source : runs a file
        su : becomes somebody else
        doas : becomes somebody else
        pkexec : becomes somebody else
        runuser : becomes somebody else
        at : runs something later
        batch : runs something later

        # Users, rights and the way in.
        useradd : makes a user
        usermod : changes a user
        userdel : removes a user
        passwd : changes a password
        chpasswd : changes passwords
        visudo : changes who may become root
        chattr : locks or unlocks files
        setcap : gives rights
        setfacl : gives rights
        chmod * +s : gives the owner's rights to everybody
        chmod -R 777 : lets everybody write
        ssh : runs something elsewhere
        scp : sends files
        sftp : sends files
        rsync : sends or deletes files
        ssh-keygen : makes or changes keys
        ssh-copy-id : lets somebody in
        insmod : loads code into the kernel
        modprobe : loads code into the kernel
        rmmod : takes code out of the kernel
        setenforce : switches protection off
        ufw disable : opens the firewall
        iptables -F : opens or closes the firewall
        iptables -X : removes chains
        iptables -P : changes what the firewall does by default
        nft flush : opens or closes the firewall
        ip link delete : cuts the network
        ip addr flush : cuts the network
        ip route del : cuts the network

        # Sending away.
        nc * -e : hands out a shell
        ncat * --exec : hands out a shell
        socat : connects anything to anything
        telnet : speaks to anything
        wget * --post-* : sends data away
        curl * -T : sends files away
        curl * --upload-file : sends files away
        curl * -K : reads options from a file
        curl * --config : reads options from a file
        curl * --unix-socket : speaks to the engine

        # Power, processes and clocks.
        halt : stops the host
        init : changes the runlevel
        telinit : changes the runlevel
        killall : ends whatever has that name
        killall5 : ends everything
        pkill : ends whatever matches
        date -s : sets the clock
        hwclock : sets the clock
        timedatectl set-time : sets the clock
        stress-ng : wears the host out
        stress : wears the host out

        # Databases.
        dropdb : deletes a database
        dropuser : deletes a user
        pg_resetwal : discards a database's log
        redis-cli * flushall : deletes everything
        redis-cli * flushdb : deletes a database
        redis-cli * shutdown : stops the server
        mysqladmin drop : deletes a database
        mysqladmin shutdown : stops the server
        etcdctl del : deletes keys

        # Home Assistant.
        ha os datadisk : wipes or moves the data
        ha backups remove : deletes a backup
        """
}
