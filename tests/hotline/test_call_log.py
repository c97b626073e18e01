"""The call log: who sees what, filters, the timeline, the number, and the ledger of missed contacts."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.actions import exports
from hotline.choices import STANDINGS
from hotline.models import Contact
from hotline.queries.log import logged_contacts
from tests.hotline.logged import contacts_that_are_over  # noqa: F401

pytestmark = pytest.mark.django_db


def codes(page):
    """Return which contacts a page names."""
    return {contact.code for contact in Contact.objects.all() if contact.code in page}


def test_a_period_that_ends_before_it_begins_is_told_at_its_field(desk, make):
    make(minutes=9)

    page = desk.get(reverse("hotline:call_log"), {"since": "2027-01-01", "until": "2026-01-01"}).content.decode()

    assert '<a href="#id_until">Until: The last day lies before the first one.</a>' in page
    assert "No contact fits this filter." not in page
    assert not codes(page)
    assert "Export these contacts" not in page


def test_every_channel_is_in_the_log_newest_first(desk, make):
    call, text = make(minutes=9), make(minutes=3, kind="message")

    page = desk.get(reverse("hotline:call_log")).content.decode()

    assert page.index(text.code) < page.index(call.code)


@pytest.mark.parametrize(
    ("wanted", "values"),
    [({"kind": "message"}, {"kind": "message"}), ({"language": "fr"}, {"language": "fr"}),
     ({"language": "none"}, {"language": ""}), ({"state": "ended"}, {"state": "ended"}),
     ({"outcome": "silent"}, {"outcome": "silent"}), ({"missed": "on"}, {"is_missed": True}),
     ({"since": "2026-11-25", "until": "2026-11-25"}, {})],
)  # fmt: skip
def test_each_filter_leaves_what_it_names(desk, make, wanted, values):
    fitting = make(minutes=1, **values)
    other = make(minutes=60 * 30)

    page = desk.get(reverse("hotline:call_log"), wanted).content.decode()

    assert codes(page) == {fitting.code}
    assert other.code not in page


@pytest.mark.parametrize(
    ("stands", "values"),
    [("missed", {"state": "ended"}), ("follow_up", {"state": "done"}),
     ("nobody", {"state": "nobody", "ended_at": None}), ("ended", {"state": "ended", "closing": "reached"}),
     ("missed", {"state": "ended", "kind": "message", "ended_at": None})],
)  # fmt: skip
def test_a_filter_by_state_leaves_the_contacts_whose_column_says_so(desk, operator, make, at, stands, values):
    contact = make(is_missed=True, closed_at=at if "closing" in values else None, **values)

    left = {
        state: [*logged_contacts(operator, {"state": state}, None, None, at=timezone.now())]
        for state, _label in STANDINGS
    }

    assert left == {state: [contact] if state == stands else [] for state, _label in STANDINGS}
    page = desk.get(reverse("hotline:call_log"), {"state": stands})
    column = BeautifulSoup(page.content, "html.parser").select_one("tbody tr td[data-h=State]")
    assert column.get_text(strip=True) == dict(STANDINGS)[stands]


def test_a_filter_by_line_leaves_its_contacts(desk, make, line):
    contact = make()

    assert contact.code in desk.get(reverse("hotline:call_log"), {"line": str(line.public_id)}).content.decode()


@pytest.mark.parametrize(
    "wanted",
    [*({name: day} for name in ("since", "until") for day in ("0001-01-01", "2019-12-31", "2101-01-01", "9999-12-31")),
     {"since": "2026-13-45"}, {"kind": "pigeon"}, {"line": "x"}, {"since": "2026-11-25", "until": "2026-11-01"}],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_explained(desk, make, wanted):
    make()

    answer = desk.get(reverse("hotline:call_log"), wanted)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This filter cannot be used as it is." in page
    assert "could not be saved" not in page
    assert 'class="error-text"' in page


def cost(desk, url):
    """Return how many queries a page asks, once everything that is kept in memory is there."""
    desk.get(url)
    with CaptureQueriesContext(connection) as queries:
        desk.get(url)
    return len(queries)


def test_the_log_costs_the_same_queries_for_one_and_thirty_rows(desk, make):
    url = reverse("hotline:call_log")
    make()
    one = cost(desk, url)
    for number in range(29):
        make(minutes=number, language="fr")

    thirty = cost(desk, url)

    assert desk.get(url).content.decode().count("<tr>") == 31
    assert one == thirty <= 16


def test_the_ledger_costs_the_same_queries_for_one_and_thirty_rows(desk, make, operator):
    url = reverse("hotline:missed")
    make(is_missed=True, outcome="abandoned", owner=operator)
    one = cost(desk, url)
    for number in range(29):
        make(minutes=number, is_missed=True, outcome="abandoned", owner=operator)

    assert one == cost(desk, url) <= 19


def test_other_countries_and_roles_see_nothing(desk, sign_in, person, haiti, at, make):
    own = make()
    foreign = Contact.objects.create(country=haiti, started_at=at, changed_at=at, state="done", step="done")

    assert codes(desk.get(reverse("hotline:call_log")).content.decode()) == {own.code}
    assert desk.get(reverse("hotline:contact", args=[foreign.public_id])).status_code == 404
    for role in ("learner", "manager", "translator", "analyst", "administrator", "focal_point", "trainer"):
        browser = sign_in(person(role, country=own.country))
        page = browser.get(reverse("hotline:call_log"))
        assert page.status_code == (200 if role == "administrator" else 404), role
        assert own.code not in page.content.decode()
        assert browser.get(reverse("hotline:contact", args=[own.public_id])).status_code == 404, role


def test_the_page_of_a_contact_tells_everything_in_order(desk, network, clock):
    network.call()
    clock.move(seconds=2)
    network.step("language", 1, Digits="2")
    clock.move(seconds=2)
    network.status("completed", "1")

    page = desk.get(reverse("hotline:contact", args=[network.contact.public_id])).content.decode()

    assert (
        page.index("The call reached the line") < page.index("Language chosen") < page.index("Report of the network")
    )
    assert "français" in page


def test_the_number_is_hidden_until_a_reason_is_given(desk, network, operator):
    network.call()
    Contact.objects.update(may_call="yes")
    contact = network.contact
    url = reverse("hotline:show_number", args=[contact.public_id])

    before = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    without = desk.post(url, {"reason": "curious"}, follow=True).content.decode()
    shown = desk.post(url, {"reason": "call_back"}).content.decode()

    assert "231770000001" not in before + without
    assert "+231770000001" in shown
    assert AuditEntry.objects.filter(verb="sealed.revealed", body__contains='"reason":"call_back"').count() == 1


def test_no_reason_for_a_number_stands_there_before_one_is_chosen(desk, network):
    network.call()
    Contact.objects.update(may_call="yes")
    contact = network.contact

    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    without = desk.post(reverse("hotline:show_number", args=[contact.public_id]), {"reason": ""}, follow=True)

    assert '<option value="" selected>Choose</option>' in page[page.index('name="reason"') :].partition("</select>")[0]
    assert "Choose why you need the number." in without.content.decode()
    assert "231770000001" not in without.content.decode()


def test_a_withheld_number_has_nothing_to_show(desk, network):
    network.call(From="anonymous")

    page = desk.get(reverse("hotline:contact", args=[network.contact.public_id])).content.decode()

    assert "Withheld: never shown, never linked" in page
    assert "Show the number" not in page


def test_more_numbers_than_anybody_needs_are_refused(desk, network, monkeypatch):
    network.call()
    Contact.objects.update(may_call="yes")
    monkeypatch.setattr(exports, "NUMBERS_A_DAY", 1)
    url = reverse("hotline:show_number", args=[network.contact.public_id])
    desk.post(url, {"reason": "call_back"})

    page = desk.post(url, {"reason": "call_back"}, follow=True).content.decode()

    assert "You opened as many numbers in 24 hours as one person may." in page
    assert "+231770000001" not in page


def test_the_number_that_cannot_be_opened_says_when_it_can(desk, network, monkeypatch):
    network.call()
    Contact.objects.update(may_call="yes")
    monkeypatch.setattr(exports, "NUMBERS_A_DAY", 1)
    url = reverse("hotline:show_number", args=[network.contact.public_id])
    desk.post(url, {"reason": "call_back"})

    page = desk.post(url, {"reason": "call_back"}, follow=True).content.decode()

    assert re.search(r"You can open the next one from [^.]*\d\d:\d\d[^.]*\.", page)
    assert "ask a colleague or your supervisor" in page


def test_a_missed_contact_gets_an_owner_and_an_outcome(desk, make, operator):
    contact = make(is_missed=True, outcome="abandoned", state="ended")
    other = make(minutes=4, is_missed=True, outcome="callback", state="ended")

    only = desk.get(reverse("hotline:missed"), {"outcome": "callback"}).content.decode()
    desk.post(reverse("hotline:give_owner", args=[contact.public_id]), {"owner": str(operator.public_id)})
    desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), {"closing": ""})
    still_open = Contact.objects.get(pk=contact.pk).closed_at
    desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), {"closing": "not_safe"})
    again = desk.post(
        reverse("hotline:close_follow_up", args=[contact.public_id]), {"closing": "reached"}, follow=True
    )
    contact.refresh_from_db()

    assert codes(only) == {other.code}
    assert still_open is None
    assert (contact.owner, contact.closing, contact.state) == (operator, "not_safe", "done")
    assert "This follow-up was closed before." in again.content.decode()


def test_somebody_of_another_country_cannot_be_made_owner(desk, make, person, haiti):
    stranger = person("operator", country=haiti)
    contact = make(is_missed=True, outcome="abandoned")

    desk.post(reverse("hotline:give_owner", args=[contact.public_id]), {"owner": str(stranger.public_id)})

    assert Contact.objects.get(pk=contact.pk).owner is None


def test_the_page_says_when_the_caller_left_the_call(desk, network, clock, at):
    network.queued()
    contact = network.contact
    during = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    clock.now = at + timedelta(minutes=3, seconds=7)
    network.room("participant-leave", 2, contact, network.sid, "caller")
    network.status("completed", "9")

    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    left = f'data-h="Left">{timezone.localtime(clock.now):%H:%M:%S}</td>'
    assert 'data-h="Left">–</td>' in during
    assert left in page
