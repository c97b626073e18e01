"""How the tests of this room take something off and put it on again, and rewrite it, as the editor does."""

from training.models import CourseVersion
from training.queries.versions import value_of


def fresh(thing):
    """Return a thing as its row is now."""
    return type(thing).objects.get(pk=thing.pk)


def off(thing):
    """Take something off."""
    fresh(thing).unpublish()


def on(thing, change="", **words):
    """Publish something, with other words where some are given."""
    now = fresh(thing).get_latest_revision_as_object()
    for name, value in words.items():
        setattr(now, name, value)
    now.change = change
    now.save_revision().publish()


def newest(course, country="HT"):
    """Return the newest edition of a country's chain, and its row."""
    row = CourseVersion.objects.filter(course=course, country=country).order_by("-number").first()
    return value_of(row), row


def number_of(course, key, country="HT"):
    """Return the material number of an activity in the newest edition of a country; None where it is not in it."""
    there = newest(course, country)[0].activity(str(key))
    return there.material if there else None
