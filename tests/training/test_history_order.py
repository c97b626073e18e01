"""What a learner reads of herself: in the order in which it happened, by the corrected clock; who else sees what."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.training.answers import paper, right
from tests.training.finishing import ask_anew
from tests.training.without_account import allowed, begin  # noqa: F401
from training import actions, queries
from training.choices import Source
from training.models import Attempt


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


def test_the_page_says_that_others_see_each_try_with_its_minute_and_they_do(
    client, sign_in, official, manager, attempt
):
    client.post(paper(attempt), right(attempt))
    began = timezone.localtime(Attempt.objects.get().started_at, ZoneInfo("America/Port-au-Prince")).strftime("%H:%M")

    hers = " ".join(client.get("/en/learning/history/").content.decode().split())
    theirs = sign_in(manager).get(f"/en/reports/people/{official.learner.public_id}/").content.decode()
    listed = client.get("/en/reports/people/").content.decode()

    assert "each try at a test with the minute in which you began it and handed it in and whether you passed" in hers
    assert "on which day you were last here" in hers
    assert "Only you see it" not in hers
    assert (began in theirs, "Last here" in listed) == (True, True)


def test_who_learns_without_an_account_reads_that_her_code_alone_opens_it(client, allowed):  # noqa: F811
    begin(client)

    html = client.get("/en/learning/history/").content.decode()

    assert ("Only who has your code sees it." in html, 'data-part="seen"' in html) == (True, False)
