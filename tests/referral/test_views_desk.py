"""The rest of the case desk: closing, owners, the work list, what a page costs."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Country
from referral import actions, urls
from referral.models import Case, Referral, StepRun
from tests.referral.pages import url

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


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


def test_seen_on_a_stale_work_list_says_that_it_was_done(
    own, operator, supervisor, person, liberia, sign_in, open_run, at
):
    row = actions.tell(case=own, run=open_run(own, "shelter").number, rule="consent", role="hotline", at=at)
    actions.fire_escalation(escalation=row, at=at)
    work, sent = reverse("referral:work"), {"row": row.pk}
    haiti = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr", time_zone="UTC")
    client = sign_in(operator)
    client.post(work, sent)

    again = client.post(work, sent, follow=True)
    foreign = sign_in(person("operator", country=haiti)).post(work, sent)

    assert again.redirect_chain == [(work, 302)]
    assert "This was taken off the list before." in again.content.decode()
    assert foreign.status_code == 404
    row.refresh_from_db()
    assert row.seen_by == str(operator.public_id)


def test_seen_on_a_case_that_somebody_else_has_by_now_says_so_too(
    own, operator, person, liberia, sign_in, open_run, at
):
    row = actions.tell(case=own, run=open_run(own, "shelter").number, rule="consent", role="hotline", at=at)
    actions.fire_escalation(escalation=row, at=at)
    client, other = sign_in(operator), person("operator", country=liberia)
    client.post(url("case_assign", own), {"owner": other.pk, "key": "a", "seen": own.event_count})

    answer = client.post(reverse("referral:work"), {"row": row.pk}, follow=True)

    assert "This was taken off the list before." in answer.content.decode()
    row.refresh_from_db()
    assert row.seen_at is None


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
    page = client.get(answers[-1]["Location"]).content.decode()
    assert re.search(r"You can open the next one from [^.]*\d\d:\d\d[^.]*\. If it cannot wait, ask a colleague", page)


def test_every_agency_that_fits_can_be_named(new_case, agency, operator, sign_in):
    for letter in "ABCDE":
        agency(f"Safe house {letter}", "shelter")
    client, case = sign_in(operator), new_case()

    few = client.get(url("case_consent", case)).content.decode()
    every = client.get(url("case_consent", case) + "?every=1").content.decode()

    assert (few.count("(example)"), every.count("(example)")) == (3, 5)


def test_a_supervisor_sees_which_agencies_of_her_country_owe_an_answer(offer, operator, supervisor, person, liberia, client, sign_in):  # fmt: skip
    referral, _code, _path = offer
    seen = {}
    for someone in (operator, supervisor, person("operator", country=liberia)):
        sign_in(someone)
        figures, rows = client.get(reverse("referral:cases")), client.get(reverse("referral:work"))
        words = "in your whole country" if "in your whole country" in figures.content.decode() else "in your own cases"
        assert words in rows.content.decode()
        seen[someone] = (figures.context["waits"]["answers"], list(rows.context["waiting"]), words)

    assert list(seen.values()) == [
        (1, [referral], "in your own cases"), (1, [referral], "in your whole country"), (0, [], "in your own cases"),
    ]  # fmt: skip


def test_languages_of_a_new_case_have_their_own_names(operator, sign_in):
    page = sign_in(operator).get(reverse("referral:case_new")).content.decode()

    assert '<option value="fr" lang="fr">français</option>' in page


def test_no_case_is_opened_before_the_language_was_chosen(version, operator, sign_in):
    client, place = sign_in(operator), reverse("referral:case_new")
    first = client.get(place).context["form"]

    refused = client.post(place, {"source": "walk_in", "key": "one", "language": first["language"].value() or ""})

    assert '<option value="" selected>Choose</option>' in str(first["language"])
    assert refused.status_code == 400
    assert "Choose one of the languages shown." in refused.content.decode()
    assert Case.objects.count() == 0


def test_a_person_who_was_helped_is_a_true_reason_once_an_agency_accepted(
    at_referrals, agency, open_run, operator, sign_in, at, keys
):
    house = agency("Safe house A", "shelter")
    case, client = at_referrals(house), sign_in(operator)
    told = {"reason": "helped", "outcome": "safe", "feedback_asked": "yes", "key": "a"}
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    before, refused = client.get(url("case_close", case)), client.post(url("case_close", case), told)
    with pytest.raises(actions.NobodyAccepted):
        actions.close_case(
            case=case, reason="helped", outcome="safe", feedback_asked=True, key="b", by=operator, at=at
        )
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    after = client.get(url("case_close", case))
    case.refresh_from_db()
    closed = client.post(url("case_close", case), told | {"seen": case.event_count})

    hint = "That help was taken up can be chosen once an agency has accepted."
    assert (hint in before.content.decode(), hint in after.content.decode()) == (True, False)
    words = "Help was taken up; nothing more is wanted"
    assert (words in before.content.decode(), words in after.content.decode()) == (False, True)
    assert (refused.status_code, "No agency has accepted in this case" in refused.content.decode()) == (400, True)
    case.refresh_from_db()
    assert (closed.status_code, case.state, case.close_reason) == (302, "closed", "helped")
    assert words in client.get(url("case_detail", case)).content.decode()


def test_a_case_with_open_steps_is_not_closed_as_completed(own, operator, sign_in, client, at):
    sign_in(operator)
    told = {"reason": "completed", "outcome": "safe", "feedback_asked": "yes", "key": "a"}
    page, refused = client.get(url("case_close", own)), client.post(url("case_close", own), told)
    with pytest.raises(actions.StepsAreOpen):
        actions.close_case(
            case=own, reason="completed", outcome="safe", feedback_asked=True, key="b", by=operator, at=at
        )

    own.refresh_from_db()
    assert own.state == "open"
    assert "Pathway completed" not in page.content.decode()
    assert (refused.status_code, "Steps are still open" in refused.content.decode()) == (400, True)
    StepRun.objects.filter(case=own).update(state="done", ended_at=at)
    assert client.post(url("case_close", own), told).status_code == 302


def test_a_case_sent_again_with_the_same_answers_leads_to_the_one_that_was_opened(version, operator, sign_in):
    client, place = sign_in(operator), reverse("referral:case_new")
    told = {"language": "fr", "source": "walk_in"}
    first = client.post(place, told | {"key": "one"})

    again = client.post(place, told | {"key": "two"})
    other = client.post(place, told | {"key": "two", "another": "on"})
    twice = client.post(place, told | {"key": "two", "another": "on"})

    assert again.status_code == 409
    assert first.url in again.content.decode()
    assert 'name="another" value="on"' in again.content.decode()
    assert other.url == twice.url != first.url
    assert Case.objects.count() == 2


def test_other_answers_and_later_days_open_a_case_at_once(version, operator, sign_in, at):
    client, place = sign_in(operator), reverse("referral:case_new")
    told = {"language": "fr", "source": "walk_in"}
    client.post(place, told | {"key": "one"})

    assert client.post(place, told | {"key": "two", "language": "en"}).status_code == 302
    Case.objects.update(opened_at=at - dt.timedelta(days=1))
    assert client.post(place, told | {"key": "three"}).status_code == 302
