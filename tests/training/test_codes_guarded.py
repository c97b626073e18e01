"""What guards a progress code in a browser: wrong codes are counted, right ones are not."""

import pytest

from tests.training.without_account import allowed
from training import actions
from training.actions import codes

__all__ = ["allowed"]


def test_a_class_behind_one_network_comes_in_and_wrong_codes_only_are_counted(allowed, at):
    made = [
        actions.begin_without_account(course=allowed, country="HT", address="2", at=at)
        for _place in range(codes.TRIES_AN_ADDRESS + 2)
    ]

    for learner, _enrolment, code in made:
        assert actions.open_with_code(code=code, address="1", at=at) == learner
    for _try in range(codes.TRIES_AN_ADDRESS):
        with pytest.raises(actions.CodeUnknown):
            actions.open_with_code(code="0" * 20, address="1", at=at)
    with pytest.raises(actions.TooMany):
        actions.open_with_code(code=made[0][2], address="1", at=at)
