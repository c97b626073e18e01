"""Where a question is harder in one language than in the others, its translators have work."""

import datetime as dt
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry, User
from languages.models import Unit, UnitChange
from tests.training.answers import hand_in
from tests.training.conftest import AT
from tests.training.once import once
from training import actions
from training.models import Course, CourseFigures, LanguageFinding
from training.queries.figures import figures_of

HARD = "a-q1"


@pytest.fixture(scope="module")
def sixty(school, django_db_blocker):
    """Sixty tests: in French nearly nobody gets one question right, in English nearly everybody; for all of this file."""
    with once(django_db_blocker, _sixty):
        yield


def _sixty():
    course = Course.objects.get(key="judicial")
    for place in range(30):
        other = ["a-q2"] if place % 3 == 0 else []
        few, most = ([HARD], []) if place % 10 else ([], [HARD])
        hand_in(learner(f"fr{place}"), course, "fr", [*other, *few], at=AT)
        hand_in(learner(f"en{place}"), course, "en", [*other, *most], at=AT)
    actions.count_figures(course=course, at=AT)


def learner(name):
    """Return a learner in Haiti."""
    user = User(email=f"{name}@example.org", name=name, country_id="HT", language=name[:2])
    user.role_codes = ("learner",)
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def hard_in_french(sixty, db):
    """The finding; what a test does to it is taken back after the test."""
    return LanguageFinding.objects.get()


def test_a_question_that_is_hard_in_one_language_only_becomes_work_there(hard_in_french, course):
    assert (hard_in_french.question.key, hard_in_french.language) == (HARD, "fr")
    assert (hard_in_french.is_harder, hard_in_french.answers, hard_in_french.settled_at) == (True, 30, None)
    found = next(one for one in figures_of(course).questions if one.question.key == HARD)
    assert (found.count, found.facility) == (60, 50)
    assert {(one.language, one.facility, one.verdict) for one in found.languages} == {
        ("en", 90, "apart"), ("fr", 10, "apart"),
    }  # fmt: skip
    assert sum(option.count for option in found.options) == 60


def test_counting_again_makes_no_second_finding_and_leaves_a_settled_one(hard_in_french, course, person, at, later):
    actions.settle_finding(finding=hard_in_french, outcome="same", by=person("translator"), at=at)

    actions.count_figures(course=course, at=later(5))

    found = LanguageFinding.objects.get()
    assert (found.outcome, found.found_at) == ("same", at)


def test_the_figures_hold_no_person(hard_in_french, course):
    body = json.loads(CourseFigures.objects.get(course=course).body)

    assert {key for entry in body for key in entry} == {
        "question", "count", "facility", "discrimination", "options", "languages",
    }  # fmt: skip


def test_the_screen_names_the_language_in_which_it_is_harder(client, sign_in, manager, hard_in_french, course,
                                                             django_assert_num_queries):  # fmt: skip
    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()
    with django_assert_num_queries(3):
        figures_of(course)

    assert "Harder here only" in page
    assert "Its translators are asked to compare both texts." in page


@pytest.fixture
def translator(person, countries):
    user = person("translator", country=countries["HT"], language="fr")
    user.spoken = "fr"
    user.save()
    return user


def test_the_translator_sees_both_texts_side_by_side_and_says_what_she_found(
    client, sign_in, translator, hard_in_french
):
    sign_in(translator)
    question = hard_in_french.question
    translate(question, at=AT + dt.timedelta(minutes=1))
    french = Unit.objects.filter(object_id=question.pk, content_type__model="question", language="fr").first().live

    page = client.get(reverse("desk:findings")).content.decode()
    done = client.post(reverse("desk:settle_finding", args=[hard_in_french.pk]), {"outcome": "changed"}, follow=True)

    assert question.body_en[0].value["question"].split("?")[0] in page
    assert french in page
    assert reverse("desk:thing", args=["training.question", question.pk, "fr"]) in page
    assert "No question waits to be compared" in done.content.decode()
    hard_in_french.refresh_from_db()
    assert (hard_in_french.outcome, hard_in_french.settled_by) == ("changed", str(translator.public_id))
    assert AuditEntry.objects.filter(verb="training.finding_settled").count() == 1


def translate(question, at):
    """Write the first text of a question anew in French, as a draft."""
    unit = Unit.objects.filter(object_id=question.pk, content_type__model="question", language="fr").first()
    UnitChange.objects.create(unit=unit, at=at, by="somebody", verb="written", text="Autrement ?")


def test_nobody_says_that_she_changed_what_nobody_changed_since_it_was_found(
    client, sign_in, translator, hard_in_french
):
    sign_in(translator)
    address = reverse("desk:settle_finding", args=[hard_in_french.pk])
    translate(hard_in_french.question, at=AT - dt.timedelta(minutes=1))

    told = client.post(address, {"outcome": "changed"}, follow=True).content.decode()

    hard_in_french.refresh_from_db()
    assert "Nobody has changed this translation since the question was found." in told
    assert hard_in_french.settled_at is None


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("same", "on 25 November 2026: both say the same."),
        ("changed", "on 25 November 2026 and changed the translation."),
    ],
)
def test_the_figures_say_who_compared_both_texts_and_what_she_found(
    sign_in, manager, translator, hard_in_french, course, at, outcome, words, django_assert_num_queries
):
    translate(hard_in_french.question, at=AT + dt.timedelta(minutes=1))
    actions.settle_finding(finding=hard_in_french, outcome=outcome, by=translator, at=AT)

    page = BeautifulSoup(sign_in(manager).get("/en/school/judicial/questions/figures/").content, "html.parser")
    with django_assert_num_queries(4):
        figures_of(course)

    assert f"{translator.name} compared both texts {words}" in page.get_text()
    assert "Its translators are asked" not in page.get_text()


def test_the_figures_speak_of_learners_and_write_the_minus_sign(sign_in, manager, hard_in_french, course):
    row = CourseFigures.objects.get(course=course)
    row.body = re.sub(r'"discrimination":-?\d+', '"discrimination":-3', row.body)
    row.save()

    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()

    assert "each learner handed in" in page
    assert "−3" in page
    assert "-3<" not in page


def test_a_narrow_page_names_both_languages_at_their_texts(client, sign_in, translator, hard_in_french):
    sign_in(translator)

    page = BeautifulSoup(client.get(reverse("desk:findings")).content, "html.parser")

    assert [cell["data-h"] for cell in page.select("tbody tr")[0].select("td")] == ["English", "français"]


def test_a_finding_is_settled_once_and_only_with_an_outcome(client, sign_in, translator, hard_in_french):
    sign_in(translator)
    address = reverse("desk:settle_finding", args=[hard_in_french.pk])

    nothing = client.post(address, {"outcome": "gone"}, follow=True).content.decode()
    client.post(address, {"outcome": "same"})
    again = client.post(address, {"outcome": "changed"}, follow=True).content.decode()

    assert "Say what you found." in nothing
    assert "Somebody settled this before." in again
    hard_in_french.refresh_from_db()
    assert hard_in_french.outcome == "same"


def test_a_translator_of_another_language_has_no_such_work(client, sign_in, translator, hard_in_french):
    translator.language = translator.spoken = "ar"
    translator.save()
    sign_in(translator)

    page = client.get(reverse("desk:findings")).content.decode()
    answer = client.post(reverse("desk:settle_finding", args=[hard_in_french.pk]), {"outcome": "same"})

    assert "No question waits to be compared" in page
    assert answer.status_code == 404
