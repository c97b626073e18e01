"""A session by phone: the code on the board typed without a network arrives once; the trainer's pages, with axe."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LEARNER, OTHER, TRAINER = "learner.ht@example.org", "learner2.ht@example.org", "trainer.ht@example.org"
LAST = "learner3.ht@example.org"
KEPT = """() => Outbox.open(localStorage.getItem("fanal-who"), "")
  .then((box) => box.read("outbox")).then((rows) => rows.map((row) => row.sent.payload.code))"""


@dataclass(frozen=True)
class Meeting:
    """A session that is on now: its id, its code, and its page on the trainer's screen."""

    id: str
    code: str
    page: Page

    def form(self, page):
        """Return the form of this session on a learner's page."""
        return page.locator(f"form[data-attend][data-session='{self.id}']")


@pytest.fixture
def meeting(sign_in_as):
    """A session that the trainer plans, five minutes ago: nobody is down as present, whatever other tests ticked."""
    page = sign_in_as(TRAINER, "/en/groups/")
    group = page.locator("tbody th a").first.get_attribute("href")
    begun = dt.datetime.now(ZoneInfo("America/Port-au-Prince")) - dt.timedelta(minutes=5)
    page.goto(f"{group}sessions/new/")
    page.locator("[name=day]").fill(f"{begun:%Y-%m-%d}")
    page.locator("[name=time]").fill(f"{begun:%H:%M}")
    page.get_by_role("button", name="Save the session").click()
    code = page.locator(".big-code").inner_text().replace(" ", "")
    return Meeting(page.url.strip("/").split("/")[-1], code, page)


def test_a_code_typed_without_a_network_waits_and_arrives_once(sign_in_as, meeting, assert_accessible):
    page = sign_in_as(LEARNER, "/en/learning/groups/", 360)
    assert_accessible(page)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")

    before = page.get_by_text("You were there").count()
    page.context.set_offline(True)
    form = meeting.form(page)
    form.locator("input[name=code]").fill(meeting.code)
    form.get_by_role("button").click()
    form.locator(".outbox-note").wait_for()
    told = form.locator(".outbox-note").inner_text()
    with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/api/progress/")):
        page.context.set_offline(False)
    page.reload()

    assert "waits on this phone" in told
    assert page.get_by_text("You were there").count() == before + 1
    meeting.page.reload()
    assert meeting.page.locator(".present-list li").count() == 1


def test_a_gateway_that_fails_and_a_phone_that_is_tapped_again_keep_one_code(sign_in_as, meeting):
    page = sign_in_as(LAST, "/en/learning/groups/", 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.route("**/api/progress/", lambda route: route.abort())
    answers = [{"status": 502, "body": "Bad Gateway"}, {"status": 200, "body": "<p>Sign in to this network</p>"}]
    page.route("**/groups/attend/", lambda route: route.fulfill(**answers.pop(0)) if answers else route.abort())

    form = meeting.form(page)
    form.locator("input[name=code]").fill("483 201")
    for _tap in range(3):
        form.get_by_role("button").click()
        form.locator("button:not([aria-disabled])").wait_for()

    assert "waits on this phone" in form.locator(".outbox-note").inner_text()
    assert page.evaluate(KEPT) == ["483 201"]


def test_a_wrong_code_is_told_at_once_and_a_right_one_counts(sign_in_as, meeting):
    page = sign_in_as(OTHER, "/en/learning/groups/", 360)
    form = meeting.form(page)
    form.locator("input[name=code]").fill("1")
    form.get_by_role("button").click()

    form.locator(".outbox-note[role=alert]").wait_for()
    assert "not the code of this session" in form.locator(".outbox-note").inner_text()
    form.locator("input[name=code]").fill(meeting.code)
    form.get_by_role("button").click()

    page.get_by_text("You are down as present.").wait_for()


def test_the_trainers_pages_are_accessible_and_fit_a_phone(sign_in_as, assert_accessible):
    for language in ("en", "ar", "bn"):
        page = sign_in_as("trainer.tn@example.org", f"/{language}/groups/", 360)
        assert_accessible(page)
        group = page.locator("tbody th a").first.get_attribute("href")
        page.goto(group)
        session = page.locator("#sessions tbody th a").first.get_attribute("href")
        for address in (group, f"{group}change/", f"{group}file/", f"{group}sessions/new/", session):
            page.goto(address)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


LONG = """
import datetime as dt
from django.utils import timezone
from accounts.models import Office, User
from training import actions
from training.choices import Road
from training.models import Course
name, now = "Greffiersdutribunaldepremiereinstancedelacapitaleetdesescirconscriptions123", timezone.now()
office = Office.objects.create(country_id="TN", name=f"Bureau{name}")
trainer = User.objects.get(email="trainer.tn@example.org")
group = actions.make_cohort(
    course=Course.objects.get(key="judicial"), country=office.country, trainers=[trainer], name=name, place=name,
    office=office, begins_on=dt.date(2020, 1, 1), by=trainer, at=now,
)
someone = User.objects.with_role("learner").filter(country="TN").first()
actions.add_members(cohort=group, users=[someone], road=Road.FILE, by=trainer, at=now)
actions.plan_session(cohort=group, starts_at=now, minutes=60, place=name, by=trainer, at=now)
"""
GONE = """
from accounts.models import Office
from training.models import Cohort
Cohort.objects.filter(name__startswith="Greffiers").delete()
Office.objects.filter(name__startswith="BureauGreffiers").delete()
"""


@pytest.fixture
def long_names(hand):
    """A group, a place and an office whose names are of 75 letters and more without a space."""
    hand(LONG)
    yield
    hand(GONE)


def test_a_name_without_spaces_wraps_on_a_phone_and_pushes_no_page_wide(sign_in_as, long_names):
    for width in (360, 1280):
        page = sign_in_as("trainer.tn@example.org", "/en/groups/", width)
        group = page.locator("tbody th a", has_text="Greffiers").get_attribute("href")
        fits = {"/en/groups/": page.evaluate("document.documentElement.scrollWidth <= innerWidth")}
        page.goto(group)
        session = page.locator("#sessions tbody th a").first.get_attribute("href")
        for address in (group, f"{group}change/", f"{group}file/", f"{group}marks/", f"{group}keep/", session):
            page.goto(address)
            fits[address] = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [address for address, does in fits.items() if not does] == []


def test_a_session_is_joined_without_script(sign_in_as, meeting):
    page = sign_in_as("learner3.ht@example.org", "/en/learning/groups/", 360, script=False)

    form = meeting.form(page)
    form.locator("input[name=code]").fill(meeting.code)
    form.get_by_role("button", name="I am here").click()

    page.get_by_text("You are down as present.").wait_for()
