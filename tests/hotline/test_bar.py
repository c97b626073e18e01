"""The bar of the console: an operator's own call stays in it while another contact stands open below."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline.models import Contact, Leg, OperatorState

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def call(line, operator, at):
    """A call of this operator's that goes on."""
    row = Contact.objects.create(
        line=line, country=line.country, language="fr", state="connected", step="waiting", started_at=at, queued_at=at,
        connected_at=at, changed_at=at, claimed_by=operator, operator_count=1,
    )  # fmt: skip
    for role, label, mark, user in (("caller", "caller", "1", None), ("operator", "op-1", "2", operator)):
        Leg.objects.create(
            contact=row, account=line.account, call_sid="CA" + mark * 32, role=role, label=label, user=user, made_at=at,
            joined_at=at, status="in-progress", room_sid="CF" + "1" * 32,
        )  # fmt: skip
    OperatorState.objects.filter(user=operator).update(state="on_call", since=at, contact=row)
    return row


@pytest.fixture
def other(line, at):
    """A conversation by text message."""
    return Contact.objects.create(
        line=line, country=line.country, kind="message", language="en", state="open", step="message", started_at=at,
        changed_at=at - timedelta(minutes=1),
    )  # fmt: skip


def console(browser, **asked):
    return browser.get(reverse("hotline:console"), asked).content.decode()


def test_the_operators_own_call_can_be_ended_while_a_conversation_stands_open(sign_in, operator, call, other):
    page = console(sign_in(operator), contact=str(other.public_id))

    assert reverse("hotline:control", args=[call.public_id, "end"]) in page
    assert page.index('id="act-end"') < page.index("The conversation and the sheet below are of another contact.")
    assert "Close this conversation: what was it about?" in page


def test_of_another_call_it_is_the_sheet_that_stands_below(sign_in, operator, call, other):
    Contact.objects.filter(pk=other.pk).update(kind="call", state="done")

    page = console(sign_in(operator), contact=str(other.public_id))

    assert "The sheet below is of another contact." in page
    assert "The conversation and the sheet below" not in page


def test_alone_the_call_has_one_bar_and_nothing_is_said_of_another(sign_in, operator, call):
    page = console(sign_in(operator))

    assert page.count('class="call-line"') == 1
    assert "of another contact" not in page


def test_where_two_contacts_stand_the_side_column_names_the_one_it_is_of(sign_in, operator, call, other):
    Contact.objects.filter(pk=other.pk).update(channel="whatsapp")
    browser = sign_in(operator)

    both = BeautifulSoup(console(browser, contact=str(other.public_id)), "html.parser")
    alone = BeautifulSoup(console(browser), "html.parser")
    asked = {"contact": str(other.public_id), "sheet": f"{other.public_id}.x"}
    live = BeautifulSoup(
        browser.get(reverse("hotline:console_live"), asked, headers=HTMX).content.decode(), "html.parser"
    )

    for page in (both, live):
        assert page.find(id="whose").get_text(" ", strip=True) == f"{other.code} · WhatsApp message"
        assert not page.find(id="whose").has_attr("hidden")
        lines = [one.get_text(" ", strip=True) for one in page.select(".call-line")]
        assert [code in line for code, line in zip((call.code, other.code), lines, strict=True)] == [True, True]
    assert both.find(id="whose").find_parent("section")["class"] == ["safety"]
    assert alone.find(id="whose").has_attr("hidden")
    assert call.code not in alone.select_one(".call-line").get_text()


def test_to_hold_the_call_leaves_the_other_contact_open(sign_in, operator, call, other):
    url = reverse("hotline:control", args=[call.public_id, "hold"])

    parts = sign_in(operator).post(url, {"contact": str(other.public_id)}, headers=HTMX).content.decode()

    assert f'name="contact" value="{other.public_id}"' in parts
    assert "Asked for, not confirmed yet." in parts
    assert 'id="bar-other"' in parts
