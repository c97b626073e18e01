"""The way from the editor to what publishing does."""

from django import template
from django.urls import reverse

from languages.revisions import Change
from training.models import Course

register = template.Library()


@register.simple_tag
def publishing_url(thing) -> str:
    """Return the address of the page that tells what publishing a thing does; "" before it was saved."""
    return reverse("training:publishing", args=[thing._meta.model_name, thing.pk]) if thing.pk else ""


@register.simple_tag
def outline_url(thing) -> str:
    """Return the address of the outline of a course; "" for other things and before it was saved."""
    return reverse("training:outline", args=[thing.key]) if isinstance(thing, Course) and thing.pk else ""


@register.filter
def change_name(code: str) -> str:
    """Return the words for a kind of change."""
    return Change(code).label if code in Change.values else ""
