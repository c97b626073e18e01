"""Hiding a contact and an act on it of the same instant: the act waits for the hiding, and then finds nothing."""

import pytest
from django.db import connection

from accounts import actions as accounts
from hotline.actions import exports, follow_up, sheets
from hotline.actions.own_rows import NamesHer
from hotline.actions.shielding import shield_contact
from hotline.models import Contact
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]

ACTS = {
    "note": lambda **who: sheets.save_note(text="Words.", version=0, **who),
    "language": lambda **who: sheets.set_language(language="en", **who),
    "case": lambda **who: sheets.open_case(**who),
    "number": lambda **who: exports.show_number(reason="follow_up", **who),
    "closing": lambda **who: follow_up.close_follow_up(closing="reached", **who),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_waits_for_the_hiding_and_then_finds_nothing(name, contact, operator, supervisor, at):
    accounts.seal(contact, "number", "+231770000001")
    contact.is_missed = True
    contact.save()
    sheets.save_answer(contact=contact, key="consent_case", values=["yes"], version=0, by=operator, at=at)
    found = Contact.objects.get(pk=contact.pk)

    with meanwhile(lambda: ACTS[name](contact=found, by=operator, at=at)) as told:
        shield_contact(contact=found, by=supervisor, at=at, user=operator)

    assert [type(one) for one in told] == [NamesHer]
    now = Contact.objects.get(pk=contact.pk)
    assert (now.case, now.closed_at, now.sheets.count(), now.language) == (None, None, 1, "fr")
