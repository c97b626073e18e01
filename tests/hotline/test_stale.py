"""A connection that the database ended between two requests: the next request does not meet it."""

import time

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import InterfaceError, OperationalError, connection

from cms.bench import ask
from cms.settings import base
from hotline.models import Contact, Message
from hotline.telephony import traffic

only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's connection cannot go stale")
MESSAGE = {"MessageSid": "SM1", "From": "+231770001111", "To": "2883", "Body": "Hello", "NumMedia": "0"}


def test_the_served_profiles_look_at_a_connection_before_each_request():
    served = base.database("postgres://fanal@127.0.0.1/fanal", is_web=True)

    assert (served["CONN_HEALTH_CHECKS"], served["CONN_MAX_AGE"]) == (True, None)


@pytest.fixture
def application(monkeypatch):
    """The application as it is served: its connection stays open from one request to the next."""
    served = base.database("postgres://fanal@127.0.0.1/fanal", is_web=True)
    for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS"):
        monkeypatch.setitem(connection.settings_dict, name, served[name])
    connection.close()
    yield get_wsgi_application()
    connection.close()


def post(application, path, fields):
    request = traffic.own_signed(path, fields)
    return ask(application, path, method="POST", body=request.body, headers=request.headers)


def end_connections():
    """End every connection of ours, as a restart of PostgreSQL does."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ended = other.execute(f"SELECT count(pg_terminate_backend(pid)) {ours}").fetchone()[0]
        while other.execute(f"SELECT count(*) {ours}").fetchone()[0]:
            time.sleep(0.02)
    return ended


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_call_and_a_text_after_a_restart_of_the_database_are_kept(application, line):
    post(application, "/hotline/twilio/voice/", traffic.first_request())
    first = end_connections()

    call = post(application, "/hotline/twilio/voice/", traffic.first_request())
    second = end_connections()
    text = post(application, "/hotline/twilio/message/", MESSAGE)

    assert first == second == 1
    assert (call.status, text.status) == ("200 OK", "200 OK")
    assert "X-Fanal-Degraded" not in call.headers
    assert b"For English" in call.body
    assert Contact.objects.filter(kind="call").count() == 2
    assert Message.objects.count() == 1


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.parametrize("door", ["status", "message", "message-status"])
def test_whatever_the_driver_calls_it_the_provider_is_asked_to_come_again(network, monkeypatch, door, fault):
    def gone(**_values):
        raise fault("connection already closed")

    monkeypatch.setattr(f"hotline.webhooks.actions.receive_{door.replace('-', '_')}", gone)

    answer = network.post(f"/hotline/twilio/{door}/", MESSAGE | {"CallSid": "CA1", "CallStatus": "ringing"})

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
