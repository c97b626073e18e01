"""The demo's Liberia, and who lives in it during a journey."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

import accounts.demo
from accounts.models import User
from hotline import actions as hotline_actions
from hotline import queries, tasks
from hotline.actions import inbox
from hotline.demo import lines
from hotline.models import Contact, SimulatorPhone
from hotline.simulator import Network

LANGUAGES = {"1": "en", "2": "fr"}


class Clock:
    """A clock that every process of the journey reads."""

    def __init__(self):
        self.now = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)

    def __call__(self):
        return self.now


class World:
    """The demo's Liberia: the line, an operator at her console, a phone on a screen, the network, the worker."""

    def __init__(self, client, desk, clock):
        self.client, self.desk, self.clock = client, desk, clock
        self.network = Network(post=self.post, clock=clock)

    def post(self, method, url, headers, body):
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        kind = headers["Content-Type"]
        extra = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in headers.items()
            if name != "Content-Type"
        }
        answer = self.client.post(path, body, content_type=kind, **extra)
        return answer.status_code, dict(answer.headers), answer.content.decode()

    def wait(self, seconds):
        """Let time pass for the network and the worker, second by second."""
        for _second in range(seconds):
            self.clock.now += dt.timedelta(seconds=1)
            self.network.step()
            for job in tasks.JOBS:
                job(self.clock.now)

    def phone(self, what, **values):
        phone = SimulatorPhone.objects.latest("pk")
        self.client.post(reverse("hotline:phone_act", args=[phone.public_id, what]), values)

    def phone_page(self):
        phone = SimulatorPhone.objects.latest("pk")
        return self.client.get(reverse("hotline:phone_screen", args=[phone.public_id])).content.decode()

    def console(self, **query):
        return self.desk.get(reverse("hotline:console"), query).content.decode()

    def act(self, name, contact, *more, **values):
        return self.desk.post(reverse(f"hotline:{name}", args=[contact.public_id, *more]), values, follow=True)

    def answer(self, contact, question, *answers):
        version = contact.sheets.count()
        url = reverse("hotline:answer", args=[contact.public_id])
        self.desk.post(url, {"question": question, "answer": list(answers), "version": version})

    def dial(self, *, caller, key):
        """Call the line, choose a language by its key and wait in the queue; return the contact."""
        self.client.post(reverse("hotline:phone"), {"caller": caller, "to": "2883"})
        self.wait(2)
        self.phone("press", digits=key)
        self.wait(12)
        return Contact.objects.get(kind="call", state="waiting", language=LANGUAGES[key])

    def take(self, contact):
        """Take the call and speak with the caller."""
        self.act("take", contact)
        self.wait(5)
        contact.refresh_from_db()

    def fill_the_sheet(self, contact, area):
        """Ask what the sheet asks, except for consent."""
        for question, answers in (
            ("safe_now", ["yes"]), ("may_talk", ["yes"]), ("age", ["30"]), ("sex", ["female"]),
            ("children_with", ["1"]), ("needs", ["shelter", "health"]), ("needs_shelter", ["yes"]),
            ("area", [str(area.pk)]), ("sign_documents", ["yes"]), ("sign_violence", ["unknown"]),
            ("wants_police", ["no"]),
        ):  # fmt: skip
            self.answer(contact, question, *answers)

    def control(self, contact, what, seconds=3):
        """Press one of the buttons of the call; return the console once the network has confirmed it."""
        self.act("control", contact, what)
        self.wait(seconds)
        return self.console(contact=str(contact.public_id))

    def log(self, contact):
        """Return the page that tells all of a contact."""
        return self.desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()


@pytest.fixture
def world(client, db, monkeypatch):
    """The demo's people and lines, and an operator who is ready."""
    clock = Clock()
    for place in ("hotline.webhooks", "hotline.views.console", "hotline.views.sheet", "hotline.views.phone"):
        monkeypatch.setattr(f"{place}.timezone.now", clock)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", -1.0)
    queries.forget_lines()
    inbox.forget_month_keys()
    cache.clear()
    accounts.demo.make(at=clock.now)
    lines.make(at=clock.now)
    operator = User.objects.get(email="operator.lr@example.org")
    operator.spoken = "en fr"
    operator.save()
    hotline_actions.set_presence(user=operator, state="ready", by=operator, at=clock.now)
    desk = client.__class__()
    desk.force_login(operator, backend="accounts.sessions.AuthenticationBackend")
    session = desk.session
    session["demo_second_factor"] = True
    session.save()
    yield World(client, desk, clock)
    queries.forget_lines()
    inbox.forget_month_keys()
