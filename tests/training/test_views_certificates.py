"""A learner's certificates on her own page and as files; a manager's list, and how one is withdrawn."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from tests.training.finishing import ask_anew, finish, refresh
from tests.training.sheets import pages_of, text_of
from training import actions, printing, queries
from training.drawing import faces
from training.models import Certificate, ShownName, Withdrawal

pytestmark = pytest.mark.either


@pytest.fixture
def certificate(official, course, at):
    """The official's certificate of achievement."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


def pdf(certificate, query=""):
    return reverse("training:certificate_pdf", args=[certificate.public_id]) + query


def test_my_page_shows_each_with_its_code_and_what_can_be_fetched(certificate, official, sign_in):
    client = sign_in(official)

    page = client.get("/en/learning/certificates/").content.decode()

    assert page.count("<article") == 2
    assert "Certificate of achievement" in page
    assert f"/en/verify/{certificate.code}/" in page
    assert pdf(certificate) in page
    assert "/en/learning/certificates/" in client.get("/en/learning/").content.decode()


@pytest.mark.both
def test_my_page_costs_the_same_queries_for_one_and_for_two(
    certificate, official, sign_in, django_assert_max_num_queries
):
    client = sign_in(official)
    client.get("/en/learning/certificates/")

    with django_assert_max_num_queries(8):
        client.get("/en/learning/certificates/")


def test_who_has_none_is_told_how_one_is_earned(official, sign_in):
    page = sign_in(official).get("/en/learning/certificates/").content.decode()

    assert "You have no certificate yet" in page


def test_who_has_no_name_is_led_to_her_profile(person, countries, course, at, sign_in):
    nameless = person("learner", country=countries["HT"], name="")
    finish(nameless, course, at)

    page = sign_in(nameless).get("/en/learning/certificates/").content.decode()

    assert "your account has none yet" in page
    assert reverse("accounts:profile") in page


@pytest.mark.parametrize("language", ["en", "fr", "ht", "ar", "bn", "th", "pt"])
def test_the_sheet_is_one_page_in_the_holders_language(official, course, at, sign_in, language):
    official.language = language
    official.save()
    certificate = Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")

    response = sign_in(official).get(pdf(certificate))

    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="certificate-{certificate.code}.pdf"'
    assert "no-store" in response.headers["Cache-Control"]
    assert pages_of(response.content) == 1
    assert f"/Lang({language})".encode() in text_of(response.content)


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Protecting migrant workers and their families before departure, in transit and on return"),
        ("fr", "Protéger les travailleuses et travailleurs migrants et leurs familles avant le départ et au retour"),
        ("ar", "حماية العمال المهاجرين وأسرهم قبل السفر وفي الطريق وعند العودة إلى بلدانهم سالمين"),
        ("bn", "যাত্রার আগে, পথে ও ফেরার পরে অভিবাসী শ্রমিক ও তাঁদের পরিবারের সুরক্ষা নিয়ে প্রশিক্ষণ"),
        ("th", "การคุ้มครองแรงงานข้ามชาติและครอบครัวก่อนออกเดินทาง ระหว่างทาง และเมื่อเดินทางกลับ"),
    ],
)
def test_a_long_title_and_an_end_leave_the_sheet_on_one_page(certificate, at, language, heading):
    certificate.language = certificate.heading_language = language
    certificate.heading, certificate.heading_source = (
        heading,
        "A long title of a course that says all that it is about",
    )
    certificate.expires_at = at + dt.timedelta(days=800)

    sheet = printing.certificate_sheet(queries.held([certificate], at)[0], name="Marie-Josephine", on=at.date())

    assert pages_of(sheet) == 1


def test_the_signed_badge_stands_on_a_second_page_when_asked_for(certificate, official, sign_in):
    response = sign_in(official).get(pdf(certificate, "?badge=1"))

    assert pages_of(response.content) == 2


@pytest.mark.both
def test_reading_the_name_for_print_is_recorded(certificate, official, sign_in):
    sign_in(official).get(pdf(certificate))

    entry = AuditEntry.objects.filter(verb="sealed.revealed").order_by("-seq").first()
    assert entry.actor == str(official.public_id)
    assert entry.country == "HT"


def test_a_letter_that_no_typeface_has_is_named_and_the_certificate_stands(official, course, at, sign_in):
    official.name = "李 Marie"
    official.save()
    certificate = Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")

    response = sign_in(official).get(pdf(certificate))

    assert response.status_code == 422
    assert "李" in response.content.decode()
    assert "Marie" not in response.content.decode().partition("<main")[2]
    assert Certificate.objects.filter(pk=certificate.pk).exists()


def test_without_typefaces_the_sheet_is_refused_and_says_so(official, course, at, sign_in, monkeypatch, tmp_path):
    official.language = "bn"
    official.save()
    certificate = Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()

    response = sign_in(official).get(pdf(certificate))

    faces.faces_here.cache_clear()
    assert response.status_code == 503
    assert "Noto Sans Bengali" in response.content.decode()


@pytest.mark.parametrize("what", ["certificate_pdf", "certificate_badge"])
def test_nobody_else_fetches_it_and_a_withdrawn_one_nobody(certificate, official, manager, person, at, sign_in, what):
    address = reverse(f"training:{what}", args=[certificate.public_id])
    others = [
        sign_in(other).get(address).status_code for other in (manager, person("learner"), person("administrator"))
    ]
    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=at)

    assert others == [404, 404, 404]
    assert sign_in(official).get(address).status_code == 404


@pytest.mark.both
def test_the_name_is_allowed_and_taken_back_by_form(certificate, official, sign_in):
    client, address = sign_in(official), reverse("training:certificate_name", args=[certificate.public_id])

    client.post(address, {"shown": "yes"})
    shown = ShownName.objects.count()
    client.post(address, {"shown": "no"})

    assert (shown, ShownName.objects.count()) == (1, 0)


def test_nobody_else_allows_the_name(certificate, manager, sign_in):
    address = reverse("training:certificate_name", args=[certificate.public_id])

    assert sign_in(manager).post(address, {"shown": "yes"}).status_code == 404
    assert ShownName.objects.count() == 0


def test_a_manager_sees_those_of_her_country_and_the_reading_is_recorded(
    certificate, official, manager, person, countries, course, at, sign_in
):
    finish(person("learner", country=countries["TN"], name="Official, Tunisia"), course, at)

    page = sign_in(manager).get("/en/reports/certificates/").content.decode()

    assert official.name in page
    assert "Official, Tunisia" not in page
    assert AuditEntry.objects.filter(verb="training.names_read").exists()


@pytest.mark.both
@pytest.mark.parametrize(("query", "rows"), [("haiti", 2), ("nobody", 0), ("{code}", 1), ("{lower}", 1)])
def test_a_manager_finds_one_by_code_or_name(certificate, manager, sign_in, query, rows):
    asked = query.format(code=certificate.code, lower=certificate.code.lower())

    page = sign_in(manager).get("/en/reports/certificates/", {"code": asked}).content.decode()

    assert page.count('<th scope="row">') == rows
    assert page.count('<a class="num" href="/en/verify/') == rows  # a code stays on one line


@pytest.mark.parametrize("role", ["trainer", "analyst", "supervisor", "administrator", "learner"])
def test_no_other_role_sees_the_list(certificate, person, countries, sign_in, role):
    assert sign_in(person(role, country=countries["HT"])).get("/en/reports/certificates/").status_code in {403, 404}


@pytest.mark.both
def test_a_manager_withdraws_with_a_reason(certificate, manager, sign_in):
    client, address = sign_in(manager), reverse("training:withdraw", args=[certificate.public_id])

    nothing = client.post(address, {})
    silent = client.post(address, {"reason": "other"})
    done = client.post(address, {"reason": "not_her_work", "words": "Told by the office."}, follow=True)
    again = client.post(address, {"reason": "asked"}, follow=True)

    assert (nothing.status_code, silent.status_code) == (422, 422)
    assert "Choose why it is withdrawn." in nothing.content.decode()
    assert "Write what the reason is." in silent.content.decode()
    assert "The certificate is withdrawn." in done.content.decode()
    assert "was withdrawn already" in again.content.decode()
    assert Withdrawal.objects.get().reason == "not_her_work"


@pytest.mark.both
def test_a_withdrawn_certificate_is_current_to_nothing(certificate, manager, sign_in):
    client, url = sign_in(manager), "/en/reports/certificates/"

    def current_to():
        found = BeautifulSoup(client.get(url, {"code": certificate.code}).content, "html.parser")
        return found.find("td", attrs={"data-h": "Trained up to"}).get_text()

    assert current_to() == "version 1"
    client.post(reverse("training:withdraw", args=[certificate.public_id]), {"reason": "in_error"})
    assert current_to() == "–"


def test_a_manager_of_another_country_cannot(certificate, person, countries, sign_in):
    address = reverse("training:withdraw", args=[certificate.public_id])
    client = sign_in(person("manager", country=countries["TN"]))

    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "in_error"}).status_code == 404
    assert Withdrawal.objects.count() == 0


@pytest.mark.both
def test_replaced_ones_stand_folded_below_those_that_count(certificate, official, course, lessons, at, sign_in):
    ask_anew(lessons[0], at + dt.timedelta(days=10))
    refresh(official, course, at + dt.timedelta(days=20))

    with time_machine.travel(at + dt.timedelta(days=21), tick=False):
        page = BeautifulSoup(sign_in(official).get("/en/learning/certificates/").content, "html.parser")

    (folded,) = page.select('details[data-part="past"]')
    numbers = dict(Certificate.objects.values_list("public_id", "version__number"))
    inside = {f"c-{key}" for key, number in numbers.items() if number == 1}
    assert {card["id"] for card in folded.select("article")} == inside
    assert {card["id"] for card in page.select("article")} == {f"c-{key}" for key in numbers}
    assert folded.find("summary").get_text() == "2 earlier certificates, replaced by newer ones"
    assert not folded.has_attr("open")


def test_where_none_was_replaced_nothing_is_folded(certificate, official, sign_in):
    assert 'data-part="past"' not in sign_in(official).get("/en/learning/certificates/").content.decode()
