"""A name that no certificate can print: told wherever it is kept or will be printed, and nothing is withdrawn for it."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.training.answers import address
from tests.training.finishing import finish
from training import actions, drawing
from training.drawing import faces
from training.models import Certificate, ShownName, Withdrawal

pytestmark = pytest.mark.either

CHINESE, ETHIOPIC = "Ravo 漢字", "አበበ"


@pytest.fixture
def no_fonts(monkeypatch, tmp_path):
    """A machine on which nobody installed a typeface."""
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()
    yield
    faces.faces_here.cache_clear()


@pytest.fixture
def certificate(official, course, at):
    """What the official earned by passing, with a name that can be printed."""
    finish(official, course, at)
    return Certificate.objects.get(kind="achievement")


def called(official, name):
    official.name = name
    official.save()
    return official


def told(client, where):
    """Return what a page says of letters that cannot be printed."""
    part = BeautifulSoup(client.get(where).content, "html.parser").select_one('[data-part="unprinted"]')
    return part.get_text(" ", strip=True) if part else None


@pytest.mark.parametrize(
    ("name", "letters"),
    [(CHINESE, "漢字"), (ETHIOPIC, "አበ"), ("李李", "李"), ("", ""), ("Rose-Laure Spécimen", "")],
)
def test_the_letters_that_no_typeface_has_are_named_once(name, letters):
    assert drawing.unprintable(name) == letters


@pytest.mark.parametrize("name", ["Nguyễn Thị", "Νίκος", "Ольга", "שרה", "سارة", "সাবিনা", "สมชาย"])
def test_the_scripts_that_the_form_promises_are_printed(name):
    assert drawing.unprintable(name) == ""


def test_latin_letters_that_are_not_drawn_first_are_all_in_the_latin_face():
    letters = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180)))

    assert drawing.unprintable(letters) == ""
    assert drawing.draw("name", {"title": "Name", "date": "2026-01-01", "name": letters}, "en")


def test_letters_whose_typeface_is_missing_are_named(no_fonts):
    assert drawing.unprintable("Nour نور") == "نور"


def test_without_the_typeface_of_before_it_is_asked_anew(monkeypatch, tmp_path):
    there = drawing.unprintable("Nour نور")
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()

    away = drawing.unprintable("Nour نور")

    faces.faces_here.cache_clear()
    assert (there, away) == ("", "نور")


@pytest.mark.parametrize(("name", "letters"), [(CHINESE, "漢字"), (ETHIOPIC, "አበ")])
def test_nothing_is_withdrawn_for_a_name_that_cannot_be_printed(certificate, official, manager, at, name, letters):
    actions.show_name(certificate=certificate, by=official, at=at)
    called(official, name)

    with pytest.raises(actions.NameNotPrintable) as refusal:
        actions.withdraw_certificate(
            certificate=Certificate.objects.get(pk=certificate.pk), by=manager, reason="name_wrong", at=at
        )

    assert refusal.value.letters == letters
    assert (Withdrawal.objects.count(), ShownName.objects.count()) == (0, 1)
    assert Certificate.objects.filter(kind="achievement").count() == 1


def test_the_form_says_so_before_and_at_the_press_and_the_old_one_is_fetched_still(
    certificate, official, manager, sign_in, client
):
    called(official, CHINESE)
    where = reverse("training:withdraw", args=[certificate.public_id])
    before = told(sign_in(manager), where)

    answer = client.post(where, {"reason": "name_wrong", "words": ""})

    assert before.startswith("Certificates cannot print these letters of the name in the account: 漢字")
    assert answer.status_code == 422
    assert "漢字" in answer.context["form"].errors["reason"][0]
    pdf = sign_in(official).get(reverse("training:certificate_pdf", args=[certificate.public_id]))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")


def test_for_another_reason_it_is_withdrawn_whatever_the_name(certificate, official, manager, at):
    called(official, CHINESE)

    actions.withdraw_certificate(certificate=certificate, by=manager, reason="asked", at=at)

    assert Withdrawal.objects.count() == 1


def test_a_first_one_is_issued_and_her_page_says_what_cannot_be_made_and_what_to_do(official, course, at, sign_in):
    finish(called(official, CHINESE), course, at)
    client = sign_in(official)

    page = told(client, "/en/learning/certificates/")

    assert page.startswith("Certificates cannot print these letters of your name: 漢字")
    assert page.endswith("Correct my name")
    assert Certificate.objects.count() == 2
    for one in Certificate.objects.all():
        assert client.get(reverse("training:certificate_pdf", args=[one.public_id])).status_code == 422
        assert client.get(reverse("training:certificate_badge", args=[one.public_id])).status_code == 200


def test_before_it_is_earned_the_course_says_so(official, course, sign_in, enrolment):
    part = BeautifulSoup(sign_in(called(official, CHINESE)).get(address(course)).content, "html.parser")

    assert "Certificates cannot print these letters of your name: 漢字" in " ".join(
        part.select_one('[data-part="will-bear"]').get_text(" ").split()
    )


@pytest.mark.both
def test_the_profile_keeps_such_a_name_and_says_so_until_another_stands_there(official, sign_in):
    client, where = sign_in(official), "/en/profile/"
    given = {"language": "en", "spoken": [], "theme": ""}
    silent = told(client, where)

    answer = client.post(where, given | {"name": CHINESE})
    after = told(client, answer["Location"])
    client.post(where, given | {"name": "Ravo Lanto"})

    assert silent is None
    assert after.startswith("Certificates cannot print these letters of the name: 漢字")
    assert told(client, where) is None


def test_an_administrator_reads_it_beside_the_name(official, person, sign_in):
    page = told(
        sign_in(person("administrator")), reverse("accounts:person", args=[called(official, ETHIOPIC).public_id])
    )

    assert page.startswith("Certificates cannot print these letters of the name: አበ")
