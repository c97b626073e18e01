"""Every door of the house is declared, and opens to whom it should: the resolver is walked, nothing is listed by hand."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern, RegexPattern
from django.utils import translation
from django.utils.regex_helper import normalize

from accounts import actions, queries
from accounts.choices import Role
from accounts.models import User
from accounts.queries import route_for
from training.models import Learner
from training.queries import mark_of
from training.views.guests import KEY

SAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "x", "str": "x", "path": "x/y"}
VALUES = ("1", "x", "en", "00000000-0000-4000-8000-000000000000")
NAMED = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
STRANGER = "stranger"
HOLDER = "holder of a progress code"
BROKEN = (500, 501, 502, 504)


def piece(pattern) -> str:
    """Return a part of an address with samples for its arguments."""
    if isinstance(pattern, LocalePrefixPattern):
        return "en/"
    if not isinstance(pattern, RegexPattern):
        return NAMED.sub(lambda found: SAMPLES.get(found["converter"] or "str", "x"), str(pattern._route))
    template, names = normalize(pattern.regex.pattern)[0]
    for value in VALUES:
        filled = template % dict.fromkeys(names, value)
        if pattern.regex.search(filled):
            return filled
    return template % dict.fromkeys(names, "")


def doors(patterns, before="", spaces=()):
    """Walk the resolver: every view's name as the middleware sees it, with one address that leads to it."""
    for entry in patterns:
        address = before + piece(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or entry.lookup_str]), "/" + address
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from doors(entry.url_patterns, address, inner)


def is_reached(name, address) -> bool:
    """Tell whether the address leads to this door, and no earlier one stands before it."""
    with translation.override("en"):
        return resolve(address).view_name == name


EVERY_DOOR = sorted(set(doors(get_resolver().url_patterns)))
ALL_DOORS = [door for door in EVERY_DOOR if is_reached(*door)]
POSTED = {"csrfmiddlewaretoken": "x", "name": "", "page": "1"}


def test_the_walk_finds_the_house():
    names = {name for name, _ in ALL_DOORS}

    assert {"livez", "account_login", "accounts:people", "wagtailadmin_home", "mfa_index", "wagtail_serve"} <= names


def test_only_a_few_doors_stand_behind_another():
    hidden = {name for name, _ in EVERY_DOOR} - {name for name, _ in ALL_DOORS}

    assert hidden == {"wagtailadmin_login"}


def test_every_door_is_declared():
    undeclared = sorted({name for name, _ in EVERY_DOOR if route_for(name) is None})

    assert undeclared == []


def test_every_guarded_role_door_asks_for_the_second_factor():
    soft = [
        name
        for name, _ in ALL_DOORS
        if (route := route_for(name)) and "operator" in route.who and not route.second_factor
    ]  # fmt: skip

    assert [name for name in soft if "learner" not in route_for(name).who] == []


class Visitor:
    """One person who tries every door with the same session, whatever the last door did to it."""

    def __init__(self, client, user):
        self.client = client
        self.key = client.cookies[settings.SESSION_COOKIE_NAME].value if user else None
        self.kept = dict(client.session.items()) if user else {}

    def ask(self, method, address):
        """Return the status of an address; what is missing outside the languages is first looked for inside them."""
        self.client.cookies.clear()
        if self.key:
            cache.set(SessionStore.cache_key_prefix + self.key, self.kept)
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.key
        response = getattr(self.client, method)(address, *([POSTED] if method == "post" else []))
        is_missing = response.status_code == 302 and response["Location"].rstrip("/") == "/en" + address.rstrip("/")
        return 404 if is_missing else response.status_code


class CodeHolder(Visitor):
    """Who learns with a progress code; her code stays what it was, whatever the last door did to it."""

    def __init__(self, client, country, at):
        learner = Learner.objects.create(code_hmac="x", country=country, used_at=at)
        session = client.session
        session[KEY] = [str(learner.public_id), mark_of(learner)]
        session.save()
        super().__init__(client, learner)

    def ask(self, method, address):
        """Ask with the code with which the session was opened."""
        Learner.objects.update(code_hmac="x")
        return super().ask(method, address)


@pytest.fixture
def visitor(liberia, at, settings):
    """A factory of visitors by role; sessions live in memory, so that ten thousand requests stay quick."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"

    def make(role):
        client = Client(raise_request_exception=False)
        user = None
        if role == HOLDER:
            return CodeHolder(client, liberia, at)
        if role != STRANGER:
            facts = {"name": role, "country": liberia, "by": "tests", "at": at}
            user = actions.make_person(email=f"{role}@example.org", roles=[role], **facts)
            client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
            session = client.session
            session["demo_second_factor"] = True
            session.save()
        return Visitor(client, user)

    return make


def allowed(route, role, status):
    """Return the statuses that a door may answer to a role."""
    is_known = "signed_in" in route.who and role not in {STRANGER, HOLDER}
    if route.is_public or role in route.who or is_known or (role == HOLDER and route.guests):
        return {status}
    return {401 if route.by_script else 302, 404} if role in {STRANGER, HOLDER} and route.who else {404}


@pytest.fixture
def bare_missing(monkeypatch):
    """Answer what is missing without its page: nine of ten doors are shut, and only the status is looked at."""
    monkeypatch.setattr("cms.urls.handler404", lambda request, exception: HttpResponseNotFound())


@pytest.mark.either
@pytest.mark.parametrize("role", [STRANGER, HOLDER, *Role.values])
def test_each_door_opens_to_whom_it_should(visitor, bare_missing, role):
    guest, wrong = visitor(role), []

    for name, address in ALL_DOORS:
        for method in ("get", "post"):
            status = guest.ask(method, address)
            if status in BROKEN or status not in allowed(route_for(name), role, status):
                wrong.append((method, address, name, status))

    assert wrong == []


@pytest.mark.parametrize("role", Role.values)
def test_everybody_lands_on_a_page_that_opens(visitor, role):
    guest = visitor(role)

    assert guest.ask("get", queries.home_for(User.objects.get(email=f"{role}@example.org"))) == 200


CATCHES_ALL = re.compile(r"except( Exception| BaseException|:)")
# The one place of the worker, and the webhook: a caller hears an answer whatever happened (docs/decisions/0007).
MAY_CATCH_ALL = {"accounts/actions/batches.py", "hotline/webhooks.py"}


def test_everything_is_caught_in_two_places_only():
    files = (path for room in (*queries.ROOMS, "languages") for path in (settings.BASE_DIR / room).rglob("*.py"))
    found = [str(path.relative_to(settings.BASE_DIR)) for path in files for _ in CATCHES_ALL.findall(path.read_text())]

    assert sorted(found) == sorted(MAY_CATCH_ALL)


# `./fanal` collects only the files in which one of these marks stands.
SOUGHT = re.compile(r"\bmark\.(browser|either|alone)\b")


def test_marks_by_which_files_are_found_stand_in_files_of_tests_only():
    helpers = (path for path in (settings.BASE_DIR / "tests").rglob("*.py") if not path.name.startswith("test_"))

    assert [path.name for path in helpers if SOUGHT.search(path.read_text("utf-8"))] == []
