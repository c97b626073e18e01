"""A file of the marks that wait on a trainer's phone, handed in by her: judged as those that the phone sends, once."""

import datetime as dt
import json
import uuid
from collections import Counter

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from training import actions
from training.actions.arriving import arrival_of
from training.models import Event

__all__ = ["cohort", "member", "session", "trainer"]


@pytest.fixture(autouse=True)
def after(session):
    """The session is over by an hour."""
    with time_machine.travel(session.ends_at + dt.timedelta(hours=1), tick=False):
        yield session.ends_at + dt.timedelta(hours=1)


@pytest.fixture
def file(session, member, trainer):
    """What the phone of the trainer took out: that one member was there for forty minutes."""
    payload = {
        "cohort": str(member.cohort.public_id), "session": session.key, "member": str(member.public_id),
        "minutes": 40, "reason": "", "told": 0, "offset": 0, "since": session.starts_at.isoformat(),
    }  # fmt: skip
    mark = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "attended", "activity": "", "version": "", "language": "fr",
        "occurred_at": session.ends_at.isoformat(), "payload": payload,
    }  # fmt: skip
    who = str(actions.learner_of(trainer).public_id)
    return {"schema": "marks/1", "who": who, "device": str(uuid.uuid4()), "offset_ms": 0, "events": [mark]}


@pytest.fixture
def hand_in(client, cohort):
    """Hand a file in on the page of the group; return the answer."""

    def act(told):
        body = SimpleUploadedFile("marks.json", json.dumps(told).encode())
        return client.post(f"/en/groups/{cohort.public_id}/marks/", {"file": body})

    return act


def cells(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return [" ".join(cell.get_text(" ", strip=True).split()) for cell in page.select("tbody tr > *")]


def test_her_marks_count_as_if_the_phone_had_sent_them_and_each_is_told(
    client, sign_in, trainer, cohort, session, member, file, hand_in
):
    sign_in(trainer)
    file["events"].append(file["events"][0] | {"id": str(uuid.uuid4()), "seq": 2, "verb": "reached"})

    answer = hand_in(file)

    name = f"{member.number} · {member.enrolment.learner.user}"
    assert [one[:12] for one in cells(answer)[::4]] == [name[:12]] * 2
    assert [(cells(answer)[place + 2], cells(answer)[place + 3]) for place in (0, 4)] == [
        ("Minutes: 40", "Counted"), ("Minutes: 40", "Not counted This kind of record is not known."),
    ]  # fmt: skip
    assert "1 of 2 marks are with the server." in answer.content.decode()
    assert minutes_of(member) == {session.key: 40}
    assert Event.objects.get(verb="attended").by == str(trainer.public_id)
    assert AuditEntry.objects.filter(verb="training.names_read").exists()


@pytest.mark.parametrize("minutes", [{"a": "<b>x"}, True, [40], "\u202e40", -1, 601])
def test_what_is_no_length_of_a_stay_is_not_shown_and_the_mark_is_no_answer_to_a_question(
    sign_in, trainer, file, hand_in, minutes
):
    sign_in(trainer)
    file["events"][0]["payload"]["minutes"] = minutes

    answer = hand_in(file)

    assert cells(answer)[2:] == ["–", "Not counted The record cannot be read."]


def test_a_mark_without_a_length_or_with_ids_in_capitals_is_shown_as_it_is_judged(
    sign_in, trainer, member, session, file, hand_in
):
    sign_in(trainer)
    payload = file["events"][0]["payload"]
    without = {name: value for name, value in payload.items() if name != "minutes"}
    ids = {name: payload[name].upper() for name in ("cohort", "member", "session")}
    first = file["events"][0]
    file["events"] = [
        first | {"id": str(uuid.uuid4()), "payload": without},
        first | {"payload": payload | ids},
    ]

    shown = cells(hand_in(file))

    assert shown[2:4] == ["–", "Not counted The record cannot be read."]
    assert (shown[:2], shown[6:]) == (shown[4:6], ["Minutes: 40", "Counted"])
    assert "–" not in shown[:2]
    assert minutes_of(member) == {session.key: 40}


def test_handed_in_twice_and_sent_by_the_phone_too_it_counts_once(client, sign_in, trainer, file, hand_in, after):
    sign_in(trainer)
    hand_in(file)

    again = hand_in(file)
    envelope = {
        "schema": "attendance/1", "who": file["who"], "device": file["device"], "sent_at": after.isoformat(),
        "events": file["events"],
    }  # fmt: skip
    sent = client.post("/api/attendance/", json.dumps(envelope), content_type="application/json").json()

    assert cells(again)[3] == "Here before, counted once"
    assert [one["status"] for one in sent["results"]] == ["duplicate"]
    assert Event.objects.filter(verb="attended").count() == 1


def test_what_somebody_noted_meanwhile_is_not_overtaken(
    sign_in, person, countries, trainer, session, member, file, hand_in, after
):
    colleague = person("trainer", country=countries["HT"], name="Colleague, Haiti")
    actions.change_cohort(cohort=member.cohort, trainers=[trainer, colleague], by=trainer, at=after)
    other = file["events"][0]
    other = other | {"id": str(uuid.uuid4()), "payload": other["payload"] | {"minutes": 20}}
    actions.take_marks(arrivals=[arrival_of(other, uuid.uuid4())], by=colleague, at=after)
    sign_in(trainer)

    answer = hand_in(file)

    assert cells(answer)[3].startswith("Not counted")
    assert "Note them on the page of the session" in answer.content.decode()
    assert minutes_of(member) == {session.key: 20}


def test_of_one_person_and_session_a_file_holds_a_few_whatever_lies_between(
    sign_in, trainer, session, member, file, hand_in
):
    """The parts in which a file is judged are of fifty: the count goes through all of it."""
    first = file["events"][0]
    file["events"] = [
        first | {"id": str(uuid.uuid4()), "payload": first["payload"] | {"told": told}} for told in range(102)
    ]
    sign_in(trainer)

    with CaptureQueriesContext(connection) as asked:
        answer = hand_in(file)

    became = Counter(cells(answer)[3::4])
    refused = "Not counted Too many marks of one person at one session came at once."
    assert became == {"Counted": 1, "Here before, counted once": 3, refused: 98}
    assert len(asked) < 120
    assert minutes_of(member) == {session.key: 40}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"who": str(uuid.uuid4())}, "Somebody else made these marks."),
        ({"schema": "kept/1"}, "This file holds answers of a learner. Send it from the page “Learners”."),
        ({"schema": ["kept/1"]}, "This is no file of marks."),
        ({"schema": "marks/9"}, "This is no file of marks."),
        ({"events": []}, "A file holds 1 to 2,000 records."),
    ],
)
def test_a_file_that_is_none_of_hers_is_refused_in_words_and_writes_nothing(
    sign_in, trainer, file, hand_in, change, said
):
    sign_in(trainer)

    answer = hand_in(file | change)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Event.objects.filter(verb="attended").exists()


def test_what_no_phone_wrote_is_answered_with_the_button_that_writes_marks(sign_in, trainer, file, hand_in):
    sign_in(trainer)

    answer = hand_in("x" + chr(0))

    assert answer.status_code == 422
    assert "“Take the marks out as a file”" in answer.content.decode()
    assert "“Take them out as a file”" not in answer.content.decode()


def test_whoever_does_not_run_the_group_sees_no_such_page(client, sign_in, person, countries, file, hand_in):
    sign_in(person("trainer", country=countries["HT"]))

    assert hand_in(file).status_code == 404
    assert not Event.objects.filter(verb="attended").exists()


def test_the_page_of_the_group_leads_there(client, sign_in, trainer, cohort):
    page = sign_in(trainer).get(f"/en/groups/{cohort.public_id}/").content.decode()

    assert f'href="/en/groups/{cohort.public_id}/marks/"' in page
