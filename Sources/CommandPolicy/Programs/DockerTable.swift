// SPDX-License-Identifier: Apache-2.0

extension ShippedTables {
    /// Docker and Podman.
    static let docker = engine + "\n" + podman

    /// Docker: docs.docker.com/reference/cli.
    private static let engine = #"""
        program docker

        docker : observe
          -v --version
          with --version
          allow docker --version
          refuse docker -H tcp://192.168.0.10:2375 ps

        # What is there.

        docker ps | docker container ls | docker container ps | docker container list : observe
          -a --all, -q --quiet, -s --size, -l --latest, -n --last NUMBER, --no-trunc, -f --filter CONTAINERFILTER
          --format TEMPLATE
          allow docker ps -aqf status=exited
          allow docker container ls -a --filter 'name=^web$' --format "table {{.Names}}\t{{.Status}}"
          refuse docker ps --context evil

        # --details prints environment variables and labels; --follow never ends.
        docker logs LOGGEDCONTAINER | docker container logs LOGGEDCONTAINER : observe
          -n --tail TAIL, --since TIME, --until TIME, -t --timestamps
          allow docker logs -t -n 100 --since 10m web
          refuse docker logs -ft web
          refuse docker logs vault
          refuse docker logs --details web

        # A whole object is printed without its environment, which is dropped from all output.
        docker inspect CONTAINER... | docker inspect IMAGE... | docker container inspect CONTAINER... : observe
          -f --format INSPECTION, -s --size, --type {container|image|network|volume}
          allow docker inspect web --format "{{.State.ExitCode}} {{json .State.Health}}"
          allow docker container inspect web
          allow docker inspect -f "{{index .RepoDigests 0}}" web:1.2.3
          refuse docker inspect -f "{{json .Config.Env}}" web
          refuse docker inspect -f "{{index .Config.Env 0}}" web
          refuse docker inspect --type secret web

        docker stats [CONTAINER...] | docker container stats [CONTAINER...] : observe
          -a --all, --no-stream, --no-trunc, --format TEMPLATE
          with --no-stream
          allow docker stats --no-stream web
          refuse docker stats web

        # Other options of ps(1) print environment variables.
        docker top CONTAINER [aux] | docker container top CONTAINER [aux] : observe
          allow docker top web
          refuse docker top web auxe

        docker port CONTAINER [CONTAINERPORT] | docker container port CONTAINER [CONTAINERPORT] : observe
          allow docker port web 80/tcp
          refuse docker port web db

        docker diff CONTAINER | docker container diff CONTAINER : observe
          allow docker diff web
          refuse docker diff web db

        # A duration lies in the past; a date might lie in the future and wait for it.
        docker events | docker system events : observe
          --since TIME, --until DURATION, -f --filter CONTAINERFILTER, --format TEMPLATE
          with --until
          allow docker events --since 10m --until 0s --filter container=web
          refuse docker events --since 10m

        docker images [IMAGE] | docker image ls [IMAGE] | docker image list [IMAGE] : observe
          -a --all, -q --quiet, --digests, --no-trunc, --tree, -f --filter CONTAINERFILTER, --format TEMPLATE
          allow docker images -f dangling=true -q
          refuse docker images --config /tmp/x

        # --no-trunc prints build arguments.
        docker history IMAGE | docker image history IMAGE : observe
          -q --quiet, --human, --format TEMPLATE
          allow docker history web:1.2.3
          refuse docker history --no-trunc web:1.2.3

        docker image inspect IMAGE... : observe
          -f --format INSPECTION
          allow docker image inspect web:1.2.3 -f "{{.Created}}"
          refuse docker image inspect -f "{{.Config.Env}}" web

        docker system df | docker buildx du | docker builder du : observe
          -v --verbose, --format TEMPLATE
          allow docker system df -v
          refuse docker system dial-stdio

        docker info | docker system info | docker version : observe
          -f --format TEMPLATE
          allow docker info --format "{{.ServerVersion}}"
          refuse docker --tlsverify info

        docker network ls | docker network list | docker volume ls | docker volume list : observe
          -q --quiet, -f --filter CONTAINERFILTER, --format TEMPLATE
          allow docker volume ls -qf dangling=true
          refuse docker network ls evil

        docker network inspect NETWORK... | docker volume inspect VOLUME... : observe
          -f --format INSPECTION
          allow docker network inspect bridge
          refuse docker config inspect web

        docker buildx ls | docker context show : observe
          allow docker context show
          refuse docker context use evil

        docker context ls | docker context list | docker plugin ls | docker plugin list : observe
          -q --quiet, --no-trunc, --format TEMPLATE
          allow docker context ls
          allow docker plugin ls -q
          refuse docker context export default
          refuse docker plugin install x

        docker node ls | docker service ls | docker stack ls | docker stack services NAME : observe
          -q --quiet, -f --filter CONTAINERFILTER, --format TEMPLATE
          allow docker service ls
          refuse docker secret ls

        docker service ps STACK... | docker stack ps NAME | docker node ps [NAME] : observe
          -q --quiet, --no-trunc, --no-resolve, -f --filter CONTAINERFILTER, --format TEMPLATE
          allow docker service ps web --no-trunc
          refuse docker service inspect web

        docker service logs LOGGEDSTACK : observe
          -n --tail TAIL, --since TIME, -t --timestamps, --no-trunc, --raw, --no-task-ids, --no-resolve
          allow docker service logs --tail 50 web
          refuse docker service logs -f web

        # No option: another user, a terminal, more rights or an environment are never given.
        docker exec CONTAINER COMMAND... | docker container exec CONTAINER COMMAND... : observe
          allow docker exec web df -h
          refuse docker exec web sh -c id
          refuse docker exec -it web df -h
          refuse docker exec -u 0 web df -h
          refuse docker exec --privileged web df -h

        # Short changes.

        docker restart CONTAINERNAME | docker container restart CONTAINERNAME : bounded, undo no, does restart
          -t --time --timeout COUNT, -s --signal SIGNAL !disruptive
          allow docker restart -t 30 web
          refuse docker restart 4f1e
          refuse docker restart deadbeefcafe
          allow docker container restart prometheus
          refuse docker restart web db
          refuse docker restart 3fa85f64c0de

        # Without time to end in peace.
        docker restart CONTAINERNAME | docker container restart CONTAINERNAME : disruptive, undo no, does restart
          -t --time --timeout {0}
          with --timeout
          allow docker restart -t 0 web
          refuse docker restart -t -1 web

        docker start CONTAINERNAME | docker container start CONTAINERNAME : bounded, undo yes, does start
          allow docker start web
          refuse docker start -ai web

        docker unpause CONTAINERNAME | docker container unpause CONTAINERNAME : bounded, undo yes, does unpause
          allow docker unpause web
          refuse docker unpause web db

        # A version is added; what a moving tag stands for is replaced.
        docker pull PINNEDIMAGE | docker image pull PINNEDIMAGE : bounded, undo partly, does pull
          -q --quiet
          allow docker pull ghcr.io/home-assistant/home-assistant:2026.1
          refuse docker pull 203.0.113.9:5000/web:1.2.3
          refuse docker pull -a web

        docker pull FLOATINGIMAGE | docker image pull FLOATINGIMAGE : disruptive, undo partly, does pull
          -q --quiet
          allow docker pull web:latest
          refuse docker pull evil.example/web:latest

        docker image prune | docker builder prune | docker buildx prune : bounded, undo no, does prune
          -f --force, --filter CONTAINERFILTER, -a --all !disruptive
          with --force
          allow docker image prune -f --filter until=24h
          refuse docker image prune

        # A person's decision.

        docker stop CONTAINERNAME | docker container stop CONTAINERNAME : disruptive, undo partly, does stop
          -t --time --timeout NUMBER, -s --signal SIGNAL
          allow docker stop -t 30 web
          refuse docker stop prometheus
          refuse docker stop jarvis-jarvis-1
          refuse docker stop Jarvis
          refuse docker stop monitoring_prometheus_1

        docker kill CONTAINERNAME | docker container kill CONTAINERNAME : disruptive, undo partly, does kill
          -s --signal SIGNAL
          allow docker kill -s HUP web
          refuse docker kill jarvis

        docker pause CONTAINERNAME | docker container pause CONTAINERNAME : disruptive, undo yes, does pause
          allow docker pause web
          refuse docker pause node-exporter

        docker rm CONTAINERNAME | docker container rm CONTAINERNAME : highRisk, undo no, destroys, does remove
          allow docker rm web
          refuse docker rm -f web
          refuse docker rm -v web

        docker rename CONTAINERNAME NAME : disruptive, undo yes, does change
          allow docker rename web web-old
          refuse docker rename prometheus old

        docker update CONTAINERNAME | docker container update CONTAINERNAME : disruptive, undo partly, does change
          -m --memory SIZE, --memory-swap SIZE, --memory-reservation SIZE, --cpus DECIMAL, -c --cpu-shares NUMBER
          --pids-limit NUMBER, --restart {no|always|unless-stopped|on-failure}
          with --memory | --memory-swap | --memory-reservation | --cpus | --cpu-shares | --pids-limit | --restart
          allow docker update --memory 2g --memory-swap 2g web
          refuse docker update --restart=no prometheus

        docker rmi IMAGE | docker image rm IMAGE | docker image remove IMAGE : disruptive, undo partly, does remove
          allow docker rmi web:1.2.2
          refuse docker rmi -f web:1.2.2

        docker network create NETWORK | docker volume create VOLUME : disruptive, undo yes, does create
          allow docker network create proxy
          refuse docker volume create -o device=/ -o type=none -o o=bind root

        docker network rm NETWORK | docker network remove NETWORK : disruptive, undo partly, does remove
          allow docker network rm old
          refuse docker network rm -f old

        docker network connect NETWORK CONTAINERNAME : disruptive, undo yes, does change
          allow docker network connect proxy web
          refuse docker network connect host jarvis

        docker network disconnect NETWORK CONTAINERNAME : disruptive, undo yes, does change
          allow docker network disconnect proxy web
          refuse docker network disconnect -f proxy web

        docker network prune : disruptive, undo partly, does prune
          -f --force, --filter CONTAINERFILTER
          with --force
          allow docker network prune -f
          refuse docker network prune

        docker volume rm VOLUME | docker volume remove VOLUME : highRisk, undo no, destroys, does remove
          allow docker volume rm old_cache
          refuse docker volume rm pgdata
          refuse docker volume rm jarvis_state
          refuse docker volume rm web_data
          refuse docker volume rm -f old

        docker container prune | docker volume prune | docker system prune : highRisk, undo no, destroys, does prune
          -f --force, --filter CONTAINERFILTER
          with --force
          allow docker system prune -f
          refuse docker system prune -af
          refuse docker volume prune --all --force
        """#
}
