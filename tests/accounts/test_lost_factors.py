"""Whoever lost phone and recovery codes gets back in, by an administrator who made sure that it is she."""

import io
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.models import AuditEntry, Letter
from tests.accounts.conftest import SECRET, enter

GIVEN = {"why": "lost", "proof": "in_person"}


def add_app(user):
    """Set an authenticator app up for a person."""
    return Authenticator.objects.create(user=user, type="totp", data={"secret": actions.seal_secret(SECRET)})


def page_of(person):
    return reverse("accounts:remove_factors", args=[person.public_id])


def seen_on(client, person):
    """Return the mark that the page's form bears."""
    page = BeautifulSoup(client.get(page_of(person)).content, "html.parser")
    return page.find(attrs={"name": "seen"})["value"]


def words_of(response):
    """Return the words of a page."""
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def letters_to(person):
    """Return the letters that wait for a person, opened."""
    found = Letter.objects.filter(receiver=actions.thing_id(person)).order_by("id")
    return [(letter.subject, actions.open_letter(letter)) for letter in found]


@pytest.fixture
def desk(sign_in, administrator):
    """A client signed in as an administrator."""
    return sign_in(administrator)


@pytest.fixture
def equipped(guarded):
    """An operator with an app, recovery codes and a security key."""
    RecoveryCodes.activate(guarded)
    Authenticator.objects.create(user=guarded, type="webauthn", data={"name": "Blue key", "credential": {}})
    return guarded


def test_the_page_of_the_person_leads_there_and_it_says_what_goes_and_to_make_sure(desk, equipped):
    person_page = desk.get(reverse("accounts:person", args=[equipped.public_id]))
    told = words_of(desk.get(page_of(equipped)))

    assert page_of(equipped) in person_page.content.decode()
    assert "Second step at sign-in Recovery codes, Authenticator app, Security key" in words_of(person_page)
    assert "First make sure who asks." in told
    assert "face to face, or call back at a number that you had before" in told
    assert "Authenticator app Security key" in told
    assert Authenticator.objects.filter(user=equipped).count() == 3


def test_it_takes_app_codes_and_keys_away_and_ends_every_session(desk, equipped, administrator, app_code):
    theirs = Client()
    enter(theirs, equipped)
    theirs.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})
    assert theirs.get(reverse("accounts:profile")).status_code == 200

    answer = desk.post(page_of(equipped), GIVEN | {"seen": seen_on(desk, equipped)}, follow=True)

    assert "The second step is removed." in answer.content.decode()
    assert not Authenticator.objects.filter(user=equipped).exists()
    assert theirs.get(reverse("accounts:profile"))["Location"].startswith(reverse("account_login"))
    entry = AuditEntry.objects.get(verb="person.factors_reset")
    body = json.loads(entry.body)
    assert (entry.actor, entry.thing) == (str(administrator.public_id), actions.thing_id(equipped))
    assert (body["kinds"], body["reason"], body["proof"]) == (["recovery_codes", "totp", "webauthn"], "lost", "in_person")  # fmt: skip
    assert queries.chain_faults() == []


def test_she_comes_back_with_her_password_and_sets_a_new_step_up_before_anything_opens(
    transactional_db, desk, equipped, app_code
):
    desk.post(page_of(equipped), GIVEN | {"seen": seen_on(desk, equipped)})
    hers = Client()

    enter(hers, equipped)

    assert hers.get(reverse("accounts:profile"))["Location"].startswith(reverse("mfa_index"))
    secret = hers.get(reverse("mfa_activate_totp")).context["form"].secret
    assert secret != SECRET
    hers.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert hers.get(reverse("accounts:profile")).status_code == 200
    assert Authenticator.objects.filter(user=equipped, type="recovery_codes").count() == 1


def test_who_stood_at_the_second_step_is_not_let_in_by_it(desk, equipped, app_code):
    hers = Client()
    enter(hers, equipped)
    desk.post(page_of(equipped), GIVEN | {"seen": seen_on(desk, equipped)})

    answer = hers.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})

    assert answer.status_code in (200, 302)
    assert hers.get(reverse("accounts:profile")).status_code == 302


def test_letters_tell_her_and_those_who_can_see_whether_it_is_right(desk, equipped, person, liberia, haiti):
    other = person("administrator", name="Ama")
    boss, head = person("supervisor", country=liberia), person("manager", country=liberia, language="fr")
    person("administrator", is_active=False)
    untold = [person("supervisor", country=haiti), person("operator", country=liberia)]

    desk.post(page_of(equipped), GIVEN | {"seen": seen_on(desk, equipped)})

    ((subject, words),) = letters_to(equipped)
    assert (subject, words.to) == ("Your second step at sign-in was removed", equipped.email)
    assert "If you did not ask for this" in words.text
    assert reverse("account_reset_password") in words.text
    assert "You are led to it." in words.text
    ((subject, words),) = letters_to(other)
    assert subject == "The second step of a colleague was removed"
    assert equipped.email in words.text
    assert reverse("accounts:person", args=[equipped.public_id]) in words.text
    ((_, words),) = letters_to(boss)
    assert "call another administrator at once" in words.text
    assert "/people/" not in words.text
    assert Letter.objects.get(receiver=actions.thing_id(head)).language == "fr"
    assert Letter.objects.count() == 4
    assert not any(letters_to(one) for one in untold)


def test_a_learner_of_her_own_second_step_is_no_matter_of_the_countrys_heads(desk, with_password, person, liberia):
    learner = with_password("learner", country=liberia)
    add_app(learner)
    person("manager", country=liberia)

    desk.post(page_of(learner), GIVEN | {"seen": seen_on(desk, learner)})

    assert Letter.objects.count() == 1
    assert "with your password. You can set up a new second step" in letters_to(learner)[0][1].text
    hers = Client()
    enter(hers, learner)
    assert hers.get(reverse("accounts:profile")).status_code == 200


def test_nobody_removes_her_own(desk, administrator, equipped):
    add_app(administrator)

    seen = desk.get(page_of(administrator), follow=True)
    sent = desk.post(page_of(administrator), GIVEN, follow=True)

    for answer in (seen, sent):
        assert "You cannot remove your own second step here. Ask another administrator." in answer.content.decode()
    assert page_of(administrator) not in seen.content.decode()
    assert Authenticator.objects.filter(user=administrator).exists()
    assert not AuditEntry.objects.filter(verb="person.factors_reset").exists()


def test_the_action_itself_refuses_ones_own(administrator, at):
    add_app(administrator)

    with pytest.raises(actions.NotYourself):
        actions.remove_factors(person=administrator, **GIVEN, by=administrator, at=at)


@pytest.mark.parametrize("role", ["manager", "supervisor", "operator", "translator", "learner"])
def test_for_everybody_else_the_page_is_missing(sign_in, person, liberia, equipped, role):
    client = sign_in(person(role, country=liberia))

    assert client.get(page_of(equipped)).status_code == 404
    assert client.post(page_of(equipped), GIVEN).status_code == 404
    assert Authenticator.objects.filter(user=equipped).count() == 3


@pytest.mark.parametrize("gap", [{"why": ""}, {"proof": ""}, {"why": "\0"}, {"proof": "a letter"}])
def test_without_a_reason_and_without_making_sure_nothing_goes(desk, equipped, gap):
    answer = desk.post(page_of(equipped), GIVEN | {"seen": seen_on(desk, equipped)} | gap)

    assert answer.status_code == 200
    assert list(gap) == list(answer.context["form"].errors)
    assert "Nothing was removed yet." in words_of(answer)
    assert Authenticator.objects.filter(user=equipped).count() == 3


def test_a_second_press_removes_nothing_more_and_is_no_fault(desk, equipped):
    given = GIVEN | {"seen": seen_on(desk, equipped)}

    answers = [desk.post(page_of(equipped), given, follow=True) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "This account has no second step." in answers[1].content.decode()
    assert AuditEntry.objects.filter(verb="person.factors_reset").count() == 1
    assert Letter.objects.filter(receiver=actions.thing_id(equipped)).count() == 1
    equipped.refresh_from_db()
    assert equipped.session_round == 1


def test_a_stale_page_does_not_take_the_new_step_away(desk, equipped):
    stale = GIVEN | {"seen": seen_on(desk, equipped)}
    desk.post(page_of(equipped), stale)
    add_app(equipped)

    answer = desk.post(page_of(equipped), stale)

    assert answer.status_code == 409
    assert "The second step of this person changed while you had this open." in words_of(answer)
    assert Authenticator.objects.filter(user=equipped).count() == 1
    again = BeautifulSoup(answer.content, "html.parser").find(attrs={"name": "seen"})["value"]
    assert desk.post(page_of(equipped), GIVEN | {"seen": again}).status_code == 302
    assert not Authenticator.objects.filter(user=equipped).exists()


def test_a_form_that_says_nothing_of_what_was_seen_removes_nothing(desk, equipped):
    assert desk.post(page_of(equipped), GIVEN).status_code == 409
    assert Authenticator.objects.filter(user=equipped).count() == 3


def test_the_pages_cost_no_more_with_many_to_tell(desk, equipped, person, liberia, django_assert_max_num_queries):
    for _ in range(10):
        person("supervisor", country=liberia)

    with django_assert_max_num_queries(8):
        desk.get(page_of(equipped))
    with django_assert_max_num_queries(14):
        desk.get(reverse("accounts:person", args=[equipped.public_id]))


def test_an_account_without_a_second_step_offers_nothing_to_remove(desk, person, liberia):
    operator = person("operator", country=liberia)

    html = desk.get(reverse("accounts:person", args=[operator.public_id])).content.decode()

    assert page_of(operator) not in html
    assert "This account has no second step." in words_of(desk.get(page_of(operator)))


def test_the_second_step_says_whom_to_ask(client, guarded):
    enter(client, guarded)

    told = words_of(client.get(reverse("mfa_authenticate")))

    assert "Phone and recovery codes are lost?" in told
    assert "Call an administrator of your programme" in told


def test_a_session_that_is_asked_for_its_code_again_says_whom_to_ask_too(client, with_password, liberia):
    user = with_password("operator", country=liberia)
    enter(client, user)
    add_app(user)

    told = words_of(client.get(reverse("accounts:profile"), follow=True))

    assert "Phone and recovery codes are lost?" in told


def command(email, typed, monkeypatch, **more):
    """Run the command with what is typed at it; return what it says."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command("reset_second_factor", email, stdout=out, **more)
    return out.getvalue()


def test_the_command_helps_the_last_administrator(with_password, monkeypatch, app_code):
    last = with_password("administrator")
    add_app(last)

    said = command(last.email.upper(), f"{last.email}\n", monkeypatch, why="broken")

    assert "The second step is removed" in said
    assert not Authenticator.objects.exists()
    entry = AuditEntry.objects.get(verb="person.factors_reset")
    assert (entry.actor, json.loads(entry.body)["reason"]) == ("command", "broken")
    assert "Whoever runs the server removed" in letters_to(last)[0][1].text
    hers = Client()
    enter(hers, last)
    assert hers.get(reverse("accounts:people"))["Location"].startswith(reverse("mfa_index"))


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "other@example.org\n"])
def test_the_command_does_nothing_until_the_address_is_typed_again(with_password, monkeypatch, typed):
    last = with_password("administrator")
    add_app(last)

    with pytest.raises(CommandError, match="Nothing was changed"):
        command(last.email, typed, monkeypatch)

    assert Authenticator.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_command_names_what_it_cannot_do(with_password, monkeypatch):
    learner = with_password("learner")

    with pytest.raises(CommandError, match="Nobody signs in with"):
        command("nobody@example.org", "nobody@example.org\n", monkeypatch)
    with pytest.raises(CommandError, match="no second step"):
        command(learner.email, learner.email, monkeypatch)
