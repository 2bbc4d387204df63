"""A Prometheus of its own for a campaign, which scrapes what is up and has a rule for what is down."""
import http.server
import json
import pathlib
import subprocess
import threading
import urllib.request

from bed import free_port, wait_for

RULES = """
groups:
  - name: bed
    rules:
      - {alert: ContainerDown, expr: bed_container_up == 0, labels: {severity: critical}}
      - {alert: SystemdUnitFailed, expr: bed_unit_up == 0, labels: {severity: critical}}
"""
# Whatever is said of a thing names it and its host, and nothing else.
CONFIGURATION = """
global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: bed
    static_configs: [{targets: ["127.0.0.1:%d"]}]
    metric_relabel_configs: [{action: labeldrop, regex: instance|job}]
"""


class Monitoring:
    """The server, and what it scrapes: of each name its kind, its host, and whether it is up."""

    def __init__(self, folder, things, is_up):
        self.folder, self.things, self.is_up = pathlib.Path(folder), things, is_up
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.exporter = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.exporter.serve_forever, daemon=True).start()
        (self.folder / "rules.yml").write_text(RULES)
        (self.folder / "prometheus.yml").write_text(CONFIGURATION % self.exporter.server_port)
        self.log = open(self.folder / "log", "ab")
        self.process = None

    def handler(monitoring):
        class Exporter(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                lines = [
                    f'bed_{kind}_up{{name="{name}",remediation_host="{host}"}} {int(monitoring.is_up(name))}'
                    for name, (kind, host) in monitoring.things.items()]
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(("\n".join(lines) + "\n").encode())

            def log_message(self, *_):
                pass
        return Exporter

    def start(self):
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"], stdout=self.log, stderr=self.log)
        wait_for("Prometheus answers", lambda: self.firing(or_else=None) is not None, 60, 0.1)

    def firing(self, or_else):
        """What its rules see down, and since when; `or_else` when it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/alerts", timeout=1) as answer:
                alerts = json.load(answer)["data"]["alerts"]
        except (OSError, ValueError):
            return or_else
        return {alert["labels"]["name"]: alert["activeAt"] for alert in alerts if alert["state"] == "firing"}

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=30)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.exporter.shutdown()
        self.log.close()
