"""A number of an edition counts in one country: whoever moves to another is told of which one, and nobody else where she is."""

import csv
import datetime as dt
import io
import re

import pytest
from bs4 import BeautifulSoup

from tests.training.answers import address, paper, token_of
from tests.training.finishing import ask_anew, finish
from training import actions, queries
from training.choices import Form
from training.models import Attempt, Certificate, Course, Overlay
from training.printing import certificate as printed

DAY = dt.timedelta(days=1)


@pytest.fixture
def longer(course, countries, at):
    """The course: one edition in Haiti, five in Tunisia, where entries of its law were added."""
    for place in range(4):
        Overlay.objects.create(country=countries["TN"], slot=f"slot_{place}", text_en=f"law {place}")
        actions.course_changed(Course.objects.get(pk=course.pk), by="test", at=at + (place + 1) * DAY)
    numbers = {code: list(course.versions.filter(country=code).values_list("number", flat=True)) for code in countries}
    assert {code: max(found) for code, found in numbers.items()} == {"HT": 1, "TN": 5}
    return course


@pytest.fixture
def moved(official, longer, countries, at, time_machine):
    """An official who finished in Haiti and is in Tunisia now."""
    finish(official, longer, at + 10 * DAY)
    official.country = countries["TN"]
    official.save()
    time_machine.move_to(at + 20 * DAY)
    return official


def of(kind="achievement"):
    return Certificate.objects.filter(kind=kind).order_by("-pk").first()


def verified(client, language="en"):
    """Return the rows of the public page of her certificate."""
    page = BeautifulSoup(client.get(f"/{language}/verify/{of().code}/").content, "html.parser").select_one("main dl")
    told = [re.sub(r"\s+", " ", part.get_text(" ", strip=True)) for part in page.select("dt, dd")]
    return dict(zip(told[::2], told[1::2], strict=True))


def words(answer):
    return re.sub(r"\s+", " ", BeautifulSoup(answer.content, "html.parser").select_one("main").get_text(" "))


def test_the_public_page_counts_in_the_country_that_it_names_and_does_not_say_where_she_is(client, moved):
    told = verified(client)

    assert (told["Country"], told["Trained up to"]) == ("Haiti", "version 1")
    assert "Tunisia" not in words(client.get(f"/en/verify/{of().code}/"))


def test_the_paper_counts_in_the_country_that_it_names(moved, at):
    rows = dict(printed._rows(queries.held([of()], at + 20 * DAY)[0], at.date()))

    assert rows["Country"] == "Haiti"
    assert rows["Trained up to"].startswith("version 1, on ")


def test_the_list_of_certificates_counts_in_the_country_of_each(client, sign_in, person, countries, moved):
    sign_in(person("manager", country=countries["HT"]))

    told = words(client.get("/en/reports/certificates/"))

    assert "version 1" in told
    assert "version 5" not in told


def test_the_number_rises_with_the_editions_of_its_own_country_where_she_has_done_what_they_ask(
    client, moved, lessons, at
):
    lessons[0].aim_en += " Said better."
    lessons[0].save()
    actions.course_changed(Course.objects.get(), by="test", at=at + 15 * DAY)

    assert verified(client)["Trained up to"] == "version 2"


def test_a_refresher_that_is_asked_where_she_is_now_is_told_without_naming_the_country(client, moved, lessons, at):
    ask_anew(lessons[0], at + 15 * DAY)

    told = verified(client)["Trained up to"]

    assert re.fullmatch(r"version 1 A refresher is asked for; it counts until .+ without it\.", told)


def test_a_refresher_that_was_missed_there_is_told_so_too(client, moved, lessons, at, time_machine):
    ask_anew(lessons[0], at + 15 * DAY)
    time_machine.move_to(at + 200 * DAY)

    assert verified(client)["Trained up to"] == "version 1 A refresher was asked for, and it was not done in time."


def test_who_stayed_is_told_of_the_newer_version_as_before(client, official, longer, lessons, at, time_machine):
    finish(official, longer, at + 10 * DAY)
    ask_anew(lessons[0], at + 15 * DAY)
    time_machine.move_to(at + 20 * DAY)

    assert verified(client)["Trained up to"].startswith("version 1 A newer version asks for a refresher;")


def test_a_certificate_of_completion_alone_counts_in_its_own_country_too(official, longer, countries, at):
    finish(official, longer, at + 10 * DAY, passed=False)
    official.country = countries["TN"]
    official.save()

    (held,) = queries.held([of("completion")], at + 20 * DAY)

    assert (held.state, held.current_to, held.has_moved) == ("current", 1, True)


def test_no_less_is_told_than_the_version_that_a_certificate_is_of(official, course, lessons, at):
    """She did the first lesson before it changed; the edition by which she finished asks one less than the first did."""
    enrolment = finish(official, course, at + DAY, lessons=1, passed=False)
    ask_anew(lessons[0], at + 2 * DAY)
    lessons[1].unpublish()
    actions.course_changed(Course.objects.get(), by="test", at=at + 3 * DAY)
    actions.move_to_newest(enrolment=type(enrolment).objects.get(), language="fr", at=at + 3 * DAY)
    first, second = (str(one.translation_key) for one in lessons[:2])
    finish(official, course, at + 4 * DAY, without=[first, second])

    (held,) = queries.held([of()], at + 5 * DAY)
    number = held.certificate.version.number

    assert queries.standing(type(enrolment).objects.get(), at + 5 * DAY).current_to < number
    assert (held.state, held.current_to) == ("refresher_due", number)


def test_her_own_page_names_the_country_in_which_she_is_counted(client, sign_in, moved):
    assert "current to version 5 in Tunisia" in words(sign_in(moved).get("/en/learning/"))


def test_who_stayed_is_told_no_country(client, sign_in, official, longer, at, time_machine):
    finish(official, longer, at + 10 * DAY)
    time_machine.move_to(at + 20 * DAY)

    told = words(sign_in(official).get("/en/learning/"))

    assert "current to version 1" in told
    assert "current to version 1 in" not in told


@pytest.mark.parametrize("is_moved", [True, False])
def test_the_end_of_a_refresher_speaks_of_the_certificate_only_where_its_number_is_meant(
    client, sign_in, official, longer, lessons, countries, at, time_machine, is_moved
):
    enrolment = finish(official, longer, at + 10 * DAY)
    official.country = countries["TN" if is_moved else "HT"]
    official.save()
    ask_anew(lessons[0], at + 15 * DAY)
    actions.move_to_newest(enrolment=type(enrolment).objects.get(), language="en", at=at + 16 * DAY)
    time_machine.move_to(at + 20 * DAY)
    sign_in(official)

    token = token_of(client.get(address(lessons[0])).content.decode(), "data-next")
    told = words(client.post(address(lessons[0]), {"token": token}, follow=True))

    assert ("What you have done is current to version 6 of the course in your country." in told) is is_moved
    assert ("Your certificate is current to version 2." in told) is not is_moved


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_test_that_ends_a_refresher_speaks_of_the_certificate_only_where_its_number_is_meant(
    client, sign_in, official, longer, countries, at, time_machine, is_moved
):
    enrolment = finish(official, longer, at + 10 * DAY)
    official.country = countries["TN" if is_moved else "HT"]
    official.save()
    longer.pass_minimum -= 1
    longer.save()
    actions.course_changed(
        Course.objects.get(), by="test", at=at + 15 * DAY, material=queries.id_of_test(longer, Form.POST)
    )
    actions.move_to_newest(enrolment=type(enrolment).objects.get(), language="en", at=at + 16 * DAY)
    finish(official, longer, at + 17 * DAY, lessons=0)
    time_machine.move_to(at + 20 * DAY)

    told = words(sign_in(official).get(paper(Attempt.objects.latest("number"), "en", "result/")))

    assert ("What you have done is current to version 6 of the course in your country." in told) is is_moved
    assert ("Your certificate is current to version 2." in told) is not is_moved


def test_the_history_names_the_country_of_editions_that_are_not_hers_now(client, sign_in, moved):
    page = sign_in(moved).get("/en/learning/history/")
    lines = csv.reader(io.StringIO(client.get("/en/learning/history.csv").content.decode("utf-8-sig")))
    heads, *rows = lines

    assert "1 Haiti" in words(page)
    assert {row[heads.index("Country of the version")] for row in rows} == {"Haiti"}


@pytest.mark.parametrize("what", ["enrolments", "results"])
def test_the_lists_of_people_say_of_which_country_a_version_is(client, sign_in, person, countries, moved, what):
    sign_in(person("manager", country=countries["TN"]))

    answer = client.post("/en/reports/people/file/", {"what": what, "kind": "csv", "reason": "reporting"})
    heads, row, *_mark = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(heads, row, strict=True))

    assert (told["Country"], told["Version"], told["Country of the version"]) == ("TN", "1", "HT")
