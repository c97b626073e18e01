"""Reading voice documents as strictly as the provider does: an unknown verb or attribute fails loudly."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_DOCUMENT = 64 * 1024
_URL = {"method"}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "Say": frozenset({"language", "voice", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Redirect": frozenset(_URL),
    "Gather": frozenset(
        {"input", "action", "method", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult"}
    ),
    "Record": frozenset(
        {"action", "method", "maxLength", "timeout", "finishOnKey", "playBeep", "trim", "recordingStatusCallback",
         "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "transcribe"}
    ),
    "Dial": frozenset({"action", "method", "timeout", "callerId", "answerOnBridge", "hangupOnStar", "timeLimit"}),
    "Number": frozenset({"url", "method", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"}),
    "Client": frozenset({"url", "method", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"}),
    "Conference": frozenset(
        {"startConferenceOnEnter", "endConferenceOnExit", "beep", "participantLabel", "maxParticipants", "record",
         "coach", "muted", "waitUrl", "waitMethod", "statusCallback", "statusCallbackMethod", "statusCallbackEvent"}
    ),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
}  # fmt: skip
TOP = frozenset({"Say", "Play", "Pause", "Redirect", "Gather", "Record", "Dial", "Hangup", "Reject"})
CHILDREN = {"Gather": frozenset({"Say", "Play", "Pause"}), "Dial": frozenset({"Number", "Client", "Conference"})}
IN_ROOM = frozenset({"Say", "Play", "Pause", "Redirect"})
METHODS = ("method", "waitMethod", "statusCallbackMethod", "recordingStatusCallbackMethod")


class BadDocument(Exception):
    """Raised when a document is no TwiML, or holds what the provider does not know; `code` is its error number."""

    def __init__(self, code: str, what: str):
        super().__init__(f"Error {code}: {what}")
        self.code = code


def read(text: str, *, in_room: bool = False) -> list[Element]:
    """Return the verbs of a document; `in_room` allows only what may be heard while waiting or on hold."""
    if len(text.encode()) > MAX_DOCUMENT:
        raise BadDocument("11750", "the document is larger than 64 KB")
    if text != text.lstrip():
        raise BadDocument("12100", "the document begins with an empty line")
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadDocument("12100", "the document is no XML") from error
    if root.tag != "Response":
        raise BadDocument("12200", f"<{root.tag}> is no response")
    for verb in root:
        _check(verb, IN_ROOM if in_room else TOP, "13238" if in_room and verb.tag in TOP else "12200")
    return list(root)


def _check(verb: Element, allowed: frozenset[str], code: str) -> None:
    if verb.tag not in allowed:
        raise BadDocument(code, f"<{verb.tag}> may not stand here")
    if unknown := set(verb.attrib) - ATTRIBUTES[verb.tag]:
        raise BadDocument("12200", f"<{verb.tag}> has no attribute {', '.join(sorted(unknown))}")
    for name in METHODS:
        if verb.get(name, "POST").upper() != "POST":
            raise BadDocument("12200", f"<{verb.tag}> would send {name}={verb.get(name)}; every address takes POST")
    for child in verb:
        _check(child, CHILDREN.get(verb.tag, frozenset()), "12200")
