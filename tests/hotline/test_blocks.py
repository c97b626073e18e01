"""A number is kept out of the queue for a while: it hears the police number, leaves a message, and is let in in danger."""

import base64
import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import tasks
from hotline.actions import blocks
from hotline.models import Block, Contact, ContactEvent, DayFigures, Line
from tests.hotline.test_budget import statements

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NEW_INDEX = f"index:new:{base64.b64encode(bytes(range(32))).decode()},"


@pytest.fixture
def blocked(network, supervisor, operator, at):
    """A number that called once and is blocked for a day; it calls again."""
    first = network.queued()
    network.status("completed", "9")
    blocks.block_number(contact=first, reason="hoax", hours=24, by=supervisor, at=at)
    network.sid = "CA" + "4" * 32
    network.call()
    return first


def test_it_hears_the_number_of_the_police_and_is_offered_a_message(network, blocked, line):
    heard = network.step("language", 1, Digits="1")

    said = heard.said()
    assert "The number of the police is 9 1 1" in said or "911" in said.replace(" ", "")
    assert "leave a message" in said
    assert (network.contact.step, network.contact.flag_codes) == ("nobody", ["simulated", "blocked"])
    told = set(network.contact.events.values_list("kind", flat=True))
    assert told & {"blocked_heard", "nobody_heard"} == {"blocked_heard"}  # an operator is ready all the while
    assert "Record" in network.step("nobody", 2, Digits="1").verbs()
    network.status("completed", "9")
    assert Contact.objects.get(pk=network.contact.pk).is_missed  # it stands in the ledger, marked


@pytest.mark.parametrize(("other", "said"), [("116", True), ("", False)])
def test_of_a_line_without_a_number_of_the_police_it_hears_the_other_one(network, blocked, line, other, said):
    Line.objects.update(police_number="", other_number=other)

    heard = network.step("language", 1, Digits="1").said()

    assert ("1 1 6" in heard) is said
    assert "press 9" in heard


def test_who_cannot_speak_is_let_in_from_the_menu_that_keeps_the_number_out_too(network, blocked):
    network.step("language", 1, Digits="1")
    assert "You do not have to speak" in network.step("nobody", 2, Digits="5").said()
    for turn in range(3, 10):
        network.step("silent", turn, Digits="1")
    assert (network.contact.step, network.contact.cannot_speak) == ("waiting", True)


@pytest.mark.parametrize("key", ["9", "5"])
def test_danger_and_who_cannot_speak_are_let_in(network, blocked, key):
    network.step("language", 1, Digits=key)
    if key == "5":
        network.step("language", 2, Digits="1")
        for turn in range(3, 10):
            network.step("silent", turn, Digits="1")

    assert network.contact.step == "waiting"


def test_it_ends_by_itself_or_by_one_act(network, blocked, supervisor, clock, at):
    clock.move(hours=25)
    network.sid = "CA" + "5" * 32
    assert "blocked" not in network.queued().flag_codes

    clock.now = at
    assert blocks.lift_block(contact=blocked, by=supervisor, at=at)
    assert not blocks.lift_block(contact=blocked, by=supervisor, at=at)
    network.sid = "CA" + "6" * 32
    assert network.queued().step == "waiting"
    assert list(ContactEvent.objects.filter(kind__contains="block").values_list("kind", flat=True)) == [
        "number_blocked", "block_lifted",
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [-1.0, 60.0])  # lines are read anew, or still in memory
def test_it_stands_and_is_lifted_while_the_key_of_indexes_rotates(
    network, blocked, supervisor, settings, at, monkeypatch, seconds
):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", seconds)
    settings.SEAL_KEYS = NEW_INDEX + settings.SEAL_KEYS
    network.sid = "CA" + "5" * 32
    network.call()

    blocked.refresh_from_db()
    assert "blocked" in network.contact.flag_codes
    assert Block.objects.get().number_index == blocked.number_index == network.contact.number_index
    assert blocks.lift_block(contact=network.contact, by=supervisor, at=at)


def test_of_two_blocks_of_one_number_the_longer_stands_once_the_key_of_indexes_rotates(
    network, blocked, supervisor, settings, at
):
    old = blocked.number_index
    settings.SEAL_KEYS = NEW_INDEX + settings.SEAL_KEYS
    network.sid = "CA" + "5" * 32
    network.call()
    values = {"country": blocked.country, "contact": blocked, "reason": "abuse", "at": at, "number_index": old}
    Block.objects.create(until=at + 48 * HOUR, **values)
    Block.objects.create(until=at + HOUR, lifted_at=at, **values)
    network.sid = "CA" + "6" * 32
    network.call()

    assert Block.objects.get(lifted_at=None).until == at + 48 * HOUR
    assert not Block.objects.filter(number_index=old).exists()


def test_a_withheld_number_never_is(network, supervisor, liberia, at):
    network.call(From="anonymous")

    with pytest.raises(blocks.CannotBlock):
        blocks.block_number(contact=network.contact, reason="abuse", hours=24, by=supervisor, at=at)
    values = {"country": liberia, "contact": network.contact, "reason": "abuse", "at": at, "until": at + HOUR}
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(number_index="", **values)


def test_the_first_request_of_a_blocked_number_takes_six_statements(network, blocked, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.sid = "CA" + "7" * 32
    network.call()
    network.sid = "CA" + "8" * 32

    assert len(statements(network.call)) <= 6
    assert "blocked" in network.contact.flag_codes


def test_a_supervisor_does_it_on_the_page_of_the_contact_on_record(network, sign_in, supervisor, operator, now):
    contact = network.queued()
    page, door, lift = (
        reverse(f"hotline:{name}", args=[contact.public_id]) for name in ("contact", "block", "lift_block")
    )
    desk = sign_in(operator)
    assert 'id="block"' not in desk.get(page).content.decode()
    assert desk.post(door, {"why": "hoax", "hours": "24"}).status_code in (403, 404)
    boss = sign_in(supervisor)
    offered = boss.get(page).content.decode()
    assert (f'action="{door}"' in offered, f'action="{lift}"' in offered) == (True, False)
    boss.post(door, {"why": "", "hours": "24"})
    assert not Block.objects.exists()

    boss.post(door, {"why": "hoax", "hours": "24"})

    shown = boss.get(page).content.decode()
    assert f"<bdi>{supervisor.get_full_name()}</bdi> blocked this number until 2" in shown
    assert (f'action="{door}"' in shown, f'action="{lift}"' in shown) == (False, True)
    assert f"board-block-{Block.objects.get().pk}" in boss.get(reverse("hotline:board")).content.decode()
    boss.post(lift)
    assert f'action="{door}"' in boss.get(page).content.decode()
    verbs = AuditEntry.objects.filter(verb__contains="block").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["hotline.number_blocked", "hotline.block_lifted"]
    assert "Blocked numbers" not in boss.get(reverse("hotline:board")).content.decode()


def test_a_block_without_a_reason_is_said_where_it_is_chosen(network, sign_in, supervisor):
    network.queued()
    network.status("completed", "9")
    browser = sign_in(supervisor)

    page = browser.post(
        reverse("hotline:block", args=[network.contact.public_id]), {"why": "", "hours": "168"}, follow=True
    )

    form = BeautifulSoup(page.content, "html.parser").select_one("#block details")
    assert form.has_attr("open")
    assert form.select_one(".error-text").get_text(strip=True) == "Choose why it is blocked, and for how long."
    assert form.select_one("[name=why]").has_attr("autofocus")
    assert form.select_one("[name=hours] [selected]")["value"] == "168"
    assert not Block.objects.exists()
    plain = browser.get(reverse("hotline:contact", args=[network.contact.public_id]))
    assert not BeautifulSoup(plain.content, "html.parser").select_one("#block details").has_attr("open")


@pytest.mark.parametrize(("key", "words"), [
    ("1", "Number blocked: not let into the queue"),
    ("9", "Number blocked, let in all the same: in danger, or cannot speak"),
    ("5", "Number blocked, let in all the same: in danger, or cannot speak"),
])  # fmt: skip
def test_the_missed_list_and_the_contact_say_whether_a_blocked_number_was_let_in(
    network, blocked, operator, sign_in, now, key, words
):
    network.step("language", 1, Digits=key)
    network.status("completed", "9")
    desk = sign_in(operator)

    for page in (reverse("hotline:missed"), reverse("hotline:contact", args=[network.contact.public_id])):
        shown = BeautifulSoup(desk.get(page).content, "html.parser")
        said = [one.get_text(strip=True) for one in shown.select("td p.small, section.card > ul.small > li")]
        assert [one for one in said if one.startswith("Number blocked")] == [words], page


@pytest.mark.parametrize(("key", "end"), [("1", "blocked"), ("9", "nobody")])
def test_a_blocked_number_that_hangs_up_is_counted_as_kept_out_and_not_as_having_found_nobody(
    network, blocked, at, key, end
):
    """It hears that the queue is shut to it while an operator is ready; let in by a key, it ends as others do."""
    network.step("language", 1, Digits=key)
    if key == "1":
        network.status("completed", "9")
        assert network.contact.outcome == "nobody"
    else:
        Contact.objects.filter(pk=network.contact.pk).update(outcome="nobody", state="done", ended_at=at)

    tasks.count_figures(at + HOUR)

    body = DayFigures.objects.get().body
    assert body["outcomes"] == {"abandoned": 1, end: 1}
    assert sum(body["outcomes"].values()) == body["ways"]["call"]


def test_who_left_a_message_at_the_menu_of_a_blocked_number_left_a_message(network, blocked, at):
    network.step("language", 1, Digits="1")
    network.status("completed", "9")
    Contact.objects.filter(pk=network.contact.pk).update(outcome="voicemail")

    tasks.count_figures(at + HOUR)

    assert DayFigures.objects.get().body["outcomes"] == {"abandoned": 1, "voicemail": 1}
