"""Every door that takes an id is tried with ids that no row has: none of them breaks, on either database."""

from urllib.parse import unquote_to_bytes

import pytest
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.urls.resolvers import RegexPattern
from django.utils import translation
from django.utils.encoding import repercent_broken_unicode

from accounts.queries import route_for
from tests.test_house import BROKEN, NAMED, SAMPLES, STRANGER, bare_missing, piece, visitor

__all__ = ["bare_missing", "visitor"]

# Values that lead as far into a view as an address alone can.
KNOWN = {"model": "training.lesson", "language": "fr", "code": "LR", "app_label": "training", "model_name": "overlay"}
ODD = {
    "huge": "9" * 20,
    "larger than a key of 32 bits": "3000000000",
    "negative": "-1",
    "NUL": "%00",
    "encoded way up": "%2e%2e%2f",
    "no UTF-8": "%ff%fe",
    "overlong digits": "9" * 300,
    "overlong": "x" * 300,
    "text direction": "%E2%80%AE",
}


def addresses(route: str, odd: str):
    """Return a pattern's addresses with the odd value in the place of each of its arguments in turn."""
    for wrong in range(len(list(NAMED.finditer(route)))):
        places = iter(range(100))

        def filled(found, wrong=wrong, places=places):
            sample = KNOWN.get(found["name"]) or SAMPLES.get(found["converter"] or "str", "x")
            return odd if next(places) == wrong else sample

        yield "/" + NAMED.sub(filled, route)


def routes(patterns, before="", spaces=()):
    """Walk the resolver: name and pattern of every door that takes an argument; regular expressions as they are sampled."""
    for entry in patterns:
        is_plain = not isinstance(entry.pattern, RegexPattern)
        part = str(entry.pattern._route) if is_plain and hasattr(entry.pattern, "_route") else piece(entry.pattern)
        if isinstance(entry, URLPattern):
            if NAMED.search(before + part):
                yield ":".join([*spaces, entry.name or entry.lookup_str]), before + part
        else:
            yield from routes(
                entry.url_patterns, before + part, (*spaces, entry.namespace) if entry.namespace else spaces
            )


WITH_IDS = sorted(set(routes(get_resolver().url_patterns)))


def door_at(address: str) -> str | None:
    """Return the name of the door to which an address leads, if to any."""
    with translation.override("en"):
        try:
            return resolve(repercent_broken_unicode(unquote_to_bytes(address)).decode()).view_name
        except Resolver404:
            return None


def role_for(name: str) -> str:
    """Return one role that a door opens to; the administrator where any of several may enter."""
    who = route_for(name).who
    return "administrator" if not who or "administrator" in who or "signed_in" in who else sorted(who)[0]


def test_the_walk_finds_the_doors_with_ids():
    names = {name for name, _ in WITH_IDS}

    assert {
        "desk:thing",
        "desk:export",
        "desk:import",
        "desk:save",
        "referral:case_detail",
        "wagtailadmin_pages:edit",
    } <= names


@pytest.mark.long
@pytest.mark.parametrize("kind", ODD)
def test_no_odd_id_breaks_a_door(visitor, bare_missing, kind):
    """Where the pattern of a door takes no such value, the address leads elsewhere: each such place is asked once."""
    guests, broken, elsewhere = {}, [], set()

    for name, route in WITH_IDS:
        role = STRANGER if route_for(name).is_public else role_for(name)
        if role not in guests:
            guests[role] = visitor(role)
        for address in addresses(route, ODD[kind]):
            if (door := door_at(address)) != name:
                if door in elsewhere:
                    continue
                elsewhere.add(door)
            for method in ("get", "post"):
                status = guests[role].ask(method, address)
                if status in BROKEN:
                    broken.append((method, address, name, role, status))

    assert broken == []


@pytest.mark.parametrize("screen", ["", "all/", "po/", "import/", "1/"])
@pytest.mark.parametrize("number", ["9" * 20, str(2**63), str(2**63 - 1), "0"])
def test_a_lesson_of_no_number_is_missing_at_the_desk(sign_in, person, screen, number):
    client = sign_in(person("translator", spoken="ar"))
    method = client.post if screen in {"all/", "1/"} else client.get

    assert method(f"/en/desk/training.lesson/{number}/ar/{screen}").status_code == 404
