"""Badges: what we sign holds under a verifier that is not ours, and what was changed, withdrawn or removed does not."""

import base64
import datetime as dt
import json

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.did import did_key_from_pem
from openbadgeslib.ob3.status import decode_encoded_list, set_indices
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from accounts import signing
from accounts.models import AuditEntry
from tests.training.finishing import finish
from training import actions, credentials, printing
from training.models import Certificate, Course, IssuerKey, StatusList

HOST = "https://fanal.example"


@pytest.fixture(autouse=True)
def now(at):
    """The verifier looks at the clock of the machine."""
    with time_machine.travel(at + dt.timedelta(minutes=1), tick=False):
        yield at


@pytest.fixture
def https(settings):
    """A house with an address of its own, so with did:web."""
    settings.PUBLIC_URL = HOST


@pytest.fixture
def certificate(official, course, at):
    """The official's certificate of achievement."""
    return Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement")


@pytest.fixture
def fetch(client):
    """What a verifier fetches from our host, through our own views."""

    def get(url):
        response = client.get(url.removeprefix(HOST).removeprefix("http://127.0.0.1:8000"))
        if response.status_code != 200:
            raise OSError(response.status_code)
        return response.content

    return get


def token_of(certificate, at):
    return actions.badge_of(certificate=certificate, by=certificate.learner.user, at=at)


def payload_of(token):
    return json.loads(signing.decoded(token.split(".")[1]))


def verified(token, fetch, did="did:web:fanal.example"):
    return OB3Verifier.for_issuer_did(did, download=fetch).verify(token, check_status=True, download=fetch)


def test_a_sound_badge_holds_under_did_web_with_its_status(https, certificate, fetch, at):
    found = verified(token_of(certificate, at), fetch)

    assert found.issuer.id == "did:web:fanal.example"
    assert found.recipient_id == f"urn:uuid:{certificate.learner.public_id}"
    assert found.achievement.id.endswith("/courses/#judicial-HT-1-achievement")
    assert found.id == f"{HOST}/verify/{certificate.code}/"


def test_a_house_without_https_is_its_key(certificate, fetch, at):
    key = IssuerKey.objects.get()
    did = credentials.did_key(key.public)

    found = verified(token_of(certificate, at), fetch, did)

    assert found.issuer.id == did
    assert fetch("http://127.0.0.1:8000/credentials/status/1")
    with pytest.raises(OSError, match="404"):
        fetch(f"{HOST}/.well-known/did.json")


def test_our_did_key_is_the_one_that_others_derive(certificate):
    raw = signing.decoded(IssuerKey.objects.get().public)
    der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + raw).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n"

    assert credentials.did_key(signing.encoded(raw)) == did_key_from_pem(pem)


def test_a_badge_says_no_name_unless_its_holder_allows_it(certificate, official, at):
    silent = payload_of(token_of(certificate, at))
    actions.show_name(certificate=certificate, by=official, at=at)
    told = payload_of(token_of(certificate, at))

    assert official.name not in json.dumps(silent)
    assert official.email not in json.dumps(silent | told)
    assert told["credentialSubject"]["identifier"][0]["identityHash"] == official.name


def changed(token, **claims):
    head, _payload, signature = token.split(".")
    body = signing.encoded(json.dumps(payload_of(token) | claims).encode())
    return f"{head}.{body}.{signature}"


def with_head(token, **facts):
    head, payload, signature = token.split(".")
    return f"{signing.encoded(json.dumps(json.loads(signing.decoded(head)) | facts).encode())}.{payload}.{signature}"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: changed(token, name="Another course"),
        lambda token: changed(token, sub="urn:uuid:00000000-0000-0000-0000-000000000000"),
        lambda token: with_head(token, alg="none"),
        lambda token: with_head(token, alg="HS256"),
        lambda token: with_head(token, kid="did:web:other.example#2026-11-25-1"),
        lambda token: with_head(token, kid="did:web:fanal.example#2020-01-01-1"),
        lambda token: token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        lambda token: token.rpartition(".")[0] + ".",
    ],
)
def test_a_badge_that_was_tampered_with_is_refused(https, certificate, fetch, at, spoil):
    token = token_of(certificate, at)
    verified(token, fetch)

    with pytest.raises(OB3VerificationError):
        verified(spoil(token), fetch)


def test_a_withdrawn_badge_is_refused_by_whoever_asks_the_list_and_the_others_hold(
    https, certificate, manager, fetch, at
):
    token = token_of(certificate, at)
    other = token_of(Certificate.objects.get(kind="completion"), at)

    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=at)

    verified(other, fetch)
    with pytest.raises(OB3VerificationError, match="revocation"):
        verified(token, fetch)


def test_a_cache_asks_each_time_whether_the_list_and_the_keys_still_stand(https, certificate, client, manager, at):
    addresses = ["/credentials/status/1", "/.well-known/did.json"]
    kept = {one: client.get(one) for one in addresses}

    def asked_again():
        return [client.get(one, headers={"If-None-Match": kept[one]["ETag"]}) for one in addresses]

    before = asked_again()
    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=at)

    assert [one.status_code for one in before] == [304, 304]
    assert [one.status_code for one in asked_again()] == [200, 304]
    assert {one["Cache-Control"] for one in (*kept.values(), *before)} == {"public, no-cache"}
    assert {one["Access-Control-Allow-Origin"] for one in (*kept.values(), *before)} == {"*"}


def test_an_expired_badge_is_refused(https, official, course, fetch, at):
    Course.objects.filter(pk=course.pk).update(certificate_months=1)
    course.refresh_from_db()
    token = token_of(Certificate.objects.get(enrolment=finish(official, course, at), kind="achievement"), at)
    verified(token, fetch)

    with time_machine.travel(at + dt.timedelta(days=31)), pytest.raises(OB3VerificationError, match="expired"):
        verified(token, fetch)


def test_a_new_key_is_published_seven_days_before_it_signs_and_old_badges_hold(https, certificate, fetch, at):
    old = token_of(certificate, at)
    call_command("rotate_issuer_key")
    before = json.loads(fetch(f"{HOST}/.well-known/did.json"))["assertionMethod"]

    with time_machine.travel(at + dt.timedelta(days=8)) as clock:
        later = at + dt.timedelta(days=8)
        actions.sign_lists(at=later)
        after = json.loads(fetch(f"{HOST}/.well-known/did.json"))["assertionMethod"]
        new = token_of(certificate, later)
        verified(old, fetch)
        verified(new, fetch)
        clock.shift(0)

    assert before == list(reversed(after))
    assert len(after) == 2
    assert json.loads(signing.decoded(new.split(".")[0]))["kid"] == after[0]


def test_a_removed_key_takes_its_badges_along_until_they_are_fetched_anew(https, certificate, fetch, at):
    old, name = token_of(certificate, at), IssuerKey.objects.get().name
    call_command("rotate_issuer_key", remove=name)

    with pytest.raises(OB3VerificationError):
        verified(old, fetch)
    verified(token_of(certificate, at), fetch)
    with pytest.raises(CommandError, match="no key"):
        call_command("rotate_issuer_key", remove=name)


def test_an_urgent_key_signs_at_once(https, certificate, fetch, at):
    call_command("rotate_issuer_key", now=True)

    token = token_of(certificate, at + dt.timedelta(minutes=1))
    verified(token, fetch)

    assert json.loads(signing.decoded(token.split(".")[0]))["kid"].endswith("-2")


def test_lists_are_signed_anew_each_day_before_a_verifier_takes_them_for_stale(https, certificate, fetch, at):
    assert actions.sign_lists(at=at + dt.timedelta(hours=1)) == 0

    with time_machine.travel(at + dt.timedelta(days=31)):
        with pytest.raises(OB3VerificationError, match="expired"):
            verified(token_of(certificate, at), fetch)
        assert actions.sign_lists(at=at + dt.timedelta(days=31)) == 1
        verified(token_of(certificate, at), fetch)


def test_the_secret_is_sealed_and_each_use_of_it_recorded(certificate, at):
    key = IssuerKey.objects.get()
    before = AuditEntry.objects.filter(verb="sealed.revealed").count()

    token_of(certificate, at)

    assert str(key.secret) == "sealed"
    assert AuditEntry.objects.filter(verb="sealed.revealed").count() == before + 1


def test_nobody_reads_off_a_list_how_many_were_withdrawn(certificate, manager, at):
    def places():
        subject = payload_of(StatusList.objects.get().signed)["credentialSubject"]
        return set_indices(decode_encoded_list(subject["encodedList"]))

    before = places()

    actions.withdraw_certificate(certificate=certificate, by=manager, reason="in_error", at=at)

    assert len(before) > 1_000
    assert certificate.place not in before
    assert places() == before | {certificate.place}


@given(st.sets(st.integers(0, credentials.SIZE - 1), max_size=50))
def test_places_of_a_list_come_out_as_they_went_in(places):
    listing = credentials.Listing(1, frozenset(places), dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    payload = credentials.list_payload(listing, credentials.Issuer("did:web:x", "X", "https://x"))

    assert set_indices(decode_encoded_list(payload["credentialSubject"]["encodedList"])) == places


def test_the_badge_picture_carries_the_credential(https, certificate, sign_in, fetch):
    client = sign_in(certificate.learner.user)

    response = client.get(reverse("training:certificate_badge", args=[certificate.public_id]))

    assert response.headers["Content-Type"] == "image/svg+xml"
    verified(OB3Verifier.extract_token_from_svg(response.content), fetch)


def test_the_picture_holds_a_long_heading(certificate):
    certificate.heading_source = "A course with <a> very long & heading that goes on for many more words than fit"

    picture = printing.badge_picture(certificate, "a.b.c").decode()

    assert "&lt;a&gt;" in picture
    assert "…" in picture
