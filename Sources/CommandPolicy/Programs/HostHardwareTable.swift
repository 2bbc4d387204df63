// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Memory, buses, sensors and firmware; nothing that sets, writes or watches on.
    static let hardware = """
        program free

        free : observe
          -b --bytes, -k --kibi, -m --mebi, -g --gibi, --kilo, --mega, --giga, --tebi, -h --human, -w --wide, -t --total
          -l --lohi, --si, -c --count FEW
          allow free -h
          allow free -mt
          refuse free -s 1

        free : observe
          -b --bytes, -k --kibi, -m --mebi, -g --gibi, -h --human, -w --wide, -t --total
          -s --seconds FEW, -c --count FEW
          with -s
          with -c
          allow free -m -s 2 -c 5
          refuse free -h -s 2

        program lscpu
        program lsmem
        program lsblk
        program numactl
        program numastat

        lscpu : observe
          -a --all, -b --online, -c --offline, -B --bytes, -x --hex, -y --physical, -J --json
          -e --extended[=FIELDS], -p --parse[=FIELDS], -C --caches[=FIELDS]
          allow lscpu -e
          refuse lscpu -s /tmp/x

        lsmem : observe
          -a --all, -b --bytes, -J --json, -n --noheadings, -o --output FIELDS, -P --pairs, -r --raw, --summary[={only}]
          allow lsmem
          refuse lsmem -s /tmp/x

        lsblk [DRIVE...] : observe
          -a --all, -b --bytes, -d --nodeps, -D --discard, -f --fs, -i --ascii, -J --json, -l --list, -m --perms
          -n --noheadings, -o --output FIELDS, -O --output-all, -p --paths, -P --pairs, -r --raw, -s --inverse
          -S --scsi, -N --nvme, -t --topology, -T --tree, -z --zoned, -x --sort NAME, -e --exclude NUMBER
          -I --include NUMBER, -M --merge, -v --virtio
          allow lsblk -o NAME,SIZE,FSTYPE,MOUNTPOINT
          allow lsblk -f /dev/sda
          refuse lsblk --sysroot /tmp/x
          refuse lsblk /etc/shadow

        # Without these it runs a command.
        numactl : observe
          -H --hardware, -s --show
          with -H | -s
          allow numactl --hardware
          refuse numactl -s sh

        numastat : observe
          -c, -m, -n, -s, -v, -z, -p PID
          allow numastat -m
          refuse numastat -x

        program lsusb
        program lspci
        program lshw : words
        program dmidecode

        lsusb : observe
          -v --verbose, -t --tree, -s BUSID, -d BUSID
          allow lsusb -t
          refuse lsusb -D /dev/sda

        lspci : observe
          -v, -n, -k, -t, -m, -D, -b, -s BUSID, -d BUSID
          allow lspci -nnk
          refuse lspci -i /etc/shadow
          refuse lspci -F /etc/shadow
          refuse lspci -q

        lshw : observe
          -short, -businfo, -json, -numeric, -quiet, -sanitize, -class -C -c NAME
          allow lshw -short
          allow lshw -C network
          refuse lshw -dump /etc/x
          refuse lshw -X

        dmidecode : observe
          -q --quiet, -t --type FIELDS, -s --string NAME
          allow dmidecode -t memory
          refuse dmidecode --dump-bin /etc/x
          refuse dmidecode --from-dump /etc/shadow

        program udevadm

        udevadm info [DRIVE] : observe
          -q --query {all|name|path|symlink|property}, -n --name DRIVE, -a --attribute-walk
          allow udevadm info -q property -n /dev/sda
          refuse udevadm info -p /tmp/x
          refuse udevadm trigger

        program sensors
        program nvidia-smi : words
        program rocm-smi
        program vcgencmd : words
        program rpi-eeprom-update
        program edac-util
        program ras-mc-ctl

        sensors [NAME...] : observe
          -u, -A --no-adapter, -f --fahrenheit, -j
          allow sensors -j
          refuse sensors -s
          refuse sensors -c /etc/shadow

        # Elsewhere -c would set the compute mode.
        nvidia-smi : observe
          -L --list-gpus, -q --query, -i --id NUMBER, -d --display FIELDS, -x --xml-format
          --query-gpu FIELDS, --query-compute-apps FIELDS, --format FIELDS
          allow nvidia-smi
          allow nvidia-smi --query-gpu=temperature.gpu,utilization.gpu --format=csv,noheader
          allow nvidia-smi -q -d MEMORY
          refuse nvidia-smi -q -f /etc/x
          refuse nvidia-smi -l 1
          refuse nvidia-smi -pm 1
          refuse nvidia-smi -c 1
          refuse nvidia-smi --gpu-reset -i 0

        nvidia-smi (pmon|dmon) : observe
          -c --count FEW, -s --select {u|p|m|um|pu|puc|pucvmet}, -i --id NUMBER
          with -c
          allow nvidia-smi pmon -c 1
          refuse nvidia-smi dmon
          refuse nvidia-smi dmon -c 1 -f /etc/x

        rocm-smi : observe
          -a --showallinfo, -t --showtemp, -u --showuse, --showmeminfo {vram|gtt|all}, --showpids, -P --showpower
          allow rocm-smi
          refuse rocm-smi --resetgpu

        vcgencmd (measure_temp|get_throttled|version|get_camera|get_lcd_info|measure_volts|commands) : observe
          allow vcgencmd measure_temp
          refuse vcgencmd otp_dump

        vcgencmd (measure_volts|measure_clock|get_mem|get_config|codec_enabled|read_ring_osc) NAME : observe
          allow vcgencmd measure_clock arm
          refuse vcgencmd set_backlight 0

        # With -a it writes the firmware.
        rpi-eeprom-update : observe
          allow rpi-eeprom-update
          refuse rpi-eeprom-update -a

        edac-util : observe
          -s --status, -v --verbose, -q --quiet
          allow edac-util -v
          refuse edac-util x

        ras-mc-ctl : observe
          --status, --summary, --errors, --mainboard, --layout, --error-count
          with --status | --summary | --errors | --mainboard | --layout | --error-count
          allow ras-mc-ctl --summary
          refuse ras-mc-ctl --register-labels
        """

    /// The kernel: its messages, modules, settings and swap.
    static let kernel = """
        program dmesg

        # Only printing: -C and -c take the messages away, -w and -W never end, -D, -E and -n change the console.
        dmesg : observe
          -T --ctime, -H --human, -x --decode, -k --kernel, -u --userspace, -d --show-delta, -t --notime, -e --reltime
          -r --raw, -P --nopager, -J --json, -l --level FIELDS, -f --facility FIELDS, -L --color[={never|auto|always}]
          --since TIME, --until TIME, --time-format {iso|ctime|delta|reltime|notime|raw}
          allow dmesg -T
          allow dmesg --level=err,warn
          refuse dmesg -C
          refuse dmesg -Tc
          refuse dmesg -w
          refuse dmesg -F /etc/shadow
          refuse dmesg -n 1

        program lsmod
        program modinfo
        program lsns
        program lslocks
        program ipcs
        program ldconfig
        program runlevel
        program getenforce
        program sestatus
        program aa-status
        program mokutil

        lsmod | runlevel | getenforce : observe
          allow lsmod
          allow runlevel
          allow getenforce
          refuse lsmod x
          refuse runlevel 1
          refuse getenforce 0

        modinfo MODULE : observe
          -F --field NAME, -a --author, -d --description, -l --license, -p --parameters, -n --filename
          allow modinfo zfs -F version
          refuse modinfo /tmp/x.ko
          refuse modinfo -b /tmp zfs

        lsns : observe
          -J --json, -l --list, -n --noheadings, -o --output FIELDS, -p --task PID, -r --raw, -t --type NAME
          allow lsns -t net
          refuse lsns sh

        lslocks : observe
          -b --bytes, -i --noinaccessible, -J --json, -n --noheadings, -o --output FIELDS, -p --pid PID, -r --raw
          allow lslocks
          refuse lslocks x

        ipcs : observe
          -a --all, -m --shmems, -q --queues, -s --semaphores, -c --creator, -l --limits, -p --pid, -t --time
          -u --summary
          allow ipcs -l
          refuse ipcs x

        ldconfig : observe
          -p --print-cache
          with -p
          allow ldconfig -p
          refuse ldconfig
          refuse ldconfig -p -C /tmp/x

        sestatus | aa-status : observe
          -v --verbose, --enabled, --json
          allow aa-status
          allow sestatus -v
          refuse aa-teardown
          refuse aa-status /etc/shadow
          refuse sestatus -b
          refuse setenforce 0

        mokutil : observe
          --sb-state
          with --sb-state
          allow mokutil --sb-state
          refuse mokutil --disable-validation

        program sysctl

        sysctl SYSCTLKEY... : observe
          -n --values, -e --ignore, -N --names
          allow sysctl net.netfilter.nf_conntrack_count
          allow sysctl -n vm.swappiness
          refuse sysctl net.ipv6.conf.all.stable_secret

        sysctl : observe
          -a -A -X --all, -n --values, -e --ignore, -N --names, -r --pattern TEXT
          with -a
          allow sysctl -a
          refuse sysctl -p /tmp/x
          refuse sysctl --system
          refuse sysctl -a --load=/tmp/x

        # Limits that an alert may ask to raise; nothing that names a program or shuts a door.
        sysctl SYSCTLSETTING : highRisk, undo yes, does change
          -w --write, -n --values, -q --quiet
          allow sysctl -w net.netfilter.nf_conntrack_max=262144
          allow sysctl vm.swappiness=10
          refuse sysctl -w "kernel.core_pattern=|/tmp/x"
          refuse sysctl -w net.ipv4.ip_forward=0
          refuse sysctl -w kernel.sysrq=1
          refuse sysctl -w vm.swappiness=10 vm.max_map_count=1

        # Without a size or -r (which resets, and is not --raw) it only lists.
        program zramctl
        zramctl [DRIVE] : observe
          --output-all, -o --output FIELDS, -b --bytes, -n --noheadings, --raw
          allow zramctl --output-all
          refuse zramctl -r /dev/zram0
          refuse zramctl --size 1G /dev/zram0
          refuse zramctl -f -s 1G

        program swapon

        swapon : observe
          allow swapon
          refuse swapon -v
        swapon : observe
          --show[=FIELDS], -s --summary, --noheadings, --bytes, --raw, --output-all
          with --show | -s
          allow swapon --show
          allow swapon -s
          refuse swapon --bytes

        swapon SWAP : highRisk, undo yes, does start
          allow swapon /swapfile
          refuse swapon -f /dev/sda
          refuse swapon -o discard /swapfile

        swapon : highRisk, undo yes, does start
          -a --all
          with -a
          allow swapon -a
          refuse swapon -a -T /tmp/fstab
        """
}
