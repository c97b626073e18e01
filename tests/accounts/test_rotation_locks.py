"""A rotation holds only the rows that it turns, so that sign-in and cases go on beside it."""

import base64
import contextlib
import threading
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from accounts import actions
from accounts.models import DataKey, Letter


def keys(*ids):
    return ",".join(f"*:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}" for name in ids)


@pytest.fixture
def three(transactional_db, person, at, settings):
    """Three data keys, three second factors and three letters under an older key, on a database that locks rows."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL locks rows")
    settings.SEAL_KEYS = keys("k1")
    for number in range(3):
        actions.data_key(uuid.uuid4(), "LR")
        secret = actions.seal_secret("SEED")
        Authenticator.objects.create(user=person(), type="totp", data={"secret": secret})
        key = f"letter {number}"
        actions.queue_letter(key=key, to="a@example.org", language="en", subject="x", text="y", at=at)
    settings.SEAL_KEYS = keys("k2", "k1")


KINDS = pytest.mark.parametrize(
    ("turn", "model"),
    [
        (actions.rewrap_keys, DataKey),
        (actions.reseal_factors, Authenticator),
        (actions.reseal_letters, Letter),
    ],
)


def elsewhere(act):
    """Do something on a connection of its own and return what it gives."""
    found = []

    def run():
        try:
            found.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]


def free_rows(model):
    """Return the rows that another connection could lock at once."""
    with transaction.atomic():
        return [row.pk for row in model.objects.order_by("pk").select_for_update(skip_locked=True)]


@contextlib.contextmanager
def held_elsewhere(row):
    """Hold one row on another connection."""
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            type(row).objects.select_for_update().get(pk=row.pk)
            held.set()
            let_go.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    try:
        yield
    finally:
        let_go.set()
        thread.join(20)


@KINDS
def test_only_the_batch_is_held(three, at, turn, model):
    last = list(model.objects.order_by("pk").values_list("pk", flat=True))[1:]

    with transaction.atomic():
        assert turn(by="tests", at=at, limit=1) == 1
        free = elsewhere(lambda: free_rows(model))

    assert free == last


@KINDS
def test_a_row_that_somebody_holds_is_left_for_the_next_time(three, at, turn, model):
    with held_elsewhere(model.objects.order_by("pk").first()):
        first = turn(by="tests", at=at)

    assert (first, turn(by="tests", at=at)) == (2, 1)
