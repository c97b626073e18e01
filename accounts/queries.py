"""Reads of the people's room."""

from accounts.models import User


def users_visible_to(user):
    """Return the people whom a user may see: administrators all, managers and supervisors their country, others themselves."""
    if user.has_role("administrator"):
        return User.objects.all()
    if user.has_role("manager", "supervisor", "trainer") and user.country_id:
        return User.objects.filter(country_id=user.country_id)
    return User.objects.filter(pk=user.pk)
