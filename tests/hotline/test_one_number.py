"""One telephone, several contacts: a no, a stranger, the tries and the call of now hold for every contact of a number."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Country
from hotline import tasks
from hotline.actions import call_back, safety
from hotline.actions.answering import leave_answers
from hotline.actions.messages import TextRefused, queue_message
from hotline.actions.override import ask_override
from hotline.actions.shielding import shield_contact
from hotline.actions.timeline import note
from hotline.models import CallBack, Contact
from hotline.queries.answering import has_unread
from hotline.queries.dialling import call_bar, calls_to_agree, may_be_overridden, may_promise_call, with_call_bars
from hotline.queries.safety import safety_rows, text_bar
from hotline.queries.waiting import _texts as texts_at_hand
from hotline.views.panels import sheet_mark
from tests.hotline.backs import (  # noqa: F401 -- fixtures
    HOUR,
    MINUTE,
    NO,
    OWN,
    YES,
    calls_again,
    fresh,
    reached_again,
    says,
    second_call_of_the_person,
)
from tests.hotline.texting import holder, read

pytestmark = pytest.mark.django_db


def gives_other(contact, at):
    """Let the person name another number for calling back."""
    accounts.seal(contact, "callback_number", "+231770000007")
    contact.may_call, contact.safety_at = "yes", at
    contact.save()


def tried(network, contact, by, at, nth):
    """Let the line ring the person, who does not pick up."""
    row = call_back.begin_call_back(contact=contact, by=by, at=at)
    CallBack.objects.filter(pk=row.pk).update(state="person", own_sid=OWN)
    call_back.ring_person(row, at)
    tasks.run_commands(at)
    sid = f"CA{nth}" + "b" * 30
    CallBack.objects.filter(pk=row.pk).update(person_sid=sid)
    network.rung_status(row.person_token, sid, "no-answer")
    return fresh(row)


def test_after_a_stranger_no_contact_of_the_number_is_called_or_texted(second, talking, operator, supervisor, at):
    assert text_bar(second, at) == ""

    call_back.meet_stranger(contact=talking.contact, by=operator, at=at + MINUTE)

    assert (call_bar(second, at + 2 * HOUR), text_bar(second, at + 2 * HOUR)) == ("not_safe", "not_safe")
    assert may_be_overridden(second, at + 2 * HOUR) is False
    with pytest.raises(call_back.CallRefused, match="not_safe"):
        call_back.begin_call_back(contact=second, by=operator, at=at + 2 * HOUR)


def test_a_stranger_stands_where_the_contact_itself_was_asked_anew(second, talking, operator, supervisor, at):
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at + MINUTE)
    with pytest.raises(safety.NotHeard):  # what she heard in the call was before that
        says(talking.contact, YES, operator, at + 2 * MINUTE)
    reached_again(talking.contact, operator, at + 2 * MINUTE)
    says(talking.contact, YES, operator, at + 2 * MINUTE)

    assert (call_bar(second, at + 2 * HOUR), text_bar(second, at + 2 * HOUR)) == ("not_safe", "not_safe")
    assert (call_bar(fresh(talking.contact), at + 2 * HOUR), text_bar(talking.contact, at + 2 * HOUR)) == ("", "")


def test_the_no_of_a_later_call_binds_and_nobody_is_rung_while_she_is_on_the_line(network, missed, operator, at):
    new = calls_again(network)
    assert call_bar(missed, at) == "on_the_line"
    says(new, NO, operator, at)
    network.status("completed", "9")

    assert (call_bar(missed, at), text_bar(missed, at)) == ("not_safe", "not_safe")


def test_a_yes_stands_that_is_newer_than_the_no_and_lifts_no_other(second, missed, operator, at):
    says(missed, NO, operator, at + MINUTE)
    says(second, YES, operator, at + 2 * MINUTE)

    assert (call_bar(fresh(second), at + HOUR), text_bar(second, at + HOUR)) == ("", "")
    assert (call_bar(fresh(missed), at + HOUR), text_bar(missed, at + HOUR)) == ("not_safe", "not_safe")


def test_what_rings_for_another_contact_stops_with_the_no(second, begun, operator, at):
    says(second, NO, operator, at + MINUTE)

    assert (fresh(begun).state, begun.blocked_by) == ("cancelled", "not_safe")


def test_a_text_that_waits_is_kept_back_by_the_no_of_another_contact(second, missed, operator, at):
    sent = queue_message(contact=second, text_key="received", by=operator, at=at, key="one")
    says(missed, NO, operator, at + MINUTE)

    tasks.send_messages(at + MINUTE)

    assert fresh(sent).state == "blocked_by_safety"


def test_another_number_that_was_given_is_a_no_for_the_one_called_from(network, missed, operator, at):
    new = calls_again(network)
    network.status("completed", "9")
    gives_other(fresh(new), at + MINUTE)

    assert (call_bar(missed, at + HOUR), text_bar(missed, at + HOUR)) == ("not_safe", "not_safe")


def test_three_tries_and_the_hour_hold_across_contacts(network, second, missed, operator, at):
    for nth, contact in enumerate((missed, second, missed), 1):
        row = tried(network, contact, operator, at + nth * HOUR, nth)
        assert (row.state, row.nth) == ("not_reached", nth)
        soon = at + nth * HOUR + 59 * MINUTE
        assert {call_bar(one, soon) for one in (missed, second)} == {"tries" if nth == 3 else "too_soon"}

    assert {call_bar(one, at + 6 * HOUR) for one in (missed, second)} == {"tries"}
    with pytest.raises(call_back.CallRefused, match="tries"):
        call_back.begin_call_back(contact=second, by=operator, at=at + 6 * HOUR)


def test_who_calls_anew_is_tried_anew_but_not_within_the_hour(network, missed, operator, at):
    for nth in (1, 2, 3):
        tried(network, missed, operator, at + nth * HOUR, nth)
    new = calls_again(network)
    network.status("completed", "9")
    then = at + 3 * HOUR + 30 * MINUTE
    Contact.objects.filter(pk=new.pk).update(started_at=then, ended_at=then, may_call="yes", safety_at=then)

    bars = [call_bar(fresh(new), now) for now in (then, then + 30 * MINUTE)]

    assert bars == ["too_soon", ""]
    assert call_bar(missed, then + HOUR) == "tries"


def test_who_was_reached_for_one_contact_may_be_called_for_another(network, second, missed, operator, at):
    for nth in (1, 2, 3):
        row = tried(network, missed, operator, at + nth * HOUR, nth)
    CallBack.objects.filter(pk=row.pk).update(state="reached")

    assert (call_bar(missed, at + 3 * HOUR), call_bar(second, at + 3 * HOUR)) == ("", "")


def test_one_telephone_is_rung_by_one_at_a_time(second, begun, other, at):
    with pytest.raises(call_back.CallRefused, match="under_way"):
        call_back.begin_call_back(contact=second, by=other, at=at)


def test_tries_at_another_number_are_of_its_own_contact_and_a_no_holds(network, second, missed, operator, at):
    tried(network, missed, operator, at + HOUR, 1)
    gives_other(second, at)

    assert call_bar(fresh(second), at + HOUR) == ""
    says(missed, NO, operator, at + HOUR)
    assert call_bar(second, at + HOUR) == "not_safe"


@pytest.mark.parametrize("apart", ["country", "practice", "rehearsed", "withheld"])
def test_what_is_not_of_the_number_here_counts_for_nothing(second, missed, operator, at, apart):
    says(missed, NO, operator, at + MINUTE)
    assert text_bar(second, at + HOUR) == "not_safe"
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", time_zone="America/Port-au-Prince")
    changes = {
        "country": {"country": haiti}, "practice": {"is_practice": not missed.is_practice},
        "rehearsed": {"flags": "rehearsed"}, "withheld": {"caller_class": "withheld", "number_index": ""},
    }  # fmt: skip
    Contact.objects.filter(pk=missed.pk).update(**changes[apart])

    assert (call_bar(second, at + HOUR), text_bar(second, at + HOUR)) == ("", "")


def test_a_hidden_contact_counts_and_the_page_says_no_more_than_that_it_is_not_safe(
    second, missed, operator, supervisor, sign_in, at, monkeypatch
):
    says(missed, NO, operator, at + MINUTE)
    shield_contact(contact=missed, user=operator, by=supervisor, at=at)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at + HOUR)

    page = sign_in(operator).get(reverse("hotline:call_back", args=[second.public_id])).content.decode()

    assert "The safety state does not say that we may call this person." in page
    assert missed.code not in page


def test_a_call_agreed_to_by_two_is_offered_to_nobody_once_the_person_said_no(
    second, missed, operator, supervisor, person, liberia, at
):
    Contact.objects.filter(pk=second.pk).update(may_call="not_asked")
    ask_override(contact=second, reason="danger", by=supervisor, at=at)
    agreeing = person("supervisor", country=liberia, name="Second Supervisor")
    assert calls_to_agree(agreeing, at) == [second]

    says(missed, NO, operator, at + MINUTE)

    assert calls_to_agree(agreeing, at + MINUTE) == []


def test_the_list_asks_once_for_all_its_rows(second, missed, operator, at, django_assert_num_queries):
    says(missed, NO, operator, at + MINUTE)
    rows = list(Contact.objects.select_related("country"))

    with django_assert_num_queries(1):
        shown = with_call_bars(rows, at + HOUR)

    assert [row.call_bar for row in shown] == ["The safety state does not say that we may call this person."] * 2


def test_the_queue_knows_the_no_of_another_contact_without_a_query_more(
    thread, missed, operator, at, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    assert [row.bar for row in texts_at_hand(operator, at)[0]] == [""]
    says(missed, NO, operator, at + MINUTE)

    with django_assert_num_queries(1):
        listed, _more = texts_at_hand(operator, at + MINUTE)

    assert [row.bar for row in listed] == [
        "No text message can be sent: the safety state does not say that we may text this person."
    ]


def test_no_call_is_promised_that_nothing_but_the_person_makes_possible(network, missed, operator, at):
    night = at.replace(hour=23)
    assert (call_bar(missed, night), may_promise_call(missed, night)) == ("not_now", True)
    for nth in (1, 2, 3):
        assert may_promise_call(missed, at + nth * HOUR)
        tried(network, missed, operator, at + nth * HOUR, nth)

    assert not may_promise_call(missed, at + 5 * HOUR)
    assert not may_promise_call(missed, night)
    with pytest.raises(TextRefused, match="no_call"):
        queue_message(contact=missed, text_key="call_back_soon", by=operator, at=at + 5 * HOUR, key="one")


def test_no_call_is_promised_to_whom_no_time_was_named(missed, operator, at):
    assert may_promise_call(missed, at + HOUR)
    note(missed, "callback_agreed", by="line", at=at)

    assert not may_promise_call(missed, at + HOUR)


def test_a_text_read_outside_the_safe_hours_is_answered_by_its_reader_and_waits_again_once_she_leaves(
    desk, thread, operator
):
    now = timezone.localtime(timezone.now(), dt.UTC)  # Liberia's clock
    hours = {"safe_from": (now + 2 * HOUR).time(), "safe_until": (now + 3 * HOUR).time()}
    Contact.objects.filter(pk=thread.pk).update(**hours)
    assert text_bar(fresh(thread), now) == "not_now"

    read(desk, thread)
    assert (holder(thread), has_unread(thread)) == (operator, False)
    leave_answers(by=operator, at=now)

    assert (holder(thread), has_unread(thread)) == (None, True)


def shown_of(contact):
    return [(str(row.words), row.shape, row.forbids) for row in safety_rows(contact)[:2]]


BARRED = ("Yes, but this telephone is not safe now", "x", True)


def test_a_yes_that_the_number_bars_is_shown_as_none(second, missed, operator, at):
    says(missed, YES, operator, at)
    assert shown_of(missed) == [("Yes", "tick", False)] * 2

    says(second, NO | {"may_text": "yes"}, operator, at + MINUTE)
    assert shown_of(missed) == [BARRED, ("Yes", "tick", False)]
    says(second, NO, operator, at + MINUTE)

    assert shown_of(missed) == [BARRED] * 2
    assert shown_of(fresh(second)) == [("No", "x", True)] * 2


def test_the_pages_of_a_contact_show_that_the_number_bars_it_and_the_console_hears_of_it(
    desk, second, missed, operator, supervisor, at, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at + HOUR)
    mark = sheet_mark(missed)
    says(second, NO, operator, at + MINUTE)
    shield_contact(contact=second, user=operator, by=supervisor, at=at)
    pages = [
        desk.get(reverse(f"hotline:{name}", args=[missed.public_id])).content.decode()
        for name in ("contact", "call_back")
    ]

    for page in (*pages, desk.get(reverse("hotline:console"), {"contact": missed.public_id}).content.decode()):
        assert page.count(BARRED[0]) == 2
        assert second.code not in page
    assert sheet_mark(missed) != mark
