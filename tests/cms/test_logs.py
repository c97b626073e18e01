"""What stands in the log: names of ours and facts of a fixed list. A canary goes in everywhere, and comes out nowhere."""

import ast
import io
import logging
import re

import pytest
import structlog
from django.conf import settings as site
from django.test import RequestFactory
from django.urls import resolve
from django.utils.module_loading import import_string
from gunicorn.config import Config

from cms.logs import ALLOWED, EVENT, OUR_LOGGERS, PlainFormatter
from cms.server_log import ServerLog

CANARY = "canary2316667"
ROOMS = ("accounts", "cms", "hotline", "languages", "referral", "training")


def record_of(name, message, *args, **more):
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, more.pop("exc_info", None), "do_it")
    for key, value in more.items():
        setattr(record, key, value)
    return record


@pytest.fixture
def written():
    """What the console would show, as the lines stand there."""
    kept, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(PlainFormatter())
    root.addHandler(handler)
    yield kept.getvalue
    root.removeHandler(handler)


def test_a_request_is_logged_by_its_route_never_by_its_path():
    request = RequestFactory().get(f"/en/a/{CANARY}/")
    request.resolver_match = resolve(request.path)

    line = PlainFormatter().format(
        record_of("django.request", f"Not Found: {request.path}", request=request, status_code=404)
    )

    assert CANARY not in line
    assert "route=referral:agency status=404" in line


def test_an_exception_is_logged_by_its_class_and_places_never_by_its_text(written):
    try:
        int(CANARY)
    except ValueError:
        structlog.get_logger("fanal.worker").exception("job_failed", job="send_letters")

    assert CANARY not in written()
    assert "ERROR fanal.worker job_failed job=send_letters exception=ValueError" in written()
    assert "test_logs.py" in written()


def test_a_fact_that_is_not_on_the_list_is_counted_and_not_written(written, capsys):
    log = structlog.get_logger("hotline.tasks")

    log.warning("message_not_sent", subject=7, exception="ValueError", caller=CANARY, body=f"I am {CANARY}")
    log.warning("message_not_sent", **{CANARY: 1, "subject": 8})

    first, second = written().splitlines()
    assert first.endswith("WARNING hotline.tasks message_not_sent subject=7 exception=ValueError dropped=2")
    assert second.endswith("message_not_sent subject=8 dropped=1")
    assert CANARY not in written() + "".join(capsys.readouterr())


@pytest.mark.parametrize("name", sorted(ALLOWED))
@pytest.mark.parametrize(
    "value", [f"{CANARY} of 12 Broad Street", "+231770001122", "a\nWARNING fanal.worker all_is_well", "@x"]
)
def test_a_fact_of_the_list_is_written_only_in_its_shape(name, value, written):
    structlog.get_logger("hotline").warning("something_happened", **{name: value})

    assert written().strip().endswith("something_happened dropped=1")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("subject", 12, "12"),
        ("subject", "referral.case:0b0e0d4e-6a2f-4c55-9d5b-1f2a3b4c5d6e", "referral.case:0b0e0d4e-6a2f-4c55-9d5b-1f2a3b4c5d6e"),
        ("columns", ["title_fr", "title_ar"], "title_fr,title_ar"),
        ("part", ["line", "texts"], "line,texts"),
        ("route", "wagtailadmin_pages:edit", "wagtailadmin_pages:edit"),
        ("kind", "training.lessonpage", "training.lessonpage"),
    ],
)  # fmt: skip
def test_what_the_house_logs_has_its_shape(name, value, text, written):
    structlog.get_logger("cms").info("something_happened", **{name: value})

    assert written().strip().endswith(f"something_happened {name}={text}")


def test_an_event_is_a_name_and_no_sentence(written):
    structlog.get_logger("hotline").warning(f"Call of {CANARY}")

    assert CANARY not in written()


def test_words_of_a_library_come_without_what_was_put_into_them(written):
    logging.getLogger("twilio.http_client").warning("POST Request: %s?%s", f"https://{CANARY}", {"To": CANARY})
    logging.getLogger("hotline.simulator").warning("simulator_act_failed %s", CANARY)
    logging.getLogger("some.library").warning("to %(to)s", {"to": CANARY})

    assert CANARY not in written()
    assert "WARNING twilio.http_client POST Request: %s?%s" in written()


def test_words_of_a_library_that_were_put_together_before_are_a_place(written):
    logging.getLogger("some.library").warning("Invalid request from " + CANARY)  # noqa: G003 -- as some do
    logging.getLogger("some.library").warning(CANARY)
    logging.getLogger("some.library").warning(ValueError(CANARY))

    assert CANARY not in written()
    assert re.search(r"WARNING some.library test_logs.test_words_of_a_library\w+:\d+\n", written())


def test_the_web_server_writes_no_address_and_no_path(capsys):
    named = re.search(r"--logger-class (\S+)", (site.BASE_DIR / "fanal").read_text("utf-8"))[1]
    config = Config()
    config.set("errorlog", "-")
    server = import_string(named)(config)
    try:
        int(CANARY)
    except ValueError:
        server.exception("Error handling request %s %s", "GET", f"/en/a/{CANARY}/")
    server.warning(f"Invalid request from ip={CANARY}")
    for handler in list(logging.getLogger("gunicorn.error").handlers):
        logging.getLogger("gunicorn.error").removeHandler(handler)

    said = capsys.readouterr().err
    assert CANARY not in said
    assert "ERROR gunicorn.error Error handling request %s %s exception=ValueError" in said


def test_the_web_server_says_which_process_ended_and_how(capsys):
    config = Config()
    config.set("errorlog", "-")
    server = ServerLog(config)
    server.error("Worker (pid:%s) was sent %s! Perhaps out of memory?", 4711, "SIGKILL")
    server.error("Worker (pid:%s) exited with code %s.", 4711, 3)
    server.warning("from %s:%s", CANARY, 443)
    server.warning("odd %d", "SIGTERM")
    server.warning("from %s", "SIGNED BY " + CANARY)
    for handler in list(logging.getLogger("gunicorn.error").handlers):
        logging.getLogger("gunicorn.error").removeHandler(handler)

    said = capsys.readouterr().err
    assert "Worker (pid:4711) was sent SIGKILL! Perhaps out of memory?\n" in said
    assert "Worker (pid:4711) exited with code 3.\n" in said
    assert "from %s:%s\n" in said
    assert "odd %d\n" in said
    assert CANARY not in said


def test_every_handler_writes_plain_lines(settings):
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"
    assert {handler for name in OUR_LOGGERS for handler in logging.getLogger(name).handlers} == set()


TELLS = re.compile(r"log\.(debug|info|warning|error|exception|critical)|(\w+\.)?(alone|one_by_one)")
OF_ALONE = {"known", "through", None}  # what is no fact of the line; None stands for facts that are handed on


def told(tree):
    """Walk a file: each call that writes a line, by itself or through the worker's net."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and TELLS.fullmatch(ast.unparse(call.func)):
            yield call


def test_whatever_the_house_logs_is_on_the_list():
    lost, count = [], 0
    for path in (path for room in ROOMS for path in (site.BASE_DIR / room).rglob("*.py")):
        for call in told(ast.parse(path.read_text("utf-8"))):
            count += 1
            words = call.args[0]
            is_event = isinstance(words, ast.Name) or EVENT.fullmatch(str(words.value).split()[0])
            if not is_event or not {one.arg for one in call.keywords} <= set(ALLOWED) | OF_ALONE:
                lost.append(f"{path}:{call.lineno}")

    assert lost == []
    assert count > 20
