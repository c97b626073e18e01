import datetime as dt
import sys
import unicodedata

import pytest
import time_machine
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.forms.signin import bare
from accounts.models import AuditEntry, Letter
from tests.accounts.conftest import LOGIN, PASSWORD, SECRET, enter


def test_a_learner_signs_in_by_e_mail_in_any_case(client, with_password, liberia):
    user = with_password("learner", country=liberia)

    response = client.post(LOGIN, {"login": user.email.upper(), "password": PASSWORD})

    assert response.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert AuditEntry.objects.filter(verb="person.signed_in", actor=str(user.public_id)).count() == 1


def test_a_wrong_password_says_so_and_names_neither_part(client, with_password):
    response = enter(client, with_password("learner"), "wrong")

    assert response.status_code == 200
    assert "do not fit together" in response.content.decode()
    assert "You are not signed in yet." in response.content.decode()
    assert "could not be saved" not in response.content.decode()


def test_forms_that_save_nothing_are_not_headed_as_unsaved(client, sign_in, person, liberia):
    reset = client.post(reverse("account_reset_password"), {"email": "no address"}).content.decode()
    desk = sign_in(person("administrator"))
    file = desk.post(reverse("accounts:import_officials"), {}).content.decode()

    assert "No letter was sent yet." in reset
    assert "This file cannot be used as it is." in file
    assert "could not be saved" not in reset + file


def test_a_closed_account_does_not_open(client, with_password):
    user = with_password("learner", is_active=False)

    enter(client, user)

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_the_eleventh_attempt_is_refused_even_with_the_right_password(with_password):
    user = with_password("learner")
    for _ in range(10):
        enter(Client(), user, "wrong")

    response = enter(Client(), user)

    assert response.status_code == 200
    letter = Letter.objects.get(key__startswith=f"attempts:{user.public_id}")
    assert actions.open_letter(letter).to == user.email


def test_the_edge_of_ten_minutes_lets_no_second_ten_through(with_password):
    user = with_password("learner")
    with time_machine.travel(dt.datetime(2026, 11, 25, 10, 9, 50, tzinfo=dt.UTC)):
        for _ in range(10):
            enter(Client(), user, "wrong")

    with time_machine.travel(dt.datetime(2026, 11, 25, 10, 10, 5, tzinfo=dt.UTC)):
        assert "Too many attempts." in enter(Client(), user).content.decode()


def test_the_hundred_and_first_password_from_one_address_is_refused_whoever_it_is_for(with_password):
    user, here = with_password("learner"), Client(REMOTE_ADDR="192.0.2.7")
    for number in range(100):
        answer = here.post(LOGIN, {"login": f"somebody{number}@example.org", "password": "wrong"})
        assert "do not fit together" in answer.content.decode()

    refused = here.post(LOGIN, {"login": user.email, "password": PASSWORD})
    elsewhere = Client(REMOTE_ADDR="192.0.2.8").post(LOGIN, {"login": user.email, "password": PASSWORD})

    assert "Too many attempts." in refused.content.decode()
    assert elsewhere.status_code == 302
    assert not Letter.objects.exists()  # nobody tried her account


def test_a_town_behind_one_address_may_mistype(with_password):
    for number in range(20):
        assert "do not fit" in enter(Client(), with_password("learner", name=f"{number}"), "wrong").content.decode()


@pytest.mark.parametrize(
    ("page", "field"), [("account_change_password", "oldpassword"), ("account_reauthenticate", "password")]
)
def test_a_session_left_open_tries_no_more_passwords_than_the_sign_in(client, with_password, page, field):
    user = with_password("learner")
    enter(client, user)
    fresh = {"password1": "nine other lanterns", "password2": "nine other lanterns"}

    for _ in range(9):  # the sign-in was the first
        assert "This is not your password." in client.post(reverse(page), fresh | {field: "wrong"}).content.decode()
    refused = client.post(reverse(page), fresh | {field: PASSWORD})

    assert "Too many attempts." in refused.content.decode()
    assert "Too many attempts." in enter(Client(), user).content.decode()


def test_attempts_open_again_after_the_window(with_password):
    user = with_password("learner")
    with time_machine.travel(dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)):
        for _ in range(11):
            enter(Client(), user, "wrong")
    with time_machine.travel(dt.datetime(2026, 11, 25, 10, 11, tzinfo=dt.UTC)):
        assert enter(Client(), user).status_code == 302


@pytest.mark.either
@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/..//evil.example", "/en/../../evil", "javascript:alert(1)",
     "/en/account/login/\r\nX: 1", "/nowhere/at/all.php", "evil"],
)  # fmt: skip
def test_next_leads_nowhere_else(client, with_password, address):
    response = enter(client, with_password("learner"), next=address)

    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert response["Location"].startswith("/en/")


@pytest.mark.either
def test_next_leads_to_a_page_of_ours(client, with_password):
    response = enter(client, with_password("learner"), next="/ar/profile/")

    assert response["Location"] == "/ar/profile/"


def test_the_session_id_changes_at_sign_in(client, with_password):
    client.get(LOGIN + "?next=/en/profile/")
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key

    enter(client, with_password("learner"))

    assert client.session.session_key != before


def test_the_second_step_is_asked_before_anything_opens(client, guarded):
    response = enter(client, guarded)

    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:profile"))["Location"].startswith(LOGIN)


def test_the_code_of_the_app_opens_the_session(client, guarded, app_code):
    enter(client, guarded)

    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})

    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_code_works_once_even_when_the_cache_forgets(guarded, app_code):
    first, second, code = Client(), Client(), app_code(SECRET)
    enter(first, guarded)
    first.post(reverse("mfa_authenticate"), {"code": code})
    cache.clear()

    enter(second, guarded)
    second.post(reverse("mfa_authenticate"), {"code": code})

    assert second.get(reverse("accounts:profile")).status_code == 302


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
WRITINGS = {
    "spaced": lambda code: f"{code[:3]} {code[3:]}",
    "dashed": lambda code: f"{code[:3]}-{code[3:]}",
    "padded": lambda code: f"  {code}. ",
    "wide space": lambda code: f"{code[:3]}\u3000{code[3:]}",
    "turned": lambda code: f"\u200f{code}\u200e",
    "Arabic": lambda code: code.translate(ARABIC),
    "full width": lambda code: code.translate(WIDE),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_code_is_taken_however_it_is_written_and_never_twice(guarded, app_code, writing):
    first, second, code = Client(), Client(), app_code(SECRET)
    enter(first, guarded)
    first.post(reverse("mfa_authenticate"), {"code": WRITINGS[writing](code)})
    assert first.get(reverse("accounts:profile")).status_code == 200
    cache.clear()  # another process of the server has a cache of its own

    enter(second, guarded)
    answer = second.post(reverse("mfa_authenticate"), {"code": code})

    assert "This code was used already." in answer.content.decode()
    assert second.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_used_code_stays_used_however_it_is_written(guarded, app_code, writing):
    first, second, code = Client(), Client(), app_code(SECRET)
    enter(first, guarded)
    first.post(reverse("mfa_authenticate"), {"code": code})
    cache.clear()

    enter(second, guarded)
    second.post(reverse("mfa_authenticate"), {"code": WRITINGS[writing](code)})

    assert second.get(reverse("accounts:profile")).status_code == 302


def test_a_used_code_stays_used_over_midnight(guarded, app_code):
    first, second = Client(), Client()
    with time_machine.travel(dt.datetime(2026, 11, 25, 23, 59, 50, tzinfo=dt.UTC), tick=False):
        code = app_code(SECRET)
        enter(first, guarded)
        first.post(reverse("mfa_authenticate"), {"code": code})
    cache.clear()
    with time_machine.travel(dt.datetime(2026, 11, 26, 0, 0, 10, tzinfo=dt.UTC), tick=False):
        enter(second, guarded)
        answer = second.post(reverse("mfa_authenticate"), {"code": code})

    assert "This code was used already." in answer.content.decode()


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_recovery_code_works_once_however_it_is_written(guarded, writing):
    code = RecoveryCodes.activate(guarded).get_unused_codes()[0]
    first, second = Client(), Client()
    enter(first, guarded)
    first.post(reverse("mfa_authenticate"), {"code": code})
    assert first.get(reverse("accounts:profile")).status_code == 200

    enter(second, guarded)
    second.post(reverse("mfa_authenticate"), {"code": WRITINGS[writing](code)})

    assert second.get(reverse("accounts:profile")).status_code == 302


def is_a_sign(sign):
    """Tell whether Unicode knows a character; one that it does not know is equal to no other."""
    return unicodedata.category(sign) not in {"Cn", "Co", "Cs"}


@pytest.mark.long
def test_what_allauth_takes_for_a_code_is_one_code_to_the_counter():
    for sign in filter(is_a_sign, map(chr, range(sys.maxunicode + 1))):
        typed = f"413{sign}261"
        if compare_user_code(actual=typed, expected="413261"):
            assert bare(typed) == "413261", repr(sign)
        assert normalize_user_code(bare(typed)) == bare(typed), repr(sign)


def test_the_sixth_code_in_ten_minutes_is_refused(client, guarded, app_code):
    enter(client, guarded)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_session_cannot_claim_the_second_factor_of_another_person(client, guarded, with_password, liberia, app_code):
    enter(client, guarded)
    client.post(reverse("mfa_authenticate"), {"code": app_code(SECRET)})
    other = with_password("manager", country=liberia)
    session = client.session
    session["_auth_user_id"] = str(other.pk)
    session["_auth_user_hash"] = other.get_session_auth_hash()
    session.save()

    assert client.get(reverse("accounts:people"))["Location"].startswith(reverse("mfa_index"))


def test_the_demos_mark_counts_for_nothing_where_the_demo_is_off(sign_in, person, liberia, settings):
    client = sign_in(person("manager", country=liberia))
    settings.DEMO_SIGN_IN = False

    assert client.get(reverse("accounts:people"))["Location"].startswith(reverse("mfa_index"))


def test_nobody_signs_up(client, db):
    assert client.get("/en/account/signup/").status_code == 404
    assert client.get("/en/account/email/").status_code in (302, 404)


def test_the_editors_own_door_leads_to_ours(client, db):
    response = client.get("/admin/login/?next=/admin/pages/")

    assert response["Location"] == "/en/account/login/?next=%2Fadmin%2Fpages%2F"
    assert client.get("/admin/login/?next=//evil.example")["Location"].endswith("next=%2Fadmin%2F")


def test_somebody_whom_the_editor_refuses_is_not_sent_round_in_circles(sign_in, person, liberia):
    client = sign_in(person("manager", country=liberia))

    assert client.get("/admin/", follow=True).status_code == 404


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize("value", ["\0", "a" * 5000, "\u202e\u202e", "'; DROP TABLE x; --", "😀" * 100])
def test_odd_input_at_the_door_gets_an_answer(client, with_password, field, value):
    user = with_password("learner")

    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD} | {field: value})

    assert response.status_code == 200
