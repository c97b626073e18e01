"""A link to an agency's page stands nowhere: sealed while it waits, gone once it was sent."""

import datetime as dt
import re
import smtplib

import pytest
from django.apps import apps
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts import tasks
from accounts.models import Letter
from referral import actions
from referral import tasks as jobs
from referral.actions.links import send_recall_notice
from referral.models import AgencyLink, CaseEvent, Escalation, Notice, Organisation, Referral
from referral.queries.casepage import referral_rows
from referral.queries.work import due_notices


def rows_with(words):
    """Return the table and row of each value of the database in which `words` stand, read past every field of ours."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            found += [(model._meta.label, row) for row in cursor.fetchall() if words in " ".join(map(str, row))]
    return found


@pytest.fixture
def ask(at_referrals, agency, open_run, operator, at, keys):
    """Ask a safe house, reached by e-mail or by text; gives what `refer` gives."""

    def make(email="desk@example.org"):
        known = Organisation.objects.count()
        house = agency(f"Safe house {known}", "shelter", email=email)
        if not email:
            actions.enrol_contact(organisation=house.organisation, name="Desk", number="+231770000000", by="t", at=at)
        case = at_referrals(house, agency(f"Listening room {known}", "psychosocial"))
        return actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    return make


def token_in(text):
    return re.search(r"/a/([\w-]{43})/", text)[1]


def test_the_scan_finds_what_stands_in_a_row(ask):
    assert "referral.Case" in {label for label, _row in rows_with(ask().referral.case.code)}


def test_a_letter_is_sealed_while_it_waits_and_empty_once_sent(ask, at):
    sent = ask()
    letter = Letter.objects.get(key__startswith="agency_link")
    token = token_in(accounts.open_letter(letter).text)

    waiting = rows_with(token), rows_with("desk@example.org")
    tasks.send_letters(at)

    assert waiting == ([], [])
    assert token_in(mail.outbox[0].body) == token
    assert mail.outbox[0].to == ["desk@example.org"]
    assert rows_with(token) == []
    letter.refresh_from_db()
    contact = sent.referral.organisation.contacts.get()
    assert (letter.to, letter.text, letter.receiver) == (None, None, accounts.thing_id(contact))
    assert letter.sent_at is not None


def test_no_row_holds_the_link_after_the_agency_has_opened_it_and_answered(ask, at, time_machine):
    time_machine.move_to(at, tick=False)
    sent = ask()
    tasks.send_letters(at)
    path = re.search(r"/\w+/a/[\w-]+/", mail.outbox[0].body)[0]
    browser = Client()

    browser.post(path, {"code": sent.code})
    answered = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True)

    assert answered.status_code == 200
    assert rows_with(path.split("/")[3]) == []


def test_a_text_is_sealed_while_it_waits_and_empty_once_it_left(ask, at):
    ask(email="")
    notice = due_notices(at).get()
    token = token_in(actions.notice_address(notice=notice, at=at))

    waiting = rows_with(token)
    actions.notice_left(notice=notice, at=at)

    assert waiting == rows_with(token) == []
    notice.refresh_from_db()
    assert (notice.link, notice.taken_at, notice.fault) == (None, at, "")
    assert not due_notices(at).exists()


@pytest.mark.parametrize("change", [None, "used_at", "revoked_at"])
def test_a_text_knows_when_its_address_stops_working(ask, at, change):
    sent = ask(email="")
    notice = due_notices(at).get()
    soon = at + dt.timedelta(minutes=5)
    if change:
        AgencyLink.objects.filter(referral=sent.referral).update(**{change: soon})

    ends = actions.notice_ends(notice=notice)

    assert ends == (soon if change else AgencyLink.objects.get().expires_at)


def test_the_demo_keeps_letters_and_texts_sealed_so_that_its_page_shows_them(ask, at, settings):
    settings.KEEPS_LETTERS = True
    ask()
    tasks.send_letters(at)
    ask(email="")
    notice = due_notices(at).get()
    actions.notice_left(notice=notice, at=at)

    letter = Letter.objects.get(key__startswith="agency_link")
    token = token_in(accounts.open_letter(letter).text)

    texted = token_in(actions.notice_address(notice=notice, at=at))
    page = Client().get("/en/demo/letters/").content.decode()

    assert token in page
    assert texted in page
    assert rows_with(token) == rows_with(texted) == []


def test_a_text_that_cannot_leave_is_told_where_the_operator_looks(ask, at):
    sent = ask(email="")
    case = sent.referral.case

    for _ in range(2):
        actions.notice_failed(notice=Notice.objects.get(), fault="no_line", at=at)

    told = Escalation.objects.get(rule__startswith="text_failed")
    assert (told.run, told.to_role) == (sent.referral.run, "hotline")
    assert CaseEvent.objects.filter(case=case, kind="text_failed").count() == 1
    row = next(row for row in referral_rows(case, "en", at) if row.referral == sent.referral)
    assert row.fault == "This country has no line that can send texts."
    assert Notice.objects.get().link is None


def test_the_case_page_says_that_the_text_could_not_leave_until_a_new_one_does(
    ask, at, now, keys, operator, sign_in, client
):
    sent = ask(email="")
    actions.notice_failed(notice=Notice.objects.get(), fault="refused", at=at)
    sign_in(operator)
    address = f"/en/cases/{sent.referral.case.code}/"

    before = client.get(address).content.decode()
    actions.resend(referral=sent.referral, key=next(keys), by=operator, at=at)
    after = client.get(address).content.decode()

    assert "The carrier refused the text." in before
    assert "The carrier refused the text." not in after


def test_a_text_that_left_and_did_not_arrive_is_told_once(ask, at):
    sent = ask(email="")
    actions.notice_left(notice=Notice.objects.get(), at=at)

    for _ in range(2):
        actions.notice_failed(notice=Notice.objects.get(), fault="refused", at=at)

    assert Escalation.objects.get(rule__startswith="text_failed").run == sent.referral.run
    assert CaseEvent.objects.filter(case=sent.referral.case, kind="text_failed").count() == 1
    assert Notice.objects.get().fault == "refused"


class RefusingServer(BaseEmailBackend):
    """A mail server that refuses every letter."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected


def give_up(at):
    """Let the worker try a letter five times."""
    for hours in range(0, 25, 5):
        tasks.send_letters(at + dt.timedelta(hours=hours))


def test_a_letter_that_was_given_up_is_told_where_a_text_that_failed_is(
    ask, at, keys, operator, sign_in, client, settings, now
):
    sent = ask()
    case = sent.referral.case
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    tasks.send_letters(at)
    early = jobs.tell_of_letters(at)
    give_up(at + dt.timedelta(minutes=1))

    told = [jobs.tell_of_letters(at), jobs.tell_of_letters(at)]

    assert (early, told) == (0, [1, 0])
    row = Escalation.objects.get(rule__startswith="letter_failed")
    assert (row.run, row.to_role) == (sent.referral.run, "hotline")
    assert CaseEvent.objects.filter(case=case, kind="letter_failed").count() == 1
    jobs.fire_escalations(at)
    sign_in(operator)
    sentence = "The letter to an agency could not leave. Call the agency, or send a new link."
    address = f"/en/cases/{case.code}/"
    page = client.get(address).content.decode()
    assert sentence in page
    assert "Send a new link" in page
    assert "New code to speak" not in page
    assert sentence in client.get("/en/cases/work-list/").content.decode()

    actions.resend(referral=sent.referral, key=next(keys), by=operator, at=at)

    assert sentence not in client.get(address).content.decode()


def test_nobody_is_told_of_a_letter_whose_link_was_replaced_meanwhile(ask, at, keys, operator, settings):
    sent = ask()
    settings.EMAIL_BACKEND = f"{__name__}.RefusingServer"
    tasks.send_letters(at)
    actions.resend(referral=sent.referral, key=next(keys), by=operator, at=at)
    Letter.objects.exclude(tries=1).delete()
    give_up(at + dt.timedelta(minutes=1))

    assert Letter.objects.get().failed_at is not None
    assert jobs.tell_of_letters(at) == 0


@pytest.mark.parametrize(("state", "told"), [("requested", 1), ("on_hold", 1), ("accepted", 0), ("cancelled", 0)])
def test_a_lost_letter_is_told_only_while_its_answer_is_awaited(ask, at, state, told):
    sent = ask()
    Letter.objects.filter(key__startswith="agency_link").update(failed_at=at, fault="SMTPServerDisconnected")
    Referral.objects.filter(pk=sent.referral.pk).update(state=state)

    assert jobs.tell_of_letters(at) == told


def test_looking_for_lost_letters_is_one_query_however_many_were_told(ask, at):
    sent = ask()
    Letter.objects.filter(key__startswith="agency_link").update(failed_at=at, fault="SMTPServerDisconnected")
    first = jobs.tell_of_letters(at)
    Referral.objects.filter(pk=sent.referral.pk).update(state="accepted")

    with CaptureQueriesContext(connection) as asked:
        again = jobs.tell_of_letters(at)

    assert (first, again, len(asked)) == (1, 0, 1)
    assert Letter.objects.get().settled_at == at


def test_a_lost_letter_to_an_agency_is_listed_by_the_name_of_the_agency(ask, at, sign_in, person, client):
    sent = ask()
    Letter.objects.all().delete()
    send_recall_notice(referral=sent.referral, at=at)
    accounts.fail_letter(letter=Letter.objects.get(), fault="SMTPServerDisconnected", at=at, for_good=True)
    sign_in(person("supervisor", country=sent.referral.case.country))

    page = client.get("/en/letters/").content.decode()

    assert sent.referral.organisation.name in page
    assert "A request needs no answer any more" in page
    assert "Call the agency." in page
