"""The bench where there is nothing to measure: one line that says what to do."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


def test_a_database_that_was_never_migrated_is_told_in_one_line(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "FANAL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "bench", "--turns", "1"]

    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[1:] == []
    assert "run ./fanal demo once" in done.stderr


@pytest.mark.django_db
def test_a_database_without_lessons_is_told_the_same(monkeypatch):
    monkeypatch.setattr("cms.bench.MigrationExecutor.migration_plan", lambda self, targets: [])

    with pytest.raises(CommandError, match="run ./fanal demo once"):
        call_command("bench", turns=1)
