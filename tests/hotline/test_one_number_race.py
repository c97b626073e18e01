"""Two contacts of one telephone at the same instant: whoever judges waits for whoever saves."""

import datetime as dt

import pytest
from django.db import connection

from hotline import tasks
from hotline.actions import sheets
from hotline.actions.messages import queue_message
from hotline.models import Contact
from tests.hotline.backs import fresh
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
]
NO = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "yes"}
UNTOLD = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}


@pytest.mark.parametrize("saved", ["earlier", "later"])
def test_a_text_waits_for_the_no_that_is_being_saved_for_another_contact(network, missed, operator, at, saved):
    network.sid = "CA" + "9" * 32
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at)
    refused, texted = Contact.objects.order_by("pk" if saved == "earlier" else "-pk")
    text = queue_message(contact=texted, text_key="received", by=operator, at=at, key="one")
    then = at + dt.timedelta(minutes=1)

    with meanwhile(lambda: tasks.send_messages(then)):
        sheets.set_safety(contact=refused, answers=NO, **UNTOLD, by=operator, at=then, because="told")

    assert fresh(text).state == "blocked_by_safety"
