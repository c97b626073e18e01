"""An answer is as old as its giving: what is said by whom and when decides which of two answers holds."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline.actions import safety
from hotline.actions.timeline import note
from hotline.models import Contact, Line
from hotline.queries.dialling import call_bar
from hotline.queries.safety import hours_row, is_text_by_key, safety_version, text_bar, with_hours
from tests.hotline.backs import HOUR, MINUTE, NO, YES, calls_again, fresh, keeps, says, second_call_of_the_person  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


OTHER_THINGS = {
    "a code word": {"code_word": "river"}, "nothing": {}, "voicemail": {"may_voicemail": "yes"},
    "hours": {"safe_from": dt.time(6), "safe_until": dt.time(23)},
}  # fmt: skip


@pytest.mark.both
@pytest.mark.parametrize("what", sorted(OTHER_THINGS))
def test_saving_anything_else_than_an_answer_lifts_no_newer_no_and_renews_no_yes(second, missed, operator, at, what):
    says(missed, YES, operator, at)
    says(second, NO, operator, at + MINUTE)

    keeps(missed, operator, at + 2 * MINUTE, **OTHER_THINGS[what])

    assert (call_bar(fresh(missed), at + HOUR), text_bar(missed, at + HOUR)) == ("not_safe", "not_safe")
    Contact.objects.filter(pk=second.pk).update(may_call="not_asked", may_text="not_asked")
    late = at + dt.timedelta(days=31)
    assert (call_bar(missed, late), text_bar(missed, late)) == ("too_old", "too_old")


@pytest.mark.both
@pytest.mark.parametrize(
    ("now", "bars"),
    [
        ({"may_text": "yes"}, ("not_safe", "")), ({"may_text": "no"}, ("not_safe", "not_safe")),
        ({"may_call": "yes"}, ("", "not_safe")),
    ],
)  # fmt: skip
def test_an_answer_that_is_given_moves_its_own_time_alone(second, missed, operator, at, now, bars):
    before = {"may_call": "yes", "may_text": "yes"} | dict.fromkeys(now, "unknown")
    says(missed, NO | before, operator, at)
    says(second, NO, operator, at + MINUTE)

    keeps(missed, operator, at + 2 * MINUTE, **now)

    assert (call_bar(fresh(missed), at + HOUR), text_bar(missed, at + HOUR)) == bars


def test_the_same_answers_count_anew_once_the_person_told_them_now(
    desk, second, missed, operator, clock, at, monkeypatch
):
    says(missed, YES, operator, at)
    says(second, NO, operator, at + MINUTE)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at + 2 * MINUTE)
    url = reverse("hotline:safety", args=[missed.public_id])
    page = desk.get(url).content.decode()
    assert "The person told me so now" in page
    form = YES | {"version": safety_version(fresh(missed))}

    assert desk.post(url, form).status_code == 302
    assert call_bar(fresh(missed), at + HOUR) == "not_safe"
    assert desk.post(url, form | {"is_told": "on"}).status_code == 302

    assert (call_bar(fresh(missed), at + HOUR), text_bar(missed, at + HOUR)) == ("", "")


def test_nothing_is_said_anew_where_nothing_was_answered(desk, missed):
    Contact.objects.update(may_call="not_asked", may_text="unknown")

    page = desk.get(reverse("hotline:safety", args=[missed.public_id])).content.decode()

    assert 'name="is_told"' not in page


def test_of_two_new_code_words_none_is_written_over_unseen(second, operator, at):
    seen = safety_version(second)
    kept = keeps(second, operator, at + MINUTE, code_word="river", version=seen)
    assert safety_version(kept) == safety_version(fresh(second)) != seen

    with pytest.raises(safety.SafetyChanged):
        keeps(second, operator, at + 2 * MINUTE, code_word="papaya", version=seen)


def by_key(network, clock, *keys):
    """Let who called a closed line say by key, two minutes from now, how to call her back, and hang up."""
    clock.move(minutes=2)
    for step, pressed in (("closed", "2"), *[("callback", one) for one in keys]):
        network.step(step, network.contact.turn, Digits=pressed)
    network.status("completed", "9")
    return network.contact


@pytest.mark.both
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("1",), ""), (("1", "2", "0770000007"), ""),  # a number that she did not say to be right is none
        (("1", "2", "0770000007", "2"), "not_safe"),
    ],
)  # fmt: skip
def test_what_is_said_by_key_is_as_old_as_its_saying_and_not_as_the_call(
    network, line, missed, operator, clock, keys, text
):
    Line.objects.update(mode="message")
    calls_again(network)
    clock.move(minutes=1)
    says(missed, YES, operator, clock.now)  # the operator of the call before ends its sheet

    by_key(network, clock, *keys)

    then = clock.now + HOUR
    assert (call_bar(fresh(missed), then), text_bar(missed, then)) == ("not_safe", text)


@pytest.mark.both
@pytest.mark.parametrize(("keys", "bar"), [(("", "", ""), ""), (("7", "", "7"), ""), (("1", "", "", ""), "not_safe")])
def test_silence_and_a_wrong_key_in_a_later_call_take_no_promised_call_back(network, line, at, clock, keys, bar):
    Line.objects.update(mode="message")
    network.call()
    network.step("language", 1, Digits="1")
    promised = by_key(network, clock, "2", "4", "1", "1")
    new = calls_again(network)
    for step, pressed in (("closed", "2"), *[("callback", one) for one in keys]):
        network.step(step, fresh(new).turn, Digits=pressed)
    network.status("completed", "9")

    new = fresh(new)
    assert (new.may_call, new.safety_at is None, new.outcome) == (("no" if bar else "not_asked"), not bar, "no_number")
    assert call_bar(fresh(promised), clock.now + HOUR) == bar


def test_a_yes_by_key_is_newer_than_a_no_of_during_the_call_and_stands_thirty_days(
    network, line, missed, operator, clock
):
    Line.objects.update(mode="message")
    calls_again(network)
    clock.move(minutes=1)
    says(missed, NO, operator, clock.now)
    new = by_key(network, clock, "2", "4", "1", "1")
    said = clock.now

    assert call_bar(new, said + HOUR) == ""
    assert call_bar(new, said + dt.timedelta(days=30)) == ""
    assert call_bar(new, said + dt.timedelta(days=30, seconds=1)) == "too_old"


def test_what_is_said_of_calls_by_key_leaves_the_answer_on_texts_by_key_as_old_as_it_was(
    network, line, operator, clock
):
    Line.objects.update(mode="message")
    contact = calls_again(network)
    Contact.objects.update(may_text="yes", safety_at=clock.now)  # as rows of before keep it
    contact.key_answers.create(question="may_text", answer="yes", at=clock.now)
    said = clock.now
    assert is_text_by_key(network.contact)

    by_key(network, clock, "1")

    kept = network.contact
    assert (kept.may_call, kept.text_said_at, is_text_by_key(kept)) == ("no", said, True)


def test_who_agreed_by_key_and_chose_no_time_is_asked_by_no_code_word(missed, operator, at):
    note(missed, "callback_agreed", by="line", at=at)

    keeps(missed, operator, at + MINUTE, code_word="river")

    assert call_bar(fresh(missed), at + HOUR) == "no_time"


@pytest.mark.parametrize("then", ["9", ""])
def test_who_agreed_by_key_and_chose_no_time_is_not_called_however_the_call_ended(network, line, at, then):
    Line.objects.update(mode="message")
    network.call()
    network.step("language", 1, Digits="1")
    for step, keys in (("closed", "2"), ("callback", "2"), *[("callback", "")] * 2, ("callback", then)):
        network.step(step, network.contact.turn, Digits=keys)
    network.status("completed", "9")
    contact = network.contact
    assert (contact.may_call, contact.callback_time, contact.outcome == "callback") == ("yes", "", not then)

    assert call_bar(contact, at + HOUR) == "no_time"
    assert hours_row(contact).forbids
    assert [row.hours.forbids for row in with_hours([contact])] == [True]


@pytest.mark.both
@pytest.mark.parametrize("outcome", ["callback", "abandoned"])
@pytest.mark.parametrize("is_noted", [True, False])
def test_who_was_asked_by_an_operator_since_named_no_hours_to_anybody(missed, operator, at, outcome, is_noted):
    Contact.objects.filter(pk=missed.pk).update(outcome=outcome)
    if is_noted:
        note(missed, "callback_agreed", by="line", at=at)
    is_agreed = is_noted or outcome == "callback"
    assert call_bar(fresh(missed), at + HOUR) == ("no_time" if is_agreed else "")
    assert hours_row(fresh(missed)).forbids is is_agreed

    keeps(missed, operator, at + MINUTE, code_word="river")
    assert call_bar(fresh(missed), at + HOUR) == ("no_time" if is_agreed else "")
    says(missed, YES, operator, at + 2 * MINUTE)

    assert call_bar(fresh(missed), at + HOUR) == ""
    assert [row.hours for row in with_hours([fresh(missed)])] == [None]


@pytest.mark.parametrize("outcome", ["callback", "abandoned"])
def test_who_agreed_by_key_after_an_operator_asked_is_not_called_without_a_time(missed, operator, at, outcome):
    Contact.objects.filter(pk=missed.pk).update(outcome=outcome)
    says(missed, YES, operator, at)
    note(missed, "callback_agreed", by="line", at=at + MINUTE)

    assert call_bar(fresh(missed), at + HOUR) == "no_time"
    assert [row.hours.forbids for row in with_hours([fresh(missed)])] == [True]
