"""Letters that could not leave: who is told, what is shown, what can be done."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.models import AuditEntry, Invitation, Letter
from accounts.queries.letters import count_lost_letters, given_up, kind_of, lost_letters_visible_to

LIST = reverse("accounts:letters")


def lose(letter, at, fault="SMTPServerDisconnected"):
    actions.fail_letter(letter=letter, fault=fault, at=at, for_good=True)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def lost(administrator, liberia, at):
    """A factory of invitations whose letter was given up."""

    def make(email="new@office.example", roles=("learner",), country=liberia, fault="SMTPServerDisconnected"):
        actions.invite(email=email, name="Clerk A", roles=roles, country=country, language="en", by=administrator, at=at)  # fmt: skip
        return lose(Letter.objects.latest("id"), at, fault)

    return make


def page(client):
    return client.get(LIST).content.decode()


def test_the_administrator_sees_whom_what_when_and_why(sign_in, administrator, lost):
    lost()

    html = page(sign_in(administrator))

    assert "Clerk A" in html
    assert "new@office.example" in html
    assert "Your invitation to Fanal" in html
    assert "The mail server was not reached or did not take it, five times." in html


def test_the_list_holds_no_link_and_no_text(sign_in, administrator, lost, settings):
    settings.KEEPS_LETTERS = True
    letter = lost()
    text = actions.open_letter(letter).text
    link = next(line for line in text.splitlines() if "/invitation/" in line)

    html = page(sign_in(administrator))

    assert link.rstrip("/").rsplit("/", 1)[1] not in html
    assert letter.subject == "Your invitation to Fanal"


def test_a_supervisor_is_told_of_her_own_country_only(person, liberia, haiti, lost):
    ours, theirs = lost(), lost(email="b@office.example", country=haiti)
    supervisor = person("supervisor", country=liberia)

    assert list(lost_letters_visible_to(supervisor)) == [ours]
    assert count_lost_letters(person("administrator")) == 2
    assert count_lost_letters(person("operator", country=liberia)) == 0
    assert theirs.country_id == "HT"


def test_the_menu_and_the_list_of_people_count_them(sign_in, administrator, lost):
    lost()

    html = sign_in(administrator).get(reverse("accounts:people")).content.decode()

    assert "1 letter could not leave" in html
    assert html.count('<b class="count">1</b>') == 2  # in the row of links, and in the menu of a narrow screen


def test_send_again_brings_a_new_link_and_takes_the_letter_off(sign_in, administrator, lost):
    letter = lost()
    before = Invitation.objects.get().digest

    sign_in(administrator).post(reverse("accounts:letter_again", args=[letter.public_id]))

    assert Invitation.objects.get().digest != before
    assert Letter.objects.filter(sent_at=None, failed_at=None).count() == 1
    assert not given_up().exists()
    assert AuditEntry.objects.filter(verb="letter.sent_again", actor=str(administrator.public_id)).count() == 1


def test_every_invitation_goes_again_at_once(sign_in, administrator, lost):
    lost(), lost(email="b@office.example")

    html = sign_in(administrator).post(reverse("accounts:letters_again"), follow=True).content.decode()

    assert "2 invitations were sent again." in html
    assert not given_up().exists()


def test_an_address_that_was_refused_is_looked_at_and_not_sent_to_at_once(sign_in, administrator, lost):
    refused = lost(fault="SMTPRecipientsRefused")
    lost(email="b@office.example"), lost(email="c@office.example")
    browser = sign_in(administrator)

    before = page(browser)
    browser.post(reverse("accounts:letters_again"))

    assert "Look at the address." in before
    assert "Send 2 invitations again" in before
    assert list(given_up()) == [refused]


def test_a_manager_sends_again_what_an_import_brings_and_no_other_role(sign_in, person, liberia, lost):
    learner, operator = lost(), lost(email="op@office.example", roles=("operator",))
    browser = sign_in(person("manager", country=liberia))

    answers = [browser.post(reverse("accounts:letter_again", args=[one.public_id])) for one in (learner, operator)]

    assert [answer.status_code for answer in answers] == [302, 404]
    assert list(given_up()) == [operator]


def test_a_supervisor_cannot_send_again_and_can_take_off_what_is_hers(sign_in, person, liberia, haiti, lost):
    ours, theirs = lost(), lost(email="b@office.example", country=haiti)
    browser = sign_in(person("supervisor", country=liberia))

    again = browser.post(reverse("accounts:letter_again", args=[ours.public_id]))
    off = [browser.post(reverse("accounts:letter_off", args=[one.public_id])) for one in (ours, theirs)]

    assert again.status_code == 404
    assert [answer.status_code for answer in off] == [302, 404]
    assert list(given_up()) == [theirs]


@pytest.mark.parametrize("name", ["letter_again", "letter_off"])
def test_a_second_press_says_that_somebody_saw_to_it_and_does_nothing(
    sign_in, administrator, person, haiti, lost, name
):
    door = reverse(f"accounts:{name}", args=[lost().public_id])
    browser = sign_in(administrator)
    browser.post(door)
    waiting, entries = Letter.objects.filter(sent_at=None, failed_at=None).count(), AuditEntry.objects.count()

    again = browser.post(door, follow=True)

    assert "This letter is off the list already." in again.content.decode()
    assert Letter.objects.filter(sent_at=None, failed_at=None).count() == waiting
    assert AuditEntry.objects.count() == entries
    other = sign_in(person("supervisor", country=haiti))
    assert other.post(door).status_code == 404


def test_an_operator_and_a_learner_find_no_list(sign_in, person, liberia):
    assert sign_in(person("operator", country=liberia)).get(LIST).status_code == 404
    assert sign_in(person("learner", country=liberia)).get(LIST).status_code == 404


@pytest.mark.parametrize("act", ["accept", "revoke", "invite"])
def test_a_lost_invitation_on_which_nothing_hangs_any_more_leaves_the_list(lost, administrator, at, act):
    letter = lost()
    person = Invitation.objects.get().user
    if act == "revoke":
        actions.revoke_invitation(person=person, by=administrator, at=at)
    else:
        actions.invite_again(person=person, by=administrator, at=at)

    letter.refresh_from_db()
    assert letter.settled_at == at
    with pytest.raises(actions.NotAgain):
        actions.send_letter_again(letter=letter, by=administrator, at=at)


def test_a_lost_notice_says_what_it_was_and_that_one_tells_the_person(sign_in, client, administrator, person, at):
    someone = person("learner")
    client.post(reverse("account_reset_password"), {"email": someone.email})
    lose(Letter.objects.get(), at, "SMTPRecipientsRefused")

    html = page(sign_in(administrator))

    assert "Choose a new password" in html
    assert "The mail server refuses this address." in html
    assert "Whoever asked for it can ask again at the sign-in." in html
    assert "Send again" not in html


def test_a_letter_of_an_unknown_kind_goes_by_its_subject(db, at):
    letter = actions.queue_letter(key="odd:1", to="a@example.org", language="en", subject="Words", text="y", at=at)

    assert kind_of(letter).words == "Words"


def test_counting_is_one_query_of_an_index(administrator, lost, at):
    lost()
    with CaptureQueriesContext(connection) as asked:
        assert count_lost_letters(administrator) == 1

    assert len(asked) == 1
    if connection.vendor == "sqlite":
        plan = given_up().explain()
        assert "letters_given_up" in plan
        assert "SCAN accounts_letter\n" not in plan


def test_the_list_ends_after_thirty_days(lost, at):
    lost()

    actions.drop_old_letters(at=at + dt.timedelta(days=31))

    assert not given_up().exists()
