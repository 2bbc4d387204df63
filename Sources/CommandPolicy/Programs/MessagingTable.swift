// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Brokers: mosquitto_sub(1), mosquitto_pub(1), rabbitmqctl(8), rabbitmq-diagnostics(8).
    static let messaging = """
        # mosquitto_sub: a count and a deadline, so that it ends; -i could throw another client out.
        program mosquitto_sub : words

        mosquitto_sub : observe
          -h --host HOST, -p --port PORT, -t --topic TOPICFILTER, -C FEW, -W COUNT, -v --verbose, -q --qos {0|1|2}
          --retained-only, -V --protocol-version {mqttv31|mqttv311|mqttv5|311|5}
          with -t
          with -C
          with -W
          allow mosquitto_sub -h 127.0.0.1 -t '$SYS/broker/uptime' -C 1 -W 5
          allow mosquitto_sub -h 127.0.0.1 -t 'zigbee2mqtt/+/availability' -C 5 -W 10 -v
          refuse mosquitto_sub -h 127.0.0.1 -t '#' -C 5 -W 10
          refuse mosquitto_sub -h 127.0.0.1 -t zigbee2mqtt/bridge/state -C 1
          refuse mosquitto_sub -h 127.0.0.1 -t zigbee2mqtt/bridge/state -W 5
          refuse mosquitto_sub -h 203.0.113.9 -t zigbee2mqtt/bridge/state -C 1 -W 5
          refuse mosquitto_sub -h 127.0.0.1 -t x -C 1 -W 5 --remove-retained
          refuse mosquitto_sub -h 127.0.0.1 -t x -C 1 -W 5 --will-topic y

        # mosquitto_pub: two requests to Zigbee2MQTT with nothing in them, never retained.
        program mosquitto_pub : words

        mosquitto_pub : bounded, undo no, does publish
          -h --host HOST, -p --port PORT, -t --topic BRIDGEREQUEST, -m --message EMPTY, -n --null-message
          -q --qos {0|1|2}
          with -t
          with -m | -n
          allow mosquitto_pub -h 127.0.0.1 -t zigbee2mqtt/bridge/request/restart -m ""
          allow mosquitto_pub -h 127.0.0.1 -t zigbee2mqtt/bridge/request/health_check -n
          refuse mosquitto_pub -t zigbee2mqtt/bridge/request/permit_join -m true
          refuse mosquitto_pub -t homeassistant/lock/front/set -m UNLOCK
          refuse mosquitto_pub -t zigbee2mqtt/bridge/request/restart -m "" -r
          refuse mosquitto_pub -h 203.0.113.9 -t zigbee2mqtt/bridge/request/restart -m ""
          refuse mosquitto_pub -t zigbee2mqtt/bridge/request/restart -f /etc/shadow

        # rabbitmqctl: another node (-n), 'eval', 'environment' and 'report' are left out.
        program rabbitmqctl

        rabbitmqctl ...
          -q --quiet, -s --silent, -t --timeout SECONDS, --formatter {table|pretty_table|json|csv}

        rabbitmqctl (status|cluster_status|ping|version|node_health_check|list_vhosts|list_users) : observe
          allow rabbitmqctl status
          refuse rabbitmqctl environment
          refuse rabbitmqctl -n rabbit@203.0.113.9 status
          refuse rabbitmqctl stop_app

        rabbitmqctl (list_queues|list_exchanges|list_bindings|list_consumers) [NAME...] : observe
          -p --vhost VHOST
          allow rabbitmqctl list_queues -p / name messages consumers
          refuse rabbitmqctl purge_queue jobs
          refuse rabbitmqctl delete_queue jobs

        rabbitmqctl (list_connections|list_channels) [NAME...] | rabbitmqctl (list_policies|list_permissions) : observe
          -p --vhost VHOST
          allow rabbitmqctl list_connections user state
          refuse rabbitmqctl eval 'os:cmd("id").'
          refuse rabbitmqctl close_all_connections x

        program rabbitmq-diagnostics

        rabbitmq-diagnostics ...
          -q --quiet, -s --silent, -t --timeout SECONDS, --formatter {table|json}

        rabbitmq-diagnostics (ping|status|alarms|listeners|cluster_status|memory_breakdown|server_version) : observe
          allow rabbitmq-diagnostics -q ping
          refuse rabbitmq-diagnostics environment
          refuse rabbitmq-diagnostics observer

        rabbitmq-diagnostics (check_running|check_local_alarms|check_alarms|check_port_connectivity) : observe
          allow rabbitmq-diagnostics check_port_connectivity
          refuse rabbitmq-diagnostics log_tail_stream

        rabbitmq-diagnostics (check_virtual_hosts|is_running) | rabbitmq-diagnostics check_port_listener PORT : observe
          allow rabbitmq-diagnostics check_port_listener 5672
          refuse rabbitmq-diagnostics consume_event_stream

        program rabbitmq-plugins

        rabbitmq-plugins list : observe
          -e --enabled, -m --minimal, -v --verbose
          allow rabbitmq-plugins list -e
          refuse rabbitmq-plugins enable rabbitmq_shovel
        """
}
