"""A trainer's attendance list on her phone: kept, ticked without a network, reloaded, sent; what another one noted, what is refused."""

import pytest

from tests.browser.kept_list import (
    MARKS,
    OWN_MARKS,
    TRAINER,
    freed,
    keep_again,
    keep_list,
    open_list,
    page_of_the_session,
    row,
    row_to_tick,
    tick,
    trainer,
    with_the_group,
)

__all__ = ["freed", "trainer", "with_the_group"]
pytestmark = pytest.mark.browser


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
    line.locator("input[type=checkbox]").click()  # with a network it waits for a moment only
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

    line.get_by_text("She or he has left this group.").wait_for()
    keep_again(trainer)
    open_list(trainer)
    line.get_by_text("She or he has left this group.").wait_for()
    line.get_by_role("button", name="I have read it").click()
    line.get_by_text("She or he has left this group.").wait_for(state="detached")
    keep_again(trainer)
    open_list(trainer)

    assert line.count() == 0


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

    page.locator(f"#{number}").get_by_text("Saved on the server").wait_for()
    assert page.evaluate(OWN_MARKS) == []


def test_a_list_kept_in_another_language_keeps_the_order_of_its_words(trainer):
    keep_list(trainer)

    open_list(trainer, "ar")

    pieces = trainer.locator("[data-part=where] > bdi").all_inner_texts()
    option = trainer.locator("[data-part=session] option").first
    assert " · ".join(pieces) == trainer.locator("[data-part=where]").inner_text()
    assert len(pieces) == 3
    assert option.get_attribute("dir") == "auto"
    assert pieces[0] in trainer.locator("[data-part=session] option").all_inner_texts()
