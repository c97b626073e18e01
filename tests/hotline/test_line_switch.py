"""Switching a line off and on: what callers hear, what pages show, who may, twice, and two at once."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import queries
from hotline.actions import switching
from hotline.actions.lines import ChangedMeanwhile
from hotline.models import Contact, Line, Message, Shift
from tests.hotline.test_public_numbers import find_help
from tests.hotline.test_views_lines import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now"), pytest.mark.either]
OTHER = "+231770008888"


@pytest.fixture
def off(line, at):
    """The line, switched off."""
    switching.switch_off(line=line, reason="people", by="test", at=at)
    return line


def url(line):
    return reverse("hotline:line_switch", args=[line.public_id])


def sent(line, act="off", **more):
    line.refresh_from_db()
    return {"act": act, "reason": "people", "version": line.version} | more


def verbs(*names):
    return list(AuditEntry.objects.filter(verb__in=[f"hotline.line_{name}" for name in names]).values_list("verb"))


@pytest.mark.parametrize(("key", "words"), [("1", "You can also call"), ("2", "Vous pouvez aussi appeler")])
def test_caller_of_a_line_that_is_off_hears_the_other_number_in_her_language(off, network, operator, key, words):
    menu = network.call()
    reply = network.step("language", 1, Digits=key)

    assert "For English, press 1." in menu.said()
    assert words in reply.said()
    assert " ".join(OTHER.lstrip("+")) in reply.said()
    assert reply.verbs()[-1] == "Hangup"
    assert (network.contact.country_id, network.contact.line, network.contact.flags) == ("LR", off, "simulated")


def test_who_presses_nothing_is_not_left_in_silence(off, network):
    replies = [network.call(), *(network.step("language", turn) for turn in (1, 2, 3))]

    assert all(reply.said() for reply in replies)
    assert "You can also call" in replies[-1].said()


def test_danger_rings_the_duty_phone_and_then_names_the_other_number(off, network, operator):
    network.call()
    rung = network.step("language", 1, Digits="9")
    after = network.step("duty", 2, DialCallStatus="no-answer")

    assert rung.document.find("Dial/Number").text == off.duty_phone
    assert "9 1 1" in rung.said()
    assert ("You can also call" in after.said(), after.verbs()[-1]) == (True, "Hangup")


def test_who_cannot_speak_is_asked_nothing_and_reaches_the_duty_phone(off, network):
    network.call()
    network.step("language", 1, Digits="5")
    reply = network.step("language", 2, Digits="1")

    assert reply.document.find("Dial/Number").text == off.duty_phone
    assert network.contact.state == "nobody"


def test_line_without_another_number_rings_the_duty_phone_then_takes_a_message(off, network):
    Line.objects.update(other_number="")
    network.call()

    reply = network.step("language", 1, Digits="1")
    after = network.step("duty", 2, DialCallStatus="no-answer")

    assert reply.document.find("Dial/Number").text == off.duty_phone
    assert "To leave a message" in after.said()


@pytest.mark.both
@pytest.mark.parametrize("waits", [True, False])
def test_call_that_began_before_goes_on(line, network, operator, clock, waits):
    network.queued() if waits else network.call()
    switching.switch_off(line=line, reason="people", by="test", at=clock.move(seconds=30))
    clock.move(seconds=30)

    reply = network.step("left", 2) if waits else network.step("language", 1, Digits="1")

    assert "You can also call" not in reply.said()
    assert network.contact.state == ("choices" if waits else "waiting")


def test_text_to_a_line_that_is_off_reaches_its_country(off, network):
    contact = network.text()

    assert (contact.country_id, contact.is_missed) == ("LR", True)
    assert Message.objects.get().line_id == off.pk


def test_pages_show_no_number_while_it_is_off_and_the_same_again_afterwards(manager, line, public, at):
    before = find_help(manager)
    manager.post(url(line), sent(line))
    during, country = find_help(manager), manager.get(reverse("accounts:country", args=["LR"])).content.decode()
    public.refresh_from_db()
    kept = public.line, public.number
    manager.post(url(line), sent(line, "on"))
    public.refresh_from_db()

    assert [f'href="tel:{number}"' in page for number, page in (("28 83", before), ("28 83", during))] == [True, False]
    assert kept == (line.public_id, "")
    assert "switched off: no page shows it" in country
    assert queries.line_of("LR", at, as_written=True).number == "2883"
    assert (public.number, public.is_free, public.checked_at) == ("2883", True, None)
    assert 'href="tel:2883"' in find_help(manager)


def test_no_page_says_it_is_the_line_while_it_is_off(off, at):
    assert (queries.line_of("LR", at), queries.line_of("LR", at, as_written=True)) == (None, None)
    assert queries.line_called("2883").is_off_for(at)


def test_number_written_by_hand_while_the_line_is_off_stays_as_written(off, public):
    public.refresh_from_db()

    assert (public.line, public.number, public.hours_en) == (None, "28 83", "Mornings")


def test_shifts_stay(line, operator, at):
    switching.switch_off(line=line, reason="trial", by="test", at=at)

    assert Shift.objects.filter(line=line).count() == 1


def test_page_says_what_happens_before_it_does(manager, line, network, operator):
    network.queued()

    page = manager.get(url(line)).content.decode()

    assert OTHER in page
    assert "1 call is on the line now" in page
    assert "1 shift that is running or to come stays" in page
    assert Line.objects.get().is_active


@pytest.mark.both
def test_reason_is_asked_and_recorded(manager, line):
    refused = manager.post(url(line), sent(line, reason=""))
    assert (refused.status_code, Line.objects.get().is_active, verbs("off")) == (200, True, [])

    manager.post(url(line), sent(line, reason="trial"))

    entry = AuditEntry.objects.get(verb="hotline.line_off")
    assert ("trial" in entry.body, entry.country) == (True, "LR")
    page = manager.get(reverse("hotline:line", args=[line.public_id])).content.decode()
    assert "The trial is over." in page
    assert "Manager, Liberia" in page


@pytest.mark.both
@pytest.mark.parametrize("act", ["off", "on"])
def test_second_press_is_once(manager, line, act, at):
    if act == "on":
        switching.switch_off(line=line, reason="people", by="test", at=at - dt.timedelta(hours=1))
    form = sent(line, act)

    answers = [manager.post(url(line), form, follow=True) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert f"This line is {act} already." in answers[1].content.decode()
    assert len(verbs(act)) == 1
    assert Line.objects.get().is_active == (act == "on")


@pytest.mark.both
def test_line_that_somebody_changed_is_shown_first(manager, line, sign_in, person):
    form = sent(line)
    manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, other_number="117"))

    refused = sign_in(person("administrator")).post(url(line), form)

    assert refused.status_code == 409
    assert "117" in refused.content.decode().partition("What happens")[2].partition("</ul>")[0]
    assert Line.objects.get().is_active
    line.refresh_from_db()
    assert f'name="version" value="{line.version}"' in refused.content.decode()


@pytest.mark.both
def test_action_refuses_an_older_version(line, at):
    with pytest.raises(ChangedMeanwhile):
        switching.switch_off(line=line, reason="people", by="test", at=at, version=line.version + 1)


@pytest.mark.parametrize(
    ("roles", "of_liberia", "may"),
    [
        (("manager",), True, True), (("administrator",), False, True), (("manager",), False, False),
        (("supervisor",), True, False), (("operator",), True, False), (("translator",), True, False),
    ],
)  # fmt: skip
def test_who_may_switch_a_line(sign_in, person, liberia, haiti, line, roles, of_liberia, may):
    client = sign_in(person(*roles, country=liberia if of_liberia else haiti))

    assert client.get(url(line)).status_code == (200 if may else 404)
    assert client.post(url(line), sent(line)).status_code == (302 if may else 404)
    assert Line.objects.get().is_active is not may


def test_unknown_numbers_still_have_no_country(network):
    network.call(To="+4799999999")

    assert Contact.objects.get().country is None
