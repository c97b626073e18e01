"""What tests of the practice network begin with: a clock, a transport, the network, a phone on a screen."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from hotline import actions
from hotline.models import SimulatorPhone
from hotline.simulator import Network


@pytest.fixture(name="ticking")
def ticking_clock(monkeypatch, at):
    """A clock that the practice network and the webhooks share; tests move it."""

    class Clock:
        now = at

        def __call__(self):
            return self.now

        def move(self, seconds):
            self.now += dt.timedelta(seconds=seconds)

    clock = Clock()
    monkeypatch.setattr("hotline.webhooks.timezone.now", clock)
    return clock


@pytest.fixture(name="post")
def post_by_client(client):
    """A transport that posts to the real webhooks through the test client."""

    def send(method, url, headers, body):
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        found = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in headers.items()
            if name != "Content-Type"
        }
        answer = client.generic(method, path, body, headers.get("Content-Type", ""), **found)
        return answer.status_code, dict(answer.headers), answer.content.decode()

    return send


@pytest.fixture(name="practice")
def practice_network(line, operator, post, ticking):
    """The practice network, carried out by hand: practice.step()."""
    return Network(post=post, clock=ticking)


@pytest.fixture(name="phone")
def phone_on_screen(client, line):
    """A phone on a screen that has dialled 2883."""
    client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "2883"})
    return SimulatorPhone.objects.get()


def act(client, phone, what, **values):
    return client.post(reverse("hotline:phone_act", args=[phone.public_id, what]), values)


def words(client, phone):
    return client.get(reverse("hotline:phone_screen", args=[phone.public_id])).content.decode()


def work(clock):
    """Carry out the worker's orders that are due."""
    for command in actions.claim_commands(at=clock.now):
        actions.run_command(command=command, at=clock.now)
