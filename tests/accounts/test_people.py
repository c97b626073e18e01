import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.models import AuditEntry, Invitation, User
from accounts.queries.marks import person_mark
from tests.accounts.conftest import PASSWORD, enter


@pytest.fixture
def desk(sign_in, administrator):
    """A client signed in as an administrator."""
    return sign_in(administrator)


@pytest.fixture
def signed_in_twice(with_password, liberia):
    """Somebody signed in with two browsers, and what each of them is answered for her profile."""
    user, browsers = with_password("learner", country=liberia), [Client(), Client()]
    for browser in browsers:
        enter(browser, user)
    return user, lambda: [browser.get(reverse("accounts:profile")).status_code for browser in browsers]


def page(person):
    return reverse("accounts:person", args=[person.public_id])


def facts(person, **more):
    given = {
        "name": person.name,
        "roles": sorted(person.role_codes),
        "country": person.country_id or "",
        "language": "en",
        "seen": person_mark(person),
    }
    return given | more


def test_the_list_shows_everybody_to_an_administrator(desk, person, liberia, haiti):
    person("learner", country=liberia, name="Learner in Liberia")
    person("learner", country=haiti, name="Learner in Haiti")

    listed = desk.get(reverse("accounts:people")).content.decode()

    assert "Learner in Liberia" in listed
    assert "Learner in Haiti" in listed


def test_a_manager_sees_her_country_only(sign_in, person, liberia, haiti):
    person("learner", country=haiti, name="Learner in Haiti")
    person("learner", country=liberia, name="Learner in Liberia")

    listed = sign_in(person("manager", country=liberia)).get(reverse("accounts:people")).content.decode()

    assert "Learner in Liberia" in listed
    assert "Learner in Haiti" not in listed


@pytest.mark.parametrize(
    ("query", "names"),
    [("role=operator", ["O"]), ("q=lea", ["L"]), ("country=HT", ["O"]), ("state=closed", ["C"]), ("state=invited", []),
     ("q=%00", ["", "C", "L", "O"]), ("country=XX", ["", "C", "L", "O"]), ("role=king", ["", "C", "L", "O"])],
)  # fmt: skip
def test_filters_narrow_the_list_and_bad_ones_count_as_not_given(desk, person, liberia, haiti, query, names):
    User.objects.filter(email="administrator0@example.org").update(name="")
    person("learner", country=liberia, name="L")
    person("operator", country=haiti, name="O")
    person("learner", country=liberia, name="C", is_active=False)
    if query == "q=lea":
        User.objects.filter(name="C").update(email="closed@example.org")

    listed = desk.get(reverse("accounts:people") + "?" + query).context["people"]

    assert sorted(person.name for person in listed) == names


def test_the_list_costs_the_same_for_three_and_thirty(desk, person, liberia, django_assert_max_num_queries):
    desk.get(reverse("accounts:people"))
    for _ in range(30):
        person("learner", country=liberia)

    with django_assert_max_num_queries(14):
        desk.get(reverse("accounts:people"))


def test_inviting_from_the_screen_queues_a_letter(desk, liberia, court):
    response = desk.post(
        reverse("accounts:invite"),
        {"email": "New@Office.example", "name": "N", "roles": ["learner"], "country": "LR", "office": court.pk, "language": "en"},
    )  # fmt: skip

    assert response.status_code == 302
    assert Invitation.objects.get().user.email == "new@office.example"


def test_saving_says_what_goes_with_another_country_or_role(desk, person, liberia, haiti):
    one = person("learner", country=liberia, name="Learner")

    def told(**more):
        one.refresh_from_db()
        answer = desk.post(page(one), facts(one, **more), follow=True)
        return [str(message) for message in answer.context["messages"]]

    assert told(name="Somebody") == ["Saved."]
    assert "signs the person out everywhere" in told(roles=["learner", "trainer"])[0]
    assert "Somebody belongs to Haiti now" in told(country=haiti.pk)[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "no address"), ("email", ""), ("roles", []), ("roles", ["king"]), ("country", "XX"), ("country", ""),
     ("language", "xx"), ("office", "999"), ("name", "a\nb"), ("name", "x" * 200), ("email", "a" * 300 + "@x.example")],
)  # fmt: skip
def test_a_bad_invitation_is_refused_with_a_word(desk, liberia, field, value):
    given = {"email": "new@office.example", "name": "N", "roles": ["operator"], "country": "LR", "language": "en"}

    response = desk.post(reverse("accounts:invite"), given | {field: value})

    assert field in response.context["form"].errors
    assert not Invitation.objects.exists()


def test_an_office_of_another_country_is_refused(desk, liberia, haiti, court):
    given = {
        "email": "new@office.example",
        "roles": ["learner"],
        "country": "HT",
        "office": court.pk,
        "language": "fr",
    }

    assert "office" in desk.post(reverse("accounts:invite"), given).context["form"].errors


def test_an_address_in_use_says_so_at_the_field(desk, person, liberia):
    given = {"email": person("learner").email, "roles": ["learner"], "country": "LR", "language": "en"}

    assert "email" in desk.post(reverse("accounts:invite"), given).context["form"].errors


def test_changing_roles_ends_the_persons_sessions(desk, with_password, liberia):
    user = with_password("learner", country=liberia)
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    desk.post(page(user), facts(user, roles=["learner", "trainer"]))

    user.refresh_from_db()
    assert user.role_codes == {"learner", "trainer"}
    assert theirs.get(reverse("accounts:profile")).status_code == 302
    assert AuditEntry.objects.filter(verb="person.roles_changed").count() == 1


@pytest.mark.parametrize(
    "change", [{"roles": ["learner", "trainer"]}, {"country": "HT"}, {"roles": ["trainer"], "country": "HT"}]
)
def test_a_change_of_roles_or_country_signs_the_person_out_everywhere(desk, signed_in_twice, haiti, change):
    user, statuses = signed_in_twice
    before = statuses()

    desk.post(page(user), facts(user, **change))

    assert (before, statuses()) == ([200, 200], [302, 302])


def test_closing_signs_the_person_out_everywhere_and_opening_again_brings_no_session_back(desk, signed_in_twice):
    user, statuses = signed_in_twice
    before = statuses()

    desk.post(reverse("accounts:close", args=[user.public_id]))
    closed = statuses()
    desk.post(reverse("accounts:reopen", args=[user.public_id]))

    user.refresh_from_db()
    assert user.is_active
    assert (before, closed, statuses()) == ([200, 200], [302, 302], [302, 302])


def test_changing_only_the_name_ends_no_session(desk, person, liberia):
    user = person("learner", country=liberia)
    before = user.session_round

    desk.post(page(user), facts(user, name="Another name"))

    user.refresh_from_db()
    assert (user.name, user.session_round) == ("Another name", before)


def test_roles_and_the_editors_groups_go_together(administrator, person, at):
    user = actions.change_roles(person=person("learner"), roles={"manager"}, by=administrator, at=at)

    assert [group.name for group in user.groups.all()] == ["manager"]
    assert user.is_staff
    assert not user.is_superuser


def test_the_last_administrator_keeps_her_role(desk, administrator):
    response = desk.post(page(administrator), facts(administrator, roles=["manager"], country=""))

    administrator.refresh_from_db()
    assert response.status_code == 200
    assert administrator.role_codes == {"administrator"}


def test_the_only_administrator_is_neither_stripped_of_the_role_nor_closed(administrator, person, at):
    person("administrator", is_active=False)
    person("manager")

    with pytest.raises(actions.LastAdministrator):
        actions.change_roles(person=administrator, roles={"manager"}, by="tests", at=at)
    with pytest.raises(actions.LastAdministrator):
        actions.deactivate(person=administrator, by="tests", at=at)

    administrator.refresh_from_db()
    assert administrator.has_role("administrator")
    assert not AuditEntry.objects.exists()


def test_one_of_two_administrators_gives_the_role_up(administrator, person, at):
    person("administrator")

    actions.change_roles(person=administrator, roles={"manager"}, by="tests", at=at)

    administrator.refresh_from_db()
    assert administrator.role_codes == {"manager"}


def test_nobody_closes_her_own_account(desk, administrator, person):
    person("administrator")

    desk.post(reverse("accounts:close", args=[administrator.public_id]))

    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_profile_is_kept_and_shown_in_the_language_chosen(sign_in, person):
    user = person("learner")
    client = sign_in(user)

    response = client.post(
        reverse("accounts:profile"), {"name": "N", "language": "fr", "spoken": ["ht"], "theme": "dark"}
    )

    user.refresh_from_db()
    assert response["Location"] == "/fr/profile/"
    assert (user.name, user.language, user.spoken, user.theme) == ("N", "fr", "ht", "dark")


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "\u202e"), ("name", "Ravo 👩‍⚖️"), ("language", "xx"), ("spoken", ["xx"]), ("theme", "neon")])  # fmt: skip
def test_a_bad_profile_is_refused(sign_in, person, field, value):
    given = {"name": "N", "language": "fr", "spoken": [], "theme": ""} | {field: value}

    assert field in sign_in(person("learner")).post(reverse("accounts:profile"), given).context["form"].errors


def test_reading_the_audit_log_is_recorded(desk, administrator):
    desk.get(reverse("accounts:audit"))

    assert AuditEntry.objects.filter(verb="audit.read", actor=str(administrator.public_id)).count() == 1


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [("verb=thing.", True), ("verb=other.", False), ("actor=nobody%40example.org", False), ("actor=tests", True),
     ("thing=tests.thing%3A1", True), ("thing=tests.thing%3A2", False), ("country=LR", True), ("country=HT", False),
     ("since=2026-11-25&until=2026-11-25", True), ("until=2026-11-24", False), ("since=2026-11-26", False),
     ("since=soon", True), ("verb=%00", True), ("page=999", True)],
)  # fmt: skip
def test_the_audit_log_is_filtered(desk, liberia, haiti, at, query, is_shown):
    actions.record(by="tests", verb="thing.read", thing="tests.thing:1", country="LR", at=at)

    entries = desk.get(reverse("accounts:audit") + "?" + query).context["entries"]

    assert ("thing.read" in {entry.verb for entry in entries}) == is_shown


def test_users_visible_to_is_oneself_for_a_learner(person, liberia):
    user = person("learner", country=liberia)
    person("learner", country=liberia)

    assert list(queries.users_visible_to(user)) == [user]
