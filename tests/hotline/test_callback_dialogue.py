"""Being called back, through the webhooks: what is kept of a typed number, what staff see, calls from before an update."""

import pytest
from django.urls import reverse

from accounts import actions as accounts
from hotline.choices import Outcome
from hotline.models import Contact, WebhookEvent
from hotline.queries.spoken import is_needed

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TYPED, OTHER = "0770000007", "0880000008"
SOUND = "RE" + "5" * 32
READ = "You typed {}. Is this number right? Press 1 for no. Press 2 for yes."


@pytest.fixture(name="asked")
def asked_for_a_number(network, line):
    """Lead a caller of a closed line, in English, to the question for another number: the next turn is 5."""
    line.hours.all().delete()
    network.queued()
    network.step("closed", 2, Digits="2")
    network.step("callback", 3, Digits="1")
    network.step("callback", 4, Digits="2")
    return network


def number_of(contact, at):
    return accounts.reveal(contact, "callback_number", by="worker", at=at, reason="test")


def test_a_number_that_was_said_to_be_right_is_kept(asked, at):
    read = asked.step("callback", 5, Digits=TYPED).said()
    asked.step("callback", 6, Digits="2")

    assert read == "You typed 0 7 7 0 0 0 0 0 0 7. Is this number right? Press 1 for no. Press 2 for yes."
    contact = asked.contact
    assert (contact.step, contact.may_call) == ("callback_hours", "yes")
    assert number_of(contact, at) == "+231770000007"
    kinds = list(contact.events.values_list("kind", flat=True))
    assert kinds.index("callback_typed") < kinds.index("callback_number") < kinds.index("callback_agreed")


@pytest.mark.parametrize("answer", [{"Digits": "1"}, {"Digits": ""}, {"Digits": "9"}, {"Digits": "5"}])
def test_a_number_that_was_not_said_to_be_right_is_not_kept(asked, answer):
    asked.step("callback", 5, Digits=TYPED)
    asked.step("callback", 6, **answer)

    contact = asked.contact
    assert (contact.callback_number, contact.may_call) == (None, "no")


def test_who_hangs_up_while_the_number_is_read_back_leaves_none(asked):
    asked.step("callback", 5, Digits=TYPED)
    asked.status("completed", "9")

    contact = asked.contact
    assert (contact.callback_number, contact.may_call) == (None, "no")


def test_a_yes_that_the_end_of_the_call_overtook_keeps_the_number(asked, at):
    asked.step("callback", 5, Digits=TYPED)
    asked.status("completed", "9")
    late = asked.step("callback", 6, Digits="2")

    contact = asked.contact
    assert (late.status, number_of(contact, at), contact.may_call) == (200, "+231770000007", "yes")
    assert (contact.outcome, contact.is_missed) == ("callback", True)


def test_staff_see_that_a_number_was_not_confirmed_and_none(asked, supervisor, sign_in):
    asked.step("callback", 5, Digits=TYPED)
    asked.status("completed", "9")
    browser, contact = sign_in(supervisor), asked.contact
    page = browser.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    assert (contact.outcome, contact.is_missed, contact.callback_number) == ("unconfirmed", True, None)
    assert "Asked to be called back, did not confirm the number" in page
    assert "Yes, on the number given" not in page
    missed = browser.get(reverse("hotline:missed")).content.decode()
    assert "Asked to be called back, did not confirm the number" in missed


def test_a_number_that_is_read_back_stands_in_no_stored_document(asked):
    first = asked.step("callback", 5, Digits=TYPED)
    again = asked.step("callback", 5, Digits=TYPED)

    assert (again.status, again.text) == (200, first.text)
    kept = WebhookEvent.objects.filter(contact=asked.contact)
    assert kept.filter(turn=5).count() == 1
    assert not [row.pk for row in kept if "7 7 0" in row.reply or TYPED in row.reply]


@pytest.mark.both
@pytest.mark.parametrize("digits", [OTHER, "", "2", "9"])
def test_another_answer_under_the_same_turn_hears_the_number_that_is_kept(asked, at, digits):
    asked.step("callback", 5, Digits=TYPED)
    other = asked.step("callback", 5, Digits=digits)
    asked.step("callback", 6, Digits="2")

    assert other.said() == READ.format("0 7 7 0 0 0 0 0 0 7")
    assert not WebhookEvent.objects.filter(contact=asked.contact, turn=5).exclude(reply="").exists()
    assert (asked.contact.step, number_of(asked.contact, at)) == ("callback_hours", "+231770000007")


@pytest.mark.both
def test_a_late_repeat_of_a_number_that_was_replaced_hears_the_one_that_is_kept(asked):
    asked.step("callback", 5, Digits=TYPED)
    asked.step("callback", 6, Digits="1")
    asked.step("callback", 7, Digits=OTHER)

    assert asked.step("callback", 5, Digits=TYPED).said() == READ.format("0 8 8 0 0 0 0 0 0 8")


def test_who_is_asked_for_the_number_anew_because_none_is_kept_types_it_and_hears_it(asked, at):
    asked.step("callback", 5, Digits=TYPED)
    Contact.objects.filter(pk=asked.contact.pk).update(callback_number=None)
    anew = asked.step("callback", 5, Digits=OTHER).said()
    read = asked.step("callback", 6, Digits=OTHER).said()
    asked.step("callback", 7, Digits="2")

    assert anew == "Type the number, then press the hash key."
    assert read == READ.format("0 8 8 0 0 0 0 0 0 8")
    assert (asked.contact.step, asked.contact.may_call) == ("callback_hours", "yes")
    assert number_of(asked.contact, at) == "+231880000008"


def test_what_is_no_number_is_kept_at_no_step(asked):
    asked.step("callback", 5, Digits=TYPED)
    asked.step("callback", 6, Digits="123")
    asked.step("callback", 7, Digits="2")

    contact = asked.contact
    assert (contact.step, contact.callback_number, contact.may_call) == ("callback_number", None, "no")


@pytest.mark.parametrize("typed", [TYPED, "00231770000007"])
def test_0_reads_the_number_again_and_uses_no_try(asked, at, typed):
    asked.step("callback", 5, Digits=typed)
    again = [asked.step("callback", turn, Digits="0").said() for turn in (6, 7, 8)]
    asked.step("callback", 9, Digits="2")

    assert again == [READ.format("0 7 7 0 0 0 0 0 0 7")] * 3
    assert (asked.contact.step, asked.contact.may_call) == ("callback_hours", "yes")
    assert number_of(asked.contact, at) == "+231770000007"
    kept = WebhookEvent.objects.filter(contact=asked.contact, turn__in=(6, 7, 8))
    assert {row.reply for row in kept} == {""}


def test_a_foreign_number_is_read_again_with_its_country(asked):
    asked.step("callback", 5, Digits="0033612345678")

    assert asked.step("callback", 6, Digits="0").said() == READ.format("3 3 6 1 2 3 4 5 6 7 8")


@pytest.mark.both
def test_a_0_that_comes_twice_leaves_what_is_typed_next_a_number(asked, at):
    asked.step("callback", 5, Digits=TYPED)
    asked.step("callback", 6, Digits="0")
    again = asked.step("callback", 6, Digits="0").said()
    asked.step("callback", 7, Digits=OTHER)
    asked.step("callback", 8, Digits="2")

    assert again == READ.format("0 7 7 0 0 0 0 0 0 7")
    assert (asked.contact.may_call, number_of(asked.contact, at)) == ("yes", "+231880000008")


@pytest.mark.parametrize("is_silent", [True, False])
def test_two_bad_numbers_lead_to_a_message_and_are_logged_as_that_where_none_is_left(
    asked, supervisor, sign_in, is_silent
):
    asked.step("callback", 5, Digits="12")
    reply = asked.step("callback", 6, Digits="12")
    if is_silent:
        asked.step("voicemail-done", 7, RecordingSid=SOUND, RecordingDuration="0")
    asked.status("completed", "9")

    assert reply.said().startswith("No number was kept. We cannot call you back. Leave your message after the tone.")
    assert "Record" in reply.verbs()
    contact = asked.contact
    assert (contact.outcome, contact.is_missed, contact.may_call) == ("no_number", True, "no")
    assert str(Outcome.NO_NUMBER.label) in sign_in(supervisor).get(reverse("hotline:missed")).content.decode()


@pytest.mark.parametrize("is_early", [True, False])
def test_a_message_after_two_bad_numbers_is_a_message_with_that_mark(asked, is_early):
    asked.step("callback", 5, Digits="12")
    asked.step("callback", 6, Digits="12")
    whole = asked.fields(RecordingSid=SOUND, RecordingStatus="completed", RecordingDuration="6")
    acts = [
        lambda: asked.status("completed", "9"),
        lambda: asked.post("/hotline/twilio/status/", whole),
    ]
    for act in reversed(acts) if is_early else acts:
        act()

    assert (asked.contact.outcome, asked.contact.may_call) == ("voicemail", "no")
    assert "no_number" in asked.contact.flag_codes


def test_silence_at_the_time_is_written_down_as_no_time(network, line):
    line.hours.all().delete()
    network.queued()
    network.step("closed", 2, Digits="2")
    network.step("callback", 3, Digits="2")
    said = [network.step("callback", turn, Digits="").said() for turn in (4, 5, 6)]

    assert "No key was pressed." in said[0]
    assert "That key is not a choice." not in "".join(said)
    assert "No time was chosen." in said[2]
    contact = network.contact
    assert (contact.step, contact.callback_time) == ("callback_shared", "")
    assert contact.events.filter(kind="callback_no_time").count() == 1


@pytest.mark.parametrize(
    "step", ["callback", "callback_number", "callback_hours", "callback_shared", "callback_voicemail"]
)
@pytest.mark.parametrize("key", ["", "1", "2", "3", "0770000007"])
def test_a_call_that_stood_in_the_dialogue_before_an_update_goes_on(network, step, key):
    network.call()
    network.step("language", 1, Digits="1")
    Contact.objects.filter(pk=network.contact.pk).update(step=step)

    reply = network.step("callback", 2, Digits=key)

    contact = network.contact
    assert (reply.status, "X-Fanal-Degraded" in reply.headers, "trouble" in contact.flags) == (200, False, False)
    assert contact.may_call == ("no" if step == "callback_number" and key else "not_asked")
    assert contact.step != "callback"


def test_the_first_question_of_an_earlier_version_is_not_asked_for_any_more(network):
    assert not is_needed("callback_consent")
    assert is_needed("callback_agree")
