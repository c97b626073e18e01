"""What was published lately that reached a country, in words: on its managers' page of reports, and in their letter."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.models import User
from languages.revisions import Change
from languages.text import isolate, listed
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

    One query, and one more where there is something; another where a lesson or story was taken off.
    """
    if not (user.has_role(Role.MANAGER) and user.country_id):
        return []
    rows = PublishedNews.objects.filter(country=user.country_id, at__gt=at - LATELY).select_related("course")
    found = list(rows.order_by("-at", "-pk")[:AT_MOST])
    names, homes = _names(found, language), _homes(found)
    return [(one, said(one, _called(one, names, language), home=homes.get(one.by, ""))) for one in found]


def words_of_news(news: Iterable[PublishedNews], language: str) -> Iterator[str]:
    """Yield a line for each course and kind of what was published, as a letter says it: small numbers stay in the house.

    Published one after the other, the last counts, with the greatest number that one of them asked. Where a country came
    and went, only the last is told.
    """
    lines: dict[tuple, PublishedNews] = {}
    for one in news:
        is_part_off = one.kind == NewsKind.PART_OFF
        key = (one.course_id, one.kind == NewsKind.MATERIAL, tuple(one.parts) if is_part_off else ())
        earlier = lines.pop(key, None)
        if earlier and one.kind == NewsKind.MATERIAL:
            one.people, one.parts = max(one.people, earlier.people), earlier.parts | one.parts
        lines[key] = one
    names, homes = _names(lines.values(), language), _homes(lines.values())
    for one in lines.values():
        yield said(one, _called(one, names, language), is_letter=True, home=homes.get(one.by, ""))


def _names(news: Iterable[PublishedNews], language: str) -> dict[int | str, str]:
    """Return what courses, and their lessons and stories, are called for a reader of a language.

    In the source where one is not live.
    """
    source: dict[int | str, str] = {one.course_id: one.course.heading_en for one in news}
    rows = list(courses(language, page__in=list(source))) if source else []
    for one in news:
        source |= one.parts
    parts = {part.id: str(part.heading) for row in rows for part in (*row.lessons, *row.stories)}
    return source | {row.page: str(row.heading) for row in rows} | parts


def _called(one: PublishedNews, names: dict[int | str, str], language: str) -> str:
    """Return the course of a change, and the lessons and stories that it is about."""
    return listed((isolate(names[key]) for key in (one.course_id, *one.parts)), language)


def _homes(news: Iterable[PublishedNews]) -> dict[str, str]:
    """Return the country of who took a lesson or story off, by public id; no query where none was."""
    keys = {one.by for one in news if one.kind == NewsKind.PART_OFF and _is_id(one.by)}
    people = User.objects.filter(public_id__in=keys, country__isnull=False).select_related("country") if keys else ()
    return {str(one.public_id): str(one.country.name) for one in people}


def _is_id(by: str) -> bool:
    try:
        uuid.UUID(by)
    except ValueError:
        return False
    return True


def said(one: PublishedNews, course: str, *, is_letter: bool = False, home: str = "") -> str:
    """Return what was published as a sentence; a letter does not say a number of people under ten.

    `course` names the course, and what of it; `home` is the country of who took a part of it off.
    """
    if one.kind == NewsKind.PART_OFF and home:
        told = _("%(course)s: was taken off for readers in every country, by a person in %(country)s.")
        return told % {"course": course, "country": isolate(home)}
    if one.kind == NewsKind.MATERIAL:
        told = _("%(course)s: a change of law, procedure or right answer.") % {"course": course}
        return f"{told} {_asked(one.people, is_letter)}"
    return {
        NewsKind.OFFERED: _("%(course)s: is offered in your country now, as soon as nothing is missing there."),
        NewsKind.TAKEN_OFF: _("%(course)s: is offered in your country no more. Who is in it goes on."),
        NewsKind.PART_OFF: _("%(course)s: was taken off for readers in every country."),
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
