"""The floor plan, the migrations and the words: what `./fanal check` holds, the suite holds too."""

import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import call_command

from cms import styles
from languages import catalogues


def test_the_floor_plan_is_kept():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

    result = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.django_db
def test_migrations_are_current():
    out = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert "No changes detected" in out.getvalue()


def test_catalogues_keep_their_rules():
    assert [str(fault) for fault in catalogues.check()] == []


def test_style_sheets_keep_their_rules():
    assert styles.faults() == []


def packages():
    """Load the actions and queries of the apps, module by module; yield the packages."""
    for app in ("accounts", "languages", "referral", "training", "hotline"):
        for part in ("actions", "queries"):
            package = import_module(f"{app}.{part}")
            for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
                import_module(module.name)
            yield package


def test_no_module_hides_what_its_package_offers():
    hidden = [
        f"{package.__name__}.{name}"
        for package in list(packages())
        for name in getattr(package, "__all__", ())
        if isinstance(getattr(package, name), ModuleType)
    ]

    assert hidden == []


FLOORS = {"languages": 0, "accounts": 1, "training": 2, "referral": 2, "hotline": 3}
FRAME = "fanal"  # the tags of the frame around every page: house style, not a room


def tags_of(room: str) -> set[str]:
    """Return the names of a room's libraries of tags."""
    return {file.stem for file in (settings.BASE_DIR / room / "templatetags").glob("[a-z]*.py")}


@pytest.mark.parametrize("room", FLOORS)
def test_templates_load_the_tags_of_rooms_below_only(room):
    below = {other for other, floor in FLOORS.items() if floor < FLOORS[room]} | {room}
    known = set().union(*(tags_of(other) for other in below)) | {FRAME}
    ours = set().union(*(tags_of(other) for other in (*FLOORS, "cms")))
    loads = re.compile(r"{% load ([\w ]+) %}")

    above = {
        (file.name, library)
        for file in (settings.BASE_DIR / room / "templates").rglob("*.html")
        for found in loads.findall(file.read_text(encoding="utf-8"))
        for library in ours.intersection(found.split()) - known
    }

    assert above == set()
