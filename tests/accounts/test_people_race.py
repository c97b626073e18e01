"""Two administrators who take the role from each other at once: one keeps it."""

import pytest

from accounts import actions
from accounts.models import User
from tests.accounts.test_invitations_race import ROUNDS, at_once, locking

__all__ = ["locking"]


@pytest.mark.parametrize("way", ["change_roles", "deactivate"])
def test_two_administrators_at_once_never_leave_none(locking, person, at, way):
    for number in range(ROUNDS):
        User.objects.all().delete()
        one, two = person("administrator", name=f"A{number}"), person("administrator", name=f"B{number}")
        more = {"roles": {"manager"}} if way == "change_roles" else {}
        act = getattr(actions, way)

        raised = at_once(
            lambda act=act, more=more, one=one, two=two: act(person=one, by=two, at=at, **more),
            lambda act=act, more=more, one=one, two=two: act(person=two, by=one, at=at, **more),
        )

        assert sorted(type(error).__name__ for error in raised) == ["LastAdministrator", "NoneType"]
        assert User.objects.with_role("administrator").count() == 1
