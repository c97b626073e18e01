"""How lesson pages write a text in its true language, a slot's name, a lamp."""

import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext

from languages import table
from training.choices import Slot
from training.queries.questions import Question
from training.queries.reading import Words

register = template.Library()

FIRST_WORDS = re.compile(r"(?P<first>[^.:!।]{0,30})(?P<stop>[.:!।]?)\s*(?P<rest>.*)", re.DOTALL)
VERDICTS = frozenset({"right", "not right"})


@register.filter
def said(words: Words) -> str:
    """Write a text; when it is not in the reader's language, with its own lang and dir."""
    if words.is_own:
        return words.text
    return format_html('<span lang="{}" dir="{}">{}</span>', words.language, words.direction, words.text)


@register.filter
def slot_name(code: str) -> str:
    """Return the words for a slot."""
    return Slot(code).label if code in Slot.values else code


@register.filter
def item(mapping: dict, key):
    """Return an entry of a mapping."""
    return mapping.get(key, "")


@register.filter
def direction_of(code: str) -> str:
    """Return "rtl" or "ltr"."""
    return table.BY_CODE[code].direction if code in table.BY_CODE else "ltr"


@register.filter
def is_right(reason: str) -> bool:
    """Tell whether a part of an answer was right."""
    return reason == "right"


@register.filter
def after_verdict(feedback: str) -> str:
    """Return an explanation without the verdict at its beginning: it stands before it already, as a mark of its own."""
    first, stop, rest = FIRST_WORDS.match(feedback or "").group("first", "stop", "rest")
    said_before = {pgettext("verdict on an answer", word).casefold() for word in ("Right", "Not right")}
    return rest if stop and rest and first.casefold() in said_before | VERDICTS else feedback


@register.filter
def is_overdue(entry) -> bool:
    """Tell whether a country entry should have been checked again by now."""
    return bool(entry.review_at) and entry.review_at < localdate()


@register.simple_tag(takes_context=True)
def same_page(context, code: str) -> str:
    """Return the address of this page in another language; its query is kept."""
    request = context["request"]
    path = request.get_full_path() if request.method == "GET" else request.path
    prefix = f"/{get_language()}/"
    return f"/{code}/{path[len(prefix) :]}" if path.startswith(prefix) else path


@register.simple_tag
def asked(question: Question, here: str) -> str:
    """Write a question of a lesson that nobody has answered: it is the same for every reader, so it is written once."""
    return _asked(question, here, get_language())


@lru_cache(maxsize=256)
def _asked(question: Question, here: str, active: str) -> str:
    return render_to_string(
        "training/_question.html", {"question": question, "here": here, "prefix": "", "explained": False}
    )


@register.inclusion_tag("components/lamps.html")
def lesson_lamps(lesson):
    """Draw one lamp a lesson: done, here, to come."""
    return {"lamps": [_lamp(one.id, lesson.id, lesson.place) for one in lesson.outline]}


def _lamp(one: str, here: str, place) -> str:
    if one == here:
        return "here"
    return "done" if one in place.done else ""


@register.inclusion_tag("components/lamps.html")
def course_lamps(course, place, here=""):
    """Draw a course's lamps for a learner; `here` is the lesson to go on with."""
    return {"lamps": [_lamp(one.id, here, place) for one in course.lessons]}
