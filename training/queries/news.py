"""What was published lately that reached a country, in words: on its managers' page of reports, and in their letter."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from languages.revisions import Change
from languages.text import isolate
from training.choices import NewsKind
from training.models import CourseVersion, PublishedNews
from training.queries.reading import courses
from training.queries.small_numbers import SMALLEST

LATELY = dt.timedelta(days=30)
AT_MOST = 10


@dataclass(frozen=True)
class LastEdition:
    """The newest edition of a course for a country, or for all; by country how many it asked for a refresher."""

    number: int
    at: dt.datetime
    change: str
    asked: tuple[tuple[str, int], ...]


def news_for(user, language: str, *, at: dt.datetime) -> list[tuple[PublishedNews, str]]:
    """Return what was published lately that reached the country of a manager, each with its words, the last first.

    One query, and one more where there is something.
    """
    if not (user.has_role(Role.MANAGER) and user.country_id):
        return []
    rows = PublishedNews.objects.filter(country=user.country_id, at__gt=at - LATELY).select_related("course")
    found = list(rows.order_by("-at", "-pk")[:AT_MOST])
    names = _names(found, language)
    return [(one, said(one, names[one.course_id])) for one in found]


def words_of_news(news: Iterable[PublishedNews], language: str) -> Iterator[str]:
    """Yield a line for each course and kind of what was published, as a letter says it: small numbers stay in the house.

    Published one after the other, the last counts, with the greatest number that one of them asked. Where a country came
    and went, only the last is told.
    """
    lines: dict[tuple[int, bool], PublishedNews] = {}
    for one in news:
        key = (one.course_id, one.kind == NewsKind.MATERIAL)
        earlier = lines.pop(key, None)
        if earlier and one.kind == NewsKind.MATERIAL:
            one.people = max(one.people, earlier.people)
        lines[key] = one
    names = _names(lines.values(), language)
    for one in lines.values():
        yield said(one, names[one.course_id], is_letter=True)


def _names(news: Iterable[PublishedNews], language: str) -> dict[int, str]:
    """Return what the courses are called for a reader of a language; in the source where one is not live."""
    source = {one.course_id: one.course.heading_en for one in news}
    live = {row.page: str(row.heading) for row in courses(language, page__in=list(source))} if source else {}
    return source | live


def said(one: PublishedNews, course: str, *, is_letter: bool = False) -> str:
    """Return what was published as a sentence; a letter does not say a number of people under ten."""
    course = isolate(course)
    if one.kind == NewsKind.MATERIAL:
        told = _("%(course)s: a change of law, procedure or right answer.") % {"course": course}
        return f"{told} {_asked(one.people, is_letter)}"
    return {
        NewsKind.OFFERED: _("%(course)s: is offered in your country now, as soon as nothing is missing there."),
        NewsKind.TAKEN_OFF: _("%(course)s: is offered in your country no more. Who is in it goes on."),
        NewsKind.GONE: _("%(course)s: was taken off the site, in every country."),
    }[NewsKind(one.kind)] % {"course": course}


def _asked(people: int, is_letter: bool) -> str:
    if is_letter and people < SMALLEST:
        return _("Fewer than ten officials of your country who have finished are asked for a refresher.")
    return ngettext(
        "%(count)s official of your country who has finished is asked for a refresher.",
        "%(count)s officials of your country who have finished are asked for a refresher.",
        people,
    ) % {"count": people}


def last_edition(course: int, country: str) -> LastEdition | None:
    """Return the newest edition of a course for a country, "" for all, and whom it asked; none while it has its first alone."""
    rows = CourseVersion.objects.filter(course=course, country=country or None).order_by("-number")
    version = rows.defer("body").first()
    if version is None or version.number == 1:
        return None
    news = PublishedNews.objects.filter(course=course, kind=NewsKind.MATERIAL, at=version.published_at)
    if country:
        news = news.filter(country=country)
    asked = tuple((one.country.name, one.people) for one in news.select_related("country").order_by("country"))
    return LastEdition(version.number, version.published_at, Change(version.change_class), asked)
