"""The provider's doors: what is let in, what is answered, what is kept."""

import pytest

from hotline.models import Contact, WebhookEvent

pytestmark = pytest.mark.django_db


def test_first_request_is_answered_with_the_language_menu_and_kept(network):
    reply = network.call()

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "For English, press 1." in reply.said()
    assert reply.verbs() == ["Gather", "Redirect"]
    assert network.contact.state == "greeting"
    assert WebhookEvent.objects.get().reply == reply.text


def test_language_key_leads_into_the_room(network, operator):
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert reply.verbs() == ["Say", "Dial"]
    assert reply.document.find("Dial/Conference").text == network.contact.room_name
    assert (network.contact.state, network.contact.language) == ("waiting", "en")
