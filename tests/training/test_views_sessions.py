"""The pages of a session: planned, moved, ticked; the list to print."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.training.answers import token_of
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.group_pages import clock, of_session, trains, words
from tests.training.sheets import pages_of
from training import actions, printing
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
