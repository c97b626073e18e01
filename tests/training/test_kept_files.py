"""A file of answers from a phone, sent by a trainer: the same facts as if the phone had sent them, once."""

import datetime as dt
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry
from training import actions, progress
from training.models import Event, Progress

URL = "/en/reports/from-a-phone/"
API = "/api/progress/"


@pytest.fixture
def trainer(person, countries):
    """A trainer in Haiti."""
    return person("trainer", country=countries["HT"])


@pytest.fixture
def file(enrolment, at):
    """What the phone of the official took out: two lessons finished."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    events = [
        {
            "id": str(uuid.uuid4()), "seq": seq, "verb": "reached", "activity": lesson.id, "version": version.id,
            "language": "fr", "occurred_at": (at - dt.timedelta(hours=3 - seq)).isoformat(), "payload": {"screen": "end"},
        }
        for seq, lesson in enumerate(version.lessons[:2], 1)
    ]  # fmt: skip
    who = str(enrolment.learner.public_id)
    return {"schema": "kept/1", "who": who, "device": str(uuid.uuid4()), "offset_ms": 0, "events": events}


def post(client, told):
    """Send a file by the form."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.post(URL, {"file": SimpleUploadedFile("answers.json", body)})


def test_a_trainer_sends_it_and_it_counts_as_hers(client, sign_in, trainer, file):
    sign_in(trainer)

    page = post(client, file).content.decode()

    events = Event.objects.all()
    assert {(one.source, one.by) for one in events} == {("kept", str(trainer.public_id))}
    assert Progress.objects.get().done == 2
    assert "2 of 2 records are with the server." in page
    assert page.count("Counted<") == 2


def test_sent_twice_and_by_the_phone_too_it_counts_once(client, sign_in, trainer, official, file, at):
    sign_in(trainer)
    post(client, file)
    assert post(client, file).content.decode().count("Here before, counted once") == 2
    sign_in(official)
    envelope = {"schema": "progress/1", "who": file["who"], "device": file["device"], "events": file["events"]}

    answer = client.post(API, envelope | {"sent_at": at.isoformat()}, content_type="application/json")

    assert {one["status"] for one in answer.json()["results"]} == {"duplicate"}
    assert Event.objects.count() == 2


def test_one_bad_record_stops_no_other_and_says_why(client, sign_in, trainer, file):
    sign_in(trainer)
    file["events"][0]["activity"] = str(uuid.uuid4())

    page = post(client, file).content.decode()

    assert "1 of 2 records are with the server." in page
    assert "This lesson is not part of that version." in page
    assert Progress.objects.get().done == 1


def test_a_file_holds_nothing_that_only_staff_record(client, sign_in, trainer, file):
    sign_in(trainer)
    file["events"][0] |= {"verb": "waived", "payload": {"reason": "x"}}

    assert "Only staff may record this." in post(client, file).content.decode()


def test_the_clock_of_the_phone_is_corrected_by_what_it_knew(client, sign_in, trainer, file):
    sign_in(trainer)
    file["offset_ms"] = -3_600_000

    post(client, file)

    assert {one.clock_offset_ms for one in Event.objects.all()} == {-3_600_000}


def test_a_file_of_another_country_is_of_nobody(client, sign_in, person, countries, file):
    sign_in(person("trainer", country=countries["TN"]))

    answer = post(client, file)

    assert answer.status_code == 422
    assert "of nobody in your country" in answer.content.decode()
    assert Event.objects.count() == 0


def test_it_is_recorded_who_sent_it_for_whom(client, sign_in, trainer, file):
    sign_in(trainer)

    post(client, file)

    entry = AuditEntry.objects.get(verb="training.kept_sent")
    assert entry.thing == f"training.learner:{file['who']}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: b"\xff\xfe", lambda told: b"[]", lambda told: b'{"schema":"kept/1","schema":"kept/1"}',
        lambda told: told | {"schema": "kept/9"}, lambda told: told | {"more": 1}, lambda told: told | {"who": "x"},
        lambda told: told | {"offset_ms": 1e9}, lambda told: told | {"offset_ms": 10**13},
        lambda told: told | {"events": []}, lambda told: told | {"events": told["events"] * 1001},
        lambda told: json.dumps(told).replace("reached", "rea\\u0000ched").encode(), lambda told: b"[" * 5000,
        lambda told: json.dumps(told).replace("reached", "\\ud800").encode(), lambda told: b" " * (2 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(client, sign_in, trainer, file, spoil):
    sign_in(trainer)

    answer = post(client, spoil(file))

    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_file_of_marks_is_led_to_the_page_of_the_group(client, sign_in, trainer, file):
    sign_in(trainer)

    answer = post(client, file | {"schema": "marks/1"})

    assert answer.status_code == 422
    assert "This file holds marks of attendance. Hand it in on the page of the group." in answer.content.decode()


def test_without_a_file_the_form_says_so(client, sign_in, trainer):
    sign_in(trainer)

    assert client.post(URL).status_code == 422
    assert client.get(URL).status_code == 200


def test_more_than_a_sending_of_the_phone_goes_at_once(client, sign_in, trainer, file, enrolment):
    sign_in(trainer)
    first = file["events"][0]
    file["events"] = [first | {"id": str(uuid.uuid4()), "seq": seq} for seq in range(1, 121)]

    post(client, file)

    assert Event.objects.count() == 120
    assert list(actions.differences()) == []


@pytest.mark.parametrize("years", [-2, 2, 50, 100])
def test_a_phone_whose_clock_is_far_off_is_no_changed_file(client, sign_in, trainer, file, years):
    sign_in(trainer)

    page = post(client, file | {"offset_ms": years * 365 * 24 * 3600 * 1000}).content.decode()

    assert "2 of 2 records are with the server." in page


def test_no_clock_is_off_by_more_than_a_hundred_years(client, sign_in, trainer, file):
    sign_in(trainer)

    page = post(client, file | {"offset_ms": 101 * 365 * 24 * 3600 * 1000}).content.decode()

    assert "This file was changed since the phone wrote it." in page
    assert not Event.objects.exists()


def test_each_record_is_told_by_the_clock_of_the_country(client, sign_in, trainer, file):
    page = post(sign_in(trainer), file).content.decode()

    assert [f"{hour}:00" in page for hour in ("03", "04", "08", "09")] == [True, True, False, False]
