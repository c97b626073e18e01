"""Opening a country outside the demo: all that stands afterwards, a second run, and each thing typed wrongly."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from accounts.models import Country, PublicContact
from cms.chores import chores
from cms.models import FrontPage, HomePage, StandardPage
from hotline import queries
from hotline.actions import lines
from hotline.models import Line, Prompt, PromptRecording
from hotline.queries.lines import source_digest
from hotline.telephony.providers import SIMULATED_ACCOUNT
from referral.models import Pathway, PathwayVersion
from tests.cms.opening import ACCOUNT, left_to_do, run
from training.models import Course, Lesson, Overlay


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
    assert left_to_do(said) == []
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
    assert queries.unheard(["en", "fr"], is_reachable=True, is_free=True) == []


@pytest.mark.either
def test_call_that_costs_is_not_greeted_as_free(open_country):
    _code, said, _wrong = open_country(free=False)

    assert left_to_do(said) == []
    assert not Line.objects.get().is_free


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


@pytest.mark.either
def test_says_where_the_line_names_a_number_of_the_police_that_the_public_pages_do_not_show(open_country):
    _code, said, _wrong = open_country(police_number="911")
    assert "Police: the line 2883 says 911, the public pages show none." in said
    PublicContact.objects.create(country_id="LR", kind="police", name_en="Police", number="911")

    _code, said, _wrong = open_country(police_number="911")

    assert "Police:" not in said


def test_a_line_that_people_call_is_not_opened_without_a_number_of_the_police_and_one_to_practise_says_so(
    open_country,
):
    code, _said, wrong = open_country(police_number="")
    assert (code, Country.objects.count(), "--police-number: a line that people call" in wrong) == (2, 0, True)

    code, said, _wrong = open_country(police_number="", practice=True)

    assert code == 0
    assert "Police: the line 2883 names no number of the police." in said


@pytest.mark.either
def test_doctor_tells_of_a_line_that_people_call_and_that_names_no_number_of_the_police(open_country):
    open_country()
    assert "police" not in {fault.code for fault in chores()}
    Line.objects.update(police_number="")

    assert ["The lines 2883 name no" in fault.words for fault in chores() if fault.code == "police"] == [True]


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

    assert left_to_do(said) == []
    assert Line.objects.get().language_keys == "1:en 2:ht"


@pytest.mark.either
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


@pytest.mark.either
def test_line_whose_keys_are_all_taken_says_so_and_where_to_make_room(open_country):
    typed = {"account": "", "practice": True}
    open_country(languages="en ht fr ar pt bn ny", **typed)

    code, said, _wrong = open_country(languages="mg es id th sw rw wo pt-br en", **typed)

    line, first = Line.objects.get(), "1:en 2:ht 3:fr 4:ar 6:pt 7:bn 8:ny"
    full = f"{first} 01:mg 02:es 03:id 04:th 06:sw 07:rw 08:wo"
    assert (code, line.language_keys) == (0, full)
    assert f"made  Line 2883, account {SIMULATED_ACCOUNT}, languages {full}" in said
    assert (
        "LEFT  Language pt-br is not on the line: no key is free."
        f" Take a language off it at /en/lines/{line.public_id}/." in said
    )


@pytest.mark.either
def test_practice_line_shows_words_and_needs_no_account(open_country):
    code, said, _wrong = open_country(languages="en ht", account="", practice=True)

    line = Line.objects.get()
    assert (code, line.account, line.is_practice, line.language_keys) == (0, SIMULATED_ACCOUNT, True, "1:en 2:ht")
    assert left_to_do(said) == []


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
        ({"languages": "en en"}, "--languages: write one to 14 languages"),
        ({"languages": ""}, "--languages: write one to 14 languages"),
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


@pytest.mark.either
def test_day_and_night_never_closes(open_country):
    open_country(hours="0-6 00:00-24:00")

    assert Line.objects.get().opens_on_holidays
    assert queries.line_called("2883").is_open(dt.datetime(2026, 12, 25, 3, 0, tzinfo=dt.UTC))


@pytest.mark.either
def test_second_run_tells_hours_and_price_that_it_does_not_take_over(open_country):
    open_country(hours="0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00")

    _code, same, _wrong = open_country(hours="0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00")
    _code, said, _wrong = open_country(hours="0-6 08:00-20:00", free=False)

    place = f"Change it at /en/lines/{Line.objects.get().public_id}/."
    stands = "0-4 08:00-12:00, 0-4 13:00-16:00, 6 20:00-24:00"
    assert left_to_do(same) == []
    assert f"LEFT  The line keeps its hours: {stands}, not 0-6 08:00-20:00. {place}" in said
    assert f"LEFT  The line keeps “{Line._meta.get_field('is_free').verbose_name}”: yes, not no. {place}" in said
    assert Line.objects.get().is_free


@pytest.mark.either
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
