"""What a caller hears, and what a door answers, when what comes in is not as it should be.

One list of all of it, with the test that proves each: docs/algorithms/call-flow.md, "What each failure sounds like".
"""

import itertools

import pytest

from hotline import ivr
from hotline.demo.stage import Stage
from hotline.ivr.table import KEYED, STEPS
from hotline.models import Contact, OpeningHours, WebhookEvent
from hotline.telephony import signature
from hotline.telephony.simulated import Behaviour
from tests.hotline.test_ivr import LINES, following, prompts, told

DOORS = ("voice/", "voice/language/", "status/", "message/", "message-status/")
MENUS = sorted((address, place) for address in KEYED for place in STEPS[address][0])


@pytest.mark.either
def test_the_hash_key_alone_is_no_choice_and_leads_by_silence_or_by_itself_to_a_number_or_a_message():
    """A network that reads whole numbers sends nothing for it, one that reads single keys the sign itself."""
    for (address, place), digits, where in itertools.product(MENUS, ("#", ""), LINES):
        call = ivr.Call(step=place, question="danger")
        heard = []
        for _try in range(40):
            now = ivr.Call(**(call.__dict__ | {"digits": digits}))
            turn = ivr.advance(STEPS_OF.get(call.step, address), now, where)
            heard += [*told(turn), *prompts(turn)]
            if "HangUp" in told(turn) or turn.step in REACHED:
                break
            call = following(now, turn)
        assert turn.step in REACHED or "other_number" in heard, (address, place, digits, where)


STEPS_OF = {place: address for address, (places, _act) in STEPS.items() for place in places if address in KEYED}
REACHED = {"waiting", "duty", "phones", "voicemail"}  # a person, a telephone that rings, or a message


@pytest.mark.django_db
@pytest.mark.either
def test_a_megabyte_at_any_door_is_refused_unread_and_leaves_nothing(network, client, line):
    body = b"CallSid=CA" + b"1" * 32 + b"&Body=" + b"x" * 1_000_000
    for door in DOORS:
        unsigned = client.post(f"/hotline/twilio/{door}", body, content_type="application/x-www-form-urlencoded")
        signed = network.post(f"/hotline/twilio/{door}", {"CallSid": "CA" + "1" * 32, "Body": "x" * 1_000_000})
        assert (unsigned.status_code, unsigned.content, signed.status, signed.text) == (403, b"", 413, "")
    assert not Contact.objects.exists()
    assert not WebhookEvent.objects.exists()
    assert len(body) > signature.MAX_BODY


# What the caller does, each key pressed in the first second of what is being said, and what she hears of it.
SPOKEN_OVER = (
    ("press 1\npress *\npress 3", "Leave your message after the tone"),
    ("press 1\npress *\npress 1", "Please stay on the line"),
    ("press 5\npress 1", "Are you in danger now?"),
    ("press 5\npress 1\npress 1", "Are you locked in?"),
    ("press 9", "before everyone else"),
    ("press 1\npress *\npress 2\npress 2", "When may we call?"),
    ("press 8", "not a choice"),
)


@pytest.mark.django_db
@pytest.mark.either
def test_a_key_counts_while_the_line_still_speaks(line, operator, at):
    for number, (keys, heard) in enumerate(SPOKEN_OVER):
        stage = Stage(at=at, seed=f"over {number}", operator=operator)
        stage.play(f"call 2883 from +231770001111\n{keys}")

        assert any(heard in one.text for one in stage.heard), (keys, [one.text for one in stage.heard][-4:])
        assert (stage.at - at).total_seconds() < 1
        stage.clear()


@pytest.mark.django_db
@pytest.mark.either
@pytest.mark.parametrize("line_is", ["open", "closed", "nobody"])
def test_endless_silence_is_answered_until_it_ends_at_a_number_and_never_by_a_long_pause(line, operator, at, line_is):
    if line_is == "closed":
        OpeningHours.objects.all().delete()
    if line_is == "nobody":
        operator.shifts.all().delete()
        operator.operator_state.delete()
    stage = Stage(at=at, seed=line_is, operator=operator)
    stage.network.behaviours = lambda _to: Behaviour(answers=False)
    stage.play("call 2883 withheld\nwait 1800")

    said = [one for one in stage.heard if one.kind in {"say", "ringing", "record"}]
    pauses = [(after.at - before.at).total_seconds() for before, after in itertools.pairwise(said)]
    assert not stage.call.is_live
    assert max(pauses) < 45
    assert any("2 3 1 7 7 0 0 0 8 8 8 8" in one.text for one in said)
    assert any(one.kind == "ringing" and one.text == line.duty_phone for one in said) or line_is == "closed"
    assert Contact.objects.get().is_missed
