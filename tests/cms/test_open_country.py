"""Opening a country outside the demo: all that stands afterwards, a second run, and each thing typed wrongly."""

import base64
import datetime as dt
import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone, translation

from accounts.actions import accept_invitation, open_letter, revoke_invitation
from accounts.models import Country, Invitation, Letter, PublicContact, User
from accounts.tasks import send_letters
from cms.models import FrontPage, HomePage, StandardPage
from hotline import queries
from hotline.actions import lines
from hotline.models import Line, Prompt, PromptRecording
from hotline.queries.lines import source_digest
from hotline.telephony.providers import SIMULATED_ACCOUNT
from referral.models import Pathway, PathwayVersion
from training.models import Course, Lesson, Overlay

ACCOUNT = "AC" + "1" * 32
ORDER = {
    "name": "Liberia", "slug": "liberia", "languages": "en fr", "zone": "Africa/Monrovia", "area_word": "County",
    "line": ["2883", "+2312883"], "account": ACCOUNT, "duty_phone": "+231770123456", "other_number": "116",
    "hours": "0-4 08:00-16:00", "areas": "Montserrado,Nimba", "free": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def account(root, settings):
    """An installation with a real account, and no memory of lines."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, "token"
    queries.forget_lines()
    yield
    queries.forget_lines()


def typed_words(order):
    """Return an order as the words that a person types after the command."""
    words = []
    for name, value in order.items():
        option = "--" + name.replace("_", "-")
        for one in value if isinstance(value, list) else [value]:
            words += [option] * (one is not False) if isinstance(one, bool) else [option, one]
    return words


def run(code="LR", **changes):
    """Open a country: the exit code, what was said, and what was said to be wrong."""
    out, wrong, left = StringIO(), StringIO(), 0
    try:
        call_command("open_country", code, *typed_words(ORDER | changes), stdout=out, stderr=wrong)
    except SystemExit as ended:
        left = ended.code
    return left, out.getvalue(), wrong.getvalue()


@pytest.fixture
def open_country(db):
    """A factory of runs in an installation where no country stands."""
    return run


@pytest.fixture(scope="module")
def stands(django_db_setup, django_db_blocker):
    """Liberia, opened with the courses once for the tests that need them; none of it stays after them."""
    real = override_settings(TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN="token")
    with django_db_blocker.unblock(), real, transaction.atomic(), translation.override("en"):
        opened = run(courses=True)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield opened
        transaction.set_rollback(True)


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models() if model._meta.managed}


def test_everything_stands_after_one_run(open_country, client):
    code, said, wrong = open_country(pathway="liberia-nrm", administrator="Ama@office.example")

    assert (code, wrong) == (0, "")
    assert "LEFT" not in said
    country = Country.objects.get(code="LR")
    assert (country.name_en, country.languages, country.time_zone) == ("Liberia", ["en", "fr"], "Africa/Monrovia")
    assert country.holidays.filter(day__month=7, day__day=26).exists()
    assert (FrontPage.objects.count(), StandardPage.objects.count()) == (1, 3)
    assert list(country.areas.values_list("name", flat=True)) == ["Montserrado", "Nimba"]
    assert country.role_assignments.get(role="hotline").staff_role == "operator"
    assert Pathway.objects.get(key="liberia-nrm").country == country
    assert not PathwayVersion.objects.exists()
    assert client.get("/en/liberia/").status_code == 200
    assert "2883" in client.get("/fr/liberia/").content.decode()


def test_line_is_a_real_one_with_the_hours_typed(open_country):
    open_country()

    line = Line.objects.get()
    facts = queries.line_called("+2312883")
    assert (line.account, line.language_keys, line.is_practice) == (ACCOUNT, "1:en 2:fr", False)
    assert (line.duty_phone, line.other_number, line.sender) == ("+231770123456", "116", "+2312883")
    assert facts.is_open(dt.datetime(2026, 11, 27, 15, 59, tzinfo=dt.UTC))
    assert not facts.is_open(dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC))
    assert not facts.is_open(dt.datetime(2026, 11, 28, 10, 0, tzinfo=dt.UTC))
    assert queries.unheard(["en", "fr"], is_practice=False, is_free=True) == []


def test_call_that_costs_is_not_greeted_as_free(open_country):
    _code, said, _wrong = open_country(free=False)

    assert "LEFT" not in said
    assert not Line.objects.get().is_free


def test_administrator_gets_one_letter_with_a_link(open_country):
    open_country(administrator="ama@office.example")
    open_country(administrator="ama@office.example")

    ama = User.objects.get(email="ama@office.example")
    assert (ama.role_codes, ama.is_active, ama.country) == ({"administrator"}, False, None)
    assert Invitation.objects.get(user=ama).invited_by == "open_country"
    letter = open_letter(Letter.objects.get())
    assert letter.to == "ama@office.example"
    assert "/en/invitation/" in letter.text


@pytest.fixture
def mail_away(settings):
    """A mail server that nobody reaches."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def invited(open_country, email="ama@office.example"):
    """Open the country with an administrator: what was said."""
    return open_country(administrator=email)[1]


def send(*hours):
    """Let the worker send what is due, so many hours from now."""
    for later in hours:
        send_letters(timezone.now() + dt.timedelta(hours=later))


def letters():
    """Return what became of each letter, the oldest first."""
    return [(letter.fault, letter.failed_at is not None) for letter in Letter.objects.order_by("id")]


def test_administrator_whose_letter_was_given_up_is_invited_anew(open_country, mail_away):
    invited(open_country)
    send(0, 1, 2, 3, 9)
    assert letters() == [("ConnectionRefusedError", True)]
    closed = Invitation.objects.get().digest

    said = invited(open_country)

    assert "made  Administrator ama@office.example, invited anew by e-mail from" in said
    assert "the letter was given up (ConnectionRefusedError)" in said
    assert "Nothing changed" not in said
    assert letters() == [("ConnectionRefusedError", True), ("", False)]
    assert Invitation.objects.get().digest != closed
    assert invited(open_country).count("invited anew") == 0
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    ("fault", "to_do"),
    [
        (
            "ConnectionRefusedError",
            "has not left (ConnectionRefusedError: if the address is right, look at FANAL_EMAIL_HOST",
        ),
        ("KeyAway", "has not left (put the seal key that wrote it back into FANAL_SEAL_KEYS)"),
    ],
)
def test_letter_of_the_administrator_that_waits_is_left_with_why_and_what_to_do(
    open_country, mail_away, settings, fault, to_do
):
    invited(open_country)
    if fault == "KeyAway":
        settings.SEAL_KEYS = f"*:other:{base64.b64encode(b'o' * 32).decode()}"
    send(0)

    said = invited(open_country)

    assert letters() == [(fault, False)]
    assert f"LEFT  The letter to ama@office.example {to_do}" in said
    assert "Nothing changed" in said


def test_administrator_whose_link_is_over_is_invited_anew_until_she_has_her_account(open_country):
    invited(open_country)
    send(0)
    assert "kept  Administrator ama@office.example, invited by e-mail from" in invited(open_country)
    Invitation.objects.update(ends_at=timezone.now() - dt.timedelta(days=1))

    assert "the link was over; ./fanal worker" in invited(open_country)
    link = re.search(r"/invitation/([^/\s]+)/", open_letter(Letter.objects.latest("id")).text)[1]
    accept_invitation(token=link, name="Ama", password="a lantern by the sea", at=timezone.now())
    Invitation.objects.update(ends_at=timezone.now() - dt.timedelta(days=1))

    assert "kept  Administrator ama@office.example\n" in invited(open_country)
    assert Letter.objects.count() == 2


def test_link_that_somebody_closed_and_an_account_without_the_role_are_left_to_people(open_country, person):
    invited(open_country)
    revoke_invitation(person=User.objects.get(), by="test", at=timezone.now())
    others = [person("learner"), person("administrator", is_active=False)]

    assert "LEFT  The link of ama@office.example was closed" in invited(open_country)
    for other in others:
        assert f"LEFT  {other.email} has an account that is closed, or no" in invited(open_country, other.email)
    assert Letter.objects.count() == 1


def test_second_run_changes_nothing_and_says_so(open_country):
    order = {"pathway": "generic-nrm", "administrator": "ama@office.example"}
    open_country(**order)
    before = counts()

    code, said, _wrong = open_country(**order)

    assert code == 0
    assert counts() == before
    assert "made" not in said
    assert "Nothing changed: Liberia stands already." in said


def test_second_run_says_what_it_does_not_take_over(open_country):
    open_country()

    _code, said, _wrong = open_country(duty_phone="+231770654321")

    assert "The line keeps its duty phone: +231770123456, not +231770654321." in said
    assert Line.objects.get().duty_phone == "+231770123456"


def test_says_where_the_line_names_a_number_of_the_police_that_the_public_pages_do_not_show(open_country):
    _code, said, _wrong = open_country(police_number="911")
    assert "Police: the line 2883 says 911, the public pages show none." in said
    PublicContact.objects.create(country_id="LR", kind="police", name_en="Police", number="911")

    _code, said, _wrong = open_country(police_number="911")

    assert "Police:" not in said


def test_second_country_shares_the_front_page(open_country):
    open_country()
    open_country("TN", name="Tunisia", slug="tunisia", languages="ar fr", zone="Africa/Tunis", line=["1899"], areas="")

    assert FrontPage.objects.count() == 1
    assert sorted(HomePage.objects.values_list("slug", flat=True)) == ["liberia", "tunisia"]


def test_language_that_cannot_be_heard_is_kept_off_until_it_is_recorded(open_country, at):
    _code, said, _wrong = open_country(languages="en ht")
    assert Line.objects.get().language_keys == "1:en"
    assert "Language ht is not on the line" in said
    assert "greeting" in said
    assert "text_" not in said

    PromptRecording.objects.bulk_create(
        PromptRecording(
            prompt=prompt, language="ht", content_hash=prompt.key, content_type="audio/wav", audio=b"RIFF", seconds=1,
            source_digest=source_digest(prompt.text_ht), recorded_by="test", recorded_at=at, heard_by="other", heard_at=at,
        )
        for prompt in Prompt.objects.exclude(key__startswith="text_")
    )  # fmt: skip
    _code, said, _wrong = open_country(languages="en ht")

    assert "LEFT" not in said
    assert Line.objects.get().language_keys == "1:en 2:ht"


def test_country_whose_only_language_cannot_be_heard_has_no_line_yet(open_country):
    code, said, _wrong = open_country("HT", name="Haiti", slug="haiti", languages="ht", zone="America/Port-au-Prince")

    assert code == 1
    assert "No line was opened" in said
    assert not Line.objects.exists()
    assert HomePage.objects.get().slug == "haiti"


def test_no_other_way_opens_a_line_that_cannot_be_heard(open_country, at):
    open_country()

    with pytest.raises(lines.NotHeard) as refused:
        lines.add_language(line=Line.objects.get(), code="sw", by="test", at=at)

    assert ("greeting", "sw") in refused.value.gaps


def test_line_whose_keys_are_all_taken_says_so_and_where_to_make_room(open_country):
    typed = {"account": "", "practice": True}
    open_country(languages="en ht fr ar pt bn", **typed)

    code, said, _wrong = open_country(languages="ny mg en", **typed)

    line, full = Line.objects.get(), "1:en 2:ht 3:fr 4:ar 6:pt 7:bn 8:ny"
    assert (code, line.language_keys) == (0, full)
    assert f"made  Line 2883, account {SIMULATED_ACCOUNT}, languages {full}" in said
    assert (
        "LEFT  Language mg is not on the line: no key is free."
        f" Take a language off it at /en/lines/{line.public_id}/." in said
    )


def test_practice_line_shows_words_and_needs_no_account(open_country):
    code, said, _wrong = open_country(languages="en ht", account="", practice=True)

    line = Line.objects.get()
    assert (code, line.account, line.is_practice, line.language_keys) == (0, SIMULATED_ACCOUNT, True, "1:en 2:ht")
    assert "LEFT" not in said


def test_model_pathway_becomes_the_countrys_own_draft(open_country):
    open_country("TN", name="Tunisia", slug="tunisia", zone="Africa/Tunis", pathway="generic-nrm")

    assert Pathway.objects.get(key="tunisia-generic-nrm").country_id == "TN"


@pytest.mark.either
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "XX"}, "CODE: “XX” is no country code."),
        ({"name": " "}, "--name: write the country's name"),
        ({"slug": "a b"}, "--slug: “a b” cannot stand in an address."),
        ({"zone": "Mars/Base"}, "--zone: “Mars/Base” is no time zone."),
        ({"weekend": "Sunday"}, "--weekend: “Sunday” is not understood."),
        ({"languages": "en xx"}, "--languages: “xx” is none of the languages of Fanal"),
        ({"languages": "en en"}, "--languages: write one to 7 languages"),
        ({"languages": ""}, "--languages: write one to 7 languages"),
        ({"duty_phone": "0770123456"}, "--duty-phone: “0770123456” is no number with +"),
        ({"duty_phone": "+999123"}, "--duty-phone: “+999123” is no number with +"),
        ({"other_number": "one one six"}, "--other-number: “one one six” is no number."),
        ({"line": ["28 83"]}, "--line: “28 83” is no number."),
        ({"account": "AC12"}, "--account: “AC12” is no account SID."),
        ({"account": "AC" + "2" * 32}, "--account: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not name AC22"),
        ({"account": SIMULATED_ACCOUNT}, "--account: this is the practice account."),
        ({"hours": "weekdays"}, "--hours: “weekdays” is not understood."),
        ({"hours": "0-4 16:00-08:00"}, "--hours: “0-4 16:00-08:00” is not understood."),
        ({"hours": "0-4 08:00-12:00, 3 11:00-15:00"}, "--hours:"),
        ({"hours": "4-0 08:00-12:00"}, "--hours:"),
        ({"hours": "0 08:00-24:30"}, "--hours:"),
        ({"pathway": "nowhere"}, "--pathway: there is no “nowhere”."),
        ({"pathway": "tunisia-mno"}, "--pathway: “tunisia-mno” was written for another country."),
        ({"administrator": "ama"}, "--administrator: “ama” is no e-mail address."),
    ],
)
def test_each_thing_typed_wrongly_gets_one_line_and_writes_nothing(open_country, typed, words):
    code, said, wrong = open_country(**typed)

    assert (code, said, wrong.count("\n")) == (2, "", 1)
    assert wrong.startswith(words)
    assert not Country.objects.exists()


def test_number_and_slug_of_another_country_are_refused(open_country):
    open_country()

    code, _said, wrong = open_country("TN", name="Tunisia", languages="fr", zone="Africa/Tunis")

    assert code == 2
    assert "--slug: “liberia” is taken" in wrong
    assert "--line: +2312883, 2883 belongs to the line “Liberia, 2883”" in wrong
    assert not Country.objects.filter(code="TN").exists()


def test_day_and_night_never_closes(open_country):
    open_country(hours="0-6 00:00-24:00")

    assert Line.objects.get().opens_on_holidays
    assert queries.line_called("2883").is_open(dt.datetime(2026, 12, 25, 3, 0, tzinfo=dt.UTC))


def test_second_run_tells_hours_and_price_that_it_does_not_take_over(open_country):
    open_country(hours="0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00")

    _code, same, _wrong = open_country(hours="0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00")
    _code, said, _wrong = open_country(hours="0-6 08:00-20:00", free=False)

    place = f"Change it at /en/lines/{Line.objects.get().public_id}/."
    stands = "0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00"
    assert "LEFT" not in same
    assert f"LEFT  The line keeps its hours: {stands}, not 0-6 08:00-20:00. {place}" in said
    assert f"LEFT  The line keeps “{Line._meta.get_field('is_free').verbose_name}”: yes, not no. {place}" in said
    assert Line.objects.get().is_free


def test_models_of_a_pathway_are_there_to_be_copied_without_being_asked_for(open_country):
    _code, said, _wrong = open_country()

    assert Pathway.objects.filter(country=None, key="generic-nrm").exists()
    assert not Pathway.objects.exclude(country=None).exists()
    assert "made  Models of a pathway, to be copied at /admin/pathways/: generic-nrm" in said


def test_courses_are_loaded_below_the_front_page(stands, db):
    assert stands[0] == 0
    assert {course.key for course in Course.objects.live()} == {"first-responders", "judicial", "safe-migration"}


def test_country_opened_after_the_courses_is_put_on_them(stands, open_country):
    course = Course.objects.get(key="judicial")
    assert list(course.countries.values_list("pk", flat=True)) == ["LR"]

    haiti = {"name": "Haiti", "slug": "haiti", "languages": "fr", "zone": "America/Port-au-Prince", "line": ["1900"]}
    _code, said, _wrong = open_country("HT", **haiti)
    _code, again, _wrong = open_country("HT", **haiti)

    assert "made  Course “Trafficking before the court”, offered in Haiti" in said
    assert "made  National entry HT, definition" in said
    assert sorted(course.countries.values_list("pk", flat=True)) == ["HT", "LR"]
    assert Overlay.objects.filter(country="HT", confirmed=False).count() > 3
    assert "Nothing changed: Haiti stands already." in again


@pytest.mark.either
def test_country_that_a_course_does_not_name_is_not_offered_it(stands, open_country):
    tunisia = {"name": "Tunisia", "slug": "tunisia", "languages": "fr", "zone": "Africa/Tunis", "line": ["1901"]}
    open_country("TN", courses=True, **tunisia)

    assert "TN" not in Course.objects.get(key="first-responders").countries.values_list("pk", flat=True)
    assert "TN" in Course.objects.get(key="judicial").countries.values_list("pk", flat=True)


@pytest.mark.either
def test_second_run_leaves_what_an_editor_wrote_and_names_it(stands, open_country, person):
    lesson = Lesson.objects.first()
    lesson.minutes = 44
    lesson.save_revision(user=person("manager")).publish()

    _code, said, _wrong = open_country(courses=True)

    assert Lesson.objects.get(pk=lesson.pk).minutes == 44
    assert f"LEFT  Lesson “{lesson.heading_en}”: edited here; compare in the editor" in said
    assert "Nothing changed" in said
