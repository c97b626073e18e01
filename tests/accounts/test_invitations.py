import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Invitation, Letter, User

PASSWORDS = {"password1": "seven quiet lanterns", "password2": "seven quiet lanterns"}


@pytest.fixture
def invite(administrator, liberia):
    """A factory of invitations; gives the path of the link in the letter."""

    def make(email="new@office.example", roles=("learner",), language="en", at=None):
        actions.invite(email=email, name="", roles=roles, country=liberia, language=language, by=administrator, at=at or timezone.now())  # fmt: skip
        letters = [actions.open_letter(letter) for letter in Letter.objects.order_by("-id")]
        text = next(letter.text for letter in letters if letter.to == email)
        link = next(line for line in text.splitlines() if "/invitation/" in line)
        return link[link.index("/", len("https://")) :]

    return make


def accept(path, client=None, **more):
    return (client or Client()).post(path, {"name": "Clerk of court A"} | PASSWORDS | more)


def test_the_letter_names_the_roles_in_words(invite):
    invite(roles=["operator", "trainer"])

    text = actions.open_letter(Letter.objects.get()).text

    assert "You will work as: Hotline operator, Trainer" in text


def test_the_letter_is_in_the_language_of_the_invited(invite):
    path = invite(language="fr")

    letter = Letter.objects.get()
    assert letter.language == "fr"
    assert path.startswith("/fr/invitation/")


def test_the_token_is_stored_only_as_its_hash(invite):
    token = invite().rstrip("/").rsplit("/", 1)[1]

    assert Invitation.objects.get().digest != token
    assert len(token) == 43


def test_before_the_link_is_used_nobody_can_sign_in(invite):
    invite()

    assert not User.objects.get(email="new@office.example").is_active


def test_reading_the_page_uses_nothing_up(invite, client):
    path = invite()
    for _ in range(3):
        assert client.get(path).status_code == 200

    assert accept(path).status_code == 302


def test_accepting_opens_the_account_and_signs_in(invite, client):
    response = accept(invite(), client)

    person = User.objects.get(email="new@office.example")
    assert response.status_code == 302
    assert (person.name, person.is_active, person.role_codes) == ("Clerk of court A", True, frozenset({"learner"}))
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert AuditEntry.objects.filter(verb="person.accepted").count() == 1


def test_a_name_that_no_certificate_can_print_is_kept_and_told(invite, client, administrator, liberia, sign_in):
    accept(invite(), client, name="Ravo 漢字")
    told = [str(message) for message in get_messages(client.get(reverse("accounts:profile")).wsgi_request)]

    assert User.objects.get(email="new@office.example").name == "Ravo 漢字"
    assert [words.partition("\u2068")[0] for words in told if "漢字" in words] == [
        "Certificates cannot print these letters of the name: "
    ]

    facts = {
        "email": "two@office.example",
        "name": "አበበ",
        "roles": ["learner"],
        "country": liberia.pk,
        "language": "en",
    }
    page = sign_in(administrator).post(reverse("accounts:invite"), facts, follow=True).content.decode()

    assert "Certificates cannot print these letters of the name: \u2068አበ\u2069" in page


def test_a_guarded_role_is_led_to_the_second_step(invite, client):
    response = accept(invite(roles=("operator",)), client)

    assert client.get(
        response["Location"] if response["Location"].startswith("/") else "/en/profile/"
    ).status_code in (302, 404)
    assert client.get(reverse("accounts:profile"))["Location"].startswith(reverse("mfa_index"))


def test_a_link_works_once(invite):
    path = invite()
    accept(path)

    second = accept(path, name="Somebody else")

    assert second.status_code == 410
    assert "already" in second.content.decode()
    assert User.objects.get(email="new@office.example").name == "Clerk of court A"


def test_a_used_link_leads_the_person_who_is_signed_in_to_her_work(invite, client):
    path = invite()
    accept(path, client)

    page = client.get(path).content.decode()

    assert "To my work" in page
    assert reverse("account_login") not in page.split("<main")[1].split("</main>")[0]


def test_a_link_ends_after_fourteen_days(invite):
    path = invite(at=timezone.now() - dt.timedelta(days=14, seconds=1))

    assert accept(path).status_code == 410
    assert not User.objects.get(email="new@office.example").is_active


def test_a_link_still_works_on_the_fourteenth_day(invite):
    assert accept(invite(at=timezone.now() - dt.timedelta(days=13, hours=23))).status_code == 302


def test_a_link_taken_back_is_closed(invite, administrator, at):
    path = invite()
    actions.revoke_invitation(person=User.objects.get(email="new@office.example"), by=administrator, at=at)

    assert accept(path).status_code == 410


def test_who_is_invited_again_after_it_was_taken_back_may_come_in(invite, administrator, at, client):
    old = invite()
    actions.revoke_invitation(person=User.objects.get(email="new@office.example"), by=administrator, at=at)

    new = invite()

    assert client.get(new).status_code == 200
    assert (accept(old).status_code, accept(new).status_code) == (410, 302)
    assert User.objects.get(email="new@office.example").is_active


def test_a_new_link_closes_the_old_one_which_says_so_without_naming_anybody(invite, client):
    old = invite()
    new = invite()

    closed = client.get(old)
    page = closed.content.decode()
    assert (accept(old).status_code, closed.status_code) == (410, 410)
    assert "A newer letter was sent to you" in page
    assert "new@office.example" not in page
    assert accept(new).status_code == 302


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("use", "Your account is open already."),
        ("revoke", "The invitation was taken back."),
        ("wait", "The invitation was open for fourteen days."),
    ],
)
def test_an_older_link_says_what_became_of_the_newer(invite, client, administrator, at, act, told):
    early = timezone.now() - dt.timedelta(days=15)
    old = invite(at=early)
    new = invite(at=early if act == "wait" else None)
    if act == "use":
        accept(new)
    elif act == "revoke":
        actions.revoke_invitation(person=User.objects.get(email="new@office.example"), by=administrator, at=at)

    answer = client.get(old)

    page = answer.content.decode()
    assert answer.status_code == 410
    assert told in page
    assert "A newer letter was sent to you" not in page
    assert (reverse("account_login") in page.split("<main")[1].split("</main>")[0]) is (act == "use")


def test_the_administrator_is_told_that_an_open_invitation_is_replaced(sign_in, administrator, liberia):
    browser = sign_in(administrator)
    form = {
        "email": "new.op@office.example",
        "name": "Clerk A",
        "roles": ["learner"],
        "country": "LR",
        "language": "en",
    }

    first = browser.post(reverse("accounts:invite"), form, follow=True).content.decode()
    again = form | {"email": "NEW.op@office.example", "name": "Clerk B"}
    second = browser.post(reverse("accounts:invite"), again, follow=True).content.decode()

    assert "The invitation to new.op@office.example is on its way." in first
    assert "was open already" not in first
    assert "An invitation to new.op@office.example was open already." in second
    assert Invitation.objects.get().user.name == "Clerk B"


def test_an_address_in_use_is_not_invited(invite, person, administrator, liberia, at):
    known = person("learner")

    with pytest.raises(actions.AlreadyHere):
        actions.invite(email=known.email.upper(), name="", roles=["learner"], country=liberia, language="en", by=administrator, at=at)  # fmt: skip


def test_two_tabs_that_invite_at_once_do_it_once(invite, monkeypatch):
    def made_elsewhere(**facts):
        User.objects.create_user("new@office.example")
        User.objects.create_user("new@office.example")

    monkeypatch.setattr("accounts.actions.invitations.make_person", made_elsewhere)

    with pytest.raises(actions.AlreadyHere):
        invite()


def test_an_unknown_token_is_missing(client, db):
    assert client.get("/en/invitation/nothing/").status_code == 404


def test_a_guesser_is_stopped(client, db):
    answers = [client.get(f"/en/invitation/{number}/").status_code for number in range(101)]

    assert answers[:100] == [404] * 100
    assert answers[100] == 429


@pytest.mark.parametrize(
    ("field", "value"),
    [("password1", "short"), ("password2", "another lantern 1"), ("name", ""), ("name", "a\0b"), ("name", "x" * 151),
     ("name", "\u202eabc"), ("password1", "123456789012"), ("password1", "password1234")],
)  # fmt: skip
def test_a_bad_field_comes_back_with_a_word_and_leaves_the_link_open(invite, client, field, value):
    path = invite()

    response = accept(path, client, **{field: value})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert accept(path).status_code == 302


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "Write at least 12 characters; there are 5 now."),
        ("password1234", "Many people use this password. Choose another."),
        ("918273645546", "Digits alone are easy to guess. Add words."),
        ("new@office.example", "This password is too much like the name or the address. Choose another."),
    ],
)
def test_a_password_is_refused_in_our_own_words(invite, client, password, told):
    answer = accept(invite(), client, password1=password, password2=password)

    assert answer.context["form"].errors["password1"] == [told]


def test_a_short_password_is_refused_in_the_language_of_the_page(invite, client):
    answer = accept(invite(language="ar"), client, password1="short", password2="short")

    assert "12" in str(answer.context["form"].errors["password1"])
    assert "characters" not in str(answer.context["form"].errors["password1"])


def test_a_reset_does_not_open_an_account_whose_invitation_was_not_used(invite, client):
    invite()
    client.post(reverse("account_reset_password"), {"email": "new@office.example"})

    assert Letter.objects.count() == 1
