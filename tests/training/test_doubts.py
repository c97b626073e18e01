"""Refused records and times in doubt: flagged, looked at by a person, and what of a deadline rests on them."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, session, trainer
from training import actions, demo, progress, queries
from training.actions.events import EARLY, MOVED, OLDEST
from training.choices import How, Road, Source
from training.models import Cohort, Enrolment, Event, Look, Progress, RefusedEvent
from training.queries.deadlines import deadlines_in_doubt
from training.queries.doubts import is_doubtful, sendings_visible_to

__all__ = ["cohort", "member", "session", "trainer"]
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
PAGE = "/en/reports/doubts/"
WAITS, MISSED = "In time only by a clock in doubt", "Finished after the deadline"


@pytest.fixture
def device():
    """The id of a phone's store."""
    return uuid.uuid4()


@pytest.fixture
def send(member, device):
    """A function by which the member's phone sends ends of lessons: what its clock told, when it came, how far it was off."""
    numbers = iter(range(1, 10_000))
    body = progress.version_of(str(member.enrolment.version.public_id), member.enrolment.version.body)

    def go(*places, told, came, offset=dt.timedelta(), source=Source.WEB, phone=device, screen="end"):
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=body.lessons[place].id, version=body.id, language="fr",
                occurred_at=told, payload={"screen": screen}, device=phone, seq=next(numbers) if phone else None,
            )
            for place in places
        ]  # fmt: skip
        offset_ms = offset // dt.timedelta(milliseconds=1)
        learner = member.enrolment.learner
        actions.record_events(learner=learner, arrivals=arrivals, source=source, at=came, offset_ms=offset_ms)

    return go


@pytest.fixture
def due(cohort, at):
    """The group's deadline: the end of the day after the course was begun; return that instant."""
    Cohort.objects.filter(pk=cohort.pk).update(due_on=at.date() + DAY)
    cohort.refresh_from_db()
    return queries.due_at(cohort)


@pytest.fixture
def late(member, send, due, at):
    """The member finishes by what came two hours after the deadline, from a clock that tells two days before it began."""
    came = due + 2 * MINUTE * 60
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = demo._test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=came)
    assert Progress.objects.get(enrolment=enrolment).completed_at < due
    return came


def flags():
    return [event.flags for event in Event.objects.filter(verb="reached").order_by("received_at", "device_seq")]


def rows(client, address=PAGE):
    found = BeautifulSoup(client.get(address).content, "html.parser").select_one("table")
    return found.select("tbody tr") if found else []


def press(client, row, verdict):
    form = row.select_one("form")
    fields = {
        one["name"]: one["value"] for one in form.select("input[type=hidden]") if one["name"] != "csrfmiddlewaretoken"
    }
    return client.post(form["action"], fields | {"verdict": verdict})


def group_page(client, cohort):
    return client.get(f"/en/groups/{cohort.public_id}/").content.decode()


@pytest.mark.parametrize("much", [-MOVED, MOVED])
def test_a_clock_that_moved_by_more_than_ten_minutes_between_two_sendings_is_flagged(send, at, much):
    beyond = much + (MINUTE if much > dt.timedelta() else -MINUTE)
    send(0, told=at, came=at + MINUTE)
    send(1, told=at - much, came=at + 2 * MINUTE, offset=much)
    send(2, told=at - much - beyond, came=at + 3 * MINUTE, offset=much + beyond)
    send(3, told=at - much - beyond, came=at + 4 * MINUTE, offset=much + beyond)

    assert flags() == ["", "", "clock_moved", ""]


@pytest.mark.parametrize(("source", "phone"), [(Source.FORM, True), (Source.WEB, False), (Source.KEPT, True)])
def test_only_the_clock_of_the_same_phone_can_move(send, at, source, phone):
    send(0, told=at, came=at + MINUTE)
    send(1, told=at - DAY, came=at + 2 * MINUTE, offset=DAY, source=source, phone=uuid.uuid4())
    send(2, told=at - DAY, came=at + 3 * MINUTE, offset=DAY, source=source, **({} if phone else {"phone": None}))

    assert flags() == ["", "", "clock_moved" if source == Source.KEPT else ""]


def test_what_no_clock_can_be_right_about_says_nothing_of_the_next_sending(send, at):
    send(0, told=at.replace(year=1970), came=at + MINUTE)
    send(1, told=at, came=at + 2 * MINUTE)

    assert flags() == ["clock_early clock_old", ""]


def test_a_time_long_ago_is_flagged_though_the_course_was_begun_before_it(send, member, at):
    Enrolment.objects.filter(pk=member.enrolment_id).update(started_at=at - OLDEST - 9 * DAY)
    send(0, told=at - OLDEST, came=at)
    send(1, told=at - OLDEST - MINUTE, came=at)

    assert flags() == ["", "clock_old"]


def test_a_time_a_day_before_the_beginning_is_not_flagged_and_one_before_that_is(send, member, at):
    begun = Enrolment.objects.get(pk=member.enrolment_id).started_at
    send(0, told=begun - EARLY, came=at)
    send(1, told=begun - EARLY - dt.timedelta(seconds=1), came=at)

    assert flags() == ["", "clock_early"]


def test_five_minutes_ahead_is_not_flagged_and_more_is(send, at):
    send(0, told=at + 5 * MINUTE, came=at)
    send(1, told=at + 5 * MINUTE + dt.timedelta(seconds=1), came=at)

    assert flags() == ["", "clock_ahead"]


@pytest.mark.parametrize("how", [How.TRAINER, How.PAPER])
def test_what_no_clock_of_a_phone_told_is_never_in_doubt(sign_in, trainer, session, member, at, how):
    """A list of the week before somebody began is ticked from paper: no phone of hers said so."""
    Enrolment.objects.filter(pk=member.enrolment_id).update(started_at=at + 9 * DAY)

    actions.mark_attendance(session=session, members=[member], how=how, by=trainer, at=at)

    assert Event.objects.get(verb="attended").flags == ""


def test_what_was_flagged_before_though_no_phone_told_it_waits_for_nobody(trainer, member, send, at, monkeypatch):
    send(0, told=at - 9 * DAY, came=at, source=Source.FORM)
    monkeypatch.setattr("training.actions.events.PHONES", frozenset(Source))
    send(1, told=at - 9 * DAY, came=at + DAY, source=Source.FORM, phone=None)

    assert flags() == ["", "clock_early"]
    assert list(sendings_visible_to(trainer, at=at + DAY)) == []
    assert is_doubtful(member.enrolment.learner, at + DAY) == (False, False)


def test_who_judges_a_time_reads_what_the_phone_told_and_what_it_counts_as(sign_in, trainer, send, at):
    send(0, told=at, came=at)
    send(1, told=at + 3 * DAY, came=at, offset=-3 * DAY)

    (row,) = rows(sign_in(trainer))

    told, counted = (find(row, words) for words in ("Told by the clock of the phone", "It counts as"))
    assert (told, counted) == (shown_at(at + 3 * DAY), shown_at(at))


def find(row, words):
    """Return what a row says after some words."""
    return next(one for one in row.select("li") if one.get_text().startswith(words)).select_one("bdi").get_text()


def shown_at(moment):
    """Return an instant as somebody in Haiti reads it."""
    there = moment.astimezone(ZoneInfo("America/Port-au-Prince"))
    return f"{there.day} {there:%b %Y %H:%M}"


def test_who_trains_is_led_to_them_from_her_groups_with_their_number(sign_in, trainer, manager, cohort, send, at):
    client, lists = sign_in(trainer), ("/en/groups/", f"/en/groups/{cohort.public_id}/")

    def told():
        pages = [BeautifulSoup(client.get(one).content, "html.parser") for one in lists]
        return [page.select_one(f'a[href="{PAGE}"]').get_text() for page in pages]

    assert told() == ["Refused and doubtful records"] * 2
    send(0, told=at - 9 * DAY, came=at)
    send(1, told=at - 9 * DAY, came=at + DAY)
    assert told() == ["Refused and doubtful records · to be looked at: 2"] * 2


def test_a_deadline_that_only_a_doubted_time_meets_waits_for_a_person(sign_in, trainer, cohort, late):
    page = group_page(sign_in(trainer), cohort)

    assert WAITS in page
    assert f'href="{PAGE}"' in page


@pytest.mark.parametrize(("verdict", "waits", "missed"), [("right", False, False), ("wrong", False, True)])
def test_the_word_of_a_person_settles_it_with_her_name(sign_in, trainer, cohort, late, verdict, waits, missed):
    client = sign_in(trainer)
    (row,) = rows(client)
    assert cohort.name in row.get_text()
    assert "It tells a time before the course was begun." in row.get_text()

    press(client, row, verdict)

    page = group_page(client, cohort)
    assert (WAITS in page, MISSED in page) == (waits, missed)
    assert rows(client) == []
    (looked,) = rows(client, f"{PAGE}?looked=1")
    assert trainer.name in looked.get_text()
    entry = AuditEntry.objects.get(verb="training.doubt_looked_at")
    assert (Look.objects.get().by, entry.country) == (trainer, "HT")


def test_what_came_before_the_deadline_was_over_meets_it_whatever_its_clock_told(
    sign_in, trainer, cohort, member, send, due, at
):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = demo._test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=due - dt.timedelta(seconds=1))

    page = group_page(sign_in(trainer), cohort)

    assert (WAITS in page, MISSED in page) == (False, False)


def test_what_came_as_the_deadline_was_over_meets_it_only_by_its_clock(
    sign_in, trainer, cohort, member, send, due, at
):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = demo._test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=due)

    assert WAITS in group_page(sign_in(trainer), cohort)


def test_a_deadline_that_sound_records_meet_too_does_not_wait(sign_in, trainer, cohort, member, send, due, at):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = demo._test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at, came=at + MINUTE)
    send(0, told=at - 2 * DAY, came=due + MINUTE)

    assert WAITS not in group_page(sign_in(trainer), cohort)


def test_the_group_of_a_course_nobody_doubts_costs_one_query_more(cohort, member, late, at, django_assert_num_queries):
    members = list(cohort.members.select_related("cohort__country", "enrolment__progress"))
    with django_assert_num_queries(4):
        assert list(deadlines_in_doubt(members).values()) == ["waits"]
    Look.objects.create(
        learner=member.enrolment.learner, received_at=late, verdict="right", by=member.enrolment.learner.user, at=late
    )
    Event.objects.exclude(flags="").update(flags="")
    with django_assert_num_queries(1):
        assert deadlines_in_doubt(members) == {}
    with django_assert_num_queries(0):
        assert deadlines_in_doubt([]) == {}


def test_who_looks_after_a_learner_sees_what_was_refused_and_what_she_was_told(
    client, sign_in, manager, trainer, person, countries, member, send
):
    now = timezone.now()
    send(0, 0, told=now, came=now, screen="nowhere")
    found = {}
    for name, user in (
        ("manager", manager),
        ("trainer", trainer),
        ("trainer of another group", person("trainer", country=countries["HT"])),
        ("manager elsewhere", person("manager", country=countries["TN"])),
    ):
        client.logout()
        found[name] = [row.get_text(" ", strip=True) for row in rows(sign_in(user))]

    assert {name: len(some) for name, some in found.items()} == {
        "manager": 1, "trainer": 1, "trainer of another group": 0, "manager elsewhere": 0,
    }  # fmt: skip
    assert member.enrolment.learner.user.name in found["manager"][0]
    assert "2 × Screen read" in found["manager"][0]
    assert "The answer does not fit its question." in found["manager"][0]
    assert "nowhere" not in found["manager"][0]


def test_a_person_says_of_what_was_refused_only_that_she_has_looked(sign_in, manager, member, send):
    now = timezone.now()
    send(0, told=now, came=now, screen="nowhere")
    client = sign_in(manager)
    (row,) = rows(client)

    assert press(client, row, "right").status_code == 404
    assert press(client, row, "seen").status_code == 302
    assert press(client, row, "seen").status_code == 302

    assert rows(client) == []
    assert Look.objects.get().verdict == "seen"
    assert AuditEntry.objects.filter(verb="training.doubt_looked_at").count() == 1


def test_of_a_time_in_doubt_nobody_says_only_that_she_has_looked_nor_of_what_is_sound(sign_in, trainer, late, member):
    client = sign_in(trainer)
    (row,) = rows(client)

    assert press(client, row, "seen").status_code == 404
    row.select_one("[name=received_at]")["value"] = (late + MINUTE).isoformat()
    assert press(client, row, "right").status_code == 404
    assert not Look.objects.exists()


def test_nobody_takes_back_unseen_what_another_person_said(sign_in, trainer, manager, late):
    client = sign_in(trainer)
    (before,) = rows(client)
    press(sign_in(manager), before, "wrong")

    page = sign_in(trainer).post(before.select_one("form")["action"], {
        "received_at": before.select_one("[name=received_at]")["value"], "before": "", "verdict": "right",
    }, follow=True).content.decode()  # fmt: skip

    assert "Somebody noted something else meanwhile." in page
    assert Look.objects.get().verdict == "wrong"

    (after,) = rows(client, f"{PAGE}?looked=1")
    press(client, after, "right")
    assert (Look.objects.get().verdict, Look.objects.get().by) == ("right", trainer)


@pytest.mark.parametrize("role", ["manager", "trainer"])
def test_nobody_looks_after_herself(sign_in, official, trainer, countries, cohort, late, role):
    official.roles = f",learner,{role},"
    official.save()
    cohort.trainers.add(official)
    client = sign_in(official)

    assert rows(client) == []
    address = f"{PAGE}{Enrolment.objects.get(learner__user=official).learner.public_id}/"
    assert client.post(address, {"received_at": late.isoformat(), "verdict": "right"}).status_code == 404


def test_a_person_of_another_country_says_nothing(sign_in, person, countries, member, late):
    client = sign_in(person("manager", country=countries["TN"]))

    answer = client.post(
        f"{PAGE}{member.enrolment.learner.public_id}/", {"received_at": late.isoformat(), "verdict": "right"}
    )

    assert answer.status_code == 404
    assert not Look.objects.exists()


def test_a_refused_record_is_told_for_ninety_days_and_a_doubted_time_until_somebody_looks(
    manager, member, send, late, at
):
    send(0, told=at, came=at, screen="nowhere")

    def told(day, looked=False):
        return [came for _key, came in sendings_visible_to(manager, at=day, looked=looked)]

    assert told(at + 90 * DAY) == [late, at]
    assert told(at + 90 * DAY + MINUTE) == [late]
    assert told(at + 900 * DAY) == [late]
    Look.objects.create(learner=member.enrolment.learner, received_at=late, verdict="right", by=manager, at=late)
    assert (told(at + 900 * DAY), told(late + 90 * DAY, looked=True)) == ([], [late])
    assert told(late + 90 * DAY + MINUTE, looked=True) == []


def test_what_came_by_a_code_that_was_taken_into_an_account_is_told_too(manager, member, send, late):
    learner = member.enrolment.learner
    user, rows = learner.user, type(learner).objects
    rows.filter(pk=learner.pk).update(user=None, code_hmac="x")
    rows.filter(pk=learner.pk).update(merged_into=actions.learner_of(user))

    (sending,) = sendings_visible_to(manager, at=late)

    assert sending == (learner.pk, late)


def test_the_page_costs_the_same_for_one_learner_and_for_three(
    sign_in, manager, trainer, cohort, member, send, late, person, countries, django_assert_max_num_queries
):
    client = sign_in(manager)
    rows(client)
    with django_assert_max_num_queries(22):
        assert len(rows(client)) == 1
    for _n in range(2):
        one = person("learner", country=countries["HT"])
        actions.add_members(cohort=cohort, users=[one], road=Road.FILE, by=trainer, at=late)
        enrolment = Enrolment.objects.get(learner__user=one)
        body = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=body.lessons[0].id, version=body.id, language="fr",
                occurred_at=late.replace(year=2040), payload={"screen": screen}, device=uuid.uuid4(), seq=1,
            )
            for screen in ("end", "nowhere")
        ]  # fmt: skip
        actions.record_events(learner=enrolment.learner, arrivals=arrivals, source=Source.WEB, at=late)
    with django_assert_max_num_queries(22):
        assert len(rows(client)) == 3


@pytest.mark.parametrize("role", ["manager", "trainer"])
def test_the_page_is_reached_from_the_learners_and_from_the_reports(sign_in, person, countries, role):
    client = sign_in(person(role, country=countries["HT"]))

    for page in ("/en/reports/people/", "/en/reports/"):
        assert f'href="{PAGE}"' in client.get(page).content.decode()


def test_the_worker_drops_what_was_refused_and_the_word_said_of_it_stays(manager, member, send, at):
    send(0, told=at, came=at, screen="nowhere")
    Look.objects.create(learner=member.enrolment.learner, received_at=at, verdict="seen", by=manager, at=at)

    actions.drop_refused(at=at + 91 * DAY)

    assert (RefusedEvent.objects.count(), Look.objects.count()) == (0, 1)
    assert list(sendings_visible_to(manager, at=at + 91 * DAY, looked=True)) == []
