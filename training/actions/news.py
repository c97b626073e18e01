"""What was published that reaches a country: noted with its edition, told to the country's managers in one letter."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import User
from accounts.queries import staff_of
from languages.revisions import Change
from training import progress
from training.choices import NewsKind
from training.models import Course, CourseVersion, Lesson, Module, PublishedNews, Scenario
from training.queries import words_of_news
from training.queries.anew import Place, done_by
from training.queries.certificates import WORK
from training.queries.counted import FINISHED, certified_in, officials_in
from training.queries.tree import homes_of
from training.queries.versions import value_of

LETTER = "published"
GATHERED = dt.timedelta(hours=1)  # what is published within it goes in one letter
BY_NOBODY = ("schedule", "editor")


def _is_told(by: str) -> bool:
    """Tell whether managers hear of it: a person published it, or a time came; not a command that loads a course."""
    try:
        uuid.UUID(by)
    except ValueError:
        return by in BY_NOBODY
    return True


def note_countries(*, course: Course, countries: Iterable[str], is_added: bool, at: dt.datetime) -> None:
    """Note the countries that come to a live course or leave it; who did it is put in with the edition that follows."""
    kind, people = NewsKind.OFFERED if is_added else NewsKind.TAKEN_OFF, Counter()
    if not is_added:
        people = _people(course, countries)
    rows = [PublishedNews(course=course, country_id=one, kind=kind, people=people[one], at=at) for one in countries]
    PublishedNews.objects.bulk_create(rows)


def note_gone(*, course: Course, by: str, at: dt.datetime) -> None:
    """Note that a course was taken off the site, in each country that had it."""
    codes = [country.pk for country in course.countries.all()]
    people, facts = _people(course, codes), {"kind": NewsKind.GONE, "by": by, "at": at}
    PublishedNews.objects.bulk_create(
        PublishedNews(course=course, country_id=one, people=people[one], **facts) for one in codes
    )


def note_part_off(thing: Module | Lesson | Scenario, *, by: str, at: dt.datetime) -> None:
    """Note that lessons or a story which a live course asked were taken off, in each country that has the course."""
    pages = Lesson.objects.filter(path__startswith=thing.path, live=True) if isinstance(thing, Module) else [thing]
    parts = {_id_of(one): one.heading_en for one in pages if one.required}
    if not parts or isinstance(thing, Lesson) and not thing.get_parent().live:
        return
    for course in homes_of(thing).filter(live=True):
        codes = [country.pk for country in course.countries.all()]
        people, facts = _people(course, codes), {"kind": NewsKind.PART_OFF, "by": by, "at": at, "parts": parts}
        PublishedNews.objects.bulk_create(
            PublishedNews(course=course, country_id=one, people=people[one], **facts) for one in codes
        )


def _id_of(part: Lesson | Scenario) -> str:
    return str(part.activity if isinstance(part, Scenario) else part.translation_key)


def _headings(keys: Iterable[str]) -> dict[str, str]:
    """Return the headings of lessons and stories in the source, by their ids; of a test there is none."""
    lessons = Lesson.objects.filter(translation_key__in=keys).values_list("translation_key", "heading_en")
    stories = Scenario.objects.filter(activity__in=keys).values_list("activity", "heading_en")
    return {str(key): heading for key, heading in (*lessons, *stories)}


def note_editions(*, course: Course, made: list[CourseVersion], by: str, at: dt.datetime) -> None:
    """Note whom new editions reach: who is asked anew, in each country, and the countries where the course is new.

    An edition that asks nobody anew is noted nowhere. What a command loads or takes back tells nobody.
    """
    moved = PublishedNews.objects.filter(course=course, by="")
    if not _is_told(by) or _is_first(
        made
    ):  # what goes live for the first time comes to all of its countries, see below
        moved.delete()
    if not _is_told(by):
        return
    moved.update(by=by)
    rows = [*_asked_anew(course, made, at), *_offered(course, made)]
    for row in rows:
        row.by, row.at = by, at
    PublishedNews.objects.bulk_create(rows)


def _asked_anew(course: Course, made: list[CourseVersion], at: dt.datetime) -> Iterator[PublishedNews]:
    """Yield the editions of countries in which work of those who finished has risen, with how many of them are asked.

    Who has completion alone is asked for lessons and stories.
    """
    risen = {one.country_id: one for one in made if one.country_id and one.number > 1 and _is_material(one)}
    if not risen:
        return
    earlier = CourseVersion.objects.filter(course=course, country__in=risen)
    before = {(one.country_id, one.number): one for one in earlier.filter(number__in=_numbers(risen.values()))}
    finished = _finished(course, risen, at)
    rose = {code: _rose(before[code, version.number - 1], version) for code, version in risen.items()}
    as_before = {one.id for of_country in rose.values() for one, number in of_country if one.is_done_at(number)}
    done = {key: done_by(course.pk, key, at) for key in sorted(as_before)}
    headings = _headings({one.id for of_country in rose.values() for one, _number in of_country})
    for code, version in risen.items():
        people = sum(
            many - _had_done(place, _asked(rose[code], place), done)
            for place, many in finished.items()
            if place.home == code and _asked(rose[code], place)
        )
        if people:
            kind, number = NewsKind.MATERIAL, version.number
            parts = {one.id: headings[one.id] for one, _number in rose[code] if one.id in headings}
            yield PublishedNews(course=course, country_id=code, kind=kind, number=number, people=people, parts=parts)


def _asked(rose: list[tuple[progress.Activity, int]], place: Place) -> list[str]:
    """Return what of that which rose is asked anew of a group of readers."""
    hers = [(one, number) for one, number in rose if place.is_finished or one.kind in WORK]
    return [one.id for one, number in hers if one.is_for(place.track) and one.number_for(place.track) > number]


def _had_done(place: Place, asked: list[str], done: dict[str, dict[int, Place]]) -> int:
    """Return how many of a group had done all that is asked of it anew, as it stands."""
    found = [{pk for pk, there in done.get(key, {}).items() if there == place} for key in asked]
    return len(set.intersection(*found))


def _is_first(made: list[CourseVersion]) -> bool:
    """Tell whether a course goes live for the first time."""
    return any(one.country_id is None and one.number == 1 for one in made)


def _is_material(version: CourseVersion) -> bool:
    return version.change_class == Change.MATERIAL


def _numbers(versions: Iterable[CourseVersion]) -> set[int]:
    return {one.number - 1 for one in versions}


def _rose(before: CourseVersion, after: CourseVersion) -> list[tuple[progress.Activity, int]]:
    """Return what an edition asks anew of those who did all that the one before asked, with the number that it had there.

    What rested goes on from its number.
    """
    rested = progress.read(before.body).get("resting", {}).get("activities", {})
    known = {key: one["material"] - bool(one.get("risen")) for key, one in rested.items()}
    known |= {one.id: one.material for one in value_of(before).activities}
    asked = [(one, known.get(one.id, 0)) for one in value_of(after).activities if one.required]
    return [(one, number) for one, number in asked if one.material > number]


def _offered(course: Course, made: list[CourseVersion]) -> Iterator[PublishedNews]:
    """Yield the countries that get a course which goes live for the first time, or once more after it was taken off."""
    codes = {country.pk for country in course.countries.all()}
    if not _is_first(made):
        steps = PublishedNews.objects.filter(course=course, country__in=codes)
        steps = steps.exclude(kind__in=[NewsKind.MATERIAL, NewsKind.PART_OFF])
        last = {one.country_id: one.kind for one in steps.order_by("at", "pk")}
        codes = {code for code, kind in last.items() if kind == NewsKind.GONE}
    for code in sorted(codes):
        yield PublishedNews(course=course, country_id=code, kind=NewsKind.OFFERED)


def _people(course: Course, countries: Iterable[str]) -> Counter:
    """Return how many officials are in a course, by country."""
    rows = officials_in([course.pk]).filter(home__in=list(countries))
    return Counter(dict(rows.order_by().values_list("home").annotate(many=Count("pk"))))


def _finished(course: Course, countries: Iterable[str], at: dt.datetime) -> dict[Place, int]:
    """Return how many officials have finished, or have completion alone, by country and group of readers."""
    rows = officials_in([course.pk]).filter(home__in=list(countries)).order_by()
    found: dict[Place, int] = {}
    for is_finished, of_kind in ((True, rows.filter(FINISHED)), (False, certified_in(rows, at))):
        for home, track, many in of_kind.values_list("home", "track").annotate(many=Count("pk")):
            found[Place(home, track, is_finished)] = many
    return found


def tell_managers(*, at: dt.datetime) -> int:
    """Write to the managers of each country what was published an hour ago and since; return how many letters."""
    waiting, done = PublishedNews.objects.filter(told_at=None), 0
    for code in sorted(set(waiting.filter(at__lte=at - GATHERED).values_list("country", flat=True))):
        with accounts.alone("managers_not_told", through=accounts.AWAY, country=code):
            done += _tell(code, at)
    return done


@transaction.atomic
def _tell(country: str, at: dt.datetime) -> int:
    """Write one letter to each manager of a country, but of what she published herself none."""
    waiting = PublishedNews.objects.filter(country=country, told_at=None).order_by("at", "pk")
    rows = list(waiting.select_for_update(of=("self",), no_key=True).select_related("course"))
    models.QuerySet(PublishedNews).filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    managers = staff_of(country, Role.MANAGER).exclude(email="").order_by("pk") if rows else []
    told = [(one, [row for row in rows if row.by != str(one.public_id)]) for one in managers]
    for manager, news in told:
        if news:
            _write(manager, news, at)
    return sum(1 for _manager, news in told if news)


def _write(manager: User, news: list[PublishedNews], at: dt.datetime) -> None:
    with translation.override(manager.language):
        subject = _("What was published for your country")
        begin = _("Something was published that reaches officials of your country:")
        lines = "\n".join(f"– {line}" for line in words_of_news(news, manager.language))
        then = _("Whom each change reaches stands on your page of reports:")
        page = settings.PUBLIC_URL + reverse("training:reports")
    accounts.queue_letter(
        key=f"{LETTER}:{news[-1].pk}:{manager.public_id}", to=manager.email, language=manager.language, subject=subject,
        text=f"{begin}\n\n{lines}\n\n{then}\n{page}\n", at=at, receiver=manager,
    )  # fmt: skip
