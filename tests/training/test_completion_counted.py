"""Who holds a certificate of completion and has not passed the test is asked for lessons anew, and counted where that is told."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import fresh
from training import actions, queries
from training.models import Certificate, Lesson, Overlay, Progress, PublishedNews
from training.queries.anew import done_by

DAY = dt.timedelta(days=1)


@pytest.fixture
def certify(course, person, countries):
    """A factory of officials who did all lessons and have not passed: certify(2, country="TN")."""

    def make(many=1, country="HT", track=""):
        users = [person("learner", country=countries[country], language="fr") for _n in range(many)]
        for user in users:
            enrolment = finish(user, course, timezone.now() - DAY, passed=False)
            Progress.objects.filter(enrolment=enrolment).update(track=track)
        return users

    return make


def drafted(lesson, **words):
    """Keep a draft of a lesson in which the law changed."""
    draft = fresh(lesson).get_latest_revision_as_object()
    for name, value in ({"aim_en": "The law changed.", "change": "material"} | words).items():
        setattr(draft, name, value)
    draft.save_revision()
    return fresh(lesson)


def foretold(thing, at=None):
    found = queries.publishing(thing, at=at or timezone.now(), country="HT")
    return found.refreshed, found.certified


def publish(thing):
    fresh(thing).latest_revision.publish()


def people():
    """How many the news say are asked, by country."""
    return dict(PublishedNews.objects.filter(kind="material").values_list("country", "people"))


def states(user):
    rows = queries.certificates_of(user)
    return [str(one.state) for one in queries.held(rows, timezone.now() + dt.timedelta(seconds=1))]


def test_she_is_foretold_asked_and_told_to_the_managers(certify, course, lessons, official):
    [hers] = certify()
    finish(official, course, timezone.now() - DAY)
    certify(1, country="TN")
    lesson = drafted(lessons[0])
    [reach] = queries.publishing(lesson, at=timezone.now(), country="HT").reach

    publish(lesson)

    assert (reach.under_way, reach.finished, reach.refreshed, reach.certified) == (1, 1, 2, 1)
    assert states(hers) == ["refresher_due"]
    assert people() == {"HT": 2, "TN": 1}


def test_nobody_is_counted_in_a_country_that_left_the_course(certify, course, lessons, countries):
    certify(2)
    certify(3, country="TN")
    course.countries = [countries["HT"]]
    course.save()
    actions.course_changed(course, by="test", at=timezone.now() - DAY / 2)
    lesson = drafted(lessons[0])

    for country, told in {"HT": (2, 2, 2), "TN": (3, 0, 0)}.items():
        [one] = queries.publishing(lesson, at=timezone.now(), country=country).reach
        assert (one.under_way, one.refreshed, one.certified) == told


def test_only_the_groups_are_counted_that_are_asked(certify, course, lessons):
    tracks = list(course.tracks) or ["migrant", "official"]
    type(course).objects.filter(pk=course.pk).update(tracks=tracks)
    certify(1, track=tracks[0])
    certify(2, track=tracks[1])
    lesson = drafted(lessons[0], tracks=[tracks[0]])

    assert foretold(lesson) == (1, 1)
    publish(lesson)
    assert people() == {"HT": 1}


def test_a_test_that_changes_is_asked_of_who_passed_one_alone(certify, course, official):
    certify()
    finish(official, course, timezone.now() - DAY)
    draft = fresh(course).get_latest_revision_as_object()
    draft.pass_minimum, draft.change = course.pass_minimum - 1, "material"
    draft.save_revision()

    assert foretold(fresh(course)) == (1, 0)
    publish(course)
    assert people() == {"HT": 1}


@pytest.mark.parametrize("how", ["withdrawn", "run out", "merely begun"])
def test_one_that_counts_no_more_asks_nothing_of_her(certify, course, official, lessons, manager, how):
    if how == "merely begun":
        finish(official, course, timezone.now() - DAY, lessons=1, passed=False)
    else:
        if how == "run out":
            type(course).objects.filter(pk=course.pk).update(certificate_months=1)
        [hers] = certify()
        [one] = queries.certificates_of(hers)
    if how == "withdrawn":
        actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=timezone.now())
    lesson = drafted(lessons[0])
    at = timezone.now() + (60 * DAY if how == "run out" else 0 * DAY)

    assert foretold(lesson, at) == (0, 0)
    actions.publish_version(fresh(course), by=str(manager.public_id), at=at)
    Lesson.objects.filter(pk=lesson.pk).update(aim_en="The law changed.")
    actions.publish_version(fresh(course), by=str(manager.public_id), at=at, material={str(lesson.translation_key)})
    assert people() == {}


def test_one_that_runs_out_later_is_counted_until_then(certify, course, lessons):
    type(course).objects.filter(pk=course.pk).update(certificate_months=1)
    certify()

    assert foretold(drafted(lessons[0])) == (1, 1)


def test_of_what_is_opened_to_all_who_did_it_is_not_asked_again(certify, course, lessons):
    Lesson.objects.filter(pk=lessons[0].pk).update(required=False)
    actions.course_changed(fresh(course), by="test", at=timezone.now() - 3 * DAY)
    did, left = certify(2)
    enrolment = did.learner.enrolments.get()
    key = str(lessons[0].translation_key)
    assert key in enrolment.progress.state
    rows = Progress.objects.filter(enrolment__learner__user=left)
    rows.update(state=rows.get().state.replace(key, "00000000-0000-4000-8000-000000000000"))

    lesson = drafted(lessons[0], aim_en=lessons[0].aim_en, required=True)
    assert foretold(lesson) == (1, 1)
    assert {one.is_finished for one in done_by(course.pk, key, timezone.now()).values()} == {False}
    publish(lesson)

    assert people() == {"HT": 1}


def test_a_change_of_law_counts_her(certify, course, lessons):
    certify()
    slot = next(b["value"]["slot"] for one in lessons for b in one.body_en.get_prep_value() if b["type"] == "law")
    entry = Overlay.objects.get(country="HT", slot=slot)
    entry.text_en, entry.change = "The age is 21.", "material"

    effects = queries.entry_effects(entry, at=timezone.now())

    assert (effects.refreshed, effects.certified) == (1, 1)


def test_the_pages_say_that_she_is_among_them(certify, editor, lessons):
    certify()
    page = editor.get(reverse("training:publishing", args=["lesson", drafted(lessons[0]).pk])).content.decode()

    assert "1 official who has finished gets a refresher" in page
    assert "Counted with them: 1 official who has the certificate of completion" in page
    assert "Nobody who has finished gets a refresher." not in page


def test_counting_reads_no_state_and_costs_the_same_for_many(certify, lessons):
    lesson = drafted(lessons[0])
    certify()

    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert foretold(lesson)[0] == Certificate.objects.count()
        return [one["sql"] for one in caught]

    cost()
    few = cost()
    certify(5)
    many = cost()

    assert len(many) == len(few)
    assert not [sql for sql in many if '"training_progress"."state"' in sql]


def test_publishing_asks_the_same_of_the_database_for_many(certify, lessons, manager, course):
    def cost(words):
        Lesson.objects.filter(pk=lessons[0].pk).update(aim_en=words)
        with CaptureQueriesContext(connection) as caught:
            actions.publish_version(
                fresh(course), by=str(manager.public_id), at=timezone.now(), material={str(lessons[0].translation_key)}
            )
        return [one["sql"] for one in caught]

    certify()
    cost("One.")
    few = cost("Two.")
    certify(5)
    many = cost("Three.")

    assert people() == {"HT": 6}
    assert len(many) == len(few)
    assert not [sql for sql in many if '"training_progress"."state"' in sql]
