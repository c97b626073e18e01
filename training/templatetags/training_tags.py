"""How lesson pages write a text in its true language, a slot's name, a lamp."""

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.html import avoid_wrapping, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.queries.clocks import is_over
from languages import table
from languages.templatetags.languages_tags import listed
from training.choices import Objective, Slot
from training.queries.catalogue import CourseCard
from training.queries.course_rows import CourseRow, CourseTest, LanguageState, Outline, Story, Words
from training.queries.finished import Finished, finished_in
from training.queries.learning import CourseProgress
from training.queries.questions import Question
from training.queries.screens import Around, Screen

register = template.Library()

FIRST_WORDS = re.compile(r"(?P<first>[^.:!।]{0,30})(?P<stop>[.:!।]?)\s*(?P<rest>.*)", re.DOTALL)
VERDICTS = frozenset({"right", "not right"})
NUMBER = re.compile(r"\d[\d–-]*")


@register.filter
def articles(cited: str) -> SafeString:
    """Write the articles of a law with the comma and in the direction of the page, where what follows it are numbers."""
    first, *others = cited.split(", ")
    parts = (first, *others) if all(NUMBER.fullmatch(one) for one in others) else (cited,)
    return format_html_join(listed(("", "")), "<bdi>{}</bdi>", ((part,) for part in parts))


@register.filter
def signed(number: int | None) -> str:
    """Write a whole number with the minus sign, set apart from the words around it; nothing for None."""
    if number is None:
        return ""
    return format_html('<span dir="ltr">{}</span>', str(number).replace("-", "−"))


@register.filter
def said(words: Words) -> str:
    """Write a text; when it is not in the reader's language, with its own lang and dir."""
    if words.is_own:
        return words.text
    return format_html('<span lang="{}" dir="{}">{}</span>', words.language, words.direction, words.text)


@register.filter
def marked(words: Words) -> str:
    """Return lang and dir as attributes of the block that holds a text, when it is not in the reader's language."""
    return "" if words.is_own else format_html(' lang="{}" dir="{}"', words.language, words.direction)


@register.filter
def finished(message) -> Finished | None:
    """Return the end of a refresher or of a course that a message tells, to be said in the language of the page."""
    return finished_in(message.extra_tags)


@register.filter
def slot_name(code: str) -> str:
    """Return the words for a slot."""
    return Slot(code).label if code in Slot.values else code


@register.filter
def objective_name(code: str) -> str:
    """Return the words for what a question tests."""
    return Objective(code).label if code in Objective.values else _("Other questions")


@register.filter
def item(mapping: dict, key):
    """Return an entry of a mapping."""
    return mapping.get(key, "")


KILOBYTES = "%s KB"  # Django's own words, in as many languages as it speaks: so no text of ours


@register.filter
def kilobytes(number: int | str) -> str:
    """Write a size in the reader's own unit; of a "#", what a script puts a number into."""
    return avoid_wrapping(_(KILOBYTES) % number)


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
def is_overdue(entry, country: str) -> bool:
    """Tell whether a country entry should have been checked again by now, by the clock of its country."""
    return bool(entry and entry.review_at) and is_over(entry.review_at, country, now())


@register.simple_tag(takes_context=True)
def same_page(context, code: str) -> str:
    """Return the address of this page in another language; its query is kept."""
    return _address_in(code, *_parts_of(context["request"]))


@register.simple_tag(takes_context=True)
def elsewhere(context, languages: tuple[LanguageState, ...]) -> list[tuple[LanguageState, str]]:
    """Return each language with the address of this page in it."""
    parts = _parts_of(context["request"])
    return [(language, _address_in(language.code, *parts)) for language in languages]


def _parts_of(request) -> tuple[str, str | None]:
    """Return this page's address, and what of it stands behind the language."""
    path = request.get_full_path() if request.method == "GET" else request.path
    prefix = f"/{get_language()}/"
    return path, path[len(prefix) :] if path.startswith(prefix) else None


def _address_in(code: str, path: str, rest: str | None) -> str:
    return path if rest is None else f"/{code}/{rest}"


@register.simple_tag
def asked(question: Question, here: str) -> str:
    """Write a question of a lesson that nobody has answered: it is the same for every reader, so it is written once."""
    return _asked(question, here, get_language())


@lru_cache(maxsize=256)
def _asked(question: Question, here: str, active: str) -> str:
    return render_to_string(
        "training/_question.html", {"question": question, "here": here, "prefix": "", "explained": False}
    )


@register.simple_tag
def written(screen: Screen, here: str, is_missing: bool, around: Around) -> str:
    """Write a screen that hangs on its values alone, once: what was edited, or has grown overdue, is written anew."""
    overdue = is_overdue(screen.entry, around.country)
    return _written(screen, here, bool(is_missing), around, get_language(), overdue)


@lru_cache(maxsize=2048)
def _written(screen: Screen, here: str, is_missing: bool, around: Around, active: str, overdue: bool) -> str:
    context = {"screen": screen, "here": here, "is_missing": is_missing, "around": around}
    return render_to_string("training/_screen.html", context)


@register.simple_tag
def outline(lesson, query: str) -> str:
    """Write the lessons of a course with what is done and where the reader is; a page shows it twice."""
    done = lesson.place.done.intersection(one.id for one in lesson.outline)
    return _outline(lesson.outline, lesson.id, done, query, get_language())


@lru_cache(maxsize=512)
def _outline(lessons: tuple[Outline, ...], here_id: str, done: frozenset[str], query: str, active: str) -> str:
    context = {"lessons": lessons, "here_id": here_id, "done": done, "query": query}
    return render_to_string("training/_outline.html", context)


@register.simple_tag
def course_modules(course: CourseRow, mine: CourseProgress | None) -> str:
    """Write the lessons of a course by modules, with what a learner has done and what she is to read again."""
    done, anew = (mine.place.done, mine.anew) if mine else (frozenset(), frozenset())
    ids = [(module, frozenset(one.id for one in module.lessons)) for module in course.modules]
    parts = (_once("training/_module.html", module=module, done=done & own, anew=anew & own) for module, own in ids)
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def course_languages(context, course: CourseRow) -> str:
    """Write in which languages a course can be read, each with the address of this page in it."""
    addresses = tuple(elsewhere(context, course.languages))
    return _once("training/_languages.html", languages=addresses, lessons=len(course.lessons))


class Asked(NamedTuple):
    """What a course asks beside its lessons."""

    stories: tuple[Story, ...]
    post: CourseTest | None
    asks_story: bool


@register.simple_tag
def course_glance(course: CourseRow, minutes: int, lessons: int, *, kilobytes: int = 0, is_guest: bool = False) -> str:
    """Write for whom a course is, how long it takes, how large it is and what it asks."""
    asked = Asked(course.stories, course.post, course.asks_story)
    told = {"audience": course.audience, "minutes": minutes, "kilobytes": kilobytes, "lessons": lessons}
    return _once("training/_glance.html", course=asked, has_lessons=bool(course.lessons), is_guest=is_guest, **told)


@register.simple_tag
def course_test(course: CourseRow, *, is_guest: bool, is_signed_in: bool) -> str:
    """Write what the test of a course asks, how often it may be taken and what is seen after each try."""
    is_unlimited = bool(course.without_account and course.post.attempts and not is_signed_in)
    return _once("training/_test_told.html", post=course.post, is_guest=is_guest, is_unlimited=is_unlimited)


@register.simple_tag
def course_aide(course: CourseRow) -> str:
    """Write what to do and what not to do."""
    return _once("training/_aide.html", do=course.aide_do, dont=course.aide_dont)


@register.simple_tag
def course_words(course: CourseRow) -> str:
    """Write the words of a course with what they mean."""
    return _once("training/_words.html", words=course.glossary)


@register.simple_tag
def course_card(card: CourseCard) -> str:
    """Write a course as a card of a list."""
    return _once("training/_card.html", card=card)


def _once(name: str, **values: Hashable) -> str:
    """Write a part that hangs on its values and the language alone: what was edited is other values, so another part."""
    return _part(name, get_language(), tuple(values.items()))


@lru_cache(maxsize=1024)
def _part(name: str, active: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    return render_to_string(name, dict(values))


@register.inclusion_tag("components/lamps.html")
def lesson_lamps(lesson):
    """Draw one lamp a lesson: done, here, to come."""
    return {"lamps": [_lamp(one.id, lesson.id, lesson.place) for one in lesson.outline]}


def _lamp(one: str, here: str, place) -> str:
    if one == here:
        return "here"
    return "done" if one in place.done else ""


@register.inclusion_tag("components/lamps.html")
def course_lamps(mine, here=""):
    """Draw the lamps of what a course asks of a learner; `here` is the lesson to go on with."""
    return {"lamps": [_lamp(one.id, here, mine.place) for one in mine.lessons]}
