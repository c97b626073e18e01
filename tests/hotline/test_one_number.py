"""One telephone, several contacts: a no, a stranger, the tries and the call of now hold for every contact of a number."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Country
from hotline import tasks
from hotline.actions import call_back, sheets
from hotline.actions.answering import leave_answers
from hotline.actions.messages import TextRefused, queue_message
from hotline.actions.override import ask_override
from hotline.actions.shielding import shield_contact
from hotline.actions.timeline import note
from hotline.models import CallBack, Contact, Line
from hotline.queries.answering import has_unread
from hotline.queries.dialling import call_bar, calls_to_agree, may_be_overridden, may_promise_call, with_call_bars
from hotline.queries.safety import hours_row, is_text_by_key, safety_rows, safety_version, text_bar, with_hours
from hotline.queries.waiting import _texts as texts_at_hand
from hotline.views.panels import sheet_mark
from tests.hotline.backs import HOUR, OWN, fresh
from tests.hotline.texting import holder, read

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
NO = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "yes"}
YES = NO | {"may_call": "yes", "may_text": "yes"}


def calls_again(network, sid="9", **more):
    """Let the person call once more, and wait; the contact is new."""
    known = set(Contact.objects.values_list("pk", flat=True))
    network.sid = "CA" + sid * 32
    network.call(**more)
    network.step("language", 1, Digits="1")
    return Contact.objects.exclude(pk__in=known).get()


def says(contact, answers, by, at):
    told = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}
    return sheets.set_safety(contact=contact, answers=answers, **told, by=by, at=at, because="told", is_told=True)


def gives_other(contact, at):
    """Let the person name another number for calling back."""
    accounts.seal(contact, "callback_number", "+231770000007")
    contact.may_call, contact.safety_at = "yes", at
    contact.save()


@pytest.fixture
def second(network, missed, at):
    """Another call of the same person that nobody took, with the same answers."""
    row = calls_again(network)
    network.status("completed", "9")
    Contact.objects.filter(pk=row.pk).update(may_call="yes", may_text="yes", safety_at=at, language="fr")
    return fresh(row)


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


@pytest.mark.parametrize("apart", ["country", "practice", "rehearsed", "erased", "withheld"])
def test_what_is_not_of_the_number_here_counts_for_nothing(second, missed, operator, at, apart):
    says(missed, NO, operator, at + MINUTE)
    assert text_bar(second, at + HOUR) == "not_safe"
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", time_zone="America/Port-au-Prince")
    changes = {
        "country": {"country": haiti}, "practice": {"is_practice": not missed.is_practice},
        "rehearsed": {"flags": "rehearsed"}, "erased": {"erased_at": at},
        "withheld": {"caller_class": "withheld", "number_index": ""},
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


def keeps(contact, by, at, **changes):
    """Save the safety form as it stands, but for some changes; nobody says that the person told them now."""
    names = ("may_call", "may_text", "may_voicemail", "shared_phone")
    kept = {name: getattr(fresh(contact), name) for name in ("who_may_answer", "cover", "safe_from", "safe_until")}
    answers = {name: changes.pop(name, getattr(contact, name)) for name in names}
    told = kept | {"code_word": None, "because": "told"} | changes
    return sheets.set_safety(contact=contact, answers=answers, **told, by=by, at=at)


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

    with pytest.raises(sheets.SafetyChanged):
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
