"""Fixed words of the post: directions, states of messages, orders to the provider, ready texts, STOP and START."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


# A text of ours in one of these states reached nobody: it is no answer.
NOT_GONE = frozenset({MessageState.BLOCKED, MessageState.CANCELED, MessageState.FAILED, MessageState.UNDELIVERED})


# WhatsApp's word on a text that is no approved template, more than 24 hours after the person's last message.
OUT_OF_WINDOW = "63016"
# Why a text could not be sent where it is not the carrier who says so: code -> words.
TEXT_FAULTS: dict[str, str] = {
    "unopened": _("This cannot be opened"),
    "unheard": _("Nobody can say whether it arrived"),
    OUT_OF_WINDOW: _("WhatsApp lets only approved words through after 24 hours"),
}
# Why a recorded message could not be fetched: code -> words.
SOUND_LOST: dict[str, str] = {"gone": _("The provider has it no more")}


class CommandKind(TextChoices):
    """What the worker asks of the provider."""

    DIAL = "dial", _("Ring an operator")
    DIAL_THIRD = "dial_third", _("Ring a third person")
    ANNOUNCE = "announce", _("Say in the room who joins")
    CALL_BACK = "call_back", _("Ring for a call back")
    COVER = "cover", _("Say the cover phrase")
    COACH = "coach", _("Set who hears a supervisor")
    ROOM_END = "room_end", _("Set who ends the room")
    VERIFY = "verify", _("Ring a telephone to verify it")
    SELF_CALL = "self_call", _("Call the line itself")
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
    FETCH_ATTACHMENT = "fetch_attachment", _("Fetch a file that came with a message")
    DELETE_ATTACHMENT = "delete_attachment", _("Delete the provider's copy of a file")
    DELETE_CALL = "delete_call", _("Delete the provider's record of a call")


# Texts that the line may send; the words are prompts "text_<key>". Neutral: no name, no place, no subject.
TEXTS = {
    "call_us": _("The person may call again"),
    "received": _("We have your message"),
    "call_back_soon": _("We will call soon"),
    "news": _("There is news: please call"),
}


# Whole-message words by which a person stops or allows texts, folded to small letters without accents.
STOP_WORDS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "arret", "arrete", "arretez", "arreter", "parar", "pare", "sair", "alto",
     "detener", "baja", "rete", "kanpe", "توقف", "ايقاف", "إيقاف", "أوقف", "اوقف", "قف", "বন্ধ", "বন্ধ করুন", "বন্ধ করো", "থামুন", "berhenti", "หยุด", "acha", "simama",
     "hagarika", "taxawal", "atsaho", "ajanona", "siya", "lekani"}
)  # fmt: skip

# Of these the words that say something else in another language: the one they stop in, and that other. "Acha" is "all right"
# where Bengali is written in Latin letters.
STOPS_IN = {"acha": ("sw", "bn")}


START_WORDS = frozenset(  # none that answers a question as well: a yes in a thread takes no STOP back
    {"start", "unstop", "reprendre", "comecar", "empezar", "komanse", "ابدأ", "ابدا", "শুরু", "mulai",
     "เริ่ม", "anza", "tangira", "tambali", "atombohy", "yambani"}
)  # fmt: skip
