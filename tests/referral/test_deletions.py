"""Deletions on the pages: the digits to speak, a new code, a new link, the agency's word; requests that staff take back."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter
from referral import actions, tasks
from referral.models import AgencyContact, AgencyLink, CaseAccess, CaseEvent, Escalation, Referral
from referral.queries.work import told_to
from tests.referral.offers import opened, path_of
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
LATER = dt.timedelta(hours=73)


@pytest.fixture
def desk(operator, sign_in):
    """The browser of whoever has the case."""
    return sign_in(operator)


@pytest.fixture
def take_back(desk):
    """Take consent back from everybody on the page; returns the page that follows."""

    def send(case, key="back"):
        case.refresh_from_db()
        told = {"organisation": "all", "key": key, "seen": case.event_count}
        return desk.post(url("case_withdraw", case), told, follow=True)

    return send


@pytest.fixture
def close(operator, at):
    def end(case):
        told = {"reason": "information_only", "outcome": "safe", "feedback_asked": True, "key": "close"}
        actions.close_case(case=case, by=operator, at=at, **told)

    return end


def codes_on(page):
    words = page.content.decode()
    return ["".join(pair) for pair in re.findall(r"spoken-code[^>]*><bdi>(\d{3}) (\d{3})</bdi>", words)]


def confirm(referral, code):
    path = path_of(referral, "deletion")
    browser = opened(path, code)
    asked = browser.get(path).content.decode()
    done = browser.post(path, {"act": "answer", "is_deleted": "on"}, follow=True).content.decode()
    return asked, done


def row_of(client, case, referral):
    page = client.get(url("case_detail", case)).content.decode()
    return next(row for row in page.split("<tr>") if str(referral.organisation) in row)


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_digits_of_a_withdrawal_let_the_agency_confirm(shared, take_back, desk, close, is_closed):
    case, accepted, _asked = shared
    if is_closed:
        close(case)

    page = take_back(case)
    (code,) = codes_on(page)
    before = row_of(desk, case, accepted)
    asked, done = confirm(accepted, code)

    assert "Safe house A" in page.content.decode().partition("spoken-code")[0].partition("call-box")[2]
    assert "Requests recalled" in page.content.decode()
    assert "not confirmed yet" in before
    assert ("Confirm the deletion" in asked, "You confirmed the deletion" in done) == (True, True)
    assert "Deletion confirmed" in row_of(desk, case, accepted)
    assert codes_on(take_back(case)) == []


def test_a_no_to_everything_shows_the_digits_too(shared, desk):
    case, accepted, _asked = shared
    told = {"agrees": "no", "giver": "person", "key": "no", "seen": case.event_count, "ends_all": "on"}

    (code,) = codes_on(desk.post(url("case_consent", case), told, follow=True))

    assert "You confirmed the deletion" in confirm(accepted, code)[1]


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("act", ["", "resend"])
def test_a_new_code_and_a_new_link_are_had_from_the_page(shared, take_back, desk, close, is_closed, act):
    case, accepted, _asked = shared
    (first,) = codes_on(take_back(case))
    old = path_of(accepted, "deletion")
    if is_closed:
        close(case)
    row, door = row_of(desk, case, accepted), url("referral_code", case, accepted.public_id)

    page = desk.post(door, {"act": act, "key": "again"} if act else {})

    assert (f'action="{door}"' in row, "New code to speak" in row) == (True, True)
    (code,) = codes_on(page)
    new = path_of(accepted, "deletion")
    assert (new == old) is not bool(act)
    if code != first:
        assert Client().post(old, {"code": first}).status_code == (404 if act else 400)
    assert "You confirmed the deletion" in confirm(accepted, code)[1]


@pytest.mark.parametrize("why", ["lost letter", "opened", "over"])
def test_a_link_that_is_spoilt_is_sent_again(shared, take_back, desk, now, at, why):
    case, accepted, _asked = shared
    (code,) = codes_on(take_back(case))
    link = AgencyLink.objects.get(referral=accepted, purpose="deletion")
    if why == "lost letter":
        Letter.objects.filter(key=f"agency_link:{link.public_id}").update(failed_at=at)
    elif why == "opened":
        opened(path_of(accepted, "deletion"), code)
    else:
        AgencyLink.objects.filter(pk=link.pk).update(expires_at=at)
    row = row_of(desk, case, accepted)
    key = re.search(r'name="key" value="([^"]+)"', row)[1]

    pages = [
        desk.post(url("referral_code", case, accepted.public_id), {"act": "resend", "key": key}) for _ in range(2)
    ]

    assert ("Send a new link" in row, "could not leave" in row) == (True, why == "lost letter")
    assert [len(codes_on(page)) for page in pages] == [1, 0]
    assert AgencyLink.objects.filter(referral=accepted, purpose="deletion").count() == 2
    assert "You confirmed the deletion" in confirm(accepted, codes_on(pages[0])[0])[1]


def test_the_word_by_phone_is_written_down_and_ends_the_notice(shared, take_back, desk, operator, supervisor, at):
    case, accepted, _asked = shared
    take_back(case)
    path = path_of(accepted, "deletion")
    tasks.ask_for_deletions(at + LATER)
    tasks.fire_escalations(at + LATER)
    rule = f"deletion:{accepted.pk}"
    before = [told.rule for told in told_to(supervisor)]
    door = url("referral_deleted", case, accepted.public_id)
    row, form = row_of(desk, case, accepted), desk.get(door)

    refused = desk.post(door, {"key": "word"})
    done = [desk.post(door, {"key": "word", "is_deleted": "on"}, follow=True).status_code for _ in range(2)]

    assert rule in before
    assert (door in row, form.status_code, refused.status_code, done) == (True, 200, 400, [200, 200])
    assert rule not in [told.rule for told in told_to(supervisor)]
    assert Referral.objects.get(pk=accepted.pk).deletion_confirmed_at is not None
    assert Client().get(path).status_code == 404
    told = CaseEvent.objects.get(case=case, kind="deletion_told")
    page = desk.get(url("case_detail", case)).content.decode()
    line = re.search(r"<li[^>]*><b>[^<]*said by phone that it deleted.*?</li>", page)[0]
    assert (told.by, operator.name in line) == (str(operator.public_id), True)
    assert "Deletion confirmed" in row_of(desk, case, accepted)
    assert AuditEntry.objects.filter(verb="referral.deletion_told").count() == 1
    assert desk.get(door).status_code == 409


def test_the_word_by_phone_stands_whatever_else_happened_in_the_case(shared, take_back, desk, operator, at, keys):
    case, accepted, _asked = shared
    take_back(case)
    door = url("referral_deleted", case, accepted.public_id)
    hidden = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', desk.get(door).content.decode()))
    actions.answer(case=case, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)

    done = desk.post(door, hidden | {"is_deleted": "on"})

    assert (list(hidden), done.status_code) == (["key"], 302)
    assert Referral.objects.get(pk=accepted.pk).deletion_confirmed_at is not None


def test_a_notice_that_nobody_got_yet_is_dropped_when_the_agency_confirms(shared, take_back, at):
    case, accepted, _asked = shared
    (code,) = codes_on(take_back(case))
    tasks.ask_for_deletions(at + LATER)

    confirm(accepted, code)

    assert not Escalation.objects.filter(rule=f"deletion:{accepted.pk}").exists()


def test_a_supervisor_with_a_reason_gets_a_code_in_a_closed_case_and_others_get_nothing(
    shared, take_back, close, supervisor, person, liberia, sign_in, at
):
    case, accepted, asked = shared
    take_back(case)
    close(case)
    other = sign_in(person("operator", country=liberia, name="Another"))
    doors = [url(name, case, accepted.public_id) for name in ("referral_code", "referral_deleted")]
    refused = [other.post(door, {"key": "a", "is_deleted": "on"}).status_code for door in doors]
    chief = sign_in(supervisor)
    without = codes_on(chief.post(doors[0]))
    CaseAccess.objects.create(
        case=case, user=supervisor, reason="Asked", opened_at=at, ends_at=at + dt.timedelta(hours=1)
    )

    assert (refused, without, len(codes_on(chief.post(doors[0])))) == ([404, 404], [], 1)
    assert chief.post(url("referral_code", case, asked.public_id), {"act": "resend", "key": "b"}).status_code == 409


def test_whoever_is_late_is_told_of_with_what_can_be_done(shared, take_back, supervisor, sign_in, at, now):
    case, _accepted, _asked = shared
    take_back(case)
    tasks.ask_for_deletions(at + LATER)
    tasks.fire_escalations(at + LATER)
    now.move_to(at + LATER, tick=False)

    page = sign_in(supervisor).get("/en/cases/work-list/").content.decode()

    said = page.partition("An agency has not confirmed that it deleted what it was shown.")[2].partition("</td>")[0]
    assert [words in said for words in ("a new code", "a new link", "by phone")] == [True] * 3


@pytest.mark.parametrize("state", ["cancelled", "entered_in_error"])
def test_staff_that_take_a_request_back_tell_the_agency(shared, desk, state):
    case, accepted, asked = shared
    answer_link = AgencyLink.objects.get(referral=asked)

    def send(referral, key):
        case.refresh_from_db()
        told = {"state": state, "key": key, "seen": case.event_count}
        return desk.post(url("referral_progress", case, referral.public_id), told, follow=True)

    waiting, (code,) = codes_on(send(asked, "one")), codes_on(send(accepted, "two"))

    assert waiting == []
    answer_link.refresh_from_db()
    assert answer_link.revoked_at is not None
    neutral = open_letter(Letter.objects.get(key=f"recall:{asked.public_id}"))
    assert "needs no answer any more" in neutral.text
    rows = {row.pk: row for row in Referral.objects.filter(case=case)}
    assert [rows[one.pk].deletion_asked_at is not None for one in (asked, accepted)] == [False, True]
    assert "You confirmed the deletion" in confirm(accepted, code)[1]


def test_an_agency_that_cannot_be_told_of_a_cancelled_request_stands_in_the_work_list(shared, desk, operator, at):
    case, accepted, _asked = shared
    AgencyLink.objects.filter(contact__organisation=accepted.organisation).update(contact=None)
    AgencyContact.objects.filter(organisation=accepted.organisation).delete()
    told = {"state": "cancelled", "key": "one", "seen": case.event_count}

    page = desk.post(url("referral_progress", case, accepted.public_id), told, follow=True)
    tasks.fire_escalations(at)

    assert codes_on(page) == []
    assert f"untold:{accepted.pk}" in [row.rule for row in told_to(operator)]
