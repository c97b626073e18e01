"""The order and the editions of what a learner reads of herself: as it happened, by the corrected clock."""

import datetime as dt
import uuid

from tests.training.finishing import ask_anew
from training import actions, queries
from training.choices import Source


def opened(enrolment, lesson, occurred_at, seq, device):
    return actions.Arrival(
        id=uuid.uuid4(), verb="opened", activity=str(lesson.translation_key),
        version=str(enrolment.version.public_id), language="fr", occurred_at=occurred_at, payload={}, device=device,
        seq=seq,
    )  # fmt: skip


def test_a_wrong_clock_and_one_instant_leave_the_order_in_which_things_were_done(
    official, lessons, enrolment, at, later
):
    device, slow = uuid.uuid4(), dt.timedelta(hours=2)
    events = [opened(enrolment, lesson, at - slow, seq, device) for seq, lesson in enumerate(lessons, 1)]
    actions.record_events(
        learner=enrolment.learner, arrivals=events[::-1], source=Source.WEB, at=later(1), offset_ms=2 * 3600 * 1000
    )
    first = opened(enrolment, lessons[0], at - dt.timedelta(hours=1), 9, device)
    actions.record_events(learner=enrolment.learner, arrivals=[first], source=Source.FORM, at=later(2))

    rows = list(queries.events_of(official))

    assert [row.device_seq for row in rows] == [4, 3, 2, 1, 9]


def test_a_waiver_and_its_taking_back_bear_the_same_edition(official, manager, lessons, enrolment, at, later):
    ask_anew(lessons[0], later(10))
    told = {"enrolment": enrolment, "activity": str(lessons[0].translation_key), "by": manager}

    actions.waive_activity(reason="taught", at=later(20), **told)
    actions.take_back_waiver(reason="other", at=later(30), **told)

    entries = queries.history(official, queries.events_of(official), "en")
    assert [(one.what, one.edition) for one in entries] == [("Waiver taken back", 2), ("Lesson waived", 2)]
