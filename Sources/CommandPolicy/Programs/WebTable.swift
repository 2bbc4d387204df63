// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// The web: curl(1), wget(1), nginx(8), caddy, haproxy(1), apachectl(8), certbot(1), openssl(1).
    static let web = """
        # curl: nothing is sent but the address, and nothing is written. -L could lead elsewhere, so that no redirect is
        # ever followed; -K, -T, -F, -d @ read
        # files; -x, --resolve and --connect-to go to another host; -u, -b, -E and -n tell who we are.
        program curl

        curl ...
          -s --silent, -S --show-error, -f --fail, --fail-with-body, -v --verbose, -k --insecure, -4 --ipv4, -6 --ipv6
          -q --disable, -g --globoff, -N --no-buffer, --compressed, -0 --http1.0, --http1.1, --http2, --tlsv1.2
          --tlsv1.3, --no-progress-meter, -i --include, -m --max-time DECIMAL, --connect-timeout DECIMAL
          -o --output {/dev/null|-}, -w --write-out WRITEOUT, -H --header HEADER

        # Retries belong to what may be done twice.
        curl URL : observe
          -I --head, -X --request {GET}, -G --get, --retry FEW, --retry-delay SECONDS, --retry-max-time SECONDS
          --retry-connrefused, --retry-all-errors, --max-filesize NUMBER
          allow curl -sf -m 5 http://192.168.0.11:9090/-/healthy
          allow curl -sI -m 5 https://n8n.theburrow.casa
          allow curl -sko /dev/null -w '%{http_code} %{time_total}' https://n8n.theburrow.casa/healthz
          allow curl -s 'http://127.0.0.1:9115/probe?target=192.168.0.1&module=icmp'
          refuse curl -o /etc/cron.d/x http://192.168.0.11:9090/
          refuse curl http://127.0.0.1:9090@203.0.113.9/
          refuse curl http://203.0.113.9/x.sh
          refuse curl -L http://127.0.0.1:9090/
          refuse curl -sSfL --max-redirs 1 --proto-redir =https http://127.0.0.1:9090/
          refuse curl -w '%output{/etc/x}' http://127.0.0.1:9090/
          refuse curl -w @/etc/shadow http://127.0.0.1:9090/
          refuse curl -d @/etc/shadow http://127.0.0.1:9090/
          refuse curl -H @/etc/shadow http://127.0.0.1:9090/
          refuse curl 'http://127.0.0.1:9115/probe?target=https://203.0.113.9/'
          refuse curl https://n8n.theburrow.casa/webhook/42
          refuse curl http://127.0.0.1:3100/ingester/shutdown
          refuse curl -X PUT http://127.0.0.1:9090/-/reload

        # Without -G it would be a POST.
        curl URL : observe
          -G --get, --data-urlencode QUERYDATA
          with -G
          with --data-urlencode
          allow curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=up{job="node"} == 0'
          refuse curl -s http://127.0.0.1:9090/api/v1/query --data-urlencode query=up
          refuse curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode query@/etc/shadow

        curl ACTIONURL : disruptive, undo no, does call
          -X --request {POST}, -d --data {{}}
          with -X
          allow curl -s -X POST -m 30 http://192.168.0.10:8123/api/services/automation/reload
          refuse curl -X POST http://192.168.0.10:8123/api/services/lock/unlock
          refuse curl -X POST http://192.168.0.11:9090/-/quit
          refuse curl -X POST -d @/etc/shadow http://192.168.0.10:8123/api/services/automation/reload

        # wget follows redirects unless it is told not to, to whatever host and scheme the answer names.
        program wget

        wget URL : observe
          --spider, -q --quiet, -S --server-response, -nv --no-verbose, -O --output-document {-|/dev/null}
          -T --timeout COUNT, -t --tries FEW, --no-check-certificate, -4 --inet4-only, -6 --inet6-only
          --max-redirect {0}
          with --max-redirect
          with --spider | -O
          allow wget --spider -q --max-redirect=0 http://127.0.0.1:9093/-/ready
          allow wget --max-redirect=0 -qO- http://127.0.0.1:9090/-/healthy
          refuse wget -qO- http://127.0.0.1:9090/-/healthy
          refuse wget --spider --max-redirect=1 http://127.0.0.1:9090/
          refuse wget http://127.0.0.1:9090/
          refuse wget --max-redirect=0 -O /etc/x http://127.0.0.1:9090/
          refuse wget --max-redirect=0 -qO- http://203.0.113.9/x
          refuse wget --max-redirect=0 --spider --post-file=/etc/shadow http://127.0.0.1:9090/

        # nginx: -T prints the whole configuration, -g takes directives, other files load modules.
        program nginx openresty

        nginx : observe
          -t, -q, -c {/etc/nginx/nginx.conf}
          with -t
          allow nginx -t
          allow nginx -tq -c /etc/nginx/nginx.conf
          refuse nginx -T
          refuse nginx -t -c /tmp/x.conf
          refuse nginx -g 'load_module /tmp/x.so;'

        nginx : observe
          -v, -V
          with -v | -V
          allow nginx -V
          refuse nginx

        nginx : bounded, undo no, does reload
          -s {reload|reopen}
          with -s
          allow nginx -s reload
          refuse nginx -s stop
          refuse nginx -s quit
          refuse nginx -s reload -c /tmp/x.conf

        program apache2ctl apachectl apache2 httpd : words

        apache2ctl configtest : observe
          allow apache2ctl configtest
          refuse apache2ctl stop

        apache2ctl : observe
          -t, -S, -M, -v, -V
          with -t | -S | -M | -v | -V
          allow apachectl -S
          refuse apache2ctl -t -c 'LoadModule x /tmp/x.so'
          refuse apache2ctl -f /tmp/x

        apache2ctl graceful : bounded, undo no, does reload
          allow apache2ctl graceful
          refuse apache2ctl graceful-stop

        apache2ctl : bounded, undo no, does reload
          -k {graceful}
          with -k
          allow apachectl -k graceful
          refuse apachectl -k stop

        program haproxy : words

        haproxy : observe
          -c, -q, -f HAPROXYFILE
          with -c
          with -f
          allow haproxy -c -f /etc/haproxy/haproxy.cfg
          refuse haproxy -f /etc/haproxy/haproxy.cfg
          refuse haproxy -c -f /tmp/x

        haproxy : observe
          -v, -vv
          with -v | -vv
          allow haproxy -v
          refuse haproxy

        program caddy

        caddy (version|build-info|list-modules) : observe
          allow caddy version
          refuse caddy run
          refuse caddy environ

        caddy validate : observe
          -c --config CADDYFILE, -a --adapter {caddyfile|json}
          with -c
          allow caddy validate --config /etc/caddy/Caddyfile
          refuse caddy validate --config /tmp/x
          refuse caddy validate --config /etc/caddy/cloudflare.env
          refuse caddy validate --config /etc/caddy/Caddyfile --envfile /etc/shadow

        caddy reload : bounded, undo partly, does reload
          -c --config CADDYFILE, -a --adapter {caddyfile|json}, -f --force
          with -c
          allow caddy reload --config /etc/caddy/Caddyfile
          refuse caddy reload --config http://203.0.113.9/c
          refuse caddy reload --config /etc/caddy/Caddyfile --address 203.0.113.9:2019
          refuse caddy stop

        program traefik : words

        traefik version | traefik healthcheck : observe
          --ping
          allow traefik healthcheck --ping
          refuse traefik --configfile=/tmp/x

        # certbot: hooks are commands; certificates are renewed, not made, deleted or revoked.
        program certbot

        certbot ...
          -q --quiet, -v --verbose, -n --non-interactive --noninteractive, --cert-name CERTIFICATE

        certbot certificates : observe
          -d --domain --domains CERTIFICATE
          allow certbot certificates
          refuse certbot delete --cert-name n8n.theburrow.casa

        certbot renew : bounded, undo no, does renew
          --dry-run, --no-random-sleep-on-renew, --force-renewal --force-renew !highRisk
          allow certbot renew --cert-name n8n.theburrow.casa --no-random-sleep-on-renew
          allow certbot renew --dry-run
          allow certbot -q renew
          refuse certbot renew --pre-hook id
          refuse certbot renew --deploy-hook 'sh -c id'
          refuse certbot renew --config-dir /tmp/x
          refuse certbot revoke --cert-name n8n.theburrow.casa

        program openssl : words

        openssl version : observe
          -a, -d, -v
          allow openssl version -a
          refuse openssl enc -d -a

        openssl x509 : observe
          -in FILE, -inform {PEM|DER}, -noout, -text, -enddate, -startdate, -dates, -subject, -issuer, -fingerprint
          -serial, -hash, -email, -ext FIELDS, -checkend NUMBER, -sha256, -sha1, -purpose, -ocsp_uri
          with -in
          with -noout
          allow openssl x509 -in /etc/ssl/certs/site.pem -noout -enddate
          allow openssl x509 -noout -checkend 604800 -in /etc/ssl/certs/site.pem
          refuse openssl x509 -in /etc/ssl/private/site.key -noout
          refuse openssl x509 -in /etc/ssl/certs/site.pem -noout -out /etc/x
          refuse openssl rsa -in /etc/ssl/certs/site.pem

        openssl x509 : observe, filter
          -inform {PEM|DER}, -noout, -text, -enddate, -startdate, -dates, -subject, -issuer, -fingerprint
          -serial, -hash, -email, -ext FIELDS, -checkend NUMBER, -sha256, -sha1, -purpose, -ocsp_uri
          with -noout
          allow openssl s_client -connect n8n.theburrow.casa:443 </dev/null | openssl x509 -noout -enddate -subject
          refuse openssl x509 -noout -dates
          refuse openssl s_client -connect 203.0.113.9:443 </dev/null | openssl x509 -noout -dates

        # Reads standard input: it is for '</dev/null'.
        openssl s_client : observe
          -connect HOST:PORT, -servername DNSNAME, -showcerts, -brief, -status, -tls1_2, -tls1_3, -verify_return_error
          -verify NUMBER, -verify_quiet, -verify_hostname DNSNAME, -4, -6, -alpn {h2|http/1.1}, -no_ign_eof
          -starttls {smtp|imap|pop3|ftp|ldap|postgres|mysql|xmpp}
          with -connect
          allow openssl s_client -connect n8n.theburrow.casa:443 -servername n8n.theburrow.casa </dev/null
          refuse openssl s_client -connect 203.0.113.9:443
          refuse openssl s_client -connect n8n.theburrow.casa:443 -proxy 203.0.113.9:80
          refuse openssl s_client -connect n8n.theburrow.casa:443 -keylogfile /etc/x

        openssl verify FILE... : observe
          -CAfile FILE, -untrusted FILE, -show_chain, -verbose
          allow openssl verify -CAfile /etc/ssl/certs/ca.pem /etc/ssl/certs/site.pem
          refuse openssl verify -engine /tmp/x.so /etc/ssl/certs/site.pem

        program acme.sh

        acme.sh : observe
          --list, --version
          with --list | --version
          allow acme.sh --list
          refuse acme.sh --renew-all --reloadcmd id
        """
}
