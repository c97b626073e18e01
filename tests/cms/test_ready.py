"""Readiness tries the seal keys: without them every new call is only passed on to the duty phone."""

import base64
import io
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts import actions
from accounts.models import DataKey
from cms import health, worker


def key(name, scope="*"):
    return f"{scope}:{name}:{base64.b64encode((name * 32)[:32].encode()).decode()}"


@pytest.fixture
def ready(client, settings, append_only_triggers, monkeypatch):
    """An installation where everything works, and a function that asks it."""
    settings.SEAL_KEYS = key("k1")
    monkeypatch.setattr(health, "FREE_SHARE", 0)
    for name in health.SILENCE:
        worker.beat(name, timezone.now())

    def ask():
        answer = client.get("/readyz")
        return answer.status_code, answer.json(), [fault.code for fault in health.faults()]

    assert ask() == READY
    return ask


READY = (200, {"status": "ok"}, [])
NOT_READY = (503, {"status": "not ready"}, ["keys"])


@pytest.mark.parametrize("text", ["", "*:k1:abc", key("k1", "LR"), "@/nowhere/keys"])
def test_without_a_key_that_seals_it_is_not_ready(ready, settings, text):
    settings.SEAL_KEYS = text

    assert ready() == NOT_READY
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    assert out.getvalue().count("calls go to the duty phone: ") == 1


def test_a_key_file_that_goes_away_is_seen_and_its_return_too(ready, settings, tmp_path):
    file = tmp_path / "keys"
    settings.SEAL_KEYS = f"@{file}"
    lost = ready()
    file.write_text(key("k1"))

    assert lost == NOT_READY
    assert ready() == READY


@pytest.mark.parametrize("other", [key("k2"), "*:k1:" + key("k2").split(":")[2]])
def test_a_key_that_opens_nothing_of_what_is_here_is_not_ready(ready, settings, other):
    actions.data_key(uuid.uuid4(), "LR")
    assert ready()[0] == 200

    settings.SEAL_KEYS = other

    assert ready() == NOT_READY
    assert "(LR)" in health.faults()[0].words


def test_one_damaged_row_beside_whole_ones_is_no_lost_key(ready):
    damaged, whole = uuid.uuid4(), uuid.uuid4()
    for owner in (whole, damaged):
        actions.data_key(owner, "LR")
    DataKey.objects.filter(owner=damaged).update(wrapped=DataKey.objects.get(owner=whole).wrapped)

    assert ready() == READY


def test_the_keys_are_tried_with_one_query(ready, django_assert_num_queries):
    for _row in range(3):
        actions.data_key(uuid.uuid4(), "LR")

    with django_assert_num_queries(1):
        assert health._keys() == []
