"""What the page of a call back says of a mailbox: a short message only where the person said yes and nobody else hears it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts import actions as accounts
from hotline.models import CallBack, Contact
from hotline.queries.dialling import may_leave_message
from hotline.queries.safety import safety_rows
from tests.hotline.backs import OWN, PERSON, fresh, second_call_of_the_person  # noqa: F401 -- fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]
NOTHING = "If a machine answers, hang up and say nothing."
SHORT = "you may leave one short message: “{cover}. We will call again.” No name, and nothing of the first call."
BARRED = "Yes, but this telephone is not safe now"


@pytest.fixture(name="agreed")
def who_said_yes_to_a_message(missed):
    """A call that nobody took, of somebody who let us call and leave a message."""
    Contact.objects.update(may_voicemail="yes", shared_phone="no")
    return fresh(missed)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def machine_words(desk, contact):
    page = soup(desk.get(reverse("hotline:call_back", args=[contact.public_id])))
    return " ".join(page.find(id="if-machine").text.split())


def row_words(contact):
    return next(str(row.words) for row in safety_rows(contact) if row.label == "Voicemail")


@pytest.mark.parametrize("said", ["no", "unknown", "not_asked"])
def test_without_a_yes_the_operator_hangs_up(agreed, desk, now, said):
    Contact.objects.update(may_voicemail=said)

    assert machine_words(desk, fresh(agreed)) == NOTHING


@pytest.mark.parametrize(("cover", "words"), [("", "A course office"), ("health", "A health information service")])
def test_after_a_yes_it_says_the_short_message_under_the_cover(agreed, desk, now, cover, words):
    Contact.objects.update(cover=cover)

    said = machine_words(desk, fresh(agreed))

    assert SHORT.format(cover=words) in said
    assert NOTHING not in said


@pytest.mark.parametrize(
    "change",
    [
        {"shared_phone": "yes"},
        {"shared_phone": "unknown", "cover": "health"},
        {"shared_phone": "not_asked", "who_may_answer": "only_me"},
    ],
)
def test_where_others_hear_what_comes_to_the_phone_the_yes_is_none(agreed, desk, now, change):
    assert row_words(agreed) == "Yes"
    Contact.objects.update(**change)

    assert machine_words(desk, fresh(agreed)) == NOTHING
    assert row_words(fresh(agreed)) == BARRED


@pytest.mark.parametrize(
    "change",
    [
        {"may_call": "no"},
        {"may_call": "unknown"},
        {"safe_from": dt.time(1), "safe_until": dt.time(2)},
        {"safety_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_who_may_not_be_called_now_is_left_no_message(agreed, at, change):
    assert may_leave_message(agreed, at)
    Contact.objects.update(**change)

    assert not may_leave_message(fresh(agreed), at)


@pytest.mark.parametrize("change", [{"may_voicemail": "no"}, {"shared_phone": "yes"}])
def test_a_newer_no_of_another_contact_of_the_number_holds(agreed, second, desk, at, now, change):
    Contact.objects.filter(pk=agreed.pk).update(safety_at=at - dt.timedelta(days=1))
    assert may_leave_message(fresh(agreed), at)
    Contact.objects.filter(pk=second.pk).update(**change)

    assert machine_words(desk, fresh(agreed)) == NOTHING
    assert row_words(fresh(agreed)) == BARRED


def test_an_older_no_of_another_contact_is_over_and_that_of_another_number_is_not_asked(agreed, second, at):
    Contact.objects.filter(pk=second.pk).update(may_voicemail="no", safety_at=at - dt.timedelta(days=1))
    assert may_leave_message(fresh(agreed), at)

    Contact.objects.filter(pk=second.pk).update(safety_at=at)
    assert not may_leave_message(fresh(agreed), at)
    accounts.seal(agreed, "callback_number", "+231770000007")
    agreed.save()
    assert may_leave_message(fresh(agreed), at)


def test_a_yes_that_is_taken_back_while_it_rings_is_told_by_the_page_that_stands_open(agreed, desk, at, now):
    page = reverse("hotline:call_back", args=[agreed.public_id])
    desk.post(page)
    CallBack.objects.update(state="talking", own_sid=OWN, person_sid=PERSON, dialled_at=at, picked_up_at=at)
    opened = soup(desk.get(page))
    live = reverse("hotline:call_back_live", args=[agreed.public_id])
    seen = opened.find(id="call-mark")["value"]
    assert opened.find(id="act-end").text.split()[0] == "End"
    assert desk.get(live, {"seen": seen}).status_code == 204

    Contact.objects.update(may_voicemail="no")
    told = soup(desk.get(live, {"seen": seen}))

    assert told.find(id="if-machine").text.strip() == NOTHING
    assert told.find(id="if-machine").has_attr("hx-swap-oob")
    assert "Hang up, say nothing" in told.find(id="act-end").text
