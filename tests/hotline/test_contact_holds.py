"""A court's hold on a contact without a case: a supervisor sets and lifts it, and nothing of it is erased meanwhile."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AuditEntry
from accounts.queries import owners_with_keys
from hotline import actions, tasks
from hotline.actions.erasing import CannotErase
from hotline.models import Command, Contact, Recording, WebhookEvent
from tests.hotline.ended import DAYS, SOUND, ended_contact, erase, grown_case, run_orders  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
FAR = 400 * DAYS


def door(contact, name="hold_contact"):
    return reverse(f"hotline:{name}", args=[contact.public_id])


def sent(client, contact):
    """Return what the form carries hidden."""
    return dict(re.findall(r'name="(act|seen)" value="([^"]*)"', client.get(door(contact)).content.decode()))


def is_held(contact):
    return Contact.objects.get(pk=contact.pk).legal_hold


@pytest.fixture
def held(contact, supervisor, at):
    """The contact, held for a court."""
    return actions.hold_contact(contact=contact, reason="court", by=supervisor, at=at)


def test_a_supervisor_holds_a_contact_and_lifts_the_hold_and_both_are_kept(sign_in, supervisor, contact):
    desk = sign_in(supervisor)
    assert door(contact) in desk.get(door(contact, "contact")).content.decode()

    after = desk.post(door(contact), sent(desk, contact) | {"reason": "court"}, follow=True).content.decode()
    assert is_held(contact)
    assert "nothing of it is erased until the hold is lifted" in after
    assert "A court asked for it" in after
    assert "Erase for ever" not in desk.get(door(contact, "erase_contact")).content.decode()
    freed = desk.post(door(contact), sent(desk, contact) | {"reason": "over"}, follow=True).content.decode()

    assert not is_held(contact)
    assert "The proceedings are over" in freed
    assert "are erased by themselves on" in freed
    verbs = AuditEntry.objects.filter(actor=str(supervisor.public_id), verb__startswith="hotline.hold_")
    assert list(verbs.values_list("verb", flat=True)) == ["hotline.hold_set", "hotline.hold_lifted"]


def test_nothing_of_a_held_contact_is_erased_until_the_hold_is_lifted(network, held, contact, supervisor, at):
    network.post("/hotline/twilio/status/", network.fields(**SOUND))
    run_orders(at)
    owners = set(WebhookEvent.objects.filter(contact=contact).values_list("seal_key", flat=True))

    with pytest.raises(CannotErase, match="held"):
        erase(contact, supervisor, at)
    assert actions.erase_due(at=at + FAR) == 0
    assert actions.forget_old_sounds(at=at + FAR) == 0
    assert tasks.delete_records(at + FAR) == 0
    actions.forget_old_payloads(at=at + FAR)
    assert WebhookEvent.objects.filter(contact=contact, payload__isnull=False).exists()
    assert owners_with_keys(owners) == owners
    assert Recording.objects.get().audio is not None

    actions.lift_contact_hold(contact=contact, reason="over", by=supervisor, at=at + FAR)

    assert tasks.delete_records(at + FAR + DAYS) == 1
    assert actions.forget_old_sounds(at=at + FAR) == 1
    actions.forget_old_payloads(at=at + FAR)
    assert not WebhookEvent.objects.filter(contact=contact, payload__isnull=False).exists()
    assert actions.erase_due(at=at + 800 * DAYS) == 1


@pytest.mark.parametrize("days", [90, 900, 4000])
def test_the_key_of_a_month_goes_with_the_last_row_however_long_a_court_held_it(network, held, supervisor, at, days):
    """The second call came in the same month and is held by nobody."""
    owner, later = WebhookEvent.objects.filter(contact=held).first().seal_key, at + days * DAYS
    network.sid = "CA" + "5" * 32
    network.call()

    actions.forget_old_payloads(at=later)
    kept = WebhookEvent.objects.filter(payload__isnull=False)
    assert set(kept.values_list("contact", flat=True)) == {held.pk}
    assert owners_with_keys([owner]) == {owner}

    actions.lift_contact_hold(contact=held, reason="over", by=supervisor, at=later)
    actions.forget_old_payloads(at=later)

    assert not kept.exists()
    assert owners_with_keys([owner]) == set()


def test_a_key_that_an_earlier_version_left_is_destroyed_and_the_work_stays_small(
    network, held, at, django_assert_max_num_queries
):
    owner = WebhookEvent.objects.filter(contact=held).first().seal_key
    WebhookEvent.objects.update(payload=None)

    with django_assert_max_num_queries(20):
        actions.forget_old_payloads(at=at + 900 * DAYS)

    assert owners_with_keys([owner]) == set()


def test_a_row_that_came_late_for_its_instant_lets_its_month_go_too(network, held, supervisor, at, clock):
    """The clock of the server was wrong: what came first by number came last by time."""
    network.sid, clock.now = "CA" + "5" * 32, at - 900 * DAYS
    network.call()
    row = WebhookEvent.objects.order_by("received_at").first()
    assert (row.received_at, row.pk) == (clock.now, WebhookEvent.objects.last().pk)

    actions.forget_old_payloads(at=at)

    row.refresh_from_db()
    assert (row.payload, owners_with_keys([row.seal_key])) == (None, set())


def test_an_order_to_delete_that_the_hold_overtook_waits(contact, supervisor, at):
    tasks.delete_records(at + 3 * DAYS)
    actions.hold_contact(contact=contact, reason="court", by=supervisor, at=at + 3 * DAYS)

    run_orders(at + 3 * DAYS)
    assert Command.objects.get(kind="delete_call").done_at is None
    actions.lift_contact_hold(contact=contact, reason="over", by=supervisor, at=at + 4 * DAYS)
    run_orders(at + 6 * DAYS)
    assert contact.legs.get().log_deleted_at == at + 6 * DAYS


def test_a_double_click_holds_once_and_a_hold_that_was_set_anew_is_not_lifted_unseen(sign_in, supervisor, contact, at):
    desk = sign_in(supervisor)
    told = sent(desk, contact) | {"reason": "court"}
    for _ in range(2):
        desk.post(door(contact), told)
    assert contact.events.filter(kind="hold_set").count() == 1
    stale = sent(desk, contact) | {"reason": "over"}
    actions.lift_contact_hold(contact=contact, reason="over", by=supervisor, at=at)
    actions.hold_contact(contact=contact, reason="claim", by=supervisor, at=at)

    page = desk.post(door(contact), stale, follow=True).content.decode()

    assert is_held(contact)
    assert "Look, then decide again." in page


def test_her_own_second_window_with_another_reason_reads_that_the_contact_is_held_already_and_for_what(
    sign_in, supervisor, contact
):
    desk = sign_in(supervisor)
    form = sent(desk, contact)
    desk.post(door(contact), form | {"reason": "court"})

    page = desk.post(door(contact), form | {"reason": "claim"})

    text = page.content.decode()
    assert page.status_code == 409
    assert "This contact is held already. Nothing was written." in text
    assert "Held for a court: A court asked for it" in text
    assert str(supervisor) in text
    assert contact.events.filter(kind="hold_set").count() == 1


def told(page):
    """Return the heading, the act, the reasons and the button that a page shows together."""
    html = page.content.decode()
    form = re.search(r'<form method="post" class="stack">.*?</form>', html, re.DOTALL)
    reasons = re.findall(r'type="radio" name="reason" value="(\w+)"', html)
    shown = re.search(r"<h1>(.*?)</h1>", html)[1], "".join(re.findall(r'name="act" value="(\w+)"', html)), reasons
    return (*shown, re.search(r'<button class="button">(.*?)</button>', form[0])[1] if form else "")


LIFTING = ("Lift the hold", "lift", ["over", "no_need", "hold_mistake"], "Lift the hold")
HOLDING = ("Hold for a court", "hold", ["court", "inquiry", "claim"], "Hold for a court")
NO_FORM = ("The hold changed meanwhile", "", [], "")


@pytest.fixture
def second(person, liberia):
    """Another supervisor of the country."""
    return person("supervisor", country=liberia, name="Berta Second")


def test_who_holds_what_somebody_else_holds_meanwhile_reads_by_whom_when_and_why(
    sign_in, supervisor, second, contact, at
):
    desk = sign_in(supervisor)
    first = sent(desk, contact)
    actions.hold_contact(contact=contact, reason="inquiry", by=second, at=at)

    for reason in ("court", ""):
        page = desk.post(door(contact), first | {"reason": reason})

        assert (page.status_code, told(page)) == (409, NO_FORM)
        text = page.content.decode()
        assert "This contact is held already. Nothing was written." in text
        assert "Held for a court: Police or a prosecutor asked for it" in text
        assert date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") in text
        assert "Berta Second" in text
        assert door(contact, "contact") in text
    assert contact.events.filter(kind="hold_set").count() == 1


def test_who_lifts_a_hold_that_somebody_else_lifted_reads_by_whom_when_and_why(
    sign_in, held, supervisor, second, contact, at
):
    desk = sign_in(supervisor)
    first = sent(desk, contact)
    actions.lift_contact_hold(contact=contact, reason="no_need", by=second, at=at)

    page = desk.post(door(contact), first | {"reason": "over"})

    assert (page.status_code, told(page)) == (409, NO_FORM)
    text = page.content.decode()
    assert "This contact is not held. Nothing was written." in text
    assert "Hold lifted: Whoever asked needs it no longer" in text
    assert "Held for a court: A court asked for it" not in text  # that one was seen
    assert "Berta Second" in text
    assert contact.events.filter(kind="hold_lifted").count() == 1


@pytest.mark.parametrize(("is_held", "reason", "shown"), [(True, "over", LIFTING), (False, "court", HOLDING)])
def test_an_act_that_is_still_to_do_is_offered_again_whole_and_can_be_sent(
    sign_in, supervisor, second, contact, at, is_held, reason, shown
):
    hold, lift = actions.hold_contact, actions.lift_contact_hold
    if is_held:
        hold(contact=contact, reason="court", by=supervisor, at=at)
    desk = sign_in(supervisor)
    first = sent(desk, contact)
    for act, why in [(lift, "over"), (hold, "claim")] if is_held else [(hold, "claim"), (lift, "over")]:
        act(contact=contact, reason=why, by=second, at=at)

    late = desk.post(door(contact), first | {"reason": reason})

    assert (late.status_code, told(late)) == (409, shown)
    text = late.content.decode()
    assert ("Held for a court: The person claims a right with it" in text, "Hold lifted: The" in text) == (True, True)
    assert re.search(rf'value="{reason}"[^>]* checked', text)
    again = dict(re.findall(r'name="(act|seen)" value="([^"]*)"', text))
    assert desk.post(door(contact), again | {"reason": reason}).status_code == 302
    assert is_held is not Contact.objects.get(pk=contact.pk).legal_hold


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30])
def test_a_form_that_does_not_say_what_it_saw_changes_nothing(sign_in, supervisor, contact, seen):
    sign_in(supervisor).post(door(contact), {"act": "hold", "reason": "court", "seen": seen})

    assert not is_held(contact)


@pytest.mark.parametrize("reason", ["", "over", "whim"])
def test_a_hold_wants_a_reason_of_its_own(sign_in, supervisor, contact, reason):
    desk = sign_in(supervisor)
    desk.post(door(contact), sent(desk, contact) | {"reason": reason})

    assert not is_held(contact)


def test_a_contact_with_a_case_is_held_with_its_case(sign_in, supervisor, contact, case):
    desk = sign_in(supervisor)
    page = desk.get(door(contact)).content.decode()
    answer = desk.post(door(contact), {"act": "hold", "reason": "court", "seen": 0}, follow=True).content.decode()

    assert ("Hold the case" in page, "Hold the case" in answer, is_held(contact)) == (True, True, False)
    assert door(contact) not in desk.get(door(contact, "contact")).content.decode()


def test_a_contact_that_was_held_before_it_became_a_case_stays_held_and_can_be_freed(
    sign_in, held, case, contact, supervisor
):
    Contact.objects.filter(pk=contact.pk).update(case=case)
    desk = sign_in(supervisor)
    assert door(contact) in desk.get(door(contact, "contact")).content.decode()

    desk.post(door(contact), sent(desk, contact) | {"reason": "over"})

    assert not is_held(contact)


def test_an_erased_contact_is_not_held(sign_in, supervisor, contact, at):
    erase(contact, supervisor, at)
    desk = sign_in(supervisor)
    desk.post(door(contact), {"act": "hold", "reason": "court", "seen": 0})

    assert not is_held(contact)
    assert "nothing left to hold" in desk.get(door(contact)).content.decode()


def test_nobody_but_a_supervisor_of_the_country_holds_a_contact(sign_in, operator, person, contact):
    for user in (operator, person("supervisor"), person("administrator", country=contact.country)):
        client = sign_in(user)
        assert client.get(door(contact)).status_code == 404
        assert client.post(door(contact), {"act": "hold", "reason": "court", "seen": 0}).status_code == 404
    assert not is_held(contact)
    assert door(contact) not in sign_in(operator).get(door(contact, "contact")).content.decode()
