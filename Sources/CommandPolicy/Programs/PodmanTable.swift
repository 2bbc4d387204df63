// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Podman: docs.podman.io.
    static let podman = #"""
        # Podman has options of the same names that mean others (`logs -n`, `events --until`): it has forms of its own.
        program podman

        podman : observe
          -v --version
          with --version
          allow podman --version
          refuse podman --remote ps

        podman ps | podman container ls : observe
          -a --all, -q --quiet, -s --size, -l --latest, --no-trunc, -p --pod, -f --filter CONTAINERFILTER
          --format TEMPLATE
          allow podman ps -a --pod
          refuse podman ps -w 2

        podman logs LOGGEDCONTAINER | podman container logs LOGGEDCONTAINER : observe
          --tail NUMBER, --since TIME, --until TIME, -t --timestamps
          allow podman logs --tail 50 web
          refuse podman logs -f web

        podman inspect CONTAINER... | podman inspect IMAGE... | podman container inspect CONTAINER... : observe
          -f --format INSPECTION, -s --size, -t --type {container|image|network|volume|pod}
          allow podman inspect -f "{{.State.Status}}" web
          refuse podman inspect -f "{{.Config.Env}}" web

        podman stats [CONTAINER...] | podman pod stats [NAME...] : observe
          -a --all, --no-stream, --format TEMPLATE
          with --no-stream
          allow podman stats --no-stream
          refuse podman stats

        podman port CONTAINER | podman top CONTAINER | podman diff CONTAINER | podman images [IMAGE] : observe
          allow podman top web
          refuse podman top web pid args

        podman info | podman version | podman system df | podman pod ps | podman network ls | podman volume ls : observe
          -v --verbose, -f --format TEMPLATE
          allow podman system df -v
          refuse podman --url tcp://203.0.113.9 info

        podman exec CONTAINER COMMAND... : observe
          allow podman exec web df -h
          refuse podman exec -it web sh

        podman restart CONTAINERNAME : bounded, undo no, does restart
          -t --time COUNT
          allow podman restart -t 10 web
          refuse podman restart --all

        podman start CONTAINERNAME : bounded, undo yes, does start
          allow podman start web
          refuse podman start --all

        podman stop CONTAINERNAME : disruptive, undo partly, does stop
          -t --time NUMBER
          allow podman stop web
          refuse podman stop -a
        """#
}
