#!/usr/bin/env python3
"""Stands in for Jarvis: takes Alertmanager's webhooks and writes one line per alert to a log.

Each line is JSON: at (unix seconds), authorised (basic auth was right), status, labels. Wrong credentials are answered
with 401, so a log without "authorised": false proves that the lab's password works.
"""

import argparse
import base64
import hmac
import http.server
import json
import time


def handler(credentials, log):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            authorised = hmac.compare_digest(self.headers.get("Authorization", ""), credentials)
            for alert in json.loads(body)["alerts"]:
                entry = {"at": time.time(), "authorised": authorised, "path": self.path}
                entry.update(status=alert["status"], labels=alert["labels"])
                log.write(json.dumps(entry) + "\n")
            log.flush()
            self.send_response(202 if authorised else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description="Logs Alertmanager webhooks")
    parser.add_argument("--port", type=int, default=18480)
    parser.add_argument("--password-file", required=True)
    parser.add_argument("--log", required=True)
    options = parser.parse_args()
    with open(options.password_file, encoding="utf-8") as file:
        pair = "alertmanager:" + file.read().strip()
    credentials = "Basic " + base64.b64encode(pair.encode()).decode()
    with open(options.log, "a", encoding="utf-8") as log:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), handler(credentials, log))
        server.serve_forever()


if __name__ == "__main__":
    main()
