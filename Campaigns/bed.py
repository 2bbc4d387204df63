"""What the campaigns run Jarvis against: a real sshd whose `docker` counts what is really executed.

Everything is in one directory and on loopback; every process is ended by its number.
"""
import base64
import collections
import copy
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSWORD = "password-of-the-campaign"


given_ports = set()


def free_port():
    """One that nobody listens at, never given before: who it was given to may not listen there yet."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in given_ports:
            given_ports.add(port)
            return port


# `docker start` takes a moment, so that Jarvis dies before, while and after it. The line is written first: what is
# counted are beginnings. The first question about a silent one has no answer in time, and after the first three about a
# blurred one two have an answer that says nothing. `ps` hides what else runs on
# this machine: a package upgrade would hold everything back.
DOCKER = r"""#!/bin/sh
bed=%(bed)s
case "$1" in
start)
    echo "$2" >> "$bed/executions"
    case "$2" in slow*) sleep 25 ;; long*) sleep 2 ;; *) sleep 0.$(($$ %% 3)) ;; esac
    echo "$(date -u +%%Y-%%m-%%dT%%H:%%M:%%S.%%NZ) $$" > "$bed/up.$2.new" && mv "$bed/up.$2.new" "$bed/up/$2"
    echo "$2" ;;
inspect)
    for name; do :; done
    case "$name" in silent*) if ! [ -e "$bed/asked.$name" ]; then
        : > "$bed/asked.$name"
        trap '' TERM
        for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 1; done
    fi ;; esac
    case "$name" in blurred*)
        echo >> "$bed/asked.$name"
        case $(wc -l < "$bed/asked.$name") in 4 | 5) echo "?"; exit ;; esac ;;
    esac
    if read -r at pid < "$bed/up/$name" 2>/dev/null; then
        printf '{"id":"id-%%s","status":"running","startedAt":"%%s","pid":%%s,"exitCode":0,"oomKilled":false,"health":null,"restartPolicy":"no","restartCount":0}\n' "$name" "$at" "$pid"
    else
        printf '{"id":"id-%%s","status":"exited","startedAt":"2026-01-01T00:00:00Z","pid":0,"exitCode":1,"oomKilled":false,"health":null,"restartPolicy":"no","restartCount":0}\n' "$name"
    fi ;;
stop)
    echo "$2" >> "$bed/stops"
    sleep 0.$(($$ %% 3))
    rm -f "$bed/up/$2"
    echo "$2" ;;
logs) echo "a line" ;;
*) exit 1 ;;
esac
"""


# The same for units; `wg-quick@` ones are tunnels, whose guard sees for itself that their interface does not exist.
SYSTEMCTL = r"""#!/bin/sh
bed=%(bed)s
for name; do :; done
case "$1" in
start | restart)
    echo "$name" >> "$bed/executions"
    sleep 0.$(($$ %% 3))
    echo "$$" > "$bed/up.$name.new" && mv "$bed/up.$name.new" "$bed/up/$name" ;;
stop) rm -f "$bed/up/$name" ;;
reload) ;;
show)
    if read -r pid < "$bed/up/$name" 2>/dev/null; then
        printf 'LoadState=loaded\nType=oneshot\nActiveState=active\nSubState=exited\nResult=success\nInvocationID=%%s\n' "$pid"
    else
        printf 'LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code\nInvocationID=0\n'
    fi ;;
*) exit 1 ;;
esac
"""


class Host:
    """The sshd, its programs, and an address that answers as long as it lives."""

    def __init__(self, folder):
        self.folder, self.guards = pathlib.Path(folder), []
        (self.folder / "bin").mkdir(parents=True)
        (self.folder / "up").mkdir()
        (self.folder / "home").mkdir()
        (self.folder / "executions").touch()
        (self.folder / "stops").touch()
        self.program("docker", DOCKER % {"bed": self.folder})
        self.program("systemctl", SYSTEMCTL % {"bed": self.folder})
        self.program("ps", "#!/bin/sh\necho 'S sshd'\n")
        for key in ("host", "id"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "campaign", "-f", self.folder / key], check=True)
        (self.folder / "authorized_keys").write_bytes((self.folder / "id.pub").read_bytes())
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.service_port = self.listener.getsockname()[1]
        threading.Thread(target=self.answer, daemon=True).start()
        self.port = free_port()
        (self.folder / "sshd_config").write_text(f"""
Port {self.port}
ListenAddress 127.0.0.1
ListenAddress 127.0.0.2
HostKey {self.folder}/host
PidFile {self.folder}/sshd.pid
AuthorizedKeysFile {self.folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 200
MaxSessions 60
UseDNS no
LogLevel ERROR
SetEnv PATH={self.folder}/bin:/usr/bin:/bin HOME={self.folder}/home
""")
        self.start()
        import pwd
        self.user = pwd.getpwuid(os.geteuid()).pw_name

    def start(self):
        (self.folder / "sshd.pid").unlink(missing_ok=True)
        self.sshd = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", self.folder / "sshd_config"], stderr=subprocess.DEVNULL)
        wait_for("sshd listens", lambda: (self.folder / "sshd.pid").exists())

    def signal(self, sign):
        """To sshd, its sessions and what runs in them, as when the whole host stops or goes away."""
        for pid in [self.sshd.pid] + descendants(self.sshd.pid):
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                pass  # it has ended

    def program(self, name, text):
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def answer(self):
        while True:
            try:
                self.listener.accept()[0].close()
            except OSError:
                return

    def executions(self):
        """How often each container was really started."""
        return collections.Counter((self.folder / "executions").read_text().split())

    def stops(self):
        """How often each container was really stopped."""
        return collections.Counter((self.folder / "stops").read_text().split())

    def is_up(self, name):
        return (self.folder / "up" / name).exists()

    def end(self):
        self.listener.close()
        self.sshd.send_signal(signal.SIGTERM)
        self.sshd.wait(timeout=10)
        # Timed reverts that nobody confirmed wait for minutes.
        for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if any(state.encode() in line.read_bytes().split(b"\0") for state in self.guards):
                    os.kill(int(line.parent.name), signal.SIGKILL)
            except OSError:
                pass  # it has ended


class Alertmanager:
    """A real one, which tells nobody of anything."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True)
        (folder / "alertmanager.yml").write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["prometheus-alertmanager", "--config.file=alertmanager.yml", "--storage.path=data",
                 "--cluster.listen-address=", f"--web.listen-address=127.0.0.1:{self.port}"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("Alertmanager answers", self.answers)

    def answers(self):
        try:
            return self.silences() == []
        except OSError:
            return False

    def silences(self):
        with urllib.request.urlopen(f"{self.url}/api/v2/silences", timeout=10) as answer:
            return json.load(answer)

    def violations(self, incident, rows):
        """What must hold of the silences of an incident that has ended; rows are its intents and their receipts."""
        found, made = [], collections.Counter()
        for silence in self.silences():
            if f" of incident {incident}" in silence["comment"]:
                made[silence["comment"].split()[2]] += 1
                if silence["status"]["state"] != "expired":
                    found.append(f"silent: {silence['comment']} is {silence['status']['state']}")
        known = set()
        for text, receipt in rows:
            intent = json.loads(text)
            if intent.get("change") == "silence.create" and "done" in json.loads(receipt or "{}").get("ending", {}):
                known.add(intent["id"])
        found += [f"twice: intent {intent} made {count} silences" for intent, count in made.items() if count > 1]
        found += [f"unrecorded: a silence of intent {intent} is there without its receipt" for intent in set(made) - known]
        found += [f"wrong: the silence of intent {intent} was never made" for intent in known - set(made)]
        return found

    def end(self):
        self.process.kill()
        self.process.wait(timeout=10)


class Jarvis:
    """One installation: configuration, data, and the process while it runs.

    `targets` are containers of a host that a shell answers for. Those of `guarded` are of a second host, which is the
    same sshd under another address, where the guard of `binary` answers; names that begin with `wg-quick@` are units there.
    `more` are further lines of the host, or further hosts. With `database`, a server of postgres.py, that is the store; with `repair` it may be started, as that says.
    """

    def __init__(self, binary, folder, host, targets, level="auto", extra="", guarded=(), database=None, repair=None, more=""):
        self.binary, self.folder, self.host, self.database = binary, pathlib.Path(folder), host, database
        self.folder.mkdir(parents=True)
        self.data = self.folder / "data"
        self.port = free_port()
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o600)
        self.guarded = set(guarded)
        (self.folder / "jarvis.yaml").write_text(f"""
data: ./data
{f"database: {{url: '{database.address}'{f', repair: {{{repair}}}' if repair else ''}}}" if database else ""}
server: {{listen: "127.0.0.1:{self.port}"}}
webhook: {{username: alertmanager, password: {{file: ./password}}}}
ssh: {{config: none}}
hosts:
  - name: target
    address: 127.0.0.1
    port: {host.port}
    user: {host.user}
    allow_root: true
    key: {host.folder}/id
    max_sessions: 10
{self.declared("containers", targets)}
{more}
{self.guarded_host() if guarded else ""}
autonomy:
  rules: [{{level: {level}, class: bounded}}]
limits:
  steps_per_hour: 10000
  steps_per_hour_on_host: 10000
  steps_per_hour_on_target: 10000
  steps_at_once_on_host: 16
  failures_of_pattern: 10000
  failures_on_target: 10000
  failures_in_all: 10000
{extra}
""")
        self.process, self.restarts = None, 0
        self.log = open(self.folder / "log", "ab")
        self.command("hosts", "add", "target", "--yes")
        if guarded:
            self.set_up_guard()

    def replica(self, folder):
        """Another one that shares the database of this one, as docs/OPERATE.md says; this one has run and does not."""
        other = copy.copy(self)
        other.folder, other.port = pathlib.Path(folder), free_port()
        other.data = other.folder / "data"
        shutil.copytree(
            self.folder, other.folder, ignore=shutil.ignore_patterns("spool", "instance.lock", "database.seen", "log"))
        settings = other.folder / "jarvis.yaml"
        settings.write_text(settings.read_text().replace(f"127.0.0.1:{self.port}", f"127.0.0.1:{other.port}"))
        other.process, other.log = None, open(other.folder / "log", "ab")
        return other

    def declared(self, kind, names):
        probe = f"probes: [{{tcp: \"127.0.0.1:{self.host.service_port}\"}}]"
        return "\n".join([f"    {kind}:"] + [f"      - {{name: {name}, {probe}}}" for name in names]) if names else ""

    def guarded_host(self):
        units = sorted(name for name in self.guarded if name.startswith("wg-quick@"))
        return f"""
  - name: fort
    address: 127.0.0.2
    port: {self.host.port}
    user: {self.host.user}
    allow_root: true
    key: {self.folder}/fort
    max_sessions: 10
    guarded: true
{self.declared("containers", sorted(self.guarded.difference(units)))}
{self.declared("units", units)}"""

    def set_up_guard(self):
        """By hand, as docs/GUARD.md says; with a key of its own, because others use the same sshd."""
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "fort", "-f", self.folder / "fort"], check=True)
        self.start()
        wait_for("it has made its key", (self.data / "guard.pub").exists, 120)
        self.kill()
        self.process = None
        lines = [
            "guard-host fort", (self.data / "guard.pub").read_text().strip(), "guard-cap bounded", "guard-rate 1000",
            f"guard-path {self.host.folder}/bin /usr/bin /bin"]
        lines += [f"allow-target {'unit' if '@' in name else 'container'} {name}" for name in sorted(self.guarded)]
        (self.folder / "guard.policy").write_text("\n".join(lines) + "\n")
        (self.folder / "guard.state").mkdir(mode=0o700)
        line = self.command(
            "guard", "print-authorized-key", "--program", self.binary, "--policy", self.folder / "guard.policy",
            "--state", self.folder / "guard.state", self.folder / "fort.pub").stdout
        self.host.guards.append(str(self.folder / "guard.state"))
        with open(self.host.folder / "authorized_keys", "a") as keys:
            keys.write(line)
        self.command("hosts", "add", "fort", "--yes")

    def command(self, *arguments, check=True, **environment):
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments[:3]} ended with {done.returncode}: {done.stdout[-2000:]}")
        return done

    def start(self, **environment):
        self.process = subprocess.Popen(
            [self.binary, "serve"], cwd=self.folder, env=dict(os.environ, **environment),
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self, sign=signal.SIGKILL):
        if self.is_running:
            self.process.send_signal(sign)
        return self.process.wait(timeout=30)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def post(self, name, severity="critical", started="2026-01-01T00:00:00Z", timeout=20, status="firing", alertname=None, place=None):
        """The delivery's id when it was acknowledged, else None."""
        alert = {
            "status": status, "startsAt": started,
            "labels": {
                "alertname": alertname or ("SystemdUnitFailed" if "@" in name else "ContainerDown"), "name": name,
                "remediation_host": place or ("fort" if name in self.guarded else "target"), "severity": severity}}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhook", json.dumps({"version": "4", "alerts": [alert]}).encode(),
            {"Authorization": "Basic " + base64.b64encode(f"alertmanager:{PASSWORD}".encode()).decode()})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)["delivery"] if answer.status == 202 else None
        except (OSError, ValueError):
            return None

    def ask(self, method, path, body=None):
        """The API's answer, as the operator."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + (self.data / "operator.token").read_text().strip(),
             "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def refusal(self, method, path):
        """What the API says against it; None: it did it."""
        try:
            self.ask(method, path)
        except urllib.error.HTTPError as failure:
            return json.load(failure)["error"]

    def rows(self, sql):
        if self.database:
            return self.database.ask(sql)
        with sqlite3.connect(f"file:{self.data}/jarvis.sqlite?mode=ro", uri=True, timeout=10) as database:
            return database.execute(sql).fetchall()

    def open_incidents(self):
        return self.rows("SELECT count(*) FROM incidents WHERE closed_at IS NULL")[0][0]

    def pending_intakes(self):
        return self.rows("SELECT count(*) FROM jobs WHERE kind = 'intake' AND state <> 'dead'")[0][0]

    def violations(self, acked, executions, targets):
        """Everything that must hold when the work is done and does not; one sentence each."""
        found = []
        stored = {row[0] for row in self.rows("SELECT id FROM deliveries")}
        for delivery, name in acked.items():
            if delivery not in stored:
                found.append(f"lost: acknowledged delivery {delivery} about {name} is not stored")
        alerts = {json.loads(row[0])["alert"]["labels"].get("name") for row in self.rows("SELECT json FROM alerts")} \
            if acked else set()
        for name in set(acked.values()) - alerts:
            found.append(f"lost: nothing is known of the acknowledged alert about {name}")
        for name in targets:
            if executions[name] > 1:
                found.append(f"twice: {name} was started {executions[name]} times")
        intents = collections.Counter()
        for text, receipt in self.rows("SELECT json, receipt FROM intents"):
            intent = json.loads(text)
            if "action" in intent:  # others are requests to services
                intents[intent["action"]["target"]["name"]] += 1
            if receipt is None:
                found.append(f"open: intent {intent['id']} has no receipt")
        for name in targets:
            if executions[name] > intents[name]:
                found.append(f"unrecorded: {name} was started without an intent")
        for text, outcome in self.rows("SELECT json, outcome FROM incidents"):
            name = (json.loads(text).get("target") or {}).get("name")
            if outcome is None:
                found.append(f"open: the incident about {name} has not ended")
            if outcome == "fixed" and not self.host.is_up(name):
                found.append(f"wrong: the incident about {name} is fixed, the container is down")
        for kind, reason in self.rows("SELECT kind, reason FROM jobs WHERE state = 'dead'"):
            found.append(f"given up: a job of kind {kind}: {reason}")
        if self.database is None and (fault := self.rows("PRAGMA integrity_check")) != [("ok",)]:
            found.append(f"damaged: {fault[:3]}")
        audit = self.command("audit", "verify", check=False)
        if audit.returncode != 0:
            found.append(f"chain: {audit.stdout.strip()}")
        return found


class Sender(threading.Thread):
    """Posts as Alertmanager does: what was not acknowledged is sent again."""

    def __init__(self, jarvis, names, seed):
        super().__init__(daemon=True)
        self.jarvis, self.names, self.chance = jarvis, names, random.Random(seed)
        self.acked, self.is_over = {}, False

    def run(self):
        for name in self.names:
            while not self.is_over:
                if delivery := self.jarvis.post(name, timeout=5):
                    self.acked[delivery] = name
                    # Now and then a repeat, as senders do whose answer was lost.
                    if self.chance.random() < 0.3 and (delivery := self.jarvis.post(name, timeout=5)):
                        self.acked[delivery] = name
                    break
                time.sleep(0.01)
            time.sleep(self.chance.uniform(0, 0.3))


def descendants(pid):
    """Every process that a process has started, and those have started, and so on."""
    parents = collections.defaultdict(list)
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parents[int((folder / "stat").read_text().rpartition(")")[2].split()[1])].append(int(folder.name))
        except OSError:
            pass  # it has ended
    found = [pid]
    for one in found:
        found += parents[one]
    return found[1:]


def wait_for(what, fact, seconds=30, pause=0.02):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fact():
            return
        time.sleep(pause)
    raise TimeoutError(f"not within {seconds} s: {what}")


def write_result(name, values):
    (ROOT / ".results").mkdir(exist_ok=True)
    (ROOT / f".results/{name}.json").write_text(json.dumps(values) + "\n")
    print(f"{name}: " + " ".join(f"{key}={value}" for key, value in values.items()), flush=True)


def progress(text):
    if sys.stderr.isatty() or os.environ.get("CI") != "true":
        print(text, file=sys.stderr, flush=True)
