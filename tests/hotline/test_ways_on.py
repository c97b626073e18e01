"""What a sheet promises is kept, and no sheet closes on danger, a child or a yes to help before it is said what happens now."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import Letter
from hotline import triage
from hotline.actions import follow_up
from hotline.models import Contact, KeyAnswer, OperatorState, SheetForm
from hotline.queries.answering import conversation_version
from hotline.queries.console import due
from tests.hotline.console import give, waiting

pytestmark = pytest.mark.django_db
HOURS = {"safe_from": dt.time(18), "safe_until": dt.time(20)}
ASKS = "What happens now?"
PROMISE, REFER = {"next_step": "call_back"}, {"next_step": "refer"}
CHILD, CONSENT, DANGER = {"age": "15"}, {"consent_case": "yes"}, {"safe_now": "no"}


@pytest.fixture
def over(line, operator, at):
    """A call that its operator ended, of somebody whom we may call in the evening, with the sheet open."""
    values = {"claimed_by": operator, "connected_at": at, "ended_at": at, "end_asked_at": at, "outcome": "answered"}
    values |= {
        "caller_class": "phone",
        "number_index": "a" * 64,
        "may_call": "yes",
        "safety_at": at,
        "cover": "health",
    }
    contact = waiting(line, at, state="wrap_up", step="wrap_up", **(values | HOURS))
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=contact, since=at)
    return contact


def answers(desk, contact, given):
    for version, (question, answer) in enumerate(given.items()):
        assert give(desk, contact, question, answer, version=version).status_code == 302


def close(desk, contact, topic="crisis", **sent):
    """Close the sheet from the console; return the page that follows and the contact."""
    door = reverse("hotline:wrap_up", args=[contact.public_id])
    answer = desk.post(door, {"topic": topic} | sent, follow=True)
    contact.refresh_from_db()
    return answer.content.decode(), contact


def called_back(desk):
    return desk.get(reverse("hotline:missed") + "?outcome=callback").content.decode()


def console(desk):
    return desk.get(reverse("hotline:console")).content.decode()


def test_a_call_that_the_sheet_promises_stands_among_the_call_backs_with_owner_and_hours(desk, over, operator, at):
    answers(desk, over, PROMISE)
    before, asked = due(operator, at=at).callbacks, console(desk)
    _page, contact = close(desk, over)

    assert ASKS not in asked
    assert f"<dt>Who follows it up</dt><dd><bdi>{operator.get_full_name()}</bdi>" in asked
    assert (contact.state, contact.is_missed, contact.closed_at, contact.owner) == ("done", True, None, operator)
    assert (before, due(operator, at=at).callbacks) == (0, 1)
    listed = called_back(desk)
    assert contact.code in listed
    assert "Safe hours: \u206818:00–\u206020:00\u2069" in listed
    assert f"<bdi>{operator.get_full_name()}</bdi></td>" in listed

    desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), {"closing": "not_reached"})

    called_back(desk)  # says once which contact was closed
    assert contact.code not in called_back(desk)


def test_who_promised_keeps_it_whoever_closes_the_sheet(desk, over, operator, supervisor, at):
    answers(desk, over, PROMISE | {"sex": "female"})
    OperatorState.objects.filter(user=operator).update(state="off", contact=None)

    follow_up.wrap_up(contact=over, topic="concern", by=supervisor, at=at)

    assert Contact.objects.get(pk=over.pk).owner == operator


def test_a_promise_of_a_call_is_kept_beside_a_case_and_a_danger_makes_it_due_within_the_hour(desk, over, case, clock):
    answers(desk, over, PROMISE | DANGER)
    Contact.objects.filter(pk=over.pk).update(case=case)

    _page, contact = close(desk, over, "wrong_number")

    assert (contact.state, contact.is_missed, contact.is_danger) == ("done", True, True)
    assert contact.due_at == clock.now + dt.timedelta(hours=1)
    assert contact.code in called_back(desk)


@pytest.mark.parametrize(("given", "hours"), [(CHILD, 24), (CONSENT, 24), (CHILD | DANGER, 1)])
@pytest.mark.parametrize("after", ["call_back", "supervisor"])
def test_what_is_gone_on_with_is_due_within_a_day_and_in_danger_within_the_hour(
    desk, over, operator, clock, given, hours, after
):
    answers(desk, over, given)

    _page, contact = close(desk, over, after=after)

    assert (contact.is_missed, contact.owner) == (True, operator if after == "call_back" else None)
    assert contact.due_at == clock.now + dt.timedelta(hours=hours)


UNSAFE, NO_NUMBER = "The safety state does not say that we may call this person.", "There is no number to call."


@pytest.mark.parametrize(("values", "why"), [
    ({"may_call": "no"}, UNSAFE), ({"may_call": "not_asked"}, UNSAFE),
    ({"caller_class": "withheld", "number_index": ""}, NO_NUMBER),
])  # fmt: skip
def test_where_the_call_is_forbidden_closing_says_why_and_asks(desk, over, supervisor, values, why):
    answers(desk, over, PROMISE)
    Contact.objects.filter(pk=over.pk).update(**values)

    page, contact = close(desk, over)
    assert "Choose what happens now, then what it was about." in page
    assert [one for one in (UNSAFE, NO_NUMBER) if f'soft">{one}</p>' in page] == [why]
    assert "<dt>Next step</dt><dd>We call back in a safe hour</dd>" in page
    assert (contact.state, contact.topic) == ("wrap_up", "")
    _page, contact = close(desk, over, after="supervisor")

    assert (contact.state, contact.is_missed, contact.owner) == ("done", True, None)
    assert "A supervisor</td>" in desk.get(reverse("hotline:missed")).content.decode()
    assert "within the hour" not in Letter.objects.get(receiver__endswith=str(supervisor.public_id)).text


def test_a_form_without_the_question_promises_nothing(desk, over, liberia, at):
    body = triage.body_of(triage.HOUSE)
    body["questions"] = [one for one in body["questions"] if one["key"] != "next_step"]
    own = SheetForm.objects.create(
        country=liberia, number=1, state="live", body=body, made_at=at, published_at=at - dt.timedelta(days=1)
    )
    over.sheets.create(version=1, form=own, answers=PROMISE, saved_at=at)

    page, contact = close(desk, over, "information")

    assert (contact.state, contact.is_missed, ASKS in page) == ("done", False, False)


def test_what_is_promised_is_known_by_its_meaning_in_whatever_question():
    asked = triage.Question("own_a", "next", "A", "A?", "", triage.ONE, (("x", "X"), ("y", "Y")), promises={"y": triage.REFER})  # fmt: skip

    assert triage.promised(triage.Form((asked,)), {"own_a": "x", "next_step": "refer"}) == {}
    assert triage.promised(triage.Form((asked,)), {"own_a": "y"}) == {triage.REFER: asked}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (CHILD, "<dt>Age in years</dt><dd>15</dd>"),
        (CONSENT, "<dt>Agrees that help is looked for</dt><dd>Yes</dd>"),
        (DANGER, "<dt>Safe now</dt><dd>No</dd>"),
        (REFER, "<dt>Next step</dt><dd>Refer to an agency</dd>"),
    ],
)
@pytest.mark.parametrize("topic", ["wrong_number", "silent", "hang_up", "concern"])
def test_no_topic_closes_a_sheet_that_leaves_somebody_to_go_on_with(desk, over, given, said, topic):
    answers(desk, over, given)

    page, contact = close(desk, over, topic)
    assert said in page
    assert ASKS in page
    assert (contact.state, contact.topic) == ("wrap_up", "")
    _page, contact = close(desk, over, topic, after="call_back")

    assert (contact.state, contact.topic, contact.is_missed) == ("done", topic, True)
    assert contact.code in called_back(desk)


def test_danger_by_key_and_a_child_by_key_are_named_too(desk, over, at):
    for question in ("danger", "under_18"):
        KeyAnswer.objects.create(contact=over, question=question, answer="yes", at=at)

    page, contact = close(desk, over, "silent")

    assert contact.state == "wrap_up"
    assert "<dt>Safe now</dt><dd>No, by key</dd>" in page
    assert "<dt>Are you under 18?</dt><dd>Yes, by key</dd>" in page

    Contact.objects.filter(pk=over.pk).update(is_danger=True)
    KeyAnswer.objects.all().delete()
    assert "<dt>Danger</dt><dd>Yes</dd>" in console(desk)


@pytest.mark.parametrize(("kind", "detail", "stands"), [
    ("danger_key", {}, "<dt>Danger</dt><dd>Danger key pressed</dd>"),
    ("question_answered", {"question": "danger", "answer": "yes"}, "<dt>Are you in danger now?</dt><dd>Yes, by key</dd>"),
])  # fmt: skip
def test_by_which_key_somebody_is_in_danger_of_whom_the_sheet_says_safe_is_told_as_it_was(
    desk, over, at, kind, detail, stands
):
    answers(desk, over, {"safe_now": "yes"})
    Contact.objects.filter(pk=over.pk).update(is_danger=True)
    over.events.create(kind=kind, detail=detail, at=at)
    page, contact = close(desk, over, "silent")

    assert contact.state == "wrap_up"
    assert ASKS in page
    assert stands in page
    assert ("Danger key pressed" in page) == (kind == "danger_key")


def test_a_calm_sheet_closes_with_one_click(desk, over):
    answers(desk, over, {"safe_now": "yes", "age": "30", "consent_case": "no", "next_step": "inform"})

    page, contact = close(desk, over, "wrong_number")

    assert (ASKS in page, contact.state, contact.is_missed) == (False, "done", False)


def test_a_case_or_a_reason_settles_it(desk, over, case):
    answers(desk, over, CHILD | CONSENT | REFER)
    refused = close(desk, over, after="no_danger")[1].state
    Contact.objects.filter(pk=over.pk).update(case=case)
    _page, with_case = close(desk, over)
    closed = with_case.state
    Contact.objects.filter(pk=over.pk).update(case=None, state="wrap_up", topic="", wrapped_up_at=None)
    _page, contact = close(desk, over, after="no_need")

    assert (refused, closed, contact.state, contact.closing) == ("wrap_up", "done", "done", "no_need")


def test_a_supervisor_is_one_key_and_the_keyboard_stands_on_the_choice(desk, over):
    answers(desk, over, CHILD)
    page = console(desk)
    way = re.search(r'<input[^>]*value="supervisor"[^>]*>', page)[0]

    assert 'data-key="y"' in way
    assert re.search(r'<input[^>]*value="call_back"[^>]* data-key="k" autofocus>', page)
    assert page.count('data-key="y"') == page.count('data-key="k"') == 1
    way = f'<a id="case-from-{over.code}" href="{reverse("hotline:open_case", args=[over.public_id])}">Open a case</a>'
    assert way in page


def test_a_visit_asks_too_and_stays_in_the_list(desk, line, operator, at):
    visit = waiting(line, at, kind="visit", channel="", state="wrap_up", step="wrap_up", happened_on=at.date())
    answers(desk, visit, CHILD)

    page, contact = close(desk, visit, "concern")
    assert (ASKS in page, contact.state) == (True, "wrap_up")
    _page, contact = close(desk, visit, "concern", after="supervisor")

    assert (contact.state, contact.is_missed) == ("done", True)
    assert contact.code in desk.get(reverse("hotline:missed")).content.decode()


def test_a_conversation_that_somebody_goes_on_with_stays_open(desk, conversation, operator):
    answers(desk, conversation, CHILD)
    seen = {"seen": conversation_version(conversation)}
    page, contact = close(desk, conversation, "wrong_number", **seen)
    assert (ASKS in page, contact.closed_at, contact.topic) == (True, None, "")
    _page, contact = close(desk, conversation, "wrong_number", after="supervisor", **seen)

    assert (contact.state, contact.topic, contact.closed_at) == ("ended", "wrong_number", None)
    listed = desk.get(reverse("hotline:missed")).content.decode()
    assert contact.code in listed
    _page, contact = close(desk, contact, "concern", after="reached", **seen)
    assert (contact.state, contact.closing) == ("done", "reached")


def test_a_missed_call_whose_follow_up_is_open_stays_there_without_a_question(desk, missed, operator):
    answers(desk, missed, DANGER)

    page, contact = close(desk, missed, "wrong_number")

    assert (ASKS in page, contact.state, contact.is_missed, contact.closed_at) == (False, "done", True, None)


def test_on_a_practice_call_a_promise_is_nobodys_work(desk, over):
    answers(desk, over, PROMISE)
    Contact.objects.filter(pk=over.pk).update(flags="simulated rehearsed")

    _page, contact = close(desk, over)

    assert (contact.state, contact.is_missed) == ("done", False)
    assert contact.events.get(kind="ways_on").detail == {"after": "call_back"}


def test_nobody_closes_a_contact_while_the_person_is_called_back(desk, talking, operator, at):
    contact = talking.contact
    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}").content.decode()

    assert "<h2>This person is being called back now." in page
    assert f"<bdi>{operator.get_full_name()}</bdi> calls this person back now." in page
    assert 'name="topic"' not in page
    for door, sent in (("wrap_up", {"topic": "wrong_number"}), ("close_follow_up", {"closing": "reached"})):
        told = desk.post(reverse(f"hotline:{door}", args=[contact.public_id]), sent, follow=True).content.decode()
        contact.refresh_from_db()
        assert "This person is being called back now." in told
        assert (contact.state, contact.topic, contact.closed_at) == ("ended", "", None)
    with pytest.raises(follow_up.StillOnTheLine):
        follow_up.wrap_up(contact=contact, topic="silent", by=operator, at=at)


def test_a_visit_has_no_number_to_speak_of(desk, line, at):
    visit = waiting(line, at, kind="visit", channel="", state="wrap_up", step="wrap_up", happened_on=at.date())
    called = waiting(line, at, state="wrap_up", step="wrap_up", ended_at=at)
    pages = [desk.get(reverse("hotline:console") + f"?contact={one.public_id}").content.decode() for one in (visit, called)]  # fmt: skip

    assert ["Number withheld" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("given", "by_key", "said"),
    [
        ({}, "locked_in", "<dt>Are you locked in?</dt><dd>Yes, by key</dd>"),
        ({}, "hurt", "<dt>Are you hurt?</dt><dd>Yes, by key</dd>"),
        ({}, "send_police", "<dt>Do you want the police to come?</dt><dd>Yes, by key</dd>"),
        ({"sign_movement": "no"}, "locked_in", "<dt>Are you locked in?</dt><dd>Yes, by key</dd>"),
        ({"sign_movement": "yes"}, "", "<dt>Movement restricted</dt><dd>Yes</dd>"),
        ({"sign_violence": "yes"}, "", "<dt>Violence</dt><dd>Yes</dd>"),
        ({"wants_police": "yes"}, "", "<dt>Wants a report to the police</dt><dd>Yes</dd>"),
    ],
)
def test_no_sheet_closes_on_who_is_locked_in_hurt_or_waits_for_the_police(desk, over, at, given, by_key, said):
    answers(desk, over, given)
    if by_key:
        KeyAnswer.objects.create(contact=over, question=by_key, answer="yes", at=at)
    Contact.objects.filter(pk=over.pk).update(end_asked_at=None)  # she was cut off

    page, contact = close(desk, over, "hang_up")
    assert ASKS in page
    assert said in page
    assert page.count("Yes, by key</dd>") == bool(by_key)
    assert (contact.state, contact.topic) == ("wrap_up", "")
    _page, contact = close(desk, over, "hang_up", after="supervisor")

    assert (contact.state, contact.is_missed, contact.owner) == ("done", True, None)
    assert contact.due_at - contact.changed_at <= dt.timedelta(hours=1)


@pytest.mark.parametrize(("question", "answer"), [("locked_in", "no"), ("overheard", "yes"), ("may_text", "yes")])
def test_what_is_no_need_of_now_keeps_no_sheet_open(desk, over, at, question, answer):
    KeyAnswer.objects.create(contact=over, question=question, answer=answer, at=at)

    page, contact = close(desk, over, "hang_up")

    assert (ASKS in page, contact.state) == (False, "done")
