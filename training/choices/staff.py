"""Why somebody of the staff changed what stands on record; the audit log keeps the code. Codes outlive their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WithdrawalReason(TextChoices):
    """Why a certificate was withdrawn; whoever checks it is not told."""

    IN_ERROR = "in_error", _("It was issued in error")
    NOT_HER_WORK = "not_her_work", _("The answers were not her or his own")
    NAME_WRONG = "name_wrong", _("The name is written wrongly: a new one is issued with the name in her account")
    ASKED = "asked", _("The holder asked for it")
    OTHER = "other", _("Another reason")


class VoidReason(TextChoices):
    """Why a tick of attendance is taken back."""

    WRONG_PERSON = "wrong_person", _("It was somebody else")
    WRONG_SESSION = "wrong_session", _("It was another session")
    NOT_THERE = "not_there", _("She or he was not there")
    WRONG_MINUTES = "wrong_minutes", _("She or he did not stay so long")


class VoidTestReason(TextChoices):
    """Why a test is set aside."""

    NOT_HER_WORK = "not_her_work", _("The answers were not her or his own")
    WRONG_PERSON = "wrong_person", _("Somebody else was signed in by mistake")
    WRONG_KEY = "wrong_key", _("It was passed by an answer that was never right")
    OTHER = "other", pgettext_lazy("why a test is set aside", "Another reason")


class ClaimReason(TextChoices):
    """Why a test that an account took over does not count."""

    BEYOND = (
        "beyond_tries",
        _("Handed in with a code while the account had to wait or had used all its tries: it counts as practice"),
    )


class WaiveReason(TextChoices):
    """Why a lesson or story counts as done for somebody."""

    TAUGHT = "taught", pgettext_lazy("why a lesson is waived", "It was taught in a class")
    KNOWN = "known", pgettext_lazy("why a lesson is waived", "She or he has shown to know it")
    ACCESS = "access", pgettext_lazy("why a lesson is waived", "It cannot be read or played with the means there are")
    OTHER = "other", pgettext_lazy("why a lesson is waived", "Another reason")


class UnwaiveReason(TextChoices):
    """Why a waiver is taken back."""

    WRONG_PERSON = "wrong_person", pgettext_lazy("why a waiver is taken back", "It was meant for somebody else")
    WRONG_LESSON = (
        "wrong_lesson",
        pgettext_lazy("why a waiver is taken back", "It was meant for another lesson or story"),
    )
    NOT_SO = "not_so", pgettext_lazy("why a waiver is taken back", "The reason it was given for does not hold")
    OTHER = "other", pgettext_lazy("why a waiver is taken back", "Another reason")


# Reasons as the holder herself is told them, where they stand otherwise for staff.
TOLD_THE_HOLDER = {
    WithdrawalReason.NOT_HER_WORK.value: _("The answers were not your own"),
    WithdrawalReason.NAME_WRONG.value: _(
        "Your name is written wrongly: a new one is issued with the name in your account"
    ),
    WithdrawalReason.ASKED.value: _("You asked for it"),
}


class AllowReason(TextChoices):
    """Why somebody may take a test once more."""

    NETWORK = "network", pgettext_lazy("why one more try", "The phone or the network failed")
    DISTURBED = "disturbed", pgettext_lazy("why one more try", "She or he was disturbed")
    TAUGHT = "taught", pgettext_lazy("why one more try", "We went through the course together")
    OTHER = "other", pgettext_lazy("why one more try", "Another reason")
