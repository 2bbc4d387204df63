"""A PostgreSQL server of its own for a campaign, and a way to it that can be slow or silent.

It writes durably, listens on a Unix socket, and is ended by its number.
"""
import csv
import io
import os
import pathlib
import pwd
import queue
import shutil
import signal
import socket
import subprocess
import threading
import time

from bed import wait_for

# Ours goes before a wrapper in the search path, which may start other versions.
PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


def value(text):
    return int(text) if text.isascii() and text.isdigit() else text or None


class Postgres:
    """One server; its files and its socket are in one directory."""

    def __init__(self, folder, connections=60):
        if not PROGRAMS:
            raise SystemExit("PostgreSQL is missing: scripts/bootstrap.sh test installs it")
        self.programs = PROGRAMS[-1]
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.connections = connections
        self.prefix = []
        if os.geteuid() == 0:
            # It refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            for parent in (self.folder, *self.folder.parents):
                if parent.owner() == "root" and parent.stat().st_mode & 0o005 != 0o005 and parent != pathlib.Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
            self.prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        subprocess.run(
            [*self.prefix, self.programs / "initdb", "--auth=trust", "--username=jarvis", "--locale=C",
             "--encoding=UTF8", "-D", self.folder / "data"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.url = f"postgresql://jarvis@/postgres?host={self.folder}"
        self.address = self.url  # what an instance is told
        self.process = None
        self.log = open(self.folder / "log", "ab")
        self.start()

    def start(self):
        def answers():
            # The last processes of one that was killed keep the next from starting for a moment.
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    [*self.prefix, self.programs / "postgres", "-D", self.folder / "data", "-c", "listen_addresses=",
                     "-c", f"unix_socket_directories={self.folder}", "-c", f"max_connections={self.connections}"],
                    stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd="/")
            return self.ask("SELECT 1", check=False) is not None

        wait_for("PostgreSQL answers", answers, 60, 0.1)

    def ask(self, sql, check=True):
        """The rows of a query: text, whole numbers, and None for what is empty."""
        done = subprocess.run(
            [self.programs / "psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", self.url, "-c",
             f"SET search_path TO jarvis; {sql}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/")
        if done.returncode != 0:
            if check:
                raise RuntimeError(done.stderr)
            return None
        return [tuple(map(value, row)) for row in csv.reader(io.StringIO(done.stdout, newline=""))]

    def give(self, link):
        """Makes a database of a role without privileges, which an instance is to reach over a link."""
        self.ask("CREATE ROLE app LOGIN")
        subprocess.run(
            [self.programs / "createdb", "-h", self.folder, "-U", "jarvis", "-O", "app", "app"], check=True, cwd="/")
        self.url = f"postgresql://jarvis@/app?host={self.folder}"
        self.address = f"postgresql://app@127.0.0.1:{link.port}/app"

    def end_connections(self, role="app"):
        self.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'")

    def count_connections(self, role="app"):
        return self.ask(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}'")[0][0]

    def occupy(self, role):
        """One connection of a role, which does nothing; None where the server refuses it."""
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(10)
        try:
            peer.connect(f"{self.folder}/.s.PGSQL.5432")
            body = b"\0\3\0\0user\0" + role.encode() + b"\0database\0postgres\0\0"
            peer.sendall((len(body) + 4).to_bytes(4, "big") + body)
            if peer.recv(1) == b"R":
                return peer
        except OSError:
            pass  # as if refused
        peer.close()
        return None

    def kill(self):
        """Its processes end without writing anything more."""
        self.process.kill()
        self.process.wait(timeout=30)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
        self.log.close()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Link:
    """A port of this machine that leads to a server's socket: answers can be late, and nothing at all come through.

    What is held back comes through in its order once it may, as after a network was cut: nobody is told meanwhile.
    """

    def __init__(self, path):
        self.path, self.late, self.is_open = path, 0.0, threading.Event()
        self.is_open.set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client):
        self.is_open.wait()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(str(self.path))
        except OSError:
            server.close()
            client.close()
            return
        self.pump(client, server, lambda: 0.0)
        self.pump(server, client, lambda: self.late)

    def pump(self, source, sink, delay):
        pieces = queue.SimpleQueue()

        def read():
            piece = b"?"
            while piece:
                try:
                    piece = source.recv(65536)
                except OSError:
                    piece = b""
                pieces.put((time.monotonic() + delay(), piece))

        def write():
            piece = b"?"
            while piece:
                due, piece = pieces.get()
                time.sleep(max(0.0, due - time.monotonic()))
                self.is_open.wait()
                try:
                    sink.sendall(piece) if piece else sink.shutdown(socket.SHUT_RDWR)
                except OSError:
                    piece = b""
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # it has ended

        for work in (read, write):
            threading.Thread(target=work, daemon=True).start()

    def end(self):
        self.listener.close()
        self.is_open.set()
