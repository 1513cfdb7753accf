"""A private PostgreSQL and a private Redis, for the length of one command.

    python -m tests.services -- pytest --database-tests

Both listen on a free loopback port, keep nothing, and end with the command, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from scripts.processes import end_with_parent
from scripts.system_tools import find_postgresql, find_redis

READY_WITHIN_S = 60.0


class ServiceError(RuntimeError):
    """A service is not installed, or did not start; the message says what to do or what its log said."""


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user() -> str | None:
    """Return whom to run a database as: PostgreSQL refuses to run as root. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceError("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.")


@contextlib.contextmanager
def private_folder(user: str | None) -> Iterator[Path]:
    """Make a folder that only the service's user can read, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="affectory-service-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Server:
    """A server that a test may also end and start again, on the same port and data."""

    command: Sequence[str]
    log: Path
    user: str | None
    is_ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises ServiceError with its log if it ends or never gets ready."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self.user,
                cwd=self.log.parent,
                start_new_session=True,  # Ctrl-C is for the tests; the server goes when they are done
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                name = Path(self.command[0]).name
                raise ServiceError(f"{name} did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it. SIGINT is what makes PostgreSQL end now, without waiting for clients to leave."""
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run it while the block runs."""
        try:
            self.start()
            yield
        finally:
            self.end()


def _postgresql_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@dataclass(frozen=True)
class Cluster:
    """The files of a PostgreSQL that has ended, of which others can be copies."""

    data: Path
    password: str


@contextlib.contextmanager
def postgresql(copy_of: Cluster | None = None) -> Iterator[tuple[str, Server]]:
    """Start a PostgreSQL and yield its URL. fsync is off: what it holds is worth nothing tomorrow."""
    programs = find_postgresql()
    if programs is None:
        raise ServiceError("PostgreSQL is not installed. On Debian: apt install postgresql")
    user = unprivileged_user()
    with private_folder(user) as folder:
        if copy_of is None:
            password = secrets.token_hex(16)
            _init_cluster(programs / "initdb", folder, password, user)
        else:
            password = copy_of.password
            copy_cluster(copy_of.data, folder / "data")
        port = free_port()
        url = f"postgresql://affectory:{password}@127.0.0.1:{port}/postgres"
        serve = [str(programs / "postgres"), "-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port)]
        serve += ["-k", str(folder)]
        for setting in ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"):
            serve += ["-c", setting]
        server = Server(serve, folder / "log", user, lambda: _postgresql_answers(url))
        with server.running():
            yield url, server


def _init_cluster(initdb: Path, folder: Path, password: str, user: str | None) -> None:
    password_file = folder / "password"
    password_file.write_text(password)
    if user is not None:
        shutil.chown(password_file, user)
    make = [str(initdb), "--pgdata", str(folder / "data"), "--username", "affectory", "--no-sync"]
    make += ["--auth", "scram-sha-256", "--pwfile", str(password_file), "--encoding", "UTF8", "--no-locale"]
    made = subprocess.run(make, user=user, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise ServiceError(f"initdb failed:\n{made.stdout}{made.stderr}")


def copy_cluster(data: Path, to: Path) -> None:
    """Copy the files of a PostgreSQL that does not run, with their owner and rights, without which none starts."""
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)


@contextlib.contextmanager
def redis_server() -> Iterator[tuple[str, Server]]:
    """Start a Redis and yield its URL, database 0 of 64 (each test process takes its own)."""
    program = find_redis()
    if program is None:
        raise ServiceError("Redis is not installed. On Debian: apt install redis-server")
    user = unprivileged_user()
    with private_folder(user) as folder:
        port, password = free_port(), secrets.token_hex(16)
        settings = folder / "redis.conf"
        settings.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndatabases 64\nsave ""\nappendonly no\ndir {folder}\n'
        )
        if user is not None:
            shutil.chown(settings, user)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        command = [str(program), str(settings)]
        server = Server(command, folder / "log", user, lambda: _redis_answers(url))
        with server.running():
            yield url, server


@contextlib.contextmanager
def services() -> Iterator[dict[str, str]]:
    """Start both and yield the environment variables that make the application use them."""
    with postgresql() as (database_url, _database), redis_server() as (broker_url, _broker):
        yield {"AFFECTORY_DATABASE_URL": database_url, "AFFECTORY_BROKER_URL": broker_url}


def run_with_services(command: Sequence[str]) -> int:
    """Run a command beside both services and return its exit code; signals go to the command, then all of it ends."""
    with services() as variables:
        process = subprocess.Popen(command, env={**os.environ, **variables})
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends Ctrl-C to the command as well
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: process.send_signal(received))
        code = process.wait()
        return code if code >= 0 else 128 - code  # as a shell says it: ended by signal


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] != "--" or len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2

    def interrupted(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        return run_with_services(arguments[1:])
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
