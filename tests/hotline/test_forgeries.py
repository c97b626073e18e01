"""Ten thousand forged requests of every kind: none is let in, none costs much more than a genuine one; and large bodies."""

import random
import string
import time
from statistics import median
from urllib.parse import urlencode

import pytest

from hotline import webhooks
from hotline.telephony import signature
from hotline.telephony.signature import Wire, verify
from tests.hotline.test_signature import BASE, FORGERIES, FORM, PATH, SECRETS, genuine, wire

pytestmark = [pytest.mark.long, pytest.mark.either]


def drawn(count: int, seed: int):
    """Draw forgeries of every kind, each with fields and a signature of its own."""
    draw, kinds = random.Random(seed), list(FORGERIES.items())  # noqa: S311 -- drawn again alike
    for number in range(count):
        name, forged = kinds[number % len(kinds)]
        values = {
            f"F{one}": "".join(draw.choices(string.printable, k=draw.randrange(40)))
            for one in range(draw.randrange(9))
        }
        body = forged.body + b"&" + urlencode(values).encode()
        sent = forged.signature if number % 2 else "".join(draw.choices(string.ascii_letters + "+/", k=27)) + "="
        yield name, Wire(**(forged.__dict__ | {"body": body, "signature": sent}))


def test_ten_thousand_forgeries_are_refused_by_the_judge():
    assert [name for name, one in drawn(10_000, 32) if genuine(one)] == []


def cost(one: Wire, secrets=SECRETS) -> float:
    """Return the CPU that one judgement takes, the middle of some turns."""
    turns = []
    for _turn in range(15):
        began = time.process_time()
        for _again in range(20):
            verify(one, secrets=secrets, public_url=BASE)
        turns.append((time.process_time() - began) / 20)
    return median(turns)


def test_no_forgery_costs_much_more_than_a_genuine_request():
    """Counted as a ratio of CPU: a forgery is tried with each token and each address, which are four signatures at most."""
    fields = [(f"Field{number}", "x" * 250) for number in range(150)]
    true = wire(fields)
    assert genuine(true)
    body = urlencode([*fields, ("AccountSid", dict(FORGERIES)["wrong token"].body.decode()[-34:])]).encode()
    ratios = {}
    for name, forged in FORGERIES.items():
        one = Wire(**(forged.__dict__ | {"body": body if forged.content_type == FORM else forged.body}))
        assert not genuine(one)
        ratios[name] = cost(one) / cost(true)

    assert max(ratios.values()) < 6, ratios


@pytest.mark.parametrize("size", [signature.MAX_BODY + 1, 1_000_000, "9" * 5_000])
@pytest.mark.parametrize("signed", [True, False])
def test_a_body_of_a_megabyte_is_refused_before_it_is_read(rf, size, signed):
    class Unread:
        def read(self, *_size):
            raise AssertionError("It was read.")

    headers = {"HTTP_X_TWILIO_SIGNATURE": "x"} if signed else {}
    request = rf.post(PATH, b"", content_type=FORM, **headers)
    request.META["CONTENT_LENGTH"], request._stream = str(size), Unread()

    answer = webhooks.voice(request)

    assert (answer.status_code, answer.content) == (413 if signed else 403, b"")
