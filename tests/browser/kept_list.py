"""A trainer's attendance list on her phone, for the tests of what she does with it: kept, opened, ticked, its store read."""

import pytest

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
REFUSED_LEFT = STORE.replace("#", "refused").replace("@", "(row) => row.reason")
SAID_LEFT = STORE.replace("#", "refused").replace("@", "(row) => row.said || null")
LEFT = "() => indexedDB.databases().then((found) => found.map((one) => one.name).sort())"
GROUP = f"""
from django.utils import timezone
from accounts.models import User
from training import actions
from training.models import Cohort
cohort = Cohort.objects.get(country="TN", name__startswith="Court clerks")
trainer = User.objects.get(email="{TRAINER}")
"""
DAY = 86_400_000
CLOCK = """(() => {
  const Real = Date;
  const off = () => Number(sessionStorage.getItem("off") || 0);
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + off()); }
    static now() { return Real.now() + off(); }
  };
})()"""


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


def set_clock(page, days):
    """Set the clock of a phone so many days before or behind the right one."""
    page.evaluate("(off) => sessionStorage.setItem('off', off)", days * DAY)


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


@pytest.fixture
def with_the_group(hand):
    """Do something with the trainer's group in the database of the demo: with_the_group("cohort.trainers.clear()")."""

    return lambda words: hand(GROUP + words)


@pytest.fixture
def freed(with_the_group):
    """Take back at the end whatever was ticked of those whom the demo left open: other tests tick them too."""
    yield
    with_the_group(
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


@pytest.fixture
def taken_away(with_the_group):
    """Take the group of the first trainer away from her; she has it back at the end."""
    yield lambda: with_the_group("cohort.trainers.clear()")
    with_the_group("cohort.trainers.set([trainer])")


@pytest.fixture
def clash(trainer, with_the_group, freed):
    """Keep a list and tick somebody of whom another one noted 30 minutes meanwhile; return her number and the names there."""
    keep_list(trainer)
    open_list(trainer)
    trainer.add_init_script(CLOCK)
    trainer.reload()
    trainer.locator("li.mark").first.wait_for()
    names = [
        one.split(" · ")[1] for one in trainer.locator("li.mark [data-part=there] [data-name]").all_text_contents()
    ]
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    number = line.get_attribute("id").removeprefix("m-")
    tick(line)
    with_the_group(
        f"""
session = cohort.sessions.order_by("starts_at").first()
there = cohort.members.filter(number={number})
actions.mark_attendance(session=session, members=list(there), how="paper", by=trainer, at=timezone.now(), minutes=30)
""",
    )
    trainer.context.set_offline(False)
    line.get_by_text("Somebody noted something else meanwhile").wait_for()
    return number, names
