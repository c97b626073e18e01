"""A change of an agency's address: who is told, what the second manager sees, and what older pages may not do."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter
from referral import actions
from referral.models import AgencyContact, Notice

pytestmark = pytest.mark.usefixtures("now")
DAYS = dt.timedelta(days=3)
OLD, NEW = "+231770000201", "+231770000999"


@pytest.fixture
def pair(person, liberia):
    """Two managers of Liberia."""
    return person("manager", country=liberia, name="Ann Dolo"), person("manager", country=liberia, name="Bea Kollie")


@pytest.fixture
def reached(agency, at):
    """A factory of agencies that are reached so: reached(email=..., number=...)."""

    def make(email="", number="", language="en"):
        house = agency("Safe house A", "shelter", email="")
        actions.enrol_contact(
            organisation=house.organisation, name="Desk", email=email, number=number, language=language, by="t", at=at
        )
        return house

    return make


@pytest.fixture
def numbered(reached):
    """An agency that is reached by its number only."""
    return reached(number=OLD)


def door(house):
    return reverse("referral:contact_change", args=[house.public_id])


def text_of(page):
    return page.content.decode()


def contact_of(house):
    return house.organisation.contacts.get()


def ask(client, house, **told):
    return client.post(door(house), {"act": "ask", **told}, follow=True)


def hidden(page, act):
    """Return what the form of an act on the page sends, or None where the page has no such form."""
    for form in text_of(page).split("<form")[1:]:
        if f'name="act" value="{act}"' in form:
            return {"act": act} | (
                {"seen": form.split('name="seen" value="')[1].split('"')[0]} if 'name="seen" value="' in form else {}
            )
    return None


def readings():
    return AuditEntry.objects.filter(verb="sealed.revealed", body__contains="contact_change")


def acts():
    return list(AuditEntry.objects.filter(verb__startswith="directory.contact_").values_list("verb", flat=True))


def test_an_agency_with_a_number_only_is_told_by_a_text_to_its_old_number(numbered, pair, sign_in, at):
    page = ask(sign_in(pair[0]), numbered, number=NEW)

    notice = Notice.objects.get(kind="contact_change")
    assert (notice.language, notice.link, notice.due_at, notice.contact) == ("en", None, at, contact_of(numbered))
    assert accounts.reveal(notice, "to", by="test", at=at, reason="test") == OLD
    assert not Letter.objects.exists()
    assert "A text to the old number waits to be sent." in text_of(page)
    assert "letter" not in text_of(page)[text_of(page).index("narrow-form") :]


def test_the_text_goes_to_the_number_of_then_although_another_is_in_force_when_it_leaves(numbered, pair, at):
    contact = contact_of(numbered)
    actions.ask_contact_change(contact=contact, number=NEW, by=pair[0], at=at)
    seen = actions.show_contact_change(contact=contact, by=pair[1], at=at + DAYS).seen
    actions.confirm_contact_change(contact=contact, by=pair[1], at=at + DAYS, seen=seen)

    told = {notice.kind: actions.notice_number(notice=notice, at=at) for notice in Notice.objects.all()}

    assert told == {"contact_change": OLD, "contact_changed": OLD}
    actions.notice_left(notice=Notice.objects.get(kind="contact_changed"), at=at)
    assert Notice.objects.get(kind="contact_changed").to is None


def test_an_agency_with_both_is_told_in_both_ways_when_it_is_asked_and_when_it_is_in_force(reached, pair, at):
    contact = contact_of(reached(email="desk@example.org", number=OLD, language="fr"))
    actions.ask_contact_change(contact=contact, email="new@example.org", number=NEW, by=pair[0], at=at)
    seen = actions.show_contact_change(contact=contact, by=pair[1], at=at + DAYS).seen
    actions.confirm_contact_change(contact=contact, by=pair[1], at=at + DAYS, seen=seen)

    letters = [(letter.key.partition(":")[0], open_letter(letter)) for letter in Letter.objects.order_by("id")]

    assert [(kind, words.to) for kind, words in letters] == [
        ("contact_change", "desk@example.org"), ("contact_changed", "desk@example.org"),
    ]  # fmt: skip
    assert not [words for _kind, words in letters if "new@" in words.text or NEW in words.text]
    assert set(Notice.objects.values_list("kind", "language")) == {("contact_change", "fr"), ("contact_changed", "fr")}


@pytest.mark.parametrize("public", ["", "+231770000301"])
def test_where_nobody_can_be_told_the_page_says_so_and_what_to_do(agency, pair, sign_in, at, public):
    house = agency("Safe house A", "shelter", email="")
    AgencyContact.objects.create(organisation=house.organisation, name="Desk")
    actions.change_public_number(organisation=house.organisation, number=public, by="t", at=at)

    before = text_of(sign_in(pair[0]).get(door(house)))
    page = text_of(ask(sign_in(pair[0]), house, number=NEW))

    assert "nobody can be told" in before
    assert "Nobody at the agency could be told" in page
    assert ("Call the agency at its public number and ask" in page, f'href="tel:{public}"' in page) == (
        bool(public),
    ) * 2
    assert ("no public number of it" in page) is not bool(public)


def test_a_text_that_cannot_leave_is_told_on_the_page(numbered, pair, sign_in, at):
    ask(sign_in(pair[0]), numbered, number=NEW)
    actions.notice_failed(notice=Notice.objects.get(), fault="no_line", at=at)

    page = text_of(sign_in(pair[1]).get(door(numbered)))

    assert "This country has no line that can send texts." in page
    assert "Nobody at the agency could be told" in page


def test_an_old_address_that_cannot_be_opened_stops_no_change_and_nobody_is_said_to_be_told(
    house, room, pair, sign_in
):
    AgencyContact.objects.filter(organisation=house.organisation).update(email=contact_of(room).email)

    page = ask(sign_in(pair[0]), house, email="new@example.org")

    assert "Nobody at the agency could be told" in text_of(page)
    assert (Letter.objects.count(), AuditEntry.objects.filter(verb="sealed.cannot_open").count()) == (0, 1)
    shown = text_of(sign_in(pair[1]).post(door(house), {"act": "show"}))
    assert "This cannot be opened" in shown
    assert "new@example.org" in shown


def test_a_letter_that_was_given_up_counts_as_nobody_told_and_one_that_left_does_not(house, pair, sign_in, at):
    client = sign_in(pair[0])
    ask(client, house, email="new@example.org")
    letter = Letter.objects.get()

    Letter.objects.update(sent_at=at)
    sent = text_of(client.get(door(house)))
    Letter.objects.update(sent_at=None, failed_at=at)
    failed = text_of(client.get(door(house)))

    assert letter.key.startswith("contact_change:")
    assert ("A letter went to the old e-mail address" in sent, "Nobody at the agency" in sent) == (True, False)
    assert ("could not be sent" in failed, "Nobody at the agency" in failed) == (True, True)


def test_the_second_manager_confirms_only_what_she_was_shown_and_each_reading_is_recorded(
    reached, pair, sign_in, now, at
):
    house = reached(email="desk@example.org", number=OLD)
    ask(sign_in(pair[0]), house, email="new@example.org", number=NEW)
    now.move_to(at + DAYS, tick=False)
    client, before = sign_in(pair[1]), readings().count()

    page = client.get(door(house))
    assert "Ann Dolo" in text_of(page)
    assert hidden(page, "confirm") is None
    assert not [value for value in ("new@example.org", NEW, OLD, "desk@") if value in text_of(page)]
    blind = client.post(door(house), {"act": "confirm"})
    assert blind.status_code == 409
    assert "Look at what would change first" in text_of(blind)
    assert readings().count() == before

    shown = client.post(door(house), {"act": "show"})
    assert not [value for value in ("new@example.org", NEW, OLD, "desk@example.org") if value not in text_of(shown)]
    assert "no-store" in shown["Cache-Control"]
    assert readings().filter(actor=str(pair[1].public_id)).count() == 4
    done = client.post(door(house), hidden(shown, "confirm"))

    assert done.status_code == 302
    contact = contact_of(house)
    assert [accounts.reveal(contact, name, by="t", at=at, reason="t") for name in ("email", "number")] == [
        "new@example.org", NEW,
    ]  # fmt: skip
    assert (contact.new_email, contact.change_asked_at) == (None, None)
    assert contact.number_index == accounts.index_of(NEW, "agency_contact")


def test_who_asked_is_shown_it_and_offered_no_confirming_nor_is_anybody_before_three_days(
    house, pair, sign_in, now, at
):
    first, second = pair
    ask(sign_in(first), house, email="new@example.org")

    early = sign_in(second).post(door(house), {"act": "show"})
    now.move_to(at + DAYS, tick=False)
    own = sign_in(first).post(door(house), {"act": "show"})

    assert [hidden(page, "confirm") for page in (early, own)] == [None, None]
    assert "Earliest time to put it in force:" in text_of(early)
    assert "Another manager must put it in force" in text_of(own)
    assert "new@example.org" in text_of(own)


def test_what_was_shown_to_another_person_confirms_nothing(house, pair, person, liberia, at):
    contact = contact_of(house)
    actions.ask_contact_change(contact=contact, email="new@example.org", by=pair[0], at=at)
    other = person("manager", country=liberia)
    seen = actions.show_contact_change(contact=contact, by=other, at=at + DAYS).seen

    for told in (seen, seen[:-1], "", "x:y"):
        with pytest.raises(actions.NotShown):
            actions.confirm_contact_change(contact=contact, by=pair[1], at=at + DAYS, seen=told)


def test_who_confirms_another_change_than_the_one_shown_sees_both(house, pair, sign_in, now, at):
    first, second = pair
    ask(sign_in(first), house, email="good@example.org")
    now.move_to(at + DAYS, tick=False)
    old = hidden(sign_in(second).post(door(house), {"act": "show"}), "confirm")
    contact = contact_of(house)
    actions.drop_contact_change(contact=contact, by=first, at=at + DAYS)
    actions.ask_contact_change(contact=contact, email="thief@example.org", by=first, at=at + DAYS)
    now.move_to(at + 2 * DAYS, tick=False)

    late = sign_in(second).post(door(house), old)

    assert late.status_code == 409
    assert not [value for value in ("good@example.org", "thief@example.org") if value not in text_of(late)]
    assert "Another change waits now" in text_of(late)
    contact.refresh_from_db()
    assert contact.change_asked_at == at + DAYS
    assert "directory.contact_changed" not in acts()
    assert sign_in(second).post(door(house), hidden(late, "confirm")).status_code == 302


def test_an_older_page_drops_nothing_that_was_put_in_force_meanwhile(house, pair, sign_in, at):
    first, second = pair
    ask(sign_in(first), house, email="new@example.org")
    client = sign_in(first)
    page, contact = client.get(door(house)), contact_of(house)
    seen = actions.show_contact_change(contact=contact, by=second, at=at + DAYS).seen
    actions.confirm_contact_change(contact=contact, by=second, at=at + DAYS, seen=seen)

    late = client.post(door(house), hidden(page, "drop"))
    with pytest.raises(actions.InForceMeanwhile):
        actions.drop_contact_change(contact=contact, by=first, at=at + DAYS)

    assert late.status_code == 409
    assert "It was put in force meanwhile" in text_of(late)
    assert "The change was dropped" not in text_of(late)
    assert "directory.contact_change_dropped" not in acts()
    assert accounts.reveal(contact_of(house), "email", by="t", at=at, reason="t") == "new@example.org"


def test_an_older_page_confirms_nothing_that_was_dropped_and_drops_no_later_change(house, pair, sign_in, now, at):
    first, second = pair
    ask(sign_in(first), house, email="new@example.org")
    now.move_to(at + DAYS, tick=False)
    page = sign_in(second).post(door(house), {"act": "show"})
    contact = contact_of(house)
    actions.drop_contact_change(contact=contact, by=first, at=at + DAYS)

    confirmed = sign_in(second).post(door(house), hidden(page, "confirm"))
    shown = sign_in(second).post(door(house), {"act": "show"})
    actions.ask_contact_change(contact=contact, email="two@example.org", by=first, at=at + DAYS)
    dropped = [
        sign_in(second).post(door(house), told) for told in (hidden(page, "drop"), {"act": "drop", "seen": "odd"})
    ]

    assert [answer.status_code for answer in (confirmed, shown, *dropped)] == [409] * 4
    assert "It was dropped meanwhile" in text_of(confirmed)
    assert "Another change waits now" in text_of(dropped[0])
    assert contact_of(house).change_asked_at == at + DAYS
    assert acts().count("directory.contact_change_dropped") == 1


def test_a_second_question_replaces_nothing_and_says_who_asked_first(house, pair, sign_in, now, at):
    first, second = pair
    ask(sign_in(first), house, email="new@example.org")
    now.move_to(at + dt.timedelta(hours=30), tick=False)
    client = sign_in(second)
    page = client.get(door(house))

    late = client.post(door(house), {"act": "ask", "email": "two@example.org"})

    assert 'name="email"' not in text_of(page)
    assert late.status_code == 409
    assert "A change waits already" in text_of(late)
    assert "Ann Dolo" in text_of(late)
    assert 'value="two@example.org"' in text_of(late)
    contact = contact_of(house)
    assert (contact.change_asked_at, contact.change_asked_by) == (at, str(first.public_id))
    assert Letter.objects.count() == 1
    client.post(door(house), hidden(late, "drop"))
    stale = client.post(door(house), {"act": "ask", "email": "two@example.org", "seen": hidden(late, "ask")["seen"]})
    assert "It was dropped meanwhile" in text_of(stale)
    again = client.post(door(house), {"act": "ask", "email": "two@example.org"} | hidden(stale, "ask"))
    assert again.status_code == 302
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("who", [0, 1])
def test_asking_the_same_again_changes_nothing_and_tells_nobody(reached, pair, sign_in, now, at, who):
    house, told = reached(email="desk@example.org", number=OLD), {"email": "new@example.org", "number": NEW}
    ask(sign_in(pair[0]), house, **told)
    now.move_to(at + dt.timedelta(hours=30), tick=False)

    page = ask(sign_in(pair[who]), house, **told)

    assert "Nothing was changed, and nobody was told again" in text_of(page)
    assert (Letter.objects.count(), Notice.objects.count()) == (1, 1)
    assert contact_of(house).change_asked_at == at
    assert acts().count("directory.contact_change_asked") == 1


def test_the_page_asks_the_database_a_few_times_only(reached, pair, sign_in, django_assert_max_num_queries):
    house = reached(email="desk@example.org", number=OLD)
    ask(sign_in(pair[0]), house, email="new@example.org")
    client = sign_in(pair[1])
    client.get(door(house))

    with django_assert_max_num_queries(12):
        client.get(door(house))
