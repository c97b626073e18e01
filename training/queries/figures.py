"""What the figures of questions are counted from, and how they are shown."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.text import Truncator

from accounts.models import User
from languages import table
from training import grading, progress, statistics
from training.choices import Verb
from training.models import Attempt, Course, CourseFigures, Event, LanguageFinding, Question
from training.statistics import Given

BY_COUNT = "count"  # who settled a finding, where a later count did
NEWEST = 5000  # handed-in tests that are looked at; older ones tell of older questions


@dataclass
class Asked:
    """One question as its newest edition asks it, with the answers of first attempts."""

    item: grading.Item
    version: str
    answers: list[Given] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


def answers_of(course: Course) -> dict[str, Asked]:
    """Return each question of the newest editions by id, with the first answer that each learner handed in to it.

    An answer to an earlier version of a question is left out: it was another question. So is a test that was set aside.
    """
    asked, aside = _asked(course), _set_aside(course)
    handed_in = Event.objects.filter(verb=Verb.SUBMITTED, enrolment__course=course).order_by("-received_at")
    whose = Coalesce("enrolment__merged_into", "enrolment")  # what an account took over is the same person's
    rows = list(handed_in.values_list("attempt", whose, "language", "payload")[:NEWEST])
    found = Attempt.objects.filter(public_id__in=[row[0] for row in rows]).values_list("public_id", "number", "paper")
    papers = {key: (number, paper) for key, number, paper in found}
    known = [row for row in rows if row[0] in papers and str(row[0]) not in aside]
    for attempt, enrolment, language, payload in sorted(known, key=lambda row: papers[row[0]][0]):
        _take(asked, papers[attempt][1], enrolment, language, payload)
    return asked


def _set_aside(course: Course) -> set[str]:
    told = Event.objects.filter(verb=Verb.VOIDED, enrolment__course=course).values_list("payload", flat=True)
    return {attempt for payload in told for attempt in progress.read(payload)["attempts"]}


def _asked(course: Course) -> dict[str, Asked]:
    newest = course.versions.filter(country=None).order_by("-number").first()
    if newest is None:
        return {}
    tests = progress.read(newest.body)["tests"]
    return {entry["id"]: Asked(progress.item_of(entry), entry["version"]) for test in tests for entry in test["items"]}


def _take(asked: dict[str, Asked], paper: str, enrolment: int, language: str, payload: str) -> None:
    entries = progress.read(paper)["items"]
    given = {answer["item"]: answer["response"] for answer in progress.read(payload)["answers"]}
    points = {entry["id"]: grading.grade(progress.item_of(entry), given.get(entry["id"])).points for entry in entries}
    total, others = sum(points.values()), (len(entries) - 1) * grading.FULL
    for entry in entries:
        one = asked.get(entry["id"])
        if one is None or not others or entry["version"] != one.version or enrolment in one.seen:
            continue
        one.seen.add(enrolment)
        rest = (total - points[entry["id"]]) / others
        one.answers.append(Given(points[entry["id"]], rest, language, _chosen(one.item, given.get(entry["id"]))))


def _chosen(item: grading.Item, response) -> tuple[str, ...]:
    if item.kind not in grading.CHOSEN or grading.is_empty(response):
        return ()
    return (response,) if isinstance(response, str) else tuple(response)


@dataclass(frozen=True)
class OptionFigures:
    """An option with how often it was chosen and how its choosers did otherwise."""

    text: str
    right: bool
    count: int
    mean_rest: int | None


@dataclass(frozen=True)
class Compared:
    """That somebody compared both texts of a question that stands apart in a language: who, when, what she found."""

    by: str
    at: dt.datetime
    outcome: str


@dataclass(frozen=True)
class LanguageFigures:
    """A question in one language: shares in per cent, discrimination in hundredths, verdict of the comparison.

    Where it stands apart, `compared` tells who has looked at it; `is_asked`: its translators are asked to, and nobody has.
    """

    language: str
    count: int
    facility: int | None
    discrimination: int | None
    verdict: str = ""
    is_harder: bool = False
    is_asked: bool = False
    compared: Compared | None = None

    @property
    def own_name(self) -> str:
        """Return the language's own name."""
        return table.BY_CODE[self.language].own


@dataclass(frozen=True)
class QuestionFigures:
    """A question with its figures."""

    question: Question
    text: str
    count: int
    facility: int | None
    discrimination: int | None
    options: tuple[OptionFigures, ...]
    languages: tuple[LanguageFigures, ...]

    @property
    def is_enough(self) -> bool:
        """Tell whether there are enough answers to say anything."""
        return self.count >= statistics.FEWEST


@dataclass(frozen=True)
class Figures:
    """The figures of a course, and when they were counted."""

    counted_at: dt.datetime | None
    questions: tuple[QuestionFigures, ...]


def figures_of(course: Course) -> Figures:
    """Return the figures of a course's questions as last counted, hardest first; four queries at most."""
    row = CourseFigures.objects.filter(course=course).first()
    if row is None:
        return Figures(None, ())
    entries = progress.read(row.body)
    questions = models.QuerySet(Question).in_bulk([entry["question"] for entry in entries])
    findings = _findings(questions)
    names = _names({one.settled_by for one in findings.values()})
    found = [
        _question(questions[entry["question"]], entry, findings, names)
        for entry in entries
        if entry["question"] in questions
    ]
    return Figures(row.counted_at, tuple(sorted(found, key=_hardest_first)))


def _hardest_first(one: QuestionFigures) -> tuple:
    return not one.is_enough, one.facility or 0, one.question.key


def _findings(questions: Iterable[int]) -> dict[tuple[int, str], LanguageFinding]:
    """Return what was last found of each question in each language."""
    rows = LanguageFinding.objects.filter(question__in=list(questions)).order_by("found_at", "pk")
    return {(row.question_id, row.language): row for row in rows}


def _names(people: set[str]) -> dict[str, str]:
    """Return the names of those who settled something; what the count itself settled has none."""
    keys = people - {"", BY_COUNT}
    rows = User.objects.filter(public_id__in=keys).values_list("public_id", "name") if keys else ()
    return {str(key): name for key, name in rows}


def _language(told: dict, finding: LanguageFinding | None, names: dict[str, str]) -> LanguageFigures:
    if finding is None or told["verdict"] != "apart":
        return LanguageFigures(**told)
    if finding.settled_at is None:
        return LanguageFigures(**told, is_asked=True)
    if finding.settled_by not in names:
        return LanguageFigures(**told)
    compared = Compared(names[finding.settled_by], finding.settled_at, finding.outcome)
    return LanguageFigures(**told, compared=compared)


def _question(
    question: Question, entry: dict, findings: dict[tuple[int, str], LanguageFinding], names: dict[str, str]
) -> QuestionFigures:
    block = question.body_en.get_prep_value()[0]
    options = {option["id"]: option["value"] for option in block["value"].get("options", [])}
    return QuestionFigures(
        question=question,
        text=Truncator(block["value"]["question"]).chars(160),
        count=entry["count"],
        facility=entry["facility"],
        discrimination=entry["discrimination"],
        options=tuple(
            OptionFigures(options[key]["text"], bool(options[key].get("right")), count, rest)
            for key, count, rest in entry["options"]
            if key in options
        ),
        languages=tuple(
            _language(one, findings.get((question.pk, one["language"])), names) for one in entry["languages"]
        ),
    )


def findings_open(languages: list[str]):
    """Return the questions that are answered otherwise in some languages and wait for their translators; one query."""
    rows = LanguageFinding.objects.filter(settled_at=None, language__in=languages, question__live=True)
    return rows.select_related("question__course")
