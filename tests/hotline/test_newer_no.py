"""A no is taken back by who heard the person since: what was heard, left or written before it counts no more."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from accounts import actions as accounts
from hotline.actions import call_back, exports, safety
from hotline.models import CallBack, Contact, Leg, Message, Recording
from hotline.queries.dialling import call_bar
from hotline.queries.hearing import has_heard
from hotline.queries.safety import bar_words, safety_version, text_bar
from tests.hotline.backs import (  # noqa: F401 -- fixtures
    HOUR,
    MINUTE,
    NO,
    YES,
    calls_again,
    fresh,
    reached_again,
    says,
    second_call_of_the_person,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.either]
KEPT = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}


@pytest.fixture(name="colleague")
def second_operator(person, liberia):
    """Who heard the person at another time than the first operator."""
    return person("operator", country=liberia, name="Second, Liberia")


def saves(contact, answers, by, at, **more):
    return safety.set_safety(
        contact=contact, answers=answers, **(KEPT | more), by=by, at=at, because="told", is_told=True
    )


def is_refused(contact, by, at):
    try:
        saves(fresh(contact), YES, by, at)
    except safety.NotHeard:
        return True
    return False


def talked(contact, by, at):
    """They talked for a minute, up to this time."""
    told = {"label": f"op-{by.pk}-{at:%H%M}", "made_at": at - MINUTE}
    Leg.objects.create(contact=contact, role="operator", user=by, joined_at=at - MINUTE, left_at=at, **told)


def played(contact, by, at):
    """A message that was left at this time was played an hour later."""
    row = Recording(
        contact=contact, sid="RE1", account="main", status="completed", seconds=9, made_at=at, fetched_at=at
    )
    accounts.seal(row, "audio", "UklGRg==")
    row.save()
    exports.hear_message(recording=row, by=by, at=at + HOUR)


@pytest.mark.both
@pytest.mark.parametrize("heard", [talked, reached_again, played])
@pytest.mark.parametrize("who", ["operator", "supervisor"])
def test_what_was_heard_before_a_no_of_any_call_of_the_number_does_not_lift_it(
    second, missed, request, at, heard, who, colleague
):
    user = request.getfixturevalue(who)
    Contact.objects.update(ended_at=at + HOUR)
    heard(missed, user, at)
    assert has_heard(fresh(missed), user, at + MINUTE)

    says(second, NO, colleague, at + 2 * HOUR)

    assert is_refused(missed, user, at + 3 * HOUR)
    assert (call_bar(missed, at + 3 * HOUR), text_bar(missed, at + 3 * HOUR)) == ("not_safe", "not_safe")
    (reached_again if heard is played else heard)(missed, user, at + 3 * HOUR)
    Contact.objects.update(ended_at=at + 3 * HOUR)
    assert not is_refused(missed, user, at + 4 * HOUR)


def test_the_conversation_says_that_a_newer_no_stands_against_the_yes_that_was_given_here(
    second, missed, colleague, at
):
    says(second, NO, colleague, at + HOUR)

    bars = [text_bar(fresh(row), at + 2 * HOUR) for row in (missed, second)]
    words = [bar_words(fresh(row), bar) for row, bar in zip((missed, second), bars, strict=True)]

    assert bars == ["not_safe", "not_safe"]
    assert ["with this number it was said later" in one for one in words] == [True, False]


def test_an_older_text_of_the_number_lifts_no_no_and_a_new_one_does(network, missed, operator, colleague, at):
    text = network.text()
    Message.objects.filter(contact=text).update(made_at=at)
    says(missed, NO, operator, at + MINUTE)

    assert is_refused(text, colleague, at + HOUR)
    assert text_bar(text, at + HOUR) == "not_safe"
    Message.objects.filter(contact=text).update(made_at=at + HOUR)
    assert not is_refused(text, colleague, at + 2 * HOUR)


def test_a_stranger_who_picked_up_stands_against_what_was_written_before(network, talking, operator, colleague, at):
    text = network.text()
    Message.objects.filter(contact=text).update(made_at=at)
    call_back.meet_stranger(contact=talking.contact, by=operator, at=at + MINUTE)

    assert is_refused(text, colleague, at + HOUR)
    assert is_refused(text, operator, at + HOUR)


def test_who_wrote_a_no_herself_may_mend_it_until_somebody_else_says_less(missed, operator, supervisor, at):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at)
    talked(missed, operator, at)
    saves(fresh(missed), NO, operator, at + MINUTE)
    assert not is_refused(missed, operator, at + 2 * MINUTE)

    less = fresh(missed)
    hours = {"safe_from": dt.time(17), "safe_until": dt.time(18)}
    kept = {name: getattr(less, name) for name in NO}
    safety.set_safety(contact=less, answers=kept, **(KEPT | hours), by=supervisor, at=at + HOUR, because="unsafe")

    with pytest.raises(safety.NotHeard):
        safety.set_safety(contact=fresh(missed), answers=kept, **KEPT, by=operator, at=at + 2 * HOUR, because="told")
    assert has_heard(fresh(missed), operator, at + 2 * HOUR) is False


@pytest.mark.both
@pytest.mark.parametrize(
    "less",
    [
        {"may_call": "no"}, {"may_text": "no"}, {"may_voicemail": "no"}, {"shared_phone": "yes"},
        {"callback_number": "+231770000077"},
    ],
)  # fmt: skip
def test_each_kind_of_no_by_key_in_a_later_call_stands(second, missed, operator, at, less):
    usual = {"may_call": "yes", "may_text": "yes", "may_voicemail": "yes", "shared_phone": "no"}
    Contact.objects.update(**usual, ended_at=at, safety_at=at)
    talked(missed, operator, at)
    Contact.objects.filter(pk=second.pk).update(safety_at=at + HOUR, text_said_at=at + HOUR)
    assert has_heard(fresh(missed), operator, at + 2 * HOUR)

    row = fresh(second)
    for name, value in less.items():
        accounts.seal(row, name, value) if name == "callback_number" else setattr(row, name, value)
    row.save()

    assert is_refused(missed, operator, at + 2 * HOUR)


def test_another_number_that_was_given_bars_nothing_where_it_was_given(missed, operator, at):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at, may_text="yes", shared_phone="no", safety_at=at + HOUR)
    row = fresh(missed)
    accounts.seal(row, "callback_number", "+231770000077")
    row.save()
    talked(missed, operator, at)

    assert has_heard(fresh(missed), operator, at + 2 * HOUR)


def test_she_heard_nothing_after_her_telephone_ended_also_where_no_room_told_that_it_left(missed, operator, at):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at + HOUR)
    talked(missed, operator, at)
    Leg.objects.filter(user=operator).update(left_at=None, ended_at=at)
    Contact.objects.filter(pk=missed.pk).update(may_call="no", safety_at=at + MINUTE)

    assert is_refused(missed, operator, at + 2 * HOUR)


def test_a_code_word_is_agreed_with_who_heard_the_person(missed, operator, supervisor, at):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at)
    talked(missed, operator, at)
    kept = {name: getattr(missed, name) for name in NO}

    with pytest.raises(safety.NotHeard) as refused:
        safety.set_safety(
            contact=missed, answers=kept, **(KEPT | {"code_word": "mango"}), by=supervisor, at=at, because="told"
        )
    assert refused.value.of == {"code_word"}
    saves(missed, YES, operator, at + MINUTE, code_word="mango")
    assert fresh(missed).code_word is not None


def test_a_no_by_key_after_the_talk_stands(missed, operator, at):
    """She waits on after the operator was lost, and says by key that she may not be called."""
    Contact.objects.filter(pk=missed.pk).update(ended_at=at + HOUR, may_call="no", safety_at=at + MINUTE)
    talked(missed, operator, at)

    assert is_refused(missed, operator, at + HOUR)


def test_the_no_of_another_number_of_a_practice_call_and_of_what_was_only_played_counts_for_nobody_else(
    second, missed, operator, colleague, at
):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at)
    talked(missed, operator, at)
    says(second, NO, colleague, at + HOUR)
    assert not has_heard(fresh(missed), operator, at + HOUR)

    for others in ({"number_index": "x"}, {"is_practice": not second.is_practice}, {"flags": "rehearsed"}):
        was = {name: getattr(second, name) for name in others}
        Contact.objects.filter(pk=second.pk).update(**others)
        assert has_heard(fresh(missed), operator, at + HOUR)
        Contact.objects.filter(pk=second.pk).update(**was)
    assert not has_heard(fresh(missed), operator, at + HOUR)


@pytest.mark.parametrize(("word", "said"), [("kiwi", "Code word: Another one, sealed"), ("", "Code word: None")])
def test_what_became_of_the_code_word_stands_in_the_timeline_and_the_word_does_not(
    missed, operator, supervisor, desk, at, word, said
):
    Contact.objects.filter(pk=missed.pk).update(ended_at=at)
    talked(missed, operator, at)
    saves(fresh(missed), YES, operator, at + MINUTE, code_word="mango")
    with pytest.raises(safety.NotHeard) as refused:
        safety.set_safety(
            contact=fresh(missed), answers=YES, **(KEPT | {"code_word": word}), by=supervisor, at=at + HOUR
        )
    assert refused.value.of == {"code_word"}

    saves(fresh(missed), YES, operator, at + HOUR, code_word=word)

    page = desk.get(f"/en/calls/{missed.public_id}/").content.decode()
    assert "Code word: Set, sealed" in page
    assert said in page
    assert "mango" not in page
    assert "kiwi" not in page


def test_the_page_says_that_less_was_said_since_she_heard_the_person(
    desk, missed, operator, colleague, second, at, now
):
    page = f"/en/console/{missed.public_id}/safety/"
    Contact.objects.filter(pk=missed.pk).update(ended_at=at)
    assert "Only somebody who talks with this person" in desk.get(page).content.decode()
    talked(missed, operator, at)
    assert "can write that more is safe" not in desk.get(page).content.decode()

    says(second, NO, colleague, at + MINUTE)

    now.move_to(at + HOUR)
    said = "Since you heard this person, less was said to be safe."
    assert said in desk.get(page).content.decode()
    usual = {name: getattr(fresh(missed), name) for name in (*YES, "who_may_answer", "cover")}
    refused = desk.post(page, usual | {"is_told": "on", "because": "told", "version": safety_version(fresh(missed))})
    told = BeautifulSoup(refused.content, "html.parser").find(id="main")
    at_field = told.find(id="id_is_told_error")
    assert said in at_field.text
    assert "Only who heard the person may allow more" not in told.text
    assert told.text.count(said) == 2  # beside the field and above the form, once each


def test_a_colleague_who_writes_more_makes_an_older_no_to_messages_no_newer(missed, operator, colleague, at):
    usual = {"may_call": "unknown", "may_voicemail": "no", "shared_phone": "yes"}
    Contact.objects.filter(pk=missed.pk).update(**usual, ended_at=at + HOUR, safety_at=at)
    talked(missed, operator, at + MINUTE)
    reached_again(missed, colleague, at + HOUR)

    saves(fresh(missed), YES | {"may_voicemail": "no"}, colleague, at + HOUR)

    assert has_heard(fresh(missed), operator, at + 2 * HOUR)


def test_that_others_hear_the_phone_said_by_key_stands_against_who_heard_before_whatever_is_saved_later(
    network, missed, operator, colleague, clock, at
):
    Contact.objects.update(ended_at=at + HOUR, may_call="unknown", may_voicemail="yes", shared_phone="no")
    talked(missed, operator, at + MINUTE)
    live = calls_again(network)
    Contact.objects.filter(pk=live.pk).update(turn=5, step="callback_shared", may_call="yes", safety_at=at)
    clock.move(minutes=10)
    network.step("callback", 5, Digits="2")
    network.step("callback", 6, Digits="1")
    told = live.events.filter(kind="safety_changed").values_list("by", "detail__less", "detail__untold")
    assert (fresh(live).shared_phone, live.may_voicemail, list(told)) == ("yes", "no", 2 * [("line", True, True)])
    network.status("completed", "9")
    Contact.objects.filter(pk=live.pk).update(state="done")
    reached_again(live, colleague, at + HOUR)

    saves(fresh(live), YES | {"may_voicemail": "no"}, colleague, at + HOUR)

    assert not has_heard(fresh(missed), operator, at + 2 * HOUR)


@pytest.mark.parametrize("other", [{"is_practice": None}, {"flags": None}, {"callback_number": None}])
def test_a_stranger_counts_who_picked_up_at_this_telephone_in_a_contact_that_counts(
    second, missed, operator, at, other
):
    Contact.objects.update(ended_at=at, may_text="yes", shared_phone="no")
    talked(missed, operator, at)
    row = CallBack.objects.create(
        contact=second, by=operator, state="strange", made_at=at, dialled_at=at, ended_at=at + MINUTE, account="main"
    )
    assert not has_heard(fresh(missed), operator, at + HOUR)

    if "callback_number" in other:
        accounts.seal(second, "callback_number", "+231770000077")
        second.safety_at = at - HOUR
        second.save()
    else:
        values = {"is_practice": not second.is_practice} if "is_practice" in other else {"flags": "rehearsed"}
        Contact.objects.filter(pk=second.pk).update(**values)
    assert has_heard(fresh(missed), operator, at + HOUR)

    CallBack.objects.filter(pk=row.pk).update(contact=missed)
    assert not has_heard(fresh(missed), operator, at + HOUR)
