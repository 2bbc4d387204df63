#!/usr/bin/env python3
"""Container metrics of one Docker engine for Prometheus; standard library only.

Own names, for every container, running or not:
  docker_up                        1 when the engine answered this scrape
  docker_container_running{name}   1 or 0
  docker_container_healthy{name}   1 or 0; only for running containers with a health check that has an opinion: while
                                   it is still "starting" there is no sample, because absence is not health
cAdvisor's names, like cAdvisor only for running containers and with explicit timestamps:
  container_last_seen, container_start_time_seconds {id, image, name}
"""

import argparse
import calendar
import http.client
import http.server
import json
import socket
import sys
import time


class EngineConnection(http.client.HTTPConnection):
    """HTTP over the engine's unix socket."""

    def __init__(self, path, timeout):
        super().__init__("docker", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def get(connection, path):
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    return json.loads(body) if response.status == 200 else None


def line(name, labels, value, milliseconds=None):
    def escape(text):
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    pairs = ",".join(f'{key}="{escape(text)}"' for key, text in labels.items())
    stamp = "" if milliseconds is None else f" {milliseconds}"
    return f"{name}{{{pairs}}} {value}{stamp}"


def started_at(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


def samples_of(container, now):
    name = container["Name"].lstrip("/")
    state = container["State"]
    running = state["Running"] and not state["Restarting"]
    yield line("docker_container_running", {"name": name}, int(running))
    if not running:
        return
    health = state.get("Health", {}).get("Status")
    if health in ("healthy", "unhealthy"):
        yield line("docker_container_healthy", {"name": name}, int(health == "healthy"))
    labels = {"id": "/docker/" + container["Id"], "image": container["Config"]["Image"], "name": name}
    yield line("container_last_seen", labels, int(now), int(now * 1000))
    yield line("container_start_time_seconds", labels, started_at(state["StartedAt"]), int(now * 1000))


def collect(engine_socket):
    now = time.time()
    try:
        connection = EngineConnection(engine_socket, timeout=0.8)
        lines = ["docker_up 1"]
        for summary in get(connection, "/containers/json?all=1") or []:
            container = get(connection, f"/containers/{summary['Id']}/json")
            if container is not None:  # removed since it was listed
                lines.extend(samples_of(container, now))
        connection.close()
    except (OSError, http.client.HTTPException) as error:
        print(f"docker_exporter: {engine_socket}: {error}", file=sys.stderr)
        lines = ["docker_up 0"]
    return "\n".join(sorted(lines)) + "\n"


def handler(engine_socket):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            found = self.path == "/metrics"
            body = collect(engine_socket).encode() if found else b"only /metrics is here\n"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description="Container metrics of one Docker engine")
    parser.add_argument("--address", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--docker-socket", default="/run/docker.sock")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer((options.address, options.port), handler(options.docker_socket))
    server.serve_forever()


if __name__ == "__main__":
    main()
