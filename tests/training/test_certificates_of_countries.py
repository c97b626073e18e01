"""A certificate is of the country in which its holder did the last of what its edition asks, wherever her account is."""

import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Country
from tests.training.answers import address, token_of
from tests.training.finishing import ask_anew, finish, refresh
from tests.training.moving import DAY, both, change_law, issued, join_later, law_of, move, say_better
from training import actions, queries
from training.choices import END, Source
from training.models import Certificate, CourseVersion, Enrolment


def read(user, course, lesson, country, at, *, number=None, arrives=None):
    """Let somebody read a lesson to its end as an edition of a country has it, the newest where none is named."""
    rows = CourseVersion.objects.filter(course=course, country=country, published_at__lte=at)
    version = rows.get(number=number) if number else rows.latest("number")
    arrival = actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=str(lesson.translation_key), version=str(version.public_id),
        language="fr", occurred_at=at, payload={"screen": END},
    )  # fmt: skip
    learner = actions.learner_of(user)
    actions.record_events(learner=learner, arrivals=[arrival], source=Source.FORM, at=arrives or at)


def read_all(user, course, lessons, country, at, **how):
    """Let somebody read several lessons to their end."""
    for lesson in lessons:
        read(user, course, lesson, country, at, **how)


def named(user, enrolment, at):
    """Give an account a name, and let what waited for it be issued."""
    user.name = "Official"
    user.save()
    actions.issue_certificates(enrolment=Enrolment.objects.get(pk=enrolment.pk), at=at)


def held(at):
    """Return how each certificate of achievement stands: country, state, up to which number."""
    rows = Certificate.objects.filter(kind="achievement").order_by("attained_at")
    return [(one.certificate.country_id, str(one.state), one.current_to) for one in queries.held(rows, at)]


@pytest.fixture
def late(lessons, countries, at):
    """Law of Tunisia rose twice before anybody finished; then each country had an edition that asks nothing."""
    _shown, slot = law_of(lessons)
    change_law(countries["TN"], slot, at + DAY)
    change_law(countries["TN"], slot, at + 2 * DAY)
    say_better(lessons[0], at + 5 * DAY)


@pytest.fixture
def liberia(lessons, at):
    """Liberia, which came to the course when a lesson had risen twice elsewhere."""
    return join_later(lessons[0], at)


def test_who_moves_to_a_country_whose_law_rose_earlier_keeps_her_own(
    client, sign_in, official, course, lessons, countries, late, at, time_machine
):
    finish(official, course, at + 10 * DAY)
    user = move(official, countries["TN"])
    time_machine.move_to(at + 20 * DAY)
    sign_in(user)

    token = token_of(client.get(address(lessons[0])).content.decode(), "data-next")
    client.post(address(lessons[0]), {"token": token})

    assert issued() == both(("HT", 2))
    assert held(at + 21 * DAY) == [("HT", "current", 2)]
    assert "Haiti" in client.get(f"/en/verify/{Certificate.objects.first().code}/").content.decode()


def test_reading_once_more_there_what_is_not_asked_brings_none(official, course, lessons, countries, late, at):
    finish(official, course, at + 10 * DAY)

    refresh(move(official, countries["TN"]), course, at + 20 * DAY, lessons=None)

    assert issued() == both(("HT", 2))


def test_from_a_country_that_joined_later_to_an_older_one(person, course, lessons, countries, liberia, at):
    user = person("learner", country=liberia, language="en", name="Official")
    finish(user, course, at + 10 * DAY)

    refresh(move(user, countries["HT"]), course, at + 20 * DAY)

    assert issued() == both(("LR", 1))
    assert held(at + 21 * DAY) == [("LR", "current", 1)]


def test_from_an_older_country_to_the_one_that_joined_later(person, course, lessons, countries, liberia, at):
    user = person("learner", country=countries["HT"], language="en", name="Official")
    finish(user, course, at + 10 * DAY)
    user = move(user, liberia)
    ask_anew(lessons[0], at + 15 * DAY)
    assert held(at + 16 * DAY)[0][:2] == ("HT", "refresher_due")

    refresh(user, course, at + 20 * DAY)

    newest = CourseVersion.objects.filter(country="HT").latest("number").number
    assert issued() == both(("HT", newest - 1), ("LR", 2))
    assert held(at + 21 * DAY) == [("HT", "replaced", newest - 1), ("LR", "current", 2)]


def test_a_country_without_the_course_names_none_until_she_did_its_refresher_there(
    person, course, lessons, countries, liberia, at
):
    kenya = Country.objects.create(
        code="KE", name_en="Kenya", slug="kenya", language_codes="en", time_zone="Africa/Nairobi"
    )
    user = person("learner", country=liberia, language="en", name="Official")
    finish(user, course, at + 10 * DAY)
    user = move(user, kenya)
    finish(user, course, at + 12 * DAY)
    assert issued() == both(("LR", 1))
    ask_anew(lessons[0], at + 15 * DAY)

    refresh(user, course, at + 20 * DAY)

    newest = CourseVersion.objects.filter(country=None).latest("number").number
    assert issued() == both(("KE", newest), ("LR", 1))


@pytest.mark.parametrize("rises", [0, 1, 3])
def test_the_refresher_of_the_new_country_brings_its_certificate_whatever_the_numbers(
    official, course, lessons, countries, at, rises
):
    _shown, slot = law_of(lessons)
    for place in range(rises):
        change_law(countries["HT"], slot, at + (place + 1) * DAY)
    finish(official, course, at + 10 * DAY)
    user = move(official, countries["TN"])
    change_law(countries["TN"], slot, at + 15 * DAY)
    assert issued() == both(("HT", rises + 1))
    assert held(at + 16 * DAY) == [("HT", "refresher_due", rises + 1)]

    refresh(user, course, at + 20 * DAY, lessons=None)

    assert issued() == both(("HT", rises + 1), ("TN", 2))
    assert held(at + 21 * DAY) == [("HT", "replaced", rises + 1), ("TN", "current", 2)]
    assert set(Certificate.objects.filter(country="TN").values_list("attained_at", flat=True)) == {at + 20 * DAY}


def test_there_and_back_again_each_refresher_brings_the_certificate_of_its_country(
    official, course, lessons, countries, at
):
    _shown, slot = law_of(lessons)
    finish(official, course, at + 10 * DAY)
    user = move(official, countries["TN"])
    change_law(countries["HT"], slot, at + 14 * DAY)
    change_law(countries["TN"], slot, at + 15 * DAY)
    refresh(user, course, at + 20 * DAY, lessons=None)
    user = move(user, countries["HT"])
    assert issued() == both(("HT", 1), ("TN", 2))

    change_law(countries["HT"], slot, at + 25 * DAY)
    refresh(user, course, at + 30 * DAY, lessons=None)

    assert issued() == both(("HT", 1), ("HT", 3), ("TN", 2))
    assert held(at + 31 * DAY) == [("HT", "replaced", 1), ("TN", "replaced", 2), ("HT", "current", 3)]


@pytest.mark.parametrize("passed", [True, False], ids=["passed", "completion alone"])
def test_what_rose_at_home_while_she_was_away_is_asked_when_she_is_back(
    official, course, lessons, countries, at, passed
):
    shown, slot = law_of(lessons)
    other = next(one for one in lessons if one not in shown)
    finish(official, course, at + 10 * DAY, passed=passed)
    change_law(countries["HT"], slot, at + 14 * DAY)
    ask_anew(other, at + 15 * DAY)
    user = move(official, countries["TN"])
    read(user, course, other, "TN", at + 20 * DAY)
    away = issued()

    user = move(user, countries["HT"])
    states = [str(one.state) for one in queries.held(queries.certificates_of(user), at + 21 * DAY) if one.is_last]
    read_all(user, course, shown, "HT", at + 30 * DAY)

    kinds = both if passed else lambda *editions: [("completion", *one) for one in editions]
    assert away == kinds(("HT", 1), ("TN", 2))
    assert set(states) == {"refresher_due"}
    assert issued() == kinds(("HT", 1), ("HT", 3), ("TN", 2))


def test_there_and_back_without_a_change_leaves_both_as_they_are(official, course, lessons, countries, at):
    _shown, slot = law_of(lessons)
    finish(official, course, at + 10 * DAY)
    user = move(official, countries["TN"])
    change_law(countries["TN"], slot, at + 15 * DAY)
    refresh(user, course, at + 20 * DAY, lessons=None)

    refresh(move(user, countries["HT"]), course, at + 30 * DAY, lessons=None)

    assert issued() == both(("HT", 1), ("TN", 2))


@pytest.mark.parametrize("is_moved", [True, False])
@pytest.mark.parametrize("passed", [True, False], ids=["passed", "completion alone"])
def test_one_that_waited_for_a_name_is_of_the_country_where_she_finished(
    official, course, lessons, countries, late, at, is_moved, passed
):
    official.name = " "
    official.save()
    finish(official, course, at + 10 * DAY, passed=False)
    enrolment = finish(official, course, at + 11 * DAY, lessons=0, passed=passed)
    user = move(official, countries["TN"])
    if is_moved:
        actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="fr", at=at + 12 * DAY)

    named(user, enrolment, at + 20 * DAY)

    assert issued() == (both(("HT", 2)) if passed else [("completion", "HT", 2)])


def test_it_is_so_as_well_where_that_country_asked_more_by_then_than_she_had_done(
    official, course, lessons, countries, at
):
    shown, slot = law_of(lessons)
    official.name = " "
    official.save()
    read_all(official, course, shown, "HT", at + DAY)
    change_law(countries["HT"], slot, at + 2 * DAY)
    others = [one for one in lessons if one not in shown]
    read_all(official, course, others, "HT", at + 10 * DAY)
    user, enrolment = move(official, countries["TN"]), Enrolment.objects.get()
    actions.move_to_newest(enrolment=enrolment, language="fr", at=at + 12 * DAY)

    named(user, enrolment, at + 20 * DAY)

    assert issued() == [("completion", "HT", 1)]


def test_one_that_is_earned_again_by_work_of_before_the_move_is_of_the_country_of_then(
    official, course, lessons, countries, late, manager, at
):
    key = str(lessons[0].translation_key)
    enrolment = finish(official, course, at + 9 * DAY, without=[key])
    waiver = {"enrolment": enrolment, "activity": key, "by": manager, "reason": "practice", "at": at + 10 * DAY}
    actions.waive_activity(**waiver)
    assert issued() == both(("HT", 2))
    user = move(official, countries["TN"])
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    actions.move_to_newest(enrolment=enrolment, language="fr", at=at + 12 * DAY)
    actions.take_back_waiver(**waiver | {"enrolment": enrolment, "reason": "mistake", "at": at + 13 * DAY})

    read(user, course, lessons[0], "HT", at + 11 * DAY)

    assert issued() == sorted(both(("HT", 2)) * 2)


def test_the_edition_of_another_country_brings_none_of_hers(official, course, lessons, countries, at):
    shown, slot = law_of(lessons)
    finish(official, course, at + 10 * DAY)
    user = move(official, countries["TN"])
    change_law(countries["TN"], slot, at + 15 * DAY)
    say_better(lessons[0], at + 16 * DAY)

    read_all(user, course, shown, "HT", at + 20 * DAY)

    assert issued() == both(("HT", 1))


def test_who_did_half_of_it_in_each_country_has_that_of_where_she_finished(
    official, course, lessons, countries, late, at
):
    read_all(official, course, lessons[:2], "HT", at + 10 * DAY)
    user = move(official, countries["TN"])
    read_all(user, course, lessons[2:], "TN", at + 19 * DAY)

    finish(user, course, at + 20 * DAY, lessons=0)

    assert issued() == both(("TN", 4))


def test_who_lacks_what_the_new_country_asks_by_then_has_that_of_the_one_she_followed(
    official, course, lessons, countries, at
):
    shown, slot = law_of(lessons)
    read_all(official, course, shown, "HT", at + 10 * DAY)
    user = move(official, countries["TN"])
    change_law(countries["TN"], slot, at + 15 * DAY)
    read_all(user, course, [one for one in lessons if one not in shown], "TN", at + 19 * DAY)

    finish(user, course, at + 20 * DAY, lessons=0)
    first = issued()
    read_all(user, course, shown, "TN", at + 25 * DAY)

    assert first == both(("HT", 1))
    assert issued() == both(("HT", 1), ("TN", 2))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(["finished", "refreshed", "once more"]),
    homes=st.lists(st.sampled_from(["HT", "TN"]), min_size=3),
)
def test_the_order_in_which_work_arrives_and_where_her_account_is_by_then_change_nothing(
    official, course, lessons, countries, at, order, homes
):
    shown, slot = law_of(lessons)
    arrives = at + 40 * DAY
    with transaction.atomic():
        change_law(countries["TN"], slot, at + 15 * DAY)
        for step, home in zip(order, homes, strict=False):
            user = move(official, countries[home])
            if step == "finished":
                read_all(user, course, lessons, "HT", at + 10 * DAY, number=1, arrives=arrives)
            elif step == "refreshed":
                read_all(user, course, shown, "TN", at + 20 * DAY, arrives=arrives)
            else:
                read(user, course, lessons[0], "HT", at + 12 * DAY, number=1, arrives=arrives)
        found = issued()
        transaction.set_rollback(True)

    assert found == [("completion", "HT", 1), ("completion", "TN", 2)]
