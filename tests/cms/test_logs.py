import logging
import sys

from django.test import RequestFactory
from django.urls import resolve

from cms.logs import PlainFormatter

CANARY = "token-canary-2316667"


def record_of(name, message, **more):
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, None, more.pop("exc_info", None))
    for key, value in more.items():
        setattr(record, key, value)
    return record


def test_a_request_is_logged_by_its_route_never_by_its_path():
    request = RequestFactory().get(f"/en/a/{CANARY}/")
    request.resolver_match = resolve(request.path)

    line = PlainFormatter().format(
        record_of("django.request", f"Not Found: {request.path}", request=request, status_code=404)
    )

    assert CANARY not in line
    assert "route=referral:agency status=404" in line


def test_an_exception_is_logged_by_its_class_and_places_never_by_its_text():
    try:
        int(CANARY)
    except ValueError:
        line = PlainFormatter().format(record_of("fanal.worker", "job_failed", exc_info=sys.exc_info()))

    assert CANARY not in line
    assert "exception=ValueError" in line
    assert "test_logs.py" in line


def test_every_handler_writes_plain_lines(settings):
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"
