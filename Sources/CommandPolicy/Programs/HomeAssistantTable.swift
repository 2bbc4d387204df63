// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Home Assistant's own command line, `ha`.
    ///
    /// Add-ons are also called apps.
    static let homeAssistant = """
        # Another supervisor (--endpoint, --api-token, --config) is left out, and so is --follow.
        program ha

        ha ...
          --no-progress, --raw-json

        ha info | ha (addons|addon|apps|app) | ha (backups|backup) | ha (available-updates|jobs|mounts|store) : observe
          allow ha addons
          refuse ha --endpoint 203.0.113.9 info
          refuse ha banner x

        ha (addons|addon|apps|app) (info|stats) ADDON | ha (addons|addon|apps|app) list : observe
          allow ha addons info core_mosquitto
          allow ha apps stats 45df7312_zigbee2mqtt --no-progress
          refuse ha addons info ../core
          refuse ha addons security core_mosquitto --protected=false

        ha (addons|addon|apps|app) logs ADDON : observe
          -n --lines COUNT
          allow ha addons logs core_mosquitto -n 100
          refuse ha addons logs core_mosquitto --follow

        ha (core|supervisor|su|host|dns|audio|multicast|observer|cli) logs : observe
          -n --lines COUNT
          allow ha core logs
          refuse ha core logs -f

        ha (core|supervisor|su|dns|audio|multicast|observer|cli) (info|stats) | ha core check : observe
          allow ha supervisor info --raw-json
          allow ha core check
          refuse ha core options --ssl=false
          refuse ha supervisor options --channel dev

        ha (os|host|resolution|hardware|jobs|mounts|docker|security|store) info | ha network info [INTERFACE] : observe
          allow ha resolution info
          refuse ha os import
          refuse ha network update eth0 --disabled
          refuse ha docker registries

        ha (backups|backup) list | ha (backups|backup) info NAME | ha os datadisk list | ha host services : observe
          allow ha backups list
          refuse ha os datadisk wipe
          refuse ha backups remove a

        ha (addons|addon|apps|app) restart ADDON : bounded, undo no, does restart
          allow ha addons restart core_mosquitto
          refuse ha addons restart core_mosquitto core_mariadb
          refuse ha addons restart core_mosquitto --no-progress=false
          refuse ha addons uninstall core_mosquitto

        ha (addons|addon|apps|app) start ADDON : bounded, undo yes, does start
          allow ha addons start core_mosquitto
          refuse ha addons install 45df7312_evil

        ha core (restart|start) : bounded, undo no, does restart
          allow ha core restart
          refuse ha core restart --rebuild

        ha (supervisor|su) restart | ha (dns|audio|multicast|observer) restart : bounded, undo no, does restart
          allow ha supervisor restart
          allow ha dns restart
          refuse ha dns reset
          refuse ha dns options --servers dns://203.0.113.9

        ha (supervisor|su|store|host|backups|backup|addons|addon|apps|app) reload : bounded, undo no, does reload
          allow ha supervisor reload
          refuse ha store add http://203.0.113.9/x

        ha resolution healthcheck : bounded, undo no, does call
          allow ha resolution healthcheck
          refuse ha resolution suggestion apply x

        ha (backups|backup) new : bounded, undo yes, does backup
          --name TEXT
          allow ha backups new --name auto
          refuse ha backups new --password x
          refuse ha backups restore a

        ha core stop : highRisk, undo yes, does stop
          allow ha core stop
          refuse ha host options --hostname x

        ha (addons|addon|apps|app) stop ADDON : highRisk, undo yes, does stop
          allow ha addons stop core_mosquitto
          refuse ha addons stop core_mosquitto core_mariadb

        ha (addons|addon|apps|app) (update|rebuild) ADDON : highRisk, undo no, does upgrade
          --backup
          allow ha addons update core_mosquitto
          refuse ha addons options core_mosquitto --option x

        ha (core|os|supervisor|su|dns|audio|multicast|observer|cli) update : highRisk, undo no, does upgrade
          --version NAME, --backup
          allow ha core update
          allow ha os update --version 14.2
          refuse ha os update --board x

        ha (supervisor|su) repair | ha core rebuild : highRisk, undo no, does change
          allow ha supervisor repair
          refuse ha supervisor reset

        ha network reload : highRisk, undo no, does reload
          allow ha network reload
          refuse ha network vlan eth0 5

        ha host reboot : highRisk, undo no, does reboot
          allow ha host reboot
          refuse ha host reboot --force

        ha host shutdown : highRisk, undo no, does poweroff
          allow ha host shutdown
          refuse ha os config-swap x
          refuse ha authentication reset --username x --password y
        """
}
