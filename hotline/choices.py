"""Fixed words of the hotline: states, outcomes, flags, keys of the line, prompts. Codes outlive their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactKind(TextChoices):
    """How somebody reached the line."""

    CALL = "call", pgettext_lazy("kind of contact", "Call")
    MESSAGE = "message", pgettext_lazy("kind of contact", "Text message")
    VISIT = "visit", pgettext_lazy("kind of contact", "Visit")
    LETTER = "letter", pgettext_lazy("kind of contact", "Letter")
    RADIO = "radio", pgettext_lazy("kind of contact", "Radio message")
    COMMUNITY = "community", pgettext_lazy("kind of contact", "Community report")


class State(TextChoices):
    """Where a contact stands: the table of docs/algorithms/call-flow.md."""

    STUB = "stub", _("Heard of, not yet seen")
    GREETING = "greeting", _("Choosing a language")
    NOTICE = "notice", _("Hearing the recording notice")
    CLOSED = "closed", _("Outside hours")
    NOBODY = "nobody", _("Nobody on shift")
    WAITING = "waiting", pgettext_lazy("state of a call", "Waiting")
    CHOICES = "choices", _("Choosing what to do while waiting")
    OFFERED = "offered", _("Offered to an operator")
    CONNECTED = "connected", _("In conversation")
    HELD = "held", _("On hold")
    CONSULT = "consult", _("In conversation with a third person")
    RETURNED = "returned", _("Cut off, waiting again")
    SILENT = "silent", _("Answering by keys")
    VOICEMAIL = "voicemail", _("Leaving a message")
    CALLBACK = "callback", _("Asking to be called back")
    TROUBLE = "trouble", _("Sent to the duty phone after a fault")
    WRAP_UP = "wrap_up", _("Over, sheet open")
    ENDED = "ended", _("Over, to be looked at")
    DONE = "done", pgettext_lazy("state of a call", "Done")


LIVE_STATES = frozenset(
    {"greeting", "notice", "closed", "nobody", "waiting", "choices", "offered", "connected", "held", "consult",
     "returned", "silent", "voicemail", "callback", "trouble"}
)  # fmt: skip
QUEUE_STATES = frozenset({"waiting", "choices", "returned"})
TALK_STATES = frozenset({"connected", "held", "consult"})
OVER_STATES = frozenset({"wrap_up", "ended", "done"})


class Outcome(TextChoices):
    """How a contact ended."""

    NONE = "", _("Not ended")
    ANSWERED = "answered", _("Answered by an operator")
    BY_PHONE = "by_phone", _("Answered on the duty phone")
    VOICEMAIL = "voicemail", _("Left a message")
    CALLBACK = "callback", _("Asked to be called back")
    ABANDONED = "abandoned", _("Hung up while waiting")
    AFTER_HOURS = "after_hours", _("Called outside hours")
    NOBODY = "nobody", _("Found nobody on shift")
    SILENT = "silent", _("Silent contact")
    GREETING = "left_greeting", _("Hung up in the greeting")
    FAILED = "failed", _("Failed on the way")
    MESSAGE = "message", _("Wrote to the line")


class Closing(TextChoices):
    """How the follow-up of a missed contact was closed."""

    REACHED = "reached", _("Reached and helped")
    NOT_SAFE = "not_safe", _("Not safe to call back")
    NOT_REACHED = "not_reached", _("Three tries, not reached")
    CALLED_AGAIN = "called_again", _("The person called again")
    NO_NEED = "no_need", _("No follow-up needed")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class Topic(TextChoices):
    """What a contact was about; counted, never a reason to delete."""

    CONCERN = "concern", _("Concern for somebody")
    CRISIS = "crisis", pgettext_lazy("kind of call", "Crisis")
    INFORMATION = "information", pgettext_lazy("kind of call", "Information")
    REFERRAL = "referral", _("Referral request")
    PROFESSIONAL = "professional", _("Question of a professional")
    SILENT = "silent", _("Silent call")
    HANG_UP = "hang_up", _("Hung up")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    BLANK = "blank", _("Blank call")
    HOAX = "hoax", pgettext_lazy("kind of call", "Hoax")
    ABUSIVE = "abusive", _("Abusive call")


class CallerClass(TextChoices):
    """What the network told about who calls (hotline.callers)."""

    PHONE = "phone", _("Phone number")
    SIP = "sip", _("Network user name")
    BSUID = "bsuid", _("Messaging user id")
    CLIENT = "client", _("Softphone of the line")
    WITHHELD = "withheld", _("Number withheld")


class Mode(TextChoices):
    """How a line answers today."""

    NORMAL = "normal", pgettext_lazy("mode of a line", "Normal")
    MESSAGE = "message", _("Messages only")
    FORWARD = "forward", _("Forwarded to the duty phone")
    DRILL = "drill", pgettext_lazy("mode of a line", "Drill")


class Answer(TextChoices):
    """The four answers to any question of the sheet and of the safety state."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")
    NOT_ASKED = "not_asked", _("Not asked")


class Presence(TextChoices):
    """What an operator is doing."""

    OFF = "off", pgettext_lazy("operator state", "Off")
    READY = "ready", pgettext_lazy("operator state", "Ready")
    OFFERED = "offered", pgettext_lazy("operator state", "Call coming")
    ON_CALL = "on_call", pgettext_lazy("operator state", "On call")
    WRAP_UP = "wrap_up", pgettext_lazy("operator state", "Wrap-up")
    BREAK = "break", pgettext_lazy("operator state", "Break")
    DEBRIEF = "debrief", pgettext_lazy("operator state", "Debrief")


class Duty(TextChoices):
    """What somebody does on a shift."""

    OPERATOR = "operator", _("Operator")
    INTERPRETER = "interpreter", _("Interpreter")


class LegRole(TextChoices):
    """Whose telephone a leg is."""

    CALLER = "caller", pgettext_lazy("leg of a call", "Caller")
    OPERATOR = "operator", pgettext_lazy("leg of a call", "Operator")
    INTERPRETER = "interpreter", pgettext_lazy("leg of a call", "Interpreter")
    AGENCY = "agency", pgettext_lazy("leg of a call", "Agency")
    SUPERVISOR = "supervisor", pgettext_lazy("leg of a call", "Supervisor")
    DUTY = "duty", pgettext_lazy("leg of a call", "Duty phone")


class Direction(TextChoices):
    """Which way a message goes."""

    IN = "in", _("Received")
    OUT = "out", _("Sent by us")


class MessageState(TextChoices):
    """What became of a message; after `queued` the carrier's words (hotline.callstate)."""

    OUTBOX = "outbox", _("Waiting to be sent")
    BLOCKED = "blocked_by_safety", _("Not sent: not safe, or not known to be safe")
    ACCEPTED = "accepted", _("Accepted by the carrier")
    SCHEDULED = "scheduled", _("Planned by the carrier")
    QUEUED = "queued", _("Queued at the carrier")
    SENDING = "sending", _("On its way")
    SENT = "sent", _("Sent")
    CANCELED = "canceled", _("Cancelled")
    FAILED = "failed", _("Failed")
    UNDELIVERED = "undelivered", _("Not delivered")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", pgettext_lazy("state of a message", "Read")
    RECEIVING = "receiving", _("Being received")
    RECEIVED = "received", _("Received")


class CommandKind(TextChoices):
    """What the worker asks of the provider."""

    DIAL = "dial", _("Ring an operator")
    REDIRECT = "redirect", _("Send a leg to another step")
    HOLD = "hold", _("Put on hold")
    UNHOLD = "unhold", _("Take back")
    MUTE = "mute", _("Shut a microphone")
    UNMUTE = "unmute", _("Open a microphone")
    HANG_UP = "hang_up", _("End a leg")
    FETCH_CALL = "fetch_call", _("Ask for the state of a call")
    FETCH_MESSAGE = "fetch_message", _("Ask for the state of a message")
    FETCH_RECORDING = "fetch_recording", _("Fetch a recorded message")
    DELETE_RECORDING = "delete_recording", _("Delete the provider's copy of a recorded message")
    DELETE_MESSAGE = "delete_message", _("Delete the provider's copy of a text message")


class Cover(TextChoices):
    """What the line says it is when somebody else picks up."""

    SURVEY = "survey", _("A telephone survey")
    HEALTH = "health", _("A health information service")
    COURSE = "course", _("A course office")


class WhoMayAnswer(TextChoices):
    """Who may pick up when the line calls back."""

    ONLY_ME = "only_me", _("Only the person")
    TRUSTED = "trusted", _("A person she or he trusts")
    ANYBODY = "anybody", _("Anybody")


class CallbackTime(TextChoices):
    """When the person may be called back; keys 1 to 4 on the line."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the evening")
    ANY = "any", _("At any time")


CALLBACK_KEYS = {"1": "morning", "2": "afternoon", "3": "evening", "4": "any"}
CALLBACK_HOURS = {"morning": (8, 12), "afternoon": (12, 17), "evening": (17, 20), "any": (8, 20)}

# The safety set that the line asks by keys of a person who cannot speak: 1 is no, 2 is yes.
QUESTIONS = {
    "danger": _("Are you in danger now?"),
    "locked_in": _("Are you locked in?"),
    "overheard": _("Is someone listening?"),
    "hurt": _("Are you hurt?"),
    "under_18": _("Are you under 18?"),
    "send_police": _("Do you want the police to come?"),
    "may_text": _("May we send you a text message?"),
}

LANGUAGE_KEYS = ("1", "2", "3", "4", "6", "7", "8")
KEY_DANGER, KEY_SILENT, KEY_REPEAT, KEY_STAR = "9", "5", "0", "*"

# Marks on a contact or an inbox row; each is a fact about the wire or the flow, never about the person.
FLAGS = {
    "unknown_number": _("Called a number that belongs to no line"),
    "unknown_call": _("Reported by the carrier before its first request"),
    "odd_text": _("Carried characters that were removed"),
    "second_answer": _("Sent twice with different keys; the first counted"),
    "not_now": _("Came when it could not apply; kept without effect"),
    "status_conflict": _("The carrier reported two different ends"),
    "no_claim": _("A leg joined without a claim and was sent away"),
    "short_message": _("The recorded message is very short or silent"),
    "no_number": _("Asked to be called back, gave no number that works"),
    "trouble": _("A fault sent this call to the duty phone"),
    "degraded": _("Answered while the database was away"),
    "simulated": _("Played by the simulator"),
    "recording_refused": _("Refused recording"),
    "empty_message": _("Carried no words"),
    "has_media": _("Carried pictures or sound, not kept"),
}

# What happened to a contact: the words of its timeline.
EVENTS = {
    "call_started": _("The call reached the line"),
    "language_chosen": _("Language chosen"),
    "danger_key": _("Danger key pressed"),
    "cannot_speak": _("Said by key: cannot speak"),
    "question_answered": _("Question answered by key"),
    "notice_heard": _("Recording notice heard"),
    "closed_heard": _("Heard that the line is closed"),
    "nobody_heard": _("Heard that nobody is free"),
    "queued": _("Joined the queue"),
    "choices_heard": _("Heard the choices while waiting"),
    "kept_waiting": _("Heard that the place is kept"),
    "claimed": _("Taken by an operator"),
    "claim_lapsed": _("The operator's telephone did not join in time"),
    "connected": _("Operator joined"),
    "hold_asked": _("Hold asked for"),
    "held": _("On hold, confirmed"),
    "unhold_asked": _("Taking back asked for"),
    "unheld": _("Taken back, confirmed"),
    "muted": _("Operator's microphone shut"),
    "unmuted": _("Operator's microphone open"),
    "returned": _("Operator lost; caller back at the head of the queue"),
    "end_asked": _("Operator ended the call"),
    "hung_up": _("The call ended"),
    "duty_dialled": _("Sent to the duty phone"),
    "duty_answered": _("The duty phone was answered"),
    "duty_unanswered": _("The duty phone was not answered"),
    "message_asked": _("Asked to leave a message"),
    "message_left": _("Message recorded"),
    "message_fetched": _("Recorded message fetched and sealed"),
    "message_deleted": _("Provider's copy of the recorded message deleted"),
    "callback_asked": _("Asked to be called back"),
    "callback_agreed": _("Agreed by key to be called back"),
    "callback_number": _("Another number given for calling back"),
    "not_a_choice": _("Pressed a key that is not a choice"),
    "nothing_pressed": _("Pressed nothing"),
    "other_number_heard": _("Heard the other number"),
    "trouble": _("A fault: sent to the duty phone"),
    "joined_refused": _("A telephone without a claim was sent away"),
    "third_joined": _("A third person joined"),
    "third_left": _("A third person left"),
    "text_received": _("Text message received"),
    "text_queued": _("Text message queued"),
    "text_sent": _("Text message handed to the carrier"),
    "text_blocked": _("Text message not sent: not safe, or not known to be safe"),
    "text_stopped": _("Asked us to stop writing"),
    "text_started": _("Allowed us to write again"),
    "sheet_saved": _("Sheet saved"),
    "language_set": _("Language changed by the operator"),
    "messages_read": _("Text messages read"),
    "safety_changed": _("Safety state changed"),
    "case_opened": _("Case opened"),
    "wrapped_up": _("Wrapped up"),
    "follow_up_closed": _("Follow-up closed"),
    "owner_changed": _("Follow-up given to another person"),
    "contact_written_down": _("Written down by staff"),
    "stub_made": _("Heard of from a callback"),
    "erased": _("What was sealed was erased"),
    "limit_reached": _("Waited as long as the line allows"),
}

# Texts that the line may send; the words are prompts "text_<key>". Neutral: no name, no place, no subject.
TEXTS = {
    "call_us": _("The person may call again"),
    "received": _("We have your message"),
    "call_back_soon": _("We will call soon"),
    "news": _("There is news: please call"),
}

# Whole-message words by which a person stops or allows texts, folded to small letters without accents.
STOP_WORDS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "arret", "arreter", "parar", "pare", "sair", "alto",
     "detener", "baja", "rete", "kanpe", "توقف", "ايقاف", "إيقاف", "বন্ধ", "berhenti", "หยุด", "acha", "simama",
     "hagarika", "taxawal", "atsaho", "ajanona", "siya", "lekani"}
)  # fmt: skip
START_WORDS = frozenset(
    {"start", "unstop", "yes", "oui", "reprendre", "sim", "comecar", "si", "empezar", "wi", "komanse", "ابدأ", "ابدا",
     "نعم", "শুরু", "mulai", "เริ่ม", "anza", "tangira", "tambali", "atombohy", "yambani"}
)  # fmt: skip


class PhoneState(TextChoices):
    """What an on-screen phone is doing."""

    IDLE = "idle", pgettext_lazy("state of a phone", "Ready to dial")
    DIALLING = "dialling", pgettext_lazy("state of a phone", "Dialling")
    LIVE = "live", pgettext_lazy("state of a phone", "On the line")
    ENDED = "ended", pgettext_lazy("state of a phone", "Hung up")


class ActKind(TextChoices):
    """What was done on an on-screen phone, or asked of the practice network."""

    DIAL = "dial", _("Dialled")
    PRESS = "press", _("Pressed a key")
    SPEAK = "speak", _("Spoke")
    HANG_UP = "hang_up", _("Hung up")
    CUT = "cut", _("The line was cut")
    TEXT = "text", _("Sent a text message")
    REST = "rest", _("An order of the worker")


class HeardKind(TextChoices):
    """What a line of a transcript is."""

    SAID = "said", _("The line said")
    DID = "did", _("You")
    TEXT = "text", _("Text message")
    ROOM = "room", _("In the room")
    ASKED = "asked", _("The network asked the line")
