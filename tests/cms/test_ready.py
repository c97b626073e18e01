"""Readiness tries the seal keys, the disk, the clock; in production it tells of backups and anchors that are late."""

import base64
import datetime as dt
import io
import uuid
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import actions
from accounts.models import DataKey
from accounts.tasks import send_letters
from cms import chores, health, worker
from cms.models import Heartbeat
from hotline.models import Contact, Leg, SweepMark, WebhookEvent
from hotline.telephony.providers import SIMULATED_ACCOUNT

GB = 10**9


def key(name, scope="*"):
    return f"{scope}:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}"


def put_disk(monkeypatch, *, free, total):
    """Let the machine have a disk with so much room."""
    usage = SimpleNamespace(free=free, total=total, used=total - free)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage)


@pytest.fixture
def ready(client, settings, append_only_triggers, monkeypatch):
    """An installation where everything works, and a function that asks it."""
    settings.SEAL_KEYS = key("k1")
    put_disk(monkeypatch, free=50 * GB, total=100 * GB)
    for name in health.SILENCE:
        worker.beat(name, timezone.now())

    def ask():
        answer = client.get("/readyz")
        return answer.status_code, answer.json(), [fault.code for fault in health.faults()]

    assert ask() == READY
    return ask


READY = (200, {"status": "ok"}, [])
NOT_READY = (503, {"status": "not ready"}, ["keys"])


@pytest.mark.parametrize("text", ["", "*:k1:abc", key("k1", "LR"), "@/nowhere/keys"])
def test_without_a_key_that_seals_it_is_not_ready(ready, settings, text):
    settings.SEAL_KEYS = text

    assert ready() == NOT_READY
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert out.getvalue().count("calls go to the duty phone: ") == 1


def test_a_key_file_that_goes_away_is_seen_and_its_return_too(ready, settings, tmp_path):
    file = tmp_path / "keys"
    settings.SEAL_KEYS = f"@{file}"
    lost = ready()
    file.write_text(key("k1"))

    assert lost == NOT_READY
    assert ready() == READY


@pytest.mark.parametrize("other", [key("k2"), "*:k1:" + key("k2").split(":")[2]])
def test_a_key_that_opens_nothing_of_what_is_here_is_not_ready(ready, settings, other):
    actions.data_key(uuid.uuid4(), "LR")
    assert ready()[0] == 200

    settings.SEAL_KEYS = other

    assert ready() == NOT_READY
    assert "(LR)" in health.faults()[0].words


@pytest.mark.parametrize("other", [key("k2"), "*:k1:" + key("k2").split(":")[2]])
def test_a_key_that_opens_no_waiting_letter_is_not_ready(ready, settings, other):
    actions.queue_letter(key="l", to="a@example.org", language="en", subject="S", text="T", at=timezone.now())
    assert ready() == READY

    settings.SEAL_KEYS = other

    assert ready() == NOT_READY
    assert "(*)" in health.faults()[0].words


def test_letters_that_wait_for_their_key_are_told_though_newer_ones_open(ready, settings):
    now = timezone.now()
    actions.queue_letter(key="old", to="a@example.org", language="en", subject="S", text="T", at=now)
    settings.SEAL_KEYS = key("k2")
    send_letters(now)
    actions.queue_letter(key="new", to="a@example.org", language="en", subject="S", text="T", at=now)

    assert ready() == (200, {"status": "late"}, [])
    assert "1 letters and 0 texts wait longer than they should" in doctor()


def test_one_damaged_row_beside_whole_ones_is_no_lost_key(ready):
    damaged, whole = uuid.uuid4(), uuid.uuid4()
    for owner in (whole, damaged):
        actions.data_key(owner, "LR")
    DataKey.objects.filter(owner=damaged).update(wrapped=DataKey.objects.get(owner=whole).wrapped)

    assert ready() == READY


def test_the_keys_are_tried_with_two_queries(ready, django_assert_num_queries):
    for _row in range(3):
        actions.data_key(uuid.uuid4(), "LR")

    with django_assert_num_queries(2):
        assert health._keys() == []


@pytest.mark.parametrize(
    ("free", "total", "is_full"),
    [
        (190 * GB, 2000 * GB, False),  # below a tenth, and much room
        (1.9 * GB, 8 * GB, False),  # a small disk with a quarter free
        (2 * GB, 40 * GB, False),
        (1.9 * GB, 40 * GB, True),
        (0, 8 * GB, True),
    ],
)
def test_a_disk_is_full_below_a_tenth_and_two_gigabytes(ready, monkeypatch, free, total, is_full):
    put_disk(monkeypatch, free=free, total=total)

    assert ready() == ((503, {"status": "not ready"}, ["disk"]) if is_full else READY)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own")
@pytest.mark.parametrize(("hours", "word"), [(1, "3600 seconds ahead of"), (-1, "3600 seconds behind")])
def test_a_clock_that_is_not_the_database_servers_is_not_ready(ready, time_machine, hours, word):
    time_machine.move_to(timezone.now() + dt.timedelta(hours=hours), tick=False)
    for name in health.SILENCE:
        worker.beat(name, timezone.now())

    assert ready() == (503, {"status": "not ready"}, ["clock"])
    assert word in health.faults()[0].words


@pytest.fixture
def live(ready, settings, time_machine, monkeypatch):
    """The same in production, and a function that lets days pass; the worker lives, the database's clock goes with it."""
    settings.PROFILE = "production"
    monkeypatch.setattr(health, "CHECKS", tuple(check for check in health.CHECKS if check is not health._clock))
    actions.record(by="test", verb="test.began", at=timezone.now())

    def ask(days=0):
        time_machine.move_to(timezone.now() + dt.timedelta(days=days), tick=False)
        for name in health.SILENCE:
            worker.beat(name, timezone.now())
        return ready()[:2], [fault.code for fault in chores.chores()]

    return ask


FINE, LATE = (200, {"status": "ok"}), (200, {"status": "late"})


def test_production_tells_when_no_anchor_and_no_backup_was_made_for_two_days(live, tmp_path):
    assert live() == (FINE, [])
    assert live(days=1.9) == (FINE, [])
    assert live(days=0.2) == (LATE, ["anchor", "backup"])

    call_command("anchor_audit", to=str(tmp_path / "anchors"))
    assert live() == (LATE, ["backup"])
    call_command("note_backup")
    assert live() == (FINE, [])
    assert live(days=1.9) == (FINE, [])
    assert live(days=0.2) == (LATE, ["anchor", "backup"])


def test_an_anchor_of_a_clock_that_was_ahead_counts_for_nothing(live):
    call_command("anchor_audit", stdout=io.StringIO())
    call_command("note_backup", stdout=io.StringIO())
    Heartbeat.objects.filter(name="anchor").update(at=timezone.now() + dt.timedelta(days=400))

    assert live() == (LATE, ["anchor"])


def test_only_production_asks_for_anchors_and_backups(ready):
    actions.record(by="test", verb="test.began", at=timezone.now() - dt.timedelta(days=30))

    assert ready() == READY
    assert chores.chores() == []


def test_an_anchor_that_could_not_be_written_is_not_noted(db, tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        call_command("anchor_audit", to=str(tmp_path / "nowhere" / "anchors"))

    assert not Heartbeat.objects.filter(name="anchor").exists()


def doctor():
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    return out.getvalue()


def test_doctor_names_what_a_clock_that_was_ahead_left(ready):
    far = timezone.now() + dt.timedelta(days=400)
    SweepMark.objects.create(account="", kind="erasing", mark_at=far)
    actions.queue_letter(key="l", to="a@example.org", language="en", subject="S", text="T", at=timezone.now())
    actions.due_letters(timezone.now()).update(claimed_until=far)
    WebhookEvent.objects.create(
        key="k", kind="voice", account="A", received_at=far, scope="LR", digest="d", seal_key=uuid.uuid4()
    )

    said = doctor()

    assert "Marks of the worker stand in the future (erasing)" in said
    assert "1 rows wait for a time no right clock wrote" in said
    assert f"The newest request of the provider is of {far:%Y-%m-%d %H:%M} UTC" in said
    assert ready() == READY


def test_doctor_says_what_is_late_in_production(live):
    live(days=3)

    said = doctor()

    assert "run manage.py anchor_audit each day" in said
    assert "run manage.py note_backup" in said


def test_doctor_says_in_production_while_no_administrator_has_an_account(live, person):
    live(days=3)
    invited = person("administrator", is_active=False)
    assert "note  no administrator has an account" in doctor()

    type(invited).objects.update(is_active=True)

    assert "no administrator" not in doctor()


def test_a_mail_server_that_takes_nothing_is_late_and_told_by_doctor(ready, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    at = timezone.now() - dt.timedelta(hours=2)
    actions.queue_letter(key="l", to="a@example.org", language="en", subject="S", text="T", at=at)
    assert ready() == READY

    send_letters(at)

    assert ready() == (200, {"status": "late"}, [])
    assert "MEND  1 letters were refused and have waited" in doctor()


def open_call(liberia, account, minutes):
    """A call that never reported its end."""
    began = timezone.now() - dt.timedelta(minutes=minutes)
    contact = Contact.objects.create(country=liberia, started_at=began, changed_at=began)
    return Leg.objects.create(
        contact=contact, account=account, call_sid="CA" + "1" * 32, status="in-progress", made_at=began
    )


def test_a_call_that_is_not_asked_for_is_late(ready, liberia):
    leg = open_call(liberia, SIMULATED_ACCOUNT, minutes=20)
    assert ready() == READY

    Leg.objects.update(made_at=leg.made_at - dt.timedelta(minutes=10))

    assert ready() == (200, {"status": "late"}, [])
    assert "1 calls and texts that never reported their end were not asked for" in doctor()


def test_doctor_names_an_account_that_is_needed_and_has_no_secret(ready, liberia):
    open_call(liberia, "AC" + "9" * 32, minutes=1)

    assert ready() == (200, {"status": "late"}, [])
    assert f"need an account without a secret (AC{'9' * 32})" in doctor()
