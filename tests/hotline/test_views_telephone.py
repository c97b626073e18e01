"""My telephone on the screen: entering, the call to it, what went wrong; the console, roster and line that miss one."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEntry, DataKey, Letter
from hotline import actions, tasks
from hotline.demo.stage import Stage
from hotline.models import Contact, Leg, Line, OperatorState, PhoneCheck, Shift
from tests.hotline.console import waiting
from tests.hotline.telephones import REAL, verify

pytestmark = [pytest.mark.django_db, pytest.mark.either]
PAGE = "/en/console/telephone/"


@pytest.fixture
def now(monkeypatch, at):
    """The pages' clock stands still."""
    monkeypatch.setattr("hotline.views.telephone.timezone.now", lambda: at)
    return at


@pytest.fixture
def live(line):
    """The line on a real account."""
    Line.objects.update(account=REAL, is_practice=False)
    line.refresh_from_db()
    return line


def page(browser):
    return browser.get(PAGE).content.decode()


def enter(browser, number="077 012 3456"):
    return browser.post(PAGE, {"number": number})


@pytest.mark.both
def test_number_of_the_country_is_entered_called_and_verified_by_the_practice_network(desk, operator, now):
    enter(desk)
    assert "Your telephone rings now" in page(desk)
    stage = Stage(at=now)
    stage.wait(30)
    tasks.settle_telephones(stage.at)

    shown = page(desk)
    assert PhoneCheck.objects.get().result == "verified"
    assert "is verified and rings for you" in shown
    assert ">456<" in shown
    assert "0123456" not in shown.replace(" ", "")
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("number", "words"), [("077 012 3459", "Nobody answered"), ("077 012 3458", "key 1 was not")])
def test_what_went_wrong_is_said_with_what_to_do(desk, now, number, words):
    enter(desk, number)
    stage = Stage(at=now)
    stage.wait(60)
    tasks.settle_telephones(stage.at)

    shown = page(desk)
    assert words in shown
    assert "is not verified yet" in shown
    assert "Call it again" in shown


def test_with_her_verified_telephone_a_practice_call_is_answered_by_press_1(operator, network, now):
    verify(operator, now)
    stage = Stage(at=now, operator=operator)
    stage.play(
        "call 2883 from +231770001111\nwait 12\npress 1\nwait 8\noperator takes\nwait 25\nexpect state connected"
    )

    assert Leg.objects.get(role="operator").joined_at is not None


@pytest.mark.parametrize("number", ["", "12", "hello", "+1 900 555 0199", "+2312883", "2883", "0\x0077"])
def test_what_is_no_telephone_is_refused(desk, now, number):
    answer = enter(desk, number)

    assert answer.status_code == 200
    assert "aria-invalid" in answer.content.decode()
    assert not PhoneCheck.objects.exists()


@pytest.mark.parametrize("number", [
    "+44 70 1234 5678", "+1 500 555 0123", "+881 612 345 678", "+870 773 111 632", "+44 7640 123456",
    "+800 1234 5678", "+979 123 456 789", "+44 300 123 4567", "+44 800 111 1111", "+44 845 123 4567",
    "+44 56 1234 5678",
])  # fmt: skip
def test_number_that_may_cost_much_is_refused_and_not_called(desk, now, number):
    answer = enter(desk, number)

    assert "A number of this kind cannot be used" in answer.content.decode()
    assert not PhoneCheck.objects.exists()


@pytest.mark.parametrize("number", ["+44 7911 123456", "+44 20 7946 0000", "+1 202 555 0123", "+880 1712 345678"])
def test_ordinary_mobile_or_fixed_line_of_another_country_is_called(desk, now, number):
    enter(desk, number)

    assert PhoneCheck.objects.count() == 1


@pytest.mark.both
def test_fourth_call_within_the_hour_is_refused_in_words(desk, now):
    enter(desk)
    for _turn in range(3):
        PhoneCheck.objects.update(result="no_key")
        answer = desk.post(reverse("hotline:telephone_call"), follow=True)

    assert "rung three times within the hour" in answer.content.decode()
    assert PhoneCheck.objects.count() == 3


@pytest.mark.both
def test_removing_wipes_and_a_letter_tells_the_person(desk, operator, now):
    enter(desk)
    desk.post(reverse("hotline:telephone_remove"))

    assert OperatorState.objects.get(user=operator).phone is None
    assert Letter.objects.filter(key__startswith="own_telephone").count() == 2
    entries = AuditEntry.objects.filter(verb__startswith="operator.phone")
    assert [(one.actor, one.country) for one in entries] == [(str(operator.public_id), "LR")] * 2


def test_number_that_cannot_be_opened_is_said_and_a_new_one_takes_its_place(desk, operator, now):
    verify(operator, now)
    DataKey.objects.filter(owner=OperatorState.objects.get(user=operator).public_id).delete()

    assert "cannot be opened" in page(desk)
    assert AuditEntry.objects.filter(verb="sealed.cannot_open").exists()
    enter(desk)
    assert "ends in" in page(desk)


def test_installation_without_seal_keys_says_so(desk, operator, now, settings):
    verify(operator, now)
    settings.SEAL_KEYS = "index:k1:" + "A" * 43

    assert "cannot be opened" in page(desk)
    assert "seal key is missing" in enter(desk).content.decode()


def test_page_asks_by_itself_until_the_call_is_over(desk, now):
    enter(desk)
    check = PhoneCheck.objects.get()
    url = f"{reverse('hotline:telephone_live')}?seen={check.pk}"

    assert desk.get(url).status_code == 204
    PhoneCheck.objects.update(result="no_key")
    assert desk.get(url)["HX-Refresh"] == "true"


def test_it_needs_the_desk_and_a_second_factor(client, sign_in, person, operator):
    assert sign_in(operator, second_factor=False).get(PAGE).status_code == 302
    assert sign_in(person("manager")).get(PAGE).status_code in (403, 404)


@pytest.mark.parametrize("language", ["fr", "ar", "bn"])
def test_page_is_there_in_other_languages(desk, now, language):
    enter(desk)

    assert desk.get(f"/{language}/console/telephone/").status_code == 200


# Where one is missing --------------------------------------------------------------------------------------------


def test_console_says_why_a_call_cannot_be_answered_and_leads_to_the_page(desk, live, operator, at):
    contact = waiting(live, at)
    shown = desk.get(reverse("hotline:console")).content.decode()

    assert f'id="take-{contact.code}"' not in shown
    assert "You cannot answer it: your telephone is not verified." in shown
    assert PAGE in shown
    taken = desk.post(reverse("hotline:take", args=[contact.public_id]), follow=True)
    assert "you have no verified telephone" in taken.content.decode()
    assert taken.redirect_chain[-1][0] == PAGE


def test_console_of_a_verified_telephone_takes_calls_and_misses_nothing(desk, live, operator, at):
    contact = waiting(live, at)
    verify(operator, at)
    shown = desk.get(reverse("hotline:console")).content.decode()

    assert f'id="take-{contact.code}"' in shown
    assert "queue-telephone" not in shown


def test_practice_line_needs_no_telephone(desk, line, operator, at):
    contact = waiting(line, at)
    shown = desk.get(reverse("hotline:console")).content.decode()

    assert f'id="take-{contact.code}"' in shown
    assert "queue-telephone" not in shown


def test_a_text_may_be_read_while_a_call_waits_that_she_cannot_answer(desk, operator, network, line, at):
    text = network.text()
    Contact.objects.filter(pk=text.pk).update(may_text="yes")
    Line.objects.update(account=REAL, is_practice=False)
    waiting(line, at)
    shown = desk.get(reverse("hotline:console")).content.decode()

    assert f'id="read-{text.code}" data-key="n"' in shown


def test_live_parts_change_when_the_telephone_is_verified(desk, live, operator, at):
    shown = desk.get(reverse("hotline:console"))
    seen = {"seen": shown.context["desk"].mark}
    url = reverse("hotline:console_live")
    assert desk.get(url, seen).status_code == 204

    verify(operator, at + dt.timedelta(days=1))
    assert desk.get(url, seen).status_code == 200


@pytest.fixture
def rostered(operator):
    """The operator's shift, in the days that the pages look at."""
    from django.utils import timezone  # noqa: PLC0415 -- the pages' own clock

    Shift.objects.update(starts_at=timezone.now(), ends_at=timezone.now() + dt.timedelta(hours=8))
    return operator


def test_roster_line_and_doctor_name_who_cannot_be_rung(
    sign_in, supervisor, person, liberia, live, rostered, at, capsys
):
    roster = sign_in(supervisor).get(reverse("hotline:roster")).content.decode()
    kept = sign_in(person("manager", country=liberia)).get(reverse("hotline:line", args=[live.public_id]))
    with pytest.raises(SystemExit):
        call_command("doctor")

    for shown in (roster, kept.content.decode()):
        assert "without a verified telephone" in shown
        assert rostered.get_short_name() in shown
    assert "Line 2883: 1 on its roster of the coming 14 days have no verified telephone" in capsys.readouterr().out


def test_roster_of_a_practice_line_misses_none(sign_in, supervisor, line, rostered):
    assert "without a verified telephone" not in sign_in(supervisor).get(reverse("hotline:roster")).content.decode()


@pytest.mark.both
def test_waiting_offer_lapses_at_once_when_her_telephone_is_busy(operator, network, clock):
    verify(operator, clock.now)
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    leg = contact.legs.get(role="operator")
    fields = {"CallSid": leg.call_sid, "CallStatus": "busy", "SequenceNumber": "3"}
    network.post(f"/hotline/twilio/status/?t={leg.token}", fields)
    clock.move(seconds=1)

    assert actions.release_lapsed_claims(at=clock.now) == 1
    assert network.contact.state == "waiting"
