"""What may stand in a voice document by the provider's own builder: a judge that is not ours.

The grammar is read out of `twilio.twiml`: which elements a method of an element makes, and which attributes it gives
them. Two more rules are ours: a telephone is never shown the caller's number, and words are spoken by a voice of our table
in the locale that it speaks, or shown on the simulated account alone. Every document that a webhook answers in any test
passes through `Judged` (settings of the tests); our own grammar, which the simulator reads by, is narrower.
"""

import inspect
from functools import cache
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

from hotline.telephony.providers import is_simulated
from hotline.telephony.twiml import WRITTEN
from languages import table
from languages.voices import voices_of

VARIABLE = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
Children = dict[str, tuple[frozenset[str], type[TwiML]]]


class NotBuilt(AssertionError):
    """Raised for a document that the provider's builder could not have made."""


@cache
def children_of(kind: type[TwiML]) -> Children:
    """Return what an element may hold: names, with the attributes that the builder knows and the class of each."""
    made: Children = {}
    for _name, method in inspect.getmembers(kind, inspect.isfunction):
        names = [name for name, one in inspect.signature(method).parameters.items() if one.kind not in VARIABLE]
        if method.__qualname__.startswith("TwiML.") or method.__name__.startswith("_"):
            continue
        child = getattr(kind(), method.__name__)(**{name: "x" for name in names if name != "self"})
        made[child.name] = (frozenset(child.attrs), type(child))
    return made


SPOKEN = frozenset((voice.name, voice.locale) for code in table.CODES for voice in voices_of(code).values())


def judge(text: str, account: str) -> None:
    """Raise NotBuilt where a document of an account has what the builder does not put there, or what no voice can say."""
    root = fromstring(text)
    if root.tag != "Response":
        raise NotBuilt(f"<{root.tag}> is no response")
    if any(dial.find("Number") is not None and not dial.get("callerId") for dial in root.iter("Dial")):
        raise NotBuilt("<Dial> rings a telephone and shows it the caller's own number: it has no callerId")
    _judge(root, VoiceResponse)
    for say in root.iter("Say"):
        _judge_voice(say.get("voice"), say.get("language"), account)


def _judge_voice(voice: str | None, language: str | None, account: str) -> None:
    """Raise NotBuilt for a voice that nobody has, in another locale than its own, or written where telephones hear."""
    is_shown = voice == WRITTEN and language in table.CODES and is_simulated(account)
    if not is_shown and (voice, language) not in SPOKEN:
        raise NotBuilt(f"<Say> has the voice {voice} in {language}")


def _judge(element: Element, kind: type[TwiML]) -> None:
    known = children_of(kind)
    for child in element:
        if child.tag not in known:
            raise NotBuilt(f"<{child.tag}> may not stand in <{element.tag}>")
        attributes, inner = known[child.tag]
        if unknown := set(child.attrib) - attributes:
            raise NotBuilt(f"<{child.tag}> has no {', '.join(sorted(unknown))}")
        _judge(child, inner)


class Judged:
    """Stands before all middleware of the tests: a document outside the builder's grammar is a fault of the test."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/xml") and response.content:
            judge(response.content.decode(), request.POST.get("AccountSid", ""))
        return response
