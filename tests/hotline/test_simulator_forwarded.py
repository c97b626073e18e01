"""The on-screen phone of a caller whom the line connects with a number: it says which one, and nothing of closed hours."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from hotline.choices import Mode
from hotline.models import Contact, Line, SimulatorPhone
from hotline.queries import forget_lines
from hotline.queries.simulation import phone_picture
from hotline.simulator import rings
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db]
OTHER = "+231880007777"


def let_pass(practice, ticking, seconds):
    for _second in range(seconds):
        practice.step()
        ticking.move(1)


def dialled(client, practice, ticking, seconds=6):
    """Choose English on a phone that has dialled, and hear whom the line calls."""
    phone = SimulatorPhone.objects.get()
    practice.step()
    act(client, phone, "press", digits="1")
    let_pass(practice, ticking, seconds)
    return SimulatorPhone.objects.get()


def told(phone, ticking):
    picture = phone_picture(phone, at=ticking.now)
    return [row.words for row in picture.heard if row.kind == "room"], str(picture.where), picture


def test_a_forwarded_line_says_the_number_that_it_calls(client, practice, phone, line, ticking):
    Line.objects.filter(pk=line.pk).update(mode=Mode.FORWARD, mode_number=OTHER)
    forget_lines()

    phone = dialled(client, practice, ticking)
    lines, where, picture = told(phone, ticking)
    page = words(client, phone)

    assert Contact.objects.get().step == "duty"
    assert lines[0] == f"Calling: \u2068{OTHER}\u2069"
    assert where in (lines[0], "Somebody joined the call.")
    assert "Outside hours" not in where
    assert any(row.answered == f"Calling: \u2068{OTHER}\u2069" for row in picture.asked)
    assert "The duty phone rings" not in page
    with translation.override("fr"):
        assert told(phone, ticking)[0][0].endswith(f"\u2068{OTHER}\u2069")


def test_once_it_has_rung_the_log_of_requests_says_the_same(client, practice, phone, line, ticking):
    number = OTHER[:-1] + "9"
    Line.objects.filter(pk=line.pk).update(mode=Mode.FORWARD, mode_number=number)
    forget_lines()

    phone = dialled(client, practice, ticking, seconds=40)

    assert Contact.objects.get().step != "duty"
    assert any(row.came == f"Calling: \u2068{number}\u2069" for row in told(phone, ticking)[2].asked)


def test_a_line_that_rings_the_duty_phone_still_says_so(client, practice, phone, line, ticking):
    Line.objects.filter(pk=line.pk).update(mode=Mode.FORWARD, mode_number="")
    forget_lines()

    lines, where, picture = told(dialled(client, practice, ticking), ticking)

    assert lines[0] == "The duty phone rings."
    assert where in ("The duty phone rings.", "Somebody joined the call.")
    assert any(str(row.answered).startswith("The duty phone rings") for row in picture.asked)


def test_the_telephone_of_somebody_on_shift_is_not_said_to_be_the_duty_phone_and_its_number_is_told_to_nobody(
    line,
):
    assert rings("+231770001234", "2883") == {"code": "calling", "number": ""}
    assert rings(line.duty_phone, "2883") == {"code": "duty_rings"}


@pytest.mark.parametrize("number", [OTHER[:-1] + "9", ""])
def test_staff_read_that_who_was_called_did_not_pick_up_and_whose_telephone_it_was(
    client, sign_in, operator, practice, phone, line, ticking, number
):
    Line.objects.filter(pk=line.pk).update(mode=Mode.FORWARD, mode_number=number, duty_phone=OTHER[:-1] + "9")
    forget_lines()
    phone = dialled(client, practice, ticking, seconds=40)
    act(client, phone, "hang_up")
    let_pass(practice, ticking, 5)
    contact = Contact.objects.get()

    page = sign_in(operator).get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    text = BeautifulSoup(page, "html.parser").get_text(" ", strip=True)

    whose, not_whose = ("Other number", "Duty phone") if number else ("Duty phone", "Other number")
    assert contact.outcome == "unanswered"
    assert ("Nobody answered in time" in text, "Found nobody on shift" in text) == (True, False)
    assert ("The other number did not answer" in text) is bool(number)
    heads = [one.get_text(strip=True) for one in BeautifulSoup(page, "html.parser").select("th[scope=row]")]
    assert (whose in heads, not_whose in heads) == (True, False)
    assert (whose in text, not_whose in text) == (True, False)


def test_staff_read_that_the_call_is_forwarded_and_of_closed_hours_what_is_so(
    client, sign_in, operator, practice, phone, line, ticking
):
    Line.objects.filter(pk=line.pk).update(mode=Mode.FORWARD, mode_number=OTHER)
    forget_lines()
    dialled(client, practice, ticking)
    contact = Contact.objects.get()
    page = reverse("hotline:contact", args=[contact.public_id])
    desk = sign_in(operator)

    def chips(address):
        return [
            one.get_text(strip=True) for one in BeautifulSoup(desk.get(address).content, "html.parser").select(".chip")
        ]

    assert (contact.state, contact.is_live) == ("closed", True)
    for address in (reverse("hotline:call_log"), page):
        assert chips(address).count("Forwarded to another number") == 1
        assert "Outside hours" not in chips(address)
    Contact.objects.update(question="after_hours")
    assert ("Outside hours" in chips(page), "Forwarded to another number" in chips(page)) == (True, False)
