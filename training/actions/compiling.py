"""Compiled rows: what a course, its test and each lesson show in a language, so that a reader costs one query.

A row exists for the source and for each language in which something of the course is live; a reader of another
language gets the row of the first language of her chain.
"""

import math
import zlib
from datetime import UTC, datetime

from django.db import transaction
from django.utils import translation

from training import progress
from training.actions.bodies import course_body, lesson_body, test_body
from training.actions.stories import scenario_body
from training.actions.trees import Tree
from training.choices import AROUND_A_LESSON
from training.models import Compiled, Course
from training.queries import part_of_scenario


@transaction.atomic
def compile_course(course: Course) -> int:
    """Rebuild the rows of a course, its test and its lessons in every language that has something; return how many.

    Readers know a row's content by when it was built (queries.compiled), so the clock is read here: an act's own time
    may be that of an earlier building.
    """
    tree, built_at = Tree(course), datetime.now(UTC)
    rows = [row for language in tree.languages for row in _rows(tree, language, built_at)]
    _weigh(rows, course.pk)
    pages = [course.pk, *(lesson.pk for lesson in tree.lessons)]
    Compiled.objects.filter(page__in=pages).exclude(language__in=tree.languages).delete()
    _drop_gone(course, tree)
    Compiled.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["page", "language", "part"], update_fields=["body", "built_at"]
    )
    return len(rows)


def _drop_gone(course: Course, tree: Tree) -> None:
    """Delete the rows of scenarios that are no longer played."""
    parts = ["", "test", *(part_of_scenario(one) for one in tree.scenarios)]
    Compiled.objects.filter(page=course.pk).exclude(part__in=parts).delete()


def _weigh(rows: list[Compiled], course: int) -> None:
    """Note in each course row how many kilobytes a learner's telephone fetches for its lessons: pages, compressed."""
    for row in rows:
        if row.page_id == course and not row.part:
            bodies = [other.body for other in rows if other.language == row.language and other.page_id != course]
            weight = sum(AROUND_A_LESSON + len(zlib.compress(body.encode())) for body in bodies)
            row.body = progress.canonical(progress.read(row.body) | {"kilobytes": math.ceil(weight / 1024)})


def _rows(tree: Tree, language: str, built_at: datetime) -> list[Compiled]:
    with translation.override(language):
        made = [(tree.course.pk, "", course_body(tree, language)), (tree.course.pk, "test", test_body(tree, language))]
        made += [(lesson.pk, "", lesson_body(tree, lesson, language)) for lesson in tree.lessons]
        made += [(tree.course.pk, part_of_scenario(one), scenario_body(tree, one, language)) for one in tree.scenarios]
    return [
        Compiled(page_id=page, part=part, language=language, body=progress.canonical(body), built_at=built_at)
        for page, part, body in made
    ]
