"""A country without a supervisor: its programme managers and the administrators hear how many cases nobody has."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Country, Letter
from cms import editors
from referral import tasks
from referral.models import Escalation, StepRun

pytestmark = pytest.mark.django_db
TOLD = "nobody has 1 open case"


@pytest.fixture
def manager(person, liberia):
    return person("manager", country=liberia, is_staff=True)


@pytest.fixture
def administrator(person):
    return person("administrator")


@pytest.fixture
def elsewhere(person):
    """A manager of another country, whom it does not concern."""
    ghana = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    return person("manager", country=ghana)


def escalation(case, at, role="coordinator"):
    """A row that is due: a step of the case is late."""
    run = StepRun.objects.create(
        case=case, number=1, step_key="screening", kind="task", token=1, state="open", started_at=at
    )
    return Escalation.objects.create(run=run, rule="deadline+50%:notify", to_role=role, action="notify", at=at)


def addresses(*people):
    return {accounts.thing_id(one) for one in people}


def told():
    return set(Letter.objects.values_list("receiver", flat=True))


def test_who_keeps_the_country_gets_one_letter_a_day(case, manager, administrator, elsewhere, at):
    done = [tasks.tell_of_unserved(at + minutes * dt.timedelta(minutes=1)) for minutes in range(3)]

    assert (done, told()) == ([1, 0, 0], addresses(manager, administrator))
    assert Letter.objects.count() == 2
    assert tasks.tell_of_unserved(at + dt.timedelta(days=1)) == 1


def test_the_letter_says_how_many_and_what_to_do_and_names_no_case(case, manager, administrator, at):
    tasks.tell_of_unserved(at)

    texts = {one.receiver: accounts.open_letter(one).text for one in Letter.objects.all()}
    assert all("Open cases that nobody has: 1" in text and case.code not in text for text in texts.values())
    assert reverse("accounts:invite") in texts[accounts.thing_id(administrator)]
    assert reverse("accounts:invite") not in texts[accounts.thing_id(manager)]
    assert "Ask an administrator" in texts[accounts.thing_id(manager)]


@pytest.mark.parametrize("why", ["supervisor", "owner", "closed"])
def test_nobody_is_told_where_somebody_sees_to_it(case, manager, person, liberia, at, why):
    if why == "supervisor":
        person("supervisor", country=liberia)
    elif why == "owner":
        case.owner = person("operator", country=liberia)
    else:
        case.state, case.closed_at, case.closed_by, case.close_reason = "closed", at, "test", "completed"
    case.save()

    assert (tasks.tell_of_unserved(at), Letter.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", ["coordinator", "hotline"])
def test_a_late_step_is_told_to_them_where_no_supervisor_is(case, manager, administrator, at, role):
    row = escalation(case, at, role)

    assert tasks.fire_escalations(at) == 1

    row.refresh_from_db()
    assert (row.told_role, row.was_hole) == ("supervisor", True)
    assert told() == addresses(manager, administrator)
    assert not any(case.code in accounts.open_letter(one).text for one in Letter.objects.all())


def test_what_came_in_a_quiet_time_is_told_to_them_when_the_supervisor_has_left(case, manager, person, liberia, at):
    left = person("supervisor", country=liberia)
    row = escalation(case, at)
    tasks.fire_escalations(at)
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    Escalation.objects.filter(pk=row.pk).update(claimed_until=at + dt.timedelta(minutes=15))

    tasks.end_silences(at + dt.timedelta(minutes=15))

    assert told() == addresses(left, manager)


def test_the_page_of_the_lines_says_it_to_both(case, manager, administrator, elsewhere, sign_in):
    pages = [
        sign_in(one).get(reverse("hotline:lines")).content.decode() for one in (manager, administrator, elsewhere)
    ]

    assert [TOLD in page.replace("<bdi>", "") for page in pages] == [True, True, False]
    assert [reverse("accounts:invite") in page for page in pages] == [False, True, False]
    assert not any(case.code in page for page in pages)


def test_the_first_page_of_the_editor_says_it_to_the_manager(case, manager, person, liberia, sign_in, at):
    editors.grant()
    manager.groups.add(Group.objects.get(name="manager"))
    home = reverse("wagtailadmin_home")

    first = sign_in(manager).get(home).content.decode()
    person("supervisor", country=liberia)
    then = sign_in(manager).get(home).content.decode()

    assert (TOLD in first, TOLD in then) == (True, False)
    assert case.code not in first


@pytest.mark.parametrize(("role", "count"), [("administrator", 1), ("manager", 0), ("supervisor", 0), ("operator", 0)])
def test_signing_in_says_it_to_an_administrator_on_her_first_page(case, person, role, count):
    request = RequestFactory().get("/")
    request.session, request._messages = {}, CookieStorage(request)
    user = person(role)

    user_logged_in.send(sender=type(user), request=request, user=user)

    said = [str(one) for one in get_messages(request)]
    assert [TOLD in one and case.code not in one for one in said] == [True] * count
