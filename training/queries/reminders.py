"""Reminders: who gave a number, and which a member got."""

from django.db.models import QuerySet

from training.models import Cohort, Reminder, TextNumber


def has_text_number(user) -> bool:
    """Tell whether a person gave a number for reminders; the number itself is sealed."""
    return TextNumber.objects.filter(user=user).exists()


def reminders_of(cohort: Cohort) -> QuerySet[Reminder]:
    """Return the reminders that went to who is in a cohort, the newest first."""
    rows = Reminder.objects.filter(member__cohort=cohort, member__left_at=None)
    return rows.select_related("member")
