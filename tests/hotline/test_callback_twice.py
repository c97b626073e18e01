"""The call-back dialogue twice in one call, through the webhooks: the last answer stands."""

import pytest
from django.urls import reverse

from accounts import actions as accounts
from hotline.queries.safety import safety_changed_by

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TYPED, OTHER = "0770000007", "0880000008"
AGAIN = [("callback", "9"), ("left", ""), ("choices", "2")]  # danger leads to the queue, the star out of it
OWN = [("callback", "2")]
NUMBER = [("callback", "1"), ("callback", "2"), ("callback", TYPED), ("callback", "2")]
ANSWERS = [("callback", "1"), ("callback", "2"), ("callback", "2")]  # in the morning, shared, a message may be left


class Caller:
    """A caller of an open line who asked to be called back from the queue, and gives one answer after the other."""

    def __init__(self, network, supervisor, sign_in):
        self.network, self.supervisor, self.sign_in = network, supervisor, sign_in
        self.withheld = {}

    def begins(self, **more):
        self.withheld = more
        self.network.call(**more)
        return self.gives([("language", "1"), ("left", ""), ("choices", "2")])

    def gives(self, answers):
        """Give answers; return what is heard after the last."""
        for address, keys in answers:
            fields = {"DialCallStatus": "completed"} if address == "left" else {"Digits": keys}
            reply = self.network.step(address, self.contact.turn, **fields | self.withheld)
        return reply.said()

    def hangs_up(self):
        self.network.status("completed", "9", **self.withheld)

    @property
    def contact(self):
        return self.network.contact

    @property
    def kept(self):
        """Return what is kept of her answers."""
        contact = self.contact
        return contact.may_call, contact.callback_number is not None, contact.callback_time

    def page(self):
        page = self.sign_in(self.supervisor).get(reverse("hotline:contact", args=[self.contact.public_id]))
        return page.content.decode()


@pytest.fixture(name="caller")
def caller_in_the_dialogue(network, operator, supervisor, sign_in):
    return Caller(network, supervisor, sign_in)


def number_of(caller, at):
    return accounts.reveal(caller.contact, "callback_number", by="worker", at=at, reason="test")


def test_a_no_takes_back_the_yes_of_before(caller):
    caller.begins()
    caller.gives([*OWN, ("callback", "1"), *AGAIN, ("callback", "1")])
    caller.hangs_up()

    assert caller.kept == ("no", False, "")
    assert "Yes, on the number given" not in caller.page()


def test_a_plain_no_is_written_down(caller):
    caller.begins()
    caller.gives([("callback", "1")])
    caller.hangs_up()

    assert caller.kept == ("no", False, "")
    assert caller.contact.events.get(kind="callback_refused").by == "line"
    assert "Said by key: do not call back on the number called from" in caller.page()
    assert safety_changed_by(caller.contact) == ""


def test_who_hears_that_no_number_was_kept_leaves_neither_a_yes_nor_a_number(caller):
    caller.begins()
    wrong = [("callback", OTHER), ("callback", "1")]
    heard = caller.gives([*NUMBER, *AGAIN, *NUMBER[:2], *wrong, *wrong])
    caller.hangs_up()

    assert heard.startswith("No number was kept. We cannot call you back.")
    assert caller.contact.outcome == "no_number"
    assert caller.kept == ("no", False, "")
    assert "Yes, on the number given" not in caller.page()


def test_a_yes_to_her_own_number_takes_the_place_of_the_other_one(caller):
    caller.begins()
    caller.gives([*NUMBER, *AGAIN, *OWN, *ANSWERS])
    caller.hangs_up()

    assert caller.kept == ("yes", False, "morning")
    assert caller.contact.outcome == "callback"
    assert "Yes, on the number given" not in caller.page()


def test_what_was_said_of_one_telephone_is_not_kept_of_the_next(caller):
    caller.begins()
    caller.gives([*NUMBER, *ANSWERS[:2], *AGAIN, *OWN])
    caller.hangs_up()

    assert (caller.contact.may_call, caller.contact.shared_phone) == ("yes", "not_asked")


def test_another_number_takes_the_place_of_the_first(caller, at):
    caller.begins()
    caller.gives([*NUMBER, *AGAIN, *NUMBER[:2], ("callback", OTHER), ("callback", "2")])
    caller.hangs_up()

    assert (caller.contact.may_call, number_of(caller, at)) == ("yes", "+231880000008")
    assert "Yes, on the number given" in caller.page()


@pytest.mark.parametrize("first", [OWN, NUMBER])
@pytest.mark.parametrize("silences", [0, 1, 3])
def test_asking_again_takes_nothing_back_by_itself(caller, first, silences):
    caller.begins()
    caller.gives([*first, ("callback", "1"), *AGAIN, *[("callback", "")] * silences])
    caller.hangs_up()

    assert caller.kept == ("yes", first is NUMBER, "morning")


@pytest.mark.parametrize("keys", ["", "7"])
def test_that_others_use_the_phone_is_taken_back_by_no_silence_and_no_wrong_key(caller, keys):
    caller.begins()
    caller.gives([*OWN, *ANSWERS[:2], *AGAIN, *OWN, ANSWERS[0], ("callback", keys), ANSWERS[2]])
    caller.hangs_up()

    assert (caller.contact.shared_phone, caller.contact.may_voicemail) == ("yes", "yes")


@pytest.mark.parametrize("end", [[], [("callback", "9")], [("callback", "5")], [("callback", "")]])
def test_a_number_that_is_left_in_the_middle_leaves_no_yes(caller, end):
    caller.begins()
    caller.gives([*NUMBER, *AGAIN, *NUMBER[:2], ("callback", OTHER), *end])
    caller.hangs_up()

    assert caller.kept == ("no", False, "")


@pytest.mark.parametrize(("second", "kept"), [
    ([], True), ([("callback", "2")], True), ([("callback", "2"), ("callback", "")], True),
    ([("callback", "2"), ("callback", OTHER)], False), ([("callback", "2"), ("callback", "12")], False),
    ([("callback", "")] * 3, True), ([("callback", "2"), ("callback", ""), ("callback", "")], True),
])  # fmt: skip
def test_who_hides_her_number_keeps_the_first_until_another_is_typed(caller, second, kept):
    caller.begins(From="anonymous")
    caller.gives([*NUMBER[1:], *AGAIN, *second])
    caller.hangs_up()

    assert caller.kept == ("yes" if kept else "no", kept, "")


@pytest.mark.parametrize("keys", [("0", "1", "0", "2"), ("1", "0", "0", "2")])
def test_0_is_no_answer_about_the_telephone(caller, keys):
    caller.begins()
    heard = caller.gives([*OWN, ("callback", "1"), ("callback", keys[0])])
    caller.gives([("callback", key) for key in keys[1:]])

    assert "Press 1 for no. Press 2 for yes." in heard
    assert (caller.contact.shared_phone, caller.contact.may_voicemail) == ("no", "yes")
