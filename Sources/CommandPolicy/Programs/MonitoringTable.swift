// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Monitoring: amtool(1), promtool(1), grafana-cli.
    ///
    /// Silences are made through Jarvis' own typed action.
    static let monitoring = """
        # amtool: 'config show' prints receivers with their secrets; other configurations (--config.file) are left out.
        program amtool

        amtool ...
          --alertmanager.url URL, -o --output {simple|extended|json}, --timeout DURATION

        amtool alert [MATCHER...] | amtool alert query [(MATCHER|NAME)...] : observe
          -s --silenced, -i --inhibited, -a --active, -u --unprocessed, -r --receiver NAME
          allow amtool alert
          allow amtool alert query alertname=ContainerDown
          allow amtool --alertmanager.url=http://127.0.0.1:9093 -o extended alert query 'instance=~"192.168.0.*"'
          refuse amtool alert add alertname=x
          refuse amtool --alertmanager.url=http://203.0.113.9:9093 alert
          refuse amtool alert query @/etc/shadow

        amtool silence [MATCHER...] | amtool silence query [(MATCHER|NAME)...] : observe
          --expired, --within DURATION, -q --quiet, --created-by NAME
          allow amtool silence query
          refuse amtool silence add 'alertname=~".+"' -d 30d -c x
          refuse amtool silence expire 5d1a
          refuse amtool silence import /tmp/x

        amtool check-config PROMETHEUSFILE... | amtool cluster show : observe
          allow amtool check-config /etc/alertmanager/alertmanager.yml
          refuse amtool check-config /etc/shadow
          refuse amtool config show

        amtool config routes [show] : observe
          --config.file PROMETHEUSFILE
          allow amtool config routes show --config.file=/etc/alertmanager/alertmanager.yml
          refuse amtool config routes --config.file=/etc/shadow

        amtool config routes test MATCHER... : observe
          --config.file PROMETHEUSFILE
          allow amtool config routes test --config.file=/etc/alertmanager/alertmanager.yml severity=critical
          refuse amtool template render --template.glob=/etc/shadow

        # promtool: 'push' and 'tsdb create-blocks' write, 'debug' writes an archive, --http.config.file reads secrets.
        program promtool

        promtool check config PROMETHEUSFILE : observe
          --syntax-only, --lint {all|duplicate-rules|none|too-long-scrape-interval}, --lint-fatal, --agent
          allow promtool check config /etc/prometheus/prometheus.yml
          refuse promtool check config /etc/shadow
          refuse promtool check config @/etc/shadow

        promtool (check|test) rules PROMETHEUSFILE... : observe
          --lint {all|duplicate-rules|none}, --lint-fatal
          allow promtool check rules /etc/prometheus/rules/node.yml
          refuse promtool check rules --config.file=/etc/shadow

        promtool check (healthy|ready) : observe
          --url URL
          allow promtool check ready --url=http://127.0.0.1:9090
          refuse promtool check ready --url=http://203.0.113.9

        promtool query ...
          -o --format {json|promql}

        promtool query instant URL PROMQL : observe
          --time RFCTIME
          allow promtool query instant http://127.0.0.1:9090 'sum by (job) (up{job=~"node|cadvisor"})'
          refuse promtool query instant http://203.0.113.9 up
          refuse promtool query instant http://127.0.0.1:9090 @/etc/shadow
          refuse promtool query instant --http.config.file=/tmp/x http://127.0.0.1:9090 up

        promtool query range URL PROMQL : observe
          --start RFCTIME, --end RFCTIME, --step DURATION
          allow promtool query range --step=1m http://127.0.0.1:9090 up
          refuse promtool query range http://203.0.113.9 up

        promtool query series URL | promtool query labels URL NAME : observe
          --match PROMQL, --start RFCTIME, --end RFCTIME
          allow promtool query series --match='up{job="node"}' http://127.0.0.1:9090
          refuse promtool push metrics http://127.0.0.1:9091 /tmp/x
          refuse promtool debug all http://127.0.0.1:9090

        promtool tsdb list DIR : observe
          -r --human-readable
          allow promtool tsdb list /var/lib/prometheus
          refuse promtool tsdb dump /var/lib/prometheus

        promtool tsdb analyze DIR : observe
          --limit COUNT
          allow promtool tsdb analyze /var/lib/prometheus
          refuse promtool tsdb create-blocks-from openmetrics /tmp/x /var/lib/prometheus

        program grafana-cli

        grafana-cli plugins ls : observe
          allow grafana-cli plugins ls
          refuse grafana-cli plugins install x
          refuse grafana-cli --pluginUrl http://203.0.113.9/x plugins ls
          refuse grafana-cli admin reset-admin-password x
        """
}
