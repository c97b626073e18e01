"""The pages of a session: planned, moved, ticked; the list to print."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from tests.training.answers import token_of
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.group_pages import clock, of_session, trains, words
from tests.training.sheets import pages_of
from training import actions, printing
from training.choices import Road
from training.drawing import faces
from training.forms import sign_own
from training.models import Event
from training.views import held

__all__ = ["clock", "cohort", "member", "session", "trainer", "trains"]


def test_a_session_is_planned_by_the_clock_of_the_country(trains, cohort):
    address = reverse("training:new_session", args=[cohort.public_id])

    trains.post(address, {"day": "2026-11-27", "time": "09:00", "minutes": "90", "place": "Room 3"})

    row = cohort.sessions.get()
    assert (row.starts_at, row.minutes) == (dt.datetime(2026, 11, 27, 14, 0, tzinfo=dt.UTC), 90)
    assert len(row.code) == 6
    wrong = trains.post(address, {"day": "2026-11-27", "time": "nine", "minutes": "9"})
    assert wrong.status_code == 422
    assert "Enter a time such as 09:30." in words(wrong)


def test_a_session_is_moved_and_taken_out(trains, cohort, session):
    trains.post(of_session(session, "change_session"), {"day": "2026-11-26", "time": "08:30", "minutes": "60"})
    session.refresh_from_db()
    assert (session.starts_at, session.minutes) == (dt.datetime(2026, 11, 26, 13, 30, tzinfo=dt.UTC), 60)

    trains.post(of_session(session, "drop_session"))

    assert not cohort.sessions.exists()


def test_the_trainer_ticks_by_name_or_from_paper_and_takes_a_tick_back(trains, cohort, session, member):
    first = trains.get(of_session(session))
    assert session.code[:3] in words(first)

    ticked = trains.post(
        of_session(session), {"members": [member.public_id], "how": "paper", "minutes": "90"}, follow=True
    )
    assert "1 person is down as present" in words(ticked)
    assert "90 minutes" in words(ticked)
    back = trains.post(
        of_session(session, "take_back"), {"member": member.public_id, "reason": "wrong_person"}, follow=True
    )

    assert "The tick is taken back" in words(back)
    assert "Nobody is down as present yet" in words(back)
    assert [event.verb for event in Event.objects.order_by("verb")] == ["attended", "voided"]
    assert trains.post(of_session(session, "take_back"), {"member": "x", "reason": "y"}).status_code == 404


def test_odd_ticks_are_told(trains, session, member):
    none = trains.post(of_session(session), {"how": "trainer"})
    stranger = trains.post(
        of_session(session), {"how": "trainer", "members": ["00000000-0000-4000-8000-000000000000"]}
    )
    odd = trains.post(of_session(session), {"how": "phone", "members": [member.public_id], "minutes": "0"})

    long = trains.post(of_session(session), {"how": "paper", "members": [member.public_id], "minutes": "9999"})

    assert long.status_code == 422
    assert "This must be 600 or less" in words(long)
    assert 'id="id_minutes_error"' in long.content.decode()
    assert "novalidate" in none.content.decode()  # else the browser holds the form back, and no text says why
    assert {none.status_code, stranger.status_code, odd.status_code} == {422}
    assert "Tick at least one name" in words(none)
    assert "no longer in this group" in words(stranger)
    assert not Event.objects.exists()


def test_ticks_sent_when_her_session_is_over_wait_for_the_trainer_alone(
    trains, sign_in, trainer, person, cohort, session, member
):
    token = token_of(trains.get(of_session(session)).content.decode(), 'name="token"')
    ticks = {"token": token, "members": [member.public_id], "how": "trainer"}
    for other in (person("trainer", country=cohort.country), None):
        del trains.cookies["sessionid"]
        sent = trains.post(of_session(session), ticks, follow=True)
        sign_in(other or trainer)
        back = trains.get(of_session(session), follow=True)
        if other:
            assert not Event.objects.exists()

    assert "What you sent is kept for one hour" in words(sent)
    assert "1 person is down as present" in words(back)
    assert str(held.SENT_NOW) in words(back)
    assert Event.objects.get().verb == "attended"
    assert str(held.SENT_NOW) not in words(trains.get(of_session(session)))


@pytest.fixture
def two_waiting(trains, cohort, session, member, person, trainer, at):
    """Two people of the group, and what sends ticks of one when the trainer's session is over."""
    user = person("learner", country=cohort.country)
    actions.add_members(cohort=cohort, users=[user], road=Road.FILE, by=trainer, at=at)
    token = token_of(trains.get(of_session(session)).content.decode(), 'name="token"')
    del trains.cookies["sessionid"]

    def send(who, how, **more):
        return trains.post(of_session(session), {"token": token, "members": [who], "how": how} | more)

    return cohort.members.get(enrolment__learner__user=user), send


def test_of_ticks_that_wait_each_is_taken_in_its_turn(trains, sign_in, trainer, session, member, two_waiting):
    other, send = two_waiting
    send(member.public_id, "paper", minutes="45")
    send(other.public_id, "trainer")

    sign_in(trainer)
    back = trains.get(of_session(session), follow=True)

    assert words(back).count("1 person is down as present") == 2
    assert "2 of 2" in words(back)
    told = [json.loads(one.payload) for one in Event.objects.order_by("received_at", "enrolment")]
    assert {(one["how"], one["minutes"]) for one in told} == {("paper", 45), ("trainer", 120)}


def test_what_is_odd_of_ticks_that_wait_is_told_and_stands_in_the_form(
    trains, sign_in, trainer, session, member, two_waiting
):
    other, send = two_waiting
    send(member.public_id, "paper", minutes="9999")
    send(other.public_id, "trainer")
    send("00000000-0000-4000-8000-000000000000", "trainer")

    sign_in(trainer)
    back = trains.get(of_session(session))

    assert back.status_code == 422
    assert "1 person is down as present" in words(back)
    assert "This must be 600 or less" in words(back)
    assert "no longer in this group" in words(back)
    assert f'value="{member.public_id}" id="m-{member.number}" checked' in back.content.decode()
    assert Event.objects.get().enrolment == other.enrolment


def test_ticks_with_a_token_of_another_session_do_not_wait(trains, session, member):
    del trains.cookies["sessionid"]

    sent = trains.post(of_session(session), {"token": sign_own(member.public_id, "x"), "how": "trainer"}, follow=True)

    assert "What you sent is kept" not in words(sent)


def test_attendance_before_the_session_is_refused(trains, cohort, member, trainer, at):
    ahead = actions.plan_session(
        cohort=cohort, starts_at=at + dt.timedelta(days=1), minutes=60, place="", by=trainer, at=at
    )

    answer = trains.post(of_session(ahead), {"members": [member.public_id], "how": "trainer"}, follow=True)

    assert "has not begun yet" in words(answer)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Aline"]), ("ar", ["أمينة", "Aline Ltd (2)"]), ("bn", ["মরিয়ম"])]
)
def test_the_list_is_drawn_in_each_script(session, cohort, language, names):
    found = printing.attendance_sheet(
        session, list(enumerate(names, 1)), heading="Course", language=language, on=dt.date(2026, 11, 25)
    )

    assert found.startswith(b"%PDF")
    assert pages_of(found) == 1


def test_a_long_list_goes_on_over_the_page(session):
    names = [(number, f"Official {number}") for number in range(1, 61)]

    found = printing.attendance_sheet(session, names, heading="Course", language="fr", on=dt.date(2026, 11, 25))

    assert pages_of(found) == 3


def test_the_list_comes_as_a_file_or_says_what_is_missing(trains, session, member, monkeypatch, tmp_path):
    response = trains.get(of_session(session, "attendance_sheet"))
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="attendance-2026-11-25.pdf"' in response["Content-Disposition"]

    member.enrolment.learner.user.name = "أمينة"
    member.enrolment.learner.user.save()
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()

    assert trains.get(of_session(session, "attendance_sheet")).status_code == 503
    faces.faces_here.cache_clear()


def test_a_code_counts_for_the_whole_session_until_the_trainer_notes_the_minutes(
    trains, session, member, official, at
):
    actions.attend_by_code(user=official, session=session.public_id, code=session.code, at=at)
    page = words(trains.get(of_session(session)))

    trains.post(of_session(session, "take_back"), {"member": member.public_id, "reason": "wrong_minutes"})
    late = words(
        trains.post(
            of_session(session), {"members": [member.public_id], "how": "trainer", "minutes": "30"}, follow=True
        )
    )

    assert "Whoever types it is down for the whole session." in page
    assert f"{official} {session.minutes} minutes" in page
    assert f"{official} 30 minutes" in late
