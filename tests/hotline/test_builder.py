"""Each document of the call flow by the provider's own builder: all steps, all keys, all languages."""

from itertools import product

import pytest
from django.conf import settings
from django.http import HttpResponse

from hotline import ivr
from hotline.telephony import grammar, twiml
from hotline.telephony.providers import SIMULATED_ACCOUNT
from languages import table
from languages.voices import voice_for
from tests.hotline import builder
from tests.hotline.test_ivr import KEYS, STEPS, line

PLACE = twiml.Place(
    base="https://line.example.org", turn=4, room="abc", duty_phone="+231770009999", caller_id="+2312883",
    wait_turn=4001, phone="+231770001111", phone_token=7,
)  # fmt: skip
SAID = '<Say language="en-GB" voice="Polly.Amy">words</Say>'


def written(key, language):
    """Return words with every sign that a document must guard, by the language's own voice where it has one."""
    voice = voice_for(language)
    named = {"voice": voice.name, "voice_language": voice.locale} if voice else {"voice": twiml.WRITTEN}
    return twiml.Cell(f"{key} <&> “{{number}}” '\"", language, **named)


def recorded(key, language):
    return twiml.Cell("", language, recording=f"https://line.example.org/a/?k={key}&l={language}")


def turns(language):
    """Return what is heard at every step, by silence and by every key, on lines of every kind."""
    lines = [line(languages=(("1", language), ("2", "en")), mode=mode, is_open=is_open)
             for mode, is_open in product(("normal", "message", "forward"), (True, False))]  # fmt: skip
    for step, where, question in product(STEPS, lines, ("danger", "trouble")):
        if question == "trouble" and step in {"silent", "asked"}:
            continue
        call = ivr.Call(step=step, question=question, language=language)
        yield ivr.present(call, where)
        for key in KEYS:
            yield ivr.advance(
                STEPS[step], ivr.Call(step=step, question=question, digits=key, language=language), where
            )


@pytest.mark.parametrize("language", table.CODES)
def test_every_step_in_every_language_is_what_the_builder_could_have_made(language):
    heard = {turn.heard for turn in turns(language)}

    assert len(heard) > 20
    for told, cells in product(heard, (written, recorded)):
        document = twiml.render(told, PLACE, cells)
        builder.judge(document, SIMULATED_ACCOUNT)
        grammar.read(document)


@pytest.mark.parametrize("document", [
    twiml.wait_document([ivr.Say("wait", "ar")], PLACE, written, 12), twiml.hold_document(PLACE, recorded, "ht"),
    twiml.join_document(PLACE), twiml.whisper_document(PLACE, written, "en", "Français"),
    twiml.duty_document(SAID, "116", "+2312883"), twiml.duty_document(SAID, "", ""),
    twiml.document(f"<Dial>{twiml.conference(PLACE, starts=False, ends=False, coach='CA1')}</Dial>"), twiml.EMPTY,
])  # fmt: skip
def test_documents_beside_the_flow_are_the_builders_too(document):
    builder.judge(document, SIMULATED_ACCOUNT)


def test_our_grammar_allows_nothing_that_the_builder_does_not_know():
    outer = builder.children_of(builder.VoiceResponse)
    inner = {name: builder.children_of(outer[name][1]) for name in grammar.CHILDREN}

    for name, attributes in grammar.ATTRIBUTES.items():
        known = [among[name][0] for among in (outer, *inner.values()) if name in among]
        assert any(attributes <= found for found in known), name
    assert set(outer) >= grammar.TOP
    for parent, children in grammar.CHILDREN.items():
        assert set(inner[parent]) >= children


@pytest.mark.parametrize("wrong", [
    "<Response><Gather><Dial>1</Dial></Gather></Response>",
    '<Response><Say speed="2">x</Say></Response>',
    '<Response><Dial><Conference holdUrl="x">r</Conference></Dial></Response>',
    "<Response><Wait/></Response>",
    "<Response><Dial><Number>+231770009999</Number></Dial></Response>",
    "<Html/>",
    "<Response><Say>x</Say></Response>",
    '<Response><Say language="fr-FR" voice="Polly.Amy">x</Say></Response>',
    '<Response><Say language="bn-IN" voice="Google.bn-IN-Standard-A">x</Say></Response>',
    '<Response><Say language="rw-RW" voice="written">x</Say></Response>',
])  # fmt: skip
def test_what_the_builder_does_not_know_or_shows_the_callers_number_is_refused(wrong):
    with pytest.raises(builder.NotBuilt):
        builder.judge(wrong, SIMULATED_ACCOUNT)


def test_every_document_that_a_test_is_answered_stands_before_the_judge(rf):
    wrong = HttpResponse("<Response><Dance/></Response>", content_type="text/xml; charset=utf-8")

    assert settings.MIDDLEWARE[0] == "tests.hotline.builder.Judged"
    with pytest.raises(builder.NotBuilt, match="Dance"):
        builder.Judged(lambda request: wrong)(rf.post("/", {"AccountSid": SIMULATED_ACCOUNT}))


@pytest.mark.parametrize(("account", "is_on"), [("AC" + "7" * 32, True), (SIMULATED_ACCOUNT, False)])
def test_words_that_no_voice_says_are_shown_on_the_simulated_account_alone(settings, account, is_on):
    shown = '<Response><Say language="rw" voice="written">x</Say></Response>'
    builder.judge(shown, SIMULATED_ACCOUNT)
    settings.SIMULATOR = is_on

    with pytest.raises(builder.NotBuilt, match="written in rw"):
        builder.judge(shown, account)
