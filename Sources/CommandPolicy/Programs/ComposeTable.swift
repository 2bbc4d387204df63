// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Docker Compose: docs.docker.com/reference/cli/docker/compose.
    static let compose = #"""
        program docker-compose

        docker compose ...
          -f --file COMPOSEFILE, -p --project-name PROJECT, --profile NAME, --ansi {never|always|auto}

        docker-compose ...
          -f --file COMPOSEFILE, -p --project-name PROJECT, --profile NAME, --ansi {never|always|auto}

        docker-compose : observe
          -v --version
          with --version
          allow docker-compose --version
          refuse docker-compose -H tcp://203.0.113.9 ps

        docker compose version | docker-compose version : observe
          --short, --format {pretty|json}
          allow docker compose version --short
          refuse docker compose --env-file /tmp/x version

        docker compose ps [STACK...] | docker-compose ps [STACK...] : observe
          -a --all, -q --quiet, --services, --no-trunc, --orphans, --filter CONTAINERFILTER, --format TEMPLATE
          --status {paused|restarting|removing|running|dead|created|exited}
          allow docker compose -f /opt/stacks/web/compose.yml ps -a
          refuse docker compose -f /tmp/x.yml ps
          refuse docker compose --project-directory /tmp ps

        # Behind `logs`, -f is --follow.
        docker compose logs ...
          -f NEVER

        docker-compose logs ...
          -f NEVER

        docker compose logs [LOGGEDSTACK...] | docker-compose logs [LOGGEDSTACK...] : observe
          -n --tail TAIL, --since TIME, --until TIME, -t --timestamps, --no-color, --no-log-prefix
          allow docker compose logs --tail=100 --no-color web
          allow docker compose -f /opt/stacks/web/compose.yml logs --since 10m
          refuse docker compose logs -f web
          refuse docker compose logs -f /opt/stacks/web/compose.yml

        docker compose top [STACK...] | docker-compose top [STACK...] : observe
          allow docker compose top web
          refuse docker compose events

        docker compose images [STACK...] | docker-compose images [STACK...] : observe
          -q --quiet, --format {table|json}
          allow docker compose images
          refuse docker compose build

        docker compose stats [STACK] : observe
          -a --all, --no-stream, --no-trunc, --format TEMPLATE
          with --no-stream
          allow docker compose stats --no-stream
          refuse docker compose stats

        docker compose port STACK PORT | docker-compose port STACK PORT : observe
          --protocol {tcp|udp}, --index FEW
          allow docker compose port web 80
          refuse docker compose port web 80 -H x

        docker compose ls : observe
          -a --all, -q --quiet, --filter CONTAINERFILTER, --format {table|json}
          allow docker compose ls -a
          refuse docker compose ls -f /tmp/x.yml

        # The whole configuration holds passwords; names and the check alone do not.
        docker compose config | docker-compose config : observe
          -q --quiet, --services, --volumes, --profiles, --images, --networks
          with --quiet | --services | --volumes | --profiles | --images | --networks
          allow docker compose config --services
          refuse docker compose config
          refuse docker compose config -q --environment
          refuse docker compose config -q -o /etc/cron.d/x

        # -T: no terminal.
        docker compose exec STACK COMMAND... | docker-compose exec STACK COMMAND... : observe
          -T --no-TTY --no-tty, --index FEW
          allow docker compose exec -T web df -h
          refuse docker compose exec -T web sh -c id
          refuse docker compose exec -e A=b web df -h
          refuse docker compose exec --user root web df -h

        # One service is restarted like one container; without a name it is the whole stack.

        docker compose restart STACK | docker-compose restart STACK : bounded, undo no, does restart
          -t --timeout COUNT, --no-deps
          allow docker compose -f /opt/stacks/web/compose.yml restart web
          refuse docker compose restart web db
          refuse docker compose restart -t 0 web

        docker compose start STACK | docker-compose start STACK : bounded, undo yes, does start
          allow docker compose -p web start web
          refuse docker compose start web db

        docker compose unpause STACK | docker-compose unpause STACK : bounded, undo yes, does unpause
          allow docker compose unpause web
          refuse docker compose unpause web db

        # (In Jarvis' own project, or one of a VPN or a database, a person restarts even one service.)
        docker compose restart | docker-compose restart : disruptive, undo no, does restart
          -t --timeout COUNT, --no-deps
          allow docker compose -f /opt/stacks/web/compose.yml restart
          refuse docker compose -f compose.yml restart

        docker compose start | docker-compose start : disruptive, undo yes, does start
          allow docker compose -f /opt/stacks/web/compose.yml start
          refuse docker compose start --env-file /tmp/x

        docker compose stop [STACK] | docker-compose stop [STACK] : disruptive, undo yes, does stop
          -t --timeout NUMBER
          allow docker compose -f /opt/stacks/web/compose.yml stop web
          refuse docker compose stop web db
          refuse docker compose -p jarvis stop
          refuse docker compose -f /opt/stacks/jarvis/compose.yml stop web

        docker compose pause [STACK] | docker-compose pause [STACK] : disruptive, undo yes, does pause
          allow docker compose pause web
          refuse docker compose pause jarvis

        docker compose kill STACK | docker-compose kill STACK : disruptive, undo partly, does kill
          -s --signal SIGNAL
          allow docker compose kill -s HUP web
          refuse docker compose kill

        docker compose pull [STACK] | docker-compose pull [STACK] : disruptive, undo partly, does pull
          -q --quiet, --ignore-pull-failures, --include-deps
          allow docker compose pull web
          refuse docker compose push web

        # Containers are made anew when file or image changed; --build would run the project's own commands.
        docker compose up [STACK] | docker-compose up [STACK] : disruptive, undo partly, does change
          -d --detach, --no-deps, --no-recreate, --force-recreate, --no-build, --quiet-pull, --wait, -t --timeout COUNT
          --wait-timeout COUNT, --pull {missing|always|never}, --remove-orphans !highRisk
          with --detach
          allow docker compose -f /opt/stacks/web/compose.yml up -d --force-recreate web
          refuse docker compose up web
          refuse docker compose up -d --build
          refuse docker compose -f /tmp/x.yml up -d

        docker compose down | docker-compose down : highRisk, undo partly, destroys, does remove
          -t --timeout NUMBER, --remove-orphans
          allow docker compose -f /opt/stacks/web/compose.yml down
          refuse docker compose down -v
          refuse docker compose down --rmi all

        docker compose rm ...
          -f --force

        docker-compose rm ...
          -f --force

        docker compose rm STACK | docker-compose rm STACK : highRisk, undo no, destroys, does remove
          with --force
          allow docker compose rm -f web
          refuse docker compose rm -f -v web
          refuse docker compose rm -sv web
        """#
}
