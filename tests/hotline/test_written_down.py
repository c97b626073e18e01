"""Contacts that no telephone brings, joining a case, and contacts of one number that somebody says are of one person."""

import datetime as dt
import uuid

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.actions.figures import count_day
from hotline.models import Contact, ContactLink, DayFigures
from hotline.queries.origin import contacts_of_case
from hotline.queries.same_person import linked, suggested
from hotline.queries.standing import with_standing
from hotline.reports import row_of
from referral.models import Case
from tests.hotline.console import give, waiting
from tests.hotline.test_views_ending import case_of

pytestmark = [pytest.mark.django_db]


def write(desk, place, **changes):
    today = timezone.localdate()
    told = {
        "kind": "letter", "happened_on": today.isoformat(), "language": "fr", "line": str(place.public_id),
        "key": str(uuid.uuid4()),
    } | changes  # fmt: skip
    return desk.post(reverse("hotline:write_down"), told, follow=True), told


def test_a_letter_gets_a_sheet_counts_on_its_day_and_is_closed_with_one_press(desk, operator, line, at):
    week_ago = timezone.localdate() - dt.timedelta(days=7)
    page, told = write(desk, line, happened_on=week_ago.isoformat())
    again, _told = write(desk, line, **told)
    row = Contact.objects.get()

    assert page.redirect_chain[-1][0].endswith(str(row.public_id))
    assert again.status_code == 200
    assert (row.kind, row.happened_on, row.claimed_by, row.caller_class, row.number) == ("letter", week_ago, operator, "withheld", None)  # fmt: skip
    assert 'id="sheet"' in page.content.decode()
    give(desk, row, "age", "36")
    desk.post(reverse("hotline:wrap_up", args=[row.public_id]), {"topic": "hoax"})
    count_day(line=line, day=week_ago, at=timezone.now())

    assert (Contact.objects.get().state, Contact.objects.get().topic) == ("done", "hoax")
    assert DayFigures.objects.get().body["ways"] == {"letter": 1}
    assert row.code in desk.get(reverse("hotline:call_log")).content.decode()
    assert AuditEntry.objects.filter(verb="hotline.contact_written_down").count() == 1


def test_who_goes_back_comes_to_the_contact_that_was_made(desk, line):
    """Signed-in pages are asked for anew on the way back: the key stands in the address, and makes no second contact."""
    opened = desk.get(reverse("hotline:write_down"), follow=True)
    page = opened.redirect_chain[-1][0]
    key = opened.context["form"]["key"].value()
    assert f'value="{key}"' in opened.content.decode()
    assert desk.get(page).context["form"]["key"].value() == key
    write(desk, line, key=str(key))

    back = desk.get(page)

    assert back.headers["Location"].endswith(f"?contact={Contact.objects.get().public_id}")
    anew = desk.get(reverse("hotline:write_down"), follow=True)
    assert anew.context["form"]["key"].value() != key
    assert desk.get(f"{reverse('hotline:write_down')}?key=x", follow=True).status_code == 200


def test_another_contact_in_a_page_that_was_sent_is_asked_back_once(desk, line):
    _page, told = write(desk, line, kind="visit")

    asked, _told = write(desk, line, **told | {"kind": "letter"})
    assert asked.status_code == 422
    assert "was written down before" in asked.content.decode()
    assert Contact.objects.get().kind == "visit"

    write(desk, line, **told | {"kind": "letter", "key": asked.context["form"]["key"].value()})
    assert sorted(Contact.objects.values_list("kind", flat=True)) == ["letter", "visit"]


def test_a_day_to_come_is_refused_and_one_long_ago_is_asked_back_once(desk, line):
    today = timezone.localdate()
    late, old = today + dt.timedelta(days=1), today - dt.timedelta(days=900)

    assert "This day is not here yet." in write(desk, line, happened_on=late.isoformat())[0].content.decode()
    asked = write(desk, line, happened_on=old.isoformat())[0]
    assert "more than two years back" in asked.content.decode()
    assert asked.status_code == 422
    assert asked.context["form"]["sure"].value() == old.isoformat()
    assert write(desk, line, happened_on=(old + dt.timedelta(days=1)).isoformat(), sure=old.isoformat())[0].status_code == 422  # fmt: skip
    for odd in ({"kind": "call"}, {"line": "x"}, {"key": "x"}, {"happened_on": "1026-13-40"}, {"language": "xx"}):
        assert write(desk, line, **odd)[0].status_code == 422
    assert Contact.objects.count() == 0

    assert write(desk, line, happened_on=old.isoformat(), sure=old.isoformat())[0].status_code == 200
    assert Contact.objects.get().happened_on == old


def test_only_the_desk_of_the_country_writes_down(line, person, haiti, sign_in):
    page, _told = write(sign_in(person("operator", country=haiti)), line)
    assert page.status_code == 422
    assert sign_in(person("manager", country=line.country)).get(reverse("hotline:write_down")).status_code in (
        403,
        404,
    )
    assert Contact.objects.count() == 0


def test_contacts_of_one_number_are_suggested_linked_and_unlinked_with_a_reason(desk, operator, line, at, haiti):
    one, other = (waiting(line, at, caller_class="phone", number_index="n" * 40) for _row in range(2))
    waiting(line, at, caller_class="phone", number_index="m" * 40)
    Contact.objects.create(country=haiti, caller_class="phone", number_index="n" * 40, started_at=at, changed_at=at)
    page = reverse("hotline:contact", args=[one.public_id])

    assert [row.pk for row in suggested(operator, one)] == [other.pk]
    assert "A telephone may be shared" in desk.get(page).content.decode()
    for _press in range(2):
        desk.post(reverse("hotline:link_contacts", args=[one.public_id, other.public_id]))
    link = ContactLink.objects.get()
    assert "Somebody said that these are of the same person" in desk.get(reverse("hotline:contact", args=[other.public_id])).content.decode()  # fmt: skip
    assert suggested(operator, one) == []

    undo = reverse("hotline:unlink_contacts", args=[other.public_id, link.pk])
    desk.post(undo, {"reason": ""})
    assert ContactLink.objects.get().undone_at is None
    desk.post(undo, {"reason": "shared"})
    assert ContactLink.objects.get().undone_reason == "shared"
    assert [row.pk for row in suggested(operator, one)] == [other.pk]


def test_contacts_of_one_number_are_told_only_where_the_number_is_hers_to_see(desk, operator, person, line, at):
    """One became a colleague's case: who may not see its number does not learn which of her callers it is."""
    one, other = (waiting(line, at, caller_class="phone", number_index="n" * 40) for _row in range(2))
    link, page = (reverse("hotline:link_contacts", args=[one.public_id, other.public_id]), reverse("hotline:contact", args=[one.public_id]))  # fmt: skip
    case = case_of(line.country, at)
    Case.objects.filter(pk=case.pk).update(owner=person("operator", country=line.country))
    Contact.objects.filter(pk=one.pk).update(case=case)
    one.refresh_from_db()

    assert suggested(operator, one) == suggested(operator, other) == []
    assert "The same person?" not in desk.get(page).content.decode()
    assert desk.post(link).status_code == 404
    kept = ContactLink.objects.create(one=one, other=other, linked_by="test", linked_at=at)
    assert linked(operator, one) == linked(operator, other) == []
    undo = reverse("hotline:unlink_contacts", args=[other.public_id, kept.pk])
    assert desk.post(undo, {"reason": "shared"}).status_code == 404

    Case.objects.filter(pk=case.pk).update(owner=operator)
    one.refresh_from_db()
    assert [row.contact for row in linked(operator, other)] == [one]
    desk.post(undo, {"reason": "shared"})
    assert [row.pk for row in suggested(operator, one)] == [other.pk]


def test_withheld_numbers_are_never_suggested_nor_linked(desk, operator, line, at):
    one, other = (waiting(line, at, caller_class="withheld") for _row in range(2))
    known = waiting(line, at, caller_class="phone", number_index="n" * 40)

    assert suggested(operator, one) == []
    for contact, theirs in ((one, other), (one, known), (known, known)):
        said = desk.post(reverse("hotline:link_contacts", args=[contact.public_id, theirs.public_id]), follow=True)
        assert "cannot be linked" in said.content.decode()
    assert ContactLink.objects.count() == 0


def test_the_day_alone_of_what_was_written_down_is_shown_wherever_the_contact_is(desk, operator, line, at):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    write(desk, line, happened_on=yesterday.isoformat(), kind="visit")
    row = Contact.objects.get()
    case = case_of(line.country, at)
    join = desk.get(reverse("hotline:join_case", args=[row.public_id])).content.decode()
    Case.objects.filter(pk=case.pk).update(owner=operator)
    Contact.objects.filter(pk=row.pk).update(case=case)
    pages = {
        "contact": desk.get(reverse("hotline:contact", args=[row.public_id])).content.decode(),
        "log": desk.get(reverse("hotline:call_log")).content.decode(),
        "case": render_to_string("referral/_came_from.html", {"origins": contacts_of_case(operator, case)}),
        "join": join,
    }

    for name, shown in pages.items():
        assert str(yesterday.year) in shown, name
        assert "12:00" not in shown, name
    cells = row_of(with_standing(Contact.objects.select_related("line"), at).get())
    assert cells[1:3] == [yesterday.isoformat(), ""]
