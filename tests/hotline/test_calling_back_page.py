"""The page of a call back: what to say, where the call stands, the code word only while somebody is there."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts import actions as accounts
from hotline.models import CallBack, Contact
from tests.hotline.backs import NUMBER, OWN, PERSON, fresh

pytestmark = pytest.mark.django_db


def test_the_page_says_what_to_say_and_shows_the_code_word_only_while_somebody_is_there(
    network, missed, desk, operator, at, now
):
    accounts.seal(missed, "code_word", "mango")
    missed.cover = "health"
    missed.save()
    page = reverse("hotline:call_back", args=[missed.public_id])
    first = desk.get(page).content.decode()
    assert "A health information service" in first
    assert NUMBER not in first
    assert "Once you press 1, or enter your PIN, the" in first

    desk.post(page)
    row = CallBack.objects.get()
    assert "pick it up and press 1, or enter your PIN" in desk.get(page).content.decode()
    elsewhere = BeautifulSoup(desk.get(reverse("hotline:missed")).content, "html.parser").find(id="back-to-call")
    assert elsewhere["href"] == page
    act = {
        name: reverse("hotline:call_back_act", args=[missed.public_id, name]) for name in ("word", "confirm", "end")
    }
    assert "mango" not in desk.post(act["word"], follow=True).content.decode()
    CallBack.objects.update(state="talking", own_sid=OWN, person_sid=PERSON, dialled_at=at, picked_up_at=at)
    assert "mango" in desk.post(act["word"]).content.decode()
    desk.post(act["confirm"])
    assert "you may speak" in desk.get(page).content.decode()
    desk.post(act["end"])

    assert fresh(row).state == "reached"
    assert NUMBER not in desk.get(page).content.decode()


@pytest.mark.parametrize(("cover", "is_told"), [("", True), ("course", False)])
def test_a_cover_that_nobody_agreed_is_not_said_as_if_somebody_had(missed, desk, now, cover, is_told):
    Contact.objects.update(cover=cover)

    page = desk.get(reverse("hotline:call_back", args=[missed.public_id])).content.decode()

    agreed = page.find("What we say we are when somebody else picks up: Not agreed")
    by_default = page.find("By default: Greet. If somebody asks who calls: a course office. Nothing else.")
    assert (-1 < agreed < by_default, agreed > -1) == (is_told, is_told)
    assert "ourse office. Nothing else." in page


def test_the_button_is_shut_with_its_reason_and_the_number_too(missed, desk, sign_in, supervisor, now):
    Contact.objects.update(may_call="unknown")
    contact = reverse("hotline:contact", args=[missed.public_id])
    number = reverse("hotline:show_number", args=[missed.public_id])
    refused = "The safety state does not say that we may call this person."

    assert refused in desk.get(contact).content.decode()
    assert refused in desk.get(reverse("hotline:missed")).content.decode()
    desk.post(reverse("hotline:call_back", args=[missed.public_id]))
    assert not CallBack.objects.exists()
    assert NUMBER not in desk.post(number, {"reason": "callback"}, follow=True).content.decode()

    boss = sign_in(supervisor)
    reason = boss.get(contact).context["number_form"].fields["reason"].choices[1][0]
    assert NUMBER in boss.post(number, {"reason": reason}).content.decode()


def live_part(client, contact, seen=""):
    page = client.get(reverse("hotline:call_back_live", args=[contact.public_id]), {"seen": seen})
    return page.status_code, BeautifulSoup(page.content, "html.parser")


def test_the_page_renews_its_part_only_and_says_where_the_call_stands(network, begun, desk, at, now):
    page = BeautifulSoup(desk.get(reverse("hotline:call_back", args=[begun.contact.public_id])).content, "html.parser")
    seen = page.find(id="call-mark")["value"]
    assert page.select_one("a[href*='console/?contact=']")  # the sheet
    assert live_part(desk, begun.contact, seen)[0] == 204
    CallBack.objects.update(state="talking", dialled_at=at, picked_up_at=at)

    status_code, part = live_part(desk, begun.contact, seen)

    assert (status_code, part.find(id="say-politely").text) == (200, "Somebody picked up")
    assert [one["data-key"] for one in part.select("[data-key]")] == ["y", "x", "e", "g"]
    assert [one["id"] for one in part.select("[data-ask]")] == ["act-stranger", "act-end"]
    assert "cover phrase" in part.find(id="act-stranger").text
    Contact.objects.update(cover="health")
    told = live_part(desk, begun.contact)[1].find(id="act-stranger").text
    assert ("cover phrase" in told, "A health information service, wrong number" in told) == (False, True)


@pytest.mark.parametrize(("state", "leads"), [("reached", True), ("not_reached", False), ("unsure", False)])
def test_after_the_person_was_reached_it_leads_to_the_follow_up_first(begun, desk, at, now, state, leads):
    CallBack.objects.update(state=state, ended_at=at)

    _status, part = live_part(desk, begun.contact)

    buttons = [one["id"] for one in part.select("a.button, button.button")]
    assert buttons == ["close-follow-up", "call-back"] if leads else ["call-back"]
    assert ("quiet" in part.find(id="call-back")["class"]) == leads
    if leads:
        path, there = part.find(id="close-follow-up")["href"].split("#")
        assert "How it ended" in BeautifulSoup(desk.get(path).content, "html.parser").find(id=there).text
        seen = part.find(id="call-mark")["value"]
        Contact.objects.update(closed_at=at, closing="reached")
        status_code, part = live_part(desk, begun.contact, seen)
        assert (status_code, part.find(id="close-follow-up")) == (200, None)


def test_the_code_word_comes_into_its_place_and_leaves_the_address_alone(begun, desk, at, now):
    accounts.seal(begun.contact, "code_word", "mango")
    begun.contact.save()
    CallBack.objects.update(state="talking", dialled_at=at, picked_up_at=at)
    door = {
        name: reverse("hotline:call_back_act", args=[begun.contact.public_id, name]) for name in ("word", "confirm")
    }

    part = BeautifulSoup(desk.post(door["word"], HTTP_HX_REQUEST="true").content, "html.parser")

    assert (part.find(id="code-word").text, part.find("html")) == ("mango", None)
    assert (
        live_part(desk, begun.contact, part.find(id="call-mark")["value"])[0] == 204
    )  # it stays until something changes
    assert "you may speak" in desk.post(door["confirm"], HTTP_HX_REQUEST="true").content.decode()


def test_the_console_of_who_calls_back_leads_to_that_call(begun, desk, now):
    page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")

    assert page.find(id="to-call-back")["href"] == reverse("hotline:call_back", args=[begun.contact.public_id])
    assert "Set yourself to" not in page.find(id="main").text
    assert "Nobody on the line" not in page.find(id="main").text


def test_outside_the_hours_every_page_says_from_when_a_call_may_be_made(missed, desk, at, now):
    Contact.objects.update(
        may_call="yes", safety_at=at, safe_from=dt.time(17), safe_until=dt.time(21), is_missed=True,
        due_at=at.replace(hour=16),
    )  # fmt: skip
    pages = {
        name: desk.get(reverse(f"hotline:{name}", args=[missed.public_id] if name != "missed" else []))
        for name in ("call_back", "contact", "missed")
    }
    parts = {name: BeautifulSoup(page.content, "html.parser") for name, page in pages.items()}
    words = "A call may be made from \u206817:00\u2069."

    assert words in parts["call_back"].find(id="call-bar").text
    assert words in parts["contact"].find(id="call-bar").text
    assert words in parts["contact"].select_one("#follow-up dd").text
    assert words in parts["missed"].select_one(".follow-up .error-text").text
    assert words in parts["missed"].select_one("td .due-from").text

    Contact.objects.update(due_at=at.replace(hour=18))
    assert BeautifulSoup(desk.get(reverse("hotline:missed")).content, "html.parser").select_one(".due-from") is None


@pytest.mark.parametrize(("hour", "words"), [(7, "\u206808:00\u2069"), (9, ""), (13, "2 Dec 2026 08:00")])
def test_a_follow_up_due_after_the_hours_is_called_in_the_next_ones_and_never_told_a_day_too_late(
    missed, desk, clock, hour, words
):
    clock.now = clock.now.replace(year=2026, month=12, day=1, hour=hour, minute=30)
    Contact.objects.update(
        may_call="yes", safety_at=clock.now, safe_from=dt.time(8), safe_until=dt.time(12), is_missed=True,
        started_at=clock.now - dt.timedelta(days=1), ended_at=clock.now - dt.timedelta(days=1),
        due_at=clock.now.replace(hour=15),
    )  # fmt: skip
    pages = [reverse("hotline:missed"), reverse("hotline:contact", args=[missed.public_id])]

    for page in (BeautifulSoup(desk.get(one).content, "html.parser") for one in pages):
        told = page.select_one("td .due-from, #follow-up dd .small")
        assert (words in told.text) if words else told is None


def test_a_call_that_may_be_made_from_another_day_on_names_the_day(missed, desk, at, now):
    Contact.objects.update(may_call="yes", safety_at=at, safe_from=dt.time(7), safe_until=dt.time(8))

    page = desk.get(reverse("hotline:call_back", args=[missed.public_id]))

    bar = BeautifulSoup(page.content, "html.parser").find(id="call-bar").text
    assert "A call may be made from \u206826 Nov 2026 07:00\u2069." in bar


@pytest.mark.parametrize(("language", "words"), [("ht", "Kreyòl"), ("", "not chosen")])
def test_who_calls_back_reads_which_language_the_person_speaks(missed, desk, now, language, words):
    Contact.objects.update(language=language)

    page = desk.get(reverse("hotline:call_back", args=[missed.public_id]))

    assert words in BeautifulSoup(page.content, "html.parser").find(id="her-language").text
