"""The catalogues are put in line, or left as they were: in a copy of the house, with a gettext that fails half-way."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.long
ROOMS = ("accounts", "cms", "hotline", "languages", "locale", "referral", "training")
LANGUAGES = 6  # as many as a run can fail among; all of them take three times as long and say nothing more
FEWER = f"""
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from languages import table
table.TABLE, table.CODES = table.TABLE[:{LANGUAGES}], table.CODES[:{LANGUAGES}]
execute_from_command_line(["manage.py", "messages", "--check"])
"""
FAILS_AT_THE_FIFTH = '#!/bin/sh\necho x >> "{count}"\n[ "$(wc -l < "{count}")" -lt 5 ] || {{ echo "no room" >&2; exit 1; }}\nexec {real} "$@"\n'


@pytest.fixture
def house(tmp_path):
    """A copy of the code and the catalogues."""
    for name in ROOMS:
        shutil.copytree(settings.BASE_DIR / name, tmp_path / "house" / name)
    return tmp_path / "house"


def texts(house):
    return {path: path.read_bytes() for path in (house / "locale").rglob("*.po")}


def begin(house, path=os.environ["PATH"]):
    """Ask in a process of its own whether the catalogues are current."""
    env = os.environ | {"PATH": path, "FANAL_VAR": str(house / "var"), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    return subprocess.Popen(
        [sys.executable, "-c", FEWER], cwd=house, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_a_run_that_fails_half_way_leaves_every_catalogue_as_it_was(house, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    script = FAILS_AT_THE_FIFTH.format(count=tmp_path / "count", real=shutil.which("msgmerge"))
    (tools / "msgmerge").write_text(script)
    (tools / "msgmerge").chmod(0o755)
    before = texts(house)

    code = begin(house, f"{tools}:{os.environ['PATH']}").wait(timeout=300)

    assert (code != 0, (tmp_path / "count").read_text().count("x") >= 5) == (True, True)
    assert texts(house) == before


def test_two_runs_at_once_both_find_the_catalogues_as_they_are(house):
    before = texts(house)
    both = [begin(house), begin(house)]

    assert [run.wait(timeout=300) for run in both] == [0, 0]
    assert texts(house) == before
