"""The case desk through the browser: who may open what, what is recorded, what the lists show."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, AuditHead
from referral import actions, urls
from referral.models import CaseAccess, CaseEvent
from referral.queries.cases import cases_visible_to
from referral.rules import ROUTES
from tests.referral.pages import bare, url

pytestmark = pytest.mark.usefixtures("now")


ROLES = (
    "learner", "trainer", "operator", "supervisor", "manager", "translator", "interpreter", "focal_point", "analyst",
    "administrator",
)  # fmt: skip


CASE_ROUTES = (
    "case_detail", "case_readers", "case_consent", "case_withdraw", "case_identity", "case_assign", "case_close",
    "case_reason", "case_reopen", "case_hold",
)  # fmt: skip


def names_in(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_in(pattern.url_patterns)
        else:
            yield f"referral:{pattern.name}"


def test_every_route_of_the_room_is_declared_and_exists():
    desk = {name for name in ROUTES if name.startswith("referral:") and "*" not in name}

    assert set(names_in(urls.urlpatterns)) <= set(ROUTES)
    assert desk <= set(names_in(urls.urlpatterns))


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_case_and_a_missing_one_look_the_same_to_everybody(own, person, liberia, sign_in, role):
    client = sign_in(person(role, country=liberia))
    missing = type(own)(code="LR-XXXX-XX")

    for name in CASE_ROUTES:
        foreign, nothing = client.get(url(name, own)), client.get(url(name, missing))
        if role == "supervisor":
            continue
        assert (foreign.status_code, nothing.status_code) == (404, 404), name
        assert bare(foreign) == bare(nothing), name
    assert "Quillfeather" not in client.get(reverse("referral:cases")).content.decode()


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"operator", "supervisor"}])
def test_posts_of_other_roles_reach_no_case(own, person, liberia, sign_in, role, open_run):
    client, before = sign_in(person(role, country=liberia)), CaseEvent.objects.count()
    run = open_run(own, "shelter").number

    answers = [
        client.post(url("case_close", own), {"reason": "completed", "outcome": "safe", "feedback_asked": "yes"}),
        client.post(url("case_answer", own), {"fact": "age", "age": "3"}),
        client.post(url("refer", own, run), {"service": "1", "urgency": "normal"}),
        client.post(url("case_reveal", own), {"fact": "name", "reason": "call"}),
        client.post(url("case_withdraw", own), {"organisation": "all"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert CaseEvent.objects.count() == before


def test_without_second_factor_no_case_opens(own, operator, sign_in):
    page = sign_in(operator, second_factor=False).get(url("case_detail", own))

    assert page.status_code == 302
    assert page.url.startswith("/en/account/2fa/")


def test_a_supervisor_of_another_country_and_a_superuser_see_nothing(own, person, sign_in, liberia):
    abroad = type(liberia).objects.create(
        code="MW", name="Malawi", slug="malawi", language_codes="en", time_zone="Africa/Blantyre"
    )
    root = person("administrator", country=liberia)
    root.is_superuser = True
    root.save()

    assert not cases_visible_to(person("supervisor", country=abroad)).exists()
    assert not cases_visible_to(root).exists()
    assert sign_in(person("supervisor", country=abroad)).get(url("case_detail", own)).status_code == 404


def test_every_opening_of_a_case_is_recorded(own, operator, sign_in):
    client = sign_in(operator)

    for _ in range(2):
        assert client.get(url("case_detail", own)).status_code == 200

    readings = AuditEntry.objects.filter(verb="referral.case_read", thing__endswith=str(own.public_id))
    assert [entry.actor for entry in readings] == [str(operator.public_id)] * 2


def test_the_audit_head_is_taken_when_the_page_of_a_case_is_made(own, operator, sign_in):
    client = sign_in(operator)

    with CaptureQueriesContext(connection) as asked:
        client.get(url("case_detail", own))

    told = [query["sql"] for query in asked]
    head = next(place for place, sql in enumerate(told) if "accounts_audithead" in sql)
    assert any("referral_" in sql for sql in told[:head])
    assert not [sql for sql in told[head:] if "referral_" in sql and "accounts_auditentry" not in sql]


def test_a_case_of_which_no_reading_can_be_recorded_is_not_shown(own, operator, sign_in):
    client = sign_in(operator)
    client.raise_request_exception = False
    AuditHead.objects.update(seq=0)  # the next number is taken

    answer = client.get(url("case_detail", own))

    assert answer.status_code == 500
    assert own.code not in answer.content.decode()


def test_the_page_shows_no_sealed_word_and_every_deadline_with_its_basis(own, operator, sign_in):
    text = sign_in(operator).get(url("case_detail", own)).content.decode()

    assert "Quillfeather" not in text
    assert "By text." not in text
    assert text.count("default, not law") >= 4


def test_a_supervisor_gives_a_reason_that_is_kept_and_opens_for_an_hour(own, supervisor, sign_in, now, at):
    client = sign_in(supervisor)

    asked = client.get(url("case_detail", own))
    assert asked.url == url("case_reason", own)
    assert client.post(url("case_reason", own), {"reason": "x"}).status_code == 400
    client.post(url("case_reason", own), {"reason": "Late step, operator is ill."})
    opened = client.get(url("case_detail", own))

    assert opened.status_code == 200
    assert CaseAccess.objects.get().reason == "Late step, operator is ill."
    assert CaseEvent.objects.filter(case=own, kind="opened_by_supervisor").count() == 1
    now.shift(3601)
    assert client.get(url("case_detail", own)).status_code == 302


def test_a_reason_that_is_sent_ten_times_opens_the_case_once(own, supervisor, sign_in):
    client = sign_in(supervisor)

    answers = [
        client.post(url("case_reason", own), {"reason": "Late step, operator is ill.", "key": "one"})
        for _ in range(10)
    ]

    assert {answer.url for answer in answers} == {url("case_detail", own)}
    assert CaseAccess.objects.count() == 1
    assert CaseEvent.objects.filter(case=own, kind="opened_by_supervisor").count() == 1
    assert AuditEntry.objects.filter(verb="referral.opened_with_reason").count() == 1
    client.post(url("case_reason", own), {"reason": "Late step, operator is ill.", "key": "two"})
    assert CaseAccess.objects.count() == 2


def test_revealing_needs_a_reason_and_is_recorded(own, operator, sign_in):
    client = sign_in(operator)

    without = client.post(url("case_reveal", own), {"fact": "safe_contact", "reason": ""})
    revealed = client.post(url("case_reveal", own), {"fact": "safe_contact", "reason": "call"})

    assert without.status_code == 302
    assert "By text." in revealed.content.decode()
    assert "no-store" in revealed["Cache-Control"]
    entry = AuditEntry.objects.get(verb="referral.fact_read")
    assert '"reason":"call"' in entry.body
    assert "By text." not in entry.body


def test_the_list_shows_codes_and_costs_the_same_for_one_and_three(
    new_case, operator, sign_in, django_assert_num_queries
):
    client = sign_in(operator)
    first = new_case()
    client.get(reverse("referral:cases"))
    with django_assert_num_queries(FEW) as few:
        page = client.get(reverse("referral:cases"))
    new_case(), new_case()

    with django_assert_num_queries(len(few)):
        client.get(reverse("referral:cases"))
    assert first.code in page.content.decode()


FEW = 19  # three of them for the menu and the bar: who waits in danger, a swap, a second yes that is asked for


def test_filters_narrow_and_unknown_values_narrow_nothing(new_case, operator, sign_in):
    client, case = sign_in(operator), new_case()

    def codes(query):
        return case.code in client.get(reverse("referral:cases"), query).content.decode()

    assert codes({"code": case.code[3:7]})
    assert not codes({"code": "ZZZZ"})
    assert not codes({"state": "closed"})
    assert codes({"state": "odd", "waits": "odd", "area": "999"})
    assert codes({"waits": "mine"})


def test_a_closed_case_shows_no_running_step(own, operator, sign_in, at, keys):
    client = sign_in(operator)
    running = r'data-h="Steps">\d+<'
    before = client.get(reverse("referral:cases")).content.decode()
    actions.close_case(
        case=own, reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), by=operator, at=at
    )

    after = client.get(reverse("referral:cases")).content.decode()

    assert re.search(running, before)
    assert not re.search(running, after)
    assert 'data-h="Steps">–<' in after


def test_the_page_of_a_closed_case_has_no_open_step_and_nothing_due(own, operator, sign_in, at, keys):
    client, page = sign_in(operator), url("case_detail", own)
    before = client.get(page).context
    actions.close_case(
        case=own, reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), by=operator, at=at
    )

    after = client.get(page).context

    assert (len(before["steps"]) > 0, len(before["deadlines"]) > 0) == (True, True)
    assert (after["steps"], after["deadlines"], after["asked"], after["late"]) == ([], [], None, 0)
    assert {line.state for line in before["graph"].lines} >= {"done", "here"}
    assert {line.state for line in after["graph"].lines} == {"done", "skip"}
