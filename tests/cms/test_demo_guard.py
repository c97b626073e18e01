"""The demo is neither prepared nor opened on an installation's database: its keys open nothing, its pages show letters."""

import io
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import actions, demo_mark
from accounts.models import Letter, User
from cms import demo, demo_guard, worker
from cms.management.commands import prepare_demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(monkeypatch):
    """What the demo began, in order; none of it is done."""
    begun = []
    monkeypatch.setattr(prepare_demo, "call_command", lambda name, *_, **__: begun.append(name))
    monkeypatch.setattr(worker, "run", lambda **_: begun.append("worker"))
    monkeypatch.setattr(demo, "load", lambda told: begun.append("load"))
    monkeypatch.setattr(demo, "roll", lambda: begun.append("roll"))
    return begun


def test_it_begins_nothing_where_other_people_stand(person, steps, tmp_path):
    person("administrator")

    with pytest.raises(CommandError, match="not a demo's") as caught:
        call_command("prepare_demo", tmp_path / "card.txt")
    with pytest.raises(CommandError, match="not a demo's"):
        call_command("create_demo")

    assert caught.value.returncode == prepare_demo.NOT_A_DEMO == 4
    assert "\n" not in str(caught.value)
    assert (steps, (tmp_path / "card.txt").exists()) == ([], False)


def test_a_country_without_people_is_an_installation_too(liberia, steps):
    with pytest.raises(CommandError, match="not a demo's"):
        call_command("create_demo")

    assert steps == []


def test_it_goes_on_where_its_administrator_invited_others(person, steps):
    User.objects.create(email=demo_mark.ADMINISTRATOR, name="A")
    person("operator")

    call_command("create_demo", stdout=io.StringIO())

    assert steps == ["roll"]


def test_an_empty_database_becomes_a_demo(steps):
    call_command("create_demo", stdout=io.StringIO())

    assert steps == ["load"]


def test_the_worker_of_a_demo_leaves_the_letters_of_an_installation_alone(person, steps, settings):
    person("administrator")
    settings.DEMO = True
    now = timezone.now()
    actions.queue_letter(key="k", to="a@example.org", language="en", subject="S", text="T", at=now)

    with pytest.raises(CommandError, match="FANAL_DEMO=1 opens"):
        call_command("worker", once=True)

    assert steps == []
    assert list(Letter.objects.values_list("tries", "failed_at")) == [(0, None)]
    settings.DEMO = False
    call_command("worker", once=True)
    assert steps == ["worker"]


def test_what_is_not_switched_on_is_not_asked(settings, django_assert_num_queries):
    settings.DEMO = False

    with django_assert_num_queries(0):
        demo_guard.refuse_to_open()


@pytest.mark.parametrize(("value", "code"), [("1", 3), ("0", 0)])
def test_the_web_server_does_not_open_the_demo_there(tmp_path, value, code):
    """Gunicorn ends at 3 instead of starting the same process again."""
    made = (
        "import sqlite3; base = sqlite3.connect('mine.sqlite3'); base.execute('CREATE TABLE accounts_user (email)');"
        "base.execute('INSERT INTO accounts_user VALUES (1)'); base.commit()"
    )
    subprocess.run([sys.executable, "-c", made], cwd=tmp_path, check=True)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'mine.sqlite3'}", "FANAL_VAR": str(tmp_path), "FANAL_DEMO": value,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", "import cms.wsgi"],
        cwd=configured.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == code, done.stderr
    assert done.stderr.count("FANAL_DEMO=1 opens letters and accounts to anybody") == (code == 3)
    assert "Traceback" not in done.stderr
