"""What the demo shows of tests that were not passed: one learner who waits for her next try, one who used all of hers.

And one whose paper held a mistaken key that was corrected since: her test can be marked anew.
"""

import datetime as dt

from training import actions, grading, progress, queries
from training.demo.chance import paper_seed
from training.models import Attempt, Course, Enrolment, Question

WAITS = "learner.lr@example.org"
MISTAKEN = "a-q15"  # its plan asks as many of its objective as there are, so it is on every paper


def make(course: Course, *, right, at: dt.datetime) -> None:
    """Let two officials of Liberia fail the test of a course, once; `right` gives the right response to a question."""
    if Attempt.objects.filter(enrolment__course=course, enrolment__learner__user__email=WAITS).exists():
        return
    rows = Enrolment.objects.filter(course=course, learner__user__country="LR", progress__passed_at=None)
    if waiting := rows.filter(learner__user__email=WAITS).first():
        _fail(waiting, right, at - dt.timedelta(hours=1))
    official = rows.filter(learner__user__email__startswith="official", progress__done__gt=0).order_by("pk").first()
    for days in (12, 9, 5) if official else ():
        _fail(official, right, at - dt.timedelta(days=days))


def turn_key(course: Course) -> None:
    """Let two answers of a question change their places as right and wrong; again, and it is as its file says."""
    question = Question.objects.get(course=course, key=MISTAKEN)
    body = question.body_en.get_prep_value()
    right, other = (option["value"] for option in body[0]["value"]["options"][:2])
    right["right"], other["right"] = other["right"], right["right"]
    question.body_en = Question._meta.get_field("body_en").to_python(body)
    question.go_live()


def take_mistaken(course: Course, *, right, at: dt.datetime) -> None:
    """Let one official take the test while a key is mistaken: by the right one she would have passed."""
    rows = Enrolment.objects.filter(course=course, learner__user__country="LR", progress__passed_at=None)
    rows = rows.filter(learner__user__email__startswith="official", progress__done__gt=0).order_by("-pk")
    enrolment = rows.select_related("progress", "version", "learner__user").first()
    if enrolment is None:
        return
    language = enrolment.learner.user.language
    seed = paper_seed(enrolment)
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=at, seed=seed)
    paper = progress.read(attempt.paper)
    answers = {item.id: right(item) for item in queries.items_of(attempt)}
    names = {entry["key"]: entry for entry in paper["items"]}
    if mistaken := names.get(MISTAKEN):
        answers[mistaken["id"]] = mistaken["options"][0]
    plain = [key for key in answers if key not in paper["critical"] and key != names.get(MISTAKEN, {}).get("id")]
    answers |= dict.fromkeys(plain[: len(answers) - paper["minimum"]])
    actions.submit_attempt(attempt=attempt, responses=answers, language=language, at=at)


def _fail(enrolment: Enrolment, right, at: dt.datetime) -> None:
    """Take a test with every other answer right."""
    enrolment = Enrolment.objects.select_related("progress", "version", "learner__user").get(pk=enrolment.pk)
    language = enrolment.learner.user.language
    began, seed = at - dt.timedelta(minutes=14), paper_seed(enrolment)
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=began, seed=seed)
    items: list[grading.Item] = queries.items_of(attempt)
    responses = {item.id: right(item) for item in items[::2]}
    actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at)
