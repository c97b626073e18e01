"""Interpreters: who may be rung for a caller, what the console offers and shows, what supervisors keep of them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline import actions, tasks
from hotline.actions.shielding import shield_contact
from hotline.models import Contact, InterpreterProfile, Leg, OperatorState, Prompt, ThirdCall
from hotline.queries.interpreters import interpreters_to_ring
from referral.models import Area
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.telephones import state_of
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    comes,
    conversation_with_an_operator,
    interpreter_on_duty,
    orders,
    plain,
    reports,
)

pytestmark = [pytest.mark.django_db, pytest.mark.either]
ASK = "Ask an interpreter into the call <kbd>I</kbd>"


@pytest.fixture
def call(talk, now):
    """The call that the operator of English and French has in hand, in Arabic."""
    Contact.objects.filter(pk=talk.pk).update(language="ar")
    talk.language = "ar"
    return talk


def console(desk):
    return plain(desk.get(reverse("hotline:console")))


def press(desk, contact, act, **more):
    return desk.post(reverse("hotline:control", args=[contact.public_id, act]), **more)


@pytest.mark.both
def test_an_operator_asks_by_key_and_sees_who_is_rung_joins_and_leaves(desk, call, interpret, network, clock):
    interpret("Ada", "ar")
    interpret("Zoe", "ar")
    interpret("Swahili speaker", "sw")
    page = console(desk)
    assert "Ada · Zoe</strong>" in page
    assert (ASK in page, 'id="act-interpreter" data-key="i"' in page) == (True, True)

    press(desk, call, "interpreter")
    tasks.run_commands(clock.now)
    page = console(desk)
    assert ("Ringing for an interpreter: Ada" in page, "Stop ringing" in page, ASK in page) == (True, True, False)

    third = ThirdCall.objects.get()
    leg = comes(network, third)
    page = console(desk)
    assert ("Ada interprets in this call." in page, "In conversation with a third person" in page) == (True, True)
    assert "<b>Interpreter</b>" in page

    press(desk, call, "no_interpreter")
    tasks.run_commands(clock.now)
    assert [one["sid"] for one in orders("hang_up")] == [leg.call_sid]
    network.room("participant-leave", 12, call, leg.call_sid, leg.label)
    assert ASK in console(desk)


def test_nobody_answered_is_said_and_stands_in_the_contacts_record(desk, call, interpret, network, clock):
    interpret("Ada", "ar")
    press(desk, call, "interpreter")
    tasks.run_commands(clock.now)
    reports(network, ThirdCall.objects.get().leg, "no-answer")

    page = console(desk)
    assert ("No interpreter answered." in page, ASK in page) == (True, True)
    record = desk.get(reverse("hotline:contact", args=[call.public_id])).content.decode()
    assert "No third person answered" in record


@pytest.mark.parametrize("language", ["fr", ""])
def test_nothing_is_offered_in_a_language_of_hers_or_without_one_where_it_says_what_to_do(
    desk, call, interpret, language
):
    interpret("Ada", "ar fr")
    Contact.objects.filter(pk=call.pk).update(language=language)

    page = console(desk)

    assert 'id="interpreters"' not in page
    assert ("To ask an interpreter, first choose what the person speaks." in page) is not bool(language)


@pytest.mark.parametrize(
    ("spoken", "kept", "is_told"),
    [
        ("ar", {}, False),
        ("sw", {}, True),
        ("ar", {"signed_until": dt.date(2026, 1, 1)}, True),
        ("ar", {"has_no_telephone": True}, True),
    ],
)
def test_a_caller_does_not_hear_that_nobody_speaks_her_language_where_an_interpreter_can_be_rung(
    network, operator, interpret, spoken, kept, is_told
):
    ada = interpret("Ada", spoken)
    if "signed_until" in kept:
        InterpreterProfile.objects.filter(user=ada).update(**kept)
    if "has_no_telephone" in kept:
        OperatorState.objects.filter(user=ada).update(phone_verified_at=None)
    nobody, wait = (Prompt.objects.get(key=key).text_ar for key in ("other_operator", "wait"))
    network.call()

    reply = network.step("language", 1, Digits="3")

    assert network.contact.step == "waiting"
    assert (nobody in reply.said(), reply.verbs()[-1] == "Dial") == (is_told, not is_told)
    assert wait in network.step("wait", 1).said()


def test_where_no_interpreter_is_on_duty_it_is_said_and_nothing_is_offered(desk, call):
    page = console(desk)

    assert "No interpreter can be rung for this call now. Ask a colleague or a supervisor." in page
    assert 'data-key="i"' not in page


def unsigned(user, at):
    InterpreterProfile.objects.filter(user=user).delete()


def out_of_date(user, at):
    InterpreterProfile.objects.filter(user=user).update(signed_until=at.date() - dt.timedelta(days=1))


def without_telephone(user, at):
    OperatorState.objects.filter(user=user).update(phone_verified_at=None)


def known_there(user, at):
    county = Area.objects.create(country=user.country, name="Lofa")
    user.interpreter_profile.known_in.add(Area.objects.create(country=user.country, name="Zorzor", parent=county))
    contact = Contact.objects.get()
    contact.sheets.create(version=1, answers={"area": str(county.pk)}, saved_at=at)


def named(user, at):
    contact = Contact.objects.get()
    shield_contact(contact=contact, by=contact.claimed_by, at=at, user=user)


@pytest.mark.parametrize("bar", [unsigned, out_of_date, without_telephone, known_there, named])
def test_who_may_not_be_rung_is_not_and_the_operator_is_not_told_why(desk, call, interpret, operator, at, bar):
    user = interpret("Ada", "ar")
    assert interpreters_to_ring(call, at) == [user]
    bar(user, at)

    page = console(desk)
    assert "An interpreter is on duty but cannot be rung for this call: ask a supervisor." in page
    assert (ASK in page, "Ada" in page, "Lofa" in page.partition('id="interpreters"')[2].partition("</form>")[0]) == (
        False, False, False,
    )  # fmt: skip
    with pytest.raises(actions.NobodyToRing):
        actions.ask_interpreter(contact=call, by=operator, at=at)
    said = press(desk, call, "interpreter", headers={"HX-Request": "true"}).content.decode()
    assert "No interpreter can be rung for this call now." in said


def test_the_console_says_that_the_room_goes_on_without_the_caller(desk, call, interpret, network, clock, operator):
    interpret("Ada", "ar")
    actions.ask_interpreter(contact=call, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    comes(network, ThirdCall.objects.get())

    network.status("completed", "9")

    page = console(desk)
    assert ("The caller has left." in page, "Close the room" in page) == (True, True)
    press(desk, call, "end")
    tasks.run_commands(clock.now)
    assert len(orders("hang_up")) == 1


def test_an_interpreter_enters_her_own_telephone_and_keeps_it_while_she_interprets(
    sign_in, person, liberia, line, network, now, at
):
    user = person("interpreter", country=liberia, name="Ada")
    browser = sign_in(user)
    page = browser.get(reverse("hotline:telephone")).content.decode()
    assert "operators cannot ask you into a call" in page
    assert reverse("hotline:my_shifts") in page

    browser.post(reverse("hotline:telephone"), {"number": "+231770123456"})
    tasks.settle_telephones(at)
    assert state_of(user).phone is not None

    user.roles = ",learner,"
    user.save(update_fields=["roles"])
    tasks.settle_telephones(at)
    assert state_of(user).phone is None


@pytest.mark.both
def test_supervisors_alone_keep_who_is_signed_off_and_known_where(sign_in, supervisor, desk, interpret, liberia, at):
    user = interpret("Ada", "ar")
    area = Area.objects.create(country=liberia, name="Lofa")
    pages = [reverse("hotline:interpreters"), reverse("hotline:interpreter", args=[user.public_id])]
    until = timezone.localdate() + dt.timedelta(days=100)
    assert [desk.get(page).status_code for page in pages] == [404, 404]

    browser = sign_in(supervisor)
    assert "Ada" in browser.get(pages[0]).content.decode()
    sent = browser.post(
        pages[1], {"signed_until": until.isoformat(), "known_in": [area.pk], "group": "G", "employer": ""}
    )

    kept = InterpreterProfile.objects.get(user=user)
    assert (sent.status_code, kept.signed_until, list(kept.known_in.all()), kept.group) == (302, until, [area], "G")
    assert 'value="G"' in browser.get(pages[1]).content.decode()
    assert "Lofa" not in str(AuditEntry.objects.filter(verb="hotline.interpreter_set").values().get())
    late = browser.post(pages[1], {"signed_until": (until + dt.timedelta(days=400)).isoformat()})
    assert "This day is more than a year ahead." in late.content.decode()


@pytest.mark.both
def test_the_list_of_interpreters_takes_as_many_queries_for_many_as_for_one(
    sign_in, supervisor, interpret, django_assert_num_queries, django_assert_max_num_queries
):
    browser, page = sign_in(supervisor), reverse("hotline:interpreters")
    interpret("Ada", "ar")
    browser.get(page)
    with django_assert_max_num_queries(20) as one:
        browser.get(page)
    for name in ("Bea", "Cleo"):
        interpret(name, "ar")
    with django_assert_num_queries(len(one)):
        browser.get(page)


def test_an_operator_who_is_in_the_room_before_the_caller_asks_at_once_and_is_told_what_has_to_wait(
    desk, call, interpret, network, clock
):
    interpret("Ada", "ar")
    Leg.objects.filter(contact=call, role="caller").update(room_sid="", joined_at=None)

    said = press(desk, call, "hold", headers={"HX-Request": "true"}).content.decode()
    assert "The caller is not in the room yet. Wait a moment, then press it again." in said
    press(desk, call, "interpreter", headers={"HX-Request": "true"})
    tasks.run_commands(clock.now)

    assert (ThirdCall.objects.get().state, len(orders("dial"))) == ("ringing", 1)
    network.room("participant-leave", 9, call, OPERATOR_SID, "op-1")
    assert "no longer in this call" in press(desk, call, "mute", headers={"HX-Request": "true"}).content.decode()
