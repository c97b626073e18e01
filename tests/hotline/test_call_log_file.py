"""The file of the call log: for whom, how often, how much, what it holds, and what it says of who took it."""

import csv
import html
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.actions import exports
from hotline.forms.log import EXPORT_REASONS
from hotline.queries.log import logged_contacts
from hotline.reports import as_csv
from tests.hotline.logged import contacts_that_are_over  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_file_is_for_supervisors_with_a_reason_and_leaves_a_trace(sign_in, person, liberia, operator, make):
    contact, other = make(language="fr"), make(minutes=5)
    url = reverse("hotline:export_log") + "?language=fr"
    assert sign_in(operator).post(url, {"reason": "report"}).status_code == 404
    supervisor = sign_in(person("supervisor", country=liberia))

    refused = supervisor.post(url, {"reason": ""})
    answer = supervisor.post(url, {"reason": "report"})

    assert refused.status_code == 302
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == f'attachment; filename="contacts-LR-made-{timezone.localdate()}.csv"'
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


def test_no_cell_of_the_file_is_taken_for_a_formula(make, line, operator):
    line.number = "=1+1"
    line.save()
    make()

    text = as_csv(logged_contacts(operator, {}, None, None, at=timezone.now()), [["Exported by", "=2+2"]])

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
    when = datetime.fromisoformat(entry.at).astimezone(ZoneInfo("Africa/Monrovia"))
    assert [row[:1] for row in rows[1:3]] == [[contact.code], []]
    assert rows[3:] == [
        ["Exported by", "Esther, Liberia"],
        ["Exported on", f"{when:%Y-%m-%d %H:%M:%S} Africa/Monrovia"],
        ["Why it was exported", str(dict(EXPORT_REASONS)["report"])],
        ["Entry in the audit log", str(entry.seq)],
    ]


def test_the_file_holds_no_number(network, sign_in, person, liberia):
    network.call()
    supervisor = sign_in(person("supervisor", country=liberia))

    text = supervisor.post(reverse("hotline:export_log"), {"reason": "report"}).content.decode()

    assert "231770000001" not in text


def told(user):
    """Return the heads and rows of the file of all contacts."""
    return list(
        csv.reader(
            io.StringIO(as_csv(logged_contacts(user, {}, None, None, at=timezone.now()), []).removeprefix("\ufeff"))
        )
    )


def test_the_file_says_where_a_contact_stands_as_the_page_does(make, operator):
    make(minutes=1, is_missed=True)
    make(minutes=2, is_missed=True, state="ended")
    make(minutes=3)

    head, *rows = told(operator)

    assert [row[head.index("State")] for row in rows] == ["Follow-up open", "Missed", "Done"]


def test_a_caller_who_chose_no_language_stands_in_the_file_as_on_the_page(make, operator):
    make(language="")

    head, row = told(operator)

    assert row[head.index("Language")] == "not chosen"


def test_no_reason_for_the_file_stands_there_before_one_is_chosen(sign_in, person, liberia, make):
    make()
    supervisor = sign_in(person("supervisor", country=liberia))

    page = supervisor.get(reverse("hotline:call_log")).content.decode()
    answer = supervisor.post(reverse("hotline:export_log"), {"reason": ""}, follow=True)

    assert '<option value="" selected>Choose</option>' in page[page.index('name="reason"') :].partition("</select>")[0]
    assert "Choose why you export the log." in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="hotline.log_exported").exists()
