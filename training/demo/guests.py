"""Who learns safe migration without an account in the demo: their line in the reports and the figures of its questions.

They read two languages, enough of them in each that the figures can be told. One question is harder in the translation
than in English, so that its translators are asked to compare both texts.
"""

import datetime as dt
import random
import uuid

from accounts.models import Country
from training import actions, grading, progress, queries, statistics
from training.choices import END, Source, Verb
from training.demo.chance import paper_seed
from training.models import Course, Enrolment
from training.queries.holders import holders

COUNTRY, LANGUAGES = "BD", ("bn", "en")
MANY = (statistics.FEWEST + 1) * len(LANGUAGES)
SEED = 20_261_128
LESSONS = (1, 3, 6, 20)  # read to the end before the test
KNOWS = (0.55, 0.7, 0.85, 0.95)  # how likely an answer is right, by learner
HARDER = "c-q6"  # its plan asks as many of its objective as there are, so it is on every paper
KNOWS_HARDER = {"bn": 0.25, "en": 0.9}


def make(course: Course, *, right, at: dt.datetime) -> None:
    """Let some learn without an account, once; the codes are shown to nobody, so nobody opens what they did.

    `right` gives the right response to a question.
    """
    is_there = Country.objects.filter(pk=COUNTRY).exists()
    if not (is_there and course.without_account) or holders().exists():
        return
    dice = random.Random(SEED)  # noqa: S311 -- a demo that is the same everywhere
    for number in range(MANY):
        began = at - dt.timedelta(days=4, hours=13 * number)
        told = {"course": course, "country": COUNTRY, "address": f"demo {number}", "at": began}
        _learner, enrolment, _code = actions.begin_without_account(**told)
        seed = paper_seed(enrolment, f"guest {number}")
        _learn(enrolment, LANGUAGES[number % len(LANGUAGES)], dice, right, began, seed)


def _learn(enrolment: Enrolment, language: str, dice: random.Random, right, began: dt.datetime, seed: str) -> None:
    """Read some lessons, and hand in the test three days later."""
    ended = began + dt.timedelta(days=3)
    opened = ended - dt.timedelta(minutes=16)
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=opened, seed=seed)
    harder = next((one["id"] for one in progress.read(attempt.paper)["items"] if one["key"] == HARDER), "")
    knows = dice.choice(KNOWS)
    responses = {
        item.id: right(item)
        if dice.random() < (KNOWS_HARDER[language] if item.id == harder else knows)
        else _wrong(item, dice)
        for item in queries.items_of(attempt)
    }
    read = _read(enrolment, language, dice.choice(LESSONS), began)
    arrivals = [*read, actions.handed_in(attempt, responses, language, ended)]
    actions.record_events(learner=enrolment.learner, arrivals=arrivals, source=Source.FORM, at=ended)


def _wrong(item: grading.Item, dice: random.Random):
    """Return one of the wrong answers, or none where an answer is more than one choice."""
    return dice.choice([one for one in item.options if one not in item.right]) if item.kind == "single" else None


def _read(enrolment: Enrolment, language: str, many: int, began: dt.datetime) -> list[actions.Arrival]:
    """Return what is noted of lessons that are read to their end."""
    edition = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    return [
        actions.Arrival(
            id=uuid.uuid5(enrolment.public_id, lesson.id), verb=Verb.REACHED, activity=lesson.id, version=edition.id,
            language=language, occurred_at=began + dt.timedelta(hours=3 * place), payload={"screen": END},
        )
        for place, lesson in enumerate(edition.lessons[:many], 1)
    ]  # fmt: skip
