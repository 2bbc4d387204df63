// SPDX-License-Identifier: Apache-2.0

/// The example that `jarvis config example` prints.
package enum ConfigurationExample {
    /// A complete configuration with a comment on every key; reads without faults.
    package static let text = #"""
        # Jarvis configuration. Every key may be left out unless it says "required"; the values of the settings shown
        # here are the defaults, except where a comment says "example".
        #
        # Times are written 30s, 5m, 4h, 30d; sizes 512KiB, 8MiB. Relative paths start at the directory of this file.
        # Every setting outside lists can be given by the environment too: server.listen is JARVIS_SERVER_LISTEN,
        # webhook.password is JARVIS_WEBHOOK_PASSWORD or, as a file, JARVIS_WEBHOOK_PASSWORD_FILE. PROMETHEUS_URL and
        # ALERTMANAGER_URL are understood as well. The environment goes before this file.

        # Directory of the database, generated credentials and SSH files.
        data: ./data

        # Several instances may share a PostgreSQL database instead of each having a file; see docs/OPERATE.md. The
        # variable DATABASE_URL is understood as well.
        # database:
        #   url: {env: DATABASE_URL}                  # postgresql://jarvis:PASSWORD@db.example.org/jarvis?sslmode=verify-full
        #   repair:                                   # what Jarvis may start when the database is away; docs/POSTGRES.md.
        #     host: skynet                            # Without it: nothing. The target is declared under hosts, too.
        #     container: postgres-jarvis              # or unit: postgresql@15-main.service
        #     after: 2m                               # it must have been away so long without an interruption

        server:
          # IP address and port of webhook and API.
          listen: 127.0.0.1:8480
          # An address that other machines reach must be allowed here; put a reverse proxy with TLS in front.
          allow_remote: false
          # How senders reach it from outside, for the receiver snippet. Example.
          external_url: https://jarvis.example.org
          max_body: 8MiB
          max_connections: 1024

        # What senders of alerts must present: basic authentication or the bearer token. What is left out is generated
        # at the first start and kept in the data directory.
        # A secret is {file: path} (best), {env: NAME}, or the text itself.
        webhook:
          username: alertmanager
          password: {env: WEBHOOK_PASSWORD}           # example
          token: {env: WEBHOOK_TOKEN}                 # example

        # The Prometheus whose rules and metrics prove repairs. Example: without this section none is asked.
        prometheus:
          url: http://127.0.0.1:9090                  # required
          username: jarvis                            # with password; or a token alone
          password: {env: PROMETHEUS_PASSWORD}
          ca_file: /etc/jarvis/prometheus-ca.pem      # certificates to trust instead of the system's
          timeout: 5s

        # The Alertmanager that `jarvis silence` asks for silences. Example: without this section none is asked.
        alertmanager:
          url: http://127.0.0.1:9093                  # required
          token: {env: ALERTMANAGER_TOKEN}            # or username and password, as above
          ca_file: /etc/jarvis/alertmanager-ca.pem
          timeout: 5s

        ssh:
          # Your own SSH client configuration, for jump hosts and the like; may be absent. "none" leaves it out.
          config: ~/.ssh/config
          connect_timeout: 5s

        # The machines and what may be changed on them: nothing that is not listed here is ever touched. All examples.
        hosts:
          - name: nexus                               # required: lower-case letters, digits, - and .
            address: 192.168.0.11                     # DNS name, IP address or a name of the SSH configuration;
                                                      # default: the host's name
            port: 22
            user: jarvis                              # required
            allow_root: false                         # must be true for user root
            key: /etc/jarvis/id_ed25519               # private key; default: that of 'jarvis hosts enrol', else as the
                                                      # SSH configuration says
            connection: ssh                           # ssh or local
            sudo: [units]                             # what runs as sudo -n there: units, containers
            max_sessions: 6                           # commands at a time, at most 10
            guarded: false                            # true: jarvis-guard stands there instead of a shell; docs/GUARD.md
            guard_cap: bounded                        # with guarded: nothing riskier runs there, whoever approves it;
                                                      # default: as risky as the actions on its targets are
            allow_undo: false                         # true: with sudo or a guard, what stops again what Jarvis started
                                                      # is enrolled there as well; docs/UNDO.md
            # Values of alert labels that mean this host: one or a list, compared as a whole. The label
            # remediation_host means the host whose name it holds and needs no entry.
            labels:
              instance: ["192.168.0.11:9100", "192.168.0.11:8081"]
              host: nexus
            # Targets: a name alone, or a name with probes. A probe is a question from outside whose answer shows that
            # the target serves.
            containers:
              - web
              - name: api
                probes:
                  - http: http://192.168.0.11:8080/health
                    status: 200
                    contains: ok                      # text that the answer must hold
                    echoes_nonce: false               # true: ?nonce=... is added and must come back in the answer
                  - tcp: 192.168.0.11:8080
            units:
              - nginx.service
              - name: demo.service
                probes: [{tcp: "192.168.0.11:9000"}]

          # The machine Jarvis runs on is always there under the name "local"; it is declared to give it targets.
          - name: local
            connection: local
            sudo: []
            labels: {instance: "127.0.0.1:9100"}
            containers: [cache]
            units: [cron.service]
            # Programs that Jarvis itself starts; on this machine only.
            services:
              - name: my-app                          # required: lower-case letters, digits and -
                argv: [/usr/local/bin/my-app, --port, "9001"]   # required: absolute path and arguments
                probes: [{http: "http://127.0.0.1:9001/"}]

        # What may happen without a person: observe (look only), approve (prepare a plan and ask) or auto (act).
        autonomy:
          default: approve
          # The first rule that matches decides; what a rule leaves out matches everything. Examples.
          rules:
            - level: auto                             # required
              class: bounded                          # riskiest class: observe, bounded (default), disruptive, highRisk
              host: nexus
              pattern: container-down                 # the id of a pattern
              target: container web on nexus
            - level: observe
              target: {kind: unit, name: demo.service, host: nexus}

        # How much may be changed, whatever the reasons are; approved plans count, too. A step that would be too many
        # waits. After so many repairs that did not help a person is asked first.
        limits:
          steps_per_hour: 30
          steps_per_hour_on_host: 12
          steps_per_hour_on_target: 4
          steps_at_once_on_host: 1
          failures_of_pattern: 3
          failures_on_target: 2
          failures_in_all: 8
          failures_within: 6h

        policy:
          # Your own policy: what else may be read, asked and protected, and further programs; see docs/POLICY.md.
          # Example.
          file: ./jarvis.policy

        patterns:
          # Your own patterns, *.yaml; one with the id of a shipped pattern takes its place. Example.
          directory: ./patterns

        approvals:
          # How long a question to a person stays open.
          expire_after: 24h

        # Deliveries, and incidents that have ended, are forgotten after this time, with their history; never before
        # limits.failures_within has passed. The audit log is kept for good.
        retention:
          keep: 30d

        log:
          level: info                                 # trace, debug, info, notice, warning, error, critical
          format: text                                # text or json

        timing:
          # A repeat of an alert within this time only updates it.
          alert_repeat_cooldown: 5m
          # A person is told of the same alert at most this often.
          escalation_cooldown: 4h

        """#
}
