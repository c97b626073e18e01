"""A certificate written anew for its name: it says what the old one said and no longer; the newest one stays the newest."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.training.finishing import ask_anew, finish, refresh, spell_anew
from training import actions, queries
from training.models import Certificate, Course, Enrolment, Withdrawal


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


def corrected(certificate, manager, when):
    row = Certificate.objects.get(pk=certificate.pk)
    spell_anew(row.learner.user)
    return actions.withdraw_certificate(certificate=row, by=manager, reason="name_wrong", at=when)


def follow(answer):
    """Return how often an answer's next page tells of other certificates that bear the old name, and where it leads."""
    page = BeautifulSoup(answer.client.get(answer.url).content, "html.parser")
    ways = [link["href"] for link in page.select("main a") if link.get_text() == "Correct it there as well"]
    return page.get_text().count("still bear"), "".join(ways)


def states(official, when, kind="achievement"):
    rows = queries.certificates_of(official).filter(kind=kind).order_by("version__number", "copy")
    return [(one.certificate.version.number, one.certificate.copy, str(one.state)) for one in queries.held(rows, when)]


@pytest.mark.parametrize(("days", "state"), [(100, "current"), (400, "expired")])
def test_it_says_what_the_old_one_said_until_the_same_day(official, manager, course, at, day, days, state):
    Course.objects.filter(pk=course.pk).update(certificate_months=12)
    course.refresh_from_db()
    finish(official, course, at)
    old = Certificate.objects.get(kind="achievement")
    Course.objects.filter(pk=course.pk).update(certificate_months=24, heading_en="Another heading")
    User.objects.filter(pk=official.pk).update(name="Rose-Laure Spécimen")

    new = corrected(old, manager, day(days))

    facts = ("expires_at", "attained_at", "version_id", "country_id", "language", "heading", "heading_source", "kind")
    assert [getattr(new, name) for name in facts] == [getattr(old, name) for name in facts]
    assert (new.issued_at, new.copy, new.code != old.code) == (day(days), 2, True)
    assert actions.is_named(new, "rose-laure spécimen s.")
    assert states(official, day(days)) == [(1, 1, "withdrawn"), (1, 2, state)]


@pytest.mark.parametrize("language", ["ar", "en", "th"])
def test_it_is_written_in_the_language_that_its_holder_has_by_then(official, manager, course, at, day, language):
    finish(official, course, at)
    old = Certificate.objects.get(kind="achievement")
    User.objects.filter(pk=official.pk).update(language=language)

    new = corrected(old, manager, day(10))

    heading = getattr(course, f"heading_{language}") or course.heading_en
    assert (old.language, new.language, new.heading) == ("fr", language, heading)
    assert new.heading_language == (language if heading != course.heading_en else "en")
    assert (new.attained_at, new.issued_at) == (old.attained_at, day(10))


def test_beside_an_earlier_one_stands_that_it_stays_in_its_language(official, manager, course, at, day, sign_in):
    finish(official, course, at)
    User.objects.filter(pk=official.pk).update(language="ar")
    corrected(Certificate.objects.get(kind="achievement"), manager, day(10))

    page = BeautifulSoup(sign_in(official).get("/ar/learning/certificates/").content, "html.parser")

    cards = {card.get("id"): card for card in page.select("article")}
    told = {
        row.language: bool(cards[f"c-{row.public_id}"].select('[data-part="language"]'))
        for row in Certificate.objects.filter(withdrawal=None)
    }
    assert told == {"fr": True, "ar": False}


def test_the_language_of_a_paper_is_named_in_the_language_of_the_page(official, course, at, sign_in):
    finish(official, course, at)

    page = BeautifulSoup(sign_in(official).get("/en/learning/certificates/").content, "html.parser")

    assert (
        page.select_one('article [data-part="language"]').get_text().startswith("The PDF is in French, the language")
    )


@pytest.fixture
def two(official, course, lessons, at, day):
    """The first and the newest certificate of each kind of an official who did a refresher, by kind."""
    finish(official, course, at)
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))
    rows = Certificate.objects.order_by("version__number")
    return {kind: list(rows.filter(kind=kind)) for kind in ("achievement", "completion")}


@pytest.mark.parametrize("kind", ["achievement", "completion"])
def test_a_replaced_one_that_is_corrected_stays_replaced(two, official, manager, day, kind):
    old, new = two[kind]

    copy = corrected(old, manager, day(30))

    assert states(official, day(31), kind) == [(1, 1, "withdrawn"), (1, 2, "replaced"), (2, 1, "current")]
    assert queries.counting_again(copy, day(31)) is None
    assert queries.counting_again(new, day(31)).certificate.pk == copy.pk
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(31)) == []


def test_the_newest_one_that_is_corrected_stays_the_newest(two, official, manager, day):
    corrected(two["achievement"][1], manager, day(30))

    assert states(official, day(31)) == [(1, 1, "replaced"), (2, 1, "withdrawn"), (2, 2, "current")]


def test_her_refresher_of_lessons_alone_is_counted_from_the_newest(official, manager, course, lessons, at, day):
    finish(official, course, at, passed=False)
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))
    corrected(Certificate.objects.get(version__number=1), manager, day(30))

    (mine,) = queries.progress_of(official, "en", at=day(31))

    assert mine.due is None
    assert mine.enrolment.certified == Certificate.objects.get(version__number=2).version.public_id


@pytest.fixture
def renewed(official, course, at, day):
    """The official's certificates of achievement of one edition: one of twelve months, and the one that renewed it."""
    Course.objects.filter(pk=course.pk).update(certificate_months=12)
    course.refresh_from_db()
    finish(official, course, at)
    finish(official, course, day(300), lessons=0)
    return list(Certificate.objects.filter(kind="achievement").order_by("copy"))


@pytest.fixture
def post(manager, sign_in):
    """A function that lets the manager withdraw a certificate by form at an instant; returns the answer."""

    def withdraw(certificate, when, reason="name_wrong"):
        with time_machine.travel(when, tick=False):
            address = reverse("training:withdraw", args=[certificate.public_id])
            return sign_in(manager).post(address, {"reason": reason})

    return withdraw


@pytest.mark.parametrize("newer_first", [True, False])
def test_the_older_one_of_an_edition_that_is_corrected_stays_replaced(renewed, official, day, post, newer_first):
    older, newer = renewed
    first, second = (newer, older) if newer_first else (older, newer)
    spell_anew(official)

    answers = [post(first, day(310)), post(second, day(320))]

    assert [answer.url for answer in answers] == [reverse("training:issued")] * 2
    of_older, of_newer = (4, 3) if newer_first else (3, 4)
    assert {copy: state for _number, copy, state in states(official, day(321))} == {
        1: "withdrawn",
        2: "withdrawn",
        of_older: "replaced",
        of_newer: "current",
    }
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(322)) == []


@pytest.mark.skipif("not connection.features.has_select_for_update", reason="SQLite writes one at a time")
def test_it_waits_for_whoever_issues_before_it_reads_the_numbers_in_use(renewed, manager, day):
    with CaptureQueriesContext(connection) as asked:
        corrected(renewed[0], manager, day(310))

    statements = [one["sql"] for one in asked.captured_queries]
    locks = [sql for sql in statements if "FOR NO KEY UPDATE" in sql]
    read = next(
        place for place, sql in enumerate(statements) if sql.startswith('SELECT "training_certificate"."copy"')
    )
    assert 'FROM "training_enrolment"' in locks[0]
    assert statements.index(locks[0]) < read


def test_without_a_name_in_the_account_nothing_is_written(renewed, official, day, post):
    older, _newer = renewed
    official.name = "   "
    official.save()

    refused = post(older, day(310))

    assert refused.status_code == 422
    assert "the account of its holder has none yet" in refused.content.decode()
    assert (Withdrawal.objects.count(), Certificate.objects.filter(kind="achievement").count()) == (0, 2)
    assert post(older, day(310), "in_error").url == reverse("training:issued")


def test_where_the_account_bears_the_same_name_nothing_is_written(renewed, official, day, post):
    older, _newer = renewed
    User.objects.filter(pk=official.pk).update(name=f" {official.name}  ")

    refused = post(older, day(310))
    page = BeautifulSoup(refused.content, "html.parser")

    assert refused.status_code == 422
    assert "The account bears the same name as the certificate" in page.select_one("#errors").get_text()
    assert [cell.get_text().strip() for cell in page.select('[data-part="names"] dd')] == [official.name] * 2
    assert (Withdrawal.objects.count(), Certificate.objects.filter(kind="achievement").count()) == (0, 2)
    assert post(older, day(310), "in_error").url == reverse("training:issued")


def test_capitals_alone_are_another_name(renewed, official, day, post):
    User.objects.filter(pk=official.pk).update(name=official.name.upper())

    assert post(renewed[0], day(310)).url == reverse("training:issued")
    assert Certificate.objects.filter(kind="achievement").count() == 3


def test_after_one_the_manager_is_led_to_what_else_bears_the_old_name(two, official, day, post):
    first, second = two["achievement"][1], two["completion"][1]
    spell_anew(official)

    told = [follow(post(one, day(30))) for one in (first, second)]

    assert told == [(1, reverse("training:withdraw", args=[second.public_id])), (0, "")]


@pytest.mark.parametrize(("reason", "change"), [("in_error", str), ("name_wrong", str.upper)])
def test_no_other_is_named_where_no_name_was_corrected_and_a_new_one_in_capitals_is_none(
    two, official, day, post, reason, change
):
    for one in two["completion"]:
        post(one, day(25), "in_error")
    User.objects.filter(pk=official.pk).update(name=change(official.name))

    assert follow(post(two["achievement"][1], day(30), reason)) == (0, "")


def test_who_may_correct_the_account_is_led_to_it(renewed, official, manager, person, countries, sign_in):
    address = reverse("training:withdraw", args=[renewed[0].public_id])
    account = reverse("accounts:person", args=[official.public_id])
    both = person("manager", "administrator", country=countries["HT"])

    assert account in sign_in(both).get(address).content.decode()
    assert account not in sign_in(manager).get(address).content.decode()


def test_only_the_newest_of_its_kind_says_that_a_new_one_can_be_earned(
    renewed, official, manager, course, day, sign_in
):
    copy = corrected(renewed[1], manager, day(310))
    for one in (renewed[0], copy):
        actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=day(320))

    with time_machine.travel(day(321), tick=False):
        page = sign_in(official).get("/en/learning/certificates/").content.decode()

    cards = {card.split('"')[0]: card for card in page.split('id="c-')[1:]}
    said = [key for key, card in cards.items() if "You can earn a new one" in card]
    assert said == [str(copy.public_id)]


def test_one_that_ran_out_says_that_a_newer_one_replaced_it(renewed, official, day, sign_in, client):
    older, newer = renewed

    with time_machine.travel(day(400), tick=False):
        mine = sign_in(official).get("/en/learning/certificates/").content.decode()
        checked = client.get(f"/en/verify/{older.code}/").content.decode()

    card = next(part for part in mine.split('id="c-') if part.startswith(str(older.public_id)))
    assert (queries.held([older], day(400))[0].state, "Replaced by" in card) == ("expired", True)
    assert f"/verify/{newer.code}/" in card
    assert "A newer certificate has replaced this one" in checked
    assert newer.code not in checked
