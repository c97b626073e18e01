"""Own verifier against the provider's library, and forgeries of twelve kinds."""

import base64
import hashlib
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from hotline.telephony import signature
from hotline.telephony.signature import Secrets, SharedKey, Wire, secrets_from, verify

ACCOUNT, OTHER = "AC" + "1" * 32, "AC" + "2" * 32
TOKEN = "first-token"
BASE = "https://line.example.org"
PATH = "/hotline/twilio/voice/language/"
FORM = "application/x-www-form-urlencoded"
SECRETS = Secrets({ACCOUNT: (TOKEN, "old-token"), OTHER: ("other-token",)})
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def wire(pairs, *, token=TOKEN, base=BASE, query="t=1", path=PATH, body=None, sent=None, **more):
    pairs = [*pairs, ("AccountSid", more.pop("account", ACCOUNT))]
    target = path + (f"?{query}" if query else "")
    listed = {}
    for name, value in pairs:
        listed.setdefault(name, []).append(value)
    own = signature.signature(token, signature.signed_text(base + target, listed))
    raw = urlencode(pairs).encode() if body is None else body
    values = {
        "raw_uri": target, "path": path, "query": query, "body": raw, "content_type": FORM,
        "signature": own if sent is None else sent,
    }  # fmt: skip
    return Wire(**(values | more))


def genuine(one, secrets=SECRETS):
    return verify(one, secrets=secrets, public_url=BASE).genuine


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, WORDS), max_size=8))
def test_own_signature_is_the_librarys(pairs):
    class Many(dict):
        def getlist(self, name):
            return self[name]

    listed = Many()
    for name, value in pairs:
        listed.setdefault(name, []).append(value)

    own = signature.signature(TOKEN, signature.signed_text(f"{BASE}{PATH}", listed))

    assert own == RequestValidator(TOKEN).compute_signature(f"{BASE}{PATH}", listed)


PUBLISHED = {
    "CallSid": ["CA1234567890ABCDE"], "Digits": ["1234"], "From": ["+14158675309"], "To": ["+18005551212"],
    "Caller": ["+14158675309"],
}  # fmt: skip
REPEATED = {"Sid": ["CA123"], "SidAccount": ["AC123"], "Digits": ["5678", "1234"]}
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def hashed(body_hash):
    """Return a form whose signature is right for the hash of its body that stands in its address, as one with a hash is signed."""
    query = f"t=1&bodySHA256={body_hash}"
    return wire(HASHED, query=query, sent=signature.signature(TOKEN, f"{BASE}{PATH}?{query}"))


HASHED = [("Digits", "1")]
RIGHT_HASH = hashlib.sha256(urlencode([*HASHED, ("AccountSid", ACCOUNT)]).encode()).hexdigest()


@pytest.mark.parametrize(
    ("base", "fields", "query", "expected"),
    [
        ("https://mycompany.com", PUBLISHED, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com", REPEATED, "", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("https://mycompany.com", REPEATED | {"Digits": ["1234", "5678", "1234"]}, "", "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("https://mycompany.com:1234", PUBLISHED, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443", PUBLISHED, "", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234", PUBLISHED, "", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("https://mycompany.com", PUBLISHED, "", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com", PUBLISHED, "", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://mycompany.com", {}, f"&bodySHA256={JSON_HASH}", "a9nBmqA0ju/hNViExpshrM61xv4="),
    ],
    ids=["plain", "repeated", "repeated twice", "https port taken out", "default port", "http port kept",
         "https port put in", "http port put in", "hash of a body"],
)  # fmt: skip
def test_published_signature_is_one_that_we_accept(base, fields, query, expected):
    """The vectors of the provider's own tests, restated: each is among what we compute with and without the port."""
    target = f"/myapp.php?foo=1&bar=2{query}"

    ours = {
        signature.signature("12345", signature.signed_text(one + target, fields)) for one in signature.bases_of(base)
    }

    assert expected in ours
    assert signature.signature("12346", signature.signed_text(f"{base}{target}", fields)) not in {expected, *ours}


def test_published_hash_of_a_body_is_ours():
    assert hashlib.sha256(JSON_BODY).hexdigest() == JSON_HASH
    assert signature._body_hash(f"foo=1&bodySHA256={JSON_HASH}") == JSON_HASH


@pytest.mark.parametrize(
    "one",
    [
        wire([("CallSid", "CA1")]),
        wire([("CallSid", "CA1")], token="old-token"),
        wire([("CallSid", "CA1")], base=f"{BASE}:443"),
        wire([("CallSid", "CA1")], account=OTHER, token="other-token"),
        wire([("Body", "Où êtes-vous ? ")], raw_uri=""),
        wire([("Body", "a"), ("Body", "b"), ("Body", "a")]),
        wire([("CallSid", "CA1")], content_type=f"{FORM}; charset=UTF-8"),
        hashed(RIGHT_HASH),
    ],
    ids=[
        "token",
        "old token",
        "default port",
        "second account",
        "no raw uri",
        "repeated name",
        "charset",
        "body hash",
    ],
)
def test_genuine_request_is_let_in(one):
    assert genuine(one)


FORGERIES = {
    "no header": wire([], sent=""),
    "empty signature": wire([], sent=" "),
    "wrong token": wire([], token="stolen"),
    "token of the other account": wire([], token="other-token"),
    "wrong path": wire([], path="/hotline/twilio/voice/trouble/", sent=wire([]).signature),
    "http": wire([], base=BASE.replace("https", "http")),
    "other port": wire([], base=f"{BASE}:8443"),
    "extra query": wire([], query="t=1&x=2", sent=wire([]).signature),
    "changed body": wire([("Digits", "9")], sent=wire([("Digits", "1")]).signature),
    "added repeat": wire([("Digits", "1"), ("Digits", "9")], sent=wire([("Digits", "1")]).signature),
    "wrong body hash": hashed("0" * 64),
    "other charset": wire([("Digits", "1")], content_type=f"{FORM}; charset=utf-16"),
    "not utf-8": wire([], body=b"AccountSid=" + ACCOUNT.encode() + b"&Body=\xff\xfe"),
    "json without hash": wire([], content_type="application/json", body=b'{"AccountSid": "x"}'),
    "algorithm named": wire([], settings="key=k1,algorithm=HMAC_SHA256"),
    "unknown account": wire([], account="AC" + "9" * 32),
    "two accounts": wire([("AccountSid", OTHER)]),
    "absolute raw uri": wire([], raw_uri=f"{BASE}{PATH}?t=1"),
    "raw uri of another path": wire([], raw_uri="/livez?t=1", sent=wire([], path="/livez").signature),
    "raw uri of another query": wire([], raw_uri=f"{PATH}?t=2", sent=wire([], query="t=2").signature),
    "not ascii": wire([], sent="é"),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_forgery_is_refused(forged):
    assert not genuine(forged)


@settings(max_examples=300, deadline=None)
@given(st.binary(min_size=20, max_size=20), st.sampled_from(list(FORGERIES.values())))
def test_random_signature_is_refused(noise, forged):
    sent = base64.b64encode(noise).decode()

    assert not genuine(Wire(**(forged.__dict__ | {"signature": sent})))


def test_body_hash_is_compared_and_signs_the_address_alone():
    body = urlencode([("AccountSid", ACCOUNT), ("Digits", "1")]).encode()
    query = "t=1&bodySHA256=" + hashlib.sha256(body).hexdigest()
    sent = signature.signature(TOKEN, f"{BASE}{PATH}?{query}")
    one = Wire(f"{PATH}?{query}", PATH, query, body, FORM, sent)

    assert genuine(one)
    assert not genuine(Wire(**(one.__dict__ | {"body": body + b"&Digits=9"})))


def test_shared_key_is_chosen_by_our_settings_alone():
    secrets = Secrets(SECRETS.tokens, SharedKey("k1", "shared"))
    text = signature.signed_text(f"{BASE}{PATH}?t=1", {"AccountSid": [ACCOUNT]})
    sent = signature.signature("shared", text, "sha256")
    header = "key=k1,algorithm=HMAC_SHA256"

    assert genuine(wire([], sent=sent, settings=header), secrets)
    assert not genuine(wire([], settings=header), secrets)
    assert not genuine(wire([]), secrets)
    assert not genuine(wire([], sent=sent, settings="key=k2,algorithm=HMAC_SHA256"), secrets)
    assert not genuine(wire([], sent=sent, settings="key=k1,algorithm=HMAC_SHA1"), secrets)
    assert not genuine(wire([], sent=sent, settings=header))


def test_a_shared_key_opens_no_account_that_is_not_ours():
    secrets = Secrets(SECRETS.tokens, SharedKey("k1", "shared"))
    stranger = "AC" + "9" * 32
    text = signature.signed_text(f"{BASE}{PATH}?t=1", {"AccountSid": [stranger]})
    sent = signature.signature("shared", text, "sha256")

    assert not genuine(wire([], sent=sent, settings="key=k1,algorithm=HMAC_SHA256", account=stranger), secrets)


def test_odd_characters_are_taken_out_of_a_genuine_request():
    verdict = verify(wire([("Body", "a\x00b\u202ec")]), secrets=SECRETS, public_url=BASE)

    assert (verdict.genuine, verdict.cleaned, verdict.fields["Body"]) == (True, True, ["abc"])


def test_secrets_are_read_from_settings():
    both = f"{ACCOUNT},{OTHER}"

    assert secrets_from(ACCOUNT, "new|old").tokens == {ACCOUNT: ("new", "old")}
    assert secrets_from(both, f"{ACCOUNT}=a|b,{OTHER}=c").tokens == {ACCOUNT: ("a", "b"), OTHER: ("c",)}
    assert secrets_from(both, "").tokens == {}
    assert secrets_from(ACCOUNT, "t", "k1=s").shared == SharedKey("k1", "s")
    with pytest.raises(signature.NoSuchAccount):
        secrets_from(ACCOUNT, f"{OTHER}=x")
