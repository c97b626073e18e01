"""How far somebody of the demo goes in a course: what her page, her phone or her trainer would have sent, through actions."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, replace

from accounts.models import User
from training import actions, grading, progress, queries, scenarios
from training.choices import END, Form, Source, Verb
from training.demo.chance import paper_seed
from training.exchange import stable_id
from training.models import Attempt, Course, Enrolment, Learner

SEED = 20_261_125
BY_FILE = {"learner3.tn@example.org": "trainer.tn@example.org"}


@dataclass(frozen=True)
class Stage:
    """How far somebody is: lessons read to the end, over how many days, how long ago it ended.

    Who passed has read all lessons; some were asked before the first lesson what they knew.
    """

    lessons: int
    passed: bool = False
    days: int = 10
    ago: int = 2
    asked_before: bool = False


def learn(user: User, course: Course, stage: Stage, *, at: dt.datetime) -> None:
    """Let a person go as far in a course as her stage says; somebody who has begun stays as she is."""
    learner = actions.learner_of(user)
    if Enrolment.objects.filter(learner=learner, course=course).exists():
        return
    ended = at - dt.timedelta(days=stage.ago)
    began = ended - dt.timedelta(days=stage.days)
    enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=began)
    if course.tracks:
        actions.choose_track(user=user, course=course, track=course.tracks[0], language=user.language, at=began)
        enrolment.refresh_from_db()
    if stage.asked_before:
        _ask_before(enrolment, user.language, began)
    arrivals = _lessons_read(user, enrolment, stage, began, ended)
    if stage.lessons:
        arrivals += _stories_played(user, enrolment, stage, ended, seq=len(arrivals))
    if stage.passed:
        arrivals.append(take_test(enrolment, user.language, ended))
    _send(learner, arrivals, ended)


def _send(learner: Learner, arrivals: list[actions.Arrival], at: dt.datetime) -> None:
    """Send what a page would have sent; for one whose phone found no network, her trainer sends its file."""
    arrivals = [replace(one, id=uuid.UUID(int=one.id.int, version=4)) for one in arrivals]  # as a phone draws them
    if trainer := BY_FILE.get(learner.user.email):
        file = actions.KeptFile(learner.public_id, 0, tuple(arrivals))
        actions.send_kept(file=file, by=User.objects.get(email=trainer), at=at)
    else:
        actions.record_events(learner=learner, arrivals=arrivals, source=Source.WEB, at=at)


def take_test(enrolment: Enrolment, language: str, at: dt.datetime) -> actions.Arrival:
    """Take the test from the key that the paper holds: all right, or with slips that do not keep her from passing."""
    enrolment = Enrolment.objects.select_related("progress", "version", "learner__user").get(pk=enrolment.pk)
    began, seed = at - dt.timedelta(minutes=12), paper_seed(enrolment)
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=began, seed=seed)
    responses = {item.id: right(item) for item in queries.items_of(attempt)}
    return actions.handed_in(attempt, responses | _slips(attempt, enrolment.learner.user.email), language, at)


def _slips(attempt: Attempt, email: str) -> dict[str, str]:
    """Return some wrong answers to questions that are not critical, as many as leave the test passed; always the same."""
    dice = random.Random(f"{SEED}{email}")  # noqa: S311 -- as below
    paper, items = progress.read(attempt.paper), queries.items_of(attempt)
    may_fail = [item for item in items if item.kind == "single" and item.id not in paper["critical"]]
    count = min(dice.choice((0, 0, 1, 3)), len(items) - paper["minimum"], len(may_fail))
    return {
        item.id: dice.choice([option for option in item.options if option not in item.right])
        for item in dice.sample(may_fail, count)
    }


def _ask_before(enrolment: Enrolment, language: str, at: dt.datetime) -> None:
    """Take the pre-test, where the course has one, with every other answer right."""
    try:
        seed = paper_seed(enrolment)
        attempt = actions.start_attempt(enrolment=enrolment, language=language, at=at, form=Form.PRE, seed=seed)
    except actions.NoQuestions:
        return
    items = queries.items_of(attempt)
    responses = {item.id: right(item) for place, item in enumerate(items) if place % 2}
    actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at + dt.timedelta(minutes=9))


def _lessons_read(user: User, enrolment: Enrolment, stage: Stage, began, ended) -> list[actions.Arrival]:
    """Return what her page would have sent: lessons opened, screens read, ends reached, the last in her own language."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    device, arrivals = stable_id("demo device", user.email), []
    lessons = [one for one in version.asked(enrolment.progress.track) if one.kind == "lesson"]
    to_the_end = len(lessons) if stage.passed else stage.lessons
    step = (ended - began) / max(1, to_the_end)
    for place, lesson in enumerate(lessons[: to_the_end + 1]):
        language = "en" if place == 0 else user.language
        screens = [lesson.screens[0], END] if place < to_the_end else lesson.screens[:2]
        for screen in screens:
            arrivals.append(
                actions.Arrival(
                    id=uuid.uuid5(device, f"{lesson.id}/{screen}"),
                    verb=Verb.REACHED,
                    activity=lesson.id,
                    version=version.id,
                    language=language,
                    occurred_at=min(began + step * (place + 1), ended),
                    payload={"screen": screen},
                    device=device,
                    seq=len(arrivals) + 1,
                )
            )
    return arrivals


def _stories_played(user: User, enrolment: Enrolment, stage: Stage, at, seq: int) -> list[actions.Arrival]:
    """Play each scenario: who passed, to an end that is well; who is on the way, one step, so that she can go on."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    device = stable_id("demo device", user.email)
    return [
        actions.Arrival(
            id=uuid.uuid5(device, f"{story.id}/played"),
            verb=Verb.CHOSE,
            activity=story.id,
            version=version.id,
            language=user.language,
            occurred_at=at,
            payload={
                "play": str(uuid.uuid5(device, story.id)),
                "graph": story.graph_id,
                "path": list(scenarios.path_to(story.graph, scenarios.SOUND)[: None if stage.passed else 1]),
            },
            device=device,
            seq=seq + place,
        )
        for place, story in enumerate(version.scenarios, 1)
    ]


def right(item: grading.Item):
    """Return the right response to an item."""
    return {
        "single": lambda: item.right[0],
        "multiple": lambda: list(item.right),
        "order": lambda: list(item.options),
        "match": lambda: [list(pair) for pair in item.groups],
        "number": lambda: item.answer,
        "short": lambda: item.answer.partition("\n")[0],
    }[item.kind]()
