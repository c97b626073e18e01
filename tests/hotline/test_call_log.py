"""The call log: who sees what, filters, the timeline, the number, the file, and the ledger of missed contacts."""

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.actions import exports
from hotline.forms.log import EXPORT_REASONS
from hotline.models import Contact
from hotline.reports import as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(line, at):
    """A factory of contacts that are over: make(language="fr", minutes=5)."""

    def build(minutes=0, **values):
        began = at - timedelta(minutes=minutes)
        first = {"language": "en", "state": "done", "step": "done", "started_at": began, "changed_at": began}
        return Contact.objects.create(line=line, country=line.country, **(first | {"ended_at": began} | values))

    return build


def codes(page):
    """Return which contacts a page names."""
    return {contact.code for contact in Contact.objects.all() if contact.code in page}


def test_every_channel_is_in_the_log_newest_first(desk, make):
    call, text = make(minutes=9), make(minutes=3, kind="message")

    page = desk.get(reverse("hotline:call_log")).content.decode()

    assert page.index(text.code) < page.index(call.code)


@pytest.mark.parametrize(
    ("wanted", "values"),
    [({"kind": "message"}, {"kind": "message"}), ({"language": "fr"}, {"language": "fr"}), ({"state": "ended"}, {"state": "ended"}),
     ({"outcome": "silent"}, {"outcome": "silent"}), ({"missed": "on"}, {"is_missed": True}),
     ({"since": "2026-11-25", "until": "2026-11-25"}, {})],
)  # fmt: skip
def test_each_filter_leaves_what_it_names(desk, make, wanted, values):
    fitting = make(minutes=1, **values)
    other = make(minutes=60 * 30)

    page = desk.get(reverse("hotline:call_log"), wanted).content.decode()

    assert codes(page) == {fitting.code}
    assert other.code not in page


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

    assert one == cost(desk, url) <= 16


def test_other_countries_and_roles_see_nothing(desk, sign_in, person, haiti, at, make):
    own = make()
    foreign = Contact.objects.create(country=haiti, started_at=at, changed_at=at, state="done", step="done")

    assert codes(desk.get(reverse("hotline:call_log")).content.decode()) == {own.code}
    assert desk.get(reverse("hotline:contact", args=[foreign.public_id])).status_code == 404
    for role in ("learner", "manager", "translator", "analyst", "administrator", "focal_point", "trainer"):
        browser = sign_in(person(role, country=own.country))
        assert browser.get(reverse("hotline:call_log")).status_code == 404, role
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
    contact = network.contact
    url = reverse("hotline:show_number", args=[contact.public_id])

    before = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    without = desk.post(url, {"reason": "curious"}, follow=True).content.decode()
    shown = desk.post(url, {"reason": "call_back"}).content.decode()

    assert "231770000001" not in before + without
    assert "+231770000001" in shown
    assert AuditEntry.objects.filter(verb="sealed.revealed", body__contains='"reason":"call_back"').count() == 1


def test_a_withheld_number_has_nothing_to_show(desk, network):
    network.call(From="anonymous")

    page = desk.get(reverse("hotline:contact", args=[network.contact.public_id])).content.decode()

    assert "Withheld: never shown, never linked" in page
    assert "Show the number" not in page


def test_more_numbers_than_anybody_needs_are_refused(desk, network, monkeypatch):
    network.call()
    monkeypatch.setattr(exports, "NUMBERS_A_DAY", 1)
    url = reverse("hotline:show_number", args=[network.contact.public_id])
    desk.post(url, {"reason": "call_back"})

    page = desk.post(url, {"reason": "call_back"}, follow=True).content.decode()

    assert "You opened as many numbers in 24 hours as one person may." in page
    assert "+231770000001" not in page


def test_the_file_is_for_supervisors_with_a_reason_and_leaves_a_trace(sign_in, person, liberia, operator, make):
    contact, other = make(language="fr"), make(minutes=5)
    url = reverse("hotline:export_log") + "?language=fr"
    assert sign_in(operator).post(url, {"reason": "report"}).status_code == 404
    supervisor = sign_in(person("supervisor", country=liberia))

    refused = supervisor.post(url, {"reason": ""})
    answer = supervisor.post(url, {"reason": "report"})

    assert refused.status_code == 302
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert contact.code in text
    assert other.code not in text
    entry = AuditEntry.objects.get(verb="hotline.log_exported")
    assert contact.code in entry.body
    assert '"reason":"report"' in entry.body


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_file_of_days_that_cannot_be_is_refused(sign_in, person, liberia, make, name, day):
    make()
    supervisor = sign_in(person("supervisor", country=liberia))

    answer = supervisor.post(f"{reverse('hotline:export_log')}?{name}={day}", {"reason": "report"}, follow=True)

    assert answer.status_code == 200
    assert "Choose a day between 2020 and 2100." in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="hotline.log_exported").exists()


def test_every_code_that_leaves_is_recorded_in_several_entries(sign_in, person, liberia, make, monkeypatch):
    monkeypatch.setattr(exports, "CODES_AN_ENTRY", 2)
    made = [make(minutes=number) for number in range(5)]
    supervisor = sign_in(person("supervisor", country=liberia))

    supervisor.post(reverse("hotline:export_log"), {"reason": "report"})

    entries = AuditEntry.objects.filter(verb="hotline.log_exported").order_by("seq")
    bodies = [json.loads(entry.body) for entry in entries]
    assert [len(body["codes"]) for body in bodies] == [2, 2, 1]
    assert [code for body in bodies for code in body["codes"]] == [contact.code for contact in made]
    assert {(body["count"], body["reason"]) for body in bodies} == {(5, "report")}


def test_the_sixth_file_of_a_day_is_refused(sign_in, person, liberia, make):
    make()
    supervisor = sign_in(person("supervisor", country=liberia))
    url = reverse("hotline:export_log")

    answers = [supervisor.post(url, {"reason": "report"}).status_code for _number in range(6)]

    assert answers == [200] * 5 + [302]


def test_more_contacts_than_a_file_holds_are_refused_and_never_cut(sign_in, person, liberia, make, monkeypatch):
    monkeypatch.setattr("hotline.reports.ROW_LIMIT", 3)
    monkeypatch.setattr("hotline.views.calls.ROW_LIMIT", 3)
    for number in range(4):
        make(minutes=number)
    older = make(minutes=60 * 24 * 3)
    desk = sign_in(person("supervisor", country=liberia))
    all_of_them, newest = reverse("hotline:export_log"), "?since=2026-11-25"
    words = "contacts, and a file holds 3 at most. Choose fewer days above"

    before = desk.get(reverse("hotline:call_log")).content.decode()
    answer = desk.post(all_of_them, {"reason": "report"}, follow=True)
    one_too_many = desk.post(all_of_them + newest, {"reason": "report"}, follow=True)
    part = desk.post(all_of_them + "?until=2026-11-24", {"reason": "report"})

    assert f"These are 5 {words}" in before
    assert "Export these contacts" not in before
    assert f"These are 5 {words}" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    assert f"These are 4 {words}" in one_too_many.content.decode()
    assert one_too_many.redirect_chain[0][0].endswith(newest)
    assert older.code in part.content.decode()
    entry = AuditEntry.objects.get(verb="hotline.log_exported")
    assert json.loads(entry.body)["count"] == 1


def test_as_many_contacts_as_a_file_holds_are_exported(sign_in, person, liberia, make, monkeypatch):
    monkeypatch.setattr("hotline.reports.ROW_LIMIT", 3)
    monkeypatch.setattr("hotline.views.calls.ROW_LIMIT", 3)
    made = [make(minutes=number) for number in range(3)]
    desk = sign_in(person("supervisor", country=liberia))

    text = desk.post(reverse("hotline:export_log"), {"reason": "report"}).content.decode()

    assert all(contact.code in text for contact in made)


@pytest.mark.parametrize(
    ("zone", "opens"), [("Africa/Monrovia", "26 Nov 2026 10:00"), ("Asia/Dhaka", "26 Nov 2026 16:00")]
)
def test_who_reached_a_limit_reads_when_it_opens_again_by_her_own_clock(
    sign_in, person, liberia, make, time_machine, zone, opens
):
    make()
    liberia.time_zone = zone
    liberia.save()
    client, url = sign_in(person("supervisor", country=liberia)), reverse("hotline:export_log") + "?language=en"
    began = datetime(2026, 11, 25, 10, 0, 50, tzinfo=UTC)

    def export(hours, **more):
        time_machine.move_to(began + timedelta(hours=hours), tick=False)
        return client.post(url, {"reason": "report"}, **more)

    answers = [export(hours / 10).status_code for hours in range(5)]
    refused = export(1, follow=True)
    page = html.unescape(refused.content.decode())

    assert answers == [200] * 5
    assert refused.redirect_chain[0][0].endswith("?language=en")
    assert f"You can export it again from {opens}. If it cannot wait, ask another supervisor to export it." in page
    assert export(24 - 60 / 3600)["Location"].endswith("?language=en")
    assert export(24 - 50 / 3600).status_code == 200


def test_the_number_that_cannot_be_opened_says_when_it_can(desk, network, monkeypatch):
    network.call()
    monkeypatch.setattr(exports, "NUMBERS_A_DAY", 1)
    url = reverse("hotline:show_number", args=[network.contact.public_id])
    desk.post(url, {"reason": "call_back"})

    page = desk.post(url, {"reason": "call_back"}, follow=True).content.decode()

    assert re.search(r"You can open the next one from [^.]*\d\d:\d\d[^.]*\.", page)
    assert "ask a colleague or your supervisor" in page


def test_no_cell_of_the_file_is_taken_for_a_formula(make, line):
    line.number = "=1+1"
    line.save()
    make()

    text = as_csv(Contact.objects.select_related("line"), [["Exported by", "=2+2"]])

    assert "'=1+1" in text
    assert "'=2+2" in text


def test_the_page_says_before_the_export_that_the_file_names_who_exports_it(sign_in, person, liberia, make):
    make()
    desk = sign_in(person("supervisor", country=liberia))

    page = desk.get(reverse("hotline:call_log")).content.decode()
    form = page.split("export-row")[1].split("</form>")[0]

    assert "Its last rows name you, the time, your reason and the entry in the audit log." in form


def test_the_file_says_at_its_end_who_exported_it_when_and_why(sign_in, person, liberia, make):
    contact = make()
    client = sign_in(person("supervisor", country=liberia, name="Esther, Liberia"))

    answer = client.post(reverse("hotline:export_log"), {"reason": "report"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    entry = AuditEntry.objects.get(verb="hotline.log_exported")
    when = timezone.localtime(datetime.fromisoformat(entry.at))
    assert [row[:1] for row in rows[1:3]] == [[contact.code], []]
    assert rows[3:] == [
        ["Exported by", "Esther, Liberia"],
        ["Exported on", f"{when:%Y-%m-%d %H:%M:%S}"],
        ["Why it was exported", str(dict(EXPORT_REASONS)["report"])],
        ["Entry in the audit log", str(entry.seq)],
    ]


def test_the_file_holds_no_number(network, sign_in, person, liberia):
    network.call()
    supervisor = sign_in(person("supervisor", country=liberia))

    text = supervisor.post(reverse("hotline:export_log"), {"reason": "report"}).content.decode()

    assert "231770000001" not in text


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
