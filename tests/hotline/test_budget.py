"""The voice webhook's budget: statements, and passing by the middleware of pages."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
BOUNDARIES = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture(autouse=True)
def kept(monkeypatch, fresh_memory):
    """Lines and the key of the month stay in memory, as in a running process; a test never commits."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return [query["sql"] for query in captured if not query["sql"].startswith(BOUNDARIES)]


def warm(network):
    network.call()
    network.sid = "CA" + "3" * 32


def test_first_request_takes_six_statements(network, operator):
    warm(network)

    assert len(statements(network.call)) <= 6


@pytest.mark.parametrize("key", ["1", "2", "9", "5", "0", ""])
def test_step_takes_six_statements(network, operator, key):
    warm(network)
    network.call(CallStatus="in-progress")

    assert len(statements(lambda: network.step("language", 1, Digits=key))) <= 6


def test_last_question_by_keys_takes_seven_statements(network, operator):
    warm(network)
    network.call(CallStatus="in-progress")
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    for turn in range(3, 9):
        network.step("silent", turn, Digits="1")

    assert (
        len(statements(lambda: network.step("silent", 9, Digits="2"))) <= 7
    )  # one of them: what was answered is asked no second time


def test_webhooks_pass_by_session_language_and_headers_of_pages(network):
    reply = network.call()

    of_the_product = [name for name in settings.MIDDLEWARE if not name.startswith("tests.")]
    assert of_the_product[0] == "hotline.middleware.WebhooksFirst"
    assert not {"Content-Security-Policy", "Vary", "Set-Cookie", "Content-Language"} & set(reply.headers)


def test_connections_stay_open_in_the_profiles_that_serve():
    from cms.settings import base  # noqa: PLC0415 -- the base profile, not the one under which tests run

    assert base.database("sqlite:///x")["CONN_MAX_AGE"] is None
