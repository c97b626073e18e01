"""Groups that learn together: how people come in, attend and are reminded. Codes outlive their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class How(TextChoices):
    """How it was seen that somebody was at a session."""

    TRAINER = "trainer", pgettext_lazy("how attendance was seen", "By the trainer")
    PAPER = "paper", pgettext_lazy("how attendance was seen", "From the paper list")
    PHONE = "phone", pgettext_lazy("how attendance was seen", "By the code on the board")


# What is wrong with a row of a file of members, beside what any list of people can have (accounts.choices.ROW_FAULTS).
MEMBER_FAULTS = {
    "not_here": _(
        "is no official of this country with an account here. Import her or him first, then read this file again"
    ),
}


class Road(TextChoices):
    """How somebody came into a cohort."""

    FILE = "file", pgettext_lazy("how somebody joined", "From a file")
    OFFICE = "office", pgettext_lazy("how somebody joined", "With her office")
    CODE = "code", pgettext_lazy("how somebody joined", "By the code")


class Step(TextChoices):
    """The reminders of a deadline: a week before it, on the day itself, a week after it; and those of a refresher."""

    BEFORE = "before", pgettext_lazy("reminder", "A week before")
    DAY = "day", pgettext_lazy("reminder", "On the day")
    AFTER = "after", pgettext_lazy("reminder", "A week after")
    REFRESH = "refresh", pgettext_lazy("reminder", "When a refresher has become due")
    LAPSING = "lapsing", pgettext_lazy("reminder", "Two weeks before a certificate lapses")


OF_REFRESHERS = (Step.REFRESH, Step.LAPSING)


class NewsKind(TextChoices):
    """What was published that reaches a country."""

    MATERIAL = "material", pgettext_lazy("what was published", "Material change")
    OFFERED = "offered", pgettext_lazy("what was published", "Course added")
    TAKEN_OFF = "taken_off", pgettext_lazy("what was published", "Course taken off")
    GONE = "gone", pgettext_lazy("what was published", "Course off the site")
    PART_OFF = "part_off", pgettext_lazy("what was published", "Lesson or story taken off")


class TextState(TextChoices):
    """What became of the text of a reminder; nothing where she gave no number."""

    WAITING = "waiting", pgettext_lazy("state of a text", "Waiting")
    SENT = "sent", pgettext_lazy("state of a text", "Sent")
    NOT_SENT = "not_sent", pgettext_lazy("state of a text", "Could not be sent")


class Done(TextChoices):
    """How a member of a cohort stands with one lesson, story or test."""

    DONE = "done", pgettext_lazy("state of a lesson", "Done")
    BEGUN = "begun", pgettext_lazy("state of a lesson", "Begun")
    DUE = "due", pgettext_lazy("state of a lesson", "Due")
    NOT_BEGUN = "not_begun", pgettext_lazy("state of a lesson", "Not begun")
