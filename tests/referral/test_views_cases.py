"""The case desk through the browser: who may open what, what is recorded, what happens on stale data."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from referral import actions, urls
from referral.models import CaseAccess, CaseEvent, FactValue, Referral, StepRun
from referral.queries.cases import cases_visible_to
from referral.rules import ROUTES

ROLES = (
    "learner", "trainer", "operator", "supervisor", "manager", "translator", "interpreter", "focal_point", "analyst",
    "administrator",
)  # fmt: skip
CASE_ROUTES = (
    "case_detail", "case_readers", "case_consent", "case_withdraw", "case_identity", "case_assign", "case_close",
    "case_reason", "case_reopen",
)  # fmt: skip


@pytest.fixture(autouse=True)
def now(time_machine, at):
    """The clock stands at `at`."""
    time_machine.move_to(at, tick=False)
    return time_machine


@pytest.fixture
def own(at_referrals, agency):
    """A case of `operator` with its shelter step open."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    return at_referrals(house, room, private={"name": "Quillfeather", "safe_contact": "By text."})


def url(name, case, *args):
    return reverse(f"referral:{name}", args=[case.code, *args])


def bare(page):
    return re.sub(r"csrf[^>]*|/[^\s\"]*", "", page.content.decode())


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


def test_a_restricted_case_opens_to_nobody_but_its_owner(own, supervisor, sign_in):
    type(own).objects.filter(pk=own.pk).update(restricted=True)

    assert sign_in(supervisor).get(url("case_reason", own)).status_code == 404


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


FEW = 19


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


def post_step(client, case, run, key="one", **told):
    return client.post(url("case_step", case, run.number), {"key": key, "seen": case.event_count, **told})


def test_screening_by_its_form_writes_known_unknown_and_not_asked_apart(new_case, operator, sign_in, open_run):
    case = new_case(facts={})
    told = {"age": "16", "immediate_danger": "not_known", "sex": "not_asked", "location_now": "At the port"}

    answer = post_step(sign_in(operator), case, open_run(case, "screening"), **told)

    assert answer.status_code == 302
    facts = {row.key: row.is_known for row in FactValue.objects.filter(case=case)}
    assert facts == {"age": True, "immediate_danger": False, "location_now": True}
    assert open_run(case, "safety")


@pytest.mark.parametrize(
    "told", [{"age": "-1"}, {"age": "1e3"}, {"age": "5", "age__not_known": "on"}, {"location_now": "a\u0000b"},
             {"location_now": "\u202eabc"}, {"violence_at": "2030-01-01T10:00"}, {"sex": "robot"},
             {"needs": ["none", "health"]}],
)  # fmt: skip
def test_bad_input_comes_back_with_the_form_and_writes_nothing(new_case, operator, sign_in, open_run, told):
    case = new_case(facts={})

    answer = post_step(sign_in(operator), case, open_run(case, "screening"), **told)

    assert answer.status_code == 400
    assert FactValue.objects.count() == 0


def test_a_double_click_finishes_a_step_once(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={"immediate_danger": False}), None
    client, run = sign_in(operator), open_run(case, "screening")

    answers = [post_step(client, case, run, age="30") for _ in range(3)]

    assert {answer.status_code for answer in answers} <= {302, 409}
    assert CaseEvent.objects.filter(case=case, kind="done").count() == 1


def test_stale_data_gets_409_with_what_changed_and_keeps_what_was_typed(
    new_case, operator, sign_in, open_run, at, keys
):
    case, client = new_case(facts={"immediate_danger": False}), None
    client, run, seen = sign_in(operator), open_run(case, "screening"), case.event_count
    actions.answer(case=case, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)

    stale = client.post(url("case_step", case, run.number), {"key": "a", "seen": seen, "location_now": "At the port"})

    text = stale.content.decode()
    assert stale.status_code == 409
    assert "National of this country" in text
    assert "At the port" in text
    again = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', text))
    done = client.post(url("case_step", case, run.number), again | {"location_now": "At the port"})
    assert done.status_code == 302


def test_the_open_question_takes_yes_no_not_known_and_not_asked(new_case, operator, sign_in, open_run, at, keys):
    case, client = new_case(facts={}), sign_in(operator)
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    page = client.get(url("case_detail", case)).content.decode()
    assert "Are you in danger right now?" in page
    left = client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "not_asked"})
    assert (left.status_code, FactValue.objects.count()) == (302, 0)
    client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "no"})
    assert open_run(case, "safety")
    gone = client.post(url("case_answer", case), {"fact": "immediate_danger", "immediate_danger": "yes"})
    assert gone.status_code == 409


def test_the_script_stands_in_the_persons_language_beside_the_operators(
    new_case, operator, sign_in, open_run, at, keys
):
    case, client = new_case(facts={}, language="ar"), sign_in(operator)
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    page = client.get(url("case_detail", case)).content.decode()

    said = re.search(r'<div class="say" lang="(\w+)" dir="(\w+)">', page)
    assert said.groups() in {("ar", "rtl"), ("en", "ltr")}
    assert ("not translated yet" in page) == (said[1] == "en")


def test_a_whole_referral_through_the_screens(own, operator, sign_in, open_run):
    client, run = sign_in(operator), open_run(own, "shelter")
    listed = client.get(url("refer", own, run.number))
    service = re.search(r'name="service" value="(\d+)"', listed.content.decode())[1]

    told = {"service": service, "urgency": "urgent", "key": "one", "seen": own.event_count}
    sent = client.post(url("refer", own, run.number), told)
    again = client.post(url("refer", own, run.number), told)
    referral = Referral.objects.get(case=own)
    answered = client.post(url("referral_answer", own, referral.public_id), {"answer": "accept", "key": "two"})
    moved = client.post(url("referral_progress", own, referral.public_id), {"state": "in_progress", "key": "three"})

    assert re.search(r"<bdi>\d{3} \d{3}</bdi>", sent.content.decode())
    assert not re.search(r"<bdi>\d{3} \d{3}</bdi>", again.content.decode())
    assert (answered.status_code, moved.status_code) == (302, 302)
    assert Referral.objects.get(case=own).state == "in_progress"


def test_a_request_of_another_case_is_not_reached_through_ones_own(
    own, new_case, operator, sign_in, open_run, at, keys
):
    run = open_run(own, "shelter")
    service = Referral._meta.get_field("service").related_model.objects.get(term="shelter")
    sent = actions.refer(run=run, service=service, key=next(keys), by=operator, at=at)
    other = new_case()

    page = sign_in(operator).get(url("referral_answer", other, sent.referral.public_id))

    assert page.status_code == 404


def test_closing_and_opening_again(own, operator, supervisor, sign_in, client):
    sign_in(operator)
    missing = client.post(url("case_close", own), {"reason": "", "outcome": "", "key": "a"})
    closed = client.post(
        url("case_close", own), {"reason": "lost_contact", "outcome": "not_known", "feedback_asked": "no", "key": "b"}
    )
    refused = client.post(url("case_reopen", own), {"reason": "She called again.", "key": "c"})
    sign_in(supervisor)
    opened = client.post(url("case_reopen", own), {"reason": "She called again.", "key": "d"})

    own.refresh_from_db()
    assert (missing.status_code, closed.status_code, opened.status_code) == (400, 302, 302)
    assert refused.status_code in {404, 409}
    assert (own.state, own.close_reason) == ("open", "")


def test_a_new_owner_takes_the_case_over(own, operator, person, liberia, sign_in, client):
    other = person("operator", country=liberia)
    sign_in(operator)

    client.post(url("case_assign", own), {"owner": other.pk, "key": "a", "seen": own.event_count})

    own.refresh_from_db()
    assert own.owner == other
    assert client.get(url("case_detail", own)).status_code == 404


def test_consent_through_the_screen_has_nothing_ticked(new_case, agency, operator, sign_in, open_run, at, keys):
    house = agency("Safe house A", "shelter")
    case, client = new_case(), sign_in(operator)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    page = client.get(url("case_consent", case)).content.decode()
    names = re.findall(rf'name="(line_{house.organisation_id}_shelter_\w+)"', page)

    assert not re.search(r'name="line_[^>]*checked', page)
    case.refresh_from_db()
    told = dict.fromkeys(names, "yes") | {
        "agrees": "yes", "giver": "person", "wants_police": "no", "key": "k", "seen": case.event_count,
    }  # fmt: skip
    contradiction = client.post(url("case_consent", case), told | {"agrees": "no"})
    given = client.post(url("case_consent", case), told)

    assert (contradiction.status_code, given.status_code) == (400, 302)
    assert open_run(case, "shelter")


def test_who_opened_this_file_names_them(own, operator, sign_in):
    client = sign_in(operator)
    client.get(url("case_detail", own))

    page = client.get(url("case_readers", own)).content.decode()

    assert operator.name in page
    assert "read the case" in page


def test_the_work_list_row_goes_when_it_was_seen(own, operator, sign_in, open_run, at):
    row = actions.tell(case=own, run=open_run(own, "shelter").number, rule="consent", role="hotline", at=at)
    actions.fire_escalation(escalation=row, at=at)
    client = sign_in(operator)

    assert "needs the person" in client.get(reverse("referral:work")).content.decode()
    client.post(reverse("referral:work"), {"row": row.pk})

    assert "needs the person" not in client.get(reverse("referral:work")).content.decode()
    assert client.post(reverse("referral:work"), {"row": "999999"}).status_code == 404


def test_a_case_opened_at_the_desk_starts_with_screening(version, operator, county, sign_in, open_run):
    client = sign_in(operator)

    told = {"language": "fr", "area": county.pk, "source": "walk_in", "key": "k"}
    first, second = client.post(reverse("referral:case_new"), told), client.post(reverse("referral:case_new"), told)

    assert first.url == second.url
    run = StepRun.objects.get(step_key="screening")
    assert (run.case.language, run.case.owner) == ("fr", operator)


def test_no_page_reaches_a_case_except_through_the_queries():
    """A view, form or job that asks a case model for rows by itself could forget whose they are."""
    guarded = re.compile(r"\b(Case|CaseEvent|StepRun|FactValue|Referral|Consent|ConsentLine|Disclosure)\.objects\b")
    room = Path(urls.__file__).parent
    outside = [*room.glob("views/*.py"), *room.glob("forms/*.py"), *room.glob("templatetags/*.py"), room / "tasks.py"]

    found = [path.name for path in outside if guarded.search(path.read_text(encoding="utf-8"))]

    assert found == []
    assert len(outside) > 10


def test_a_case_page_costs_the_same_for_one_request_and_three(own, agency, operator, sign_in, open_run, at, keys):
    client, run = sign_in(operator), open_run(own, "shelter")
    service = agency("Safe house Z", "shelter")

    def ask(number):
        Referral.objects.create(
            case=own, run=run, organisation=service.organisation, service=service, need="shelter", position=number,
            state="cancelled", created_at=at, created_by="test", changed_at=at, requested_at=at, due_at=at,
        )  # fmt: skip

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("case_detail", own)).status_code == 200
        return len(queries)

    ask(1)
    cost()
    one = cost()
    ask(2), ask(3)

    assert cost() == one


def test_very_many_openings_a_day_stop(own, operator, sign_in):
    client = sign_in(operator)

    answers = [client.post(url("case_reveal", own), {"fact": "name", "reason": "call"}) for _ in range(61)]

    assert [answer.status_code for answer in answers] == [200] * 60 + [302]
    assert AuditEntry.objects.filter(verb="referral.fact_read").count() == 60


def test_every_agency_that_fits_can_be_named(new_case, agency, operator, sign_in):
    for letter in "ABCDE":
        agency(f"Safe house {letter}", "shelter")
    client, case = sign_in(operator), new_case()

    few = client.get(url("case_consent", case)).content.decode()
    every = client.get(url("case_consent", case) + "?every=1").content.decode()

    assert (few.count("(example)"), every.count("(example)")) == (3, 5)
