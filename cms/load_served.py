"""The product as in production for the time of a measurement: gunicorn and worker of its own, on a copy of the database.

They listen on the loopback alone, on a free port, and are ended with whoever began them; the database itself is only read.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

STARTS = 60.0  # seconds in which the web server answers
TICK = os.sysconf("SC_CLK_TCK")


class NotServed(Exception):
    """Raised when the processes of a measurement do not start, or the database cannot be copied; says why."""


@dataclass
class Served:
    """The processes, their port, and the CPU that they took."""

    port: int
    web: subprocess.Popen
    worker: subprocess.Popen
    cookies: list[str]

    @property
    def base(self) -> str:
        """Return the address at which the product answers."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Return the seconds of CPU that all web processes took so far."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        return sum(_cpu_of(int(pid)) for pid in (self.web.pid, *children))


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def served(prepare: Callable[[], list[str]]) -> Iterator[Served]:
    """Serve a copy of this database until the end of the block, whatever ends it; what is prepared is written into the copy."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder, _copy(Path(folder)) as url, socket.socket() as probe:
        with _led_to(url):
            cookies = prepare()
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {
            "DATABASE_URL": url, "PORT": str(port), "FANAL_PUBLIC_URL": f"http://127.0.0.1:{port}", "FANAL_DEMO": "1",
            "FANAL_VAR": str(settings.VAR_DIR),
        }  # fmt: skip
        log = (Path(folder) / "processes.log").open("w")
        web = _begin(
            environment, log, "-m", "gunicorn", "cms.wsgi:application", "--bind", f"127.0.0.1:{port}",
            "--workers", os.environ.get("FANAL_WORKERS") or "2", "--threads", "4", "--worker-class", "gthread", "--timeout", "30", "--log-level", "error",
            "--no-control-socket",
        )  # fmt: skip
        worker = _begin(environment, log, "manage.py", "worker")
        try:
            _wait_for(port, web, Path(log.name))
            yield Served(port, web, worker, cookies)
        finally:
            for process in (worker, web):
                _end(process)
            log.close()


def _begin(environment: dict[str, str], log, *arguments: str) -> subprocess.Popen:
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)  # noqa: S603 -- ours


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(port: int, web: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + STARTS
    while time.monotonic() < until and web.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise NotServed(f"The web server did not start: {log.read_text()[-600:]}")


@contextmanager
def _led_to(url: str) -> Iterator[None]:
    """Lead this process's connection to the copy for the time of the block."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = url.removeprefix("sqlite:///") if "sqlite" in url else url.rpartition("/")[2]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


@contextmanager
def _copy(folder: Path) -> Iterator[str]:
    """Copy the database; return the address of the copy, which goes with the block."""
    if connection.vendor == "sqlite":
        path = folder / "load.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        yield f"sqlite:///{path}"
        return
    pg_dump, psql = shutil.which("pg_dump"), shutil.which("psql")
    if pg_dump is None or psql is None:
        raise NotServed(
            "On PostgreSQL the copy is made with pg_dump and psql: install postgresql-client, then try again."
        )
    own, name = os.environ["DATABASE_URL"], f"fanal_load_{os.getpid()}"
    url = urlsplit(own)._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        dump = subprocess.run([pg_dump, "--no-owner", own], check=True, capture_output=True)  # noqa: S603 -- ours
        subprocess.run([psql, "-q", "-d", url], input=dump.stdout, check=True, capture_output=True)  # noqa: S603 -- ours
        yield url
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
