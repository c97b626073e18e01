"""Two operators at one conversation by text: their browsers, what they press, what they are shown."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hotline import actions
from hotline.models import Contact, Message

HTMX = {"HX-Request": "true"}


@pytest.fixture
def thread(conversation):
    """The conversation of a person whom we may text and call."""
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes", may_call="yes")
    return conversation


@pytest.fixture
def other(person, liberia, at):
    """A second operator of the country, ready."""
    user = person("operator", country=liberia, name="Third Operator")
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


@pytest.fixture
def two(desk, other):
    """The browsers of the operator and of her colleague."""
    second = Client()
    second.force_login(other, backend="accounts.sessions.AuthenticationBackend")
    session = second.session
    session["demo_second_factor"] = True
    session.save()
    return desk, second


def door(name, thread):
    return reverse(f"hotline:{name}", args=[thread.public_id])


def shown(browser, thread):
    return browser.get(reverse("hotline:console"), {"contact": thread.public_id}).content.decode()


def read(browser, thread):
    return browser.post(door("read_messages", thread), follow=True).content.decode()


def seen(page):
    return re.search(r'name="seen" value="(\d+\.\d)"', page)[1]


def send(browser, thread, page, ready="received", **more):
    return browser.post(
        door("send_text", thread), {"ready": ready, "click": "", "seen": seen(page)} | more, follow=True
    )


def sent(thread):
    return Message.objects.filter(contact=thread, direction="out")


def holder(thread):
    return Contact.objects.get(pk=thread.pk).claimed_by


def live(browser, contact, mark="older", **more):
    asked = {"seen": mark, "contact": contact.public_id} | more
    return browser.get(reverse("hotline:console_live"), asked, headers=HTMX)


def close(browser, thread, seen, **how):
    return browser.post(door("wrap_up", thread), {"topic": "information", "seen": seen}, **how)
