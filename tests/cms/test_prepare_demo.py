"""What the demo needs before it is served: one command, whose exit code tells what failed."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from cms.management.commands import prepare_demo
from hotline.actions import simulation
from hotline.demo import day
from hotline.models import SimulatorPhone
from hotline.queries.heartbeat import forget_heartbeat, is_silent


@pytest.fixture
def asked(monkeypatch):
    """The commands that are called, in order; none is run but those left out of it."""
    names = []

    def call(name, *args, stdout=None, **options):
        names.append(name)
        if stdout is not None:
            stdout.write(f"words of {name}\n")

    monkeypatch.setattr(prepare_demo, "call_command", call)
    return names


def test_database_then_demo_then_card(db, asked, tmp_path, capsys):
    call_command("prepare_demo", tmp_path / "card.txt")

    forget_heartbeat()
    assert not is_silent(timezone.now())  # the caller who waits at the start is not led away before the worker speaks
    assert asked == ["migrate", "create_demo", "demo_card"]
    assert capsys.readouterr().out == "words of create_demo\n"
    assert (tmp_path / "card.txt").read_text("utf-8") == "words of demo_card\n"


def test_the_caller_who_waits_at_the_start_is_not_dropped_however_long_the_loading_took(db, asked, tmp_path):
    begun = timezone.now() - dt.timedelta(minutes=5)
    day._waiting_phone(begun)

    call_command("prepare_demo", tmp_path / "card.txt")

    assert simulation.drop_late_acts(at=timezone.now()) == 0
    assert [act.kind for act in simulation.take_acts(timezone.now())] == ["dial", "press"]
    assert SimulatorPhone.objects.get().state == "dialling"


def test_database_that_cannot_be_migrated_has_its_own_exit_code(db, monkeypatch, tmp_path, capsys):
    def fail(name, *args, **options):
        raise OperationalError(f"{name} failed")

    monkeypatch.setattr(prepare_demo, "call_command", fail)
    with pytest.raises(CommandError) as caught:
        call_command("prepare_demo", tmp_path / "card.txt")

    assert caught.value.returncode == prepare_demo.NOT_MIGRATED == 3
    assert "OperationalError: migrate failed" in capsys.readouterr().err
    assert not (tmp_path / "card.txt").exists()


GROUPED = {
    "accounts": ["0001_squashed", "0001_people", "0002_tables", "0002_office_closed_at"],
    "hotline": ["0001_squashed", "0015_alarm"],
}


@pytest.mark.parametrize("room", ["accounts", "referral", "hotline", "training"])
def test_a_room_that_is_half_of_the_past_is_refused_with_the_way_out(db, room, tmp_path):
    last = MigrationRecorder.Migration.objects.filter(app=room).exclude(name="0001_squashed").order_by("name").last()
    gone = GROUPED.get(room, [last.name, "0001_squashed"])
    MigrationRecorder.Migration.objects.filter(app=room, name__in=gone).delete()

    with pytest.raises(CommandError, match="too old.*--fresh") as caught:
        call_command("prepare_demo", tmp_path / "card.txt")

    assert caught.value.returncode == prepare_demo.NOT_MIGRATED
    assert not (tmp_path / "card.txt").exists()
