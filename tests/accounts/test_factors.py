"""Setting up the second step, and being asked for it again."""

import base64
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.urls import reverse
from django.utils import translation

from accounts import actions
from accounts.models import Letter
from tests.accounts.conftest import SECRET, enter

OTHER_KEYS = f"*:other:{base64.b64encode(b'o' * 32).decode()}"


@pytest.mark.parametrize(
    "role", ["operator", "supervisor", "manager", "focal_point", "administrator", "translator", "analyst"]
)
def test_a_guarded_role_without_a_factor_reaches_only_the_enrolment(client, with_password, liberia, role):
    enter(client, with_password(role, country=liberia))

    assert client.get(reverse("accounts:profile"))["Location"].startswith(reverse("mfa_index"))
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get("/admin/").status_code in (302, 404)


@pytest.mark.parametrize(("role", "is_told"), [("operator", True), ("learner", False)])
def test_only_who_needs_a_second_step_is_told_to_set_one_up(client, with_password, liberia, role, is_told):
    enter(client, with_password(role, country=liberia))

    html = client.get(reverse("mfa_index")).content.decode()

    assert ("Your work needs a second step." in html) is is_told


def test_enrolment_seals_the_seed_and_opens_the_session(transactional_db, client, with_password, liberia, app_code):
    user = with_password("manager", country=liberia)
    enter(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    response = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})

    assert response["Location"] == reverse("mfa_view_recovery_codes")
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    assert actions.open_secret(stored) == secret
    assert client.get(reverse("accounts:people")).status_code == 200
    assert Letter.objects.get().subject == "An authenticator app was added to your account"


def secret_on(client, language="en"):
    """Open the page on which an app is set up; return the secret that it shows."""
    with translation.override(language):
        page = client.get(reverse("mfa_activate_totp"))
    assert page.wsgi_request.path.startswith(f"/{language}/")
    return re.search(r'<code class="ltr secret">(\w+)</code>', page.content.decode())[1]


def test_a_picture_that_was_scanned_counts_after_a_reload_and_in_another_language(
    transactional_db, client, with_password, liberia, app_code
):
    user = with_password("manager", country=liberia)
    enter(client, user)
    scanned = secret_on(client)
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert {secret_on(client), secret_on(client, "fr")} == {scanned}
    client.post(reverse("mfa_activate_totp"), {"code": app_code(scanned)})
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert actions.open_secret(stored) == scanned


@pytest.mark.parametrize(("minutes", "is_kept"), [(29, True), (31, False), (-5, False)])
def test_half_an_hour_after_it_was_first_shown_the_picture_is_another_one(client, with_password, minutes, is_kept):
    enter(client, with_password("learner"))
    first = secret_on(client)
    session = client.session
    session["factor_drawn_at"] -= minutes * 60
    session.save()

    assert (secret_on(client) == first) is is_kept


def test_opening_its_page_again_or_a_wrong_code_does_not_make_a_picture_younger(client, with_password):
    enter(client, with_password("learner"))
    secret_on(client)
    session = client.session
    session["factor_drawn_at"] = drawn = session["factor_drawn_at"] - 20 * 60
    session.save()

    secret_on(client)
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert client.session["factor_drawn_at"] == drawn


def test_a_code_of_a_picture_that_is_older_than_half_an_hour_still_counts_where_it_stands_open(
    transactional_db, client, with_password, liberia, app_code
):
    user = with_password("manager", country=liberia)
    enter(client, user)
    scanned = secret_on(client)
    session = client.session
    session["factor_drawn_at"] -= 40 * 60
    session.save()

    client.post(reverse("mfa_activate_totp"), {"code": app_code(scanned)})

    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert actions.open_secret(stored) == scanned


def test_no_session_holds_a_seed_that_is_not_sealed(client, with_password):
    enter(client, with_password("learner"))

    for _ in range(2):
        secret = secret_on(client)
        assert secret not in repr(dict(client.session))
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert secret not in repr(dict(client.session))
    assert actions.open_secret(client.session[SECRET_SESSION_KEY]) == secret


def test_a_seed_that_an_earlier_version_left_plain_goes_on_and_is_sealed(client, with_password):
    enter(client, with_password("learner"))
    session = client.session
    session[SECRET_SESSION_KEY] = SECRET
    session.save()

    page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

    assert page.context["form"].secret == SECRET
    assert actions.open_secret(client.session[SECRET_SESSION_KEY]) == SECRET


def test_a_picture_whose_seal_key_was_taken_out_is_drawn_anew(
    transactional_db, client, with_password, liberia, app_code, settings
):
    user = with_password("manager", country=liberia)
    enter(client, user)
    scanned = secret_on(client)
    settings.SEAL_KEYS = OTHER_KEYS
    drawn = secret_on(client)

    assert drawn != scanned
    assert secret_on(client) == drawn
    client.post(reverse("mfa_activate_totp"), {"code": app_code(drawn)})
    assert actions.open_secret(Authenticator.objects.get(user=user, type="totp").data["secret"]) == drawn


def test_a_code_for_a_picture_whose_seal_key_was_taken_out_shows_the_new_one_and_says_so(
    client, with_password, app_code, settings
):
    enter(client, with_password("learner"))
    scanned = secret_on(client)
    settings.SEAL_KEYS = OTHER_KEYS

    page = client.post(reverse("mfa_activate_totp"), {"code": app_code(scanned)})

    drawn = page.context["form"].secret
    assert "This picture is a new one." in page.content.decode()
    assert len(drawn) == len(scanned)
    assert drawn != scanned
    assert secret_on(client) == drawn
    assert not Authenticator.objects.exists()


def test_whoever_signs_in_anew_gets_another_picture(client, with_password):
    user = with_password("learner")
    enter(client, user)
    first = secret_on(client)
    client.post(reverse("account_logout"))
    enter(client, user)

    assert secret_on(client) != first


def test_the_enrolment_page_holds_the_picture_in_the_page(client, with_password, liberia):
    enter(client, with_password("manager", country=liberia))

    page = client.get(reverse("mfa_activate_totp")).content.decode()

    assert "data:image" not in page
    assert "<svg" in page
    assert "style=" not in page


def test_a_factor_added_elsewhere_closes_other_sessions_until_they_show_it(client, with_password, liberia, app_code):
    user = with_password("operator", country=liberia)
    enter(client, user)
    Authenticator.objects.create(user=user, type="totp", data={"secret": actions.seal_secret(SECRET)})

    response = client.get(reverse("accounts:profile"))

    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_reauthenticate"), {"code": app_code(SECRET)})
    assert client.get(reverse("accounts:profile")).status_code == 200


def options_of(page):
    """Return what the browser is told to ask of a key."""
    return json.loads(re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)[1])


def test_a_key_is_asked_for_its_pin_or_a_fingerprint(client, with_password, liberia):
    """The server refuses an answer without one: what it asked for stands in the session that it compares with."""
    enter(client, with_password("supervisor", country=liberia))

    page = client.get(reverse("mfa_add_webauthn")).content.decode()

    asked = options_of(page)["creation_options"]["publicKey"]["authenticatorSelection"]
    assert asked["userVerification"] == "required"
    assert client.session["mfa.webauthn.state"]["user_verification"] == "required"
    assert "The key asks for its PIN or your fingerprint, now and each time" in page
