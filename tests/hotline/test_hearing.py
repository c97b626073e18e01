"""That more is safe is written by who heard it; what stood before is told with it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import AuditEntry, User
from hotline.actions import exports, in_hand, safety, timeline
from hotline.models import CallBack, Contact, Leg, Recording
from hotline.queries.hearing import has_heard
from hotline.queries.safety import safety_version
from referral.models import Case
from tests.hotline.test_views_ending import case_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]
EVENING = {"callback_time": "evening", "may_call": "yes", "may_text": "unknown", "shared_phone": "yes"}
STATE = ("may_call", "may_text", "may_voicemail", "shared_phone", "who_may_answer", "cover")
REFUSED = "Only who heard the person may allow more than stood here."
WIDE = {"safe_from": "08:00", "safe_until": "21:00", "cover": "health", "because": "told"}


@pytest.fixture(name="missed")
def contact_that_nobody_took(contact, at):
    """A call that ended, to whose caller nobody talked: she is to be called in the evening."""
    kept = EVENING | {"claimed_by": None, "state": "ended", "ended_at": at, "is_missed": True, "safety_at": at}
    Contact.objects.filter(pk=contact.pk).update(**kept)
    contact.refresh_from_db()
    return contact


def sends(client, contact, **changes):
    """Save the form as it stands, but for changes."""
    row = Contact.objects.get(pk=contact.pk)
    form = {name: getattr(row, name) for name in STATE} | {"version": safety_version(row)} | changes
    return client.post(reverse("hotline:safety", args=[contact.public_id]), form)


def hours(contact):
    row = Contact.objects.get(pk=contact.pk)
    return row.safe_from, row.safe_until


@pytest.mark.both
@pytest.mark.parametrize("who", ["operator", "supervisor"])
def test_who_talked_with_nobody_moves_no_hours_and_makes_nothing_safer(sign_in, missed, who, request):
    client = sign_in(request.getfixturevalue(who))
    page = client.get(reverse("hotline:safety", args=[missed.public_id])).content.decode()
    assert "can write that more is safe" in page

    refused = [
        sends(client, missed, **WIDE),
        sends(client, missed, may_text="yes", because="told"),
        sends(client, missed, shared_phone="no", because="mistake"),
        sends(client, missed, is_told="on", because="told"),
    ]

    accounts.seal(missed, "code_word", "mango")
    missed.save(update_fields=["code_word"])
    refused.append(sends(client, missed, forget_code_word="on"))
    refused.append(sends(client, missed, code_word="kiwi"))
    Contact.objects.filter(pk=missed.pk).update(cover="health")
    refused.append(sends(client, missed, cover="survey"))
    Contact.objects.filter(pk=missed.pk).update(may_call="no")
    refused.append(sends(client, missed, may_call="unknown", because="mistake"))
    Contact.objects.filter(pk=missed.pk).update(may_call="yes")

    assert {(one.status_code, REFUSED in one.content.decode()) for one in refused} == {(200, True)}
    assert hours(missed) == (None, None)
    assert not missed.events.filter(kind="safety_changed").exists()
    assert sends(client, missed, may_call="no", because="unsafe").status_code == 302
    assert Contact.objects.get(pk=missed.pk).may_call == "no"


def talked(contact, operator, at):
    Leg.objects.create(contact=contact, role="operator", user=operator, joined_at=at, made_at=at)


def was_alone_in_the_room(contact, operator, at):
    """The caller came and went before her telephone did."""
    Leg.objects.create(
        contact=contact, role="caller", label="caller", status="completed", made_at=at, joined_at=at,
        moves="20261201100000|00000001|CF1|+ 20261201100005|00000002|CF1|-",
    )  # fmt: skip
    Leg.objects.create(
        contact=contact, role="operator", label="op-1", user=operator, made_at=at, joined_at=at,
        moves="20261201100009|00000003|CF1|+ 20261201100020|00000004|CF1|-",
    )  # fmt: skip


def called_back(state, *, is_confirmed=True):
    def happens(contact, operator, at):
        CallBack.objects.create(
            contact=contact, by=operator, state=state, made_at=at, account="main", confirmed_at=at if is_confirmed else None,
            ended_at=None if state == "talking" else at,
        )  # fmt: skip

    return happens


reached = called_back("reached")


def left_a_message(contact, at, *, seconds=2, is_fetched=True):
    row = Recording(contact=contact, sid="RE1", account="main", status="completed", seconds=seconds, made_at=at)
    if is_fetched:
        accounts.seal(row, "audio", "UklGRg==")
        row.fetched_at = at
    else:
        row.lost_at = at
    row.save()
    return row


def played(contact, operator, at):
    exports.hear_message(recording=left_a_message(contact, at), by=operator, at=at)


def played_what_is_erased_since(contact, operator, at):
    played(contact, operator, at)
    Recording.objects.update(audio=None)


def played_silence(contact, operator, at):
    exports.hear_message(recording=left_a_message(contact, at, seconds=1), by=operator, at=at)


def left_unheard(contact, operator, at):
    left_a_message(contact, at)


def left_what_was_never_fetched(contact, operator, at):
    left_a_message(contact, at, seconds=1, is_fetched=False)


def played_by_another(contact, operator, at):
    other = User.objects.exclude(pk=operator.pk).get(roles__contains=",supervisor,")
    exports.hear_message(recording=left_a_message(contact, at), by=other, at=at)


def looked_at_its_number(contact, operator, at):
    accounts.record(by=operator, verb="hotline.contact_read", thing=left_a_message(contact, at), at=at, country="LR")


def took_it(contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(claimed_by=operator)


def came_in(contact, operator, at):
    """She is in the room as a supervisor, beside the operator."""
    Leg.objects.create(contact=contact, role="supervisor", user=operator, joined_at=at, made_at=at)


def picked_up(contact, operator, at):
    took_it(contact, operator, at)
    Leg.objects.create(contact=contact, role="operator", user=operator, status="in-progress", made_at=at)


def wrote(contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(kind="message")


def wrote_what_is_a_colleagues_case(contact, operator, at):
    """She follows it up, so she may call; what was written is for who has the case."""
    country = contact.country
    case = Case.objects.get(pk=case_of(country, at).pk)
    Contact.objects.filter(pk=contact.pk).update(kind="message", case=case, owner=operator)


def visited(contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(kind="visit", state="wrap_up")
    timeline.note(contact, "contact_written_down", by=operator, at=at)


def opened_the_sheet_of_a_visit(contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(kind="visit", state="wrap_up")
    contact.refresh_from_db()
    in_hand.open_sheet(contact=contact, by=operator, at=at)


@pytest.mark.both
@pytest.mark.parametrize(
    ("happens", "is_heard"),
    [
        (talked, True), (came_in, True), (took_it, False), (picked_up, False), (wrote, True), (played, True),
        (wrote_what_is_a_colleagues_case, False), (visited, True), (opened_the_sheet_of_a_visit, False),
        (played_what_is_erased_since, True), (played_silence, False), (left_unheard, False),
        (left_what_was_never_fetched, False), (played_by_another, False), (looked_at_its_number, False),
        (reached, True), (was_alone_in_the_room, False), (called_back("talking"), True),
        (called_back("talking", is_confirmed=False), False), (called_back("unsure", is_confirmed=False), False),
        (called_back("not_reached"), False), (called_back("strange"), False),
    ],
)  # fmt: skip
def test_who_heard_the_person_within_a_day_writes_what_she_said(missed, operator, supervisor, at, happens, is_heard):
    happens(missed, operator, at)
    said = {name: getattr(missed, name) for name in STATE[:4]}
    more = {"who_may_answer": "", "cover": "", "safe_from": dt.time(8), "safe_until": dt.time(21), "code_word": None}

    def saves(by, then):
        safety.set_safety(contact=missed, answers=said, **more, because="told", by=by, at=then)

    if not is_heard:
        with pytest.raises(safety.NotHeard):
            saves(operator, at)
        return
    if happens is not wrote:  # that everybody reads who may
        with pytest.raises(safety.NotHeard):
            saves(supervisor, at)
    if happens in (talked, came_in, reached):
        with pytest.raises(safety.NotHeard):
            saves(operator, at + dt.timedelta(days=1))
    saves(operator, at + dt.timedelta(hours=1))
    assert hours(missed) == (dt.time(8), dt.time(21))


@pytest.mark.both
def test_the_form_lets_more_through_once_the_message_was_played_on_the_page(
    desk, missed, operator, at, django_assert_num_queries
):
    rows = [left_a_message(missed, at)]
    rows += [Recording(contact=missed, sid=f"RE{one}", account="main", seconds=9, made_at=at, fetched_at=at) for one in range(2, 60)]  # fmt: skip
    Recording.objects.bulk_create(rows[1:])
    page = reverse("hotline:safety", args=[missed.public_id])

    assert "can write that more is safe" in desk.get(page).content.decode()
    assert sends(desk, missed, **WIDE).status_code == 200
    desk.get(reverse("hotline:hear_message", args=[missed.public_id, rows[0].public_id]))
    assert "can write that more is safe" not in desk.get(page).content.decode()
    assert sends(desk, missed, **WIDE).status_code == 302
    with django_assert_num_queries(7):
        assert has_heard(missed, operator, at)


@pytest.mark.both
def test_what_stood_before_and_what_stands_is_in_the_timeline_and_the_audit_log(desk, missed, operator, at):
    talked(missed, operator, at)
    Contact.objects.filter(pk=missed.pk).update(ended_at=timezone.now())

    assert sends(desk, missed, **WIDE).status_code == 302

    body = AuditEntry.objects.get(verb="hotline.safety_changed").body
    assert "17:00-21:00" in body
    assert "08:00-21:00" in body
    page = desk.get(reverse("hotline:contact", args=[missed.public_id])).content.decode()
    assert "Safe hours: \u206808:00–\u206021:00\u2069" in page
    assert "safe hours before: \u206817:00–\u206021:00\u2069" in page
    assert "What we say we are when somebody else picks up: A health information service" in page


def notice(client, contact):
    page = client.get(reverse("hotline:safety", args=[contact.public_id])).content
    return BeautifulSoup(page, "html.parser").find(id="main")


def test_where_a_message_lies_unplayed_the_page_says_to_play_it_first(desk, operator, missed, at, now):
    before = notice(desk, missed)
    recording = left_a_message(missed, at)
    told = notice(desk, missed)

    assert "did within the last day" in before.text
    assert "did within the last day" not in told.text
    assert "Play it first" in told.text
    assert told.find(id="to-message")["href"] == reverse("hotline:contact", args=[missed.public_id])

    exports.hear_message(recording=recording, by=operator, at=at)
    assert "can write that more is safe" not in notice(desk, missed).text


@pytest.mark.parametrize("happens", [played_silence, left_what_was_never_fetched])
def test_of_what_says_nothing_or_is_not_there_nobody_is_sent_to_play_it(desk, operator, missed, at, now, happens):
    happens(missed, operator, at)

    assert "Play it first" not in notice(desk, missed).text


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"safe_from": "07:00"}, ["safe_from"]), ({"safe_until": "22:00"}, ["safe_until"]),
     ({"safe_from": "07:00", "safe_until": "22:00"}, ["safe_from", "safe_until"])],
)  # fmt: skip
def test_hours_are_refused_at_the_end_that_was_changed(desk, missed, now, changed, told):
    Contact.objects.filter(pk=missed.pk).update(safe_from=dt.time(9), safe_until=dt.time(12), callback_time="")
    stands = {"safe_from": "09:00", "safe_until": "12:00", "because": "told"}
    page = BeautifulSoup(sends(desk, missed, **(stands | changed)).content, "html.parser")

    found = [name for name in ("safe_from", "safe_until") if REFUSED in page.find(id=f"id_{name}").find_parent().text]
    assert found == told
