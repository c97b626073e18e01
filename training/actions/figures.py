"""Counting the figures of questions, and settling what they found."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actions import actor_id, first_due, record
from languages import table
from languages.choices import Verb as Act
from languages.models import UnitChange
from training import grading, progress, statistics
from training.choices import Verb
from training.models import Course, CourseFigures, Event, LanguageFinding, Question
from training.queries.figures import BY_COUNT, Asked, answers_of
from training.statistics import Figures, ItemFigures

EVERY = timedelta(days=1)
OUTCOMES = SAME, CHANGED = "same", "changed"
WRITTEN = (Act.WRITTEN, Act.IMPORTED, Act.COPIED, Act.PUBLISHED, Act.WITHDRAWN)
GONE = "gone"


class FindingSettled(RuntimeError):
    """Raised when somebody settled a finding before; nothing is left to do."""

    def __init__(self):
        super().__init__("Somebody settled this before.")


class NothingChanged(RuntimeError):
    """Raised when somebody says that she changed a translation which nobody changed since the question was found."""

    def __init__(self):
        super().__init__(
            _(
                "Nobody has changed this translation since the question was found. Change it first, or say that both "
                "say the same."
            )
        )


def count_due_courses(*, at: datetime) -> int:
    """Count the figures of one course that are a day old, or of which a test was set aside; return how many were counted.

    A course that cannot be counted is logged, and the next one is counted.
    """
    fresh = CourseFigures.objects.filter(counted_at__gt=at - EVERY, is_due=False).values("course")
    due = models.QuerySet(Course).filter(live=True).exclude(pk__in=fresh).order_by("pk")
    return first_due("figures_not_counted", due, lambda course: bool(count_figures(course=course, at=at)), most=1)


@transaction.atomic
def count_figures(*, course: Course, at: datetime) -> CourseFigures:
    """Count the figures of a course anew; what is answered otherwise in one language becomes work for its translators."""
    CourseFigures.objects.filter(course=course).update(
        is_due=False
    )  # held: what is set aside meanwhile is due after it
    questions = {
        question.body_en.get_prep_value()[0]["id"]: question
        for question in models.QuerySet(Question).filter(course=course, live=True)
        if question.body_en
    }
    entries = []
    for key, asked in answers_of(course).items():
        if key in questions and asked.answers:
            options = asked.item.options if asked.item.kind in grading.CHOSEN else ()
            figures = statistics.item_figures(asked.answers, options)
            entries.append(_entry(questions[key], figures))
            _keep_findings(questions[key], asked, figures, at)
    values = {"counted_at": at, "body": progress.canonical(entries)}
    return CourseFigures.objects.update_or_create(course=course, defaults=values)[0]


def mark_figures(events: Iterable[Event]) -> None:
    """Let the figures of the courses be counted again in which these events set a test aside."""
    aside = [one for one in events if one.verb == Verb.VOIDED and progress.read(one.payload)["attempts"]]
    if courses := {one.enrolment.course_id for one in aside}:
        CourseFigures.objects.filter(course__in=courses).update(is_due=True)


def hold_figures(courses: Iterable[int]) -> None:
    """Lock the figures of courses in which an act may set tests aside after its first record."""
    rows = CourseFigures.objects.filter(course__in=courses).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _entry(question: Question, figures: ItemFigures) -> dict:
    verdicts = {one.language: one for one in figures.comparisons}
    return {
        "question": question.pk,
        **_told(figures.overall),
        "options": [[one.option, one.count, _percent(one.mean_rest)] for one in figures.choices],
        "languages": [
            {
                "language": code,
                **_told(found),
                "verdict": verdicts[code].verdict if code in verdicts else "",
                "is_harder": verdicts[code].is_harder if code in verdicts else False,
            }
            for code, found in figures.by_language.items()
        ],
    }


def _told(figures: Figures) -> dict:
    return {
        "count": figures.count,
        "facility": _percent(figures.facility),
        "discrimination": _percent(figures.discrimination),
    }


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _keep_findings(question: Question, asked: Asked, figures: ItemFigures, at: datetime) -> None:
    """Keep what stands apart in a translation; what stands apart no more is settled by the count."""
    for one in figures.comparisons:
        if one.language == table.SOURCE or one.verdict == "too_few":
            continue
        place = {"question": question, "language": one.language, "item_version": asked.version}
        found = LanguageFinding.objects.select_for_update(no_key=True).filter(**place).first()
        if one.verdict == "apart" and found is None:
            LanguageFinding.objects.create(**place, is_harder=one.is_harder, answers=one.count, found_at=at)
        elif found is not None and found.settled_at is None and one.verdict == "alike":
            _settle(found, outcome=GONE, by=BY_COUNT, at=at)


@transaction.atomic
def settle_finding(*, finding: LanguageFinding, outcome: str, by, at: datetime) -> None:
    """Note that a translator compared both texts of a question: they say the same, or the translation was changed.

    May raise `FindingSettled`, and `NothingChanged` where nobody wrote anything in that language since.
    """
    found = LanguageFinding.objects.select_for_update(no_key=True).get(pk=finding.pk)
    if found.settled_at is not None:
        raise FindingSettled
    if outcome == CHANGED and not _is_changed(found):
        raise NothingChanged
    _settle(found, outcome=outcome, by=actor_id(by), at=at)
    thing = f"training.question:{found.question_id}"
    record(by=by, verb="training.finding_settled", thing=thing, at=at, language=found.language, outcome=outcome)


def _is_changed(found: LanguageFinding) -> bool:
    """Tell whether somebody wrote anything of a question in the language of a finding since it was found."""
    kind = ContentType.objects.get_for_model(Question)
    of_it = {"unit__content_type": kind, "unit__object_id": found.question_id, "unit__language": found.language}
    return UnitChange.objects.filter(**of_it, at__gt=found.found_at, verb__in=WRITTEN).exists()


def _settle(found: LanguageFinding, *, outcome: str, by: str, at: datetime) -> None:
    found.settled_at, found.settled_by, found.outcome = at, by, outcome
    found.save(update_fields=["settled_at", "settled_by", "outcome"])
