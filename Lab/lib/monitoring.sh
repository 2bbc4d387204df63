# shellcheck shell=bash
# Prometheus, Alertmanager and the blackbox exporter: in the lab's network namespace, on their usual ports, loopback
# only. Their configuration is written from the table of hosts.

prometheus=http://127.0.0.1:9090
alertmanager=http://127.0.0.1:9093
blackbox=127.0.0.1:9115
curl_options=(--silent --show-error --fail --max-time 5)

# "fast" makes a scenario a matter of seconds; "field" is what people run at home.
set_profile() {
    case $profile in
        fast) scrape=1s scrape_timeout=1s rule_for=0s group_wait=0s group_interval=1s quiet_limit=60 ;;
        field) scrape=15s scrape_timeout=10s rule_for=1m group_wait=30s group_interval=5m quiet_limit=180 ;;
        *) usage_error "JARVIS_LAB_PROFILE is '$profile'; it takes fast or field" ;;
    esac
}

# Where the workloads answer on their host; the images say the same.
workload_port() {
    case $1 in
        web) echo 8080 ;; api) echo 8090 ;; cache) echo 8070 ;;
        wg-quick@*) ;; # A tunnel serves no page.
        demo.service) echo 8000 ;; web-unit.service) echo 8001 ;; fragile.service) echo 8002 ;;
        *) die "no port is known for '$1'; add it to workload_port" ;;
    esac
}

target() { # host target
    echo "      - {targets: ['$2'], labels: {remediation_host: $1}}"
}

host_targets() { # port [image]
    local name address image rest
    while read -r name address image rest; do
        if [ -z "${2:-}" ] || [ "$image" = "$2" ]; then target "$name" "$address:$1"; fi
    done < <(hosts)
}

workload_targets() {
    local name workload port
    for name in $(host_names); do
        for workload in $(host_containers "$name") $(host_units "$name"); do
            port=$(workload_port "$workload") || exit
            [ -z "$port" ] || target "$name" "http://$(host_address "$name"):$port/"
        done
    done
}

ping_targets() {
    local name address rest
    while read -r name address rest; do target "$name" "$address"; done < <(hosts)
}

blackbox_job() { # module; the targets come on standard input
    cat <<END
  - job_name: blackbox-$1
    metrics_path: /probe
    params: {module: [$1]}
    static_configs:
$(cat)
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: '$blackbox'}
END
}

prometheus_configuration() {
    cat <<END
global:
  scrape_interval: $scrape
  scrape_timeout: $scrape_timeout
  evaluation_interval: $scrape
  # What is delivered to a webhook carries this label, what the API answers does not: clients must cope.
  external_labels: {lab: box}
rule_files: [$state/conf/rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{targets: ['${alertmanager#http://}']}]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ['${prometheus#http://}']}]
  - job_name: alertmanager
    static_configs: [{targets: ['${alertmanager#http://}']}]
  - job_name: node
    static_configs:
$(host_targets 9100)
  - job_name: docker
    static_configs:
$(host_targets 8081 systemd)
END
    workload_targets | blackbox_job http_2xx
    ping_targets | blackbox_job icmp
}

# Running processes with another configuration are ended; start_monitoring starts them anew.
write_monitoring_configuration() {
    local name before
    before=$(configuration_digest)
    prometheus_configuration >"$state/conf/prometheus.yml"
    for name in rules alertmanager blackbox; do
        sed -e "s|@FOR@|$rule_for|; s|@GROUP_WAIT@|$group_wait|" \
            -e "s|@GROUP_INTERVAL@|$group_interval|; s|@STATE@|$state|" \
            "$lab/monitoring/$name.yml" >"$state/conf/$name.yml"
    done
    promtool check config "$state/conf/prometheus.yml" >"$state/log/promtool.log" 2>&1 ||
        die "the Prometheus configuration is wrong; read $state/log/promtool.log"
    echo "$profile" >"$state/conf/profile"
    [ "$before" != "$(configuration_digest)" ] || return 0
    for name in prometheus alertmanager blackbox; do stop_process "$name"; done
}

configuration_digest() { find "$state/conf" -name '*.yml' -exec sha256sum {} + | sort | sha256sum; }

prometheus_ready() { curl "${curl_options[@]}" "$prometheus/-/ready"; }
alertmanager_ready() { curl "${curl_options[@]}" "$alertmanager/-/ready"; }

start_prometheus() {
    start_process prometheus prometheus --config.file="$state/conf/prometheus.yml" \
        --storage.tsdb.path="$state/data/prometheus" --web.listen-address="${prometheus#http://}" \
        --web.enable-lifecycle --storage.tsdb.retention.time=1d
    wait_for 60 'a ready Prometheus' "$state/log/prometheus.log" prometheus_ready
}

# No --cluster: a lone Alertmanager that looks for peers only logs that it has no address.
start_alertmanager() {
    start_process alertmanager prometheus-alertmanager --config.file="$state/conf/alertmanager.yml" \
        --storage.path="$state/data/alertmanager" --web.listen-address="${alertmanager#http://}" \
        --cluster.listen-address=
    wait_for 30 'a ready Alertmanager' "$state/log/alertmanager.log" alertmanager_ready
}

start_blackbox() {
    start_process blackbox prometheus-blackbox-exporter --config.file="$state/conf/blackbox.yml" \
        --web.listen-address="$blackbox"
}

start_monitoring() {
    start_blackbox
    start_alertmanager
    start_prometheus
}

# One line per alert: state, name, host and what it is about; pending ones too.
alerts() {
    curl "${curl_options[@]}" "$prometheus/api/v1/alerts" | python3 -c '
import json, sys
for alert in json.load(sys.stdin)["data"]["alerts"]:
    labels = alert["labels"]
    print(alert["state"], labels["alertname"], labels.get("remediation_host", "-"), labels.get("name", "-"))'
}

# Targets without a successful scrape; one not scraped yet is not up either. A fresh Prometheus has no targets for
# about five seconds, and no targets is not "all up".
targets_down() {
    curl "${curl_options[@]}" "$prometheus/api/v1/targets?state=active" | python3 -c '
import json, sys
targets = json.load(sys.stdin)["data"]["activeTargets"]
if not targets: print("no targets yet")
for target in targets:
    if target["health"] != "up": print(target["labels"]["job"], target["labels"]["instance"], target["lastError"])'
}

# Every target scraped, every probe successful, every unit and container seen, and no alert: silence alone would also be
# what a Prometheus without targets answers.
is_quiet() {
    local list expected
    list=$(targets_down) && [ -z "$list" ] || return 1
    list=$(alerts) && [ -z "$list" ] || return 1
    list=$(query '{__name__=~"probe_success|docker_up|docker_container_running|docker_container_healthy"} == 0') &&
        [ -z "$list" ] || return 1
    expected=$(hosts | awk '$4 != "-" { n += split($4, names, ",") } END { print n + 0 }')
    [ "$(query 'docker_container_running == 1' | wc -l)" -ge "$expected" ]
}

query() { # PromQL; prints "labels value" per series
    curl "${curl_options[@]}" --get --data-urlencode "query=$1" "$prometheus/api/v1/query" | python3 -c '
import json, sys
for series in json.load(sys.stdin)["data"]["result"]:
    print(json.dumps(series["metric"], sort_keys=True), series["value"][1])'
}

wait_quiet() {
    local found
    if (wait_for "$quiet_limit" quiet "$state/log/prometheus.log" is_quiet) 2>/dev/null; then return 0; fi
    found=$({ alerts; targets_down; } 2>&1 | paste -sd ';') || true
    die "not quiet within $quiet_limit s: ${found:-a series is missing}; read $state/log/prometheus.log"
}
