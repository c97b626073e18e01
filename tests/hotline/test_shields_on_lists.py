"""No list, banner or telephone leads the people whom a contact names to it while it goes on."""

import pytest

from hotline.actions import blocks
from hotline.actions.override import ask_override
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, ThirdCall
from hotline.queries.blocks import blocks_of
from hotline.queries.colleagues import joining
from hotline.queries.dialling import calls_to_agree
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(person, liberia):
    """A supervisor whom a contact names."""
    return person("supervisor", country=liberia, name="Named")


def test_calls_to_agree_and_blocks_of_a_hidden_contact_are_on_no_list_of_hers(
    named, supervisor, operator, network, at
):
    contact = network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="unknown", is_missed=True)
    contact.refresh_from_db()
    blocks.block_number(contact=contact, reason="hoax", hours=24, by=supervisor, at=at)
    ask_override(contact=contact, reason="danger", by=supervisor, at=at)
    assert (calls_to_agree(named, at), len(blocks_of(named, at))) == ([contact], 1)

    shield_contact(contact=contact, by=supervisor, at=at, user=named)

    assert (calls_to_agree(named, at), blocks_of(named, at)) == ([], [])
    assert (calls_to_agree(operator, at), len(blocks_of(operator, at))) == ([contact], 1)


def test_an_asking_into_a_call_that_names_her_is_gone_from_her_screen(named, supervisor, line, at):
    contact = waiting(line, at)
    third = ThirdCall.objects.create(contact=contact, person=named, role="colleague", state="asked", asked_at=at)
    assert joining(named, at).third == third

    shield_contact(contact=contact, by=supervisor, at=at, user=named)

    assert joining(named, at) is None
