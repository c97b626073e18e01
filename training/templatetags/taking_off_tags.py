"""What the editor tells before something is taken off."""

from django import template
from django.db import models
from django.utils import timezone

from accounts.models import User
from training import queries
from training.forms import said_of_need, said_of_taking_off

register = template.Library()


@register.simple_tag
def taking_off(thing: models.Model, user: User) -> queries.TakingOff | None:
    """Return what taking a thing off does; None for what is no part of the school or not published."""
    return queries.taking_off(thing, user, at=timezone.now())


@register.filter
def why_it_stays(found: queries.TakingOff) -> str:
    """Return why something cannot be taken off by this person or now; "" where it can."""
    if found.refusal:
        return said_of_taking_off(found.refusal)
    return said_of_need(found.lack) if found.lack else ""
