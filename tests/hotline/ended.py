"""What tests of erasing begin with: a call that is over, perhaps with a case, and what is done to it."""

import datetime as dt

import pytest

from accounts import actions as accounts
from hotline import actions
from hotline.actions import follow_up, sheets
from hotline.models import Contact
from referral.models import Case, Pathway, PathwayVersion

DAYS = dt.timedelta(days=1)
SOUND = {"RecordingSid": "RE" + "2" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}


@pytest.fixture(name="contact")
def ended_contact(network, operator, at):
    """A call that is over, with a number, a note, a code word, and its follow-up closed."""
    row = network.queued()
    network.status("completed")
    row.refresh_from_db()
    sheets.save_note(contact=row, text="Asked about wages.", version=0, by=operator, at=at)
    accounts.seal(row, "code_word", "lantern")
    row.save()
    return follow_up.close_follow_up(contact=row, closing="no_need", by=operator, at=at)


@pytest.fixture(name="case")
def grown_case(contact, liberia, at):
    """The case that grew from the contact."""
    pathway = Pathway.objects.create(key="p", country=liberia, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="d", shape_digest="s", published_at=at,
        published_by="test",
    )  # fmt: skip
    row = Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=at,
        opened_by="test", changed_at=at,
    )  # fmt: skip
    Contact.objects.filter(pk=contact.pk).update(case=row)
    return row


def close(case, at, **values):
    """Close the case, as its row shows it."""
    Case.objects.filter(pk=case.pk).update(
        state="closed", closed_at=at, closed_by="test", close_reason="done", **values
    )


def erase(contact, by, at, reason="asked"):
    """Erase the contact by hand."""
    actions.erase_contact(contact=contact, reason=reason, by=by, at=at)
    contact.refresh_from_db()
    return contact


def run_orders(at):
    """Carry out what the provider is asked for, and what that asks for."""
    return [actions.run_command(command, at=at) for _turn in range(3) for command in actions.claim_commands(at=at)]
