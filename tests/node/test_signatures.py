"""Signed webhooks by the provider's helper for Node: it signs what we let in, and lets in what we sign."""

import hashlib
import json
import random
import subprocess
from pathlib import Path
from urllib.parse import quote, urlencode

from hotline.telephony import signature
from hotline.telephony.signature import Secrets, Wire, verify

ACCOUNT, TOKEN = "AC" + "1" * 32, "first-token"
BASE, PATH = "https://line.example.org", "/hotline/twilio/voice/language/"
SECRETS = Secrets({ACCOUNT: (TOKEN,)})
HELPER = Path(__file__).with_name("signing.js")
NAMES = ["a", "A", "Sid", "SidAccount", "Digits", "Body", "__proto__", "10", "9", "Où", "名", "x-y", "SipHeader_X-1"]
# Signs beyond the sixteen-bit plane are not mixed with those of its end: the two libraries sort them differently.
SIGNS = "aZ019 +&=%~:;|/?#'\"<>\\\t\n\r" + "éßعব่ሀ\u200b\u2028" + "😀𝒜"
QUERIES = ["", "t=1", "t=1&t=2", "t=%7E%3A%2B", "t=1;x=/@:", "t=a|b", "t='", "t=&&=", "t=%C3%A9+%20"]


def odd(count: int, seed: int):
    """Draw requests: address, repeated names and values of every kind."""
    draw = random.Random(seed)  # noqa: S311 -- drawn again alike
    for number in range(count):
        fields = {"AccountSid": [ACCOUNT]}
        for name in draw.sample(NAMES, draw.randrange(len(NAMES))):
            fields[name] = [
                "".join(draw.choices(SIGNS, k=draw.randrange(12))) for _ in range(draw.choice((1, 1, 1, 3)))
            ]
        yield QUERIES[number % len(QUERIES)], fields, draw.choice((BASE, f"{BASE}:443"))


def by_node(packages, requests: list[dict]) -> list[dict]:
    """Return what the helper says of each request, all in one process."""
    lines = "\n".join(json.dumps(one) for one in requests)
    said = subprocess.run(
        ["node", HELPER, packages], input=lines, capture_output=True, text=True, check=True, timeout=60
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def wire(query: str, body: bytes, sent: str, kind="application/x-www-form-urlencoded") -> Wire:
    target = PATH + (f"?{query}" if query else "")
    return Wire(raw_uri=target, path=PATH, query=query, body=body, content_type=kind, signature=sent)


def genuine(one: Wire) -> bool:
    return verify(one, secrets=SECRETS, public_url=BASE).genuine


def test_odd_requests_are_signed_and_judged_alike_on_both_sides(packages):
    drawn = list(odd(400, 4))
    asked = []
    for query, fields, base in drawn:
        url = base + PATH + (f"?{query}" if query else "")
        ours = signature.signature(TOKEN, signature.signed_text(url, fields))
        flat = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
        asked.append({"token": TOKEN, "url": url, "fields": flat, "body": None, "signature": ours})
    changed = [one | {"fields": one["fields"] | {"Digits": "forged"}} for one in asked]
    other = [one | {"token": "stolen"} for one in asked]

    answers = by_node(packages, asked + changed + other)

    for one, answer, (query, fields, _base) in zip(asked, answers, drawn, strict=False):
        body = urlencode(fields, doseq=True, quote_via=quote).encode()
        assert (answer["signature"], answer["valid"]) == (one["signature"], True), one
        assert genuine(wire(query, body, answer["signature"])), one
        forged = urlencode(fields | {"Digits": ["forged"]}, doseq=True).encode()
        assert not genuine(wire(query, forged, answer["signature"])), one
    for answer, (query, fields, _base) in zip(answers[2 * len(asked) :], drawn, strict=True):
        assert not answer["valid"]
        assert not genuine(wire(query, urlencode(fields, doseq=True).encode(), answer["signature"]))
    assert not any(answer["valid"] for answer in answers[len(asked) :])


def test_hash_of_a_body_is_judged_alike_on_both_sides(packages):
    body = urlencode({"AccountSid": ACCOUNT, "Body": "Où 😀"})
    query = f"t=1&bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    url = f"{BASE}{PATH}?{query}"
    one = {"token": TOKEN, "url": url, "fields": {}, "body": body, "signature": signature.signature(TOKEN, url)}

    true, false = by_node(packages, [one, one | {"body": f"{body}&Digits=9"}])

    assert (true["valid"], false["valid"], true["signature"]) == (True, False, one["signature"])
    assert genuine(wire(query, body.encode(), true["signature"]))
    assert not genuine(wire(query, f"{body}&Digits=9".encode(), true["signature"]))
