"""Whole calls: the simulated provider runs our documents against the real webhooks."""

from pathlib import Path

import pytest

import hotline
from hotline.demo.stage import Stage
from hotline.models import Contact, WebhookEvent
from hotline.queries.log import whole_timeline

pytestmark = [pytest.mark.django_db, pytest.mark.either]
SCRIPTS = sorted((Path(hotline.__file__).parent / "scripts").glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_plays_to_its_end(script, line, operator, at):
    Stage(at=at, operator=operator, seed=script.stem).play(script.read_text())

    assert not Contact.objects.filter(flags__contains="trouble").exists()
    assert WebhookEvent.objects.filter(flags__contains="not_now").count() == 0


def test_the_timeline_of_a_played_call_keeps_the_order_in_which_things_came(line, operator, at):
    Stage(at=at, seed="order").play(
        'call 2883 from +231770001003\npress 1\nwait 9\npress *\npress 3\nwait 12\nsay "Words"\npress #\nwait 12'
    )
    contact = Contact.objects.get()

    first = [str(entry.words) for entry in whole_timeline(contact)][:2]
    received = list(contact.inbox.values_list("received_at", flat=True))

    assert first == ["First request of the call", "The call reached the line"]
    assert len(set(received)) == len(received)
