"""What may stand in a voice document by the provider's own builder: a judge that is not ours.

The grammar is read out of `twilio.twiml`: which elements a method of an element makes, and which attributes it gives
them. One more rule is ours: a telephone is never shown the caller's number. Every document that a webhook answers in any test passes through `Judged` (settings of the tests); our own
grammar, which the simulator reads by, is narrower.
"""

import inspect
from functools import cache
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

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


def judge(text: str) -> None:
    """Raise NotBuilt where a document has an element or attribute that the builder does not put there."""
    root = fromstring(text)
    if root.tag != "Response":
        raise NotBuilt(f"<{root.tag}> is no response")
    if any(dial.find("Number") is not None and not dial.get("callerId") for dial in root.iter("Dial")):
        raise NotBuilt("<Dial> rings a telephone and shows it the caller's own number: it has no callerId")
    _judge(root, VoiceResponse)


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
            judge(response.content.decode())
        return response
