"""A trainer's attendance list on her phone: kept, ticked without a network, reloaded, sent; two trainers; who else signs in."""

import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser

TRAINER, OTHER = "trainer.tn@example.org", "learner4.tn@example.org"
LISTS = "/{}/keep/lists/"
MARKS = """() => Lists.open(Lists.holder(), "").then(async (box) => {
  const rows = await box.read("outbox");
  box.close();
  return rows.map((row) => row.sent.payload.minutes);
})"""
OWN_MARKS = MARKS.replace("Lists.holder()", "Outbox.owner()")
STORE = """async () => {
  const { name } = (await indexedDB.databases()).find((one) => one.name.endsWith("-attendance"));
  const db = await new Promise((done) => { indexedDB.open(name).onsuccess = ({ target }) => done(target.result); });
  const rows = await new Promise((done) => {
    db.transaction("#").objectStore("#").getAll().onsuccess = ({ target }) => done(target.result);
  });
  db.close();
  return rows.map(@);
}"""
LISTS_LEFT = STORE.replace("#", "tests").replace("@", "(row) => row.place")
OWN_MARKS_BY_NAME = STORE.replace("#", "outbox").replace("@", "(row) => row.sent.payload.minutes")
LEFT = "() => indexedDB.databases().then((found) => found.map((one) => one.name).sort())"


def keep_list(page, language="en"):
    """Keep the list of the trainer's first group, and open it."""
    page.goto(f"/{language}/groups/")
    page.locator("tbody th a").first.click()
    page.locator("a[href$='/keep/']").first.click()
    page.locator("[data-part=go]").click()
    page.locator("[data-part=done]").wait_for()


def keep_again(page):
    """Fetch a list anew that lies on this phone."""
    page.get_by_role("link", name="Fetch the list anew").click()
    page.locator("[data-part=again]").click()
    page.locator("[data-part=done]").wait_for()


def open_list(page, language="en"):
    """Open the kept list at the session that was held."""
    page.goto(LISTS.format(language))
    page.locator("li.mark").first.wait_for()


def row(page, number):
    """Return the row of a member."""
    return page.locator(f"#m-{number}")


def row_to_tick(page, place=0):
    """Return a row of somebody of whom nothing is noted yet."""
    open_rows = page.locator("li.mark[data-state='']")
    return page.locator(f"#{open_rows.nth(place).get_attribute('id')}")


def tick(line):
    """Tick somebody and wait until it is written."""
    line.locator("input[type=checkbox]").check()
    line.get_by_text("Waits on this phone").wait_for()


def wait_until_empty(page, script):
    """Wait until nothing of a kind lies on the phone any more."""
    for _turn in range(100):
        if page.evaluate(script) == []:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"Still there: {page.evaluate(script)}")


def page_of_the_session(page):
    """Return the address of the session that was held."""
    page.goto("/en/groups/")
    page.locator("tbody th a").first.click()
    return page.locator("#sessions tbody th a").first.get_attribute("href")


def with_the_group(environment, words):
    """Do something with the trainer's group in the database of the demo."""
    rows = f"""
from django.utils import timezone
from accounts.models import User
from training import actions
from training.models import Cohort
cohort = Cohort.objects.get(country="TN", name__startswith="Court clerks")
trainer = User.objects.get(email="{TRAINER}")
"""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", rows + words]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.fixture
def freed(demo_served):
    """Take back at the end whatever was ticked of those whom the demo left open: other tests tick them too."""
    yield
    with_the_group(
        demo_served[1],
        """
for member in cohort.members.filter(left_at=None, number__gt=4):
    try:
        session = cohort.sessions.order_by("starts_at").first()
        actions.take_back(session=session, member=member, reason="not_there", by=trainer, at=timezone.now())
    except actions.NotPresent:
        pass
""",
    )


@pytest.fixture
def trainer(sign_in_as):
    """The trainer's phone."""
    return sign_in_as(TRAINER, "/en/groups/", 360)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_a_kept_list_are_accessible_and_fit_a_phone(sign_in_as, assert_accessible, language):
    page = sign_in_as(TRAINER, f"/{language}/groups/", 360)
    keep_list(page, language)
    assert_accessible(page)
    page.context.set_offline(True)
    page.get_by_role("link").and_(page.locator("[data-part=kept] a")).click()
    page.locator("li.mark").first.wait_for()
    for details in page.locator("li.mark").first.locator("details:visible > summary").all():
        details.click()
    row_to_tick(page).locator("input[type=checkbox]").check()
    page.locator("li.mark[data-state=waits]").wait_for()

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-part=off]").click()
    page.locator("[data-part=off-warning]").wait_for()
    assert_accessible(page)


def test_a_list_is_kept_ticked_without_a_network_and_sent(trainer):
    keep_list(trainer)
    told = trainer.locator("main").inner_text()
    assert "KB" in told
    assert "Names of people will lie on this phone until you sign out or take the list off." in told
    session = page_of_the_session(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    trainer.reload()
    trainer.locator("li.mark").first.wait_for()

    whole, late, wrong = row_to_tick(trainer), row_to_tick(trainer, 1), row_to_tick(trainer, 2)
    names = [one.locator("[data-name]").first.inner_text() for one in (whole, late, wrong)]
    tick(whole)
    late.locator("details[data-part=late] summary").click()
    late.locator("[data-part=minutes]").fill("45")
    late.get_by_role("button", name="Note the minutes").click()
    late.get_by_text("Minutes: 45").wait_for()
    tick(wrong)
    wrong.locator("input[type=checkbox]").uncheck()
    wrong.locator("[data-part=state]").wait_for(state="hidden")
    trainer.reload()
    trainer.locator("li.mark[data-state=waits]").first.wait_for()

    assert trainer.evaluate(MARKS) == [None, 45]
    assert "2 marks of attendance waiting on this phone" in trainer.locator("[data-outbox]").inner_text()
    assert "Saved" not in trainer.locator("main").inner_text()

    trainer.context.set_offline(False)
    whole.get_by_text("Saved on the server").wait_for()
    late.get_by_text("Saved on the server").wait_for()
    assert trainer.evaluate(MARKS) == []
    trainer.goto(session)
    there = trainer.locator(".present-list").inner_text()
    assert names[0] in there
    assert names[1] in there
    assert "45 minutes" in there
    assert names[2] not in there


def test_what_another_window_noted_meanwhile_is_shown_beside_hers(trainer, sign_in_as):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text()
    tick(line)
    office = sign_in_as("manager.tn@example.org", "/en/groups/")
    office.goto(page_of_the_session(office))
    office.locator("label.choice", has_text=name).locator("input").check()
    office.locator("#id_minutes").fill("30")
    office.get_by_role("button", name="Note who was there").click()
    office.locator(".present-list").get_by_text(name).first.wait_for()

    trainer.context.set_offline(False)
    line.get_by_text("Somebody noted something else meanwhile").wait_for()
    assert "all of it" in line.locator("[data-part=mine]").inner_text()
    assert "Minutes: 30" in line.locator("[data-part=theirs]").inner_text()
    line.get_by_role("button", name="Send mine in its place").click()
    line.get_by_text("Saved on the server").wait_for()

    assert line.get_by_text("Minutes: 180").is_visible()


def test_a_tick_that_the_server_has_is_taken_back_without_a_network(trainer):
    keep_list(trainer)
    open_list(trainer)
    line = row_to_tick(trainer)
    tick(line)
    line.get_by_text("Saved on the server").wait_for()
    trainer.context.set_offline(True)

    line.locator("details[data-part=back] summary").click()
    line.get_by_role("button", name="Take the tick back").click()
    line.get_by_text("the tick is taken back").wait_for()
    line.get_by_role("button", name="Leave the tick").click()
    line.get_by_text("the tick is taken back").wait_for(state="detached")
    line.locator("details[data-part=back] summary").click()
    line.locator("[data-part=reason]").select_option("wrong_person")
    line.get_by_role("button", name="Take the tick back").click()
    trainer.context.set_offline(False)

    line.get_by_text("not noted as present").wait_for()
    assert line.locator("input[type=checkbox]").is_visible()


def test_signing_out_says_that_marks_wait_and_takes_names_and_marks(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.route("**/api/attendance/", lambda route: route.abort())
    tick(row_to_tick(trainer))
    trainer.goto("/en/account/logout/")
    trainer.locator("main form button[type=submit]").click()

    trainer.get_by_text("Attendance that you ticked on this phone could not be sent.").wait_for()
    assert trainer.get_by_role("button", name="Take them out as a file").is_hidden()
    trainer.get_by_role("button", name="Delete them and sign out").click()
    trainer.wait_for_url("**/en/")

    assert trainer.evaluate(LEFT) == []
    assert trainer.evaluate("caches.keys()") == []
    assert trainer.evaluate("localStorage.length") == 0


def test_emptying_the_phone_says_that_marks_are_lost(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.route("**/api/attendance/", lambda route: route.abort())
    tick(row_to_tick(trainer))
    trainer.goto("/en/wipe/")

    trainer.get_by_text("Attendance was ticked on this phone and is not sent yet. It is lost.").wait_for()
    trainer.locator("main form button[type=submit]").click()
    trainer.get_by_role("heading", name="This phone is empty").wait_for()

    assert trainer.evaluate(LEFT) == []


def test_a_list_is_taken_off_with_the_pages_that_show_it(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    tick(row_to_tick(trainer))

    trainer.locator("[data-part=off]").click()
    trainer.get_by_text("Marks of this list wait on this phone and are lost.").wait_for()
    trainer.locator("[data-part=off]").click()
    trainer.locator("[data-part=none]").wait_for()

    assert trainer.locator("li.mark:visible").count() == 0
    assert trainer.evaluate("caches.keys()") == []
    assert trainer.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_a_mark_of_somebody_who_was_taken_out_says_why_it_is_not_taken(trainer, sign_in_as):
    keep_list(trainer)
    open_list(trainer)
    line = row(trainer, 10)
    line.wait_for()
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    manager = sign_in_as("manager.tn@example.org", "/en/groups/")
    manager.locator("tbody th a").first.click()
    line_there = manager.locator("tr", has_text=name)
    line_there.get_by_role("button").click()
    line_there.wait_for(state="detached")
    trainer.route("**/api/attendance/", lambda route: route.abort())
    tick(line)
    trainer.unroute("**/api/attendance/")
    trainer.get_by_role("button", name="Send now").click()

    line.get_by_text("She or he had left this group before you noted it.").wait_for()
    keep_again(trainer)
    open_list(trainer)
    line.get_by_text("She or he had left this group before you noted it.").wait_for()
    line.get_by_role("button", name="I have read it").click()
    line.get_by_text("She or he had left").wait_for(state="detached")
    keep_again(trainer)
    open_list(trainer)

    assert line.count() == 0


def test_whoever_signs_in_next_sees_no_name_and_sends_no_mark(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    trainer.goto("about:blank")
    trainer.context.set_offline(False)
    trainer.goto("/en/demo/people/")
    for more in trainer.locator("details > summary").all():
        more.click()
    trainer.locator("li", has=trainer.get_by_text(OTHER, exact=True)).get_by_role("button").click()
    trainer.wait_for_load_state()
    calls = []
    trainer.context.on("request", lambda request: calls.append(request.url) if request.method == "POST" else None)

    trainer.context.set_offline(True)
    trainer.goto(LISTS.format("en"))
    trainer.locator("[data-part=unknown]").wait_for()
    assert name not in trainer.content()
    trainer.context.set_offline(False)
    trainer.goto(LISTS.format("en"))
    trainer.locator("[data-part=none]").wait_for()

    trainer.locator("[data-part=others]").wait_for()
    assert name not in trainer.content()
    assert [url for url in calls if "/api/attendance/" in url] == []


def test_a_session_that_is_over_hides_the_names_asks_her_to_sign_in_and_loses_nothing(trainer, freed):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    trainer.context.clear_cookies(name="sessionid")
    trainer.context.set_offline(False)

    trainer.get_by_role("link", name="Sign in to send them").wait_for()
    trainer.locator("[data-part=unknown]").wait_for()
    assert name not in trainer.content()
    assert trainer.evaluate(OWN_MARKS) == [None]
    for is_offline in (False, True):
        trainer.context.set_offline(is_offline)
        trainer.reload()
        trainer.locator("[data-part=unknown]").wait_for()
        assert name not in trainer.content()

    trainer.context.set_offline(False)
    trainer.goto("/en/demo/people/")
    for more in trainer.locator("details > summary").all():
        more.click()
    trainer.locator("li", has=trainer.get_by_text(TRAINER, exact=True)).get_by_role("button").click()
    trainer.wait_for_load_state()
    open_list(trainer)
    trainer.locator("li.mark", has_text=name).get_by_text("Saved on the server").wait_for()


@pytest.fixture
def taken_away(demo_served):
    """Take the group of the first trainer away from her; she has it back at the end."""
    yield lambda: with_the_group(demo_served[1], "cohort.trainers.clear()")
    with_the_group(demo_served[1], "cohort.trainers.set([trainer])")


def test_a_group_that_is_hers_no_more_takes_its_names_off_the_phone(trainer, taken_away, assert_accessible):
    keep_list(trainer)
    open_list(trainer)
    names = [
        one.split(" · ")[1] for one in trainer.locator("li.mark [data-part=there] [data-name]").all_text_contents()
    ]
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    number = line.get_attribute("id").removeprefix("m-")
    tick(line)
    taken_away()
    trainer.context.set_offline(False)

    trainer.locator("[data-part=withdrawn]").wait_for()
    told = trainer.locator("[data-part=refusals] li")
    told.wait_for()
    assert f"Number {number} · all of it" in told.inner_text()
    assert "group" in told.inner_text()
    assert not [name for name in names if name in trainer.content()]
    assert trainer.evaluate(LISTS_LEFT) == []
    assert_accessible(trainer)
    trainer.get_by_role("button", name="I have read it").click()
    trainer.locator("[data-part=gone]").wait_for(state="hidden")
    assert trainer.evaluate(LISTS_LEFT) == []


def test_a_group_that_was_taken_away_is_noticed_when_the_list_is_opened_or_fetched_anew(trainer, taken_away):
    keep_list(trainer)
    keeping = trainer.url
    open_list(trainer)
    trainer.goto(keeping)
    trainer.locator("[data-part=again]").wait_for()
    taken_away()
    trainer.locator("[data-part=again]").click()
    trainer.get_by_text("The server does not hand out this list to you any more.").wait_for()
    assert trainer.evaluate(LISTS_LEFT) == []


def test_a_list_of_a_group_taken_away_is_not_shown_once_there_is_a_network(trainer, taken_away):
    keep_list(trainer)
    taken_away()

    trainer.goto(LISTS.format("en"))

    trainer.locator("[data-part=withdrawn]").wait_for()
    trainer.locator("[data-part=none]").wait_for()
    assert trainer.evaluate(LISTS_LEFT) == []


def test_the_worker_of_keeping_switched_off_takes_names_and_leaves_marks_that_are_sent(trainer, freed):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    session = trainer.evaluate("new URLSearchParams(location.search).get('session')")
    trainer.goto("about:blank")
    trainer.context.set_offline(False)
    trainer.goto("/en/about/")
    trainer.evaluate("""() => navigator.serviceWorker.register("/static/training/sw-off.js")""")
    wait_until_empty(trainer, LISTS_LEFT)
    wait_until_empty(trainer, "caches.keys()")
    assert trainer.evaluate(OWN_MARKS_BY_NAME) == [None]

    trainer.goto("/en/groups/")
    wait_until_empty(trainer, OWN_MARKS_BY_NAME)
    trainer.goto(f"/en/groups/sessions/{session}/")
    assert name in trainer.locator(".present-list").inner_text()


def test_marks_leave_as_a_file_without_a_network_and_are_handed_in_elsewhere(trainer, sign_in_as, freed, tmp_path):
    page = trainer
    keep_list(page)
    page.context.set_offline(True)
    open_list(page)
    line = row_to_tick(page)
    number = line.get_attribute("id")
    assert page.locator("[data-part=by-file]").is_hidden()
    tick(line)

    page.locator("[data-part=by-file] > summary").click()
    with page.expect_download() as taken:
        page.locator("[data-part=file]").click()
    taken.value.save_as(tmp_path / "marks.json")
    other = sign_in_as(TRAINER, "/en/groups/", 1280)
    other.locator("tbody th a").first.click()
    other.get_by_role("link", name="Marks from a phone").click()
    other.locator("input[type=file]").set_input_files(tmp_path / "marks.json")
    other.get_by_role("button", name="Hand the marks in").click()
    other.get_by_text("1 of 1 mark is with the server.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Send now").click()

    page.locator(f"#{number}").get_by_text("Saved on the server").wait_for()
    assert page.evaluate(OWN_MARKS) == []
