"""Load: so many calls a second against the product as it runs in production, while operators' consoles are open.

Three turns: calls alone, from which the CPU of a request is told, all that the web processes do counted; the same calls while consoles poll, from which p99 and
errors are told; and single calls, from which is told after how long each console shows one. Whoever sends is a process of
its own on the same machine, so its work counts against the cores, but in no figure of CPU.
"""

import heapq
import http.client
import itertools
import re
import statistics
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from cms.bench import NothingToMeasure, check_up_to_date, session_cookie
from cms.load_served import Served, served
from hotline.actions import set_presence
from hotline.choices import Presence
from hotline.models import Line
from hotline.telephony import traffic
from hotline.telephony.providers import SIMULATED_ACCOUNT, webhook_secrets

SENDERS, CONSOLES, EVERY = 16, 20, 1.8
SECONDS = 15  # of a turn
STAYS = 4.0  # seconds that a caller stays
SINGLE = 8  # calls of the last turn
BUDGET_P99, BUDGET_SHOWN = 100.0, 2.0  # ms, seconds
MARK = re.compile(r'id="live-mark"[^>]*value="([^"]*)"')
NOTICE = re.compile(r'id="live-notice"[^>]*value="([^"]*)"')
ROOM = re.compile(r">([0-9a-f]{32})</Conference>")
TURN = re.compile(r"/voice/(?:left|wait|queue)/\?t=(\d+)")
VOICE = "/hotline/twilio/voice/"
STATUS = "/hotline/twilio/status/"


@dataclass
class Told:
    """What was measured, put together under one lock."""

    took: dict[str, list[float]] = field(default_factory=lambda: {"voice": [], "status": [], "console": []})
    errors: Counter[str] = field(default_factory=Counter)
    shown: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float, error: str = "") -> None:
        """Add one request."""
        with self.lock:
            self.took[kind].append(seconds)
            if error:
                self.errors[f"{kind}: {error}"] += 1


class Road:
    """A connection that is kept, as a proxy keeps one."""

    def __init__(self, port: int):
        self.port = port
        self.link: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict | None = None) -> tuple[int, str]:
        """Make one request; a connection that the server closed meanwhile is opened again, once."""
        for again in (True, False):
            self.link = self.link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            try:
                self.link.request(method, path, body=body or None, headers=headers or {})
                answer = self.link.getresponse()
                return answer.status, answer.read().decode()
            except (http.client.HTTPException, OSError):
                self.link.close()
                self.link = None
                if not again:
                    raise
        raise AssertionError


class Callers:
    """Calls at a steady pace, whatever is answered: each sends what the provider would, at its time."""

    def __init__(self, product: Served, told: Told, number: str):
        self.product, self.told, self.number = product, told, number
        self.token = webhook_secrets().tokens[SIMULATED_ACCOUNT][0]
        self.due: list[tuple[float, int, Callable]] = []
        self.count, self.lock, self.left = itertools.count(), threading.Condition(), 0
        self.began: dict[str, float] = {}

    def run(self, calls: int, every: float, most: float) -> None:
        """Let so many calls come, one each so many seconds, and wait until all are over, `most` seconds at most."""
        start = time.monotonic() + 0.2
        for number in range(calls):
            self._put(start + number * every, self._first)
        threads = [threading.Thread(target=self._send, args=[start + most], daemon=True) for _one in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(most + 20)

    def _put(self, at: float, act: Callable) -> None:
        with self.lock:
            self.left += 1
            heapq.heappush(self.due, (at, next(self.count), act))
            self.lock.notify()

    def _send(self, until: float) -> None:
        road = Road(self.product.port)
        while (now := time.monotonic()) < until:
            with self.lock:
                if not self.left:
                    return
                if not self.due or self.due[0][0] > now:
                    self.lock.wait(min(0.05, self.due[0][0] - now) if self.due else 0.05)
                    continue
                _at, _number, act = heapq.heappop(self.due)
            try:
                act(road)
            finally:
                with self.lock:
                    self.left -= 1

    def _post(self, road: Road, path: str, fields: dict[str, str]) -> str:
        request = traffic.signed(path, fields, account=SIMULATED_ACCOUNT, token=self.token, base=self.product.base)
        headers = {"Content-Type": traffic.FORM, "X-Twilio-Signature": request.headers["HTTP_X_TWILIO_SIGNATURE"]}
        kind, began, error, text = "voice" if path.startswith(VOICE) else "status", time.monotonic(), "", ""
        try:
            status, text = road.ask("POST", path, request.body, headers)
            if kind == "voice" and (status != 200 or "<Response" not in text) or kind == "status" and status != 204:
                error = f"{status}"
        except (http.client.HTTPException, OSError) as fault:
            error = type(fault).__name__
        self.told.add(kind, time.monotonic() - began, error)
        return text

    def _first(self, road: Road) -> None:
        fields = traffic.first_request(self.number)
        self._post(road, VOICE, fields)
        self._put(time.monotonic() + 0.8, lambda road: self._key(road, fields))

    def _key(self, road: Road, fields: dict[str, str]) -> None:
        fields = fields | {"CallStatus": "in-progress"}
        text = self._post(road, f"{VOICE}language/?t=1", fields | {"Digits": "1"})
        room, turn = ROOM.search(text), TURN.search(text)
        if room is None or turn is None:
            with self.told.lock:
                self.told.errors["voice: no room"] += 1
            return
        self.began[str(uuid.UUID(room[1]))] = time.monotonic()
        self._post(road, STATUS, fields | {"SequenceNumber": "1"})
        self._put(time.monotonic() + 0.3, lambda road: self._in_room(road, fields, room[1], turn[1]))

    def _in_room(self, road: Road, fields: dict[str, str], room: str, turn: str) -> None:
        conference = {
            "ConferenceSid": f"CF{room}", "FriendlyName": room, "StatusCallbackEvent": "participant-join",
            "SequenceNumber": "1", "CallSid": fields["CallSid"], "ParticipantLabel": "caller",
        }  # fmt: skip
        self._post(road, STATUS, conference)
        self._post(road, f"{VOICE}wait/?t={turn}", fields)
        self._put(time.monotonic() + STAYS, lambda road: self._gone(road, fields, turn))

    def _gone(self, road: Road, fields: dict[str, str], turn: str) -> None:
        fields = fields | {"CallStatus": "completed"}
        self._post(road, f"{VOICE}left/?t={turn}", fields | {"DialCallStatus": "answered"})
        self._post(road, STATUS, fields | {"SequenceNumber": "9"})


class Consoles:
    """Operators' consoles that poll as the page does, each a little later than the one before."""

    def __init__(self, product: Served, told: Told, cookies: list[str]):
        self.product, self.told, self.over = product, told, threading.Event()
        self.seen: dict[str, set[int]] = {}
        self.callers: Callers | None = None
        self.threads = [
            threading.Thread(target=self._watch, args=[place, cookie], daemon=True)
            for place, cookie in enumerate(cookies)
        ]

    def __enter__(self) -> "Consoles":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(20)

    def _watch(self, place: int, cookie: str) -> None:
        road, mark, notice = Road(self.product.port), "", ""
        self.over.wait(place * EVERY / CONSOLES)
        while not self.over.is_set():
            began, error = time.monotonic(), ""
            path = f"/en/console/live/?seen={mark}&notice={notice}&contact="
            try:
                status, text = road.ask("GET", path, headers={"Cookie": cookie, "HX-Request": "true"})
                if status == 200:
                    found, noticed = MARK.search(text), NOTICE.search(text)
                    mark = found[1] if found else mark
                    notice = noticed[1] if noticed else notice
                    self._note(place, text)
                error = "" if status in (200, 204) else f"{status}"
            except (http.client.HTTPException, OSError) as fault:
                error = type(fault).__name__
            self.told.add("console", time.monotonic() - began, error)
            self.over.wait(max(EVERY - (time.monotonic() - began), 0.05))

    def _note(self, place: int, text: str) -> None:
        """Note which calls this console shows for the first time."""
        if self.callers is None:
            return
        for name, began in list(self.callers.began.items()):
            if place not in self.seen.setdefault(name, set()) and name in text:
                self.seen[name].add(place)
                with self.told.lock:
                    self.told.shown.append(time.monotonic() - began)


@dataclass(frozen=True)
class Outcome:
    """What the load showed; milliseconds, but for what a console shows, in seconds."""

    requests_a_second: float
    cpu: float
    alone: dict[str, float]
    watched: dict[str, float]
    shown: list[float]
    missing: int
    errors: dict[str, int]


def measure(calls: int, seconds: int) -> Outcome:
    """Measure with so many calls a second, each turn so many seconds."""
    check_up_to_date()
    line = Line.objects.filter(account=SIMULATED_ACCOUNT, is_active=True, number="2883").first()
    if line is None:
        raise NothingToMeasure
    with served(lambda: _operators(line.country_id)) as product:
        cookies = product.cookies
        _warm(product, line.number, cookies)
        alone, before, began = Told(), product.cpu(), time.monotonic()
        Callers(product, alone, line.number).run(calls * seconds, 1 / calls, seconds + STAYS + 20)
        spent, lasted = product.cpu() - before, time.monotonic() - began
        watched = Told()
        with Consoles(product, watched, cookies):
            Callers(product, watched, line.number).run(calls * seconds, 1 / calls, seconds + STAYS + 20)
        single = Told()
        with Consoles(product, single, cookies) as consoles:
            consoles.callers = Callers(product, single, line.number)
            consoles.callers.run(SINGLE, 2.3, SINGLE * 2.3 + STAYS + 10)
    voice, status = len(alone.took["voice"]), len(alone.took["status"])
    expected = SINGLE * len(cookies)
    return Outcome(
        requests_a_second=round((voice + status) / (lasted - STAYS), 1), cpu=round(spent / (voice + status) * 1000, 2),
        alone=_quantiles(alone), watched=_quantiles(watched),
        shown=sorted(single.shown), missing=expected - len(single.shown),
        errors=dict(alone.errors + watched.errors + single.errors),
    )  # fmt: skip


def _operators(country: str) -> list[str]:
    """Make twenty operators who are ready; return the cookies of their sessions."""
    cookies, at = [], timezone.now()
    for number in range(CONSOLES):
        user = User(email=f"load-{number}@example.org", name=f"Load {number}", country_id=country)
        user.role_codes = ("operator",)
        user.set_unusable_password()
        user.save()
        set_presence(user=user, state=Presence.READY, by=user, at=at)
        cookies.append(session_cookie(user))
    return cookies


def _warm(product: Served, number: str, cookies: list[str]) -> None:
    """Let each web process answer some calls and consoles first: what it reads and compiles once is no part of a turn."""
    with Consoles(product, Told(), cookies):
        Callers(product, Told(), number).run(20, 0.1, 15)


def _quantiles(told: Told) -> dict[str, float]:
    found = {}
    for kind, took in told.took.items():
        if len(took) > 1:
            cuts = statistics.quantiles(took, n=100)
            found |= {f"{kind} p50": round(cuts[49] * 1000, 1), f"{kind} p99": round(cuts[98] * 1000, 1)}
    return found
