"""Documents, their grammar, scripts, and the provider's REST interface as we call it."""

import json
from types import SimpleNamespace

import pytest
import requests
from requests.adapters import BaseAdapter

from hotline import ivr
from hotline.models import SimulatorCall
from hotline.telephony import grammar, scripts, twilio, twiml
from hotline.telephony.base import ProviderDown, ProviderRefused
from hotline.telephony.providers import NoSuchProvider, is_simulated, provider
from hotline.telephony.simulated import Behaviour, Simulator

PLACE = twiml.Place(base="https://line.example.org", turn=4, room="abc", duty_phone="+231770009999", wait_turn=4001)


def cells(key, language):
    return twiml.Cell(f"words of {key} {{number}}", language, voice=twiml.WRITTEN)


def test_written_words_are_marked_and_escaped():
    cell = twiml.Cell("a < b & {number}", "ht", voice=twiml.WRITTEN)

    assert twiml.spoken(cell, [("number", "116")]) == '<Say language="ht" voice="written">a &lt; b &amp; 1 1 6</Say>'


def test_recording_is_played_with_recorded_digits_after_it():
    def recorded(key, language):
        return twiml.Cell("", language, recording=f"https://x/{key}")

    played = twiml.spoken(recorded("other_number", "ht"), [("number", "116")], recorded)

    assert played.count("<Play>") == 4
    assert "https://x/digit_6" in played


@pytest.mark.parametrize(
    "heard",
    [
        (ivr.Say("greeting", "en"),),
        (ivr.Gather("language", (ivr.Say("greeting", "en"),)),),
        (ivr.Say("wait", "en"), ivr.Queue()),
        (ivr.Dial(),),
        (ivr.Record("9"),),
        (ivr.HangUp(),),
    ],
)
def test_every_document_is_within_the_grammar(heard):
    assert grammar.read(twiml.render(heard, PLACE, cells))


def test_caller_neither_starts_nor_ends_a_room_and_the_operator_does_both():
    waiting = grammar.read(twiml.render((ivr.Queue(),), PLACE, cells))[0]
    joining = grammar.read(twiml.join_document(PLACE))[0]

    assert [waiting[0].get(name) for name in ("startConferenceOnEnter", "endConferenceOnExit", "beep")] == [
        "false"
    ] * 3
    assert [joining[0].get(name) for name in ("startConferenceOnEnter", "endConferenceOnExit")] == ["true", "true"]
    assert waiting.get("hangupOnStar") == "true"
    assert waiting[0].get("statusCallbackEvent") == "start end join leave hold modify"


@pytest.mark.parametrize("document", [twiml.wait_document([ivr.Say("wait", "en")], PLACE, cells, 12),
                                      twiml.hold_document(PLACE, cells, "en")])  # fmt: skip
def test_waiting_and_hold_documents_may_stand_in_a_room(document):
    assert grammar.read(document, in_room=True)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Response><Gather/></Response>", "13238"),
        ("<Response><Dance/></Response>", "12200"),
        ('<Response><Say colour="red">x</Say></Response>', "12200"),
        ('<Response><Redirect method="GET">x</Redirect></Response>', "12200"),
        ("\n<Response/>", "12100"),
        ("<Response>", "12100"),
        ('<!DOCTYPE r [<!ENTITY e "x">]><Response>&e;</Response>', "12100"),
        ("<Html/>", "12200"),
        (f"<Response><Say>{'x' * 70_000}</Say></Response>", "11750"),
    ],
)
def test_document_outside_the_grammar_fails_loudly(document, code):
    with pytest.raises(grammar.BadDocument) as refused:
        grammar.read(document, in_room=code == "13238")

    assert refused.value.code == code


def test_script_is_read_and_an_unknown_word_names_its_line():
    steps = scripts.parse('# note\ncall 2883 withheld\n\nexpect heard "Hello" in en\n')

    assert [(step.number, step.word) for step in steps] == [(2, "call"), (4, "expect")]
    with pytest.raises(scripts.ScriptFault, match="Line 2: .*Did you mean “press”?"):
        scripts.parse("call 2883 withheld\npres 1")
    with pytest.raises(scripts.ScriptFault, match="Write it as: wait 20"):
        scripts.parse("wait long")


def test_fallback_document_is_used_when_nobody_answers(at):
    heard = []

    def dead(method, url, headers, body):
        return 503, {}, ""

    network = Simulator(
        dead, account="AC1", token="t", base_url="http://x", clock=lambda: at, observer=heard.append,
        fallback="<Response><Dial><Number>+231770009999</Number></Dial></Response>",
        behaviours=lambda to: Behaviour(answers=False),
    )  # fmt: skip

    call = network.dial("+231770001111", "2883")

    assert call.is_live
    assert [one.to for one in network.calls.values()][1] == "+231770009999"


class Recorded(BaseAdapter):
    """A transport that keeps what was sent and answers as told."""

    def __init__(self, status, body):
        super().__init__()
        self.status, self.body, self.sent, self.timeouts = status, body, [], []

    def send(self, request, **kwargs):
        self.sent.append(request)
        answer = requests.Response()
        answer.status_code, answer._content, answer.request, answer.url = self.status, self.body, request, request.url
        return answer

    def close(self):
        """Nothing to close."""


def twilio_with(status, body):
    line = twilio.TwilioProvider("AC" + "1" * 32, "user", "secret")
    recorded = Recorded(status, json.dumps(body).encode())
    line.client.http_client.session.mount("https://", recorded)
    return line, recorded


def test_dialling_repeats_the_events_and_posts_our_addresses():
    line, recorded = twilio_with(201, {"sid": "CA1"})

    sid = line.dial(to="+231770001111", from_="+2312883", url="https://x/v", status_url="https://x/s", seconds=20)

    body = recorded.sent[0].body
    assert sid == "CA1"
    assert body.count("StatusCallbackEvent=") == 4
    assert "Method=POST" in body
    assert "Timeout=20" in body


def test_hold_sets_the_method_of_its_document():
    line, recorded = twilio_with(200, {"call_sid": "CA1"})

    line.hold("CF1", "CA1", held=True, url="https://x/hold")

    assert "HoldMethod=POST" in recorded.sent[0].body


@pytest.mark.parametrize(("status", "error"), [(503, ProviderDown), (429, ProviderDown), (404, ProviderRefused)])
def test_faults_of_the_provider_have_our_names(status, error):
    line, _recorded = twilio_with(status, {"code": 20404, "message": "no"})

    with pytest.raises(error):
        line.hang_up("CA1")


def test_deleting_what_is_gone_is_no_fault():
    line, recorded = twilio_with(404, {"code": 20404, "message": "gone"})

    line.delete_message("SM1")

    assert recorded.sent[0].method == "DELETE"


def test_the_record_of_a_call_is_deleted_with_those_of_the_calls_it_dialled(monkeypatch):
    line, recorded = twilio_with(204, {})
    monkeypatch.setattr(
        line.client.calls, "list", lambda **named: [SimpleNamespace(sid=f"{named['parent_call_sid']}-child")]
    )

    line.delete_call("CA1")

    assert [(one.method, one.url.rsplit("/", 1)[1]) for one in recorded.sent] == [
        ("DELETE", "CA1-child.json"),
        ("DELETE", "CA1.json"),
    ]


@pytest.mark.parametrize(("status", "code"), [(409, 0), (400, 20009)])
def test_what_is_not_over_is_deleted_later(status, code):
    line, _recorded = twilio_with(status, {"code": code, "message": "not completed"})

    with pytest.raises(ProviderDown):
        line.delete_message("SM1")


@pytest.mark.django_db
def test_the_practice_network_forgets_a_call_that_is_over_and_no_other():
    row = SimulatorCall.objects.create(sid="CA1", status="in-progress")
    line = provider("AC" + "0" * 32)
    with pytest.raises(ProviderDown):
        line.delete_call("CA1")
    SimulatorCall.objects.filter(pk=row.pk).update(status="completed")

    line.delete_call("CA1")
    line.delete_call("CA1")

    with pytest.raises(ProviderRefused):
        line.call("CA1")


def test_session_has_our_time_outs_and_never_retries():
    adapter = twilio.bounded_session().get_adapter("https://api.twilio.com")

    assert twilio.TIMEOUTS == (3, 5)
    assert adapter.max_retries.total == 0


def test_simulated_provider_serves_its_own_account_only(settings):
    assert is_simulated("AC" + "0" * 32)
    assert not is_simulated("AC" + "1" * 32)
    with pytest.raises(NoSuchProvider):
        provider("AC" + "1" * 32)
    settings.SIMULATOR = False
    assert not is_simulated("AC" + "0" * 32)
