"""A certificate that is withdrawn and the earlier one that counts again with that: told before, and said afterwards."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from tests.training.finishing import ask_anew, finish, refresh, spell_anew
from training import queries
from training.models import Certificate

BEFORE, AFTER = (
    "Once it is withdrawn, the earlier certificate {}",
    "The earlier certificate {} of this course counts again.",
)
ALSO = "Withdraw the earlier certificate as well"


@pytest.fixture
def two(official, course, lessons, at):
    """The earlier and the newer completion of an official who did a refresher; a month after she finished."""
    finish(official, course, at, passed=False)
    ask_anew(lessons[0], at + dt.timedelta(days=10))
    refresh(official, course, at + dt.timedelta(days=20))
    with time_machine.travel(at + dt.timedelta(days=30), tick=True):
        yield list(Certificate.objects.order_by("version__number"))


def address(certificate):
    return reverse("training:withdraw", args=[certificate.public_id])


def code_of(certificate):
    (one,) = queries.held([certificate], certificate.issued_at)
    return one.code


def test_that_the_earlier_counts_again_is_told_before_and_after_with_the_way_to_withdraw_it(sign_in, manager, two):
    (old, new), client = two, sign_in(manager)

    before = client.get(address(new)).content.decode()
    after = client.post(address(new), {"reason": "in_error"}, follow=True).content.decode()
    last = client.post(address(old), {"reason": "in_error"}, follow=True).content.decode()

    assert BEFORE.format(code_of(old)) in before
    assert AFTER.format(code_of(old)) in after
    assert [f'href="{address(old)}">{ALSO}' in page for page in (before, after, last)] == [True, True, False]
    assert "counts again" not in last


def test_nothing_is_told_where_nothing_counts_again(sign_in, manager, two):
    (old, new), client = two, sign_in(manager)

    of_the_earlier = client.get(address(old)).content.decode()
    client.post(address(old), {"reason": "in_error"})
    of_the_only_one = client.get(address(new)).content.decode()
    after = client.post(address(new), {"reason": "in_error"}, follow=True).content.decode()

    assert ["counts again" in page for page in (of_the_earlier, of_the_only_one, after)] == [False] * 3


def test_a_wrong_name_brings_a_new_one_and_nothing_counts_again(sign_in, manager, two):
    spell_anew(two[1].learner.user)

    told = sign_in(manager).post(address(two[1]), {"reason": "name_wrong"}, follow=True).content.decode()

    assert "a new one with the name as it stands now is issued" in told
    assert "counts again" not in told


def test_one_that_has_lapsed_does_not_count_again(sign_in, manager, two, lessons, at):
    ask_anew(lessons[0], at + dt.timedelta(days=40))

    told = []
    for days in (50, 200):
        with time_machine.travel(at + dt.timedelta(days=days), tick=True):
            told.append("counts again" in sign_in(manager).get(address(two[1])).content.decode())

    assert told == [True, False]
