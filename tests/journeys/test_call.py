"""One promise: somebody dials the line, is answered in her language, and help begins. Through pages and webhooks only."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

import accounts.demo
import referral.demo
from accounts.models import AuditEntry, User
from hotline import actions as hotline_actions
from hotline import queries, tasks
from hotline.actions import inbox
from hotline.demo import lines
from hotline.models import Contact, Message, SimulatorPhone
from hotline.simulator import Network
from referral.models import Area, Case

pytestmark = pytest.mark.django_db


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
    desk.force_login(operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = desk.session
    session["demo_second_factor"] = True
    session.save()
    yield World(client, desk, clock)
    queries.forget_lines()
    inbox.forget_month_keys()


def test_from_the_phone_to_a_case(world):
    referral.demo.make(at=world.clock.now)
    world.client.post(reverse("hotline:phone"), {"caller": "", "to": "2883"})
    world.wait(2)
    world.phone("press", digits="2")
    world.wait(12)
    contact = Contact.objects.get(kind="call", state="waiting", language="fr")

    assert "français" in world.console()

    world.act("take", contact)
    world.wait(5)
    contact.refresh_from_db()

    assert contact.state == "connected"
    assert "An operator is in the call with you" in world.phone_page()

    sheet = world.console(contact=str(contact.public_id))
    assert "Are you safe where you are now?" in sheet
    assert "Number withheld" in sheet
    montserrado = Area.objects.get(name="Montserrado")
    for question, answers in (
        ("safe_now", ["yes"]), ("may_talk", ["yes"]), ("age", ["30"]), ("sex", ["female"]), ("children_with", ["1"]),
        ("needs", ["shelter", "health"]), ("needs_shelter", ["yes"]), ("area", [str(montserrado.pk)]),
        ("sign_documents", ["yes"]), ("sign_violence", ["unknown"]), ("wants_police", ["no"]),
    ):  # fmt: skip
        world.answer(contact, question, *answers)

    refused = world.act("open_case", contact)
    assert "Ask for consent first" in refused.content.decode()
    cases = Case.objects.count()

    world.answer(contact, "consent_case", "yes")
    world.act("open_case", contact)
    page = world.act("open_case", contact)

    contact.refresh_from_db()
    assert Case.objects.count() == cases + 1
    assert (contact.case.source, contact.case.area, contact.case.language) == ("hotline", montserrado, "fr")
    assert contact.case.code in page.content.decode()

    world.act("control", contact, "hold")
    world.wait(3)
    assert "On hold, the caller hears music" in world.console(contact=str(contact.public_id))
    world.act("control", contact, "unhold")
    world.wait(3)
    world.act("control", contact, "end")
    world.wait(15)

    assert "The call is over. What was it about?" in world.console(contact=str(contact.public_id))
    assert SimulatorPhone.objects.latest("pk").state == "ended"

    world.act("wrap_up", contact, topic="referral")
    contact.refresh_from_db()

    assert (contact.state, contact.outcome, contact.topic) == ("done", "answered", "referral")
    assert "Ready" in world.console()
    log = world.desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    assert log.index("The call reached the line") < log.index("Operator joined") < log.index("Case opened")
    assert log.index("Case opened") < log.index("On hold, confirmed") < log.index("Wrapped up")
    assert AuditEntry.objects.filter(verb="hotline.case_opened").count() == 1


def test_a_caller_whose_line_is_cut_is_seen_at_once(world):
    world.client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "2883"})
    world.wait(2)
    world.phone("press", digits="1")
    world.wait(12)
    contact = Contact.objects.get(kind="call", state="waiting", language="en")
    world.act("take", contact)
    world.wait(5)

    world.phone("cut")
    world.wait(3)

    contact.refresh_from_db()
    assert contact.state == "wrap_up"
    assert "The call is over. What was it about?" in world.console(contact=str(contact.public_id))


def test_a_text_is_read_and_answered_once_it_is_safe(world):
    world.client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "2883", "text": "1"})
    world.phone("text", to="2883", text="I need help. Do not call.")
    world.wait(2)
    contact = Contact.objects.get(kind="message", messages__direction="in", state="ended")

    assert "Text message, not read yet" in world.console()

    opened = world.act("read_messages", contact).content.decode()
    refused = world.act("send_text", contact, ready="call_us", text="", click="").content.decode()
    assert "I need help. Do not call." in opened
    assert "Not sent: the safety state does not say that we may text this person." in refused

    safe = {"may_call": "no", "may_text": "yes", "may_voicemail": "no", "shared_phone": "no"}
    world.act("safety", contact, **safe)
    world.act("send_text", contact, ready="call_us", text="", click="")
    world.wait(4)

    sent = Message.objects.filter(contact=contact, direction="out", made_by__contains="-").latest("pk")
    assert sent.state == "delivered"
    assert "You may call us again at any time on 2883." in world.phone_page()
