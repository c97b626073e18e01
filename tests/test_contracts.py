"""The floor plan, the migrations and the words: what `./fanal check` holds, the suite holds too."""

import pkgutil
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
