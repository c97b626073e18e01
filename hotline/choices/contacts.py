"""Fixed words of contacts: kinds, states, outcomes, topics, callers, the safety state."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NOT_CHOSEN = "none"  # in a filter: the contacts of which no language is written down


class ContactKind(TextChoices):
    """How somebody reached the line."""

    CALL = "call", pgettext_lazy("kind of contact", "Call")
    MESSAGE = "message", pgettext_lazy("kind of contact", "Text message")
    VISIT = "visit", pgettext_lazy("kind of contact", "Visit")
    LETTER = "letter", pgettext_lazy("kind of contact", "Letter")
    RADIO = "radio", pgettext_lazy("kind of contact", "Radio message")
    COMMUNITY = "community", pgettext_lazy("kind of contact", "Community report")


OFFLINE = (ContactKind.VISIT, ContactKind.LETTER, ContactKind.RADIO, ContactKind.COMMUNITY)


class NotSame(TextChoices):
    """Why two contacts are not of one person after all."""

    SHARED = "shared", _("The telephone is shared")
    MISTAKE = "mistake", _("It was linked by mistake")
    ASKED = "asked", _("The person asked for it")


class Channel(TextChoices):
    """By what a contact came; an answer goes back by the same, for another may lie open to somebody else."""

    CALL = "call", pgettext_lazy("kind of contact", "Call")
    SMS = "sms", pgettext_lazy("kind of contact", "Text message")
    WHATSAPP = "whatsapp", _("WhatsApp message")


class State(TextChoices):
    """Where a contact stands: the table of docs/algorithms/call-flow.md."""

    STUB = "stub", _("Heard of, not yet seen")
    GREETING = "greeting", _("Choosing a language")
    CLOSED = "closed", _("Outside hours")
    NOBODY = "nobody", _("Nobody could answer")
    WAITING = "waiting", pgettext_lazy("state of a call", "Waiting")
    CHOICES = "choices", _("Choosing what to do while waiting")
    PHONES = "phones", _("Ringing the telephones of those on shift")
    OFFERED = "offered", _("Offered to an operator")
    CONNECTED = "connected", _("In conversation")
    HELD = "held", _("On hold")
    CONSULT = "consult", _("In conversation with a third person")
    ASKED = "asked", _("Answering a question by keys")
    RETURNED = "returned", _("Cut off, waiting again")
    SILENT = "silent", _("Answering by keys")
    VOICEMAIL = "voicemail", _("Leaving a message")
    CALLBACK = "callback", _("Asking to be called back")
    TROUBLE = "trouble", _("Sent to the duty phone after a fault")
    WRAP_UP = "wrap_up", _("Over, sheet open")
    ENDED = "ended", _("Over, to be looked at")
    DONE = "done", pgettext_lazy("state of a call", "Done")


class Standing(TextChoices):
    """What the log says in place of the state of a contact that somebody still has to follow up."""

    MISSED = "missed", pgettext_lazy("contact", "Missed")
    ANSWERED = "answered", _("Answered, not closed")
    FOLLOW_UP = "follow_up", _("Follow-up open")


STANDINGS = [*State.choices, *Standing.choices]


QUEUE_STATES = frozenset({"waiting", "choices", "returned"})


TALK_STATES = frozenset({"connected", "held", "consult", "asked"})


class Outcome(TextChoices):
    """How a contact ended."""

    NONE = "", _("Not ended")
    ANSWERED = "answered", _("Answered by an operator")
    BY_PHONE = "by_phone", _("Answered on the duty phone")
    VOICEMAIL = "voicemail", _("Left a message")
    CALLBACK = "callback", _("Asked to be called back")
    NO_NUMBER = "no_number", _("Asked to be called back, gave no number that works")
    UNCONFIRMED = "unconfirmed", _("Asked to be called back, did not confirm the number")
    NO_MESSAGE = "no_message", _("Chose to leave a message, left none")
    ABANDONED = "abandoned", _("Hung up while waiting")
    AFTER_HOURS = "after_hours", _("Called outside hours")
    NOBODY = "nobody", _("Found nobody on shift")
    UNANSWERED = "unanswered", _("Nobody answered in time")
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
    NO_DANGER = "no_danger", _("Found not to be in danger")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class After(TextChoices):
    """What happens after a call that was cut in danger, where more is to be done."""

    CALL_BACK = "call_back", _("I call back when it is safe")
    SUPERVISOR = "supervisor", _("A supervisor goes on with it")


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
    ABUSIVE = "abusive", pgettext_lazy("kind of contact", "Abusive")


class ErasingReason(TextChoices):
    """Why a contact was erased."""

    ASKED = "asked", _("The person asked for it")
    LAW = "law", _("A court or the law asks for it")
    MISTAKE = "mistake", _("It was kept by mistake")
    TIME_OVER = "time_over", _("Its time was over")
    RESTORED = "restored", _("Erased again what a backup brought back")
    LEFT = "left", _("Emptied what had stayed after it was erased")


class CallerClass(TextChoices):
    """What the network told about who calls (hotline.callers)."""

    PHONE = "phone", _("Phone number")
    SIP = "sip", _("Network user name")
    BSUID = "bsuid", _("Messaging user id")
    CLIENT = "client", _("Softphone of the line")
    UNKNOWN = "unknown", _("Not known")
    WITHHELD = "withheld", _("Number withheld")


class Answer(TextChoices):
    """The four answers to any question of the sheet and of the safety state."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")
    NOT_ASKED = "not_asked", _("Not asked")


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


class SafetyReason(TextChoices):
    """Why somebody changes what the person said, by key or to another operator, of how she or he may be reached."""

    TOLD = "told", _("The person told me so now")
    UNSAFE = "unsafe", _("It does not seem to be safe any more")
    DANGER = "danger", _("Danger to life")
    MISTAKE = "mistake", _("It was written down wrongly")


class CallbackTime(TextChoices):
    """When the person may be called back; keys 1 to 4 on the line."""

    MORNING = "morning", _("In the morning")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the evening")
    ANY = "any", _("At any time")
