// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Power: reboot(8), shutdown(8), Network UPS Tools.
    ///
    /// What switches off for good is in no table: nobody far away can switch it on again.
    static let power = """
        program reboot
        program shutdown : words

        reboot : highRisk, undo no, does reboot
          allow reboot
          refuse reboot -f
          refuse reboot --poweroff
          refuse poweroff
          refuse halt

        # Minutes ahead, so that it can be called off.
        shutdown ((-r)) (MINUTES|CLOCK) [TEXT] : highRisk, undo partly, does reboot
          allow shutdown -r +5
          allow shutdown -r +10 'kernel update'
          refuse shutdown -h now
          refuse shutdown +5
          refuse shutdown +5 -r
          refuse shutdown -P +5
          refuse shutdown -r -f +5

        shutdown ((-c)) [TEXT] : disruptive, undo no, does change
          allow shutdown -c
          refuse shutdown -k now

        shutdown ((--show)) : observe
          allow shutdown --show
          refuse shutdown --show +1

        program upsc
        program upscmd
        program upsrw

        upsc UPSNAME [NAME] : observe
          allow upsc cp1500@192.168.0.11 battery.runtime
          allow upsc cp1500
          refuse upsc cp1500@203.0.113.9

        upsc [HOST] : observe
          -l, -L
          with -l | -L
          allow upsc -l
          allow upsc -L 192.168.0.11
          refuse upsc -l 203.0.113.9

        upsc UPSNAME : observe
          -c
          with -c
          allow upsc -c cp1500
          refuse upsc -c cp1500@203.0.113.9

        upscmd UPSNAME : observe
          -l
          with -l
          allow upscmd -l cp1500
          refuse upscmd -l cp1500@203.0.113.9

        # No user and password on the command line; nothing that takes the load off.
        upscmd UPSNAME UPSCOMMAND : highRisk, undo partly, does change
          allow upscmd cp1500@192.168.0.11 beeper.disable
          allow upscmd cp1500 test.battery.start.quick
          refuse upscmd -u a -p b ups shutdown.return
          refuse upscmd cp1500 shutdown.return
          refuse upscmd cp1500 load.off
          refuse upscmd cp1500 test.battery.start.deep

        # With -s it would write.
        upsrw UPSNAME : observe
          allow upsrw cp1500
          refuse upsrw -s input.transfer.low=1 cp1500

        program apcaccess
        program pwrstat : words
        program upower
        program acpi
        program ipmitool : words

        apcaccess [status] [HOST:PORT] : observe
          -u, -p {STATUS|BCHARGE|TIMELEFT|LOADPCT|LINEV|BATTV|XONBATT|XOFFBATT|NUMXFERS|BATTDATE|SELFTEST|LASTXFER}
          allow apcaccess status
          allow apcaccess -p BCHARGE -u
          refuse apcaccess -h 203.0.113.9:3551
          refuse apcaccess -f /etc/shadow

        pwrstat {-status|-version|-config} : observe
          allow pwrstat -status
          refuse pwrstat -pwrfail -shutdown on

        upower : observe
          -e --enumerate, -d --dump
          with -e | -d
          allow upower -d
          refuse upower -m

        acpi : observe
          -b --battery, -a --ac-adapter, -t --thermal, -c --cooling, -V --everything
          allow acpi -V
          refuse acpi -d /tmp/x

        # The controller of this machine only: -H, -U and -P would ask another.
        ipmitool (sdr|sensor|fru) [list] | ipmitool sel [(list|elist|info)] | ipmitool mc info : observe
          allow ipmitool sdr list
          allow ipmitool sel elist
          refuse ipmitool -H 203.0.113.9 -U a -P b sdr
          refuse ipmitool sel clear

        ipmitool (power|chassis) status | ipmitool sdr elist | ipmitool dcmi power reading : observe
          allow ipmitool power status
          refuse ipmitool power off
          refuse ipmitool chassis power cycle
        """
}
