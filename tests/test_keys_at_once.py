"""Keys of the house at one instant: two that need its first one share it, two that are changed get a name each.

It stands outside its room, whose rows are rolled back at the end: no other connection would see them.
"""

import pytest
from django.db import connection

from tests.locks import meanwhile
from training import actions
from training.actions.issuer import key_to_sign
from training.models import IssuerKey

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


def test_two_who_need_the_first_key_of_a_house_at_once_share_one(at):
    with meanwhile(lambda: key_to_sign(at=at)) as told:
        made = key_to_sign(at=at)

    assert told == [made]
    assert list(IssuerKey.objects.values_list("name", flat=True)) == [f"{at:%Y-%m-%d}-1"]


def test_two_keys_that_are_made_at_once_have_a_name_each(at):
    with meanwhile(lambda: actions.rotate_key(by="test", at=at)) as told:
        actions.rotate_key(by="test", at=at)

    assert [type(one) for one in told] == [IssuerKey]
    assert sorted(IssuerKey.objects.values_list("name", flat=True)) == [f"{at:%Y-%m-%d}-{number}" for number in (1, 2)]
