"""A PostgreSQL server of its own for a campaign: with durable writes, on a Unix socket, ended by its number."""
import csv
import io
import os
import pathlib
import pwd
import shutil
import signal
import subprocess

from bed import wait_for

# Ours goes before a wrapper in the search path, which may start other versions.
PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))


def value(text):
    return int(text) if text.isascii() and text.isdigit() else text or None


class Postgres:
    """One server; its files and its socket are in one directory."""

    def __init__(self, folder):
        if not PROGRAMS:
            raise SystemExit("PostgreSQL is missing: scripts/bootstrap.sh test installs it")
        self.programs = PROGRAMS[-1]
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
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
        self.process = None
        self.log = open(self.folder / "log", "ab")
        self.start()

    def start(self):
        def answers():
            # The last processes of one that was killed keep the next from starting for a moment.
            if self.process is None or self.process.poll() is not None:
                self.process = subprocess.Popen(
                    [*self.prefix, self.programs / "postgres", "-D", self.folder / "data", "-c", "listen_addresses=",
                     "-c", f"unix_socket_directories={self.folder}", "-c", "max_connections=60"],
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
