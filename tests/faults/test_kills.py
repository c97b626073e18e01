"""Twenty kills of web and worker processes during signed traffic: nothing acknowledged is lost, nothing sent twice.

The product runs as in production, gunicorn and the worker as processes of their own, on the database of the run.
Each request is posted twice at the same time; what is not answered is posted again, as the provider does.
"""

import http.client
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from pytest_socket import enable_socket

from hotline.telephony import traffic
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.migrated import copy_migrated

pytestmark = [pytest.mark.long, pytest.mark.alone]
ROOT = Path(__file__).resolve().parents[2]
TOKEN = "kill-proof-token-0000000000000000"
KILLS, CALLERS, TEXTS, BETWEEN = 20, 4, 12, 10
SETUP = f"""
from datetime import time
from django.utils import timezone
from accounts import demo as people
from accounts.models import User
from hotline import actions
from hotline.demo import lines
from hotline.models import Contact
at = timezone.now()
people.make(at=at)
lines.make(at=at)
operator = User.objects.get(email="operator.lr@example.org")
line = lines.Line.objects.get(country_id="LR")
from hotline.actions import arrivals
from hotline.actions.inbox import Hook
from hotline.queries.lines import line_called
for number in range({TEXTS}):
    hook = Hook(kind="message", account=line.account, at=at, fields={{"From": [f"+23177000{{number:04d}}"], "To": ["2883"]}})
    contact = arrivals.new_contact(hook, line_called("2883"), kind="message", state="ended", step="message",
                                   may_text="yes", safety_at=at, language="en",
                                   safe_from=time.min, safe_until=time.max)
    actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key=f"kill:{{number}}")
"""


@dataclass
class Product:
    """The product's processes, their address and their database."""

    port: int
    folder: Path
    database: str
    environment: dict = field(default_factory=dict)
    web: subprocess.Popen | None = None
    worker: subprocess.Popen | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments):
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def start(self, *arguments):
        log = (self.folder / "processes.log").open("a")
        command = [sys.executable, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def serve(self):
        self.web = self.start(
            "-m", "gunicorn", "cms.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--workers", "2",
            "--threads", "4", "--worker-class", "gthread", "--log-level", "error", "--no-control-socket",
        )  # fmt: skip
        self.work()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail((self.folder / "processes.log").read_text()[-2000:])

    def work(self):
        self.worker = self.start("manage.py", "worker")

    def web_processes(self) -> list[int]:
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        return [int(child) for child in children]

    def kill_one(self, turn: int) -> bool:
        """Kill one web process, or the worker every fourth time, without warning; tell whether one was there."""
        if turn % 4 == 3:
            self.worker.kill()
            self.worker.wait()
            self.work()
            return True
        processes = self.web_processes()
        if not processes:
            return False
        os.kill(random.choice(processes), signal.SIGKILL)  # noqa: S311 -- any of our two
        return True

    def stop(self):
        for process in (self.worker, self.web):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

    def query(self, statement: str) -> list[tuple]:
        if self.database.startswith("sqlite"):
            connection = sqlite3.connect(self.folder / "kills.sqlite3")
        else:
            connection = psycopg.connect(self.database)
        try:
            return list(connection.execute(statement).fetchall())
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _server() -> str:
    """Return the server of this run's databases; nothing on SQLite."""
    return os.environ["DATABASE_URL"] if "postgresql" in settings.DATABASES["default"]["ENGINE"] else ""


def _made(name: str, like: Product | None = None) -> Product:
    """Return an installation with a database of the run's kind: an empty one, or a copy of another installation's."""
    folder, port, server = Path(tempfile.mkdtemp(prefix="fanal-kills-")), _free_port(), _server()
    if server:
        database = urlsplit(server)._replace(path=f"/fanal_kills_{name}_{port}").geturl()
        copied = f' TEMPLATE "{_name_of(like.database)}"' if like else ""
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{_name_of(database)}"{copied}')
    else:
        database = f"sqlite:///{folder / 'kills.sqlite3'}"
        for part in like.folder.glob("kills.sqlite3*") if like else ():
            shutil.copy(part, folder)
    made = Product(port, folder, database)
    made.environment = os.environ | {
        "DATABASE_URL": database, "FANAL_VAR": str(folder), "PORT": str(port), "FANAL_PUBLIC_URL": made.base,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "FANAL_DEMO": "1", "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
    }  # fmt: skip
    return made


def _name_of(database: str) -> str:
    return database.rpartition("/")[2]


def _take_away(made: Product) -> None:
    if server := _server():
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{_name_of(made.database)}" WITH (FORCE)')
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def installed():
    """A fresh installation that was never served, for each test to copy."""
    enable_socket()
    made = _made("first")
    if _server() or not copy_migrated(made.folder / "kills.sqlite3"):
        made.run("manage.py", "migrate", "--verbosity", "0")
    made.run("manage.py", "shell", "--verbosity", "0", "-c", SETUP)
    yield made
    _take_away(made)


@pytest.fixture
def product(installed):
    """Serve a copy of the fresh installation on the kind of database that this run uses."""
    enable_socket()
    made = _made("served", installed)
    made.serve()
    yield made
    made.stop()
    _take_away(made)


@dataclass
class Traffic:
    """Callers who post without pause, and what was acknowledged to them."""

    product: Product
    acknowledged: list[tuple[traffic.Signed, str]] = field(default_factory=list)
    differing: list[tuple[str, str]] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def post(self, request: traffic.Signed) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.product.port, timeout=15)
        headers = {
            "Content-Type": request.headers["CONTENT_TYPE"],
            "X-Twilio-Signature": request.headers["HTTP_X_TWILIO_SIGNATURE"],
        }
        try:
            connection.request("POST", request.path, body=request.body, headers=headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        finally:
            connection.close()
        self.statuses[status] = self.statuses.get(status, 0) + 1
        return status, text

    def send(self, path: str, fields: dict) -> str:
        """Post a request twice at once, and again until one copy is acknowledged; keep what it was answered."""
        request = traffic.signed(path, fields, account=SIMULATED_ACCOUNT, token=TOKEN, base=self.product.base)
        while True:
            with ThreadPoolExecutor(2) as copies:
                answers = [text for status, text in copies.map(self.post, [request] * 2) if status in {200, 204}]
            if answers:
                break
            time.sleep(0.1)
        if len(set(answers)) > 1:
            self.differing.append((path, " | ".join(answers)))
        self.acknowledged += [(request, text) for text in answers]
        return answers[0]

    def call(self, number: int) -> None:
        first = traffic.first_request(caller=f"+2317700{number:05d}")
        later = first | {"CallStatus": "in-progress"}
        self.send("/hotline/twilio/voice/", first)
        self.send("/hotline/twilio/voice/language/?t=1", later | {"Digits": "1"})
        for sequence, status in enumerate(("completed", "ringing", "in-progress")):
            self.send("/hotline/twilio/status/", first | {"CallStatus": status, "SequenceNumber": str(sequence)})

    def run(self, caller: int) -> None:
        count = 0
        while not self.over.is_set():
            self.call(caller * 10_000 + count)
            count += 1


def test_six_texts_at_once_from_a_new_number_are_one_thread(product):
    """Two web processes of four threads take them; each number is new to the line."""
    posting = Traffic(product)

    def write(number: int, text: int) -> int:
        fields = {
            "MessageSid": f"SM{number:016d}{text:016d}", "From": f"+2317755{number:05d}", "To": "2883", "Body": "Hello",
            "NumMedia": "0", "AccountSid": SIMULATED_ACCOUNT,
        }  # fmt: skip
        door = "/hotline/twilio/message/"
        request = traffic.signed(door, fields, account=SIMULATED_ACCOUNT, token=TOKEN, base=product.base)
        until = time.monotonic() + 120
        while (status := posting.post(request)[0]) != 200 and time.monotonic() < until:
            time.sleep(0.2)  # the provider asks again too
        return status

    for number in range(5):
        with ThreadPoolExecutor(6) as senders:
            assert list(senders.map(write, [number] * 6, range(6))) == [200] * 6

    assert product.query("SELECT COUNT(*) FROM hotline_message WHERE direction = 'in'")[0][0] == 30
    assert product.query("SELECT COUNT(*) FROM hotline_contact WHERE kind = 'message'")[0][0] == TEXTS + 5


def test_twenty_kills_lose_nothing_acknowledged_and_send_nothing_twice(product):
    traffic_now = Traffic(product)
    callers = [threading.Thread(target=traffic_now.run, args=(number,)) for number in range(CALLERS)]
    for caller in callers:
        caller.start()
    killed, seen = 0, 0
    while killed < KILLS:
        time.sleep(0.1)
        if len(traffic_now.acknowledged) >= seen + BETWEEN and product.kill_one(killed):
            killed, seen = killed + 1, len(traffic_now.acknowledged)
    traffic_now.over.set()
    for caller in callers:
        caller.join(60)

    kept = dict(product.query("SELECT key, reply FROM hotline_webhookevent"))
    replies = {_without_numbers(text or "") for text in kept.values()}
    lost = [text for _request, text in traffic_now.acknowledged if text and _without_numbers(text) not in replies]
    assert (lost, traffic_now.differing) == ([], [])
    assert len(traffic_now.acknowledged) >= BETWEEN * KILLS
    assert sum("voice" in request.path for request, _text in traffic_now.acknowledged) > KILLS
    for request, text in random.sample(traffic_now.acknowledged, 30):
        assert traffic_now.post(request)[1] == text
    assert product.query("SELECT COUNT(*) FROM hotline_webhookevent")[0][0] == len(kept)
    _every_contact_ended(product)
    _every_text_was_sent_once(product)


def _without_numbers(text: str) -> str:
    """Leave out the numbers that are rung: they are kept sealed. That a repeat is answered alike is asked of the product."""
    return re.sub(r"(<Number[^>]*>)[^<]*", r"\1", text)


def _every_contact_ended(product) -> None:
    """Each call said `completed` before `ringing` and `in-progress`: all are over, and none was made twice.

    Who called before the first operator was ready was on the way to the duty phone, which is a telephone without a call.
    """
    rows = product.query("SELECT state, COUNT(*) FROM hotline_contact WHERE kind = 'call' GROUP BY state")
    assert [state for state, _count in rows] == ["ended"]
    calls = product.query("SELECT COUNT(*), COUNT(DISTINCT call_sid) FROM hotline_leg WHERE role = 'caller'")
    assert calls[0][0] == calls[0][1] == rows[0][1]


def _every_text_was_sent_once(product) -> None:
    """A worker killed between handing a text over and saying so must not hand it over again; its claim runs out first."""
    until = time.monotonic() + 60
    waiting = "SELECT COUNT(*) FROM hotline_message WHERE state = 'outbox'"
    while time.monotonic() < until and product.query(waiting)[0][0]:
        time.sleep(1)
    # Beside the texts stand the orders of lines that call themselves.
    of_texts = (
        "SELECT payload ->> 'to' FROM hotline_simulatoract WHERE kind = 'rest' AND payload ->> 'order' = 'message'"
    )
    sent = [row[0] for row in product.query(of_texts)]
    assert product.query(waiting)[0][0] == 0
    assert len(sent) == len(set(sent)) == TEXTS
