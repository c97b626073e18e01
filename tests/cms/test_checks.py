import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cms.checks import demo_is_off_in_production


def found():
    return {error.id for error in demo_is_off_in_production(None)}


@pytest.fixture
def production(settings):
    """The production profile with every switch of the demo off."""
    settings.PROFILE = "production"
    settings.DEMO = settings.DEMO_SIGN_IN = settings.SIMULATOR = settings.DEBUG = False
    settings.KEEPS_LETTERS = False
    return settings


def test_a_production_without_demo_passes(production):
    assert found() == set()


@pytest.mark.parametrize("switch", ["DEMO", "DEMO_SIGN_IN", "SIMULATOR", "KEEPS_LETTERS", "DEBUG"])
def test_each_switch_of_the_demo_is_an_error_in_production(production, switch):
    setattr(production, switch, True)

    assert found() == {f"fanal.{switch.lower()}"}


def test_the_demo_may_have_its_switches(settings):
    settings.PROFILE, settings.DEMO_SIGN_IN = "dev", True

    assert found() == set()


def test_manage_check_runs_it(production):
    production.DEMO_SIGN_IN = True

    assert "fanal.demo_sign_in" in {error.id for error in run_checks()}
    with pytest.raises(SystemCheckError, match="one-click sign-in"):
        call_command("check")
