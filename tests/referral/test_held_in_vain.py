"""An agency that put the person on its waiting list answered, also when its time ends without a place: true words."""

import datetime as dt
import importlib
import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Letter
from referral import actions, tasks
from referral.models import Capacity, Escalation, Referral
from referral.queries.cases import referrals_visible_to
from referral.queries.timeline import timeline_of
from referral.queries.work import work_list
from tests.referral.offers import opened, path_of
from tests.referral.pages import url
from tests.referral.withdrawals import end_waiting

NO_PLACE = "Waiting list; no place in time"
SILENCE = ("No answer", "did not answer in time")


@pytest.fixture
def two(at_referrals, agency, open_run, operator, at, keys, now):
    """A house that put the person on its waiting list through its link, and a hostel that was not asked yet."""
    house, hostel = agency("Safe house A", "shelter"), agency("Hostel C", "shelter")
    case = at_referrals(house, hostel)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    path = path_of(sent.referral)
    opened(path, sent.code).post(path, {"act": "answer", "answer": "hold"})
    return Referral.objects.get(pk=sent.referral.pk), hostel


@pytest.fixture
def late(two, now):
    """The same once the time of the house is over: the hostel was asked. Returns (request to the house, the other, when)."""
    held, _hostel = two
    moment = held.due_at + dt.timedelta(minutes=1)
    now.move_to(moment)
    tasks.expire_offers(moment)
    tasks.fire_escalations(moment)
    held.refresh_from_db()
    return held, Referral.objects.get(case=held.case, position=2), moment


def _plain(page):
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?bdi[^>]*>", "", page.content.decode())).split())


def _has_recall(referral):
    asked = Referral.objects.get(pk=referral.pk).deletion_asked_at
    return bool(asked) or Letter.objects.filter(key=f"recall:{referral.public_id}").exists()


def test_the_case_says_waiting_list_and_never_silence_and_when_it_answered(late, operator, sign_in, at):
    held, _other, _moment = late

    page = _plain(sign_in(operator).get(url("case_detail", held.case)))

    assert held.held_at.strftime("%H:%M") in page[page.index(NO_PLACE) : page.index(NO_PLACE) + 60]
    assert "Safe house A (example) had no place in time; the person was on its waiting list" in page
    assert not any(words in page for words in SILENCE)


def test_whoever_acts_after_no_agency_accepted_reads_that_a_waiting_list_exists(late, operator, sign_in, keys, at):
    held, other, moment = late
    actions.decline(referral=other, reason="full", key=next(keys), by=operator, at=moment)

    page = _plain(sign_in(operator).get(url("case_detail", held.case)))

    steps = page[page.index("Open steps") : page.index("Referrals ")]
    assert f"Safe house A (example) : {NO_PLACE}" in steps.replace("(example):", "(example) :")


def test_the_work_list_names_a_waiting_list_and_whom_to_call(late, operator):
    _held, _other, moment = late

    said = [sentence for row in work_list(operator, "en", moment) for sentence in row.said]

    assert (
        "Safe house A (example) put the person on its waiting list and had no place in time. Hostel C (example) was "
        "asked: call it with its new code."
    ) in said
    assert f"Safe house A (example) had put the person on its waiting list. This request now: {NO_PLACE}." in said


def test_an_agency_that_kept_silent_is_still_said_to_have_kept_silent(at_referrals, agency, open_run, operator, sign_in, at, keys, now):  # fmt: skip
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    asked = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral

    actions.mark_no_answer(referral=asked, at=asked.due_at)

    page = _plain(sign_in(operator).get(url("case_detail", case)))
    assert all(words in page for words in SILENCE)
    assert NO_PLACE not in page


def test_the_list_of_agencies_says_it_beside_the_name(late, operator, sign_in):
    held, _other, _moment = late

    page = _plain(sign_in(operator).get(url("refer", held.case, held.run.number)))

    assert "Put the person on its waiting list (" in page
    assert "it had no place in time." in page


def test_the_agencys_page_says_until_when_nobody_else_is_asked(offer):
    referral, code, path = offer
    browser = opened(path, code)

    page = browser.post(path, {"act": "answer", "answer": "hold"}, follow=True).content.decode()

    assert (
        "it sends you a new link or writes your answer down. Nobody else is asked until your time for an answer is over ("
        in page
    )
    assert referral.due_at.strftime("%H:%M") in page


def test_the_waiting_list_again_through_a_fresh_link_is_no_request_that_needs_no_answer(two, operator, at, keys):
    held, _hostel = two
    sent = actions.resend(referral=held, key=next(keys), by=operator, at=at)
    path, happened = path_of(held), len(timeline_of(held.case, "en"))
    browser = opened(path, sent.code)

    page = browser.post(path, {"act": "answer", "answer": "hold"}, follow=True).content.decode()

    assert "The person is on your waiting list." in page
    assert "needs no answer any more" not in page
    assert len(timeline_of(held.case, "en")) == happened + 1  # the link that was opened


def test_a_place_that_comes_late_is_taken_and_the_other_agency_is_told(late, operator, sign_in, keys):
    held, other, moment = late
    client, door = sign_in(operator), url("referral_answer", held.case, held.public_id)

    form = client.get(door).content.decode()
    client.post(door, {"answer": "accept", "key": "late", "seen": held.case.events.count()})

    assert ("They accept" in form, "They decline" in form, "waiting list" in form) == (True, False, False)
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.state_words, other.state) == ("Accepted", "cancelled")
    assert _has_recall(other)


def test_by_phone_a_held_request_is_accepted_or_declined_and_not_held_again(two, operator, sign_in):
    held, _hostel = two

    form = sign_in(operator).get(url("referral_answer", held.case, held.public_id)).content.decode()

    assert ("They accept" in form, "They decline" in form, "they put her or him" in form) == (True, True, False)


def test_an_answer_by_phone_that_cannot_follow_any_more_is_refused_with_where_it_stands(late, operator, sign_in):
    held, _other, _moment = late
    door = url("referral_answer", held.case, held.public_id)

    page = sign_in(operator).post(door, {"answer": "hold", "key": "x", "seen": held.case.events.count()})

    assert f"This request stands at “{NO_PLACE}”".replace("request", "referral") in page.content.decode()
    assert Referral.objects.get(pk=held.pk).state == "no_answer"


@pytest.mark.parametrize("end", ["elsewhere", "closed", "withdrawn"])
def test_an_agency_whose_list_has_the_person_is_told_once_nobody_waits(end, late, operator, person, liberia, keys):
    held, other, moment = late
    focal = person("focal_point", country=liberia)
    held.organisation.focal_points.add(focal)
    assert (list(referrals_visible_to(focal)), _has_recall(held)) == ([held], False)

    end_waiting(end, held, other, operator, moment, keys)

    assert _has_recall(held)
    assert not referrals_visible_to(focal).exists()


def test_a_waiting_list_by_phone_is_told_too_and_only_once(at_referrals, agency, open_run, operator, at, keys):
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    case = at_referrals(house, room)
    asked = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral
    actions.hold(referral=asked, key=next(keys), by=operator, at=at)
    actions.mark_no_answer(referral=asked, at=asked.due_at)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=asked.due_at)

    assert Letter.objects.filter(key=f"recall:{asked.public_id}").count() == 1
    with pytest.raises(actions.NothingShared):
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=asked.due_at)


def test_the_focal_points_page_says_it_as_the_case_does(late, person, liberia, sign_in):
    held, _other, _moment = late
    focal = person("focal_point", country=liberia)
    held.organisation.focal_points.add(focal)

    page = _plain(sign_in(focal).get(reverse("referral:requests")))

    assert NO_PLACE in page
    assert "No answer" not in page


def test_the_time_beside_a_state_is_the_time_of_that_state(two, operator, sign_in, keys, at, now):
    held, _hostel = two
    client, hours = sign_in(operator), dt.timedelta(hours=1)
    found = {}
    for place, state in enumerate(("accepted", "in_progress", "completed"), start=1):
        moment = at + place * hours / 4
        if state == "accepted":
            actions.accept(referral=held, key=next(keys), by=operator, at=moment)
        else:
            actions.progress(referral=held, to=state, key=next(keys), by=operator, at=moment)
        page = client.get(url("case_detail", held.case)).context["referrals"]
        found[state] = (page[0].since, moment)

    assert all(since == moment for since, moment in found.values()), found


def test_the_next_agency_is_said_to_be_asked_only_where_one_was(two, operator, supervisor, at, keys):
    held, _hostel = two
    row = Escalation.objects.create(
        run=held.run, rule="deadline:9", to_role="hotline", action="offer_next", at=held.due_at, fired_at=held.due_at,
        told_role="operator",
    )  # fmt: skip

    def said():
        (one,) = [one for one in work_list(operator, "en", held.due_at) if row in one.told]
        return "The next agency was asked." in " ".join(one.said)

    before = said()
    actions.mark_no_answer(referral=held, at=held.due_at)

    assert (before, said()) == (False, True)


def test_more_late_rows_ask_no_more_queries(two, operator, django_assert_max_num_queries):
    held, _hostel = two
    row = {"run": held.run, "to_role": "hotline", "action": "offer_next", "at": held.due_at, "told_role": "operator"}
    Escalation.objects.create(rule="deadline:8", fired_at=held.due_at, **row)
    with CaptureQueriesContext(connection) as one:
        work_list(operator, "en", held.due_at)

    Escalation.objects.create(rule="deadline:9", fired_at=held.due_at, **row)

    with django_assert_max_num_queries(len(one)):
        work_list(operator, "en", held.due_at)


def test_what_stood_before_the_column_is_taken_from_the_history(late):
    held, other, _moment = late
    was = held.held_at
    Referral.objects.filter(pk=held.pk).update(held_at=None)

    importlib.import_module("referral.migrations.0002_when_held").from_history(apps, None)

    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.held_at, other.held_at) == (was, None)


@pytest.mark.parametrize("is_over", [False, True])
def test_who_is_on_the_list_already_is_not_told_to_choose_it(is_over, two, operator, sign_in, at):
    held, _hostel = two
    Capacity.objects.create(service=held.service, unit="bed", available=0, maximum=4, updated_at=at)
    if is_over:
        actions.mark_no_answer(referral=held, at=held.due_at)
    door = url("referral_answer", held.case, held.public_id)

    sent = {"answer": "accept", "key": "late", "seen": held.case.events.count()}
    page = sign_in(operator).post(door, sent).content.decode()

    assert "If a place is free all the same, have the count put right there first." in page
    assert "Choose the waiting list" not in page
