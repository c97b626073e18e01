"""How the tests of this room change the law of one country, add a country, and let somebody move; imported by them."""

import datetime as dt

from accounts.models import Country
from tests.training.finishing import ask_anew
from training import actions
from training.models import Certificate, Course, Overlay

DAY = dt.timedelta(days=1)


def law_of(lessons):
    """Return the lessons that show an entry of a country, and its slot: the first one that a lesson shows."""
    shown = {one: {block["value"]["slot"] for block in _blocks(one) if block["type"] == "law"} for one in lessons}
    slot = next(block["value"]["slot"] for one in lessons for block in _blocks(one) if block["type"] == "law")
    return [one for one, slots in shown.items() if slot in slots], slot


def _blocks(lesson):
    return lesson.body_en.get_prep_value()


def change_law(country, slot, at):
    """Publish other law of a country, which asks its lesson anew there and nowhere else."""
    row = Overlay.objects.filter(country=country, slot=slot).order_by("-curriculum").first()
    row = row or Overlay(country=country, slot=slot)
    row.text_en = f"{row.text_en} As amended."
    row.save()
    actions.course_changed(Course.objects.get(), by="test", at=at, material=f"{country.pk}:{slot}")


def say_better(lesson, at):
    """Publish an edition in every country that asks nobody anything."""
    lesson.aim_en += " Said better."
    lesson.save()
    actions.course_changed(Course.objects.get(), by="test", at=at)


def join_later(lesson, at):
    """Let a lesson be asked anew twice, then Liberia come to the course, whose editions begin at 1; return Liberia."""
    ask_anew(lesson, at + DAY)
    ask_anew(lesson, at + 2 * DAY)
    country = Country.objects.create(
        code="LR", name_en="Liberia", slug="liberia", language_codes="en", time_zone="Africa/Monrovia"
    )
    course = Course.objects.get()
    course.countries.add(country)
    course.save()
    actions.course_changed(Course.objects.get(), by="test", at=at + 3 * DAY)
    return country


def move(user, country):
    """Let an official's account be of another country; return it as it is read anew."""
    user.country = country
    user.save()
    return type(user).objects.get(pk=user.pk)


def issued():
    """Return what was issued, each once: kind, country, the number of its edition."""
    rows = Certificate.objects.values_list("kind", "country", "version__number")
    return sorted((str(kind), country, number) for kind, country, number in rows)


def both(*editions):
    """Return what is issued where somebody has both kinds of these editions, by country and number."""
    return sorted((kind, *one) for kind in ("achievement", "completion") for one in editions)
