// SPDX-License-Identifier: Apache-2.0

import JarvisApp
import Testing

@Suite struct OwnContainerTests {
    static let id = String(repeating: "0123456789abcdef", count: 4)
    static let other = String(repeating: "fedcba9876543210", count: 4)
    static let overlay =
        "771 661 0:52 / / rw,relatime master:300 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AB,upperdir=/x"

    @Test(arguments: [
        "12:pids:/docker/\(id)\n1:name=systemd:/docker/\(id)", "0::/system.slice/docker-\(id).scope",
        "0::/machine.slice/libpod-\(id).scope/container", "0::/kubepods.slice/cri-containerd-\(id).scope",
    ])
    func `a process knows its container by its control groups`(_ text: String) {
        #expect(OwnContainer.identifiers(cgroups: text, mounts: "") == [Self.id])
    }

    @Test(arguments: [
        // Docker with cgroup v2 and a namespace of its own.
        "785 771 254:1 /var/lib/docker/containers/\(id)/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw,discard",
        "784 771 254:1 /var/lib/docker/containers/\(id)/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda1 rw",
        // /var/lib/docker is a file system of its own, or a btrfs subvolume.
        "786 771 8:17 /containers/\(id)/hosts /etc/hosts rw,relatime - xfs /dev/sdb1 rw,attr2",
        "786 771 0:41 /@docker/containers/\(id)/hosts /etc/hosts rw,relatime - btrfs /dev/sdb1 rw,subvol=/@docker",
        // Rootless docker.
        "990 971 8:2 /home/sam/.local/share/docker/containers/\(id)/hostname /etc/hostname rw - ext4 /dev/sda2 rw",
        // Podman: its run folder is a tmpfs.
        "612 590 0:25 /containers/storage/overlay-containers/\(id)/userdata/hostname /etc/hostname rw,nosuid,nodev "
            + "master:12 - tmpfs tmpfs rw,size=803432k,mode=755,inode64",
        "613 590 0:25 /containers/storage/overlay-containers/\(id)/userdata/.containerenv /run/.containerenv rw - tmpfs "
            + "tmpfs rw,size=803432k",
        // Rootless podman, and one with a folder of its own.
        "688 661 0:60 /containers/overlay-containers/\(id)/userdata/hosts /etc/hosts rw,nosuid,nodev,relatime - tmpfs "
            + "tmpfs rw,size=401712k,mode=700,uid=1000,gid=1000,inode64",
        "688 661 8:2 /data/podman/vfs-containers/\(id)/userdata/hosts /etc/hosts rw - ext4 /dev/sda2 rw",
    ])
    func `a process knows its container by what the engine mounts`(_ line: String) {
        #expect(OwnContainer.identifiers(cgroups: "0::/\n", mounts: "\(Self.overlay)\n\(line)\n") == [Self.id])
    }

    @Test(arguments: [
        // On a host every container has mounts: none of them is over the host's own files.
        "190 27 0:45 / /var/lib/docker/containers/\(id)/mounts/shm rw,nosuid - tmpfs shm rw,size=65536k",
        "191 27 254:1 /var/lib/docker/containers/\(id)/hostname /mnt/hostname rw - ext4 /dev/vda1 rw",
        // A file of somebody else, mounted by the operator.
        "785 771 254:1 /srv/web/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw",
        "785 771 254:1 /srv/containers/short/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw",
        "785 771 254:1 /var/lib/docker/containers/\(id)/hosts /etc/hostname rw - ext4 /dev/vda1 rw",
        "785 771 254:1 /\(id)/hosts /etc/hosts rw - ext4 /dev/vda1 rw", "785 771", "", overlay,
        // A sandbox of Kubernetes is none of the containers that are looked at.
        "786 771 8:17 /var/lib/kubelet/pods/0b1c/etc-hosts /etc/hosts rw,relatime - xfs /dev/sdb1 rw",
    ])
    func `and takes nothing else for its own`(_ line: String) {
        #expect(OwnContainer.identifiers(cgroups: "0::/", mounts: line).isEmpty)
    }

    @Test func `control groups and mounts count together`() {
        let mounts = "785 771 254:1 /var/lib/docker/containers/\(Self.id)/hostname /etc/hostname rw - ext4 /dev/vda1 rw"
        let cgroups = "0::/system.slice/docker-\(Self.other).scope"
        #expect(OwnContainer.identifiers(cgroups: cgroups, mounts: mounts) == [Self.id, Self.other])
    }
}
