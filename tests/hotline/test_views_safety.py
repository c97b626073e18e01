"""The safety state on the console: what is kept, what is sealed, what is refused."""

import re
from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AuditEntry
from hotline.choices import Answer
from hotline.models import Contact
from hotline.queries.safety import safety_rows, safety_version
from tests.hotline.backs import heard

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture(autouse=True)
def operator_had_the_call(contact, operator):
    """The operator talked with the person: she may write what she heard."""
    heard(contact, operator)
    Contact.objects.filter(pk=contact.pk, ended_at__isnull=False).update(ended_at=timezone.now())


SAFE = {"may_call": "yes", "may_text": "no", "may_voicemail": "unknown", "shared_phone": "yes", "who_may_answer": "only_me",
        "safe_from": "22:00", "safe_until": "02:00", "cover": "survey", "code_word": "mango"}  # fmt: skip


def seen(contact):
    """The mark of the state that a page opened now carries."""
    return {"version": safety_version(Contact.objects.get(pk=contact.pk))}


@pytest.mark.both
def test_the_safety_state_is_kept_and_the_code_word_sealed(desk, contact):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE | seen(contact))
    contact.refresh_from_db()

    assert answer.status_code == 302
    assert (contact.may_call, contact.may_text) == ("yes", "no")
    assert (contact.safe_from, contact.safe_until) == (time(22), time(2))
    assert str(contact.code_word) == "sealed"
    page = desk.get(reverse("hotline:safety", args=[contact.public_id])).content.decode()
    assert "mango" not in page


def test_a_code_word_stays_when_left_empty_and_goes_when_told(desk, contact):
    url = reverse("hotline:safety", args=[contact.public_id])
    desk.post(url, SAFE | seen(contact))
    desk.post(url, SAFE | {"code_word": ""} | seen(contact))
    contact.refresh_from_db()
    kept = contact.code_word
    desk.post(url, SAFE | {"code_word": "", "forget_code_word": "on"} | seen(contact))
    contact.refresh_from_db()

    assert kept
    assert contact.code_word is None


@pytest.mark.parametrize("window", [{"safe_until": "22:00"}, {"safe_until": ""}, {"safe_from": "25:00"}])
def test_an_empty_or_half_window_is_refused(desk, contact, window):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE | window | seen(contact))

    assert answer.status_code == 200
    assert Contact.objects.get(pk=contact.pk).safe_from is None


@pytest.mark.both
@pytest.mark.parametrize(("headers", "status"), [({}, 409), ({"HX-Request": "true"}, 200)])
def test_two_people_with_the_page_open_never_write_over_each_other_unseen(
    sign_in, operator, supervisor, contact, headers, status
):
    url = reverse("hotline:safety", args=[contact.public_id])
    before = seen(contact)
    old = f'name="version" value="{before["version"]}"'
    assert old in sign_in(supervisor).get(url).content.decode()
    no, yes = SAFE | {"may_call": "no", "may_text": "no"}, SAFE | {"may_call": "yes", "may_text": "yes"}

    sign_in(operator).post(url, no | before)
    answer = sign_in(supervisor).post(url, yes | before, headers=headers)

    page = answer.content.decode()
    contact.refresh_from_db()
    assert (answer.status_code, contact.may_call, contact.may_text) == (status, "no", "no")
    assert "Operator, Liberia</bdi> saved another answer meanwhile." in page
    assert page.count("Saved now: <b>No</b> · Yours: <b>Yes</b>") == 2
    assert 'id="meanwhile" autofocus' in page  # it is above what is on the screen: the page goes there
    assert 'hx-swap="outerHTML show:#main:top"' in page
    assert old not in page
    assert sign_in(operator).post(url, yes | seen(contact)).status_code == 302
    assert Contact.objects.get(pk=contact.pk).may_text == "yes"


@pytest.mark.both
def test_what_the_caller_agreed_to_by_key_is_not_written_over_unseen(desk, contact):
    before = seen(contact)
    Contact.objects.filter(pk=contact.pk).update(may_call="yes")

    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE | {"may_call": "no"} | before)

    assert answer.status_code == 409
    assert "The caller gave another answer meanwhile" in answer.content.decode()


@pytest.mark.both
def test_a_new_code_word_is_not_written_over_either(desk, contact):
    before, url = seen(contact), reverse("hotline:safety", args=[contact.public_id])
    desk.post(url, SAFE | before)
    word = Contact.objects.get(pk=contact.pk).code_word.raw

    answer = desk.post(url, SAFE | {"code_word": "papaya"} | before)

    assert answer.status_code == 409
    assert Contact.objects.get(pk=contact.pk).code_word.raw == word
    assert desk.post(url, SAFE | {"code_word": ""} | before).status_code == 302


def reasons(contact):
    """The reasons that stand in the timeline and in the audit log."""
    told = contact.events.filter(kind="safety_changed", detail__has_key="because")
    kept = AuditEntry.objects.filter(verb="hotline.safety_changed").order_by("pk").values_list("body", flat=True)
    found = [word for body in kept for word in re.findall(r'"because": ?"(\w+)"', body)]
    return list(told.order_by("pk").values_list("detail__because", flat=True)), found


GIVEN = {  # what the person said, by key
    "calls": {"may_call": "yes"}, "texts": {"may_text": "no"}, "hours": {"safe_from": time(9), "safe_until": time(17)},
    "a part of the day": {"callback_time": "morning"},
}  # fmt: skip
OTHERS = {
    "calls": {"may_call": "no"}, "texts": {"may_text": "yes"}, "hours": {"safe_from": "10:00", "safe_until": "17:00"},
    "a part of the day": {"safe_from": "10:00", "safe_until": "17:00"},
}  # fmt: skip


def as_it_stands(contact):
    kept = Contact.objects.get(pk=contact.pk)
    times = {
        name: f"{getattr(kept, name):%H:%M}" if getattr(kept, name) else "" for name in ("safe_from", "safe_until")
    }
    names = ("may_call", "may_text", "may_voicemail", "shared_phone", "who_may_answer", "cover")
    return {name: getattr(kept, name) for name in names} | times | seen(contact)


@pytest.mark.both
@pytest.mark.parametrize("what", sorted(GIVEN))
def test_what_the_person_said_by_key_is_changed_with_a_reason_that_stands(desk, contact, what):
    Contact.objects.filter(pk=contact.pk).update(**GIVEN[what])
    url = reverse("hotline:safety", args=[contact.public_id])
    assert 'name="because"' in desk.get(url).content.decode()
    before = as_it_stands(contact)
    change = before | OTHERS[what]

    refused = desk.post(url, change)

    assert (refused.status_code, as_it_stands(contact)) == (200, before)
    assert "Choose a reason." in refused.content.decode()
    assert reasons(contact) == ([], [])
    assert desk.post(url, change | {"because": "told"}).status_code == 302
    assert reasons(contact) == (["told"], ["told"])
    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    assert "The person told me so now" in page


@pytest.mark.both
def test_who_heard_it_herself_changes_it_and_a_colleague_says_why(sign_in, operator, supervisor, contact):
    url = reverse("hotline:safety", args=[contact.public_id])
    first = sign_in(operator)
    assert first.post(url, SAFE | seen(contact)).status_code == 302
    assert 'name="because"' not in first.get(url).content.decode()
    assert first.post(url, SAFE | {"safe_from": "21:00"} | seen(contact)).status_code == 302
    assert reasons(contact) == ([], [])

    boss, kept = sign_in(supervisor), SAFE | {"code_word": ""}
    assert boss.post(url, kept | {"safe_from": "22:00"} | seen(contact)).status_code == 200
    assert boss.post(url, kept | {"safe_from": "21:00", "may_voicemail": "no"} | seen(contact)).status_code == 302
    assert reasons(contact) == ([], [])
    change = kept | {"safe_from": "22:00", "may_voicemail": "no", "because": "unsafe"}
    assert boss.post(url, change | seen(contact)).status_code == 302
    assert reasons(contact) == (["unsafe"], ["unsafe"])
    assert (
        sign_in(operator).post(url, SAFE | {"safe_from": "21:00"} | seen(contact)).status_code == 200
    )  # it is not hers alone any more


@pytest.mark.parametrize(
    ("language", "word"), [("en", "None"), ("pt", "Nenhuma"), ("pt-br", "Nenhuma"), ("es", "Ninguna")]
)
def test_that_no_code_word_is_set_agrees_with_the_word(contact, language, word):
    with translation.override(language):
        said = str(safety_rows(contact)[-1].words)

    assert said == word


@pytest.mark.parametrize(
    ("answer", "shape"), [("yes", "tri"), ("no", "x"), ("unknown", "half"), ("not_asked", "ring")]
)
def test_a_phone_that_somebody_else_uses_too_bears_the_mark_of_caution(contact, answer, shape):
    contact.shared_phone = contact.may_call = answer

    call, shared = safety_rows(contact)[0], safety_rows(contact)[3]

    assert (shared.label, shared.shape, shared.words) == ("Phone is shared", shape, Answer(answer).label)
    assert call.shape != "tri"


def test_a_form_of_a_contact_that_is_gone_meanwhile_says_that_nothing_was_saved(desk, contact, at):
    url, form = reverse("hotline:safety", args=[contact.public_id]), SAFE | seen(contact)
    Contact.objects.filter(pk=contact.pk).update(erased_at=at)

    answer = desk.post(url, form, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, reverse("hotline:console"))
    assert (
        "Nothing was saved: this contact is not open to you any more."
        in desk.get(url).content.decode() + desk.get(reverse("hotline:console")).content.decode()
    )
    assert desk.get(url).status_code == 404
