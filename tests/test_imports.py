"""Every module of the house can be loaded: a name that moved is missed nowhere, not in a command that no other test runs."""

import importlib
import pkgutil

import pytest

ROOMS = ("languages", "accounts", "training", "referral", "hotline", "cms")


@pytest.mark.parametrize("room", ROOMS)
def test_each_module_of_a_room_loads(room):
    found = pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}.")
    names = [
        one.name for one in found if ".settings." not in one.name and one.name != "cms.wsgi"
    ]  # it warms up on the database

    assert len(names) > 10
    for name in names:
        importlib.import_module(name)
