"""A sealed answer that cannot be opened is never shown: a clear page, the attempt recorded."""

import pytest

from accounts.actions import thing_id
from accounts.models import AuditEntry
from referral.models import FactValue
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


def test_an_answer_moved_from_another_row_is_said_and_recorded(own, operator, sign_in):
    name, contact = (FactValue.objects.get(case=own, key=key) for key in ("name", "safe_contact"))
    FactValue.objects.filter(pk=contact.pk).update(sealed=name.sealed)

    answer = sign_in(operator).post(url("case_reveal", own), {"fact": "safe_contact", "reason": "call"})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This cannot be opened" in page
    assert "Quillfeather" not in page
    entry = AuditEntry.objects.get(verb="sealed.cannot_open")
    assert (entry.actor, entry.thing) == (str(operator.public_id), thing_id(contact))
    assert not AuditEntry.objects.filter(verb="referral.fact_read").exists()
