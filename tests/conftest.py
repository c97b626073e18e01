"""What every test may use: a clock, people by role, no network."""

import datetime as dt
import gc
import inspect
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from accounts import triggers
from accounts.models import Country, User
from cms import queries as roof
from languages import catalogues
from languages.queries import things
from tests.filled import flush_the_filled
from tests.migrated import migrate_once

DATABASE = frozenset({"db", "transactional_db", "django_db_setup"})
ASKS_WHICH = re.compile(r"vendor|psycopg")
NAMES_ONE = re.compile(r"DATABASE_URL|postgres|sqlite", re.IGNORECASE)

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


def pytest_sessionstart(session):
    """Compile the messages: a language without compiled messages is no URL prefix. A database is migrated once."""
    catalogues.compile_all()
    migrate_once()


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL leave out what hangs on no database: SQLite's run has said it already."""
    if connection.vendor == "postgresql":
        kept = [item for item in items if _may_differ(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _may_differ(item)])
        items[:] = kept


def _may_differ(item) -> bool:
    """Tell whether a test may say something else on another database: it asks one and is not marked, or names one."""
    if item.get_closest_marker("either"):
        return bool(item.get_closest_marker("both"))
    if item.get_closest_marker("django_db") or DATABASE.intersection(item.fixturenames):
        return True
    asks = ASKS_WHICH.search(inspect.getsource(item.module)) or NAMES_ONE.search(inspect.getsource(item.function))
    return bool(asks)


def pytest_collection_finish(session):
    """What was loaded stays to the end: the collector need not walk through it again after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_runtestloop(session):
    """What every page asks is kept for an hour: it must not run out between two openings whose queries are compared."""
    things.KEPT_SECONDS = roof.KEPT_SECONDS = 3600
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = flush_the_filled


@pytest.fixture(autouse=True)
def english():
    """Begin each test in the source language with nothing kept, whatever page an earlier test opened last."""
    translation.activate("en")
    cache.clear()


@pytest.fixture
def at():
    """A fixed instant: Wednesday 25 November 2026, 10:00 UTC."""
    return dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def liberia(db):
    """Liberia, as a country row."""
    return Country.objects.create(
        code="LR", name="Liberia", slug="liberia", language_codes="en", time_zone="Africa/Monrovia", area_word="County"
    )


@pytest.fixture
def person(db):
    """A factory of people: person("operator", country=liberia)."""

    def make(*roles, country=None, language="en", **fields):
        count = User.objects.count()
        user = User(email=f"{'-'.join(roles) or 'nobody'}{count}@example.org", name=fields.pop("name", f"Person {count}"),
                    country=country, language=language, **fields)  # fmt: skip
        user.role_codes = roles
        user.set_unusable_password()
        user.save()
        return user

    return make


@pytest.fixture
def sign_in(client):
    """Sign a person in on the test client, with the second factor unless told otherwise."""

    def enter(user, second_factor=True):
        client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
        if second_factor:
            session = client.session
            session["demo_second_factor"] = True
            session.save()
        return client

    return enter


@pytest.fixture
def append_only_triggers(db):
    """Install the append-only triggers for one test; elsewhere the flush after a test would be refused."""
    triggers.install()
    yield
    triggers.drop()
